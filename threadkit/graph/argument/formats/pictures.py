"""An argument graph for programs that draw: Graphviz and readers of GraphML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

from threadkit.graph.argument.values import ArgumentGraph, Edge, EdgeKind, Node
from threadkit.graph.export.dot import quoted
from threadkit.graph.export.graphml import graphml as write_graphml

if TYPE_CHECKING:
    import networkx as nx

_COLOURS: Mapping[EdgeKind, str] = {
    "support": "#2a7d2a",
    "attack": "#b02020",
    "undercut": "#b02020",
}
_DASHED: Mapping[str, str] = {"candidate": "dashed", "rejected": "dotted"}
_CUT = 80
_WIDTH = 28


def dot(graph: ArgumentGraph) -> Iterator[str]:
    r"""Write a graph in Graphviz's language.

    Parameters
    ----------
    graph : ArgumentGraph
        Any.

    Yields
    ------
    str
        Lines. Candidates are dashed, what was rejected is dotted, runs of the model are
        hexagons; an edge that is undercut is a point that the undercut leads to.

    Examples
    --------
    >>> print("\n".join(dot(ArgumentGraph.of([Node("c1", "It is slow.", person="Ann")], []))))
    digraph "" {
    rankdir="BT"; node [shape="box"];
    "c1" [label="c1 Ann\nIt is slow."];
    }

    References
    ----------
    Graphviz, The DOT language.
    """
    targeted = {edge.target for edge in graph.edges}
    yield f"digraph {quoted(graph.title)} {{"
    yield 'rankdir="BT"; node [shape="box"];'
    for node in graph.nodes:
        yield f"{quoted(node.id)} [{_attributes(_of_node(node))}];"
    for edge in graph.edges:
        look = _of_edge(edge)
        if edge.id not in targeted:
            yield f"{quoted(edge.source)} -> {quoted(edge.target)} [{_attributes(look)}];"
            continue
        yield f'{quoted(edge.id)} [shape="point"];'
        yield f"{quoted(edge.source)} -> {quoted(edge.id)} [{_attributes({**look, 'dir': 'none'})}];"
        rest = {name: value for name, value in look.items() if name != "label"}
        yield f"{quoted(edge.id)} -> {quoted(edge.target)} [{_attributes(rest)}];"
    yield "}"


def _of_node(node: Node) -> dict[str, str]:
    who = "executable model" if node.origin == "model" else node.holder or node.person
    text = " ".join(node.text.split())
    text = text if len(text) <= _CUT else text[: _CUT - 1] + "…"
    look = {"label": f"{node.id} {who}".strip() + "".join(f"\n{line}" for line in _wrapped(text))}
    if node.origin == "model":
        look["shape"] = "hexagon"
    if node.state in _DASHED:
        look["style"] = _DASHED[node.state]
    return look


def _wrapped(text: str) -> Iterator[str]:
    line = ""
    for word in text.split():
        if line and len(line) + len(word) >= _WIDTH:
            yield line
            line = word
        else:
            line = f"{line} {word}".strip()
    if line:
        yield line


def _of_edge(edge: Edge) -> dict[str, str]:
    look = {"label": edge.kind, "color": _COLOURS.get(edge.kind, "#707070")}
    if edge.kind == "undercut":
        look["arrowhead"] = "tee"
    if edge.state in _DASHED:
        look["style"] = _DASHED[edge.state]
    return look


def _attributes(look: Mapping[str, str]) -> str:
    return ", ".join(f"{name}={quoted(value)}" for name, value in look.items())


def graphml(graph: ArgumentGraph) -> Iterator[str]:
    """Write a graph as GraphML.

    Parameters
    ----------
    graph : ArgumentGraph
        Any.

    Yields
    ------
    str
        Lines: what :func:`to_networkx` gives.

    Examples
    --------
    >>> sum("<node " in line for line in graphml(ArgumentGraph.of([Node("c1", "Slow.")], [])))
    1

    References
    ----------
    U. Brandes, M. Eiglsperger, J. Lerner, GraphML primer.
    """
    yield from write_graphml(to_networkx(graph), graph.title)


def to_networkx(graph: ArgumentGraph) -> nx.MultiDiGraph[str]:
    """Return a graph that networkx works with.

    Parameters
    ----------
    graph : ArgumentGraph
        Any.

    Returns
    -------
    networkx.MultiDiGraph
        Nodes have the fields of :class:`Node` as attributes, edges those of :class:`Edge`, with
        the kind of edge as ``relation`` and its name as key. An edge that is undercut is a node too,
        with ``relation`` and the name of the edge, so that the undercut can lead to it.

    Examples
    --------
    >>> nodes = [Node("c1", "..."), Node("c2", "...")]
    >>> list(to_networkx(ArgumentGraph.of(nodes, [Edge("c2", "attack", "c1")])).edges())
    [('c2', 'c1')]
    """
    import networkx as nx

    made: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for node in graph.nodes:
        made.add_node(node.id, **{n: v for n, v in asdict(node).items() if n != "id"})
    targeted = {edge.target for edge in graph.edges}
    for edge in graph.edges:
        if edge.id in targeted:
            made.add_node(edge.id, relation=edge.kind, source=edge.source, target=edge.target)
    for edge in graph.edges:
        facts = {"relation": edge.kind, "score": edge.score, "state": edge.state, "rule": edge.rule}
        made.add_edge(edge.source, edge.target, edge.id, **facts)
    return made
