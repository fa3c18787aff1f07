"""Phrases: contractions, forms, gaps, choices, starts and ends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.analyze.arguments.phrases import Phrases, phrase, pieces
from threadkit.analyze.arguments.tokens import words


def found(text: str, *phrases: str) -> list[tuple[int, int]]:
    some = Phrases({"x": phrases})
    return [(start, stop) for _, start, stop in some.find(pieces(words(text)))]


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("You're right.", True),
        ("you were right", True),
        ("you may well be right", False),
        ("You are of course right", True),
        ("you are very much more often right", False),
        ("your right", False),
    ],
)
def test_forms_are_one_and_a_gap_is_short(text: str, there: bool) -> None:
    assert bool(found(text, "you be .. right")) == there


def test_a_choice_finds_either_word_and_no_third() -> None:
    assert found("a b", "a b|c")
    assert found("a c", "a b|c")
    assert not found("a d", "a b|c")


def test_a_word_may_be_missing() -> None:
    assert found("need fixing", "need to? fixing")
    assert found("need to fixing", "need to? fixing")
    assert not found("need no fixing", "need to? fixing")


def test_start_and_end_hold() -> None:
    assert found("Right, but", "^ right")
    assert not found("All right", "^ right")
    assert found("It is so.", "so $")
    assert not found("so it is", "so $")


def test_names_are_found_by_their_kind() -> None:
    assert found("fixed by 09854ba94c6a", "by <sha>")
    assert not found("fixed by hand", "by <sha>")


@pytest.mark.parametrize("text", ["", ".. right", "a? b"])
def test_a_phrase_starts_with_a_word(text: str) -> None:
    with pytest.raises(ValueError, match="starts with a word"):
        phrase("x", text)


def test_pieces_name_their_token() -> None:
    tokens = words("I can't see it")
    read = pieces(tokens)
    assert [one.word for one in read] == ["i", "can", "not", "see", "it"]
    assert [tokens[one.token].norm for one in read] == ["i", "can't", "can't", "see", "it"]


@given(st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=12))
def test_a_gap_finds_what_a_search_by_hand_finds(some: list[str]) -> None:
    expected = [
        at
        for at, word in enumerate(some)
        if word == "a" and any(other == "b" for other in some[at + 1 : at + 5])
    ]
    assert [start for start, _ in found(" ".join(some), "a .. b")] == expected


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    tokens = words(text)
    read = pieces(tokens)
    assert [one.token for one in read] == sorted(one.token for one in read)
    assert {one.token for one in read} == set(range(len(tokens)))
