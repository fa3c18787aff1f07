"""Dung's semantics against their definitions and other people's engines."""

from __future__ import annotations

import importlib
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.graph.argument.oracle import (
    LARGEST_BY_DEFINITION,
    ORACLES,
    by_definition,
    ours,
    random_framework,
)
from threadkit.graph.argument.framework import Framework, components
from threadkit.graph.argument.labellings import extensions, grounded


@st.composite
def frameworks(draw: st.DrawFn, most: int = 6) -> Framework:
    names = [f"a{i}" for i in range(draw(st.integers(0, most)))]
    ends = st.sampled_from(names) if names else st.nothing()
    return Framework.of(names, draw(st.lists(st.tuples(ends, ends), max_size=14)) if names else [])


def ring(size: int) -> Framework:
    names = [f"a{i}" for i in range(size)]
    return Framework.of(names, [(names[i], names[(i + 1) % size]) for i in range(size)])


def chain(size: int) -> Framework:
    names = [f"a{i}" for i in range(size)]
    return Framework.of(names, [(names[i], names[i + 1]) for i in range(size - 1)])


@given(frameworks())
def test_every_semantics_is_what_its_definition_says(framework):
    assert ours(framework) == by_definition(framework)


def test_several_hundred_random_frameworks_by_definition():
    random = Random(4)
    for _ in range(300):
        framework = random_framework(random, LARGEST_BY_DEFINITION)
        assert ours(framework) == by_definition(framework), framework


@pytest.mark.parametrize("name", sorted(ORACLES))
def test_other_engines_agree(name):
    module, oracle = ORACLES[name]
    try:
        importlib.import_module(module)
    except ImportError:
        pytest.skip(f"{name} is not installed; the definitions are compared with above")
    random = Random(5)
    for _ in range(200):
        framework = random_framework(random, LARGEST_BY_DEFINITION)
        assert ours(framework) == oracle(framework), framework


@given(frameworks())
def test_stages_count_the_steps_from_what_nothing_speaks_against(framework):
    labels, stages = grounded(framework)
    for one, label in enumerate(labels):
        against = framework.attackers[one]
        if label == "in":
            assert stages[one] == 1 + max((stages[other] for other in against), default=0)
            assert all(labels[other] == "out" for other in against)
        elif label == "out":
            assert stages[one] == 1 + min(
                stages[other] for other in against if labels[other] == "in"
            )
        else:
            assert stages[one] == 0


@given(frameworks())
def test_counts_of_acceptance_are_those_of_the_extensions(framework):
    for semantics in ("complete", "preferred", "stable"):
        found = extensions(framework, semantics)
        listed = list(found.sets())
        for one, ways in enumerate(found.accepted()):
            ins = sum(one in way for way in listed)
            assert ways is not None
            accepted, of = ways
            assert accepted * len(listed) == ins * of


@given(frameworks(), st.integers(0, 60), st.integers(1, 3))
def test_within_a_budget_the_answer_is_right_or_there_is_none(framework, steps, most):
    for semantics in ("complete", "preferred", "stable"):
        whole = extensions(framework, semantics)
        found = extensions(framework, semantics, steps=steps, most=most)
        for part, right in zip(found.parts, whole.parts, strict=True):
            assert part.arguments == right.arguments
            if part.why:
                assert part.why.startswith("not computed: ")
                assert part.ways == ()
            else:
                assert set(part.ways) == set(right.ways)
                assert len(part.ways) <= most
        if any(part.why for part in found.parts) and found.count is None:
            assert list(found.sets()) == []
            assert None in found.accepted()


def test_disputes_that_do_not_touch_multiply():
    pairs = [(f"{i}{x}", f"{i}{y}") for i in range(40) for x, y in ("ab", "ba")]
    found = extensions(Framework.of(sorted({x for pair in pairs for x in pair}), pairs), "stable")
    assert found.count == 2**40
    assert len(list(found.sets(5))) == 5
    assert set(found.accepted()) == {(1, 2)}


def test_rings():
    assert [extensions(ring(size), "preferred").count for size in (2, 3, 4, 5)] == [2, 1, 2, 1]
    assert [extensions(ring(size), "stable").count for size in (2, 3, 4, 5)] == [2, 0, 2, 0]
    assert extensions(ring(3), "stable").accepted() == [(0, 0)] * 3


def test_a_long_chain_needs_no_recursion():
    labels, stages = grounded(chain(20_000))
    assert labels[:3] == ("in", "out", "in")
    assert stages[-1] == 20_000
    assert extensions(chain(20_000), "preferred").count == 1


def test_long_rings_and_ladders_of_disputes_need_no_recursion():
    size = 3_000
    assert extensions(ring(size), "preferred").count == 2
    names = [f"{side}{i}" for i in range(60) for side in "xy"]
    attacks = [(f"x{i}", f"y{i}") for i in range(60)] + [(f"y{i}", f"x{i}") for i in range(60)]
    attacks += [(f"x{i}", f"x{i + 1}") for i in range(59)]
    found = extensions(Framework.of(names, attacks), "preferred", most=50)
    assert found.why == "not computed: there are more than 50 ways to settle it"
    assert found.count is None


def test_a_debate_of_300_claims_with_circles_is_settled():
    random = Random(0)
    names = [f"c{i}" for i in range(300)]
    attacks = [(names[i], names[random.randrange(i)]) for i in range(1, 300)]
    attacks += [(target, source) for source, target in attacks[::3]]
    attacks += [(random.choice(names), random.choice(names)) for _ in range(30)]
    framework = Framework.of(names, attacks)
    found = extensions(framework, "preferred")
    assert found.why == ""
    assert any(len(part.arguments) > 10 for part in found.parts)
    for members in found.sets(20):
        assert framework.admissible(members)


def test_a_search_that_would_not_end_is_given_up():
    random = Random(1)
    names = [f"c{i}" for i in range(300)]
    attacks = [(random.choice(names), random.choice(names)) for _ in range(3000)]
    found = extensions(Framework.of(names, attacks), "preferred", steps=20_000)
    assert found.why == "not computed: it would take too many steps"


@given(st.lists(st.lists(st.integers(0, 7), max_size=4), min_size=8, max_size=8))
def test_components_are_those_of_networkx(successors):
    import networkx as nx

    graph = nx.DiGraph()
    graph.add_nodes_from(range(8))
    graph.add_edges_from((a, b) for a, found in enumerate(successors) for b in found)
    found = components(successors)
    assert sorted(found) == sorted(map(sorted, nx.strongly_connected_components(graph)))
    place = {node: i for i, group in enumerate(found) for node in group}
    assert all(place[b] <= place[a] for a, b in graph.edges)


def test_what_is_no_framework_is_refused():
    with pytest.raises(ValueError, match="twice"):
        Framework.of(["a", "a"], [])
    with pytest.raises(ValueError, match="no such argument"):
        Framework.of(["a"], [("a", "b")])
