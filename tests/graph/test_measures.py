"""Figures of a debate."""

from __future__ import annotations

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.graph.saga import PATCH, saga
from threadkit.graph import measures
from threadkit.graph.evidence import EvidenceRows, evidence_graph
from threadkit.graph.measures import (
    betweenness,
    first_answers,
    measure_people,
    most_cited,
    never_answered,
    pagerank,
)


@pytest.fixture
def graph() -> nx.MultiDiGraph:
    return evidence_graph(saga())


def test_people_by_how_much_they_are_answered(graph):
    found = measure_people(graph)
    assert [(one.name, one.messages, one.answers, one.answered) for one in found] == [
        ("Ann Example", 3, 1, 2),
        ("Bob Sample", 3, 3, 1),
        ("Cho Tester", 1, 0, 1),
        ("Robot", 1, 0, 0),
    ]
    bob = found[1]
    assert (bob.answers_to, bob.answered_by) == (2, 1)
    assert (bob.quarter_hours, bob.median_hours, bob.most_hours) == (13.5, 25.0, 36.5)
    assert found[0].median_hours is None
    assert bob.betweenness > 0
    assert sum(one.rank for one in found) == pytest.approx(1)


def test_most_cited_counts_people_and_does_not_count_quotes(graph):
    found = most_cited(graph, limit=None)
    assert found[0].node == f"commit:{PATCH}"
    assert (found[0].times, found[0].people) == (4, 3)
    assert found[0].title == "mm: count"
    assert "message:reply@x.org" not in [one.node for one in found]
    assert len(most_cited(graph, limit=2)) == 2


def test_never_answered_leaves_out_ghosts_and_keeps_who_answers_himself(graph):
    assert never_answered(graph) == [
        "message:patch@x.org #1", "message:again@x.org", "message:v2@x.org",
        "message:second@x.org", "message:loose@x.org",
    ]  # fmt: skip


def test_first_answers_are_to_what_starts_a_conversation(graph):
    assert [(one.message, one.answer, one.hours) for one in first_answers(graph)] == [
        ("message:patch@x.org", "message:reply@x.org", 2.0),
        ("message:report@x.org", "message:loose@x.org", 48.0),
    ]


def test_nobody_has_no_rank():
    empty = evidence_graph(EvidenceRows())
    assert measure_people(empty) == []
    assert pagerank(nx.DiGraph()) == {}
    assert most_cited(empty) == first_answers(empty) == never_answered(empty) == []


weights = st.dictionaries(
    st.tuples(st.integers(0, 6), st.integers(0, 6)), st.integers(0, 5), max_size=20
)


@given(weights)
def test_ranks_are_where_another_round_changes_nothing(given_weights):
    graph = nx.DiGraph()
    graph.add_nodes_from(range(7))
    for (a, b), weight in given_weights.items():
        graph.add_edge(a, b, answers=weight)
    rank = pagerank(graph)
    assert sum(rank.values()) == pytest.approx(1)
    total = {node: graph.out_degree(node, weight="answers") for node in graph}
    idle = sum(rank[node] for node in graph if not total[node])
    for node in graph:
        got = sum(
            rank[a] * data["answers"] / total[a]
            for a, _, data in graph.in_edges(node, data=True)
            if data["answers"]
        )
        assert rank[node] == pytest.approx(0.15 / 7 + 0.85 * (idle / 7 + got), abs=1e-8)


def test_who_stands_in_the_middle_has_all_the_ways():
    graph = nx.DiGraph([("a", "hub"), ("hub", "b"), ("c", "hub"), ("hub", "hub")])
    found = betweenness(graph)
    assert found["hub"] == 1
    assert found["a"] == found["b"] == found["c"] == 0


def test_of_many_people_the_same_sample_is_taken_each_time(monkeypatch):
    monkeypatch.setattr(measures, "EXACT", 5)
    graph = nx.DiGraph(nx.cycle_graph(30))
    assert betweenness(graph) == betweenness(graph)
