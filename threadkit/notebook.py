"""HTML that the library's objects show in a notebook.

One rule for every theme: no fixed colours, only what the page already has
(``currentColor``) at some opacity. Nothing is loaded and nothing is run; every text is
escaped, because mail is written by strangers; long things are cut, and say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple

ROWS = 50
"""Rows that a table or tree shows in a notebook before it is cut."""

TEXT = 2000
"""Characters of a mail's text that a notebook shows."""

MOST = 12_000
"""Characters of HTML that the rows or lines of one piece may take: what is longer is cut, and
two pieces and a heading stay below 25 KB whatever they hold."""

_CELL = 160  # a sentence
_NARROW = 40  # in a table of many columns
_MANY = 12
_UNBROKEN = 20  # characters of a date or a name
_SHORT = ";white-space:nowrap"
_LONG = ";min-width:14em"
_COLUMNS = 30
_LANES = 12
_DOTS = 100  # to a lane; more cannot be told apart
_STEP = 352 / _DOTS
_FONT = "font-family:inherit;line-height:1.45"
_MUTE = "opacity:.7"
_LINE = "border-bottom:1px solid color-mix(in srgb,currentColor 20%,transparent)"
_RIGHT = "text-align:right;font-variant-numeric:tabular-nums"


class Lane(NamedTuple):
    """One person in a picture of who spoke when: places are 0..1 of the time shown."""

    name: str
    messages: int
    places: Sequence[float]


def heading(title: str, facts: Iterable[str]) -> str:
    """Make a title with a line of facts below.

    Parameters
    ----------
    title : str
        Plain text.
    facts : iterable of str
        Plain text; empty ones are left out.

    Returns
    -------
    str
        HTML.

    Examples
    --------
    >>> "a &lt; b" in heading("a < b", ["2 messages"])
    True
    """
    said = " · ".join(escape(fact) for fact in facts if fact)
    return (
        f'<div style="{_FONT}"><strong>{escape(_cut(title))}</strong><br>'
        f'<span style="{_MUTE}">{said}</span></div>'
    )


def table(columns: Sequence[str], rows: Sequence[Sequence[object]], *, what: str = "rows") -> str:
    """Make a table of the first rows.

    Parameters
    ----------
    columns : sequence of str
        Titles.
    rows : sequence of sequences
        Any values; long text is cut, None is empty, numbers stand to the right.
    what : str, optional
        The rows are these.

    Returns
    -------
    str
        HTML; the last line says how many rows and columns are not shown.

    Examples
    --------
    >>> "<td" in table(["n"], [[1]]) and "49 more" in table(["n"], [[1]] * 99)
    True
    """
    wide = columns[:_COLUMNS]
    most = _CELL if len(wide) <= _MANY else _NARROW
    head = "".join(
        f'<th style="text-align:left;padding:1px 1em 1px 0;{_LINE}">{escape(_cut(name, most))}</th>'
        for name in wide
    )
    shown = (
        f"<tr>{''.join(_cell(value, most) for value in row[:_COLUMNS])}</tr>" for row in rows[:ROWS]
    )
    lines = _fitting(shown)
    body = "".join(lines)
    left = more(len(rows) - len(lines), what) + more(len(columns) - len(wide), "columns")
    return (
        f'<div style="overflow-x:auto"><table style="{_FONT};border-collapse:collapse">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>{left}"
    )


def lanes(people: Sequence[Lane]) -> str:
    """Draw who spoke when: one line a person, one dot a message.

    Parameters
    ----------
    people : sequence of Lane
        In the order to show; all but the first twelve are only counted.

    Returns
    -------
    str
        HTML with inline SVG; each lane carries its numbers as text.

    Examples
    --------
    >>> "M4 8h0M356 8h0" in lanes([Lane("Ann Example", 2, [0.0, 1.0])])
    True
    """
    rows = "".join(
        f'<tr><td style="text-align:left;padding:1px 1em 1px 0">{escape(_cut(lane.name, 40))}</td>'
        f'<td style="{_RIGHT};padding:1px 1em 1px 0">{lane.messages}</td>'
        f'<td style="padding:1px 0">{_dots(lane.places)}</td></tr>'
        for lane in people[:_LANES]
    )
    below = more(len(people) - _LANES, "people")
    below += f'<div style="{_MUTE}">one dot a message, in order of time, not to scale</div>'
    return f'<table style="{_FONT};border-collapse:collapse"><tbody>{rows}</tbody></table>{below}'


def text_lines(lines: Sequence[str]) -> str:
    """Show lines of plain text as they are, the first fifty of them.

    Parameters
    ----------
    lines : sequence of str
        Without line ends.

    Returns
    -------
    str
        HTML that scrolls sideways and is never wrapped.

    Examples
    --------
    >>> text_lines(["a <b>"]).count("&lt;b&gt;")
    1
    """
    shown = _fitting(escape(_cut(line)) for line in lines[:ROWS])
    return _pre("\n".join(shown), "pre") + more(len(lines) - len(shown), "lines")


def mail_text(text: str) -> str:
    """Show the beginning of a mail's text, wrapped to the page.

    Parameters
    ----------
    text : str
        The decoded body.

    Returns
    -------
    str
        HTML; says how many characters are not shown.

    Examples
    --------
    >>> "&lt;script&gt;" in mail_text("<script>")
    True
    """
    return _pre(escape(text[:TEXT]), "pre-wrap") + more(len(text) - TEXT, "characters")


def paragraphs(texts: Iterable[str]) -> str:
    """Show sentences, a paragraph each.

    Parameters
    ----------
    texts : iterable of str
        Plain text; empty ones are left out.

    Returns
    -------
    str
        HTML.

    Examples
    --------
    >>> "a &lt; b" in paragraphs(["a < b", ""])
    True
    """
    look = "margin:.35em 0;max-width:68ch"
    return "".join(f'<p style="{look}">{escape(_cut(text, TEXT))}</p>' for text in texts if text)


def more(count: int, what: str) -> str:
    """Say how much is not shown.

    Parameters
    ----------
    count : int
        Nothing is said of none.
    what : str
        Of these.

    Returns
    -------
    str
        HTML, possibly empty.

    Examples
    --------
    >>> "3 more claims" in more(3, "claims"), more(0, "claims")
    (True, '')
    """
    return f'<div style="{_MUTE}">… {count:,} more {escape(what)}</div>' if count > 0 else ""


def _pre(escaped: str, wrapping: str) -> str:
    look = f"white-space:{wrapping};overflow-x:auto;margin:.5em 0;background:none;color:inherit"
    return f'<pre style="{look}">{escaped}</pre>'


def _dots(places: Sequence[float]) -> str:
    """Draw the dots of one lane; places that coincide on the screen are drawn once."""
    seen = sorted({round(place * _DOTS) for place in places})
    dots = "".join(f"M{4 + at * _STEP:.0f} 8h0" for at in seen)  # each a round cap and no line
    look = 'fill="none" stroke="currentColor" stroke-width="6" stroke-linecap="round"'
    return f'<svg width="360" height="16" aria-hidden="true" {look}><path d="{dots}"/></svg>'


def _cell(value: object, most: int) -> str:
    number = isinstance(value, int | float)
    side = _RIGHT if number else "text-align:left"
    shown = "" if value is None else value.hex() if isinstance(value, bytes) else str(value)
    wraps = _SHORT if len(shown) <= _UNBROKEN else _LONG if len(shown) > most // 2 else ""
    return f'<td style="{side};padding:1px 1em 1px 0{wraps}">{escape(_cut(shown, most))}</td>'


def _cut(text: str, most: int = _CELL) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _fitting(pieces: Iterable[str]) -> list[str]:
    """Take pieces of HTML from the first on, one at least, as long as they fit."""
    taken: list[str] = []
    room = MOST
    for piece in pieces:
        room -= len(piece)
        if room < 0 and taken:
            break
        taken.append(piece)
    return taken
