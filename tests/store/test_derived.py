"""Rows of the store, written many at a time."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from threadkit.store.derived import ROWS_A_STATEMENT, insert_small


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
