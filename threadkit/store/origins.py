"""Where the mails of some conversation came from, and which analyzers read the database."""

from __future__ import annotations

import json
from collections.abc import Iterable
from sqlite3 import Connection


def sources_of(
    conn: Connection, ids: Iterable[int]
) -> list[tuple[str, str, str | None, str | None]]:
    """List the sources of some mails.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    ids : iterable of int
        ``message.id`` values.

    Returns
    -------
    list of (str, str, str or None, str or None)
        URI, kind, when it was fetched, SHA-256 of what came; by URI. Of files no date is
        given: that of the import says nothing about the mail.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> sources_of(db.conn, [1])
    []
    >>> db.close()
    """
    query = (
        "SELECT uri, kind, fetched_utc, sha256 FROM source WHERE id IN (SELECT source FROM raw"
        " WHERE message IN (SELECT value FROM json_each(?))) ORDER BY uri"
    )
    return conn.execute(query, (json.dumps(list(ids)),)).fetchall()


def all_runs(conn: Connection) -> list[tuple[str, str, int]]:
    """List the last finished run of each analyzer.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.

    Returns
    -------
    list of (str, str, int)
        Name, version of its rules, findings; by name.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> all_runs(db.conn)
    []
    >>> db.close()
    """
    query = (
        "SELECT analyzer, version, found_count FROM run WHERE id IN (SELECT max(id) FROM run"
        " WHERE finished_utc IS NOT NULL GROUP BY analyzer) ORDER BY analyzer"
    )
    return conn.execute(query).fetchall()


def other_conversations(conn: Connection, ids: Iterable[int]) -> int:
    """Count the conversations with mail besides some mails.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    ids : iterable of int
        ``message.id`` values.

    Returns
    -------
    int
        How many have a mail that is none of these.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> other_conversations(db.conn, [])
    0
    >>> db.close()
    """
    query = (
        "SELECT count(DISTINCT root) FROM message WHERE NOT ghost"
        " AND id NOT IN (SELECT value FROM json_each(?))"
    )
    return int(conn.execute(query, (json.dumps(list(ids)),)).fetchone()[0])


def rows_named(conn: Connection, message_ids: Iterable[str]) -> list[int]:
    """Find the mails that are here of some Message-IDs; no imposters.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    message_ids : iterable of str
        Without brackets.

    Returns
    -------
    list of int
        ``message.id`` values, in order of arrival.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> rows_named(db.conn, ["a@example.org"])
    []
    >>> db.close()
    """
    query = (
        "SELECT id FROM message WHERE imposter = 0 AND NOT ghost"
        " AND message_id IN (SELECT value FROM json_each(?)) ORDER BY id"
    )
    return [row for (row,) in conn.execute(query, (json.dumps(list(message_ids)),))]
