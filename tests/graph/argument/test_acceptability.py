"""Support, undercuts, scores and reasons: what is said of a graph follows from what it holds."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.graph.argument.graphs import graphs
from threadkit.graph.argument.acceptability import Acceptability, acceptability
from threadkit.graph.argument.encoding import encode
from threadkit.graph.argument.explain import explain, explanations
from threadkit.graph.argument.framework import Framework
from threadkit.graph.argument.gradual import RULES, gradual, h_categorizer
from threadkit.graph.argument.labellings import extensions, grounded
from threadkit.graph.argument.values import ArgumentGraph, Edge, Node
from threadkit.graph.argument.verdicts import Verdict, with_verdicts


def graph(*told: str) -> ArgumentGraph:
    """Make a graph of lines like ``b attack a``; ``c undercut b>a`` is of the edge."""
    edges: list[Edge] = []
    for line in told:
        source, kind, target = line.split()
        if ">" in target:
            begin, end = target.split(">")
            target = next(e.id for e in edges if (e.source, e.target) == (begin, end))
        edges.append(Edge(source, kind, target))
    ends = {edge.id for edge in edges}
    names = {end for edge in edges for end in (edge.source, edge.target)} - ends
    return ArgumentGraph.of([Node(name, f"{name} says.") for name in names], edges)


def labels(found: Acceptability) -> dict[str, str]:
    return {name: standing.grounded for name, standing in found.standings.items()}


def grounded_of(*told: str) -> dict[str, str]:
    return labels(acceptability(graph(*told)))


def test_who_accepts_the_supporter_accepts_the_supported():
    told = ("b support a", "c support b", "x attack a")
    assert grounded_of(*told) == {"a": "out", "b": "out", "c": "out", "x": "in"}
    ignored = acceptability(graph(*told), support="ignored")
    assert labels(ignored) == {"a": "out", "b": "in", "c": "in", "x": "in"}


def test_what_attacks_the_attacker_reinstates_the_supporters():
    found = grounded_of("b support a", "x attack a", "y attack x")
    assert found == {"a": "in", "b": "in", "x": "out", "y": "in"}


def test_nodes_that_support_each_other_stand_and_fall_together():
    assert grounded_of("a support b", "b support a") == {"a": "in", "b": "in"}
    found = grounded_of("a support b", "b support a", "x attack b")
    assert found == {"a": "out", "b": "out", "x": "in"}


def test_an_undercut_stops_an_attack_and_a_support():
    assert grounded_of("b attack a", "c undercut b>a") == {"a": "in", "b": "in", "c": "in"}
    found = grounded_of("b support a", "x attack a", "c undercut b>a")
    assert found == {"a": "out", "b": "in", "c": "in", "x": "in"}


def test_an_undercut_that_falls_stops_nothing():
    told = ("b attack a", "c undercut b>a", "d attack c")
    assert grounded_of(*told) == {"a": "out", "b": "in", "c": "out", "d": "in"}


def test_an_undercut_of_an_undercut():
    told = ("b attack a", "c undercut b>a")
    twice = graph(*told)
    step = next(edge for edge in twice.edges if edge.kind == "undercut")
    both = ArgumentGraph.of(
        [*twice.nodes, Node("d", "d says.")], [*twice.edges, Edge("d", "undercut", step.id)]
    )
    assert labels(acceptability(both))["a"] == "out"


def test_what_has_no_weight_is_no_attack():
    told = ("b agree a", "c concede a", "d answer a", "e ask a")
    assert set(grounded_of(*told).values()) == {"in"}
    scores = gradual(graph(*told), "h-categorizer").scores
    assert set(scores.values()) == {1.0}


@given(graphs())
def test_deductive_support_is_the_closure_under_mediated_attacks(found):
    kept = [e for e in found.edges if e.kind in ("support", "attack")]
    plain = ArgumentGraph.of(found.nodes, kept)
    above: dict[str, set[str]] = {node.id: {node.id} for node in plain.nodes}
    for _ in plain.nodes:
        for edge in plain.edges:
            if edge.kind == "support":
                above[edge.source] |= above[edge.target]
    attacks = [
        (edge.source, name)
        for edge in plain.edges
        if edge.kind == "attack"
        for name in above
        if edge.target in above[name]
    ]
    closed = Framework.of(list(above), attacks)
    coded = encode(plain)
    ours = grounded(coded.framework).labels
    theirs = dict(zip(closed.names, grounded(closed).labels, strict=True))
    assert {name: ours[number] for name, number in coded.argument.items()} == theirs
    for semantics in ("complete", "preferred", "stable"):
        expected = {
            frozenset(closed.names[i] for i in way) for way in extensions(closed, semantics).sets()
        }
        ways = extensions(coded.framework, semantics).sets()
        got = [frozenset(n for n, i in coded.argument.items() if i in way) for way in ways]
        assert len(got) == len(set(got))
        assert set(got) == expected


@given(graphs(), st.sampled_from(["deductive", "ignored"]))
def test_every_node_is_judged_within_bounds(found, support):
    judged = acceptability(found, support=support, steps=2_000, most=20)
    assert list(judged.standings) == [node.id for node in found.nodes]
    for standing in judged.standings.values():
        assert all(0 <= score <= 1 for score in standing.scores.values())
        assert set(standing.unanswered) <= set(standing.attackers)
        if standing.grounded != "undecided" and standing.stable not in (None, (0, 0)):
            assert standing.stable == standing.preferred
        if standing.grounded == "in":
            assert standing.preferred == (1, 1)


def test_unanswered_attacks():
    found = acceptability(
        graph("b attack a", "c attack a", "d attack c", "e undercut a", "f attack a",
              "g undercut f>a")
    ).standings["a"]  # fmt: skip
    assert found.attackers == ("b", "c", "e", "f")
    assert found.unanswered == ("b", "e")


def test_what_was_not_computed_is_noted():
    told = [f"a{i} attack b{i}" for i in range(3)] + [f"b{i} attack a{i}" for i in range(3)]
    told += ["a0 attack a1", "a1 attack a2"]
    found = acceptability(graph(*told), most=2)
    assert found.notes == (
        "preferred: not computed: there are more than 2 ways to settle it (6 arguments)",
        "stable: not computed: there are more than 2 ways to settle it (6 arguments)",
    )
    assert found.standings["a0"].preferred is None
    assert "was not computed" in explain(found, "a0").text
    odd = acceptability(graph("a attack b", "b attack c", "c attack a"))
    assert odd.notes == (
        "stable: there is no stable extension; some circle cannot be settled at all",
    )


@given(graphs())
def test_scores_are_fixed_points(found):
    whole = {edge.id for edge in found.edges}
    plain = ArgumentGraph.of(found.nodes, [e for e in found.edges if e.target not in whole])
    for rule, score in RULES.items():
        result = gradual(plain, rule)
        for node in plain.nodes:
            if node.id in result.unsettled:
                continue
            bearing = [e for e in plain.edges if e.target == node.id]
            attacks = [result.scores[e.source] for e in bearing if e.kind in ("attack", "undercut")]
            supports = [result.scores[e.source] for e in bearing if e.kind == "support"]
            assert result.scores[node.id] == pytest.approx(score(attacks, supports), abs=1e-6)


def test_a_circle_of_attacks_settles_at_the_golden_ratio():
    result = gradual(graph("a attack b", "b attack a"), "h-categorizer")
    assert result.unsettled == ()
    assert result.scores["a"] == pytest.approx((5**0.5 - 1) / 2, abs=1e-6)


def test_an_undercut_takes_from_what_runs_along_an_edge():
    scores = gradual(graph("b attack a", "c undercut b>a"), "h-categorizer").scores
    assert scores["a"] == 1
    weaker = graph("b attack a", "c undercut b>a", "d attack c")
    assert gradual(weaker, "h-categorizer").scores["a"] == h_categorizer([0.5], [])


def test_a_long_chain_is_scored_in_one_pass():
    names = [f"c{i}" for i in range(5_000)]
    edges = [Edge(b, "attack", a) for a, b in pairwise(names)]
    found = gradual(ArgumentGraph.of([Node(name, "") for name in names], edges), "h-categorizer")
    assert found.scores["c0"] == pytest.approx((5**0.5 - 1) / 2)


REASONS = [
    (("b agree a",), "a", "accepted: nothing speaks against it"),
    (
        ("b attack a", "c attack a", "d attack b", "d attack c"),
        "a",
        "accepted because its attackers b, c are themselves attacked by d"
        " (accepted: nothing speaks against it)",
    ),
    (
        ("b attack a", "c attack a", "d attack b", "e attack c"),
        "a",
        "accepted because its attacker b is itself attacked by d (accepted: nothing speaks"
        " against it) and its attacker c is itself attacked by e (accepted: nothing speaks"
        " against it)",
    ),
    (("b attack a",), "a", "rejected because b attacks it (accepted: nothing speaks against it)"),
    (("b undercut a",), "a", "rejected because b undercuts it (accepted: nothing speaks against it)"),
    (("b support a", "x attack a"), "b", "rejected because it supports a, which is rejected"),
    (("b support a",), "b", "accepted because a, which it supports, is accepted"),
    (
        ("b support c", "b attack a", "x attack c"),
        "a",
        "accepted because its attacker b supports c, which is rejected",
    ),
    (
        ("b attack a", "c undercut b>a"),
        "a",
        "accepted because the attack by b is undercut by c (accepted: nothing speaks against it)",
    ),
    (
        ("b attack a", "c undercut b>a", "d attack b", "e attack c"),
        "a",
        "accepted because its attacker b is rejected",
    ),
    (
        ("b attack a", "c undercut b>a", "e attack c"),
        "a",
        "rejected because b attacks it (accepted: nothing speaks against it)",
    ),
    (
        ("a attack b", "b attack a"),
        "a",
        "undecided: b attacks it and is undecided too; it is accepted in 1 of 2 ways to settle it"
        " (preferred)",
    ),
    (
        ("a attack a",),
        "a",
        "undecided: it attacks itself; it is accepted in 0 of 1 ways to settle it (preferred)",
    ),
    (
        ("a support b", "b support a", "x attack b"),
        "a",
        "rejected because x attacks it (accepted: nothing speaks against it); it stands and falls"
        " with b: they support each other",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("told", "name", "text"), REASONS)
def test_reasons(told, name, text):
    assert explain(acceptability(graph(*told)), name).text == text


def test_the_reason_that_is_settled_first_is_told():
    found = acceptability(graph("x attack a", "y attack a", "z attack x", "w attack z"))
    assert explain(found, "a").text.startswith("rejected because y attacks it")


def test_reasons_go_down_to_what_nothing_speaks_against():
    found = acceptability(graph("b attack a", "c attack b", "d attack c", "e attack d"))
    told = list(explanations(found, "a"))
    assert [reason.node for reason in told] == ["a", "c", "e"][: len(told)]
    assert told[0].text == "accepted because its attacker b is itself attacked by c (accepted)"
    assert "attacked by e (accepted: nothing speaks against it)" in told[1].text


@given(graphs())
def test_every_reason_rests_on_reasons(found):
    judged = acceptability(found, steps=2_000, most=20)
    for node in found.nodes:
        told = list(explanations(judged, node.id))
        assert told[0].node == node.id
        assert len({one.node for one in told}) == len(told)
        named = {one.node for one in told}
        for one in told:
            assert set(one.rests_on) <= named
            assert one.label == judged.standings[one.node].grounded
            words = {"in": "accepted", "out": "rejected because", "undecided": "undecided: "}
            assert one.text.startswith(words[one.label])


def test_a_reason_for_nothing():
    with pytest.raises(KeyError):
        explain(acceptability(graph("b attack a")), "z")


def test_a_run_of_the_model_counts_if_asked_for_and_is_marked():
    before = graph("b support a", "d attack c")
    verdicts = [
        Verdict("a", "peek", "refutes", "The child reads it."),
        Verdict("c", "peek", "supports", "The child reads it."),
        Verdict("c", "peek", "supports", "And keeps it."),
        Verdict("z", "peek", "refutes", "Of nothing here."),
    ]
    after = with_verdicts(before, verdicts[:1])
    assert labels(acceptability(before))["a"] == "in"
    assert labels(acceptability(after))["a"] == "out"
    assert explain(acceptability(after), "a").text == (
        "rejected because the model's run model:peek attacks it"
        " (accepted: nothing speaks against it)"
    )
    several = with_verdicts(before, verdicts)
    (run,) = [node for node in several.nodes if node.origin == "model"]
    assert (run.id, run.person) == ("model:peek", "")
    assert run.text == "The child reads it. And keeps it."
    ends = {(e.kind, e.target) for e in several.edges if e.source == run.id}
    assert ends == {("attack", "a"), ("support", "c")}
    assert with_verdicts(before, []) == before
