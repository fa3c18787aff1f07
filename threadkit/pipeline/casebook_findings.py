"""What loaded casebooks say of the findings of mails that are here, kept as corrections."""

from __future__ import annotations

from collections.abc import Sequence
from sqlite3 import Connection
from typing import TYPE_CHECKING

from threadkit.store.casebooks import (
    ORIGIN,
    casebook_document,
    casebooks,
    keep_said,
    mail_units,
)
from threadkit.store.debates import CorrectionRow

if TYPE_CHECKING:
    from threadkit.casebook.applied import Applied
    from threadkit.casebook.values import Casebook

_MIDNIGHT = "T00:00:00Z"


def say_casebooks(conn: Connection) -> tuple[int, int]:
    """Bring up to date what loaded casebooks say of findings.

    Passages are matched with the sentences that analyzers find today, so that mail that came
    later, and rules that cut sentences another way, meet the casebook all the same.

    Parameters
    ----------
    conn : sqlite3.Connection
        In a transaction.

    Returns
    -------
    added, removed : int
        Corrections; both 0 if nothing changed.
    """
    rows: list[CorrectionRow] = []
    for casebook in loaded_casebooks(conn).values():
        rows += correction_rows(casebook, applied_to(conn, casebook))
    return keep_said(conn, rows)


def loaded_casebooks(conn: Connection) -> dict[str, Casebook]:
    """Return the casebooks of a database.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.

    Returns
    -------
    dict of str to Casebook
        By name.
    """
    heads = casebooks(conn)
    if not heads:
        return {}
    from threadkit.casebook.build import from_document

    return {head.name: from_document(casebook_document(conn, head.name) or "") for head in heads}


def applied_to(conn: Connection, casebook: Casebook) -> Applied:
    """Compare a casebook with the mails that are here.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    casebook : Casebook
        Loaded or not.

    Returns
    -------
    Applied
        What it says of findings, and what of it meets none.
    """
    from threadkit.casebook.applied import Mail, Unit, applied

    named = {place.message for claim in casebook.claims for place in claim.places}
    found = mail_units(conn, (name for name in named if name))
    mails = {
        name: Mail(one.root, one.body, one.is_read, [Unit._make(unit) for unit in one.units])
        for name, one in found.items()
    }
    return applied(casebook, mails)


def correction_rows(casebook: Casebook, made: Applied) -> Sequence[CorrectionRow]:
    """Sign what a casebook says with who read the debate, and when.

    Parameters
    ----------
    casebook : Casebook
        That says it.
    made : Applied
        What it says.
    """
    who, when = casebook.curated_by, casebook.curated_date + _MIDNIGHT
    return [CorrectionRow(*one, who, when, ORIGIN) for one in made.corrections]
