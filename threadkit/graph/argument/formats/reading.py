"""What all readers of argument graphs share: facts about nodes and edges, and their checks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any, NamedTuple, cast

from threadkit.errors import SourceError, printable
from threadkit.graph.argument.values import EDGE_KINDS, ORIGINS, ArgumentGraph, Edge, Node

_NODE_DEFAULTS = {f.name: f.default for f in fields(Node) if f.name not in ("id", "text")}
_EDGE_DEFAULTS = {"score": 1.0, "state": "automatic", "rule": ""}


class Reading(NamedTuple):
    """A graph from a file.

    Attributes
    ----------
    graph : ArgumentGraph
        What was understood.
    notes : tuple of str
        What the file says beside it that such a graph cannot hold; a line each.
    """

    graph: ArgumentGraph
    notes: tuple[str, ...]


class Where(NamedTuple):
    """A place in a file, for messages.

    Attributes
    ----------
    name : str
        Of the file.
    place : str
        ``line 3, column 7``, or the path of a JSON value.
    """

    name: str
    place: str

    def error(self, why: str) -> SourceError:
        """Return an error to raise.

        Parameters
        ----------
        why : str
            In a few words.

        Examples
        --------
        >>> print(Where("map.argdown", "line 3").error("no such relation"))
        map.argdown: line 3: no such relation
        """
        return SourceError(self.name, f"{self.place}: {why}")


def facts_of_node(node: Node) -> dict[str, object]:
    """Return what is to be known of a node beside its name and text.

    Parameters
    ----------
    node : Node
        Any.

    Returns
    -------
    dict
        Only what is not as it is by default.

    Examples
    --------
    >>> facts_of_node(Node("c1", "Slow.", person="Ann"))
    {'person': 'Ann'}
    """
    return {n: getattr(node, n) for n, usual in _NODE_DEFAULTS.items() if getattr(node, n) != usual}


def facts_of_edge(edge: Edge) -> dict[str, object]:
    """Return what is to be known of an edge beside its ends and kind.

    Parameters
    ----------
    edge : Edge
        Any.

    Returns
    -------
    dict
        Only what is not as it is by default.
    """
    return {n: getattr(edge, n) for n, usual in _EDGE_DEFAULTS.items() if getattr(edge, n) != usual}


def node_from(name: str, text: str, facts: Mapping[str, object], where: Where) -> Node:
    """Make a node from what a file says.

    Parameters
    ----------
    name, text : str
        Its own.
    facts : Mapping
        As of :func:`facts_of_node`; what is unknown is left aside.
    where : Where
        For messages.

    Raises
    ------
    SourceError
        A value of the wrong type or beyond its bounds.

    Examples
    --------
    >>> node_from("c1", "Slow.", {"person": "Ann", "color": "red"}, Where("f", "line 1")).person
    'Ann'
    """
    known = _checked(facts, _NODE_DEFAULTS, where)
    if known.get("origin", "mail") not in ORIGINS:
        raise where.error(f"origin {printable(str(known['origin']))} is not known")
    return Node(name, text, **cast(dict[str, Any], known))


def edge_from(
    source: str, kind: str, target: str, facts: Mapping[str, object], where: Where
) -> Edge:
    """Make an edge from what a file says.

    Parameters
    ----------
    source, kind, target : str
        As of :class:`Edge`.
    facts : Mapping
        As of :func:`facts_of_edge`; what is unknown is left aside.
    where : Where
        For messages.

    Raises
    ------
    SourceError
        A value of the wrong type or beyond its bounds, or an unknown kind.
    """
    if kind not in EDGE_KINDS:
        raise where.error(f"relation {printable(kind)} is not known")
    known = _checked(facts, _EDGE_DEFAULTS, where)
    return Edge(source, kind, target, **cast(dict[str, Any], known))


def _checked(
    facts: Mapping[str, object], usual: Mapping[str, object], where: Where
) -> dict[str, object]:
    known: dict[str, object] = {}
    for name, default in usual.items():
        if name not in facts:
            continue
        value = facts[name]
        if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
            try:
                value = float(value)
            except OverflowError as error:
                raise where.error(f"{name} is too large a number") from error
        if type(value) is not type(default):
            raise where.error(f"{name} is {printable(repr(value))}")
        if name == "score" and not 0 <= cast(float, value) <= 1:
            raise where.error(f"score {value} is not between 0 and 1")
        known[name] = value
    return known


def graph_from(
    nodes: Iterable[Node], edges: Iterable[Edge], title: str, name: str
) -> ArgumentGraph:
    """Put a graph together that a file describes.

    Parameters
    ----------
    nodes, edges : iterable
        All of it.
    title : str
        May be empty.
    name : str
        Of the file.

    Raises
    ------
    SourceError
        They do not fit together.
    """
    try:
        return ArgumentGraph.of(nodes, edges, title)
    except ValueError as error:
        raise SourceError(name, str(error)) from None
