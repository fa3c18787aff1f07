"""Wherever a sentence stands, its signals are the same and their spans exact."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.analyze.regressions.prose_mail import mail
from threadkit.analyze.regressions import predictions
from threadkit.analyze.regressions.prose import detect
from threadkit.analyze.regressions.prose_match import Engine, Rule
from threadkit.analyze.regressions.prose_text import sentences
from threadkit.analyze.regressions.values import Signal

TELLING = st.sampled_from(
    [
        "Sound stopped working on my board.",
        "The card hangs since v6.2.",
        'I bisected it to 0123456789ab ("sound: power the card off").',
        "5.8 is fine but 5.9-rc1 is bad.",
        "This patch breaks my sound card.",
        "There is no regression with 6.1.",
        "The hang is still present in 6.3.",
    ]
)
PLAIN = st.sampled_from(
    [
        "The weather was nice.",
        "Please send it again, e.g. with a cover letter.",
        "See Documentation/sound/cards.rst for a list.",
        "It calls snd_card_new() and then leaves.",
        "Ann said so, too.",
    ]
)
GLUE = st.sampled_from([" ", "\n", "  ", "\n\n"])


def told(signals: list[Signal], body: str) -> list[tuple[str, str, str, str, str]]:
    return sorted((s.kind, s.value, s.rule, s.mood, body[s.start : s.stop]) for s in signals)


@given(TELLING, st.lists(st.tuples(PLAIN, GLUE), max_size=3), st.lists(PLAIN, max_size=3))
def test_what_stands_around_changes_nothing(
    telling: str, before: list[tuple[str, str]], after: list[str]
) -> None:
    alone = mail(telling)
    body = "".join(sentence + glue for sentence, glue in before) + " ".join([telling, *after])
    among = mail(body)
    assert told(detect(among), among.body) == told(detect(alone), alone.body)


@given(st.lists(st.one_of(TELLING, PLAIN), min_size=1, max_size=4))
def test_quoted_text_says_nothing(lines: list[str]) -> None:
    quoted = mail("".join(f"> {line}\n" for line in lines) + "\nThanks.\n", parent="p@example.org")
    assert detect(quoted) == []
    assert predictions.detect(quoted) == []


@given(TELLING, st.integers(20, 60))
def test_wrapped_lines_read_as_one(telling: str, width: int) -> None:
    words = telling.split(" ")
    lines = [words[0]]
    for word in words[1:]:
        if len(lines[-1]) + len(word) < width:
            lines[-1] += " " + word
        else:
            lines.append(word)
    wrapped, plain = mail("\n".join(lines)), mail(telling)
    kinds = [(s.kind, s.value, s.mood) for s in detect(wrapped)]
    assert kinds == [(s.kind, s.value, s.mood) for s in detect(plain)]


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=200))
def test_any_text_has_spans_inside(text: str) -> None:
    any_mail = mail(text)
    for signal in [*detect(any_mail), *predictions.detect(any_mail)]:
        assert 0 <= signal.start <= signal.stop <= len(any_mail.body)
        assert 0 < signal.score <= 1
    for sentence in sentences(any_mail, lambda _: True):
        for word, (low, high) in zip(sentence.words, sentence.places, strict=True):
            if not sentence.is_subject and not word.startswith("@"):
                written = any_mail.body[low:high].replace("\u2019", "'").lower()
                assert written == word


@given(
    st.lists(
        st.sampled_from(["this", "patch", "really", "breaks", "it", "after", "v6.2", "no", "one"])
    )
)
def test_the_cheap_look_never_misses(words: list[str]) -> None:
    classes = {"CHANGE": "patch commit", "BREAKS": "breaks broke"}
    rules = [
        Rule("report", "x", 0.5, ("CHANGE ~2 BREAKS", "after @release"), key="BREAKS"),
        Rule("report", "y", 0.5, ("no-one really?", "it"), key="it"),
    ]
    engine = Engine(rules, classes)
    masked = ["@release" if word == "v6.2" else word for word in words]
    if engine.find(masked):
        assert engine.may_fire(" ".join(words))


def test_hits_of_a_rule_do_not_overlap_and_are_the_longest() -> None:
    engine = Engine([Rule("report", "x", 0.5, ("a ~3 b", "a"), key="b")], {})
    hits = engine.find(["a", "c", "b", "b", "a"])
    assert [(hit.first, hit.last) for hit in hits] == [(0, 3), (4, 4)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It calls do_wp_page() there.", "it calls do_wp_page() there ."),
        ("See mm/memory.c and 5.9-rc4.", "see mm/memory.c and @release ."),
        ("Commit 0123456789abcdef is it.", "commit @commit is it ."),
        ("It doesn\u2019t.", "it doesn't ."),
        ("Look at https://lore.kernel.org/r/x@example.org/.", "look at @mail ."),
    ],
)
def test_names_stay_whole(text: str, words: str) -> None:
    [sentence] = sentences(mail(text, subject="Re: x", parent="p@example.org"), lambda _: True)
    assert " ".join(sentence.words) == words


def test_sentences_end_where_a_reader_ends_them() -> None:
    body = "One e.g. here. Two!  Three?\n- four\n- five goes\n  on\n[  1.234567] six\nseven\n"
    found = sentences(mail(body, subject="Re: x", parent="p@example.org"), lambda _: True)
    texts = [body[s.start : s.stop] for s in found]
    assert texts == ["One e.g. here.", "Two!", "Three?", "- four", "- five goes\n  on", "seven"]
