"""Import: sources of mail into the store, in batches that are whole or not there.

The reader hashes mails and leaves out what is stored; worker processes parse; this
process writes. Each batch is one transaction with everything derived of its mails:
rows, threads, quotes and the full-text index. People are merged at the end.
"""

from __future__ import annotations

import hashlib
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from threadkit import __version__ as VERSION
from threadkit.errors import SourceError, StoreError
from threadkit.fetch.files import open_sources
from threadkit.fetch.limits import Limits, identities
from threadkit.fetch.source import RawMail, Source
from threadkit.mail.values import Defect
from threadkit.pipeline.people import merge_people, read_mailmap
from threadkit.pipeline.placing import place_batch
from threadkit.pipeline.prepare import Dictionary, Unread, train
from threadkit.pipeline.quoting import quote_tasks
from threadkit.pipeline.report import ImportReport, Progress, SourceReport
from threadkit.pipeline.workers import Crew, usual_workers
from threadkit.store.connection import open_write, translate
from threadkit.store.conversation import replace_quotes
from threadkit.store.rows import MailRow
from threadkit.store.write import Writer

CHUNK_MAILS = 200
CHUNK_BYTES = 2_000_000
BATCH_MAILS = 4000
BATCH_BYTES = 24_000_000
AHEAD_CHUNKS = 20
"""Chunks that workers may be ahead: as much as they do while a batch is written."""

SAMPLE_MAILS = 1500
TRAIN_FROM_MAILS = 300
"""Fewer mails than this are stored without a dictionary: they would not repay it."""


@dataclass(slots=True, eq=False)
class _Reading:
    """A source being read: what the store knows of it, and what it gave so far."""

    source: Source
    report: SourceReport
    row: int | None
    cursor: str | None
    ended: bool = False


@dataclass(slots=True)
class _Chunk:
    """Mails of one source that are not stored yet; ``ends`` marks its last chunk."""

    reading: _Reading
    mails: list[Unread] = field(default_factory=list)
    size_bytes: int = 0
    ends: bool = False


def import_mail(
    path: str | Path,
    sources: Sequence[str],
    *,
    workers: int | None = None,
    mailmap: str | Path | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> ImportReport:
    """Import mail from files, folders and repositories into a database.

    Parameters
    ----------
    path : str or Path
        The database; made if it is not there.
    sources : sequence of str
        Paths of any kind that :func:`threadkit.fetch.files.open_sources` reads.
    workers : int, optional
        Worker processes for large imports: the number of processors by default, 0 for
        none. Small imports use none, and by default scripts that have other threads: a
        number asks for processes that are spawned there, which run the script again up
        to ``if __name__ == "__main__"``.
    mailmap : str or Path, optional
        A file in git's mailmap format that overrides who is one person.
    progress : callable, optional
        Called after every commit.

    Returns
    -------
    ImportReport
        Counts, and every problem by name.

    Raises
    ------
    SourceError
        A path is not there or closed to us, before anything is read; or none of the
        paths holds mail. One without mail among others is a problem of the report.
    StoreError
        The database cannot be opened or written (or one of its children).
    WorkerLost
        A worker process was killed; its batch is not stored, those before it are.

    Notes
    -----
    Safe to repeat and to kill: mails that are stored are left out by their hash, and
    batches are transactions. Importing again writes nothing.
    """
    started = time.monotonic()
    path = Path(path)
    aliases = None if mailmap is None else read_mailmap(mailmap)
    open_sources(sources)  # a path that is not there ends it before a database is made
    is_new = not path.exists()
    db = open_write(path)
    try:
        with translate(path):
            task = _Import(path, Writer(db), workers, progress)
            task.run(sources)
            if task.failed and not task.report.sources:
                if is_new:
                    task.remove_unused()
                raise task.failed[0]
            for error in task.failed:
                unread = SourceReport(error.uri, "", problems=[Defect("unreadable", error.why)])
                task.report.sources.append(unread)
            merge_people(task.writer, aliases)
            task.check_file()
            if task.report.added:
                task.writer.optimize()
    finally:
        db.close()
    task.report.seconds = time.monotonic() - started
    return task.report


class _Import:
    """One run of :func:`import_mail` over an open database."""

    def __init__(
        self,
        path: Path,
        writer: Writer,
        workers: int | None,
        progress: Callable[[Progress], None] | None,
    ) -> None:
        self._path = path
        self._file = identities([path])
        self.writer = writer
        self.report = ImportReport()
        self._workers = usual_workers() if workers is None else workers
        self._progress = progress
        self.failed: list[SourceError] = []
        self._pending: set[str] = set()
        self._rows: list[MailRow] = []
        self._origin: dict[str, _Reading] = {}
        self._ended: list[_Reading] = []
        self._bytes = 0

    def run(self, paths: Sequence[str]) -> None:
        """Read all sources and write what is new."""
        chunks = self._chunks(paths)
        first, more = self._sample(chunks)
        new = sum(len(chunk.mails) for chunk in first)
        dictionary = self._dictionary(first) if new >= TRAIN_FROM_MAILS else None
        with Crew(self._workers if more else 0, dictionary) as crew:
            waiting: deque[tuple[_Chunk, Future[list[MailRow]]]] = deque()
            for chunk in chain(first, chunks):
                waiting.append((chunk, crew.prepare(chunk.mails)))
                while len(waiting) > AHEAD_CHUNKS:
                    self._take(*waiting.popleft(), crew)
            while waiting:
                self._take(*waiting.popleft(), crew)
            self._flush(crew)

    def check_file(self) -> None:
        """Raise if the database is not where it was: SQLite goes on writing to a deleted file."""
        if identities([self._path]) != self._file:
            raise StoreError(self._path, "was deleted or replaced during the import; import again")

    def _own_files(self) -> list[Path]:
        """List the database and what SQLite keeps beside it."""
        ends = ("", "-wal", "-shm", "-journal")
        return [self._path.with_name(self._path.name + end) for end in ends]

    def remove_unused(self) -> None:
        """Remove the database that was made for nothing, unless another import uses it."""
        with self.writer.transaction():  # under the lock, so that nobody stores meanwhile
            if self.writer.is_unused():
                for side in ("", "-wal", "-shm"):
                    Path(f"{self._path}{side}").unlink(missing_ok=True)

    # -- reading -------------------------------------------------------------------

    def _chunks(self, paths: Sequence[str]) -> Iterator[_Chunk]:
        """Read path after path; one that holds no mail does not stop the others."""
        limits = Limits(untouched=identities(self._own_files()))
        for path in paths:
            try:
                for source in open_sources(
                    [path], cursors=lambda uri: self.writer.source(uri)[1], limits=limits
                ):
                    row, cursor = self.writer.source(source.uri)
                    reading = _Reading(source, SourceReport(source.uri, source.kind), row, cursor)
                    self.report.sources.append(reading.report)
                    yield from self._read(reading)
            except SourceError as error:
                self.failed.append(error)

    def _read(self, reading: _Reading) -> Iterator[_Chunk]:
        transcribed = reading.source.kind.startswith("lore-")
        held: list[tuple[str, RawMail]] = []
        size = 0
        for mail in reading.source:
            held.append((hashlib.sha256(mail.data).hexdigest(), mail))
            size += len(mail.data)
            if len(held) >= CHUNK_MAILS or size >= CHUNK_BYTES:
                chunk = self._unknown(reading, held, transcribed)
                if chunk.mails:
                    yield chunk
                held, size = [], 0
        chunk = self._unknown(reading, held, transcribed)
        chunk.ends = True
        reading.report.problems = list(reading.source.problems)
        yield chunk

    def _unknown(
        self, reading: _Reading, held: list[tuple[str, RawMail]], transcribed: bool
    ) -> _Chunk:
        """Keep the mails that are neither stored nor on their way."""
        known = self.writer.known([sha256 for sha256, _ in held])
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
            if mails >= SAMPLE_MAILS or size >= BATCH_BYTES:
                return first, True
        return first, False

    def _dictionary(self, first: list[_Chunk]) -> Dictionary:
        """Return the store's compression dictionary, trained on the first mails if new."""
        found = self.writer.dictionary()
        if found is None:
            data = train([mail.data for chunk in first for mail in chunk.mails])
            with self.writer.transaction():
                # Unless another import was faster.
                found = self.writer.dictionary() or (self.writer.add_dictionary(data), data)
        return Dictionary(*found)

    # -- writing -------------------------------------------------------------------

    def _take(self, chunk: _Chunk, prepared: Future[list[MailRow]], crew: Crew) -> None:
        rows = prepared.result()
        self._rows += rows
        self._bytes += chunk.size_bytes
        self._origin.update((row.sha256, chunk.reading) for row in rows)
        if chunk.ends:
            self._ended.append(chunk.reading)
        if len(self._rows) >= BATCH_MAILS or self._bytes >= BATCH_BYTES:
            self._flush(crew)

    def _flush(self, crew: Crew) -> None:
        """Write the batch: one transaction, then one line of progress."""
        ended = [r for r in self._ended if self._differs(r)]
        if self._rows or ended:
            with self.writer.transaction():
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
        return self.writer.problems(reading.row) != {(p.kind, p.detail) for p in source.problems}

    def _write(self, crew: Crew, ended: list[_Reading]) -> None:
        writer = self.writer
        self._leave_out_known()
        for reading in {id(r): r for r in (*self._origin.values(), *ended)}.values():
            now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
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
        self.report.added += batch.added
        self.report.copies += batch.copies
        self.report.imposters += batch.imposters
        self.report.quotes.update(str(row[8]) for row in quotes)
        self.report.defects.update(kind for row in self._rows for kind, _ in row.defects)
        self.report.ghosts = writer.ghost_count()

    def _leave_out_known(self) -> None:
        """Drop the mails that another import has stored since they were read."""
        known = self.writer.known([row.sha256 for row in self._rows])
        for row in self._rows:
            if row.sha256 in known:
                self._origin[row.sha256].report.known += 1
        self._rows = [row for row in self._rows if row.sha256 not in known]

    def _finish(self, reading: _Reading) -> None:
        assert reading.row is not None
        self.writer.finish_source(
            reading.row,
            mail_count=reading.report.seen,
            cursor=reading.source.cursor,
            problems=[(one.kind, one.detail) for one in reading.source.problems],
            overview=[
                (
                    o.row,
                    o.depth,
                    o.parent_row,
                    o.date_utc,
                    o.author,
                    o.subject,
                    o.message_id,
                    o.match,
                )
                for o in reading.source.overview
            ],
        )
