"""From the tree of a search to SQL with parameters.

The words go to the full-text index as one expression, everything else becomes a
condition on ``message``. No value is ever part of an SQL text, and inside an FTS5
expression each stands in quotes with its own quotes doubled.
"""

from __future__ import annotations

import json
import re
import sqlite3
from dataclasses import dataclass, field

from threadkit.store.search_syntax import And, Field, Node, Not, Or, Period, Text

SMALL = 2000
"""A condition that so few messages meet is looked up first and leads the search."""

_KINDS = {"t": ["to"], "c": ["cc"], "tc": ["to", "cc"], "a": ["to", "cc"]}
_SENDER = "m.from_address IN (SELECT value FROM json_each(?))"
_RECIPIENT = (
    "EXISTS (SELECT 1 FROM recipient x WHERE x.message = m.id"
    " AND x.kind IN (SELECT value FROM json_each(?))"
    " AND x.address IN (SELECT value FROM json_each(?)))"
)
_PARTS = {
    "l": ("raw", "list_id"), "n": ("attachment", "filename"), "dfn": ("patch_file", "path"),
}  # fmt: skip
_LIKE = "%s LIKE '%%' || ? || '%%' ESCAPE '\\'"
_WORDS = "contains_words(%s, ?, ?)"
_AFTER = chr(0x10FFFF)

Params = list[object]


@dataclass(slots=True)
class Plan:
    """What to ask the database.

    ``match`` is an FTS5 expression or None; ``conditions`` are on ``message m``;
    ``lead`` are the ids of a small set that holds all hits, or None; ``low`` and
    ``high`` bound the ids of hits.
    """

    match: str | None = None
    conditions: list[str] = field(default_factory=list)
    params: Params = field(default_factory=list)
    lead: list[int] | None = None
    low: int | None = None
    high: int | None = None


def plan(conn: sqlite3.Connection, node: Node) -> Plan:
    """Decide how to find what a tree asks for.

    Parameters
    ----------
    conn : sqlite3.Connection
        Open database; addresses and rare conditions are looked up here.
    node : Node
        From :func:`threadkit.store.search_syntax.parse`.

    Returns
    -------
    Plan
        Ready for :mod:`threadkit.store.search`.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> from threadkit.store.search_syntax import parse
    >>> db = open_write(":memory:")
    >>> plan(db.conn, parse('s:"page fault" -cow')).match
    '(subject : "page fault" NOT "cow")'
    >>> db.close()

    Notes
    -----
    Finding addresses reads the whole table ``address``.
    """
    items = node.items if isinstance(node, And) else (node,)
    wanted = [item for item in items if match(item) is not None]
    unwanted = [
        item.item for item in items if isinstance(item, Not) and match(item.item) is not None
    ]
    found = Plan()
    others: list[Node] = [item for item in items if item not in wanted]
    if wanted:
        found.match = match(And((*wanted, *(Not(item) for item in unwanted))))
        others = [item for item in others if not (isinstance(item, Not) and item.item in unwanted)]
    for item in others:
        condition, params = _condition(conn, item)
        _narrow(conn, found, item, params)
        found.conditions.append(condition)
        found.params += params
    return found


def match(node: Node) -> str | None:
    """Write a tree as an FTS5 expression.

    Parameters
    ----------
    node : Node
        Any tree.

    Returns
    -------
    str or None
        None if not all of it is about words, or if it only says what not to find.

    Examples
    --------
    >>> match(Or((Text("cow", (), False), Text("mm/memory.c", ("own", "quoted"), True))))
    '("cow" OR {own quoted} : "mm/memory.c" *)'
    """
    if isinstance(node, Text):
        quoted = '"' + node.words.replace('"', '""') + '"' + (" *" if node.prefix else "")
        if not node.columns:
            return quoted
        names = " ".join(node.columns)
        return (f"{{{names}}}" if len(node.columns) > 1 else names) + " : " + quoted
    if isinstance(node, Or):
        parts = [match(item) for item in node.items]
        return _joined(parts, " OR ")
    if isinstance(node, And):
        wanted = [match(item) for item in node.items if not isinstance(item, Not)]
        unwanted = [match(item.item) for item in node.items if isinstance(item, Not)]
        kept = _joined(wanted, " AND ")
        if kept is None or not unwanted:
            return kept
        dropped = _joined(unwanted, " OR ")
        return None if dropped is None else f"({kept} NOT {dropped})"
    return None


def highlighting(node: Node) -> str | None:
    """Write the words that a hit should show as an FTS5 expression.

    Parameters
    ----------
    node : Node
        Any tree.

    Returns
    -------
    str or None
        Any of the words that are not negated; None if there is none.

    Examples
    --------
    >>> highlighting(And((Text("cow", (), False), Not(Text("fork", (), False)))))
    '"cow"'
    """
    if isinstance(node, Text):
        return match(node)
    if isinstance(node, (And, Or)):
        return _joined([part for part in map(highlighting, node.items) if part], " OR ")
    return None


def _joined(parts: list[str | None], word: str) -> str | None:
    if not parts or None in parts:
        return None
    known = [part for part in parts if part is not None]
    return known[0] if len(known) == 1 else "(" + word.join(known) + ")"


def _condition(conn: sqlite3.Connection, node: Node) -> tuple[str, Params]:
    """Write any tree as a condition on ``message m`` that is never NULL."""
    expression = match(node)
    if expression is not None:
        return "m.id IN (SELECT rowid FROM search WHERE search MATCH ?)", [expression]
    if isinstance(node, Not):
        inner, params = _condition(conn, node.item)
        return f"NOT {inner}", params
    if isinstance(node, (And, Or)):
        parts = [_condition(conn, item) for item in node.items]
        word = " AND " if isinstance(node, And) else " OR "
        joined = word.join(part for part, _ in parts)
        return f"({joined})", [value for _, params in parts for value in params]
    if isinstance(node, Period):
        return _period(node)
    assert isinstance(node, Field)
    condition, params = _field(conn, node)
    # IS TRUE: a missing sender is "no", and the planner shall not lead with this.
    return f"(({condition}) IS TRUE)", params


def _period(node: Period) -> tuple[str, Params]:
    column = "m.date_utc" if node.column == "date_utc" else "coalesce(m.received_utc, m.date_utc)"
    sides = [(">=", node.start), ("<", node.stop)]
    parts = [f"{column} {sign} ?" for sign, value in sides if value is not None]
    inside = " AND ".join(parts)
    return f"(({inside}) IS TRUE)", [value for _, value in sides if value is not None]


def _field(conn: sqlite3.Connection, node: Field) -> tuple[str, Params]:
    if node.name in ("f", "person"):
        return _SENDER, [_addresses(conn, node)]
    if node.name in _KINDS:
        kinds, addresses = json.dumps(_KINDS[node.name]), _addresses(conn, node)
        if node.name == "a":
            return f"{_SENDER} OR {_RECIPIENT}", [addresses, kinds, addresses]
        return _RECIPIENT, [kinds, addresses]
    if node.name in _PARTS or node.is_trailer:
        table, column = _PARTS.get(node.name, ("trailer", "value"))
        holds, values = _holds("x." + column, node)
        name: Params = [node.name.capitalize()] if node.is_trailer else []
        where = "AND x.name = ?" if name else ""
        query = ("SELECT 1 FROM", table, "x WHERE x.message = m.id", where, "AND", holds)
        return "EXISTS (" + " ".join(query) + ")", [*name, *values]
    subquery, looked_up = _looked_up(node)
    return f"m.id IN ({subquery})", looked_up


def _holds(column: str, node: Field) -> tuple[str, Params]:
    """Write "the value stands in this column, at word borders"; LIKE first, it is cheap."""
    value = node.value.casefold()
    condition = _WORDS % column
    params: Params = [value, int(node.prefix)]
    if not value.isascii():
        return condition, params
    escaped = re.sub(r"([%_\\])", r"\\\1", value)
    return f"{_LIKE % column} AND {condition}", [escaped, *params]


def _addresses(conn: sqlite3.Connection, node: Field) -> str:
    """Find the addresses that a value names, as a JSON array of ``address.id``."""
    holds, params = _holds("a.name || ' <' || a.email || '>'", node)
    query = ["SELECT a.id FROM address a WHERE", holds]
    if node.name == "person":
        query[:1] = ["SELECT id FROM address WHERE person IN (SELECT a.person FROM address a WHERE"]
        query += [")"]
    return json.dumps([row for (row,) in conn.execute(" ".join(query), params)])


def _looked_up(node: Field) -> tuple[str, Params]:
    """Write the ids of messages that an index finds by this value."""
    value = node.value.strip("<> ") or node.value
    if node.name == "mid":
        return _by_message_id(value, node.prefix)
    if node.name == "patchid":
        return "SELECT message FROM patch WHERE patch_id >= ? AND patch_id < ?", [
            value.lower(),
            value.lower() + _AFTER,
        ]
    between = "SELECT message FROM citation WHERE value BETWEEN ? AND ?"
    is_commit = re.fullmatch(r"[0-9a-f]{7,40}", value) is not None
    params: Params = [value, value + _AFTER if node.prefix or is_commit else value]
    if not is_commit:
        return between, params
    # Mails shorten commit ids at will: the longer of the two may be the one asked for.
    shorter = json.dumps([value[:length] for length in range(7, len(value))])
    either = " UNION SELECT message FROM citation WHERE value IN (SELECT value FROM json_each(?))"
    return between + either, [*params, shorter]


def _by_message_id(value: str, prefix: bool) -> tuple[str, Params]:
    last = value + _AFTER if prefix else value
    return (
        "SELECT id FROM message WHERE message_id BETWEEN ? AND ?"
        " UNION SELECT message FROM alias WHERE message_id BETWEEN ? AND ?"
    ), [value, last, value, last]


def _narrow(conn: sqlite3.Connection, found: Plan, item: Node, params: Params) -> None:
    """Let a condition that few messages meet lead, and let dates bound the row ids."""
    if isinstance(item, Period):
        _bound(conn, found, item)
        return
    if not isinstance(item, Field):
        return
    if item.name in ("f", "person"):
        subquery = (
            "SELECT id FROM message WHERE from_address IN (SELECT value FROM json_each(?)) LIMIT ?"
        )
    elif item.is_trailer:
        holds, _ = _holds("x.value", item)
        subquery = " ".join(
            ("SELECT DISTINCT x.message FROM trailer x WHERE x.name = ? AND", holds, "LIMIT ?")
        )
    elif item.name in ("mid", "patchid", "cites"):
        subquery = " ".join((_looked_up(item)[0], "LIMIT ?"))
    else:
        return
    rows = [row for (row,) in conn.execute(subquery, [*params, SMALL + 1])]
    if len(rows) <= SMALL and (found.lead is None or len(rows) < len(found.lead)):
        found.lead = rows


def _bound(conn: sqlite3.Connection, found: Plan, item: Period) -> None:
    """Row ids grow with time of arrival, so that a time in the past is a stretch of them."""
    if item.column != "date_utc" or item.stop is None:
        return  # open at the new end: the newest hits come first anyway
    low, high = conn.execute(
        "SELECT min(id), max(id) FROM message WHERE date_utc >= ? AND date_utc < ?",
        (item.start or "", item.stop),
    ).fetchone()
    found.low = max(low or 0, found.low or 0)
    found.high = min(high or 0, found.high) if found.high is not None else (high or 0)
