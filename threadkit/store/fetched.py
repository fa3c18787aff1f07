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


def whole(
    conn: Connection,
    root: int,
    *,
    since_utc: str = "",
    inbox: str | None = None,
    origin: str | None = None,
    among: Collection[int] | None = None,
) -> int | None:
    """Find the newest answer of a server that brought a whole conversation.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    root : int
        Row id of the conversation's first message.
    since_utc : str
        ISO 8601 with Z: not what came earlier.
    inbox, origin : str or None
        Where a user wants it from: an answer of another server does not count, nor that of
        another list, but that of all lists does.
    among : collection of int, optional
        Only these items of the queue count.

    Returns
    -------
    int or None
        Id of an item of the queue, by whichever mail of the conversation it was asked for.
    """
    row = conn.execute(
        "SELECT q.id FROM (SELECT message_id FROM message WHERE root = :root"
        " UNION SELECT a.message_id FROM message w CROSS JOIN alias a ON a.message = w.id"
        " WHERE w.root = :root) m CROSS JOIN fetch_queue q WHERE q.kind = 'thread'"
        " AND q.name = m.message_id AND q.sha256 IS NOT NULL AND q.fetched_utc > :since"
        " AND q.inbox IN ('', 'all', :inbox) AND q.origin = :origin"
        " AND (:among IS NULL OR q.id IN (SELECT value FROM json_each(:among)))"
        " ORDER BY q.fetched_utc DESC, q.id LIMIT 1",
        {
            "root": root, "since": since_utc, "inbox": inbox or "", "origin": origin or "",
            "among": None if among is None else json.dumps(sorted(among)),
        },
    ).fetchone()  # fmt: skip
    return int(row[0]) if row else None


def names_of(conn: Connection, roots: Iterable[int]) -> dict[str, str]:
    """Return all ids of the mails of some conversations.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    roots : iterable of int
        Row ids of their first messages.

    Returns
    -------
    dict of str to str
        Each Message-ID, also the further ones of mails that have several, to the one that
        the mail goes by.
    """
    query = (
        "WITH m AS (SELECT id, message_id FROM message"
        " WHERE root IN (SELECT value FROM json_each(?)) AND ghost = 0)"
        " SELECT a.message_id, m.message_id FROM m CROSS JOIN alias a ON a.message = m.id"
        " UNION ALL SELECT message_id, message_id FROM m"
    )
    return dict(conn.execute(query, (json.dumps(list(roots)),)).fetchall())


def parents(conn: Connection, roots: Iterable[int]) -> dict[str, set[str | None]]:
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
        Several mails under one id may have several parents.
    """
    query = (
        "SELECT m.message_id, p.message_id FROM message m LEFT JOIN message p ON p.id = m.parent"
        " WHERE m.root IN (SELECT value FROM json_each(?)) AND m.ghost = 0"
    )
    found: dict[str, set[str | None]] = {}
    for name, parent in conn.execute(query, (json.dumps(list(roots)),)):
        found.setdefault(name, set()).add(parent)
    return found


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
        " WHERE c.kind = 'message' AND m.ghost = 0 AND (m.message_id = c.value"
        " OR m.id IN (SELECT a.message FROM alias a WHERE a.message_id = c.value))",
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
