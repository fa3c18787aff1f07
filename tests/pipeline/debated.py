"""A generated conversation whose units are given, so that no test depends on the model."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from tests.pipeline.mails import mail, mbox
from threadkit.pipeline.importing import import_mail
from threadkit.pipeline.stages import arguments
from threadkit.store.arguments import ArgumentsRow, PassageRow, UnitRelationRow, UnitRow
from threadkit.store.mailtexts import StoredText

DIFF = (
    "---\n a.c | 2 +-\n 1 file changed, 1 insertion(+), 1 deletion(-)\n\n"
    "diff --git a/a.c b/a.c\n--- a/a.c\n+++ b/a.c\n@@ -1 +1 @@\n-old\n+new\n"
)


class Said(NamedTuple):
    """A sentence of a body, and what it is; ``bears`` are kinds with where to."""

    text: str
    label: str
    kind: str = ""
    score: float = 0.9
    bears: tuple[tuple[str, str], ...] = ()


SAID = (
    Said("The second lock of the cache is useless.", "claim", "mechanism"),
    Said("It takes 3% of the time in my runs of the mixer.", "evidence", bears=(("support", "up"),)),
    Said("That is wrong, the writer of the index needs it.", "claim", "mechanism", 0.8,
         (("attack", "quote"),)),
    Said("How do you keep readers out of the index?", "question", bears=(("ask", "quote"),)),
    Said("The first lock keeps them out.", "claim", "guarantee", bears=(("answer", "quote"),)),
    Said("Maybe somebody still sleeps under it.", "claim", "opinion", 0.05),
    Said("What happens on a machine with one core?", "question"),
    Said("Applied, thanks.", "decision"),
)  # fmt: skip
"""Every sentence stands in one mail alone."""

MAILS = (
    mail("r", subject="[PATCH] cache: drop the second lock",
         body=f"The second lock of the cache is useless.\n"
         f"It takes 3% of the time in my runs of the mixer.\n\n{DIFF}"),
    mail("a", to="r", person=1, minute=60, subject="Re: [PATCH] cache: drop the second lock",
         body="On Friday, Ada Example wrote:\n> The second lock of the cache is useless.\n\n"
         "That is wrong, the writer of the index needs it.\n"
         "How do you keep readers out of the index?\n"),
    mail("b", to="a", minute=120, subject="Re: [PATCH] cache: drop the second lock",
         body="On Friday, Bo Sample wrote:\n> How do you keep readers out of the index?\n\n"
         "The first lock keeps them out.\n"),
    mail("c", to="r", person=2, minute=180, subject="Re: [PATCH] cache: drop the second lock",
         body="Maybe somebody still sleeps under it.\n\nWhat happens on a machine with one core?\n"),
    mail("d", to="r", person=3, minute=240, subject="Re: [PATCH] cache: drop the second lock",
         body="Applied, thanks.\n"),
    mail("else", subject="Other talk", minute=9000, body="Nothing to see here.\n"),
)  # fmt: skip


def findings_of(stored: StoredText) -> ArgumentsRow:
    """Read a mail as :data:`SAID` says."""
    quotes = [block for block in stored.blocks if block.kind == "quote"]
    units, relations = [], []
    own = [one for one in SAID if one.text in _own(stored)]
    for number, one in enumerate(sorted(own, key=lambda one: stored.body.index(one.text))):
        start = stored.body.rindex(one.text)
        units.append(
            UnitRow(start, start + len(one.text), one.label, "", one.kind, one.score, "given",
                    "", "", 0 if quotes else -1)
        )  # fmt: skip
        for kind, towards in one.bears:
            target = ("quote", quotes[0].start, quotes[0].stop) if towards == "quote" else (
                "unit", number - 1, 0
            )  # fmt: skip
            relations.append(UnitRelationRow(number, kind, *target, 0.9, "given"))
    passages = [
        PassageRow(block.start, block.stop, 1, "disagree", 0.9, "given") for block in quotes[:1]
    ]
    return ArgumentsRow(stored.id, "en", "", units, passages, relations)


def _own(stored: StoredText) -> str:
    return "".join(
        stored.body[block.start : block.stop] for block in stored.blocks if block.kind != "quote"
    )


def given_units(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the analyzer of arguments find what :data:`SAID` says."""
    monkeypatch.setattr(arguments, "findings_of", findings_of)
    monkeypatch.setattr(arguments, "version", lambda: "given")


def archive_at(folder: Path) -> Path:
    """Import the conversation; it is not analyzed yet."""
    box = folder / "in.mbox"
    box.write_bytes(mbox(MAILS))
    path = folder / "t.db"
    import_mail(path, [str(box)], workers=0)
    return path
