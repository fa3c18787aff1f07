"""What real kernels were seen to do, as it is stored, is what the model allows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from threadkit.cow.library import scenarios
from threadkit.cow.witness.compare import CHANGED, Comparison, table
from threadkit.cow.witness.results import WitnessRun, load

STORED = load(Path(__file__).parents[3] / "data" / "witness")
ENOUGH = 25
MOST_CHANGED = 0.1  # of the scenarios, since the last run
TELLING = 15  # scenarios that tell 5.10 from 6.12 by what a program sees
KERNELS = {
    "host",
    "5.10",
    "6.1",
    "6.12",
    "built_mapcount_locked",
    "built_mapcount_trylock",
    "built_refcount_nofork",
}


def of(kernel: str):
    return next(run for run in STORED if run.kernel == kernel)


def values(kernel: str, name: str) -> dict[str, str]:
    (one,) = of(kernel).of(name)
    return dict(one.values)


def test_every_kernel_of_the_table_is_there_with_its_facts():
    assert {run.kernel for run in STORED} >= KERNELS
    for run in STORED:
        assert len(run.observed) >= ENOUGH, run.kernel
        assert run.release
        assert run.date_utc.endswith("Z")
        assert all(one.skipped or one.values for one in run.observations)
    assert all(
        "counterfactual" in run.label for run in STORED if run.kernel.startswith("built_map")
    )


def cells(run: WitnessRun) -> list[Comparison]:
    """Every scenario that the run was asked for, held to the model."""
    rows = table([run], {one.name: one.litmus for one in scenarios()})
    return [cell for row in rows for cell in row.cells if cell is not None]


@pytest.mark.parametrize("run", STORED, ids=lambda run: run.kernel)
def test_what_was_seen_is_allowed_by_the_model_of_its_era(run):
    found = cells(run)
    assert [cell for cell in found if cell.agreement == "differs"] == []
    agreed = sum(cell.agreement == "agrees" for cell in found)
    changed = sum(cell.why == CHANGED for cell in found)
    assert agreed >= ENOUGH
    assert changed <= MOST_CHANGED * len(found), "run the witness again: make witness"


def test_the_model_of_another_era_would_be_found_wrong():
    wrong = cells(replace(of("5.10"), era="stable_6_12"))
    assert sum(cell.agreement == "differs" for cell in wrong) >= TELLING


def test_mprotect_of_a_pinned_page_loses_it_on_5_10_only():
    lost = {
        kernel: values(kernel, "S7b")["device:r0"] for kernel in ("5.10", "6.1", "6.12", "host")
    }
    assert lost == {"5.10": "1", "6.1": "3", "6.12": "3", "host": "3"}


@pytest.mark.parametrize(
    ("kernel", "leaks", "loses_at_fork", "loses_at_mprotect"),
    [
        ("5.10", False, False, True),
        ("built_stock", False, False, True),
        ("built_refcount_nofork", False, True, True),
        ("built_mapcount_locked", True, False, False),
        ("built_mapcount_trylock", True, False, False),
        ("built_mapcount_forkcopy", True, False, False),
    ],
)
def test_two_switches_decide_three_outcomes(
    kernel: str, leaks: bool, loses_at_fork: bool, loses_at_mprotect: bool
):
    """S4: the child is gone when the parent writes. Both rules of 5.10 protect one side."""
    assert (values(kernel, "S5")["child:r0"] == "3") is leaks
    assert (values(kernel, "S4")["device:r0"] != "3") is loses_at_fork
    assert (values(kernel, "S7b")["device:r0"] != "3") is loses_at_mprotect
