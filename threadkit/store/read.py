"""Messages and threads by row id (:func:`threadkit.store.lookup.find` gives these).

A :class:`StoredMessage` is what lists and trees need; its text is loaded by a function
of its own, so that a thread of thousands stays cheap, and what was found in the text by
:mod:`threadkit.store.parts`. Only sqlite3 and zstd are imported here: ``show`` starts
without sqlite_utils.
"""

from __future__ import annotations

import sqlite3
import sys
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from threadkit.errors import NotFound, ThreadkitError
from threadkit.store.values import StoredMessage

if TYPE_CHECKING:
    from backports.zstd import ZstdDict


_MESSAGE = """
SELECT m.id, m.message_id, m.imposter, m.ghost, coalesce(m.subject, ''),
  coalesce(a.name, ''), coalesce(a.email, ''), coalesce(p.name, a.name, ''), p.id,
  m.date_utc, m.received_utc, pm.message_id, rm.message_id, m.parent_rule, m.match
FROM message m LEFT JOIN address a ON a.id = m.from_address LEFT JOIN person p ON p.id = a.person
LEFT JOIN message pm ON pm.id = m.parent LEFT JOIN message rm ON rm.id = m.root
"""


def message(conn: sqlite3.Connection, row: int) -> StoredMessage:
    """Read one message.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    row : int
        ``message.id``, as :func:`~threadkit.store.lookup.find` gives it.

    Returns
    -------
    StoredMessage
        Without its text.

    Raises
    ------
    NotFound
        No message has this id.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> conn = db.conn
    >>> _ = conn.execute("INSERT INTO message (id, message_id) VALUES (7, 'a@example.org')")
    >>> message(conn, 7).message_id
    'a@example.org'
    >>> db.close()

    Notes
    -----
    About 20 microseconds.
    """
    for found in messages(conn, [row]):
        return found
    raise NotFound(f"#{row}")


def messages(conn: sqlite3.Connection, rows: list[int]) -> list[StoredMessage]:
    """Read several messages, in the order asked for; unknown ids are left out.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    rows : list of int
        ``message.id`` values.

    Returns
    -------
    list of StoredMessage
        In the order of ``rows``.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> messages(db.conn, [1, 2])
    []
    >>> db.close()

    Notes
    -----
    About 10 microseconds each.
    """
    statement = _MESSAGE + "WHERE m.id = ?"
    found = (conn.execute(statement, (row,)).fetchone() for row in rows)
    return [_stored(row) for row in found if row is not None]


def thread(conn: sqlite3.Connection, row: int) -> list[StoredMessage]:
    """Read the whole conversation that a message belongs to, loose matches included.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    row : int
        ``message.id`` of any message of it, a ghost's too.

    Returns
    -------
    list of StoredMessage
        In order of arrival, ghosts included.

    Raises
    ------
    NotFound
        No message has this id.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> conn = db.conn
    >>> _ = conn.execute("INSERT INTO message (id, message_id, root) VALUES (1, 'a', 1)")
    >>> _ = conn.execute(
    ...     "INSERT INTO message (id, message_id, root, parent) VALUES (2, 'b', 1, 1)")
    >>> [(m.message_id, m.parent) for m in thread(conn, 2)]
    [('a', None), ('b', 'a')]
    >>> db.close()

    Notes
    -----
    Two index lookups, then about 6 microseconds a message.
    """
    found = conn.execute("SELECT coalesce(root, id) FROM message WHERE id = ?", (row,)).fetchone()
    if found is None:
        raise NotFound(f"#{row}")
    rows = conn.execute(_THREAD, {"root": found[0]}).fetchall()
    names = {each[0]: each[1] for each in rows}
    return [
        _stored((*each[:11], names.get(each[11]), names.get(each[12]), *each[13:])) for each in rows
    ]


_THREAD = """
SELECT m.id, m.message_id, m.imposter, m.ghost, coalesce(m.subject, ''),
  coalesce(a.name, ''), coalesce(a.email, ''), coalesce(p.name, a.name, ''), p.id,
  m.date_utc, m.received_utc, m.parent, coalesce(m.root, m.id), m.parent_rule, m.match
FROM message m LEFT JOIN address a ON a.id = m.from_address LEFT JOIN person p ON p.id = a.person
WHERE m.root = :root OR m.id = :root ORDER BY m.id
"""


def _stored(row: tuple[Any, ...]) -> StoredMessage:
    row_id, message_id, imposter, ghost, *rest = row
    return StoredMessage(row_id, message_id, imposter, ghost == 1, *rest)


def body(conn: sqlite3.Connection, row: int) -> str:
    """Read the decoded text of a message; empty for a ghost.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    row : int
        ``message.id``.

    Returns
    -------
    str
        With LF line ends; the text that all spans count characters of.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> body(db.conn, 1)
    ''
    >>> db.close()

    Notes
    -----
    One index lookup.
    """
    found = conn.execute("SELECT text FROM body WHERE message = ?", (row,)).fetchone()
    return found[0] if found else ""


def raw(conn: sqlite3.Connection, row: int) -> bytes:
    """Read a mail exactly as it was received.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    row : int
        ``message.id``.

    Returns
    -------
    bytes
        The preferred copy.

    Raises
    ------
    NotFound
        No such message, or a ghost, which has no mail.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> raw(db.conn, 1)
    Traceback (most recent call last):
    threadkit.errors.NotFound: #1: no such message
    >>> db.close()

    Notes
    -----
    About 50 microseconds plus 2 a kilobyte for zstd.
    """
    found = conn.execute(
        "SELECT r.data, d.data FROM message m JOIN raw r ON r.id = m.raw"
        " LEFT JOIN dictionary d ON d.id = r.dictionary WHERE m.id = ?",
        (row,),
    ).fetchone()
    if found is None:
        raise NotFound(f"#{row}")
    return decompress(*found)


class Unreadable(ThreadkitError):
    """A raw mail cannot be decompressed: the database is damaged."""

    exit_code = 5


def decompress(data: bytes, dictionary: bytes | None) -> bytes:
    """Undo the compression of ``raw.data``.

    Parameters
    ----------
    data : bytes
        One or more zstd frames.
    dictionary : bytes or None
        ``dictionary.data`` of the row that ``raw.dictionary`` names.

    Returns
    -------
    bytes
        The mail.

    Raises
    ------
    Unreadable
        It is no zstd, is cut off, or needs another dictionary.

    Examples
    --------
    >>> decompress(bytes.fromhex("28b52ffd2003190000616263"), None)
    b'abc'

    References
    ----------
    RFC 8878 (zstd).
    """
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd

    try:
        text: bytes = zstd.decompress(data, None if dictionary is None else _zstd_dict(dictionary))
    except (zstd.ZstdError, ValueError, MemoryError) as error:
        raise Unreadable(str(error)) from error
    return text


@lru_cache(maxsize=4)
def _zstd_dict(data: bytes) -> ZstdDict:
    if sys.version_info >= (3, 14):
        from compression.zstd import ZstdDict
    else:
        from backports.zstd import ZstdDict

    return ZstdDict(data)
