"""What the evidence graph is made of, read in bulk: of a whole archive, or around a thread.

Every function yields plain tuples; their columns are those of the rows of
:mod:`threadkit.graph.evidence.rows` that have the same name.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from sqlite3 import Connection
from typing import Any

from threadkit.mail.spans import Spans
from threadkit.store.evidence_scope import EVERYTHING, Scope

Rows = Iterator[tuple[Any, ...]]


def _of(conn: Connection, query: str, column: str, ids: Iterable[Any] | None) -> Rows:
    """Run a query whose ``{where}`` keeps the rows with one of these ids."""
    if ids is None:
        return conn.execute(query.format(where="1"))
    where = f"{column} IN (SELECT value FROM json_each(:ids))"  # noqa: S608 - names from here
    return conn.execute(query.format(where=where), {"ids": json.dumps(sorted(ids))})


def message_rows(conn: Connection, scope: Scope = EVERYTHING) -> Rows:
    """Yield the mails and the ghosts of a graph.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    scope : Scope
        What the graph is about.

    Yields
    ------
    tuple
        A MessageRow.
    """
    query = (
        "SELECT m.id, m.message_id, m.imposter, m.ghost, coalesce(m.subject, ''), a.person,"
        " m.date_utc, m.parent, m.parent_rule FROM message m"
        " LEFT JOIN address a ON a.id = m.from_address WHERE {where} ORDER BY m.message_id,"
        " m.imposter"
    )
    return _of(conn, query, "m.id", scope.mails)


def alias_rows(conn: Connection, scope: Scope = EVERYTHING) -> Rows:
    """Yield further Message-IDs of mails, and their row ids.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    scope : Scope
        What the graph is about.

    Yields
    ------
    tuple of (str, int)
        Message-ID and ``message.id``.
    """
    query = "SELECT x.message_id, x.message FROM alias x WHERE {where} ORDER BY 1, 2"
    return _of(conn, query, "x.message", scope.mails)


def person_rows(conn: Connection) -> Rows:
    """Yield all persons with all of their addresses.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.

    Yields
    ------
    tuple
        A PersonRow.
    """
    return conn.execute(
        "SELECT p.id, p.name, p.email, coalesce(group_concat(a.email, char(9)), '')"
        " FROM person p LEFT JOIN address a ON a.person = p.id GROUP BY p.id"
    )


def quote_rows(conn: Connection, scope: Scope = EVERYTHING) -> Rows:
    """Yield the passages that were found in other mails.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    scope : Scope
        What the graph is about.

    Yields
    ------
    tuple
        A QuoteRow.
    """
    query = (
        "SELECT q.message, q.source, q.start, q.stop, q.method, q.score FROM quote q"
        " WHERE {where} AND q.source IS NOT NULL ORDER BY q.message, q.block, q.part"
    )
    return _of(conn, query, "q.message", scope.core)


def citation_rows(conn: Connection, scope: Scope = EVERYTHING) -> Rows:
    """Yield what mails point at, except for plain pages of the web.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    scope : Scope
        What the graph is about.

    Yields
    ------
    tuple
        A CitationRow.
    """
    query = (
        "SELECT c.message, c.kind, c.value, c.title, c.start, c.stop, coalesce(r.role, '')"
        " FROM citation c LEFT JOIN citation_role r ON r.message = c.message"
        " AND r.position = c.position WHERE {where} AND c.kind <> 'url'"
        " ORDER BY c.message, c.position"
    )
    trailers = _Grouped(
        _of(
            conn,
            "SELECT c.message, c.name, c.start, c.stop FROM trailer c WHERE {where}"
            " ORDER BY c.message, c.position",
            "c.message",
            scope.core,
        )
    )
    for message, rows in groupby(_of(conn, query, "c.message", scope.core), lambda row: row[0]):
        around = trailers.take(message)
        spans = Spans((start, stop) for _, start, stop in around)
        for _, kind, value, title, start, stop, role in rows:
            holder = spans.holder(start, stop)
            name = "" if holder is None else around[holder][0]
            yield message, kind, value, title, start, stop, name, role


def credit_rows(conn: Connection, scope: Scope = EVERYTHING) -> Rows:
    """Yield the trailers of mails that say who reported, bisected or tested.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    scope : Scope
        What the graph is about.

    Yields
    ------
    tuple
        A CreditRow.
    """
    query = (
        "SELECT t.message, t.name, t.value, t.start, t.stop FROM trailer t"
        " WHERE {where} AND t.kind = 'person' AND (t.name LIKE 'reported%'"
        " OR t.name LIKE 'tested%' OR t.name LIKE 'bisected%' OR t.name LIKE '%and-tested-by'"
        " OR t.name LIKE '%and-bisected-by') ORDER BY t.message, t.position"
    )
    return _of(conn, query, "t.message", scope.core)


def commit_rows(conn: Connection, scope: Scope = EVERYTHING) -> Rows:
    """Yield the commits of a graph.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    scope : Scope
        What the graph is about.

    Yields
    ------
    tuple
        A CommitRow.
    """
    query = (
        "SELECT g.sha, g.subject, g.author_name, g.author_email, g.author_utc, g.committer_utc,"
        " g.release, g.mainline FROM git_commit g WHERE {where} ORDER BY g.sha"
    )
    return _of(conn, query, "g.sha", scope.commits)


def answer_rows(conn: Connection) -> Rows:
    """Yield what became of looking up hashes.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.

    Yields
    ------
    tuple
        An AnswerRow.
    """
    return conn.execute(
        "SELECT n.name, n.state, n.sha, coalesce((SELECT group_concat(line, char(10)) FROM"
        " (SELECT DISTINCT trim(k.sha || ' ' || k.subject) AS line FROM commit_candidate k"
        " WHERE k.name = n.name AND n.state <> 'found' ORDER BY 1)), '') FROM commit_answer n"
    )


def told_rows(conn: Connection, scope: Scope = EVERYTHING) -> Rows:
    """Yield the messages of commits, with what was found in them.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    scope : Scope
        What the graph is about.

    Yields
    ------
    tuple
        Hash, subject, body, then trailers and citations, each a list of tuples: all
        columns of ``commit_trailer`` and ``commit_citation`` after ``position``.
    """
    trailers = (
        "SELECT sha, name, value, kind, extinfo, start, stop FROM commit_trailer k"
        " WHERE {where} ORDER BY sha, position"
    )
    citations = (
        "SELECT sha, kind, value, title, start, stop FROM commit_citation k"
        " WHERE {where} ORDER BY sha, position"
    )
    texts = "SELECT sha, subject, body FROM git_commit k WHERE {where} ORDER BY sha"
    of_trailers = _Grouped(_of(conn, trailers, "k.sha", scope.commits))
    of_citations = _Grouped(_of(conn, citations, "k.sha", scope.commits))
    for sha, subject, body in _of(conn, texts, "k.sha", scope.commits):
        yield sha, subject, body, of_trailers.take(sha), of_citations.take(sha)


class _Grouped:
    """Rows in the order of their first column, taken group by group; keys may be left out."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def take(self, key: str | int) -> list[tuple[Any, ...]]:
        """Return the rest of the rows that begin with this key."""
        found = []
        while self._next is not None and self._next[0] <= key:
            if self._next[0] == key:
                found.append(self._next[1:])
            self._next = next(self._rows, None)
        return found


def commit_mail_rows(conn: Connection, scope: Scope = EVERYTHING) -> Rows:
    """Yield which mails became commits, or are their discussion.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    scope : Scope
        What the graph is about.

    Yields
    ------
    tuple
        A CommitMailRow.
    """
    query = (
        "SELECT k.sha, k.message_id, k.kind, k.rule, k.score FROM commit_mail k"
        " WHERE {where} ORDER BY k.sha, k.message_id, k.score DESC, k.rule"
    )
    return _of(conn, query, "k.sha", scope.commits)


def series_rows(conn: Connection, scope: Scope = EVERYTHING) -> Rows:
    """Yield the series of a graph.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    scope : Scope
        What the graph is about.

    Yields
    ------
    tuple
        A SeriesRow.
    """
    query = (
        "SELECT s.id, s.key, s.title, s.author, s.fate, s.sha, s.release FROM series s"
        " WHERE {where} ORDER BY s.key"
    )
    return _of(conn, query, "s.id", scope.series)


def revision_rows(conn: Connection, scope: Scope = EVERYTHING) -> Rows:
    """Yield the postings of series.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    scope : Scope
        What the graph is about.

    Yields
    ------
    tuple
        A RevisionRow.
    """
    query = (
        "SELECT v.series, v.position, v.revision, v.message_id, v.posted_utc, v.rule, v.score"
        " FROM revision v WHERE {where} ORDER BY v.series, v.position"
    )
    return _of(conn, query, "v.series", scope.series)


def member_rows(conn: Connection, scope: Scope = EVERYTHING) -> Rows:
    """Yield the mails of postings.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    scope : Scope
        What the graph is about.

    Yields
    ------
    tuple
        A MemberRow.
    """
    query = (
        "SELECT p.message, p.series, p.counter, p.sha FROM revision_patch p WHERE {where}"
        " ORDER BY p.message"
    )
    return _of(conn, query, "p.series", scope.series)


def regression_rows(conn: Connection, scope: Scope = EVERYTHING) -> Rows:
    """Yield the regressions of a graph.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    scope : Scope
        What the graph is about.

    Yields
    ------
    tuple
        A RegressionRow.
    """
    query = (
        "SELECT r.id, r.key, r.title, r.state, r.reported_utc, r.fixed_utc, r.score, r.origin,"
        " r.bisectors, r.testers, r.duplicates FROM regression r WHERE {where} ORDER BY r.key"
    )
    return _of(conn, query, "r.id", scope.regressions)


def report_rows(conn: Connection, scope: Scope = EVERYTHING) -> Rows:
    """Yield the mails that report regressions.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    scope : Scope
        What the graph is about.

    Yields
    ------
    tuple
        A ReportRow.
    """
    query = (
        "SELECT e.regression, e.message_id, e.utc, e.person, e.email, e.subject"
        " FROM regression_report e WHERE {where} ORDER BY e.regression, e.position"
    )
    return _of(conn, query, "e.regression", scope.regressions)


def culprit_rows(conn: Connection, scope: Scope = EVERYTHING) -> Rows:
    """Yield what broke things.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    scope : Scope
        What the graph is about.

    Yields
    ------
    tuple
        A CulpritRow.
    """
    query = (
        "SELECT e.regression, e.name, e.sha, e.title, e.source, e.score"
        " FROM regression_culprit e WHERE {where} ORDER BY e.regression, e.position"
    )
    return _of(conn, query, "e.regression", scope.regressions)


def fix_rows(conn: Connection, scope: Scope = EVERYTHING) -> Rows:
    """Yield what is to end regressions.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    scope : Scope
        What the graph is about.

    Yields
    ------
    tuple
        A FixRow.
    """
    query = (
        "SELECT e.regression, e.sha, e.message_id, e.status, e.rule, e.score"
        " FROM regression_fix e WHERE {where} ORDER BY e.regression, e.position"
    )
    return _of(conn, query, "e.regression", scope.regressions)
