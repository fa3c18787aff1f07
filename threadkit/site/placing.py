"""Places of boxes: Graphviz decides where they stand, whichever copy of it is at hand.

Boxes have sizes of their own, so that no font is measured: then every copy of Graphviz puts them in
the same columns, and small maps come out the same to the point. In large ones versions may differ
in how high a box stands. What is in boxes, and the lines between neighbours, are drawn by us.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from itertools import groupby
from typing import NamedTuple

from threadkit.site.writer import SiteError

BETWEEN_RANKS = 62
"""Points between two columns of boxes: lines and their badges go there."""

_BETWEEN_BOXES = 14
_SECONDS = 60
_INCH = 72
_ENV = {"LC_ALL": "C"}

Run = Callable[[str], str]
"""Takes a graph in the language of Graphviz, and returns it in its plain format."""


class Spot(NamedTuple):
    """Where a box stands: its middle, in points from the top left, and its size."""

    x: int
    y: int
    width: int
    height: int


class Laid(NamedTuple):
    """A graph whose boxes have their places.

    ``routes`` are, for each pair of boxes with lines between them, the control points of their
    Bezier curves, in the order in which the lines were given.
    """

    width: int
    height: int
    spots: Mapping[str, Spot]
    routes: dict[tuple[str, str], list[list[tuple[int, int]]]]


def place(sizes: Mapping[str, tuple[int, int]], lines: Iterable[tuple[str, str]], run: Run) -> Laid:
    """Place boxes from right to left along their lines.

    Parameters
    ----------
    sizes : mapping of str to (int, int)
        Width and height of each box, in whole points.
    lines : iterable of (str, str)
        From which box to which.
    run : callable
        One of :func:`placers`.

    Returns
    -------
    Laid
        What a line leads to stands left of where it comes from, but for lines of a circle.

    Raises
    ------
    SiteError
        Graphviz failed.
    """
    names = {name: f"n{number}" for number, name in enumerate(sizes)}
    rows = [
        "digraph {",
        f"graph [rankdir=RL, nodesep={_BETWEEN_BOXES / _INCH}, ranksep={BETWEEN_RANKS / _INCH}]",
        'node [shape=box, fixedsize=true, label=""]',
        "edge [dir=none]",  # an arrowhead would shorten the routes, by more in newer versions
    ]
    for name, (width, height) in sizes.items():
        rows.append(f"{names[name]} [width={width / _INCH:.6f}, height={height / _INCH:.6f}]")
    given = list(lines)
    turned = _turned(given)
    for source, target in given:
        pair = (target, source) if (source, target) in turned else (source, target)
        rows.append(f"{names[pair[0]]} -> {names[pair[1]]}")
    laid = _read(run("\n".join([*rows, "}\n"])), sizes, {key: name for name, key in names.items()})
    for source, target in turned:
        both = laid.routes[target, source]
        laid.routes[source, target] = [route[::-1] for route in both]
    return laid


def _turned(lines: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return lines that close a circle: versions of Graphviz choose others to turn around."""
    leads: dict[str, list[str]] = {}
    for source, target in lines:
        leads.setdefault(source, []).append(target)
    found: dict[tuple[str, str], None] = {}
    done: set[str] = set()
    for start in leads:
        open_: list[str] = []
        waiting = [(start, False)]
        while waiting:
            here, leaves = waiting.pop()
            if leaves:
                done.add(open_.pop())
            elif here not in done and here not in open_:
                open_.append(here)
                waiting.append((here, True))
                for target in reversed(leads.get(here, [])):
                    if target in open_:
                        found[here, target] = None
                    elif target not in done:
                        waiting.append((target, False))
    return list(found)


@cache
def placers() -> Mapping[str, Run]:
    """Return the copies of Graphviz that are at hand, the preferred one first.

    Returns
    -------
    mapping of str to callable
        ``dot`` for the program, ``pygraphviz`` for the one in that package; may be empty.
    """
    found: dict[str, Run] = {}
    program = shutil.which("dot")
    if program:
        found["dot"] = lambda text: _by_program(program, text)
    if find_spec("pygraphviz"):
        found["pygraphviz"] = _by_package
    return found


def _by_program(program: str, text: str) -> str:
    try:
        done = subprocess.run(
            [program, "-Tplain"],
            input=text,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=True,
            env=_ENV,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise SiteError("maps", f"{program} failed: {error}") from error
    return done.stdout


def _by_package(text: str) -> str:
    import pygraphviz

    try:
        return str(pygraphviz.AGraph(string=text).draw(format="plain", prog="dot").decode())
    except (OSError, ValueError) as error:
        raise SiteError("maps", f"pygraphviz failed: {error}") from error


def _read(text: str, sizes: Mapping[str, tuple[int, int]], names: Mapping[str, str]) -> Laid:
    """Read the plain format, whose y grows upwards."""
    rows = [row.split() for row in text.replace("\\\n", "").splitlines()]
    graph = next(row for row in rows if row[0] == "graph")
    width, height = float(graph[2]), float(graph[3])

    def point(x: str, y: str) -> tuple[int, int]:
        return round(float(x) * _INCH), round((height - float(y)) * _INCH)

    spots = {
        names[row[1]]: Spot(*point(row[2], row[3]), *sizes[names[row[1]]])
        for row in rows
        if row[0] == "node"
    }
    edges = sorted((row for row in rows if row[0] == "edge"), key=lambda row: row[1:3])
    routes = {
        (names[pair[0]], names[pair[1]]): [_points(row, point) for row in same]
        for pair, same in groupby(edges, key=lambda row: row[1:3])
    }
    return Laid(round(width * _INCH), round(height * _INCH), spots, routes)


def _points(
    row: Sequence[str], point: Callable[[str, str], tuple[int, int]]
) -> list[tuple[int, int]]:
    values = row[4 : 4 + 2 * int(row[3])]
    return [point(x, y) for x, y in zip(values[::2], values[1::2], strict=True)]
