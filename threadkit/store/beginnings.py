"""How the own words of mails begin, for lists of many mails."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from sqlite3 import Connection


def beginnings(conn: Connection, ids: Iterable[int], most: int = 400) -> Iterator[tuple[int, str]]:
    """Read the first own paragraphs of mails, one mail in memory at a time.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    ids : iterable of int
        ``message.id`` values.
    most : int, optional
        Characters of each paragraph.

    Yields
    ------
    int, str
        Row id, and a run of own words as it stands; in order of row ids and of the text, and
        only for mails that have own words.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> list(beginnings(db.conn, [1]))
    []
    >>> db.close()

    Notes
    -----
    SQLite's own ``substr`` would end at a NUL, and look for the place from the beginning.
    """
    wanted = json.dumps(sorted(ids))
    spans: dict[int, list[tuple[int, int]]] = {}
    query = (
        "SELECT message, start, stop FROM block WHERE message IN (SELECT value FROM json_each(?))"
        " AND kind = 'reply' ORDER BY message, position"
    )
    for id_, start, stop in conn.execute(query, (wanted,)):
        some = spans.setdefault(id_, [])
        if len(some) < _PARAGRAPHS:
            some.append((start, min(stop, start + most)))
    query = (
        "SELECT message, text FROM body WHERE message IN (SELECT value FROM json_each(?))"
        " ORDER BY message"
    )
    for id_, text in conn.execute(query, (wanted,)):
        for start, stop in spans.get(id_, ()):
            yield id_, text[start:stop]


_PARAGRAPHS = 4
