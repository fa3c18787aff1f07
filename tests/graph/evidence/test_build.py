"""Rows become the graph that the schema declares, and nothing is resolved by guessing."""

from __future__ import annotations

from collections import Counter

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.graph.saga import BACKPORT, FIX, PATCH, REVERT, saga
from threadkit.graph.evidence import EDGES, NODES, EvidenceRows, check, evidence_graph


@pytest.fixture(scope="module")
def graph() -> nx.MultiDiGraph:
    return evidence_graph(saga())


def edges(graph: nx.MultiDiGraph, kind: str) -> set[tuple[str, str]]:
    return {(a, b) for a, b, data in graph.edges(data=True) if data["kind"] == kind}


def only(graph: nx.MultiDiGraph, source: str, target: str) -> dict[str, object]:
    (data,) = graph.get_edge_data(source, target).values()
    return data


def test_everything_is_of_a_declared_type(graph):
    assert list(check(graph)) == []
    assert set(nx.get_node_attributes(graph, "kind").values()) <= set(NODES)
    assert {kind for *_, kind in graph.edges(data="kind")} <= set(EDGES)


def test_it_holds_every_kind_that_the_rows_have(graph):
    kinds = Counter(kind for _, kind in graph.nodes(data="kind"))
    assert kinds == {
        "message": 11, "person": 5, "commit": 4, "unresolved": 2, "report": 3, "regression": 2,
        "release": 1, "bug": 1, "cve": 1, "series": 1,
    }  # fmt: skip


def test_replies_have_the_rule_and_a_loose_one_is_unsure(graph):
    assert edges(graph, "replies_to") == {
        ("message:reply@x.org", "message:patch@x.org"),
        ("message:again@x.org", "message:reply@x.org"),
        ("message:loose@x.org", "message:report@x.org"),
        ("message:patch@x.org #1", "message:patch@x.org"),
        ("message:v2@x.org", "message:lost@x.org"),
    }
    loose = only(graph, "message:loose@x.org", "message:report@x.org")
    assert loose["rule"] == "subject"
    assert loose["score"] < 1


def test_every_quoted_passage_is_an_edge_with_its_span(graph):
    found = graph.get_edge_data("message:reply@x.org", "message:patch@x.org").values()
    spans = [(one["start"], one["stop"], one["score"]) for one in found if one["kind"] == "quotes"]
    assert spans == [(10, 40, 1.0), (50, 60, 0.8)]


def test_a_mail_that_is_not_here_is_a_ghost(graph):
    ghosts = {node for node, ghost in graph.nodes(data="ghost") if ghost}
    assert ghosts == {"message:lost@x.org", "message:never@x.org", "message:fixmail@x.org"}


def test_a_cited_hash_is_the_commit_that_looking_up_found(graph):
    data = only(graph, "message:reply@x.org", f"commit:{PATCH}")
    assert data == {
        "kind": "cites", "rule": "looked-up", "score": 1.0, "start": 5, "stop": 17, "role": "blames",
    }  # fmt: skip


def test_what_is_not_known_stays_unresolved_with_the_reason(graph):
    assert graph.nodes["unresolved:feedfacefeed"]["reason"] == "unknown where it was looked up"
    assert graph.nodes["unresolved:dead"]["reason"] == "several commits begin so"
    assert graph.nodes["unresolved:dead"]["candidates"] == "dead1 one\ndead2 two"


def test_a_title_that_is_not_the_subject_is_shown(graph):
    data = [
        one for one in graph.get_edge_data("message:v2@x.org", f"commit:{PATCH}").values()
        if one["kind"] == "fixes"
    ]  # fmt: skip
    assert [one["written_title"] for one in data] == ["mm: counts pages"]


def test_trailers_of_mails_say_what_they_mean(graph):
    assert ("message:v2@x.org", f"commit:{PATCH}") in edges(graph, "fixes")
    who = ("message:v2@x.org", "person:cho@example.org")
    assert who in edges(graph, "reported_by")
    assert who in edges(graph, "tested_by")


def test_relations_of_commits(graph):
    assert (f"commit:{FIX}", f"commit:{PATCH}") in edges(graph, "fixes")
    assert edges(graph, "backports") == {(f"commit:{BACKPORT}", f"commit:{FIX}")}
    assert edges(graph, "reverts") == {(f"commit:{REVERT}", f"commit:{PATCH}")}
    assert edges(graph, "closes") == {(f"commit:{FIX}", "message:report@x.org")}
    assert (f"commit:{FIX}", "cve:CVE-2020-1") in edges(graph, "cites")
    assert edges(graph, "released_in") == {(f"commit:{PATCH}", "release:5.9")}
    assert ("message:report@x.org", "release:5.9") in edges(graph, "cites")


def test_a_long_beginning_of_one_commit_here_means_it_and_says_so(graph):
    data = only(graph, f"commit:{REVERT}", f"commit:{PATCH}")
    assert data["resolved"] == "beginning"
    assert data["score"] < 1


def test_a_link_to_the_patch_itself_is_provenance_whatever_its_host(graph):
    assert edges(graph, "links_provenance") == {(f"commit:{FIX}", "message:fixmail@x.org")}
    assert edges(graph, "links_discussion") == {(f"commit:{PATCH}", "message:patch@x.org")}


def test_a_candidate_became_nothing(graph):
    assert edges(graph, "becomes") == {
        ("message:v2@x.org", f"commit:{PATCH}"),
        ("message:fixmail@x.org", f"commit:{FIX}"),
        ("series:patch@x.org", f"commit:{PATCH}"),
    }


def test_revisions_follow_each_other_whatever_the_order_of_rows(graph):
    assert edges(graph, "supersedes") == {("message:v2@x.org", "message:patch@x.org")}


def test_one_person_has_one_node_under_all_addresses(graph):
    wrote = edges(graph, "wrote")
    assert ("person:ann@example.org", f"commit:{PATCH}") in wrote
    assert ("person:ann@example.org", "message:patch@x.org") in wrote


def test_two_people_behind_one_address_stay_two(graph):
    assert ("person:Robot <shared@example.org>", "message:second@x.org") in edges(graph, "wrote")


def test_regressions(graph):
    first, second = "regression:report@x.org", "regression:second@x.org"
    assert edges(graph, "introduced_by") == {
        (first, f"commit:{PATCH}"), (second, "unresolved:feedfacefeed"),
    }  # fmt: skip
    assert graph.nodes[second]["culprit"] == "v5.8..v5.9"
    assert (f"commit:{FIX}", first) in edges(graph, "fixes")
    assert ("message:v2@x.org", second) in edges(graph, "fixes")
    assert edges(graph, "duplicates") == {(first, second)}
    assert edges(graph, "told_in") == {
        ("report:report@x.org", "message:report@x.org"),
        ("report:second@x.org", "message:second@x.org"),
    }
    assert (first, "person:bob@example.org") in edges(graph, "bisected_by")


def test_a_plain_page_is_no_evidence(graph):
    assert not [node for node in graph if "https://example.org/" in node]


digits = st.text("ab", min_size=12, max_size=15)


@given(st.sets(digits, max_size=6), st.randoms())
def test_a_beginning_of_one_unknown_hash_is_that_hash(written, random):
    order = sorted(written)
    random.shuffle(order)
    citations = [(1, "commit", sha, "", at, at + 1, "", "") for at, sha in enumerate(order)]
    messages = [(1, "a@x", 0, 0, "", None, None, None, None)]
    graph = evidence_graph(EvidenceRows(messages=messages, citations=citations))

    def meant(sha: str) -> str:
        longer = {one for one in written if one.startswith(sha)}
        whole = {one for one in longer if not any(o != one and o.startswith(one) for o in longer)}
        return next(iter(whole)) if len(whole) == 1 else sha

    told = {data["start"]: b for _, b, data in graph.edges(data=True)}
    assert told == {at: f"unresolved:{meant(sha)}" for at, sha in enumerate(order)}
    assert {node for node in graph if node != "message:a@x"} == set(told.values())


names = st.sampled_from(["a@x", "b@x", "c@x", "d@x"])
mails = st.lists(
    st.tuples(names, st.sampled_from([None, "a@x", "b@x", "e@x"]), st.booleans()),
    unique_by=lambda one: one[0],
)


@given(mails, st.permutations(range(4)), st.lists(st.tuples(names, names)))
def test_the_order_of_rows_does_not_matter(given_mails, order, cited):
    ids = {name: at for at, name in enumerate(["a@x", "b@x", "c@x", "d@x"])}
    messages = [
        (ids[name], name, 0, 0, name if titled else "", None, None, ids.get(parent), "references")
        for name, parent, titled in given_mails
    ]
    citations = [
        (ids[name], "message", value, "", at, at + 1, "", "")
        for at, (name, value) in enumerate(cited)
    ]
    shuffled = sorted(messages, key=lambda row: order[row[0]])
    one = evidence_graph(EvidenceRows(messages=messages, citations=citations))
    other = evidence_graph(EvidenceRows(messages=shuffled, citations=citations))
    assert dict(one.nodes(data=True)) == dict(other.nodes(data=True))

    def told(graph: nx.MultiDiGraph) -> Counter:
        return Counter((a, b, *sorted(d.items())) for a, b, d in graph.edges(data=True))

    assert told(one) == told(other)
    assert list(check(one)) == []


@pytest.mark.parametrize(("source", "one_of", "score"), [("prose", 2, 0.4), ("trailer", None, 0.8)])
def test_several_culprits_are_alternatives_unless_a_fix_names_them_together(source, one_of, score):
    rows = EvidenceRows(
        regressions=[(1, "r@x.org", "fork hangs", "open", None, None, 0.5, "mail", "", "", "")],
        culprits=[(1, digit * 12, None, "", source, 0.8) for digit in "ab"],
    )
    found = [data for *_, data in evidence_graph(rows).edges(data=True)]
    assert [(one.get("one_of"), one["score"]) for one in found] == [(one_of, score)] * 2


def test_the_words_for_culprits_together_are_those_of_the_regressions():
    from threadkit.analyze.regressions.regression import TOGETHER
    from threadkit.graph.evidence import build

    assert frozenset(TOGETHER) == build._TOGETHER
