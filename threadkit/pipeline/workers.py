"""Work in other processes, or here when there is little of it."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import connection
from types import TracebackType
from typing import ParamSpec, Self, TypeVar

from threadkit.pipeline.prepare import Dictionary, Preparer, QuoteTask, Unread, resolve_quotes
from threadkit.store.rows import MailRow

P = ParamSpec("P")
T = TypeVar("T")

_preparer: Preparer | None = None


class Crew:
    """Prepares mails and resolves quotes, in worker processes or in this one.

    Parameters
    ----------
    workers : int
        Processes; 0 does the work at once, in this process.
    dictionary : Dictionary or None
        Compression dictionary for :class:`~threadkit.pipeline.prepare.Preparer`.
    """

    def __init__(self, workers: int, dictionary: Dictionary | None) -> None:
        self.workers = workers
        self._pool: ProcessPoolExecutor | None = None
        if workers:
            # Forking is quick, but not safe beside other threads (as in a notebook).
            method = "fork" if _may_fork() else "spawn"
            self._pool = ProcessPoolExecutor(
                workers,
                mp_context=multiprocessing.get_context(method),
                initializer=_start,
                initargs=(dictionary,),
            )
        else:
            self._local = Preparer(dictionary)

    def prepare(self, mails: list[Unread]) -> Future[list[MailRow]]:
        """Prepare some mails; the result keeps their order."""
        if self._pool:
            return self._pool.submit(_prepare, mails)
        return _done(lambda: [self._local.prepare(mail) for mail in mails])

    def resolve(self, tasks: list[QuoteTask]) -> Future[list[tuple[object, ...]]]:
        """Resolve the quotes of some mails into rows of the table ``quote``."""
        if self._pool:
            return self._pool.submit(resolve_quotes, tasks)
        return _done(lambda: resolve_quotes(tasks))

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
    threading.Thread(target=_die_with_parent, daemon=True).start()
    # Rows are trees, not cycles: looking through them for garbage took a fifth of the time.
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    _preparer = Preparer(dictionary)


def _die_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _prepare(mails: list[Unread]) -> list[MailRow]:
    assert _preparer is not None
    return [_preparer.prepare(mail) for mail in mails]
