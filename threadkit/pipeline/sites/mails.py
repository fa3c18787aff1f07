"""The mails of a site: light rows of all of them, in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
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
_AUTHOR = re.compile(r"\AFrom: [^\n]*@[^\n]*\n?")
"""Of a patch that another person wrote: no words of either."""

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


def apart(mails: Iterable[Mail]) -> list[Mail]:
    """Give mails names that differ also where large and small letters are one.

    Parameters
    ----------
    mails : iterable of Mail
        All of a site.

    Returns
    -------
    list of Mail
        In the same order. Of names that differ in case only the first, by code points, stays as
        it is; the others get twelve digits of the SHA-256 of their Message-ID.

    Examples
    --------
    >>> mails = [Mail(one, one, "", None, "", None) for one in ("a@x", "b@x", "A@x")]
    >>> [mail.name for mail in apart(mails)]
    ['a@x~~bd39e6feafd8', 'b@x', 'A@x']
    """
    rows = list(mails)
    first: dict[str, str] = {}
    for name in sorted(mail.name for mail in rows):
        first.setdefault(name.lower(), name)
    made = []
    for mail in rows:
        if first[mail.name.lower()] != mail.name:
            digest = sha256(mail.message_id.encode("utf-8", "surrogatepass")).hexdigest()
            mail = replace(mail, name=f"{mail.name}~~{digest[:12]}")
        made.append(mail)
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
            said = " ".join(_AUTHOR.sub("", text.lstrip()).split())
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
