"""A tidy copy of the whole database, for others to read."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from threadkit.store.connection import translate


def copy_database(conn: sqlite3.Connection, target: Path) -> None:
    """Copy the database into a file of its own: without free pages, journal or WAL.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    target : Path
        Is replaced. The copy can be read where nothing can be written.

    Notes
    -----
    ``VACUUM INTO`` writes tables in the order of their rows: the same rows give the same
    bytes, whatever happened to the file before.
    """
    target.unlink(missing_ok=True)
    with translate(target):
        conn.execute("PRAGMA query_only = OFF")  # it means the other file, too
        try:
            conn.execute("VACUUM INTO ?", (str(target),))
        finally:
            conn.execute("PRAGMA query_only = ON")
        with closing(sqlite3.connect(target)) as copied:
            copied.execute("PRAGMA journal_mode = DELETE")
