"""Gradual scores: how far what is said stands, by three published rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from types import MappingProxyType
from typing import Literal

from threadkit.graph.argument.framework import components
from threadkit.graph.argument.values import ATTACKS, ArgumentGraph, Edge

Rule = Literal["h-categorizer", "df-quad", "quadratic-energy"]

BASE = 0.5
"""What DF-QuAD and quadratic energy give to what nothing bears on."""
ROUNDS = 1000
TOLERANCE = 1e-9
_STRIDE = 0.5  # of the way to the next value, in a circle: a full step would swing for ever


@dataclass(frozen=True, slots=True)
class Gradual:
    """Scores, and whether they settled.

    Attributes
    ----------
    rule : Rule
        By which.
    scores : Mapping of str to float
        Of each node, 0..1.
    unsettled : tuple of str
        Nodes in circles that kept changing; their scores are where they were then.
    """

    rule: Rule
    scores: Mapping[str, float]
    unsettled: tuple[str, ...]


def h_categorizer(attacks: Sequence[float], supports: Sequence[float]) -> float:
    """Score by attackers alone: 1 / (1 + the sum of their scores).

    Parameters
    ----------
    attacks, supports : sequence of float
        Scores of what bears on it; supporters are not looked at.

    Returns
    -------
    float
        0..1; 1 if nothing attacks.

    Examples
    --------
    >>> h_categorizer([1.0], [])
    0.5

    References
    ----------
    P. Besnard, A. Hunter, A logic-based theory of deductive arguments, Artificial
    Intelligence 128 (2001).
    """
    return 1 / (1 + sum(attacks))


def df_quad(attacks: Sequence[float], supports: Sequence[float]) -> float:
    """Score by attackers and supporters, each side combined as independent chances are.

    Parameters
    ----------
    attacks, supports : sequence of float
        Scores of what bears on it.

    Returns
    -------
    float
        0..1; `BASE` if nothing bears on it.

    Examples
    --------
    >>> df_quad([], []), df_quad([0.5], [0.5]), df_quad([1.0], [0.5])
    (0.5, 0.5, 0.25)

    References
    ----------
    A. Rago, F. Toni, M. Aurisicchio, P. Baroni, Discontinuity-free decision support with
    quantitative argumentation debates, KR 2016.
    """
    against = 1 - prod(1 - score for score in attacks)
    pro = 1 - prod(1 - score for score in supports)
    if against >= pro:
        return BASE - BASE * (against - pro)
    return BASE + (1 - BASE) * (pro - against)


def quadratic_energy(attacks: Sequence[float], supports: Sequence[float]) -> float:
    """Score by the difference of the sums of supporters and attackers.

    Parameters
    ----------
    attacks, supports : sequence of float
        Scores of what bears on it.

    Returns
    -------
    float
        0..1; `BASE` if nothing bears on it.

    Examples
    --------
    >>> quadratic_energy([], []), quadratic_energy([1.0], []), quadratic_energy([], [1.0, 1.0])
    (0.5, 0.25, 0.9)

    References
    ----------
    N. Potyka, Continuous dynamical systems for weighted bipolar argumentation, KR 2018.
    """
    energy = sum(supports) - sum(attacks)
    pull = energy * energy / (1 + energy * energy)
    return BASE + (1 - BASE) * pull if energy >= 0 else BASE - BASE * pull


RULES: Mapping[Rule, Callable[[Sequence[float], Sequence[float]], float]] = MappingProxyType(
    {"h-categorizer": h_categorizer, "df-quad": df_quad, "quadratic-energy": quadratic_energy}
)
"""How a node's score comes of the scores of what bears on it."""


def gradual(graph: ArgumentGraph, rule: Rule) -> Gradual:
    """Score every node.

    Parameters
    ----------
    graph : ArgumentGraph
        All its attacks, undercuts and supports count, agree and the like do not.
    rule : Rule
        By which.

    Returns
    -------
    Gradual
        Where nothing runs in a circle, exact and in one pass; in a circle, what repeated
        scoring settles at within `TOLERANCE` in `ROUNDS` rounds.

    Examples
    --------
    >>> from threadkit.graph.argument.values import Node
    >>> nodes = [Node(name, "...") for name in ("c1", "c2", "c3")]
    >>> edges = [Edge("c2", "attack", "c1"), Edge("c3", "attack", "c2")]
    >>> gradual(ArgumentGraph.of(nodes, edges), "h-categorizer").scores["c1"]
    0.6666666666666666

    Notes
    -----
    An undercut of an edge takes away from what runs along it: the source's score times (1 -
    the undercutter's), for each; this is our own reading, the rules know no such thing.
    """
    bears = _Bears(graph)
    scores = [BASE] * len(graph.nodes)
    unsettled: list[str] = []
    for group in components(bears.needs):
        if not _settle(group, bears, scores, rule):
            unsettled += [graph.nodes[one].id for one in group]
    named = {node.id: scores[i] for i, node in enumerate(graph.nodes)}
    return Gradual(rule, MappingProxyType(named), tuple(unsettled))


def _settle(group: Sequence[int], bears: _Bears, scores: list[float], rule: Rule) -> bool:
    """Score nodes that depend on each other; tell whether their scores settled."""
    score = RULES[rule]
    if len(group) == 1 and group[0] not in bears.needs[group[0]]:
        scores[group[0]] = score(*bears.on(group[0], scores))
        return True
    for _ in range(ROUNDS):
        found = [score(*bears.on(one, scores)) for one in group]
        change = max(abs(new - scores[one]) for one, new in zip(group, found, strict=True))
        for one, new in zip(group, found, strict=True):
            scores[one] += _STRIDE * (new - scores[one])
        if change < TOLERANCE:
            return True
    return False


class _Bears:
    """What bears on each node, by number."""

    def __init__(self, graph: ArgumentGraph) -> None:
        self._place = {node.id: i for i, node in enumerate(graph.nodes)}
        self._undercuts: dict[str, list[Edge]] = {}
        self._into: list[list[Edge]] = [[] for _ in graph.nodes]
        for edge in graph.edges:
            target = self._place.get(edge.target)
            if target is None:
                self._undercuts.setdefault(edge.target, []).append(edge)
            elif edge.kind in ATTACKS or edge.kind == "support":
                self._into[target].append(edge)
        self.needs = [sorted(self._sources(edges)) for edges in self._into]
        """Of each node: the nodes that its score is made from."""

    def _sources(self, edges: Sequence[Edge]) -> set[int]:
        waiting = list(edges)
        found = set()
        while waiting:
            edge = waiting.pop()
            found.add(self._place[edge.source])
            if self._undercuts:
                waiting += self._undercuts.get(edge.id, ())
        return found

    def on(self, node: int, scores: Sequence[float]) -> tuple[list[float], list[float]]:
        """Return what attacks a node and what supports it, as far as it is not undercut."""
        attacks: list[float] = []
        supports: list[float] = []
        for edge in self._into[node]:
            (attacks if edge.kind in ATTACKS else supports).append(self._along(edge, scores))
        return attacks, supports

    def _along(self, edge: Edge, scores: Sequence[float]) -> float:
        """Return what comes along an edge; edges on edges are worked out from the outside."""
        chain = [edge]
        if self._undercuts:
            for one in chain:
                chain += self._undercuts.get(one.id, ())
        passed: dict[str, float] = {}
        for one in reversed(chain):
            left = prod(1 - passed[by.id] for by in self._undercuts.get(one.id, ()))
            passed[one.id] = scores[self._place[one.source]] * left
        return passed[edge.id]
