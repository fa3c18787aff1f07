"""The benchmark of the search measures what it says."""

from __future__ import annotations

from io import StringIO

from tests.bench.cow import GOAL_A_SECOND, contended, searching
from tests.bench.table import Table


def test_the_contended_scenario_has_as_many_writers_as_asked():
    litmus = contended(3, 2)
    assert [op.verb for op in litmus.ops()] == ["fork"] * 2 + ["write"] * 6
    assert len(litmus.phases[-1].columns) == 3


def test_rows_tell_rates_and_how_states_grow():
    table = Table(StringIO())
    searching(table, 1, grid=(2, 2), growth=((2, 1), (2, 2)))
    counting, small, large = table.rows
    assert (counting.mails, counting.goal) == (9, GOAL_A_SECOND)
    assert 0 < small.mails < large.mails
    assert all(row.value > 0 for row in table.rows)
    assert f"reduced {small.mails} states" in small.note, "all of them use one page"
