"""Made-up mails for the detectors of regression tracking."""

from __future__ import annotations

from pathlib import Path

from threadkit.analyze.mailtext import MailText
from threadkit.analyze.regressions.values import Signal
from threadkit.fetch.compressed import ByteStream
from threadkit.fetch.limits import Limits
from threadkit.fetch.mbox import MboxSource
from threadkit.mail.body import blocks
from threadkit.mail.citations import citations
from threadkit.mail.message import parse
from threadkit.mail.patch import parse_patch
from threadkit.mail.subject import parse_subject
from threadkit.mail.trailers import trailers

ANN = ("Ann", "ann@example.org")
SYZBOT = ("syzbot", "syzbot+0123456789abcdef0123@syzkaller.appspotmail.com")
SHA = "a1b2c3d4e5f60718293a4b5c6d7e8f9012345678"
OTHER = "0f1e2d3c4b5a69788796a5b4c3d2e1f001234567"


def mail(
    body: str,
    subject: str = "it broke",
    *,
    author: tuple[str, str] = ANN,
    message_id: str = "this@example.org",
    parent: str | None = None,
    root: str | None = None,
    is_patch: bool = False,
) -> MailText:
    cut = blocks(body)
    return MailText(
        message_id, subject, *author, None, parent is not None, is_patch, parent,
        root or parent or message_id, body, cut, trailers(body, cut), citations(body, cut),
    )  # fmt: skip


def brief(signals: list[Signal]) -> list[tuple[str, str, str]]:
    return [(signal.kind, signal.value, signal.detail) for signal in signals]


def corpus(path: Path) -> list[MailText]:
    """The mails of a mailbox of the corpora, each Message-ID once."""
    found: dict[str, MailText] = {}
    with path.open("rb") as file:
        for raw in MboxSource(str(path), ByteStream(file, Limits()), None, Limits()):
            one = parse(raw.data)
            cut = blocks(one.body)
            parents = [*one.in_reply_to[:1], *reversed(one.references)]
            sender = one.from_[0] if one.from_ else None
            subject = parse_subject(one.subject)
            patch = parse_patch(one.body, cut)
            found.setdefault(one.message_id, MailText(
                one.message_id, one.subject, sender.name if sender else "",
                sender.email if sender else "", one.date_utc, bool(parents),
                patch is not None and subject.is_patch and not subject.is_reply,
                parents[0] if parents else None, (*one.references, one.message_id)[0],
                one.body, cut, trailers(one.body, cut), citations(one.body, cut),
            ))  # fmt: skip
    return list(found.values())
