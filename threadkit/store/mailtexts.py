"""Mails with everything that was found in their text, many at a time, for analyzers."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from sqlite3 import Connection
from typing import Any, NamedTuple

from threadkit.mail.block import Block

BATCH = 500
"""Mails that one call of :func:`texts` reads well."""


class StoredText(NamedTuple):
    """One mail: envelope, body, and what was found in it, as rows.

    ``trailers`` are name, value, kind, extinfo, start, stop; ``citations`` kind, value,
    title, start, stop; both in the order of the text. ``parent`` and ``root`` are
    Message-IDs.
    """

    id: int
    message_id: str
    subject: str
    from_name: str
    from_email: str
    date_utc: str | None
    is_reply: bool
    is_patch: bool
    parent: str | None
    root: str
    body: str
    blocks: list[Block]
    trailers: list[tuple[Any, ...]]
    citations: list[tuple[Any, ...]]


_MAILS = """
SELECT m.id, m.message_id, coalesce(m.subject, ''), coalesce(nullif(a.name, ''), p.name, ''),
  coalesce(a.email, ''), coalesce(m.date_utc, m.received_utc), m.is_reply OR m.parent IS NOT NULL,
  EXISTS (SELECT 1 FROM patch WHERE patch.message = m.id), pm.message_id,
  coalesce(rm.message_id, m.message_id), b.text
FROM json_each(:rows) j CROSS JOIN message m ON m.id = j.value JOIN body b ON b.message = m.id
LEFT JOIN address a ON a.id = m.from_address LEFT JOIN person p ON p.id = a.person
LEFT JOIN message pm ON pm.id = m.parent LEFT JOIN message rm ON rm.id = m.root
ORDER BY m.id
"""
_UNREAD = (
    "FROM body b WHERE b.message > ? AND NOT EXISTS (SELECT 1 FROM analyzed x JOIN run r"
    " ON r.id = x.run WHERE x.analyzer = ? AND x.message = b.message AND r.version = ?)"
)
_OF_ROOTS = (
    " AND b.message IN (SELECT m.id FROM json_each(?) j CROSS JOIN message m ON m.root = j.value)"
)
_PART = (
    "SELECT message, {} FROM {} WHERE message IN (SELECT value FROM json_each(:rows))"
    " ORDER BY message, position"
)
_PARTS = {
    "blocks": _PART.format("kind, quote_depth, start, stop, certain", "block"),
    "trailers": _PART.format("name, value, kind, extinfo, start, stop", "trailer"),
    "citations": _PART.format("kind, value, title, start, stop", "citation"),
}


def unread(
    conn: Connection,
    analyzer: str,
    version: str,
    *,
    after: int = 0,
    most: int = -1,
    roots: Sequence[int] | None = None,
) -> list[int]:
    """List mails that an analyzer has not read, or not by these rules.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    analyzer, version : str
        As in the table ``run``.
    after : int, optional
        Row id of the last mail that is not wanted any more.
    most : int, optional
        How many; -1 for all.
    roots : sequence of int, optional
        Only mails of these conversations (``message.root``).

    Returns
    -------
    list of int
        Row ids, ascending.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> unread(db.conn, "mails", "1")
    []
    >>> db.close()
    """
    bound, some = _bound(roots)
    query = f"SELECT b.message {_UNREAD}{bound} ORDER BY b.message LIMIT ?"
    rows = conn.execute(query, (after, analyzer, version, *some, most))
    return [row for (row,) in rows]


def unread_count(
    conn: Connection, analyzer: str, version: str, *, roots: Sequence[int] | None = None
) -> int:
    """Count the mails that an analyzer has not read, or not by these rules.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    analyzer, version : str
        As in the table ``run``.
    roots : sequence of int, optional
        Only mails of these conversations (``message.root``).

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> unread_count(db.conn, "mails", "1")
    0
    >>> db.close()
    """
    bound, some = _bound(roots)
    query = f"SELECT count(*) {_UNREAD}{bound}"
    return int(conn.execute(query, (0, analyzer, version, *some)).fetchone()[0])


def _bound(roots: Sequence[int] | None) -> tuple[str, list[str]]:
    """Write the bounds of a query, and what fills their holes."""
    return ("", []) if roots is None else (_OF_ROOTS, [json.dumps(list(roots))])


def texts(conn: Connection, rows: Sequence[int]) -> list[StoredText]:
    """Read some mails whole.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    rows : sequence of int
        Row ids; at most some :data:`BATCH`.

    Returns
    -------
    list of StoredText
        By row id; ghosts are left out.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> texts(db.conn, [1, 2])
    []
    >>> db.close()
    """
    values = {"rows": json.dumps(list(rows))}
    parts: dict[str, dict[int, list[Any]]] = {}
    for name, query in _PARTS.items():
        found: dict[int, list[Any]] = defaultdict(list)
        for message, *rest in conn.execute(query, values):
            found[message].append(tuple(rest))
        parts[name] = found
    return [_stored(row, parts) for row in conn.execute(_MAILS, values)]


def _stored(row: Sequence[Any], parts: dict[str, dict[int, list[Any]]]) -> StoredText:
    """Put a mail and its parts together."""
    id_ = row[0]
    blocks = [Block(k, d, low, high, c == 1) for k, d, low, high, c in parts["blocks"][id_]]
    found = (blocks, parts["trailers"][id_], parts["citations"][id_])
    return StoredText._make((*row[:6], bool(row[6]), bool(row[7]), *row[8:], *found))


def mark_read(conn: Connection, analyzer: str, rows: Iterable[int], run: int) -> None:
    """Note that mails have been read.

    Parameters
    ----------
    conn : sqlite3.Connection
        In a transaction.
    analyzer : str
        Who read them.
    rows : iterable of int
        Their row ids.
    run : int
        In which run.
    """
    conn.executemany(
        "INSERT INTO analyzed (analyzer, message, run) VALUES (?, ?, ?)"
        " ON CONFLICT DO UPDATE SET run = excluded.run",
        ((analyzer, row, run) for row in rows),
    )


def forget_read(conn: Connection, analyzer: str, *, roots: Sequence[int] | None = None) -> None:
    """Forget which mails an analyzer has read, so that it reads them all again.

    Parameters
    ----------
    conn : sqlite3.Connection
        In a transaction.
    analyzer : str
        Who read them; findings stay until they are replaced.
    roots : sequence of int, optional
        Only mails of these conversations (``message.root``).
    """
    bound, some = _bound(roots)
    conn.execute(
        f"DELETE FROM analyzed AS b WHERE analyzer = ?{bound}",  # noqa: S608
        (analyzer, *some),
    )
