"""Where two kernels part: the first statement after which the same schedule differs."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from threadkit.cow.explore.finals import comparable, gather
from threadkit.cow.explore.search import explore
from threadkit.cow.explore.traces import follow, make_step
from threadkit.cow.outcome import FinalState, Outcome
from threadkit.cow.views import StateView, Step, Trace

PATIENCE = 1000
"""Steps after which a statement that does not end counts as blocked."""


@dataclass(frozen=True, slots=True)
class Parting:
    """The first statement at which two eras do not do the same.

    Attributes
    ----------
    schedule : str
        Which trace gave the order of moves: its era, and what it is a witness of.
    actor, op : str
        The statement.
    index : int
        Its number in the scenario, from 0.
    left, right : tuple of Step
        What each did in it; empty where it could not move.
    left_trace, right_trace : Trace
        The same schedule on both, from the start up to and with this statement.
    """

    schedule: str
    actor: str
    op: str
    index: int
    left: tuple[Step, ...]
    right: tuple[Step, ...]
    left_trace: Trace = field(repr=False)
    right_trace: Trace = field(repr=False)


@dataclass(frozen=True, slots=True)
class OutcomeDiff:
    """What tells two eras apart in one scenario.

    Attributes
    ----------
    left, right : Outcome
        The two.
    only_left, only_right : tuple of FinalState
        Final states that only one has; PageAnonExclusive is not compared.
    harms_left, harms_right : tuple of (str, str)
        Kind and invariant of harms that only one does.
    costs : tuple of (str, tuple, tuple)
        Counters whose ranges differ: name, (least, most) left and right.
    parting : Parting or None
        None if they never part on the traces that were found.
    """

    left: Outcome
    right: Outcome
    only_left: tuple[FinalState, ...]
    only_right: tuple[FinalState, ...]
    harms_left: tuple[tuple[str, str], ...]
    harms_right: tuple[tuple[str, str], ...]
    costs: tuple[tuple[str, tuple[int, int], tuple[int, int]], ...]
    parting: Parting | None

    @property
    def same(self) -> bool:
        """Whether verdict, final states, harms and costs are the same."""
        return self.left.verdict == self.right.verdict and not (
            self.only_left or self.only_right or self.harms_left or self.harms_right or self.costs
        )

    def text(self) -> str:
        """Say what differs.

        Returns
        -------
        str
            Lines, the last one ended.
        """
        from threadkit.cow.explore.report import diff_text

        return diff_text(self)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain values for JSON.

        Returns
        -------
        dict
            The parting without the states around it.
        """
        from threadkit.cow.explore.plain import diff_dict

        return diff_dict(self)

    def __repr__(self) -> str:
        left, right = self.left, self.right
        where = "the same" if self.same else "different"
        if self.parting is not None:
            where = f"part at {self.parting.actor}: {self.parting.op}"
        return (
            f"<OutcomeDiff {left.scenario}: {left.verdict} under {left.era},"
            f" {right.verdict} under {right.era}; {where}>"
        )

    def __str__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        from threadkit.cow.explore.report import diff_html

        return diff_html(self)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/plain": self.text(), "text/html": self._repr_html_()}


def compare(left: Outcome, right: Outcome) -> OutcomeDiff:
    """Find what tells two outcomes of one scenario apart.

    Parameters
    ----------
    left, right : Outcome
        Of the same scenario.

    Returns
    -------
    OutcomeDiff
        With the first statement at which they part.
    """
    mine, theirs = _marks(left), _marks(right)
    nothing = (0, 0)
    counters = dict.fromkeys([*left.costs, *right.costs])
    ranges = ((c, left.costs.get(c, nothing), right.costs.get(c, nothing)) for c in counters)
    only = _less(left.finals, right.finals), _less(right.finals, left.finals)
    return OutcomeDiff(
        left=left,
        right=right,
        only_left=only[0],
        only_right=only[1],
        harms_left=tuple(mark for mark in mine if mark not in theirs),
        harms_right=tuple(mark for mark in theirs if mark not in mine),
        costs=tuple(row for row in ranges if row[1] != row[2]),
        parting=part(left, right, *only),
    )


def part(
    left: Outcome,
    right: Outcome,
    only_left: tuple[FinalState, ...] = (),
    only_right: tuple[FinalState, ...] = (),
) -> Parting | None:
    """Find the first statement at which two outcomes' machines part.

    Parameters
    ----------
    left, right : Outcome
        Of the same scenario.
    only_left, only_right : tuple of FinalState
        Final states that only one has; a way to one of them shows a difference for sure.

    Returns
    -------
    Parting or None
        None if every trace of either runs alike on both.

    Notes
    -----
    Both machines move as a trace of one of them does; a statement that ends there runs to
    its end on the other, however many steps it takes. Traces to what only one era has
    come first. They part where one can observe it (memory, mappings, references,
    registers); if that is nowhere, where the states differ at all (counts, bits, costs); if not
    that either, where they took another way through the kernel.
    """
    traces = list(_candidates(left, right, only_left, only_right))
    for differ in (_observable, _whole, _functions):
        for trace in traces:
            found = _first(left, right, trace, differ)
            if found is not None:
                return found
    return None


def _marks(outcome: Outcome) -> tuple[tuple[str, str], ...]:
    return tuple((harm.kind, harm.invariant) for harm in outcome.harms)


def _less(some: Iterable[FinalState], others: Iterable[FinalState]) -> tuple[FinalState, ...]:
    without = {comparable(final) for final in others}
    return tuple(final for final in some if comparable(final) not in without)


def _candidates(
    left: Outcome,
    right: Outcome,
    only_left: tuple[FinalState, ...],
    only_right: tuple[FinalState, ...],
) -> Iterator[Trace]:
    """Yield traces: to harm and then to final states that only one era has, then the rest."""
    common: list[Trace] = []
    for outcome, marks in ((left, _marks(right)), (right, _marks(left))):
        for harm in outcome.harms:
            if harm.trace is not None and (harm.kind, harm.invariant) not in marks:
                yield harm.trace
            elif harm.trace is not None:
                common.append(harm.trace)
        common += [trace for trace in (outcome.witness, outcome.counter) if trace is not None]
    for outcome, finals in ((left, only_left), (right, only_right)):
        if finals:
            yield _way_to(outcome, finals)
    yield from common


def _way_to(outcome: Outcome, wanted: tuple[FinalState, ...]) -> Trace:
    """Find a shortest way to one of an outcome's final states, by searching once more."""
    run, coverage = outcome.run, outcome.coverage
    found = explore(run.machine(), bound=coverage.bound, reduce=coverage.reduced)
    finals = gather(run.litmus, found)
    rows = zip(finals.states, finals.nearest, strict=True)
    number = min(number for final, number in rows if final in wanted)
    why = "a final state that the other does not have"
    return follow(found.machine, run.litmus, found.schedule(number), era=run.era, why=why)


@dataclass(frozen=True, slots=True)
class _Did:
    """What one machine did in one stretch of a schedule."""

    before: StateView
    steps: tuple[Step, ...]

    @property
    def after(self) -> StateView:
        return self.steps[-1].after if self.steps else self.before


class _Player:
    """A machine that moves as somebody else's trace tells it."""

    def __init__(self, outcome: Outcome) -> None:
        self.litmus = outcome.run.litmus
        self.era = outcome.era
        self.machine = outcome.run.machine()
        self.state = self.machine.initial
        self.start = self.machine.view(self.state)
        self.steps: list[Step] = []

    def play(self, actor: str, count: int, ends: bool) -> _Did:
        """Take so many steps of an actor, or, if ``ends``, a statement to its end."""
        machine = self.machine
        task = machine.tasks[machine.actors.index(actor)]
        before = self.steps[-1].after if self.steps else self.start
        steps: list[Step] = []
        for _ in range(PATIENCE if ends else count):
            after = machine.step(self.state, task)
            if after is None:
                break
            steps.append(make_step(machine, self.litmus, self.state, task, after))
            self.state = after
            if steps[-1].ends:
                break
        self.steps += steps
        return _Did(before, tuple(steps))

    def finish(self, actor: str, did: _Did) -> _Did:
        """Take a statement that was begun to its end, if it can go on."""
        if not did.steps or did.steps[-1].ends:
            return did
        return _Did(did.before, did.steps + self.play(actor, 1, True).steps)

    def trace(self, why: str) -> Trace:
        """Return what was played so far."""
        return Trace(self.litmus.name, self.era, why, self.start, tuple(self.steps))


def _first(
    left: Outcome, right: Outcome, trace: Trace, differ: Callable[[_Did], Hashable]
) -> Parting | None:
    one, two = _Player(left), _Player(right)
    why = f"{trace.era}, {trace.why}"
    for (actor, index), group in groupby(trace.steps, key=lambda step: (step.actor, step.index)):
        stretch = tuple(group)
        did = one.play(actor, len(stretch), stretch[-1].ends)
        other = two.play(actor, len(stretch), stretch[-1].ends)
        if differ(did) != differ(other):
            # Whoever reads of it wants to see what came of the whole statement.
            did, other = one.finish(actor, did), two.finish(actor, other)
            traces = one.trace(why), two.trace(why)
            return Parting(why, actor, stretch[0].op, index, did.steps, other.steps, *traces)
        if not did.steps:  # blocked on both sides: the rest of the trace cannot be played
            return None
    return None


def _observable(did: _Did) -> Hashable:
    view = did.after
    contents = {frame.name: frame.content for frame in view.frames}
    return (
        bool(did.steps),
        tuple((process.name, process.state) for process in view.processes),
        tuple(
            (
                (m.process, m.page, m.half, m.vma),
                (m.state, m.frame, m.writable, contents.get(m.frame or "")),
            )
            for m in view.mappings
        ),
        tuple((r.name, r.frame, contents.get(r.frame)) for r in view.references),
        view.registers,
    )


def _whole(did: _Did) -> Hashable:
    view = did.after
    return view.processes, view.mappings, view.frames, view.references, view.counters


def _functions(did: _Did) -> Hashable:
    return tuple((step.function, step.says) for step in did.steps)
