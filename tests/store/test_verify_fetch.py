"""Verification of commits and of the queue: each kind of damage has its finding."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import pytest

from threadkit.commits.objects import parse_commit, sha_of
from threadkit.commits.values import Resolved
from threadkit.store.commit_facts import pack
from threadkit.store.commits import CommitStore
from threadkit.store.fetch_queue import FetchQueue
from threadkit.store.verify import verify

NOW = "2026-05-01T12:00:00Z"
RAW = (
    b"tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nparent " + b"ab" * 20 + b"\n"
    b"author Ann Lee <ann@example.org> 1598961600 +0200\n"
    b"committer Cy Poe <cy@example.org> 1598965200 -0700\n\n"
    b"mm: count pages\n\nWhy.\n\nFixes: 09854ba94c6a\n"
)
SHA = sha_of(RAW)
DIFF = b"diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-old\n+new\n"


@pytest.fixture
def whole(builder: Any) -> Any:
    """A commit with all of its parts, an ambiguous name, and an item of each state."""
    builder.execute("PRAGMA foreign_keys = OFF")
    store, queue = CommitStore(builder.conn), FetchQueue(builder.conn)
    store.save(Resolved(SHA[:12], "found", "/git", parse_commit(SHA, RAW), diff=DIFF), NOW)
    candidates = ("01" * 20 + " mm: one", "0123" + "0" * 36 + " mm: two")
    store.save(Resolved("01", "ambiguous", "/git", candidates=candidates), NOW)
    for name in ("waiting", "done", "missing", "failed", "refused", "skipped"):
        queue.add("thread", f"{name}@example.org", NOW)
        item = queue.pending()[-1].id
        if name == "done":
            queue.done(item, NOW, sha256="0" * 64, mail_count=3, added=3)
        elif name != "waiting":
            getattr(queue, name)(item, "why")
    queue.add("commit", SHA[:12], NOW)
    queue.done(7, NOW)
    return builder


def test_a_whole_database_has_no_finding(whole) -> None:
    assert list(verify(whole.conn)) == []
    with closing(whole.read()) as conn:
        assert list(verify(conn)) == []


DAMAGE: list[tuple[str, str, int | None, str]] = [
    ("commit-unreadable", "git_commit", 1, "UPDATE git_commit SET raw = x'00'"),
    ("commit-unreadable", "git_commit", 1, "UPDATE git_commit SET diff = x'00'"),
    ("commit-changed", "git_commit", 1, "UPDATE git_commit SET raw = :other"),
    ("commit-differs", "git_commit", 1, "UPDATE git_commit SET subject = 'x'"),
    ("commit-differs", "git_commit", 1, "UPDATE git_commit SET body = body || 'x'"),
    ("commit-differs", "git_commit", 1, "UPDATE git_commit SET tree = ''"),
    ("commit-differs", "git_commit", 1, "UPDATE git_commit SET author_email = 'x'"),
    ("commit-differs", "git_commit", 1, "UPDATE git_commit SET committer_utc = NULL"),
    ("commit-differs", "git_commit", 1, "UPDATE git_commit SET committer_offset_min = 0"),
    ("commit-differs", "git_commit", 1, "UPDATE git_commit SET mainline = 'perhaps'"),
    ("commit-differs", "git_commit", 1, "UPDATE git_commit SET is_merge = 1"),
    ("commit-differs", "git_commit", 1, "UPDATE git_commit SET patch_id = NULL"),
    ("commit-differs", "git_commit", 1, "UPDATE git_commit SET additions = 2"),
    ("commit-differs", "git_commit", 1, "UPDATE git_commit SET diff = NULL"),
    ("commit-differs", "git_commit", 1, "DELETE FROM commit_parent"),
    ("commit-differs", "git_commit", 1, "DELETE FROM commit_file"),
    ("commit-differs", "git_commit", 1, "UPDATE commit_file SET path = 'g'"),
    ("span-outside", "commit_trailer", 1, "UPDATE commit_trailer SET stop = 99"),
    ("span-outside", "commit_citation", 1, "UPDATE commit_citation SET start = -1"),
    ("commit-name-wrong", "commit_name", None, "UPDATE commit_name SET state = 'lost'"),
    ("commit-name-wrong", "commit_name", None, "UPDATE commit_name SET state = 'unknown'"),
    ("commit-name-wrong", "commit_name", None, "UPDATE commit_name SET sha = NULL"),
    (
        "commit-name-wrong",
        "commit_name",
        None,
        "UPDATE commit_name SET name = 'x' WHERE sha = name",
    ),
    (
        "commit-name-wrong",
        "commit_name",
        None,
        "UPDATE commit_name SET name = 'fff' || 'g' WHERE sha = name",
    ),
    ("commit-name-wrong", "commit_name", None, "DELETE FROM git_commit"),
    ("commit-name-wrong", "commit_candidate", None, "UPDATE commit_candidate SET name = '02'"),
    ("commit-name-wrong", "commit_candidate", None, "DELETE FROM commit_name WHERE name = '01'"),
    ("row-missing", "commit_trailer", None, "DELETE FROM git_commit"),
    ("row-missing", "fetch_queue", 1, "UPDATE fetch_queue SET cited_by = 99 WHERE id = 1"),
    ("row-missing", "fetch_queue", 1, "UPDATE fetch_queue SET cited_by_commit = '0' WHERE id = 1"),
    ("queue-wrong", "fetch_queue", 1, "UPDATE fetch_queue SET state = 'running' WHERE id = 1"),
    ("queue-wrong", "fetch_queue", 1, "UPDATE fetch_queue SET kind = 'page' WHERE id = 1"),
    ("queue-wrong", "fetch_queue", 1, "UPDATE fetch_queue SET depth = -1 WHERE id = 1"),
    ("queue-wrong", "fetch_queue", 1, "UPDATE fetch_queue SET attempts = -1 WHERE id = 1"),
    ("queue-wrong", "fetch_queue", 1, "UPDATE fetch_queue SET reach = -1 WHERE id = 1"),
    ("queue-wrong", "fetch_queue", 1, "UPDATE fetch_queue SET wanted_utc = 'x' WHERE id = 1"),
    ("queue-wrong", "fetch_queue", 2, "UPDATE fetch_queue SET fetched_utc = 'x' WHERE id = 2"),
    ("queue-wrong", "fetch_queue", 1, "UPDATE fetch_queue SET not_before_utc = 7 WHERE id = 1"),
    ("queue-wrong", "fetch_host", None, "INSERT INTO fetch_host VALUES ('x', 'soon', '')"),
    ("queue-wrong", "fetch_queue", 2, "UPDATE fetch_queue SET fetched_utc = NULL WHERE id = 2"),
    ("queue-wrong", "fetch_queue", 2, "UPDATE fetch_queue SET sha256 = NULL WHERE id = 2"),
    ("queue-wrong", "fetch_queue", 2, "UPDATE fetch_queue SET sha256 = 'abc' WHERE id = 2"),
    ("queue-wrong", "fetch_queue", 2, "UPDATE fetch_queue SET mail_count = NULL WHERE id = 2"),
    ("queue-wrong", "fetch_queue", 2, "UPDATE fetch_queue SET added = 4 WHERE id = 2"),
    ("queue-wrong", "fetch_queue", 7, "DELETE FROM commit_name"),
]


@pytest.mark.parametrize(("kind", "table", "row", "damage"), DAMAGE)
def test_each_damage_is_found(whole, kind: str, table: str, row: int | None, damage: str) -> None:
    whole.execute(damage, {"other": pack(b"another")} if ":other" in damage else ())
    found = {(each.kind, each.table, each.row) for each in verify(whole.conn)}
    assert (kind, table, row) in found


def test_commits_count_for_progress(whole) -> None:
    whole.mail("a@example.org")
    calls: list[tuple[int, int]] = []
    list(verify(whole.conn, lambda done, total: calls.append((done, total))))
    assert calls[-1] == (3, 3)


def test_verifying_changes_nothing(whole) -> None:
    before = list(whole.conn.iterdump())
    list(verify(whole.conn))
    assert list(whole.conn.iterdump()) == before
