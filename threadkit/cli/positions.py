"""The command that shows who stands where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
from threadkit.pipeline.display import cut, fit, one_line

if TYPE_CHECKING:
    from threadkit.cli.console import Console
    from threadkit.pipeline.positions_view import Holder, Positions

SIGNS = {"agree": "+", "disagree": "-", "mixed": "+-", "undecided": "?", "neutral": "."}
"""How views stand in a table; in colour and without."""

LEGEND = (
    "+ agrees", "- disagrees", "+- both", "? undecided", ". asks or answers", "> changed side",
    "! concedes",
)  # fmt: skip
_LOOKS = {"agree": "green", "disagree": "red", "mixed": "yellow"}
_LEAST_TEXT = 24
_NAME = 9
_CONCESSIONS = 8  # so many are shown, more only of sure ones


@click.command()
@click.argument("thread", required=False, type=MessageName(), metavar="[THREAD]")
@click.option("--list", "as_list", is_flag=True, help="A list, however wide the terminal is.")
@list_options(limit=12)
@global_options
@click.pass_context
def positions(ctx: click.Context, thread: str | None, as_list: bool, listing: Listing) -> None:
    """Show who stands where, and who gave in.

    THREAD is any mail of a conversation; without it all are shown, one after the other.
    Matters are the patches and what most people take sides on, at most N of a conversation.
    Silence is no view; what rests on candidates or irony is undecided.

    Who concedes what is listed below them, a candidate with a question mark; with --json,
    and in rows of kind "concession", all of these.

    Exit code 1 if nobody takes a side or gives in.
    """
    console = console_of(ctx)
    bring_up_to_date(console, arguments=True, thread=thread)
    with archive_of(console) as archive:
        found = archive.each_positions(thread, most=listing.limit)
        shown = _show(console, listing, found, as_list=as_list)
    if not shown:
        ctx.exit(1)


def _show(console: Console, listing: Listing, found: Iterable[Positions], *, as_list: bool) -> int:
    """Print in the form asked for; return how many matters there are."""
    from threadkit.pipeline.positions_view import COLUMNS

    some = list(found)
    # The limit is of matters, which are rows of several people each.
    Listing(listing.format, listing.headers, listing.columns, None).show_each(
        console,
        COLUMNS,
        values=(one.as_json() for one in some),
        lines=(line for one in some for line in lines_of(console, one, as_list=as_list)),
        rows=(row for one in some for row in one.rows()),
    )
    if len(some) == 1:
        console.note(f"{some[0].coverage}, found automatically")
    return sum(len(one) + len(one.concessions) for one in some)


def lines_of(console: Console, one: Positions, *, as_list: bool = False) -> Iterator[str]:
    """Set the positions of a conversation for reading.

    Parameters
    ----------
    console : Console
        For its colours and width.
    one : Positions
        To be shown.
    as_list : bool, optional
        A list even where a table has room.

    Yields
    ------
    str
        A table of matters and people where the terminal is wide enough, else a list.
    """
    room = console.columns or 80
    yield console.style(cut(one_line(one.subject), room), bold=True)
    if not one:
        yield from _conceded(console, one, room)
        return
    names = max(len("patch" if matter.kind == "patch" else matter.name) for matter in one)
    text = room - names - 1 - (_NAME + 1) * len(one.people)
    if as_list or text < _LEAST_TEXT:
        yield from _list(console, one, room)
        return
    heads = "".join(f" {fit(_short(person), _NAME)}" for person in one.people).rstrip()
    yield console.style(" " * (names + 1 + text) + heads, dim=True)
    for matter in one:
        of = {each.person: each for each in matter.people}
        name = "patch" if matter.kind == "patch" else matter.name
        cells = "".join(
            " " + console.style(fit(_sign(of[p]), _NAME), fg=_LOOKS.get(of[p].now))
            if p in of
            else " " * (_NAME + 1)
            for p in one.people
        )
        yield f"{fit(name, names)} {fit(one_line(matter.text), text)}{cells}".rstrip()
    yield from (console.style(line, dim=True) for line in _legend(room))
    yield from _conceded(console, one, room)


def _list(console: Console, one: Positions, room: int) -> Iterator[str]:
    from threadkit.pipeline.positions_view import sided

    for matter in one:
        name = "patch" if matter.kind == "patch" else matter.name
        yield ""
        yield cut(f"{name}  {one_line(matter.text)}", room)
        for each in sided(matter.people):
            sign = _sign(each)
            yield console.style(
                cut(one_line(f"  {sign:4} {each.person}: {each.course}"), room),
                fg=_LOOKS.get(each.now),
            )
    yield ""
    yield from (console.style(line, dim=True) for line in _legend(room))
    yield from _conceded(console, one, room)


def _conceded(console: Console, one: Positions, room: int) -> Iterator[str]:
    """Set who gave in: what is sure, then the likeliest candidates, in the order of time."""
    sure = [each for each in one.concessions if each.sure]
    maybe = sorted((each for each in one.concessions if not each.sure), key=lambda c: -c.score)
    shown = set(sure) | set(maybe[: max(0, _CONCESSIONS - len(sure))])
    if shown:
        yield ""
    for each in one.concessions:
        if each not in shown:
            continue
        what = f" {each.to}" if each.to.startswith("c") and "@" not in each.to else ""
        sign = "!" if each.sure else "?"
        said = f"{sign} {(each.utc or '')[:10]} {each.person} concedes{what}: {each.text}"
        yield cut(one_line(said), room).rstrip()
    left = len(one.concessions) - len(shown)
    if left:
        said = f"? {left} more may be concessions: --json"
        yield console.style(cut(said, room), dim=True)


def _legend(room: int) -> Iterator[str]:
    """Say what the signs mean, in as many lines as that takes."""
    line = ""
    for one in LEGEND:
        if line and len(line) + 2 + len(one) > room:
            yield line
            line = ""
        line += f"  {one}" if line else one
    yield cut(line, room)


def _sign(one: Holder) -> str:
    """Write a view as a sign, with marks for a change of side and a concession."""
    sign = SIGNS.get(one.now, one.now)
    return f"{'>' if one.changes else ''}{sign}{'!' if one.concedes else ''}"


def _short(person: str) -> str:
    """Return the last word of a name, or the name of an address."""
    words = person.partition("@")[0].split()
    return one_line(words[-1]) if words else "?"
