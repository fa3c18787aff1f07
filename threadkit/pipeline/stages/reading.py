"""Read mails one by one for an analyzer: only unread ones, in batches, shared by processes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass
from sqlite3 import Connection
from typing import TYPE_CHECKING, Generic, TypeVar

from threadkit.errors import WorkerLost
from threadkit.pipeline.stages import EVERYTHING, Scope
from threadkit.store.mailtexts import BATCH, StoredText, mark_read, texts, unread, unread_count
from threadkit.store.transaction import transaction

if TYPE_CHECKING:
    from concurrent.futures import Future

    from sqlite_utils import Database

T = TypeVar("T")

SHARED_FROM = 4000
"""From so many mails on, processes share the work: each takes a second to load spaCy."""

MOST_WORKERS = 6
"""More cannot be kept busy: one process reads and writes for all."""


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """How an analyzer reads mails.

    Attributes
    ----------
    name, version : str
        Of the analyzer, as in the table ``run``.
    find : callable
        Reads one mail; a function of a module, so that other processes can call it.
    save : callable
        Takes a connection in a transaction, the run and what was found; returns how many
        findings that are.
    shared_from : int
        From so many mails on, processes share the work.
    batch : int
        Mails that are read and saved at once.
    """

    name: str
    version: str
    find: Callable[[StoredText], T]
    save: Callable[[Connection, int, list[T]], int]
    shared_from: int = SHARED_FROM
    batch: int = BATCH

    def waiting(self, conn: Connection, scope: Scope = EVERYTHING) -> int:
        """Count the mails that are to be read.

        Parameters
        ----------
        conn : sqlite3.Connection
            An open database.
        scope : Scope, optional
            Which.
        """
        return unread_count(conn, self.name, self.version, roots=scope.roots)

    def run(
        self, db: Database, run_id: int, tell: Callable[[int, int], None], scope: Scope = EVERYTHING
    ) -> tuple[int, int]:
        """Read the mails that have not been read; each batch is kept at once.

        Parameters
        ----------
        db : Database
            Open for writing.
        run_id : int
            For the findings.
        tell : callable
            Takes mails done and all of them.
        scope : Scope, optional
            Which mails, and how many processes.

        Returns
        -------
        read, found : int
            Mails, findings.

        Raises
        ------
        WorkerLost
            A process that shared the work died; what was kept stays.
        """
        total = self.waiting(db.conn, scope)
        done = found = 0
        with closing(self._findings(db.conn, scope, self._workers(total, scope))) as batches:
            for some, findings in batches:
                with transaction(db.conn):
                    found += self.save(db.conn, run_id, findings)
                    mark_read(db.conn, self.name, some, run_id)
                done += len(some)
                tell(done, total)
        return done, found

    def _workers(self, total: int, scope: Scope) -> int:
        """Say how many processes are worth starting; one alone gains nothing."""
        if scope.jobs is None and total < self.shared_from:
            return 0
        from threadkit.pipeline.workers import usual_workers

        usual = min(usual_workers(), MOST_WORKERS) if scope.jobs is None else scope.jobs
        return usual if usual > 1 else 0

    def _findings(
        self, conn: Connection, scope: Scope, workers: int
    ) -> Generator[tuple[list[int], list[T]], None, None]:
        """Read what has not been read, a batch at a time and in order."""
        if not workers:
            for some in self._batches(conn, scope):
                yield some, [self.find(stored) for stored in texts(conn, some)]
            return
        from threadkit.pipeline.workers import Crew

        try:
            with Crew(workers, None) as crew:
                waiting: deque[tuple[list[int], Future[list[T]]]] = deque()
                for some in self._batches(conn, scope):
                    waiting.append((some, crew.each(self.find, texts(conn, some))))
                    if len(waiting) > 2 * crew.workers:
                        first, found = waiting.popleft()
                        yield first, found.result()
                for first, future in waiting:
                    yield first, future.result()
        except WorkerLost as lost:
            raise WorkerLost("analyze again") from lost

    def _batches(self, conn: Connection, scope: Scope) -> Generator[list[int], None, None]:
        last = 0
        while some := unread(
            conn, self.name, self.version, after=last, most=self.batch, roots=scope.roots
        ):
            last = some[-1]
            yield some
