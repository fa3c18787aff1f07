"""Which mails became which commits, in the database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from tests.pipeline.mails import mail, mbox
from threadkit.commits.values import Commit, Resolved, Signature
from threadkit.pipeline.importing import import_mail
from threadkit.store.commits import CommitStore
from threadkit.store.connection import open_write
from threadkit.store.links import (
    aliases,
    compared,
    fingerprint,
    linked,
    message_ids,
    postings,
    replace_links,
)
from threadkit.store.replies import below, mails_of
from threadkit.store.transaction import transaction

SHA = "0123" * 10
ADA = Signature("Ada Example", "ada@example.org", "2024-03-01T09:00:00Z", 0)
DIFF = (
    "---\n f | 2 +-\n 1 file changed\n\ndiff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n"
)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    box = tmp_path / "m.mbox"
    box.write_bytes(
        mbox(
            [
                mail("cover", subject="[PATCH 0/1] mm: all"),
                mail(
                    "patch", subject="[PATCH 1/1] mm: x", body="Why.\n" + DIFF, to="cover", minute=1
                ),
                mail("attached", subject="[PATCH] mm: y", minute=2),
                mail("answer", subject="Re: [PATCH 1/1] mm: x", to="patch", minute=3, person=1),
                mail("deep", subject="Re: [PATCH 1/1] mm: x", to="answer", minute=4),
                mail("talk", subject="About pages", minute=5, to="gone"),
            ]
        )
    )
    import_mail(tmp_path / "t.db", [str(box)], workers=0)
    opened = open_write(tmp_path / "t.db")
    commit = Commit(SHA, "", (), ADA, ADA, "mm: x", "Why.")
    CommitStore(opened.conn).save(Resolved(SHA, "found", "/r", commit), "2026-05-01T12:00:00Z")
    yield opened
    opened.close()


def named(*words: str) -> set[str]:
    return {f"{word}@example.org" for word in words}


def test_what_may_post_a_patch(db: Database) -> None:
    found = {one.message_id: one for one in postings(db.conn)}
    assert set(found) == named("cover", "patch", "attached")
    patch = found["patch@example.org"]
    assert (patch.subject, patch.name, patch.email) == (
        "[PATCH 1/1] mm: x", "Ada Example", "ada@example.org",
    )  # fmt: skip
    assert (patch.root, patch.is_reply, patch.emails) == (
        "cover@example.org", False, "ada@example.org",
    )  # fmt: skip
    assert patch.patch_id
    assert found["cover@example.org"].patch_id is None


def test_ghosts_are_not_here(db: Database) -> None:
    assert set(message_ids(db.conn)) == named(
        "cover", "patch", "attached", "answer", "deep", "talk"
    )
    assert aliases(db.conn) == {}


def test_what_is_compared_of_a_commit(db: Database) -> None:
    [one] = compared(db.conn)
    assert (one.sha, one.subject, one.body, one.patch_id, one.is_merge, one.release) == (
        SHA, "mm: x", "Why.", None, False, "",
    )  # fmt: skip


def test_the_links_of_one_run_replace_those_of_the_last(db: Database) -> None:
    first = (SHA, "patch@example.org", "becomes", "patch-id", 0.98, "")
    second = (SHA, "gone@example.org", "discusses", "Link", 0.9, "not here")
    with transaction(db.conn):
        replace_links(db.conn, 1, [first])
    with transaction(db.conn):
        replace_links(db.conn, 2, [second, first])
    became, discussed = linked(db.conn, SHA)
    assert (became.message_id, became.here, became.person, became.root, became.mails) == (
        "patch@example.org", True, "Ada Example", "cover@example.org", 4,
    )  # fmt: skip
    assert (discussed.message_id, discussed.here, discussed.root, discussed.mails) == (
        "gone@example.org", False, "", 0,
    )  # fmt: skip
    runs = {run for (run,) in db.execute("SELECT run FROM commit_mail")}
    assert runs == {2}


def test_the_fingerprint_changes_with_what_is_compared(db: Database) -> None:
    before = fingerprint(db.conn)
    assert fingerprint(db.conn) == before
    commit = Commit("4567" * 10, "", (), ADA, ADA, "mm: y", "")
    store = CommitStore(db.conn)
    store.save(Resolved(commit.sha, "found", "/r", commit), "2026-05-01T12:00:00Z")
    assert fingerprint(db.conn) != before


def test_conversations_and_answers(db: Database) -> None:
    rows = mails_of(db.conn, ["cover@example.org", "nowhere@example.org"])
    names = [
        db.execute("SELECT message_id FROM message WHERE id = ?", (row,)).fetchone()[0]
        for row in rows
    ]
    assert names == [f"{word}@example.org" for word in ("cover", "patch", "answer", "deep")]
    assert below(db.conn, ["patch@example.org"]) == named("answer", "deep")
    assert below(db.conn, ["gone@example.org"]) == named("talk")
    assert below(db.conn, ["deep@example.org"]) == set()
