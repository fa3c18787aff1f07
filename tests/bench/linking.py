"""Row about linking: mails are matched with the commits of a long generated log.

A fifth of the mails each became a commit that links to it, that has its diff under another
title, that has its title and author only, and two fifths became nothing. The log is written
while it is read, in the form in which git writes it, so that it may be of any length.

Called as ``python -m tests.bench.linking MAILS COMMITS`` it does the work once.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator, Sequence
from random import Random
from typing import cast

from tests.bench.measure import run
from tests.bench.table import Row, Table

MAILS = 10_000
COMMITS = 1_000_000
LOG_TIMES = 20
"""So many times the commits of the clone that commits are resolved in: a million."""

A_MAIL = 100
"""Commits for each mail."""

GOAL_S = 60.0
_PEOPLE = 2000
_START_S = 1_300_000_000
_SPAN_S = 15 * 365 * 86400
_WHY = b"The page is mapped twice, and the second fault reuses what the first one still reads.\n"
_DIFF = (
    "diff --git a/mm/f{0}.c b/mm/f{0}.c\n--- a/mm/f{0}.c\n+++ b/mm/f{0}.c\n"
    "@@ -{0},3 +{0},3 @@ static int f{0}(void)\n a\n-old {0}\n+new {0}\n b\n"
)


def linking(table: Table, rounds: int, mails: int = MAILS, commits: int = COMMITS) -> None:
    """Time matching, and compare the memory for logs of two lengths.

    Every mail that became a commit has to be found; the work is done in a process of its own.
    """
    short, long = commits // 10, commits
    runs = {
        count: [run([sys.executable, "-m", __spec__.name, str(mails), str(count)])
                for _ in range(rounds)]
        for count in (short, long)
    }  # fmt: skip
    best = min(runs[long], key=lambda one: one.wall_s)
    facts = json.loads(best.output)
    if facts["found"] != facts["wanted"]:
        raise AssertionError(f"{facts['found']} of {facts['wanted']} mails were linked")
    small = min(one.anon_bytes for one in runs[short]) / 1e6
    large = min(one.anon_bytes for one in runs[long]) / 1e6
    note = f"of {mails:,} mails; {small:.0f} MB with {short:,}, {large:.0f} MB with {long:,}"
    table.add(Row("link mails to commits", commits, best.wall_s, "s", GOAL_S, least=False, note=note,
                  of="commits"))  # fmt: skip


class GeneratedLog(io.RawIOBase):
    """Commits as ``git log`` writes them, made as they are read."""

    def __init__(self, mails: int, commits: int) -> None:
        self._pieces = _records(mails, commits)
        self._rest = b""

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: object) -> int:
        """Fill a buffer."""
        view = memoryview(cast("bytearray", buffer))
        while len(self._rest) < len(view) and (piece := next(self._pieces, b"")):
            self._rest += piece
        given = self._rest[: len(view)]
        self._rest = self._rest[len(given) :]
        view[: len(given)] = given
        return len(given)


class Diffs:
    """What a clone would show of the commits that have but the diff of a mail."""

    def __init__(self, mails: int, commits: int) -> None:
        step = commits // mails
        self._of = {
            _sha(at * step): number for number, at in enumerate(range(mails)) if number % 5 == 1
        }

    def diffs(self, shas: Sequence[str]) -> Iterator[bytes | None]:
        """Yield a diff for each commit."""
        for sha in shas:
            yield _DIFF.format(self._of.get(sha, "x1")).encode()


def _sha(number: int) -> str:
    return f"{number * 2654435761 % 2**32:08x}{number:032x}"


def _person(number: int) -> tuple[str, str]:
    letters = "".join(chr(97 + int(digit)) for digit in str(number))
    return f"Ann Dev{letters}", f"ann{number}@example.org"


def _records(mails: int, commits: int) -> Iterator[bytes]:
    """Make commits; every so many of them one has to do with a mail."""
    random = Random(5)
    step = max(commits // mails, 1)
    some = []
    for number in range(commits):
        mail, is_mails = divmod(number, step)
        kind = mail % 5 if not is_mails and mail < mails else 4
        who = mail if kind < 3 else random.randrange(_PEOPLE)
        name, email = _person(who % _PEOPLE)
        made_s = _START_S + _SPAN_S * number // commits
        title = f"mm: change {number}: {'reuse' if number % 3 else 'copy'} pages of f{number % 97}"
        if kind in (0, 2):
            title = f"mm: patch {mail}"
        link = f"Link: https://lore.kernel.org/r/{mail if kind == 0 else -number}@x.example.org\n"
        body = (
            _WHY * (1 + number % 5)
            + b'\nFixes: %012x ("mm: change")\n' % number
            + (link.encode() if kind == 0 or number % 2 else b"")
            + b"Signed-off-by: %b <%b>\n" % (name.encode(), email.encode())
        )
        some.append(
            b"%b\0%040x\0%b\0%b\0%d\0%d\0%b\0%b\0"
            % (_sha(number).encode(), number, name.encode(), email.encode(), made_s,
               made_s + 86400, title.encode(), body)
        )  # fmt: skip
        if len(some) == 500:
            yield b"".join(some)
            some = []
    yield b"".join(some)


def _main(mails: int, commits: int) -> None:
    from threadkit.analyze.linking import MailIndex
    from threadkit.analyze.posted import posted_mail
    from threadkit.commits.objects import as_utc
    from threadkit.fetch.clone.log import read_log
    from threadkit.pipeline.stages.links import matching
    from threadkit.store.commit_facts import diff_facts

    step = max(commits // mails, 1)
    posted = []
    for mail in range(mails):
        name, email = _person(mail % _PEOPLE)
        posted.append(
            posted_mail(
                f"{mail}@x.example.org", f"[PATCH v2 1/3] mm: patch {mail}", name, email,
                as_utc(_START_S + _SPAN_S * (mail * step) // commits), _WHY.decode() * 3,
                patch_id=diff_facts(_DIFF.format(mail).encode()).patch_id,
            )
        )  # fmt: skip
    index = MailIndex(posted, (f"{one.message_id}-reply" for one in posted))
    log = io.BufferedReader(GeneratedLog(mails, commits), 1 << 20)
    found = sum(1 for _ in matching(index, read_log(log), Diffs(mails, commits)))
    wanted = sum(mail % 5 < 3 for mail in range(mails))
    sys.stdout.write(json.dumps({"found": found, "wanted": wanted}) + "\n")


if __name__ == "__main__":
    _main(int(sys.argv[1]), int(sys.argv[2]))
