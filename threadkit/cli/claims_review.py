"""The command that walks a person through claims, one at a time."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from threadkit.cli.analyzing import bring_up_to_date
from threadkit.cli.options import MessageName, archive_of, console_of, global_options
from threadkit.errors import ThreadkitError

if TYPE_CHECKING:
    from threadkit.cli.console import Console
    from threadkit.pipeline.claim_review import Review

KEYS = "a accept  r reject  e edit  k kind  s skip  u undo  q quit"
_KINDS = {
    "m": "mechanism", "g": "guarantee", "p": "performance", "h": "history", "r": "proposal",
    "o": "opinion",
}  # fmt: skip
_END = frozenset({"q", "\x04", "\x1b"})
_INTERRUPT = "\x03"


@click.command()
@click.argument("thread", required=False, type=MessageName(), metavar="[THREAD]")
@click.option("--only-automatic", is_flag=True, help="Leave candidates out.")
@global_options
@click.pass_context
def review(ctx: click.Context, thread: str | None, only_automatic: bool) -> None:
    """Walk through claims that nobody has looked at: accept, reject or mend each.

    Whatever is decided is kept at once; Ctrl-C ends the walk like q. What is accepted is
    shown as such and may be published; what is rejected is not shown any more.

    Exit code 1 if there is none to look at.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise click.UsageError("review needs a terminal; 'claims edit' and 'claims correct' do not")
    console = console_of(ctx)
    bring_up_to_date(console, arguments=True, thread=thread)
    from threadkit.pipeline.claim_review import review as begin

    with archive_of(console) as archive:
        walk_ = begin(archive, thread, candidates=not only_automatic)
    if walk_.current is None:
        console.note("no claim that nobody has looked at")
        ctx.exit(1)
    try:
        walk(console, walk_)
    except (KeyboardInterrupt, EOFError):
        click.echo()
    finally:
        walk_.finish()
    left = len(walk_.claims) - walk_.at
    console.note(f"{walk_.accepted} accepted, {walk_.rejected} rejected, {left} not looked at")


def walk(console: Console, one: Review) -> None:
    """Show claim after claim and do what the keys say.

    Parameters
    ----------
    console : Console
        Of this run.
    one : Review
        At its first claim.
    """
    from threadkit.cli.claim_lines import detail

    shown: tuple[int, int] | None = None
    changes = 0
    while one.current is not None:
        if shown != (one.at, changes):
            click.echo()
            for line in detail(console, one.detail()):
                click.echo(line, color=console.colored)
            shown = (one.at, changes)
        click.echo(f"\n{one.at + 1} of {len(one.claims)}   {KEYS}")
        key = click.getchar()
        if key == _INTERRUPT:
            raise KeyboardInterrupt
        if key in _END:
            return
        try:
            changes += _do(console, one, key)
        except ThreadkitError as error:
            click.echo(f"threadkit: {error}")


def _do(console: Console, one: Review, key: str) -> int:
    """Do what a key says; 1 if the claim is to be shown anew."""
    from threadkit.pipeline.claim_edits import Edit

    if key == "a":
        one.decide("accepted")
    elif key == "r":
        one.decide("rejected")
    elif key == "s":
        one.skip()
    elif key == "u":
        if not one.undo():
            click.echo("there is nothing to take back")
        return 1
    elif key == "k":
        click.echo("  ".join(f"{letter} {kind}" for letter, kind in _KINDS.items()))
        kind = _KINDS.get(click.getchar())
        if kind is not None:
            one.correct(Edit({"kind": kind}))
            return 1
    elif key == "e":
        from threadkit.cli.claims_edit import in_editor

        wanted = in_editor(console, one.current or "")
        if wanted != Edit():
            one.correct(wanted)
            return 1
    return 0
