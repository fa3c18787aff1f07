"""The mails of a site: light rows of all of them, in reading order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from sqlite3 import Connection
from typing import TYPE_CHECKING

from threadkit.pipeline.display import cut
from threadkit.pipeline.sites.bounds import TITLE, short
from threadkit.site.names import file_name
from threadkit.site.values import Mail
from threadkit.store.beginnings import beginnings

if TYPE_CHECKING:
    from threadkit.pipeline.message import Message

_EXCERPT = 160
_ENOUGH = 20
"""Characters of a paragraph that says something; a greeting has fewer."""


def page_name(message_id: str, imposter: int = 0) -> str:
    """Return the beginning of the names of a mail's files.

    Parameters
    ----------
    message_id : str
        Without brackets.
    imposter : int, optional
        Number of another mail with the same Message-ID.

    Examples
    --------
    >>> page_name("a@example.org"), page_name("a@example.org", 1)
    ('a@example.org', 'a@example.org~i1')
    """
    return file_name(message_id) + (f"~i{imposter}" if imposter else "")


def rows(
    conn: Connection,
    messages: Sequence[Message],
    people: Mapping[int, str],
    *,
    commits: Mapping[str, Sequence[str]],
    where: str = "thread",
) -> list[Mail]:
    """Make the rows of mails.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    messages : sequence of Message
        In reading order, ghosts included.
    people : mapping of int to str
        Who wrote each, by row id.
    commits : mapping of str to sequence of str
        Hashes that each cites, by Message-ID.
    where : str, optional
        Thread, before or after.

    Returns
    -------
    list of Mail
        In the same order; claims are added when they are known.
    """
    words = excerpts(conn, [one.id for one in messages if not one.ghost])
    made = []
    for one in messages:
        made.append(
            Mail(
                message_id=one.message_id,
                name="" if one.ghost else page_name(one.message_id, one.imposter),
                person=people.get(one.id, ""),
                utc=one.shown_utc or None,
                subject=short(one.subject, TITLE),
                parent=one.parent,
                seen=not one.ghost,
                ghost=one.ghost,
                loose=one.loose,
                where=where,
                excerpt=words.get(one.id, ""),
                commits=() if one.imposter else tuple(commits.get(one.message_id, ())),
                imposter=one.imposter,
            )
        )
    return made


def excerpts(conn: Connection, ids: Iterable[int]) -> dict[int, str]:
    """Read how the own words of mails begin, in one line.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    ids : iterable of int
        ``message.id`` values.

    Returns
    -------
    dict of int to str
        The first paragraph that is more than a greeting; by row id.
    """
    found: dict[int, str] = {}
    for id_, text in beginnings(conn, ids):
        if len(found.get(id_, "")) < _ENOUGH:
            said = " ".join(text.split())
            found[id_] = max(found.get(id_, ""), cut(said, _EXCERPT), key=len)
    return found


def title(subject: str) -> str:
    """Return the title of a conversation.

    Parameters
    ----------
    subject : str
        Of its first mail.

    Examples
    --------
    >>> title(" [PATCH] mm:  fix "), title("")
    ('[PATCH] mm: fix', '(no subject)')
    """
    return short(" ".join(subject.split()), TITLE) or "(no subject)"
