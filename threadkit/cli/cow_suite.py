"""Commands over all scenarios: list, matrix, check, promote."""

from __future__ import annotations

import click

from threadkit.cli.cow_options import chosen_eras, chosen_scenarios, complete_scenario, era_options
from threadkit.cli.formats import Listing, dump, envelope
from threadkit.cli.options import console_of, global_options, list_options

NAMES = click.argument(
    "names", metavar="[NAME|FILE|DIR]...", nargs=-1, shell_complete=complete_scenario
)


@click.command("list")
@NAMES
@list_options()
@global_options
@click.pass_context
def list_scenarios(ctx: click.Context, names: tuple[str, ...], listing: Listing) -> None:
    """List scenarios: name, question, what they refer to."""
    rows = []
    for one in chosen_scenarios(names):
        references = [f"{ref.kind} {ref.name}" for ref in one.litmus.references]
        rows.append(
            (
                one.name,
                one.question,
                " ".join(sorted({op.actor for op in one.litmus.ops()})),
                len(one.litmus.ops()),
                " ".join(one.beside),
                "; ".join(references),
                "; ".join(one.litmus.needs),
            )
        )
    columns = ("name", "question", "actors", "statements", "beside", "references", "needs")
    listing.show(console_of(ctx), columns, rows, on_terminal=("name", "question"))


@click.command()
@click.argument(
    "names", metavar="NAME...", nargs=-1, required=True, shell_complete=complete_scenario
)
@global_options
@click.pass_context
def show(ctx: click.Context, names: tuple[str, ...]) -> None:
    """Print scenarios as they are written, to read or to begin one of your own from."""
    from threadkit.cow.litmus.format import format_litmus

    found = chosen_scenarios(names)
    texts = (format_litmus(one.litmus).splitlines() for one in found)
    console_of(ctx).write(
        line for number, text in enumerate(texts) for line in _apart(number, text)
    )


def _apart(number: int, lines: list[str]) -> list[str]:
    """Put an empty line before every text but the first."""
    return ["", *lines] if number else lines


@click.command()
@global_options
@click.pass_context
def language(ctx: click.Context) -> None:
    """Print the page that describes the language, and since when Linux has its words."""
    from inspect import getdoc

    from threadkit.cow import litmus
    from threadkit.cow.eras.features import FEATURES

    words = (
        f"    {one.name:17} {one.since:7} {one.commit}  {one.checked}"
        + (f" (before: {one.instead})" if one.instead else "")
        for one in FEATURES
    )
    page = (getdoc(litmus) or "").splitlines()
    heading = "**Since when.** Release, commit, and how both were verified; the rest is older::"
    console_of(ctx).write((*page, "", heading, "", *words))


@click.command()
@NAMES
@era_options
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "html", "svg"]),
    default="text",
    show_default=True,
    help="For a terminal, as data, or as a page or picture.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@global_options
@click.pass_context
def matrix(
    ctx: click.Context,
    names: tuple[str, ...],
    era: tuple[str, ...],
    all_eras: bool,
    form: str,
    as_json: bool,
) -> None:
    """Show scenarios by eras: what happens under which kernel's rules."""
    from dataclasses import asdict

    from threadkit.cow.diagram import html_page
    from threadkit.cow.diagram.matrix import matrix_html, matrix_svg, matrix_text
    from threadkit.cow.suite import matrix_of

    console = console_of(ctx)
    found = matrix_of(chosen_scenarios(names), chosen_eras(era, all_eras))
    if as_json or form == "json":
        console.write([envelope(console, asdict(found))])
    elif form == "html":
        console.write([html_page("Copy-on-write: scenarios and eras", matrix_html(found))])
    elif form == "svg":
        console.write([matrix_svg(found)])
    else:
        width = console.columns or 10_000
        console.write(matrix_text(found, width, ascii_only=console.plain_ascii))


@click.command()
@NAMES
@click.option("--json", "as_json", is_flag=True, help="An array, one object a scenario.")
@global_options
@click.pass_context
def check(ctx: click.Context, names: tuple[str, ...], as_json: bool) -> None:
    """Compare scenarios with their .expected files, and with what their sources say.

    Ends with 'N passed, N failed'; exit code 1 if one failed.
    """
    from dataclasses import asdict

    from threadkit.cow.eras import eras
    from threadkit.cow.suite import check as checkups

    console = console_of(ctx)
    results = []
    for one in checkups(chosen_scenarios(names), eras()):
        results.append(one)
        if one.passed or as_json:
            continue
        click.echo(f"{one.name}: FAILED")
        if one.missing:
            click.echo("  it has no .expected file yet (threadkit cow promote writes one)")
        for line in (*one.mistakes, *one.disagreements, *one.difference):
            click.echo(f"  {line}")
    failed = sum(not one.passed for one in results)
    if as_json:
        objects = [{**asdict(one), "passed": one.passed} for one in results]
        console.write([dump(console, objects, indent=2)])
    else:
        click.echo(f"{len(results) - failed} passed, {failed} failed")
    if failed:
        ctx.exit(1)


@click.command()
@NAMES
@global_options
@click.pass_context
def promote(ctx: click.Context, names: tuple[str, ...]) -> None:
    """Write the .expected files anew, from what the model says now.

    Look at the difference first ('threadkit cow check'): a changed verdict is a change
    that readers must hear of.
    """
    from threadkit.cow.eras import eras
    from threadkit.cow.suite import promote as promoted

    changed = 0
    for name, has_changed in promoted(chosen_scenarios(names), eras()):
        changed += has_changed
        if has_changed:
            click.echo(f"{name}: written")
    console_of(ctx).note(f"{changed} written" if changed else "nothing has changed")
