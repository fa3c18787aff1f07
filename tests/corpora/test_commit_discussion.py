"""Commits of the seed's saga and of stable trees, and the real mails that posted them."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from threadkit.analyze.linking import MailIndex
from threadkit.analyze.posted import KnownCommit, PostedMail
from threadkit.analyze.similar import SimilarTitles
from threadkit.pipeline.importing import import_mail
from threadkit.pipeline.stages.links import mail_index

LINUS = ("Linus Torvalds", "torvalds@linux-foundation.org")
PETER = ("Peter Xu", "peterx@redhat.com")
SERIES = {
    "09854ba94c6a": ("mm: do_wp_page() simplification", LINUS, 2, "similar"),
    "1a0cf26323c8": ("mm/ksm: Remove reuse_ksm_page()", PETER, 3, "subject+author"),
    "a308c71bf1e6": ("mm/gup: Remove enfornced COW mechanism", PETER, 4, "subject+author"),
    "798a6b87ecd7": ("mm: Add PGREUSE counter", PETER, 5, "subject+author"),
}
"""What merge b25d1dc9474e brought on 2020-09-04, and the mail of each."""


def _index(db: Path, *paths: Path) -> MailIndex:
    import_mail(db, [str(path) for path in paths], workers=0)
    with sqlite3.connect(db) as conn:
        index = mail_index(conn)
    conn.close()
    return index


@pytest.fixture(scope="module")
def saga(corpora: Path, tmp_path_factory: pytest.TempPathFactory) -> MailIndex:
    folder = corpora / "cow-thread"
    db = tmp_path_factory.mktemp("saga") / "t.db"
    return _index(db, folder / "cow-thread.mbox", folder / "related.mbox")


@pytest.mark.parametrize("sha", list(SERIES))
def test_the_series_that_was_merged(saga: MailIndex, sha: str) -> None:
    """The first patch lost a word of its title: it is shown, as a candidate only."""
    subject, author, number, rule = SERIES[sha]
    commit = KnownCommit(sha, subject, *author, None, "2020-09-04T00:00:00Z")
    found = saga.match(commit) or SimilarTitles(saga.posted).match(commit)
    kind = "candidate" if rule == "similar" else "becomes"
    assert [(one.message_id, one.kind, one.rule) for one in found] == [
        (f"20200821234958.7896-{number}-peterx@redhat.com", kind, rule)
    ]


def test_with_the_date_that_git_took_from_the_mail_the_first_is_sure(saga: MailIndex) -> None:
    subject, author, number, _ = SERIES["09854ba94c6a"]
    applied = "2020-08-21T23:49:55Z"
    commit = KnownCommit("09854ba94c6a", subject, *author, applied, "2020-09-04T00:00:00Z")
    [one] = saga.match(commit)
    assert (one.message_id, one.kind, one.rule) == (
        f"20200821234958.7896-{number}-peterx@redhat.com", "becomes", "author+date",
    )  # fmt: skip


@pytest.fixture(scope="module")
def stable(corpora: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, PostedMail]:
    folder = corpora / "commits" / "from-stable-mail"
    index = _index(tmp_path_factory.mktemp("stable") / "t.db", folder)
    posted = {mail.message_id: mail for mail in index.posted}
    facts = json.loads((folder / "index.json").read_text())
    return {sha: posted[one["message_id"]] for sha, one in facts.items()}


def test_stable_mails_say_what_they_are_a_backport_of(stable: dict[str, PostedMail]) -> None:
    assert len(stable) == 31
    assert [sha for sha, mail in stable.items() if (mail.upstream or "")[:12] != sha] == []
    assert all(mail.authors and mail.title for mail in stable.values())
    # Two were made by quilt, without the lines that git needs for a patch-id.
    assert {sha for sha, mail in stable.items() if not mail.patch_id} == {
        "8a796565cec3", "9b378f6ad48c",
    }  # fmt: skip


def test_they_became_the_backport_and_discuss_the_original(stable: dict[str, PostedMail]) -> None:
    index = MailIndex(stable.values())
    for mail in stable.values():
        upstream = mail.upstream or ""
        email = next(key for key in mail.authors if "@" in key)
        original = KnownCommit(upstream, mail.title, "", email, None, None)
        [one] = index.match(original)
        assert (one.message_id, one.kind, one.rule) == (mail.message_id, "discusses", "backport")
        backport = KnownCommit(
            upstream[::-1], mail.title, "", email, None, None, mail.patch_id, upstream=upstream
        )
        [one] = index.match(backport)
        rule = "patch-id" if mail.patch_id else "subject+author"
        assert (one.message_id, one.kind, one.rule) == (mail.message_id, "becomes", rule)
