"""An argument graph as a framework: support and undercuts told in attacks alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from threadkit.graph.argument.framework import Framework, components
from threadkit.graph.argument.values import ATTACKS, ArgumentGraph, Edge

Support = Literal["deductive", "ignored"]
Role = Literal["node", "idle", "holds", "fails"]


class Meaning(NamedTuple):
    """What an argument of the framework stands for.

    Attributes
    ----------
    role : Role
        ``node``: what nodes say. ``idle``, ``holds``: that an attack which somebody
        undercuts is idle, or holds. ``fails``: that what somebody supports is not accepted.
    names : tuple of str
        The nodes (several that support each other in a circle are one argument), or the edge.
    """

    role: Role
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Encoding:
    """A framework, and what its arguments stand for.

    Attributes
    ----------
    framework : Framework
        Its names are of no use to a reader.
    meanings : tuple of Meaning
        Of each argument.
    argument : Mapping of str to int
        Of each node of the graph.
    """

    framework: Framework
    meanings: tuple[Meaning, ...]
    argument: Mapping[str, int]


def encode(graph: ArgumentGraph, support: Support = "deductive") -> Encoding:
    """Put an argument graph into a framework of Dung's.

    Parameters
    ----------
    graph : ArgumentGraph
        All its edges count, but agree, concede, answer and ask: take away before what shall
        not (:meth:`ArgumentGraph.only`).
    support : {'deductive', 'ignored'}
        Deductive: who accepts the supporter must accept what it supports, so what defeats the
        supported defeats its supporters too.

    Returns
    -------
    Encoding
        Linear in the size of the graph.

    Notes
    -----
    For "a supports b" there is an argument "b fails" that b attacks and that attacks a: the
    labellings are those of the closure under mediated attacks (what attacks b attacks a),
    without its quadratic number of attacks; supported attacks follow from these. Nodes that
    support each other in a circle stand or fall together and are one argument. An undercut
    of the support attacks "b fails".

    For "a attacks b" that somebody undercuts: a attacks "idle", which attacks "holds", which
    attacks b; the undercut attacks "holds". A circle of support in which a step is undercut may
    stay undecided where nothing speaks against it.

    Examples
    --------
    >>> from threadkit.graph.argument.values import Edge, Node
    >>> attack = Edge("c2", "attack", "c1")
    >>> nodes = [Node(name, "...") for name in ("c1", "c2", "c3")]
    >>> coded = encode(ArgumentGraph.of(nodes, [attack, Edge("c3", "undercut", attack.id)]))
    >>> [meaning.role for meaning in coded.meanings]
    ['node', 'node', 'node', 'idle', 'holds']

    References
    ----------
    G. Boella, D. Gabbay, L. van der Torre, S. Villata, Support in abstract argumentation,
    COMMA 2010; S. Modgil, T. Bench-Capon, Metalevel argumentation, J. Log. Comput. 21 (2011).
    """
    undercut = {edge.target for edge in graph.edges if edge.kind == "undercut"}
    circles = _circles(graph, undercut) if support == "deductive" else [[n.id] for n in graph.nodes]
    meanings = [Meaning("node", tuple(circle)) for circle in circles]
    argument = {name: i for i, circle in enumerate(circles) for name in circle}
    of_edge: dict[str, int] = {}  # what an undercut of the edge attacks
    attacks: list[tuple[int, int]] = []
    firm: list[Edge] = []
    for edge in graph.edges:
        source, target = argument[edge.source], argument.get(edge.target)
        if edge.kind == "support" and support == "deductive":
            if target is not None and source != target:
                of_edge[edge.id] = fails = len(meanings)
                meanings.append(Meaning("fails", (edge.id,)))
                attacks += [(target, fails), (fails, source)]
        elif edge.kind in ATTACKS:
            if edge.id in undercut:
                idle, holds = len(meanings), len(meanings) + 1
                of_edge[edge.id] = holds
                meanings += [Meaning("idle", (edge.id,)), Meaning("holds", (edge.id,))]
                attacks += [(source, idle), (idle, holds)]
            firm.append(edge)
    for edge in firm:
        begin = of_edge.get(edge.id, argument[edge.source])
        end = argument.get(edge.target, of_edge.get(edge.target, -1))
        if end >= 0:  # else it undercuts what has no weight
            attacks.append((begin, end))
    names = list(map(str, range(len(meanings))))
    framework = Framework.of(names, ((names[a], names[b]) for a, b in attacks))
    return Encoding(framework, tuple(meanings), argument)


def _circles(graph: ArgumentGraph, undercut: set[str]) -> list[list[str]]:
    """Group nodes that support each other in a circle; in the order of their first nodes."""
    place = {node.id: i for i, node in enumerate(graph.nodes)}
    supported: list[list[int]] = [[] for _ in graph.nodes]
    for edge in graph.edges:
        if edge.kind == "support" and edge.id not in undercut:
            supported[place[edge.source]].append(place[edge.target])
    return [[graph.nodes[i].id for i in found] for found in sorted(components(supported))]
