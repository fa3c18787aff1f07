"""Rows about importing: against peers, again, and more mails into what is there."""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from tests.bench.boxes import MORE, Box
from tests.bench.measure import Failed, Run, interleave, middle, ratio, run
from tests.bench.peers import PEERS, Peer
from tests.bench.table import Row, Table

LARGE = 100_000
SMALLEST_JUDGED = 10_000
"""Below this, starting a process is most of the work, and ratios say little."""
_MB = 1_000_000


def threadkit(box: Path, database: Path) -> Run:
    """Import a mailbox into a database with the command line."""
    command = [sys.executable, "-m", "threadkit", "import", "--quiet", "--json"]
    return run([*command, "--db", database, box])


def first(table: Table, box: Box, rounds: int, peers: bool) -> list[Run]:
    """Import into nothing, in turns with every peer that is here."""

    def own() -> Run:
        remove(box.database)
        return threadkit(box.mbox, box.database)

    here = [peer for peer in PEERS if peers and peer.installed()]
    works = {"threadkit": own}
    maildir = box.mbox.with_suffix(".maildir")
    if here:
        box.maildir(maildir)
        works |= {peer.name: partial(_in_new_folder, peer, box.mbox, maildir) for peer in here}
    runs = interleave(works, rounds)
    shutil.rmtree(maildir, ignore_errors=True)
    mine = runs.pop("threadkit")
    cpu_ms = middle(mine, "cpu_s") / box.mails * 1000
    note = f"cpu {cpu_ms:.2f} ms a mail"
    table.add(
        Row("import, whole process", box.mails, box.mails / middle(mine), "mails/s", note=note)
    )
    for name, theirs in runs.items():
        goal = 10.0 if name == "notmuch new" and box.mails >= LARGE else None
        note = (
            f"{name} {box.mails / middle(theirs):,.0f} mails/s, {middle(theirs):.1f} s;"
            f" by cpu {ratio(theirs, mine, 'cpu_s'):.1f}; {middle(theirs, 'anon_bytes') / _MB:.0f} MB"
        )
        table.add(
            Row(f"  times as fast as {name}", box.mails, ratio(theirs, mine), "x", goal, note=note)
        )
    for peer in PEERS:
        if peer not in here:
            why = f"{peer.program} is not installed" if peers else "asked to leave peers out"
            table.skip(f"  times as fast as {peer.name}", why)
    limit = 300.0 if box.mails <= LARGE else 900.0
    peak = max(one.anon_bytes for one in mine) / _MB
    table.add(Row("  anonymous memory, all processes", box.mails, peak, "MB", limit, False))
    return mine


def _in_new_folder(peer: Peer, mbox: Path, maildir: Path) -> Run:
    folder = mbox.with_name("peer")
    folder.mkdir()
    try:
        return peer.work(mbox, maildir, folder)
    finally:
        shutil.rmtree(folder)


def remove(database: Path) -> None:
    """Remove a database and what SQLite puts beside it."""
    for end in ("", "-wal", "-shm"):
        database.with_name(database.name + end).unlink(missing_ok=True)


def again(table: Table, box: Box, before: Sequence[Run], rounds: int) -> None:
    """Import the same mailbox again; nothing may be written."""
    conn = sqlite3.connect(box.database)  # while it is open, nobody removes the log
    conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    (version,) = conn.execute("PRAGMA data_version").fetchone()
    runs = [threadkit(box.mbox, box.database) for _ in range(rounds)]
    for one in runs:
        if json.loads(one.output)["added"]:
            raise Failed("importing again added mails")
    log = box.database.with_name(box.database.name + "-wal")
    logged = log.stat().st_size if log.exists() else 0
    (after,) = conn.execute("PRAGMA data_version").fetchone()
    conn.close()
    goal = 3.5 if box.mails >= SMALLEST_JUDGED else None
    faster = middle(before) / middle(runs)
    note = f"{box.mails / middle(runs):,.0f} mails/s; by cpu {middle(before, 'cpu_s') / middle(runs, 'cpu_s'):.1f}"
    table.add(Row("import again, times as fast", box.mails, faster, "x", goal, note=note))
    table.add(Row("  bytes written to the log", box.mails, logged, "bytes", 0, False))
    table.add(Row("  changes of the database", box.mails, after - version, "", 0, False))


def size(table: Table, box: Box) -> None:
    """Compare the bytes of the database with those of the mailbox."""
    conn = sqlite3.connect(box.database)
    conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    (bodies,) = conn.execute("SELECT sum(length(CAST(text AS BLOB))) FROM body").fetchone()
    by_table = _bytes_by_table(conn)
    conn.close()
    share = box.database.stat().st_size / box.mbox.stat().st_size
    largest = sorted(by_table, key=lambda name: -by_table[name])[:4]
    note = ", ".join(f"{name} {by_table[name] / box.mbox.stat().st_size:.2f}" for name in largest)
    judged = box.mails >= SMALLEST_JUDGED
    goal = 1.6 if judged else None
    table.add(Row("database / mailbox, bytes", box.mails, share, "x", goal, False, note))
    index = sum(n for name, n in by_table.items() if name.startswith("search_"))
    goal = 0.6 if judged else None
    table.add(Row("  full-text index / bodies", box.mails, index / bodies, "x", goal, False))


def _bytes_by_table(conn: sqlite3.Connection) -> dict[str, int]:
    """Return the bytes of tables and indexes, or the data of the index alone."""
    try:
        return dict(conn.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name"))
    except sqlite3.OperationalError:  # SQLite was built without it
        (index,) = conn.execute("SELECT sum(length(block)) FROM search_data").fetchone()
        return {"search_data": index}


def more(table: Table, small: Box, large: Box) -> None:
    """Add the next mails to a small and to a large database in turns."""
    spent: dict[int, list[Run]] = {small.mails: [], large.mails: []}
    for parts in zip(small.more, large.more, strict=True):
        for box, part in zip((small, large), parts, strict=True):
            spent[box.mails].append(threadkit(part, box.database))
    for mails, runs in spent.items():
        table.add(Row(f"{MORE:,} mails more", mails, middle(runs), "s"))
    slower = ratio(spent[large.mails], spent[small.mails])
    note = f"by cpu {ratio(spent[large.mails], spent[small.mails], 'cpu_s'):.2f}"
    what = f"  times as long as into {small.mails:,}"
    table.add(Row(what, large.mails, slower, "x", 1.5, False, note))
