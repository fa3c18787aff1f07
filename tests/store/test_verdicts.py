"""Verdicts as rows: those of a scenario are replaced together."""

from __future__ import annotations

from contextlib import closing

import pytest

from threadkit.store.connection import open_write
from threadkit.store.verdicts import (
    EraRow,
    ScenarioRow,
    VerdictRow,
    known_scenarios,
    save_eras,
    save_scenario,
    verdicts,
)

ERAS = [EraRow("new", 1, "B", "t", "6.1", "base"), EraRow("old", 0, "A", "t", "2.6", "base")]


def verdict(era: str, said: str = "Never", engine: str = "model", version: str = "1") -> VerdictRow:
    return VerdictRow("S1", era, engine, said, 0, 1, "[]", "{}", version)


@pytest.fixture
def conn():
    with closing(open_write(":memory:")) as db:
        save_eras(db.conn, ERAS)
        yield db.conn


def test_verdicts_come_in_the_order_of_eras(conn):
    save_scenario(conn, ScenarioRow("S1", "q", "x"), [verdict("new"), verdict("old", "Always")])
    assert [(one.era, one.verdict) for one in verdicts(conn)] == [
        ("old", "Always"),
        ("new", "Never"),
    ]
    assert verdicts(conn, "S1") == verdicts(conn)
    assert verdicts(conn, "S2") == []


def test_a_scenario_replaces_what_the_same_engine_said(conn):
    save_scenario(
        conn, ScenarioRow("S1", "q", "x"), [verdict("old"), verdict("old", engine="kernel")]
    )
    save_scenario(conn, ScenarioRow("S1", "new question", "y"), [verdict("new", "Sometimes")])
    assert [(one.era, one.engine) for one in verdicts(conn)] == [
        ("old", "kernel"),
        ("new", "model"),
    ]
    assert conn.execute("SELECT question, sha256 FROM scenario").fetchall() == [
        ("new question", "y")
    ]


def test_only_what_this_model_ran_under_all_eras_is_known(conn):
    save_scenario(conn, ScenarioRow("S1", "q", "x"), [verdict("old"), verdict("new")])
    assert known_scenarios(conn, "1", 2) == {"S1": "x"}
    assert known_scenarios(conn, "1", 3) == {}
    assert known_scenarios(conn, "2", 2) == {}


def test_eras_are_brought_up_to_date(conn):
    save_eras(conn, [ERAS[0]._replace(title="another")])
    assert conn.execute("SELECT title FROM era WHERE key = 'new'").fetchall() == [("another",)]
    assert conn.execute("SELECT count(*) FROM era").fetchone() == (2,)


def test_a_casebook_is_compared_with_the_run(conn):
    save_scenario(conn, ScenarioRow("S1", "q", "x"), [verdict("old", "Always"), verdict("new")])
    conn.execute("INSERT INTO casebook VALUES ('b', '', '', '', '', '', '', '', '', '', '', '')")
    rows = [("old", "Always"), ("new", "Always"), ("new", ""), ("gone", "Never")]
    for position, (era, expected) in enumerate(rows):
        conn.execute(
            "INSERT INTO casebook_model VALUES ('b', 1, ?, 'S1', 'supports', ?, ?, '{}', '')",
            (position, era, expected),
        )
    conn.execute(
        "INSERT INTO casebook_model VALUES ('b', 2, 0, '', 'not modelled', '', '', '{}', '')"
    )
    assert [tuple(one) for one in conn.execute(
        "SELECT era, expected, agrees FROM casebook_verdict ORDER BY era, expected"
    )] == [("gone", "Never", None), ("new", "", None), ("new", "Always", 0), ("old", "Always", 1)]  # fmt: skip
