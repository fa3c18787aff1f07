"""Lists for the layers above: persons, overviews, sources, ids to complete, the schema."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class StoredPerson:
    """A person with the addresses that are theirs and why.

    ``addresses`` are ``Name <email>``; ``merges`` say in words why two of them are one
    person; the times are the senders' claims.
    """

    id: int
    name: str
    email: str
    message_count: int
    first_utc: str | None
    last_utc: str | None
    addresses: tuple[str, ...]
    merges: tuple[str, ...]

    def __repr__(self) -> str:
        return f"<StoredPerson {self.name} <{self.email}> {self.message_count} messages>"


@dataclass(frozen=True, slots=True)
class StoredOverview:
    """One row of a thread overview that a saved page carried.

    ``depth`` is 0 for a root, ``match`` strict or loose; ``message`` is the row id of the mail it stands for, None if that is not here.
    """

    source: int
    position: int
    depth: int
    date_utc: str | None
    author: str
    subject: str
    message_id: str | None
    match: str
    message: int | None


# Both read nothing but the index message_by_from, which has sender and date.
_PERSONS = """
WITH sender AS (
  SELECT a.person AS person, sum(s.mails) AS mails
  FROM (SELECT from_address, count(*) AS mails FROM message
        WHERE from_address IS NOT NULL GROUP BY from_address) s
  JOIN address a ON a.id = s.from_address GROUP BY a.person)
SELECT p.id, p.name, p.email, s.mails FROM sender s JOIN person p ON p.id = s.person
ORDER BY s.mails DESC, p.name, p.id LIMIT ?
"""
_DATES = """
SELECT min(first), max(last) FROM (
  SELECT (SELECT min(date_utc) FROM message WHERE from_address = a.id) AS first,
    (SELECT max(date_utc) FROM message WHERE from_address = a.id) AS last
  FROM address a WHERE a.person = ?)
"""

# A page in plain text has no Message-IDs: a row is the mail of that minute and writer.
_OVERVIEW = """
SELECT o.source, o.position, o.depth, o.date_utc, o.author, o.subject,
  o.message_id, o.match, coalesce(
    (SELECT m.id FROM message m
     WHERE m.message_id = o.message_id AND m.imposter = 0 AND m.ghost = 0),
    (SELECT m.id FROM message m JOIN address a ON a.id = m.from_address
     WHERE o.message_id IS NULL AND m.root = :root AND a.name = o.author
       AND substr(coalesce(m.date_utc, m.received_utc), 1, 16) = substr(o.date_utc, 1, 16)))
FROM overview o
WHERE o.source IN (SELECT r.source FROM message m JOIN raw r ON r.message = m.id
                   WHERE m.root = :root)
ORDER BY o.source, o.position
"""


def persons(conn: sqlite3.Connection, *, limit: int | None = None) -> Iterator[StoredPerson]:
    """List the persons who wrote, those who wrote most first.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    limit : int or None
        The most persons to list.

    Yields
    ------
    StoredPerson
        With all addresses, and with the reason of every merge.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> list(persons(db.conn))
    []
    >>> db.close()

    Notes
    -----
    One pass over the index by sender and date, then three lookups for each address of
    the persons listed: a quarter of a second for a million messages.
    """
    found = conn.execute(_PERSONS, (-1 if limit is None else limit,)).fetchall()
    for row, name, email, count in found:
        first, last = conn.execute(_DATES, (row,)).fetchone()
        addresses, merges = _addresses(conn, row), _merges(conn, row)
        yield StoredPerson(row, name, email, count, first, last, addresses, merges)


def overview(conn: sqlite3.Connection, root: int) -> list[StoredOverview]:
    """Read the thread overviews that came with the mails of a conversation.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    root : int
        ``message.root`` of the conversation.

    Returns
    -------
    list of StoredOverview
        By source, in the order of the page; empty for ordinary mail.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> overview(db.conn, 1)
    []
    >>> db.close()
    """
    return [StoredOverview(*row) for row in conn.execute(_OVERVIEW, {"root": root})]


def completions(conn: sqlite3.Connection, prefix: str, *, limit: int = 50) -> list[tuple[str, str]]:
    """List the Message-IDs that begin like this, for the shell to complete.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    prefix : str
        What is typed so far; may be empty.
    limit : int
        The most to list.

    Returns
    -------
    list of (str, str)
        Message-ID and subject, in order of the Message-IDs.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> completions(db.conn, "2020")
    []
    >>> db.close()
    """
    return conn.execute(
        "SELECT message_id, coalesce(subject, '') FROM message"
        " WHERE message_id >= :low AND message_id < :low || char(1114111)"
        " AND imposter = 0 AND ghost = 0 LIMIT :limit",
        {"low": prefix, "limit": limit},
    ).fetchall()


def mail_count(conn: sqlite3.Connection) -> int:
    """Count the mails.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.

    Returns
    -------
    int
        One that came by several ways counts once; ghosts do not count.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> mail_count(db.conn)
    0
    >>> db.close()

    Notes
    -----
    One pass over the smallest index: some 10 ms for a million, and one over the ghosts.
    """
    query = "SELECT (SELECT count(*) FROM message) - (SELECT count(*) FROM message WHERE id < 0)"
    return int(conn.execute(query).fetchone()[0])


def commit_count(conn: sqlite3.Connection) -> int:
    """Count the commits of git that were looked up.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.

    Returns
    -------
    int
        Those found, each once.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> commit_count(db.conn)
    0
    >>> db.close()
    """
    return int(conn.execute("SELECT count(*) FROM git_commit").fetchone()[0])


def schema(conn: sqlite3.Connection) -> str:
    """Return the SQL that made the tables, indexes and views.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.

    Returns
    -------
    str
        Statements that end with ``;``, in the order made, without SQLite's own tables
        and without those that the full-text index keeps for itself.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> "CREATE TABLE message (" in schema(db.conn)
    True
    >>> db.close()
    """
    rows = conn.execute(
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%'"
        " ESCAPE '\\' AND name NOT LIKE 'search\\_%' ESCAPE '\\' OR name = 'search_text'"
        " ORDER BY rowid"
    )
    return "\n".join(f"{sql};" for (sql,) in rows)


def sqlite_features() -> tuple[str, bool]:
    """Tell which SQLite this is and whether it can search.

    Returns
    -------
    tuple of (str, bool)
        The version, and whether FTS5 is compiled in.

    Examples
    --------
    >>> sqlite_features()[1]
    True
    """
    conn = sqlite3.connect(":memory:")
    try:
        options = {option for (option,) in conn.execute("PRAGMA compile_options")}
    finally:
        conn.close()
    return sqlite3.sqlite_version, "ENABLE_FTS5" in options


def reindex(conn: sqlite3.Connection) -> None:
    """Make the full-text index again from the texts.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database, for writing.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> reindex(db.conn)
    >>> db.close()

    Notes
    -----
    About 0.1 ms a mail.
    """
    with conn:
        conn.execute("INSERT INTO search (search) VALUES ('rebuild')")


def quick_check(conn: sqlite3.Connection) -> list[str]:
    """Ask SQLite whether the file's pages hold together.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.

    Returns
    -------
    list of str
        What is wrong; empty if nothing is.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> quick_check(db.conn)
    []
    >>> db.close()

    Notes
    -----
    Reads every page once; does not compare indexes with tables (``verify`` does).
    """
    found = [text for (text,) in conn.execute("PRAGMA quick_check(5)")]
    return [] if found == ["ok"] else found


def _addresses(conn: sqlite3.Connection, person: int) -> tuple[str, ...]:
    rows = conn.execute(
        "SELECT name, email FROM address WHERE person = ? ORDER BY email, name", (person,)
    )
    return tuple(f"{name} <{email}>" if name else email for name, email in rows)


def _merges(conn: sqlite3.Connection, person: int) -> tuple[str, ...]:
    rows = conn.execute(
        "SELECT a.name, a.email, b.name, b.email, m.rule, m.detail FROM address a"
        " JOIN person_merge m ON m.address = a.id JOIN address b ON b.id = m.other"
        " WHERE a.person = ? ORDER BY a.id, b.id",
        (person,),
    )
    return tuple(
        f"{name} <{email}> = {other} <{other_email}>: {rule}" + (f" ({detail})" if detail else "")
        for name, email, other, other_email, rule, detail in rows
    )
