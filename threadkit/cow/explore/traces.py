"""Say what happened on one way through the states."""

from __future__ import annotations

from collections.abc import Sequence

from threadkit.cow.explore.machine import Machine
from threadkit.cow.litmus.format import format_op
from threadkit.cow.litmus.syntax import Litmus
from threadkit.cow.views import Step, Trace
from threadkit.errors import ThreadkitError


class UnknownActor(ThreadkitError):
    """A schedule names somebody who does not act in the scenario.

    Parameters
    ----------
    name : str
        As given.
    actors : tuple of str
        Those who do.
    """

    exit_code = 2

    def __init__(self, name: str, actors: tuple[str, ...]) -> None:
        self.name = name
        self.actors = actors
        super().__init__(f"no actor {name!r} in this scenario; there are {', '.join(actors)}")


class WrongSchedule(ThreadkitError):
    """An actor cannot move where a schedule says that it does.

    Parameters
    ----------
    actor : str
        Who.
    place : int
        Its place in the schedule, from 0.
    """

    def __init__(self, actor: str, place: int) -> None:
        self.actor = actor
        self.place = place
        super().__init__(f"{actor} cannot move at place {place} of this schedule")


def make_step(machine: Machine, litmus: Litmus, before: bytes, task: int, after: bytes) -> Step:
    """Put one step into words.

    Parameters
    ----------
    machine : Machine
        That made it.
    litmus : Litmus
        The scenario it runs.
    before, after : bytes
        The states around it.
    task : int
        Who moved.

    Returns
    -------
    Step
        With the state behind it.
    """
    index, function, says, ends = machine.describe(before, task, after)
    return Step(
        actor=machine.actors[machine.tasks.index(task)],
        op=format_op(litmus.ops()[index]),
        index=index,
        function=function,
        says=says,
        ends=ends,
        after=machine.view(after),
    )


def follow(
    machine: Machine, litmus: Litmus, schedule: Sequence[int], *, era: str, why: str
) -> Trace:
    """Replay a schedule, step by step.

    Parameters
    ----------
    machine : Machine
        The scenario under an era.
    litmus : Litmus
        The scenario.
    schedule : sequence of int
        Who moves, in order.
    era, why : str
        For the trace's head.

    Returns
    -------
    Trace
        As long as the schedule.

    Raises
    ------
    WrongSchedule
        Somebody cannot move where it says so.
    """
    state = machine.initial
    steps: list[Step] = []
    for place, task in enumerate(schedule):
        after = machine.step(state, task)
        if after is None:
            raise WrongSchedule(machine.actors[machine.tasks.index(task)], place)
        steps.append(make_step(machine, litmus, state, task, after))
        state = after
    return Trace(litmus.name, era, why, machine.view(machine.initial), tuple(steps))


def program_order(machine: Machine, first: Sequence[str] = ()) -> tuple[int, ...]:
    """Choose one way to the end: statement by statement, in the order of the file.

    Parameters
    ----------
    machine : Machine
        The scenario under an era.
    first : sequence of str
        Actors, one for each statement, that go before the order of the file does; one
        that cannot move waits until it can.

    Returns
    -------
    tuple of int
        Who moves, in order. A statement once begun goes on until it ends or is blocked.

    Raises
    ------
    UnknownActor
        ``first`` names somebody else.
    """
    for name in first:
        if name not in machine.actors:
            raise UnknownActor(name, machine.actors)
    wanted = [machine.tasks[machine.actors.index(name)] for name in first]
    state, seen = machine.initial, {machine.initial}
    inside: list[int] = []  # begun statements, the latest first
    way: list[int] = []
    while (move := _move(machine, state, [*inside, *wanted[:1]], seen)) is not None:
        task, after, ends = move
        inside = [one for one in inside if one != task]
        if not ends:
            inside.insert(0, task)
        elif wanted[:1] == [task]:
            del wanted[0]
        seen.add(after)
        way.append(task)
        state = after
    return tuple(way)


def _move(
    machine: Machine, state: bytes, favoured: Sequence[int], seen: set[bytes]
) -> tuple[int, bytes, bool] | None:
    """Return the step of the first favoured task that can move, else of the first statement.

    A step back to where the way has been leads nowhere: a task that tries again and again
    until another one has moved.
    """
    possible: dict[int, tuple[int, bytes, bool]] = {}
    for task in machine.tasks:
        after = machine.step(state, task)
        if after is not None and after not in seen:
            index, _, _, ends = machine.describe(state, task, after)
            possible[task] = index, after, ends
    for task in (*favoured, *sorted(possible, key=lambda one: possible[one][0])):
        if task in possible:
            return task, *possible[task][1:]
    return None
