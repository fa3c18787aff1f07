"""A mail of an archive, as a notebook sees it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from threadkit.pipeline.display import SUBJECT_COLUMNS, cut, one_line, printable
from threadkit.store import parts, read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from threadkit.mail.block import Block
    from threadkit.mail.values import Address, Attachment, Defect
    from threadkit.pipeline.archive import Archive
    from threadkit.pipeline.thread import Thread
    from threadkit.store.values import (
        StoredCitation,
        StoredCopy,
        StoredMessage,
        StoredQuote,
        StoredTrailer,
    )


class Message:
    """One mail of an archive, or a ghost; its text is read when it is first asked for.

    Parameters
    ----------
    archive : Archive
        Where it is stored.
    stored : StoredMessage
        Its facts, without the text.
    """

    def __init__(self, archive: Archive, stored: StoredMessage) -> None:
        self.archive = archive
        self.stored = stored

    @property
    def id(self) -> int:
        """Row id in the table ``message``; grows with time of arrival."""
        return self.stored.id

    @property
    def message_id(self) -> str:
        """Message-ID without its brackets."""
        return self.stored.message_id

    @property
    def imposter(self) -> int:
        """0, or 1.. for other mails with the same Message-ID."""
        return self.stored.imposter

    @property
    def ghost(self) -> bool:
        """True if it is referenced and was never seen."""
        return self.stored.ghost

    @property
    def subject(self) -> str:
        """The decoded subject; empty for a ghost."""
        return self.stored.subject

    @property
    def author(self) -> str:
        """The person who wrote it; the address where there is no name."""
        return self.stored.person or self.stored.from_email

    @property
    def from_name(self) -> str:
        """The display name as this mail gives it."""
        return self.stored.from_name

    @property
    def from_email(self) -> str:
        """The address that it was sent from."""
        return self.stored.from_email

    @property
    def date_utc(self) -> str | None:
        """When its sender says it left, ``YYYY-MM-DDTHH:MM:SSZ``."""
        return self.stored.date_utc

    @property
    def received_utc(self) -> str | None:
        """When the last hop took it in."""
        return self.stored.received_utc

    @property
    def shown_utc(self) -> str:
        """The date to show: the sender's, else the last hop's, else empty."""
        return self.stored.date_utc or self.stored.received_utc or ""

    @property
    def parent(self) -> str | None:
        """Message-ID of the mail it answers."""
        return self.stored.parent

    @property
    def parent_rule(self) -> str | None:
        """Why that is its parent (see :data:`threadkit.graph.replies.RULES`)."""
        return self.stored.parent_rule

    @property
    def root(self) -> str | None:
        """Message-ID of the first mail of the conversation."""
        return self.stored.root

    @property
    def loose(self) -> bool:
        """True if only a subject ties it to the conversation."""
        return self.stored.match == "loose"

    @property
    def thread(self) -> Thread:
        """The conversation it belongs to."""
        return self.archive.thread(f"#{self.id}")

    @cached_property
    def body(self) -> str:
        """The decoded text that all spans count characters of."""
        return read.body(self.archive.connection, self.id)

    @cached_property
    def raw(self) -> bytes:
        """The mail as received; the preferred copy where there are several."""
        return read.raw(self.archive.connection, self.id)

    @cached_property
    def blocks(self) -> Sequence[Block]:
        """The parts of the body; they cover it character for character."""
        return parts.blocks(self.archive.connection, self.id)

    @property
    def own_text(self) -> str:
        """The body without what it quotes."""
        return "".join(
            self.body[block.start : block.stop] for block in self.blocks if block.kind != "quote"
        )

    @cached_property
    def quotes(self) -> Sequence[StoredQuote]:
        """Where each quoted passage comes from, in order of the text."""
        return parts.quotes(self.archive.connection, self.id)

    @cached_property
    def trailers(self) -> Sequence[StoredTrailer]:
        """``Reviewed-by:`` and its kind, in order of the text."""
        return parts.trailers(self.archive.connection, self.id)

    @cached_property
    def citations(self) -> Sequence[StoredCitation]:
        """Messages, commits, bugs and pages that it points at."""
        return parts.citations(self.archive.connection, self.id)

    @cached_property
    def attachments(self) -> Sequence[Attachment]:
        """Parts that are not the text."""
        return parts.attachments(self.archive.connection, self.id)

    @cached_property
    def defects(self) -> Sequence[Defect]:
        """What is wrong with it."""
        return parts.defects(self.archive.connection, self.id)

    @cached_property
    def copies(self) -> Sequence[StoredCopy]:
        """Through which lists and files it came."""
        return parts.copies(self.archive.connection, self.id)

    @cached_property
    def recipients(self) -> Sequence[tuple[str, Address]]:
        """``(to or cc, address)`` in the order written."""
        return parts.recipients(self.archive.connection, self.id)

    @property
    def in_reply_to(self) -> Sequence[str]:
        """Message-IDs of its In-Reply-To header."""
        return self._references[0]

    @property
    def references(self) -> Sequence[str]:
        """Message-IDs of its References header, oldest first."""
        return self._references[1]

    @cached_property
    def _references(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        return parts.references(self.archive.connection, self.id)

    def facts(self) -> dict[str, object]:
        """Return everything but text and bytes, as JSON can hold it.

        Returns
        -------
        dict
            The columns of a message in a fixed order.
        """
        one = self.stored
        return {
            "id": one.id,
            "message_id": one.message_id,
            "imposter": one.imposter,
            "ghost": one.ghost,
            "date_utc": one.date_utc,
            "received_utc": one.received_utc,
            "person": one.person,
            "from_name": one.from_name,
            "from_email": one.from_email,
            "subject": one.subject,
            "parent": one.parent,
            "parent_rule": one.parent_rule,
            "root": one.root,
            "match": one.match,
        }

    def __repr__(self) -> str:
        if self.ghost:
            return f"<Message {self.message_id} not found>"
        subject = cut(one_line(self.subject), SUBJECT_COLUMNS)
        return f"<Message {subject!r} {one_line(self.author)}, {self.shown_utc[:16]}>"

    def _repr_html_(self) -> str:
        from threadkit import notebook

        if self.ghost:
            return notebook.heading(self.message_id, ["referenced, never seen"])
        facts = [self.author, self.shown_utc[:16].replace("T", " "), f"<{self.message_id}>"]
        return notebook.heading(self.subject, facts) + notebook.mail_text(printable(self.body))
