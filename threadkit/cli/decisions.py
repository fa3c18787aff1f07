"""The command that lists what was settled."""

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
from threadkit.pipeline.display import counted, cut, one_line

if TYPE_CHECKING:
    from threadkit.cli.console import Console
    from threadkit.pipeline.decisions_view import Decision


@click.command()
@click.argument("thread", required=False, type=MessageName(), metavar="[THREAD]")
@click.option("--include-candidates", "candidates", is_flag=True,
              help="Also those that are not sure enough.")  # fmt: skip
@list_options()
@global_options
@click.pass_context
def decisions(ctx: click.Context, thread: str | None, candidates: bool, listing: Listing) -> None:
    """List what was applied, refused or dropped.

    THREAD is any mail of a conversation.

    Exit code 1 if there is none.
    """
    console = console_of(ctx)
    bring_up_to_date(console, arguments=True, thread=thread)
    states = ("automatic", "accepted", *(("candidate",) if candidates else ()))
    with archive_of(console) as archive:
        found = archive.decisions(thread, states=states)
    shown = _show(console, listing, list(islice(found, listing.limit)))
    if found.candidates:
        many = counted(found.candidates, "candidate")
        console.note(f"{many} not sure enough to be shown: --include-candidates")
    if shown < len(found):
        console.note(f"the first {shown} are shown; --limit 0 shows all")
    if not shown:
        ctx.exit(1)


def _show(console: Console, listing: Listing, some: list[Decision]) -> int:
    """Print in the form asked for; return how many."""
    from threadkit.pipeline.decisions_view import COLUMNS

    listing.show_each(
        console,
        COLUMNS,
        values=(one.as_json() for one in some),
        lines=(line for one in some for line in brief(console, one)),
        rows=(one.row() for one in some),
    )
    return len(some)


def brief(console: Console, one: Decision) -> Iterator[str]:
    """Set one decision among others: what, by whom, when, about what, in which words.

    Parameters
    ----------
    console : Console
        For its colours and width.
    one : Decision
        To be shown.

    Yields
    ------
    str
        Two or three lines; none is wider than the terminal.
    """
    room = console.columns or 80
    facts = one.facts
    yield joined(
        console,
        (facts.kind, {"bold": True}),
        (facts.person, {}),
        ((facts.utc or "")[:10], {}),
        ("" if facts.state == "accepted" else f"{facts.state} {facts.score:.2f}", {"dim": True}),
        room=room,
    )
    yield cut("    " + one_line(one.text), room)
    about = ", ".join(filter(None, (facts.about, facts.detail)))
    if about:
        yield console.style(cut(one_line(f"    about {about}"), room), dim=True)
