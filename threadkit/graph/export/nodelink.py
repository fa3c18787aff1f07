"""Node-link JSON: what networkx and D3 read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx


def node_link(graph: nx.DiGraph[str], title: str = "") -> Iterator[str]:
    """Write a graph as node-link JSON: ``networkx.node_link_graph(..., edges="edges")``.

    Parameters
    ----------
    graph : networkx.DiGraph or MultiDiGraph
        Names are text, attributes plain values.
    title : str
        Kept as an attribute of the graph.

    Yields
    ------
    str
        Lines, one for each node and edge; equal graphs give equal bytes.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.DiGraph([("a", "b")])
    >>> data = json.loads("".join(node_link(graph)))
    >>> nx.node_link_graph(data, edges="edges").edges
    OutEdgeView([('a', 'b')])

    References
    ----------
    RFC 8259 (JSON).
    """
    multi = graph.is_multigraph()
    yield "{" + f'"directed": true, "multigraph": {_text(multi)},'
    yield f'"graph": {_text({"title": title} if title else {})},'
    yield '"nodes": ['
    yield from _rows({**data, "id": node} for node, data in graph.nodes(data=True))
    yield '], "edges": ['
    if multi:
        multiple: nx.MultiDiGraph[str] = graph
        yield from _rows(
            {**data, "source": source, "target": target, "key": key}
            for source, target, key, data in multiple.edges(keys=True, data=True)
        )
    else:
        yield from _rows(
            {**data, "source": source, "target": target}
            for source, target, data in graph.edges(data=True)
        )
    yield "]}"


def _rows(values: Iterable[object]) -> Iterator[str]:
    """Put commas between values, one to a line."""
    last: str | None = None
    for value in chain(values, [None]):
        if last is not None:
            yield last + ("," if value is not None else "")
        last = None if value is None else _text(value)


def _text(value: object) -> str:
    """Write JSON; a half of a pair, which UTF-8 cannot hold, by its code."""
    text = json.dumps(value, ensure_ascii=False)
    return text.encode("utf-8", "backslashreplace").decode()
