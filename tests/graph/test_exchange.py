"""Who answers whom."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.graph.saga import saga
from threadkit.graph.evidence import EvidenceRows, evidence_graph
from threadkit.graph.exchange import answers, exchange

ANN, BOB, CHO = (f"person:{name}@example.org" for name in ("ann", "bob", "cho"))


@pytest.fixture
def graph() -> nx.MultiDiGraph:
    return evidence_graph(saga())


def test_answers_have_both_people_and_the_hours_between(graph):
    found = {(one.person, one.other): one.hours for one in answers(graph)}
    assert found[BOB, CHO] == 48.0
    assert (BOB, ANN) in found


def test_an_answer_that_claims_to_be_older_has_no_hours(graph):
    (again,) = [one for one in answers(graph) if one.message == "message:again@x.org"]
    assert (again.person, again.other, again.hours) == (ANN, BOB, None)


def test_who_answers_himself_gets_no_answer():
    people = [(1, "Ann", "ann@example.org", "")]
    mails = [(n, f"{n}@x", 0, 0, "", 1, None, n - 1 or None, "references") for n in (1, 2, 3)]
    graph = evidence_graph(EvidenceRows(messages=mails, people=people))
    assert list(answers(graph)) == []
    assert dict(exchange(graph).nodes(data="messages")) == {ANN: 3}


def test_the_exchange_counts_mails_passages_and_hours(graph):
    people = exchange(graph)
    assert people.edges[BOB, ANN] == {"answers": 2, "quotes": 2, "median_hours": 2.0}
    assert people.edges[ANN, BOB] == {"answers": 1, "quotes": 0}
    assert people.nodes[ANN] == {"kind": "person", "title": "Ann Example", "messages": 3}
    assert "person:eve@example.org" not in people  # she wrote a commit, and no mail


@given(st.lists(st.integers(0, 3), min_size=1, max_size=30), st.randoms())
def test_every_answer_to_another_person_counts_once(writers, random):
    people = [(at, f"P{at}", f"p{at}@example.org", "") for at in range(4)]
    parents = [random.randrange(at) if at else None for at in range(len(writers))]
    mails = [
        (at, f"{at}@x", 0, 0, "", writers[at], None, parents[at], "references")
        for at in range(len(writers))
    ]
    graph = exchange(evidence_graph(EvidenceRows(messages=mails, people=people)))
    pairs = [
        (writers[at], writers[parent])
        for at, parent in enumerate(parents)
        if parent is not None and writers[at] != writers[parent]
    ]
    assert sum(count for *_, count in graph.edges(data="answers")) == len(pairs)
    assert sum(count for _, count in graph.nodes(data="messages")) == len(writers)
    for one, other in {tuple(sorted(pair)) for pair in pairs}:
        ends = [(one, other), (other, one)]
        for a, b in ends:
            edge = graph.get_edge_data(f"person:p{a}@example.org", f"person:p{b}@example.org")
            assert (edge or {"answers": 0})["answers"] == pairs.count((a, b))


def test_dates_that_are_none_are_no_hours():
    people = [(1, "Ann", "ann@example.org", ""), (2, "Bob", "bob@example.org", "")]
    dates = ["2020-01-01T00:00:00Z", "not a date", None]
    for first, second in pairwise(dates):
        mails = [
            (1, "a@x", 0, 0, "", 1, first, None, "root"),
            (2, "b@x", 0, 0, "", 2, second, 1, "references"),
        ]
        (found,) = answers(evidence_graph(EvidenceRows(messages=mails, people=people)))
        assert found.hours is None
