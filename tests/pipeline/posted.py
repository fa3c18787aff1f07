"""A repository and the mails that its commits were made from, generated together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from tests.pipeline.mails import mbox
from tests.servers.repository import Stream, git
from tests.servers.repository import _import as import_stream

ANN = ("Ann Li", "ann@example.org")
JOSE = ("José Lí", "jose@example.org")
BEN = ("Ben Xu", "ben@example.org")
GREG = ("Greg Stable", "greg@example.org")
DAY_S = 86400
START_S = 1_598_961_600  # 2020-09-01T12:00:00Z
LINES = [f"line {number}" for number in range(60)]


@dataclass
class World:
    """A bare repository, an mbox, and the hashes of commits by a short word."""

    path: Path
    mbox: Path
    commits: dict[str, str]


class Maker:
    """Makes commits, and mails with or without their diffs."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.stream = Stream()
        self.mails: list[bytes] = []
        self._text: dict[str, list[str]] = {"master": list(LINES)}

    def commit(
        self, word: str, message: str, *, day: float, line: int, by: tuple[str, str] = ANN,
        branch: str = "master", start: str = "", authored: float | None = None, new: str = "",
    ) -> None:  # fmt: skip
        """Change one line of the file; times are days since the start."""
        base = ["changed for base", *LINES[1:]]
        text = self._text.setdefault(branch, base)
        text[line] = new or f"changed for {word}"
        written_s = int(START_S + (day - 1 if authored is None else authored) * DAY_S)
        self.stream.commit(
            word, message, branch=branch, start=start,
            files={"mm/a.c": ("\n".join(text) + "\n").encode()},
            author=f"{by[0]} <{by[1]}> {written_s} +0200",
            committer=f"Mia Merge <mia@example.org> {int(START_S + day * DAY_S)} -0700",
        )  # fmt: skip

    def diff(self, line: int, new: str) -> str:
        """Return the diff that changes one line of the first version of the file."""
        low, high = max(0, line - 3), line + 4
        old = [f" {one}" for one in LINES[low:line]] + [f"-{LINES[line]}", f"+{new}"]
        old += [f" {one}" for one in LINES[line + 1 : high]]
        size = high - low
        return (
            "---\n mm/a.c | 2 +-\n 1 file changed, 1 insertion(+), 1 deletion(-)\n\n"
            "diff --git a/mm/a.c b/mm/a.c\n--- a/mm/a.c\n+++ b/mm/a.c\n"
            f"@@ -{low + 1},{size} +{low + 1},{size} @@\n" + "\n".join(old) + "\n-- \n2.39.5\n"
        )

    def mail(
        self, name: str, subject: str, body: str, *, day: float, by: tuple[str, str] = ANN,
        to: str = "",
    ) -> None:  # fmt: skip
        """Post a mail with Message-ID ``name@example.org``."""
        when = format_datetime(datetime.fromtimestamp(START_S + day * DAY_S, UTC))
        reply = f"In-Reply-To: <{to}@example.org>\nReferences: <{to}@example.org>\n" if to else ""
        self.mails.append(
            f"From: {by[0]} <{by[1]}>\nTo: talk@example.org\nSubject: {subject}\nDate: {when}\n"
            f"Message-ID: <{name}@example.org>\n{reply}"
            f"Content-Type: text/plain; charset=utf-8\n\n{body}".encode()
        )


def build(folder: Path) -> World:
    """Make a history in which every way from mail to commit occurs once."""
    maker = Maker(folder / "r.git")
    git(maker.path, "init", "--quiet", "--bare", "--initial-branch=master", str(maker.path))
    signed = "\n\nSigned-off-by: Ann Li <ann@example.org>\n"
    maker.commit("base", "mm: base" + signed, day=0, line=0)
    # Posted as a series with a cover letter; the title was changed, a Link names the mail.
    maker.mail("cover", "[PATCH 0/2] mm: leaks", "Two leaks.\n", day=1)
    maker.mail("one", "[PATCH 1/2] mm: leak of pages", "Why.\n" + maker.diff(5, "a"), day=1,
               to="cover")  # fmt: skip
    maker.commit("linked", "mm: plug the leak of pages\n\nWhy.\n\n"
                 "Link: https://lore.kernel.org/r/one@example.org\n"
                 "Closes: https://lore.kernel.org/r/report@example.org" + signed,
                 day=3, line=5, new="a")  # fmt: skip
    maker.mail("report", "pages leak", "It leaks since last week.\n", day=0.5, by=BEN)
    # The same diff under another title; nothing else tells.
    maker.mail("two", "[PATCH 2/2] mm: second leak", "Why.\n" + maker.diff(15, "b"), day=1,
               to="cover")  # fmt: skip
    maker.commit("retitled", "mm: plug the second one" + signed, day=3, line=15, new="b",
                 authored=0.5)  # fmt: skip
    # Three revisions; what was applied differs from all of them.
    for revision in (1, 2, 3):
        prefix = f"[PATCH v{revision}]" if revision > 1 else "[PATCH]"
        body = "From: José Lí <jose@example.org>\n\nWhy.\n" + maker.diff(25, f"v{revision}")
        maker.mail(f"v{revision}", f"{prefix} mm: don't count  twice", body, day=revision, by=BEN)
    maker.commit("changed", "mm: don't count twice" + signed, day=6, line=25, by=JOSE, new="v9")
    maker.mail("late", "[PATCH v4] mm: don't count twice", "Why.\n" + maker.diff(25, "v4"),
               day=9, by=JOSE)  # fmt: skip
    maker.commit("revert", 'Revert "mm: don\'t count twice"\n\nThis reverts it.' + signed,
                 day=7, line=25)  # fmt: skip
    # The title of somebody else's patch.
    maker.mail("same", "[PATCH] mm: typo", "Why.\n" + maker.diff(35, "ben"), day=2, by=BEN)
    maker.commit("namesake", "mm: typo" + signed, day=8, line=35, new="ann")
    # A backport: the stable mail became it, the original mails are its discussion.
    upstream = "0" * 40
    maker.commit("unrelated", "mm: nothing to do with mail" + signed, day=9, line=40)
    ids = import_stream(maker.path, maker.stream)
    upstream = ids["changed"]
    maker.mail(
        "stable", "[PATCH 5.9 07/44] mm: dont count twice",
        f"From: José Lí <jose@example.org>\n\ncommit {upstream} upstream.\n\nWhy.\n"
        + maker.diff(25, "v8"), day=10, by=GREG,
    )  # fmt: skip
    maker.stream.parts.clear()
    maker.commit("backport", f"mm: dont count twice\n\ncommit {upstream} upstream.\n\nWhy." + signed,
                 day=12, line=25, by=JOSE, new="v8", branch="linux-5.9.y", start=ids["base"])  # fmt: skip
    ids = import_stream(maker.path, maker.stream)
    box = folder / "mails.mbox"
    box.write_bytes(mbox(maker.mails))
    return World(maker.path, box, ids)
