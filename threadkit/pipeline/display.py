"""Text on a terminal: how wide it is, how to cut it, what must never reach it raw.

Mail is written by strangers. An escape sequence in a subject can retitle a window, hide
text or paste commands, and a bidirectional override can show a different sentence from
the one that is stored. :func:`printable` shows such characters instead of sending them.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import accumulate

ELLIPSIS = "…"

SUBJECT_COLUMNS = 60
"""How much of a subject the ``repr`` of an object shows."""

_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff"
    "\ud800-\udfff]"
)
_SPACE = re.compile(r"[\t\n\r]+")
_JOINER = "\u200d"


def counted(number: int, one: str, many: str = "") -> str:
    """Count things in words.

    Parameters
    ----------
    number : int
        How many.
    one, many : str
        What to call one of them, and several; by default with an s.

    Examples
    --------
    >>> counted(1, "mail"), counted(0, "mail"), counted(2, "copy", "copies")
    ('1 mail', '0 mails', '2 copies')
    """
    return f"{number} {one if number == 1 else many or one + 's'}"


def printable(text: str) -> str:
    r"""Show control, bidirectional and surrogate characters instead of sending them.

    Line feed and tab are kept. C0 controls become ``^X`` as in ``cat -v``, the others
    ``<U+XXXX>``.

    Parameters
    ----------
    text : str
        Any text, of any length.

    Returns
    -------
    str
        The same text if it is harmless.

    Examples
    --------
    >>> printable("red \x1b[31m bell \x07")
    'red ^[[31m bell ^G'
    >>> printable("abc\u202edef")
    'abc<U+202E>def'

    Notes
    -----
    One regular-expression pass. A carriage return is shown too: it would let the
    second half of a line overwrite the first.

    References
    ----------
    Unicode Technical Report 36, section 2.5 (bidirectional text spoofing).
    """
    return _UNSAFE.sub(_shown, text)


def one_line(text: str) -> str:
    r"""Make text fit for one cell: runs of tabs and line ends become one space.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        One line that :func:`printable` has made harmless.

    Examples
    --------
    >>> one_line("a\tb\r\nc\x1b")
    'a b c^['
    """
    return printable(_SPACE.sub(" ", text))


def width(text: str) -> int:
    """Count the columns that text takes on a terminal.

    Parameters
    ----------
    text : str
        One line without control characters.

    Returns
    -------
    int
        Columns: 2 for wide East Asian characters and emoji, 0 for combining marks and
        for what a zero-width joiner joins, 1 for the rest.

    Examples
    --------
    >>> width("page"), width("日本"), width("e\u0301")
    (4, 4, 1)

    Notes
    -----
    ASCII is counted by ``len`` alone; other text costs about 0.3 µs a character.

    References
    ----------
    Unicode Standard Annex 11 (East Asian Width).
    """
    if text.isascii():
        return len(text)
    return sum(_widths(text))


def fit(text: str, columns: int, *, right: bool = False) -> str:
    """Cut or pad text to exactly this many columns.

    Parameters
    ----------
    text : str
        One line.
    columns : int
        Width to reach; at least 1.
    right : bool, optional
        Align right, for numbers.

    Returns
    -------
    str
        Ends with ``…`` where something was cut.

    Examples
    --------
    >>> fit("page_count", 6), fit("日本語", 4), fit("7", 3, right=True)
    ('page_…', '日… ', '  7')
    """
    used = width(text)
    if used > columns:
        text = cut(text, columns)
        used = width(text)
    padding = " " * (columns - used)
    return padding + text if right else text + padding


def cut(text: str, columns: int) -> str:
    """Cut text to at most this many columns, with ``…`` for what is gone.

    Parameters
    ----------
    text : str
        One line.
    columns : int
        Columns to keep, the ellipsis included; at least 1.

    Returns
    -------
    str
        The text itself where it fits.

    Examples
    --------
    >>> cut("copy on write", 5), cut("fork", 5)
    ('copy…', 'fork')
    """
    if width(text) <= columns:
        return text
    room = columns - 1
    if text.isascii():
        return text[:room] + ELLIPSIS
    ends = accumulate(_widths(text))
    return text[: next(place for place, end in enumerate(ends) if end > room)] + ELLIPSIS


def _widths(text: str) -> list[int]:
    """Give the columns of each character of a line."""
    sizes: list[int] = []
    joined = False
    for character in text:
        sizes.append(0 if joined else _character_width(character))
        joined = character == _JOINER
    return sizes


def _character_width(character: str) -> int:
    """Give the columns of one character that nothing joins."""
    if character < "\u0300":
        return 1
    if unicodedata.category(character) in ("Mn", "Me", "Cf") or "\u1160" <= character <= "\u11ff":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _shown(match: re.Match[str]) -> str:
    """Spell one unsafe character out."""
    code = ord(match[0])
    if code < 0x20:
        return "^" + chr(code + 0x40)
    return "^?" if code == 0x7F else f"<U+{code:04X}>"
