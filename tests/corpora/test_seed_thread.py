"""The thread that started it: its tree is lore's, row by row, through the database."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from threadkit.pipeline.importing import import_mail

HUGH = "alpine.LSU.2.11.2008312207450.1212@eggly.anvils"


@pytest.fixture(scope="module")
def seed(corpora: Path, tmp_path_factory: pytest.TempPathFactory) -> sqlite3.Connection:
    db = tmp_path_factory.mktemp("seed") / "t.db"
    import_mail(db, [str(corpora / "cow-thread" / "cow-thread.mbox")], workers=0)
    conn = sqlite3.connect(db)
    yield conn
    conn.close()


def test_98_rows_2_roots_90_strict_8_loose_depth_32(seed: sqlite3.Connection) -> None:
    rows = seed.execute("SELECT id, parent, parent_rule, match FROM message").fetchall()
    parent = {id_: up for id_, up, rule, _ in rows if rule != "subject" and up is not None}

    def depth(id_: int) -> int:
        return 1 + depth(parent[id_]) if id_ in parent else 0

    assert len(rows) == 98
    assert sum(id_ not in parent for id_, *_ in rows) == 2
    assert sum(match == "strict" for *_, match in rows) == 90
    assert sum(match == "loose" for *_, match in rows) == 8
    assert max(depth(id_) for id_, *_ in rows) == 32
    assert seed.execute("SELECT count(*) FROM message WHERE ghost").fetchone() == (1,)


def test_every_parent_is_that_of_the_overview(seed: sqlite3.Connection, corpora: Path) -> None:
    overview = json.loads((corpora / "cow-thread" / "thread.json").read_text())
    name = {row["row"]: row["message_id"] for row in overview}
    want = {row["message_id"]: name.get(row["parent_row"]) for row in overview}
    query = (
        "SELECT m.message_id, CASE WHEN m.parent_rule = 'subject' THEN NULL ELSE p.message_id END"
        " FROM message m LEFT JOIN message p ON p.id = m.parent"
    )
    assert dict(seed.execute(query).fetchall()) == want


def test_every_raw_mail_is_the_one_of_the_overview(seed: sqlite3.Connection, corpora: Path) -> None:
    overview = json.loads((corpora / "cow-thread" / "thread.json").read_text())
    want = {row["message_id"]: row["sha256"] for row in overview if row["raw"]}
    query = "SELECT m.message_id, r.sha256 FROM message m JOIN raw r ON r.id = m.raw"
    assert dict(seed.execute(query).fetchall()) == want


def test_the_page_is_the_mail(corpora: Path, seed_page: Path, tmp_path: Path) -> None:
    """The saved page first, the real mail later: one message, the page a copy of it."""
    db = tmp_path / "t.db"
    import_mail(db, [str(seed_page)], workers=0)
    report = import_mail(db, [str(corpora / "cow-thread" / "cow-thread.mbox")], workers=0)
    assert (report.added, report.copies, report.imposters) == (96, 1, 0)
    conn = sqlite3.connect(db)
    copies = conn.execute(
        "SELECT s.kind, c.preferred FROM copy c JOIN raw r ON r.id = c.raw"
        " JOIN source s ON s.id = r.source JOIN message m ON m.id = c.message"
        " WHERE m.message_id = ? ORDER BY s.kind",
        (HUGH,),
    ).fetchall()
    conn.close()
    assert copies == [("lore-text", 0), ("mbox", 1)]


def test_a_long_unsnipped_tail_is_quotation_of_the_parent(seed: sqlite3.Connection) -> None:
    """Hugh Dickins left the end of the parent below his name; all of it is found there."""
    rows = seed.execute(
        "SELECT s.message_id, q.stop - q.start, q.method FROM quote q"
        " JOIN message m ON m.id = q.message LEFT JOIN message s ON s.id = q.source"
        " WHERE m.message_id = ? ORDER BY q.start",
        (HUGH,),
    ).fetchall()
    assert {method for _, _, method in rows} <= {"verbatim", "white-space", "rewrapped"}
    parent = "CAHk-=whXyMiXLujhPdfQN3q5n-DpbVRFZfJqjBYLTYw37uSMvA@mail.gmail.com"
    assert rows[-1][0] == parent
