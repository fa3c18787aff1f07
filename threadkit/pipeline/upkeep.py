"""What keeps a database in order: its schema, its index, its age."""

from __future__ import annotations

from pathlib import Path

from threadkit.store.connection import open_read, open_write, translate


def schema(path: str | Path) -> str:
    """Return the SQL that made the tables, indexes and views of a database.

    Parameters
    ----------
    path : str or Path
        The database.

    Returns
    -------
    str
        With the comments that describe the columns.

    Raises
    ------
    StoreError
        There is no database, or it cannot be read.
    """
    from threadkit.store.catalog import schema as schema_of

    with translate(path):
        conn = open_read(path)
        try:
            return schema_of(conn)
        finally:
            conn.close()


def reindex(path: str | Path) -> None:
    """Make the full-text index of a database again from its texts.

    Parameters
    ----------
    path : str or Path
        The database; it has to be there.

    Raises
    ------
    StoreError
        There is no database, or it cannot be written.
    """
    from threadkit.store.catalog import reindex as reindex_of

    with translate(path):
        db = open_write(path, create=False)
        try:
            reindex_of(db.conn)
        finally:
            db.close()


def upgrade(path: str | Path) -> None:
    """Bring the schema of a database up to date.

    Parameters
    ----------
    path : str or Path
        The database; it has to be there.

    Raises
    ------
    StoreError
        There is no database, or it cannot be written.
    """
    open_write(path, create=False).close()
