"""The mails of a conversation of which little more is here than the list on a saved page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from threadkit.pipeline.sites.bounds import TITLE, short
from threadkit.pipeline.sites.mails import page_name
from threadkit.site.values import Mail

if TYPE_CHECKING:
    from threadkit.pipeline.sites.people import People
    from threadkit.store.catalog import StoredOverview


def rows(
    listing: Iterable[StoredOverview],
    here: Sequence[tuple[int, Mail]],
    people: People,
) -> list[Mail]:
    """Make the rows of all mails that a page lists.

    Parameters
    ----------
    listing : iterable of StoredOverview
        In the order of the page.
    here : sequence of (int, Mail)
        The mails that are in the database, with their row ids, ghosts included.
    people : People
        Counts who wrote.

    Returns
    -------
    list of Mail
        In the order of the page, which places them too; then mails that it does not list.
        A mail whose Message-ID the page does not tell has no page of its own.
    """
    stored = dict(here)
    made: list[Mail] = []
    above: list[tuple[int, str]] = []  # depth and name of the mails above the next
    for row in listing:
        while above and above[-1][0] >= row.depth:
            above.pop()
        parent = above[-1][1] if above else None
        mail = stored.pop(row.message, None) if row.message is not None else None
        one = _of_row(row, people) if mail is None else mail
        made.append(replace(one, parent=parent))
        above.append((row.depth, one.message_id))
    return [*made, *(mail for mail in stored.values() if not mail.ghost)]


def _of_row(row: StoredOverview, people: People) -> Mail:
    """Make the row of a mail that is not here."""
    found = row.date_utc is not None
    person = people.named(row.author) if found else ""
    people.wrote[person] += bool(person)
    return Mail(
        message_id=row.message_id or f"row {row.position + 1}",
        name=page_name(row.message_id) if row.message_id and found else "",
        person=person,
        utc=row.date_utc,
        subject=short(row.subject, TITLE),
        parent=None,
        seen=False,
        ghost=not found,
        loose=row.match == "loose",
    )
