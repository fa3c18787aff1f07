"""The text of a mail as its page needs it: blocks, quotations resolved, what it points at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Block(NamedTuple):
    """A run of characters of a body: ``kind`` as in :mod:`threadkit.mail.blocks`."""

    kind: str
    depth: int
    start: int
    stop: int


class Source(NamedTuple):
    """Where a quoted passage comes from: its span here, the mail, and the line there."""

    start: int
    stop: int
    message_id: str
    line: int


class Mention(NamedTuple):
    """Words of a body that point at something: a commit, a mail, an address on the web."""

    start: int
    stop: int
    kind: str
    value: str
    title: str


@dataclass(frozen=True, slots=True)
class Text:
    """The text of one mail and all that its page needs besides; read when it is its turn.

    Attributes
    ----------
    body : str
        Decoded.
    blocks : sequence of Block
        Cover the body character for character.
    headers : sequence of (str, str)
        Decoded, in the order to show; addresses as they are to be shown.
    sources, mentions : sequences
        Quotations resolved, and what is cited; in the order of the text.
    defects : sequence of (str, str)
        Kind and detail.
    attachments : sequence of (str, str, int)
        Name, type, bytes.
    lists : sequence of str
        List-IDs through which it came.
    reply_to, reply_cc : str
        Addresses for a reply, comma separated; empty where addresses are left out.
    raw : bytes
        The mail as it came.
    """

    body: str
    blocks: Sequence[Block]
    headers: Sequence[tuple[str, str]]
    sources: Sequence[Source] = ()
    mentions: Sequence[Mention] = ()
    defects: Sequence[tuple[str, str]] = ()
    attachments: Sequence[tuple[str, str, int]] = ()
    lists: Sequence[str] = ()
    reply_to: str = ""
    reply_cc: str = ""
    raw: bytes = b""
