"""Whole conversations with their arguments, to be put together; and what came of that."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from sqlite3 import Connection
from typing import Any, NamedTuple

from threadkit.store.arguments import PassageRow, UnitRelationRow, UnitRow


class QuotedRow(NamedTuple):
    """Where a passage of the quoting body comes from; ``source`` is a row id."""

    start: int
    stop: int
    source: int
    source_start: int
    source_stop: int
    score: float


class DebateMailRow(NamedTuple):
    """One mail of a conversation with its arguments; ``trailers`` are name, value, start, stop."""

    id: int
    message_id: str
    who: str
    person: str
    email: str
    utc: str | None
    parent: int | None
    subject: str
    is_patch: bool
    language: str
    note: str
    body: str
    units: list[UnitRow]
    passages: list[PassageRow]
    relations: list[UnitRelationRow]
    quotes: list[QuotedRow]
    trailers: list[tuple[str, str, int, int]]


class CorrectionRow(NamedTuple):
    """A row of ``correction`` without its id."""

    target: str
    field: str
    value: str
    note: str
    person: str
    utc: str
    origin: str


_MAILS = """
SELECT m.id, m.message_id, CASE WHEN a.person IS NOT NULL THEN 'person:' || a.person
  WHEN a.email <> '' THEN 'address:' || a.email ELSE 'mail:' || m.id END, coalesce(nullif(p.name, ''), nullif(a.name, ''), a.email, ''),
  coalesce(a.email, ''), coalesce(m.date_utc, m.received_utc), m.parent,
  coalesce(m.subject, ''), EXISTS (SELECT 1 FROM patch WHERE patch.message = m.id),
  coalesce(r.language, ''), coalesce(r.note, ''), b.text
FROM message m JOIN body b ON b.message = m.id
LEFT JOIN address a ON a.id = m.from_address LEFT JOIN person p ON p.id = a.person
LEFT JOIN mail_reading r ON r.message = m.id
WHERE m.root = ? ORDER BY coalesce(m.received_utc, m.date_utc), m.message_id, m.imposter
"""
_PARTS: dict[str, tuple[str, str, Callable[[list[Any]], Any]]] = {
    "units": ("unit", ", ".join(UnitRow._fields), UnitRow._make),
    "passages": ("passage", ", ".join(PassageRow._fields), PassageRow._make),
    "relations": ("unit_relation", ", ".join(UnitRelationRow._fields), UnitRelationRow._make),
    "trailers": ("trailer", "name, value, start, stop", tuple),
}
_QUOTES = """
SELECT q.message, q.start, q.stop, q.source, q.source_start, q.source_stop, q.score
FROM message m JOIN quote q ON q.message = m.id
WHERE m.root = ? AND q.source IS NOT NULL AND q.source_start IS NOT NULL
ORDER BY q.message, q.start
"""
# What the arguments of a conversation follow from: its mails, by which run each was read,
# and who wrote them.
_STATES = """
SELECT m.root, m.id, m.parent, x.run, a.person, coalesce(nullif(p.name, ''), nullif(a.name, ''))
FROM message m JOIN body b ON b.message = m.id
LEFT JOIN analyzed x ON x.message = m.id AND x.analyzer = 'arguments'
LEFT JOIN address a ON a.id = m.from_address LEFT JOIN person p ON p.id = a.person
WHERE m.root IS NOT NULL {bound} ORDER BY m.root, m.id
"""
_SAID = """
SELECT m.root, c.target, c.field, c.value, c.note, c.person, c.utc, c.origin FROM correction c
JOIN message m ON m.imposter = 0 AND m.message_id = substr(c.target, 1, length(c.target) - 13)
{bound} ORDER BY c.id
"""


def debate_states(conn: Connection, roots: Sequence[int] | None = None) -> dict[int, str]:
    """Tell from what the debate of each conversation follows, as a short fingerprint.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    roots : sequence of int, optional
        ``message.root``; all if None.

    Returns
    -------
    dict of int to str
        By root.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> debate_states(db.conn)
    {}
    >>> db.close()
    """
    bound = "" if roots is None else "AND m.root IN (SELECT value FROM json_each(:roots))"
    values = {"roots": json.dumps(list(roots or ()))}
    hashes: dict[int, list[Any]] = {}
    for root, *rest in conn.execute(_STATES.format(bound=bound), values):
        state = hashes.setdefault(root, [0, 0, sha256()])
        state[0] += 1
        state[2].update(repr(rest).encode())
    for root, *rest in conn.execute(_SAID.format(bound=bound), values):
        if root in hashes:
            hashes[root][1] += 1
            hashes[root][2].update(repr(rest).encode())
    return {
        root: f"{mails} mails, {said} corrections, {digest.hexdigest()[:16]}"
        for root, (mails, said, digest) in hashes.items()
    }


def stale_debates(
    conn: Connection, version: str, roots: Sequence[int] | None = None
) -> dict[int, str]:
    """List the conversations whose debate is not of today's mails, rules and corrections.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    version : str
        Of the rules.
    roots : sequence of int, optional
        Only these.

    Returns
    -------
    dict of int to str
        Root and the fingerprint that its debate will be of.
    """
    known = {
        root: (rules, inputs)
        for root, rules, inputs in conn.execute("SELECT root, version, inputs FROM debate")
    }
    states = debate_states(conn, roots)
    return {root: state for root, state in states.items() if known.get(root) != (version, state)}


def forget_states(conn: Connection, roots: Sequence[int] | None = None) -> None:
    """Make debates stale, so that they are put together again; they stay until then.

    Parameters
    ----------
    conn : sqlite3.Connection
        In a transaction.
    roots : sequence of int, optional
        ``message.root``; all if None.
    """
    if roots is None:
        conn.execute("UPDATE debate SET inputs = ''")
    else:
        conn.executemany("UPDATE debate SET inputs = '' WHERE root = ?", [(r,) for r in roots])


def debate_mails(conn: Connection, root: int) -> list[DebateMailRow]:
    """Read a conversation with the arguments of its mails.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    root : int
        ``message.root``.

    Returns
    -------
    list of DebateMailRow
        In the order of time; ghosts are left out.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> debate_mails(db.conn, 1)
    []
    >>> db.close()
    """
    parts: dict[str, dict[int, list[Any]]] = {}
    for name, (table, columns, make) in _PARTS.items():
        found: dict[int, list[Any]] = defaultdict(list)
        query = (
            f"SELECT t.message, {columns} FROM message m JOIN {table} t ON t.message = m.id"  # noqa: S608
            " WHERE m.root = ? ORDER BY t.message, t.position"
        )
        for message, *rest in conn.execute(query, (root,)):
            found[message].append(make(rest))
        parts[name] = found
    quotes: dict[int, list[QuotedRow]] = defaultdict(list)
    for message, *rest in conn.execute(_QUOTES, (root,)):
        quotes[message].append(QuotedRow._make(rest))
    return [
        DebateMailRow._make((
            *row[:8], bool(row[8]), *row[9:], parts["units"][row[0]], parts["passages"][row[0]],
            parts["relations"][row[0]], quotes[row[0]], parts["trailers"][row[0]],))
        for row in conn.execute(_MAILS, (root,)).fetchall()
    ]  # fmt: skip


def corrections(conn: Connection, root: int | None = None) -> list[CorrectionRow]:
    """List what people said of findings.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    root : int, optional
        Only of mails of this conversation.

    Returns
    -------
    list of CorrectionRow
        In the order in which it was said.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> corrections(db.conn)
    []
    >>> db.close()
    """
    if root is None:
        query = f"SELECT {', '.join(CorrectionRow._fields)} FROM correction ORDER BY id"  # noqa: S608
        return [CorrectionRow._make(row) for row in conn.execute(query)]
    rows = conn.execute(_SAID.format(bound="WHERE m.root = ?"), (root,))
    return [CorrectionRow._make(row[1:]) for row in rows]


def correct(conn: Connection, some: Sequence[CorrectionRow]) -> None:
    """Note what people say of findings; what was said of the same before is replaced.

    Parameters
    ----------
    conn : sqlite3.Connection
        In a transaction.
    some : sequence of CorrectionRow
        One with an empty value takes back what was said before; of two about the same field
        of a finding the later counts.
    """
    conn.executemany("DELETE FROM correction WHERE target = ? AND field = ?", [c[:2] for c in some])
    last = {(one.target, one.field): number for number, one in enumerate(some)}
    conn.executemany(
        "INSERT INTO correction (target, field, value, note, person, utc, origin)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [one for at, one in enumerate(some) if one.value and last[one.target, one.field] == at],
    )


def note_unmet(conn: Connection, root: int, unmet: Mapping[tuple[str, str], str]) -> None:
    """Note which corrections of a conversation change nothing.

    Parameters
    ----------
    conn : sqlite3.Connection
        In a transaction.
    root : int
        ``message.root``.
    unmet : mapping of (str, str) to str
        Why, by target and field.
    """
    said = conn.execute(_SAID.format(bound="WHERE m.root = ?"), (root,)).fetchall()
    conn.executemany(
        "UPDATE correction SET unmet = ? WHERE target = ? AND field = ?",
        [(unmet.get(name, ""), *name) for name in {(row[1], row[2]) for row in said}],
    )


def unplaced_relations(conn: Connection, root: int | None = None) -> dict[str, int]:
    """Count the relations that were found in mails and have no place in their conversation.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    root : int, optional
        ``message.root``; all conversations without.

    Returns
    -------
    dict of str to int
        How many, by why; most first.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> unplaced_relations(db.conn)
    {}
    >>> db.close()
    """
    query = "SELECT j.key, sum(j.value) FROM debate d, json_each(d.unplaced) j {bound} GROUP BY 1"
    bound, values = ("", ()) if root is None else ("WHERE d.root = ?", (root,))
    rows = conn.execute(f"{query.format(bound=bound)} ORDER BY 2 DESC, 1", values)
    return {why: int(count) for why, count in rows}


def unmet_corrections(conn: Connection) -> dict[tuple[str, str], str]:
    """List the corrections that change nothing.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.

    Returns
    -------
    dict of (str, str) to str
        Why, by target and field.
    """
    query = "SELECT target, field, unmet FROM correction WHERE unmet <> '' ORDER BY id"
    return {(target, field): why for target, field, why in conn.execute(query)}
