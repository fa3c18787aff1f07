"""Lists of conversations."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

from threadkit.store.values import StoredThread


def threads(
    conn: sqlite3.Connection, rows: Iterable[int] | None = None, *, limit: int | None = 20
) -> list[StoredThread]:
    """List conversations, the one with the newest mail first.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    rows : iterable of int, optional
        Messages whose conversations are wanted, for instance the hits of a search;
        the conversations come in the order in which these name them. By default all
        messages, the newest first.
    limit : int or None
        The most conversations to return; None for all.

    Returns
    -------
    list of StoredThread
        One for each conversation.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> conn = db.conn
    >>> _ = conn.execute(
    ...     "INSERT INTO message (id, message_id, root, subject) VALUES (1, 'a', 1, 'COW')")
    >>> [(t.root, t.subject, t.message_count) for t in threads(conn)]
    [('a', 'COW', 1)]
    >>> db.close()

    Notes
    -----
    Reads messages from the newest backwards until ``limit`` conversations are seen, then
    every message of these: milliseconds for 20, whatever the size of the archive.
    """
    return list(thread_rows(conn, rows, limit=limit))


def thread_rows(
    conn: sqlite3.Connection, rows: Iterable[int] | None = None, *, limit: int | None = None
) -> Iterator[StoredThread]:
    """Yield what :func:`threads` lists, one conversation at a time.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    rows : iterable of int, optional
        As for :func:`threads`.
    limit : int or None
        As for :func:`threads`.

    Yields
    ------
    StoredThread
        In the order of :func:`threads`.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> list(thread_rows(db.conn))
    []
    >>> db.close()

    Notes
    -----
    Memory: the ids of the conversations seen.
    """
    seen: set[int] = set()
    if rows is None:
        rows = (
            row
            for (row,) in conn.execute("SELECT id FROM message WHERE ghost = 0 ORDER BY id DESC")
        )
    for row in rows:
        if limit is not None and len(seen) >= limit:
            return
        found = conn.execute(
            "SELECT coalesce(root, id) FROM message WHERE id = ?", (row,)
        ).fetchone()
        if found is None or found[0] in seen:
            continue
        seen.add(found[0])
        yield _summary(conn, found[0])


def _summary(conn: sqlite3.Connection, root: int) -> StoredThread:
    rows = conn.execute(
        "SELECT m.id, m.message_id, m.ghost, coalesce(m.subject, ''),"
        " coalesce(p.name, nullif(a.name, ''), a.email), m.date_utc"
        " FROM message m LEFT JOIN address a ON a.id = m.from_address"
        " LEFT JOIN person p ON p.id = a.person"
        " WHERE m.root = :root OR m.id = :root ORDER BY m.id",
        {"root": root},
    ).fetchall()
    mails = [row for row in rows if not row[2]]
    dates = sorted(row[5] for row in mails if row[5])
    opening = next((row for row in mails if row[0] == root), mails[0] if mails else rows[0])
    return StoredThread(
        id=root,
        root=next(row[1] for row in rows if row[0] == root),
        subject=opening[3],
        message_count=len(mails),
        ghost_count=len(rows) - len(mails),
        people=tuple(dict.fromkeys(row[4] for row in mails if row[4])),
        first_utc=dates[0] if dates else None,
        last_utc=dates[-1] if dates else None,
        last_id=rows[-1][0],
    )
