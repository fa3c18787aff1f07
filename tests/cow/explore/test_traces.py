"""One way through the states: in the order of the file, or as told."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.cow.explore.programs import programs
from tests.cow.explore.toys import Memory, Spinner, litmus_of
from threadkit.cow.explore.traces import UnknownActor, WrongSchedule, follow, program_order
from threadkit.cow.litmus.format import format_op

RACE = """par { parent { write x[0] = 1; r0 = read x[0]; }
              helper { write x[0] = 2; r0 = read x[0]; } }"""


def _trace(litmus, first=()):
    machine = Memory(litmus)
    return follow(machine, litmus, program_order(machine, first), era="toy", why="told")


def _statements(trace):
    return [(step.actor, step.op) for step in trace.steps if step.ends]


def test_statements_go_in_the_order_of_the_file():
    assert _statements(_trace(litmus_of(RACE))) == [
        ("parent", "write x[0] = 1"),
        ("parent", "r0 = read x[0]"),
        ("helper", "write x[0] = 2"),
        ("helper", "r0 = read x[0]"),
    ]


def test_whoever_is_told_goes_first():
    trace = _trace(litmus_of(RACE), ["helper", "parent", "helper"])
    assert [actor for actor, _ in _statements(trace)] == ["helper", "parent", "helper", "parent"]
    assert ("helper", "r0", 1) in trace.steps[-1].after.registers


def test_one_that_waits_lets_others_move_and_goes_on_when_it_can():
    litmus = litmus_of(
        """par { parent { write x[0] = 1 after free; }
                 lockholder { lock h = parent.x; unlock h as free; } }"""
    )
    assert [op for _, op in _statements(_trace(litmus, ["parent"]))] == [
        "lock h = parent.x",
        "unlock h",
        "write x[0] = 1",
    ]


@given(programs())
def test_a_trace_ends_where_nobody_can_move(litmus):
    machine = Memory(litmus)
    trace = _trace(litmus)
    state = machine.initial
    for task in program_order(machine):
        state = machine.step(state, task)
    assert all(machine.step(state, task) is None for task in machine.tasks)
    assert trace.steps[-1].after == machine.view(state)
    ops = litmus.ops()
    assert all(step.op == format_op(ops[step.index]) for step in trace.steps)


@given(programs())
def test_a_statement_once_begun_goes_on_unless_it_waits(litmus):
    trace = _trace(litmus)
    for step, after in zip(trace.steps, trace.steps[1:], strict=False):
        if not step.ends and after.actor != step.actor:
            assert step.actor in {"parent", "helper"}, "only a write waits, for the lock"
            assert any(f.locked_by for f in step.after.frames)


def test_one_that_tries_for_ever_lets_the_others_move():
    machine = Spinner()
    machine.describe = lambda before, task, after: (task, "turn", "", True)
    assert 1 in program_order(machine)


def test_an_unknown_actor_is_named_with_those_there_are():
    with pytest.raises(UnknownActor, match=r"no actor 'nobody'.*parent, helper"):
        _trace(litmus_of(RACE), ["nobody"])


def test_a_schedule_that_cannot_be_is_refused():
    litmus = litmus_of("parent: r0 = read x[0];")
    machine = Memory(litmus)
    with pytest.raises(WrongSchedule, match="parent cannot move at place 2"):
        follow(machine, litmus, [10, 10, 10], era="toy", why="told")
