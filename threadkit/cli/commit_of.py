"""A commit with the mails that became it and its discussion, set for reading and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from threadkit.cli.formats import Listing, envelope
from threadkit.pipeline.display import counted, cut, one_line

if TYPE_CHECKING:
    from threadkit.cli.console import Console
    from threadkit.commits.relations import Relation
    from threadkit.pipeline.archive import Archive
    from threadkit.pipeline.discussion import Discussion
    from threadkit.store.links import Linked

_TITLES = {
    "becomes": "Made from",
    "discusses": "Discussed in",
    "candidate": "Could be (none is sure)",
}
_SHOWN = ("fixes", "reverts", "backports", "cherry-picks", "closes", "bug", "stable", "depends")


def show_discussion(console: Console, listing: Listing, archive: Archive, name: str) -> int:
    """Print the mails of a commit in the form asked for.

    Parameters
    ----------
    console : Console
        Where to.
    listing : Listing
        JSON gives one object with everything, other forms one row a mail.
    archive : Archive
        Analyzed.
    name : str
        The hash of the commit, or its beginning.

    Returns
    -------
    int
        Mails printed.

    Raises
    ------
    NotFound, Ambiguous
        The commit is not here, or more than one begins so.
    """
    from threadkit.pipeline.discussion import COLUMNS

    found = archive.discussion(name)
    if listing.format == "json" and not listing.columns:
        console.write([envelope(console, found.as_json())])
        return len(found.mails)
    if listing.format is None and console.tty and not listing.columns:
        console.write(discussion_lines(console, found, listing.limit))
        return len(found.mails)
    if not found.mails and found.citing:
        console.note(
            f"no mail here became it; cited by {counted(found.citing, 'mail')}: show {name}"
        )
    return listing.show(console, COLUMNS, found.rows())


def discussion_lines(
    console: Console, found: Discussion, limit: int | None = None
) -> Iterator[str]:
    """Set a commit and its mails for reading.

    Parameters
    ----------
    console : Console
        For its colours and width.
    found : Discussion
        The commit.
    limit : int or None
        Mails to show; None for all.

    Yields
    ------
    str
        Lines without ends.
    """
    room = console.columns or 80
    commit = found.stored.commit
    sha = console.style(commit.sha[:12], fg="yellow")
    yield f"{sha} {console.style(cut(one_line(commit.subject), room - 13), bold=True)}"
    day = (commit.author.date_utc or "no date")[:10]
    against = f" ({found.stored.checked_against})" if found.stored.checked_against else ""
    where = found.stored.release or f"mainline: {found.stored.mainline}{against}"
    yield cut(f"    {one_line(commit.author.name)}, {day}, {one_line(where)}", room)
    for relation in found.relations:
        if relation.kind in _SHOWN:
            yield cut(f"    {_relation(relation)}", room)
    for relative in found.relatives:
        yield cut(f"    {relative.kind} {relative.sha[:12]} {one_line(relative.subject)}", room)
    kind = ""
    for one in found.mails[:limit]:
        if one.kind != kind:
            kind = one.kind
            yield ""
            yield console.style(_TITLES[kind], bold=True)
        yield from _mail_lines(console, one, room)
    if limit is not None and len(found.mails) > limit:
        yield f"and {counted(len(found.mails) - limit, 'more mail')}; --limit 0 shows all"
    if not found.mails:
        yield ""
        yield "No mail here became it, and it links none."
        if found.citing:
            yield f"cited by {counted(found.citing, 'mail')}: threadkit show {commit.sha[:12]}"
    if found.conversations:
        yield ""
        yield console.style("Conversations", bold=True)
        for talk in found.conversations:
            yield cut(f"    {counted(talk.mails, 'mail'):>9}  {one_line(talk.subject)}", room)
            yield console.style(cut(f"               <{one_line(talk.root)}>", room), dim=True)


def _relation(one: Relation) -> str:
    title = f'("{one_line(one.title)}")' if one.title else ""
    return " ".join(filter(None, [one.kind, one_line(one.value), title]))


def _mail_lines(console: Console, one: Linked, room: int) -> Iterator[str]:
    """Set one mail: its subject, its id, and how the link is known."""
    day = (one.date_utc or "")[:10]
    subject = f"{day}  {one_line(one.person)}  {one_line(one.subject)}" if one.here else "not here"
    yield cut(f"    {subject}", room)
    yield console.style(cut(f"    <{one_line(one.message_id)}>", room), dim=True)
    detail = f"; {one_line(one.detail)}" if one.detail and one.detail != "not here" else ""
    yield cut(f"        {one.rule}, {one.score:.2f}{detail}", room)
