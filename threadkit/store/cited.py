"""What mails and commits cite that is not here: the next things to fetch."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from sqlite3 import Connection

from threadkit.commits.values import SHIPPED


@dataclass(frozen=True, slots=True)
class Cited:
    """Something cited that is not here, and who was the first to cite it.

    Attributes
    ----------
    name : str
        A Message-ID without brackets, or a hash as written, lower case.
    title : str
        The subject that the writer gave with it; may be empty.
    message : int or None
        Row id of the mail that cites it.
    commit : str or None
        Hash of the commit that cites it.
    """

    name: str
    title: str
    message: int | None
    commit: str | None


# CROSS JOIN keeps the order: first the few conversations asked about, then what they cite.
_OF_MAILS = """
SELECT c.value, c.title, c.message, NULL FROM (SELECT m.id FROM
  (SELECT DISTINCT value AS root FROM json_each(:rows)) r CROSS JOIN message m
  WHERE m.root = r.root) w CROSS JOIN citation c ON c.message = w.id
WHERE c.kind = :kind AND {absent} ORDER BY c.message, c.position
"""
_OF_COMMITS = """
SELECT c.value, c.title, NULL, c.sha FROM (SELECT DISTINCT value AS id FROM json_each(:rows)) w
  CROSS JOIN commit_citation c ON c.sha = w.id
WHERE c.kind = :kind AND {absent} ORDER BY c.sha, c.position
"""
_NOT_HERE = (
    "NOT EXISTS (SELECT 1 FROM message m WHERE m.message_id = c.value AND m.ghost = 0)"
    " AND NOT EXISTS (SELECT 1 FROM alias x WHERE x.message_id = c.value)"
)
# A commit that is known from shipped facts only can still be fetched.
_NOT_FOUND = (
    "NOT EXISTS (SELECT 1 FROM commit_name n WHERE n.name = c.value AND n.state = 'found'"
    " AND n.origin <> :shipped)"
)


def cited_names(
    conn: Connection, *, threads: Iterable[int] = (), commits: Iterable[str] = ()
) -> list[Cited]:
    """List the commits that are cited and were not found yet, looked up or not.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    threads : iterable of int
        Row ids of the roots of conversations to look at.
    commits : iterable of str
        Full hashes of commits whose messages to look at.

    Returns
    -------
    list of Cited
        Each name once, with its first citer: mails in order of arrival, then commits.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> _ = db.execute("INSERT INTO message (id, message_id, root) VALUES (7, 'a@example.org', 7)")
    >>> _ = db.execute("INSERT INTO citation VALUES (7, 0, 'commit', '09854ba94c6a', 'mm: x', 0, 9)")
    >>> cited_names(db.conn, threads=[7])
    [Cited(name='09854ba94c6a', title='mm: x', message=7, commit=None)]
    >>> cited_names(db.conn, threads=[8])
    []
    >>> db.close()

    Notes
    -----
    A few index lookups a mail.
    """
    return _cited(conn, "commit", _NOT_FOUND, threads, commits)


def cited_messages(
    conn: Connection, *, threads: Iterable[int] = (), commits: Iterable[str] = ()
) -> list[Cited]:
    """List the mails that are cited, by a URL or by Message-ID, and are not here.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    threads : iterable of int
        Row ids of the roots of conversations to look at.
    commits : iterable of str
        Full hashes of commits whose messages to look at.

    Returns
    -------
    list of Cited
        Each Message-ID once, with its first citer: mails in order of arrival, then
        commits. What mails only answer (``References``) is not cited.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> cited_messages(db.conn, threads=[7])
    []
    >>> db.close()

    Notes
    -----
    A few index lookups a mail.
    """
    return _cited(conn, "message", _NOT_HERE, threads, commits)


def _cited(
    conn: Connection, kind: str, absent: str, threads: Iterable[int], commits: Iterable[str]
) -> list[Cited]:
    first: dict[str, Cited] = {}
    for query, keys in (_OF_MAILS, list(threads)), (_OF_COMMITS, list(commits)):
        values = {"kind": kind, "rows": json.dumps(keys), "shipped": SHIPPED}
        for row in conn.execute(query.format(absent=absent), values):
            first.setdefault(row[0], Cited(*row))
    return list(first.values())
