"""Addresses out of the store, persons into it."""

from __future__ import annotations

from collections.abc import Iterable
from sqlite3 import Connection

Why = tuple[int, int, str, str]
"""Two addresses by row id, the rule, and the detail."""


def addresses(conn: Connection) -> list[tuple[int, str, str, int]]:
    """Return every address as ``(id, email, name, times it was a sender)``."""
    query = (
        "SELECT a.id, a.email, a.name, (SELECT count(*) FROM message m"
        " WHERE m.from_address = a.id) FROM address a ORDER BY a.id"
    )
    return conn.execute(query).fetchall()


def mailmap(conn: Connection) -> str:
    """Return the text of the mailmap that the last import was given, or ``""``."""
    row = conn.execute("SELECT value FROM setting WHERE name = 'mailmap'").fetchone()
    return row[0] if row else ""


def save_mailmap(conn: Connection, text: str) -> None:
    """Keep a mailmap, so that later imports go by it too."""
    conn.execute("INSERT OR REPLACE INTO setting VALUES ('mailmap', ?)", (text,))


def replace_people(
    conn: Connection,
    persons: Iterable[tuple[int, str, str]],
    of_address: Iterable[tuple[int, int]],
    merged: Iterable[Why],
    apart: Iterable[Why],
) -> None:
    """Replace all persons.

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
    conn.executemany("INSERT INTO person VALUES (?, ?, ?)", persons)
    conn.executemany("UPDATE address SET person = ? WHERE id = ?", of_address)
    conn.executemany("INSERT OR IGNORE INTO person_merge VALUES (?, ?, ?, ?)", merged)
    conn.executemany("INSERT OR IGNORE INTO person_apart VALUES (?, ?, ?, ?)", apart)
