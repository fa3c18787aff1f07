"""Work in other processes, or here when there is little of it."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import stat
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import connection
from pathlib import Path
from types import TracebackType
from typing import ParamSpec, Self, TypeVar

from threadkit.errors import WorkerLost
from threadkit.pipeline.prepare import Dictionary, Preparer, QuoteTask, Unread, resolve_quotes
from threadkit.store.rows import MailRow

P = ParamSpec("P")
S = TypeVar("S")
T = TypeVar("T")

_preparer: Preparer | None = None


class Crew:
    """Prepares mails, resolves quotes and analyzes, in worker processes or in this one.

    Parameters
    ----------
    workers : int
        Processes; 0 does the work at once, in this process.
    dictionary : Dictionary or None
        Compression dictionary for :class:`~threadkit.pipeline.prepare.Preparer`.

    Raises
    ------
    WorkerLost
        At the end of the ``with`` block, if a worker died in it.

    Attributes
    ----------
    workers : int
        Those there are: none where the system has no way to share work.
    """

    def __init__(self, workers: int, dictionary: Dictionary | None) -> None:
        self._pool = _pool(workers, dictionary) if workers else None
        self.workers = workers if self._pool else 0
        self._local = None if self._pool else Preparer(dictionary)

    def prepare(self, mails: list[Unread]) -> Future[list[MailRow]]:
        """Prepare some mails; the result keeps their order.

        Parameters
        ----------
        mails : list of Unread
            Raw mails.

        Returns
        -------
        Future of list of MailRow
            One for each mail.
        """
        if self._pool:
            return self._pool.submit(_prepare, mails)
        local = self._local
        assert local is not None
        return _done(lambda: [local.prepare(mail) for mail in mails])

    def resolve(self, tasks: list[QuoteTask]) -> Future[list[tuple[object, ...]]]:
        """Resolve the quotes of some mails into rows of the table ``quote``.

        Parameters
        ----------
        tasks : list of QuoteTask
            Mails with their ancestors.

        Returns
        -------
        Future of list of tuple
            Rows of the table ``quote``.
        """
        if self._pool:
            return self._pool.submit(resolve_quotes, tasks)
        return _done(lambda: resolve_quotes(tasks))

    def each(self, work: Callable[[S], T], things: Sequence[S]) -> Future[list[T]]:
        """Do the same with each of some things; the results keep their order.

        Parameters
        ----------
        work : callable
            A function of a module, so that every process finds it.
        things : sequence
            What it takes, one at a time.

        Returns
        -------
        Future of list
            One result for each.
        """
        if self._pool:
            return self._pool.submit(_each, work, things)
        return _done(lambda: _each(work, things))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)
        if isinstance(error, BrokenProcessPool):
            raise WorkerLost from error


def usual_workers() -> int:
    """Return how many workers to use where nobody said: one for each processor, or none.

    None where workers would have to be spawned from a script: each would run the
    script again up to where it imports mail, unless that is guarded. Those who ask for
    workers there know that; a notebook is no script.

    Returns
    -------
    int
        0 for none.
    """
    main = sys.modules.get("__main__")
    is_script = getattr(main, "__file__", None) or getattr(main, "__spec__", None)
    if not _may_fork() and is_script:
        return 0
    return os.cpu_count() or 1


def _pool(workers: int, dictionary: Dictionary | None) -> ProcessPoolExecutor | None:
    """Return a pool of workers, or None where there can be none."""
    if multiprocessing.current_process().daemon:
        return None  # a worker of somebody's pool may not have processes of its own
    # Forking is quick, but not safe beside other threads (as in a notebook).
    context = multiprocessing.get_context("fork" if _may_fork() else "spawn")
    try:
        return ProcessPoolExecutor(
            workers, mp_context=context, initializer=_start, initargs=(dictionary,)
        )
    except (OSError, ImportError, NotImplementedError):
        return None  # no semaphores here: a jail without /dev/shm, or a small system


def _may_fork() -> bool:
    return "fork" in multiprocessing.get_all_start_methods() and threading.active_count() == 1


def _done(work: Callable[[], T]) -> Future[T]:
    future: Future[T] = Future()
    future.set_result(work())
    return future


def _start(dictionary: Dictionary | None) -> None:
    """Set up a worker: Ctrl-C is the parent's matter, and it dies with its parent."""
    global _preparer
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _let_go_of_sockets()
    threading.Thread(target=_die_with_parent, daemon=True).start()
    # Rows are trees, not cycles: looking through them for garbage took a fifth of the time.
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    _preparer = Preparer(dictionary)


def _let_go_of_sockets() -> None:
    """Put nothing in the place of the sockets that a fork has copied.

    A connection is open as long as any process holds it, so a worker would keep a server
    waiting after its parent is done. Standard input and output stay.
    """
    nothing = os.open(os.devnull, os.O_RDWR)
    open_files = Path("/dev/fd")
    for number in [int(one.name) for one in open_files.iterdir()] if open_files.is_dir() else []:
        try:
            if number > 2 and stat.S_ISSOCK(os.fstat(number).st_mode):
                os.dup2(nothing, number)
        except OSError:  # it was that of the listing itself
            continue
    os.close(nothing)


def _die_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _each(work: Callable[[S], T], things: Sequence[S]) -> list[T]:
    return [work(one) for one in things]


def _prepare(mails: list[Unread]) -> list[MailRow]:
    assert _preparer is not None
    return [_preparer.prepare(mail) for mail in mails]
