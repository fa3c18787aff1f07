"""One transaction for several statements, inside a caller's or of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import Connection


@contextmanager
def transaction(conn: Connection) -> Iterator[None]:
    """Commit everything done inside, or nothing of it.

    Parameters
    ----------
    conn : sqlite3.Connection
        Open for writing. If it is in a transaction already, that one is left open: its
        owner commits.

    Yields
    ------
    None
        An error inside undoes everything, unless the transaction is the caller's.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> with transaction(db.conn):
    ...     _ = db.conn.execute("INSERT INTO fetch_host VALUES ('example.org', '2026', 'x')")
    >>> db.conn.in_transaction
    False
    >>> db.close()
    """
    if conn.in_transaction:
        yield
        return
    conn.execute("BEGIN IMMEDIATE")  # a writer elsewhere is met here, not half-way
    try:
        yield
        conn.commit()
    finally:
        conn.rollback()  # after a commit there is nothing to undo
