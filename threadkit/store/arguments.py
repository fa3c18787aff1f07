"""Arguments of single mails: units, the passages they answer, how they bear on each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from sqlite3 import Connection
from typing import NamedTuple

TABLES = ("mail_reading", "unit", "passage", "unit_relation")
"""What :func:`save_arguments` writes, all by ``message``."""


class UnitRow(NamedTuple):
    """A row of ``unit``, without its mail and number."""

    start: int
    stop: int
    label: str
    secondary: str
    kind: str
    score: float
    rule: str
    hedge: str
    irony: str
    passage: int


class PassageRow(NamedTuple):
    """A row of ``passage``, without its mail and number."""

    start: int
    stop: int
    depth: int
    stance: str
    score: float
    rule: str


class UnitRelationRow(NamedTuple):
    """A row of ``unit_relation``, without its mail and number."""

    unit: int
    kind: str
    target: str
    first: int
    last: int
    score: float
    rule: str


class ArgumentsRow(NamedTuple):
    """What was found in the mail with row id ``message``, in the order of the text."""

    message: int
    language: str
    note: str
    units: Sequence[UnitRow]
    passages: Sequence[PassageRow]
    relations: Sequence[UnitRelationRow]


def save_arguments(conn: Connection, run: int, some: Iterable[ArgumentsRow]) -> int:
    """Replace the arguments of some mails.

    Parameters
    ----------
    conn : sqlite3.Connection
        In a transaction.
    run : int
        Which run found them.
    some : iterable of ArgumentsRow
        One a mail.

    Returns
    -------
    int
        Units written.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> save_arguments(db.conn, 1, [])
    0
    >>> db.close()
    """
    some = list(some)
    keys = [(one.message,) for one in some]
    for table in TABLES:
        conn.executemany(f"DELETE FROM {table} WHERE message = ?", keys)  # noqa: S608
    conn.executemany(
        "INSERT INTO mail_reading (message, run, language, note) VALUES (?, ?, ?, ?)",
        [(one.message, run, one.language, one.note) for one in some],
    )
    for table, pick, kind in (
        ("unit", "units", UnitRow),
        ("passage", "passages", PassageRow),
        ("unit_relation", "relations", UnitRelationRow),
    ):
        columns = ("message", "position", "run", *kind._fields)
        holes = ", ".join("?" * len(columns))
        conn.executemany(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({holes})",  # noqa: S608
            [
                (one.message, at, run, *row)
                for one in some
                for at, row in enumerate(getattr(one, pick))
            ],
        )
    return sum(len(one.units) for one in some)
