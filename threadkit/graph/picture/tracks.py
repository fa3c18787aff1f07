"""Lines that share an aim run together on a track of its own, so that each can be followed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from threadkit.graph.picture.sheet import number

STEP = 9.0
"""From one track to the next, in CSS pixels."""

MOST = 16
"""So many tracks lie beside each other; more aims than that share some."""

_TURN = 6.0
_GAP = 4.0
_SIDE = 6.0


def tracks(spans: Mapping[str, tuple[float, float]], most: int = MOST) -> dict[str, int]:
    """Give every aim a track; two on one track do not meet as long as there are enough.

    Parameters
    ----------
    spans : mapping of str to (float, float)
        From where to where the lines of an aim run, along the track.
    most : int
        Tracks to use at most.

    Returns
    -------
    dict of str to int
        From 0; the first free one, in the order in which the lines begin.

    Examples
    --------
    >>> tracks({"a": (0, 9), "b": (3, 5), "c": (20, 30)})
    {'a': 0, 'b': 1, 'c': 0}
    """
    ends: list[float] = []
    found: dict[str, int] = {}
    for aim, (start, stop) in sorted(spans.items(), key=lambda one: (one[1], one[0])):
        free = next((n for n, end in enumerate(ends) if end + _GAP < start), len(ends))
        if free == len(ends):
            if len(ends) < most:
                ends.append(stop)
            else:
                free = ends.index(min(ends))
        ends[free] = max(ends[free], stop)
        found[aim] = free
    return found


def spans_of(
    lines: Sequence[tuple[str, str]], places: Mapping[str, tuple[float, float]]
) -> dict[str, tuple[float, float]]:
    """Measure how far down the lines of each aim reach.

    Parameters
    ----------
    lines : sequence of (str, str)
        Where from, and the aim.
    places : mapping of str to (float, float)
        Of both.
    """
    spans: dict[str, tuple[float, float]] = {}
    for source, aim in lines:
        heights = (places[source][1], places[aim][1])
        low, high = spans.get(aim, heights)
        spans[aim] = (min(low, *heights), max(high, *heights))
    return spans


def path(start: tuple[float, float], end: tuple[float, float], x: float) -> str:
    """Go from one place to another along a track.

    Parameters
    ----------
    start, end : (float, float)
        The middles of two nodes of different rows.
    x : float
        Of the track, left or right of both.

    Returns
    -------
    str
        In SVG's words; it ends beside the second node.
    """
    (from_x, from_y), (to_x, to_y) = start, end
    side = -1.0 if x < min(from_x, to_x) else 1.0
    down = 1.0 if to_y > from_y else -1.0
    inner = x - side * _TURN
    at, gone, first, last, bend = map(
        number,
        (x, from_x + side * _SIDE, from_y + down * _TURN, to_y - down * _TURN, inner),
    )
    y, to = number(from_y), number(to_y)
    return (
        f"M{gone} {y}H{bend}Q{at} {y} {at} {first}V{last}Q{at} {to} {bend} {to}"
        f"H{number(to_x + side * (_SIDE + 1))}"
    )
