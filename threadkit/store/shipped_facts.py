"""Commits that are known from shipped facts only."""

from __future__ import annotations

from sqlite3 import Connection

from threadkit.commits.facts import ENOUGH_DIGITS
from threadkit.commits.values import SHIPPED


def wanted_names(conn: Connection) -> set[str]:
    """List the hashes that mails and fetched commits name and that no origin has found.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.

    Returns
    -------
    set of str
        As written, of ten digits or more.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> _ = db.execute("INSERT INTO citation VALUES (7, 0, 'commit', '09854ba94c6a', '', 0, 9)")
    >>> wanted_names(db.conn)
    {'09854ba94c6a'}
    >>> db.close()
    """
    rows = conn.execute(
        "SELECT DISTINCT value FROM (SELECT value FROM citation WHERE kind = 'commit' UNION ALL"
        " SELECT c.value FROM commit_citation c JOIN git_commit g ON g.sha = c.sha"
        " WHERE c.kind = 'commit' AND g.origin <> :shipped) WHERE length(value) >= :sure"
        " AND NOT EXISTS (SELECT 1 FROM commit_name n WHERE n.name = value"
        " AND n.state = 'found' AND n.origin <> :shipped)",
        {"shipped": SHIPPED, "sure": ENOUGH_DIGITS},
    )
    return {name for (name,) in rows}


def posted_count(conn: Connection) -> int:
    """Count the mails with patches: what they became may be among the facts.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    """
    count: int = conn.execute("SELECT count(*) FROM patch").fetchone()[0]
    return count


def forget_shipped(conn: Connection) -> None:
    """Delete the commits that are known from shipped facts only, before they are stored anew.

    Parameters
    ----------
    conn : sqlite3.Connection
        In a transaction.

    Notes
    -----
    A commit that another origin told as well keeps what that origin said.
    """
    conn.execute("DELETE FROM commit_name WHERE origin = ?", (SHIPPED,))
    only = (
        "SELECT sha FROM git_commit g WHERE origin = ?"
        " AND NOT EXISTS (SELECT 1 FROM commit_name n WHERE n.sha = g.sha)"
    )
    shas = [(sha,) for (sha,) in conn.execute(only, (SHIPPED,))]
    for table in ("commit_parent", "commit_trailer", "commit_citation", "commit_file",
                  "commit_mail", "git_commit"):  # fmt: skip
        conn.executemany(f"DELETE FROM {table} WHERE sha = ?", shas)  # noqa: S608
