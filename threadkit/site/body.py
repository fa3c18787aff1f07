"""The body of a mail as HTML: every line with its anchor, claims and links in place."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import pairwise
from typing import Generic, NamedTuple, TypeVar

from threadkit.site.links import OUTSIDE, Link
from threadkit.site.render import plain
from threadkit.site.texts import Block

DEEPEST = 5
"""Levels of quotation that are told apart."""

_LONGEST = 2_000  # characters of a line in one piece of HTML, which has to fit on a page
_TITLE = 120  # characters of what a link says of where it leads
_QUIET = frozenset({"attribution", "signature", "footer", "diffstat", "scissors", "snip"})
_SIGNS = {"+": "add", "-": "del", "@": "hunk"}
_HEADS = ("+++ ", "--- ", "diff ", "index ")


class Marked(NamedTuple):
    """Words of a body that make a claim: ``key`` names it in anchors."""

    start: int
    stop: int
    key: str
    href: str
    title: str
    sure: bool = True


class Line(NamedTuple):
    """A line, or a part of a very long one, as HTML; ``number`` counts from 1."""

    number: int
    html: str


class _Unit(NamedTuple):
    start: int
    stop: int
    number: int
    first: bool


class _Parts(NamedTuple):
    """What stands in a line besides its text."""

    marks: list[Marked]
    links: list[Link]


def lines(
    body: str,
    blocks: Sequence[Block],
    marks: Sequence[Marked] = (),
    links: Sequence[Link] = (),
) -> Iterator[Line]:
    r"""Make HTML of a body, line by line.

    Parameters
    ----------
    body : str
        Decoded; of a stranger.
    blocks : sequence of Block
        In order.
    marks : sequence of Marked
        They may overlap and go over lines.
    links : sequence of Link
        In order, none over another.

    Yields
    ------
    Line
        Together their text is that of the body, with :func:`threadkit.site.render.plain`
        applied. Each is whole: what it opens it closes.

    Examples
    --------
    >>> [line.html for line in lines("a < b\n", [Block("reply", 0, 0, 6)])]  # doctest: +ELLIPSIS
    ['<span class="l" id="L1"><a ...></a>a &lt; b\n</span>']

    Notes
    -----
    Linear in the length of the body, with a logarithm for the marks of a line.
    """
    units = list(_units(body))
    parts = _by_unit(units, marks, links)
    clean = plain(body) == body
    at = 0
    for place, unit in enumerate(units):
        while at < len(blocks) - 1 and blocks[at].stop <= unit.start:
            at += 1
        styles = _styles(blocks[at], body, unit) if blocks else ""
        inside = parts.get(place)
        if inside is None:
            text = body[unit.start : unit.stop]
            html = escape(text if clean else plain(text))
        else:
            html = "".join(_segments(body, unit, inside))
        yield Line(unit.number, _framed(unit, styles, html))


def _units(body: str) -> Iterator[_Unit]:
    start, number = 0, 0
    while start < len(body):
        number += 1
        stop = body.find("\n", start) + 1 or len(body)
        for at in range(start, stop, _LONGEST):
            yield _Unit(at, min(at + _LONGEST, stop), number, at == start)
        start = stop


def _framed(unit: _Unit, styles: str, html: str) -> str:
    if not unit.first:
        return f'<span class="l{styles}">{html}</span>'
    number = unit.number
    return (
        f'<span class="l{styles}" id="L{number}"><a href="#L{number}" data-n="{number}" '
        f'tabindex="-1" aria-hidden="true"></a>{html}</span>'
    )


def _styles(block: Block, body: str, unit: _Unit) -> str:
    if block.depth:
        return f" q{min(block.depth, DEEPEST)}"
    if block.kind == "diff":
        if body.startswith(_HEADS, unit.start):
            return " dh"
        sign = _SIGNS.get(body[unit.start : unit.start + 1])
        return f" {sign}" if sign else ""
    return " at" if block.kind in _QUIET else ""


def _by_unit(
    units: Sequence[_Unit],
    marks: Iterable[Marked],
    links: Iterable[Link],
) -> dict[int, _Parts]:
    """Sort all that stands in the body by the lines that it touches."""
    starts = [unit.start for unit in units]
    found: dict[int, _Parts] = {}

    def touched(start: int, stop: int) -> Iterator[_Parts]:
        at = max(bisect_right(starts, start) - 1, 0)
        while at < len(units) and units[at].start < stop:
            yield found.setdefault(at, _Parts([], []))
            at += 1

    for mark in sorted(marks):
        for parts in touched(mark.start, mark.stop):
            parts.marks.append(mark)
    for link in links:
        for parts in touched(link.start, link.stop):
            parts.links.append(link)
    return found


def _segments(body: str, unit: _Unit, parts: _Parts) -> Iterator[str]:
    """Cut a line wherever something begins or ends, and dress each piece."""
    ends = [at for kind in parts for one in kind for at in (one[0], one[1])]
    cuts = sorted({unit.start, unit.stop, *(at for at in ends if unit.start < at < unit.stop)})
    marks, links = _Sweep(parts.marks), _Sweep(parts.links)
    for start, stop in pairwise(cuts):
        text = body[start:stop]
        end = "\n" if text.endswith("\n") else ""
        html = escape(plain(text[: len(text) - len(end)]))
        yield _dressed(html, start, marks.at(start), links.at(start)) + end


_Span = TypeVar("_Span", Marked, Link)


class _Sweep(Generic[_Span]):
    """Spans in the order of their start; asked for those that hold a place, in order."""

    def __init__(self, spans: Sequence[_Span]) -> None:
        self._spans: Sequence[_Span] = spans
        self._next = 0
        self._open: list[_Span] = []

    def at(self, place: int) -> list[_Span]:
        """Return the spans that hold a place; later questions are of later places."""
        while self._next < len(self._spans) and self._spans[self._next][0] <= place:
            self._open.append(self._spans[self._next])
            self._next += 1
        if self._open:
            self._open = [one for one in self._open if one[1] > place]
        return self._open


def _dressed(html: str, start: int, marks: Sequence[Marked], links: Sequence[Link]) -> str:
    """Wrap words in what they are: a link first, else that of the shortest claim."""
    keys = [escape(one.key) for one in marks if one.start == start]
    if not html:  # the end of a line alone
        return "".join(f'<span id="{key}"></span>' for key in keys)
    if links:
        one = links[0]
        leaves = f' rel="{OUTSIDE}"' if one.outside else ""
        html = f'<a href="{escape(one.href)}"{_title(one.title)}{leaves}>{html}</a>'
    elif marks:
        best = min(marks, key=lambda one: (one.stop - one.start, one.key))
        html = f'<a href="{escape(best.href)}"{_title(best.title)}>{html}</a>'
    if not marks:
        return html
    others = "".join(f'<span id="{key}"></span>' for key in keys[1:])
    name = f' id="{keys[0]}"' if keys else ""
    style = "" if any(one.sure for one in marks) else ' class="auto"'
    return f"{others}<mark{name}{style}>{html}</mark>"


def _title(title: str) -> str:
    if not title:
        return ""
    shown = plain(title[:_TITLE])
    return f' title="{escape(shown if len(shown) <= _TITLE else shown[: _TITLE - 1] + "…")}"'
