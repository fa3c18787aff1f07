"""The command that lists series of patches, and compares their revisions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from threadkit.cli.analyzing import bring_up_to_date
from threadkit.cli.formats import Listing, dump, envelope
from threadkit.cli.options import (
    MessageName,
    archive_of,
    console_of,
    global_options,
    list_options,
)
from threadkit.pipeline.display import cut, one_line, printable

if TYPE_CHECKING:
    from threadkit.cli.console import Console
    from threadkit.pipeline.series_view import PatchSeries, RangeDiff

_LOOKS = {"+": "green", "-": "red", "@": "cyan"}
_MARKS = {"!": "yellow", "<": "red", ">": "green"}
_PATCHES = 8
_TERMINAL = ("title", "author", "revisions", "patches", "last_utc", "fate")


@click.command()
@click.argument("name", required=False, type=MessageName())
@click.argument("revisions", nargs=-1)
@click.option("--diff", is_flag=True, help="The range-diff of two revisions (the last two).")
@click.option("--creation-factor", type=click.IntRange(0, 1_000_000), metavar="PERCENT",
              help="With --diff: the greater, the sooner two unlike patches are a pair (60).")  # fmt: skip
@list_options(limit=50)
@global_options
@click.pass_context
def series(
    ctx: click.Context,
    name: str | None,
    revisions: tuple[str, ...],
    diff: bool,
    creation_factor: int | None,
    listing: Listing,
) -> None:
    """List series of patches and what became of them.

    NAME is any mail of a conversation: then the series posted in it. With --diff the
    series that NAME is a patch of is compared with itself: its last two revisions, the
    one before REVISION and that, or two: threadkit series ID --diff v1 v3.

    Exit code 1 if there is none.
    """
    if revisions and not diff:
        raise click.UsageError("REVISIONS go with --diff")
    if creation_factor is not None and not diff:
        raise click.UsageError("--creation-factor goes with --diff")
    if diff and (name is None or len(revisions) > 2):
        raise click.UsageError("--diff goes with NAME and at most two revisions")
    console = console_of(ctx)
    bring_up_to_date(console)
    with archive_of(console) as archive:
        if diff and name is not None:
            old, new = (None, None, *revisions)[-2:]
            factor = 60 if creation_factor is None else creation_factor
            found = archive.one_series(name).range_diff(old, new, creation_factor=factor)
            _show_diff(console, listing, found)
            return
        most = None if listing.limit is None else listing.limit + 1
        every = archive.series(name, limit=most)
        some = every[: listing.limit]
        _show(console, listing, list(some), single=name is not None)
    if len(some) < len(every):
        console.note(f"the first {len(some)} are shown; --limit 0 shows all")
    if not some:
        ctx.exit(1)


def _show(console: Console, listing: Listing, some: list[PatchSeries], *, single: bool) -> None:
    """Print in the form asked for; of one conversation a terminal shows all there is."""
    from threadkit.pipeline.series_view import COLUMNS

    if listing.format in ("json", "nl") and not listing.columns:
        lines = [dump(console, one.as_json()) for one in some]
        if listing.format == "json":
            lines = [_in_array(line, at, len(lines)) for at, line in enumerate(lines)] or ["[]"]
        console.write(lines)
    elif single and console.tty and listing.format is None and not listing.columns:
        console.write(_blocks(console, some))
    else:
        listing.show(console, COLUMNS, (one.row() for one in some), on_terminal=_TERMINAL)


def _in_array(line: str, at: int, count: int) -> str:
    return ("[" if not at else " ") + line + ("]" if at == count - 1 else ",")


def _blocks(console: Console, some: list[PatchSeries]) -> Iterator[str]:
    """Set series for reading: what each is, what became of it, its revisions."""
    room = console.columns or 80
    for at, one in enumerate(some):
        if at:
            yield ""
        facts = one.facts
        yield console.style(cut(one_line(facts.title), room), bold=True)
        yield cut(f"    {one_line(facts.author)}  <{one_line(facts.key)}>", room)
        fate = console.style(facts.fate, fg="green" if "merged" in facts.fate else "yellow")
        yield f"    {fate}: {cut(one_line(facts.why), max(1, room - 6 - len(facts.fate)))}"
        for line in _revisions(one):
            yield cut(line, room)
        for other in one.related:
            said = f"may be one with <{one_line(other.series)}> ({other.rule}, {other.score:.2f})"
            yield cut(f"    {said}", room)
        for talk in one.conversations:
            if talk.how == "links":
                yield cut(f"    linked in <{one_line(talk.root)}> {one_line(talk.subject)}", room)


def _revisions(one: PatchSeries) -> Iterator[str]:
    """Write a line a revision, and one for what is not here."""
    if one.absent:
        yield f"    not here: {', '.join(f'v{number}' for number in one.absent[:_PATCHES])}"
    for revision in one.revisions:
        facts = revision.facts
        count = f"{revision.count}/{facts.expected}"
        day = (facts.posted_utc or "no date")[:10]
        yield f"    {facts.label:9} {day:10} {count:>7}  {facts.fate}: {one_line(facts.why)}"
        if revision.missing:
            yield f"              patches not here: {_some(revision.missing)}"


def _some(numbers: tuple[int, ...]) -> str:
    """List the first numbers."""
    more = " ..." if len(numbers) > _PATCHES else ""
    return ", ".join(map(str, numbers[:_PATCHES])) + more


def _show_diff(console: Console, listing: Listing, diff: RangeDiff) -> None:
    """Print a range-diff, or its facts as one JSON object."""
    if listing.format in ("json", "nl"):
        pairs = [
            {
                "old": pair.old,
                "mark": pair.mark,
                "new": pair.new,
                "old_message_id": pair.old_patch.name if pair.old_patch else None,
                "new_message_id": pair.new_patch.name if pair.new_patch else None,
                "title": pair.title,
                "diff": pair.diff,
            }
            for pair in diff.pairs
        ]
        value: dict[str, object] = {
            "old": diff.old.facts.message_id,
            "new": diff.new.facts.message_id,
            "pairs": pairs,
        }
        console.write([envelope(console, value)])
        return
    console.note(f"{diff.old.named}, compared with {diff.new.named}")
    if diff.is_apart:
        console.note("no two patches are alike; --creation-factor 999 compares them all the same")
    for one in diff.old, diff.new:
        if one.missing:
            console.note(f"patches of {one.facts.label} not here: {_some(one.missing)}")
    console.write(_colored(console, line) for line in diff.lines())


def _colored(console: Console, line: str) -> str:
    """Give a line git's colours; the mark of the patch itself stays in the text."""
    text = printable(line) if console.tty else line
    if not line.startswith("    "):
        mark = line.split(" ", 2)[1]
        return console.style(text, fg=_MARKS.get(mark), bold=mark == "!")
    return console.style(text, fg=_LOOKS.get(line[4:5]))
