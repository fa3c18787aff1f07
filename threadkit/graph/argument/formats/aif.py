"""AIF and xAIF: argument maps as JSON for AIFdb, OVA and arguebuf.

What is said is an I-node. The mail it stands in gives an L-node (whose source is a URL of the
span), and the label a YA-node between the two. Support is an RA-node, attack and undercut are
CA-nodes (an undercut of an edge leads to that edge's node). For each relation between two nodes
a TA-node leads from the locution that is answered to the one that answers; agree, concede, answer
and ask, which carry no inference, are YA-nodes from it to what they are about. What these have no
place for stands under the key ``threadkit`` of a node.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from html import escape
from types import MappingProxyType
from urllib.parse import quote

from threadkit.graph.argument.formats.reading import facts_of_edge, facts_of_node
from threadkit.graph.argument.values import ArgumentGraph, Edge, EdgeKind, Node

OWN = "threadkit"
"""The key of what AIF has no place for."""

SCHEMES: Mapping[EdgeKind, tuple[str, str]] = MappingProxyType(
    {
        "support": ("RA", "Default Inference"),
        "attack": ("CA", "Default Conflict"),
        "undercut": ("CA", "Undercut"),
    }
)
"""Type and text of the node that stands for an edge."""

TRANSITIONS: Mapping[EdgeKind, str] = MappingProxyType(
    {"agree": "Agreeing", "concede": "Conceding", "answer": "Answering", "ask": "Challenging"}
)
"""Text of the YA-node that stands for an edge without an inference."""

_ILLOCUTIONS = {
    "question": "Pure Questioning",
    "agreement": "Agreeing",
    "concession": "Conceding",
    "proposal": "Proposing",
    "decision": "Deciding",
}
_UTC = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)Z", re.ASCII)
NOBODY = "unknown"
MODEL = "executable model"
"""Speakers of what nobody is known to have said, and of runs of the model."""


def aif(graph: ArgumentGraph) -> Iterator[str]:
    """Write a graph as AIF JSON, as AIFdb gives it.

    Parameters
    ----------
    graph : ArgumentGraph
        Any.

    Yields
    ------
    str
        Lines; :func:`threadkit.graph.argument.formats.aif_read.read_aif` makes an equal graph of
        them. Names of nodes and edges depend on what they stand for alone.

    Examples
    --------
    >>> nodes = [Node("c1", "It is safe.", person="Ann"), Node("c2", "It is not.", person="Bo")]
    >>> graph = ArgumentGraph.of(nodes, [Edge("c2", "attack", "c1")])
    >>> data = json.loads("".join(aif(graph)))
    >>> [(node["type"], node["text"]) for node in data["nodes"] if node["type"] in ("I", "CA")]
    [('I', 'It is safe.'), ('I', 'It is not.'), ('CA', 'Default Conflict')]

    References
    ----------
    C. Chesnevar et al., Towards an argument interchange format, Knowl. Eng. Rev. 21 (2006);
    C. Reed et al., AIFdb (JSON form); K. Budzynska, C. Reed, Inference anchoring theory.
    """
    yield from _lines(_Maker(graph).whole())


def xaif(graph: ArgumentGraph) -> Iterator[str]:
    """Write a graph as xAIF JSON, which OVA opens.

    Parameters
    ----------
    graph : ArgumentGraph
        Any.

    Yields
    ------
    str
        As :func:`aif`, with what is said as a text to mark in.

    Examples
    --------
    >>> data = json.loads("".join(xaif(ArgumentGraph.of([Node("c1", "Slow.")], []))))
    >>> sorted(data), len(data["AIF"]["nodes"])
    (['AIF', 'OVA', 'dialog', 'text'], 3)

    References
    ----------
    xAIF tutorial (open argument mining framework), 2024.
    """
    maker = _Maker(graph)
    text = "".join(
        f'{escape(maker.speaker(node))}: <span class="highlighted" id="node{escape(node.id)}">'
        f"{escape(node.text)}</span><br>"
        for node in graph.nodes
    )
    whole = maker.whole()
    listed = [{"nodeID": n["nodeID"], "visible": True, "x": 0, "y": 0, "timestamp": n["timestamp"]}
              for n in maker.nodes]  # fmt: skip
    drawn = [{"fromID": e["fromID"], "toID": e["toID"], "visible": True} for e in maker.edges]
    ova = {"firstname": "", "surname": "", "url": "", "nodes": listed, "edges": drawn}
    yield '{"AIF": '
    yield from _lines(whole)
    yield f', "text": {json.dumps(text)}, "dialog": true, "OVA": {json.dumps(ova)}}}'


class _Maker:
    """Collects nodes, edges, locutions and participants."""

    def __init__(self, graph: ArgumentGraph) -> None:
        self._graph = graph
        self._taken = {node.id for node in graph.nodes} | {edge.id for edge in graph.edges}
        self._locution: dict[str, str] = {}
        self._people: dict[str, int] = {}
        self.nodes: list[dict[str, object]] = []
        self.edges: list[dict[str, object]] = []
        self._locutions: list[dict[str, object]] = []

    def whole(self) -> dict[str, object]:
        """Make everything."""
        for node in self._graph.nodes:
            self._said(node)
        edges = self._graph.edges_by_id()
        for edge in self._graph.edges:
            self._borne(edge, edges)
        people = [
            {"participantID": number, "firstname": "", "surname": name}
            for name, number in self._people.items()
        ]
        whole: dict[str, object] = {
            "nodes": self.nodes,
            "edges": self.edges,
            "schemefulfillments": [],
            "descriptorfulfillments": [],
            "participants": people,
            "locutions": self._locutions,
        }
        if self._graph.title:
            whole[OWN] = {"title": self._graph.title}
        return whole

    def speaker(self, node: Node) -> str:
        """Name who says it."""
        return MODEL if node.origin == "model" else node.person or NOBODY

    def _said(self, node: Node) -> None:
        time, speaker = _timestamp(node.utc), self.speaker(node)
        said, illocution = self._free(f"L:{node.id}"), self._free(f"YA:{node.id}")
        self._locution[node.id] = said
        self._node(node.id, "I", node.text, time, facts_of_node(node))
        self._node(said, "L", f"{speaker} : {node.text}", time)
        self._node(illocution, "YA", _ILLOCUTIONS.get(node.label, "Asserting"), time)
        self._edge(said, illocution)
        self._edge(illocution, node.id)
        number = self._people.setdefault(speaker, len(self._people) + 1)
        self._locutions.append(
            {"nodeID": said, "personID": str(number), "timestamp": time, "start": None,
             "end": None, "source": _span(node)}
        )  # fmt: skip

    def _borne(self, edge: Edge, edges: Mapping[str, Edge]) -> None:
        answered = edge.target
        while answered in edges:
            answered = edges[answered].source
        answering, before = self._locution[edge.source], self._locution[answered]
        turn = self._free(f"TA:{edge.id}")
        self._node(turn, "TA", "Default Transition", "")
        self._edge(before, turn)
        self._edge(turn, answering)
        facts = facts_of_edge(edge)
        if edge.kind in SCHEMES:
            self._node(edge.id, *SCHEMES[edge.kind], "", facts)
            self._edge(edge.source, edge.id)
            self._edge(edge.id, edge.target)
        else:
            self._node(edge.id, "YA", TRANSITIONS[edge.kind], "", {**facts, "source": edge.source})
            self._edge(turn, edge.id)
            self._edge(edge.id, edge.target)

    def _free(self, name: str) -> str:
        while name in self._taken:
            name += "'"
        self._taken.add(name)
        return name

    def _node(
        self, name: str, kind: str, text: str, time: str, own: Mapping[str, object] | None = None
    ) -> None:
        node: dict[str, object] = {"nodeID": name, "text": text, "type": kind, "timestamp": time}
        if own is not None:
            node[OWN] = own
        self.nodes.append(node)

    def _edge(self, source: str, target: str) -> None:
        text = f"{source}\0{target}".encode("utf-8", "surrogatepass")
        name = "e" + sha256(text).hexdigest()[:12]
        self.edges.append({"edgeID": name, "fromID": source, "toID": target, "formEdgeID": None})


def _timestamp(utc: str) -> str:
    match = _UTC.fullmatch(utc)
    return f"{match[1]} {match[2]}" if match else ""


def _span(node: Node) -> str | None:
    """Name a passage of a mail by a URL: RFC 2392 with a fragment of RFC 5147."""
    if not node.message_id:
        return None
    name = quote(node.message_id.encode("utf-8", "surrogatepass"), safe="@$!*'(),:;&=+")
    return f"mid:{name}#char={node.start},{node.stop}"


def _lines(whole: Mapping[str, object]) -> Iterator[str]:
    """Write an object of lists, one entry to a line."""
    between = "{"
    for name, value in whole.items():
        if isinstance(value, list) and value:
            yield f"{between}{json.dumps(name)}: ["
            for entry in value[:-1]:
                yield json.dumps(entry) + ","
            yield json.dumps(value[-1]) + "]"
        else:
            yield f"{between}{json.dumps(name)}: {json.dumps(value)}"
        between = ", "
    yield "}"
