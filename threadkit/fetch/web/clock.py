"""The time and the waiting of the network code, in one object that a test can replace."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What the network code asks of time."""

    def monotonic(self) -> float:
        """Return seconds that only grow; their zero means nothing."""
        ...

    def utc(self) -> datetime:
        """Return what the calendar says, with its zone."""
        ...

    def sleep(self, seconds: float) -> None:
        """Do nothing for so many seconds."""
        ...


class SystemClock:
    """The machine's own clock.

    Examples
    --------
    >>> clock = SystemClock()
    >>> clock.monotonic() <= clock.monotonic(), clock.utc().tzname()
    (True, 'UTC')
    """

    def monotonic(self) -> float:
        """Return seconds that only grow; their zero means nothing."""
        return time.monotonic()

    def utc(self) -> datetime:
        """Return what the calendar says, with its zone."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Do nothing for so many seconds."""
        time.sleep(seconds)


def stamp(moment: datetime) -> str:
    """Write a moment as the database and the messages have it.

    Parameters
    ----------
    moment : datetime
        With a zone.

    Returns
    -------
    str
        ISO 8601 in UTC to the second, with Z.

    Examples
    --------
    >>> stamp(datetime(2020, 9, 1, 12, 30, tzinfo=UTC))
    '2020-09-01T12:30:00Z'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
