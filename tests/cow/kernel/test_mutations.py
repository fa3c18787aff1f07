"""Every rule is seen: another value of any field changes what some shipped scenario says."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.cow.kernel.mutations import LEVELS, NOT_SEEN, Sight, changes, holders, recorded, sees
from tests.cow.kernel.worlds import FIELDS
from threadkit.cow.eras import era
from threadkit.cow.library import scenarios

SIGHTS = recorded()


def _name(sight: Sight) -> str:
    return f"{sight.field}-{sight.value}-{sight.to}"


def test_every_change_of_every_value_is_seen_or_said_to_be_no_change() -> None:
    seen = Counter((sight.field, sight.value, sight.to) for sight in SIGHTS)
    assert max(seen.values()) == 1
    assert {*seen, *NOT_SEEN} == set(changes())
    assert not set(seen) & set(NOT_SEEN)


def test_every_value_that_a_field_may_have_is_one_that_some_kernel_had_or_was_offered() -> None:
    idle = [
        (field, value) for field in FIELDS for value in FIELDS[field] if not holders(field, value)
    ]
    assert idle == []


def test_every_field_shows_in_a_verdict_or_a_harm() -> None:
    weighty = {sight.field for sight in SIGHTS if sight.sees in LEVELS[:2]}
    assert weighty == set(FIELDS)


@pytest.mark.parametrize("sight", SIGHTS, ids=_name)
def test_a_scenario_sees_the_change(sight: Sight) -> None:
    policy = era(sight.era).policy
    assert getattr(policy, sight.field) == sight.value
    assert sees(sight.scenario, policy, sight.field, sight.to) == sight.sees


@pytest.mark.slow
@pytest.mark.parametrize("change", NOT_SEEN, ids=lambda one: "-".join(map(str, one)))
def test_what_is_said_to_be_no_change_is_seen_by_no_scenario(change: tuple[str, str, str]) -> None:
    field, value, to = change
    newest = holders(field, value)[-1]
    assert not [one.name for one in scenarios() if sees(one.name, newest.policy, field, to)]
