"""What mails cite, followed breadth first over the real servers and a clone."""

from __future__ import annotations

import gzip
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from tests.fetch.badserver import BadServer, body
from tests.fetch.boxes import mbox
from tests.pipeline.contents import contents
from tests.pipeline.crawled import (
    FOREIGN,
    FOUR,
    GONE,
    LINKED,
    ONE,
    START,
    THREE,
    TWO,
    UNKNOWN,
    World,
)
from tests.pipeline.fetches import Fetching, lines
from tests.servers import letters
from threadkit.commits.values import Resolved
from threadkit.errors import SourceError
from threadkit.fetch.clone.clone import Clone
from threadkit.fetch.web.session import Session
from threadkit.pipeline.fetch_report import FetchReport
from threadkit.pipeline.importing import import_mail


@pytest.fixture
def fetching(world: World, tmp_path: Path) -> Fetching:
    return Fetching(tmp_path / "t.db", [world.lore], [world.cgit], check=False)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The URLs of all requests that are sent."""
    urls: list[str] = []
    real = Session._send

    def send(self: Session, method: str, url: str, *rest: Any) -> Any:
        urls.append(url)
        return real(self, method, url, *rest)

    monkeypatch.setattr(Session, "_send", send)
    return urls


def came(report: FetchReport) -> list[tuple[str, int, str]]:
    return [(one.root, one.depth, one.cited_by) for one in report.threads]


def left(report: FetchReport) -> dict[str, str]:
    return {one.name: one.why for one in report.not_followed}


def commits(fetching: Fetching) -> dict[str, tuple[Any, ...]]:
    query = "SELECT sha, release, mainline FROM git_commit"
    return {sha: (release, mainline) for sha, release, mainline in fetching.rows(query)}


# -- how far ----------------------------------------------------------------------------


def test_without_being_asked_nothing_is_followed_and_what_is_cited_is_counted(
    fetching: Fetching,
) -> None:
    report = fetching(START)
    assert came(report) == [(START, 0, "")]
    assert (report.commits, report.not_followed, report.errors) == ([], [], [])
    assert report.beyond == {"thread": 3, "commit": 4}
    assert fetching.rows("SELECT count(*) FROM fetch_queue") == [(1,)]


def test_one_step(fetching: Fetching, world: World) -> None:
    report = fetching(START, with_cited=1, clone=world.clone)
    assert came(report) == [(START, 0, ""), (ONE, 1, START), (TWO, 1, START)]
    states = {one.name: (one.state, one.depth, one.cited_by) for one in report.commits}
    assert states == {
        world.commit("culprit")[:12]: ("found", 1, START),
        UNKNOWN: ("unknown", 1, START),
        world.ambiguous: ("ambiguous", 1, START),
        world.facts.blob: ("not-a-commit", 1, START),
    }
    assert left(report) == {
        GONE: "the server has no such mail",
        FOREIGN: "this archive's addresses hold no Message-ID",
    }
    assert {one.cited_by for one in report.not_followed} == {START}
    assert (report.errors, report.exit_code) == ([], 0)
    assert report.beyond == {"thread": 2, "commit": 2}  # three, linked; fix, topic
    assert fetching.findings() == []


def test_two_steps_follow_the_links_of_commits(fetching: Fetching, world: World) -> None:
    report = fetching(START, with_cited=2, clone=world.clone)
    assert came(report)[3:] == [
        (THREE, 2, ONE),
        (LINKED, 2, world.commit("culprit")),
    ]
    found = {one.sha: (one.depth, one.cited_by) for one in report.commits if one.sha}
    assert found == {
        world.commit("culprit"): (1, START),
        world.commit("fix"): (2, TWO),
        world.commit("topic"): (2, TWO),
    }
    assert report.beyond["thread"] == 1  # four
    assert report.beyond["commit"] >= 1  # revert
    depths = [one.depth for one in report.threads]
    assert depths == sorted(depths)


def test_it_ends_where_everything_is_here(fetching: Fetching, world: World) -> None:
    report = fetching(START, with_cited=9, clone=world.clone)
    assert {root for root, _, _ in came(report)} == {START, ONE, TWO, THREE, FOUR, LINKED}
    assert len(report.threads) == 6
    assert report.beyond == {"thread": 0, "commit": 0}
    assert fetching.rows("SELECT count(*) FROM fetch_queue WHERE state = 'waiting'") == [(0,)]
    assert fetching.findings() == []


def test_a_deeper_run_goes_on_from_what_is_here_without_asking_for_it(
    fetching: Fetching, world: World, asked: list[str]
) -> None:
    fetching(START, with_cited=1, clone=world.clone)
    asked.clear()
    report = fetching(START, with_cited=9, clone=world.clone)
    assert [(one.root, one.state) for one in report.threads] == [
        (START, "here"), (THREE, "new"), (LINKED, "new"), (FOUR, "new"),
    ]  # fmt: skip
    named = {url.split("/")[4] for url in asked if "crawl" in url and "/commit/" not in url}
    assert named == {THREE, FOUR}


def test_the_same_is_stored_whatever_the_order(
    fetching: Fetching, world: World, tmp_path: Path
) -> None:
    fetching(START, with_cited=9, clone=world.clone)
    other = Fetching(tmp_path / "other.db", [world.lore], [world.cgit], check=False)
    for name in FOUR, LINKED, THREE, TWO, ONE:
        other(name, with_cited=1)
    other(START, with_cited=9)
    other(START, with_cited=9, clone=world.clone)
    first, second = contents(fetching.db), contents(other.db)
    for table in first:
        assert first[table] == second[table], table
    assert commits(fetching) == commits(other)
    assert other.findings() == []


# -- limits -----------------------------------------------------------------------------


def test_a_limit_of_threads_and_the_run_after_it(fetching: Fetching, world: World) -> None:
    report = fetching(START, with_cited=1, limit=1, clone=world.clone)
    assert came(report) == [(START, 0, ""), (ONE, 1, START)]
    assert left(report)[TWO] == "over the limit of 1 cited threads (--limit)"
    assert fetching.state(TWO) == "skipped"
    assert report.exit_code == 0
    again = fetching(START, with_cited=1, limit=0, clone=world.clone)
    assert left(again)[TWO] == "over the limit of 0 cited threads (--limit)"
    assert fetching.state(TWO) == "skipped"
    more = fetching(clone=world.clone)  # what is left over, and each run has a limit of its own
    assert came(more) == [(TWO, 1, START)]
    assert fetching.state(TWO) == "done"


def test_a_limit_of_nothing(fetching: Fetching) -> None:
    report = fetching(START, with_cited=1, limit=0)
    assert came(report) == [(START, 0, "")]
    whys = left(report)
    assert "over the limit of 0 cited threads" in whys[ONE]
    assert "over the limit of 0 commits from the network" in whys[UNKNOWN]


def test_a_limit_of_commits_counts_the_network_only(fetching: Fetching, world: World) -> None:
    report = fetching(START, with_cited=1, limit=1)
    assert sum("commits from the network" in why for why in left(report).values()) == 3
    assert len(report.commits) == 1
    report = fetching(START, with_cited=1, limit=3, clone=world.clone)
    assert not any("commits from the network" in why for why in left(report).values())


# -- commits ----------------------------------------------------------------------------


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
    (elsewhere,) = fetching(f"{world.cgit}/commit/?id={sha}").commits
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
    (one,) = fetching(sha).commits  # cgit says nothing of the mainline
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


def test_the_shortest_way_counts_whatever_is_here_already(tmp_path: Path) -> None:
    """What is cited far away through mails that are here may be near by another way."""
    cites = {"start": "pq", "p": "x", "q": "r", "r": "x", "x": "y", "y": "z", "z": ""}
    with BadServer() as server:
        for name, others in cites.items():
            text = "".join(f"https://lore.kernel.org/all/{one}@example.org/\n" for one in others)
            mail = letters.letter(f"{name}@example.org", name, body=text or "The end.\n")
            server.script(f"/all/{name}@example.org/t.mbox.gz", body(gzip.compress(mbox([mail]))))
        names = {name: f"{name}@example.org" for name in cites}
        empty, partly = (
            Fetching(tmp_path / f"{db}.db", [server.url("")], check=False) for db in "ab"
        )
        partly(*(names[one] for one in "qrx"))
        for fetching in empty, partly:
            report = fetching(names["start"], with_cited=3)
            assert report.beyond == {"thread": 1, "commit": 0}
            assert fetching.mails == 6
            assert fetching.findings() == []
        assert contents(empty.db) == contents(partly.db)
