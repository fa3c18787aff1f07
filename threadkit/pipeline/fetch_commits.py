"""Commits, from a clone where there is one, else from the pages of cgit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import cast

from threadkit.commits.values import RANK, SURE_DIGITS, Resolved
from threadkit.errors import FetchError, Offline, SourceError, ThreadkitError
from threadkit.fetch.clone.cgit import Cgit
from threadkit.fetch.clone.clone import Clone
from threadkit.fetch.web.session import Session
from threadkit.pipeline.commit import why_none
from threadkit.pipeline.fetch_options import FetchOptions
from threadkit.pipeline.fetch_report import CommitState, FetchedCommit
from threadkit.store.commits import CommitStore
from threadkit.store.queue_item import QueueItem


class CommitFetcher:
    """Looks commits up.

    Parameters
    ----------
    session : Session
        With manners.
    repositories : sequence of str
        Repositories shown by cgit, in the order in which they are asked.
    clone : Clone or None
        Asked before the network.
    options : FetchOptions
        What to bring.

    """

    def __init__(
        self,
        session: Session,
        repositories: Sequence[str],
        clone: Clone | None,
        options: FetchOptions,
    ) -> None:
        self._session = session
        self._repositories = tuple(repositories)
        self._options = options
        self._clone = clone
        self._is_broken = False
        self._cited = 0

    @property
    def clone(self) -> str:
        """What the clone is called as an origin; "" without one."""
        return str(self._clone.path) if self._clone else ""

    @cached_property
    def refs(self) -> str:
        """A hash of the refs of the clone; "" without one."""
        return self._clone.state if self._clone else ""

    def asks_anew(self, name: str, store: CommitStore) -> bool:
        """Tell whether a cited name has somebody to be asked for it still.

        Parameters
        ----------
        name : str
            As cited.
        store : CommitStore
            Who was asked, and what each said; a clone that has changed since then and did
            not find it can be asked again.
        """
        said = store.said(name, clone=self.clone, refs=self.refs)
        if self._clone:
            if self.clone not in said:
                return True
            if said[self.clone] != "unknown" or len(name) < SURE_DIGITS:
                return False
        elif not said:
            return True
        return not self._options.offline and any(one not in said for one in self._repositories)

    def resolve(
        self, items: Sequence[QueueItem], store: CommitStore
    ) -> Iterator[tuple[QueueItem, list[Resolved], ThreadkitError | str | None]]:
        """Look up the commits of one level.

        Parameters
        ----------
        items : sequence of QueueItem
            Of the kind ``commit``.
        store : CommitStore
            What repositories have said of cited names: none is asked twice, unless there
            is nobody else to ask.

        Yields
        ------
        tuple
            One for each item, those that the clone can answer first: the item; what each
            origin said of it, the last answer being the best; and what kept an origin from
            answering: an error, or in a string why it was not asked.
        """
        elsewhere: list[tuple[QueueItem, list[Resolved], SourceError | None]] = []
        if self._clone is None:
            elsewhere += [(item, [], None) for item in items]
        elif items:
            for item, answer in zip(items, self._ask_clone(self._clone, items), strict=True):
                said = [answer] if isinstance(answer, Resolved) else []
                failure = None if isinstance(answer, Resolved) else answer
                is_settled = bool(said) and said[0].state != "unknown"
                if is_settled or not self._asks_elsewhere(item):
                    yield item, said, failure
                else:
                    elsewhere.append((item, said, failure))
        for item, said, failure in elsewhere:
            if not self._options.force and _is_here(item.name, store):
                yield item, said, None  # what a hash names never changes
                continue
            repositories = self._to_ask(item, store)
            if said and not repositories:
                yield item, said, failure
                continue
            kept_from = self._over_limit(item) or self._ask_network(
                item, repositories or self._repositories, said, failure
            )
            yield item, sorted(said, key=lambda one: RANK[one.state]), kept_from

    def _to_ask(self, item: QueueItem, store: CommitStore) -> Sequence[str]:
        """Choose repositories: for what is only cited, those that gave no answer yet."""
        if item.origin:
            return [item.origin]
        asked = store.said(item.name) if item.depth else {}
        return [one for one in self._repositories if one not in asked]

    def refresh(self, names: Sequence[str], *, diffs: bool = False) -> Iterator[Resolved]:
        """Ask the clone about names that were looked up before.

        Parameters
        ----------
        names : sequence of str
            Full hashes of commits that are known, or names that are not.
        diffs : bool
            Whether to bring the diffs of those that it finds.

        Yields
        ------
        Resolved
            What the clone says of them; nothing without a clone, or if it broke before.

        Raises
        ------
        SourceError
            The clone cannot be read.
        """
        if self._clone and names and not self._is_broken:
            yield from self._clone.resolve(names, diffs=diffs)

    def _ask_clone(
        self, clone: Clone, items: Sequence[QueueItem]
    ) -> Iterator[Resolved | SourceError]:
        """Ask the clone for all items at once; if it breaks, that is the answer to the rest.

        Whatever repository a URL names: a commit is the same everywhere.
        """
        answers = clone.resolve((item.name for item in items), diffs=self._options.diffs)
        left = len(items)
        try:
            for answer in answers:
                left -= 1
                yield answer
        except SourceError as error:
            self._is_broken = True
            yield from [error] * left

    def _asks_elsewhere(self, item: QueueItem) -> bool:
        """Tell whether a name is looked for elsewhere; shorter ones are mostly no hashes."""
        return item.depth == 0 or len(item.name) >= SURE_DIGITS

    def _over_limit(self, item: QueueItem) -> str | None:
        most = self._options.limit
        if item.depth and self._cited >= most:
            return f"over the limit of {most} commits from the network (--limit)"
        self._cited += bool(item.depth)
        return None

    def _ask_network(
        self,
        item: QueueItem,
        repositories: Sequence[str],
        said: list[Resolved],
        failure: ThreadkitError | None,
    ) -> ThreadkitError | None:
        """Ask one repository after the other until one has the commit."""
        for repository in repositories:
            cgit = Cgit(self._session, repository)
            try:
                answer = cgit.resolve(item.name, diffs=self._options.diffs)
            except Offline:
                return Offline(item.name, "a commit that is not here, and --offline forbids to ask")
            except FetchError as error:
                failure = failure or error
                continue
            said.append(answer)
            if answer.state == "found":
                return None
        return failure


def stored_commit(store: CommitStore, name: str, origin: str = "") -> FetchedCommit | None:
    """Say what the database holds of the name of a commit.

    Parameters
    ----------
    store : CommitStore
        Of the database.
    name : str
        As cited: a hash or its beginning, or the hash of a tag.
    origin : str
        Who was asked last; it is named if it said no less than all others.

    Returns
    -------
    FetchedCommit or None
        None if there is nothing of that name, nor was it looked up.
    """
    answer = store.answer(name)
    if answer is None or answer.state == "found":
        known = store.get(name)
        if known is None:
            return None
        return FetchedCommit(
            name, "found", known.commit.sha, known.commit.subject, known.release or "",
            known.mainline, known.checked_against,
            origin=origin if store.said(name).get(origin) == "found" else known.origin,
        )  # fmt: skip
    if store.said(name).get(origin) == answer.state:
        answer = replace(answer, origin=origin)
    return FetchedCommit(
        name, cast("CommitState", answer.state), origin=answer.origin,
        candidates=answer.candidates, why=why_none(store, answer),
    )  # fmt: skip


def _is_here(name: str, store: CommitStore) -> bool:
    known = store.answer(name)
    return known is not None and known.state == "found"
