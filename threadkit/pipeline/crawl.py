"""The work of one fetch: what was asked for, then what that cites, breadth first.

The queue in the database is the only memory. A thing waits there until what it brought is
stored; a run that is killed anywhere leaves the rest waiting, and the next run goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Literal

from threadkit.commits.values import Resolved
from threadkit.errors import (
    AnswerTooLarge,
    Challenged,
    FetchError,
    NotOnServer,
    Offline,
    Resting,
    SourceError,
    StoreError,
    ThreadkitError,
)
from threadkit.fetch.web.clock import Clock, stamp
from threadkit.pipeline.fetch_commits import CommitFetcher, stored_commit
from threadkit.pipeline.fetch_options import FetchOptions
from threadkit.pipeline.fetch_report import (
    CommitState,
    FetchedCommit,
    FetchedSearch,
    FetchedThread,
    FetchProgress,
    FetchReport,
    FetchResult,
    NotFollowed,
)
from threadkit.pipeline.fetch_threads import Brought, ThreadFetcher
from threadkit.store.cited import Cited, cited_messages, cited_names
from threadkit.store.commits import CommitStore
from threadkit.store.fetch_queue import FetchQueue
from threadkit.store.fetched import cited_and_here, cited_without_id, message_id_of, root_of
from threadkit.store.queue_item import QueueItem
from threadkit.store.transaction import transaction

Left = Literal["missing", "failed", "waiting"]
"""What becomes of an item that did not come."""


class Crawl:
    """One run over the queue.

    Parameters
    ----------
    queue : FetchQueue
        Of the database; what was asked for is in it.
    threads : ThreadFetcher
        Brings threads.
    commits : CommitFetcher
        Brings commits.
    options : FetchOptions
        How far to go.
    asked : iterable of int or None
        Items of the queue to do, with what they lead to; None: everything that waits.
    clock : Clock
        Says when things came.
    tell : callable
        Takes a :class:`FetchProgress`.
    result : callable
        Takes every result as it comes.
    """

    def __init__(
        self,
        queue: FetchQueue,
        threads: ThreadFetcher,
        commits: CommitFetcher,
        options: FetchOptions,
        *,
        asked: Iterable[int] | None,
        clock: Clock,
        tell: Callable[[FetchProgress], None],
        result: Callable[[FetchResult], None],
    ) -> None:
        self._queue = queue
        self._store = CommitStore(queue.conn)
        self._threads = threads
        self._commits = commits
        self._options = options
        self._ours = None if asked is None else set(asked)
        self._clock = clock
        self._tell = tell
        self._result = result
        self._seen: set[int] = set()
        self._told_of: set[tuple[str, str]] = set()
        self._unsaid: list[NotFollowed] = []
        self._cited_threads = 0
        self._followed: dict[int | str, int] = {}
        self._beyond: dict[Literal["thread", "commit"], set[str]] = {
            "thread": set(),
            "commit": set(),
        }
        self._known = 0
        self.report = FetchReport()

    def run(self) -> FetchReport:
        """Work until nothing waits that this run may do.

        Returns
        -------
        FetchReport
            Every error but those of the database is in it.
        """
        self._work()
        ours = self._ours and set(self._ours)
        self._refresh()
        self._ours = ours  # a run with names leaves waiting what others lead to
        self._work()  # what commits cite that are found only now
        for kind in self._beyond:
            self.report.beyond[kind] = sum(1 for _ in self._further(kind))
        return self.report

    def _work(self) -> None:
        """Do what waits, level by level."""
        while level := self._level():
            self._known += len(level)
            for item in level:
                if item.kind != "commit":
                    self._bring(item)
            self._resolve([item for item in level if item.kind == "commit"])

    def _level(self) -> list[QueueItem]:
        """Take what waits at the least depth, is ours to do and was not looked at yet."""
        waiting = [
            item
            for item in self._queue.pending()
            if item.id not in self._seen and (self._ours is None or item.id in self._ours)
        ]
        level = [item for item in waiting if item.depth == waiting[0].depth]
        self._seen.update(item.id for item in level)
        return level

    # -- threads -------------------------------------------------------------------

    def _bring(self, item: QueueItem) -> None:
        """Bring a thread, a search or a list, and queue what its mails cite."""
        brought = self._threads.here(item, self._citer(item))
        if brought is None:
            if item.depth and self._cited_threads >= self._options.limit:
                why = f"over the limit of {self._options.limit} cited threads (--limit)"
                self._skip(item, why)
                return
            self._cited_threads += bool(item.depth)
            self._progress(item)
            try:
                brought = self._threads.bring(item, self._citer(item))
            except StoreError:
                raise  # of the database, not of the item
            except ThreadkitError as error:
                self._failed(item, error)
                return
        with transaction(self._queue.conn):  # done, and what it cites waits: both or none
            self._told_of.add((item.kind, item.name))
            self._record(item, brought)
            self._follow(item, threads=brought.roots)
        for thread in brought.threads:
            self._say(thread)
        self._say_unsaid()

    def _record(self, item: QueueItem, brought: Brought) -> None:
        """Record that something is here; only an answer of a server counts as fetched.

        What an offline run finds here goes on waiting, in a queue that ends with the run.
        """
        like = self._queue.get(brought.like) if brought.like else None
        if brought.came:
            self._queue.done(
                item.id, self._now(), url=brought.url, http_status=brought.http_status,
                sha256=brought.sha256, mail_count=brought.mail_count, added=brought.added,
            )  # fmt: skip
        elif like is not None and like.fetched_utc is not None:
            self._queue.done(
                item.id, like.fetched_utc, url=like.url, http_status=like.http_status,
                sha256=like.sha256, mail_count=like.mail_count,
                added=like.added if like.id == item.id else 0,
            )  # fmt: skip

    def _failed(self, item: QueueItem, error: ThreadkitError) -> None:
        """Record in the queue, in the report and on the way out what went wrong."""
        state: Left = "failed"
        why = str(getattr(error, "why", error))
        url = error.url if isinstance(error, FetchError) else None
        if isinstance(error, NotOnServer):
            state = "missing"
            self._queue.missing(item.id, why, url=url, http_status=404, near=error.near)
        elif isinstance(error, Offline):  # the queue of an offline run ends with it
            self._queue.failed(item.id, why)
        elif isinstance(error, Resting | Challenged):
            state = "waiting"
            self._queue.postponed(item.id, error.not_before_utc, why)
        elif isinstance(error, AnswerTooLarge):  # it would come again in every run
            self._queue.refused(item.id, why, url=url)
        else:
            self._queue.failed(item.id, why, url=url)
        if item.depth == 0 or state != "missing":
            self.report.errors.append(error)
        self._say_failed(item, state, why, url or "", getattr(error, "near", ()))

    def _say_failed(
        self, item: QueueItem, state: Left, why: str, url: str, near: tuple[str, ...]
    ) -> None:
        self._told(item)
        if item.depth:
            self._leave(NotFollowed(item.kind, item.name, self._citer(item), why))
        elif item.kind == "commit":
            left: CommitState = "waiting" if state == "waiting" else "failed"
            self._say(FetchedCommit(item.name, left, origin=url, why=why))
        elif item.kind == "thread":
            self._say(FetchedThread(item.name, state, url=url, near=near, why=why))
        else:
            self._say(FetchedSearch(item.name, state, url=url, why=why))

    # -- commits -------------------------------------------------------------------

    def _resolve(self, items: Sequence[QueueItem]) -> None:
        """Look the commits of one level up, all in one go where there is a clone."""
        for item, said, kept_from in self._commits.resolve(items, self._store) if items else ():
            self._progress(item)
            known = self._database(item) if isinstance(kept_from, Offline) else None
            is_settled = kept_from is None or known is not None
            told = self._store_answers(item, said, is_settled=is_settled)
            if told is not None:
                if told.state != "found" and item.depth == 0:
                    self.report.errors.append(NotOnServer(item.name, told.why))
                self._told(item)
                self._say(told)
            elif isinstance(kept_from, str):
                self._skip(item, kept_from)
            elif kept_from is not None:
                self._failed(item, kept_from)
            self._say_unsaid()

    def _store_answers(
        self, item: QueueItem, said: Sequence[Resolved], *, is_settled: bool
    ) -> FetchedCommit | None:
        """Store what the origins say; if all said it, also that the item is done with."""
        now = self._now()
        with transaction(self._queue.conn):
            for one in said:
                refs = self._commits.refs if one.origin == self._commits.clone else ""
                self._store.save(one, now, refs=refs)
            told = self._database(item, said) if is_settled else None
            if told is None:
                return None
            if told.state in ("unknown", "unclear"):
                self._queue.missing(item.id, told.why, url=told.origin)
            else:
                self._queue.done(item.id, now, url=told.origin)
            if told.sha:
                self._follow(item, commits=[told.sha])
        return told

    def _database(self, item: QueueItem, said: Sequence[Resolved] = ()) -> FetchedCommit | None:
        """Say what the database holds of a name; None if that is nothing to go by."""
        best = said[-1] if said else None
        told = stored_commit(self._store, item.name, best.origin if best else "")
        if told is None or (told.state == "unknown" and best is None):
            return None
        why = f"{best.origin}: {best.why}" if best and best.why else told.why
        return replace(
            told, depth=item.depth, cited_by=self._citer(item),
            why="" if told.state == "found" else why,
        )  # fmt: skip

    def _refresh(self) -> None:
        """Let a clone that has changed say more of what earlier runs looked up."""
        refs, clone = self._commits.refs, self._commits.clone
        if not refs:
            return
        try:
            for answer in self._commits.refresh(self._store.unreleased(clone, refs)):
                self._refreshed(answer)
            names = self._store.unsettled(clone, refs)
            for answer in self._commits.refresh(names, diffs=self._options.diffs):
                self._refreshed(answer)
        except SourceError as error:
            self.report.errors.append(error)

    def _refreshed(self, answer: Resolved) -> None:
        """Store what a clone says unasked, and tell what was not known."""
        before = stored_commit(self._store, answer.name)
        with transaction(self._queue.conn):
            self._store.save(answer, self._now(), refs=self._commits.refs)
            after = stored_commit(self._store, answer.name, answer.origin)
            item = self._queue.find("commit", answer.name)
            if after and after.sha and item and not (before and before.sha):
                self._queue.done(item.id, self._now(), url=after.origin)
                self._follow(item, commits=[after.sha])
        if after and _facts(before) != _facts(after):
            self.report.refreshed.append(after)
            self._result(after)
        self._say_unsaid()

    # -- following -----------------------------------------------------------------

    def _follow(
        self, item: QueueItem, *, threads: Collection[int] = (), commits: Collection[str] = ()
    ) -> None:
        """Queue what is cited and not here, going on through what is here already."""
        depth, reach = item.depth, self._reach(item)
        while threads or commits:
            self._followed.update(dict.fromkeys((*threads, *commits), reach))
            depth, reach = depth + 1, reach - 1
            mails = cited_messages(self._queue.conn, threads=threads, commits=commits)
            names = cited_names(self._queue.conn, threads=threads, commits=commits)
            if reach < 0:
                self._beyond["thread"].update(one.name for one in mails)
                self._beyond["commit"].update(one.name for one in names)
                return
            for one in mails:
                self._want("thread", one, depth, reach)
            for one in names:
                self._want("commit", one, depth, reach)
            for url, citer in cited_without_id(self._queue.conn, threads):
                why = "this archive's addresses hold no Message-ID"
                self._unsaid.append(NotFollowed("url", url, citer, why))
            here, known = cited_and_here(self._queue.conn, threads=threads, commits=commits)
            threads = [one for one in here if reach > self._followed.get(one, -1)]
            commits = [one for one in known if reach > self._followed.get(one, -1)]

    def _reach(self, item: QueueItem) -> int:
        """Say how far to follow from an item, as any run has asked until now."""
        now = self._queue.get(item.id)
        reach = now.reach if now else item.reach
        if self._ours is None:  # nothing was named: what is asked now is asked of all
            reach = max(reach, self._options.with_cited - item.depth)
        return reach

    def _want(
        self, kind: Literal["thread", "commit"], cited: Cited, depth: int, reach: int
    ) -> None:
        """Queue something cited, or tell why it is not followed, once in a run."""
        if (kind, cited.name) in self._told_of:
            return
        if kind == "commit" and not self._commits.asks_anew(cited.name, self._store):
            told = stored_commit(self._store, cited.name)
            self._pass_over(kind, cited, told.why if told else "")
            return

        def add(anew: bool) -> QueueItem:
            return self._queue.add(
                kind, cited.name, self._now(), depth=depth, reach=reach,
                cited_by=cited.message, cited_by_commit=cited.commit, anew=anew,
            )  # fmt: skip

        item = add(False)
        if kind == "commit" and item.state in ("done", "missing"):
            item = add(True)  # there is somebody new to ask
        if item.state != "waiting":
            self._pass_over(kind, cited, item.why or item.state)
        elif self._ours is not None:
            self._ours.add(item.id)

    def _pass_over(self, kind: Literal["thread", "commit"], cited: Cited, why: str) -> None:
        """Leave alone what earlier runs found out about, and say so after the transaction."""
        self._told_of.add((kind, cited.name))
        mail = cited.message and message_id_of(self._queue.conn, cited.message)
        self._unsaid.append(NotFollowed(kind, cited.name, mail or cited.commit or "", why))

    def _further(self, kind: Literal["thread", "commit"]) -> Iterator[str]:
        """Yield what is cited, was not asked for, and did not come with anything else."""
        for name in self._beyond[kind]:
            item = self._queue.find(kind, name)
            if item is None or item.state in ("waiting", "skipped", "failed"):
                is_here = kind == "thread" and root_of(self._queue.conn, name) is not None
                if not is_here:
                    yield name

    def _now(self) -> str:
        return stamp(self._clock.utc())

    def _skip(self, item: QueueItem, why: str) -> None:
        self._told(item)
        self._queue.skipped(item.id, why)
        self._leave(NotFollowed(item.kind, item.name, self._citer(item), why))

    def _told(self, item: QueueItem) -> None:
        """Note what is not to be told again; what one place lacks another may have."""
        if item.inbox is None and item.origin is None:
            self._told_of.add((item.kind, item.name))

    def _leave(self, left: NotFollowed) -> None:
        self.report.not_followed.append(left)
        self._result(left)

    def _say_unsaid(self) -> None:
        """Say what was found within a transaction, after it: whoever reads may be slow."""
        for left in self._unsaid:
            self._leave(left)
        self._unsaid.clear()

    def _citer(self, item: QueueItem) -> str:
        mail = item.cited_by and message_id_of(self._queue.conn, item.cited_by)
        return mail or item.cited_by_commit or ""

    def _say(self, result: FetchedThread | FetchedSearch | FetchedCommit) -> None:
        if isinstance(result, FetchedThread):
            self.report.threads.append(result)
        elif isinstance(result, FetchedSearch):
            self.report.searches.append(result)
        else:
            self.report.commits.append(result)
        self._result(result)

    def _progress(self, item: QueueItem) -> None:
        done = len(self.report.threads) + len(self.report.commits)
        self._tell(FetchProgress(f"{item.kind} {item.name}", done, max(self._known, done + 1)))


def _facts(commit: FetchedCommit | None) -> tuple[str, ...]:
    """Return what is worth telling anew when it changes."""
    return (commit.state, commit.sha, commit.release, commit.mainline) if commit else ()
