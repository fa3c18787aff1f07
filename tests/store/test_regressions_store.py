"""Regressions go into the database and come out as they were."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.analyze.regressions.made import BAD, CULPRIT, FIX, commit, mail, patch, report, said
from threadkit.analyze.regressions.assemble import assemble
from threadkit.pipeline.regression_facts import as_rows, from_rows
from threadkit.store.connection import open_write
from threadkit.store.regressions import (
    read_predictions,
    read_regressions,
    save_regressions,
)

FOUND = assemble(
    [
        report("a", 10, culprit=BAD[:12], mechanisms=frozenset({"swap", "dax"})),
        patch("p", 15, closes="a", who="mo"),
        mail("x", 12, said("works", "5.8", "release"), to="a"),
        report("b", 12, culprit=BAD[:12], who="bo", mechanisms=frozenset({"thp"})),
    ],
    [CULPRIT, commit(FIX, 20, ("fixes", BAD[:12]), ("closes", "a@example.org"))],
)
WARNING = ("w@example.org", 3, 9, "Ada", None, BAD, "swap", "came true", "it did", "made", 0.7)


def test_what_goes_in_comes_out_in_its_order() -> None:
    db = open_write(":memory:")
    save_regressions(db.conn, 1, map(as_rows, FOUND), [(WARNING, "a@example.org"), (WARNING, None)])
    assert [from_rows(rows) for rows in read_regressions(db.conn)] == FOUND
    assert len(FOUND) == 2
    assert read_predictions(db.conn) == [(WARNING, "a@example.org"), (WARNING, None)]
    db.close()


def test_a_rerun_replaces_everything_and_keeps_the_keys() -> None:
    db = open_write(":memory:")
    for run in (1, 2):
        assert save_regressions(db.conn, run, map(as_rows, FOUND)) == 2
    query = "SELECT run, key FROM regression ORDER BY id"
    assert db.conn.execute(query).fetchall() == [(2, one.key) for one in FOUND]
    save_regressions(db.conn, 3, [])
    tables = ("regression", "regression_event", "regression_fix", "regression_report",
              "regression_culprit", "regression_maybe", "prediction")  # fmt: skip
    for table in tables:
        assert db.conn.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    db.close()


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\n"), max_size=20)


@given(TEXT, TEXT)
def test_any_words_survive(title: str, who: str) -> None:
    [one] = assemble([report("a", 10, subject=title or "x", who=who or "ada")])
    db = open_write(":memory:")
    save_regressions(db.conn, 1, [as_rows(one)])
    [back] = [from_rows(rows) for rows in read_regressions(db.conn)]
    assert (back.title, back.reports, back.events) == (one.title, one.reports, one.events)
    db.close()
