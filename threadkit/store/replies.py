"""The mails of conversations, and who answers whom in them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from sqlite3 import Connection


def mails_of(conn: Connection, roots: Iterable[str]) -> list[int]:
    """List the mails of conversations.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    roots : iterable of str
        Message-IDs of the first mails.

    Returns
    -------
    list of int
        Row ids, by date.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> mails_of(db.conn, ["1@example.org"]), below(db.conn, ["1@example.org"])
    ([], set())
    >>> db.close()
    """
    rows = conn.execute(
        "SELECT m.id FROM message r JOIN message m ON m.root = r.id WHERE r.imposter = 0"
        " AND r.message_id IN (SELECT value FROM json_each(?)) AND m.ghost = 0"
        " ORDER BY coalesce(m.date_utc, m.received_utc, '9'), m.id",
        (json.dumps(list(roots)),),
    )
    return [row for (row,) in rows]


def below(conn: Connection, message_ids: Iterable[str]) -> set[str]:
    """Name the mails that answer some mails, directly or not.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    message_ids : iterable of str
        Here or not.

    Returns
    -------
    set of str
        Message-IDs; without those that were given, unless they answer each other.
    """
    rows = conn.execute(
        "WITH RECURSIVE answer(id) AS ("
        " SELECT m.id FROM message p JOIN message m ON m.parent = p.id"
        " WHERE p.message_id IN (SELECT value FROM json_each(?))"
        " UNION SELECT m.id FROM answer a JOIN message m ON m.parent = a.id)"
        " SELECT m.message_id FROM answer a JOIN message m ON m.id = a.id WHERE m.ghost = 0",
        (json.dumps(list(message_ids)),),
    )
    return {message_id for (message_id,) in rows}
