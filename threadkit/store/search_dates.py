"""Points and stretches of time as people write them in a search.

Understood, all in UTC: ``2020``, ``2020-08``, ``2020-08-31``, ``20200831``,
``2020-08-31T14:30``, ``20200831143000``, ``now``, ``today``, ``yesterday``,
``2.weeks.ago``, ``last.month``, ``last.friday``, ``august.2020``, ``31.aug.2020``. Dots,
underscores and spaces are the same. These are the common forms of git's "approxidate",
which has no grammar; what is not understood is an error here, where git would guess.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_NUMERIC = re.compile(
    r"(\d{4})(?:-?(\d\d)(?:-?(\d\d)(?:[T ]?(\d\d):?(\d\d)(?::?(\d\d))?Z?)?)?)?", re.ASCII
)
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}
_COUNTS = {
    "a": 1, "an": 1, "last": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9, "ten": 10,
}  # fmt: skip


def span(text: str, now: datetime) -> tuple[datetime, datetime | None]:
    """Read a stretch of time.

    Parameters
    ----------
    text : str
        As the user wrote it; see the module's description.
    now : datetime
        What relative words count from, in UTC.

    Returns
    -------
    tuple of datetime and datetime or None
        Its first instant and the first one after it, in UTC. Both are the same for a
        point in time (``2.weeks.ago``); the second is None after the year 9999.

    Raises
    ------
    ValueError
        The text is not understood, or names no real date.

    Examples
    --------
    >>> now = datetime(2020, 9, 1, 12, tzinfo=UTC)
    >>> [str(moment) for moment in span("2020-02", now)]
    ['2020-02-01 00:00:00+00:00', '2020-03-01 00:00:00+00:00']
    >>> str(span("2.weeks.ago", now)[0])
    '2020-08-18 12:00:00+00:00'

    Notes
    -----
    Pure.

    References
    ----------
    ISO 8601 for the numeric forms; git-rev-list(1) ``--since`` for the others.
    """
    numeric = _NUMERIC.fullmatch(text.strip())
    try:
        if numeric:
            return _numeric(*numeric.groups())
        words = [word for word in re.split(r"[\s._-]+", text.lower()) if word]
        return _words(words, now)
    except OverflowError as error:
        raise ValueError("out of the calendar's range") from error


def _numeric(
    year: str, month: str | None, day: str | None, hour: str | None, minute: str, second: str | None
) -> tuple[datetime, datetime | None]:
    start = datetime(
        int(year),
        int(month or 1),
        int(day or 1),
        int(hour or 0),
        int(minute or 0),
        int(second or 0),
        tzinfo=UTC,
    )
    if second:
        return start, _after(start, timedelta(seconds=1))
    if hour:
        return start, _after(start, timedelta(minutes=1))
    if day:
        return start, _after(start, timedelta(days=1))
    return start, _months_later(start, 1 if month else 12)


def _after(start: datetime, length: timedelta) -> datetime | None:
    try:
        return start + length
    except OverflowError:
        return None


def _months_later(start: datetime, months: int) -> datetime | None:
    """Move a first of a month; None after the year 9999."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return None if year > 9999 else start.replace(year=year, month=month + 1)


def _words(words: list[str], now: datetime) -> tuple[datetime, datetime | None]:
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    day = timedelta(days=1)
    if words == ["now"]:
        return now, now
    if words == ["today"]:
        return midnight, midnight + day
    if words == ["yesterday"]:
        return midnight - day, midnight
    weekday = _named(words[-1], _DAYS) if words else None
    if weekday is not None and words[:-1] in ([], ["last"]):
        start = midnight - day * ((now.weekday() - weekday - 1) % 7 + 1)
        return start, start + day
    if len(words) == 3 and words[2] == "ago":
        moment = _back(now, words[0], words[1])
        return moment, moment
    if len(words) == 2 and words[0] == "last":
        moment = _back(now, "last", words[1])
        return moment, moment
    return _month(words, now)


def _named(word: str, names: tuple[str, ...]) -> int | None:
    """Look up a name of which at least three letters are given."""
    found = (n for n, name in enumerate(names) if len(word) >= 3 and name.startswith(word))
    return next(found, None)


def _back(now: datetime, count: str, unit: str) -> datetime:
    unit = unit.removesuffix("s")
    many = (
        int(count) if count.isascii() and count.isdigit() and len(count) < 7 else _COUNTS.get(count)
    )
    if many is None:
        raise ValueError(f"{count} is not a number")
    if unit in _SECONDS:
        return now - timedelta(seconds=many * _SECONDS[unit])
    if unit not in ("month", "year"):
        raise ValueError(f"{unit} is not a unit of time")
    year, month = divmod(now.year * 12 + now.month - 1 - many * (12 if unit == "year" else 1), 12)
    for day in range(now.day, now.day - 4, -1):  # 31 March less a month is the 28th or 29th
        try:
            return now.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    raise ValueError("out of the calendar's range")


def _month(words: list[str], now: datetime) -> tuple[datetime, datetime | None]:
    """``august``, ``aug 2020``, ``31 aug``, ``aug 31 2020``; the latest such if no year."""
    month: int | None = None
    day: int | None = None
    year: int | None = None
    for word in words:
        named = _named(word, _MONTHS)
        if named is not None and month is None:
            month = named + 1
        elif re.fullmatch(r"[0-9]{4}", word) and year is None:
            year = int(word)
        elif re.fullmatch(r"[0-9]{1,2}", word) and day is None:
            day = int(word)
        else:
            raise ValueError("not a date")
    if month is None:
        raise ValueError("not a date")
    if year is None:
        year = now.year - ((month, day or 1) > (now.month, now.day))
    return _numeric(f"{year:04}", f"{month:02}", f"{day:02}" if day else None, None, "", None)
