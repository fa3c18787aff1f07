"""The short form of a difference names the first step that is not the same."""

from __future__ import annotations

from itertools import pairwise

import pytest

from threadkit.cow.eras import base_eras, era
from threadkit.cow.explore.first_step import first_difference
from threadkit.cow.library import scenario, scenarios


def test_shared_steps_are_left_out() -> None:
    diff = scenario("S14").run("C").diff(scenario("S14").run("hugh_2020"))
    assert diff.parting is not None
    left, right = first_difference(diff.parting)
    assert left.startswith("do_read_fault: ")
    assert right.startswith("do_cow_fault: ")


def test_where_the_steps_are_the_same_the_state_behind_them_is_told() -> None:
    one = scenario("swap-in-keeps-cache")
    parting = one.run("B").diff(one.run("C")).parting
    assert parting is not None
    assert [(s.function, s.says) for s in parting.left] == [
        (s.function, s.says) for s in parting.right
    ]
    left, right = first_difference(parting)
    assert "page A swapcache True" in left
    assert "page A swapcache False" in right


@pytest.mark.parametrize(
    ("left", "right"), [(a.key, b.key) for a, b in pairwise(base_eras())] + [("C", "J")]
)
def test_the_two_lines_are_never_equal(left: str, right: str) -> None:
    one, other = era(left), era(right)
    for each in scenarios():
        if len(each.litmus.ops()) > 4:  # the small ones show every kind of difference
            continue
        parting = each.run(one).diff(each.run(other)).parting
        if parting is not None:
            first, second = first_difference(parting)
            assert first != second, each.name
            assert first
            assert second
