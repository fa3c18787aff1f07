"""Outcomes as text, in the words of the kernel's litmus tools, and as HTML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from threadkit.cow.diagram.words import counted
from threadkit.cow.explore.parting import OutcomeDiff, Parting
from threadkit.cow.litmus.format import format_formula
from threadkit.cow.outcome import Checked, FinalState, Harm, Outcome
from threadkit.cow.views import Step, Trace

LEFT_OUT = (
    "memory barriers and store buffers, NUMA balancing and page migration, memory cgroups,"
    " LRU order, lack of memory, device errors"
)
"""What no verdict of the model says anything about."""

COSTS = "Costs are counts over all interleavings, neither time nor probability"

_ASKED = {"exists": "Allowed", "forall": "Required", "~exists": "Forbidden"}
_AGREES = {True: "agrees", False: "DIFFERS", None: "not compared"}


def outcome_text(outcome: Outcome) -> str:
    """Say an outcome in the words of the kernel's litmus tools.

    Parameters
    ----------
    outcome : Outcome
        Of one scenario under one era.

    Returns
    -------
    str
        Lines; ``*>`` marks a final state in which the formula holds, ``:>`` another.

    References
    ----------
    tools/memory-model/README: States, Witnesses, Observation.
    """
    return "".join(f"{line}\n" for line in _lines(outcome))


def _lines(outcome: Outcome) -> Iterator[str]:
    condition = outcome.run.litmus.condition
    yield f"Test {outcome.scenario} {_ASKED[condition.quantifier]}"
    yield f"Question {outcome.question}"
    yield f"Era {outcome.era} (model {outcome.model})"
    yield from younger(outcome)
    yield f"States {len(outcome.finals)}"
    shared = _shared(outcome.finals)
    for final in outcome.finals:
        yield _final(final, shared)
    if shared:
        yield f"In all of them {_values(shared)}"
    if outcome.ok is not None:
        yield "Ok" if outcome.ok else "No"
    yield "Witnesses"
    yield f"Positive: {outcome.positive} Negative: {outcome.negative}"
    yield f"Condition {condition.quantifier} ({format_formula(condition.formula)})"
    yield f"Observation {outcome.scenario} {answer_words(outcome)}"
    if outcome.deterministic:
        yield "Deterministic: nothing runs in parallel"
    for harm in outcome.harms:
        yield _harm(harm)
    yield from _costs(outcome)
    yield from _bounds(outcome)
    litmus = outcome.run.litmus
    yield from (f"Needs {need}" for need in litmus.needs)
    yield from (f"Note {note}" for note in outcome.notes)
    if litmus.beside:
        yield f"Beside {' '.join(litmus.beside)}"
    for checked in outcome.expectations:
        yield _expected(checked)


def _shared(finals: tuple[FinalState, ...]) -> tuple[tuple[str, str], ...]:
    """Return the values that are the same in all of several final states."""
    if len(finals) < 2:
        return ()
    others = [set(final.values) for final in finals[1:]]
    return tuple(row for row in finals[0].values if all(row in other for other in others))


def _values(values: Iterable[tuple[str, str]]) -> str:
    return " ".join(f"{name}={value};" for name, value in values)


def _final(final: FinalState, without: tuple[tuple[str, str], ...] = ()) -> str:
    mark = "*>" if final.satisfies else ":>"
    shown = _values(row for row in final.values if row not in without)
    return f"{mark} {shown}" + (f" [{', '.join(final.harms)}]" if final.harms else "")


def younger(outcome: Outcome, who: str = "this era") -> Iterator[str]:
    """Say what a scenario uses that no kernel of its era had.

    Parameters
    ----------
    outcome : Outcome
        Of one scenario under one era.
    who : str, optional
        What the era is called.

    Yields
    ------
    str
        A line without its end: names with the releases that brought them, and what the
        answer is without them.

    Examples
    --------
    >>> from threadkit.cow.library import scenario
    >>> print(*younger(scenario("S5t").run("B")))
    Younger than this era: thp (2.6.38); the answer is what the rules would do
    """
    named: dict[str, list[str]] = {}
    for one in outcome.absent:
        what = one.instead or "the answer is what the rules would do"
        named.setdefault(what, []).append(f"{one.name} ({one.since})")
    for what, names in named.items():
        yield f"Younger than {who}: {', '.join(names)}; {what}"


def answer_words(outcome: Outcome) -> str:
    """Say a verdict with its counts of final states, or why there is none.

    Parameters
    ----------
    outcome : Outcome
        Of one scenario under one era.

    Returns
    -------
    str
        As behind ``Observation`` and the scenario's name.

    Examples
    --------
    >>> from threadkit.cow.library import scenario
    >>> answer_words(scenario("S4").run("C")), answer_words(scenario("S4").run("C", bound=3))
    ('Never 0 1', 'unknown beyond 3 states 0 0')
    """
    counts = f"{outcome.positive} {outcome.negative}"
    if outcome.verdict == "not decided here":
        return f"not decided here {counts} (needs {' and '.join(outcome.needs)})"
    if outcome.verdict != "unknown":
        return f"{outcome.verdict} {counts}"
    if outcome.coverage.complete:
        return f"unknown {counts} (no interleaving ends)"
    return f"unknown beyond {outcome.coverage.states} states {counts}"


def _harm(harm: Harm) -> str:
    what = f"{harm.kind} COW" if harm.kind != "broken" else "broken invariant"
    often = "in every interleaving" if harm.always else "in some interleaving"
    after = "" if harm.trace is None else f", soonest after {_length(harm.trace)}"
    return f"Harm {what} {harm.invariant} {often}{after}"


def _length(trace: Trace) -> str:
    return counted(len(trace.steps), "step")


def _costs(outcome: Outcome) -> Iterator[str]:
    for name, ends in outcome.costs.items():
        if any(ends):
            yield f"Cost {name} {_range(ends)}"
    if any(most for _, most in outcome.costs.values()):
        yield COSTS


def _range(ends: tuple[int, int]) -> str:
    least, most = ends
    return f"{least}" if least == most else f"{least}..{most}"


def coverage_words(outcome: Outcome) -> Iterator[str]:
    """Say where an answer is less than it looks: who waits for ever, and what a bound hid.

    Parameters
    ----------
    outcome : Outcome
        Of one scenario under one era.

    Yields
    ------
    str
        A line without its end; none if everything ended and everything was looked at.
    """
    coverage = outcome.coverage
    if coverage.stuck:
        yield f"Stuck {counted(coverage.stuck, 'final state')} in which an actor waits for ever"
    if coverage.endless:
        yield f"Endless {counted(coverage.endless, 'state')} from which no interleaving ends"
    if not coverage.complete:
        yield (
            f"Bound {coverage.bound} states reached: what comes after them was not looked at,"
            " and neither Never nor Always is claimed; try a larger one (--bound)"
        )


def _bounds(outcome: Outcome) -> Iterator[str]:
    coverage, litmus = outcome.coverage, outcome.run.litmus
    ops = litmus.ops()
    yield from coverage_words(outcome)
    yield (
        f"Explored {counted(coverage.states, 'state')}, {counted(coverage.steps, 'step')}"
        f" ({'reduced' if coverage.reduced else 'not reduced'});"
        " their number is no probability"
    )
    if outcome.verdict != "Sometimes":
        yield (
            f"Within sequential consistency, {counted(len({op.actor for op in ops}), 'actor')},"
            f" {counted(len(ops), 'statement')}, {counted(len(litmus.pages), 'page')} of two slots"
        )
        yield f"Left out {LEFT_OUT}"


def caveats(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Say once, for several outcomes, how far their verdicts go and what costs are not.

    Parameters
    ----------
    outcomes : sequence of Outcome
        Of one scenario.

    Yields
    ------
    str
        A line on bounds where something is said to be never or always; one on costs.
    """
    if any(outcome.verdict in ("Never", "Always") for outcome in outcomes):
        most = max(outcome.coverage.states for outcome in outcomes)
        yield (
            "Never and Always hold within sequential consistency, for what the scenario does,"
            f" in all of at most {counted(most, 'state')} an era. Left out: {LEFT_OUT}"
        )
    if any(most for outcome in outcomes for _, most in outcome.costs.values()):
        yield COSTS


def _expected(checked: Checked) -> str:
    expected = checked.expectation
    flag = "" if expected.status == "confirmed" else f" ({expected.status})"
    return f"Expect {expected.verdict}{flag} {_AGREES[checked.agrees]}: {expected.source}"


def diff_text(diff: OutcomeDiff) -> str:
    """Say what tells two eras apart.

    Parameters
    ----------
    diff : OutcomeDiff
        Of one scenario under two eras.

    Returns
    -------
    str
        Lines; ``-`` marks what only the left has, ``+`` what only the right has.
    """
    return "".join(f"{line}\n" for line in _diff_lines(diff))


def _diff_lines(diff: OutcomeDiff) -> Iterator[str]:
    left, right = diff.left, diff.right
    yield f"{left.scenario}: {left.question}"
    yield f"- {left.era}: {answer_words(left)}"
    yield f"+ {right.era}: {answer_words(right)}"
    shared = _shared(diff.only_left + diff.only_right)
    for sign, finals in (("-", diff.only_left), ("+", diff.only_right)):
        yield from (f"{sign} {_final(final, shared)}" for final in finals)
    for sign, marks in (("-", diff.harms_left), ("+", diff.harms_right)):
        yield from (f"{sign} harm {kind} {invariant}" for kind, invariant in marks)
    for sign, outcome in (("-", left), ("+", right)):
        yield from (f"{sign} {line}" for line in (*younger(outcome), *coverage_words(outcome)))
    for name, ours, theirs in diff.costs:
        yield f"- cost {name} {_range(ours)}"
        yield f"+ cost {name} {_range(theirs)}"
    if diff.same:
        yield "Nothing that one can observe differs"
    if diff.parting is not None:
        yield from _parting(diff, diff.parting)
    yield from caveats((left, right))


def _parting(diff: OutcomeDiff, parting: Parting) -> Iterator[str]:
    yield (
        f"They part at statement {parting.index + 1}, {parting.actor}: {parting.op}"
        f" (order of moves: {parting.schedule})"
    )
    for sign, outcome, steps in (
        ("-", diff.left, parting.left),
        ("+", diff.right, parting.right),
    ):
        yield f"{sign} {outcome.era}: {_steps(steps)}"


def _steps(steps: tuple[Step, ...]) -> str:
    words = (f"{step.function}: {step.says}" if step.says else step.function for step in steps)
    return "; ".join(words) or "cannot move"


def outcome_html(outcome: Outcome) -> str:
    """Show an outcome in a notebook: one interleaving as pictures, and the text.

    Parameters
    ----------
    outcome : Outcome
        Of one scenario under one era.

    Returns
    -------
    str
        An HTML fragment. The pictures are of a shortest way to where the formula holds, or
        if it never does, to where it does not; none if the run was asked for no traces.
    """
    from threadkit.cow.diagram.trace import text_html, trace_html

    trace = outcome.witness or outcome.counter
    pictures = "" if trace is None else trace_html(trace)
    return pictures + text_html(outcome_text(outcome))


def diff_html(diff: OutcomeDiff) -> str:
    """Show what tells two eras apart in a notebook.

    Parameters
    ----------
    diff : OutcomeDiff
        Of one scenario under two eras.

    Returns
    -------
    str
        An HTML fragment: the steps that both share, then those where they part, side by
        side, and the text.
    """
    from threadkit.cow.diagram.sides import diff_html as drawn
    from threadkit.cow.diagram.trace import text_html

    parting = diff.parting
    pictures = ""
    if parting is not None:
        pictures = drawn(parting.left_trace, parting.right_trace, parts=True)
    return pictures + text_html(diff_text(diff))
