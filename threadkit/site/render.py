"""Templates: one environment that escapes everything, and what templates may call."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment

_UNSEEN = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e007f"
    + "".join(f"{chr(end - 1)}{chr(end)}" for end in range(0x1FFFF, 0x110000, 0x10000))
    + "]"
)
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def plain(text: str) -> str:
    r"""Make characters visible that a reader would not see, or that turn text around.

    Parameters
    ----------
    text : str
        Of a stranger.

    Returns
    -------
    str
        Controls (but for line ends and tabs), marks of direction, joiners of no width, lone
        surrogates and what is no character (XML may not hold these) as ``<U+202E>``; the rest as it is. It still has to be escaped.

    Examples
    --------
    >>> plain("ab\u202edc\n")
    'ab<U+202E>dc\n'

    References
    ----------
    Unicode UAX #9 (bidirectional formatting characters); CVE-2021-42574.
    """
    return _UNSEEN.sub(lambda found: f"<U+{ord(found.group()):04X}>", text)


def day(utc: str | None) -> str:
    """Write a date as people read it.

    Parameters
    ----------
    utc : str or None
        ISO 8601.

    Returns
    -------
    str
        ``1 Sep 2020``; ``no date`` for None.

    Examples
    --------
    >>> day("2020-09-01T07:01:35Z")
    '1 Sep 2020'
    """
    if not utc:
        return "no date"
    return f"{int(utc[8:10])} {_MONTHS[int(utc[5:7]) - 1]} {utc[:4]}"


def minute(utc: str | None) -> str:
    """Write a date with its time.

    Parameters
    ----------
    utc : str or None
        ISO 8601 with Z.

    Returns
    -------
    str
        ``1 Sep 2020 07:01 UTC``; the day alone if no time is known.

    Examples
    --------
    >>> minute("2020-09-01T07:01:35Z"), minute("2020-09-01")
    ('1 Sep 2020 07:01 UTC', '1 Sep 2020')
    """
    return f"{day(utc)} {utc[11:16]} UTC" if utc and len(utc) > 10 else day(utc)


def count(number: int, one: str, many: str = "") -> str:
    """Write a number of things.

    Parameters
    ----------
    number : int
        How many.
    one, many : str
        Singular and plural; an ``s`` is added where no plural is given.

    Examples
    --------
    >>> count(1, "reply", "replies"), count(98, "message"), count(12000, "message")
    ('1 reply', '98 messages', '12,000 messages')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


@cache
def environment() -> Environment:
    """Return the environment of the templates that come with this package.

    Returns
    -------
    jinja2.Environment
        Everything is escaped; an unknown name is an error; filters ``plain``, ``day``,
        ``minute`` and the function ``count``.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("threadkit.site", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters.update(plain=plain, day=day, minute=minute)
    made.globals.update(count=count)
    return made


def pieces(template: str, values: Mapping[str, object]) -> Iterator[str]:
    """Fill a template, a piece at a time, so that a long page is never whole in memory.

    Parameters
    ----------
    template : str
        Its file name.
    values : mapping
        What it names.

    Yields
    ------
    str
        HTML.
    """
    stream = environment().get_template(template).stream(values)
    stream.enable_buffering(64)
    yield from stream
