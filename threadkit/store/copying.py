"""A tidy copy of the whole database, for others to read."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from threadkit.store.connection import translate

_ORIGINS = ("git_commit", "commit_name", "commit_candidate", "fetch_queue")
"""Tables whose column ``origin`` may name a folder of somebody's computer."""


def copy_database(conn: sqlite3.Connection, target: Path, public: Callable[[str], str]) -> None:
    """Copy the database into a file of its own: without free pages, journal or WAL.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    target : Path
        Is replaced. The copy can be read where nothing can be written.
    public : callable
        Turns the name of a source into one that may be published.

    Raises
    ------
    StoreError
        The file cannot be written.

    Notes
    -----
    ``VACUUM INTO`` writes tables in the order of their rows: the same rows give the same
    bytes, whatever happened to the file before.
    """
    with translate(target):
        target.unlink(missing_ok=True)
        conn.execute("PRAGMA query_only = OFF")  # it means the other file, too
        try:
            conn.execute("VACUUM INTO ?", (str(target),))
        finally:
            conn.execute("PRAGMA query_only = ON")
        with closing(sqlite3.connect(target, isolation_level=None)) as copied:
            copied.execute("PRAGMA journal_mode = DELETE")
            copied.execute("PRAGMA secure_delete = ON")  # nothing is left between the rows
            copied.execute("BEGIN")
            _rename_sources(copied, public)
            for table in _ORIGINS:
                _rename_origins(copied, table, public)
            copied.execute("COMMIT")


def _rename_sources(copied: sqlite3.Connection, public: Callable[[str], str]) -> None:
    """Give sources their public names; two of one name are told apart by their numbers."""
    rows = copied.execute("SELECT id, uri FROM source ORDER BY id").fetchall()
    kept = {uri for _, uri in rows if public(uri) == uri}
    for id_, uri in rows:
        name = public(uri)
        if name != uri:
            name = name if name not in kept else f"{name} ({id_})"
            kept.add(name)
            copied.execute("UPDATE source SET uri = ? WHERE id = ?", (name, id_))


def _rename_origins(copied: sqlite3.Connection, table: str, public: Callable[[str], str]) -> None:
    """Give origins their public names; of two rows that are then the same one is left."""
    origins = copied.execute(f"SELECT DISTINCT origin FROM {table} ORDER BY origin").fetchall()  # noqa: S608
    for (origin,) in origins:
        if public(origin) != origin:
            given = (public(origin), origin)
            copied.execute(f"UPDATE OR IGNORE {table} SET origin = ? WHERE origin = ?", given)  # noqa: S608
            copied.execute(f"DELETE FROM {table} WHERE origin = ?", (origin,))  # noqa: S608
