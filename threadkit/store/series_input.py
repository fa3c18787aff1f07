"""What grouping patches into series reads: postings, the replies to them, their commits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from json import dumps
from sqlite3 import Connection
from typing import NamedTuple

_BATCH = 500


class PostingRow(NamedTuple):
    """A mail that carries a patch or is a cover letter; ``person`` is 0 if it is nobody.

    ``written_name`` is the one of its ``From:``, ``author`` that of the person.
    """

    id: int
    message_id: str
    subject: str
    utc: str
    author: str
    email: str
    person: int
    root: str
    change_id: str
    patch_id: str
    written_name: str


class CitedRow(NamedTuple):
    """A mail that a posting points at, with the text around the link."""

    message: int
    message_id: str
    before: str
    behind: str


class ReplyRow(NamedTuple):
    """A mail below a posting, or one that a robot sent."""

    id: int
    message_id: str
    utc: str
    name: str
    email: str
    person: int
    body: str


class BecameRow(NamedTuple):
    """A commit that a mail became, by row id of the mail."""

    message: int
    sha: str
    release: str
    mainline: str
    utc: str
    rule: str
    score: float


_POSTINGS = """
SELECT m.id, m.message_id, coalesce(m.subject, ''), coalesce(m.date_utc, m.received_utc, ''),
  coalesce(p.name, nullif(a.name, ''), a.email, ''), coalesce(a.email, ''), coalesce(a.person, 0),
  coalesce(r.message_id, m.message_id), coalesce(t.change_id, ''), coalesce(t.patch_id, ''),
  coalesce(a.name, '')
FROM patch t JOIN message m ON m.id = t.message
LEFT JOIN address a ON a.id = m.from_address LEFT JOIN person p ON p.id = a.person
LEFT JOIN message r ON r.id = m.root
WHERE m.ghost = 0 AND m.imposter = 0 AND m.is_reply = 0
ORDER BY m.message_id
"""
_CITED = """
SELECT c.message, c.value, substr(b.text, max(1, c.start - 159), min(160, c.start)),
  substr(b.text, c.stop + 1, 20)
FROM patch t JOIN message m ON m.id = t.message JOIN citation c ON c.message = m.id
JOIN body b ON b.message = m.id
WHERE m.ghost = 0 AND m.is_reply = 0 AND c.kind = 'message'
ORDER BY c.message, c.position
"""
_REPLIES = """
SELECT m.id, m.message_id, coalesce(m.date_utc, m.received_utc, ''),
  coalesce(p.name, nullif(a.name, ''), a.email, ''), coalesce(a.email, ''), coalesce(a.person, 0),
  b.text
FROM json_each(:rows) j CROSS JOIN message m ON m.id = j.value JOIN body b ON b.message = m.id
LEFT JOIN address a ON a.id = m.from_address LEFT JOIN person p ON p.id = a.person
"""
_BECAME = """
SELECT m.id, g.sha, coalesce(g.release, ''), g.mainline,
  coalesce(g.committer_utc, g.author_utc, ''), c.rule, c.score
FROM commit_mail c JOIN git_commit g ON g.sha = c.sha
JOIN message m ON m.message_id = c.message_id AND m.ghost = 0 JOIN patch t ON t.message = m.id
WHERE c.kind = 'becomes'
ORDER BY m.id, g.sha, c.score
"""


def fingerprint(conn: Connection) -> str:
    """Describe what the series are made of: other mail or other links change it.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.

    Returns
    -------
    str
        Some counts and the newest row.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> fingerprint(db.conn)
    '0 mails, copies to 0, 0 replies placed, 0 of 0 people, 0 links of 0'
    >>> db.close()
    """
    (mails,) = conn.execute("SELECT count(*) FROM message").fetchone()
    query = "SELECT count(*) FROM message WHERE parent IS NOT NULL"
    (placed,) = conn.execute(query).fetchone()  # each from an index: ten times faster than both
    (newest,) = conn.execute("SELECT coalesce(max(id), 0) FROM raw").fetchone()
    people, addresses = conn.execute(
        "SELECT count(DISTINCT person), count(*) FROM address"
    ).fetchone()
    links, run = conn.execute(
        "SELECT count(*), coalesce(max(run), 0) FROM commit_mail WHERE kind = 'becomes'"
    ).fetchone()
    return (
        f"{mails} mails, copies to {newest}, {placed} replies placed,"
        f" {people} of {addresses} people, {links} links of {run}"
    )


def postings(conn: Connection) -> list[PostingRow]:
    """Read all mails that carry a patch or are cover letters, and are no replies.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.

    Returns
    -------
    list of PostingRow
        By Message-ID; without other mails that have the Message-ID of one.
    """
    return [PostingRow(*row) for row in conn.execute(_POSTINGS)]


def files(conn: Connection) -> Iterator[tuple[int, str]]:
    """Read which files patches change.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.

    Yields
    ------
    tuple of (int, str)
        Row id of the mail, path.
    """
    yield from conn.execute("SELECT message, path FROM patch_file")


def cited(conn: Connection) -> Iterator[CitedRow]:
    """Read which mails postings point at.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.

    Yields
    ------
    CitedRow
        By mail, in the order of the text.
    """
    for row in conn.execute(_CITED):
        yield CitedRow(*row)


def parents(conn: Connection) -> dict[int, int]:
    """Read what every mail answers.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.

    Returns
    -------
    dict of int to int
        Row ids; mails that answer nothing are not in it.
    """
    return dict(conn.execute("SELECT id, parent FROM message WHERE parent IS NOT NULL"))


def robots(conn: Connection) -> list[int]:
    """List the mails of robots that name a patch by its title.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.

    Returns
    -------
    list of int
        Row ids, ascending.
    """
    query = (
        "SELECT m.id FROM address a JOIN message m ON m.from_address = a.id AND m.ghost = 0"
        " WHERE a.email LIKE 'akpm@%' AND m.subject LIKE '%.patch %-mm tree%'"
        "   OR a.email LIKE 'akpm@%' AND m.subject LIKE '%.patch added to mm-%' ORDER BY m.id"
    )
    return [row for (row,) in conn.execute(query)]


def replies(conn: Connection, rows: Iterable[int]) -> Iterator[ReplyRow]:
    """Read some mails with their texts.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    rows : iterable of int
        Row ids.

    Yields
    ------
    ReplyRow
        In the order asked for; mails without a text are left out.
    """
    wanted = list(rows)
    for at in range(0, len(wanted), _BATCH):
        for row in conn.execute(_REPLIES, {"rows": dumps(wanted[at : at + _BATCH])}):
            yield ReplyRow(*row)


def own_ranges(conn: Connection, row: int) -> list[tuple[int, int]]:
    """Return the ranges of one mail's own words.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    row : int
        The mail.

    Returns
    -------
    list of (int, int)
        Characters of the body.
    """
    query = (
        "SELECT start, stop FROM block WHERE message = ? AND kind = 'reply' AND quote_depth = 0"
        " ORDER BY position"
    )
    return conn.execute(query, (row,)).fetchall()


def became(conn: Connection) -> Iterator[BecameRow]:
    """Read which postings became commits.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.

    Yields
    ------
    BecameRow
        By mail; one that became several commits comes several times.
    """
    for row in conn.execute(_BECAME):
        yield BecameRow(*row)
