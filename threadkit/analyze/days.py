"""Days between mails and commits, reckoned fast: a history has few days and many commits."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache


@lru_cache(maxsize=16384)
def day_number(date: str) -> int:
    """Count days, so that two can be compared.

    Parameters
    ----------
    date : str
        Like ``2020-09-01``.

    Examples
    --------
    >>> day_number("2020-03-01") - day_number("2020-02-28")
    2
    """
    return datetime.fromisoformat(date).toordinal()


def shifted(utc: str, by: timedelta) -> str:
    """Move a time; one at the end of what can be written stays.

    Parameters
    ----------
    utc : str
        ISO 8601 with Z.
    by : timedelta
        How far.

    Examples
    --------
    >>> shifted("2020-02-28T12:00:00Z", timedelta(days=2))
    '2020-03-01T12:00:00Z'
    """
    try:
        moved = datetime.fromisoformat(utc.removesuffix("Z")) + by
    except (OverflowError, ValueError):
        return utc
    return f"{moved.isoformat()}Z"
