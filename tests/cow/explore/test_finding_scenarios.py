"""Naming a scenario: by name, by path, and what is said of what is neither."""

from __future__ import annotations

import os
from inspect import signature
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.cow.eras import DEFAULT, base_eras
from threadkit.cow.library import (
    NoScenarioFile,
    Scenario,
    UnknownScenario,
    natural,
    scenario,
    scenario_names,
)
from threadkit.cow.litmus.errors import LitmusError

MINE = 'COW mine question "?" { x = anon rw 1 2; } parent: write x[0] = 3; exists (alive(parent))'


def test_numbers_in_names_are_numbers() -> None:
    names = scenario_names()
    few = [
        name for name in names if name in ("S1", "S1b", "S2", "S9", "S10", "S19", "il02-both-fault")
    ]
    assert few == ["S1", "S1b", "S2", "S9", "S10", "S19", "il02-both-fault"]


@given(st.lists(st.integers(0, 500), unique=True))
def test_numbers_at_the_end_sort_as_they_count(numbers: list[int]) -> None:
    names = [f"S{number}" for number in numbers]
    assert sorted(names, key=natural) == [f"S{number}" for number in sorted(numbers)]


@given(st.lists(st.text("aS10-9", max_size=6)))
def test_any_names_can_be_sorted(names: list[str]) -> None:
    assert sorted(sorted(names, key=natural)) == sorted(names)


def test_case_does_not_matter_in_a_name() -> None:
    assert scenario("s4").name == "S4"
    assert scenario("THP-s4").name == "thp-S4"


def test_the_name_of_a_file_that_is_not_there_is_met_with_the_scenario() -> None:
    with pytest.raises(UnknownScenario, match="did you mean S4"):
        scenario("nowhere/../S4x.litmus")
    with pytest.raises(UnknownScenario, match="did you mean S4"):
        scenario("S4.litmus")


def test_what_is_no_scenario_file_is_named_for_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(NoScenarioFile, match="a folder"):
        scenario(tmp_path)
    (tmp_path / "a.txt").write_text(MINE)
    with pytest.raises(NoScenarioFile, match=r"NAME\.litmus"):
        scenario(tmp_path / "a.txt")
    with pytest.raises(NoScenarioFile, match="standard input"):
        scenario("-")
    os.mkfifo(tmp_path / "pipe.litmus")
    with pytest.raises(NoScenarioFile, match="not a regular file"):
        scenario(tmp_path / "pipe.litmus")


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b""])
def test_a_byte_order_mark_is_left_out(tmp_path: Path, mark: bytes) -> None:
    path = tmp_path / "mine.litmus"
    path.write_bytes(mark + MINE.encode())
    assert scenario(path).name == "mine"
    path.write_bytes(mark + b"COX")
    with pytest.raises(LitmusError, match=r":1:1: expected 'COW'"):
        scenario(path)
    path.write_bytes(mark + b"COW \xff")
    with pytest.raises(LitmusError, match=r":1:5: "):
        scenario(path)


def test_the_newest_mainline_is_asked_where_no_era_is_named() -> None:
    assert base_eras()[-1].key == DEFAULT
    for method in (Scenario.run, Scenario.trace):
        assert signature(method).parameters["era"].default == DEFAULT
    assert scenario("S4").run().era == DEFAULT == scenario("S4").trace().era
