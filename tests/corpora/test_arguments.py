"""Who says what in real mail: the counts are those of the golden file, and all spans are own words.

The golden files hold figures only. They change with every model that is trained anew:
``THREADKIT_UPDATE_GOLDEN=1 make test`` accepts that, and the commit says why.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.corpora.test_golden import CORPORA, GOLDEN
from threadkit.pipeline.analysis import analyze
from threadkit.pipeline.importing import import_mail
from threadkit.store.connection import open_read
from threadkit.store.verify import verify

READ: dict[str, Callable[[Path], list[Path]]] = {
    name: CORPORA[name]
    for name in (
        "cow-thread",
        "kernel-threads-series",
        "kernel-threads-stable",
        "kernel-threads-linux-next",
        "notmuch-default",
        "oddities",
    )
}
TALLIES = {
    "languages": "SELECT language, count(*) FROM mail_reading GROUP BY language",
    "units": "SELECT label, count(*) FROM unit GROUP BY label",
    "irony": "SELECT label, count(*) FROM unit WHERE irony != '' GROUP BY label",
    "passages": "SELECT stance, count(*) FROM passage GROUP BY stance",
    "bearings": "SELECT kind || ' ' || target, count(*) FROM unit_relation GROUP BY kind, target",
    "relations": "SELECT kind || ' ' || state, count(*) FROM relation GROUP BY kind, state",
    "claims": "SELECT status || ' ' || state, count(*) FROM claim GROUP BY status, state",
    "places": "SELECT rule, count(*) FROM claim_span WHERE position > 0 GROUP BY rule",
    "points": "SELECT kind || ' ' || outcome, count(*) FROM point GROUP BY kind, outcome",
    "answers": "SELECT how, count(*) FROM point_answer GROUP BY how",
    "decisions": "SELECT kind || ' ' || state, count(*) FROM decision GROUP BY kind, state",
}
NOT_OWN = """
SELECT count(*) FROM unit u JOIN block b ON b.message = u.message
WHERE b.kind NOT IN ('reply', 'trailers') AND u.start < b.stop AND b.start < u.stop
"""
SPANS = """
SELECT message, start, stop FROM unit UNION ALL SELECT message, start, stop FROM claim_span
UNION ALL SELECT message, start, stop FROM point UNION ALL SELECT message, start, stop FROM decision
UNION ALL SELECT by_message, start, stop FROM point_answer
UNION ALL SELECT message, start, stop FROM passage
"""


@pytest.fixture(scope="module", params=READ)
def read(
    request: pytest.FixtureRequest, corpora: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    name = str(request.param)
    db = tmp_path_factory.mktemp(name) / "t.db"
    import_mail(db, [str(path) for path in READ[name](corpora)], workers=0)
    analyze(db, jobs=1)
    return name, db


def counts(conn: sqlite3.Connection) -> dict[str, object]:
    """Return the figures that the golden files hold."""
    return {name: dict(sorted(conn.execute(query).fetchall())) for name, query in TALLIES.items()}


def test_counts_of_a_corpus(read: tuple[str, Path]) -> None:
    name, db = read
    conn = open_read(db)
    try:
        found = counts(conn)
    finally:
        conn.close()
    golden = GOLDEN / f"arguments-{name}.json"
    if os.environ.get("THREADKIT_UPDATE_GOLDEN"):
        golden.write_text(json.dumps(found, indent=1) + "\n")
    assert found == json.loads(golden.read_text())


def test_every_span_is_of_its_mail_and_no_unit_is_quoted(read: tuple[str, Path]) -> None:
    conn = open_read(read[1])
    try:
        assert conn.execute(NOT_OWN).fetchone() == (0,)
        outside = f"SELECT count(*) FROM ({SPANS}) s LEFT JOIN body b USING (message)"
        where = " WHERE b.message IS NULL OR s.start < 0 OR s.start >= s.stop"
        more = " OR s.stop > length(b.text)"
        assert conn.execute(outside + where + more).fetchone() == (0,)
        assert list(verify(conn)) == []
    finally:
        conn.close()


def test_a_second_analysis_finds_nothing_new(read: tuple[str, Path]) -> None:
    assert all(report.skipped or not report.read for report in analyze(read[1], jobs=1))
