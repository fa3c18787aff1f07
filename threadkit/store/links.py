"""Which mails became which commits: what is compared, and what was concluded."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from sqlite3 import Connection
from typing import NamedTuple

from threadkit.store.derived import insert

HEAD_CHARACTERS = 20_000
"""So much of a body can say who wrote a patch, and of what it is a backport."""

_COLUMNS = ("sha", "message_id", "kind", "rule", "score", "detail", "run")


class Posting(NamedTuple):
    """A mail that may post a patch; ``emails`` are all addresses of its sender, one a line.

    ``body`` is the beginning of the text. ``patch_id`` is None for a cover letter and
    where the patch is attached.
    """

    message_id: str
    subject: str
    name: str
    email: str
    date_utc: str | None
    body: str
    patch_id: str | None
    is_reply: bool
    root: str
    emails: str
    message: int


class Compared(NamedTuple):
    """What is compared of a commit of the database."""

    sha: str
    subject: str
    body: str
    author_name: str
    author_email: str
    author_utc: str | None
    committer_utc: str | None
    patch_id: str | None
    is_merge: bool
    release: str


@dataclass(frozen=True, slots=True)
class Linked:
    """A mail that has to do with a commit, with the conversation that it stands in.

    Attributes
    ----------
    sha, message_id, kind, rule, score, detail
        As in the table ``commit_mail``.
    here : bool
        Whether the mail is in the database; if not, what follows is empty.
    date_utc : str or None
        ISO 8601 with Z.
    person, subject : str
        Of the mail.
    root : str
        Message-ID of the first mail of its conversation.
    root_subject : str
        Its subject.
    mails : int
        How many mails the conversation has.
    """

    sha: str
    message_id: str
    kind: str
    rule: str
    score: float
    detail: str
    here: bool
    date_utc: str | None
    person: str
    subject: str
    root: str
    root_subject: str
    mails: int


def fingerprint(conn: Connection) -> str:
    """Say in few words what there is to compare; it changes when that does.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> fingerprint(db.conn)
    '0 mails to 0, 0 people, 0 commits, 0 with a patch-id, last '
    >>> db.close()
    """
    queries = (
        "SELECT count(*) FROM body", "SELECT coalesce(max(id), 0) FROM raw",
        "SELECT count(*) FROM person", "SELECT count(*) FROM git_commit",
        "SELECT count(*) FROM git_commit WHERE patch_id IS NOT NULL",
        "SELECT coalesce(max(resolved_utc), '') FROM git_commit",
    )  # fmt: skip
    mails, raw, people, commits, patch_ids, last = (
        conn.execute(query).fetchone()[0] for query in queries
    )
    return (
        f"{mails} mails to {raw}, {people} people, {commits} commits,"
        f" {patch_ids} with a patch-id, last {last}"
    )


def posted_titles(conn: Connection) -> Iterator[tuple[int, str]]:
    """Read the subjects of the mails with patches.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.

    Yields
    ------
    tuple of (int, str)
        Row id of the mail, and its subject.
    """
    return conn.execute(
        "SELECT m.id, m.subject FROM patch p JOIN message m ON m.id = p.message"
        " WHERE m.imposter = 0 AND m.subject IS NOT NULL"
    )


def postings(conn: Connection, only: Iterable[int] | None = None) -> Iterator[Posting]:
    """Read the mails that post patches or cover letters.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    only : iterable of int, optional
        Row ids of mails; None for all.

    Yields
    ------
    Posting
        Those with a diff, a diffstat or a change-id, and those whose subject says that
        they are a patch.
    """
    rows = conn.execute(
        "SELECT m.message_id, coalesce(m.subject, ''), coalesce(a.name, ''),"
        " coalesce(a.email, ''), coalesce(m.date_utc, m.received_utc),"
        " substr(b.text, 1, :head), p.patch_id, m.is_reply, coalesce(r.message_id, m.message_id),"
        " coalesce((SELECT group_concat(email, char(10)) FROM (SELECT DISTINCT o.email"
        " FROM address o WHERE o.person = a.person)), ''), m.id"
        " FROM message m JOIN body b ON b.message = m.id"
        " LEFT JOIN patch p ON p.message = m.id LEFT JOIN address a ON a.id = m.from_address"
        " LEFT JOIN message r ON r.id = m.root"
        " WHERE m.imposter = 0 AND (p.message IS NOT NULL"
        " OR (m.is_reply = 0 AND m.subject LIKE '%[%patch%]%'))"
        " AND (:only IS NULL OR m.id IN (SELECT value FROM json_each(:only))) ORDER BY m.id",
        {"head": HEAD_CHARACTERS, "only": None if only is None else json.dumps(list(only))},
    )
    for *fields, is_reply, root, emails, row in rows:
        yield Posting._make((*fields, is_reply == 1, root, emails, row))


def message_ids(conn: Connection) -> Iterator[str]:
    """Name all mails that are here.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.

    Yields
    ------
    str
        Message-IDs.
    """
    rows = conn.execute("SELECT message_id FROM message WHERE ghost = 0 AND imposter = 0")
    return (message_id for (message_id,) in rows)


def aliases(conn: Connection) -> dict[str, str]:
    """Return the further Message-IDs of mails, and the one that each goes by.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    """
    query = (
        "SELECT a.message_id, m.message_id FROM alias a JOIN message m ON m.id = a.message"
        " WHERE a.message_id <> m.message_id AND m.imposter = 0"
    )
    return dict(conn.execute(query).fetchall())


def compared(conn: Connection) -> Iterator[Compared]:
    """Read the commits of the database, without their diffs.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.

    Yields
    ------
    Compared
        In the order of their hashes.
    """
    rows = conn.execute(
        "SELECT sha, subject, body, author_name, author_email, author_utc, committer_utc,"
        " patch_id, is_merge, coalesce(release, '') FROM git_commit ORDER BY sha"
    )
    for *fields, is_merge, release in rows:
        yield Compared._make((*fields, is_merge == 1, release))


def replace_links(
    conn: Connection, run: int, rows: Iterable[tuple[str, str, str, str, float, str]]
) -> None:
    """Store the mails of all commits, in place of those of the run before.

    Parameters
    ----------
    conn : sqlite3.Connection
        In a transaction.
    run : int
        Whose findings they are.
    rows : iterable of tuples
        Commit, Message-ID, kind, rule, score, detail.
    """
    conn.execute("DELETE FROM commit_mail")
    insert(conn, "commit_mail", _COLUMNS, ((*row, run) for row in rows))


def linked(conn: Connection, sha: str) -> list[Linked]:
    """Return the mails of a commit.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    sha : str
        The full hash.

    Returns
    -------
    list of Linked
        What became the commit, its discussion, then candidates; by rule in the order in
        which rules are tried, by score, by date.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> linked(db.conn, "0123" * 10)
    []
    >>> db.close()
    """
    rows = conn.execute(
        "SELECT c.sha, c.message_id, c.kind, c.rule, c.score, c.detail, m.id IS NOT NULL,"
        " coalesce(m.date_utc, m.received_utc), coalesce(p.name, nullif(a.name, ''), a.email, ''),"
        " coalesce(m.subject, ''), coalesce(r.message_id, ''), coalesce(r.subject, ''),"
        " (SELECT count(*) FROM message t WHERE t.root = m.root AND t.ghost = 0)"
        " FROM commit_mail c LEFT JOIN message m ON m.message_id = c.message_id"
        " AND m.imposter = 0 AND m.ghost = 0"
        " LEFT JOIN message r ON r.id = m.root LEFT JOIN address a ON a.id = m.from_address"
        " LEFT JOIN person p ON p.id = a.person WHERE c.sha = ?"
        " ORDER BY CASE c.kind WHEN 'becomes' THEN 0 WHEN 'discusses' THEN 1 ELSE 2 END,"
        " CASE c.rule WHEN 'Link' THEN 0 WHEN 'Closes' THEN 1 WHEN 'Message-ID' THEN 2"
        " WHEN 'patch-id' THEN 3 WHEN 'subject+author' THEN 4 WHEN 'author+date' THEN 5"
        " WHEN 'subject' THEN 6 ELSE 7 END,"
        " c.score DESC, 8, c.message_id",
        (sha,),
    )
    return [Linked(*(*row[:6], row[6] == 1, *row[7:])) for row in rows]
