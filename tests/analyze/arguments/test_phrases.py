"""Phrases: contractions, forms, gaps, choices, starts and ends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.analyze.arguments.phrases import Phrases, Piece, phrase, pieces
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


_STEPS = st.lists(st.sampled_from(["a", "b", "c", "a|b", "..", "a?", "b|c?"]), max_size=4)
_PHRASES = st.tuples(st.sampled_from(["a", "b", "a|c", "^"]), _STEPS, st.sampled_from(["", " $"]))


def ends(steps: list[str], words: list[str], at: int) -> set[int]:
    """Say by hand where a phrase may end."""
    if not steps:
        return {at}
    step, rest = steps[0], steps[1:]
    if step == "..":
        return {end for more in range(4) for end in ends(rest, words, at + more)}
    if step == "$":
        return {at} if at >= len(words) else set()
    here = words[at : at + 1]
    found = ends(rest, words, at + 1) if here and here[0] in step.strip("?").split("|") else set()
    return found | (ends(rest, words, at) if step.endswith("?") else set())


@given(
    st.lists(_PHRASES.map(lambda one: " ".join([one[0], *one[1]]) + one[2]), max_size=6, unique=True),
    st.lists(st.sampled_from(["a", "b", "c", "d", "^"]), max_size=9),
)  # fmt: skip
def test_many_phrases_find_what_each_finds_by_hand(phrases: list[str], some: list[str]) -> None:
    read = [Piece(word, number) for number, word in enumerate(some)]
    found = Phrases({text: [text] for text in phrases}).find(read)
    expected: dict[tuple[str, int], set[int]] = {}
    for name in phrases:
        first, *rest = name.split()
        for at in range(len(some)) if first != "^" else (0,):
            begins = first == "^" or some[at] in first.split("|")
            if begins and (stops := ends(rest, some, at + (first != "^"))):
                expected[name, at] = stops
    assert {(name, start) for name, start, _ in found} == set(expected)
    assert all(stop in expected[name, start] for name, start, stop in found)
