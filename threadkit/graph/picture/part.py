"""The part of a graph that a picture has room for."""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx


def most_connected(graph: nx.DiGraph[str], most: int) -> set[str]:
    """Choose the nodes to draw: those around the one with the most edges.

    Parameters
    ----------
    graph : networkx.DiGraph or MultiDiGraph
        Of any size.
    most : int
        The most nodes to choose.

    Returns
    -------
    set of str
        All nodes of a graph that is small enough. Else grown from the node with the most
        edges by the neighbour with the most, again and again; where a part ends, from the
        node with the most edges of those that are left.

    Examples
    --------
    >>> import networkx as nx
    >>> sorted(most_connected(nx.DiGraph([("a", "b"), ("b", "c"), ("d", "d")]), 2))
    ['a', 'b']

    Notes
    -----
    n log n; of nodes with as many edges the first by name is taken.
    """
    if len(graph) <= most:
        return set(graph)
    degree = dict(graph.degree())
    chosen: set[str] = set()
    heap: list[tuple[int, str]] = []
    for start in sorted(degree, key=lambda node: (-degree[node], node)):
        if len(chosen) >= most:
            break
        if start not in chosen:
            heap = [(-degree[start], start)]
        while heap and len(chosen) < most:
            node = heappop(heap)[1]
            if node in chosen:
                continue
            chosen.add(node)
            for neighbours in (graph.successors(node), graph.predecessors(node)):
                for other in neighbours:
                    if other not in chosen:
                        heappush(heap, (-degree[other], other))
    return chosen


def shown_of(shown: int, whole: int, what: str) -> str:
    """Say how much of a graph is shown.

    Parameters
    ----------
    shown, whole : int
        Numbers of nodes.
    what : str
        What to call them, in the plural.

    Returns
    -------
    str
        Such as ``400 of 9,000 nodes, the most connected part.``; empty if all is shown.

    Examples
    --------
    >>> shown_of(400, 9000, "nodes"), shown_of(3, 3, "nodes")
    ('Shown are 400 of 9,000 nodes, the most connected part.', '')
    """
    if shown == whole:
        return ""
    return f"Shown are {shown:,} of {whole:,} {what}, the most connected part."
