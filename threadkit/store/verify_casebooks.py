"""The part of a verification that looks at casebooks and verdicts."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from threadkit.store.casebooks import document_hash
from threadkit.store.finding import Finding

# Each query gives what is wrong in words.
_QUERIES = (
    ("casebook_claim", """
        SELECT c.casebook || ', claim ' || c.id || ': no person ' || c.person
        FROM casebook_claim c WHERE NOT EXISTS (SELECT 1 FROM casebook_person p
        WHERE p.casebook = c.casebook AND p.key = c.person)"""),
    ("casebook_claim", """
        SELECT c.casebook || ', claim ' || c.id || ': no question ' || c.question
        FROM casebook_claim c WHERE NOT EXISTS (SELECT 1 FROM casebook_question q
        WHERE q.casebook = c.casebook AND q.key = c.question)"""),
    *((table, f"""
        SELECT x.casebook || ': no claim ' || x.{column} FROM {table} x
        WHERE NOT EXISTS (SELECT 1 FROM casebook_claim c
        WHERE c.casebook = x.casebook AND c.id = x.{column})""")  # noqa: S608
      for table, column in (("casebook_place", "claim"), ("casebook_stance", "claim"),
                            ("casebook_stance", "target"), ("casebook_evidence", "claim"),
                            ("casebook_model", "claim"))),
    ("casebook_model", """
        SELECT m.casebook || ', claim ' || m.claim || ': scenario ' || m.scenario || ' was not run'
        FROM casebook_model m WHERE m.scenario <> ''
        AND m.scenario NOT IN (SELECT name FROM scenario)"""),
)  # fmt: skip


def casebooks_hold(conn: sqlite3.Connection) -> Iterator[Finding]:
    """Check every casebook: that it is as it was loaded, and that nothing in it dangles.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.

    Yields
    ------
    Finding
        What is wrong.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> row = ("a", *[""] * 10, "1.0")
    >>> _ = db.execute("INSERT INTO casebook VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    >>> [(found.kind, found.row, found.detail) for found in casebooks_hold(db.conn)]
    [('casebook-changed', 1, 'a: sha256 is now e3b0c44298fc')]
    >>> db.close()
    """
    for row, name, document, sha256 in conn.execute(
        "SELECT rowid, name, document, sha256 FROM casebook ORDER BY name"
    ):
        found = document_hash(document)
        if found != sha256:
            yield Finding(
                "casebook-changed", "casebook", row, f"{name}: sha256 is now {found[:12]}"
            )
    for table, query in _QUERIES:
        for (detail,) in conn.execute(query):
            yield Finding("casebook-wrong", table, None, detail)
