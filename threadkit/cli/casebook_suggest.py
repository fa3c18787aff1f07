"""The command that proposes scenarios for claims of a casebook."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from threadkit.cli.casebook_load import DEFAULT
from threadkit.cli.formats import Listing
from threadkit.cli.options import archive_of, console_of, global_options, list_options
from threadkit.pipeline.display import counted, cut, one_line

if TYPE_CHECKING:
    from threadkit.cli.console import Console
    from threadkit.pipeline.casebook_suggest import Suggested


@click.command(
    epilog="""\b
threadkit casebook suggest --claim 9
threadkit casebook suggest my-thread --yaml"""
)
@click.argument("casebook", default=DEFAULT, metavar="[NAME|DIR]")
@click.option("--claim", "claims", type=int, multiple=True, metavar="ID",
              help="Only for this claim; without, for all that have no scenario.")  # fmt: skip
@click.option("--most", type=click.IntRange(min=1), metavar="N", help="So many a claim (5).")
@click.option("--yaml", "as_yaml", is_flag=True, help="YAML to paste, with what is left to say.")
@click.option("--write", "is_written", is_flag=True,
              help="Add them to the files in DIR as comments.")  # fmt: skip
@list_options()
@global_options
@click.pass_context
def suggest(
    ctx: click.Context,
    casebook: str,
    claims: tuple[int, ...],
    most: int | None,
    as_yaml: bool,
    is_written: bool,
    listing: Listing,
) -> None:
    """Propose scenarios of the model for claims, with what speaks for each.

    Compared are commits and mails that both name, what happens in the scenario and in the
    claim, their words, and which scenarios similar claims were given. A score of 1 is as much
    as there can be. A claim without a gist is compared by its passage, if the mail is in the
    database. A person decides: nothing enters the casebook by itself.

    Exit code 1 if there is nothing to propose.
    """
    from threadkit.pipeline.casebook_suggest import COLUMNS, suggestions, write_suggestions

    if is_written and not Path(casebook).is_dir():
        raise click.UsageError("--write: the folder of a casebook is needed")
    console = console_of(ctx)
    with archive_of(console) as archive:
        here = archive if console.db.is_file() else None
        every = suggestions(casebook, claims, most=most, archive=here)
    some = [one for one in every if one.suggestions or claims][: listing.limit]
    if mute := sum(not one.suggestions for one in every):
        console.note(f"{counted(mute, 'claim')} for which nothing speaks for any scenario")
    if as_yaml:
        console.write(line for one in some if one.suggestions for line in one.yaml())
    elif not is_written:
        listing.show_each(
            console,
            COLUMNS,
            values=(one.as_json() for one in some),
            lines=(line for one in some for line in lines_of(console, one)),
            rows=(row for one in some for row in one.rows()),
        )
    if is_written:
        for file, many in write_suggestions(Path(casebook), some).items():
            console.write([one_line(f"{file}: {counted(many, 'suggestion')} added as comments")])
    if not any(one.suggestions for one in some):
        ctx.exit(1)


def lines_of(console: Console, one: Suggested) -> Iterator[str]:
    """Say what is proposed for a claim.

    Parameters
    ----------
    console : Console
        For its colours and width.
    one : Suggested
        The claim with its proposals.

    Yields
    ------
    str
        The claim, and two lines a proposal; none is wider than the terminal.
    """
    room = console.columns or 100
    yield console.style(cut(one_line(f"{one.claim.id}  {one.claim.gist}"), room), bold=True)
    if not one.suggestions:
        yield "    nothing speaks for any scenario"
    for each in one.suggestions:
        yield cut(one_line(f"    {each.score:.2f}  {each.scenario}  {each.question}"), room)
        yield console.style(cut(one_line(f"          {'; '.join(each.why)}"), room), dim=True)
