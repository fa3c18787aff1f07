"""Threads, searches and lists, from a public-inbox server into the database."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from threadkit.errors import (
    AnswerTooLarge,
    BrokenAnswer,
    QueryError,
    ServerTrouble,
    UnexpectedAnswer,
    Unreachable,
)
from threadkit.fetch.lore.download import MailDownload
from threadkit.fetch.lore.lore import Lore, since_query
from threadkit.fetch.lore.pages import ThreadPage
from threadkit.fetch.web.clock import stamp
from threadkit.fetch.web.session import Session
from threadkit.pipeline.fetch_options import RECENT_S, FetchOptions
from threadkit.pipeline.fetch_report import FetchedThread, FetchProgress, ThreadState
from threadkit.pipeline.importing import import_sources
from threadkit.pipeline.report import ImportReport, Progress
from threadkit.store import fetched
from threadkit.store.queue_item import QueueItem
from threadkit.store.search_dates import span
from threadkit.store.threads import thread_rows
from threadkit.store.write import Writer


@dataclass(frozen=True, slots=True)
class Brought:
    """What came of one item of the queue.

    ``roots`` are the row ids of the first messages of the conversations that were asked
    for, whether anything of them is new or not; ``came`` is False if nobody was asked, and
    then ``like`` is the item of the queue that brought it, if a server did.
    """

    threads: tuple[FetchedThread, ...]
    roots: tuple[int, ...]
    came: bool = True
    like: int | None = None
    url: str = ""
    http_status: int | None = None
    sha256: str | None = None
    mail_count: int = 0
    added: int = 0


class ThreadFetcher:
    """Brings what the queue names from the servers.

    Parameters
    ----------
    writer : Writer
        Of the database.
    session : Session
        With manners.
    origins : sequence of str
        Servers to ask, in this order, where an item names none.
    options : FetchOptions
        How to fetch.
    tell : callable
        Takes a :class:`FetchProgress` while mail comes in.
    """

    def __init__(
        self,
        writer: Writer,
        session: Session,
        origins: Sequence[str],
        options: FetchOptions,
        tell: Callable[[FetchProgress], None],
    ) -> None:
        self._writer = writer
        self._session = session
        self._origins = tuple(origins)
        self._options = options
        self._tell = tell
        self._came: set[int] = set()

    def here(self, item: QueueItem, cited_by: str = "") -> Brought | None:
        """Give what is here already, where the server need not be asked for it.

        Parameters
        ----------
        item : QueueItem
            Of any kind but a commit.
        cited_by : str
            For the results.

        Returns
        -------
        Brought or None
            None if a server has to be asked: it is not here, or came long ago, or from
            elsewhere. Without results if the thread came in this run, by another name.
        """
        conn = self._writer.conn
        root = fetched.root_of(conn, item.name) if item.kind == "thread" else None
        if root is None:
            return None
        like: int | None = None
        if not self._options.offline:
            recent = stamp(self._session.clock.utc() - timedelta(seconds=RECENT_S))
            is_forced = self._options.force
            like = fetched.whole(
                conn, root, since_utc="" if is_forced else recent, inbox=item.inbox,
                origin=item.origin, among=self._came if is_forced else None,
            )  # fmt: skip
            if like is None:
                return None
        told = replace(self._result(item, root, "here", cited_by), url=item.url or "")
        return Brought(() if like in self._came else (told,), (root,), came=False, like=like)

    def bring(self, item: QueueItem, cited_by: str = "") -> Brought:
        """Fetch and store one thread, search or list.

        Parameters
        ----------
        item : QueueItem
            Of any kind but a commit.
        cited_by : str
            For the results.

        Returns
        -------
        Brought
            Everything in it is stored; the outcome of the item is not recorded yet.

        Raises
        ------
        FetchError
            Nothing of it is stored; but an UnexpectedAnswer may be raised after mails that
            were not asked for.
        StoreError
            The database cannot be written.
        """
        started = time.monotonic()
        origins = [item.origin] if item.origin else self._origins
        lore = Lore(self._session, origins, near=item.depth == 0)  # who asked is told what is near
        page = self._overview(lore, item)
        opened, url = self._question(lore, item)
        download, report = self._session.retrying(url, lambda: self._import(opened, page, item))
        own = fetched.root_of(self._writer.conn, item.name) if item.kind == "thread" else None
        roots = tuple(sorted(report.roots, key=lambda root: (root != own, root)))
        if not roots or (item.kind == "thread" and own is None):
            why = "the mailbox lacks the mail that was asked for" if roots else "no mail came"
            raise UnexpectedAnswer(download.url, why, download.status)
        self._came.add(item.id)
        added = fetched.counts_by_root(self._writer.conn, report.new)
        seconds = time.monotonic() - started
        threads = [
            replace(
                self._result(item, root, "same", cited_by, added.get(root, 0)),
                url=download.url, seconds=seconds,
            )
            for root in roots
        ]  # fmt: skip
        threads[0] = self._compared(threads[0], roots, page, report)
        if item.kind == "thread":
            beside = [
                self._beside(thread, root)
                for thread, root in zip(threads, roots, strict=True)
                if root != own and thread.added
            ]
            threads, roots = [threads[0], *beside], roots[:1]
        return Brought(
            tuple(threads), roots, True, None, download.url, download.status,
            download.body.sha256, report.seen, report.added,
        )  # fmt: skip

    def _beside(self, thread: FetchedThread, root: int) -> FetchedThread:
        """Tell of mails of another conversation, which the server adds for their Subject."""
        if fetched.whole(self._writer.conn, root) is not None:
            return thread
        why = f"mails with a like subject, perhaps not all of it: fetch {thread.root} to be sure"
        return replace(thread, state="part", why=why)

    def _overview(self, lore: Lore, item: QueueItem) -> ThreadPage | None:
        """Bring the server's own view of a thread that was asked for by name.

        It comes before the mail: what arrives in between is then no difference.
        """
        if item.kind != "thread" or item.depth or not self._options.check:
            return None
        try:
            return lore.overview(item.name, item.inbox)
        except (UnexpectedAnswer, BrokenAnswer, AnswerTooLarge, ServerTrouble, Unreachable):
            return None  # the mail decides: it is asked for more than once

    def _question(
        self, lore: Lore, item: QueueItem
    ) -> tuple[Callable[[], AbstractContextManager[MailDownload]], str]:
        """Return what to open, and an address to call it by."""
        inbox = item.inbox
        if item.kind == "thread":
            return lambda: lore.thread(item.name, inbox), lore.url(item.name, inbox)
        origin = item.origin or self._origins[0]
        if item.kind == "search":
            return lambda: lore.search(item.name, inbox or "all"), f"{origin}/{inbox or 'all'}/"
        name, _, since = item.name.partition(" ")
        query = since_query(day_of(since))
        return lambda: lore.search(query, name), f"{origin}/{name}/"

    def _import(
        self,
        opened: Callable[[], AbstractContextManager[MailDownload]],
        page: ThreadPage | None,
        item: QueueItem,
    ) -> tuple[MailDownload, ImportReport]:
        """Read one answer into the database, once all of it is proven to be there."""
        with opened() as download:
            if page is not None:
                download.source.overview = page.rows

            def told(now: Progress) -> None:
                """Show how much has come."""
                self._tell(FetchProgress(f"{item.kind} {item.name}", mails=now.seen))

            report = import_sources(
                self._writer,
                [download.source],
                workers=self._options.workers,
                before_write=lambda _: download.settle(),
                progress=told,
            )
            return download, report

    def _result(
        self, item: QueueItem, root: int, state: ThreadState, cited_by: str, added: int = 0
    ) -> FetchedThread:
        thread = next(iter(thread_rows(self._writer.conn, [root])))
        if added:
            state = "new" if added >= thread.message_count else "grown"
        return FetchedThread(
            item.name, state, thread.root, thread.subject, thread.message_count, added,
            depth=item.depth, cited_by=cited_by,
        )  # fmt: skip

    def _compared(
        self,
        thread: FetchedThread,
        roots: Sequence[int],
        page: ThreadPage | None,
        report: ImportReport,
    ) -> FetchedThread:
        """Hold the server's overview against what its mailbox brought."""
        thread = replace(thread, copies=report.copies)
        if page is None:
            return thread
        names = fetched.names_of(self._writer.conn, roots)
        ours = fetched.parents(self._writer.conn, roots)
        shown = [row.message_id for row in page.rows if row.date_utc and row.message_id]
        missing = tuple(one for one in dict.fromkeys(shown) if one not in names)
        differing = sum(
            one in names and names.get(parent or "", parent) not in ours[names[one]]
            for one, parent in _shown_parents(page)
        )
        return replace(thread, absent=missing, differing=differing)


def _shown_parents(page: ThreadPage) -> Iterator[tuple[str, str | None]]:
    """Yield each mail of an overview with its parent there; loose roots have none."""
    for row in page.rows:
        if row.message_id and row.date_utc:
            above = None if row.parent_row is None else page.rows[row.parent_row].message_id
            if above != row.message_id:  # a second copy hangs on the first
                yield row.message_id, above


def day_of(text: str, now: datetime | None = None) -> date:
    """Read a first day, in the words that ``search`` takes for ``d:``.

    Parameters
    ----------
    text : str
        ``2020-08-01``, ``20200801``, ``2020-08``, ``2020``, ``yesterday``, ``2.weeks.ago``.
    now : datetime, optional
        For the words; by default the time of the machine.

    Raises
    ------
    QueryError
        There is no such day.

    Examples
    --------
    >>> day_of("2020-08"), day_of("20200801")
    (datetime.date(2020, 8, 1), datetime.date(2020, 8, 1))
    """
    try:
        return span(text, now or datetime.now(UTC))[0].date()
    except ValueError as error:
        raise QueryError(text, "no day; write it as 2020-08-01") from error
