"""Lists of persons, overviews and ids, against counting by hand."""

from __future__ import annotations

import sqlite3
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threadkit.store.catalog import completions, persons, quick_check, reindex, schema
from threadkit.store.connection import open_read

SENDERS = [("Ann Lee", "ann@example.org"), ("Bo Roe", "bo@example.org"), ("", "cy@example.org")]
DATES = ["2020-01-01T00:00:00Z", "2020-06-01T00:00:00Z", "2021-01-01T00:00:00Z", None]
WRITTEN = st.lists(
    st.tuples(st.sampled_from([*SENDERS, None]), st.sampled_from(DATES)), max_size=12
)


@settings(max_examples=25)
@given(WRITTEN, st.none() | st.integers(1, 3))
def test_persons_are_counted_and_dated_by_their_mails(builder_class, written, limit):
    builder = builder_class.in_memory()
    builder.address("Dee Silent", "dee@example.org")
    for row, (sender, date) in enumerate(written, 1):
        builder.mail(f"{row}@example.org", sender=sender, date=date)
    counts = Counter(sender for sender, _ in written if sender)
    wanted = []
    for (name, email), count in counts.items():
        dates = [date for sender, date in written if sender == (name, email) and date]
        wanted.append((-count, name, email, min(dates, default=None), max(dates, default=None)))
    found = [
        (-one.message_count, one.name, one.email, one.first_utc, one.last_utc)
        for one in persons(builder.conn, limit=limit)
    ]
    assert found == sorted(wanted, key=lambda one: one[:3])[:limit]
    builder.close()


def test_a_person_is_listed_once_with_every_address_and_the_reasons(builder):
    builder.mail(
        "a@example.org", sender=("Ann Lee", "ann@example.org"), date="2020-05-01T00:00:00Z"
    )
    builder.mail("b@example.org", sender=("A. Lee", "lee@example.org"), date="2019-05-01T00:00:00Z")
    builder.mail("c@example.org", sender=("A. Lee", "lee@example.org"), date="2021-05-01T00:00:00Z")
    first, second = (row for (row,) in builder.execute("SELECT id FROM address ORDER BY id"))
    builder.execute("UPDATE address SET person = 1")
    builder.execute("INSERT INTO person_merge VALUES (?, ?, 'mailmap', 'line 3')", (first, second))
    (one,) = persons(builder.conn)
    assert (one.message_count, one.first_utc, one.last_utc) == (
        3, "2019-05-01T00:00:00Z", "2021-05-01T00:00:00Z",
    )  # fmt: skip
    assert one.addresses == ("Ann Lee <ann@example.org>", "A. Lee <lee@example.org>")
    assert one.merges == ("Ann Lee <ann@example.org> = A. Lee <lee@example.org>: mailmap (line 3)",)


def test_listing_persons_reads_no_mail(builder):
    """The list is quick at a million mails because it reads one index and no row of a mail."""
    from threadkit.store import catalog

    for query in (catalog._PERSONS, catalog._DATES):
        plan = [row[3] for row in builder.execute(f"EXPLAIN QUERY PLAN {query}", (1,)).fetchall()]
        mails = [step for step in plan if " message " in step]
        assert mails
        assert all("COVERING INDEX message_by_from" in step for step in mails)


@pytest.mark.parametrize(
    ("prefix", "found"),
    [
        ("", ["a1@x", "a2@x", "b@x"]),
        ("a", ["a1@x", "a2@x"]),
        ("a2@x", ["a2@x"]),
        ("A", []),
        ("%", []),
        ("gone", []),
    ],
)
def test_ids_complete_by_their_beginning_without_ghosts_and_imposters(builder, prefix, found):
    builder.mail("a2@x", subject="two")
    builder.mail("a1@x")
    builder.mail("a1@x", imposter=1)
    builder.mail("b@x")
    builder.ghost("gone@x")
    assert [name for name, _ in completions(builder.conn, prefix)] == found
    assert completions(builder.conn, "a2") == [("a2@x", "two")]
    assert len(completions(builder.conn, "", limit=2)) == 2


def test_the_schema_makes_the_same_database_again(builder, tmp_path):
    other = sqlite3.connect(tmp_path / "copy.db")
    other.executescript(schema(builder.conn))
    query = "SELECT count(*) FROM sqlite_master WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    assert other.execute(query).fetchone() == builder.execute(query).fetchone()
    other.close()


def test_a_rebuilt_index_finds_what_a_lost_one_does_not(builder):
    builder.mail("a@x", "Unmistakable words.\n")
    builder.execute("INSERT INTO search (search) VALUES ('delete-all')")
    query = "SELECT rowid FROM search WHERE search MATCH 'unmistakable'"
    assert builder.execute(query).fetchall() == []
    reindex(builder.conn)
    assert builder.execute(query).fetchall() == [(1,)]


def test_pages_that_do_not_hold_together_are_named(builder):
    builder.mail("a@x", "Some text.\n" * 5000)
    builder.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    query = "SELECT rootpage, page_size FROM sqlite_master, pragma_page_size WHERE name = 'body'"
    ((page, size),) = builder.execute(query).fetchall()
    assert quick_check(builder.conn) == []
    builder.close()
    with builder.path.open("r+b") as file:
        file.seek((page - 1) * size + 3)  # the number of cells
        file.write(b"\xff\xff")
    conn = open_read(builder.path)
    assert quick_check(conn)
    conn.close()
