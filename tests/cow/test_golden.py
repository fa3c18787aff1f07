"""Every scenario that is shipped says what its golden file says, and what its sources say."""

from __future__ import annotations

import pytest

from threadkit.cow.eras import eras
from threadkit.cow.library import Scenario, scenarios
from threadkit.cow.suite import check


@pytest.mark.parametrize("scenario", scenarios(), ids=lambda one: one.name)
def test_a_scenario_is_as_expected(scenario: Scenario) -> None:
    (found,) = check([scenario], eras())
    assert not found.missing, f"no golden file: threadkit cow promote {found.name}"
    assert found.difference == ()
    assert found.disagreements == ()
