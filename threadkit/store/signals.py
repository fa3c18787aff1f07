"""Signals and roles of citations: what was found in single mails."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from sqlite3 import Connection
from typing import NamedTuple

SIGNAL = ("kind", "value", "detail", "start", "stop", "rule", "score", "mood")


class MailFindings(NamedTuple):
    """What was found in one mail.

    ``signals`` have the columns :data:`SIGNAL`; ``roles`` are position of the citation,
    role, rule, score.
    """

    message: int
    signals: Sequence[tuple[str, str, str, int, int, str, float, str]]
    roles: Sequence[tuple[int, str, str, float]]


def save_findings(conn: Connection, run: int, some: Iterable[MailFindings]) -> int:
    """Replace what was found in some mails.

    Parameters
    ----------
    conn : sqlite3.Connection
        In a transaction.
    run : int
        Which run found it.
    some : iterable of MailFindings
        One a mail.

    Returns
    -------
    int
        Findings written.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> save_findings(db.conn, 1, [])
    0
    >>> db.close()
    """
    some = list(some)
    keys = [(one.message,) for one in some]
    conn.executemany("DELETE FROM signal WHERE message = ?", keys)
    conn.executemany("DELETE FROM citation_role WHERE message = ?", keys)
    signals = [(one.message, at, run, *s) for one in some for at, s in enumerate(one.signals)]
    roles = [(one.message, at, run, *rest) for one in some for at, *rest in one.roles]
    conn.executemany(
        "INSERT INTO signal (message, position, run, kind, value, detail, start, stop, rule,"
        " score, mood) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        signals,
    )
    conn.executemany(
        "INSERT INTO citation_role (message, position, run, role, rule, score)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        roles,
    )
    return len(signals) + len(roles)
