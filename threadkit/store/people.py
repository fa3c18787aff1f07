"""Addresses out of the store, persons into it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from sqlite3 import Connection

Why = tuple[int, int, str, str]
"""Two addresses by row id, the rule, and the detail."""


def addresses_of(conn: Connection, messages: Sequence[int]) -> set[int]:
    """Return the addresses that these messages name, as row ids.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    messages : sequence of int
        ``message.id`` values.

    Returns
    -------
    set of int
        ``address.id`` values of senders and recipients.
    """
    if not messages:
        return set()
    query = (
        "SELECT from_address FROM message WHERE id IN (SELECT value FROM json_each(:ids))"
        " AND from_address IS NOT NULL"
        " UNION SELECT address FROM recipient WHERE message IN (SELECT value FROM json_each(:ids))"
    )
    return {row[0] for row in conn.execute(query, {"ids": json.dumps(list(messages))})}


def mark_changed(conn: Connection, *, unused: bool) -> None:
    """Note, in the transaction that writes mails, that persons have to be made again.

    ``unused`` says that some address may not be named by any mail any more. The note
    outlives an import that is killed before it comes to that.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    unused : bool
        True if an address may have lost its last mail.
    """
    if unused:
        conn.execute("INSERT OR REPLACE INTO setting VALUES ('people', 'unused')")
    else:
        conn.execute("INSERT OR IGNORE INTO setting VALUES ('people', 'changed')")


def changed(conn: Connection) -> str | None:
    """Return ``unused`` or ``changed`` as :func:`mark_changed` noted it, or None.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.

    Returns
    -------
    str or None
        None if persons are up to date.
    """
    row = conn.execute("SELECT value FROM setting WHERE name = 'people'").fetchone()
    return row[0] if row else None


def forget_unused(conn: Connection) -> None:
    """Delete the addresses that no mail names: their mail gave way to a better copy.

    Reads all recipients; :func:`replace_people` has to follow in the same transaction.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    """
    conn.execute(
        "DELETE FROM address WHERE id NOT IN (SELECT address FROM recipient UNION"
        " SELECT from_address FROM message WHERE from_address IS NOT NULL)"
    )


def addresses(conn: Connection) -> list[tuple[int, str, str, int]]:
    """Return every address as ``(id, email, name, times it was a sender)``.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.

    Returns
    -------
    list of tuple
        By row id.
    """
    query = (
        "SELECT a.id, a.email, a.name, (SELECT count(*) FROM message m"
        " WHERE m.from_address = a.id) FROM address a ORDER BY a.id"
    )
    return conn.execute(query).fetchall()


def mailmap(conn: Connection) -> str:
    """Return the text of the mailmap that the last import was given, or ``""``.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.

    Returns
    -------
    str
        Lines in git's mailmap form.
    """
    row = conn.execute("SELECT value FROM setting WHERE name = 'mailmap'").fetchone()
    return row[0] if row else ""


def save_mailmap(conn: Connection, text: str) -> None:
    """Keep a mailmap, so that later imports go by it too.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    text : str
        Lines in git's mailmap form.
    """
    conn.execute("INSERT OR REPLACE INTO setting VALUES ('mailmap', ?)", (text,))


def replace_people(
    conn: Connection,
    persons: Iterable[tuple[int, str, str]],
    of_address: Iterable[tuple[int, int]],
    merged: Iterable[Why],
    apart: Iterable[Why],
) -> None:
    """Replace all persons; they are up to date then.

    Parameters
    ----------
    conn : sqlite3.Connection
        Open for writing, in a transaction.
    persons : iterable of tuple
        ``(id, name, email)``.
    of_address : iterable of tuple
        ``(person, address)``, for every address.
    merged, apart : iterable of Why
        Why two addresses are one person, or are not in spite of one name.
    """
    for table in ("person", "person_merge", "person_apart"):
        conn.execute(f"DELETE FROM {table}")  # noqa: S608 - names from the line above
    conn.execute("DELETE FROM setting WHERE name = 'people'")
    conn.executemany("INSERT INTO person VALUES (?, ?, ?)", persons)
    conn.executemany("UPDATE address SET person = ? WHERE id = ?", of_address)
    conn.executemany("INSERT OR IGNORE INTO person_merge VALUES (?, ?, ?, ?)", merged)
    conn.executemany("INSERT OR IGNORE INTO person_apart VALUES (?, ?, ?, ?)", apart)
