"""Commits of a repository and the mails that they were made from, through the database."""

from __future__ import annotations

import io
import sqlite3
from pathlib import Path

import pytest

from tests.bench.linking import linking
from tests.bench.table import Table
from tests.pipeline.posted import World, build
from threadkit.errors import NotFound, SourceError
from threadkit.pipeline.analysis import analyze
from threadkit.pipeline.archive import Archive
from threadkit.pipeline.importing import import_mail
from threadkit.store.connection import open_write

Links = dict[tuple[str, str], tuple[str, str]]

WANTED = {
    ("linked", "one"): ("becomes", "Link"),
    ("linked", "report"): ("discusses", "Closes"),
    ("retitled", "two"): ("becomes", "patch-id"),
    ("changed", "v3"): ("becomes", "subject+author"),
    ("changed", "v2"): ("discusses", "subject+author"),
    ("changed", "v1"): ("discusses", "subject+author"),
    ("changed", "late"): ("discusses", "subject+author"),
    ("changed", "stable"): ("discusses", "backport"),
    ("namesake", "same"): ("candidate", "subject"),
    ("backport", "stable"): ("becomes", "patch-id"),
    ("backport", "v3"): ("discusses", "subject+author"),
    ("backport", "v2"): ("discusses", "subject+author"),
    ("backport", "v1"): ("discusses", "subject+author"),
    ("backport", "late"): ("discusses", "subject+author"),
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return build(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="module")
def linked(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    db = tmp_path_factory.mktemp("linked") / "t.db"
    import_mail(db, [str(world.mbox)], workers=0)
    analyze(db, clone=world.path, only=["links"])
    return db


def links(db: Path, world: World) -> Links:
    word = {sha: name for name, sha in world.commits.items()}
    with sqlite3.connect(db) as conn:
        rows = conn.execute("SELECT sha, message_id, kind, rule FROM commit_mail").fetchall()
    conn.close()
    return {
        (word[sha], message_id.removesuffix("@example.org")): (kind, rule)
        for sha, message_id, kind, rule in rows
    }


def test_every_way_from_mail_to_commit(linked: Path, world: World) -> None:
    assert links(linked, world) == WANTED


def test_only_commits_that_mails_have_to_do_with_are_kept(linked: Path, world: World) -> None:
    with sqlite3.connect(linked) as conn:
        kept = {sha for (sha,) in conn.execute("SELECT sha FROM git_commit")}
    conn.close()
    assert kept == {world.commits[word] for word, _ in WANTED}


def test_the_clone_is_not_needed_again(linked: Path, world: World) -> None:
    [again] = analyze(linked, only=["links"])
    assert again.skipped
    [again] = analyze(linked, only=["links"], again=True)
    assert (again.skipped, again.read, again.found) == (False, 5, len(WANTED))
    assert links(linked, world) == WANTED
    [again] = analyze(linked, clone=world.path, only=["links"])
    assert links(linked, world) == WANTED


def test_without_the_mails_nothing_is_kept(world: World, tmp_path: Path) -> None:
    open_write(tmp_path / "t.db").close()
    [report] = analyze(tmp_path / "t.db", clone=world.path, only=["links"])
    assert (report.read, report.found) == (len(world.commits), 0)


def test_new_mails_are_linked_with_the_commits_that_are_here(
    linked: Path, world: World, tmp_path: Path
) -> None:
    db = tmp_path / "t.db"
    db.write_bytes(linked.read_bytes())
    before = links(db, world)
    with sqlite3.connect(db) as conn:
        conn.execute("DELETE FROM commit_mail")
    conn.close()
    box = tmp_path / "more.mbox"
    box.write_bytes(
        b"From x Mon Jan  6 09:00:00 2020\nFrom: Ann Li <ann@example.org>\n"
        b"Subject: [PATCH] mm: typo\nDate: Thu, 03 Sep 2020 12:00:00 +0000\n"
        b"Message-ID: <own@example.org>\n\nWhy.\n---\n a | 1 +\n 1 file changed, 1 insertion(+)\n"
    )
    import_mail(db, [str(box)], workers=0)
    [report] = analyze(db, only=["links"])
    assert not report.skipped
    after = links(db, world)
    assert after.pop(("namesake", "own")) == ("becomes", "subject+author")
    del before["namesake", "same"]  # with a source of its own, another's is none
    assert after == before


def test_the_clone_of_another_project_is_an_error_that_changes_nothing(
    linked: Path, world: World, tmp_path: Path
) -> None:
    with pytest.raises(SourceError, match="not a git repository"):
        analyze(linked, clone=tmp_path, only=["links"])
    assert links(linked, world) == WANTED


def test_a_commit_its_relations_mails_and_conversations(linked: Path, world: World) -> None:
    with Archive(linked) as archive:
        found = archive.discussion(world.commits["linked"][:10])
        assert [(one.message_id, one.kind) for one in found.mails] == [
            ("one@example.org", "becomes"), ("report@example.org", "discusses"),
        ]  # fmt: skip
        assert [(one.root, one.mails) for one in found.conversations] == [
            ("cover@example.org", 3), ("report@example.org", 1),
        ]  # fmt: skip
        kinds = [one.kind for one in found.relations]
        assert kinds == ["links_discussion", "closes", "signed_by"]
        candidate = archive.discussion(world.commits["namesake"])
        assert [one.kind for one in candidate.mails] == ["candidate"]
        assert candidate.conversations == []
        assert len(list(found.rows())) == len(found.as_json()["mails"]) == 2  # type: ignore[arg-type]


def test_an_unknown_commit_says_how_to_bring_it(linked: Path) -> None:
    with Archive(linked) as archive:
        with pytest.raises(NotFound, match="threadkit fetch 0123456789ab"):
            archive.discussion("0123456789AB")
        with pytest.raises(NotFound, match="not a hash"):
            archive.discussion("cover@example.org")


def test_the_benchmark_of_linking_runs() -> None:
    table = Table(io.StringIO())
    linking(table, 1, mails=50, commits=2000)
    [row] = table.rows
    assert (row.what, row.size, row.goal) == ("link mails to commits", 2000, 60.0)
