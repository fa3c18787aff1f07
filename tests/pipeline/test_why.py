"""From a line of code to the debate about it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.pipeline.mails import mbox
from tests.pipeline.posted import ANN, BEN, GREG, JOSE, Maker, World
from tests.servers.repository import _import as import_stream
from tests.servers.repository import git
from threadkit.errors import NotFound, SourceError
from threadkit.pipeline.archive import Archive
from threadkit.pipeline.importing import import_mail
from threadkit.pipeline.why import why

PLACE = "mm/a.c:26"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A patch in a series, replies to it, replies to its neighbour, and a commit."""
    folder = tmp_path_factory.mktemp("why")
    maker = Maker(folder / "r.git")
    git(maker.path, "init", "--quiet", "--bare", "--initial-branch=master", str(maker.path))
    maker.mail("cover", "[PATCH 0/2] mm: counts", "Two changes.\n", day=1)
    maker.mail(
        "one", "[PATCH 1/2] mm: count once", "Why.\n" + maker.diff(25, "x"), day=1, to="cover"
    )
    maker.mail(
        "two", "[PATCH 2/2] mm: count never", "Why.\n" + maker.diff(45, "y"), day=1, to="cover"
    )
    maker.mail("nak", "Re: [PATCH 1/2] mm: count once", "> Why.\nI really don't like this.\n",
               day=2, by=BEN, to="one")  # fmt: skip
    maker.mail("quoting", "Re: [PATCH 1/2] mm: count once", "> I really don't like this.\nWhy not?\n",
               day=2.1, by=JOSE, to="nak")  # fmt: skip
    maker.mail("own", "Re: [PATCH 1/2] mm: count once", "> Why not?\nThis is wrong, I see.\n",
               day=2.2, by=ANN, to="quoting")  # fmt: skip
    maker.mail("aside", "Re: [PATCH 2/2] mm: count never", "> Why.\nThis is wrong.\n", day=2.3,
               by=GREG, to="two")  # fmt: skip
    maker.mail("ack", "Re: [PATCH 1/2] mm: count once", "> Why.\n\nAcked-by: Ben Xu <ben@example.org>\n",
               day=3, by=BEN, to="one")  # fmt: skip
    maker.commit("base", "mm: base", day=0, line=0)
    maker.commit("count", "mm: count once\n\nFixes: 0123456789ab (\"mm: base\")\n"
                 "Signed-off-by: Ann Li <ann@example.org>\n", day=4, line=25, new="x")  # fmt: skip
    ids = import_stream(maker.path, maker.stream)
    box = folder / "m.mbox"
    box.write_bytes(mbox(maker.mails))
    return World(maker.path, box, ids)


@pytest.fixture
def db(world: World, tmp_path: Path) -> Path:
    import_mail(tmp_path / "t.db", [str(world.mbox)], workers=0)
    return tmp_path / "t.db"


def test_the_commit_its_discussion_and_the_objections(db: Path, world: World) -> None:
    with Archive(db) as archive:
        [reason] = why(archive, world.path, PLACE)
    assert reason.discussion.sha == world.commits["count"]
    assert [one.message_id for one in reason.discussion.mails] == ["one@example.org"]
    assert reason.discussion.relations[0].kind == "fixes"
    raised = {one.objection.message_id: one for one in reason.objections}
    assert set(raised) == {"nak@example.org", "aside@example.org"}  # no quote, not the author
    assert raised["nak@example.org"].answers_patch
    assert raised["nak@example.org"].later == "ack@example.org"
    assert not raised["aside@example.org"].answers_patch
    assert raised["aside@example.org"].objection.score < 0.5


def test_the_commit_is_kept_and_the_next_time_found_here(db: Path, world: World) -> None:
    with Archive(db) as archive:
        first = why(archive, world.path, PLACE)
        assert why(archive, world.path, PLACE) == first
    conn = sqlite3.connect(db)
    assert conn.execute("SELECT sha FROM git_commit").fetchall() == [(world.commits["count"],)]
    conn.close()


def test_several_lines_of_several_commits(db: Path, world: World) -> None:
    with Archive(db) as archive:
        found = why(archive, world.path, "mm/a.c:25-27")
    assert [one.discussion.sha for one in found] == [world.commits["base"], world.commits["count"]]
    assert [[line.number for line in one.lines] for one in found] == [[25, 27], [26]]
    assert found[0].discussion.mails == ()
    assert found[1].as_json()["objections"]


def test_what_cannot_be_answered(db: Path, world: World, tmp_path: Path) -> None:
    with Archive(db) as archive:
        with pytest.raises(SourceError, match="not FILE:LINE"):
            why(archive, world.path, "mm/a.c")
        with pytest.raises(NotFound, match="no such file"):
            why(archive, world.path, "mm/b.c:1")
        with pytest.raises(SourceError, match="not a git repository"):
            why(archive, tmp_path, PLACE)
