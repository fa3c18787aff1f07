"""Commits, from a clone where there is one, else from the pages of cgit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from threadkit.commits.values import RANK, SURE_DIGITS, Resolved
from threadkit.errors import FetchError, Offline
from threadkit.fetch.clone.cgit import Cgit
from threadkit.fetch.clone.clone import Clone
from threadkit.fetch.web.session import Session
from threadkit.pipeline.fetch_options import FetchOptions
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
        self._cited = 0

    @property
    def origins(self) -> tuple[str, ...]:
        """Who is asked: the clone, then the repositories of the network."""
        own = (str(self._clone.path),) if self._clone else ()
        return own if self._options.offline else (*own, *self._repositories)

    def resolve(
        self, items: Sequence[QueueItem]
    ) -> Iterator[tuple[QueueItem, list[Resolved], FetchError | str | None]]:
        """Look up the commits of one level.

        Parameters
        ----------
        items : sequence of QueueItem
            Of the kind ``commit``.

        Yields
        ------
        tuple
            One for each item, those that the clone can answer first: the item; what each
            origin said of it, the last answer being the best; and what kept an origin from
            answering: an error, or in a string why it was not asked.
        """
        elsewhere: list[tuple[QueueItem, list[Resolved]]] = []
        if self._clone is None:
            elsewhere += [(item, []) for item in items]
        elif items:
            # Whatever repository a URL names: a commit is the same everywhere.
            answers = self._clone.resolve((item.name for item in items), diffs=self._options.diffs)
            for item, answer in zip(items, answers, strict=True):
                if answer.state == "unknown" and self._asks_elsewhere(item):
                    elsewhere.append((item, [answer]))
                else:
                    yield item, [answer], None
        for item, said in elsewhere:
            kept_from = self._over_limit(item) or self._ask_network(item, said)
            yield item, sorted(said, key=lambda one: RANK[one.state]), kept_from

    def refresh(self, shas: Sequence[str]) -> Iterator[Resolved]:
        """Ask the clone about commits that are known already.

        Parameters
        ----------
        shas : sequence of str
            Full hashes.

        Yields
        ------
        Resolved
            What the clone has of them; nothing without a clone.
        """
        if self._clone and shas:
            answers = self._clone.resolve(shas, diffs=False)
            yield from (answer for answer in answers if answer.state == "found")

    def _asks_elsewhere(self, item: QueueItem) -> bool:
        """Tell whether a name is looked for elsewhere; shorter ones are mostly no hashes."""
        return item.depth == 0 or len(item.name) >= SURE_DIGITS

    def _over_limit(self, item: QueueItem) -> str | None:
        most = self._options.limit
        if item.depth and self._cited >= most:
            return f"over the limit of {most} commits from the network (--limit)"
        self._cited += bool(item.depth)
        return None

    def _ask_network(self, item: QueueItem, said: list[Resolved]) -> FetchError | None:
        """Ask one repository after the other until one has the commit."""
        failure: FetchError | None = None
        for repository in [item.origin] if item.origin else self._repositories:
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
