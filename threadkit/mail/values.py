"""What a mail is, as values: shared by the parser and by every other layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

MessageId = NewType("MessageId", str)
"""A Message-ID without its angle brackets; case-sensitive (RFC 5322 section 3.6.4)."""


@dataclass(frozen=True, slots=True)
class Defect:
    """Something that is wrong with a mail or a source, named and never fatal.

    ``kind`` is a short lower-case name with hyphens (``date-missing``); ``detail``
    is what was seen, cut to a few words.
    """

    kind: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox of RFC 5322: decoded display name (may be empty) and addr-spec.

    ``email`` keeps the local part as written and lower-cases the domain.

    Examples
    --------
    >>> Address("Jane Doe", "Jane@example.org").email
    'Jane@example.org'
    """

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part of a mail that is not its readable text."""

    filename: str
    content_type: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Message:
    """One mail, decoded. Every malformation met on the way is in ``defects``.

    Attributes
    ----------
    message_id : MessageId
        The first Message-ID of the raw header, or a derived one.
    message_ids : tuple of MessageId
        All of them, in the order written; ``message_id`` is the first.
    derived_id : bool
        True if the mail had none and ``message_id`` was made from its content.
    in_reply_to, references : tuple of MessageId
        As written, oldest first, without self references and without duplicates.
    subject : str
        Decoded, unfolded, white space collapsed.
    from_, to, cc : tuple of Address
        Decoded; ``from_`` is empty when the header is missing.
    date_utc : str or None
        The sender's claim, ``YYYY-MM-DDTHH:MM:SSZ``, for display.
    date_offset_min : int or None
        The sender's offset from UTC in minutes.
    received_utc : str or None
        The newest plausible hop of the Received headers, for order.
    list_ids : tuple of str
        List-Id values without brackets, lower case.
    body : str
        The readable text: LF line ends, no NUL, no lone surrogates.
    attachments : tuple of Attachment
        In the order of the parts.
    flowed : bool
        True if the body was format=flowed (RFC 3676) and has been joined.
    defects : tuple of Defect
        In the order met.
    """

    message_id: MessageId
    message_ids: tuple[MessageId, ...]
    derived_id: bool
    in_reply_to: tuple[MessageId, ...]
    references: tuple[MessageId, ...]
    subject: str
    from_: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    date_utc: str | None
    date_offset_min: int | None
    received_utc: str | None
    list_ids: tuple[str, ...]
    body: str
    attachments: tuple[Attachment, ...]
    flowed: bool
    defects: tuple[Defect, ...]
