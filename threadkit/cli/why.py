"""The command that goes from a line of code to the debate about it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from threadkit.cli.formats import envelope
from threadkit.cli.options import archive_of, console_of, global_options
from threadkit.pipeline.display import counted, cut, one_line

if TYPE_CHECKING:
    from threadkit.cli.console import Console
    from threadkit.pipeline.why import Raised, Reason

_LINES = 12
_OBJECTIONS = 20


@click.command()
@click.argument("place", metavar="FILE:LINE")
@click.option(
    "--git",
    "clone",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    envvar="THREADKIT_GIT",
    required=True,
    help="The clone that has the file (THREADKIT_GIT).",
)
@click.option("--rev", "revision", default="HEAD", metavar="REV", help="The file as of REV (HEAD).")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@global_options
@click.pass_context
def why(ctx: click.Context, place: str, clone: Path, revision: str, as_json: bool) -> None:
    """From a line to its commit and the discussion.

    FILE is named from the top of the clone; LINE may be FIRST-LAST. The commit is found
    by git blame, its mails as 'commits --of' finds them. Objections are passages of
    replies in those conversations: candidates, with the rule and how sure it is.

    Exit code 1 if no mail here has to do with it.
    """
    from threadkit.pipeline.why import why as find

    console = console_of(ctx)
    with archive_of(console) as archive:
        found = find(archive, clone, place, revision=revision)
        if as_json:
            console.write(
                [envelope(console, {"place": place, "reasons": [one.as_json() for one in found]})]
            )
        else:
            console.write(_lines(console, found))
    if not any(one.discussion.mails for one in found):
        ctx.exit(1)


def _lines(console: Console, found: list[Reason]) -> Iterator[str]:
    """Set everything for reading, commit by commit."""
    from threadkit.cli.commit_of import discussion_lines

    room = console.columns or 80
    for at, reason in enumerate(found):
        if at:
            yield ""
        for line in reason.lines[:_LINES]:
            yield console.style(cut(f"{line.number:5} {one_line(line.text)}", room), fg="cyan")
        if len(reason.lines) > _LINES:
            yield f"      and {counted(len(reason.lines) - _LINES, 'more line')}"
        if reason.lines[0].is_boundary:
            yield "      history is cut here: it may be older"
        yield from discussion_lines(console, reason.discussion)
        if reason.objections:
            yield ""
            yield console.style("Objections (candidates)", bold=True)
            best = sorted(reason.objections, key=_by_score)[:_OBJECTIONS]
            for raised in best:
                yield from _objection(console, raised, room)
            if len(reason.objections) > _OBJECTIONS:
                yield f"    and {counted(len(reason.objections) - _OBJECTIONS, 'weaker one')} (--json)"


def _by_score(raised: Raised) -> tuple[bool, float, str]:
    one = raised.objection
    return not raised.answers_patch, -one.score, one.date_utc or "9"


def _objection(console: Console, raised: Raised, room: int) -> Iterator[str]:
    """Set one objection: who, when, the passage, how it was found."""
    one = raised.objection
    who = one_line(one.person or one.email)
    yield cut(f"    {(one.date_utc or '')[:10]}  {who}: {one_line(one.text)}", room)
    where = "" if raised.answers_patch else "; elsewhere in the conversation"
    later = f"; consents in <{one_line(raised.later)}>" if raised.later else ""
    yield cut(f"        {one.rule}, {one.score:.2f}{where}{later}", room)
    yield console.style(cut(f"        <{one_line(one.message_id)}>", room), dim=True)
