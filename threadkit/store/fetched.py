"""What a fetch has to know of the mails that are here already."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from sqlite3 import Connection

_ARCHIVES = ("lkml.org/lkml", "marc.info/", "spinics.net/lists", "gmane.org/", "mail-archive.com/")
"""Archives whose addresses hold no Message-ID, so that nothing can be fetched by them."""


def root_of(conn: Connection, message_id: str) -> int | None:
    """Return the conversation of a mail that is here.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    message_id : str
        Without brackets; one of several that a mail has will do.

    Returns
    -------
    int or None
        Row id of the conversation's first message; None if there is no such mail.
    """
    row = conn.execute(
        "SELECT coalesce(root, id) FROM message WHERE ghost = 0 AND (message_id = :name"
        " OR id IN (SELECT message FROM alias WHERE message_id = :name)) ORDER BY imposter LIMIT 1",
        {"name": message_id},
    ).fetchone()
    return int(row[0]) if row else None


def message_id_of(conn: Connection, row: int) -> str | None:
    """Return the Message-ID of a row, or None.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    row : int
        ``message.id``.
    """
    found = conn.execute("SELECT message_id FROM message WHERE id = ?", (row,)).fetchone()
    return str(found[0]) if found else None


def counts_by_root(conn: Connection, rows: Iterable[int]) -> dict[int, int]:
    """Count messages by the conversation that they belong to.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    rows : iterable of int
        ``message.id`` values.

    Returns
    -------
    dict of int to int
        Row id of a conversation's first message to the number of its messages among these.
    """
    query = (
        "SELECT coalesce(root, id), count(*) FROM message"
        " WHERE id IN (SELECT value FROM json_each(?)) GROUP BY 1"
    )
    return dict(conn.execute(query, (json.dumps(list(rows)),)).fetchall())


def parents(conn: Connection, roots: Iterable[int]) -> dict[str, str | None]:
    """Return what each mail of some conversations answers.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    roots : iterable of int
        Row ids of their first messages.

    Returns
    -------
    dict
        Message-ID of every mail (no ghosts) to that of its parent, which may be a ghost.
    """
    query = (
        "SELECT m.message_id, p.message_id FROM message m LEFT JOIN message p ON p.id = m.parent"
        " WHERE m.root IN (SELECT value FROM json_each(?)) AND m.ghost = 0 AND m.imposter = 0"
    )
    return dict(conn.execute(query, (json.dumps(list(roots)),)).fetchall())


def cited_and_here(
    conn: Connection, *, threads: Collection[int] = (), commits: Collection[str] = ()
) -> tuple[set[int], set[str]]:
    """Find what is cited and was fetched or imported before.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    threads : collection of int
        Conversations to look at, by the row ids of their first messages.
    commits : collection of str
        Commits to look at, by their full hashes.

    Returns
    -------
    tuple of (set of int, set of str)
        Row ids of the first messages of the cited conversations, and hashes of the cited
        commits.
    """
    values = {"threads": json.dumps(list(threads)), "commits": json.dumps(list(commits))}
    cited = (
        "(SELECT c.kind, c.value FROM json_each(:threads) t CROSS JOIN message w"
        " CROSS JOIN citation c WHERE w.root = t.value AND c.message = w.id"
        " UNION SELECT c.kind, c.value FROM json_each(:commits) t CROSS JOIN commit_citation c"
        " WHERE c.sha = t.value) c"
    )
    roots = conn.execute(
        f"SELECT DISTINCT coalesce(m.root, m.id) FROM {cited} CROSS JOIN message m"  # noqa: S608
        " WHERE c.kind = 'message' AND m.message_id = c.value AND m.ghost = 0",
        values,
    )
    shas = conn.execute(
        f"SELECT DISTINCT n.sha FROM {cited} CROSS JOIN commit_name n"  # noqa: S608
        " WHERE c.kind = 'commit' AND n.name = c.value AND n.state = 'found'",
        values,
    )
    return {row for (row,) in roots}, {sha for (sha,) in shas}


def cited_without_id(conn: Connection, roots: Collection[int]) -> list[tuple[str, str]]:
    """List the addresses in mail archives that hold no Message-ID.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    roots : collection of int
        Conversations to look at, by the row ids of their first messages.

    Returns
    -------
    list of (str, str)
        URL, and Message-ID of the first mail that cites it.
    """
    found = conn.execute(
        "SELECT c.value, w.message_id FROM json_each(?) t CROSS JOIN message w"
        " CROSS JOIN citation c WHERE w.root = t.value AND c.message = w.id AND c.kind = 'url'"
        " ORDER BY w.id, c.position",
        (json.dumps(list(roots)),),
    )
    first: dict[str, str] = {}
    for url, citer in found:
        if any(archive in url for archive in _ARCHIVES):
            first.setdefault(url, citer)
    return list(first.items())
