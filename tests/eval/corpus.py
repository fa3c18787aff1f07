"""The mails that labels are of, read as threadkit reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from threadkit.fetch.files import open_sources
from threadkit.mail.message import Message, parse

CORPORA = Path(__file__).resolve().parents[3] / "shared" / "corpora"
ELSEWHERE = (
    "notmuch/lkml", "notmuch/default", "jailhouse/dev-2019-11_12.mbox", "oddities/eml",
    "public-inbox-git/ksummit-discuss.bundle",
)  # fmt: skip
"""Mail that no rule was made for."""


@dataclass(frozen=True, slots=True)
class Found:
    """A mail and where it is: ``folder`` is its stratum, ``thread`` its mailbox."""

    mail: Message
    folder: str
    thread: str


def mailboxes(root: Path = CORPORA) -> list[Path]:
    """List the mailboxes that labels are taken from, in a fixed order."""
    seed = root / "cow-thread"
    boxes = [*sorted(root.glob("kernel-threads/*/*.mbox"))]
    return [*boxes, seed / "cow-thread.mbox", seed / "related.mbox"]


def elsewhere(root: Path = CORPORA) -> list[Path]:
    """List the mailboxes that rules were not made for, in a fixed order."""
    return [root / name for name in ELSEWHERE]


def mails(root: Path = CORPORA, boxes: Sequence[Path] = ()) -> dict[str, Found]:
    """Read them all, by Message-ID, in the order of the mailboxes; or those of some mailboxes."""
    found: dict[str, Found] = {}
    for box in boxes or mailboxes(root):
        folder = "related" if box.stem == "related" else box.parent.name
        for source in open_sources([str(box)]):
            for raw in source:
                mail = parse(raw.data)
                found.setdefault(mail.message_id, Found(mail, folder, box.stem))
    return found
