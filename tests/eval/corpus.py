"""The mails that labels are of, read as threadkit reads them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from threadkit.fetch.files import open_sources
from threadkit.mail.message import Message, parse

CORPORA = Path(__file__).resolve().parents[3] / "shared" / "corpora"


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


def mails(root: Path = CORPORA) -> dict[str, Found]:
    """Read them all, by Message-ID, in the order of the mailboxes."""
    found: dict[str, Found] = {}
    for box in mailboxes(root):
        folder = "related" if box.stem == "related" else box.parent.name
        for source in open_sources([str(box)]):
            for raw in source:
                mail = parse(raw.data)
                found.setdefault(mail.message_id, Found(mail, folder, box.stem))
    return found
