"""Row ids that grow with time of arrival, whatever the order of import.

"Newest first" is then "highest rowid first", which SQLite and FTS5 answer without
sorting. A message gets the slot of eight seconds in which it arrived; if that is
taken, the first free one after it. On a list of 1,000 mails a day slots are 8 % full.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from datetime import datetime

SLOT_S = 8


def slot(order_utc: str) -> int:
    """Return the slot of a time ``YYYY-MM-DDTHH:MM:SSZ``; 1 when there is none.

    Parameters
    ----------
    order_utc : str
        When a mail arrived; empty if nobody knows.

    Returns
    -------
    int
        At least 1.

    Examples
    --------
    >>> slot("1970-01-01T00:00:16Z")
    3
    >>> slot("")
    1
    """
    if not order_utc:
        return 1
    seconds = int(datetime.fromisoformat(order_utc).timestamp())
    return max(1, seconds // SLOT_S + 1)


class Slots:
    """Hands out free row ids.

    Parameters
    ----------
    first_free : callable
        From a row id to itself if the database does not hold it, else to a later one that
        it does not hold, beside one that it does.

    Notes
    -----
    What is known to be taken is kept as stretches, so that n mails of one instant cost
    n log n, and a stretch of the database is walked once in a transaction.

    Examples
    --------
    >>> slots = Slots(lambda row: row)
    >>> slots.take("1970-01-01T00:00:16Z"), slots.take("1970-01-01T00:00:17Z")
    (3, 4)
    """

    def __init__(self, first_free: Callable[[int], int]) -> None:
        self._first_free = first_free
        self._starts: list[int] = []  # of stretches without a free id, in order, apart
        self._stops: list[int] = []

    def take(self, order_utc: str) -> int:
        """Return a free id at or after the slot of ``order_utc``, now taken.

        Parameters
        ----------
        order_utc : str
            When a mail arrived.

        Returns
        -------
        int
            Not handed out before, and not in the database.
        """
        row = start = slot(order_utc)
        while True:
            at = bisect_right(self._starts, row) - 1
            if at >= 0 and row < self._stops[at]:
                row = self._stops[at]
            free = self._first_free(row)
            if free == row:
                self._fill(start, row + 1)
                return row
            self._fill(row, free)
            row = free

    def _fill(self, start: int, stop: int) -> None:
        """Note that ids from ``start`` to before ``stop`` are taken; join what touches."""
        low = bisect_right(self._starts, start)
        if low and self._stops[low - 1] >= start:
            low -= 1
            start = self._starts[low]
        high = bisect_right(self._starts, stop)
        if high > low:
            stop = max(stop, self._stops[high - 1])
        self._starts[low:high] = [start]
        self._stops[low:high] = [stop]

    def forget(self) -> None:
        """Drop what has been written to the database meanwhile."""
        self._starts.clear()
        self._stops.clear()
