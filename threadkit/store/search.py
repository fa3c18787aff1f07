"""Search: newest first or best first, with the line that matches.

Newest first reads the full-text index backwards and stops: its cost does not grow with
the archive. Best first (BM25) has to score hits, so it scores the newest 2,000 only and
says so in :attr:`SearchResult.bounded`; ``exact=True`` scores them all.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from threadkit.store.read import messages
from threadkit.store.search_sql import Plan, highlighting, plan
from threadkit.store.search_syntax import parse
from threadkit.store.values import StoredMessage

RANKED = 2000
"""How many of the newest hits a ranked search scores unless it is ``exact``."""

LINE_LENGTH = 200
"""The most characters of a matching line that a hit shows."""

_WEIGHTS = "bm25(search, 4.0, 1.0, 0.25)"  # subject, own words, quoted words
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"  # noncharacters: no text has them


@dataclass(frozen=True, slots=True)
class Hit:
    """A message that answers a search, and the line that shows why.

    Attributes
    ----------
    message : StoredMessage
        Without its text.
    line : str
        The line with the most matches, white space stripped, at most 200 characters;
        empty if the search asks for no words.
    where : str
        ``own``, ``quoted`` or ``subject``: where the line stands; or empty.
    marks : tuple of (int, int)
        Characters of ``line`` that match.
    score : float or None
        BM25, larger is better; None in a search that is not ranked.
    """

    message: StoredMessage
    line: str
    where: str
    marks: tuple[tuple[int, int], ...]
    score: float | None


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits in order.

    ``more`` says that there are further hits; ``bounded`` that a ranked search scored
    only the newest :data:`RANKED` of them.
    """

    hits: tuple[Hit, ...]
    more: bool
    bounded: bool


def search(
    conn: sqlite3.Connection,
    query: str,
    *,
    limit: int = 20,
    order: Literal["new", "rank"] = "new",
    exact: bool = False,
    now: datetime | None = None,
) -> SearchResult:
    """Find messages.

    Parameters
    ----------
    conn : sqlite3.Connection
        From :func:`threadkit.store.connection.open_read` or ``open_write(...).conn``.
    query : str
        In the language of :mod:`threadkit.store.search_syntax`.
    limit : int
        The most hits.
    order : {"new", "rank"}
        Newest first, or best first. A search without words is always newest first.
    exact : bool
        Let a ranked search score every hit.
    now : datetime, optional
        What ``d:last.week..`` counts from, in UTC.

    Returns
    -------
    SearchResult
        In order.

    Raises
    ------
    QueryError
        The query cannot be understood.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> for statement in (
    ...     "INSERT INTO message (id, message_id, subject) VALUES (1, 'a@example.org', 'COW')",
    ...     "INSERT INTO body VALUES (1, 'Look at do_wp_page() first.')",
    ...     "INSERT INTO block VALUES (1, 0, 'reply', 0, 0, 27, 1)",
    ...     "INSERT INTO search (search) VALUES ('rebuild')",
    ... ):
    ...     _ = db.execute(statement)
    >>> for hit in search(db.conn, "s:cow do_wp_page()").hits:
    ...     print(hit.message.message_id, hit.line, hit.marks)
    a@example.org Look at do_wp_page() first. ((8, 18),)
    >>> db.close()

    Notes
    -----
    Newest first about 0.1 ms a hit, most of it for the matching line. Conditions that
    many mails meet are checked hit by hit.

    References
    ----------
    https://www.sqlite.org/fts5.html; Robertson and Zaragoza, "The Probabilistic
    Relevance Framework: BM25 and Beyond" (2009).
    """
    tree = parse(query, now)
    found = plan(conn, tree)
    rows: list[tuple[int, float | None]]
    if order == "rank" and found.match is not None:
        rows, bounded = _ranked(conn, found, limit + 1, exact)
    else:
        rows, bounded = [(row, None) for row in _newest(conn, found, limit + 1)], False
    words = highlighting(tree)
    scores = dict(rows[:limit])
    hits = tuple(
        Hit(each, *_line(conn, words, each.id), scores[each.id])
        for each in messages(conn, list(scores))
    )
    return SearchResult(hits, more=len(rows) > limit, bounded=bounded)


def matching(conn: sqlite3.Connection, query: str, *, now: datetime | None = None) -> Iterator[int]:
    """Yield the ids of all messages that answer a search, the newest first.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    query : str
        In the language of :mod:`threadkit.store.search_syntax`.
    now : datetime, optional
        What ``d:last.week..`` counts from, in UTC.

    Returns
    -------
    iterator of int
        ``message.id``, falling; give it to :func:`threadkit.store.threads.threads` for
        the conversations.

    Raises
    ------
    QueryError
        The query cannot be understood; raised here, not at the first step.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> list(matching(db.conn, "cow"))
    []
    >>> db.close()

    Notes
    -----
    Constant memory: SQLite finds the next hit when it is asked for.
    """
    return _newest(conn, plan(conn, parse(query, now)), -1)


def _newest(conn: sqlite3.Connection, found: Plan, limit: int) -> Iterator[int]:
    tables, where, params = _clauses(found)
    key = "search.rowid" if found.match is not None and found.lead is None else "m.id"
    query = ("SELECT", key, "FROM", tables, "WHERE", where, "ORDER BY", key, "DESC LIMIT ?")
    return (row for (row,) in conn.execute(" ".join(query), [*params, limit]))


def _ranked(
    conn: sqlite3.Connection, found: Plan, limit: int, exact: bool
) -> tuple[list[tuple[int, float | None]], bool]:
    bounded = False
    if not exact and found.lead is None:
        newest = list(_newest(conn, found, RANKED + 1))
        bounded = len(newest) > RANKED
        if newest:
            oldest = newest[:RANKED][-1]
            found.low = max(found.low or oldest, oldest)
    tables, where, params = _clauses(found)
    query = (
        "SELECT search.rowid,", _WEIGHTS, "FROM", tables, "WHERE", where,
        "ORDER BY 2, 1 DESC LIMIT ?",
    )  # fmt: skip
    rows = conn.execute(" ".join(query), [*params, limit])
    return [(row, -score) for row, score in rows], bounded


def _clauses(found: Plan) -> tuple[str, str, list[object]]:
    """Write tables, conditions and parameters; CROSS JOIN keeps the order of the tables."""
    tables: list[str] = []
    where: list[str] = []
    params: list[object] = []
    if found.lead is not None:
        tables += ["json_each(?) led CROSS JOIN message m ON m.id = led.value"]
        params += [json.dumps(found.lead)]
        if found.match is not None:
            tables += ["CROSS JOIN search ON search.rowid = m.id"]
    elif found.match is not None:
        tables += ["search"]
        if found.conditions:
            tables += ["CROSS JOIN message m ON m.id = search.rowid"]
    else:
        tables += ["message m"]
    key = "m.id"
    if found.match is not None:
        where += ["search MATCH ?"]
        params += [found.match]
        key = "search.rowid"
    else:
        where += ["m.ghost = 0"]
    for sign, bound in ((">=", found.low), ("<=", found.high)):
        if bound is not None:
            where += [f"{key} {sign} ?"]
            params += [bound]
    where += found.conditions
    params += found.params
    return " ".join(tables), " AND ".join(where), params


def _line(
    conn: sqlite3.Connection, words: str | None, row: int
) -> tuple[str, str, tuple[tuple[int, int], ...]]:
    """Find the line of a message that shows best why it is a hit."""
    if words is None:
        return "", "", ()
    for column, where in ((1, "own"), (2, "quoted"), (0, "subject")):
        query = "SELECT highlight(search, ?, ?, ?) FROM search WHERE search MATCH ? AND rowid = ?"
        found = conn.execute(query, (column, _OPEN, _CLOSE, words, row)).fetchone()
        if found is not None and _OPEN in found[0]:
            lines = [line for line in found[0].split("\n") if _OPEN in line]
            line, marks = _shown(max(lines, key=_weight))
            return line, where, marks
    return "", "", ()


def _weight(line: str) -> int:
    """Count the different words marked in a line."""
    return len({part.partition(_CLOSE)[0].lower() for part in line.split(_OPEN)[1:]})


def _shown(line: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Take the marks out of a line, strip it, and cut it around the first of them."""
    text, marks = "", []
    for part in line.strip().split(_OPEN):
        inside, closed, after = part.partition(_CLOSE)
        if closed and text + inside:
            marks.append((len(text), len(text) + len(inside)))
        text += inside + after
    if len(text) <= LINE_LENGTH:
        return text, tuple(marks)
    start = max(0, min(marks[0][0] - LINE_LENGTH // 4, len(text) - LINE_LENGTH))
    stop = start + LINE_LENGTH
    kept = tuple((low - start, min(high, stop) - start) for low, high in marks if low < stop)
    return text[start:stop], kept
