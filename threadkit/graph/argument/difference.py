"""What a person changed in an argument graph, as single changes that can become corrections."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from threadkit.graph.argument.values import ArgumentGraph, Edge

What = Literal[
    "node added", "node removed", "text changed", "label changed", "kind changed",
    "edge added", "edge removed", "edge kind changed",
]  # fmt: skip


class Change(NamedTuple):
    """One change.

    Attributes
    ----------
    what : What
        Of which sort.
    node : str
        The node that it is of; of an edge, its source.
    target : str
        Of an edge: the node that it leads to; else empty.
    before, after : str
        The text, label or kind; of a node added or removed its text; empty: there is none.
    through : tuple of str
        Of an undercut of an edge: the source of that edge; of one further on, all of them.
    """

    what: What
    node: str
    target: str
    before: str
    after: str
    through: tuple[str, ...] = ()


def difference(old: ArgumentGraph, new: ArgumentGraph) -> list[Change]:
    """Find what changed from one graph to another.

    Parameters
    ----------
    old : ArgumentGraph
        As it was written.
    new : ArgumentGraph
        As it came back. Scores, states, rules and places are not compared: nobody edits them in a
        map, and some tools drop them; so is a label that is empty now.

    Returns
    -------
    list of Change
        Nodes first, then edges, in the order of their names. Another kind of edge between the
        same ends is one change. An undercut follows its edge: it is no change that it now undercuts
        an attack that was a support.

    Examples
    --------
    >>> from threadkit.graph.argument.values import Node
    >>> old = ArgumentGraph.of([Node("c1", "Slow."), Node("c2", "No.")], [Edge("c2", "attack", "c1")])
    >>> new = ArgumentGraph.of([Node("c1", "Slow!"), Node("c2", "No.")], [Edge("c2", "support", "c1")])
    >>> for change in difference(old, new):
    ...     print(change.what, change.node, change.target, change.before, change.after)
    text changed c1  Slow. Slow!
    edge kind changed c2 c1 attack support
    """
    return [*_nodes(old, new), *_edges(old, new)]


def _nodes(old: ArgumentGraph, new: ArgumentGraph) -> Iterator[Change]:
    before, after = old.by_id(), new.by_id()
    for node in old.nodes:
        if node.id not in after:
            yield Change("node removed", node.id, "", node.text, "")
    for node in new.nodes:
        was = before.get(node.id)
        if was is None:
            yield Change("node added", node.id, "", "", node.text)
            continue
        if was.text != node.text:
            yield Change("text changed", node.id, "", was.text, node.text)
        if node.label and was.label != node.label:
            yield Change("label changed", node.id, "", was.label, node.label)
        if node.kind and was.kind != node.kind:
            yield Change("kind changed", node.id, "", was.kind, node.kind)


def _edges(old: ArgumentGraph, new: ArgumentGraph) -> Iterator[Change]:
    was, now = _by_ends(old), _by_ends(new)
    for ends in dict.fromkeys([*was, *now]):
        gone = list((was[ends] - now[ends]).elements())
        come = list((now[ends] - was[ends]).elements())
        source, through, target = ends[0], ends[1:-1], ends[-1]
        for before, after in zip(gone, come, strict=False):
            yield Change("edge kind changed", source, target, before, after, through)
        for before in gone[len(come) :]:
            yield Change("edge removed", source, target, before, "", through)
        for after in come[len(gone) :]:
            yield Change("edge added", source, target, "", after, through)


def _by_ends(graph: ArgumentGraph) -> defaultdict[tuple[str, ...], Counter[str]]:
    """Count kinds of edges by their source and what they lead to, through edges to a node at last."""
    edges = graph.edges_by_id()
    found: defaultdict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for edge in graph.edges:
        found[_ends(edge, edges)][edge.kind] += 1
    return found


def _ends(edge: Edge, edges: Mapping[str, Edge]) -> tuple[str, ...]:
    """Name the ends of an edge without the kinds of the edges that it leads through."""
    ends = [edge.source]
    while edge.target in edges:
        edge = edges[edge.target]
        ends.append(edge.source)
    return (*ends, edge.target)
