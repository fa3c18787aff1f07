"""Whole conversations in and out of the store, so that threading touches only those.

A new mail can only change conversations that hold its Message-ID, a Message-ID that it
references, or its subject; those are loaded, threaded together with it, and written
back where something differs.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Iterator, Sequence
from sqlite3 import Connection
from typing import NamedTuple


class Member(NamedTuple):
    """A stored message as threading sees it, and how it is placed now.

    ``parent`` and ``root`` are row ids; ``references`` are oldest first. Of a mail whose
    headers can only place itself, ``in_reply_to`` or ``references`` hold no more than the
    parent that they name: see :func:`members`.
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
SELECT m.id, m.message_id, m.imposter, m.ghost, coalesce(m.subject_key, ''), m.is_reply,
  coalesce(m.received_utc, m.date_utc, ''), m.parent, m.parent_rule, m.root, m.match,
  CASE WHEN m.parent_rule IN ('in-reply-to', 'references') AND NOT p.ghost
    AND (p.parent_rule IN ('in-reply-to', 'references') OR NOT p.is_reply)
  THEN p.message_id END
FROM message m LEFT JOIN message p ON p.id = m.parent
WHERE m.root IN (SELECT value FROM json_each(?))
"""
_REFERENCES = """
SELECT message, position, message_id FROM message_reference
WHERE message IN (SELECT value FROM json_each(?)) ORDER BY message, position
"""
_AT_ONCE = 500


def members(
    conn: Connection, root_ids: Iterable[int], unsure: Container[str] = ()
) -> Iterator[Member]:
    """Load every message of these conversations, ghosts included.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    root_ids : iterable of int
        ``message.root`` values.
    unsure : container of str
        Message-IDs whose mails are other ones, or have other headers, than when the
        conversations were placed.

    Yields
    ------
    Member
        In no order.

    Notes
    -----
    All that a mail references counts only while the parent that it names is a ghost, or a
    reply without headers: it tells then where that hangs. Of most mails the parent alone
    counts, and that is known: reading a dozen references of each would take most of the
    time and of the memory.
    """
    names: dict[str, tuple[str, ...]] = {}
    words: dict[str | None, str | None] = {}
    pending: list[Member] = []
    for row in conn.execute(_MEMBERS, (json.dumps(list(root_ids)),)):
        id_, message_id, imposter, ghost, key, is_reply, order, parent, rule, root, match, up = row
        key, rule = words.setdefault(key, key) or "", words.setdefault(rule, rule)
        match = words.setdefault(match, match)
        known = up is not None and up not in unsure
        only = names.setdefault(up, (up,)) if known else ()
        in_reply_to, references = ((), only) if rule == "references" else (only, ())
        member = Member(
            id_, message_id, imposter, bool(ghost), key, bool(is_reply), order, parent, rule,
            root, match, in_reply_to, references,
        )  # fmt: skip
        if known or ghost:
            yield member
            continue
        pending.append(member)
        if len(pending) >= _AT_ONCE:
            yield from _with_references(conn, pending)
            pending = []
    yield from _with_references(conn, pending)


def _with_references(conn: Connection, some: list[Member]) -> Iterator[Member]:
    """Yield mails with all that their headers name."""
    headers: dict[int, tuple[list[str], list[str]]] = {one.id: ([], []) for one in some}
    for id_, position, message_id in conn.execute(_REFERENCES, (json.dumps(list(headers)),)):
        in_reply_to, references = headers[id_]
        if position < 0:
            in_reply_to.insert(0, message_id)  # stored as -1, -2, ...
        else:
            references.append(message_id)
    for one in some:
        in_reply_to, references = headers[one.id]
        yield one._replace(in_reply_to=tuple(in_reply_to), references=tuple(references))


# -- some messages of a conversation ---------------------------------------------------

_PLACED_BY_HEADERS = ("in-reply-to", "references")
_SOME = """
SELECT m.id, m.message_id, m.imposter, m.ghost, coalesce(m.subject_key, ''), m.is_reply,
  coalesce(m.received_utc, m.date_utc, ''), m.parent, m.parent_rule, m.root, m.match
FROM message m WHERE m.root IS NOT NULL AND
"""


def movable(conn: Connection, root_ids: Iterable[int], gone: Iterable[int]) -> Iterator[Member]:
    """Load what new mails can move of some conversations, and who speaks for it.

    Those are the ghosts, all mails whose headers name no parent, and the direct replies
    to ghosts and to replies without headers.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    root_ids : iterable of int
        ``message.root`` values.
    gone : iterable of int
        Row ids of ghosts that are mails now.

    Yields
    ------
    Member
        Each once, with all that its headers name, in no order.
    """
    rules = ", ".join(f"'{rule}'" for rule in _PLACED_BY_HEADERS)
    found = _some(conn, f"m.parent_rule NOT IN ({rules}) AND m.root", root_ids)
    above = [one.id for one in found if one.ghost or one.is_reply]
    replies = _some(conn, f"m.parent_rule IN ({rules}) AND m.parent", [*above, *gone])
    for at in range(0, len(found), _AT_ONCE):
        yield from _with_references(conn, found[at : at + _AT_ONCE])
    for at in range(0, len(replies), _AT_ONCE):
        yield from _with_references(conn, replies[at : at + _AT_ONCE])


def named(conn: Connection, message_ids: Iterable[str]) -> list[Member]:
    """Load the placed messages, no imposters, with these Message-IDs; without references.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    message_ids : iterable of str
        Of mails or ghosts.

    Returns
    -------
    list of Member
        Those that are here.
    """
    return _some(conn, "m.imposter = 0 AND m.message_id", message_ids)


def numbered(conn: Connection, ids: Iterable[int]) -> list[Member]:
    """Load the placed messages with these row ids; without references.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    ids : iterable of int
        ``message.id`` values.

    Returns
    -------
    list of Member
        Those that are here.
    """
    return _some(conn, "m.id", ids)


def _some(conn: Connection, condition: str, values: Iterable[object]) -> list[Member]:
    given = list(values)
    if not given:
        return []
    query = f"{_SOME} {condition} IN (SELECT value FROM json_each(?))"  # noqa: S608
    found: list[Member] = []
    for row in conn.execute(query, (json.dumps(given),)):
        id_, message_id, imposter, ghost, key, is_reply, order, parent, rule, root, match = row
        found.append(
            Member(
                id_, message_id, imposter, bool(ghost), key, bool(is_reply), order, parent, rule,
                root, match, (), (),
            )
        )  # fmt: skip
    return found


def ways(conn: Connection, ids: Iterable[int], until: Iterable[int]) -> dict[int, int | None]:
    """Return the parents of these messages, and of those above them until known ones.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    ids : iterable of int
        ``message.id`` values.
    until : iterable of int
        ``message.id`` of those that are known: what is above them is left out.

    Returns
    -------
    dict
        Row id to the row id of the parent; None at a root.
    """
    query = (
        "WITH RECURSIVE found (id, parent) AS ("
        "SELECT id, parent FROM message WHERE id IN (SELECT value FROM json_each(:ids)) UNION"
        " SELECT m.id, m.parent FROM found JOIN message m ON m.id = found.parent"
        " WHERE found.parent NOT IN (SELECT value FROM json_each(:until)))"
        " SELECT id, parent FROM found"
    )
    given = {"ids": json.dumps(list(ids)), "until": json.dumps(list(until))}
    return dict(conn.execute(query, given).fetchall())


def earlier(
    conn: Connection, subject_key: str, before: tuple[str, str], oldest_utc: str, most: int
) -> list[str]:
    """Return the Message-IDs of the nearest earlier mails with a subject, no imposters.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    subject_key : str
        Not empty.
    before : tuple of (str, str)
        Time and Message-ID of the mail that they are before.
    oldest_utc : str
        The earliest time that counts.
    most : int
        How many.

    Returns
    -------
    list of str
        The nearest first.
    """
    query = (
        "SELECT message_id FROM (SELECT message_id, coalesce(received_utc, date_utc, '') AS moment"
        " FROM message WHERE subject_key <> '' AND subject_key = ? AND imposter = 0 AND NOT ghost)"
        " WHERE moment >= ? AND (moment, message_id) < (?, ?)"
        " ORDER BY moment DESC, message_id DESC LIMIT ?"
    )
    rows = conn.execute(query, (subject_key, oldest_utc, *before, most))
    return [row[0] for row in rows]


def spread(
    conn: Connection, ids: Iterable[int], root: int, match: str, known: Iterable[int]
) -> None:
    """Write the root and match of these messages to what is below them.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    ids : iterable of int
        ``message.id`` of messages that are placed already.
    root : int
        Row id of the conversation's root.
    match : str
        How they belong to it.
    known : iterable of int
        Where to stop: they, and what is below them, are placed already.
    """
    query = (
        "WITH RECURSIVE found (id) AS (SELECT value FROM json_each(:ids) UNION"
        " SELECT m.id FROM found JOIN message m ON m.parent = found.id"
        " WHERE m.id NOT IN (SELECT value FROM json_each(:known)))"
        " UPDATE message SET root = :root, match = :match WHERE id IN (SELECT id FROM found)"
    )
    given = {"ids": json.dumps(list(ids)), "known": json.dumps(list(known))}
    conn.execute(query, given | {"root": root, "match": match})


# -- changes ---------------------------------------------------------------------------


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


def below(conn: Connection, ids: Iterable[int]) -> set[int]:
    """Return these messages and all that answer them, directly or not.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    ids : iterable of int
        ``message.id`` values.

    Returns
    -------
    set of int
        ``message.id`` values.
    """
    query = (
        "WITH RECURSIVE found (id) AS (SELECT value FROM json_each(?) UNION"
        " SELECT m.id FROM found JOIN message m ON m.parent = found.id) SELECT id FROM found"
    )
    return {row[0] for row in conn.execute(query, (json.dumps(list(ids)),))}


def above(conn: Connection, ids: Iterable[int]) -> dict[int, int | None]:
    """Return the parents of these messages, and of all messages that they answer.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    ids : iterable of int
        ``message.id`` values.

    Returns
    -------
    dict
        Row id to the row id of the parent; None at a root.
    """
    query = (
        "WITH RECURSIVE found (id, parent) AS ("
        "SELECT id, parent FROM message WHERE id IN (SELECT value FROM json_each(?)) UNION"
        " SELECT m.id, m.parent FROM found JOIN message m ON m.id = found.parent)"
        " SELECT id, parent FROM found"
    )
    return dict(conn.execute(query, (json.dumps(list(ids)),)).fetchall())


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
