"""The benchmark of the search measures what it says."""

from __future__ import annotations

import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest

from tests.bench.cow import GOAL_A_SECOND, apart, contended, searching, suite
from tests.bench.table import Table
from threadkit.cow.eras import base_eras
from threadkit.cow.library import scenario

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(("made", "pages"), [(contended, 1), (apart, 3)])
def test_scenarios_that_grow_have_as_many_writers_as_asked(made, pages):
    litmus = made(3, 2)
    assert [op.verb for op in litmus.ops()] == ["fork"] * 2 + ["write"] * 6
    assert len(litmus.phases[-1].columns) == 3
    assert len(litmus.pages) == pages


def test_rows_tell_rates_and_how_states_grow():
    table = Table(StringIO())
    searching(table, 1, grid=(2, 2), growth=((2, 1), (2, 2)))
    counting, small, large, small_apart, large_apart = table.rows
    assert (counting.size, counting.goal) == (9, GOAL_A_SECOND)
    assert 0 < small.size < large.size
    assert all(row.value > 0 and row.of == "states" for row in table.rows)
    assert f"reduced {small.size} states" in small.note, "all of them use one page"
    for row in (small_apart, large_apart):
        less = int(row.note.split("reduced ")[1].split()[0])
        assert 0 < less < row.size, "what nobody else sees goes alone"


def test_what_is_too_small_to_time_is_not_judged():
    table = Table(StringIO())
    searching(table, 1, grid=(2, 2), growth=((2, 1), (3, 2)))
    small, large, *_ = table.rows[1:]
    assert (small.goal, large.goal) == (None, GOAL_A_SECOND)
    assert "in the kernel's steps" in large.note
    assert "in the kernel's steps" not in small.note


def test_the_suite_runs_the_named_scenarios_under_base_eras_and_all(monkeypatch):
    monkeypatch.chdir(ROOT)
    table = Table(StringIO())
    suite(table, 1, ["S4", "S7"])
    base, memory, everything, _ = table.rows
    states = sum(scenario(name).run(era).coverage.states
                 for name in ("S4", "S7") for era in base_eras())  # fmt: skip
    assert (base.what, base.size, base.of) == ("2 scenarios, base eras", states, "states")
    assert everything.size > base.size
    assert base.unit == "s"
    assert 0 < base.value < 10_000
    assert (memory.unit, memory.size) == ("MB", states)


def test_all_scenarios_are_meant_where_none_is_named():
    program = (
        "import tests.bench.cow as b; b.scenarios = lambda: (b.scenario('S1'),); b.main('base')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=True
    )
    assert int(done.stdout) == sum(scenario("S1").run(era).coverage.states for era in base_eras())
