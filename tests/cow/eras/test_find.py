"""Finding eras by key, letter, release and kernel version."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.cow.eras import UnknownEra, base_eras, era, eras, kernel_era
from threadkit.cow.eras.release import Release, parse_release
from threadkit.errors import ThreadkitError

numbers = st.integers(0, 999)
releases = st.one_of(
    st.builds(
        Release,
        st.tuples(st.integers(3, 99), numbers),
        st.integers(0, 99),
    ),
    st.builds(Release, st.tuples(st.integers(3, 99), numbers), stable=st.integers(0, 999)),
    st.builds(Release, st.tuples(st.just(2), st.just(6), numbers), stable=st.integers(0, 99)),
)


@given(releases, st.sampled_from(["", "v"]))
def test_a_release_reads_back_from_its_name(release: Release, prefix: str) -> None:
    assert parse_release(prefix + str(release)) == release


@given(st.text(alphabet="0123456789.-rcv x", max_size=15))
def test_what_reads_as_a_release_is_one(name: str) -> None:
    found = parse_release(name)
    assert found is None or parse_release(str(found)) == found


@pytest.mark.parametrize("name", ["", "5", "2.6", "5.9-rc", "5.9.1.2", "5.9rc1", "5.٩", "next"])
def test_other_names_are_no_releases(name: str) -> None:
    assert parse_release(name) is None


@pytest.mark.parametrize("one", [*eras(), *eras("release")], ids=lambda one: one.key)
def test_every_era_is_found_by_its_key(one) -> None:  # type: ignore[no-untyped-def]
    assert era(one.key) == one
    assert era(one.key.upper()) == one


def test_base_eras_are_found_by_their_letters() -> None:
    for one in base_eras():
        assert era(one.letter) is one
        assert era(one.letter.lower()) is one


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("2.6.12", "refcount_2612"),
        ("v2.6.13", "mapcount_trylock"),
        ("2.6.28", "mapcount_trylock"),
        ("2.6.29", "mapcount_locked"),
        ("2.6.35", "mapcount_locked"),
        ("4.9", "mapcount_foll_cow"),
        ("5.1", "mapcount_ksm"),
        ("v5.8", "forced_gup_cow"),
        ("5.8-rc3", "forced_gup_cow"),
        ("5.9-rc3", "forced_gup_cow"),
        ("5.9-rc5", "refcount_nofork"),
        ("5.9-rc8", "refcount_forkcopy"),
        ("5.11", "refcount_noswap"),
        ("5.16", "refcount_uffd_dirty"),
        ("5.18-rc2", "refcount_swapaware"),
        ("5.19", "anon_exclusive_foll_cow"),
        ("6.1", "anon_exclusive"),
        ("6.3", "anon_exclusive_ro"),
        ("6.5", "anon_exclusive_dio"),
        ("6.18", "mm_id"),
        ("7.2", "mm_id"),
        ("5.10.262", "stable_5_10"),
        ("6.1.192", "stable_6_1"),
        ("6.12.1", "stable_6_12"),
    ],
)
def test_a_release_has_an_era(name: str, key: str) -> None:
    assert era(name).key == key


def test_a_release_within_an_era_has_the_rules_of_its_day() -> None:
    late = era("v5.10")
    assert (late.key, late.letter, late.kind) == ("5.10", "F1", "release")
    assert late.value("fork_against_gup_fast") == "none"
    assert era("F1").value("fork_against_gup_fast") == "wrprotect_first"
    assert era("6.4").value("vma_lock") == "vma_unlocked_fork"
    assert era("5.7").value("gup_pin") is True
    assert era("5.6").value("gup_pin") is False


def test_a_stable_release_has_the_backports_of_its_day() -> None:
    early = era("5.10.5")
    assert early.value("fork_against_gup_fast") == "seqcount"
    assert early.value("shrink_page_list") == "any"
    assert early.kind == "release"
    assert early.notes
    assert era("5.10.9").value("shrink_page_list") == "skip_pinned"
    assert era("5.10.23").value("uffd_wp_flush") == "deferred"
    assert era("5.10.24") == era("stable_5_10")


@pytest.mark.parametrize(
    "name",
    ["", "Z", "mapcount", "2.6.6", "4.21", "5.99", "6.20", "7.3", "8.0", "5.15.7", "seed_5"],
)
def test_what_is_not_known_is_said(name: str) -> None:
    with pytest.raises(UnknownEra) as caught:
        era(name)
    assert isinstance(caught.value, ThreadkitError)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("refcount_nofrok", "refcount_nofork"),
        ("hugh2020", "hugh_2020"),
        ("5.15.7", "5.15"),
    ],
)
def test_names_that_are_near_are_offered(name: str, near: str) -> None:
    with pytest.raises(UnknownEra, match=near) as caught:
        era(name)
    assert near in caught.value.near
    for one in caught.value.near:
        era(one)


@pytest.mark.parametrize(
    ("name", "distribution", "key"),
    [
        ("5.10.0-46-amd64", True, "stable_5_10"),
        ("5.10.262-1", True, "stable_5_10"),
        ("6.1.0-44-amd64", True, "stable_6_1"),
        ("6.1.0-44-cloud-amd64", True, "stable_6_1"),
        ("6.12.107+deb13-amd64", True, "stable_6_12"),
        ("6.18.44-fc-v595", False, "stable_6_18"),
        ("5.10.262-built-mapcount-locked", False, "built_mapcount_locked"),
        ("5.10.262-built_mapcount_trylock", False, "built_mapcount_trylock"),
        ("5.9.0-rc5+", False, "refcount_nofork"),
        ("5.8.0", False, "forced_gup_cow"),
        ("6.16.0-rc3", False, "mm_id"),
    ],
)
def test_a_kernel_has_the_rules_of_what_it_is(name: str, distribution: bool, key: str) -> None:
    assert kernel_era(name, distribution).key == key


@pytest.mark.parametrize(
    ("name", "distribution"),
    [
        ("5.15.0-91-generic", True),
        ("6.6.13", False),
        ("4.18.0-553.el8.x86_64", True),
        ("7.9.0", False),
        ("amd64", False),
        ("", True),
    ],
)
def test_an_unread_kernel_is_unknown_rather_than_guessed(name: str, distribution: bool) -> None:
    with pytest.raises(UnknownEra):
        kernel_era(name, distribution)


@given(st.text(max_size=30), st.booleans())
def test_any_version_is_known_or_refused(name: str, distribution: bool) -> None:
    with suppress(UnknownEra):
        found = kernel_era(name, distribution)
        assert era(found.key) == found


@given(st.integers(3, 7), st.integers(0, 30))
def test_a_release_is_found_by_the_key_of_its_era(major: int, minor: int) -> None:
    try:
        found = era(f"{major}.{minor}")
    except UnknownEra:
        return
    assert era(found.key) == found
    assert found.kind in {"base", "release"}
