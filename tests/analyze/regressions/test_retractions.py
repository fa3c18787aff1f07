"""What is over, denied or taken back is no regression, and what is doubted weighs less."""

from __future__ import annotations

import pytest

from tests.analyze.regressions.prose_mail import mail
from threadkit.analyze.regressions.detect import signals
from threadkit.analyze.regressions.reporting import THRESHOLD, report_score

SHA = "0123456789ab"


def said(body: str) -> set[tuple[str, str]]:
    return {
        (one.kind, one.value)
        for one in signals(mail(body))
        if one.mood == "said" and one.kind in ("report", "works", "fails", "culprit")
    }


@pytest.mark.parametrize(
    "body",
    [
        "No longer broken since v6.8.",
        "It no longer fails in 6.8.",
        "This used to be a regression, fixed in v6.7.",
        "Sound works since 5.9.",
        f"Bisection did not point to {SHA}.",
        f"Reverting {SHA} does not fix the regression.",
        f"I bisected it to {SHA} but that turned out to be wrong.",
        f"Bisected to {SHA}. Sorry, false alarm: hardware fault, not a kernel regression.",
    ],
)
def test_nothing_is_said_to_be_broken(body: str) -> None:
    assert not {one for one in said(body) if one[0] != "works"}
    assert report_score(signals(mail(body)), mail(body)) < THRESHOLD


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("My board broke with v6.8-rc1, v6.7 was fine.", {("fails", "6.8-rc1"), ("works", "6.7")}),
        ("Sound no longer works since 5.9.", {("fails", "5.9")}),
        ("Broken in 6.8, not in 6.7 any more than in 6.6.", {("fails", "6.8")}),
        (f"The bisection points not to the merge but to {SHA}.", {("culprit", SHA)}),
        (f"Reverting {SHA} fixes the hang.", {("culprit", SHA)}),
    ],
)
def test_what_is_meant_stays(body: str, expected: set[tuple[str, str]]) -> None:
    assert expected <= said(body)


def test_a_new_result_stands_though_the_old_one_is_taken_back() -> None:
    body = f"I bisected it to {SHA} but that was wrong. I bisected it again, to ba9876543210."
    assert {one for one in said(body) if one[0] == "culprit"} == {("culprit", "ba9876543210")}


def test_a_denied_false_alarm_takes_nothing_back() -> None:
    body = f"I bisected this regression to {SHA}. It is not a false alarm."
    assert ("culprit", SHA) in said(body)


def test_a_doubted_culprit_is_a_weak_candidate() -> None:
    body = (
        f"I did a bisect on this, and was pointed to:\n{SHA}\nbut it does not look right to me.\n"
    )
    [culprit] = [one for one in signals(mail(body)) if one.kind == "culprit"]
    assert culprit.value == SHA
    assert culprit.score < THRESHOLD
    assert SHA in body[culprit.start : culprit.stop]


@pytest.mark.parametrize(
    "body",
    [
        f"The following two patches have been reverted:\n  commit {SHA}\n  commit ba9876543210\n",
        f"The fix itself is this commit:\nhttps://git.kernel.org/torvalds/c/{SHA}\n",
        f'There is one missing commit:\ncommit {SHA} ("mm: one")\n',
    ],
)
def test_the_span_has_the_hash(body: str) -> None:
    found = [one for one in signals(mail(body)) if one.value in (SHA, "ba9876543210")]
    assert found
    for one in found:
        assert one.value in body[one.start : one.stop]
