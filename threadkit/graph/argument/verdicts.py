"""Runs of the executable model as voices in the debate, if somebody asks for them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from threadkit.graph.argument.values import ArgumentGraph, Edge, EdgeKind, Node

PREFIX = "model:"


class Verdict(NamedTuple):
    """What a run of the model says of a claim.

    Attributes
    ----------
    claim : str
        The node that it tests.
    scenario : str
        Its name; several claims may be tested by one.
    stance : {'supports', 'refutes'}
        What came out.
    why : str
        In a sentence.
    """

    claim: str
    scenario: str
    stance: Literal["supports", "refutes"]
    why: str


def with_verdicts(graph: ArgumentGraph, verdicts: Iterable[Verdict]) -> ArgumentGraph:
    """Add runs of the model as attackers and supporters of the claims that they test.

    Parameters
    ----------
    graph : ArgumentGraph
        Of what people say; it is left as it is.
    verdicts : iterable of Verdict
        On claims of the graph; on others they are left out.

    Returns
    -------
    ArgumentGraph
        A run is a node ``model:<scenario>`` with origin ``model`` and no person; what it says
        of several claims is said in their order.

    Examples
    --------
    >>> graph = ArgumentGraph.of([Node("c1", "Nobody can see it.")], [])
    >>> verdict = Verdict("c1", "peek", "refutes", "The child reads what the parent wrote.")
    >>> [(e.source, e.kind, e.target) for e in with_verdicts(graph, [verdict]).edges]
    [('model:peek', 'attack', 'c1')]
    """
    known = graph.by_id()
    said: dict[str, list[str]] = {}
    edges: list[Edge] = []
    for verdict in sorted(set(verdicts)):
        if verdict.claim not in known:
            continue
        kind: EdgeKind = "support" if verdict.stance == "supports" else "attack"
        name = PREFIX + verdict.scenario
        edges.append(Edge(name, kind, verdict.claim, state="accepted", rule="model"))
        whys = said.setdefault(name, [])
        if verdict.why not in whys:
            whys.append(verdict.why)
    nodes = [
        Node(name, " ".join(whys), label="evidence", state="accepted", rule="model", origin="model")
        for name, whys in said.items()
    ]
    return ArgumentGraph.of([*graph.nodes, *nodes], [*graph.edges, *edges], graph.title)
