"""Long bodies on several pages: where each line is can be told by its number alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from threadkit.site.body import Line
from threadkit.site.values import LINES, Mail

BUDGET = 180_000
"""Bytes of HTML of a body on one page; the rest of the page has to be small beside it."""

_SURELY_SMALL = BUDGET // 4  # characters; none takes more than four bytes


class Sheet(NamedTuple):
    """The part of a body that one page shows.

    Attributes
    ----------
    path : str
        Of the page, from the top of the site.
    lines : list of Line
        Shown here.
    first, last : int
        Numbers of the lines shown.
    moved : list of (str, int, int)
        Pages that show lines which should be here but need more room: path, first and last
        line.
    anchors : list of range
        For each of these the lines whose anchors stand here as well, each once, so that every
        link to a line leads somewhere.
    """

    path: str
    lines: list[Line]
    first: int
    last: int
    moved: list[tuple[str, int, int]]
    anchors: list[range]


def sheets(mail: Mail, lines: Iterable[Line]) -> Iterator[Sheet]:
    """Share the lines of a body out among pages.

    Parameters
    ----------
    mail : Mail
        Whose they are.
    lines : iterable of Line
        In order; read a thousand at a time.

    Yields
    ------
    Sheet
        In order; at least one. Line n is on, or told of on, the page :meth:`Mail.at`.
    """
    chapter: list[Line] = []
    number = 1
    for line in lines:
        if line.number > number * LINES:
            yield from _chapter(mail, number, chapter)
            chapter = []
            number = (line.number - 1) // LINES + 1
        chapter.append(line)
    yield from _chapter(mail, number, chapter)


def _chapter(mail: Mail, number: int, chapter: list[Line]) -> Iterator[Sheet]:
    parts = list(_parts(chapter))
    paths = [_path(mail, number, part) for part in range(1, len(parts) + 1)]
    spans = [(part[0].number, part[-1].number) if part else (0, 0) for part in parts]
    moved = [(path, *span) for path, span in zip(paths[1:], spans[1:], strict=True)]
    anchors = [range(before + 1, last + 1) for (_, before), (_, last) in pairwise(spans)]
    for path, part, (first, last) in zip(paths, parts, spans, strict=True):
        yield Sheet(path, part, first, last, moved, anchors)
        moved, anchors = [], []


def _parts(chapter: list[Line]) -> Iterator[list[Line]]:
    if sum(len(line.html) for line in chapter) < _SURELY_SMALL:
        yield chapter
        return
    part: list[Line] = []
    size = 0
    for line in chapter:
        more = len(line.html.encode("utf-8", "backslashreplace"))
        if part and size + more > BUDGET:
            yield part
            part, size = [], 0
        part.append(line)
        size += more
    yield part


def _path(mail: Mail, number: int, part: int) -> str:
    """Name a page; no name of a mail has ``~p``, so none is taken twice."""
    if part > 1:
        return f"m/{mail.name}~p{number}.{part}.html"
    return mail.at((number - 1) * LINES + 1).partition("#")[0]
