"""A raw mail to the rows that the store keeps: what worker processes do.

Everything here is a pure function of the mail (and of a compression dictionary), so
that mails can be prepared in any process and in any order.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from threadkit.analyze.quotes import Ancestor, resolve
from threadkit.mail.block import Block
from threadkit.mail.body import blocks
from threadkit.mail.citations import citations
from threadkit.mail.message import Address, Message, parse
from threadkit.mail.patch import parse_patch
from threadkit.mail.subject import Subject, parse_subject
from threadkit.mail.trailers import trailers
from threadkit.store.rows import MailRow

if TYPE_CHECKING or sys.version_info < (3, 14):
    from backports import zstd
else:
    from compression import zstd

COMPRESSION_LEVEL = 3

TRAIN_BYTES = 1_500_000
"""What a dictionary is trained on: all processors wait for it, and more makes it little better."""


class Unread(NamedTuple):
    """A raw mail on its way to :func:`prepare`."""

    data: bytes
    locator: str
    sha256: str
    transcribed: bool


class QuoteTask(NamedTuple):
    """A mail whose quotes are to be found in its ancestors, nearest first."""

    id: int
    body: str
    blocks: tuple[tuple[str, int, int, int, bool], ...]
    ancestors: tuple[tuple[str, tuple[tuple[str, int, int, int, bool], ...]] | None, ...]
    ancestor_ids: tuple[int, ...]


class Dictionary(NamedTuple):
    """A zstd dictionary of the store, as :func:`train` makes it, and its row id there."""

    id: int
    data: bytes


class Preparer:
    """Turns raw mails into rows, compressing with an optional shared dictionary.

    Parameters
    ----------
    dictionary : Dictionary or None
        Of the store that the rows are for.
    """

    def __init__(self, dictionary: Dictionary | None) -> None:
        self._dictionary = dictionary.id if dictionary else None
        shared = zstd.ZstdDict(dictionary.data).as_digested_dict if dictionary else None
        options = {int(zstd.CompressionParameter.compression_level): COMPRESSION_LEVEL}
        self._compressor = zstd.ZstdCompressor(options=options, zstd_dict=shared)

    def prepare(self, mail: Unread) -> MailRow:
        """Parse one raw mail into everything that follows from it alone.

        No mail raises. If one does, that is a bug, and the error names the mail.

        Parameters
        ----------
        mail : Unread
            The bytes, and where they were.

        Returns
        -------
        MailRow
            Without row ids.
        """
        try:
            return self._row(mail)
        except Exception as error:
            error.add_note(f"in the mail at {mail.locator} of its source, sha256 {mail.sha256}")
            raise

    def _row(self, mail: Unread) -> MailRow:
        message = parse(mail.data)
        parts = blocks(message.body)
        subject = parse_subject(message.subject)
        patch, files = _patch(message.body, parts, subject)
        defects = [(d.kind, d.detail) for d in message.defects]
        if mail.transcribed:
            defects.append(("transcribed", "from a saved page, not the mail as it was sent"))
        sender = message.from_[0] if message.from_ else None
        return MailRow(
            locator=mail.locator,
            sha256=mail.sha256,
            size_bytes=len(mail.data),
            data=self._compressor.compress(mail.data, mode=zstd.ZstdCompressor.FLUSH_FRAME),
            dictionary=self._dictionary,
            transcribed=mail.transcribed,
            message_id=message.message_id,
            aliases=message.message_ids[1:],
            derived_id=message.derived_id,
            in_reply_to=message.in_reply_to,
            references=message.references,
            subject=message.subject,
            subject_key=subject.key,
            is_reply=subject.is_reply,
            sender=(sender.email, sender.name) if sender else None,
            recipients=tuple(_recipients(message)),
            date_utc=message.date_utc,
            date_offset_min=message.date_offset_min,
            received_utc=message.received_utc,
            list_id=message.list_ids[0] if message.list_ids else None,
            flowed=message.flowed,
            body=message.body,
            blocks=tuple((p.kind, p.depth, p.start, p.stop, p.certain) for p in parts),
            trailers=tuple(_trailers(message.body, parts, subject)),
            patch=patch,
            patch_files=files,
            citations=tuple(
                (c.kind, c.value, c.title, c.start, c.stop) for c in citations(message.body, parts)
            ),
            attachments=tuple(
                (a.filename, a.content_type, a.size_bytes) for a in message.attachments
            ),
            defects=tuple(defects),
        )


def train(samples: Sequence[bytes], size_bytes: int = 65536) -> bytes:
    """Train a zstd dictionary on raw mails.

    Parameters
    ----------
    samples : sequence of bytes
        At least some hundred mails; each counts with its first 16 kB. Of more than
        :data:`TRAIN_BYTES` every second, every third ... mail counts.
    size_bytes : int
        How large the dictionary may become.

    Returns
    -------
    bytes
        To be stored once and given to every :class:`Preparer`.
    """
    heads = [sample[:16384] for sample in samples]
    every = -(-sum(map(len, heads)) // TRAIN_BYTES)
    return zstd.train_dict(heads[:: max(1, every)], size_bytes).dict_content


def resolve_quotes(tasks: Sequence[QuoteTask]) -> list[tuple[Any, ...]]:
    """Find the quoted passages of some mails.

    Parameters
    ----------
    tasks : sequence of QuoteTask
        Mails with the ancestors they may quote.

    Returns
    -------
    list of tuple
        Rows of the table ``quote``.
    """
    rows: list[tuple[Any, ...]] = []
    known: dict[int, Ancestor | None] = {}
    for task in tasks:
        for id_, given in zip(task.ancestor_ids, task.ancestors, strict=True):
            if id_ not in known:
                known[id_] = Ancestor(given[0], _blocks(given[1])) if given else None
        ancestors = [known[id_] for id_ in task.ancestor_ids]
        parts = _blocks(task.blocks)
        rows += [
            (
                task.id, found.block, found.part, found.start, found.stop,
                None if found.ancestor is None else task.ancestor_ids[found.ancestor],
                found.source_start, found.source_stop, found.method, round(found.score, 4),
            )
            for found in resolve(task.body, parts, ancestors)
        ]  # fmt: skip
    return rows


def _blocks(parts: Iterable[tuple[str, int, int, int, bool]]) -> list[Block]:
    return [Block(*part) for part in parts]  # type: ignore[arg-type]


def _recipients(message: Message) -> list[tuple[str, str, str]]:
    pairs: list[tuple[str, tuple[Address, ...]]] = [("to", message.to), ("cc", message.cc)]
    return [(kind, one.email, one.name) for kind, many in pairs for one in many]


def _trailers(body: str, parts: Sequence[Block], subject: Subject) -> list[tuple[object, ...]]:
    followup = subject.is_reply
    return [
        (t.name, t.value, t.kind, followup and t.kind == "person", t.extinfo, t.start, t.stop)
        for t in trailers(body, parts)
    ]


def _patch(
    body: str, parts: Sequence[Block], subject: Subject
) -> tuple[tuple[object, ...] | None, tuple[tuple[object, ...], ...]]:
    """Return the row of ``patch`` and those of ``patch_file``, or None and ()."""
    cover = subject.is_patch and not subject.is_reply and subject.counter == 0
    found = parse_patch(body, parts) if any(p.kind == "diff" for p in parts) or cover else None
    if found is None and not cover:
        return None, ()
    files = tuple((f.path, f.additions, f.deletions) for f in found.files) if found else ()
    row = (
        " ".join(subject.prefixes),
        subject.revision,
        subject.counter,
        subject.expected,
        found.patch_id if found else None,
        found.change_id if found else None,
        found.base_commit if found else None,
        sum(f[1] for f in files),
        sum(f[2] for f in files),
    )
    return row, files
