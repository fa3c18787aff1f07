"""The assignment is the cheapest there is."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.analyze.rangediff.assignment import assign


@st.composite
def matrices(draw: st.DrawFn) -> list[list[int]]:
    rows = draw(st.integers(0, 5))
    columns = draw(st.integers(rows, 6))
    return draw(
        st.lists(
            st.lists(st.integers(-9, 20), min_size=columns, max_size=columns),
            min_size=rows, max_size=rows,
        )
    )  # fmt: skip


@given(matrices())
def test_no_other_assignment_costs_less(costs):
    found = assign(costs)
    assert len(set(found)) == len(costs)
    columns = len(costs[0]) if costs else 0
    best = min(
        sum(costs[row][column] for row, column in enumerate(some))
        for some in permutations(range(columns), len(costs))
    )
    assert sum(costs[row][column] for row, column in enumerate(found)) == best


def test_forbidden_places_are_kept_clear():
    far = float("inf")
    assert assign([[far, 1.0, far], [0.0, 0.0, far], [far, 0.0, 5.0]]) == [1, 0, 2]


def test_more_rows_than_columns():
    with pytest.raises(ValueError, match="more rows than columns"):
        assign([[1], [2]])
