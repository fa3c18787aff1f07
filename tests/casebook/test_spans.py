"""A passage is where it was, or found again by its words, or missing; never guessed."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from threadkit.analyze.debate.names import exact_hash, loose_hash
from threadkit.casebook.spans import Passage, find_passage
from threadkit.casebook.values import Place

WORDS = st.lists(st.text(alphabet="abcdefgh.,éß", min_size=1, max_size=8), min_size=1, max_size=60)


def place(body: str, start: int, stop: int) -> Place:
    text = body[start:stop]
    return Place("a@example.org", start, stop, exact_hash(text), loose_hash(text))


@given(WORDS, st.data())
def test_an_unchanged_body_has_it_where_it_was(words: list[str], data: st.DataObject) -> None:
    body = " ".join(words)
    start = data.draw(st.integers(0, len(body)))
    stop = data.draw(st.integers(start, len(body)))
    assert find_passage(body, place(body, start, stop)) == Passage("here", start, stop)


@given(WORDS, st.data(), st.integers(10, 40), st.sampled_from(["", "> ", "> > ", ">>", "| "]))
def test_wrapping_and_quoting_only_moves_it(
    words: list[str], data: st.DataObject, width: int, mark: str
) -> None:
    """What is found has the hash that was asked for, even if the words stand there twice."""
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    before = " ".join(words[:first])
    start = len(before) + bool(before)
    said = " ".join(words[first : last + 1])
    asked = place(" ".join(words), start, start + len(said))
    wrapped = textwrap.wrap(" ".join(words), width, break_long_words=False, break_on_hyphens=False)
    body = "Somebody wrote:\n" + "\n".join(mark + line for line in wrapped)
    found = find_passage(body, asked)
    assert found.kind in ("here", "moved")
    assert loose_hash(body[found.start : found.stop]) == asked.loose


@given(WORDS, WORDS)
def test_other_words_are_missing(words: list[str], others: list[str]) -> None:
    assume(" ".join(words) not in " ".join(others))
    body, said = " ".join(others), " ".join(words)
    assert find_passage(body, place(said, 0, len(said))) == Passage("missing")


@given(st.text(max_size=200), st.integers(0, 300), st.integers(0, 300))
def test_no_body_raises(body: str, start: int, length: int) -> None:
    asked = Place("a@example.org", start, start + length, "0" * 64, "f" * 64)
    assert find_passage(body, asked) == Passage("missing")


def test_of_two_equal_passages_the_nearer_is_meant() -> None:
    body = "It broke. Really? It broke."
    asked = place(f"Bo said: {body}", 27, 36)
    assert find_passage(body, asked) == Passage("moved", 18, 27)


def test_a_passage_that_is_spaced_otherwise_has_moved_although_it_stands_there() -> None:
    asked = place("It  broke", 0, 9)
    assert find_passage("It\nbroke\n", asked) == Passage("moved", 0, 8)


@pytest.mark.parametrize("wrong", ["exact", "loose"])
def test_hashes_that_do_not_agree_are_no_find(wrong: str) -> None:
    right = place("It broke.", 0, 9)
    hashes = {"exact": right.exact, "loose": right.loose, wrong: "0" * 64}
    found = find_passage("It broke.", Place("a@example.org", 0, 9, **hashes))
    assert found.kind == ("moved" if wrong == "exact" else "missing")


def test_a_passage_that_is_nowhere_is_missing() -> None:
    unseen = Place("a@example.org", unseen="no copy is at hand")
    assert find_passage("It broke.", unseen) == Passage("missing")


def test_a_long_mail_is_given_up_after_a_bounded_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("threadkit.casebook.spans.TRIES_MOST", 100)
    body = "word " * 500 + "the end"
    assert find_passage(body, place("the end", 0, 7)).kind == "missing"
