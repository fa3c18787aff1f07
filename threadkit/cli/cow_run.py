"""The command that runs one scenario."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from textwrap import wrap
from typing import TYPE_CHECKING

import click

from threadkit.cli.cow_options import BOUND_HELP, chosen_eras, complete_scenario, era_options
from threadkit.cli.formats import dump, envelope
from threadkit.cli.options import console_of, global_options

if TYPE_CHECKING:
    from threadkit.cli.console import Console
    from threadkit.cow.eras.features import Feature
    from threadkit.cow.outcome import Harm, Outcome
    from threadkit.cow.views import Trace

WIDTH_IN_A_PIPE = 100


@click.command()
@click.argument("scenario", metavar="NAME|FILE", shell_complete=complete_scenario)
@era_options
@click.option("--trace", is_flag=True, help="Show the shortest ways there, and to each harm.")
@click.option("--no-reduce", is_flag=True, help="No partial-order reduction: more states.")
@click.option("--invariants", is_flag=True, help="Look at every state for broken invariants, too.")
@click.option(
    "--bound", type=click.IntRange(1), default=200_000, show_default=True, help=BOUND_HELP
)
@click.option("--json", "as_json", is_flag=True, help="One object for one era, else an array.")
@global_options
@click.pass_context
def run(
    ctx: click.Context,
    scenario: str,
    era: tuple[str, ...],
    all_eras: bool,
    trace: bool,
    no_reduce: bool,
    invariants: bool,
    bound: int,
    as_json: bool,
) -> None:
    """Try every interleaving of a scenario and say what can be seen at the end.

    Without --era under all base eras; eras with one answer stand together.

    Exit code 1 if a bound stopped the search.
    """
    from threadkit.cow.library import scenario as find
    from threadkit.cow.suite.golden import mistakes_of

    console = console_of(ctx)
    found = find(scenario)
    for mistake in mistakes_of(found):
        console.note(f"{found.name}: {mistake}")
    eras = chosen_eras(era, all_eras)
    outcomes = [
        found.run(one, reduce=not no_reduce, bound=bound, invariants=invariants) for one in eras
    ]
    if as_json:
        objects: list[dict[str, object]] = [outcome.to_dict() for outcome in outcomes]
        text = envelope(console, objects[0]) if len(eras) == 1 else dump(console, objects, indent=2)
        console.write([text])
    elif len(eras) == 1:
        console.write(_whole(console, outcomes[0], trace))
    else:
        console.write(_grouped(console, outcomes, trace, scenario))
    if not all(outcome.coverage.complete for outcome in outcomes):
        ctx.exit(1)


def _whole(console: Console, outcome: Outcome, trace: bool) -> Iterator[str]:
    """Say everything about one era."""
    for line in outcome.text().splitlines():
        yield from _wrapped(console, line)
    yield from _counterparts(console, [outcome])
    if trace:
        yield from _trace(console, outcome)


def _wrapped(console: Console, line: str) -> Iterator[str]:
    """Break a line at the width of the terminal; in a pipe it stays whole."""
    if console.columns is None or len(line) <= console.columns:
        yield line
        return
    indent = " " * (len(line) - len(line.lstrip()))
    yield from wrap(line, console.columns, subsequent_indent=f"{indent}  ", break_on_hyphens=False)


def _trace(console: Console, outcome: Outcome) -> Iterator[str]:
    """Show a shortest way to where the condition holds (if it never does: fails), and to each harm.

    One way that does for several is shown once.
    """
    from threadkit.cow.diagram import trace_text

    ways: dict[tuple[object, ...], tuple[Trace, list[str]]] = {}
    for what, found in _ways(outcome):
        if found is not None:
            same = tuple((step.actor, step.function, step.says) for step in found.steps)
            ways.setdefault(same, (found, []))[1].append(what)
    if not ways:
        yield "No interleaving ends, so there is no way to show"
    width = console.columns or WIDTH_IN_A_PIPE
    for found, reasons in ways.values():
        yield ""
        yield from _wrapped(console, f"A shortest way to: {', '.join(reasons)}")
        yield from trace_text(found, width, ascii_only=console.plain_ascii, detail=True)


def _ways(outcome: Outcome) -> Iterator[tuple[str, Trace | None]]:
    """Name the traces of an outcome by what is at their end, the condition's first."""
    if outcome.witness is not None:
        yield "the condition holds", outcome.witness
    else:
        yield "an end, where the condition does not hold", outcome.counter
    yield from ((_harm(harm), harm.trace) for harm in outcome.harms)


def _grouped(console: Console, outcomes: list[Outcome], trace: bool, typed: str) -> Iterator[str]:
    """Say what several eras answer; those that answer alike once."""
    from threadkit.cow.explore.report import caveats

    litmus = outcomes[0].run.litmus
    yield from _wrapped(console, f"{litmus.name}: {litmus.question}")
    groups: dict[tuple[object, ...], list[Outcome]] = {}
    for outcome in outcomes:
        marks = tuple((harm.kind, harm.invariant) for harm in outcome.harms)
        found = (outcome.positive, outcome.negative, marks, tuple(outcome.costs.items()))
        limits = (outcome.coverage.stuck, outcome.coverage.endless, outcome.coverage.complete)
        younger = tuple(one for one in outcome.absent if not one.instead)
        groups.setdefault((outcome.verdict, *found, *limits, younger), []).append(outcome)
    for alike in groups.values():
        yield ""
        yield from _group(console, alike, trace)
    for note in dict.fromkeys(note for outcome in outcomes for note in outcome.notes):
        yield ""
        yield from _wrapped(console, f"Note {note}")
    for line in caveats(outcomes):
        yield ""
        yield from _wrapped(console, line)
    yield from _counterparts(console, outcomes)
    yield f"\nMore: threadkit cow run {shlex.quote(typed)} --era KEY --trace"


def _counterparts(console: Console, outcomes: list[Outcome]) -> Iterator[str]:
    """Show a scenario together with those that it names as counterparts.

    A rule that passes one of them fails another; who sees the one should see both.
    """
    from threadkit.cow.diagram.matrix import matrix_text
    from threadkit.cow.eras import era
    from threadkit.cow.library import scenario, scenario_names
    from threadkit.cow.suite import matrix_of

    litmus = outcomes[0].run.litmus
    known = scenario_names()
    found = [scenario(name) for name in litmus.beside if name in known]
    if not found:
        return
    if len(outcomes) == 1:
        for one in found:
            other = one.run(outcomes[0].era, traces=False)
            harms = ", ".join(dict.fromkeys(harm.kind for harm in other.harms))
            said = f"  {one.name} {other.verdict}{f' [{harms}]' if harms else ''}: {one.question}"
            yield from _wrapped(console, said)
        return
    table = matrix_of(found, [era(outcome.era) for outcome in outcomes])
    yield "\nBeside it:"
    for one in found:
        yield from _wrapped(console, f"{one.name}: {one.question}")
    yield ""
    for line in matrix_text(table, console.columns or 10_000, ascii_only=console.plain_ascii):
        yield from _wrapped(console, line)


def _group(console: Console, alike: list[Outcome], trace: bool) -> Iterator[str]:
    """Say what some eras answer together."""
    from threadkit.cow.explore.report import answer_words, coverage_words

    first = alike[0]
    yield console.style(f"Observation {first.scenario} {answer_words(first)}", bold=True)
    for line in (f"under {', '.join(outcome.era for outcome in alike)}", *_younger(alike)):
        yield from _wrapped(console, f"  {line}")
    for harm in first.harms:
        often = "in every interleaving" if harm.always else "in some interleaving"
        yield f"  {_harm(harm)} {often}"
    for line in coverage_words(first):
        yield from _wrapped(console, f"  {line[0].lower()}{line[1:]}")
    shown = [
        f"{name} {least}" if least == most else f"{name} {least}..{most}"
        for name, (least, most) in first.costs.items()
        if most
    ]
    if shown:
        yield from _wrapped(console, f"  cost: {', '.join(shown)}")
    for outcome in alike:
        for checked in outcome.expectations:
            if checked.agrees is False:
                wanted = checked.expectation
                said = f"  {outcome.era}: {wanted.verdict} is expected ({wanted.status}: {wanted.source})"
                yield from _wrapped(console, said)
    if trace:
        yield from _trace(console, first)


def _harm(harm: Harm) -> str:
    """Say a harm in a few words."""
    what = "broken invariant" if harm.kind == "broken" else f"{harm.kind} COW"
    return f"{what} ({harm.invariant})"


def _younger(alike: list[Outcome]) -> Iterator[str]:
    """Say what eras that answer alike did not have yet; of some of them by name."""
    lacking: dict[Feature, list[str]] = {}
    for outcome in alike:
        for one in outcome.absent:
            lacking.setdefault(one, []).append(outcome.era)
    for one, keys in lacking.items():
        everybody = "this era" if len(alike) == 1 else "these eras"
        who = everybody if len(keys) == len(alike) else ", ".join(keys)
        what = one.instead or "the answer is what the rules would do"
        yield f"({one.name} is younger than {who}: {one.since}; {what})"
