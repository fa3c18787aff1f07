"""Taking private steps alone loses nothing of what the engine says."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings

from tests.cow.kernel.worlds import litmuses, outcome_key, real_eras
from threadkit.cow.eras import Era, base_eras, eras
from threadkit.cow.explore.observe import observe
from threadkit.cow.kernel.machine import Machine
from threadkit.cow.library import Scenario, scenarios
from threadkit.cow.litmus.parse import parse
from threadkit.cow.litmus.syntax import Litmus

BOUND = 10_000
SAMPLED = 2
"""Eras beside the base ones, other ones for each scenario."""


def _eras_for(name: str) -> tuple[Era, ...]:
    base = base_eras()
    others = [one for one in eras() + eras("release") if one not in base]
    return (*base, *Random(name).sample(others, SAMPLED))


@pytest.mark.parametrize("scenario", scenarios(), ids=lambda one: one.name)
def test_a_shipped_scenario_comes_out_the_same(scenario: Scenario) -> None:
    for rules in _eras_for(scenario.name):
        less, full = scenario.run(rules), scenario.run(rules, reduce=False)
        assert less.coverage.complete
        assert full.coverage.complete
        assert outcome_key(less) == outcome_key(full), rules.key
        assert less.coverage.states <= full.coverage.states


@given(litmuses(6), real_eras)
@settings(max_examples=40)
def test_a_random_program_comes_out_the_same(litmus: Litmus, rules: Era) -> None:
    runs = [
        observe(
            litmus,
            rules.key,
            lambda: Machine(litmus, rules.policy),
            reduce=reduce,
            bound=BOUND,
        )
        for reduce in (True, False)
    ]
    if all(run.coverage.complete for run in runs):
        assert outcome_key(runs[0]) == outcome_key(runs[1])


def test_columns_that_share_nothing_are_searched_one_after_the_other() -> None:
    pages = "{ x = anon rw 1 2; y = anon rw 3 4; process tracer; }"
    litmus = parse(
        f'COW t question "?" {pages} parent: fork child;'
        " par { parent { write x[0] = 5; } child { write y[0] = 6; } } exists (copies = 2)"
    )
    policy = base_eras()[-1].policy
    less, full = (
        observe(litmus, "J", lambda: Machine(litmus, policy), reduce=reduce)
        for reduce in (True, False)
    )
    assert less.coverage.states < full.coverage.states
    assert outcome_key(less) == outcome_key(full)
