"""Words as the search knows them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.site.folding import LONGEST, SHA, SKIPPED, fold, terms


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("page_count()", "page_count"),
        ("page_count()", "count"),
        ("`do_wp_page()`,", "wp"),
        ("PageAnonExclusive", "pageanonexclusive"),
        ("PageAnonExclusive", "anon"),
        ("FOLL_FORCE", "foll_force"),
        ("VMAs", "vmas"),
        ("Jérôme", "jerome"),
        ("GUP-fast", "gup"),
        ("e\u0301te\u0301", "ete"),
        ("x@example.org", "example"),
    ],
)
def test_found_by(text: str, word: str) -> None:
    assert word in set(terms(text))


def test_a_hash_has_twelve_digits_however_it_was_cited() -> None:
    sha = "09ab" * 10
    assert set(terms(f"{sha} {sha[:20]} {sha[:12]}")) == {sha[:SHA]}


def test_words_that_tell_nothing_and_single_letters_are_left_out() -> None:
    assert list(terms("it is a b of the")) == []
    assert "the" in SKIPPED


@given(st.text())
def test_terms_are_folded_and_of_bounded_length(text: str) -> None:
    for term in terms(text):
        assert 2 <= len(term) <= LONGEST
        assert term not in SKIPPED
        assert not any("A" <= one <= "Z" for one in term)


@given(st.text())
def test_folding_ascii_is_lower_case_and_folding_twice_changes_nothing_more(text: str) -> None:
    ascii_text = text.encode("ascii", "ignore").decode()
    assert fold(ascii_text) == ascii_text.lower()
    assert fold(fold(ascii_text)) == fold(ascii_text)
