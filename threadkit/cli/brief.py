"""The command that tells what is new in a conversation."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, islice
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
    from threadkit.pipeline.brief_view import BriefView, Item

_TITLES = {
    "refusal": "Refused", "decision": "Decided", "trailer": "Given", "turn": "Changed sides",
    "shift": "Stands otherwise", "claim": "New claims", "answer": "Answered",
    "open": "Without a direct reply",
}  # fmt: skip


@click.command()
@click.argument("thread", metavar="ID", type=MessageName())
@click.option("--since", metavar="DATE", required=True, help="2020-09, 2.weeks.ago ...")
@click.option("--include-candidates", "candidates", is_flag=True,
              help="Also claims that are not sure enough.")  # fmt: skip
@list_options()
@global_options
@click.pass_context
def brief(ctx: click.Context, thread: str, since: str, candidates: bool, listing: Listing) -> None:
    """Tell what is new in a conversation.

    ID is any mail of it.

    Exit code 1 if nothing is new.
    """
    console = console_of(ctx)
    bring_up_to_date(console, arguments=True, thread=thread)
    states = ("automatic", "accepted", *(("candidate",) if candidates else ()))
    with archive_of(console) as archive:
        found = archive.brief(thread, since, states=states)
    items = list(islice(found.items, listing.limit))
    _show(console, listing, found, items)
    if found.candidates:
        many = counted(found.candidates, "candidate")
        console.note(f"{many} not sure enough to be shown: --include-candidates")
    if len(items) < len(found.items):
        console.note(f"the first {len(items)} are shown; --limit 0 shows all")
    if not items:
        ctx.exit(1)


def _show(console: Console, listing: Listing, found: BriefView, items: list[Item]) -> None:
    """Print in the form asked for."""
    from threadkit.pipeline.brief_view import COLUMNS

    console.note(found.summary)
    listing.show_each(
        console,
        COLUMNS,
        values=(one._asdict() for one in items),
        lines=_lines(console, found, items),
        rows=items,
    )


def _lines(console: Console, found: BriefView, items: list[Item]) -> Iterator[str]:
    """Set a brief for reading, section after section."""
    room = console.columns or 80
    yield console.style(cut(one_line(found.subject), room), bold=True)
    for what, some in groupby(items, key=lambda one: one.what):
        yield ""
        yield console.style(_TITLES[what], bold=True)
        for one in some:
            yield "  " + joined(
                console,
                (one.claim, {"bold": True}),
                ((one.utc or "")[:10], {}),
                (one.person, {}),
                (one.detail, {"dim": True}),
                (one.state if one.state != "accepted" else "", {"dim": True}),
                room=room - 2,
            )
            if one.text:
                yield cut("      " + one_line(one.text), room)
