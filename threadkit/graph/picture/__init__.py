"""Pictures of graphs: SVG, drawn here, the same bytes for the same graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from threadkit.graph.picture.conversation import draw_conversation
from threadkit.graph.picture.matrix import draw_matrix
from threadkit.graph.picture.timeline import draw_timeline

if TYPE_CHECKING:
    import networkx as nx

NODES = 400
"""Nodes that a picture shows at most; of more, the most connected part."""

PEOPLE = 40
"""People that a picture shows at most: those who exchange most mails."""


def picture(graph: nx.DiGraph[str], kind: str, title: str, most: int = NODES) -> str:
    """Draw a graph.

    Parameters
    ----------
    graph : networkx.DiGraph or MultiDiGraph
        Who answers whom for ``people``, else the evidence graph or a view of it.
    kind : {"replies", "evidence", "people", "regressions"}
        What it is of: replies are drawn as a tree, people as a table, the rest as rows in
        the order of time.
    title : str
        What it is about.
    most : int, optional
        Nodes to show at most.

    Returns
    -------
    str
        An SVG file of its own: it follows the reader's light or dark system, its mails are
        links to lore, and it says how much of the graph is not shown.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.MultiDiGraph()
    >>> graph.add_node("message:a@x", kind="message", title="cow <b>")
    >>> svg = picture(graph, "replies", "cow")
    >>> svg.startswith("<svg "), "cow &lt;b&gt;" in svg
    (True, True)
    """
    if kind == "people":
        return draw_matrix(graph, title, min(most, PEOPLE))
    if kind == "replies":
        return draw_conversation(graph, title, most)
    return draw_timeline(graph, kind, title, most)
