"""Parts of the graph, and nodes by what people type."""

from __future__ import annotations

import networkx as nx
import pytest

from tests.graph.saga import FIX, PATCH, saga
from threadkit.errors import Ambiguous, NotFound
from threadkit.graph.evidence import check, evidence_graph
from threadkit.graph.evidence.views import find_node, view


@pytest.fixture
def graph() -> nx.MultiDiGraph:
    return evidence_graph(saga())


def test_replies_are_the_mails_and_nothing_else(graph):
    replies = view(graph, "replies")
    assert {kind for _, kind in replies.nodes(data="kind")} == {"message"}
    assert {kind for *_, kind in replies.edges(data="kind")} == {"replies_to"}
    assert len(replies) == 11
    assert list(check(replies)) == []


def test_regressions_hold_what_hangs_together(graph):
    part = view(graph, "regressions")
    assert {kind for _, kind in part.nodes(data="kind")} == {
        "commit", "regression", "report", "unresolved", "cve", "message",
    }  # fmt: skip
    assert [node for node in part if node.startswith("message:")] == ["message:v2@x.org"]
    assert all(degree for _, degree in part.degree())
    assert f"report:syzbot:{'ab' * 10}" not in part


def test_a_view_is_a_graph_of_its_own(graph):
    for kind in ("evidence", "replies"):
        part = view(graph, kind)
        part.nodes["message:patch@x.org"]["title"] = "changed"
        part.remove_node("message:reply@x.org")
        assert graph.nodes["message:patch@x.org"]["title"] == "[PATCH] mm: count"
        assert "message:reply@x.org" in graph


@pytest.mark.parametrize(
    ("typed", "node"),
    [
        (PATCH[:7], f"commit:{PATCH}"),
        (f"commit:{FIX[:9]}", f"commit:{FIX}"),
        ("report@x.org", "message:report@x.org"),
        ("report:report@x.org", "report:report@x.org"),
        ("loose", "message:loose@x.org"),
        ("CVE-2020-1", "cve:CVE-2020-1"),
    ],
)
def test_a_node_is_found_by_what_people_type(graph, typed, node):
    assert find_node(graph, typed) == node


def test_a_name_that_fits_several_is_not_guessed(graph):
    with pytest.raises(Ambiguous) as caught:
        find_node(graph, "message:re")
    assert caught.value.candidates == ("message:reply@x.org", "message:report@x.org")


@pytest.mark.parametrize("typed", ["", "zzz"])
def test_a_name_that_fits_none(graph, typed):
    with pytest.raises(NotFound):
        find_node(graph, typed)
