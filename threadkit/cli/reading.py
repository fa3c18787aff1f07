"""Commands that list: threads, search, people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from threadkit.cli.formats import Listing, Row
from threadkit.cli.options import archive_of, console_of, global_options, list_options

if TYPE_CHECKING:
    from threadkit.cli.console import Console
    from threadkit.store.search import Hit
    from threadkit.store.values import StoredThread

SEARCH_HELP = """Find mails by words, people, dates, files.

\b
  page_count do_wp_page()      both words; identifiers stay whole, pin finds pinned
  "copy on write"  word*       a phrase; a beginning
  s:subject f:from t:to c:cc   tc: to or cc; a: any of the three
  b:body nq:own-text q:quoted  l:list mid:message-id dfn:file
  d:2020-08..2020-09           d:20200801..  d:..2020-09-01  d:last.month..
  AND OR NOT -word ( )         newest hits first; --rank for the best first
"""


@click.command()
@click.argument("query", nargs=-1)
@list_options(limit=20)
@global_options
@click.pass_context
def threads(ctx: click.Context, query: tuple[str, ...], listing: Listing) -> None:
    """List conversations, newest mail first.

    Only those in which a mail answers QUERY, if one is given (see 'search --help').

    Exit code 1 if there is none.
    """
    console = console_of(ctx)
    with archive_of(console) as archive:
        found = archive.threads(" ".join(query) or None, limit=_one_more(listing))
    columns = ("root", "messages", "people", "first_utc", "last_utc", "subject")
    shown = listing.show(
        console,
        columns,
        map(_thread_row, found),
        on_terminal=("root", "messages", "people", "last_utc", "subject"),
    )
    _finish(ctx, listing, shown, len(found))


@click.command(help=SEARCH_HELP)
@click.argument("words", nargs=-1, required=True)
@click.option("--rank", is_flag=True, help="Best hits first, of the newest 2,000 that match.")
@click.option("--exact", is_flag=True, help="With --rank: score every hit, however many.")
@click.option("--threads", "by_thread", is_flag=True, help="One row a conversation.")
@list_options(limit=20)
@global_options
@click.pass_context
def search(
    ctx: click.Context,
    words: tuple[str, ...],
    rank: bool,
    exact: bool,
    by_thread: bool,
    listing: Listing,
) -> None:
    """Find mails."""
    if by_thread:
        ctx.invoke(threads, query=words, **_raw(listing))
        return
    console = console_of(ctx)
    with archive_of(console) as archive:
        found = archive.search(
            " ".join(words),
            limit=listing.limit or 2**31,
            order="rank" if rank or exact else "new",
            exact=exact,
        )
    columns: tuple[str, ...] = ("message_id", "date_utc", "from", "subject", "where", "line")
    if rank or exact:
        columns = (*columns, "score")
    if console.tty and listing.format is None:
        console.write(_hit_lines(console, found))
        shown = len(found)
    else:
        shown = listing.show(console, columns, (_hit_row(hit, len(columns)) for hit in found))
    if found.bounded:
        console.note("ranked among the newest 2,000 hits; --exact scores them all")
    _finish(ctx, listing, shown, shown + found.more)


@click.command()
@list_options(limit=50)
@global_options
@click.pass_context
def people(ctx: click.Context, listing: Listing) -> None:
    """List people, their addresses, and why these are one."""
    console = console_of(ctx)
    with archive_of(console) as archive:
        found = archive.people(limit=_one_more(listing))
    columns = ("id", "name", "email", "messages", "first_utc", "last_utc", "addresses", "why")
    rows = (
        (
            one.id,
            one.name,
            one.email,
            one.message_count,
            one.first_utc,
            one.last_utc,
            "; ".join(one.addresses),
            "; ".join(one.merges),
        )
        for one in found
    )
    shown = listing.show(console, columns, rows, on_terminal=("name", "email", "messages", "why"))
    _finish(ctx, listing, shown, len(found))


def _one_more(listing: Listing) -> int | None:
    """Ask for one row beyond the limit, to know whether there are more."""
    return None if listing.limit is None else listing.limit + 1


def _finish(ctx: click.Context, listing: Listing, shown: int, found: int) -> None:
    """Say that there is more than is shown; end with 1 if there was nothing."""
    if found > shown:
        console_of(ctx).note(f"the first {shown} are shown; --limit 0 shows all")
    if not shown:
        ctx.exit(1)


def _raw(listing: Listing) -> dict[str, object]:
    """Give a listing back as the options that made it."""
    return {
        "format": listing.format,
        "no_headers": not listing.headers,
        "columns": ",".join(listing.columns),
        "limit": listing.limit or 0,
    }


def _thread_row(one: StoredThread) -> Row:
    return (
        one.root,
        one.message_count,
        len(one.people),
        one.first_utc,
        one.last_utc,
        one.subject,
    )


def _hit_row(hit: Hit, count: int) -> Row:
    one = hit.message
    who = one.person or one.from_email
    row = (one.message_id, one.date_utc, who, one.subject, hit.where, hit.line, hit.score)
    return row[:count]


def _hit_lines(console: Console, hits: Sequence[Hit]) -> Iterator[str]:
    """Set hits for reading: a line of facts, then the line that matches, marked."""
    from threadkit.pipeline.display import cut, one_line

    room = console.columns or 80
    for hit in hits:
        one = hit.message
        when = (one.date_utc or one.received_utc or "")[:10]
        who = one_line(one.person or one.from_email)
        facts = f"{when}  {who}  {one_line(one.subject)}"
        yield console.style(cut(facts, room), bold=True)
        yield console.style(cut(f"    <{one_line(one.message_id)}>", room), dim=True)
        if hit.line and hit.where != "subject":
            mark = "  > " if hit.where == "quoted" else "    "
            yield mark + _marked(console, hit, room - len(mark))


def _marked(console: Console, hit: Hit, room: int) -> str:
    """Mark the words that match; a line too long is cut around the first of them."""
    from threadkit.pipeline.display import one_line, width

    first = hit.marks[0][0] if hit.marks else 0
    begin = 0 if width(hit.line) <= room else max(0, first - room // 3)
    text, at = ("…" if begin else ""), begin
    used = len(text)
    for start, stop in (*hit.marks, (len(hit.line), len(hit.line))):
        for piece, hot in ((hit.line[at:start], False), (hit.line[start:stop], True)):
            clean = one_line(piece)
            if used + width(clean) > room:
                return text + clean[: max(0, room - used - 1)] + "…"
            used += width(clean)
            text += console.style(clean, fg="red", bold=True) if hot and clean else clean
        at = max(at, stop)
    return text
