"""The command that runs one scenario."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from threadkit.cli.cow_options import chosen_eras, complete_scenario, era_options
from threadkit.cli.formats import dump, envelope
from threadkit.cli.options import console_of, global_options

if TYPE_CHECKING:
    from threadkit.cli.console import Console
    from threadkit.cow.outcome import Outcome

WIDTH_IN_A_PIPE = 100


@click.command()
@click.argument("scenario", metavar="NAME|FILE", shell_complete=complete_scenario)
@era_options
@click.option("--trace", is_flag=True, help="Show the shortest way there, step by step.")
@click.option("--no-reduce", is_flag=True, help="No partial-order reduction: more states.")
@click.option("--invariants", is_flag=True, help="Look at every state for broken invariants, too.")
@click.option(
    "--bound", type=click.IntRange(1), default=200_000, show_default=True, help="Most states."
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

    console = console_of(ctx)
    found = find(scenario)
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
        console.write(_grouped(console, outcomes, trace))
    if not all(outcome.coverage.complete for outcome in outcomes):
        ctx.exit(1)


def _whole(console: Console, outcome: Outcome, trace: bool) -> Iterator[str]:
    """Say everything about one era."""
    yield from outcome.text().splitlines()
    yield from _counterparts(console, [outcome])
    if trace:
        yield from _trace(console, outcome)


def _trace(console: Console, outcome: Outcome) -> Iterator[str]:
    """Show a shortest way to where the condition holds, or if it never does, to the end."""
    from threadkit.cow.diagram import trace_text

    found = outcome.witness or outcome.counter
    if found is None:
        yield "No interleaving ends, so there is no way to show"
        return
    width = console.columns or WIDTH_IN_A_PIPE
    yield ""
    yield from trace_text(found, width, ascii_only=console.plain_ascii, detail=True)


def _grouped(console: Console, outcomes: list[Outcome], trace: bool) -> Iterator[str]:
    """Say what several eras answer; those that answer alike once."""
    litmus = outcomes[0].run.litmus
    yield f"{litmus.name}: {litmus.question}"
    groups: dict[tuple[object, ...], list[Outcome]] = {}
    for outcome in outcomes:
        marks = tuple((harm.kind, harm.invariant) for harm in outcome.harms)
        key = (outcome.verdict, outcome.positive, outcome.negative, marks)
        groups.setdefault((*key, tuple(outcome.costs.items())), []).append(outcome)
    for alike in groups.values():
        yield ""
        yield from _group(console, alike, trace)
    for note in litmus.notes:
        yield f"\nNote {note}"
    yield from _counterparts(console, outcomes)
    yield f"\nMore: threadkit cow run {litmus.name} --era KEY --trace"


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
            yield f"  {one.name} {other.verdict}{f' [{harms}]' if harms else ''}: {one.question}"
        return
    table = matrix_of(found, [era(outcome.era) for outcome in outcomes])
    yield "\nBeside it:"
    yield from (f"{one.name}: {one.question}" for one in found)
    yield ""
    yield from matrix_text(table, console.columns or 10_000, ascii_only=console.plain_ascii)


def _group(console: Console, alike: list[Outcome], trace: bool) -> Iterator[str]:
    """Say what some eras answer together."""
    first = alike[0]
    yield console.style(
        f"Observation {first.scenario} {first.verdict} {first.positive} {first.negative}",
        bold=True,
    )
    yield f"  under {', '.join(outcome.era for outcome in alike)}"
    for harm in first.harms:
        what = "broken invariant" if harm.kind == "broken" else f"{harm.kind} COW"
        often = "in every interleaving" if harm.always else "in some interleaving"
        yield f"  {what} ({harm.invariant}) {often}"
    shown = [
        f"{name} {least}" if least == most else f"{name} {least}..{most}"
        for name, (least, most) in first.costs.items()
        if most
    ]
    if shown:
        yield f"  cost: {', '.join(shown)}"
    for outcome in alike:
        for checked in outcome.expectations:
            if checked.agrees is False:
                wanted = checked.expectation
                yield f"  {outcome.era}: {wanted.verdict} is expected ({wanted.source})"
    if trace:
        yield from _trace(console, first)
