"""Claims and what bears on them as a graph: how each stands, and files of other tools."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from importlib import import_module
from sqlite3 import Connection

from threadkit.analyze.debate.names import unit_key
from threadkit.graph.argument.values import ArgumentGraph, Edge, Node
from threadkit.graph.argument.verdicts import Verdict, with_verdicts
from threadkit.pipeline.claims_view import SHOWN, claims_of
from threadkit.store import lookup, read
from threadkit.store.claim_list import read_claims
from threadkit.store.debate_list import (
    StoredUnit,
    UnitAt,
    read_relations,
    read_scenarios,
    read_units,
)
from threadkit.store.passages import passages

UNIT, PATCH = "u:", "patch:"
"""How names of nodes begin that are no claims."""

_HOME = "threadkit.graph.argument.formats"
FORMATS = {
    "argdown": "argdown:argdown", "aif": "aif:aif", "xaif": "aif:xaif", "dot": "pictures:dot",
    "graphml": "pictures:graphml", "apx": "frames:apx", "tgf": "frames:tgf",
    "iccma": "frames:iccma", "csv": "tables:csv_nodes", "csv-edges": "tables:csv_edges",
}  # fmt: skip
"""Module and function of each file format."""


def argument_graph(
    conn: Connection,
    thread: str | None = None,
    *,
    states: Collection[str] = SHOWN,
    verdicts: bool = False,
) -> ArgumentGraph:
    """Make a graph of claims, of other passages that bear on them, and of patches.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    thread : str, optional
        Any mail of a conversation; all without.
    states : collection of str, optional
        Of claims and relations.
    verdicts : bool, optional
        Let scenarios of the model count for and against the claims that they test.

    Returns
    -------
    ArgumentGraph
        Claims by their names, other passages as ``u:<message-id>#<hash>``, patches as
        ``patch:<message-id>``; these only if something bears on them, or they do.

    Raises
    ------
    NotFound, Ambiguous
        No mail, or more than one, answers to the name.
    """
    root = None if thread is None else lookup.root(conn, thread)
    claims = claims_of(conn, read_claims(conn, root), root)
    nodes = {
        one.id: Node(
            one.id, one.shown, "claim", one.facts.kind, one.facts.person, one.facts.holder,
            one.facts.utc or "", one.facts.message_id, one.facts.start, one.facts.stop,
            one.facts.status, "", one.facts.state, _bounded(one.facts.score), one.facts.rule,
            "mail" if one.facts.message is not None else "hand",
        )
        for one in claims
    }  # fmt: skip
    relations = read_relations(conn, root)
    ends: dict[UnitAt, str | None] = {}
    for one in relations:
        ends[one.message, one.unit] = one.claim
        ends[one.target_message, one.target_unit] = one.target_claim
    others = read_units(conn, [end for end, claim in ends.items() if claim is None])
    names = {end: claim for end, claim in ends.items() if claim is not None and claim in nodes}
    for node, end in _others(conn, others):
        nodes.setdefault(node.id, node)
        names[end] = node.id
    edges = []
    for one in relations:
        source = names.get((one.message, one.unit))
        target = names.get((one.target_message, one.target_unit))
        if source and target and source != target:  # a claim that is said twice may meet itself
            edges.append(
                Edge(source, one.kind, target, _bounded(one.score), one.state, one.rule)  # type: ignore[arg-type]
            )
    title = read.message(conn, root).subject if root is not None else ""
    graph = ArgumentGraph.of(nodes.values(), edges, title).only(states)
    joined = {end for edge in graph.edges for end in (edge.source, edge.target)}
    kept = [one for one in graph.nodes if one.label == "claim" or one.id in joined]
    graph = ArgumentGraph.of(kept, graph.edges, title)
    return with_verdicts(graph, _verdicts(conn, graph)) if verdicts else graph


def exporter(name: str) -> Callable[[ArgumentGraph], Iterator[str]]:
    """Find what writes a file format.

    Parameters
    ----------
    name : str
        Of :data:`FORMATS`.

    Returns
    -------
    callable
        Yields lines without ends.
    """
    module, _, function = FORMATS[name].partition(":")
    found: Callable[[ArgumentGraph], Iterator[str]] = getattr(
        import_module(f"{_HOME}.{module}"), function
    )
    return found


def _others(conn: Connection, units: dict[UnitAt, StoredUnit]) -> Iterator[tuple[Node, UnitAt]]:
    """Make nodes of passages that are no claims, and of patches."""
    texts = passages(conn, [(one.message, one.start, one.stop) for one in units.values()])
    for end, one in units.items():
        text = texts.get((one.message, one.start, one.stop), "")
        is_patch = end[1] is None
        name = PATCH + one.message_id if is_patch else UNIT + unit_key(one.message_id, text)
        shown = one.subject if is_patch else " ".join(text.split())
        yield Node(
            name, shown, one.label, one.kind, one.person, "", one.utc or "", one.message_id,
            one.start, one.stop, score=_bounded(one.score), rule=one.rule,
        ), end  # fmt: skip


def _verdicts(conn: Connection, graph: ArgumentGraph) -> Iterator[Verdict]:
    """Read what the model says of claims; a scenario that only may test one says nothing."""
    for node in graph.nodes:
        if node.label != "claim":
            continue
        for one in read_scenarios(conn, node.id):
            if one.stance == "supports":
                yield Verdict(node.id, one.scenario, "supports", one.why)
            elif one.stance == "refutes":
                yield Verdict(node.id, one.scenario, "refutes", one.why)


def _bounded(score: float) -> float:
    return min(1.0, max(0.0, score))
