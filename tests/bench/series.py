"""Row about series: made-up histories of many people, in a database with replies.

Called as ``python -m tests.bench.series POSTINGS FILE`` it makes the database and prints
how many series went in, how many came out, and how long that took.
"""

from __future__ import annotations

import json
import sys
import time
from itertools import islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.analyze.series.histories import PEOPLE, Made, Plan, expand
from tests.bench.measure import run
from tests.bench.table import Row, Table

POSTINGS = 40_000
GOAL_S = 10.0
_SAID = ("Applied, thanks!\n", "I'll drop it.\n", "Looks good to me.\n", "Why is that merged?\n")


def grouping(table: Table, rounds: int, postings: int = POSTINGS) -> None:
    """Time grouping; every made-up series has to come out."""
    runs = []
    for _ in range(rounds):
        with TemporaryDirectory() as folder:
            path = Path(folder, "series.db")
            runs.append(run([sys.executable, "-m", __spec__.name, str(postings), str(path)]))
    facts = min((json.loads(one.output) for one in runs), key=lambda one: one["seconds"])
    if facts["found"] != facts["made"]:
        raise AssertionError(f"{facts['found']} series of {facts['made']}")
    note = f"{facts['made']:,} series, as many replies"
    table.add(Row("patches to series", postings, facts["seconds"], "s", GOAL_S, least=False,
                  note=note, of="postings"))  # fmt: skip


def histories(postings: int) -> list[Made]:
    """Make series of one to ten patches in one to five revisions."""
    random = Random(7)
    made: list[Made] = []
    number = 0
    while len(made) < postings:
        size = random.randrange(1, 11)
        plan = Plan(
            person=random.randrange(len(PEOPLE)),
            sizes=(size,) * random.randrange(1, 6),
            shape=random.choice(("cover", "chain", "loose")),
            tie=random.choice(("change-id", "link", "reply", "titles")),
            days=number // 20,
        )
        made += expand(plan, number)
        number += 1
    return made


def fill(path: Path, made: list[Made]) -> int:
    """Write postings with a reply to each into a new database; return how many series."""
    from threadkit.store.connection import open_write

    db = open_write(path)
    rows = {one.posting.message_id: n for n, one in enumerate(made, 1)}
    people = [
        (n, who, f"{who.split()[0].lower()}@example.org", n) for n, who in enumerate(PEOPLE, 1)
    ]
    with db.conn as conn:
        conn.executemany("INSERT INTO person VALUES (?, ?, ?)", (one[:3] for one in people))
        conn.executemany(
            "INSERT INTO address (id, name, email, person) VALUES (?, ?, ?, ?)", people
        )
        for one, row in zip(made, range(1, len(made) + 1), strict=True):
            _insert(conn, one, row, rows, len(made))
    db.close()
    return len({one.series for one in made})


def _insert(conn, one: Made, row: int, rows: dict[str, int], count: int) -> None:
    from threadkit.mail.subject import parse_subject

    posting, reply = one.posting, row + count
    parts = parse_subject(posting.subject)
    mail = (
        "INSERT INTO message (id, message_id, subject, is_reply, from_address, date_utc, parent, root)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
    )
    root, parent = rows[posting.root], rows.get(posting.parent)
    who = int(posting.person)
    conn.execute(
        mail, (row, posting.message_id, posting.subject, 0, who, posting.utc, parent, root)
    )
    text = f"Re: {posting.subject}"
    conn.execute(mail, (reply, f"r{row}@example.org", text, 1, 2, posting.utc, row, root))
    cited = "".join(
        f"v{c.revision}: https://lore.kernel.org/r/{c.message_id}\n" for c in posting.cites
    )
    said = _SAID[row % len(_SAID)]
    conn.execute(
        "INSERT INTO body VALUES (?, ?), (?, ?)", (row, cited + "Why.\n" * 40, reply, said)
    )
    conn.execute("INSERT INTO block VALUES (?, 0, 'reply', 0, 0, ?, 1)", (reply, len(said)))
    conn.execute(
        "INSERT INTO patch VALUES (?, ?, ?, ?, ?, NULL, ?, NULL, 1, 1)",
        (row, " ".join(parts.prefixes), parts.revision, parts.counter, parts.expected,
         posting.change_id or None),
    )  # fmt: skip
    conn.executemany(
        "INSERT INTO patch_file VALUES (?, ?, ?, 1, 1)",
        [(row, place, path) for place, path in enumerate(sorted(posting.files))],
    )
    at = cited.find("https")
    conn.executemany(
        "INSERT INTO citation VALUES (?, ?, 'message', ?, '', ?, ?)",
        [(row, place, c.message_id, at, len(cited) - 1) for place, c in enumerate(posting.cites)],
    )


def main(postings: int, path: Path) -> None:
    """Do the work once, and print the facts."""
    from threadkit.pipeline.analysis import analyze
    from threadkit.store.connection import open_read
    from threadkit.store.series import list_series

    made = fill(path, list(islice(histories(postings), postings)))
    started = time.perf_counter()
    analyze(path, only=("series",))
    seconds = time.perf_counter() - started
    conn = open_read(path)
    found = len(list_series(conn))
    conn.close()
    sys.stdout.write(json.dumps({"made": made, "found": found, "seconds": seconds}) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
