"""An archive: one database of mail, as notebooks and the command line see it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from threadkit.pipeline.findings import Findings
from threadkit.pipeline.message import Message
from threadkit.store import lookup, read
from threadkit.store.connection import open_read, open_write, translate

if TYPE_CHECKING:
    import sqlite3
    from types import TracebackType

    from threadkit.pipeline.commit import CommitView
    from threadkit.pipeline.fetch_options import FetchOptions
    from threadkit.pipeline.fetch_report import FetchProgress, FetchReport, FetchResult
    from threadkit.pipeline.hits import Hits
    from threadkit.pipeline.listed import People, Threads
    from threadkit.pipeline.report import ImportReport, Progress
    from threadkit.pipeline.table import Table
    from threadkit.pipeline.thread import Thread
    from threadkit.store.stats import Stats
    from threadkit.store.verify import Finding

DEFAULT = "threadkit.db"


def open(path: str | Path = DEFAULT, *, create: bool = False) -> Archive:
    """Open an archive for reading.

    Parameters
    ----------
    path : str or Path, optional
        The database that an import made.
    create : bool, optional
        Make an empty one if there is none.

    Returns
    -------
    Archive
        Close it, or use it in a ``with`` statement.

    Raises
    ------
    StoreError
        There is no database, or it cannot be read (see :mod:`threadkit.errors`).

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> with open(folder.name + "/new.db", create=True) as archive:
    ...     archive.stats().mails
    0
    >>> folder.cleanup()
    """
    if create and not Path(path).exists():
        open_write(path).close()
    archive = Archive(path)
    _ = archive.connection
    return archive


class Archive(Findings):
    r"""One database of mail.

    Parameters
    ----------
    path : str or Path
        The file. It is opened when something is first asked of it.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> mail = Path(folder.name, "one.eml")
    >>> _ = mail.write_bytes(
    ...     b"From: Ann Example <ann@example.org>\nMessage-ID: <a@example.org>\n"
    ...     b"Subject: fork\nDate: Mon, 06 Jan 2020 09:00:00 +0000\n\nOne page.\n")
    >>> with open(Path(folder.name, "a.db"), create=True) as archive:
    ...     archive.import_mail(mail, workers=0).added
    ...     archive.message("a@")
    ...     archive.thread("a@example.org")
    ...     archive.search("f:ann page")
    ...     archive.query("SELECT message_id, subject FROM message")[0]
    ...     archive.verify()
    1
    <Message 'fork' Ann Example, 2020-01-06T09:00>
    <Thread 'fork' 1 message, 1 person, 2020-01-06>
    <Hits 'f:ann page' 1 hit>
    {'message_id': 'a@example.org', 'subject': 'fork'}
    []
    >>> folder.cleanup()
    """

    def __init__(self, path: str | Path = DEFAULT) -> None:
        self.path = Path(path)
        self._connection: sqlite3.Connection | None = None

    @property
    def connection(self) -> sqlite3.Connection:
        """A connection that can only read; for SQL that :meth:`query` is too narrow for."""
        if self._connection is None:
            self._connection = open_read(self.path)
        return self._connection

    def close(self) -> None:
        """Close the file; a later question opens it again."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def message(self, name: str) -> Message:
        """Find one mail.

        Parameters
        ----------
        name : str
            A Message-ID, any unique beginning of one, a lore URL, or ``#`` and a row id.

        Returns
        -------
        Message
            Its text is read when it is first asked for.

        Raises
        ------
        NotFound, Ambiguous
            Nothing, or more than one mail, answers to the name.
        """
        with self._reading() as conn:
            return Message(self, read.message(conn, lookup.find(conn, name)))

    def thread(self, name: str) -> Thread:
        """Find the whole conversation that a mail belongs to.

        Parameters
        ----------
        name : str
            As for :meth:`message`; any mail of the conversation will do.

        Returns
        -------
        Thread
            With loose matches and ghosts.

        Raises
        ------
        NotFound, Ambiguous
            As for :meth:`message`.
        """
        from threadkit.pipeline.thread import Thread

        with self._reading() as conn:
            return Thread(self, read.thread(conn, lookup.find(conn, name)))

    def commit(self, name: str) -> CommitView:
        """Find a commit that was fetched.

        Parameters
        ----------
        name : str
            Its hash or the beginning of one.

        Returns
        -------
        CommitView
            What is known of it, and which mails cite it.

        Raises
        ------
        NotFound, Ambiguous
            None, or more than one, of the commits here begins so.
        """
        from threadkit.pipeline.commit import find_commit

        with self._reading() as conn:
            return find_commit(conn, name)

    def threads(self, query: str | None = None, *, limit: int | None = 20) -> Threads:
        """List conversations, the one with the newest mail first.

        Parameters
        ----------
        query : str, optional
            Only those in which a mail answers this search.
        limit : int or None, optional
            The most to list; None for all.

        Returns
        -------
        Threads
            A list of StoredThread: size, people and dates of each.

        Raises
        ------
        QueryError
            The query cannot be understood.
        """
        from threadkit.pipeline.listed import Threads
        from threadkit.store.search import matching
        from threadkit.store.threads import threads

        with self._reading() as conn:
            found = matching(conn, query) if query else None
            return Threads(threads(conn, found, limit=limit))

    def search(
        self,
        query: str,
        *,
        limit: int = 20,
        order: Literal["new", "rank"] = "new",
        exact: bool = False,
    ) -> Hits:
        """Find mails.

        Parameters
        ----------
        query : str
            Words and lore's prefixes, such as ``f:hugh page_count``.
        limit : int, optional
            The most hits.
        order : {"new", "rank"}, optional
            Newest first, or best first.
        exact : bool, optional
            Let a ranked search score every hit, not only the newest 2,000.

        Returns
        -------
        Hits
            In order, with the line that matches.

        Raises
        ------
        QueryError
            The query cannot be understood.
        """
        from threadkit.pipeline.hits import Hits
        from threadkit.store.search import search

        with self._reading() as conn:
            return Hits(query, search(conn, query, limit=limit, order=order, exact=exact))

    def query(
        self, sql: str, params: Mapping[str, Any] | Sequence[Any] | None = None, **named: object
    ) -> Table:
        """Run one SQL statement that only reads.

        Parameters
        ----------
        sql : str
            With ``:name`` or ``?`` where a parameter goes.
        params : mapping or sequence, optional
            Values of the parameters.
        **named
            Values of named parameters, in place of ``params``.

        Returns
        -------
        Table
            All rows.

        Raises
        ------
        QueryError
            SQLite cannot understand it, or it would write.
        """
        from threadkit.pipeline.table import Table
        from threadkit.store.sql import sql as run

        with self._reading() as conn:
            columns, rows = run(conn, sql, params or named)
            return Table(columns, list(rows))

    def stats(self) -> Stats:
        """Count everything.

        Returns
        -------
        Stats
            Numbers by name; dicts of numbers for kinds of things.
        """
        from threadkit.store.stats import stats

        with self._reading() as conn:
            return stats(conn)

    def people(self, *, limit: int | None = None) -> People:
        """List the persons who wrote, with their addresses and why they were merged.

        Parameters
        ----------
        limit : int or None, optional
            The most to list.

        Returns
        -------
        People
            A list of StoredPerson: those who wrote most first.
        """
        from threadkit.pipeline.listed import People
        from threadkit.store.catalog import persons

        with self._reading() as conn:
            return People(persons(conn, limit=limit))

    def verify(self, progress: Callable[[int, int], None] | None = None) -> list[Finding]:
        """Prove that the database holds together.

        Parameters
        ----------
        progress : callable, optional
            Called with what is done and the whole.

        Returns
        -------
        list of Finding
            Everything that is wrong; empty if nothing is.
        """
        from threadkit.store.verify import verify

        with self._reading() as conn:
            return list(verify(conn, progress))

    def import_mail(
        self,
        *sources: str | Path,
        workers: int | None = None,
        mailmap: Path | None = None,
        progress: Callable[[Progress], None] | None = None,
    ) -> ImportReport:
        """Import mail into this archive; safe to repeat.

        Parameters
        ----------
        *sources : str or Path
            Mailboxes, folders, single mails, saved pages, git repositories.
        workers, mailmap, progress
            As for :func:`threadkit.pipeline.importing.import_mail`.

        Returns
        -------
        ImportReport
            Counts, and every problem by name.

        Raises
        ------
        SourceError, StoreError
            As for :func:`threadkit.pipeline.importing.import_mail`.
        """
        from threadkit.pipeline.importing import import_mail

        self.close()  # what was open as immutable would not see the new mail
        names = [str(source) for source in sources]
        return import_mail(self.path, names, workers=workers, mailmap=mailmap, progress=progress)

    def fetch(
        self,
        *names: str,
        search: Sequence[str] = (),
        options: FetchOptions | None = None,
        tell: Callable[[FetchProgress], None] | None = None,
        result: Callable[[FetchResult], None] | None = None,
    ) -> FetchReport:
        """Fetch threads and commits into this archive; safe to repeat.

        Parameters
        ----------
        *names : str
            Message-IDs, hashes of commits, URLs; none for what earlier runs left over.
        search, options, tell, result
            As for :func:`threadkit.pipeline.fetching.fetch_mail`.

        Returns
        -------
        FetchReport
            What came, what did not, and why.

        Raises
        ------
        SourceError, QueryError, StoreError
            As for :func:`threadkit.pipeline.fetching.fetch_mail`.
        """
        from threadkit.pipeline.fetching import fetch_mail

        self.close()  # as for import_mail
        return fetch_mail(
            self.path, names, search=search, options=options, tell=tell, result=result
        )

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """Give the connection; errors of SQLite become threadkit's."""
        with translate(self.path):
            yield self.connection

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
        if isinstance(error, Exception):
            with translate(self.path):  # what a mail's text met when it was read late
                raise error

    def _facts(self) -> list[str]:
        from threadkit.store.catalog import mail_count

        with self._reading() as conn:
            count = mail_count(conn)
        return [f"{count:,} mail" + ("" if count == 1 else "s")]

    def __repr__(self) -> str:
        return f"<Archive {self.path}: {', '.join(self._facts())}>"

    def _repr_html_(self) -> str:
        from threadkit import notebook

        return notebook.heading(str(self.path), self._facts())


@contextmanager
def run_sql(
    path: str | Path, sql: str, params: Mapping[str, Any], *, write: bool = False
) -> Iterator[tuple[Sequence[str], Iterator[tuple[Any, ...]]]]:
    """Run one SQL statement and hand out its rows while they are found.

    Parameters
    ----------
    path : str or Path
        The database; it has to be there.
    sql : str
        One statement, with ``:name`` where a parameter goes.
    params : mapping
        Values of the parameters.
    write : bool, optional
        Let the statement change the database.

    Yields
    ------
    tuple of (sequence of str, iterator of tuple)
        Names of the columns; the rows.

    Raises
    ------
    QueryError
        SQLite cannot understand it, or it would write and may not.
    StoreError
        The database cannot be opened, read or written.

    Examples
    --------
    >>> with run_sql("/nowhere/a.db", "SELECT 1", {}) as (columns, rows):
    ...     pass
    Traceback (most recent call last):
    threadkit.errors.StoreMissing: /nowhere/a.db: no such database
    """
    from threadkit.store.sql import sql as run

    with translate(path):
        conn = open_write(path, create=False).conn if write else open_read(path)
        try:
            columns, rows = run(conn, sql, params, write=write)
            with closing(_handed(rows)) as handed:  # the rows end before their connection
                yield columns, handed
        finally:
            conn.close()


def _handed(rows: Iterator[tuple[Any, ...]]) -> Generator[tuple[Any, ...], None, None]:
    """Hand rows on; closing this closes what gives them."""
    yield from rows
