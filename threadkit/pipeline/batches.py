"""The work of an import: read, leave out what is stored, prepare, write batch by batch.

The reader hashes mails and leaves out what is stored; worker processes parse; this
process writes. Each batch is one transaction with everything derived of its mails:
rows, threads, quotes and the full-text index.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from threadkit import __version__ as VERSION
from threadkit.errors import StoreError
from threadkit.fetch.limits import identities
from threadkit.fetch.source import OverviewRow, Provenance, RawMail, Source
from threadkit.fetch.web.clock import stamp
from threadkit.graph.collector import collector_paused
from threadkit.pipeline.placing import place_batch
from threadkit.pipeline.prepare import Dictionary, Unread, train
from threadkit.pipeline.quoting import quote_tasks
from threadkit.pipeline.report import ImportReport, Progress, SourceReport
from threadkit.pipeline.workers import Crew, usual_workers
from threadkit.store.conversation import replace_quotes
from threadkit.store.rows import MailRow
from threadkit.store.sources import messages_of, overview
from threadkit.store.sources import provenance as provenance_of
from threadkit.store.write import Writer

BeforeWrite = Callable[[Source], Provenance | None]
"""Called once for a source, before the first of its mails is written; may refuse by raising."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How much is read, prepared and written at a time.

    Attributes
    ----------
    chunk_mails, chunk_bytes : int
        What one worker gets at once.
    batch_mails, batch_bytes : int
        What one transaction holds. Larger ones are faster and take more memory.
    ahead_chunks : int
        Chunks that workers may be ahead: as much as they do while a batch is written.
    sample_mails : int
        An import of fewer mails is a small one, without workers.
    train_from_mails : int
        Fewer mails than this are stored without a dictionary: they would not repay it.
    """

    chunk_mails: int
    chunk_bytes: int
    batch_mails: int
    batch_bytes: int
    ahead_chunks: int
    sample_mails: int
    train_from_mails: int


@dataclass(slots=True, eq=False)
class _Reading:
    """A source being read: what the store knows of it, and what it gave so far."""

    source: Source
    report: SourceReport
    row: int | None
    cursor: str | None
    proven: bool = False
    provenance: Provenance | None = None


@dataclass(slots=True)
class _Chunk:
    """Mails of one source that are not stored yet; ``ends`` marks its last chunk."""

    reading: _Reading
    mails: list[Unread] = field(default_factory=list)
    size_bytes: int = 0
    ends: bool = False


class Batches:
    """One run of an import over an open database.

    Parameters
    ----------
    writer : Writer
        Of the database.
    path : Path
        The database file, to see that it stays where it is.
    workers : int or None
        Worker processes for large imports; None for the usual number.
    pace : Pace
        How much at a time.
    progress : callable, optional
        Called after every batch.
    before_write : callable, optional
        See :data:`BeforeWrite`.
    remember : bool, optional
        Fill ``messages`` and ``new`` of the report.

    Attributes
    ----------
    report : ImportReport
        Filled while it runs.
    """

    def __init__(
        self,
        writer: Writer,
        path: Path,
        workers: int | None,
        pace: Pace,
        *,
        progress: Callable[[Progress], None] | None = None,
        before_write: BeforeWrite | None = None,
        remember: bool = False,
    ) -> None:
        self._writer = writer
        self._path = path
        self._file = identities([path])
        self.report = ImportReport()
        self._workers = usual_workers() if workers is None else workers
        self._pace = pace
        self._progress = progress
        self._before_write = before_write
        self._remember = remember
        self._pending: set[str] = set()
        self._rows: list[MailRow] = []
        self._origin: dict[str, _Reading] = {}
        self._ended: list[_Reading] = []
        self._bytes = 0

    def run(self, sources: Iterable[Source]) -> None:
        """Read all sources and write what is new.

        Parameters
        ----------
        sources : iterable of Source
            Each is read to its end before the next one is asked for.

        Raises
        ------
        StoreError
            The database was deleted or replaced meanwhile.
        WorkerLost
            A worker process was killed.
        """
        chunks = self._chunks(sources)
        first, more = self._sample(chunks)
        new = sum(len(chunk.mails) for chunk in first)
        dictionary = self._dictionary(first) if new >= self._pace.train_from_mails else None
        with Crew(self._workers if more else 0, dictionary) as crew:
            waiting: deque[tuple[_Chunk, Future[list[MailRow]]]] = deque()
            for chunk in chain(first, chunks):
                waiting.append((chunk, crew.prepare(chunk.mails)))
                while len(waiting) > self._pace.ahead_chunks:
                    self._take(*waiting.popleft(), crew)
            while waiting:
                self._take(*waiting.popleft(), crew)
            self._flush(crew)

    def check_file(self) -> None:
        """Raise if the database is not where it was: SQLite goes on writing to a deleted file.

        Raises
        ------
        StoreError
            It was deleted or replaced.
        """
        if identities([self._path]) != self._file:
            raise StoreError(self._path, "was deleted or replaced during the import; import again")

    # -- reading -------------------------------------------------------------------

    def _chunks(self, sources: Iterable[Source]) -> Iterator[_Chunk]:
        for source in sources:
            row, cursor = self._writer.source(source.uri)
            reading = _Reading(source, SourceReport(source.uri, source.kind), row, cursor)
            self.report.sources.append(reading.report)
            yield from self._read(reading)

    def _read(self, reading: _Reading) -> Iterator[_Chunk]:
        pace = self._pace
        held: list[tuple[str, RawMail]] = []
        size = 0
        for mail in reading.source:
            held.append((hashlib.sha256(mail.data).hexdigest(), mail))
            size += len(mail.data)
            if len(held) >= pace.chunk_mails or size >= pace.chunk_bytes:
                chunk = self._unknown(reading, held)
                if chunk.mails:
                    yield chunk
                held, size = [], 0
        chunk = self._unknown(reading, held)
        chunk.ends = True
        reading.report.problems = list(reading.source.problems)
        yield chunk

    def _unknown(self, reading: _Reading, held: list[tuple[str, RawMail]]) -> _Chunk:
        """Keep the mails that are neither stored nor on their way."""
        transcribed = reading.source.kind.startswith("lore-")
        known = self._writer.known([sha256 for sha256, _ in held])
        if self._remember and known:
            self.report.messages |= messages_of(self._writer.conn, known)
        chunk = _Chunk(reading)
        for sha256, mail in held:
            if sha256 in known or sha256 in self._pending:
                reading.report.known += 1
                continue
            self._pending.add(sha256)
            chunk.mails.append(Unread(mail.data, mail.locator, sha256, transcribed))
            chunk.size_bytes += len(mail.data)
        reading.report.seen += len(held)
        return chunk

    def _sample(self, chunks: Iterator[_Chunk]) -> tuple[list[_Chunk], bool]:
        """Read ahead enough to tell a small import from a large one; say if it is large."""
        first: list[_Chunk] = []
        mails = size = 0
        for chunk in chunks:
            first.append(chunk)
            mails += len(chunk.mails)
            size += chunk.size_bytes
            if mails >= self._pace.sample_mails or size >= self._pace.batch_bytes:
                return first, True
        return first, False

    def _dictionary(self, first: list[_Chunk]) -> Dictionary:
        """Return the store's compression dictionary, trained on the first mails if new.

        It is no mail: it is stored, and workers begin, before a source has to be proven.
        """
        writer = self._writer
        found = writer.dictionary()
        if found is None:
            data = train([mail.data for chunk in first for mail in chunk.mails])
            with writer.transaction():
                # Unless another import was faster.
                found = writer.dictionary() or (writer.add_dictionary(data), data)
        return Dictionary(*found)

    # -- writing -------------------------------------------------------------------

    def _take(self, chunk: _Chunk, prepared: Future[list[MailRow]], crew: Crew) -> None:
        rows = prepared.result()
        self._rows += rows
        self._bytes += chunk.size_bytes
        self._origin.update((row.sha256, chunk.reading) for row in rows)
        if chunk.ends:
            self._ended.append(chunk.reading)
        if len(self._rows) >= self._pace.batch_mails or self._bytes >= self._pace.batch_bytes:
            self._flush(crew)

    def _prove(self, reading: _Reading) -> None:
        """Ask once whether the source may be written: not in a transaction, it may take long."""
        if not reading.proven and self._before_write:
            reading.provenance = self._before_write(reading.source)
        reading.proven = True

    def _flush(self, crew: Crew) -> None:
        """Write the batch: one transaction, then one line of progress."""
        touched = {id(r): r for r in (*self._origin.values(), *self._ended)}.values()
        for reading in touched:
            self._prove(reading)
        ended = [r for r in self._ended if self._differs(r)]
        if self._rows or ended:
            # Rows are trees, not cycles: there is no garbage to look for among them.
            with collector_paused(), self._writer.transaction():
                self._write(crew, ended)
            self.check_file()
        last = self._ended[-1] if self._ended else None
        last = self._origin[self._rows[-1].sha256] if self._rows else last
        self._pending.difference_update(self._origin)
        self._rows, self._origin, self._ended, self._bytes = [], {}, [], 0
        if self._progress and last:
            self._progress(
                Progress(
                    last.source.uri,
                    self.report.seen,
                    self.report.added + self.report.copies,
                    last.source.position_bytes(),
                    last.source.size_bytes,
                )
            )

    def _differs(self, reading: _Reading) -> bool:
        """Tell whether the end of a source is news; importing again writes nothing."""
        source, report = reading.source, reading.report
        if reading.row is None or report.seen > report.known or source.cursor != reading.cursor:
            return True
        if reading.provenance and self._is_news(reading.row, reading.provenance, source):
            return True
        return self._writer.problems(reading.row) != {(p.kind, p.detail) for p in source.problems}

    def _is_news(self, row: int, provenance: Provenance, source: Source) -> bool:
        """Tell whether a server's answer, or its overview, is not the one that is stored.

        When it came does not count: to be asked again and to say the same is no news.
        """
        stored = provenance_of(self._writer.conn, row)
        if stored is None or stored[1:] != (provenance.http_status, provenance.sha256):
            return True
        return overview(self._writer.conn, row) != [_overview_row(one) for one in source.overview]

    def _write(self, crew: Crew, ended: list[_Reading]) -> None:
        writer = self._writer
        self._leave_out_known()
        for reading in {id(r): r for r in (*self._origin.values(), *ended)}.values():
            now = stamp(datetime.now(UTC))
            reading.row = writer.save_source(reading.source.uri, reading.source.kind, now, VERSION)
        batch = writer.classify(self._rows)
        writer.write(batch, {sha256: r.row or 0 for sha256, r in self._origin.items()})
        around = place_batch(writer, batch)
        futures = [crew.resolve(tasks) for tasks in quote_tasks(writer.conn, batch, around)]
        writer.index_text(batch.changed)
        quotes = [row for future in futures for row in future.result()]
        replace_quotes(writer.conn, around.stale - set(batch.changed), quotes)
        for reading in ended:
            self._finish(reading)
        if self._remember:
            self.report.new.update(
                one.id for group in batch.held.values() for one in group if not one.stored
            )
            self.report.messages |= messages_of(writer.conn, [row.sha256 for row in self._rows])
        self.report.added += batch.added
        self.report.copies += batch.copies
        self.report.imposters += batch.imposters
        self.report.quotes.update(str(row[8]) for row in quotes)
        self.report.defects.update(kind for row in self._rows for kind, _ in row.defects)
        self.report.ghosts = writer.ghost_count()

    def _leave_out_known(self) -> None:
        """Drop the mails that another import has stored since they were read."""
        known = self._writer.known([row.sha256 for row in self._rows])
        for row in self._rows:
            if row.sha256 in known:
                self._origin[row.sha256].report.known += 1
        if known and self._remember:
            self.report.messages |= messages_of(self._writer.conn, known)
        self._rows = [row for row in self._rows if row.sha256 not in known]

    def _finish(self, reading: _Reading) -> None:
        assert reading.row is not None
        self._writer.finish_source(
            reading.row,
            mail_count=reading.report.seen,
            cursor=reading.source.cursor,
            problems=[(one.kind, one.detail) for one in reading.source.problems],
            overview=[_overview_row(one) for one in reading.source.overview],
            provenance=reading.provenance,
        )


def _overview_row(one: OverviewRow) -> tuple[object, ...]:
    """Return the columns of ``overview`` after ``source``."""
    return (
        one.row, one.depth, one.parent_row, one.date_utc, one.author, one.subject,
        one.message_id, one.match,
    )  # fmt: skip
