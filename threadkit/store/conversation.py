"""Whole conversations in and out of the store, so that threading touches only those.

A new mail can only change conversations that hold its Message-ID, a Message-ID that it
references, or its subject; those are loaded, threaded together with it, and written
back where something differs.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from sqlite3 import Connection
from typing import NamedTuple


class Member(NamedTuple):
    """A stored message as threading sees it, and how it is placed now.

    ``parent`` and ``root`` are row ids; ``references`` are oldest first.
    """

    id: int
    message_id: str
    imposter: int
    ghost: bool
    subject_key: str
    is_reply: bool
    order_utc: str
    parent: int | None
    parent_rule: str | None
    root: int | None
    match: str | None
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]


class Placed(NamedTuple):
    """Where a message belongs, as row ids."""

    id: int
    parent: int | None
    parent_rule: str
    root: int
    match: str


class Text(NamedTuple):
    """The body of a message with its blocks ``(kind, depth, start, stop, certain)``."""

    body: str
    blocks: tuple[tuple[str, int, int, int, bool], ...]


def roots(
    conn: Connection,
    message_ids: Iterable[str],
    earlier_keys: Iterable[str],
    later_keys: Iterable[str],
) -> set[int]:
    """Return the roots of the conversations that hold any of what is named.

    Parameters
    ----------
    message_ids : iterable of str
        Message-IDs, of ghosts too.
    earlier_keys : iterable of str
        Subject keys of mails.
    later_keys : iterable of str
        Subject keys of replies without a parent that is here by their headers.

    Returns
    -------
    set of int
        ``message.root`` values.
    """
    found: set[int] = set()
    for condition, names in (
        ("message_id IN (SELECT value FROM json_each(?))", message_ids),
        ("subject_key <> '' AND subject_key IN (SELECT value FROM json_each(?))", earlier_keys),
        (
            "subject_key <> '' AND subject_key IN (SELECT value FROM json_each(?)) AND is_reply"
            " AND (parent IS NULL OR parent < 0 OR parent_rule = 'subject')",
            later_keys,
        ),
    ):
        given = list(names)
        if given:
            query = f"SELECT DISTINCT root FROM message WHERE root IS NOT NULL AND {condition}"  # noqa: S608
            found.update(row[0] for row in conn.execute(query, (json.dumps(given),)))
    return found


_MEMBERS = """
SELECT id, message_id, imposter, ghost, coalesce(subject_key, ''), is_reply,
  coalesce(received_utc, date_utc, ''), parent, parent_rule, root, match
FROM message WHERE root IN (SELECT value FROM json_each(?))
"""
_REFERENCES = """
SELECT r.message, r.position, r.message_id FROM message_reference r
WHERE r.message IN (SELECT id FROM message WHERE root IN (SELECT value FROM json_each(?)))
ORDER BY r.message, r.position
"""


def members(conn: Connection, root_ids: Iterable[int]) -> list[Member]:
    """Load every message of these conversations, ghosts included.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    root_ids : iterable of int
        ``message.root`` values.

    Returns
    -------
    list of Member
        In no order.
    """
    wanted = json.dumps(list(root_ids))
    share: dict[str, str] = {}  # a long thread names each of its mails a dozen times
    references: dict[int, tuple[list[str], list[str]]] = {}
    for id_, position, message_id in conn.execute(_REFERENCES, (wanted,)):
        in_reply_to, others = references.setdefault(id_, ([], []))
        message_id = share.setdefault(message_id, message_id)
        if position < 0:
            in_reply_to.insert(0, message_id)  # stored as -1, -2, ...
        else:
            others.append(message_id)
    found = []
    for row in conn.execute(_MEMBERS, (wanted,)):
        id_, message_id, imposter, ghost, key, is_reply, order, parent, rule, root, match = row
        in_reply_to, others = references.pop(id_, ([], []))
        message_id, key = share.setdefault(message_id, message_id), share.setdefault(key, key)
        found.append(
            Member(
                id_, message_id, imposter, bool(ghost), key, bool(is_reply), order, parent, rule,
                root, match, tuple(in_reply_to), tuple(others),
            )
        )  # fmt: skip
    return found


def add_ghosts(conn: Connection, ghosts: Iterable[tuple[int, str]]) -> None:
    """Add referenced, never seen messages as ``(row id, Message-ID)``; ids are negative.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    ghosts : iterable of tuple
        Pairs of row id and Message-ID.
    """
    conn.executemany("INSERT INTO message (id, message_id, ghost) VALUES (?, ?, 1)", ghosts)


def place(conn: Connection, placed: Iterable[Placed]) -> None:
    """Write where messages belong.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    placed : iterable of Placed
        Where each message stands.
    """
    conn.executemany(
        "UPDATE message SET parent = ?, parent_rule = ?, root = ?, match = ? WHERE id = ?",
        ((p.parent, p.parent_rule, p.root, p.match, p.id) for p in placed),
    )


def texts(conn: Connection, ids: Sequence[int]) -> Iterator[tuple[int, Text]]:
    """Yield bodies with their blocks, in the order of row ids; ghosts have none.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    ids : sequence of int
        ``message.id`` values.

    Yields
    ------
    int, Text
        Row id and text.
    """
    wanted = json.dumps(sorted(ids))
    blocks: dict[int, list[tuple[str, int, int, int, bool]]] = {}
    query = (
        "SELECT message, kind, quote_depth, start, stop, certain FROM block"
        " WHERE message IN (SELECT value FROM json_each(?)) ORDER BY message, position"
    )
    for id_, kind, depth, start, stop, certain in conn.execute(query, (wanted,)):
        blocks.setdefault(id_, []).append((kind, depth, start, stop, bool(certain)))
    query = "SELECT message, text FROM body WHERE message IN (SELECT value FROM json_each(?))"
    for id_, body in conn.execute(query, (wanted,)):
        yield id_, Text(body, tuple(blocks.get(id_, ())))


def replace_quotes(conn: Connection, ids: Iterable[int], rows: Iterable[Sequence[object]]) -> None:
    """Replace the quotes of these messages.

    ``rows`` are ``(message, block, part, start, stop, source, source_start, source_stop,
    method, score)``.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    ids : iterable of int
        ``message.id`` of the messages whose quotes go.
    rows : iterable of sequence of object
        The new ones.
    """
    conn.executemany("DELETE FROM quote WHERE message = ?", ((id_,) for id_ in ids))
    conn.executemany("INSERT INTO quote VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


def remove(conn: Connection, ids: Iterable[int]) -> None:
    """Delete ghosts.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    ids : iterable of int
        ``message.id`` values; those of mails are left alone.
    """
    conn.executemany("DELETE FROM message WHERE id = ? AND ghost = 1", ((i,) for i in ids))
