"""What was found in one mail: blocks, quotes, trailers, citations, copies, defects."""

from __future__ import annotations

import sqlite3

from threadkit.mail.block import Block
from threadkit.mail.values import Address, Attachment, Defect
from threadkit.store.values import StoredCitation, StoredCopy, StoredQuote, StoredTrailer


def blocks(conn: sqlite3.Connection, row: int) -> list[Block]:
    """Read the blocks of a body, which cover it character for character.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    row : int
        ``message.id``.

    Returns
    -------
    list of Block
        In order of the text.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> blocks(db.conn, 1)
    []
    >>> db.close()
    """
    return [
        Block(kind, depth, start, stop, certain == 1)
        for kind, depth, start, stop, certain in conn.execute(
            "SELECT kind, quote_depth, start, stop, certain FROM block"
            " WHERE message = ? ORDER BY position",
            (row,),
        )
    ]


def quotes(conn: sqlite3.Connection, row: int) -> list[StoredQuote]:
    """Read where the quoted passages of a message come from.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    row : int
        ``message.id``.

    Returns
    -------
    list of StoredQuote
        In order of the text.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> quotes(db.conn, 1)
    []
    >>> db.close()
    """
    return [
        StoredQuote(*found)
        for found in conn.execute(
            "SELECT q.block, q.part, q.start, q.stop, s.message_id, q.source, q.source_start,"
            " q.source_stop, q.method, q.score FROM quote q LEFT JOIN message s ON s.id = q.source"
            " WHERE q.message = ? ORDER BY q.block, q.part",
            (row,),
        )
    ]


def trailers(conn: sqlite3.Connection, row: int) -> list[StoredTrailer]:
    """Read the trailers of a message.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    row : int
        ``message.id``.

    Returns
    -------
    list of StoredTrailer
        In order of the text.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> trailers(db.conn, 1)
    []
    >>> db.close()
    """
    return [
        StoredTrailer(name, value, kind, followup == 1, extinfo, start, stop)
        for name, value, kind, followup, extinfo, start, stop in conn.execute(
            "SELECT name, value, kind, followup, extinfo, start, stop FROM trailer"
            " WHERE message = ? ORDER BY position",
            (row,),
        )
    ]


def citations(conn: sqlite3.Connection, row: int) -> list[StoredCitation]:
    """Read what a message points at: messages, commits, bugs, releases, URLs.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    row : int
        ``message.id``.

    Returns
    -------
    list of StoredCitation
        In order of the text.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> citations(db.conn, 1)
    []
    >>> db.close()
    """
    return [
        StoredCitation(*found)
        for found in conn.execute(
            "SELECT kind, value, title, start, stop FROM citation"
            " WHERE message = ? ORDER BY position",
            (row,),
        )
    ]


def attachments(conn: sqlite3.Connection, row: int) -> list[Attachment]:
    """Read the list of a message's attachments; the bytes are in :func:`raw`.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    row : int
        ``message.id``.

    Returns
    -------
    list of Attachment
        In the order of the parts.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> attachments(db.conn, 1)
    []
    >>> db.close()
    """
    return [
        Attachment(*found)
        for found in conn.execute(
            "SELECT filename, content_type, size_bytes FROM attachment"
            " WHERE message = ? ORDER BY position",
            (row,),
        )
    ]


def defects(conn: sqlite3.Connection, row: int) -> list[Defect]:
    """Read what is wrong with a message, over all its copies, each thing once.

    That a copy is ``transcribed`` is none of it where the mail itself is here, too.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    row : int
        ``message.id``.

    Returns
    -------
    list of Defect
        In the order found.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> defects(db.conn, 1)
    []
    >>> db.close()
    """
    return [
        Defect(*found)
        for found in conn.execute(
            "SELECT d.kind, d.detail FROM raw r JOIN defect d ON d.raw = r.id"
            " WHERE r.message = :id AND (d.kind <> 'transcribed'"
            " OR r.id = (SELECT raw FROM message WHERE id = :id))"
            " GROUP BY d.kind, d.detail ORDER BY min(d.id)",
            {"id": row},
        )
    ]


def references(conn: sqlite3.Connection, row: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Read the Message-IDs that a message says it answers.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    row : int
        ``message.id``.

    Returns
    -------
    tuple of two tuples of str
        In-Reply-To and References, each oldest first.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> references(db.conn, 1)
    ((), ())
    >>> db.close()
    """
    found = conn.execute(
        "SELECT position, message_id FROM message_reference WHERE message = ? ORDER BY position",
        (row,),
    ).fetchall()
    return (
        # The first In-Reply-To has position -1, the next -2.
        tuple(message_id for position, message_id in reversed(found) if position < 0),
        tuple(message_id for position, message_id in found if position >= 0),
    )


def recipients(conn: sqlite3.Connection, row: int) -> list[tuple[str, Address]]:
    """Read to whom a message went.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    row : int
        ``message.id``.

    Returns
    -------
    list of (str, Address)
        ``to`` before ``cc``, each in the order written.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> recipients(db.conn, 1)
    []
    >>> db.close()
    """
    return [
        (kind, Address(name, email))
        for kind, name, email in conn.execute(
            "SELECT r.kind, a.name, a.email FROM recipient r JOIN address a ON a.id = r.address"
            " WHERE r.message = ? ORDER BY r.kind DESC, r.position",
            (row,),
        )
    ]


def copies(conn: sqlite3.Connection, row: int) -> list[StoredCopy]:
    """Read through which lists and files a message came.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    row : int
        ``message.id``.

    Returns
    -------
    list of StoredCopy
        In order of import; one is preferred.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> copies(db.conn, 1)
    []
    >>> db.close()
    """
    return [
        StoredCopy(sha256, list_id, received_utc, size_bytes, source, locator, preferred == 1)
        for sha256, list_id, received_utc, size_bytes, source, locator, preferred in conn.execute(
            "SELECT r.sha256, r.list_id, r.received_utc, r.size_bytes, s.uri, r.locator,"
            " r.id = m.raw FROM raw r JOIN message m ON m.id = r.message"
            " JOIN source s ON s.id = r.source WHERE m.id = ? ORDER BY r.id",
            (row,),
        )
    ]
