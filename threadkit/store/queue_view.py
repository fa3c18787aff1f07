"""The queue of :mod:`threadkit.store.fetch_queue`, as it can be looked at without writing."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from sqlite3 import Connection
from typing import Any

from threadkit.store.queue_item import STATES, QueueItem, QueueKind, QueueState

_COLUMNS = (
    "id, kind, name, inbox, origin, state, depth, reach, cited_by, cited_by_commit,"
    " wanted_utc, attempts, not_before_utc, fetched_utc, url, http_status, sha256, mail_count, added, why, near"
)


class QueueView:
    """What waits, and what came of the rest.

    Parameters
    ----------
    conn : sqlite3.Connection
        Open for reading or writing.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> QueueView(db.conn).counts()
    {}
    >>> db.close()
    """

    def __init__(self, conn: Connection) -> None:
        self.conn = conn

    def pending(self) -> list[QueueItem]:
        """List what waits: the least deep first, of those what was added first.

        Returns
        -------
        list of QueueItem
            All in state ``waiting``, also those that are not to be asked for yet.
        """
        rows = self.conn.execute(
            f"SELECT {_COLUMNS} FROM fetch_queue WHERE state = 'waiting'"  # noqa: S608
            " ORDER BY depth, id"
        )
        return [_item(row) for row in rows]

    def counts(self) -> dict[str, int]:
        """Count the items by state.

        Returns
        -------
        dict of str to int
            In the order of :data:`STATES`, without those that no item is in.
        """
        found = dict(self.conn.execute("SELECT state, count(*) FROM fetch_queue GROUP BY state"))
        return {state: found[state] for state in STATES if state in found}

    def rows(self, states: Collection[QueueState] = STATES) -> Iterator[QueueItem]:
        """List items with all that is known of them.

        Parameters
        ----------
        states : collection of str
            Which states to list.

        Yields
        ------
        QueueItem
            In the order added.
        """
        for row in self.conn.execute(
            f"SELECT {_COLUMNS} FROM fetch_queue"  # noqa: S608
            " WHERE state IN (SELECT value FROM json_each(?)) ORDER BY id",
            (json.dumps(sorted(states)),),
        ):
            yield _item(row)

    def get(self, item: int) -> QueueItem | None:
        """Return what is known of one item, by its id.

        Parameters
        ----------
        item : int
            :attr:`QueueItem.id`.

        Returns
        -------
        QueueItem or None
            None if there is no such item.
        """
        query = f"SELECT {_COLUMNS} FROM fetch_queue WHERE id = ?"  # noqa: S608
        row = self.conn.execute(query, (item,)).fetchone()
        return _item(row) if row else None

    def find(
        self, kind: QueueKind, name: str, *, inbox: str | None = None, origin: str | None = None
    ) -> QueueItem | None:
        """Return what is known of one item.

        Parameters
        ----------
        kind : {'thread', 'commit', 'search', 'inbox'}
            What it is.
        name : str
            A Message-ID, a hash, a query or a URL.
        inbox, origin : str or None
            Where it was to be asked for.

        Returns
        -------
        QueueItem or None
            None if it was never asked for there.
        """
        row = self.conn.execute(
            f"SELECT {_COLUMNS} FROM fetch_queue"  # noqa: S608
            " WHERE kind = ? AND name = ? AND inbox = ? AND origin = ?",
            (kind, name, inbox or "", origin or ""),
        ).fetchone()
        return _item(row) if row else None


def _item(row: Sequence[Any]) -> QueueItem:
    id_, kind, name, inbox, origin, *rest, near = row
    offered = tuple(near.split("\n")) if near else ()
    values: list[Any] = [id_, kind, name, inbox or None, origin or None, *rest, offered]
    return QueueItem(*values)
