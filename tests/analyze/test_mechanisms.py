"""The lexicon: every entry is found by words of its own, and only whole words count."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.analyze.mechanisms import GENERAL, LEXICON, TOPICS, mechanisms, shared

SAMPLES = {
    "fork-pin": "a pinned page is copied at fork()",
    "gup-pin": "pin_user_pages() returns the page",
    "o-direct": "an O_DIRECT read is lost",
    "mprotect": "after mprotect() off and on",
    "swap": "it was put into the swap cache",
    "ksm": "KSM merged it",
    "uffd-wp": "the uffd-wp bit is lost",
    "soft-dirty": "writing to clear_refs",
    "numa-migration": "NUMA balancing moved it",
    "thp": "a THP is split",
    "hugetlb": "only hugetlb is affected",
    "page-lock": "trylock_page fails",
    "foll-force": "with FOLL_FORCE",
    "madvise": "MADV_FREE frees it",
    "zero-page": "the shared zeropage is pinned",
    "leak-to-child": "the child observes what the parent writes",
    "dax": "on pmem",
    "cgroup-charge": "charged to the memcg of the parent",
    "unlock-late": "a misplaced unlock_page",
    "deadlock": "an ABBA deadlock",
    "hang": "the machine locks up",
    "use-after-free": "KASAN tells of a use-after-free",
    "null-dereference": "a NULL pointer dereference",
    "memory-leak": "it leaks memory",
    "out-of-memory": "the oom-killer comes",
    "performance": "the throughput drops",
    "data-corruption": "files are corrupted",
    "build": "it fails to build",
    "boot": "the board doesn't boot",
    "suspend": "after suspend",
    "locking": "lockdep complains of a race",
    "refcount": "a refcount leak",
    "abi": "that is an ABI break",
    "security": "known as CVE-2024-12345",
}


def test_every_entry_has_a_sample() -> None:
    assert set(SAMPLES) == set(LEXICON)
    assert set(LEXICON) >= GENERAL


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_an_entry_is_found(name: str) -> None:
    assert name in mechanisms(SAMPLES[name])


@pytest.mark.parametrize(
    "text",
    [
        "do_wp_page() looks at page_count() and copies",
        "swapfile.config pinpoint forklift",
        "the traces of a thread",
        "a spinning disk on a small machine",
        "",
    ],
)
def test_parts_of_words_are_not(text: str) -> None:
    assert mechanisms(text) == frozenset()


@given(st.lists(st.sampled_from(sorted(SAMPLES)), max_size=4))
def test_more_text_never_loses_a_mechanism(names: list[str]) -> None:
    text = ". ".join(SAMPLES[name] for name in names)
    assert mechanisms(text) >= set(names)


NAMES = st.frozensets(st.sampled_from(sorted(LEXICON)), max_size=5)


@given(NAMES, NAMES)
def test_sharing_is_mutual_and_within_both(one: frozenset[str], other: frozenset[str]) -> None:
    assert shared(one, other) == shared(other, one) <= one & other
    if (one & other) - GENERAL - TOPICS:
        assert shared(one, other)


def test_a_general_one_decides_only_where_nothing_else_is_named() -> None:
    lost = frozenset({"data-corruption"})
    assert shared(lost, lost) == lost
    assert not shared(lost, lost | {"swap"})


def test_a_topic_is_no_way_to_break_where_both_name_another() -> None:
    pinned = frozenset({"gup-pin"})
    assert not shared(pinned | {"fork-pin"}, pinned | {"swap"})
    assert shared(pinned | {"fork-pin"}, pinned | {"fork-pin", "swap"}) == {"fork-pin"}
    assert shared(pinned, pinned | {"swap"}) == pinned
