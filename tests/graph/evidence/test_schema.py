"""What is not of a declared type is named."""

from __future__ import annotations

import networkx as nx
import pytest

from threadkit.graph.evidence import EDGES, NODES, check
from threadkit.graph.evidence.schema import VIEWS, kind_of, name_of


def graph_with(**edge: object) -> nx.MultiDiGraph:
    graph = nx.MultiDiGraph()
    graph.add_node("message:a@x", kind="message")
    graph.add_node("commit:01", kind="commit")
    data = {"kind": "cites", "rule": "text", "score": 1.0, **edge}
    graph.add_edge("message:a@x", "commit:01", **{k: v for k, v in data.items() if v is not None})
    return graph


def test_every_end_of_an_edge_is_a_declared_kind_of_node():
    for edge in EDGES.values():
        assert edge.sources | edge.targets <= set(NODES)
    for nodes, edges in VIEWS.values():
        assert nodes <= set(NODES)
        assert edges <= set(EDGES)


@pytest.mark.parametrize(
    ("edge", "said"),
    [
        ({"kind": "likes"}, "kind 'likes' is not declared"),
        ({"kind": "replies_to"}, "a commit is no target of replies_to"),
        ({"rule": None}, "no rule says so"),
        ({"score": 1.5}, "score 1.5 is not in 0..1"),
        ({"score": None}, "score None is not in 0..1"),
        ({"start": 3}, "only one end of its passage is known"),
        ({"detail": ["x"]}, "detail is not a plain value"),
    ],
)
def test_a_wrong_edge_is_named(edge, said):
    assert [line.split(": ", 2)[2] for line in _after_names(check(graph_with(**edge)))] == [said]


def _after_names(lines):
    """Give the lines a fixed number of colons before what is said."""
    return (line.replace("message:a@x", "a").replace("commit:01", "b: ", 1) for line in lines)


def test_a_good_edge_is_not():
    assert list(check(graph_with(start=1, stop=4))) == []


@pytest.mark.parametrize(
    ("node", "data", "said"),
    [
        ("message:b@x", {"kind": "mail"}, "message:b@x: kind 'mail' is not declared"),
        ("message:b@x", {}, "message:b@x: kind None is not declared"),
        ("b@x", {"kind": "message"}, "b@x: its kind is message"),
        ("message:b@x", {"kind": "message", "to": None}, "message:b@x: to is not a plain value"),
    ],
)
def test_a_wrong_node_is_named(node, data, said):
    graph = nx.MultiDiGraph()
    graph.add_node(node, **data)
    assert list(check(graph)) == [said]


def test_a_name_may_hold_colons():
    assert kind_of("bug:https://x.org/1") == "bug"
    assert name_of("bug:https://x.org/1") == "https://x.org/1"
