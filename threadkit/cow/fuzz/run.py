"""Run random programs under eras, and compare what comes out with what is allowed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from threadkit.cow.explore.machine import Machine
from threadkit.cow.fuzz.programs import SIZE, random_litmus
from threadkit.cow.fuzz.shrink import shrink
from threadkit.cow.litmus.format import format_litmus
from threadkit.cow.litmus.syntax import Litmus
from threadkit.cow.oracle import STRICT, Allowed, OracleBoundError, Promise, allowed

BOUND = 100_000
"""States of the kernel engine that are looked at for one program under one era."""

MOST = 3
"""Disagreements that are made small; the others are only counted."""

_HARM_ITSELF = frozenset({"I2"})
"""Invariants that many eras break, and that is their harm: judged by the values it does."""

Registers = frozenset[tuple[str, int]]
Harms = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Observed:
    """What the kernel engine does with a program.

    Attributes
    ----------
    finals : frozenset of (Registers, Harms)
        Registers (``parent:r0``) in the end, and kind and invariant of what went wrong
        on the way there.
    broken : frozenset of str
        Invariants that did not hold in some state.
    states : int
        Distinct states.
    stuck : int
        States in which somebody waits for ever.
    complete : bool
        No bound stopped it.
    """

    finals: frozenset[tuple[Registers, Harms]]
    broken: frozenset[str] = frozenset()
    states: int = 0
    stuck: int = 0
    complete: bool = True


Runner = Callable[[Litmus, str], Observed]
"""Runs a program under the era with a key."""


def machine_runner(make: Callable[[Litmus, str], Machine], bound: int = BOUND) -> Runner:
    """Return a runner that looks at every state of a machine, without reduction.

    Parameters
    ----------
    make : callable
        Returns the machine for a program and the key of an era.
    bound : int
        States looked at.

    Returns
    -------
    Runner
        For :func:`fuzz`.
    """

    def run(litmus: Litmus, era: str) -> Observed:
        return _observe(make(litmus, era), bound)

    return run


def _observe(machine: Machine, bound: int) -> Observed:
    """Visit all states of a machine."""
    known = {machine.initial}
    waiting = [machine.initial]
    finals = set()
    broken: set[str] = set()
    stuck = 0
    while waiting:
        state = waiting.pop()
        broken.update(machine.broken(state))
        moves = (machine.step(state, task) for task in machine.tasks)
        after = {move for move in moves if move is not None}
        if not after and machine.finished(state):
            view = machine.view(state)
            registers = frozenset((f"{who}:{name}", value) for who, name, value in view.registers)
            finals.add((registers, frozenset(machine.harms(state))))
        elif not after:
            stuck += 1
        new = after - known
        if len(known) + len(new) > bound:
            return Observed(frozenset(finals), frozenset(broken), len(known), stuck, False)
        known |= new
        waiting += new
    return Observed(frozenset(finals), frozenset(broken), len(known), stuck)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A program that one engine does otherwise than the other allows.

    Attributes
    ----------
    seed : int
        It makes the program.
    eras : tuple of str
        Under which the kernel engine does that kind of thing; shown is the first.
    why : str
        What is wrong, in one sentence.
    litmus : Litmus
        The program, made small if it is among the first.
    """

    seed: int
    eras: tuple[str, ...]
    why: str
    litmus: Litmus

    def text(self) -> str:
        """Return the disagreement with its program as a file."""
        return (
            f"seed {self.seed}, {' '.join(self.eras)}: {self.why}\n\n{format_litmus(self.litmus)}"
        )


@dataclass
class Report:
    """What a round of random programs found.

    Attributes
    ----------
    programs, runs, states : int
        Programs; programs times eras; states of the kernel engine in all of them.
    finals, harmless, harmful : int
        Final states; those with allowed values, and those whose harm explains them.
    skipped : int
        Runs that a bound stopped.
    stuck : int
        Runs in which somebody may wait for ever.
    outcomes, seen : int
        Outcomes that are allowed, and how many of them some era showed.
    disagreements : list of Disagreement
        In the order of seeds; one for each kind of fault that a program shows.
    """

    programs: int = 0
    runs: int = 0
    states: int = 0
    finals: int = 0
    harmless: int = 0
    harmful: int = 0
    skipped: int = 0
    stuck: int = 0
    outcomes: int = 0
    seen: int = 0
    disagreements: list[Disagreement] = field(default_factory=list)

    def text(self) -> str:
        """Return the report for people.

        Returns
        -------
        str
            Figures, then each disagreement with a program that shows it.
        """
        wrong = len(self.disagreements)
        head = (
            f"{self.programs} programs, {self.runs} runs, {self.states:,} states"
            f" ({self.skipped} runs stopped by a bound, {self.stuck} with endless waiting)\n"
            f"{self.finals} final states: {self.harmless} allowed,"
            f" {self.harmful} explained by their harm\n"
            f"{self.seen} of {self.outcomes} allowed outcomes seen\n"
            f"{wrong} disagreement{'s' * (wrong != 1)}\n"
        )
        return "\n".join([head, *(one.text() for one in self.disagreements)])


def fuzz(
    eras: Sequence[str],
    seeds: Iterable[int],
    runner: Runner,
    size: int = SIZE,
    promises: Callable[[str], Promise] | None = None,
) -> Report:
    """Let two engines run random programs, and compare them.

    Parameters
    ----------
    eras : sequence of str
        Keys of the eras to run under.
    seeds : iterable of int
        Each makes one program.
    runner : Runner
        Runs the kernel engine.
    size : int
        Statements of a program, about.
    promises : callable, optional
        What an era promises of references; where it is given, breaking that is a
        disagreement, too.

    Returns
    -------
    Report
        The same for the same seeds, whatever order they come in.
    """
    report = Report()
    for seed in seeds:
        litmus = random_litmus(random.Random(seed), size, f"F{seed}")
        report.programs += 1
        _run_one(report, litmus, seed, _Trial(eras, runner, promises))
    return report


@dataclass(frozen=True)
class _Trial:
    """How programs are tried."""

    eras: Sequence[str]
    runner: Runner
    promises: Callable[[str], Promise] | None

    def wished(self, era: str) -> Promise:
        """Return what harm is told by: the strict promise, but what fork is meant to skip."""
        skips = self.promises is not None and self.promises(era).fork_may_skip
        return replace(STRICT, fork_may_skip=skips)


class _Expected:
    """What is allowed to one program, worked out once for each promise."""

    def __init__(self, litmus: Litmus, trial: _Trial) -> None:
        self.litmus = litmus
        self.trial = trial
        self._known: dict[Promise, Allowed] = {}

    def under(self, promise: Promise) -> Allowed:
        """Return what is allowed under a promise."""
        if promise not in self._known:
            self._known[promise] = allowed(self.litmus, promise)
        return self._known[promise]

    def faults(self, seen: Observed, era: str) -> list[_Fault]:
        """Return everything that is wrong with a run under an era."""
        promised = self.under(self.trial.promises(era)) if self.trial.promises else None
        return _faults(seen, self.under(self.trial.wished(era)), promised)


def _run_one(report: Report, litmus: Litmus, seed: int, trial: _Trial) -> None:
    """Run one program under all eras, and note what comes of it."""
    expected = _Expected(litmus, trial)
    shown: set[Registers] = set()
    faulty: dict[str, list[str]] = {}
    for era in trial.eras:
        seen = trial.runner(litmus, era)
        try:
            faults = expected.faults(seen, era)
        except OracleBoundError:
            report.skipped += 1
            continue
        shown |= _count(report, seen, expected.under(trial.wished(era)), faults)
        for kind in dict.fromkeys(fault.kind for fault in faults):
            faulty.setdefault(kind, []).append(era)
    for kind, eras in faulty.items():
        first = _Candidate(litmus, eras[0], trial, kind)
        found = first.small() if len(report.disagreements) < MOST else first
        why = found.faults()[0].says
        report.disagreements.append(Disagreement(seed, tuple(eras), why, found.litmus))
    for final in expected.under(STRICT).finals if shown else ():
        one = Allowed(litmus, STRICT, frozenset({final}))
        report.outcomes += 1
        report.seen += any(one.admits(dict(registers)) for registers in shown)


def _count(report: Report, seen: Observed, strict: Allowed, faults: list[_Fault]) -> set[Registers]:
    """Note the figures of one run, and return its final states that are allowed."""
    fine = {registers for registers, _ in seen.finals if strict.admits(dict(registers))}
    harmless = sum(registers in fine for registers, _ in seen.finals)
    unexplained = sum(fault.kind == "harm" for fault in faults)
    report.runs += 1
    report.states += seen.states
    report.skipped += not seen.complete
    report.stuck += seen.stuck > 0
    report.finals += len(seen.finals)
    report.harmless += harmless
    report.harmful += len(seen.finals) - harmless - unexplained
    return fine


@dataclass(frozen=True, slots=True)
class _Fault:
    """One thing that is wrong: its kind stays while the program shrinks."""

    kind: str
    says: str


def _faults(seen: Observed, strict: Allowed, promised: Allowed | None) -> list[_Fault]:
    """Return everything that is wrong with a run."""
    broken_for_good = sorted(seen.broken - _HARM_ITSELF)
    found = [_Fault(f"broken {name}", f"{name} does not hold") for name in broken_for_good]
    for registers, harms in sorted(seen.finals, key=_order):
        values = dict(sorted(registers))
        violation = strict.first_violation(values)
        if violation is None:
            continue
        marks = {kind for kind, _ in harms}
        if not any(cause <= marks for cause in violation.harms):
            marked = ", ".join(sorted(marks)) or "none"
            found.append(_Fault("harm", f"{violation} (harm on the way: {marked})"))
            continue
        broken = promised.first_violation(values) if promised else None
        if broken and all(cause <= {"wrong"} for cause in broken.harms):
            found.append(_Fault("promise", f"{broken}, which the era promises"))
    return found


def _order(final: tuple[Registers, Harms]) -> tuple[list[tuple[str, int]], list[tuple[str, str]]]:
    return sorted(final[0]), sorted(final[1])


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A program that may show a kind of fault under an era."""

    litmus: Litmus
    era: str
    trial: _Trial
    kind: str

    def faults(self) -> list[_Fault]:
        """Return what it shows of that kind."""
        seen = self.trial.runner(self.litmus, self.era)
        try:
            faults = _Expected(self.litmus, self.trial).faults(seen, self.era)
        except OracleBoundError:
            return []
        return [one for one in faults if one.kind == self.kind]

    def small(self) -> _Candidate:
        """Return the smallest that still shows it."""

        def shows(litmus: Litmus) -> bool:
            return bool(replace(self, litmus=litmus).faults())

        return replace(self, litmus=shrink(self.litmus, shows))
