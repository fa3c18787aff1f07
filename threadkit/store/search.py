"""Search: newest first or best first, with the line that matches.

Newest first reads the full-text index backwards and stops: its cost does not grow with
the archive. Best first (BM25) has to score hits, so it scores the newest 2,000 only and
says so in :attr:`SearchResult.bounded`; ``exact=True`` scores them all.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
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
_MARKED = ", ".join(f"highlight(search, {n}, '{_OPEN}', '{_CLOSE}')" for n in (1, 2, 0))

_Row = tuple[int, float | None, Sequence[str]]


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

    def __repr__(self) -> str:
        line = f" {self.where}: {self.line!r}" if self.line else ""
        return f"<Hit {self.message.message_id!r}{line}>"


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
    rows: list[_Row]
    bounded = False
    if found.match is None or found.lead is not None or order == "rank":
        if order == "rank" and found.match is not None:
            scored, bounded = _ranked(conn, found, limit + 1, exact)
        else:
            scored = [(row, None) for row in _newest(conn, found, limit + 1)]
        words = highlighting(tree)
        rows = [(row, score, _marked(conn, words, row)) for row, score in scored]
    else:  # one pass of the index gives hits and marks
        query = _select(found, f"search.rowid, {_MARKED}", "search.rowid DESC")
        rows = [
            (row, None, texts) for row, *texts in conn.execute(query, [*_params(found), limit + 1])
        ]
    known = {each.id: each for each in messages(conn, [row for row, *_ in rows[:limit]])}
    hits = tuple(
        Hit(known[row], *_line(texts), score)
        for row, score, texts in rows[:limit]
        if row in known  # a damaged index may name others
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
    key = "search.rowid" if found.match is not None and found.lead is None else "m.id"
    statement = _select(found, key, f"{key} DESC")
    return (row for (row,) in conn.execute(statement, [*_params(found), limit]))


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
    statement = _select(found, f"search.rowid, {_WEIGHTS}", "2, 1 DESC")
    rows = conn.execute(statement, [*_params(found), limit])
    return [(row, -score) for row, score in rows], bounded


def _select(found: Plan, columns: str, order: str) -> str:
    """Write the statement; CROSS JOIN keeps the order of the tables."""
    key = "m.id"
    where = ["m.ghost = 0"]
    if found.match is not None:
        key = "search.rowid"
        where = ["search MATCH ?"]
    if found.lead is not None:
        tables = "json_each(?) led CROSS JOIN message m ON m.id = led.value"
        tables += " CROSS JOIN search ON search.rowid = m.id" if found.match is not None else ""
    elif found.match is not None:
        tables = "search CROSS JOIN message m ON m.id = search.rowid"
        tables = tables if found.conditions else "search"
    else:
        tables = "message m"
    if found.low is not None:
        where.append(f"{key} >= ?")
    if found.high is not None:
        where.append(f"{key} <= ?")
    conditions = " AND ".join(where + found.conditions)
    return " ".join(
        ("SELECT", columns, "FROM", tables, "WHERE", conditions, "ORDER BY", order, "LIMIT ?")
    )


def _params(found: Plan) -> list[object]:
    """Give the values for the marks of :func:`_select`, but for the limit."""
    first = [] if found.lead is None else [json.dumps(found.lead)]
    bounds = [found.match, found.low, found.high]
    return [*first, *(value for value in bounds if value is not None), *found.params]


def _marked(conn: sqlite3.Connection, words: str | None, row: int) -> Sequence[str]:
    """Mark the words of a search in own text, quoted text and subject of one message."""
    if words is None:
        return ()
    query = " ".join(("SELECT", _MARKED, "FROM search WHERE search MATCH ? AND rowid = ?"))
    found: tuple[str, ...] | None = conn.execute(query, (words, row)).fetchone()
    return found or ()


def _line(texts: Sequence[str]) -> tuple[str, str, tuple[tuple[int, int], ...]]:
    """Find the line that shows best why a message is a hit, own words first."""
    for where, text in zip(("own", "quoted", "subject"), texts, strict=False):
        if _OPEN in text:
            lines = [line for line in text.split("\n") if _OPEN in line]
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
