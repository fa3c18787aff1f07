"""The state of the queue of fetches, for whoever asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from threadkit.errors import SourceError
from threadkit.fetch.lore.names import parse_target
from threadkit.fetch.web.clock import SystemClock, stamp
from threadkit.store.connection import open_read, open_write, translate
from threadkit.store.fetch_queue import FetchQueue
from threadkit.store.fetched import message_id_of
from threadkit.store.hosts import HostRests
from threadkit.store.queue_item import QueueKind, QueueState
from threadkit.store.queue_view import QueueView
from threadkit.store.transaction import transaction


@dataclass(frozen=True, slots=True)
class FetchStatus:
    """What was asked for and what came of it.

    Attributes
    ----------
    counts : dict of str to int
        Items of the queue by state.
    hosts : list of dict
        Hosts that are left alone now: ``host``, ``not_before_utc``, ``why``.
    items : list of dict
        Every item of the queue in the order asked for; ``cited_by`` is a Message-ID, and
        ``asked_of`` the server and list that were named, so that equal names can be told
        apart: "" if any will do.
    """

    counts: dict[str, int]
    hosts: list[dict[str, object]]
    items: list[dict[str, object]]


def fetch_status(path: str | Path) -> FetchStatus:
    """Read the queue.

    Parameters
    ----------
    path : str or Path
        The database.

    Returns
    -------
    FetchStatus
        As of now; nothing is changed and nobody is asked.

    Raises
    ------
    StoreError
        There is no database, or it cannot be read.

    Examples
    --------
    >>> fetch_status("/nowhere/a.db")
    Traceback (most recent call last):
    threadkit.errors.StoreMissing: /nowhere/a.db: no such database
    """
    with translate(path):
        conn = open_read(path)
        try:
            queue = QueueView(conn)
            rests = HostRests(conn).rests(stamp(SystemClock().utc()))
            items = []
            for item in queue.rows():
                cited_by = message_id_of(conn, item.cited_by) if item.cited_by else None
                asked_of = "/".join(filter(None, (item.origin, item.inbox)))
                items.append({**asdict(item), "cited_by": cited_by, "asked_of": asked_of})
            hosts: list[dict[str, object]] = [
                {"host": host, "not_before_utc": until, "why": why} for host, until, why in rests
            ]
            return FetchStatus(queue.counts(), hosts, items)
        finally:
            conn.close()


_NOT_HERE: tuple[QueueState, ...] = ("waiting", "failed", "missing", "refused", "skipped")


def forget(path: str | Path, names: Sequence[str] = ()) -> int:
    """Drop things from the queue; what they brought stays.

    Parameters
    ----------
    path : str or Path
        The database.
    names : sequence of str
        As they were asked for: Message-IDs, hashes, URLs, the words of searches. None for
        everything that did not come: what waits, failed, is missing, was refused, or was
        over the limit.

    Returns
    -------
    int
        How many items were dropped.

    Raises
    ------
    StoreError
        There is no database, or it cannot be written.

    Examples
    --------
    >>> forget("/nowhere/a.db")
    Traceback (most recent call last):
    threadkit.errors.StoreMissing: /nowhere/a.db: no such database
    """
    with translate(path):
        db = open_write(path, create=False)
        try:
            queue = FetchQueue(db.conn)
            with transaction(db.conn):
                if not names:
                    return queue.forget(states=_NOT_HERE)
                return sum(queue.forget(kind, name) for kind, name in _meant(names))
        finally:
            db.close()


def _meant(names: Sequence[str]) -> Iterator[tuple[QueueKind, str]]:
    """Yield what each name can be in the queue."""
    for name in names:
        yield "search", name.strip()
        with suppress(SourceError):
            target = parse_target(name)
            yield target.kind, target.name
