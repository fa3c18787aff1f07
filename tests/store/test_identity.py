"""Copies, imposters and which copy is preferred."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.store.identity import LIST_PREFERENCE, content_hash, list_rank


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("netdev.lists.linux.dev", "linux-mm.vger.kernel.org"),
        ("linux-mm.vger.kernel.org", "linux-mm.kvack.org"),
        ("linux-mm.kvack.org", None),
    ],
)
def test_preference_goes_by_list(better: str, worse: str | None) -> None:
    assert list_rank(better) < list_rank(worse)


def test_a_transcription_is_the_last_choice() -> None:
    assert list_rank("x.linux.dev", transcribed=True) > list_rank(None)


@given(st.text(max_size=40))
def test_every_list_has_a_rank(list_id: str) -> None:
    assert 0 <= list_rank(list_id) <= len(LIST_PREFERENCE)


@given(st.lists(st.text("abc äöü", min_size=1, max_size=9), max_size=9), st.sampled_from(" \n\t"))
def test_white_space_and_8_bit_damage_do_not_count(words: list[str], space: str) -> None:
    plain = content_hash("key", None, " ".join(words), [])
    damaged = "".join(c if c < "\x7f" else "\ufffd" for c in space.join(words))
    assert content_hash("key", None, damaged, []) == plain


@given(st.text("abc ", max_size=20), st.text("abc ", max_size=20))
def test_other_words_are_another_mail(one: str, other: str) -> None:
    same = content_hash("key", None, one, []) == content_hash("key", None, other, [])
    assert same == ("".join(one.split()) == "".join(other.split()))


def test_subject_and_date_count() -> None:
    base = content_hash("key", "2024-01-01T00:00:00Z", "text", [])
    assert content_hash("other", "2024-01-01T00:00:00Z", "text", []) != base
    assert content_hash("key", "2024-01-02T00:00:00Z", "text", []) != base


def test_attachments_count_only_without_text() -> None:
    assert content_hash("k", None, "text", [1]) == content_hash("k", None, "text", [2])
    assert content_hash("k", None, " \n", [1]) != content_hash("k", None, "", [2])
