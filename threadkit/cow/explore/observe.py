"""Run a scenario under one era and put what comes out into an outcome."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from threadkit.cow.eras.features import Feature
from threadkit.cow.explore.finals import Finals, gather
from threadkit.cow.explore.machine import Machine
from threadkit.cow.explore.search import BOUND, Exploration, explore, nearest
from threadkit.cow.explore.traces import follow
from threadkit.cow.litmus.syntax import Litmus
from threadkit.cow.outcome import Answer, Checked, Harm, Outcome, Run
from threadkit.cow.views import Trace

BROKEN = "broken"
"""Kind of a broken invariant that is no harm by itself."""


def observe(
    litmus: Litmus,
    era: str,
    make: Callable[[], Machine],
    *,
    bound: int = BOUND,
    reduce: bool = True,
    invariants: bool = False,
    traces: bool = True,
    absent: tuple[Feature, ...] = (),
) -> Outcome:
    """Search all interleavings of a scenario and say what came out.

    Parameters
    ----------
    litmus : Litmus
        The scenario.
    era : str
        Key of the era.
    make : callable
        Makes a machine that runs the one under the other.
    bound : int
        Most states to visit.
    reduce : bool
        Take private steps alone; what comes out is the same.
    invariants : bool
        Look at every state for broken invariants, too; without reduction, and slower.
    traces : bool
        Find shortest traces.
    absent : tuple of Feature
        What the kernels of the era did not have.

    Returns
    -------
    Outcome
        With what was covered if the bound stopped it.

    Raises
    ------
    BoundError
        The bound is below 1.
    UnknownName
        The condition names what the scenario does not have.
    """
    found = explore(make(), bound=bound, reduce=reduce and not invariants)
    finals = gather(litmus, found)
    run = Run(litmus, era, make)
    verdict = answer(litmus, finals, found.coverage.complete)
    serial = all(len(phase.columns) == 1 for phase in litmus.phases)
    return Outcome(
        run=run,
        verdict=verdict,
        finals=finals.states,
        harms=(*_harms(run, found, finals, traces), *_broken(run, found, invariants, traces)),
        costs={name: (least, most) for name, least, most in finals.costs},
        coverage=found.coverage,
        witness=_nearest_final(run, found, finals, True) if traces else None,
        counter=_nearest_final(run, found, finals, False) if traces else None,
        deterministic=serial and len(finals.states) == 1 and found.coverage.complete,
        expectations=_checked(litmus, era, verdict),
        absent=absent,
    )


def answer(litmus: Litmus, finals: Finals, complete: bool) -> Answer:
    """Return the verdict that the final states allow.

    Parameters
    ----------
    litmus : Litmus
        The scenario.
    finals : Finals
        Its final states.
    complete : bool
        They are all.

    Returns
    -------
    Answer
        ``Sometimes`` stands however much was left out; the others do not.
    """
    if litmus.needs:
        return "not decided here"
    satisfied = {final.satisfies for final in finals.states}
    if len(satisfied) == 2:
        return "Sometimes"
    if not complete or not satisfied:
        return "unknown"
    return "Always" if True in satisfied else "Never"


def _checked(litmus: Litmus, era: str, verdict: Answer) -> tuple[Checked, ...]:
    decided = verdict in ("Never", "Sometimes", "Always")
    return tuple(
        Checked(expected, expected.verdict == verdict if decided else None)
        for expected in litmus.expectations
        if era in expected.eras or "*" in expected.eras
    )


def _nearest_final(run: Run, found: Exploration, finals: Finals, satisfies: bool) -> Trace | None:
    numbers = [
        number
        for final, number in zip(finals.states, finals.nearest, strict=True)
        if final.satisfies is satisfies
    ]
    if not numbers:
        return None
    why = "condition holds" if satisfies else "condition fails"
    return _trace(run, found.machine, found.schedule(min(numbers)), why)


def _trace(run: Run, machine: Machine, schedule: Sequence[int], why: str) -> Trace:
    return follow(machine, run.litmus, schedule, era=run.era, why=why)


def _harms(run: Run, found: Exploration, finals: Finals, traces: bool) -> list[Harm]:
    """Return the harms with their traces; the nearest state that has a mark is sought.

    Final states have all the marks there are, unless a bound stopped the search or some
    interleavings never end.
    """
    marks = {(kind, invariant): always for kind, invariant, always in finals.marks}
    if not found.coverage.complete or found.coverage.endless:
        seen = {mark for state in found.states for mark in found.machine.harms(state)}
        marks = dict.fromkeys(sorted(seen), False)
    return [
        Harm(*mark, always, _mark_trace(run, found, mark) if traces else None)
        for mark, always in marks.items()
    ]


def _mark_trace(run: Run, found: Exploration, mark: tuple[str, str]) -> Trace:
    machine = found.machine

    def marked(state: bytes) -> bool:
        return mark in machine.harms(state)

    first = next(number for number, state in enumerate(found.states) if marked(state))
    schedule = found.schedule(first)
    if found.coverage.reduced:
        # What others do in private may come first here; look for less, as far as allowed.
        schedule = nearest(machine, marked, bound=found.coverage.bound) or schedule
    return _trace(run, machine, schedule, f"{mark[0]} {mark[1]}")


def _broken(run: Run, found: Exploration, invariants: bool, traces: bool) -> list[Harm]:
    if not invariants:
        return []
    return [
        Harm(BROKEN, name, False, trace)
        for name, number in sorted(found.broken().items())
        for trace in [
            _trace(run, found.machine, found.schedule(number), f"{BROKEN} {name}")
            if traces
            else None
        ]
    ]
