"""Real kernels, now: they do what the model of their era allows.

Others than the running one only where THREADKIT_REQUIRE_WITNESS=1 asks for them; then a
kernel that cannot be had, or booted, is a failure.
"""

from __future__ import annotations

import os
import shutil

import pytest

from threadkit.cow.library import Scenario, scenario, scenarios
from threadkit.cow.witness.compare import Comparison, table
from threadkit.cow.witness.kernels import HOST
from threadkit.cow.witness.results import WitnessRun
from threadkit.cow.witness.run import witness

REQUIRED = os.environ.get("THREADKIT_REQUIRE_WITNESS") == "1"

NAMES = ("S1", "S4", "S4b", "S5", "S5s", "S5t", "S7b", "S8", "S9p", "S11", "cow-basic")
TOLD_APART = {"5.10": {"S5s", "S5t", "S7b", "S8"}, "6.1": set(), "6.12": set()}
"""Scenarios whose question each kernel answers with yes; S11 asks for a copy, which all make."""


@pytest.mark.slow
@pytest.mark.skipif(not REQUIRED, reason="THREADKIT_REQUIRE_WITNESS is not 1")
@pytest.mark.parametrize("kernel", TOLD_APART)
def test_a_booted_kernel_does_what_its_era_allows(kernel: str):
    asked = {name: scenario(name) for name in NAMES}
    litmuses = [one.litmus for one in asked.values()]
    run = witness(litmuses, kernel)
    if set(run.observed) != set(NAMES):  # a crowded machine may starve an emulated one, once
        run = witness(litmuses, kernel)
    assert set(run.observed) == set(NAMES)
    for one in asked.values():
        found = compared(run, one)
        assert found.agreement == "agrees", found
    yes = {one.scenario for one in run.observations if one.condition}
    assert yes - {"S11"} == TOLD_APART[kernel]


@pytest.mark.slow
def test_the_running_kernel_does_what_its_era_allows():
    reason = why_no_program()
    if reason and not REQUIRED:
        pytest.skip(reason)
    everything = {one.name: one for one in scenarios()}
    run = witness([one.litmus for one in everything.values()], HOST)
    if not run.era:
        pytest.skip(f"the model has no era of {run.release}")
    assert len(run.observed) >= 25
    for name in strange(run, everything):
        # Others on this machine may hold a page for a moment; not twice in a row.
        again = witness([everything[name].litmus], HOST)
        assert strange(again, everything) == []


def strange(run: WitnessRun, everything: dict[str, Scenario]) -> list[str]:
    """Names of the scenarios in which a kernel did what the model does not allow."""
    return [name for name in run.observed if compared(run, everything[name]).agreement == "differs"]


def compared(run: WitnessRun, one: Scenario) -> Comparison:
    """Hold what a kernel did in a scenario to the model of its era."""
    (row,) = table([run], {one.name: one.litmus})
    (cell,) = row.cells
    assert cell is not None
    return cell


def why_no_program() -> str:
    return "" if shutil.which("cc") else "there is no C compiler"
