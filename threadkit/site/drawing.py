"""The lines of a map: from box to box, with a sign where they begin and an arrow where they end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from threadkit.site.argument import HOT, SETTLED, SIGNS, Argument, Bond
from threadkit.site.boxes import Box
from threadkit.site.placing import BETWEEN_RANKS, Laid, Spot
from threadkit.site.values import Claim

_MARGIN = 3
_APART = 16  # between two lines at one side of a box
_EDGE = 12  # from a corner to the nearest line
_BEND = 30
_BADGE = 9 + 4  # its radius, and the gap to the box
_ARROW = 8

Point = tuple[int, int]


class Placed(NamedTuple):
    """A box in its place; ``claim`` is None for the question."""

    box: Box
    claim: Claim | None
    x: int
    y: int
    dashed: bool


class Drawn(NamedTuple):
    """A line: its path, its arrowhead, and the sign on it at ``x`` and ``y``."""

    path: str
    arrow: str
    x: int
    y: int
    sign: str
    kind: str
    hot: bool
    dashed: bool


class Drawing(NamedTuple):
    """A map, ready to be written."""

    width: int
    height: int
    boxes: tuple[Placed, ...]
    lines: tuple[Drawn, ...]


class _Line(NamedTuple):
    """A bond with the curve that Graphviz has for it."""

    number: int
    bond: Bond
    route: Sequence[Point]


def draw(
    argument: Argument, boxes: Mapping[str, Box], bonds: Sequence[Bond], laid: Laid
) -> Drawing:
    """Draw an argument.

    Parameters
    ----------
    argument : Argument
        What is drawn.
    boxes : mapping of str to Box
        The question and the claims to draw, by :attr:`Bond.source`.
    bonds : sequence of Bond
        Those between these boxes, in the order in which they were given to be placed.
    laid : Laid
        Where the boxes stand.

    Returns
    -------
    Drawing
        Boxes in reading order: the question, then the claims in the order of the argument.
    """
    used: dict[frozenset[str], int] = defaultdict(int)
    lines = []
    for number, bond in enumerate(bonds):
        pair = frozenset((bond.source, bond.target))
        routes = laid.routes[bond.source, bond.target]
        lines.append(_Line(number, bond, routes[used[pair]]))
        used[pair] += 1
    ports = _ports(lines, laid.spots)
    placed = [_placed(argument, box, laid.spots[key]) for key, box in boxes.items()]
    drawn = [_drawn(argument, line, laid.spots, ports) for line in lines]
    return Drawing(laid.width + 2 * _MARGIN, laid.height + 2 * _MARGIN, tuple(placed), tuple(drawn))


def _placed(argument: Argument, box: Box, spot: Spot) -> Placed:
    claim = argument.claims.get(box.key)
    x, y = spot.x - spot.width // 2 + _MARGIN, spot.y - spot.height // 2 + _MARGIN
    return Placed(box, claim, x, y, claim is not None and claim.status in SETTLED)


def _sides(bond: Bond, spots: Mapping[str, Spot]) -> tuple[int, int]:
    """Return on which side of its boxes a line begins and ends: -1 for left."""
    return (-1, 1) if spots[bond.source].x > spots[bond.target].x else (1, -1)


def _ports(lines: Iterable[_Line], spots: Mapping[str, Spot]) -> dict[tuple[int, str], Point]:
    """Spread the ends of lines over the sides of their boxes, so that they cross little."""
    ends: dict[tuple[str, int], list[tuple[int, int, int, str]]] = defaultdict(list)
    for line in lines:
        bond = line.bond
        begins, stops = _sides(bond, spots)
        route = line.route
        ends[bond.source, begins].append(
            (route[min(2, len(route) - 1)][1], spots[bond.target].y, line.number, "source")
        )
        ends[bond.target, stops].append(
            (route[max(len(route) - 3, 0)][1], spots[bond.source].y, line.number, "target")
        )
    found = {}
    for (name, side), here in ends.items():
        spot = spots[name]
        apart = min(_APART, (spot.height - 2 * _EDGE) // max(len(here) - 1, 1))
        top = spot.y - apart * (len(here) - 1) // 2
        for place, (_, _, number, end) in enumerate(sorted(here)):
            found[number, end] = (spot.x + side * spot.width // 2, top + apart * place)
    return found


def _drawn(
    argument: Argument,
    line: _Line,
    spots: Mapping[str, Spot],
    ports: Mapping[tuple[int, str], Point],
) -> Drawn:
    bond = line.bond
    begins, stops = _sides(bond, spots)
    start, end = ports[line.number, "source"], ports[line.number, "target"]
    tip = (end[0] + stops * _ARROW, end[1])
    far = abs(start[0] - end[0]) > BETWEEN_RANKS + 2
    badge = (start[0] + begins * _BADGE, start[1])
    bend = _BEND if far else abs(badge[0] - tip[0]) // 2
    inner = line.route[2:-2] if far and len(line.route) > 4 else ()
    points = [
        badge,
        (badge[0] + begins * bend, badge[1]),
        *inner,
        (tip[0] + stops * bend, tip[1]),
        tip,
    ]
    source = argument.claims[bond.source]
    return Drawn(
        _path([_moved(point) for point in (start, *points)]),
        _arrow(_moved(end), stops),
        *_moved(badge),
        SIGNS.get(bond.kind, ""),
        bond.kind,
        bond.kind in HOT,
        source.status in SETTLED or bond.kind == "concedes",
    )


def _moved(point: Point) -> Point:
    return point[0] + _MARGIN, point[1] + _MARGIN


def _path(points: Sequence[Point]) -> str:
    """Write a straight way to the badge, then Bezier curves."""
    first, badge, *rest = (f"{x},{y}" for x, y in points)
    return f"M{first} L{badge} C" + " ".join(rest)


def _arrow(tip: Point, side: int) -> str:
    x, y = tip
    back = x + side * _ARROW
    return f"{x},{y} {back},{y - 4} {back},{y + 4}"
