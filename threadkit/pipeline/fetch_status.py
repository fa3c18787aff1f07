"""The state of the queue of fetches, for whoever asks."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from threadkit.fetch.web.clock import SystemClock, stamp
from threadkit.store.connection import open_read, translate
from threadkit.store.fetched import message_id_of
from threadkit.store.hosts import HostRests
from threadkit.store.queue_view import QueueView


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
        Every item of the queue in the order asked for; ``cited_by`` is a Message-ID.
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
                items.append({**asdict(item), "cited_by": cited_by})
            hosts: list[dict[str, object]] = [
                {"host": host, "not_before_utc": until, "why": why} for host, until, why in rests
            ]
            return FetchStatus(queue.counts(), hosts, items)
        finally:
            conn.close()
