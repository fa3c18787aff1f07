"""Verification: a whole database has no finding, each kind of damage has its own."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.store.test_verify_fetch import DAMAGE as FETCH_DAMAGE
from threadkit.store.finding import FINDINGS
from threadkit.store.verify import verify

SOURCE = "Is it safe?\nReally   safe?\n"
REPLY = "Ann wrote:\n> Is it safe?\n>\n> Really safe?\nYes.\n"
NESTED = "> > Is it safe?\n> Yes.\nFine.\n"


@pytest.fixture
def whole(builder: Any) -> Any:
    """Three mails and a ghost; every table has a row."""
    builder.execute("PRAGMA foreign_keys = OFF")
    builder.add_dictionary(1)
    ghost = builder.ghost("ghost@example.org", -1)
    first = builder.mail("first@example.org", SOURCE, parent=ghost, to=(("Bo", "bo@example.org"),))
    second = builder.mail("second@example.org", REPLY, parent=first, dictionary=1)
    builder.mail("third@example.org", NESTED, parent=second)
    builder.mail("third@example.org", "Another mail.\n", imposter=1)
    builder.raw(50, b"another copy", message=first)
    for statement in (
        "INSERT INTO quote VALUES (2, 1, 0, 13, 24, 1, 0, 11, 'verbatim', 1.0)",
        "INSERT INTO quote VALUES (2, 1, 1, 29, 41, 1, 12, 26, 'white-space', 1.0)",
        "INSERT INTO quote VALUES (3, 0, 0, 4, 15, 2, 13, 24, 'via-quote:verbatim', 1.0)",
        "INSERT INTO quote VALUES (3, 0, 1, 18, 22, NULL, NULL, NULL, 'not-found:no-match', 0.0)",
        "INSERT INTO trailer VALUES (1, 0, 'Link', 'x', 'reference', 0, '', 0, 5)",
        "INSERT INTO citation VALUES (1, 0, 'url', 'x', '', 0, 27)",
        "INSERT INTO person_merge SELECT a.id, b.id, 'email', 'x' FROM address a, address b"
        " WHERE a.email LIKE 'ann%' AND b.email LIKE 'bo%'",
        "DELETE FROM person WHERE name = 'Bo'",
        "UPDATE address SET person = (SELECT id FROM person WHERE name = 'Ann Lee')",
    ):
        builder.execute(statement)
    # The simple blocks of the fixture do not know depth: NESTED is quoted twice.
    builder.execute(
        "UPDATE block SET quote_depth = 2, stop = 16 WHERE message = 3 AND position = 0"
    )
    builder.execute("UPDATE block SET position = 2 WHERE message = 3 AND position = 1")
    builder.execute("INSERT INTO block VALUES (3, 1, 'quote', 1, 16, 23, 1)")
    builder.execute("UPDATE quote SET block = 1, part = 0 WHERE message = 3 AND part = 1")
    return builder


def test_a_whole_database_has_no_finding(whole) -> None:
    assert list(verify(whole.conn)) == []
    with closing(whole.read()) as conn:
        assert list(verify(conn)) == []


DAMAGE: list[tuple[str, str, int | None, str]] = [
    ("row-missing", "recipient", None, "DELETE FROM address WHERE email LIKE 'bo%'"),
    ("row-missing", "raw", 2, "DELETE FROM dictionary"),
    ("raw-unreadable", "raw", 2, "DELETE FROM dictionary"),
    ("raw-unreadable", "raw", 1, "UPDATE raw SET data = x'00' WHERE id = 1"),
    ("raw-changed", "raw", 1, "UPDATE raw SET data = (SELECT data FROM raw WHERE id = 50)"
                              " WHERE id = 1"),
    ("raw-changed", "raw", 50, "UPDATE raw SET size_bytes = 3 WHERE id = 50"),
    ("raw-elsewhere", "message", 1, "UPDATE message SET raw = 3 WHERE id = 1"),
    ("mail-without-raw", "message", 1, "UPDATE message SET raw = NULL WHERE id = 1"),
    ("mail-without-body", "message", 4, "DELETE FROM body WHERE message = 4"),
    ("ghost-with-text", "message", -1, "UPDATE message SET raw = 1 WHERE id = -1"),
    ("ghost-with-text", "message", -1, "INSERT INTO body VALUES (-1, '')"),
    ("imposter-alone", "message", 3, "UPDATE message SET imposter = 2 WHERE id = 4"),
    ("ghost-beside-mail", "message", -1,
     "UPDATE message SET message_id = 'first@example.org', imposter = 1 WHERE id = -1"),
    ("parent-elsewhere", "message", 4, "UPDATE message SET parent = 1 WHERE id = 4"),
    ("parent-cycle", "message", 1, "UPDATE message SET parent = 3 WHERE id = 1"),
    ("parent-cycle", "message", 2, "UPDATE message SET parent = 2 WHERE id = 2"),
    ("root-wrong", "message", 1, "UPDATE message SET root = NULL WHERE id = 1"),
    ("root-wrong", "message", 3, "UPDATE message SET parent = NULL WHERE id = 3"),
    ("root-wrong", "message", 4, "UPDATE message SET root = 2 WHERE id = 4"),
    ("root-wrong", "message", 77, "UPDATE message SET root = 77 WHERE id = 4"),
    ("blocks-gap", "block", 1, "UPDATE block SET start = 1 WHERE message = 1"),
    ("blocks-gap", "block", 1, "UPDATE block SET stop = stop - 1 WHERE message = 1"),
    ("blocks-gap", "block", 2, "DELETE FROM block WHERE message = 2 AND position = 1"),
    ("blocks-gap", "block", 1, "UPDATE body SET text = text || 'x' WHERE message = 1"),
    ("span-outside", "block", -1, "INSERT INTO block VALUES (-1, 0, 'reply', 0, 0, 1, 1)"),
    ("span-outside", "trailer", 1, "UPDATE trailer SET stop = 28"),
    ("span-outside", "citation", 1, "UPDATE citation SET start = 28"),
    ("span-outside", "citation", 1, "UPDATE citation SET start = -1"),
    ("span-outside", "quote", 2, "UPDATE quote SET start = 3 WHERE message = 2 AND part = 0"),
    ("span-outside", "quote", 2, "UPDATE quote SET source_stop = 99 WHERE message = 2"),
    ("quote-no-block", "quote", 2, "UPDATE quote SET block = 0 WHERE message = 2"),
    ("quote-no-block", "quote", 2, "UPDATE quote SET block = 9 WHERE message = 2"),
    ("quote-overlap", "quote", 2, "UPDATE quote SET start = 23 WHERE message = 2 AND part = 1"),
    ("quote-source", "quote", 2, "UPDATE quote SET source = NULL WHERE message = 2"),
    ("quote-source", "quote", 2, "UPDATE quote SET source_start = NULL WHERE message = 2"),
    ("quote-source", "quote", 2, "UPDATE quote SET source_stop = NULL WHERE message = 2"),
    ("quote-source", "quote", 3, "UPDATE quote SET source = 1 WHERE method LIKE 'not-found%'"),
    ("quote-differs", "quote", 2,
     "UPDATE quote SET source_stop = 10 WHERE message = 2 AND part = 0"),
    ("quote-differs", "quote", 2,
     "UPDATE quote SET method = 'verbatim' WHERE message = 2 AND part = 1"),
    ("quote-differs", "quote", 2, "UPDATE body SET text = replace(text, 'safe', 'sane')"
                                  " WHERE message = 1"),
    ("quote-differs", "quote", 3, "UPDATE quote SET source_start = 14 WHERE message = 3"
                                  " AND source IS NOT NULL"),
    ("person-missing", "address", 1, "UPDATE address SET person = NULL WHERE id = 1"),
    ("person-missing", "person", 9, "INSERT INTO person VALUES (9, 'x', 'y')"),
    ("merge-undone", "person_merge", 1,
     "UPDATE address SET person = NULL WHERE email LIKE 'bo%'"),
    ("search-missing", "search", 1, "DELETE FROM search_docsize WHERE id = 1"),
    ("search-extra", "search", 4, "DELETE FROM body WHERE message = 4"),
    ("search-differs", "search", None, "UPDATE message SET subject = 'changed' WHERE id = 1"),
    ("search-differs", "search", None, "UPDATE block SET kind = 'quote' WHERE message = 1"),
    ("casebook-changed", "casebook", 1,
     "INSERT INTO casebook VALUES ('b', '', '', '', '', '', '', '', '{}', '', '', '')"),
    ("casebook-wrong", "casebook_stance", None,
     "INSERT INTO casebook_stance VALUES ('b', 1, 0, 'attacks', 2, '', NULL, NULL, '', '')"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "table", "row", "damage"), DAMAGE)
def test_each_damage_is_found(whole, kind: str, table: str, row: int, damage: str) -> None:
    whole.execute(damage)
    found = {(each.kind, each.table, each.row) for each in verify(whole.conn)}
    assert (kind, table, row) in found


@pytest.mark.parametrize("kind", ["search-differs", "raw-changed"])
def test_damage_is_found_through_a_reading_connection(whole, kind: str) -> None:
    whole.execute("UPDATE message SET subject = 'changed' WHERE id = 1")
    whole.execute("UPDATE raw SET size_bytes = 3 WHERE id = 50")
    with closing(whole.read()) as conn:
        assert kind in {each.kind for each in verify(conn)}


def test_a_writer_elsewhere_does_not_stop_a_verification(
    whole, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole.conn.execute("BEGIN IMMEDIATE")
    real = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *a, **k: real(*a, **{**k, "timeout": 0}))
    with closing(whole.read()) as conn:
        assert list(verify(conn)) == []
    whole.conn.rollback()


def test_damage_to_an_index_of_the_file_is_found(whole) -> None:
    whole.execute("PRAGMA writable_schema = ON")
    whole.execute(
        "UPDATE sqlite_master SET sql = 'CREATE INDEX message_by_date ON message(subject)'"
        " WHERE name = 'message_by_date'"
    )
    whole.close()
    with closing(whole.read()) as conn:
        assert "file-damaged" in {each.kind for each in verify(conn)}


def test_every_kind_of_finding_is_documented_and_shown_here() -> None:
    shown = {kind for kind, *_ in (*DAMAGE, *FETCH_DAMAGE)} | {"file-damaged"}
    assert shown == set(FINDINGS)


def test_progress_ends_at_the_whole(whole) -> None:
    calls: list[tuple[int, int]] = []
    report: Callable[[int, int], None] = lambda done, total: calls.append((done, total))  # noqa: E731
    list(verify(whole.conn, report))
    assert calls[-1] == (9, 9)


def test_verifying_changes_nothing(whole) -> None:
    before = list(whole.conn.iterdump())
    list(verify(whole.conn))
    assert list(whole.conn.iterdump()) == before


@given(st.lists(st.integers(-1, 8), min_size=1, max_size=9))
def test_chains_of_parents_are_judged_as_a_walk_from_each_message_does(parents: list[int]) -> None:
    from threadkit.store.verify import _chains

    tree = {row: None if parent < 0 else parent for row, parent in enumerate(parents)}

    def loops(row: int | None) -> bool:
        for _ in range(len(tree) + 1):
            if row is None or row not in tree:
                return False
            row = tree[row]
        return True

    found = list(_chains(0, tree))
    assert any(each.kind == "parent-cycle" for each in found) == any(map(loops, tree))
    outside = {row for row, parent in tree.items() if parent is not None and parent not in tree}
    assert {each.row for each in found if each.kind == "parent-elsewhere"} == outside


def test_an_index_that_says_something_else_than_its_table_is_a_finding(whole) -> None:
    whole.execute("PRAGMA writable_schema = ON")
    whole.execute(
        "UPDATE sqlite_master SET sql = 'CREATE INDEX message_by_root ON message(subject)'"
        " WHERE name = 'message_by_root'"
    )
    whole.conn.commit()
    with closing(whole.read()) as conn:
        found = [one for one in verify(conn) if one.kind == "file-damaged"]
    assert found
    assert "message_by_root" in found[0].detail
