"""Warnings: how they are said, what they are about, what came of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.analyze.regressions.prose_mail import mail
from threadkit.analyze.mailtext import MailText
from threadkit.analyze.mechanisms import GENERAL, LEXICON, mechanisms
from threadkit.analyze.regressions.predictions import (
    Broken,
    Outcome,
    Predicted,
    detect,
    outcomes,
    passage,
)

CHANGE = frozenset({"0123456789abcdef0123456789abcdef01234567"})


def review(body: str) -> MailText:
    return mail(body, subject="Re: [PATCH 1/2] mm: copy less", parent="p@example.org")


@pytest.mark.parametrize(
    "sentence",
    [
        "This will break users.",
        "We do risk breaking users by that.",
        "That is going to regress on small machines.",
        "I'm worried that this is going to turn into a huge regression.",
        "Unfortunately I think this will break things broadly.",
        "These drivers may be at regression risk.",
        "I believe it is going to be a bad regression for us.",
        "Applications will be surprised by that.",
        "This will lead to data corruption.",
        "That breaks userspace.",
    ],
)
def test_a_warning_is_said(sentence: str) -> None:
    assert {s.mood for s in detect(review(sentence))} == {"said"}


@pytest.mark.parametrize(
    ("sentence", "mood"),
    [
        ("This won't break anybody.", "negated"),
        ("I don't think this will break users.", "negated"),
        ("There is no risk of breaking users.", "negated"),
        ("This might break users.", "hypothetical"),
        ("It could cause a regression.", "hypothetical"),
        ("If we do that it will break users.", "hypothetical"),
        ("Will this break users?", "asked"),
        ("I don't see a place where this will cause any caller of it problems.", "negated"),
        ("I wonder whether this will break users.", "asked"),
    ],
)
def test_moods_of_warnings(sentence: str, mood: str) -> None:
    assert {s.mood for s in detect(review(sentence))} == {mood}


@pytest.mark.parametrize(
    "sentence",
    [
        "Looks good.",
        "It would not hurt to ask.",
        "I wouldn't be surprised.",
        "The write fault will break COW.",
        "We will break out of the loop.",
        "You can use it at your own risk.",
        "Don't worry, I will post about this regression again.",
        "The list should be copied, to be in the loop for regressions.",
        "I would be very unhappy with that name.",
        "A reader would be surprised by that name.",
        "More tests might be trouble for you.",
        "We can cause a corruption with this program today.",
        "That would hurt a lot.",
    ],
)
def test_no_warnings(sentence: str) -> None:
    assert detect(review(sentence)) == []


def test_who_has_seen_it_break_does_not_predict() -> None:
    assert detect(review("That breaks userspace.")) != []
    assert detect(review("That breaks userspace, I bisected it.")) == []


def test_a_tracker_warns_of_nothing() -> None:
    body = "This will break users.\n\nThe regression tracker\n#regzbot introduced: v6.7..v6.8\n"
    assert detect(review(body)) == []


def test_where_no_change_is_spoken_of_anything_may_happen() -> None:
    assert detect(mail("This might break users.")) == []


def test_the_message_of_a_patch_predicts_nothing() -> None:
    body = "The copy will break users.\n\nSigned-off-by: Ann <ann@example.org>\n"
    assert detect(mail(body, subject="[PATCH] mm: copy more")) == []


def test_a_cited_commit_is_what_it_is_about() -> None:
    [signal] = detect(review('Commit 0123456789ab ("mm: x") will break users.'))
    assert signal.value == "0123456789ab"
    [signal] = detect(review("This will break users."))
    assert signal.value == ""


def test_outside_of_a_discussion_of_a_change_it_counts_less() -> None:
    [inside] = detect(review("This will break users."))
    [outside] = detect(mail("This will break users."))
    assert outside.score < inside.score


def test_the_passage_is_the_paragraph() -> None:
    body = "KSM is fine.\n\nBut mprotect()\nusers: this will break them.\n\nSwap is fine.\n"
    text = review(body)
    [signal] = detect(text)
    assert passage(text, signal) == "But mprotect()\nusers: this will break them."
    assert mechanisms(passage(text, signal)) == {"mprotect"}


def told(predicted: Predicted, *broken: Broken) -> Outcome:
    [outcome] = outcomes([predicted], broken)
    return outcome


def warned(*names: str, commits: frozenset[str] = CHANGE, date: str = "2020-09-01") -> Predicted:
    return Predicted("warning", commits, frozenset(names), date)


def broke(key: str, *names: str, culprit: str = "0123456789ab", date: str = "2021-01-01") -> Broken:
    return Broken(key, frozenset({culprit}), frozenset(names), date)


def test_a_shared_mechanism_came_true() -> None:
    found = told(warned("swap", "gup-pin"), broke("r", "swap"), broke("s", "ksm"))
    assert found == Outcome("warning", "came true", (("r", frozenset({"swap"})),))


def test_a_weak_warning_never_came_true() -> None:
    warned = Predicted("w", CHANGE, frozenset({"mprotect"}), "2020-09-01T00:00:00Z", "hypothetical")
    broke = Broken("b", CHANGE, frozenset({"mprotect"}), "2020-10-01T00:00:00Z")
    [came] = outcomes([warned], [broke])
    assert (came.kind, came.matches) == ("weak", (("b", frozenset({"mprotect"})),))


def test_the_same_change_by_another_mechanism_did_not_come_true() -> None:
    found = told(warned("mprotect"), broke("r", "fork-pin"))
    assert (found.kind, found.matches) == ("another way", (("r", frozenset({"fork-pin"})),))


def test_another_change_says_nothing() -> None:
    assert told(warned("swap"), broke("r", "swap", culprit="fedcba987654")).kind == "not seen"


def test_what_broke_before_was_not_predicted() -> None:
    assert told(warned("swap"), broke("r", "swap", date="2020-08-31")).kind == "not seen"


def test_what_cannot_be_told_says_why() -> None:
    unknown = told(warned("swap", commits=frozenset()), broke("r", "swap"))
    assert (unknown.kind, bool(unknown.reason)) == ("cannot be told", True)
    vague = told(warned(), broke("r", "swap"))
    assert (vague.kind, bool(vague.reason)) == ("cannot be told", True)
    mute = told(warned("swap"), broke("r"))
    assert (mute.kind, bool(mute.reason)) == ("cannot be told", True)


def test_a_symptom_alone_does_not_match_two_mechanisms() -> None:
    found = told(warned("data-corruption", "mprotect"), broke("r", "data-corruption", "swap"))
    assert found.kind == "another way"


def test_a_denied_warning_has_no_outcome() -> None:
    denied = Predicted("no", CHANGE, frozenset({"swap"}), None, "negated")
    assert outcomes([denied], [broke("r", "swap")]) == []


NAMES = st.frozensets(st.sampled_from(sorted(LEXICON)), max_size=4)


@given(NAMES, st.lists(NAMES, max_size=4))
def test_came_true_exactly_if_a_mechanism_is_shared(
    named: frozenset[str], regressions: list[frozenset[str]]
) -> None:
    broken = [Broken(str(n), CHANGE, names, None) for n, names in enumerate(regressions)]
    found = told(Predicted("p", CHANGE, named), *broken)
    particular = any((named & names) - GENERAL for names in regressions)
    if particular:
        assert found.kind == "came true"
    if found.kind == "came true":
        assert all(shared and shared <= named for _, shared in found.matches)
    if not regressions:
        assert found.kind == "not seen"
