"""What mails and commits cite that is not here: the next things to fetch."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from sqlite3 import Connection


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
    trailer : str
        The trailer in which it stands (``Fixes``, ``Link``); empty in prose.
    """

    name: str
    title: str
    message: int | None
    commit: str | None
    trailer: str


_CITED = """
SELECT c.value, c.title, {citer}, coalesce((SELECT t.name FROM {trailer} t
  WHERE t.{owner} = c.{owner} AND t.start <= c.start AND t.stop >= c.stop LIMIT 1), '')
FROM {source}{citation} c{joined} WHERE c.kind = :kind AND {absent} ORDER BY c.{owner}, c.position
"""
_OF_MAILS = {
    "citer": "c.message, NULL", "owner": "message", "citation": "citation", "trailer": "trailer",
}  # fmt: skip
_OF_COMMITS = {
    "citer": "NULL, c.sha", "owner": "sha", "citation": "commit_citation",
    "trailer": "commit_trailer",
}  # fmt: skip
# CROSS JOIN keeps the order: first the few mails asked about, then what they cite.
_MESSAGES = "(SELECT DISTINCT value AS id FROM json_each(:rows)) w CROSS JOIN "
_THREADS = (
    "(SELECT m.id FROM (SELECT DISTINCT value AS root FROM json_each(:rows)) r"
    " CROSS JOIN message m WHERE m.root = r.root) w CROSS JOIN "
)
_NOT_HERE = (
    "NOT EXISTS (SELECT 1 FROM message m WHERE m.message_id = c.value AND m.ghost = 0)"
    " AND NOT EXISTS (SELECT 1 FROM alias x WHERE x.message_id = c.value)"
)
_NOT_FOUND = "NOT EXISTS (SELECT 1 FROM commit_name n WHERE n.name = c.value AND n.state = 'found')"


def cited_names(
    conn: Connection,
    *,
    messages: Iterable[int] | None = None,
    threads: Iterable[int] | None = None,
    commits: Iterable[str] | None = None,
) -> list[Cited]:
    """List the commits that are cited and were not found yet, looked up or not.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    messages : iterable of int, optional
        Row ids of mails to look at.
    threads : iterable of int, optional
        Row ids of the roots of conversations to look at.
    commits : iterable of str, optional
        Full hashes of commits whose messages to look at. With none of the three,
        everything in the database is looked at.

    Returns
    -------
    list of Cited
        Each name once, with its first citer: mails in order of arrival, then commits.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> _ = db.execute("INSERT INTO message (id, message_id) VALUES (7, 'a@example.org')")
    >>> _ = db.execute("INSERT INTO citation VALUES (7, 0, 'commit', '09854ba94c6a', 'mm: x', 0, 9)")
    >>> cited_names(db.conn, messages=[7])
    [Cited(name='09854ba94c6a', title='mm: x', message=7, commit=None, trailer='')]
    >>> cited_names(db.conn, messages=[8])
    []
    >>> db.close()

    Notes
    -----
    A few index lookups a mail; only with nothing given all citations are read.
    """
    return list(_first(_cited(conn, "commit", _NOT_FOUND, messages, threads, commits)))


def cited_messages(
    conn: Connection,
    *,
    messages: Iterable[int] | None = None,
    threads: Iterable[int] | None = None,
    commits: Iterable[str] | None = None,
) -> list[Cited]:
    """List the mails that are cited, by a URL or by Message-ID, and are not here.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    messages : iterable of int, optional
        Row ids of mails to look at.
    threads : iterable of int, optional
        Row ids of the roots of conversations to look at.
    commits : iterable of str, optional
        Full hashes of commits whose messages to look at. With none of the three,
        everything in the database is looked at.

    Returns
    -------
    list of Cited
        Each Message-ID once, with its first citer: mails in order of arrival, then
        commits. What mails only answer (``References``) is not cited.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> cited_messages(db.conn)
    []
    >>> db.close()

    Notes
    -----
    A few index lookups a mail; only with nothing given all citations are read.
    """
    return list(_first(_cited(conn, "message", _NOT_HERE, messages, threads, commits)))


def _cited(
    conn: Connection,
    kind: str,
    absent: str,
    messages: Iterable[int] | None,
    threads: Iterable[int] | None,
    commits: Iterable[str] | None,
) -> Iterator[Cited]:
    everything = messages is None and threads is None and commits is None
    for citations, source, keys in (
        (_OF_MAILS, _MESSAGES, messages),
        (_OF_MAILS, _THREADS, threads),
        (_OF_COMMITS, _MESSAGES, commits),
    ):
        if keys is None and (not everything or source is _THREADS):
            continue
        rows = json.dumps(list(keys or ()))
        parts = {"source": source, "joined": f" ON c.{citations['owner']} = w.id"}
        if everything:
            parts = {"source": "", "joined": ""}
        text = _CITED.format(**citations, **parts, absent=absent)
        for row in conn.execute(text, {"kind": kind, "rows": rows}):
            yield Cited(*row)


def _first(rows: Iterable[Cited]) -> Iterator[Cited]:
    seen: set[str] = set()
    for row in rows:
        if row.name not in seen:
            seen.add(row.name)
            yield row
