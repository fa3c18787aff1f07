"""Programs become small, and still show what they showed."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from threadkit.cow.fuzz import random_litmus, shrink
from threadkit.cow.litmus.format import format_litmus
from threadkit.cow.litmus.parse import parse
from threadkit.cow.litmus.syntax import VERBS

START = 'COW T question "?" { x = anon rw 1 2 mergeable; y = file rw 3 4; thread t of parent; }'
END = "exists (alive(parent))"


def verbs(litmus):
    return [op.verb for op in litmus.ops()]


def test_statements_that_depend_on_others_go_with_them():
    program = parse(
        f"{START} parent: pin p = x write; parent: fork child;"
        "par { child { write x[0] = 5 as wrote; } device { dma_in p[0] = 6 after wrote; } }"
        f"parent: write y[1] = 7; {END}"
    )
    without_fork = shrink(program, lambda one: "pin" in verbs(one) and "dma_in" in verbs(one))
    assert verbs(without_fork) == ["pin", "dma_in"]
    assert without_fork.ops()[1].after == ()
    assert [page.name for page in without_fork.pages] == ["x"]
    assert without_fork.threads == ()
    assert without_fork.pages[0].words == ()


def test_interleaving_stays_where_it_is_needed():
    program = parse(
        f"{START} parent: write y[0] = 9;"
        "par { parent { write x[0] = 5; clear_refs; } t { r0 = read x[0]; r1 = read y[0]; } }"
        f"{END}"
    )

    def interleaves(one):
        return any(len(phase.columns) > 1 for phase in one.phases) and "r0" in format_litmus(one)

    small = shrink(program, interleaves)
    assert [len(phase.columns) for phase in small.phases] == [2]
    assert len(small.ops()) == 2


@given(st.integers(), st.data())
def test_result_shows_it_and_nothing_can_be_left_out(seed, data):
    litmus = random_litmus(random.Random(seed))
    wanted = data.draw(st.sets(st.sampled_from(verbs(litmus)), min_size=1, max_size=2))
    small = shrink(litmus, lambda one: wanted <= set(verbs(one)))
    assert wanted <= set(verbs(small))
    makers = {op.handle for op in small.ops() if VERBS[op.verb].shape == "new_handle"}
    needed = wanted | {op.verb for op in small.ops() if op.handle in makers or op.process}
    assert set(verbs(small)) <= needed
    assert parse(format_litmus(small)) == small


def test_nothing_is_left_out_of_what_shows_only_whole():
    litmus = random_litmus(random.Random(5))
    assert shrink(litmus, lambda one: one == litmus) == litmus
