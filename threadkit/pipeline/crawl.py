"""The work of one fetch: what was asked for, then what that cites, breadth first.

The queue in the database is the only memory. A thing waits there until what it brought is
stored; a run that is killed anywhere leaves the rest waiting, and the next run goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
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
)
from threadkit.fetch.web.clock import Clock, stamp
from threadkit.pipeline.fetch_commits import CommitFetcher
from threadkit.pipeline.fetch_options import FetchOptions
from threadkit.pipeline.fetch_report import (
    CommitState,
    FetchedCommit,
    FetchedThread,
    FetchProgress,
    FetchReport,
    FetchResult,
    NotFollowed,
    ThreadState,
)
from threadkit.pipeline.fetch_threads import Brought, ThreadFetcher
from threadkit.store.cited import Cited, cited_messages, cited_names
from threadkit.store.commits import CommitStore
from threadkit.store.fetch_queue import FetchQueue
from threadkit.store.fetched import cited_and_here, cited_without_id, message_id_of, root_of
from threadkit.store.queue_item import QueueItem
from threadkit.store.transaction import transaction


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
    deepest : int or None
        Things that wait at a greater depth are left for another run; None: for none.
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
        deepest: int | None,
        clock: Clock,
        tell: Callable[[FetchProgress], None],
        result: Callable[[FetchResult], None],
    ) -> None:
        self._queue = queue
        self._store = CommitStore(queue.conn)
        self._threads = threads
        self._commits = commits
        self._options = options
        self._deepest = deepest
        self._clock = clock
        self._tell = tell
        self._result = result
        self._seen: set[int] = set()
        self._unsaid: list[NotFollowed] = []
        self._looked_up: set[str] = set()
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
        while level := self._level():
            self._known += len(level)
            for item in level:
                if item.kind != "commit":
                    self._bring(item)
            self._resolve([item for item in level if item.kind == "commit"])
        self._refresh()
        for kind in self._beyond:
            self.report.beyond[kind] = sum(1 for _ in self._further(kind))
        return self.report

    def _level(self) -> list[QueueItem]:
        """Take what waits at the least depth and was not looked at yet."""
        waiting = [
            item
            for item in self._queue.pending()
            if item.id not in self._seen and (self._deepest is None or item.depth <= self._deepest)
        ]
        level = [item for item in waiting if item.depth == waiting[0].depth]
        self._seen.update(item.id for item in level)
        return level

    # -- threads -------------------------------------------------------------------

    def _bring(self, item: QueueItem) -> None:
        """Bring a thread, a search or a list, and queue what its mails cite."""
        if item.depth and self._cited_threads >= self._options.limit:
            self._skip(item, f"over the limit of {self._options.limit} cited threads (--limit)")
            return
        self._cited_threads += bool(item.depth)
        self._progress(item)
        try:
            brought = self._threads.bring(item, self._citer(item))
        except FetchError as error:
            self._failed(item, error)
            return
        with transaction(self._queue.conn):  # done, and what it cites waits: both or none
            self._record(item, brought)
            self._follow(item, threads=brought.roots)
        for thread in brought.threads:
            self._say(thread)
        self._say_unsaid()

    def _record(self, item: QueueItem, brought: Brought) -> None:
        """Record that something is here; only an answer of a server counts as fetched."""
        if brought.came:
            self._queue.done(
                item.id, self._now(), url=brought.url, http_status=brought.http_status,
                sha256=brought.sha256, mail_count=brought.mail_count, added=brought.added,
            )  # fmt: skip
        elif item.fetched_utc is None:
            self._queue.skipped(item.id, "it is here already")
        else:
            self._queue.done(
                item.id, item.fetched_utc, url=item.url, http_status=item.http_status,
                sha256=item.sha256, mail_count=item.mail_count, added=item.added,
            )  # fmt: skip

    def _failed(self, item: QueueItem, error: FetchError) -> None:
        """Record in the queue, in the report and on the way out what went wrong."""
        state: ThreadState = "failed"
        if isinstance(error, NotOnServer):
            state = "missing"
            self._queue.missing(item.id, error.why, url=error.url, http_status=404, near=error.near)
        elif isinstance(error, Offline | Resting | Challenged):
            state = "waiting"
            until = error.not_before_utc if isinstance(error, Resting) else None
            self._queue.postponed(item.id, until, error.why)
        elif isinstance(error, AnswerTooLarge):  # it would come again in every run
            self._queue.refused(item.id, error.why, url=error.url)
        else:
            self._queue.failed(item.id, error.why, url=error.url)
        if item.depth == 0 or state != "missing":
            self.report.errors.append(error)
        self._say_failed(item, error, state)

    def _say_failed(self, item: QueueItem, error: FetchError, state: ThreadState) -> None:
        citer = self._citer(item)
        if item.depth:
            self._leave(NotFollowed(item.kind, item.name, citer, error.why))
        elif item.kind == "commit":
            left: CommitState = "waiting" if state == "waiting" else "failed"
            self._say(FetchedCommit(item.name, left, origin=error.url, why=error.why))
        else:
            near = error.near if isinstance(error, NotOnServer) else ()
            self._say(FetchedThread(item.name, state, url=error.url, near=near, why=error.why))

    # -- commits -------------------------------------------------------------------

    def _resolve(self, items: Sequence[QueueItem]) -> None:
        """Look the commits of one level up, all in one go where there is a clone."""
        for item, said, kept_from in self._commits.resolve(items) if items else ():
            self._progress(item)
            self._looked_up.add(item.name)
            self._store_answers(item, said, is_all=kept_from is None)
            if isinstance(kept_from, str):
                self._skip(item, kept_from)
            elif kept_from is not None:
                self._failed(item, kept_from)
            else:
                told = _commit(said[-1], item.depth, self._citer(item))
                if told.state != "found" and item.depth == 0:
                    self.report.errors.append(NotOnServer(item.name, told.why))
                self._say(told)
            self._say_unsaid()

    def _store_answers(self, item: QueueItem, said: Sequence[Resolved], *, is_all: bool) -> None:
        """Store what the origins say; if all said it, also that the item is done with."""
        now = self._now()
        with transaction(self._queue.conn):
            for answer in said:
                for one in _storable(answer):
                    self._store.save(one, now)
            if not is_all:
                return
            best = said[-1]
            if best.state == "unknown":
                why = " or ".join(f"unknown to {one.origin}" for one in said)
                self._queue.missing(item.id, why, url=best.origin)
            else:
                self._queue.done(item.id, now, url=best.origin)
            if best.commit:
                self._follow(item, commits=[best.commit.sha])

    def _refresh(self) -> None:
        """Let the clone say more of commits that came from elsewhere, or before a release."""
        for answer in self._commits.refresh(self._store.without_release()):
            known = self._store.get(answer.name)
            told = (answer.release, answer.mainline)
            if known and told != (known.release, known.mainline):
                self._store.save(answer, self._now())
                self._say(_commit(answer, 0, ""))

    # -- following -----------------------------------------------------------------

    def _follow(
        self, item: QueueItem, *, threads: Collection[int] = (), commits: Collection[str] = ()
    ) -> None:
        """Queue what is cited and not here, going on through what is here already."""
        depth = item.depth
        while threads or commits:
            self._followed.update(dict.fromkeys((*threads, *commits), depth))
            depth += 1
            mails = cited_messages(self._queue.conn, threads=threads, commits=commits)
            names = cited_names(
                self._queue.conn, threads=threads, commits=commits, origins=self._commits.origins
            )
            if depth > self._options.with_cited:
                self._beyond["thread"].update(one.name for one in mails)
                self._beyond["commit"].update(one.name for one in names)
                return
            self._want("thread", mails, depth)
            self._want("commit", names, depth)
            for url, citer in cited_without_id(self._queue.conn, threads):
                why = "this archive's addresses hold no Message-ID"
                self._unsaid.append(NotFollowed("url", url, citer, why))
            here, known = cited_and_here(self._queue.conn, threads=threads, commits=commits)
            threads = [one for one in here if self._is_nearer(one, depth)]
            commits = [one for one in known if self._is_nearer(one, depth)]

    def _is_nearer(self, key: int | str, depth: int) -> bool:
        """Tell whether a way to a thread or a commit is shorter than all before."""
        return key not in self._followed or depth < self._followed[key]

    def _want(self, kind: Literal["thread", "commit"], cited: Sequence[Cited], depth: int) -> None:
        for one in cited:
            # A commit that was looked up is cited anew where there is somebody new to ask.
            anew = kind == "commit" and one.name not in self._looked_up
            self._queue.add(
                kind, one.name, self._now(), depth=depth,
                cited_by=one.message, cited_by_commit=one.commit, anew=anew,
            )  # fmt: skip

    def _further(self, kind: Literal["thread", "commit"]) -> Iterator[str]:
        """Yield what is cited, was not asked for, and did not come with anything else."""
        for name in self._beyond[kind]:
            item = self._queue.find(kind, name)
            if item is None or item.state in ("waiting", "skipped"):
                is_here = kind == "thread" and root_of(self._queue.conn, name) is not None
                if not is_here:
                    yield name

    def _now(self) -> str:
        return stamp(self._clock.utc())

    def _skip(self, item: QueueItem, why: str) -> None:
        self._queue.skipped(item.id, why)
        self._leave(NotFollowed(item.kind, item.name, self._citer(item), why))

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

    def _say(self, result: FetchedThread | FetchedCommit) -> None:
        if isinstance(result, FetchedThread):
            self.report.threads.append(result)
        else:
            self.report.commits.append(result)
        self._result(result)

    def _progress(self, item: QueueItem) -> None:
        done = len(self.report.threads) + len(self.report.commits)
        self._tell(FetchProgress(f"{item.kind} {item.name}", done, max(self._known, done + 1)))


def _storable(answer: Resolved) -> Iterator[Resolved]:
    """Take the id of a tag and the commit that it means apart."""
    if answer.commit is None or answer.commit.sha.startswith(answer.name):
        yield answer
    else:
        yield replace(answer, name=answer.commit.sha)
        yield Resolved(answer.name, "not-a-commit", answer.origin)


def _commit(answer: Resolved, depth: int, cited_by: str) -> FetchedCommit:
    commit = answer.commit
    why = ""
    if answer.state == "unknown":
        why = f"no such commit in {answer.origin}"
    elif answer.state == "not-a-commit":
        why = "the hash of something that is no commit"
    elif answer.state == "ambiguous":
        why = "more than one commit begins so" + "".join(
            f"; {one}" for one in answer.candidates[:3]
        )
    return FetchedCommit(
        answer.name, answer.state, commit.sha if commit else "",
        commit.subject if commit else "", answer.release or "", answer.mainline,
        answer.origin, answer.candidates, depth, cited_by, why,
    )  # fmt: skip
