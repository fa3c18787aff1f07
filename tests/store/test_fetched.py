"""What is known of conversations that are here: all ids of a mail count."""

from __future__ import annotations

from typing import Any

import pytest

from threadkit.store.fetch_queue import FetchQueue
from threadkit.store.fetched import cited_and_here, names_of, parents, root_of, whole

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
