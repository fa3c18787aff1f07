"""Fetch: threads and commits from other machines into a database."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from threadkit.errors import FetchError, QueryError, SourceError, StoreMissing
from threadkit.fetch.clone.clone import Clone
from threadkit.fetch.lore.names import Target, parse_target
from threadkit.fetch.lore.origins import Origins, origins_from_environment
from threadkit.fetch.web.clock import Clock, SystemClock, stamp
from threadkit.fetch.web.hosts import host_of
from threadkit.fetch.web.manners import Manners
from threadkit.fetch.web.session import Session
from threadkit.pipeline.crawl import Crawl
from threadkit.pipeline.fetch_commits import CommitFetcher
from threadkit.pipeline.fetch_options import FetchOptions
from threadkit.pipeline.fetch_report import FetchProgress, FetchReport, FetchResult
from threadkit.pipeline.fetch_threads import ThreadFetcher, day_of
from threadkit.pipeline.fetch_turn import turn
from threadkit.pipeline.importing import finish
from threadkit.store.connection import open_write, translate
from threadkit.store.fetch_queue import FetchQueue
from threadkit.store.hosts import HostRests
from threadkit.store.queue_item import QueueKind
from threadkit.store.transaction import transaction
from threadkit.store.write import Writer


@dataclass(frozen=True, slots=True)
class _Asked:
    """One thing that the user wants, as the queue names it."""

    kind: QueueKind
    name: str
    inbox: str | None = None
    origin: str | None = None


def fetch_mail(
    path: str | Path,
    names: Sequence[str] | str = (),
    *,
    search: Sequence[str] | str = (),
    options: FetchOptions | None = None,
    origins: Origins | None = None,
    manners: Manners | None = None,
    clock: Clock | None = None,
    tell: Callable[[FetchProgress], None] | None = None,
    result: Callable[[FetchResult], None] | None = None,
) -> FetchReport:
    """Fetch threads and commits into a database.

    Parameters
    ----------
    path : str or Path
        The database; made if it is not there.
    names : sequence of str, or str
        Message-IDs, hashes of commits, and URLs of mails, commits and lists: see
        :func:`threadkit.fetch.lore.names.parse_target`. They are fetched with what they lead to,
        and nothing else. Without any, and without a search, everything that earlier runs
        left over is fetched: what waits, failed, or was over the limit.
    search : sequence of str, or str
        Searches in the words of the server; whole threads come.
    options : FetchOptions, optional
        How far to go, and how.
    origins : Origins, optional
        Servers to ask; by default those of the environment, else kernel.org's.
    manners : Manners, optional
        Pauses, patience and limits.
    clock : Clock, optional
        Time and waiting.
    tell : callable, optional
        Takes the progress.
    result : callable, optional
        Takes every result as it comes.

    Returns
    -------
    FetchReport
        What came, what did not, and why. Errors of the network are in it, not raised.

    Raises
    ------
    SourceError, QueryError
        A name, a date or the clone cannot be understood; nothing was done.
    StoreError
        The database cannot be opened or written.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> report = fetch_mail(Path(folder.name, "a.db"), ["a@example.org"], options=FetchOptions(offline=True))
    >>> [str(error) for error in report.errors]
    ['https://lore.kernel.org/all/a@example.org/: needs the network, which is switched off']
    >>> folder.cleanup()

    Notes
    -----
    What was asked for is kept in the database until it came: a run can be killed at any
    time, and the next goes on, as far as the one that asked. Only one run at a time asks
    servers on behalf of a database; another one queues what it was asked for, and says so.
    An offline run leaves the queue as it was. Requests go out one after the other, with a pause for each
    host; what a host asks for (``Retry-After``) is kept, too.
    """
    started = time.monotonic()
    options, clock = options or FetchOptions(), clock or SystemClock()
    origins = origins or origins_from_environment()
    names, search = ([one] if isinstance(one, str) else one for one in (names, search))
    asked = _asked(names, search, options)
    clone = Clone(options.clone, options.mainline) if options.clone else None
    if not asked and not Path(path).exists():
        raise StoreMissing(Path(path), "no such database, so nothing is left over to be fetched")
    tell = tell or (lambda now: None)
    with ExitStack() as stack:
        db = open_write(path)
        stack.callback(db.close)
        stack.enter_context(translate(path))
        session = stack.enter_context(
            Session(
                manners or Manners(known_hosts=origins.hosts),
                HostRests(db.conn),
                offline=options.offline,
                clock=clock,
                tell=lambda line: tell(FetchProgress(line)),
            )
        )
        writer, queue = Writer(db), FetchQueue(db.conn)
        if options.offline:
            queue.set_aside()
        is_ours = options.offline or stack.enter_context(turn(path))
        wanted = _enqueue(queue, asked, options.with_cited, stamp(clock.utc()))
        if not is_ours:
            return FetchReport(errors=[_busy(path, asked)])
        if not asked:
            queue.revive()
        crawl = Crawl(
            queue,
            ThreadFetcher(writer, session, origins.lore, options, tell),
            CommitFetcher(session, origins.cgit, clone, options),
            options,
            asked=wanted if asked else None,
            clock=clock,
            tell=tell,
            result=result or (lambda one: None),
        )
        try:
            report = crawl.run()
        finally:
            finish(writer)
    report.seconds = time.monotonic() - started
    return report


def _asked(names: Sequence[str], search: Sequence[str], options: FetchOptions) -> list[_Asked]:
    """Understand everything before anything is done."""
    for text in (*names, *search, options.inbox or ""):
        if not text.isascii() and text != text.encode("utf-8", "replace").decode():
            raise SourceError(ascii(text), "not UTF-8, and so neither an id nor a search")
    asked = [_named(parse_target(name), name, options) for name in names]
    if options.since is not None and not any(one.kind == "inbox" for one in asked):
        raise QueryError(options.since, "a first day goes with the URL of a list")
    for query in search:
        if not query.strip():
            raise QueryError(query, "nothing to search for")
        asked.append(_Asked("search", query.strip(), options.inbox))
    return asked


def _named(target: Target, name: str, options: FetchOptions) -> _Asked:
    if target.origin is not None:
        host_of(target.origin)  # what no request could be sent to is refused here
    if target.kind != "inbox":
        return _Asked(target.kind, target.name, target.inbox, target.origin)
    if options.since is None:
        raise SourceError(
            name, "a whole list: say --since DAY for its newest threads, or --mirror for all"
        )
    return _Asked("inbox", f"{target.name} {day_of(options.since)}", None, target.origin)


def _enqueue(queue: FetchQueue, asked: Sequence[_Asked], reach: int, now_utc: str) -> list[int]:
    """Let what was asked for wait, and return its ids in the queue."""
    with transaction(queue.conn):
        return [
            queue.again(
                one.kind, one.name, now_utc, inbox=one.inbox, origin=one.origin, reach=reach
            ).id
            for one in asked
        ]


def _busy(path: str | Path, asked: Sequence[_Asked]) -> FetchError:
    """Say that another run has the turn."""
    why = "another fetch is at work on this database"
    if asked:
        why += "; what was asked for waits in its queue: run 'threadkit fetch' after that"
    return FetchError(str(path), why)
