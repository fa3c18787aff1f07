"""Breadth-first search through all states of a machine, with less to do where order is moot.

**Order.** States are numbered as they are found, nearest first, so that the first state
with a property is one of the nearest, and the way back along the parents is a shortest
trace.

**Reduction.** Where an enabled task's next step is private (see
:meth:`threadkit.cow.explore.machine.Machine.private`) only that step is taken: an ample
set of one. A cycle of such steps would put the others off for ever, so the step is taken
alone only if it leads to a state that was not expanded before; along a cycle the numbers
of states cannot always rise, so every cycle has a state where all tasks moved.

**What the reduction leaves exact.** Take any way to a final state. The private step is on
it, because it stays possible until it is done; done first, it gives the same final state
after as many steps (pages may have other numbers, if two tasks take new ones in the other
order; whatever one can observe is the same). So final states, what is counted in them, and
the lengths of their shortest traces are those of the whole graph. Marks of harm stay once
they are set: the final states have them all. A state between may be seen only with steps of
others added, so that its shortest trace may be longer: traces to such states
(:func:`nearest`) are sought without reduction, and so are broken invariants (see
:func:`~threadkit.cow.explore.observe.observe`).

References
----------
Peled, "All from one, one for all: on model checking using representatives" (1993): ample
sets. Bosnacki and Holzmann, "Improving Spin's partial-order reduction for breadth-first
search" (2005): the condition on cycles.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from threadkit.cow.explore.machine import Machine
from threadkit.cow.outcome import Coverage
from threadkit.errors import ThreadkitError

BOUND = 200_000
"""States after which a search stops, unless told otherwise."""


class BoundError(ThreadkitError):
    """The bound on states is no number to count to.

    Parameters
    ----------
    bound : int
        As given.
    """

    exit_code = 2

    def __init__(self, bound: int) -> None:
        self.bound = bound
        super().__init__(f"a bound of {bound} states: give 1 or more")


@dataclass(frozen=True, slots=True)
class Exploration:
    """The states that a search visited.

    Attributes
    ----------
    machine : Machine
        Whose states they are.
    states : list of bytes
        In the order they were found, the nearest first; the initial state is number 0.
    finals : tuple of int
        Numbers of the states in which nobody can move, the nearest first.
    stuck : frozenset of int
        Those of them in which somebody waits for ever.
    coverage : Coverage
        How much was looked at.
    """

    machine: Machine
    states: list[bytes] = field(repr=False)
    finals: tuple[int, ...] = field(repr=False)
    stuck: frozenset[int]
    coverage: Coverage
    _parents: array[int] = field(repr=False)
    _movers: array[int] = field(repr=False)

    def schedule(self, number: int) -> tuple[int, ...]:
        """Return who moved on a shortest way to a state.

        Parameters
        ----------
        number : int
            Of the state.

        Returns
        -------
        tuple of int
            Tasks in order, from the initial state on.
        """
        way: list[int] = []
        while number:
            way.append(self._movers[number])
            number = self._parents[number]
        return tuple(reversed(way))

    def broken(self) -> dict[str, int]:
        """Find the invariants that do not hold somewhere.

        Returns
        -------
        dict of str to int
            Invariant, and the number of the first state that breaks it.

        Notes
        -----
        Decodes every state: slower than the search itself.
        """
        first: dict[str, int] = {}
        broken = self.machine.broken
        for number, state in enumerate(self.states):
            for name in broken(state):
                first.setdefault(name, number)
        return first


def explore(machine: Machine, *, bound: int = BOUND, reduce: bool = True) -> Exploration:
    """Visit every state that some interleaving reaches.

    Parameters
    ----------
    machine : Machine
        A program under one kernel's policy.
    bound : int
        Most states to visit.
    reduce : bool
        Take private steps alone. Final states and their shortest traces do not change.

    Returns
    -------
    Exploration
        With ``coverage.complete`` False if the bound stopped it.

    Raises
    ------
    BoundError
        The bound is below 1.

    Examples
    --------
    >>> from threadkit.cow.eras import era
    >>> from threadkit.cow.kernel.machine import Machine
    >>> from threadkit.cow.library import scenario
    >>> found = explore(Machine(scenario("S4").litmus, era("refcount_nofork").policy))
    >>> found.coverage.complete, len(found.finals)
    (True, 1)

    Notes
    -----
    Time and memory grow with the states, each kept once as bytes.
    """
    return _walk(machine, bound, reduce, None)


def nearest(
    machine: Machine, wanted: Callable[[bytes], bool], *, bound: int = BOUND
) -> tuple[int, ...] | None:
    """Find a shortest way to a state, final or not.

    Parameters
    ----------
    machine : Machine
        A program under one kernel's policy.
    wanted : callable
        Tells whether a state is one that is sought.
    bound : int
        Most states to visit.

    Returns
    -------
    tuple of int or None
        Tasks in order; None if no such state lies within the bound.

    Raises
    ------
    BoundError
        The bound is below 1.

    Notes
    -----
    Without reduction, so that the trace is a shortest one, and no further than needed.
    """
    found = _walk(machine, bound, False, wanted)
    last = len(found.states) - 1
    return found.schedule(last) if wanted(found.states[last]) else None


def _walk(
    machine: Machine, bound: int, reduce: bool, wanted: Callable[[bytes], bool] | None
) -> Exploration:
    """Search in one loop, with everything bound to local names; stop at a wanted state."""
    if bound < 1:
        raise BoundError(bound)
    step, everybody, private = machine.step, machine.tasks, machine.private
    states, numbers = [machine.initial], {machine.initial: 0}
    parents, movers = array("I", [0]), array("H", [0])
    number_of, append = numbers.get, states.append
    finals: list[int] = []
    count, steps, complete, again = 1, 0, True, False
    done = wanted is not None and wanted(machine.initial)
    for at, state in enumerate(states):  # grows while it is walked
        if done or not complete:
            break
        turn, known, before = everybody, None, steps
        if reduce:
            for task in everybody:
                if private(state, task):
                    known = step(state, task)
                    if known is not None and number_of(known, count) > at:
                        turn = (task,)
                        break
                    known = None
        for task in turn:
            after = known or step(state, task)
            if after is None:
                continue
            steps += 1
            number = number_of(after)
            if number is not None:
                again |= number <= at
                continue
            if count == bound:
                complete = False
                break
            numbers[after] = count
            append(after)
            parents.append(at)
            movers.append(task)
            count += 1
            if wanted is not None and wanted(after):
                done = True
                break
        if steps == before:
            finals.append(at)
    stuck = frozenset(number for number in finals if not machine.finished(states[number]))
    # Along a circle the numbers cannot always rise, so that most searches need no look.
    endless = _endless(machine, numbers, finals) if again and complete and not done else 0
    coverage = Coverage(count, steps, complete, reduce, bound, len(stuck), endless)
    return Exploration(machine, states, tuple(finals), stuck, coverage, parents, movers)


def _endless(machine: Machine, numbers: dict[bytes, int], finals: Iterable[int]) -> int:
    """Count the states from which no final state can be reached."""
    sources: dict[int, list[int]] = {}
    for state, number in numbers.items():
        for task in machine.tasks:
            after = machine.step(state, task)
            if after in numbers:
                sources.setdefault(numbers[after], []).append(number)
    ending = set(finals)
    ahead = list(ending)
    while ahead:
        for number in sources.get(ahead.pop(), ()):
            if number not in ending:
                ending.add(number)
                ahead.append(number)
    return len(numbers) - len(ending)
