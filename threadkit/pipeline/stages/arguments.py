"""Read every mail once for its arguments: units, what they answer, how they bear on each other."""

from __future__ import annotations

from sqlite3 import Connection
from typing import TYPE_CHECKING

from threadkit.pipeline.stages import EVERYTHING, Scope, rules
from threadkit.pipeline.stages.mails import mail_text
from threadkit.pipeline.stages.reading import Reading
from threadkit.store.arguments import (
    ArgumentsRow,
    PassageRow,
    UnitRelationRow,
    UnitRow,
    save_arguments,
)
from threadkit.store.mailtexts import StoredText, forget_read

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlite_utils import Database

NAME = "arguments"
VERSION = "1"
IN_BATCHES = True

SHARED_FROM = 500
"""From so many mails on, processes share the work: each loads the model."""

BATCH = 25
"""Mails that are kept at once: so few are read again after an interruption."""


def version() -> str:
    """Name the rules and the model, whose findings are replaced when either changes."""
    from threadkit.analyze.arguments.configuration import configuration

    return f"{VERSION} {configuration()}"


def inputs(conn: Connection) -> str:
    """Count the mails that are here, and those that have been read.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    """
    (mails,) = conn.execute("SELECT count(*) FROM body").fetchone()
    query = "SELECT count(*) FROM analyzed WHERE analyzer = ?"
    (read,) = conn.execute(query, (NAME,)).fetchone()
    return f"{read} of {mails} mails"


def forget(conn: Connection, scope: Scope = EVERYTHING) -> None:
    """Let mails be read again.

    Parameters
    ----------
    conn : sqlite3.Connection
        In a transaction.
    scope : Scope, optional
        Which.
    """
    forget_read(conn, NAME, roots=scope.roots)


def waiting(conn: Connection, scope: Scope = EVERYTHING) -> int:
    """Count the mails that are to be read.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    scope : Scope, optional
        Which.
    """
    return _reading().waiting(conn, scope)


def run_scoped(
    scope: Scope, db: Database, run_id: int, tell: Callable[[int, int], None]
) -> tuple[int, int]:
    """Read the mails of a scope that have not been read; each batch is kept at once.

    Parameters
    ----------
    scope : Scope
        Which mails, and how many processes.
    db : Database
        Open for writing.
    run_id : int
        For the findings.
    tell : callable
        Takes mails done and all of them.

    Returns
    -------
    read, found : int
        Mails, units.
    """
    return _reading().run(db, run_id, tell, scope)


def _reading() -> Reading[ArgumentsRow]:
    return Reading(NAME, rules(version()), findings_of, save_arguments, SHARED_FROM, BATCH)


def findings_of(stored: StoredText) -> ArgumentsRow:
    """Read one mail.

    Parameters
    ----------
    stored : StoredText
        As the store has it.

    Returns
    -------
    ArgumentsRow
        Everything in the order of the text.
    """
    from threadkit.analyze.arguments.read import arguments

    found = arguments(mail_text(stored))
    return ArgumentsRow(
        message=stored.id,
        language=found.language,
        note=found.note,
        units=[
            UnitRow(
                u.start, u.stop, u.label, u.secondary, u.kind, u.score, u.rule, u.hedge,
                u.irony, u.passage,
            )
            for u in found.units
        ],
        passages=[
            PassageRow(p.start, p.stop, p.depth, p.stance, p.score, p.rule) for p in found.passages
        ],
        relations=[
            UnitRelationRow(r.unit, r.kind, *r.target, r.score, r.rule) for r in found.relations
        ],
    )  # fmt: skip
