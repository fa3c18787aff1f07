"""Which mails are reports: the first one, and others' on other systems."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.analyze.regressions.prose_mail import mail
from threadkit.analyze.mailtext import MailText
from threadkit.analyze.regressions.prose import detect
from threadkit.analyze.regressions.reporting import (
    THRESHOLD,
    author,
    is_report,
    report_score,
    reports,
)
from threadkit.analyze.regressions.values import Signal

SHA = "0123456789ab"
FIRST = f"Hi,\n\nsince 6.2 my sound card no longer works. 6.1 is fine.\nI bisected it to {SHA}.\n"


def answer(body: str, sender: str, message_id: str) -> MailText:
    return mail(
        body, subject="Re: No sound", parent="a@example.org", sender=sender, message_id=message_id
    )


def score(text: MailText) -> float:
    return report_score(detect(text), text)


def test_a_first_mail_with_all_of_it_is_surely_a_report() -> None:
    assert score(mail(FIRST)) > 0.85


@pytest.mark.parametrize(
    "text",
    [
        mail("Thanks for the report, I will look into it.", parent="a@example.org"),
        mail("Is this a regression? Which release worked?", parent="a@example.org"),
        mail("There is no regression here, all works fine."),
        mail("If that breaks your board, send me a log."),
        mail(
            "Sound is broken if the card sleeps. Wake it up.\n\n"
            f'Fixes: {SHA} ("sound: power off")\nSigned-off-by: Bo <bo@example.org>\n',
            subject="[PATCH] sound: wake the card up",
        ),
        mail("It works again with your patch, the problem is gone.", parent="a@example.org"),
        mail("Please pull the changes for 6.3."),
    ],
    ids=["thanks", "asked", "denied", "supposed", "patch", "recovered", "other"],
)
def test_no_reports(text: MailText) -> None:
    assert not is_report(detect(text), text)


def test_a_tracker_only_points_at_a_report() -> None:
    text = mail(FIRST, name="Linux regression tracking (Ann Example)")
    assert score(text) == 0
    pointer = Signal("regzbot", SHA + "^", "introduced", 0, 1, "regzbot", 1.0)
    assert report_score([*detect(mail(FIRST)), pointer], mail(FIRST)) == 0


def test_a_robots_find_is_a_report_once_a_culprit_is_known() -> None:
    text = mail("A robot found the following issue.")
    find = Signal("report", "", "issue", 0, 10, "syzbot-report", 0.9)
    culprit = Signal("culprit", SHA, "", 11, 20, "syzbot-bisection", 0.6)
    assert not is_report([find], text)
    assert is_report([find, culprit], text)
    assert is_report([culprit], text)


def test_another_system_is_a_second_report() -> None:
    second = answer(
        "Same problem here on my laptop, I see the same issue.", "bo@example.org", "b@x"
    )
    assert is_report(detect(second), second)


def test_who_reported_before_tells_more_of_the_same() -> None:
    later = answer(
        "My card no longer works since 6.2, I see the same issue.", "ann@example.org", "c@x"
    )
    assert is_report(detect(later), later)
    assert not is_report(detect(later), later, reporters={"ann@example.org"})


def test_the_reports_of_a_conversation() -> None:
    conversation = [
        mail(FIRST, subject="No sound"),
        answer("Thanks, can you send a log?", "cy@example.org", "b@example.org"),
        answer("The card no longer works in 6.3 either.", "ann@example.org", "c@example.org"),
        answer("I see the same problem on my laptop.", "bo@example.org", "d@example.org"),
        answer("I see the same problem with your patch.", "bo@example.org", "e@example.org"),
    ]
    found = reports([(text, detect(text)) for text in conversation])
    assert found == ["a@example.org", "d@example.org"]


@pytest.mark.parametrize(
    ("body", "subject", "who"),
    [
        ("Hello.", "x", "ann@example.org"),
        ("--- Comment #3 from Bo Li (bo@example.org) ---\nSame.", "[Bug 1] x", "bo@example.org"),
        ("--- Comment #3 from bo ---\nSame.", "[Bug 1] x", "bo"),
        ("          Reporter: cy@example.org\n\nBroken.", "[Bug 1] New: x", "cy@example.org"),
        ("          Reporter: cy@example.org\n\nBroken.", "x", "ann@example.org"),
    ],
)
def test_who_speaks(body: str, subject: str, who: str) -> None:
    assert author(mail(body, subject=subject)) == who


def test_own_voice_counts_more() -> None:
    assert score(mail("My card no longer works.")) > score(mail("The card no longer works."))


SIGNALS = st.lists(
    st.builds(
        Signal,
        st.sampled_from(["report", "culprit", "works", "fails", "recovered", "regzbot"]),
        st.just("x"),
        st.just("y"),
        st.just(0),
        st.just(3),
        st.sampled_from(["report.same", "report.fails", "culprit.bad", "report.regression"]),
        st.floats(0.01, 1.0),
        st.sampled_from(["said", "negated", "hypothetical", "asked"]),
    ),
    max_size=8,
)


@given(SIGNALS, st.booleans())
def test_scores_are_shares_and_more_evidence_never_harms(
    signals: list[Signal], is_reply: bool
) -> None:
    text = replace(mail("My card."), is_reply=is_reply)
    value = report_score(signals, text)
    assert 0 <= value <= 1
    more = Signal("report", "", "broken", 0, 3, "report.other", 0.5)
    assert report_score([*signals, more], text) >= value - 0.001
    assert is_report(signals, text) == (value >= THRESHOLD)


@given(SIGNALS)
def test_only_what_is_said_counts(signals: list[Signal]) -> None:
    quiet = [replace(s, mood="asked") for s in signals]
    assert report_score(quiet, mail("My card.")) == 0


GUIDE = "If sound no longer works, you can bisect your kernel; you then have your commit. "


def score_in(body: str) -> float:
    return score(mail(body))


def test_a_guide_and_a_survey_report_nothing() -> None:
    told = "Sound no longer works, and booting causes a regression.\n"
    assert score_in(told) >= THRESHOLD
    assert score_in(told + GUIDE * 5) < THRESHOLD
    assert score_in(told + "I see it on my board. " * 8 + GUIDE * 5) >= THRESHOLD
    links = "".join(f"[{n}] https://lore.kernel.org/r/m{n}@example.org/\n" for n in range(6))
    assert score_in(told + links) < THRESHOLD
    assert score_in(told + links + "It worked in 5.9.\n") >= THRESHOLD


def test_who_reports_says_so_at_the_beginning() -> None:
    told = "Sound no longer works on my board.\n"
    assert score_in(told) > score_in("All is as it should be.\n\n" * 200 + told)
