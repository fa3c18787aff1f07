"""What a source of mail gives: raw bytes, where they stood, and what went wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from threadkit.mail.values import Defect


def spelled(name: str) -> str:
    r"""Write a file name as text that every program can hold.

    Parameters
    ----------
    name : str
        As Python has it from the system: bytes that are not UTF-8 are lone surrogates.

    Returns
    -------
    str
        The same for nearly every name; such bytes as ``\\xNN``.

    Examples
    --------
    >>> print(spelled("caf\udce9.mbox"))
    caf\xe9.mbox
    """
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


class RawMail(NamedTuple):
    r"""One mail as it stood in its source.

    ``data`` has the mbox escaping undone and no ``From `` separator line;
    ``locator`` says where in the source it stood (byte offset, file name, git blob).

    Examples
    --------
    >>> RawMail(b"Subject: a\n\nhello\n", "0").locator
    '0'
    """

    data: bytes
    locator: str


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """One line of lore's thread overview.

    ``date_utc`` is ``YYYY-MM-DDTHH:MMZ`` (minutes; None for ``[not found]`` rows);
    ``depth`` 0 is a root; ``parent_row`` is an index into the same overview;
    ``message_id`` is None when the page is plain text; ``match`` is strict or loose.
    """

    row: int
    depth: int
    parent_row: int | None
    date_utc: str | None
    author: str
    subject: str
    message_id: str | None
    match: str


class Provenance(NamedTuple):
    """What is kept of an answer besides its mails.

    ``fetched_utc`` is when it began to come, ISO 8601 with Z; ``sha256`` is that of the
    unpacked mailbox, in hexadecimal digits.
    """

    fetched_utc: str
    http_status: int
    sha256: str


class Source(Protocol):
    """A place that mails come from; iterate it once.

    Attributes
    ----------
    uri : str
        What the user named (or the file found inside it).
    kind : str
        ``mbox``, ``maildir``, ``mh``, ``eml``, ``public-inbox-v1``, ``public-inbox-v2``,
        ``lore-html``, ``lore-text``.
    size_bytes : int or None
        For progress; None when unknown.
    problems : list of Defect
        Filled while iterating: what could not be read and was not stored.
    cursor : str or None
        After iterating: where an incremental source stopped (a git commit).
    overview : tuple of OverviewRow
        After iterating: lore's thread overview, if the source carried one.
    """

    uri: str
    kind: str
    size_bytes: int | None
    problems: list[Defect]
    cursor: str | None
    overview: tuple[OverviewRow, ...]

    def __iter__(self) -> Iterator[RawMail]:
        """Yield mails in the order of the source; never raises on bad mail."""
        ...

    def position_bytes(self) -> int:
        """Return how many of ``size_bytes`` have been consumed, for progress."""
        ...
