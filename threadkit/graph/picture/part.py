"""The part of a graph that a picture has room for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from heapq import heappop, heappush


def most_connected(neighbours: Mapping[str, Sequence[str]], most: int) -> set[str]:
    """Choose the nodes to draw: those around the one with the most edges.

    Parameters
    ----------
    neighbours : mapping of str to sequence of str
        All nodes, and those that each has an edge with: one that it has two with, twice.
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
    >>> sorted(most_connected({"a": ["b"], "b": ["a", "c"], "c": ["b"], "d": []}, 2))
    ['a', 'b']

    Notes
    -----
    n log n; of nodes with as many edges the first by name is taken.
    """
    if len(neighbours) <= most:
        return set(neighbours)
    chosen: set[str] = set()
    heap: list[tuple[int, str]] = []
    for start in sorted(neighbours, key=lambda node: (-len(neighbours[node]), node)):
        if len(chosen) >= most:
            break
        if start not in chosen:
            heap = [(-len(neighbours[start]), start)]
        while heap and len(chosen) < most:
            node = heappop(heap)[1]
            if node in chosen:
                continue
            chosen.add(node)
            for other in set(neighbours[node]) - chosen:
                heappush(heap, (-len(neighbours[other]), other))
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
