"""Rows of the store, written many at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Container
from contextlib import closing

import pytest

from tests.pipeline.mails import mail
from threadkit.pipeline.prepare import Preparer, Unread
from threadkit.store.connection import open_write
from threadkit.store.derived import MERGED_AT, ROWS_A_STATEMENT, insert_small
from threadkit.store.write import Writer


@pytest.mark.parametrize("count", [0, 1, ROWS_A_STATEMENT - 1, ROWS_A_STATEMENT, 151])
def test_any_number_of_rows_is_written_once_and_in_order(count: int) -> None:
    with closing(sqlite3.connect(":memory:")) as conn:
        conn.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a, b)")
        rows = [(f"a{number}", None if number % 2 else number) for number in range(count)]
        insert_small(conn, "t", ("a", "b"), iter(rows))
        assert conn.execute("SELECT a, b FROM t ORDER BY id").fetchall() == rows


def test_nothing_of_a_bad_row_and_those_beside_it_is_taken_for_another() -> None:
    with closing(sqlite3.connect(":memory:")) as conn:
        conn.execute("CREATE TABLE t (a NOT NULL)")
        rows = [(number if number != 60 else None,) for number in range(100)]
        with pytest.raises(sqlite3.IntegrityError):
            insert_small(conn, "t", ("a",), rows)
        assert [a for (a,) in conn.execute("SELECT a FROM t")] == [*range(ROWS_A_STATEMENT)]


def segments(conn: sqlite3.Connection) -> int:
    """Return how many parts the full-text index has."""
    return int(conn.execute("SELECT count(DISTINCT segid) FROM search_idx").fetchone()[0])


@pytest.mark.parametrize(
    ("batches", "parts"), [(MERGED_AT - 1, {MERGED_AT - 1}), (40, range(2 * MERGED_AT))]
)
def test_few_batches_stay_apart_in_the_index_and_many_are_merged(
    batches: int, parts: Container[int]
) -> None:
    prepare = Preparer(None).prepare
    with closing(open_write(":memory:")) as db:
        writer = Writer(db)
        for number in range(batches):
            text = f"a common word and w{number} " * 200
            data = mail(f"m{number}", body=text + "\n", minute=number)
            row = prepare(Unread(data, "", str(number), False))
            with writer.transaction():
                source = writer.save_source("x", "mbox", "2024-03-01T00:00:00Z", "0")
                batch = writer.classify([row])
                writer.write(batch, {row.sha256: source})
                writer.index_text(batch.changed)
        assert segments(db.conn) in parts
        for words, count in (("common", batches), (f"w{batches - 1}", 1)):
            found = db.conn.execute("SELECT count(*) FROM search WHERE search MATCH ?", (words,))
            assert found.fetchone() == (count,)
