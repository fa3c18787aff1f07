"""Date and Received: what the sender claims, and when the last hop took the mail.

``Date`` is for display and is kept even where it is absurd, with a defect that says so.
``Received`` is for order: the topmost hop with a readable time between 1980 and 2099
counts; if that lies more than ten years from a believable ``Date`` and another hop lies
nearer, the first such hop counts.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import NamedTuple

from threadkit.mail.encoded_words import decode_words
from threadkit.mail.values import Defect

_FIRST_YEAR = "1980"
_END_YEAR = "2100"
DISTRUST_YEARS = 10

_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO_MONTHS = {name.title(): f"-{number:02}-" for number, name in enumerate(_MONTH_NAMES, 1)}
_ISO_DAYS = {form: f"{day:02}" for day in range(1, 32) for form in (f"{day}", f"{day:02}")}
_MONTHS_ANY = {name: number for number, name in enumerate(_MONTH_NAMES, 1)}
# RFC 5322 section 4.3, and the European names that mean one offset only.
_ZONES = {
    "UT": 0, "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 60,
    "EST": -300, "EDT": -240, "CST": -360, "CDT": -300,
    "MST": -420, "MDT": -360, "PST": -480, "PDT": -420, "AST": -240, "ADT": -180,
    "CET": 60, "CEST": 120, "MET": 60, "MEST": 120, "EET": 120, "EEST": 180, "MSK": 180,
}  # fmt: skip
_OFFSET_LIMIT_MIN = 24 * 60
_offsets: dict[str, tuple[timedelta | None, int | None]] = {}  # at most 2,880 of them

_ISO_DATE = re.compile(r"(?<!\d)(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?!\d)T?")
_CLOCK = re.compile(r"(?<!\d)(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:[.,]\d+)?\s*([AaPp][Mm]\b)?")
_ZONE = re.compile(r"([+-])\s?(\d{1,2}):?(\d{2})(?!\d)|([+-])(\S+)|\b([A-Za-z]{1,5})\b")
_WORD = re.compile(r"\d+|[A-Za-z]+")
_READ_MAX = 120


class Moment(NamedTuple):
    """A point in time as a mail gives it."""

    utc: str
    """``YYYY-MM-DDTHH:MM:SSZ``."""
    offset_min: int | None
    """The writer's offset from UTC in minutes; None for ``-0000`` and unknown zones."""
    problem: str = ""
    """A kind of defect, or nothing."""


def moment(text: str) -> Moment | None:
    """Read a date of any form found in mail; None if it cannot be read.

    Parameters
    ----------
    text : str
        The value of a Date header, or what follows the semicolon of a Received header.

    Examples
    --------
    >>> moment("Tue, 1 Sep 2020 19:05:12 -0700")
    Moment(utc='2020-09-02T02:05:12Z', offset_min=-420, problem='')
    >>> moment("Fri Feb 13 23:31:30 09")
    Moment(utc='2009-02-13T23:31:30Z', offset_min=None, problem='date-obsolete')
    >>> moment("tomorrow") is None
    True

    Notes
    -----
    Only the first 120 characters are read.

    References
    ----------
    RFC 5322 sections 3.3 and 4.3.
    """
    quick = _quick(text)
    return _lenient(text[:_READ_MAX]) if quick is None else Moment(*quick)


def _quick(text: str) -> tuple[str, int | None] | None:
    """Read the form of RFC 5322 as nearly every program writes it: UTC and offset."""
    parts = text.split(None, 6)
    try:
        if parts[0][-1] == ",":
            del parts[0]
        day, month, year, clock, zone = parts[:5]
        delta, offset = _offsets.get(zone) or _offset(zone)
        if len(year) != 4 or len(clock) != 8 or clock[2] != ":" or clock[5] != ":":
            return None
        when = datetime.fromisoformat(f"{year}{_ISO_MONTHS[month]}{_ISO_DAYS[day]}T{clock}")
        if delta is not None:
            when -= delta
    except (IndexError, KeyError, ValueError, OverflowError):
        return None
    return f"{when.isoformat()}Z", offset


def _offset(zone: str) -> tuple[timedelta | None, int | None]:
    """Read a numeric zone and remember it; ValueError for any other."""
    if len(zone) != 5 or zone[0] not in "+-" or not (zone.isascii() and zone[1:].isdigit()):
        raise ValueError
    hours, minutes = int(zone[1:3]), int(zone[3:])
    if hours > 23 or minutes > 59:
        raise ValueError
    offset = hours * 60 + minutes if zone[0] == "+" else -hours * 60 - minutes
    found = (timedelta(minutes=offset) if offset else None, None if zone == "-0000" else offset)
    _offsets[zone] = found
    return found


def _datetime(
    year: int, month: int, day: int, hour: int, minute: int, second: int
) -> datetime | None:
    """Build a naive UTC time; a leap second is taken as the second before it."""
    try:
        return datetime(year, month, day, hour, minute, min(second, 59) if second == 60 else second)  # noqa: DTZ001
    except (ValueError, OverflowError):
        return None


def _at(local: datetime, offset: int | None, problem: str) -> Moment:
    if offset:
        try:
            local -= timedelta(minutes=offset)
        except OverflowError:
            return Moment(local.isoformat() + "Z", None, "date-zone-malformed")
    return Moment(local.isoformat() + "Z", offset, problem)


def _lenient(text: str) -> Moment | None:
    """Read old, local and broken forms: asctime, ISO 8601, two-digit years, no zone."""
    clock = _CLOCK.search(text)
    iso = _ISO_DATE.search(text)
    if clock is None and iso is None:
        return None
    before = text[: clock.start()] if clock else text
    after = text[clock.end() :] if clock else ""
    hour, minute, second = (int(clock[n] or 0) for n in (1, 2, 3)) if clock else (0, 0, 0)
    if clock and clock[4]:
        hour = hour % 12 + 12 * (clock[4].lower() == "pm")
    offset, after, zone_problem = _zone(after)
    if iso:
        year, month, day, problem = int(iso[1]), int(iso[2]), int(iso[3]), ""
    else:
        calendar = _calendar(f"{before} {after}")
        if calendar is None:
            return None
        year, month, day, problem = calendar
    when = _datetime(year, month, day, hour, minute, second)
    return None if when is None else _at(when, offset, problem or zone_problem)


def _calendar(text: str) -> tuple[int, int, int, str] | None:
    """Find day, month name and year among the words of a date."""
    month = 0
    numbers: list[str] = []
    for word in _WORD.findall(text):
        if word.isdigit():
            numbers.append(word)
        elif not month:
            month = _MONTHS_ANY.get(word[:3].lower(), 0)
    numbers = [n for n in numbers if len(n) <= 4]
    if not month and len(numbers) > 2 and len(numbers[1]) < 3:
        month = int(numbers.pop(1))  # 27 6 2001
    if not 1 <= month <= 12 or len(numbers) < 2:
        return None
    day, year = numbers[0], numbers[1]
    if len(day) > 2:
        day, year = year, day
    problem = ""
    number = int(year)
    if len(year) < 4:  # RFC 5322 section 4.3
        problem = "date-obsolete"
        number += 2000 if len(year) < 3 and number < 50 else 1900
    return number, month, int(day), problem


def _zone(after: str) -> tuple[int | None, str, str]:
    """Read the zone behind the clock: offset, the text without it, kind of defect."""
    match = _ZONE.search(after.partition("(")[0])
    if match is None:
        return None, after, "date-zone-missing"
    rest = after[: match.start()] + " " + after[match.end() :]
    if match[1]:
        offset = int(match[2]) * 60 + int(match[3])
        if offset >= _OFFSET_LIMIT_MIN or int(match[3]) > 59:
            return None, rest, "date-zone-malformed"
        if match[1] == "-" and not offset:
            return None, rest, ""
        return (-offset if match[1] == "-" else offset), rest, ""
    if match[4]:
        return None, rest, "date-zone-malformed"
    name = match[6].upper()
    if name[:3].lower() in _MONTHS_ANY and len(name) == 3 and name not in _ZONES:
        return None, after, "date-zone-missing"
    if name in _ZONES:
        return _ZONES[name], rest, ""
    return None, rest, "date-zone-unknown"


def sent(values: list[str], defects: list[Defect]) -> tuple[str | None, int | None]:
    """Read the Date headers of a mail: the time in UTC, the offset in minutes.

    Parameters
    ----------
    values : list of str
        The values of all its Date headers; the first that can be read counts.
    defects : list of Defect
        Receives what is wrong.

    Examples
    --------
    >>> found = []
    >>> sent([" Thu, 1 Jan 1970 01:00:00 +0100"], found), found[0].kind
    (('1970-01-01T00:00:00Z', 60), 'date-implausible')
    >>> sent([], found), found[1].kind
    ((None, None), 'date-missing')
    """
    for value in values:
        quick = _quick(value)
        if quick is not None and _FIRST_YEAR <= quick[0] < _END_YEAR:
            return quick
        if not value.strip():
            continue
        text = decode_words(value, defects) if "=?" in value else value
        found = moment(text)
        if found is None:
            shown = value.strip(" \t").encode("ascii", "replace").decode()
            defects.append(Defect("date-malformed", shown[:60]))
            continue
        if found.problem:
            defects.append(Defect(found.problem, text.strip(" \t")[:60]))
        if not _plausible(found.utc):
            defects.append(Defect("date-implausible", found.utc))
        return found.utc, found.offset_min
    if not any(value.strip() for value in values):
        defects.append(Defect("date-missing"))
    return None, None


def _plausible(utc: str) -> bool:
    return _FIRST_YEAR <= utc < _END_YEAR


def received(values: list[str], date_utc: str | None, defects: list[Defect]) -> str | None:
    """Read the newest plausible hop of the Received headers, in UTC.

    Parameters
    ----------
    values : list of str
        The values of all Received headers, newest first as in the mail.
    date_utc : str or None
        What :func:`sent` gave; only used to tell which of two far-off hops to believe.
    defects : list of Defect
        Receives what is wrong.

    Returns
    -------
    str or None
        None without any hop that has a readable, plausible time.

    Examples
    --------
    >>> hops = [" by b; garbage", " by a; Tue, 1 Sep 2020 19:05:12 -0700 (PDT)"]
    >>> received(hops, None, [])
    '2020-09-02T02:05:12Z'
    """
    claimed = int(date_utc[:4]) if date_utc and _plausible(date_utc) else None
    first: str | None = None
    for value in values:
        _, semicolon, text = value.rpartition(";")
        if not semicolon:
            continue
        found = _quick(text) or _lenient(text[:_READ_MAX])
        if found is None or not _plausible(utc := found[0]):
            continue
        if claimed is None or abs(int(utc[:4]) - claimed) <= DISTRUST_YEARS:
            return utc
        first = first or utc
    if first is not None:
        defects.append(Defect("date-implausible", f"{date_utc}, received {first}"))
    elif values:
        defects.append(Defect("received-malformed", f"{len(values)} hops"))
    return first
