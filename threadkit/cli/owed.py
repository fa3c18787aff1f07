"""The command that lists what a series owes its reviewers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

import click

from threadkit.cli.analyzing import bring_up_to_date
from threadkit.cli.formats import Listing
from threadkit.cli.options import (
    MessageName,
    archive_of,
    console_of,
    global_options,
    list_options,
)
from threadkit.cli.pieces import joined
from threadkit.pipeline.display import cut, one_line

if TYPE_CHECKING:
    from threadkit.cli.console import Console
    from threadkit.pipeline.owed_view import OwedPoint

_LOOKS = {"owed": "red", "changed": "green", "named": "green", "answered": "green"}


@click.command()
@click.argument("series", type=MessageName())
@click.option("--all", "everything", is_flag=True,
              help="Also points that were taken up or answered, with how that is known.")  # fmt: skip
@list_options()
@global_options
@click.pass_context
def owed(ctx: click.Context, series: str, everything: bool, listing: Listing) -> None:
    """List review points without change or answer.

    SERIES is a patch or cover letter of it. A point is owed if the lines that the reviewer
    quoted stand as they did, the changelog does not speak of it, and nobody replied.

    Exit code 1 if there is none.
    """
    console = console_of(ctx)
    bring_up_to_date(console)
    with archive_of(console) as archive:
        threads = archive.threads_of_series(series)
    for thread in threads:
        bring_up_to_date(console, arguments=True, thread=thread)
    with archive_of(console) as archive:
        found = archive.owed(series)
    still = found.still()
    console.note(f"{len(still)} owed of {len(found)} points of reviews")
    if last := sum(one.facts.fate == "no next revision" for one in found):
        console.note(f"{last} of them of the last revision that is here: nothing took them up yet")
    chosen = found if everything else still
    shown = _show(console, listing, list(islice(chosen, listing.limit)))
    if shown < len(chosen):
        console.note(f"the first {shown} are shown; --limit 0 shows all")
    if not shown:
        ctx.exit(1)


def _show(console: Console, listing: Listing, some: list[OwedPoint]) -> int:
    """Print in the form asked for; return how many."""
    from threadkit.pipeline.owed_view import COLUMNS

    listing.show_each(
        console,
        COLUMNS,
        values=(one.as_json() for one in some),
        lines=(line for one in some for line in _lines(console, one)),
        rows=(one.row() for one in some),
    )
    return len(some)


def _lines(console: Console, one: OwedPoint) -> Iterator[str]:
    """Set a point for reading: what became of it, whose, where, and its words."""
    room = console.columns or 80
    facts = one.facts
    where = f"{facts.file}:{facts.line}" if facts.file else ""
    yield joined(
        console,
        (f"v{facts.revision}", {"bold": True}),
        (facts.fate, {"fg": _LOOKS.get(facts.fate)}),
        (facts.person, {}),
        ((one.utc or "")[:10], {}),
        (where, {"dim": True}),
        (facts.why, {"dim": True}),
        room=room,
    )
    yield cut("    " + one_line(one.text), room)
    yield console.style(cut(one_line(f"    <{facts.message_id}>"), room), dim=True)
