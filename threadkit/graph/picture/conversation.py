"""Replies as trees: a row a mail, in lore's order, indented by what it answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import dropwhile
from typing import TYPE_CHECKING

from threadkit.graph.evidence.schema import name_of
from threadkit.graph.picture.part import shown_of
from threadkit.graph.picture.sheet import PERSONS, Sheet, link_of, number

if TYPE_CHECKING:
    import networkx as nx

_ROW = 20.0
_STEP = 14.0
_DEEPEST = 40  # steps of indentation; what is deeper stands there, too
_LEFT = 108.0
_ROOM = 620.0


def draw_conversation(graph: nx.DiGraph[str], title: str, most: int) -> str:
    """Draw who answers which mail.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        Messages and ``replies_to`` edges.
    title : str
        What it is about.
    most : int
        Mails to draw at most: those with the most mails below them.

    Returns
    -------
    str
        An SVG file.

    Notes
    -----
    n log n in the mails of the graph; no recursion.
    """
    parent = {source: target for source, target in graph.edges() if source != target}
    order = _reading_order(graph, parent)
    sizes = _sizes(order, parent)
    # What answers a mail is below it and has fewer below itself: parents are always kept.
    kept = {node for _, node in sorted(order, key=lambda row: -sizes[row[1]])[:most]}
    rows = [(depth, node) for depth, node in order if node in kept]
    deepest = min(_DEEPEST, max((depth for depth, _ in rows), default=0))
    about = [
        "Each mail stands below the one that it answers; days are UTC. Hollow: not here. "
        "Dotted: by subject only. Those who wrote most have a colour each.",
        shown_of(len(rows), len(order), "mails"),
    ]
    sheet = Sheet(_LEFT + deepest * _STEP + _ROOM, title, [line for line in about if line])
    places = {
        node: (_LEFT + min(depth, _DEEPEST) * _STEP, sheet.top + 14 + at * _ROW)
        for at, (depth, node) in enumerate(rows)
    }
    for source, target, rule in graph.edges(data="rule"):
        if source in places and target in places and source != target:
            _elbow(sheet, places[target], places[source], rule == "subject")
    above = ""
    colours = _colours(str(graph.nodes[node].get("person") or "") for _, node in rows)
    for _, node in rows:
        data = graph.nodes[node]
        colour = colours[str(data.get("person") or "")]
        above = _row(sheet, data, node, places[node], above, colour)
    return sheet.svg(sheet.top + 14 + len(rows) * _ROW + 8)


def _reading_order(graph: nx.DiGraph[str], parent: dict[str, str]) -> list[tuple[int, str]]:
    """List ``(depth, node)``: parents before answers, brothers and roots by time."""
    children: dict[str, list[str]] = {}
    roots = []
    for node in graph:
        if node in parent:
            children.setdefault(parent[node], []).append(node)
        else:
            roots.append(node)
    dates = _times(graph, parent)
    stack = [(0, node) for node in sorted(roots, key=lambda n: (dates[n], n), reverse=True)]
    order = []
    while stack:
        depth, node = stack.pop()
        order.append((depth, node))
        below = sorted(children.get(node, ()), key=lambda n: (dates[n], n), reverse=True)
        stack += ((depth + 1, one) for one in below)
    return order


def _times(graph: nx.DiGraph[str], parent: dict[str, str]) -> dict[str, str]:
    """Date each node; one without a date by the earliest mail that answers it."""
    dates = {node: str(date or "") for node, date in graph.nodes(data="date_utc")}
    known = sorted((date, node) for node, date in dates.items() if date)
    for date, node in known:
        above = parent.get(node)
        while above is not None and not dates[above]:
            dates[above] = date
            above = parent.get(above)
    return dates


def _sizes(order: list[tuple[int, str]], parent: dict[str, str]) -> dict[str, int]:
    """Count the mails in the tree below each, itself included."""
    sizes = {node: 1 for _, node in order}
    for _, node in reversed(order):
        if node in parent:
            sizes[parent[node]] += sizes[node]
    return sizes


def _elbow(
    sheet: Sheet, above: tuple[float, float], below: tuple[float, float], loose: bool
) -> None:
    """Join a mail to the one above it: down, then to the right."""
    x, y = above
    down, right = below[1] - y, below[0] - x
    if right <= 0:  # deeper than the picture: both stand in one column
        sheet.line(f"M{number(x)} {number(y)}v{number(down)}", "rule")
        return
    turn = min(6.0, right)
    path = f"M{number(x)} {number(y)}v{number(down - turn)}q0 {number(turn)} {number(turn)}"
    look = "dot" if loose else "rule"
    sheet.line(f"{path} {number(turn)}h{number(right - turn)}", look)


def _row(
    sheet: Sheet,
    data: dict[str, object],
    node: str,
    place: tuple[float, float],
    above: str,
    colour: str,
) -> str:
    """Draw one mail; its subject only where it is not the one of the row above."""
    x, y = place
    ghost = bool(data.get("ghost"))
    subject = str(data.get("title", ""))
    name = name_of(node)
    person = str(data.get("person") or ("not here" if ghost else "(no sender)"))
    date = str(data.get("date_utc", ""))
    sheet.text(20, y + 4, date[:10], look="mute")
    sheet.open_link(link_of(node), "\n".join(filter(None, (person, date, subject, name))))
    sheet.shape(colour, x, y, hollow=ghost)
    said = name if ghost else "" if _plain(subject) == above else subject
    words = ((person, "mute" if ghost else ""), (said, "mute"))
    sheet.row(x + 12, y + 4, sheet.width - 32 - x, words)
    sheet.close_link()
    return above if ghost else _plain(subject)


def _colours(people: Iterable[str]) -> dict[str, str]:
    """Give those who wrote most a colour each."""
    counts = Counter(people)
    most = sorted(counts, key=lambda name: (-counts[name], name))
    return {name: f"person{min(at, PERSONS + 1)}" for at, name in enumerate(most, 1)}


def _plain(subject: str) -> str:
    """Take the marks of answers from a subject."""
    words = subject.split()
    return " ".join(dropwhile(lambda word: word.lower() in ("re:", "aw:", "fwd:", "sv:"), words))
