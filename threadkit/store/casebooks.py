"""Casebooks as rows: written as a whole, read back as the document that they came from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from hashlib import sha256
from sqlite3 import Connection
from typing import Final, NamedTuple

from threadkit.store.debates import CorrectionRow

ORIGIN: Final = "casebook"
"""``correction.origin`` of what a casebook says; any other origin wins over it."""


class CasebookHead(NamedTuple):
    """What a casebook is, without what is in it; a row of ``casebook``."""

    name: str
    title: str
    question: str
    about: str
    outcome: str
    thread: str
    curated_by: str
    curated_date: str
    sha256: str
    loaded_utc: str
    tool_version: str


class PersonRow(NamedTuple):
    """A row of ``casebook_person``; ``names`` is JSON."""

    key: str
    name: str
    names: str
    about: str


class MessageRow(NamedTuple):
    """A row of ``casebook_message``."""

    key: str
    message_id: str | None
    url: str
    date_utc: str | None
    person: str
    parent: str | None
    subject: str
    part: str
    why: str
    seen: bool


class QuestionRow(NamedTuple):
    """A row of ``casebook_question``."""

    key: str
    position: int
    text: str
    outcome: str


class ClaimRow(NamedTuple):
    """A row of ``casebook_claim``; ``decision`` and ``afterwards`` are JSON."""

    id: int
    person: str
    part: str
    gist: str
    kind: str
    question: str
    stand: str
    status: str
    why: str
    decision: str
    afterwards: str
    sure: str


class PlaceRow(NamedTuple):
    """A row of ``casebook_place``."""

    claim: int
    position: int
    message: str
    url: str
    start: int | None
    stop: int | None
    exact_sha256: str
    loose_sha256: str
    unseen: str


class StanceRow(NamedTuple):
    """A row of ``casebook_stance``."""

    claim: int
    position: int
    kind: str
    target: int
    message: str
    start: int | None
    stop: int | None
    exact_sha256: str
    loose_sha256: str


class EvidenceRow(NamedTuple):
    """A row of ``casebook_evidence``."""

    claim: int
    position: int
    kind: str
    name: str
    shows: str
    whose: str


class ModelRow(NamedTuple):
    """A row of ``casebook_model``; ``costs`` is JSON."""

    claim: int
    position: int
    scenario: str
    stance: str
    era: str
    expected: str
    costs: str
    why: str


class CasebookRows(NamedTuple):
    """All that a casebook holds, but its head and document."""

    people: Sequence[PersonRow] = ()
    messages: Sequence[MessageRow] = ()
    questions: Sequence[QuestionRow] = ()
    claims: Sequence[ClaimRow] = ()
    places: Sequence[PlaceRow] = ()
    stances: Sequence[StanceRow] = ()
    evidence: Sequence[EvidenceRow] = ()
    model: Sequence[ModelRow] = ()


_TABLES: Final = {
    "people": ("casebook_person", PersonRow._fields),
    "messages": ("casebook_message", MessageRow._fields),
    "questions": ("casebook_question", QuestionRow._fields),
    "claims": ("casebook_claim", ClaimRow._fields),
    "places": ("casebook_place", PlaceRow._fields),
    "stances": ("casebook_stance", StanceRow._fields),
    "evidence": ("casebook_evidence", EvidenceRow._fields),
    "model": ("casebook_model", ModelRow._fields),
}


class UnitSpan(NamedTuple):
    """A unit of a mail as far as passages are compared with it."""

    start: int
    stop: int
    label: str


class MailUnits(NamedTuple):
    """A mail that a casebook speaks of: its text, and its units if it was read for arguments."""

    message_id: str
    root: int
    body: str
    is_read: bool
    units: list[UnitSpan]


def document_hash(document: str) -> str:
    """Return the SHA-256 by which a loaded casebook is known.

    Parameters
    ----------
    document : str
        Canonical JSON.

    Examples
    --------
    >>> document_hash("{}")[:8]
    '44136fa3'
    """
    return sha256(document.encode("utf-8", "surrogatepass")).hexdigest()


def save_casebook(conn: Connection, head: CasebookHead, document: str, rows: CasebookRows) -> bool:
    """Write a casebook in the stead of the one of its name.

    Parameters
    ----------
    conn : sqlite3.Connection
        In a transaction.
    head : CasebookHead
        What it is.
    document : str
        All of it; ``head.sha256`` is of this text.
    rows : CasebookRows
        The same as rows.

    Returns
    -------
    bool
        False if the same document is here already, as the same tool read it: then nothing is
        written.
    """
    query = "SELECT sha256, tool_version FROM casebook WHERE name = ?"
    if conn.execute(query, (head.name,)).fetchone() == (head.sha256, head.tool_version):
        return False
    forget_casebook(conn, head.name)
    conn.execute(
        f"INSERT INTO casebook ({', '.join(head._fields)}, document)"  # noqa: S608
        f" VALUES ({', '.join('?' * (len(head) + 1))})",
        (*head, document),
    )
    for field, (table, columns) in _TABLES.items():
        conn.executemany(
            f"INSERT INTO {table} (casebook, {', '.join(columns)})"  # noqa: S608
            f" VALUES (?{', ?' * len(columns)})",
            [(head.name, *row) for row in getattr(rows, field)],
        )
    return True


def forget_casebook(conn: Connection, name: str) -> None:
    """Delete a casebook; what it said of findings is left to :func:`keep_said`.

    Parameters
    ----------
    conn : sqlite3.Connection
        In a transaction.
    name : str
        Of the casebook; one that is not here is nothing to delete.
    """
    for table, _ in reversed(_TABLES.values()):
        conn.execute(f"DELETE FROM {table} WHERE casebook = ?", (name,))  # noqa: S608
    conn.execute("DELETE FROM casebook WHERE name = ?", (name,))


def casebooks(conn: Connection) -> list[CasebookHead]:
    """List the casebooks that were loaded.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.

    Returns
    -------
    list of CasebookHead
        By name.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> casebooks(db.conn)
    []
    >>> db.close()
    """
    query = f"SELECT {', '.join(CasebookHead._fields)} FROM casebook ORDER BY name"  # noqa: S608
    return [CasebookHead._make(row) for row in conn.execute(query)]


def casebook_document(conn: Connection, name: str) -> str | None:
    """Return a casebook as it was loaded.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    name : str
        Of the casebook.

    Returns
    -------
    str or None
        Canonical JSON; None if no such casebook was loaded.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> casebook_document(db.conn, "cow-2020") is None
    True
    >>> db.close()
    """
    found = conn.execute("SELECT document FROM casebook WHERE name = ?", (name,)).fetchone()
    return str(found[0]) if found else None


def casebook_of(conn: Connection, message_id: str) -> str | None:
    """Name the casebook of a conversation.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    message_id : str
        Of any mail that a casebook places in its thread.

    Returns
    -------
    str or None
        None if no loaded casebook is about that thread; the first by name of several.
    """
    query = (
        "SELECT casebook FROM casebook_message WHERE message_id = ? AND part = 'thread'"
        " UNION SELECT name FROM casebook WHERE thread = ? ORDER BY 1"
    )
    found = conn.execute(query, (message_id, message_id)).fetchone()
    return str(found[0]) if found else None


def mail_units(conn: Connection, message_ids: Iterable[str]) -> dict[str, MailUnits]:
    """Read the mails of passages with their units.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    message_ids : iterable of str
        Without brackets.

    Returns
    -------
    dict of str to MailUnits
        By Message-ID; mails that are not here are left out, and of several of one Message-ID
        the first counts.
    """
    wanted = json.dumps(sorted(set(message_ids)))
    query = (
        "SELECT m.id, m.message_id, m.root, b.text,"
        " EXISTS (SELECT 1 FROM mail_reading r WHERE r.message = m.id)"
        " FROM json_each(?) j JOIN message m ON m.message_id = j.value AND m.imposter = 0"
        " JOIN body b ON b.message = m.id"
    )
    units = "SELECT start, stop, label FROM unit WHERE message = ? ORDER BY position"
    return {
        message_id: MailUnits(
            message_id, root, body, bool(is_read), list(map(UnitSpan._make, conn.execute(units, (row,))))
        )
        for row, message_id, root, body, is_read in conn.execute(query, (wanted,)).fetchall()
    }  # fmt: skip


def keep_said(conn: Connection, rows: Sequence[CorrectionRow]) -> tuple[int, int]:
    """Make what casebooks say of findings be just this; what people said elsewhere wins.

    Parameters
    ----------
    conn : sqlite3.Connection
        In a transaction.
    rows : sequence of CorrectionRow
        Of :data:`ORIGIN`; of two about one field of a finding the first counts.

    Returns
    -------
    added, removed : int
        Corrections that were not there as they are, or are no longer said. Both 0: nothing was
        written.
    """
    columns = ", ".join(CorrectionRow._fields)
    before = [
        CorrectionRow._make(row)
        for row in conn.execute(f"SELECT {columns} FROM correction ORDER BY id")  # noqa: S608
    ]
    others = {(one.target, one.field) for one in before if one.origin != ORIGIN}
    wanted: dict[tuple[str, str], CorrectionRow] = {}
    for row in rows:
        if (row.target, row.field) not in others:
            wanted.setdefault((row.target, row.field), row)
    kept = set(wanted.values())
    gone = [one for one in before if one.origin == ORIGIN and one not in kept]
    conn.executemany("DELETE FROM correction WHERE target = ? AND field = ?", [g[:2] for g in gone])
    said = set(before)
    new = [one for one in wanted.values() if one not in said]
    conn.executemany(
        f"INSERT INTO correction ({columns})"  # noqa: S608
        f" VALUES ({', '.join('?' * len(CorrectionRow._fields))})",
        new,
    )
    return len(new), len(gone)
