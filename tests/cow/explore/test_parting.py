"""Two kernels, one scenario: what differs, and where they part."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

from tests.cow.explore.programs import programs
from tests.cow.explore.toys import Contrary, Memory, litmus_of
from threadkit.cow.explore.observe import observe
from threadkit.cow.library import scenario, scenarios

SERIAL = "parent: write x[1] = 1; parent: write x[0] = 1; parent: r0 = read x[0];"


class Slow(Memory):
    """The same memory, but a write takes one step more, and says so."""

    def step(self, state, task):
        at = self._at(task)
        op = self._next(state, task)
        if op is not None and op.verb == "write" and state[at + 1] == 1:
            return state[: at + 1] + b"\2" + state[at + 2 :]
        return super().step(state, task)

    def describe(self, before, task, after):
        index, function, says, ends = super().describe(before, task, after)
        return index, function, "slowly" if before[self._at(task) + 1] else says, ends


def _outcomes(litmus, one, other):
    return (
        observe(litmus, "one", lambda: one(litmus)),
        observe(litmus, "other", lambda: other(litmus)),
    )


def test_they_part_at_the_first_statement_that_gives_another_state():
    litmus = litmus_of(SERIAL, "exists (parent:r0 = 1)")
    one, other = _outcomes(litmus, Memory, Contrary)
    diff = one.diff(other)
    assert not diff.same
    assert (diff.left.verdict, diff.right.verdict) == ("Always", "Never")
    assert (diff.parting.actor, diff.parting.index, diff.parting.op) == (
        "parent",
        1,
        "write x[0] = 1",
    )
    assert len(diff.only_left) == len(diff.only_right) == 1
    assert diff.harms_right == (("wrong", "I2"),)
    assert not diff.harms_left


def test_both_traces_end_with_the_statement_at_which_they_part():
    litmus = litmus_of(SERIAL, "exists (parent:r0 = 1)")
    one, other = _outcomes(litmus, Memory, Contrary)
    parting = one.diff(other).parting
    for trace, steps in ((parting.left_trace, parting.left), (parting.right_trace, parting.right)):
        assert trace.steps[-len(steps) :] == steps
        assert {step.index for step in steps} == {1}
    assert (parting.left_trace.era, parting.right_trace.era) == ("one", "other")
    before = [t.steps[1].after for t in (parting.left_trace, parting.right_trace)]
    assert before[0] == before[1]


def test_a_statement_that_takes_more_steps_is_still_the_same_statement():
    litmus = litmus_of(SERIAL, "exists (parent:r0 = 1)")
    diff = observe(litmus, "one", lambda: Memory(litmus)).diff(
        observe(litmus, "slow", lambda: Slow(litmus))
    )
    assert diff.same
    assert diff.parting.index == 0, "they part in how they do it, at the first write"
    assert len(diff.parting.left) + 1 == len(diff.parting.right)
    assert "Nothing that one can observe differs" in diff.text()


@given(programs())
def test_nothing_tells_a_kernel_from_itself(litmus):
    one, other = _outcomes(litmus, Memory, Memory)
    diff = one.diff(other)
    assert diff.same
    assert diff.parting is None
    assert (diff.only_left, diff.only_right, diff.costs) == ((), (), ())


@given(programs())
def test_different_final_states_mean_a_parting(litmus):
    one, other = _outcomes(litmus, Memory, Contrary)
    diff, back = one.diff(other), other.diff(one)
    assert (diff.only_left, diff.harms_left) == (back.only_right, back.harms_right)
    if diff.only_left or diff.only_right:
        assert diff.parting is not None


def test_what_differs_is_said_in_text_json_and_html():
    litmus = litmus_of(SERIAL, "exists (parent:r0 = 1)")
    one, other = _outcomes(litmus, Memory, Contrary)
    diff = one.diff(other)
    text = diff.text()
    assert "- one: Always 1 0" in text
    assert "+ other: Never 0 1" in text
    assert "They part at statement 2, parent: write x[0] = 1" in text
    assert "+ harm wrong I2" in text
    told = json.loads(json.dumps(diff.to_dict()))
    assert told["verdicts"] == ["Always", "Never"]
    assert told["parting"]["index"] == 1
    assert "They part at statement 2" in diff._repr_html_()
    assert "<svg" in diff._repr_html_()
    assert str(diff) == text


@pytest.mark.parametrize(
    ("one", "other"),
    [("mapcount_locked", "refcount_nofork"), ("refcount_noswap", "anon_exclusive")],
)
def test_where_outcomes_differ_the_kernels_part_in_every_shipped_scenario(one, other):
    told = 0
    for each in scenarios():
        diff = each.run(one).diff(each.run(other))
        assert diff.same or diff.parting is not None, each.name
        told += not diff.same
    assert 10 < told < len(scenarios())


def test_a_bit_that_only_later_kernels_keep_does_not_tell_them_apart():
    one = scenario("S1")
    older, newer = one.run("refcount_noswap"), one.run("anon_exclusive")
    assert older.finals != newer.finals
    assert "exclusive" in newer.text()
    diff = older.diff(newer)
    assert diff.same
    assert (diff.only_left, diff.only_right) == ((), ())
