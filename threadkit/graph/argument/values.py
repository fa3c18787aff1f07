"""An argument graph: what is claimed, and what speaks for it or against it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from types import MappingProxyType
from typing import Literal

EdgeKind = Literal["support", "attack", "undercut", "agree", "concede", "answer", "ask"]
Origin = Literal["mail", "hand", "model"]

EDGE_KINDS: tuple[EdgeKind, ...] = (
    "support", "attack", "undercut", "agree", "concede", "answer", "ask",
)  # fmt: skip
"""How a node bears on another; the first three have a weight, the others are only shown."""

ATTACKS: frozenset[EdgeKind] = frozenset({"attack", "undercut"})
"""What speaks against its target."""

ORIGINS: tuple[Origin, ...] = ("mail", "hand", "model")
"""Where a node comes from: a mail, a person who corrects the map, a run of the model."""

_DIGITS = re.compile(r"([0-9]+)")
_ID_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Node:
    """Something said.

    Attributes
    ----------
    id : str
        ``c1`` for a claim, ``u:<message-id>#<hash>`` for another passage, ``model:<name>``
        for a run of the model: one name for ever.
    text : str
        What is shown: the gist that a person wrote, else the passage.
    label, kind : str
        What the author does with it, and what a claim is about; may be empty.
    person, holder : str
        Who said it first, and whose view it is if it is told of another; may be empty.
    utc : str
        When, ISO 8601 with Z; empty: not known.
    message_id : str
        Where, without brackets; empty: in no mail.
    start, stop : int
        Characters of that mail's body.
    status : str
        open, contested, conceded ...; may be empty.
    question : str
        What it belongs to; may be empty.
    state : str
        automatic, candidate, accepted, rejected.
    score : float
        0..1: how sure the finding is. It is no strength of the argument.
    rule : str
        What found it.
    origin : Origin
        ``model`` is never said by anybody.
    """

    id: str
    text: str
    label: str = ""
    kind: str = ""
    person: str = ""
    holder: str = ""
    utc: str = ""
    message_id: str = ""
    start: int = 0
    stop: int = 0
    status: str = ""
    question: str = ""
    state: str = "automatic"
    score: float = 1.0
    rule: str = ""
    origin: Origin = "mail"


@dataclass(frozen=True, slots=True)
class Edge:
    """How a node bears on another, or on an edge.

    Attributes
    ----------
    source : str
        The node that bears.
    kind : EdgeKind
        How.
    target : str
        A node; for an undercut also the `id` of an edge: the step is denied, not its ends.
    score : float
        0..1: how sure the finding is.
    state, rule : str
        As of :class:`Node`.
    """

    source: str
    kind: EdgeKind
    target: str
    score: float = 1.0
    state: str = "automatic"
    rule: str = ""

    @property
    def id(self) -> str:
        """A name that depends on the ends and the kind alone, such as ``r1f0c9...``."""
        return edge_id(self.source, self.kind, self.target)


@lru_cache(maxsize=65536)
def edge_id(source: str, kind: str, target: str) -> str:
    """Name an edge.

    Parameters
    ----------
    source, kind, target : str
        As of :class:`Edge`.

    Returns
    -------
    str
        ``r`` and twelve hexadecimal digits. As the name of an edge is made from that of its
        target, no edge can, by however many steps, be its own target.

    Examples
    --------
    >>> edge_id("c2", "attack", "c1")
    'r641a3e498700'
    """
    text = "\0".join((source, kind, target)).encode("utf-8", "surrogatepass")
    return "r" + sha256(text).hexdigest()[:_ID_DIGITS]


def by_number(name: str) -> tuple[tuple[str, int, str], ...]:
    """Return a key that sorts ``c2`` before ``c10``.

    Parameters
    ----------
    name : str
        Of a node.

    Returns
    -------
    tuple
        Unequal for unequal names.

    Examples
    --------
    >>> sorted(["c10", "c2"], key=by_number)
    ['c2', 'c10']
    """
    words = _DIGITS.split(name)
    words.append("")
    pairs = zip(words[::2], words[1::2], strict=True)
    return tuple((text, *_size(digits)) for text, digits in pairs)


def _size(digits: str) -> tuple[int, str]:
    """Return a key that sorts numbers; Python makes no integer of thousands of digits."""
    number = digits.lstrip("0")
    return (len(number) if digits else -1, f"{number} {digits}")


@dataclass(frozen=True, slots=True, repr=False)
class ArgumentGraph:
    """Nodes and edges that fit together, each once, in the order of their names.

    Make it by :meth:`of`. Two graphs with the same nodes and edges are equal.
    """

    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()
    title: str = ""

    def __repr__(self) -> str:
        return f"<ArgumentGraph {len(self.nodes)} nodes, {len(self.edges)} edges>"

    @classmethod
    def of(cls, nodes: Iterable[Node], edges: Iterable[Edge], title: str = "") -> ArgumentGraph:
        """Make a graph.

        Parameters
        ----------
        nodes, edges : iterable
            In any order. Of several edges with the same ends and kind the surest is kept.
        title : str
            May be empty.

        Raises
        ------
        ValueError
            A name twice or empty, an edge from or to nothing, an edge that targets an edge and is
            no undercut, a score beyond 0..1.

        Examples
        --------
        >>> nodes = [Node("c10", "It is slow."), Node("c2", "It is not.")]
        >>> graph = ArgumentGraph.of(nodes, [Edge("c10", "attack", "c2")])
        >>> [node.id for node in graph.nodes]
        ['c2', 'c10']
        """
        named = _by_name(nodes)
        kept: dict[str, Edge] = {}
        for edge in edges:
            old = kept.get(edge.id)
            if old is None or _rank(edge) > _rank(old):
                kept[edge.id] = edge
        for edge in kept.values():
            _check(edge, named, kept)
        if both := named.keys() & kept.keys():
            raise ValueError(f"node {min(both)!r} has the name of an edge")
        return cls(
            tuple(sorted(named.values(), key=lambda node: by_number(node.id))),
            tuple(sorted(kept.values(), key=_place)),
            title,
        )

    def by_id(self) -> Mapping[str, Node]:
        """Return the nodes by their names."""
        return MappingProxyType({node.id: node for node in self.nodes})

    def edges_by_id(self) -> Mapping[str, Edge]:
        """Return the edges by their names."""
        return MappingProxyType({edge.id: edge for edge in self.edges})

    def only(self, states: Collection[str]) -> ArgumentGraph:
        """Return the part that is in one of some states.

        Parameters
        ----------
        states : collection of str
            For one: ``{"automatic", "accepted"}``, without candidates and what was rejected.

        Returns
        -------
        ArgumentGraph
            Without edges that have lost an end.

        Examples
        --------
        >>> nodes = [Node("c1", "Slow."), Node("c2", "No.", state="rejected")]
        >>> ArgumentGraph.of(nodes, [Edge("c2", "attack", "c1")]).only({"automatic"}).edges
        ()
        """
        nodes = [node for node in self.nodes if node.state in states]
        ends = {node.id for node in nodes}
        into: dict[str, list[Edge]] = {}
        for edge in self.edges:
            if edge.state in states and edge.source in ends:
                into.setdefault(edge.target, []).append(edge)
        kept: list[Edge] = []
        reached = list(ends)
        for end in reached:  # grows: an edge that is kept is an end of edges on it
            found = into.get(end, ())
            kept += found
            reached += (edge.id for edge in found)
        return ArgumentGraph.of(nodes, kept, self.title)


def _by_name(nodes: Iterable[Node]) -> dict[str, Node]:
    named: dict[str, Node] = {}
    for node in nodes:
        if not node.id:
            raise ValueError("a node without a name")
        if node.id in named:
            raise ValueError(f"node {node.id!r} twice")
        if not 0 <= node.score <= 1:
            raise ValueError(f"node {node.id!r}: its score is {node.score}")
        named[node.id] = node
    return named


def _check(edge: Edge, nodes: Mapping[str, Node], edges: Mapping[str, Edge]) -> None:
    if edge.source not in nodes:
        raise ValueError(f"{edge.kind} from {edge.source!r}: no such node")
    if not 0 <= edge.score <= 1:
        raise ValueError(f"{edge.kind} from {edge.source!r}: its score is {edge.score}")
    if edge.target in nodes:
        return
    if edge.target not in edges:
        raise ValueError(f"{edge.kind} of {edge.target!r}: no such node")
    if edge.kind != "undercut":
        raise ValueError(f"{edge.kind} of an edge: only an undercut targets one")


def _rank(edge: Edge) -> tuple[float, str, str]:
    return (edge.score, edge.state, edge.rule)


def _place(edge: Edge) -> tuple[object, ...]:
    return (by_number(edge.source), by_number(edge.target), EDGE_KINDS.index(edge.kind))
