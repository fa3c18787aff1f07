"""How each claim stands: every reading side by side, for no single one is the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from threadkit.graph.argument.encoding import Encoding, Support, encode
from threadkit.graph.argument.gradual import RULES, Rule, gradual
from threadkit.graph.argument.labellings import (
    STEPS,
    WAYS,
    Extensions,
    Grounded,
    Label,
    extensions,
    grounded,
)
from threadkit.graph.argument.values import ATTACKS, ArgumentGraph


@dataclass(frozen=True, slots=True)
class Standing:
    """How a node stands.

    Attributes
    ----------
    node : str
        Its name.
    grounded : {'in', 'out', 'undecided'}
        What the grounded labelling says.
    stage : int
        How far from what nothing speaks against: see :class:`Grounded`.
    preferred, stable : tuple of int or None
        In how many, of how many ways to settle its part of the debate, it is accepted: in one
        at least is credulous, in all sceptical acceptance. None: not computed. ``(0, 0)``: the debate has no stable extension.
    scores : Mapping of Rule to float
        Gradual scores, 0..1.
    attackers : tuple of str
        What attacks it.
    unanswered : tuple of str
        Of these: what nothing attacks, with an attack that nothing undercuts.
    """

    node: str
    grounded: Label
    stage: int
    preferred: tuple[int, int] | None
    stable: tuple[int, int] | None
    scores: Mapping[Rule, float]
    attackers: tuple[str, ...]
    unanswered: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Acceptability:
    """How all nodes stand.

    Attributes
    ----------
    graph : ArgumentGraph
        What was judged.
    standings : Mapping of str to Standing
        By node, in the order of the graph.
    notes : tuple of str
        What was not computed or did not settle, and why; a sentence each.
    encoding, labelling : Encoding, Grounded
        What the judgement rests on.
    """

    graph: ArgumentGraph
    standings: Mapping[str, Standing]
    notes: tuple[str, ...]
    encoding: Encoding
    labelling: Grounded


def acceptability(
    graph: ArgumentGraph,
    *,
    support: Support = "deductive",
    steps: int = STEPS,
    most: int = WAYS,
) -> Acceptability:
    """Judge every node of an argument graph.

    Parameters
    ----------
    graph : ArgumentGraph
        All its edges count; take away before what shall not (:meth:`ArgumentGraph.only`).
    support : {'deductive', 'ignored'}
        For grounded, preferred and stable: see :func:`encode`.
    steps, most : int
        Bounds on the search: see :func:`extensions`.

    Returns
    -------
    Acceptability
        Grounded and gradual readings always; preferred and stable ones within the bounds.

    Examples
    --------
    >>> from threadkit.graph.argument.values import Edge, Node
    >>> nodes = [Node("c1", "It is safe."), Node("c2", "It is not.")]
    >>> found = acceptability(ArgumentGraph.of(nodes, [Edge("c2", "attack", "c1")]))
    >>> found.standings["c1"].grounded, found.standings["c1"].unanswered
    ('out', ('c2',))
    """
    encoding = encode(graph, support)
    labelling = grounded(encoding.framework)
    preferred = extensions(encoding.framework, "preferred", steps=steps, most=most)
    stable = extensions(encoding.framework, "stable", steps=steps, most=most)
    of_preferred, of_stable = preferred.accepted(), stable.accepted()
    scores = {rule: gradual(graph, rule) for rule in RULES}
    attackers, unanswered = _against(graph)
    standings = {}
    for node in graph.nodes:
        number = encoding.argument[node.id]
        standings[node.id] = Standing(
            node.id,
            labelling.labels[number],
            labelling.stages[number],
            of_preferred[number],
            of_stable[number],
            MappingProxyType({rule: found.scores[node.id] for rule, found in scores.items()}),
            tuple(attackers[node.id]),
            tuple(unanswered[node.id]),
        )
    notes = _notes(preferred, stable) + [
        f"{rule}: the scores of {len(found.unsettled)} nodes that run in a circle do not settle"
        for rule, found in scores.items()
        if found.unsettled
    ]
    return Acceptability(graph, MappingProxyType(standings), tuple(notes), encoding, labelling)


def _against(graph: ArgumentGraph) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Find what attacks each node, and what of it stands unanswered."""
    attacks = [edge for edge in graph.edges if edge.kind in ATTACKS]
    answered = {edge.target for edge in attacks}
    found: dict[str, list[str]] = {node.id: [] for node in graph.nodes}
    unanswered: dict[str, list[str]] = {node.id: [] for node in graph.nodes}
    for edge in attacks:
        if edge.target not in found:
            continue
        if edge.source not in found[edge.target]:
            found[edge.target].append(edge.source)
        is_open = edge.source not in answered and edge.id not in answered
        if is_open and edge.source not in unanswered[edge.target]:
            unanswered[edge.target].append(edge.source)
    return found, unanswered


def _notes(preferred: Extensions, stable: Extensions) -> list[str]:
    notes = []
    for found in (preferred, stable):
        parts = [part for part in found.parts if part.why]
        if parts and found.count is None:
            size = sum(len(part.arguments) for part in parts)
            notes.append(f"{found.semantics}: {parts[0].why} ({size:,} arguments)")
    if stable.count == 0:
        notes.append("stable: there is no stable extension; some circle cannot be settled at all")
    return notes
