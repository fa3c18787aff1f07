"""Mails made for tests, as analyzers read them."""

from __future__ import annotations

from threadkit.analyze.arguments.segments import Segments, segments
from threadkit.analyze.mailtext import MailText
from threadkit.mail.body import blocks


def made(body: str) -> MailText:
    """A reply with this body."""
    return MailText(
        "a@example.org", "Re: [PATCH] mm: x", "Ann", "ann@example.org", "2024-03-01T09:00:00Z",
        True, False, "p@example.org", "p@example.org", body, blocks(body), [], [],
    )  # fmt: skip


def cut(body: str) -> Segments:
    """What is cut from a reply with this body."""
    return segments(made(body))


def texts(body: str) -> list[str]:
    """The units of a reply with this body."""
    return [body[unit.start : unit.stop] for unit in cut(body).units]
