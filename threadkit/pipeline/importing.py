"""Import: sources of mail into the store, in batches that are whole or not there.

:func:`import_mail` reads paths; :func:`import_sources` reads what somebody else opened,
such as answers of servers, into a database that stays open. The work itself is done in
:mod:`threadkit.pipeline.batches`. People are merged at the end.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from threadkit.errors import SourceError
from threadkit.fetch.files import open_sources
from threadkit.fetch.limits import Limits, identities
from threadkit.fetch.source import Source
from threadkit.mail.values import Defect
from threadkit.pipeline.batches import Batches, BeforeWrite, Pace
from threadkit.pipeline.people import merge_people, read_mailmap
from threadkit.pipeline.report import ImportReport, Progress, SourceReport
from threadkit.store import people
from threadkit.store.connection import open_write, translate
from threadkit.store.sources import roots_of
from threadkit.store.write import Writer

CHUNK_MAILS = 200
CHUNK_BYTES = 2_000_000
BATCH_MAILS = 4000
BATCH_BYTES = 24_000_000
AHEAD_CHUNKS = 20
SAMPLE_MAILS = 1500
TRAIN_FROM_MAILS = 300

FETCHED = Pace(
    chunk_mails=50,
    chunk_bytes=500_000,
    batch_mails=640,
    batch_bytes=6_000_000,
    ahead_chunks=12,
    sample_mails=300,
    train_from_mails=300,
)
"""For mail that comes while it is imported: work begins early, and little is held."""


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
            writer = Writer(db)
            task = Batches(writer, path, workers, _pace(), progress=progress)
            failed: list[SourceError] = []
            task.run(_sources(writer, path, sources, failed))
            if failed and not task.report.sources:
                if is_new:
                    remove_unused(writer, path)
                raise failed[0]
            for error in failed:
                unread = SourceReport(error.uri, "", problems=[Defect("unreadable", error.why)])
                task.report.sources.append(unread)
            merge_people(writer, aliases)
            task.check_file()
            if task.report.added:
                writer.optimize()
    finally:
        db.close()
    task.report.seconds = time.monotonic() - started
    return task.report


def import_sources(
    writer: Writer,
    sources: Iterable[Source],
    *,
    workers: int | None = None,
    before_write: BeforeWrite | None = None,
    pace: Pace = FETCHED,
    progress: Callable[[Progress], None] | None = None,
) -> ImportReport:
    r"""Import sources that are open already into a database that stays open.

    Parameters
    ----------
    writer : Writer
        Of the database; the same one for many calls.
    sources : iterable of Source
        Read to the end one after the other.
    workers : int, optional
        As for :func:`import_mail`.
    before_write : callable, optional
        Called once for each source, before anything of it is written, and also if nothing
        is new. What it raises ends the import with nothing of that source stored; what it
        returns is stored with the source. See :meth:`MailDownload.settle
        <threadkit.fetch.lore.download.MailDownload.settle>`.
    pace : Pace, optional
        How much is held at a time.
    progress : callable, optional
        Called after every commit.

    Returns
    -------
    ImportReport
        With ``messages``, ``new`` and ``roots``.

    Raises
    ------
    StoreError
        The database cannot be written.
    WorkerLost
        A worker process was killed.

    Notes
    -----
    Call :func:`finish` once after the last call. A process that is killed before that
    leaves a note in the database, and the next import makes up for it.

    Examples
    --------
    >>> from threadkit.fetch.lore.download import MailDownload
    >>> import gzip, io
    >>> class Answer(io.BytesIO):
    ...     url, status, framed = "https://example.org/t.mbox.gz", 200, True
    >>> box = (b"From mboxrd@z Thu Jan  1 00:00:00 1970\nSubject: a\n"
    ...        b"Message-ID: <a@example.org>\n\nhello\n\n")
    >>> download = MailDownload(Answer(gzip.compress(box)))
    >>> db = open_write(":memory:")
    >>> writer = Writer(db)
    >>> report = import_sources(
    ...     writer, [download.source], before_write=lambda _: download.settle())
    >>> report.added, list(report.roots.values())
    (1, ['a@example.org'])
    >>> finish(writer)
    >>> db.close()
    """
    started = time.monotonic()
    path = Path(writer.path)
    with translate(path):
        writer.use_little_memory()
        task = Batches(
            writer,
            path,
            workers,
            pace,
            progress=progress,
            before_write=before_write,
            remember=True,
        )
        task.run(sources)
        task.report.roots = roots_of(writer.conn, task.report.messages)
    task.report.seconds = time.monotonic() - started
    return task.report


def finish(writer: Writer, mailmap: str | None = None) -> None:
    """Do what is done once after many imports: find out who is one person.

    Parameters
    ----------
    writer : Writer
        Of the database.
    mailmap : str, optional
        The text of a mailmap, kept for later imports.

    Raises
    ------
    StoreError
        The database cannot be written.
    """
    with translate(writer.path):
        is_news = people.changed(writer.conn) is not None
        merge_people(writer, mailmap)
        if is_news:
            writer.optimize()


def _pace() -> Pace:
    return Pace(
        chunk_mails=CHUNK_MAILS,
        chunk_bytes=CHUNK_BYTES,
        batch_mails=BATCH_MAILS,
        batch_bytes=BATCH_BYTES,
        ahead_chunks=AHEAD_CHUNKS,
        sample_mails=SAMPLE_MAILS,
        train_from_mails=TRAIN_FROM_MAILS,
    )


def _sources(
    writer: Writer, database: Path, paths: Sequence[str], failed: list[SourceError]
) -> Iterator[Source]:
    """Open the sources behind some paths; one that holds no mail does not stop the others."""
    ends = ("", "-wal", "-shm", "-journal", "-fetch")
    own_files = [database.with_name(database.name + end) for end in ends]
    limits = Limits(untouched=identities(own_files))
    for path in paths:
        try:
            yield from open_sources(
                [path], cursors=lambda uri: writer.source(uri)[1], limits=limits
            )
        except SourceError as error:
            failed.append(error)


def remove_unused(writer: Writer, path: Path) -> None:
    """Remove a database that was made for nothing, unless another import uses it.

    Parameters
    ----------
    writer : Writer
        Of the database, in no transaction.
    path : Path
        Its file.
    """
    with writer.transaction():  # under the lock, so that nobody stores meanwhile
        if writer.is_unused():
            for side in ("", "-wal", "-shm"):
                Path(f"{path}{side}").unlink(missing_ok=True)
