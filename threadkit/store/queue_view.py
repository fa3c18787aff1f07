"""The queue of :mod:`threadkit.store.fetch_queue`, as it can be looked at without writing."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from sqlite3 import Connection
from typing import Any

from threadkit.store.queue_item import KINDS, STATES, QueueItem, QueueKind, QueueState

# Where a query says +kind, the index by turn is to be used, which is in the order wanted.
_COLUMNS = (
    "id, kind, name, inbox, origin, state, depth, cited_by, cited_by_commit, wanted_utc,"
    " attempts, not_before_utc, fetched_utc, url, http_status, sha256, mail_count, added, why, near"
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

    def next(self, now_utc: str, kinds: Collection[QueueKind] = KINDS) -> QueueItem | None:
        """Return what to ask for next: the least deep, of those what was added first.

        Parameters
        ----------
        now_utc : str
            ISO 8601 with Z.
        kinds : collection of str
            Which kinds of things to look at.

        Returns
        -------
        QueueItem or None
            None if nothing may be asked for now. It is the same item until something is
            recorded of it.
        """
        for row in self.conn.execute(
            f"SELECT {_COLUMNS} FROM fetch_queue WHERE state = 'waiting'"  # noqa: S608
            " AND coalesce(not_before_utc, '') <= ? AND +kind IN (SELECT value FROM json_each(?))"
            " ORDER BY depth, id LIMIT 1",
            (now_utc, json.dumps(sorted(kinds))),
        ).fetchall():
            return _item(row)
        return None

    def pending(self, kinds: Collection[QueueKind] = KINDS) -> list[QueueItem]:
        """List what waits, in the order of :meth:`next`, that of later times included.

        Parameters
        ----------
        kinds : collection of str
            Which kinds of things to list.

        Returns
        -------
        list of QueueItem
            All in state ``waiting``.
        """
        rows = self.conn.execute(
            f"SELECT {_COLUMNS} FROM fetch_queue WHERE state = 'waiting'"  # noqa: S608
            " AND +kind IN (SELECT value FROM json_each(?)) ORDER BY depth, id",
            (json.dumps(sorted(kinds)),),
        )
        return [_item(row) for row in rows]

    def next_due_utc(self) -> str | None:
        """Say when the first of the items may be asked for that may not be yet.

        Returns
        -------
        str or None
            ISO 8601 with Z, which may have passed; None if something may be asked for at
            any time, or nothing waits.
        """
        first, untimed = self.conn.execute(
            "SELECT min(not_before_utc), sum(not_before_utc IS NULL) FROM fetch_queue"
            " WHERE state = 'waiting'"
        ).fetchone()
        return None if untimed else first

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
