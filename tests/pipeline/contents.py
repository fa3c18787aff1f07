"""What a database says, without row ids: two imports of the same mail must agree on it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

QUERIES = {
    "message": """SELECT m.message_id, m.imposter, m.ghost, m.subject, m.date_utc, m.received_utc,
        p.message_id, m.parent_rule, r.message_id, m.match, w.sha256, length(b.text)
      FROM message m LEFT JOIN message p ON p.id = m.parent LEFT JOIN message r ON r.id = m.root
      LEFT JOIN raw w ON w.id = m.raw LEFT JOIN body b ON b.message = m.id""",
    "raw": """SELECT r.sha256, m.message_id, m.imposter, r.list_id
      FROM raw r JOIN message m ON m.id = r.message""",
    "quote": """SELECT m.message_id, m.imposter, q.block, q.part, q.start, q.stop,
        s.message_id, q.source_start, q.source_stop, q.method, q.score
      FROM quote q JOIN message m ON m.id = q.message LEFT JOIN message s ON s.id = q.source""",
    "of_message": """SELECT m.message_id, m.imposter, m.derived_id, m.subject_key, m.is_reply,
        m.date_offset_min, m.flowed, a.email, a.name, b.text
      FROM message m LEFT JOIN address a ON a.id = m.from_address
        LEFT JOIN body b ON b.message = m.id""",
    "block": """SELECT m.message_id, m.imposter, k.position, k.kind, k.quote_depth, k.start, k.stop,
        k.certain
      FROM block k JOIN message m ON m.id = k.message""",
    "alias": """SELECT m.message_id, m.imposter, x.message_id
      FROM alias x JOIN message m ON m.id = x.message""",
    "recipient": """SELECT m.message_id, m.imposter, x.kind, x.position, a.email, a.name
      FROM recipient x JOIN message m ON m.id = x.message JOIN address a ON a.id = x.address""",
    "attachment": """SELECT m.message_id, m.imposter, x.position, x.filename, x.content_type,
        x.size_bytes FROM attachment x JOIN message m ON m.id = x.message""",
    "citation": """SELECT m.message_id, m.imposter, x.position, x.kind, x.value, x.title, x.start
      FROM citation x JOIN message m ON m.id = x.message""",
    "patch": """SELECT m.message_id, m.imposter, x.prefixes, x.revision, x.counter, x.expected,
        x.patch_id, x.additions, x.deletions FROM patch x JOIN message m ON m.id = x.message""",
    "patch_file": """SELECT m.message_id, m.imposter, x.position, x.path, x.additions
      FROM patch_file x JOIN message m ON m.id = x.message""",
    "defect": """SELECT r.sha256, d.kind, d.detail
      FROM defect d JOIN raw r ON r.id = d.raw""",
    "reference": """SELECT m.message_id, m.imposter, f.position, f.message_id
      FROM message_reference f JOIN message m ON m.id = f.message""",
    "trailer": """SELECT m.message_id, t.position, t.name, t.value, t.start, t.stop
      FROM trailer t JOIN message m ON m.id = t.message""",
    "person": """SELECT p.email, p.name, a.email, a.name
      FROM address a JOIN person p ON p.id = a.person""",
    "person_merge": """SELECT min(a.email || ' ' || a.name, b.email || ' ' || b.name),
        max(a.email || ' ' || a.name, b.email || ' ' || b.name), x.rule, x.detail
      FROM person_merge x JOIN address a ON a.id = x.address JOIN address b ON b.id = x.other""",
    "person_apart": """SELECT min(a.email || ' ' || a.name, b.email || ' ' || b.name),
        max(a.email || ' ' || a.name, b.email || ' ' || b.name), x.rule, x.detail
      FROM person_apart x JOIN address a ON a.id = x.address JOIN address b ON b.id = x.other""",
    "search": """SELECT m.message_id, m.imposter FROM search s JOIN message m ON m.id = s.rowid
      WHERE search MATCH 'text OR page*'""",
}


def contents(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return every table as sorted rows that hold no row id."""
    conn = sqlite3.connect(path)
    try:
        return {
            name: sorted(conn.execute(query).fetchall(), key=repr)
            for name, query in QUERIES.items()
        }
    finally:
        conn.close()


def table(path: Path, query: str) -> list[tuple[object, ...]]:
    """Run one query on a database file."""
    conn = sqlite3.connect(path)
    try:
        return conn.execute(query).fetchall()
    finally:
        conn.close()
