"""Denied, supposed and asked is never said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.analyze.regressions.prose_mail import mail
from threadkit.analyze.regressions.prose import detect
from threadkit.analyze.regressions.prose_mood import mood_of, mood_of_warning
from threadkit.analyze.regressions.reporting import is_report

NEGATED = [
    "There is no regression.",
    "This is not a regression.",
    "That isn't a regression.",
    "The patch does not break anything here.",
    "The change doesn't break my board.",
    "I don't think this patch breaks the sound.",
    "I have not seen any regression.",
    "We never hit a regression with it.",
    "The board boots without a regression.",
    "The change doesn't seem to cause a regression.",
    "Nothing is broken since 6.2.",
]
SUPPOSED = [
    "If the patch breaks the sound we revert it.",
    "The change might cause a regression.",
    "That could cause a regression.",
    "This would be a regression.",
    "A change could then be broken.",
    "We risk a regression with that.",
    "In case this patch breaks your board, tell me.",
    "That may well be a regression.",
]
ASKED = [
    "Did this patch break your sound?",
    "Is this a regression?",
    "Does the card hang since 6.2?",
    "So it broke on your board, right?",
    "I wonder whether this is a regression.",
    "Can you see if this is a regression?",
    "Not sure if that is a regression.",
    "Could you check if the card fails since 6.2?",
]
SAID = [
    "Not only is this a regression.",
    "It is not clear why the card is broken since 6.2.",
    "It broke on my board, so is it perhaps the driver or the firmware?",
    "There is no doubt that it is a regression.",
    "It seems to break; the patch breaks my sound.",
]


def moods(sentence: str) -> set[str]:
    found = detect(mail(sentence))
    return {s.mood for s in found if s.kind == "report"}


@pytest.mark.parametrize("sentence", NEGATED)
def test_denied(sentence: str) -> None:
    assert moods(sentence) <= {"negated"}
    assert "said" not in {s.mood for s in detect(mail(sentence)) if s.kind == "report"}


@pytest.mark.parametrize("sentence", SUPPOSED)
def test_supposed(sentence: str) -> None:
    assert moods(sentence) == {"hypothetical"}


@pytest.mark.parametrize("sentence", ASKED)
def test_asked(sentence: str) -> None:
    assert moods(sentence) == {"asked"}


@pytest.mark.parametrize("sentence", SAID)
def test_what_looks_denied_and_is_said(sentence: str) -> None:
    assert "said" in moods(sentence)


@pytest.mark.parametrize("sentence", NEGATED + SUPPOSED + ASKED)
def test_a_mail_of_them_reports_nothing(sentence: str) -> None:
    text = mail(f"Hello,\n\n{sentence}\n")
    assert not is_report(detect(text), text)


SUBJECTS = st.sampled_from(["The patch", "This change", "That commit", "The series"])
DENIALS = st.sampled_from(
    ["does not break", "doesn't break", "did not break", "never breaks", "has not broken"]
)
OBJECTS = st.sampled_from(["my sound", "any board", "the build", "our machines", "userspace"])


@given(SUBJECTS, DENIALS, OBJECTS)
def test_a_denial_is_never_read_as_a_report(subject: str, denial: str, thing: str) -> None:
    sentence = f"{subject} {denial} {thing}."
    assert all(s.mood != "said" for s in detect(mail(sentence)) if s.kind == "report")


@given(SUBJECTS, st.sampled_from(["would", "could", "might", "may"]), OBJECTS)
def test_a_supposition_is_never_read_as_a_report(subject: str, modal: str, thing: str) -> None:
    sentence = f"{subject} {modal} break {thing}."
    assert all(s.mood != "said" for s in detect(mail(sentence)) if s.kind == "report")


WORDS = st.lists(
    st.sampled_from(
        [
            "not",
            "no",
            "if",
            "would",
            "break",
            "breaks",
            "the",
            ",",
            ";",
            "?",
            "whether",
            "to",
            "seem",
            "but",
        ]
    ),
    min_size=1,
    max_size=12,
)


@given(WORDS, st.data())
def test_every_place_in_every_sentence_has_a_mood(words: list[str], data: st.DataObject) -> None:
    key = data.draw(st.integers(0, len(words) - 1))
    first = data.draw(st.integers(0, key))
    known = {"said", "negated", "hypothetical", "asked"}
    for asked in (False, True):
        assert mood_of(words, first, key, asked, first < key) in known
        assert mood_of_warning(words, first, key, asked, False) in known
