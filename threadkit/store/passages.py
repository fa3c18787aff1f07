"""Passages of bodies, many at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from sqlite3 import Connection

Span = tuple[int, int, int]
"""``message.id`` and characters of its body."""


def passages(conn: Connection, spans: Iterable[Span]) -> dict[Span, str]:
    """Read passages; each body is read once, and one at a time.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    spans : iterable of (int, int, int)
        Message, start, stop.

    Returns
    -------
    dict of Span to str
        By span; those of a mail without a body are left out.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> passages(db.conn, [(1, 0, 4)])
    {}
    >>> db.close()

    Notes
    -----
    SQLite's own ``substr`` ends at a NUL, which a mail may have.
    """
    wanted: dict[int, set[Span]] = defaultdict(set)
    for span in spans:
        wanted[span[0]].add(span)
    found: dict[Span, str] = {}
    for message, some in wanted.items():
        row = conn.execute("SELECT text FROM body WHERE message = ?", (message,)).fetchone()
        if row is not None:
            found.update((span, row[0][span[1] : span[2]]) for span in some)
    return found
