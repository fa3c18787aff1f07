"""One mail as the rows that the store writes; made outside, in worker processes.

Everything in a :class:`MailRow` is a plain tuple, string, number or bytes, so that it
crosses a process border at little cost.
"""

from __future__ import annotations

from typing import NamedTuple


class MailRow(NamedTuple):
    """What the store keeps of one mail, except for row ids.

    ``data`` is a zstd frame of the raw mail, made with the store's ``dictionary`` of that
    row id, or with none. Sender and recipients are ``(email, name)`` and
    ``(kind, email, name)``. ``blocks`` are ``(kind, depth, start, stop, certain)``; the
    columns of the other tuples are those of their tables after ``message, position``.
    """

    locator: str
    sha256: str
    size_bytes: int
    data: bytes
    dictionary: int | None
    transcribed: bool
    message_id: str
    aliases: tuple[str, ...]
    derived_id: bool
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    subject: str
    subject_key: str
    is_reply: bool
    sender: tuple[str, str] | None
    recipients: tuple[tuple[str, str, str], ...]
    date_utc: str | None
    date_offset_min: int | None
    received_utc: str | None
    list_id: str | None
    flowed: bool
    body: str
    blocks: tuple[tuple[str, int, int, int, bool], ...]
    trailers: tuple[tuple[object, ...], ...]
    patch: tuple[object, ...] | None
    patch_files: tuple[tuple[object, ...], ...]
    citations: tuple[tuple[object, ...], ...]
    attachments: tuple[tuple[str, str, int], ...]
    defects: tuple[tuple[str, str], ...]

    @property
    def order_utc(self) -> str:
        """When it arrived, or when its sender says it left, or ``""``."""
        return self.received_utc or self.date_utc or ""
