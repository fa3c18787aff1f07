"""Titles that lost or gained a word, and those in which one was replaced."""

from __future__ import annotations

from dataclasses import replace

import pytest

from threadkit.analyze.claims import settle
from threadkit.analyze.linking import MailMatch
from threadkit.analyze.posted import KnownCommit, PostedMail, author_keys
from threadkit.analyze.similar import MOST, SCORE, SimilarTitles

MAIL = PostedMail(
    "1@example.org", "mm: count shared pages once", author_keys("Ann Li", "ann@example.org"),
    "2020-09-01T12:00:00Z",
)  # fmt: skip
COMMIT = KnownCommit(
    "0123" * 10, "mm: count shared pages once", "Ann Li", "", None, "2020-09-10T12:00:00Z"
)


def found(subject: str, *mails: PostedMail, **changes: object) -> list[MailMatch]:
    return SimilarTitles(mails or [MAIL]).match(replace(COMMIT, subject=subject, **changes))


@pytest.mark.parametrize(
    ("subject", "listed"),
    [
        ("mm: count pages once", True),
        ("mm/rmap: count shared pages once", True),
        ("mm: count shared pages only once", True),
        ("mm: count swapped pages once", False),  # a sibling in a series
        ("mm: count", False),
        ("mm: count shared pages once, and never again in all of the day", False),
        ('Revert "mm: count shared pages once"', False),
        ("sched: do something else", False),
        ("", False),
    ],
)
def test_titles(subject: str, listed: bool) -> None:
    assert bool(found(subject)) is listed
    assert all(one.kind == "candidate" and 0 < one.score < SCORE for one in found(subject))


@pytest.mark.parametrize(
    "changes",
    [
        {"author_name": "Ben Xu"},
        {"committer_utc": "2021-09-10T12:00:00Z"},
        {"committer_utc": "2020-08-10T12:00:00Z"},
        {"committer_utc": None},
        {"is_merge": True},
    ],
)
def test_only_by_the_author_and_of_the_months_before(changes: dict[str, object]) -> None:
    assert found("mm: count pages once", **changes) == []


def test_backports_and_notices_are_left_out() -> None:
    others = (replace(MAIL, upstream="0" * 40), replace(MAIL, is_notice=True))
    assert found("mm: count pages once", *others) == []


def test_the_most_similar_first_and_not_too_many() -> None:
    closer = replace(MAIL, message_id="2@example.org", title="mm: count pages once")
    more = [replace(MAIL, message_id=f"m{number}@example.org") for number in range(MOST + 3)]
    listed = found("mm: count pages once", closer, *more)
    assert len(listed) == MOST
    assert listed[0].message_id == "2@example.org"


def test_what_became_another_commit_is_no_candidate_any_more() -> None:
    [similar] = found("mm: count pages once")
    became = MailMatch("4567" * 10, similar.message_id, "becomes", "patch-id", 0.98)
    assert settle([similar, became], {}) == [became]
    assert settle([similar], {}) == [similar]
