"""The texts of a site's mails, read one at a time when their page is made."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import lru_cache
from sqlite3 import Connection
from typing import TYPE_CHECKING

from threadkit.pipeline.sites.addresses import Hidden
from threadkit.site.texts import Block, Mention, Source, Text
from threadkit.site.values import Mail
from threadkit.store import parts, read

if TYPE_CHECKING:
    from threadkit.mail.values import Address
    from threadkit.pipeline.message import Message
    from threadkit.store.values import StoredMessage

_BODIES = 64
"""Mails whose line beginnings are remembered: a mail quotes the few before it."""


class Texts:
    """Reads texts.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database, as long as pages are made.
    messages : mapping of (str, int) to Message
        What is here, by Message-ID and number among imposters.
    hidden : Hidden or None
        Leaves addresses out.
    """

    def __init__(
        self,
        conn: Connection,
        messages: Mapping[tuple[str, int], Message],
        hidden: Hidden | None = None,
    ) -> None:
        self._conn = conn
        self._messages = messages
        self._hidden = hidden
        self._lines = lru_cache(maxsize=_BODIES)(self._line_starts)

    def __call__(self, mail: Mail) -> Text | None:
        """Read the text of a mail with all that its page needs; None if it is not here.

        Parameters
        ----------
        mail : Mail
            Of this site.
        """
        found = self._messages.get((mail.message_id, mail.imposter))
        if found is None or found.ghost:
            return None
        conn, row, one = self._conn, found.id, found.stored
        sent_to = parts.recipients(conn, row)
        cited = parts.citations(conn, row)
        text = Text(
            body=read.body(conn, row),
            blocks=[Block(b.kind, b.depth, b.start, b.stop) for b in parts.blocks(conn, row)],
            headers=_headers(one, sent_to),
            sources=self._sources(row),
            mentions=[Mention(c.start, c.stop, c.kind, c.value, c.title) for c in cited],
            defects=[(each.kind, each.detail) for each in parts.defects(conn, row)],
            attachments=[
                (each.filename, each.content_type, each.size_bytes)
                for each in parts.attachments(conn, row)
            ],
            lists=sorted({copy.list_id for copy in parts.copies(conn, row) if copy.list_id}),
            reply_to=one.from_email,
            reply_cc=", ".join(_others(one.from_email, sent_to)),
            raw=b"" if self._hidden else read.raw(conn, row),
        )
        return self._hidden.text(text) if self._hidden else text

    def line(self, row: int, at: int) -> int:
        """Return the line, from 1, that a character of a body stands in.

        Parameters
        ----------
        row : int
            ``message.id``.
        at : int
            Characters before it.
        """
        return bisect_right(self._lines(row), at)

    def _sources(self, row: int) -> list[Source]:
        return [
            Source(one.start, one.stop, one.source, self.line(one.source_id, one.source_start))
            for one in parts.quotes(self._conn, row)
            if one.source is not None and one.source_id is not None and one.source_start is not None
        ]

    def _line_starts(self, row: int) -> Sequence[int]:
        body = read.body(self._conn, row)
        starts, at = [0], body.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = body.find("\n", at + 1)
        return starts


def _headers(one: StoredMessage, sent_to: Sequence[tuple[str, Address]]) -> list[tuple[str, str]]:
    """Return the headers that a reader needs, in the order of mail programs."""
    found = [("From", _written(one.from_name, one.from_email))]
    for name, kind in (("To", "to"), ("Cc", "cc")):
        some = [_written(each.name, each.email) for which, each in sent_to if which == kind]
        if some:
            found.append((name, ", ".join(some)))
    found.append(("Subject", one.subject))
    if one.date_utc or one.received_utc:
        found.append(("Date", one.date_utc or one.received_utc or ""))
    found.append(("Message-ID", f"<{one.message_id}>"))
    return found


def _written(name: str, email: str) -> str:
    return f"{name} <{email}>" if name and email else name or email


def _others(author: str, sent_to: Sequence[tuple[str, Address]]) -> list[str]:
    """Return everybody else to whom a mail went, each once."""
    known = {author.lower()}
    found = []
    for _, each in sent_to:
        if each.email and each.email.lower() not in known:
            known.add(each.email.lower())
            found.append(each.email)
    return found
