"""Generated mails for the rules of prose: example.org people, own text as the parser reads it."""

from __future__ import annotations

from threadkit.analyze.mailtext import MailText
from threadkit.mail.body import blocks
from threadkit.mail.citations import citations
from threadkit.mail.patch import parse_patch
from threadkit.mail.trailers import trailers


def mail(
    body: str,
    *,
    subject: str = "Sound on the example board",
    parent: str | None = None,
    sender: str = "ann@example.org",
    name: str = "Ann Example",
    message_id: str = "a@example.org",
) -> MailText:
    """A mail with this text; an answer if it has a parent."""
    if not body.endswith("\n"):
        body += "\n"
    found = blocks(body)
    is_reply = parent is not None or subject.lower().startswith("re:")
    return MailText(
        message_id,
        subject,
        name,
        sender,
        "2024-05-01T10:00:00Z",
        is_reply,
        parse_patch(body, found) is not None,
        parent,
        parent or message_id,
        body,
        found,
        trailers(body, found),
        citations(body, found),
    )
