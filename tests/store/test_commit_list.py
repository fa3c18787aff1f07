"""Cited commits: one entry a commit, whatever the mails write; relatives both ways."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.commits.values import Commit, Resolved, Signature
from threadkit.store.commit_list import (
    _joined,
    cited_commits,
    facts_of,
    origins,
    parts,
    relatives,
)
from threadkit.store.commits import CommitStore
from threadkit.store.connection import open_write

NOW = "2026-05-01T12:00:00Z"
ANN = Signature("Ann", "ann@example.org", "2020-09-01T12:00:00Z", 0)
CULPRIT, FIX, BACKPORT, REVERT = (digit * 40 for digit in "abcd")


def commit(sha: str, subject: str, body: str = "", day: int = 1) -> Commit:
    when = Signature("Ann", "ann@example.org", f"2020-09-{day:02}T12:00:00Z", 0)
    return Commit(sha, "", (), ANN, when, subject, body)


@pytest.fixture
def conn():
    db = open_write(":memory:")
    yield db.conn
    db.close()


def cite(conn, message: int, *names: str, date: str = "2020-09-01T00:00:00Z", root: int = 1):
    conn.execute(
        "INSERT INTO message (id, message_id, root, date_utc) VALUES (?, ?, ?, ?)",
        (message, f"m{message}@example.org", root, date),
    )
    for position, name in enumerate(names):
        conn.execute(
            "INSERT INTO citation VALUES (?, ?, 'commit', ?, 'mm: x', ?, ?)",
            (message, position, name, 20 * position, 20 * position + len(name)),
        )


def saga(conn):
    store = CommitStore(conn)
    told = (
        commit(CULPRIT, "mm: simplify"),
        commit(FIX, "mm: repair", f'Fixes: {CULPRIT[:12]} ("mm: simplify")', 2),
        commit(BACKPORT, "mm: repair", f"commit {FIX} upstream.\n\nIt broke.", 4),
        commit(REVERT, 'Revert "mm: repair"', f"This reverts commit {FIX}.", 3),
    )
    for one in told:
        store.save(Resolved(one.sha, "found", "/git/linux", one), NOW)


def test_two_spellings_of_a_found_commit_are_one(conn):
    saga(conn)
    CommitStore(conn).save(
        Resolved(CULPRIT[:9], "found", "/git/linux", commit(CULPRIT, "mm: simplify")), NOW
    )
    cite(conn, 1, CULPRIT)
    cite(conn, 2, CULPRIT[:9], date="2020-08-01T00:00:00Z")
    [one] = cited_commits(conn)
    assert (one.name, one.sha) == (CULPRIT, CULPRIT)
    assert [place.written for place in one.places] == [CULPRIT[:9], CULPRIT]
    assert facts_of(conn, [CULPRIT])[CULPRIT].subject == "mm: simplify"


def test_an_unknown_hash_stays_unknown_with_what_looking_it_up_came_to(conn):
    cite(conn, 1, "1234567", "deadbeefdead")
    store = CommitStore(conn)
    store.save(
        Resolved("1234567", "ambiguous", "/git/linux", candidates=(f"{FIX} mm: a", f"{REVERT} b")),
        NOW,
    )
    short, long = cited_commits(conn)
    assert (short.sha, short.state) == (None, "ambiguous")
    assert [line.split(" ", 1)[0] for line in short.candidates] == [FIX, REVERT]
    assert (long.sha, long.state, long.candidates) == (None, "not looked up", ())


def test_only_the_conversations_asked_for_count(conn):
    cite(conn, 1, "deadbeefdead", root=1)
    cite(conn, 5, "feedfacefeed", root=5)
    assert [one.name for one in cited_commits(conn, [5])] == ["feedfacefeed"]
    assert cited_commits(conn, [7]) == []


def test_relatives_are_told_from_both_ends(conn):
    saga(conn)
    found = relatives(conn, [CULPRIT, FIX])
    assert [(one.kind, one.sha) for one in found[CULPRIT]] == [("fixed by", FIX)]
    assert [(one.kind, one.sha) for one in found[FIX]] == [
        ("fixes", CULPRIT),
        ("reverted by", REVERT),
        ("backported as", BACKPORT),
    ]


def test_a_relative_that_is_not_here_keeps_the_hash_as_written(conn):
    CommitStore(conn).save(
        Resolved(FIX, "found", "/g", commit(FIX, "mm: repair", 'Fixes: 0123456789ab ("mm: y")')),
        NOW,
    )
    [one] = relatives(conn, [FIX])[FIX]
    assert (one.kind, one.written, one.sha) == ("fixes", "0123456789ab", "")


def test_the_mails_of_a_commit_come_surest_first_and_candidates_last(conn):
    saga(conn)
    run = conn.execute(
        "INSERT INTO run (analyzer, version, inputs, started_utc, read_count, found_count)"
        " VALUES ('links', '1', '', ?, 0, 0)",
        (NOW,),
    ).lastrowid
    for message_id, kind, score in (
        ("c", "candidate", 0.9),
        ("b", "becomes", 0.8),
        ("a", "becomes", 1.0),
    ):
        conn.execute(
            "INSERT INTO commit_mail VALUES (?, ?, ?, 'link', ?, '', ?)",
            (FIX, message_id, kind, score, run),
        )
    cite(conn, 1)
    conn.execute("UPDATE message SET message_id = 'b'")
    found = origins(conn, [FIX, CULPRIT])
    assert [(one.message_id, one.here) for one in found[FIX]] == [
        ("a", False), ("b", True), ("c", False),
    ]  # fmt: skip
    assert CULPRIT not in found


@given(st.lists(st.text("ab", min_size=10, max_size=16), unique=True, max_size=12))
def test_a_hash_joins_a_longer_one_only_if_no_other_begins_so(names):
    for short, long in _joined(names).items():
        assert len(short) >= 12
        assert all(long.startswith(name) for name in names if name.startswith(short))
        assert long in names
        assert long not in _joined(names)


@pytest.mark.parametrize("asked", [lambda conn: relatives(conn, [FIX]),
                                   lambda conn: cited_commits(conn, [1])])  # fmt: skip
def test_what_is_asked_of_a_few_reads_no_table_of_commits_whole(conn, asked):
    saga(conn)
    cite(conn, 1, FIX[:12])
    asked_sql: list[str] = []
    conn.set_trace_callback(asked_sql.append)
    assert asked(conn)
    conn.set_trace_callback(None)
    plans = [
        row[3] for sql in asked_sql for row in conn.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()
    ]
    assert len(plans) > 3
    tables = {"t", "c", "g", "n", "commit_trailer", "git_commit", "commit_name",
              "commit_citation", "commit_answer", "m", "message", "citation"}  # fmt: skip
    whole = [
        plan for plan in plans
        if plan.startswith("SCAN") and plan.split()[1] in tables and "VIRTUAL" not in plan
    ]  # fmt: skip
    assert whole == []


def test_the_regressions_that_a_commit_broke_and_those_that_it_ends(conn):
    saga(conn)
    for table, columns in (
        ("regression", {"id": 1, "key": "r@x.org", "title": "it hangs", "state": "fixed"}),
        ("regression_culprit", {"regression": 1, "position": 0, "sha": CULPRIT}),
        ("regression_fix", {"regression": 1, "position": 0, "sha": FIX, "closes": 1}),
        ("regression_fix", {"regression": 1, "position": 1, "sha": REVERT, "closes": 0}),
    ):
        info = conn.execute(f"PRAGMA table_info({table})").fetchall()
        row = {name: (0 if "INT" in kind or kind == "REAL" else "") for _, name, kind, *_ in info}
        row |= {"run": 1} if "run" in row else {}
        row |= columns
        marks = ", ".join("?" * len(row))
        conn.execute("PRAGMA foreign_keys = OFF")
        conn.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", [*row.values()])
    assert [(one.part, one.title) for one in parts(conn, CULPRIT)] == [("broke", "it hangs")]
    assert [one.part for one in parts(conn, FIX)] == ["fixes"]
    assert parts(conn, REVERT) == []
