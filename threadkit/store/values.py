"""What the store gives to the layers above: immutable values, no connection in them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """One message of the database, or a ghost, without its text.

    Attributes
    ----------
    id : int
        ``message.id``; grows with time of arrival.
    message_id : str
        Without ``< >``.
    imposter : int
        0, or 1.. for other mails with the same Message-ID.
    ghost : bool
        True if it is referenced and was never seen; the text fields are empty then.
    subject, from_name, from_email : str
        Decoded; empty if missing.
    person : str
        Name of the person behind the address, or ``from_name``.
    person_id : int or None
        ``person.id``.
    date_utc : str or None
        The sender's claim, ``YYYY-MM-DDTHH:MM:SSZ``, for display.
    received_utc : str or None
        The last hop, for order.
    parent, root : str or None
        Message-IDs; the root is that of the whole conversation.
    parent_rule : str or None
        Why this is the parent.
    match : str or None
        ``strict`` (by References) or ``loose`` (by Subject).
    """

    id: int
    message_id: str
    imposter: int
    ghost: bool
    subject: str
    from_name: str
    from_email: str
    person: str
    person_id: int | None
    date_utc: str | None
    received_utc: str | None
    parent: str | None
    root: str | None
    parent_rule: str | None
    match: str | None


@dataclass(frozen=True, slots=True, repr=False)
class StoredThread:
    """One conversation in a list: its size, people and time.

    ``id`` and ``root`` name its root message; ``subject`` is that of the first mail
    seen. ``message_count`` leaves out ghosts, which ``ghost_count`` counts. ``people``
    are names, in order of their first mail. The times are the sender's claims.
    """

    id: int
    root: str
    subject: str
    message_count: int
    ghost_count: int
    people: tuple[str, ...]
    first_utc: str | None
    last_utc: str | None
    last_id: int

    def __repr__(self) -> str:
        return f"<StoredThread {self.root} {self.subject!r} {self.message_count} messages>"


@dataclass(frozen=True, slots=True)
class StoredQuote:
    """Where a passage of a quote block comes from.

    Spans count characters of the decoded bodies. ``source`` is a Message-ID and None
    when the passage was not found; ``method`` then says why.
    """

    block: int
    part: int
    start: int
    stop: int
    source: str | None
    source_id: int | None
    source_start: int | None
    source_stop: int | None
    method: str
    score: float


@dataclass(frozen=True, slots=True)
class StoredTrailer:
    """A trailer line: ``kind`` is person, reference, utility or other."""

    name: str
    value: str
    kind: str
    followup: bool
    extinfo: str
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class StoredCitation:
    """Something that a mail points at, with the span of the words that do."""

    kind: str
    value: str
    title: str
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class StoredCopy:
    """One mail as one list delivered it; ``preferred`` is the one that is shown."""

    sha256: str
    list_id: str | None
    received_utc: str | None
    size_bytes: int
    source: str
    locator: str | None
    preferred: bool
