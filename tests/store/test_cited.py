"""What mails and commits cite that is not here, with the first citer, and quickly."""

from __future__ import annotations

from typing import Any

import pytest

from tests.store.test_commits_store import CGIT, NOW, commit, found
from threadkit.commits.values import Resolved
from threadkit.store.cited import Cited, cited_messages, cited_names
from threadkit.store.commits import CommitStore


@pytest.fixture
def store(builder: Any) -> CommitStore:
    return CommitStore(builder.conn)


def cite(builder: Any, row: int, *cited: tuple[str, str]) -> None:
    for position, (kind, value) in enumerate(cited):
        builder.execute(
            "INSERT INTO citation VALUES (?, ?, ?, ?, 'a title', ?, ?)",
            (row, position, kind, value, position * 2, position * 2 + 1),
        )


def test_cited_commits_that_were_not_looked_up_are_listed_once_with_the_first_citer(builder, store):
    one, two, other = (builder.mail(f"{n}@example.org") for n in range(3))
    name = commit().sha[:12]
    cite(builder, two, ("commit", "1111111"), ("url", "2222222"), ("commit", name))
    cite(builder, one, ("commit", "3333333"), ("commit", "1111111"))
    cite(builder, other, ("commit", "4444444"))
    assert cited_names(builder.conn, threads=[two, one, one]) == [
        Cited("3333333", "a title", one, None), Cited("1111111", "a title", one, None),
        Cited(name, "a title", two, None),
    ]  # fmt: skip
    store.save(found(commit(), name=name), NOW)
    store.save(Resolved("3333333", "unknown", CGIT), NOW)
    some = [each.name for each in cited_names(builder.conn, threads=[one, two])]
    assert some == ["3333333", "1111111"]  # the first is known to be unknown
    both = cited_names(builder.conn, threads=[other, two], commits=[commit().sha])
    assert [each.name for each in both] == ["1111111", "4444444", "09854ba94c6a"]
    assert cited_names(builder.conn) == []


def test_cited_mails_are_those_that_are_not_here_under_any_id(builder, store):
    root = builder.mail("root@example.org")
    reply = builder.mail("reply@example.org", parent=root)
    elsewhere = builder.mail("elsewhere@example.org")
    builder.ghost("ghost@example.org")
    builder.execute("INSERT INTO alias VALUES ('alias@example.org', ?)", (root,))
    cite(builder, reply, *(("message", f"{name}@example.org")
         for name in ("gone", "elsewhere", "ghost", "alias", "gone")))  # fmt: skip
    cite(builder, elsewhere, ("message", "far@example.org"))
    wanted = [Cited(f"{name}@example.org", "a title", reply, None) for name in ("gone", "ghost")]
    assert cited_messages(builder.conn, threads=[root]) == wanted
    assert cited_messages(builder.conn, threads=[reply]) == []  # it begins no conversation
    every = cited_messages(builder.conn, threads=[elsewhere, root])
    assert [one.name for one in every] == [
        "gone@example.org", "ghost@example.org", "far@example.org",
    ]  # fmt: skip


def test_links_of_commits_lead_to_their_mails(builder, store):
    full = commit()
    builder.mail("second.2@example.org")
    store.save(found(full), NOW)
    assert cited_messages(builder.conn, commits=[full.sha]) == [
        Cited("first.1@example.org", "", None, full.sha)
    ]
    assert cited_names(builder.conn, commits=[full.sha]) == [
        Cited("09854ba94c6a", "mm: count pages once", None, full.sha)
    ]
    assert cited_messages(builder.conn, commits=["0" * 40]) == []


@pytest.mark.parametrize("asked", [{"threads": [1]}, {"commits": ["0" * 40]}])
@pytest.mark.parametrize("listing", [cited_names, cited_messages])
def test_a_question_about_a_few_reads_no_table_from_end_to_end(builder, listing, asked):
    shown: list[str] = []
    builder.conn.set_trace_callback(shown.append)
    listing(builder.conn, **asked)
    builder.conn.set_trace_callback(None)
    plan = [row[3] for query in shown for row in builder.execute(f"EXPLAIN QUERY PLAN {query}")]
    ends = {step.split(" ")[1] for step in plan if step.startswith("SCAN")}
    assert ends <= {"json_each", "w", "r", "o"}  # the lists of what is asked about
    assert any("USING PRIMARY KEY" in step and " c " in step for step in plan)


def test_the_view_shows_what_became_of_every_citation(builder, store):
    row = builder.mail("a@example.org")
    name = commit().sha[:12]
    cite(builder, row, ("commit", name), ("commit", "1111111"), ("commit", "2222222"))
    store.save(found(commit(), name=name, mainline="yes", release="v5.9-rc5"), NOW)
    store.save(Resolved("1111111", "unknown", CGIT), NOW)
    rows = builder.execute("SELECT * FROM cited_commit ORDER BY state").fetchall()
    assert rows == [
        ("a@example.org", "Ann Lee", name, "a title", "found", commit().sha, "mm: count pages",
         "v5.9-rc5", "yes"),
        ("a@example.org", "Ann Lee", "2222222", "a title", "not looked up", *[None] * 4),
        ("a@example.org", "Ann Lee", "1111111", "a title", "unknown", *[None] * 4),
    ]  # fmt: skip


def test_the_view_of_cited_mails_says_which_are_here(builder):
    builder.execute(
        "INSERT INTO message (id, message_id, ghost, subject) VALUES (1, 'a', 0, 'one'),"
        " (2, 'b', 0, 'two'), (-1, 'lost', 1, NULL)"
    )
    builder.execute("INSERT INTO alias VALUES ('other-b', 2)")
    for position, name in enumerate(("b", "other-b", "lost", "far")):
        builder.execute(
            "INSERT INTO citation VALUES (1, ?, 'message', ?, '', ?, ?)",
            (position, name, position, position + 1),
        )
    rows = builder.execute("SELECT mail, cited, state, subject FROM cited_message ORDER BY start")
    assert rows.fetchall() == [
        ("a", "b", "here", "two"),
        ("a", "other-b", "here", "two"),
        ("a", "lost", "only referenced", None),
        ("a", "far", "not here", None),
    ]
