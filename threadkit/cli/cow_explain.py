"""The command that tells one scenario step by step, in words and pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from threadkit.cli.cow_options import BOUND_HELP, complete_era, complete_scenario
from threadkit.cli.options import console_of, global_options

if TYPE_CHECKING:
    from collections.abc import Iterable

    from threadkit.cli.console import Console
    from threadkit.cow.explore.parting import OutcomeDiff
    from threadkit.cow.outcome import Outcome

WIDTH_IN_A_PIPE = 100


@click.command()
@click.argument("scenario", metavar="NAME|FILE", shell_complete=complete_scenario)
@click.option("--era", default="mm_id", show_default=True, shell_complete=complete_era)
@click.option("--against", metavar="KEY", shell_complete=complete_era, help="Beside a second era.")
@click.option("--detail", is_flag=True, help="One paragraph a step, not one a statement.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "html", "svg"]),
    default="text",
    show_default=True,
    help="Prose for a terminal, a page, or one picture.",
)
@click.option(
    "--bound", type=click.IntRange(1), default=200_000, show_default=True, help=BOUND_HELP
)
@global_options
@click.pass_context
def explain(
    ctx: click.Context,
    scenario: str,
    era: str,
    against: str | None,
    detail: bool,
    form: str,
    bound: int,
) -> None:
    """Tell a scenario step by step, with a picture of the state behind each.

    With --against: what two eras share, and then the step where they part.

    Exit code 1 if there is no way to tell: no interleaving ends, or none within the bound.
    """
    from threadkit.cow.library import scenario as find

    console = console_of(ctx)
    found = find(scenario)
    outcome = found.run(era, bound=bound)
    if against is None:
        console.write(_told(console, outcome, detail, form))
    else:
        other = found.run(against, bound=bound)
        console.write(_both(console, outcome.diff(other), detail, form))


def _told(console: Console, outcome: Outcome, detail: bool, form: str) -> Iterable[str]:
    """Tell one outcome."""
    from threadkit.cow import explain as told
    from threadkit.cow.diagram import html_page

    if form == "html":
        return [html_page(told.heading(outcome), told.explain_html(outcome, detail=detail))]
    if form == "svg":
        return [told.explain_svg(outcome, detail=detail)]
    width = console.columns or WIDTH_IN_A_PIPE
    return told.explain_text(outcome, width=width, ascii_only=console.plain_ascii, detail=detail)


def _both(console: Console, diff: OutcomeDiff, detail: bool, form: str) -> Iterable[str]:
    """Tell two outcomes up to where they part."""
    from threadkit.cow import against as told
    from threadkit.cow.diagram import html_page

    if form == "html":
        return [html_page(told.heading(diff), told.against_html(diff, detail=detail))]
    if form == "svg":
        return [told.against_svg(diff, detail=detail)]
    width = console.columns or WIDTH_IN_A_PIPE
    return told.against_text(diff, width=width, ascii_only=console.plain_ascii, detail=detail)
