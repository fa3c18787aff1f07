"""The command that lists what was asked, and who answered."""

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
    from threadkit.pipeline.questions_view import Question

_LOOKS = {"answered": "green", "taken up": "yellow", "own": "yellow", "no direct reply": "red"}
_SHOWN = {"own": "answered by its author"}


@click.command()
@click.argument("thread", required=False, type=MessageName(), metavar="[THREAD]")
@click.option("--open", "only_open", is_flag=True, help="Only those without a direct reply.")
@click.option("--include-candidates", "candidates", is_flag=True,
              help="Also those that may be no questions.")  # fmt: skip
@list_options()
@global_options
@click.pass_context
def questions(
    ctx: click.Context, thread: str | None, only_open: bool, candidates: bool, listing: Listing
) -> None:
    """List what was asked, who answered, and what is open.

    THREAD is any mail of a conversation. A question without a direct reply may be taken up
    in another branch or later: then that mail is named.

    Exit code 1 if there is none.
    """
    console = console_of(ctx)
    bring_up_to_date(console, arguments=True, thread=thread)
    states = ("automatic", "accepted", *(("candidate",) if candidates else ()))
    with archive_of(console) as archive:
        found = archive.questions(thread, only_open=only_open, states=states)
    shown = _show(console, listing, list(islice(found, listing.limit)))
    if found.candidates:
        many = counted(found.candidates, "candidate")
        console.note(f"{many} not sure enough to be shown: --include-candidates")
    if shown < len(found):
        console.note(f"the first {shown} are shown; --limit 0 shows all")
    if not shown:
        ctx.exit(1)


def _show(console: Console, listing: Listing, some: list[Question]) -> int:
    """Print in the form asked for; return how many."""
    from threadkit.pipeline.questions_view import COLUMNS

    listing.show_each(
        console,
        COLUMNS,
        values=(one.as_json() for one in some),
        lines=(line for one in some for line in brief(console, one)),
        rows=(one.row() for one in some),
    )
    return len(some)


def brief(console: Console, one: Question) -> Iterator[str]:
    """Set one question among others: what became of it, who asks, its words, its answers.

    Parameters
    ----------
    console : Console
        For its colours and width.
    one : Question
        To be shown.

    Yields
    ------
    str
        Two lines, and one an answer; none is wider than the terminal.
    """
    room = console.columns or 80
    facts = one.facts
    said = _SHOWN.get(facts.outcome, facts.outcome)
    yield joined(
        console,
        (one.id, {"bold": True}),
        (said, {"fg": _LOOKS.get(facts.outcome)}),
        (facts.person, {"dim": True}),
        ((facts.utc or "")[:10], {"dim": True}),
        room=room,
    )
    yield cut("    " + one_line(one.text), room)
    for answer in facts.answers:
        when = (answer.utc or "")[:10]
        text = f"    {answer.person}, {when}, {answer.how} <{answer.message_id}>"
        yield console.style(cut(one_line(text), room), dim=True)
