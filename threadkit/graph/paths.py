"""The way from one thing to another over evidence, such as from a report to its fix."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from threadkit.graph.evidence.schema import EDGES, kind_of

if TYPE_CHECKING:
    import networkx as nx

COST = {
    **dict.fromkeys(
        ("fixes", "closes", "introduced_by", "part_of", "told_in", "becomes", "duplicates"), 1.0
    ),
    **dict.fromkeys(("links_discussion", "links_provenance", "reverts", "backports"), 1.0),
    "supersedes": 1.5,
    "replies_to": 2.0,
    "cites": 2.0,
    "quotes": 2.5,
}
"""What a step over an edge costs, the lower the more it says; over others no way leads."""

_HUBS = ("person", "release")  # with everything they have to do: no way leads over them

_UNSURE = 2.0
_NO_MORE = ("undone", "superseded")


class Step(NamedTuple):
    """One step of a way.

    ``forward`` is False if the way goes against the edge; ``meaning`` is what the edge
    says, read in its own direction.
    """

    source: str
    target: str
    kind: str
    rule: str
    score: float
    forward: bool
    meaning: str


def shared_culprits(way: Sequence[Step]) -> list[str]:
    """List the commits over which a way goes from one thing that they broke to another.

    Parameters
    ----------
    way : sequence of Step
        As :func:`evidence_path` returns it.

    Returns
    -------
    list of str
        Nodes. Such a way shows what two regressions have in common, not what mended one.

    Examples
    --------
    >>> there = Step("regression:a", "commit:c", "introduced_by", "", 1.0, True, "")
    >>> back = Step("commit:c", "regression:b", "introduced_by", "", 1.0, False, "")
    >>> shared_culprits([there, back]), shared_culprits([back, there])
    (['commit:c'], [])
    """
    return [
        one.target
        for one, other in pairwise(way)
        if one.forward and not other.forward and kind_of(one.target) == "commit"
        and {one.kind, other.kind} <= {"introduced_by", "fixes"}
    ]  # fmt: skip


def evidence_path(graph: nx.MultiDiGraph[str], start: str, end: str) -> list[Step] | None:
    """Find the way between two nodes over the strongest evidence.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        An evidence graph.
    start, end : str
        Two of its nodes.

    Returns
    -------
    list of Step or None
        None if there is no way; empty if the two are one. Of ways that cost the same, the
        one whose nodes come first by name.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.MultiDiGraph()
    >>> _ = graph.add_edge("report:a@x", "regression:a@x", kind="part_of", rule="tag", score=1.0)
    >>> _ = graph.add_edge("commit:01", "regression:a@x", kind="fixes", rule="Closes", score=1.0)
    >>> for step in evidence_path(graph, "report:a@x", "commit:01"):
    ...     print(step.target, step.kind, step.forward)
    regression:a@x part_of True
    commit:01 fixes False

    Notes
    -----
    Dijkstra's algorithm. A step costs what :data:`COST` says and up to 2 more if the edge
    is unsure.
    """
    came: dict[str, Step] = {}
    best = {start: 0.0}
    heap = [(0.0, start)]
    while heap:
        cost, node = heappop(heap)
        if node == end:
            return _way(came, start, end)
        if cost > best[node] or (node != start and kind_of(node) in _HUBS):
            continue
        for step, price in _steps(graph, node):
            reached = cost + price
            if reached < best.get(step.target, float("inf")):
                best[step.target] = reached
                came[step.target] = step
                heappush(heap, (reached, step.target))
    return None


def _steps(graph: nx.MultiDiGraph[str], node: str) -> Iterator[tuple[Step, float]]:
    """Yield the steps from a node, in the order of where they lead."""
    found = [
        (other, data, forward)
        for forward, edges in (
            (True, graph.out_edges(node, data=True)),
            (False, graph.in_edges(node, data=True)),
        )
        for other, data in ((b if forward else a, data) for a, b, data in edges)
        if data["kind"] in COST
    ]
    found.sort(key=lambda one: (one[0], COST[one[1]["kind"]], one[1]["kind"], not one[2]))
    for other, data, forward in found:
        kind, score = data["kind"], data.get("score", 1.0)
        step = Step(node, other, kind, data["rule"], score, forward, EDGES[kind].meaning)
        yield step, COST[kind] + _UNSURE * (1 - score)


def _way(came: dict[str, Step], start: str, end: str) -> list[Step]:
    steps = []
    while end != start:
        steps.append(came[end])
        end = came[end].source
    return steps[::-1]


def report_paths(graph: nx.MultiDiGraph[str]) -> list[tuple[str, str, list[Step]]]:
    """Find the way from each report of a regression to each of its fixes.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        An evidence graph.

    Returns
    -------
    list of (str, str, list of Step)
        Report, fix and the way, by report and fix; a report whose regression has no fix is
        not there, nor is a fix that was undone or superseded.
    """
    found = []
    for report in sorted(node for node in graph if kind_of(node) == "report"):
        regressions = {
            b for _, b, kind in graph.out_edges(report, data="kind") if kind == "part_of"
        }
        fixes = {
            fix
            for regression in regressions
            for fix, _, data in graph.in_edges(regression, data=True)
            if data["kind"] == "fixes" and data.get("status") not in _NO_MORE
        }
        for fix in sorted(fixes):
            way = evidence_path(graph, report, fix)
            if way is not None:
                found.append((report, fix, way))
    return found
