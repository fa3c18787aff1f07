"""The command `cow witness`: several kernels, what is kept, and what is not compared."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from threadkit.cli.app import app
from threadkit.cow.library import Scenario, scenario
from threadkit.cow.witness import names, run
from threadkit.cow.witness.kernels import Kernel
from threadkit.cow.witness.model import serial
from threadkit.cow.witness.plan import plans
from threadkit.cow.witness.problems import BootFailed, NoSuchKernel, Unavailable
from threadkit.cow.witness.results import Observation, WitnessRun, from_json, save

ERA = "stable_5_10"


def obedient(litmuses, kernel: Kernel, *, system: bool = False) -> WitnessRun:
    """A kernel that does what the model of its era says."""
    del system
    if kernel.name == "panics":
        raise BootFailed("panics", "the kernel panicked", "Oops\nOops again")
    made = []
    for litmus in litmuses:
        for plan in plans(litmus):
            (end,) = Scenario(serial(litmus, plan.order)).run(ERA, traces=False).finals
            values = tuple((name, value) for name, value in end.values if name.endswith("]"))
            seen = Observation(litmus.name, values, end.satisfies, order=plan.order)
            made.append(replace(seen, plan=plan.digest))
    facts = "", kernel.package_version, ERA, "", "2026-01-01T00:00:00Z", "program", "QEMU", 1.0
    return WitnessRun(kernel.name, kernel.release, *facts, tuple(made))


@pytest.fixture(autouse=True)
def kernels(monkeypatch):
    def find(name: str) -> Kernel:
        if name == "typo":
            raise NoSuchKernel(name, "not one of 5.10")
        if name == "far":
            raise Unavailable("kernels of the distribution", "no network")
        return Kernel(name, "5.10.0", package_version="5.10.262-1")

    monkeypatch.setattr(names, "find", find)
    monkeypatch.setattr(run, "witness", obedient)


def invoke(*words: object) -> Result:
    return CliRunner().invoke(app, ["cow", "witness", *map(str, words)])


@pytest.mark.parametrize(
    ("other", "why", "code"), [("far", "no network", 4), ("panics", "Oops", 1)]
)
def test_a_kernel_that_fails_does_not_keep_the_others_back(other: str, why: str, code: int):
    done = invoke("S4", "S5", "--kernel", "near", "--kernel", other)
    assert done.exit_code == code
    assert "near (5.10.262-1, stable_5_10, 2026-01-01T00:00:00Z): 2 scenarios ran" in done.stdout
    assert why in done.stderr
    alone = invoke("S4", "--kernel", other)
    assert (alone.exit_code, alone.stdout) == (code, "")
    facts = json.loads(invoke("S4", "--kernel", "near", "--kernel", other, "--json").stdout)
    assert why in facts["not_done"][other]


def test_a_wrong_name_is_told_before_anything_is_run(monkeypatch):
    monkeypatch.setattr(run, "witness", lambda *_, **__: pytest.fail("was run"))
    done = invoke("S4", "--kernel", "near", "--kernel", "typo")
    assert (done.exit_code, done.stdout) == (3, "")


def test_some_scenarios_are_kept_with_the_others(tmp_path: Path):
    assert invoke("S4", "S5", "--kernel", "near", "--save", tmp_path).exit_code == 0
    assert invoke("S1", "--kernel", "near", "--save", tmp_path).exit_code == 0
    path = tmp_path / "near.json"
    kept = from_json(path.read_text(), path)
    assert kept.observed == ("S1", "S4", "S5")
    save(replace(kept, program="another"), tmp_path, whole=True)
    done = invoke("S1", "--kernel", "near", "--save", tmp_path)
    assert done.exit_code == 1
    assert "1 agree" in done.stdout
    assert "2 more scenarios" in done.stderr
    assert from_json(path.read_text(), path).observed == kept.observed


def test_another_program_under_a_known_name_is_not_compared(tmp_path: Path):
    mine = tmp_path / "S4.litmus"
    mine.write_text(scenario("S4").path.read_text().replace("x[0] = 3;", "x[0] = 4;"))
    done = invoke(mine)
    assert done.exit_code == 0
    (row,) = [line for line in done.stdout.splitlines() if line.startswith("S4 ")]
    assert set(row.split()[1:]) == {"old"}
    assert "the scenario has changed since" in done.stdout
