"""The facts that come with threadkit: whole, checked, no prose; the saga of 2020 from one hash."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.pipeline.mails import mail, mbox
from threadkit.cli.app import app
from threadkit.commits.facts import CommitFact, read_facts
from threadkit.commits.relations import relations
from threadkit.commits.releases import parse_release
from threadkit.cow.eras.commits import COMMITS
from threadkit.pipeline.analysis import analyze
from threadkit.pipeline.archive import Archive
from threadkit.pipeline.importing import import_mail
from threadkit.pipeline.shipped import shipped
from threadkit.store.commit_facts import message_facts

NAME = "cow-2020.jsonl"
LONGEST_TRAILER = 180
LONGEST_WAY = timedelta(days=30)
"""From the day on which a commit was written to that on which it was merged."""

NOT_FOUND = frozenset(("7b1fe59793e6", "ba3c4ce6def4", "803e4572d7c5", "292924b26024"))
"""Commits that an era names, whose whole hash no source showed; nothing is written of them."""

SAGA = (
    "c475a8ab625d f822566165dd ab967d86015a 4ceb5db9757a f33ea7f404e5 19be0eaffa3a a8f97366452e "
    "6d0a07edd17c c444eb564fb1 17839856fd58 b25d1dc9474e 09854ba94c6a 1a0cf26323c8 a308c71bf1e6 "
    "798a6b87ecd7 be068f29034f 008cfe4418b3 7a4830c380f3 70e806e4e645 d042035eaf5f f3c64eda3e50 "
    "57efa1fe5957 29a951dfb3c3 9348b73c2e1b feb889fb40fa 6ce64428d620 4eae4efa2c29 6cc9e215eb27 "
    "2e3025434a6b f4c4a3f48480 80d47f5de5e3 c145e0b47c77 3bff7e3f1f16 6c287605fd56 1493a1913e34 "
    "9ae0f87d009c 5535be309971 a7e689dd1c06 1da190f4d0a6 088b8aa537c2 52d1e606ee73 64fe24a3e05e "
    "76aefad628aa 7bced397510a bc3e53f682d9 9bbd42e79720 6fbb8383884f 0c29640bdeca "
    "77873803363c 0abdd7a81b7e"
)
"""Every other commit that the regressions, or the mails of the saga, name."""

FIXES = {
    "f33ea7f404e5": [],
    "c444eb564fb1": ["6d0a07edd17c"],
    "be068f29034f": ["09854ba94c6a"],
    "57efa1fe5957": ["f3c64eda3e50"],
    "feb889fb40fa": ["09854ba94c6a"],
    "29a951dfb3c3": [],
    "6ce64428d620": ["09854ba94c6a"],
    "f4c4a3f48480": ["09854ba94c6a"],
    "80d47f5de5e3": ["09854ba94c6a"],
    "5535be309971": ["9ae0f87d009c"],
    "6dca4ac6fc91": ["c145e0b47c77"],
    "76aefad628aa": ["64e455079e1b", "64fe24a3e05e"],
    "fb49c455323f": ["0bff0aaea03e"],
    "4b7c0857f87a": ["1da190f4d0a6"],
}

BROKEN_BY_09854BA94C6A = {
    "20200914143829.GA1424636@nvidia.com": [
        "008cfe4418b3", "70e806e4e645", "7a4830c380f3", "d042035eaf5f",
    ],
    "a46e9bbef2ed4e17778f5615e818526ef848d791.camel@redhat.com": ["be068f29034f"],
    "01020176e45e6c4d-c15dc1e2-6a6a-407c-a32d-24be51a1b3f8-000000@eu-west-1.amazonses.com": [
        "feb889fb40fa"
    ],
    "20201219043006.2206347-1-namit@vmware.com": ["29a951dfb3c3", "6ce64428d620", "9348b73c2e1b"],
    "20210601053143.1380078-1-ying.huang@intel.com": ["f4c4a3f48480"],
    "CAFCwf10eNmwq2wD71xjUhqkvv5+_pJMR1nPug2RqNDcFT4H86Q@mail.gmail.com": ["80d47f5de5e3"],
    "3ae33b08-d9ef-f846-56fb-645e3b9b4c66@redhat.com": ["3bff7e3f1f16", "c145e0b47c77"],
    "20210110004435.26382-2-aarcange@redhat.com": ["1493a1913e34", "6c287605fd56"],
}  # fmt: skip
"""A report of each of the seven that are known, and of one more; what fixed it."""


@pytest.fixture(scope="module")
def facts() -> dict[str, CommitFact]:
    """The commits by twelve digits, in the order of the file."""
    lines = (shipped("commits") / NAME).read_text("utf-8").splitlines()
    return {one.commit.sha[:12]: one for one in read_facts(lines, NAME)}


@pytest.fixture(scope="module")
def curated() -> list[dict[str, Any]]:
    """The regressions as they are written."""
    lines = (shipped("regressions") / NAME).read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """A database of one mail made up, which cites the commit in the middle of the saga."""
    folder: Path = tmp_path_factory.mktemp("saga")
    text = 'Was it commit 09854ba94c6a ("mm: do_wp_page() simplification")?\n'
    (folder / "box").write_bytes(mbox([mail("asks", body=text)]))
    import_mail(folder / "saga.db", [str(folder / "box")], workers=0)
    analyze(folder / "saga.db")
    with Archive(folder / "saga.db") as opened:
        yield opened


def test_every_commit_of_the_saga_is_there_once_and_whole(facts: dict[str, CommitFact]) -> None:
    lines = (shipped("commits") / NAME).read_text("utf-8").splitlines()
    assert len(facts) == len(lines)
    assert {len(one.commit.sha) for one in facts.values()} == {40}
    assert set(SAGA.split()) | (set(COMMITS) - NOT_FOUND) <= set(facts)
    assert not NOT_FOUND & set(facts)
    assert {one.commit.subject for name, one in facts.items() if name in COMMITS} <= {
        wording for one in COMMITS.values() for wording in (one.subject, f"[PATCH] {one.subject}")
    }


def test_dates_and_releases_go_up_with_the_lines(facts: dict[str, CommitFact]) -> None:
    written = [one.commit.author.date_utc for one in facts.values() if one.commit.author.date_utc]
    assert len(written) > 20
    assert written == sorted(written)
    assert all("2005-01-01" < one < "2026-01-01" for one in written)
    for one in facts.values():
        made = one.commit
        if made.author.date_utc and made.committer.date_utc:
            assert made.author.date_utc <= made.committer.date_utc
        assert one.release is None or parse_release(one.release), one.release
        assert one.mainline in ("yes", "no")
    first = {name: parse_release(one.release or "") for name, one in facts.items()}
    for fix, causes in FIXES.items():
        for cause in causes:
            if cause in first and (low := first[cause]) and (high := first[fix]):
                assert low <= high


def test_dates_are_those_of_the_eras_and_few_are_not_known(facts: dict[str, CommitFact]) -> None:
    dates = {
        name: [one.commit.author.date_utc, one.commit.committer.date_utc]
        for name, one in facts.items()
    }
    undated = {name for name, both in dates.items() if not any(both)}
    assert undated == {"bc3e53f682d9", "77873803363c", "7bced397510a", "8d0920bde5eb"}
    for name in set(dates) & set(COMMITS):
        days = [date.fromisoformat(one[:10]) for one in dates[name] if one]
        told = date.fromisoformat(COMMITS[name].date)
        assert any(abs(told - one) <= LONGEST_WAY for one in days), name


def test_trailers_are_trailers_and_nothing_else_is_kept(facts: dict[str, CommitFact]) -> None:
    for one in facts.values():
        found = message_facts(one.commit.body).trailers
        assert len(found) == len(one.trailers), one.commit.subject
        assert all(len(line) < LONGEST_TRAILER and "\n" not in line for line in one.trailers)
        assert one.source
        assert "/work" not in one.source


@pytest.mark.parametrize("name", FIXES)
def test_what_a_commit_says_it_fixes(facts: dict[str, CommitFact], name: str) -> None:
    said = message_facts(facts[name].commit.body)
    found = relations(said.trailers, said.citations)
    assert [one.value for one in found if one.kind == "fixes"] == FIXES[name]


def test_roles_and_reports_of_the_misplaced_unlock(facts: dict[str, CommitFact]) -> None:
    said = message_facts(facts["be068f29034f"].commit.body)
    found = Counter(one.kind for one in relations(said.trailers, said.citations))
    assert found["links_discussion"] == 2
    assert found["reported_by"] == 2
    assert found["bisected_by"] == found["tested_by"] == 1


def test_a_backport_and_its_revert_say_of_what(facts: dict[str, CommitFact]) -> None:
    told = {}
    for name in ("9bbd42e79720", "6fbb8383884f"):
        body = facts[name].commit.body
        said = message_facts(body)
        found = relations(said.trailers, said.citations, facts[name].commit.subject, body)
        told[name] = [(r.kind, r.value[:12]) for r in found if r.kind in ("reverts", "backports")]
    assert told["9bbd42e79720"] == [("backports", "17839856fd58")]
    assert told["6fbb8383884f"] == [("reverts", "9bbd42e79720")]


def test_regressions_name_commits_whole_and_where_they_are_known_from(
    facts: dict[str, CommitFact], curated: list[dict[str, Any]]
) -> None:
    whole = re.compile(r"[0-9a-f]{40}")
    known = {one.commit.sha for one in facts.values()}
    not_known = set()
    for row in curated:
        named = [name for name in (row["culprit"], *row["fixes"], *row.get("notes", ())) if name]
        assert all(whole.fullmatch(name) for name in named)
        not_known |= set(named) - known
        assert row["title"]
        assert row["source"]
        assert row["certainty"]
        assert row["curated"].startswith("threadkit ")
        assert re.fullmatch(r"\d{4}-\d\d-\d\d(T[\d:]{8}Z)?", row.get("reported_utc", "2020-01-01"))
        assert all("@" in one and "<" not in one for one in row["reports"])
    assert not not_known
    reports = Counter(one for row in curated for one in row["reports"])
    assert set(reports.values()) == {1}
    assert len({row["title"] for row in curated}) == len(curated)


def test_one_hash_brings_what_is_tied_to_it_and_nothing_else(archive: Archive) -> None:
    rows = archive.query("SELECT substr(sha, 1, 12) FROM git_commit").rows
    brought = {row[0] for row in rows}
    assert {
        "17839856fd58",
        "09854ba94c6a",
        "be068f29034f",
        "70e806e4e645",
        "80d47f5de5e3",
    } <= brought
    assert not {"f822566165dd", "1da190f4d0a6", "c18160dba5ff"} & brought


def test_the_seven_regressions_have_their_fixes(archive: Archive) -> None:
    found: dict[str, list[str]] = {}
    for one in archive.regressions("09854ba94c6a"):
        assert one.state == "fixed", one.title
        if one.culprit and one.culprit.name.startswith("09854ba94c6a"):
            fixes = sorted(fix.name[:12] for fix in one.fixes if fix.closes)
            found |= {report.message_id: fixes for report in one.reports}
    for report, fixes in BROKEN_BY_09854BA94C6A.items():
        assert found[report] == fixes


def test_the_story_runs_from_forced_cow_to_what_its_cure_broke(archive: Archive) -> None:
    found = archive.regressions("17839856fd58")
    path = [sha[:12] for sha in max(found.stories, key=lambda one: len(one.path)).path]
    low = path.index("17839856fd58")
    assert path[low : low + 3] == ["17839856fd58", "09854ba94c6a", "70e806e4e645"]
    told = {key for one in found.stories for key in one.regressions}
    reports = {
        r.message_id for one in archive.regressions() if one.key in told for r in one.reports
    }
    assert set(BROKEN_BY_09854BA94C6A) <= reports


def test_a_way_over_a_shared_culprit_is_no_answer(archive: Archive) -> None:
    """What broke in 2022 has its culprit in common with what 6c287605fd56 mends, and no more."""
    report = next(one for one in BROKEN_BY_09854BA94C6A if one.startswith("CAFCwf10e"))
    shown = CliRunner().invoke(
        app, ["--db", str(archive.path), "graph", "--path", report, "6c287605fd56"]
    )
    assert shown.exit_code == 0, shown.output
    assert "its end need not mend its beginning" in shown.stderr
    mended = CliRunner().invoke(
        app, ["--db", str(archive.path), "graph", "--path", report, "80d47f5de5e3"]
    )
    assert "mend" not in mended.stderr
