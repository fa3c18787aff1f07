"""Scenarios by name and by path."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from threadkit.cow import library as module
from threadkit.cow.eras import UnknownEra, era
from threadkit.cow.library import ScenariosMissing, UnknownScenario, natural, scenario, scenarios
from threadkit.cow.litmus.errors import LitmusError


def test_every_file_is_a_scenario_and_each_is_found_by_its_name():
    found = scenarios()
    assert len(found) >= 60
    names = [one.name for one in found]
    assert names == sorted(names, key=natural) == [one.path.stem for one in found]
    assert scenario(names[0]) == found[0]


def test_what_stands_beside_a_scenario_is_there_too():
    names = {one.name for one in scenarios()}
    assert all(set(one.beside) <= names for one in scenarios())


def test_a_file_of_ones_own_is_a_scenario(tmp_path: Path):
    mine = Path(shutil.copy(scenario("S4").path, tmp_path))
    assert scenario(mine).litmus == scenario("S4").litmus
    assert scenario(str(mine)).path == mine


def test_a_name_that_is_nearly_right_is_met_with_the_right_one():
    with pytest.raises(UnknownScenario, match="did you mean S4") as caught:
        scenario("s44")
    assert caught.value.near[0] == "S4"


def test_a_name_that_is_nothing_is_said_to_be_so():
    with pytest.raises(UnknownScenario, match=r"^zzzzqqqq: no such scenario or file$"):
        scenario("zzzzqqqq")


def test_a_missing_file_is_not_a_scenario(tmp_path: Path):
    with pytest.raises(UnknownScenario, match="no such scenario or file"):
        scenario(tmp_path / "none.litmus")


def test_a_broken_file_says_where(tmp_path: Path):
    path = tmp_path / "bad.litmus"
    path.write_text("COW bad question")
    with pytest.raises(LitmusError, match=r"bad\.litmus:1:17"):
        scenario(path)


def test_an_installation_without_data_says_so(monkeypatch, tmp_path: Path):
    monkeypatch.setattr(module, "files", lambda name: tmp_path / name)
    with pytest.raises(ScenariosMissing, match="install it again"):
        scenario("S4")


def test_an_installed_package_has_its_scenarios_inside(monkeypatch, tmp_path: Path):
    inside = tmp_path / "threadkit" / "data" / "litmus"
    inside.mkdir(parents=True)
    shutil.copy(scenario("S4").path, inside)
    monkeypatch.setattr(module, "files", lambda name: tmp_path / name)
    assert [one.name for one in scenarios()] == ["S4"]


def test_a_scenario_runs_under_an_era_by_key_or_as_such():
    one = scenario("S4")
    by_key = one.run("refcount_nofork")
    assert (by_key.scenario, by_key.era, by_key.question) == ("S4", "refcount_nofork", one.question)
    assert one.run(era("refcount_nofork")) == by_key
    with pytest.raises(UnknownEra):
        one.run("refcount_nofrok")


def test_the_debate_in_two_runs():
    one = scenario("S4")
    assert one.run("refcount_nofork").verdict == "Always"
    assert one.run("mapcount_locked").verdict == "Never"
    diff = one.run("mapcount_locked").diff(one.run("refcount_nofork"))
    assert diff.parting.op == "write x[0] = 3", "both fork alike; the write fault decides"


def test_a_trace_goes_through_the_file():
    trace = scenario("S4").trace("refcount_nofork")
    ended = [step.index for step in trace.steps if step.ends]
    assert ended == list(range(len(scenario("S4").litmus.ops())))
    assert (trace.scenario, trace.era) == ("S4", "refcount_nofork")
