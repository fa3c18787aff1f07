"""The rules of single kernels, as their sources and commits say them."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.cow.eras import base_eras, era, eras
from threadkit.cow.eras.release import release_named
from threadkit.cow.eras.timeline import MAINLINE

KEYS = tuple(one.key for one in (*eras(), *eras("release")))
BASE_KEYS = [
    "refcount_2612",
    "mapcount_trylock",
    "mapcount_locked",
    "mapcount_foll_cow",
    "mapcount_ksm",
    "forced_gup_cow",
    "refcount_nofork",
    "refcount_forkcopy",
    "refcount_noswap",
    "refcount_uffd_dirty",
    "refcount_swapaware",
    "anon_exclusive_foll_cow",
    "anon_exclusive",
    "anon_exclusive_ro",
    "anon_exclusive_dio",
    "mm_id",
]
OTHER_KEYS = {
    "stable": "stable_5_10 stable_6_1 stable_6_12 stable_6_18",
    "proposal": "hugh_2020 jason_2020 linus_2021 pinned_dontfork mapcount_nolock mapcount_ptl_held andrea_2021"
    " ksm_unfrozen",
    "series": "seed_1 seed_2 seed_3 seed_4 seed_1_2 seed_1_2_3 seed_1_2_3_4",
    "counterfactual": "built_mapcount_locked built_mapcount_trylock built_refcount_nofork"
    " built_mapcount_forkcopy",
}


def changed(before: str, after: str) -> dict[str, tuple[object, object]]:
    """What differs, by field: before and after."""
    found = era(after).changed_from(era(before))
    return {one.field: (one.before, one.after) for one in found}


def test_base_eras_are_in_order_and_no_two_decide_alike() -> None:
    assert [one.key for one in base_eras()] == BASE_KEYS
    assert len({one.policy for one in base_eras()}) == len(BASE_KEYS)


@pytest.mark.parametrize("kind", OTHER_KEYS)
def test_other_eras_have_their_keys(kind: str) -> None:
    found = eras(kind)  # type: ignore[arg-type]
    assert [one.key for one in found] == OTHER_KEYS[kind].split()
    assert {one.kind for one in found} == {kind}


def test_keys_and_letters_are_each_one_era() -> None:
    assert len(set(KEYS)) == len(KEYS)
    letters = [one.letter for one in base_eras()]
    assert len(set(letters)) == len(letters)


def test_the_timeline_is_in_order_of_release() -> None:
    releases = [release_named(one.release) for one in MAINLINE]
    assert releases == sorted(releases)


@pytest.mark.parametrize(
    ("before", "after", "fields"),
    [
        ("A", "B", "do_wp_page do_swap_page try_to_unmap"),
        ("B", "C", "do_wp_page wp_trylock_failed"),
        ("C", "C2", "foll_force hugetlb_wp"),
        ("C2", "D", "reuse_ksm_page do_huge_pmd_wp_page"),
        ("E", "F0", "do_wp_page wp_trylock_failed wp_unlock_page reuse_ksm_page gup_read"
         " large_folio_wp pgreuse"),
        ("F0", "F1", "wp_unlock_page copy_present_pte fork_against_gup_fast"),
        ("F1", "F2", "fork_against_gup_fast shrink_page_list clear_refs clear_refs_lock"),
        ("F3", "G", "do_wp_page do_swap_page do_huge_pmd_wp_page"),
        ("H0", "H", "foll_force change_pte_range"),
        ("H", "I", "gup_read change_pte_range"),
        ("I", "I2", "odirect vma_lock"),
        ("I2", "J", "swapin_read_writable large_folio_wp"),
        ("forced_gup_cow", "seed_1_2_3_4", "do_wp_page wp_trylock_failed wp_unlock_page"
         " reuse_ksm_page gup_read large_folio_wp pgreuse"),
        ("5.10", "5.10.262", "fork_against_gup_fast shrink_page_list clear_refs clear_refs_lock"
         " uffd_wp_flush"),
        ("6.1", "stable_6_1", ""),
        ("F2", "F3", "uffd_wp_flush hugetlb_fork uffd_continue_dirty wp_page_copy"),
        ("stable_6_12", "stable_6_18", "large_folio_wp"),
        ("5.7", "hugh_2020", "wp_pretest reuse_ksm_page"),
        ("5.9-rc5", "jason_2020", "wp_maybe_pinned"),
        ("5.9-rc7", "pinned_dontfork", "copy_present_pte"),
        ("5.7", "mapcount_nolock", "wp_trylock_failed"),
        ("5.11", "andrea_2021", "do_wp_page wp_trylock_failed large_folio_wp reuse_ksm_page"),
        ("5.11", "linus_2021", "copy_present_pte fork_has_pinned clear_refs shrink_page_list"),
        ("stable_5_10", "built_refcount_nofork", "copy_present_pte"),
        ("stable_5_10", "built_mapcount_forkcopy", "do_wp_page wp_trylock_failed large_folio_wp"),
    ],
)  # fmt: skip
def test_what_differs(before: str, after: str, fields: str) -> None:
    assert set(changed(before, after)) == set(fields.split())


def test_a_difference_names_the_commit_that_made_it() -> None:
    found = {one.field: one for one in era("F0").changed_from(era("E"))}
    assert [one.sha for one in found["gup_read"].commits] == ["a308c71bf1e6"]
    assert [one.sha for one in found["pgreuse"].commits] == ["798a6b87ecd7"]
    assert (found["gup_read"].before, found["gup_read"].after) == ("force_write", "as_mapped")


def test_of_a_proposal_the_mail_is_named() -> None:
    (found,) = era("jason_2020").changed_from(era("5.9-rc5"))
    assert not found.commits
    assert found.sources == ("mail 20200916174804.GC8409@ziepe.ca",)


@given(st.sampled_from(KEYS), st.sampled_from(KEYS))
def test_a_difference_is_the_same_from_both_sides(one: str, other: str) -> None:
    there, back = changed(one, other), changed(other, one)
    assert {field: (after, before) for field, (before, after) in back.items()} == there
    assert (not there) == (era(one).policy == era(other).policy)


@given(st.sampled_from(KEYS), st.sampled_from(KEYS))
def test_every_difference_has_a_reason(one: str, other: str) -> None:
    for found in era(one).changed_from(era(other)):
        assert found.why
        assert found.commits or found.sources


def test_the_reason_of_a_difference_is_what_only_one_side_has() -> None:
    forth = {one.field: one.why for one in era("F0").changed_from(era("E"))}
    back = {one.field: one.why for one in era("E").changed_from(era("F0"))}
    assert forth == back


def test_base_eras_grow_from_each_other() -> None:
    for before, after in pairwise(base_eras()):
        assert after.changes[: len(before.changes)] == before.changes


@pytest.mark.parametrize(
    "numbers", [one for size in (1, 2, 3, 4) for one in combinations("1234", size)], ids="_".join
)
def test_each_subset_of_the_series_is_the_sum_of_its_patches(numbers: tuple[str, ...]) -> None:
    base, whole = era("5.8").policy, era("seed_" + "_".join(numbers)).policy
    for field in (row.field for row in era("5.8").fields()):
        parts = {getattr(era(f"seed_{one}").policy, field) for one in numbers}
        parts.discard(getattr(base, field))
        assert {getattr(whole, field)} == (parts or {getattr(base, field)})


def test_the_series_is_what_was_merged() -> None:
    assert not changed("refcount_nofork", "seed_1_2_3_4")


def test_after_the_first_patch_the_second_removes_what_nobody_calls() -> None:
    assert not changed("seed_1", "seed_1_2")
    assert changed("5.8", "seed_2") == {"reuse_ksm_page": ("page_ref_freeze", "never")}


def test_built_kernels_and_5_10_are_the_2x2_of_reuse_and_fork() -> None:
    rules = {
        (era(key).value("do_wp_page"), era(key).value("copy_present_pte"))
        for key in (
            "stable_5_10",
            "built_refcount_nofork",
            "built_mapcount_locked",
            "built_mapcount_forkcopy",
        )
    }
    expected = {"page_count_1", "reuse_swap_page"}
    assert rules == {(one, two) for one in expected for two in ("share", "copy_pinned")}


@pytest.mark.parametrize("one", eras("counterfactual"), ids=lambda one: one.key)
def test_a_built_kernel_is_never_called_an_old_release(one) -> None:  # type: ignore[no-untyped-def]
    assert one.title.startswith("5.10 counterfactual: ")
    assert one.kernels == "built"


def test_5_10_counts_mappings_where_cve_2020_29374_is_open() -> None:
    rules = era("stable_5_10").policy
    assert rules.do_swap_page == rules.do_huge_pmd_wp_page == "reuse_swap_page"
    assert rules.hugetlb_fork == "share"
    assert rules.odirect == "get"
    assert rules.process_vm == "pin"
