"""Regressions in the database: written whole by each run, read by key, thread or commit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from sqlite3 import Connection
from typing import Any, NamedTuple

from threadkit.store.derived import insert

REGRESSION = (
    "key", "title", "culprit", "culprit_sha", "works", "fails", "state", "why", "reported_utc",
    "fixed_utc", "last_utc", "score", "origin", "tracked", "backburner", "reporters",
    "bisectors", "testers", "duplicates", "mechanisms", "delays",
)  # fmt: skip
PARTS = {
    "regression_report": ("message_id", "utc", "person", "email", "subject", "here"),
    "regression_culprit": ("name", "sha", "title", "why", "said_by", "source", "score"),
    "regression_fix": (
        "name", "sha", "message_id", "title", "status", "release", "mainline", "posted_utc",
        "merged_utc", "closes", "rule", "score", "backports",
    ),
    "regression_maybe": ("key", "why"),
    "regression_event": (
        "utc", "kind", "message_id", "sha", "person", "value", "detail", "start", "stop",
        "rule", "score", "source", "state",
    ),
}  # fmt: skip
PREDICTION = (
    "message_id", "start", "stop", "person", "utc", "target", "mechanisms", "outcome", "why",
    "rule", "score",
)  # fmt: skip


class RegressionRows(NamedTuple):
    """One regression as rows; ``parts`` are in the order of :data:`PARTS`."""

    values: Sequence[Any]
    parts: Sequence[Sequence[Sequence[Any]]]


def save_regressions(
    conn: Connection,
    run: int,
    regressions: Iterable[RegressionRows],
    predictions: Iterable[tuple[Sequence[Any], str | None]] = (),
) -> int:
    """Replace all regressions and predictions.

    Parameters
    ----------
    conn : sqlite3.Connection
        In a transaction.
    run : int
        Which run found them.
    regressions : iterable of RegressionRows
        In the order in which they are to be numbered.
    predictions : iterable of (sequence, str or None)
        Columns :data:`PREDICTION`, and the key of the regression that each is about.

    Returns
    -------
    int
        Rows of both tables.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> save_regressions(db.conn, 1, [])
    0
    >>> db.close()
    """
    for table in ("prediction", *PARTS, "regression"):
        conn.execute(f"DELETE FROM {table}")  # noqa: S608
    found = list(regressions)
    ids = {one.values[0]: number for number, one in enumerate(found, 1)}
    rows = ((number, run, *one.values) for number, one in enumerate(found, 1))
    insert(conn, "regression", ("id", "run", *REGRESSION), rows)
    for place, (table, columns) in enumerate(PARTS.items()):
        insert(
            conn,
            table,
            ("regression", "position", *columns),
            (
                (number, position, *row)
                for number, one in enumerate(found, 1)
                for position, row in enumerate(one.parts[place])
            ),
        )
    warned = [(run, *row, ids.get(key or "")) for row, key in predictions]
    insert(conn, "prediction", ("run", *PREDICTION, "regression"), warned)
    return len(found) + len(warned)


def read_regressions(conn: Connection) -> list[RegressionRows]:
    """Read all regressions, in the order in which they were written.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.

    Returns
    -------
    list of RegressionRows
        As they went in.
    """
    parts: dict[int, list[list[tuple[Any, ...]]]] = defaultdict(lambda: [[] for _ in PARTS])
    for place, (table, columns) in enumerate(PARTS.items()):
        query = (
            f"SELECT regression, {', '.join(columns)} FROM {table}"  # noqa: S608
            " ORDER BY regression, position"
        )
        for number, *row in conn.execute(query):
            parts[number][place].append(tuple(row))
    query = f"SELECT id, {', '.join(REGRESSION)} FROM regression ORDER BY id"  # noqa: S608
    return [RegressionRows(row, parts[number]) for number, *row in conn.execute(query)]


def read_predictions(conn: Connection) -> list[tuple[tuple[Any, ...], str | None]]:
    """Read all predictions, in the order in which they were written.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.

    Returns
    -------
    list of (tuple, str or None)
        As they went in.
    """
    columns = ", ".join(f"p.{name}" for name in PREDICTION)
    query = (
        f"SELECT {columns}, r.key FROM prediction p"  # noqa: S608
        " LEFT JOIN regression r ON r.id = p.regression ORDER BY p.id"
    )
    return [(tuple(row[:-1]), row[-1]) for row in conn.execute(query)]
