"""What is stored of the sources of mail, and of the mails that came from one."""

from __future__ import annotations

import json
from collections.abc import Iterable
from sqlite3 import Connection


def provenance(conn: Connection, source: int) -> tuple[str | None, int | None, str | None] | None:
    """Return what a server's answer was when it was last stored, or None.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    source : int
        Row id of a source.

    Returns
    -------
    tuple of (str, int, str) or None
        When it was fetched, HTTP's status, SHA-256 of the unpacked mailbox.
    """
    query = "SELECT fetched_utc, http_status, sha256 FROM source WHERE id = ?"
    row = conn.execute(query, (source,)).fetchone()
    return (row[0], row[1], row[2]) if row and row[0] else None


def overview(conn: Connection, source: int) -> list[tuple[object, ...]]:
    """Return the thread overview stored with a source, in the columns that it was given in.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    source : int
        Row id of a source.

    Returns
    -------
    list of tuple
        Row by row; empty if it had none.
    """
    query = (
        "SELECT position, depth, parent_position, date_utc, author, subject, message_id, match"
        " FROM overview WHERE source = ? ORDER BY position"
    )
    return conn.execute(query, (source,)).fetchall()


def messages_of(conn: Connection, hashes: Iterable[str]) -> set[int]:
    """Return the row ids of the messages that these mails are stored as.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    hashes : iterable of str
        SHA-256 of raw mails, in hexadecimal digits.

    Returns
    -------
    set of int
        ``message.id`` values.
    """
    query = "SELECT message FROM raw WHERE sha256 IN (SELECT value FROM json_each(?))"
    return {row[0] for row in conn.execute(query, (json.dumps(list(hashes)),))}


def roots_of(conn: Connection, messages: Iterable[int]) -> dict[int, str]:
    """Return the first messages of the conversations that these messages belong to.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    messages : iterable of int
        ``message.id`` values.

    Returns
    -------
    dict
        Row id to Message-ID; a root may be a ghost.
    """
    query = (
        "SELECT id, message_id FROM message WHERE id IN (SELECT root FROM message"
        " WHERE id IN (SELECT value FROM json_each(?)))"
    )
    return dict(conn.execute(query, (json.dumps(list(messages)),)).fetchall())
