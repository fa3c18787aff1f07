"""Series and revisions in and out of the database."""

from __future__ import annotations

from collections.abc import Iterable
from sqlite3 import Connection
from typing import NamedTuple

TABLES = ("series_candidate", "revision_patch", "revision", "series")


class SeriesRow(NamedTuple):
    """A row of ``series``."""

    id: int
    run: int
    key: str
    title: str
    author: str
    email: str
    change_id: str | None
    fate: str
    why: str
    rule: str
    score: float
    sha: str | None
    release: str | None


class RevisionRow(NamedTuple):
    """A row of ``revision``."""

    series: int
    position: int
    revision: int
    label: str
    kind: str
    title: str
    message_id: str
    root: str
    posted_utc: str | None
    expected: int
    rule: str
    score: float
    fate: str
    why: str
    fate_rule: str
    fate_score: float
    fate_message_id: str | None
    fate_start: int
    fate_stop: int


class PatchRow(NamedTuple):
    """A row of ``revision_patch``, with the mail's Message-ID and subject when read."""

    message: int
    series: int
    revision: int
    counter: int
    sha: str | None
    message_id: str = ""
    subject: str = ""


class CandidateRow(NamedTuple):
    """A row of ``series_candidate``."""

    series: int
    earlier: int
    rule: str
    score: float


def replace_series(
    conn: Connection,
    series: Iterable[SeriesRow],
    revisions: Iterable[RevisionRow],
    patches: Iterable[PatchRow],
    candidates: Iterable[CandidateRow],
) -> None:
    """Replace all series.

    Parameters
    ----------
    conn : sqlite3.Connection
        Open for writing, in a transaction.
    series, revisions, patches, candidates : iterable of rows
        What the tables hold from now on.
    """
    for table in TABLES:
        conn.execute(f"DELETE FROM {table}")  # noqa: S608 - names from above
    _insert(conn, "series", SeriesRow._fields, series)
    _insert(conn, "revision", RevisionRow._fields, revisions)
    _insert(conn, "revision_patch", PatchRow._fields[:5], (row[:5] for row in patches))
    _insert(conn, "series_candidate", CandidateRow._fields, candidates)


def _insert(
    conn: Connection, table: str, columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]
) -> None:
    marks = ", ".join("?" * len(columns))
    statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608
    conn.executemany(statement, rows)


_LAST = "(SELECT max(posted_utc) FROM revision v WHERE v.series = s.id)"
_OF_THREAD = """
SELECT id FROM message WHERE root = (SELECT coalesce(root, id) FROM message WHERE id = :message)
"""


def list_series(
    conn: Connection, *, message: int | None = None, thread: bool = False, limit: int | None = None
) -> list[SeriesRow]:
    """List series, the one with the newest posting first.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    message : int, optional
        Only the series that this mail is a posting of.
    thread : bool, optional
        With ``message``: the series with a posting anywhere in its conversation.
    limit : int, optional
        The most to list.

    Returns
    -------
    list of SeriesRow
        Perhaps none.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> list_series(db.conn)
    []
    >>> db.close()
    """
    where = ""
    if message is not None:
        mails = _OF_THREAD if thread else ":message"
        posted = f"SELECT series FROM revision_patch WHERE message IN ({mails})"  # noqa: S608
        where = f"WHERE s.id IN ({posted})"
    columns = ", ".join(f"s.{name}" for name in SeriesRow._fields)
    query = (
        f"SELECT {columns} FROM series s {where}"  # noqa: S608 - constants from above
        f" ORDER BY {_LAST} DESC, s.id LIMIT :limit"
    )
    values = {"message": message, "limit": -1 if limit is None else limit}
    return [SeriesRow(*row) for row in conn.execute(query, values)]


def revisions_of(conn: Connection, series: int) -> list[RevisionRow]:
    """Read the revisions of one series.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    series : int
        Its row id.

    Returns
    -------
    list of RevisionRow
        In order of time.
    """
    query = (
        f"SELECT {', '.join(RevisionRow._fields)} FROM revision"  # noqa: S608
        " WHERE series = ? ORDER BY position"
    )
    return [RevisionRow(*row) for row in conn.execute(query, (series,))]


def patches_of(conn: Connection, series: int) -> list[PatchRow]:
    """Read the mails of one series.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    series : int
        Its row id.

    Returns
    -------
    list of PatchRow
        By revision and counter.
    """
    query = (
        "SELECT p.message, p.series, p.revision, p.counter, p.sha, m.message_id,"
        " coalesce(m.subject, '') FROM revision_patch p JOIN message m ON m.id = p.message"
        " WHERE p.series = ? ORDER BY p.revision, p.counter"
    )
    return [PatchRow(*row) for row in conn.execute(query, (series,))]


def candidates_of(conn: Connection, series: int) -> list[tuple[str, str, str, float]]:
    """Read what one series may belong together with.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    series : int
        Its row id.

    Returns
    -------
    list of (str, str, str, float)
        Message-ID of the other's first posting, its title, the rule and score.
    """
    query = (
        "SELECT s.key, s.title, c.rule, c.score FROM series_candidate c JOIN series s"
        " ON s.id = CASE c.series WHEN :id THEN c.earlier ELSE c.series END"
        " WHERE c.series = :id OR c.earlier = :id ORDER BY c.score DESC, s.id"
    )
    return conn.execute(query, {"id": series}).fetchall()


def threads_of(conn: Connection, series: int) -> list[tuple[str, str, str, str]]:
    """Find the conversations about one change: its own, and those that link one of its mails.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    series : int
        Its row id.

    Returns
    -------
    list of (str, str, str, str)
        Message-ID of the first mail, its date and subject, and ``posting`` or ``links``.
    """
    query = """
    WITH mails AS (SELECT m.id, m.message_id, m.root FROM revision_patch p
        JOIN message m ON m.id = p.message WHERE p.series = :id),
      own AS (SELECT DISTINCT coalesce(root, id) AS root FROM mails),
      linking AS (SELECT DISTINCT coalesce(m.root, m.id) AS root FROM citation c
        JOIN message m ON m.id = c.message
        WHERE c.value IN (SELECT message_id FROM mails) AND c.kind = 'message')
    SELECT r.message_id, coalesce(r.date_utc, ''), coalesce(r.subject, ''), w.how FROM (
      SELECT root, 'posting' AS how FROM own
      UNION ALL SELECT root, 'links' FROM linking WHERE root NOT IN (SELECT root FROM own)) w
    JOIN message r ON r.id = w.root ORDER BY r.date_utc, r.message_id
    """
    return conn.execute(query, {"id": series}).fetchall()


def bodies_of(conn: Connection, series: int, revision: int) -> list[tuple[int, str, str, str, str]]:
    """Read the patches of one revision with their texts, without the cover letter.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    series : int
        Its row id.
    revision : int
        Its position in the series.

    Returns
    -------
    list of (int, str, str, str, str)
        Counter, Message-ID, subject, sender (``Name <email>``) and body, by counter.
    """
    query = (
        "SELECT p.counter, m.message_id, coalesce(m.subject, ''),"
        " coalesce(a.name || ' <' || a.email || '>', ''), b.text"
        " FROM revision_patch p JOIN message m ON m.id = p.message"
        " JOIN body b ON b.message = m.id LEFT JOIN address a ON a.id = m.from_address"
        " WHERE p.series = ? AND p.revision = ? AND p.counter > 0 ORDER BY p.counter"
    )
    return conn.execute(query, (series, revision)).fetchall()
