"""Runs of analyzers: which version read what, so that nothing is read twice for nothing."""

from __future__ import annotations

from dataclasses import dataclass
from sqlite3 import Connection


@dataclass(frozen=True, slots=True)
class Run:
    """One finished run of an analyzer; ``inputs`` is a fingerprint of what it read."""

    id: int
    analyzer: str
    version: str
    inputs: str
    started_utc: str
    finished_utc: str
    read_count: int
    found_count: int


def last_run(conn: Connection, analyzer: str) -> Run | None:
    """Return the newest finished run of an analyzer.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    analyzer : str
        Its name.

    Returns
    -------
    Run or None
        None if it never ran to its end.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> run = start_run(db.conn, "links", "1", "2026-05-01T12:00:00Z")
    >>> last_run(db.conn, "links") is None
    True
    >>> finish_run(db.conn, run, "7 commits", "2026-05-01T12:00:01Z", read=7, found=2)
    >>> last_run(db.conn, "links").inputs
    '7 commits'
    >>> db.close()
    """
    row = conn.execute(
        "SELECT id, analyzer, version, inputs, started_utc, finished_utc, read_count, found_count"
        " FROM run WHERE analyzer = ? AND finished_utc IS NOT NULL ORDER BY id DESC LIMIT 1",
        (analyzer,),
    ).fetchone()
    return Run(*row) if row else None


def start_run(conn: Connection, analyzer: str, version: str, now_utc: str) -> int:
    """Note that an analyzer begins.

    Parameters
    ----------
    conn : sqlite3.Connection
        Open for writing.
    analyzer, version : str
        Who, and by which rules.
    now_utc : str
        ISO 8601 with Z.

    Returns
    -------
    int
        Row id of the run, for its findings.
    """
    cursor = conn.execute(
        "INSERT INTO run (analyzer, version, inputs, started_utc, read_count, found_count)"
        " VALUES (?, ?, '', ?, 0, 0)",
        (analyzer, version, now_utc),
    )
    return int(cursor.lastrowid or 0)


def finish_run(
    conn: Connection, run: int, inputs: str, now_utc: str, *, read: int, found: int
) -> None:
    """Note that a run came to its end, and forget runs that no finding belongs to any more.

    Parameters
    ----------
    conn : sqlite3.Connection
        Open for writing.
    run : int
        From :func:`start_run`.
    inputs : str
        A fingerprint of what there is to read now.
    now_utc : str
        ISO 8601 with Z.
    read, found : int
        How much it read, how many findings it made.
    """
    conn.execute(
        "UPDATE run SET inputs = ?, finished_utc = ?, read_count = ?, found_count = ? WHERE id = ?",
        (inputs, now_utc, read, found, run),
    )
    conn.execute(
        "DELETE FROM run WHERE id < ? AND analyzer = (SELECT analyzer FROM run WHERE id = ?)"
        " AND finished_utc IS NOT NULL"  # others may be at work right now
        " AND NOT EXISTS (SELECT 1 FROM analyzed a WHERE a.run = run.id)"
        " AND NOT EXISTS (SELECT 1 FROM debate d WHERE d.run = run.id)",
        (run, run),
    )
