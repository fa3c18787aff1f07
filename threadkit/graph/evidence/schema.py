"""The types of the evidence graph: which nodes there are, and what may join which.

A node is named ``KIND:NAME`` and has an attribute ``kind``; an edge has ``kind``, ``rule``
(what says so) and ``score`` (0..1, how sure that is). An edge that rests on a passage has
``start`` and ``stop`` too: characters of the text of the node that it leaves (of a commit,
of its message behind the subject), unless :data:`EDGES` says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import networkx as nx

NODES: Mapping[str, str] = MappingProxyType(
    {
        "message": "a mail, by Message-ID; ghost: it is referred to and not here",
        "commit": "a commit that was looked up and found, by its full hash",
        "series": "one change, however often it was posted",
        "person": "somebody, by the address used most",
        "bug": "an entry of a bug tracker, by its URL",
        "cve": "a vulnerability, by its CVE number",
        "release": "a release or a range of releases, by name",
        "report": "somebody telling of a regression: in a mail, or syzbot on its pages",
        "regression": "something that worked, and then did not",
        "unresolved": "a hash that somebody wrote and that names no commit here; reason says why",
        "claim": "what a mail asserts",
        "scenario": "a program that puts a claim to the test",
    }
)
"""What each kind of node is. Nothing makes ``claim`` and ``scenario`` yet."""


class Edge(NamedTuple):
    """What an edge of one kind means, and the kinds of nodes at its two ends."""

    meaning: str
    sources: frozenset[str]
    targets: frozenset[str]


def _edge(meaning: str, sources: str, targets: str) -> Edge:
    return Edge(meaning, frozenset(sources.split()), frozenset(targets.split()))


EDGES: Mapping[str, Edge] = MappingProxyType(
    {
        "replies_to": _edge("answers", "message", "message"),
        "quotes": _edge("quotes a passage of", "message", "message"),
        "cites": _edge(
            "points at",
            "message commit",
            "message commit bug cve release report unresolved",
        ),
        "fixes": _edge(
            "says that it fixes",
            "message commit unresolved",
            "message commit regression bug cve report unresolved",
        ),
        "reverts": _edge("undoes", "message commit", "commit unresolved"),
        "backports": _edge(
            "is the same change, on another branch, as", "message commit", "commit unresolved"
        ),
        "introduced_by": _edge("came with", "regression", "commit unresolved"),
        "closes": _edge("says that it closes", "message commit", "message bug report"),
        "reported_by": _edge("was reported by", "message commit report regression", "person"),
        "bisected_by": _edge("was bisected by", "message commit report regression", "person"),
        "tested_by": _edge("was tested by", "message commit report regression", "person"),
        "becomes": _edge("became", "message series", "commit"),
        "supersedes": _edge("is a newer revision of", "message", "message"),
        "links_discussion": _edge(
            "names as its discussion", "commit message", "message bug report"
        ),
        "links_provenance": _edge("names as the mail it was taken from", "commit", "message"),
        "wrote": _edge("wrote", "person", "message commit"),
        "part_of": _edge("belongs to", "message report", "series regression"),
        "told_in": _edge("stands in", "report regression", "message bug"),
        "released_in": _edge("came out with", "commit", "release"),
        "duplicates": _edge("is the same as", "regression report", "regression report"),
    }
)
"""What each kind of edge says, read from its source to its target."""

VIEWS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = MappingProxyType(
    {
        "replies": (frozenset({"message"}), frozenset({"replies_to"})),
        "regressions": (
            frozenset({"commit", "regression", "report", "bug", "cve", "unresolved"}),
            frozenset(EDGES),
        ),
    }
)
"""Parts of the graph: the kinds of nodes and the kinds of edges in each."""


def kind_of(node: str) -> str:
    """Return the kind that a node's name begins with.

    Parameters
    ----------
    node : str
        Such as ``commit:0123...``.

    Returns
    -------
    str
        A key of :data:`NODES`, if the node is one.

    Examples
    --------
    >>> kind_of("bug:https://bugzilla.example.org/show_bug.cgi?id=7")
    'bug'
    """
    return node.partition(":")[0]


def name_of(node: str) -> str:
    """Return the name of a node without its kind.

    Parameters
    ----------
    node : str
        Such as ``commit:0123...``.

    Returns
    -------
    str
        What stands behind the first colon.

    Examples
    --------
    >>> name_of("message:a:b@example.org")
    'a:b@example.org'
    """
    return node.partition(":")[2]


def check(graph: nx.MultiDiGraph[str]) -> Iterator[str]:
    """Say what in a graph is not of a declared type.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        An evidence graph.

    Yields
    ------
    str
        One line for each node or edge that is wrong; nothing if all is well.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.MultiDiGraph()
    >>> graph.add_node("message:a@x", kind="message")
    >>> graph.add_node("person:b@x", kind="person")
    >>> _ = graph.add_edge("message:a@x", "person:b@x", kind="wrote", rule="from", score=1.0)
    >>> for line in check(graph):
    ...     print(line)
    message:a@x wrote person:b@x: a message is no source of wrote
    message:a@x wrote person:b@x: a person is no target of wrote
    """
    for node, data in graph.nodes(data=True):
        kind = data.get("kind")
        if kind not in NODES:
            yield f"{node}: kind {kind!r} is not declared"
        elif kind_of(node) != kind:
            yield f"{node}: its kind is {kind}"
        yield from (f"{node}: {name} is not a plain value" for name in _odd(data))
    for source, target, data in graph.edges(data=True):
        for wrong in _wrong(graph.nodes[source].get("kind"), graph.nodes[target].get("kind"), data):
            yield f"{source} {data.get('kind')} {target}: {wrong}"


def _odd(data: Mapping[str, object]) -> Iterator[str]:
    """Name the attributes that not every format can hold."""
    return (name for name, value in data.items() if not isinstance(value, str | int | float))


def _wrong(source: object, target: object, data: Mapping[str, object]) -> Iterator[str]:
    kind = data.get("kind")
    edge = EDGES.get(str(kind))
    if edge is None:
        yield f"kind {kind!r} is not declared"
        return
    if source not in edge.sources:
        yield f"a {source} is no source of {kind}"
    if target not in edge.targets:
        yield f"a {target} is no target of {kind}"
    if not data.get("rule"):
        yield "no rule says so"
    score = data.get("score")
    if not isinstance(score, float) or not 0 <= score <= 1:
        yield f"score {score!r} is not in 0..1"
    if ("start" in data) != ("stop" in data):
        yield "only one end of its passage is known"
    yield from (f"{name} is not a plain value" for name in _odd(data))
