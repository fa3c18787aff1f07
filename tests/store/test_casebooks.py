"""Casebooks as rows: replaced as a whole, and what they say never wins over a person."""

from __future__ import annotations

from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.store import casebooks as module
from threadkit.store.casebooks import (
    CasebookHead,
    CasebookRows,
    ClaimRow,
    EvidenceRow,
    MessageRow,
    ModelRow,
    PersonRow,
    PlaceRow,
    QuestionRow,
    StanceRow,
    casebook_document,
    casebook_of,
    casebooks,
    document_hash,
    forget_casebook,
    keep_said,
    mail_units,
    save_casebook,
)
from threadkit.store.connection import open_write
from threadkit.store.debates import CorrectionRow, correct, corrections
from threadkit.store.transaction import transaction
from threadkit.store.verify import verify

ROWS = CasebookRows(
    [PersonRow("ann", "Ann", "[]", "")],
    [MessageRow("a@example.org", "a@example.org", "", "2024-05-01", "ann", None, "s", "thread", "", True)],
    [QuestionRow("why", 0, "Why?", "")],
    [ClaimRow(1, "ann", "thread", "g", "opinion", "why", "yes", "open", "w", "{}", "{}", "M")],
    [PlaceRow(1, 0, "a@example.org", "", 0, 4, "e", "l", "")],
    [StanceRow(1, 0, "attacks", 2, "", None, None, "", "")],
    [EvidenceRow(1, 0, "url", "https://example.org", "it", "ours")],
    [ModelRow(1, 0, "S4", "supports", "mm_id", "Never", "{}", "why")],
)  # fmt: skip
TABLES = [table for table, _ in module._TABLES.values()]


def head(
    name: str = "book", document: str = "{}", utc: str = "2024-05-02T00:00:00Z"
) -> CasebookHead:
    return CasebookHead(name, "t", "q", "a", "o", "a@example.org", "Ann", "2024-05-01",
                        document_hash(document), utc, "1.0")  # fmt: skip


@pytest.fixture
def conn():
    with closing(open_write(":memory:")) as db:
        yield db.conn


def counts(conn) -> dict[str, int]:
    return {table: conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES}


def test_a_casebook_comes_back_as_it_went_in(conn):
    document = '{"a": "\\ud800 é"}'
    assert save_casebook(conn, head(document=document), document, ROWS)
    assert casebooks(conn) == [head(document=document)]
    assert casebook_document(conn, "book") == document
    assert casebook_document(conn, "other") is None
    assert counts(conn) == dict.fromkeys(TABLES, 1)


def test_the_same_again_writes_nothing(conn):
    assert save_casebook(conn, head(), "{}", ROWS)
    before = conn.total_changes
    assert not save_casebook(conn, head(utc="2030-01-01T00:00:00Z"), "{}", ROWS)
    assert conn.total_changes == before
    assert casebooks(conn)[0].loaded_utc == "2024-05-02T00:00:00Z"


def test_another_document_replaces_all_of_it_and_no_other_casebook(conn):
    save_casebook(conn, head(), "{}", ROWS)
    save_casebook(conn, head("other"), "{}", ROWS)
    assert save_casebook(conn, head(document="[]"), "[]", CasebookRows())
    assert counts(conn) == dict.fromkeys(TABLES, 1)
    forget_casebook(conn, "other")
    forget_casebook(conn, "nobody")
    assert counts(conn) == dict.fromkeys(TABLES, 0)
    assert [one.name for one in casebooks(conn)] == ["book"]


def test_a_mail_tells_the_casebook_of_its_thread(conn):
    save_casebook(conn, head(), "{}", ROWS)
    near = ROWS.messages[0]._replace(key="b@example.org", message_id="b@example.org", part="after")
    save_casebook(
        conn, head("zebra")._replace(thread="z@example.org"), "{}", CasebookRows(messages=[near])
    )
    assert casebook_of(conn, "a@example.org") == "book"
    assert casebook_of(conn, "z@example.org") == "zebra"
    assert casebook_of(conn, "b@example.org") is None


def test_mails_that_are_not_here_have_no_units(builder):
    row = builder.mail("a@example.org", "One. Two.")
    builder.execute("INSERT INTO run VALUES (1, 'arguments', '1', '', '2024', '2024', 0, 0)")
    assert (
        mail_units(builder.conn, ["a@example.org", "lost@example.org"])["a@example.org"].is_read
        is False
    )
    builder.execute("INSERT INTO mail_reading VALUES (?, 1, 'en', '')", (row,))
    for position, (start, stop) in enumerate(((0, 4), (5, 9))):
        builder.execute(
            "INSERT INTO unit VALUES (?, ?, 1, ?, ?, 'claim', '', '', 1, 'r', '', '', -1)",
            (row, position, start, stop),
        )
    (found,) = mail_units(builder.conn, ["a@example.org", "lost@example.org"]).values()
    assert found.is_read
    assert [found.body[one.start : one.stop] for one in found.units] == ["One.", "Two."]


def row(
    field: str, value: str = "v", origin: str = module.ORIGIN, target: str = "t"
) -> CorrectionRow:
    return CorrectionRow(target, field, value, "n", "Ann", "2024-05-01T00:00:00Z", origin)


def test_what_a_casebook_says_is_just_what_it_says_now(conn):
    assert keep_said(conn, [row("gist"), row("kind")]) == (2, 0)
    assert keep_said(conn, [row("gist"), row("kind")]) == (0, 0)
    assert keep_said(conn, [row("gist", "new")]) == (1, 2)
    assert corrections(conn) == [row("gist", "new")]


def test_what_a_person_says_wins_before_and_after(conn):
    mine = row("gist", "mine", "edit")
    correct(conn, [mine])
    assert keep_said(conn, [row("gist"), row("kind")]) == (1, 0)
    correct(conn, [row("kind", "mine", "edit")])
    assert keep_said(conn, [row("gist"), row("kind")]) == (0, 0)
    assert {one.value for one in corrections(conn)} == {"mine"}
    correct(conn, [row("gist", "", "edit")])  # taken back: the casebook says it again
    assert keep_said(conn, [row("gist")]) == (1, 0)


SAID = st.lists(
    st.builds(row, st.sampled_from("abc"), st.sampled_from("vw"), target=st.sampled_from("st")),
    max_size=8,
)


@given(SAID, SAID, st.lists(st.builds(row, st.sampled_from("abc"), st.just("p"), st.just("edit"),
                                      st.sampled_from("st")), max_size=4))  # fmt: skip
def test_keeping_twice_is_keeping_once_whatever_was_there(first, second, mine):
    with closing(open_write(":memory:")) as db:
        with transaction(db.conn):
            correct(db.conn, mine)
            keep_said(db.conn, first)
            keep_said(db.conn, second)
        after = set(corrections(db.conn))
        with transaction(db.conn):
            assert keep_said(db.conn, second) == (0, 0)
        assert {one for one in after if one.origin == "edit"} == set(mine)
        named = {(one.target, one.field) for one in mine}
        wanted = {(one.target, one.field) for one in second} - named
        assert {(o.target, o.field) for o in after if o.origin == module.ORIGIN} == wanted


def test_a_casebook_that_was_changed_by_other_hands_is_found(conn):
    save_casebook(conn, head(), "{}", ROWS)
    found = {(one.kind, one.table, one.detail) for one in verify(conn)}
    assert found == {
        ("casebook-wrong", "casebook_stance", "book: no claim 2"),
        ("casebook-wrong", "casebook_model", "book, claim 1: scenario S4 was not run"),
    }
    conn.execute("UPDATE casebook SET document = '[]'")
    conn.execute("DELETE FROM casebook_person")
    conn.execute("DELETE FROM casebook_question")
    found = {(one.kind, one.detail.partition(":")[2]) for one in verify(conn)} - {
        (kind, detail.partition(":")[2]) for kind, _, detail in found
    }
    assert found == {
        ("casebook-changed", f" sha256 is now {document_hash('[]')[:12]}"),
        ("casebook-wrong", " no person ann"),
        ("casebook-wrong", " no question why"),
    }
