"""What is known of conversations that are here: all ids of a mail count."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from threadkit.store.fetch_queue import FetchQueue
from threadkit.store.fetched import (
    cited_and_here,
    cited_without_id,
    counts_by_root,
    names_of,
    parents,
    root_of,
    whole,
)

NOW, LATER = "2026-05-01T12:00:00Z", "2026-05-01T13:00:00Z"


@pytest.fixture
def thread(builder: Any) -> tuple[int, int]:
    """A root, which has a second id, and a reply."""
    root = builder.mail("root@example.org")
    reply = builder.mail("reply@example.org", parent=root)
    builder.execute("INSERT INTO alias VALUES ('second@example.org', ?)", (root,))
    return root, reply


def came(queue: FetchQueue, name: str, when: str = NOW, **where: str) -> int:
    item = queue.add("thread", name, NOW, **where)
    queue.done(item.id, when, sha256="0" * 64, mail_count=2, added=2)
    return item.id


def test_each_id_of_a_mail_leads_to_it(builder: Any, thread: tuple[int, int]) -> None:
    root, _ = thread
    assert root_of(builder.conn, "second@example.org") == root
    assert names_of(builder.conn, [root]) == {
        "root@example.org": "root@example.org",
        "second@example.org": "root@example.org",
        "reply@example.org": "reply@example.org",
    }
    assert parents(builder.conn, [root]) == {
        "root@example.org": {None},
        "reply@example.org": {"root@example.org"},
    }
    citer = builder.mail("citer@example.org")
    builder.execute(
        "INSERT INTO citation VALUES (?, 0, 'message', 'second@example.org', '', 0, 1)", (citer,)
    )
    assert cited_and_here(builder.conn, threads=[citer]) == ({root}, set())


@pytest.mark.parametrize("name", ["root@example.org", "second@example.org", "reply@example.org"])
def test_a_conversation_is_whole_by_whichever_mail_it_was_asked_for(
    builder: Any, thread: tuple[int, int], name: str
) -> None:
    root, _ = thread
    queue = FetchQueue(builder.conn)
    assert whole(builder.conn, root) is None
    queue.add("thread", "root@example.org", NOW)
    assert whole(builder.conn, root) is None
    item = came(queue, name)
    other = builder.mail("other@example.org")
    assert whole(builder.conn, root) == item
    assert whole(builder.conn, root, among=[item]) == item
    assert whole(builder.conn, root, among=[]) is None
    assert whole(builder.conn, root, since_utc=NOW) is None
    assert whole(builder.conn, other) is None


def test_what_came_from_one_list_is_whole_for_that_list(
    builder: Any, thread: tuple[int, int]
) -> None:
    root, _ = thread
    queue = FetchQueue(builder.conn)
    item = came(queue, "root@example.org", inbox="lkml")
    assert whole(builder.conn, root) is None
    assert whole(builder.conn, root, inbox="linux-mm") is None
    assert whole(builder.conn, root, inbox="lkml") == item
    every = came(queue, "root@example.org", LATER, inbox="all")
    assert whole(builder.conn, root) == whole(builder.conn, root, inbox="linux-mm") == every
    assert whole(builder.conn, root, origin="https://example.org") is None


@pytest.mark.parametrize(
    "ask",
    [
        lambda conn: root_of(conn, "second@example.org"),
        lambda conn: whole(conn, 1),
        lambda conn: whole(conn, 1, since_utc=NOW, inbox="lkml", among=[1]),
        lambda conn: names_of(conn, [1]),
        lambda conn: parents(conn, [1]),
        lambda conn: counts_by_root(conn, [1, 2]),
        lambda conn: cited_and_here(conn, threads=[1], commits=["0" * 40]),
        lambda conn: cited_without_id(conn, [1]),
    ],
    ids=["root", "whole", "whole-among", "names", "parents", "counts", "cited", "urls"],
)
def test_a_question_about_one_conversation_reads_no_table_from_end_to_end(
    builder: Any, thread: tuple[int, int], ask: Callable[[Any], object]
) -> None:
    shown: list[str] = []
    builder.conn.set_trace_callback(shown.append)
    ask(builder.conn)
    builder.conn.set_trace_callback(None)
    assert shown
    for query in shown:
        plan = [row[3] for row in builder.execute(f"EXPLAIN QUERY PLAN {query}")]
        ends = {step.split(" ")[1] for step in plan if step.startswith("SCAN")}
        made = {"json_each", "c", "t"} | ({"m"} if " message m" not in query else set())
        assert ends <= made, plan  # lists that were made for the question
        assert not any("AUTOMATIC" in step for step in plan), plan
        tables = {step for step in plan if "alias" in step or " a " in step}
        assert all(step.startswith("SEARCH") for step in tables), plan
