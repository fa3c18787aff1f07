"""Who answers whom, as a table of dots: a row for who answers, a column for who is answered."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

from threadkit.graph.picture.part import shown_of
from threadkit.graph.picture.sheet import SMALL, Sheet, fit_text, number, text_width

if TYPE_CHECKING:
    import networkx as nx

_CELL = 26.0
_NAME = 190.0
_HEAD = 150.0
_LEAST = 640.0


def draw_matrix(graph: nx.DiGraph[str], title: str, most: int) -> str:
    """Draw who answers whom.

    Parameters
    ----------
    graph : networkx.DiGraph
        As :func:`threadkit.graph.exchange.exchange` makes it.
    title : str
        What it is about.
    most : int
        People to draw at most: those who exchange most mails.

    Returns
    -------
    str
        An SVG file.
    """
    people = _by_exchange(graph)
    shown = people[:most]
    about = [
        "A row for who answers, a column for who is answered; the number is that of the mails.",
        shown_of(len(shown), len(people), "people").replace(
            "the most connected part", "those who exchange most mails"
        ),
    ]
    names = [fit_text(str(graph.nodes[one].get("title") or one), _HEAD, SMALL) for one in shown]
    longest = max((text_width(name, SMALL) for name in names), default=0.0)
    width = max(_LEAST, 20 + _NAME + 44 + len(shown) * _CELL + 90)
    sheet = Sheet(width, title, [line for line in about if line])
    left, top = 20 + _NAME + 44, sheet.top + longest * 0.77 + 16
    bottom = top + len(shown) * _CELL
    largest = max((count for *_, count in graph.edges(data="answers")), default=0)
    sheet.text(20, top - 10, "who answers", size=SMALL, look="mute")
    sheet.text(left - 10, top - 10, "mails", size=SMALL, look="mute", end=True)
    for at, person in enumerate(shown):
        data = graph.nodes[person]
        name = str(data.get("title") or person)
        middle = top + at * _CELL + _CELL / 2
        sheet.text(20, middle + 4, fit_text(name, _NAME, 12))
        sheet.text(left - 10, middle + 4, str(data.get("messages", 0)), look="mute", end=True)
        column = left + at * _CELL + _CELL / 2
        sheet.turned(column + 3, top - 8, names[at], -50)
        for line in (
            f"M{number(left)} {number(middle)}H{number(left + len(shown) * _CELL)}",
            f"M{number(column)} {number(top)}V{number(bottom)}",
        ):
            sheet.line(line, "rule")
    for row, person in enumerate(shown):
        for column, other in enumerate(shown):
            if graph.has_edge(person, other):
                place = (left + column * _CELL + _CELL / 2, top + row * _CELL + _CELL / 2)
                _cell(sheet, graph, person, other, place, largest)
    return sheet.svg(bottom + 16)


def _by_exchange(graph: nx.DiGraph[str]) -> list[str]:
    """List people, those who give and get most answers first."""
    degree = dict(graph.degree(weight="answers"))
    return sorted(
        graph, key=lambda node: (-degree[node], -graph.nodes[node].get("messages", 0), node)
    )


def _cell(
    sheet: Sheet,
    graph: nx.DiGraph[str],
    person: str,
    other: str,
    place: tuple[float, float],
    largest: int,
) -> None:
    """Draw a dot whose area is the number of answers; the number stands in or beside it."""
    data = graph.edges[person, other]
    count = data["answers"]
    if not count:
        return
    x, y = place
    names = [str(graph.nodes[node].get("title") or node) for node in (person, other)]
    tip = f"{names[0]} answers {names[1]}: {count} mails, {data['quotes']} passages quoted"
    if "median_hours" in data:
        tip += f", median {data['median_hours']:.1f} hours"
    sheet.open_link(None, tip)
    radius = 4 + (_CELL / 2 - 5) * sqrt(count / largest)
    share = 0.18 + 0.42 * count / largest
    sheet.parts.append(
        f'<circle class="cell" cx="{number(x)}" cy="{number(y)}" r="{number(radius)}"'
        f' opacity="{number(share)}"/>'
    )
    said = str(count)
    sheet.text(x - text_width(said, SMALL) / 2 + 0.6, y + 4, said, size=SMALL)
    sheet.close_link()
