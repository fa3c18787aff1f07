"""The search with the real model: reduction changes nothing, in shipped and random scenarios."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cow.explore.programs import apart
from threadkit.cow.eras import base_eras, era
from threadkit.cow.explore.observe import observe
from threadkit.cow.explore.search import explore
from threadkit.cow.kernel.machine import Machine
from threadkit.cow.library import scenarios

KEYS = tuple(one.key for one in base_eras())


def _lengths(outcome):
    return {
        "witness": outcome.witness and len(outcome.witness.steps),
        "counter": outcome.counter and len(outcome.counter.steps),
        **{(h.kind, h.invariant, h.always): len(h.trace.steps) for h in outcome.harms},
    }


def _same(less, full):
    assert less.verdict == full.verdict
    assert less.finals == full.finals
    assert less.costs == full.costs
    assert _lengths(less) == _lengths(full)
    assert less.coverage.stuck == full.coverage.stuck


@given(apart(), st.sampled_from(KEYS))
@settings(max_examples=40)  # some have tens of thousands of interleavings
def test_reduction_changes_nothing_where_there_is_much_to_leave_out(litmus, key):
    policy = era(key).policy
    full = observe(litmus, key, lambda: Machine(litmus, policy), reduce=False)
    less = observe(litmus, key, lambda: Machine(litmus, policy), reduce=True)
    assert full.coverage.complete
    _same(less, full)
    assert less.coverage.states < full.coverage.states


@given(apart(), st.sampled_from(KEYS))
@settings(max_examples=20)
def test_reduction_keeps_every_invariant_that_breaks_somewhere(litmus, key):
    machine = Machine(litmus, era(key).policy)
    full, less = explore(machine, reduce=False), explore(machine, reduce=True)
    assert set(less.broken()) == set(full.broken())


@pytest.mark.parametrize("key", ["mapcount_locked", "refcount_noswap", "mm_id"])
def test_reduction_changes_nothing_in_the_shipped_scenarios(key):
    for scenario in scenarios():
        _same(scenario.run(key), scenario.run(key, reduce=False))


def test_every_final_state_of_a_scenario_is_one_in_which_all_are_through():
    for scenario in scenarios():
        outcome = scenario.run("anon_exclusive", traces=False)
        assert outcome.coverage.complete, scenario.name
        assert not outcome.coverage.stuck, scenario.name
        assert not outcome.coverage.endless, scenario.name
        assert outcome.finals, scenario.name
