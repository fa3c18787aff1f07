"""Patches of a real list and the commits that they became, by a ground truth made by others.

The repository's commits come without their diffs, so that titles, people, dates and names
have to do. What is missed was given another title, or another author as well.
"""

from __future__ import annotations

import gzip
import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from threadkit.analyze.claims import settle
from threadkit.analyze.linking import MailMatch
from threadkit.analyze.posted import KnownCommit
from threadkit.commits.relations import message_links, upstream_of
from threadkit.pipeline.importing import import_mail
from threadkit.pipeline.stages.links import mail_index

MISSED = {
    "20191213032352.8915-1-peng.fan@nxp.com",
    "20191230132406.19985-3-nikhil.nd@ti.com",
    "20191230132406.19985-4-nikhil.nd@ti.com",
    "4d491b38-28d8-a0ea-4cb1-1499957997bd@web.de",
}
"""Their commits bear other titles."""


def _utc(written: str) -> str:
    return datetime.fromisoformat(written).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture(scope="module")
def matches(corpora: Path, tmp_path_factory: pytest.TempPathFactory) -> list[MailMatch]:
    db = tmp_path_factory.mktemp("jailhouse") / "t.db"
    import_mail(db, [str(corpora / "jailhouse" / "dev-2019-11_12.mbox")], workers=0)
    with sqlite3.connect(db) as conn:
        index = mail_index(conn)
    conn.close()
    found: list[MailMatch] = []
    written: dict[str, str | None] = {}
    with gzip.open(corpora / "jailhouse" / "commits.jsonl.gz", "rt") as lines:
        for one in map(json.loads, lines):
            commit = KnownCommit(
                one["hash"], one["subject"], one["author"], one["author_email"],
                _utc(one["author_date"]), _utc(one["commit_date"]), None,
                message_links(one["body"]), upstream_of(one["body"]), len(one["parents"]) > 1,
            )  # fmt: skip
            if some := index.match(commit, absent=False):
                found += some
                written[commit.sha] = commit.author_utc
    return settle(found, written)


@pytest.fixture(scope="module")
def truth(corpora: Path) -> dict[str, set[str]]:
    groups = json.loads((corpora / "jailhouse" / "dev-2019-11_12.groundtruth.json").read_text())
    return {name: set(group["upstream"]) for group in groups for name in group["in_this_mbox"]}


def test_what_is_found_is_right_and_what_is_missed_is_known(
    matches: list[MailMatch], truth: dict[str, set[str]]
) -> None:
    pairs = {(name, sha) for name, shas in truth.items() for sha in shas}
    found = {(one.message_id, one.sha) for one in matches if one.kind == "becomes"}
    assert len(pairs) == 27
    assert found - pairs == set()
    assert {name for name, _ in pairs - found} == MISSED


def test_no_patch_that_was_never_applied_is_given_a_commit(
    matches: list[MailMatch], truth: dict[str, set[str]]
) -> None:
    dropped = {name for name, shas in truth.items() if not shas}
    assert len(dropped) == 17
    assert not dropped & {one.message_id for one in matches if one.kind != "discusses"}


def test_names_made_from_the_hash_are_among_the_rules(matches: list[MailMatch]) -> None:
    rules = [one.rule for one in matches if one.kind == "becomes"]
    assert (rules.count("Message-ID"), rules.count("subject+author")) == (6, 17)
