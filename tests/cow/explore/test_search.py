"""The search finds every state, nearest first, and stops where it is told to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cow.explore.programs import programs
from tests.cow.explore.toys import Grid, Memory, Roundabout, Spinner, litmus_of
from threadkit.cow.explore.search import BoundError, explore, nearest


def _depths(machine):
    """Return every state with its distance, found one layer after the other, with sets."""
    depths, layer, depth = {}, {machine.initial}, 0
    while layer:
        depths |= dict.fromkeys(layer, depth)
        after = {machine.step(state, task) for state in layer for task in machine.tasks}
        layer = {state for state in after if state is not None and state not in depths}
        depth += 1
    return depths


def _ends(machine, depths):
    return {s for s in depths if all(machine.step(s, task) is None for task in machine.tasks)}


@pytest.mark.parametrize(("tasks", "steps"), [(1, 4), (2, 3), (3, 3), (5, 2)])
def test_a_grid_has_as_many_states_and_steps_as_one_can_calculate(tasks, steps):
    found = explore(Grid(tasks, steps), reduce=False)
    assert found.coverage.states == (steps + 1) ** tasks
    assert found.coverage.steps == tasks * steps * (steps + 1) ** (tasks - 1)
    assert [found.states[n] for n in found.finals] == [bytes([steps]) * tasks]
    assert len(found.schedule(found.finals[0])) == tasks * steps


def test_private_steps_leave_one_path_through_a_grid():
    found = explore(Grid(4, 5), reduce=True)
    assert (found.coverage.states, found.coverage.steps) == (21, 20)
    assert [found.states[n] for n in found.finals] == [b"\5\5\5\5"]


def test_a_task_that_turns_in_private_does_not_put_the_others_off_for_ever():
    found = explore(Spinner(), reduce=True)
    assert any(found.states[n][1] for n in found.finals)


@given(programs())
def test_states_and_distances_are_those_of_a_plain_search(litmus):
    machine = Memory(litmus)
    found, depths = explore(machine, reduce=False), _depths(machine)
    assert len(found.states) == len(set(found.states))
    assert {s: len(found.schedule(n)) for n, s in enumerate(found.states)} == depths
    assert {found.states[n] for n in found.finals} == _ends(machine, depths)


@given(programs())
def test_reduction_keeps_final_states_and_their_distances(litmus):
    machine = Memory(litmus)
    depths = _depths(machine)
    found = explore(machine, reduce=True)
    ends = {found.states[n]: len(found.schedule(n)) for n in found.finals}
    assert ends == {state: depths[state] for state in _ends(machine, depths)}
    assert {found.states[n] for n in found.stuck} == {s for s in ends if not machine.finished(s)}
    assert found.coverage.states <= len(depths)


@given(programs())
def test_reduction_keeps_marks_of_harm_and_broken_invariants(litmus):
    machine = Memory(litmus)
    full, less = explore(machine, reduce=False), explore(machine, reduce=True)
    marks = {mark for state in full.states for mark in machine.harms(state)}
    assert {mark for n in less.finals for mark in machine.harms(less.states[n])} == marks
    assert set(less.broken()) == set(full.broken())


@given(programs())
def test_a_schedule_leads_to_its_state(litmus):
    machine = Memory(litmus)
    found = explore(machine)
    for number in found.finals:
        state = machine.initial
        for task in found.schedule(number):
            state = machine.step(state, task)
        assert state == found.states[number]


@given(programs())
def test_the_nearest_state_is_as_near_as_any(litmus):
    machine = Memory(litmus)
    depths = _depths(machine)
    harmed = [depth for state, depth in depths.items() if machine.harms(state)]
    way = nearest(machine, lambda state: bool(machine.harms(state)))
    assert (None if way is None else len(way)) == min(harmed, default=None)


def test_the_initial_state_can_be_the_nearest():
    assert nearest(Grid(2, 2), lambda state: state == b"\0\0") == ()


def test_nothing_is_nearest_if_it_lies_beyond_the_bound():
    assert nearest(Grid(2, 9), lambda state: state == b"\x09\x09", bound=50) is None


@pytest.mark.parametrize("reduce", [True, False])
@given(bound=st.integers(1, 40))
def test_a_bound_is_kept_and_told(reduce, bound):
    found = explore(Grid(2, 4), bound=bound, reduce=reduce)
    whole = 9 if reduce else 25
    assert found.coverage.states == min(bound, whole)
    assert found.coverage.complete is (bound >= whole)
    assert bool(found.finals) is (bound >= whole)


@pytest.mark.parametrize("bound", [0, -1])
def test_a_bound_below_one_is_refused(bound):
    with pytest.raises(BoundError, match="give 1 or more"):
        explore(Grid(1, 1), bound=bound)


def test_the_first_state_that_breaks_an_invariant_is_a_nearest_one():
    litmus = litmus_of("parent: write x[1] = 1; parent: write x[0] = 2;")
    found = explore(Memory(litmus), reduce=False)
    assert {name: len(found.schedule(n)) for name, n in found.broken().items()} == {"I4": 4}


def test_an_interrupt_ends_a_search():
    class Interrupted(Grid):
        def step(self, state, task):
            if sum(state) == 3:
                raise KeyboardInterrupt
            return super().step(state, task)

    with pytest.raises(KeyboardInterrupt):
        explore(Interrupted(2, 4))


def test_who_waits_for_ever_is_told():
    litmus = litmus_of("par { parent { write x[0] = 1; } lockholder { lock h = parent.x; } }")
    found = explore(Memory(litmus))
    assert len(found.stuck) == found.coverage.stuck == 1
    assert len(found.finals) == 2


@pytest.mark.parametrize("reduce", [True, False])
def test_who_goes_round_for_ever_is_told(reduce):
    found = explore(Roundabout(), reduce=reduce)
    assert (found.coverage.states, found.coverage.endless, found.finals) == (2, 2, ())


@pytest.mark.parametrize("reduce", [True, False])
def test_a_circle_with_a_way_out_is_not_endless(reduce):
    found = explore(Spinner(), reduce=reduce)
    assert found.coverage.endless == 0
    assert found.finals


def test_only_the_states_without_a_way_out_are_endless():
    class Forked(Grid):
        """Task 0 may end it at once; if task 1 moves first, that one turns for ever."""

        def step(self, state, task):
            if state[0] or (state[1] and not task):
                return None
            return bytes((0, 3 - state[1] if state[1] else 1)) if task else b"\1\0"

        def private(self, state, task):
            return False

    found = explore(Forked(2, 2))
    assert [found.states[n] for n in found.finals] == [b"\1\0"]
    assert found.coverage.endless == 2


@given(programs())
def test_programs_that_always_go_on_have_no_endless_states(litmus):
    assert explore(Memory(litmus)).coverage.endless == 0
