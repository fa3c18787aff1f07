"""The command that lists cited commits, or goes from a commit to its discussion."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

import click

from threadkit.cli.analyzing import bring_up_to_date
from threadkit.cli.formats import Listing, dump
from threadkit.cli.options import (
    MessageName,
    archive_of,
    console_of,
    global_options,
    list_options,
)
from threadkit.pipeline.display import counted, cut, one_line

if TYPE_CHECKING:
    from threadkit.cli.console import Console
    from threadkit.pipeline.commits_view import CitedCommit

_ROLES = ("supports", "blames", "reverts", "backports", "fixes", "history", "mentions")
_PLACES = 6


@click.command()
@click.argument("thread", required=False, type=MessageName())
@click.option("--of", "sha", metavar="SHA", help="The other way: the discussion of this commit.")
@click.option("--role", type=click.Choice(_ROLES), help="Only commits that are cited for this.")
@click.option("--unknown", is_flag=True, help="Only commits that are unknown here.")
@list_options()
@global_options
@click.pass_context
def commits(
    ctx: click.Context,
    thread: str | None,
    sha: str | None,
    role: str | None,
    unknown: bool,
    listing: Listing,
) -> None:
    """List cited commits: by whom, where, what for.

    THREAD is any mail of the conversation; without it, those of all mails. With --of
    SHA, the mails that became a commit and their discussion: by Link, by patch-id, by
    subject and author, with the rule and how sure it is.

    Exit code 1 if there is none.
    """
    if sha is not None and (thread or role or unknown):
        raise click.UsageError("--of goes with none of THREAD, --role and --unknown")
    console = console_of(ctx)
    bring_up_to_date(console)
    with archive_of(console) as archive:
        if sha is not None:
            from threadkit.cli.commit_of import show_discussion

            if not show_discussion(console, listing, archive, sha):
                ctx.exit(1)
            return
        found = archive.commits(thread)
        some = [
            one
            for one in found
            if (role is None or role in one.roles) and not (unknown and one.facts)
        ]
        shown = _show(console, listing, some)
    if shown < len(some):
        console.note(f"the first {shown} are shown; --limit 0 shows all")
    if not shown:
        ctx.exit(1)


def _show(console: Console, listing: Listing, some: list[CitedCommit]) -> int:
    """Print in the form asked for; return how many."""
    from threadkit.pipeline.commits_view import COLUMNS

    chosen = list(islice(some, listing.limit))
    if listing.format in ("json", "nl") and not listing.columns:
        lines = [dump(console, one.as_json()) for one in chosen]
        if listing.format == "json":
            lines = [_in_array(line, at, len(lines)) for at, line in enumerate(lines)] or ["[]"]
        console.write(lines)
    elif listing.format is None and console.tty and not listing.columns:
        console.write(_blocks(console, chosen))
    else:
        listing.show(console, COLUMNS, (one.row() for one in chosen))
    return len(chosen)


def _in_array(line: str, at: int, count: int) -> str:
    return ("[" if not at else " ") + line + ("]" if at == count - 1 else ",")


def _blocks(console: Console, some: list[CitedCommit]) -> Iterator[str]:
    """Set commits for reading: what each is, its relatives, where it is cited."""
    room = console.columns or 80
    for at, one in enumerate(some):
        if at:
            yield ""
        name = console.style(one.name[:12], fg="yellow")
        yield f"{name} {console.style(cut(one_line(one.subject), room - 13), bold=True)}".rstrip()
        for line in _facts(one):
            yield cut(f"    {line}", room)
        for title in one.other_titles:
            yield console.style(cut(f"    cited as {one_line(title)!r}", room), fg="red")
        for place in one.places[:_PLACES]:
            role = place.role or "mentions"
            who = f"{(place.date_utc or '')[:10]:10}  {role:9}  {one_line(place.person)}"
            yield cut(f"    {who}  <{one_line(place.message_id)}>", room)
        if len(one.places) > _PLACES:
            yield f"    and {counted(len(one.places) - _PLACES, 'more place')}"


def _facts(one: CitedCommit) -> Iterator[str]:
    """Say what is known of a commit, or what to do to know it."""
    facts = one.facts
    if facts is None:
        yield f"unknown here ({one.why}): threadkit fetch {one.name} [--git DIR]"
        yield from (f"could be {one_line(candidate)}" for candidate in one.candidates)
        return
    day = (facts.author_utc or facts.committer_utc or "no date")[:10]
    known = {"yes": "in mainline", "no": "not in mainline", "not checked": "mainline not checked"}
    said = (one_line(facts.author), day, facts.release, known[facts.mainline])
    yield ", ".join(part for part in said if part)
    for relative in one.relatives:
        yield f"{relative.kind} {relative.sha[:12] or relative.written} {one_line(relative.subject)}"
    for mail in one.mails:
        verb = {"becomes": "was", "discusses": "discussed in"}.get(mail.kind, "may have been")
        yield f"{verb} <{one_line(mail.message_id)}> ({mail.rule}, {mail.score:.2f})"
