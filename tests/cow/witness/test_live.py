"""Real kernels, now: they do what the model of their era allows.

Slow, so only where THREADKIT_REQUIRE_WITNESS=1 asks for it; then a kernel that cannot be
had, or booted, is a failure.
"""

from __future__ import annotations

import os

import pytest

from threadkit.cow.library import scenario
from threadkit.cow.witness.compare import compare
from threadkit.cow.witness.run import witness

NAMES = ("S1", "S4", "S4b", "S5", "S5s", "S5t", "S7b", "S8", "S9p", "S11", "cow-basic")
TOLD_APART = {"5.10": {"S5s", "S5t", "S7b", "S8"}, "6.1": set(), "6.12": set()}
"""Scenarios whose question each kernel answers with yes; S11 asks for a copy, which all make."""


@pytest.mark.slow
@pytest.mark.skipif(
    os.environ.get("THREADKIT_REQUIRE_WITNESS") != "1", reason="THREADKIT_REQUIRE_WITNESS is not 1"
)
@pytest.mark.parametrize("kernel", TOLD_APART)
def test_a_booted_kernel_does_what_its_era_allows(kernel: str):
    asked = {name: scenario(name) for name in NAMES}
    litmuses = [one.litmus for one in asked.values()]
    run = witness(litmuses, kernel)
    if set(run.observed) != set(NAMES):  # a crowded machine may starve an emulated one, once
        run = witness(litmuses, kernel)
    assert set(run.observed) == set(NAMES)
    for name, one in asked.items():
        found = compare(run.of(name), one.run(run.era, traces=False).finals, run)
        assert found.agreement in ("agrees", "allowed"), found
    yes = {one.scenario for one in run.observations if one.condition}
    assert yes - {"S11"} == TOLD_APART[kernel]
