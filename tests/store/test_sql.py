"""SQL that a user typed: reads anything, writes nothing unless told to."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from threadkit.errors import QueryError
from threadkit.store.sql import sql


@pytest.fixture
def reader(builder):
    builder.mail("a@example.org", "cow fork\n")
    builder.mail("b@example.org", "pig\n")
    builder.conn.commit()
    with closing(builder.read()) as conn:
        yield conn


def run(conn: sqlite3.Connection, text: str, params=(), **options):
    columns, rows = sql(conn, text, params, **options)
    return columns, list(rows)


def test_rows_come_with_the_names_of_their_columns(reader) -> None:
    assert run(reader, "SELECT id, message_id AS mid FROM message ORDER BY id DESC") == (
        ("id", "mid"), [(2, "b@example.org"), (1, "a@example.org")],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "params"),
    [
        ("SELECT id FROM message WHERE message_id = :mid", {"mid": "b@example.org"}),
        ("SELECT id FROM message WHERE message_id = $mid", {"mid": "b@example.org"}),
        ("SELECT id FROM message WHERE message_id = ?", ["b@example.org"]),
    ],
)
def test_parameters_have_names_or_places(reader, text: str, params) -> None:
    assert run(reader, text, params)[1] == [(2,)]


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROM mail",
        "SELECT rowid FROM search WHERE search MATCH 'cow' ORDER BY rank",
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 3) SELECT * FROM n",
        "SELECT name FROM pragma_table_info('message')",
        "PRAGMA table_info(message)",
        "PRAGMA user_version",
        "EXPLAIN QUERY PLAN SELECT * FROM message",
        "SELECT highlight(search, 1, '[', ']') FROM search WHERE search MATCH 'cow'",
        "VALUES (1, 2)",
    ],
)
def test_all_kinds_of_reading_are_allowed(builder, reader, text: str) -> None:
    for conn in (reader, builder.conn):
        assert run(conn, text)[1]


WRITING = [
    "DELETE FROM message",
    "UPDATE message SET subject = 'x'",
    "INSERT INTO person (name, email) VALUES ('x', 'y')",
    "DROP TABLE message",
    "CREATE TABLE x (y)",
    "CREATE TEMP TABLE x (y)",
    "PRAGMA user_version = 5",
    "PRAGMA query_only = OFF",
    "PRAGMA writable_schema = ON",
    "ATTACH '/tmp/threadkit-test-attached.db' AS other",
    "VACUUM INTO '/tmp/threadkit-test-vacuum.db'",
    "BEGIN",
    "INSERT INTO search (search) VALUES ('rebuild')",
    "SELECT load_extension('x')",
    "REINDEX",
    "ANALYZE",
]


@pytest.mark.parametrize("text", WRITING)
def test_nothing_is_written_even_through_a_writing_connection(builder, reader, text: str) -> None:
    before = list(builder.conn.iterdump())
    for conn in (reader, builder.conn):
        with pytest.raises(QueryError, match="--write"):
            run(conn, text)
        assert not conn.in_transaction
    assert list(builder.conn.iterdump()) == before


def test_reading_leaves_a_writing_connection_as_it_was(builder) -> None:
    assert run(builder.conn, "SELECT 1 AS n") == (("n",), [(1,)])
    with pytest.raises(QueryError):
        run(builder.conn, "DELETE FROM message")
    builder.mail("c@example.org")  # no authorizer, no query_only
    assert run(builder.conn, "SELECT count(*) AS n FROM raw")[1] == [(1,)]


def test_writing_on_request_is_committed(builder, reader) -> None:
    columns, rows = run(builder.conn, "DELETE FROM message WHERE id = 2", write=True)
    assert (columns, rows) == ((), [])
    assert run(reader, "SELECT id FROM message")[1] == [(1,)]
    text = "UPDATE message SET subject = 'x' RETURNING id"
    assert run(builder.conn, text, write=True) == (("id",), [(1,)])
    assert run(reader, "SELECT subject FROM message")[1] == [("x",)]


def test_a_write_that_fails_leaves_no_transaction(builder) -> None:
    with pytest.raises(QueryError, match="UNIQUE"):
        run(builder.conn, "INSERT INTO source SELECT * FROM source", write=True)
    assert not builder.conn.in_transaction


@pytest.mark.parametrize(
    ("text", "params", "why"),
    [
        ("SELEC 1", (), "syntax error"),
        ("SELECT nonesuch FROM message", (), "no such column"),
        ("SELECT * FROM nonesuch", (), "no such table"),
        ("SELECT :a", {}, "a"),
        ("SELECT 1", {"a": 1}, "no parameter :a"),
        ("SELECT ?, ?", [1], "binding"),
        ("SELECT 1; SELECT 2", (), "one statement"),
        ("SELECT rowid FROM search WHERE search MATCH '\"'", (), "unterminated"),
        ("SELECT json('{')", (), "JSON"),
        ("SELECT '\udcff'", (), "not Unicode"),
        ("SELECT ?", ["\udcff"], "not Unicode"),
    ],
)
def test_what_sqlite_does_not_understand_is_an_error_of_the_query(
    reader, text: str, params, why: str
) -> None:
    with pytest.raises(QueryError, match=why) as caught:
        run(reader, text, params)
    assert caught.value.query == text


def test_a_syntax_error_has_a_position(reader) -> None:
    with pytest.raises(QueryError) as caught:
        run(reader, "SELECT id FORM message")
    assert caught.value.position == len("SELECT id FORM ")


def test_an_empty_statement_has_no_columns(reader) -> None:
    assert run(reader, "") == ((), [])
    assert run(reader, "-- only a comment") == ((), [])
