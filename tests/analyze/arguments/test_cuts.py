"""Sentences of mail end where a reader says so, whatever else has dots."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.analyze.arguments.cuts import sentences

WHOLE = (
    "This is seen with e.g. v5.9.1 and i.e. on x86.",
    "It calls do_wp_page() and page_count() at mm/memory.c:2927 here.",
    "It is in 5.10.4 vs. 5.9-rc1, cf. the log.",
    "See https://example.org/a.b?c=d. for it",
    "Look at 20200901.123456@example.org for it.",
    "Hmm... not so sure",
    "Reclaim, migration, etc. are all hit.",
    "That is in Fig. 2 of No. 7 there.",
    "I asked (why?) and got nothing.",
    'He said "why?" and left.',
    "It shows (!!) and fails.",
)
PARTED = (
    ("It broke. I saw it.", ["It broke.", "I saw it."]),
    ("Really? No! Yes.", ["Really?", "No!", "Yes."]),
    ("It works. do_wp_page() does not.", ["It works.", "do_wp_page() does not."]),
    ("It works now :) No. Then", ["It works now :) No.", "Then"]),
    ("He tried it. [1] It failed. [2]", ["He tried it. [1]", "It failed. [2]"]),
    ("Nice try. ;-) Now fix it.", ["Nice try. ;-)", "Now fix it."]),
    ("(So it is.) Fine.", ["(So it is.)", "Fine."]),
    ('It is "done." Now rest.', ['It is "done."', "Now rest."]),
    ("We take page X.  Since then it fails.", ["We take page X.", "Since then it fails."]),
    ("That is in 5.9. Then 5.10 broke.", ["That is in 5.9.", "Then 5.10 broke."]),
    ("Wait... That is odd.", ["Wait...", "That is odd."]),
    ("It ends\nhere. And this\ngoes on", ["It ends\nhere.", "And this\ngoes on"]),
    ("all lower case.  still two", ["all lower case.", "still two"]),
    ("Pages, slabs, etc. Then more.", ["Pages, slabs, etc.", "Then more."]),
    ("?", ["?"]),
    ("...", []),
)


def cut(text: str) -> list[str]:
    return [text[start:stop] for start, stop in sentences(text, 0, len(text), 0)]


@pytest.mark.parametrize("text", WHOLE)
def test_what_is_one_sentence_stays_one(text: str) -> None:
    assert cut(text) == [text]


@pytest.mark.parametrize(("text", "parts"), PARTED)
def test_sentences_are_parted(text: str, parts: list[str]) -> None:
    assert cut(text) == parts


def test_no_sentence_ends_in_the_mark_of_an_item() -> None:
    text = "1. Take the lock. 2 is next."
    assert [text[a:b] for a, b in sentences(text, 0, len(text), 3)] == [
        "1. Take the lock.",
        "2 is next.",
    ]


WORDS = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyz"), min_size=3, max_size=8).filter(
    lambda word: word not in ("viz", "esp", "aka", "wrt", "nos", "fig", "figs", "sec", "sect",
                              "approx", "resp", "incl", "excl", "prof", "ibid", "orig", "mrs")
)  # fmt: skip


@given(st.lists(st.lists(WORDS, min_size=2, max_size=8), min_size=1, max_size=6),
       st.sampled_from((" ", "\n", "  ", " \n")), st.sampled_from(".?!"))  # fmt: skip
def test_plain_sentences_are_found_again(parts: list[list[str]], gap: str, end: str) -> None:
    said = [f"{' '.join(words).capitalize()}{end}" for words in parts]
    assert cut(gap.join(said)) == said


@given(st.text(max_size=300))
def test_sentences_of_any_text_are_in_order_and_lose_no_word(text: str) -> None:
    last = 0
    covered = ""
    for start, stop in sentences(text, 0, len(text), 0):
        assert last <= start < stop <= len(text)
        assert text[start:stop] == text[start:stop].strip()
        assert not any(letter.isalnum() for letter in text[last:start])
        last = stop
        covered += text[start:stop]
    assert [c for c in covered if c.isalnum()] == [c for c in text if c.isalnum()]


@pytest.mark.parametrize(
    "run", ["." * 400_000, "!?" * 200_000, "." + " " * 400_000, '."' * 200_000]
)
def test_long_runs_are_read_once(run: str) -> None:
    """Tried again from every character, these would take an hour."""
    text = f"It ends{run}x. Then more."
    assert cut(text)[-1] == "Then more."
