"""Commits that are cited or asked for: from a clone, from cgit, and when either is asked again."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import pytest

from tests.fetch.boxes import mbox
from tests.pipeline.crawled import (
    FOUR,
    LINKED,
    ONE,
    START,
    TWO,
    UNKNOWN,
    World,
    came,
    commits,
    left,
)
from tests.pipeline.fetches import Fetching, lines
from tests.servers import letters
from threadkit.commits.values import Resolved
from threadkit.errors import SourceError
from threadkit.fetch.clone.clone import Clone
from threadkit.pipeline.importing import import_mail


def test_a_commit_by_its_hash_from_cgit_and_then_from_a_clone(
    fetching: Fetching, world: World, asked: list[str]
) -> None:
    sha = world.commit("culprit")
    (one,) = fetching(sha).commits
    assert (one.state, one.sha, one.origin) == ("found", sha, world.cgit)
    assert (one.release, one.mainline) == ("", "not checked")
    assert commits(fetching) == {sha: (None, "not checked")}
    asked.clear()
    report = fetching(clone=world.clone)  # nothing waits, but the clone knows more
    assert [(one.sha, one.release, one.mainline) for one in report.refreshed] == [
        (sha, "v5.9-rc1", "yes")
    ]
    assert report.commits == []  # nobody asked for it
    assert commits(fetching) == {sha: ("v5.9-rc1", "yes")}
    assert asked == []
    assert fetching(clone=world.clone).refreshed == []
    assert fetching.findings() == []


@pytest.mark.parametrize(
    ("word", "branch", "release", "mainline"),
    [("merge", None, "v5.9-rc1", "yes"), ("topic", None, "", "not checked"),
     ("backport", None, "v5.9.1", "no"), ("untagged", "master", "", "yes")],
)  # fmt: skip
def test_releases_and_the_mainline(
    fetching: Fetching, world: World, word: str, branch: str | None, release: str, mainline: str
) -> None:
    report = fetching(world.commit(word), clone=world.clone, mainline=branch, offline=True)
    assert [(one.release, one.mainline) for one in report.commits] == [(release, mainline)]


def test_a_url_of_a_repository_is_looked_up_in_the_clone_first(
    fetching: Fetching, world: World, asked: list[str]
) -> None:
    sha = world.commit("fix")
    report = fetching(f"{world.cgit}/commit/?id={sha}", clone=world.clone)
    assert [(one.sha, one.origin) for one in report.commits] == [(sha, str(world.clone))]
    assert asked == []
    (here,) = fetching(f"{world.cgit}/commit/?id={sha}").commits
    assert (here.state, here.origin) == ("found", str(world.clone))
    assert asked == []  # a hash names the same commit for ever
    (elsewhere,) = fetching(f"{world.cgit}/commit/?id={sha}", force=True).commits
    assert elsewhere.origin == world.cgit


def test_what_the_clone_lacks_comes_from_cgit(fetching: Fetching, world: World) -> None:
    fetching.cgit = [world.poor_cgit, world.cgit]
    report = fetching(world.commit("culprit"), clone=world.poor)
    assert [(one.state, one.origin) for one in report.commits] == [("found", world.cgit)]
    offline = fetching(world.commit("fix"), clone=world.poor, offline=True)
    assert offline.exit_code == 4
    assert [one.state for one in offline.commits] == ["failed"]
    assert fetching().commits == []
    assert [one.state for one in fetching(world.commit("fix")).commits] == ["found"]
    assert fetching.findings() == []


@pytest.mark.parametrize("with_clone", [True, False])
def test_asking_for_what_is_no_commit(
    fetching: Fetching, world: World, *, with_clone: bool
) -> None:
    names = {
        UNKNOWN: ("unknown", "no such commit in"),
        world.ambiguous: ("ambiguous", "more than one commit begins so")
        if with_clone
        else ("unclear", "unknown or ambiguous: http"),
        world.facts.blob[:20]: ("not-a-commit", "no commit"),
    }
    report = fetching(*names, clone=world.clone if with_clone else None)
    assert report.exit_code == 3
    assert {one.name: one.state for one in report.commits} == {
        name: state for name, (state, _) in names.items()
    }
    told = {line.partition(":")[0]: line for line in lines(report)}
    for name, (_, why) in names.items():
        assert why in told[name]
    if with_clone:
        candidates = {one[:40] for commit in report.commits for one in commit.candidates}
        assert candidates == set(world.facts.twins[1])
        assert fetching.rows("SELECT count(*) FROM commit_candidate") == [(2,)]
    assert fetching.findings() == []


def test_an_unknown_commit_is_asked_for_again_where_there_is_somebody_new(
    fetching: Fetching, world: World, asked: list[str]
) -> None:
    right, fetching.cgit = fetching.cgit, [world.poor_cgit]
    sha = world.commit("culprit")
    states = {one.name: one.state for one in fetching(START, with_cited=1).commits}
    assert states[sha[:12]] == "unknown"
    asked.clear()
    fetching(START, with_cited=1)
    assert not any(sha[:12] in url for url in asked)  # the answer was no
    fetching.cgit = right
    fetching(START, with_cited=1)
    assert sha in commits(fetching)
    assert fetching.findings() == []


def test_a_commit_that_another_repository_lacks_is_looked_up_where_one_usually_does(
    fetching: Fetching, world: World, asked: list[str]
) -> None:
    sha = world.commit("culprit")
    (one,) = fetching(f"{world.poor_cgit}/commit/?id={sha[:12]}").commits
    assert one.state == "unknown"
    report = fetching(START, with_cited=1)
    assert sha in {one.sha for one in report.commits}
    asked.clear()
    assert fetching(START, with_cited=1).errors == []
    assert not any("/commit/" in url for url in asked)
    assert fetching.findings() == []


def test_a_repository_that_gave_its_answer_is_not_asked_again_when_another_is_new(
    fetching: Fetching, world: World, asked: list[str]
) -> None:
    right, fetching.cgit = fetching.cgit, [world.poor_cgit]
    fetching(START, with_cited=1)
    asked.clear()
    fetching.cgit = [world.poor_cgit, *right]
    states = {one.name: one.state for one in fetching(START, with_cited=1).commits}
    assert states[world.commit("culprit")[:12]] == "found"
    assert not any(url.startswith(world.poor_cgit) for url in asked)


def test_commits_offline_are_those_that_are_here(
    fetching: Fetching, world: World, asked: list[str]
) -> None:
    sha = world.commit("culprit")
    report = fetching(sha, offline=True)
    assert (report.exit_code, [one.state for one in report.commits]) == (4, ["failed"])
    assert fetching.rows("SELECT count(*) FROM fetch_queue") == [(0,)]
    fetching(sha, world.ambiguous)
    before, queue = fetching.rows("SELECT * FROM fetch_queue"), list(asked)
    for name in sha, sha[:9]:
        here = fetching(name, offline=True)
        assert [(one.state, one.sha, one.origin) for one in here.commits] == [
            ("found", sha, world.cgit)
        ]
        assert here.exit_code == 0
    unclear = fetching(world.ambiguous, offline=True)
    assert ([one.state for one in unclear.commits], unclear.exit_code) == (["unclear"], 3)
    assert (fetching.rows("SELECT * FROM fetch_queue"), asked) == (before, queue)


def test_a_server_that_is_gone_in_the_middle(fetching: Fetching, world: World) -> None:
    """The threads come; the commits are told once, and come later."""
    right, fetching.cgit = fetching.cgit, ["http://127.0.0.1:1/linux.git"]
    report = fetching(START, with_cited=1)
    assert {root for root, _, _ in came(report)} == {START, ONE, TWO}
    assert report.exit_code == 4
    assert len(left(report)) == 6
    fetching.cgit = right
    fetching.later(minutes=11)
    healed = fetching()
    assert world.commit("culprit") in commits(fetching)
    assert healed.exit_code == 0
    assert fetching.rows("SELECT count(*) FROM fetch_queue WHERE state = 'waiting'") == [(0,)]


def test_a_commit_that_one_origin_lacks_and_the_other_could_not_tell_is_not_missing(
    fetching: Fetching, world: World
) -> None:
    right, fetching.cgit = fetching.cgit, ["http://127.0.0.1:1/linux.git"]
    sha = world.commit("culprit")
    report = fetching(sha, clone=world.poor)
    assert (report.exit_code, fetching.state(sha)) == (4, "failed")
    fetching.cgit = [world.poor_cgit, "http://127.0.0.1:1/linux.git"]
    fetching.later(minutes=11)
    assert fetching(clone=world.poor).exit_code == 4
    assert fetching.state(sha) == "failed"
    fetching.cgit = right
    fetching.later(minutes=11)
    assert [one.state for one in fetching(clone=world.poor).commits] == ["found"]
    assert fetching.findings() == []


def test_what_is_known_of_commits_is_told_again_and_asked_of_nobody(
    fetching: Fetching, world: World, asked: list[str]
) -> None:
    first = fetching(START, with_cited=1, clone=world.clone)
    assert sorted(one.state for one in first.commits) == [
        "ambiguous", "found", "not-a-commit", "unknown",
    ]  # fmt: skip
    asked.clear()
    again = fetching(START, with_cited=1, clone=world.clone)
    assert (again.commits, again.errors, asked) == ([], [], [])
    whys = left(again)
    assert whys[UNKNOWN] == f"no such commit in {world.clone} or {world.cgit}"
    assert whys[world.ambiguous].startswith("more than one commit begins so; ")
    assert whys[world.facts.blob] == "the hash of something that is no commit"
    assert left(again).items() >= left(first).items()
    alone = fetching(START, with_cited=1)  # the network was not asked for all of it
    assert {one.name for one in alone.commits} == {world.ambiguous, world.facts.blob}


def test_a_short_name_that_a_clone_does_not_know_is_looked_up_once(
    tmp_path: Path, fetching: Fetching, world: World, asked: list[str]
) -> None:
    box = tmp_path / "box"
    box.write_bytes(mbox([letters.letter("s@example.org", "s", body="as in commit 1234567\n")]))
    import_mail(fetching.db, [str(box)], workers=0)
    for _ in range(2):
        report = fetching("s@example.org", with_cited=1, clone=world.clone, offline=True)
        assert report.exit_code == 0
        told = [one.name for one in (*report.commits, *report.not_followed)]
        assert told == ["1234567"]
    assert (len(report.commits), asked) == (0, [])


def test_the_result_is_what_the_database_holds(fetching: Fetching, world: World) -> None:
    sha = world.commit("culprit")
    fetching(sha, clone=world.clone)
    (one,) = fetching(sha, force=True).commits  # cgit says nothing of the mainline
    assert (one.state, one.release, one.mainline, one.origin) == (
        "found", "v5.9-rc1", "yes", world.cgit,
    )  # fmt: skip
    assert one.checked_against


def test_a_clone_is_asked_again_for_unreleased_commits_only_when_it_has_changed(
    fetching: Fetching, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clone = tmp_path / "clone"
    git = ["git", "-c", "safe.directory=*"]
    shutil.copytree(world.clone, clone)
    asked: list[list[str]] = []
    real = Clone.resolve

    def resolve(self: Clone, names: Iterable[str], *, diffs: bool = True) -> Iterator[Resolved]:
        asked.append(list(names))
        return real(self, asked[-1], diffs=diffs)

    monkeypatch.setattr(Clone, "resolve", resolve)
    topic = world.commit("topic")
    fetching(topic)
    for _ in range(3):
        assert fetching(clone=clone).exit_code == 0
    assert asked == [[topic]]
    subprocess.run([*git, "-C", str(clone), "tag", "v5.19-rc1", topic], check=True)
    (one,) = fetching(clone=clone).refreshed
    assert (one.sha, one.release) == (topic, "v5.19-rc1")
    assert fetching(clone=clone).refreshed == []
    assert asked == [[topic], [topic]]


@pytest.fixture
def stale(world: World, tmp_path: Path) -> Path:
    """A clone that is behind, with none of the commits that are cited."""
    return Path(shutil.copytree(world.poor, tmp_path / "stale"))


def update(clone: Path, world: World) -> None:
    """Bring all refs, and what no ref leads to."""
    shutil.copytree(world.clone / "objects", clone / "objects", dirs_exist_ok=True)
    command = ["git", "-c", "safe.directory=*", "-C", str(clone), "fetch", "-q", str(world.clone)]
    subprocess.run([*command, "+refs/*:refs/*"], check=True)


def test_a_clone_that_was_updated_is_asked_again_for_what_is_cited(
    fetching: Fetching, world: World, stale: Path, asked: list[str]
) -> None:
    fetching.cgit = [world.poor_cgit]
    first = fetching(START, with_cited=1, clone=stale)
    assert {one.state for one in first.commits} == {"unknown"}
    asked.clear()
    assert fetching(START, with_cited=1, clone=stale).commits == []
    update(stale, world)
    report = fetching(START, with_cited=1, clone=stale)
    assert {one.name: one.state for one in report.commits} == {
        world.commit("culprit")[:12]: "found", UNKNOWN: "unknown",
        world.ambiguous: "ambiguous", world.facts.blob: "not-a-commit",
    }  # fmt: skip
    assert (report.refreshed, report.errors, asked) == ([], [], [])
    again = fetching(START, with_cited=1, clone=stale)
    assert (again.commits, again.refreshed, asked) == ([], [], [])
    assert fetching.findings() == []


def test_without_names_an_updated_clone_says_what_was_looked_up_and_not_found(
    fetching: Fetching, world: World, stale: Path, asked: list[str]
) -> None:
    fetching.cgit = [world.poor_cgit]
    fetching(START, with_cited=2, clone=stale)
    assert fetching.state(world.commit("culprit")[:12]) == "missing"
    update(stale, world)
    asked.clear()
    report = fetching(clone=stale)
    states = {one.name: one.state for one in report.refreshed}
    assert states[world.commit("culprit")[:12]] == "found"
    assert states[world.ambiguous] == "ambiguous"
    assert UNKNOWN not in states
    assert fetching.state(world.commit("culprit")[:12]) == "done"
    assert came(report) == [(LINKED, 2, world.commit("culprit"))]  # as far as was asked for
    assert not any("/commit/" in url for url in asked)
    (diff,) = fetching.rows(
        f"SELECT diff IS NOT NULL FROM git_commit WHERE sha = '{world.commit('culprit')}'"
    )
    assert diff == (1,)
    again = fetching(clone=stale)
    assert (again.refreshed, again.threads, again.errors) == ([], [], [])
    assert fetching.findings() == []


def test_a_run_with_names_leaves_what_found_commits_cite_to_one_without(
    fetching: Fetching, world: World, stale: Path
) -> None:
    fetching.cgit = [world.poor_cgit]
    fetching(START, with_cited=2, clone=stale)
    update(stale, world)
    report = fetching(FOUR, clone=stale)
    assert world.commit("culprit") in {one.sha for one in report.refreshed}
    assert [root for root, _, _ in came(report)] == [FOUR]
    assert fetching.state(LINKED) == "waiting"
    assert came(fetching(clone=stale)) == [(LINKED, 2, world.commit("culprit"))]


def test_a_clone_that_breaks_is_the_failure_of_what_it_did_not_tell(
    fetching: Fetching, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Clone.resolve

    def resolve(self: Clone, names: Iterable[str], *, diffs: bool = True) -> Iterator[Resolved]:
        yield from islice(real(self, names, diffs=diffs), 1)
        raise SourceError(str(self.path), "damaged")

    monkeypatch.setattr(Clone, "resolve", resolve)
    fetching.cgit = [world.poor_cgit]
    names = [world.commit(word) for word in ("culprit", "fix", "topic")]
    report = fetching(*names, clone=world.clone)
    assert [one.state for one in report.commits] == ["found", "failed", "failed"]
    assert lines(report) == [f"{world.clone}: damaged"] * 2
    assert [fetching.state(name) for name in names] == ["done", "failed", "failed"]
    monkeypatch.setattr(Clone, "resolve", real)
    assert [one.state for one in fetching(clone=world.clone).commits] == ["found", "found"]
    assert fetching.findings() == []


def test_a_commit_over_the_limit_comes_with_a_later_run(fetching: Fetching, world: World) -> None:
    fetching(START, with_cited=1, limit=0, clone=world.poor)
    assert fetching.state(world.commit("culprit")[:12]) == "skipped"
    fetching(START, with_cited=1, clone=world.poor)
    assert world.commit("culprit") in commits(fetching)


@pytest.mark.parametrize("with_clone", [True, False])
def test_the_id_of_a_tag_means_its_commit(
    fetching: Fetching, world: World, *, with_clone: bool
) -> None:
    report = fetching(world.facts.tag_object, clone=world.clone if with_clone else None)
    assert [(one.state, one.sha) for one in report.commits] == [("found", world.commit("linux59"))]
    tag = fetching.rows("SELECT state, sha FROM commit_answer WHERE name <> sha")
    assert tag == [("found", world.commit("linux59"))]
    assert fetching.findings() == []
    assert world.commit("linux59") in commits(fetching)
