"""The sentence around a passage."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.analyze.sentences import sentence_at


def around(text: str, word: str = "HERE") -> str:
    start = text.index(word)
    low, high = sentence_at(text, start, start + len(word), 0, len(text))
    return text[low:high]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("One. Two HERE three. Four.", "Two HERE three."),
        ("One! (Two HERE\nthree?) Four.", "(Two HERE\nthree?)"),
        ("see e.g. HERE, i.e. that", "see e.g. HERE, i.e. that"),
        ("One\n\nTwo HERE\n\nThree", "Two HERE"),
        ("* one\n* two HERE\n* three", "* two HERE"),
        ("1. one\n2. HERE\n3. three", "2. HERE"),
        ("Fixes: x\nLink: HERE\nCc: y", "Link: HERE"),
        ("Title\n=====\nHERE it is", "HERE it is"),
        ("in v5.9 HERE 5.10.1 too", "in v5.9 HERE 5.10.1 too"),
        ("# good: x\n# bad: HERE\ngit bisect bad", "# bad: HERE"),
        ("text\n\t5.1 HERE\n\t5.2 z", "5.1 HERE"),
        ("HERE", "HERE"),
    ],
)
def test_sentences_and_lines(text, sentence):
    assert around(text) == sentence


TEXTS = st.lists(
    st.sampled_from(["word", " ", ". ", "\n", "\n\n", "* ", "e.g. ", "Cc: ", "---\n", "?", "\t"]),
    max_size=30,
).map("".join)


@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_the_passage_is_inside_and_nothing_outside_is_looked_at(far, before, after, beyond):
    text = f"{far}{before}X{after}{beyond}"
    start, low = len(far) + len(before), len(far)
    high = start + 1 + len(after)
    first, last = sentence_at(text, start, start + 1, low, high)
    assert low <= first <= start < last <= high
    assert text[first:last] == text[first:last].strip()
    alone = sentence_at(f"{before}X{after}", start - low, start - low + 1, 0, high - low)
    assert (first, last) == (alone[0] + low, alone[1] + low)


def test_a_sentence_without_an_end_is_cut():
    text = "word " * 1000
    low, high = sentence_at(text, 2500, 2504, 0, len(text))
    assert 700 < high - low < 810
