"""Replies as trees: a row a mail, in lore's order, indented by what it answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from threadkit.graph.picture.part import shown_of
from threadkit.graph.picture.sheet import Sheet, fit_text, link_of, number, text_width

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
        "Dashed: by subject only.",
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
    for _, node in rows:
        above = _row(sheet, graph.nodes[node], node, places[node], above)
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
    sheet: Sheet, data: dict[str, object], node: str, place: tuple[float, float], above: str
) -> str:
    """Draw one mail; its subject only where it is not the one of the row above."""
    x, y = place
    ghost = bool(data.get("ghost"))
    subject = str(data.get("title", ""))
    name = node.partition(":")[2]
    person = str(data.get("person") or ("not here" if ghost else "(no sender)"))
    date = str(data.get("date_utc", ""))
    sheet.text(20, y + 4, date[:10], look="mute")
    sheet.open_link(link_of(node), "\n".join(filter(None, (person, date, subject, name))))
    sheet.shape("message", x, y, hollow=ghost)
    left = x + 12
    room = sheet.width - 20 - left
    who = fit_text(person, min(room, 220), 12)
    sheet.text(left, y + 4, who, look="mute" if ghost else "")
    left += text_width(who, 12) + 10
    said = name if ghost else "" if _plain(subject) == above else subject
    if said and sheet.width - 20 - left > 40:
        sheet.text(left, y + 4, fit_text(said, sheet.width - 20 - left, 12), look="mute")
    sheet.close_link()
    return above if ghost else _plain(subject)


def _plain(subject: str) -> str:
    """Take the marks of answers from a subject."""
    words = list(_words(subject))
    return " ".join(words)


def _words(subject: str) -> Iterator[str]:
    ahead = True
    for word in subject.split():
        ahead = ahead and word.lower() in ("re:", "aw:", "fwd:", "sv:")
        if not ahead:
            yield word
