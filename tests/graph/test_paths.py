"""The way from a report to its fix."""

from __future__ import annotations

import itertools

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.graph.saga import FIX, PATCH, saga
from threadkit.graph.evidence import EDGES, evidence_graph
from threadkit.graph.paths import COST, evidence_path, report_paths


@pytest.fixture
def graph() -> nx.MultiDiGraph:
    return evidence_graph(saga())


def test_from_the_report_over_the_regression_to_the_fix(graph):
    way = evidence_path(graph, "message:report@x.org", f"commit:{FIX}")
    assert [(step.kind, step.forward) for step in way] == [("closes", False)]
    graph.remove_edge(f"commit:{FIX}", "message:report@x.org")
    way = evidence_path(graph, "message:report@x.org", f"commit:{FIX}")
    assert [(step.kind, step.forward) for step in way] == [
        ("told_in", False), ("part_of", True), ("fixes", False),
    ]  # fmt: skip


def test_every_step_joins_the_one_before_and_says_what_the_edge_means(graph):
    way = evidence_path(graph, "cve:CVE-2020-1", "message:reply@x.org")
    assert way[0].source == "cve:CVE-2020-1"
    assert way[-1].target == "message:reply@x.org"
    for step, after in itertools.pairwise(way):
        assert step.target == after.source
    for step in way:
        ends = (step.source, step.target) if step.forward else (step.target, step.source)
        kinds = [data["kind"] for data in graph.get_edge_data(*ends).values()]
        assert step.kind in kinds
        assert step.meaning == EDGES[step.kind].meaning


def test_no_way_leads_over_people_or_releases(graph):
    assert evidence_path(graph, "person:ann@example.org", f"commit:{PATCH}") is None
    assert not {"wrote", "reported_by", "tested_by", "released_in"} & set(COST)


def test_a_way_may_begin_at_a_release_and_not_lead_over_it():
    graph = nx.MultiDiGraph()
    for mail in ("message:a@x", "message:b@x"):
        graph.add_edge(mail, "release:5.9", kind="cites", rule="written", score=1.0)
    assert evidence_path(graph, "message:a@x", "message:b@x") is None
    assert len(evidence_path(graph, "release:5.9", "message:b@x")) == 1
    assert len(evidence_path(graph, "message:b@x", "release:5.9")) == 1


def test_the_way_to_itself_is_empty_and_to_a_stranger_none(graph):
    graph.add_node("message:alone@x.org", kind="message")
    assert evidence_path(graph, "message:report@x.org", "message:report@x.org") == []
    assert evidence_path(graph, "message:report@x.org", "message:alone@x.org") is None


def test_every_report_has_its_fixes(graph):
    found = [(report, fix) for report, fix, _ in report_paths(graph)]
    assert found == [
        ("report:report@x.org", f"commit:{FIX}"),
        ("report:second@x.org", "message:v2@x.org"),
    ]


def test_what_was_undone_is_no_fix_any_more(graph):
    for *_, data in graph.in_edges("regression:report@x.org", data=True):
        if data["kind"] == "fixes":
            data["status"] = "undone"
    assert [report for report, *_ in report_paths(graph)] == ["report:second@x.org"]


def test_a_sure_way_is_better_than_an_unsure_one_of_the_same_length():
    graph = nx.MultiDiGraph()
    for middle, score in (("commit:1", 0.4), ("commit:2", 0.9)):
        graph.add_edge("commit:0", middle, kind="fixes", rule="r", score=score)
        graph.add_edge(middle, "commit:9", kind="fixes", rule="r", score=score)
    assert [step.target for step in evidence_path(graph, "commit:0", "commit:9")] == [
        "commit:2", "commit:9",
    ]  # fmt: skip


pairs = st.lists(
    st.tuples(st.integers(0, 7), st.integers(0, 7), st.sampled_from(sorted(COST))), max_size=20
)


@given(pairs, st.randoms())
def test_the_way_is_a_shortest_one_and_does_not_depend_on_the_order_of_edges(edges, random):
    def made(order):
        graph = nx.MultiDiGraph()
        graph.add_nodes_from(f"commit:{at}" for at in range(8))
        for a, b, kind in order:
            graph.add_edge(f"commit:{a}", f"commit:{b}", kind=kind, rule="r", score=1.0)
        return graph

    graph = made(edges)
    way = evidence_path(graph, "commit:0", "commit:7")
    plain = nx.Graph()
    plain.add_nodes_from(graph)
    for a, b, kind in edges:
        ends = (f"commit:{a}", f"commit:{b}")
        best = min(COST[kind], plain.get_edge_data(*ends, {"cost": 99.0})["cost"])
        plain.add_edge(*ends, cost=best)
    if way is None:
        assert not nx.has_path(plain, "commit:0", "commit:7")
    else:
        length = nx.dijkstra_path_length(plain, "commit:0", "commit:7", weight="cost")
        assert sum(COST[step.kind] for step in way) == pytest.approx(length)
    shuffled = list(edges)
    random.shuffle(shuffled)
    assert evidence_path(made(shuffled), "commit:0", "commit:7") == way
