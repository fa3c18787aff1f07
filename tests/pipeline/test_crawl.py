"""What mails cite, followed breadth first over the real servers and a clone."""

from __future__ import annotations

import gzip
from pathlib import Path

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
    came,
    commits,
    left,
)
from tests.pipeline.fetches import Fetching
from tests.servers import letters

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


def test_what_is_near_a_missing_mail_is_looked_for_only_where_the_user_asked_for_it(
    fetching: Fetching, asked: list[str]
) -> None:
    report = fetching(START, with_cited=1, limit=9)
    assert left(report)[GONE] == "the server has no such mail"
    assert any(GONE in url for url in asked)
    assert not any("?q=" in url for url in asked)
    fetching(GONE)
    assert any("?q=" in url for url in asked)


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
