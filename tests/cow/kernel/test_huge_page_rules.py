"""Rules of transparent huge pages and of hugetlb, one plain story each."""

from __future__ import annotations

import pytest

from tests.cow.kernel.worlds import counter, end, ends, frame, mapping, registers
from threadkit.cow.eras import Era, base_eras

every_era = pytest.mark.parametrize("rules", base_eras(), ids=lambda one: one.letter)
THP = "x = thp rw 1 2;"
READ_ONLY = "x = thp rw 1 2 readonly_pte;"
BY_PTES = "x = thp rw 1 2 pte_mapped readonly_pte;"
HUGETLB = "x = hugetlb rw 1 2;"
FORKED = "parent: fork child; child: exit; "


def kinds(rules: Era | str, program: str, pages: str) -> set[str | None]:
    """Return the frames of both halves in the parent."""
    view = end(program, rules, pages)
    return {mapping(view, "parent", "x", half).frame for half in (0, 1)}


class TestPmd:
    """do_huge_pmd_wp_page(), copy_huge_pmd(), mm/huge_memory.c."""

    @every_era
    def test_a_huge_page_of_ones_own_is_written_in_place(self, rules: Era) -> None:
        view = end("parent: write x[0] = 3;", rules, READ_ONLY)
        assert counter(view, "copies") == 0
        assert frame(view, "parent", "x", 0).content == (3, 2)

    @every_era
    def test_fork_shares_it_by_its_pmd(self, rules: Era) -> None:
        view = end("parent: fork child;", rules, THP)
        assert frame(view, "parent", "x", 0).refcount == 2
        assert all(entry.huge and not entry.writable for entry in view.mappings)

    @every_era
    def test_a_write_to_a_shared_one_leaves_the_others_content(self, rules: Era) -> None:
        view = end("parent: fork child; parent: write x[1] = 9; child: r0 = read x[1];", rules, THP)
        assert registers(view)["child:r0"] == 2
        assert frame(view, "parent", "x", 1).content[1] == 9

    @pytest.mark.parametrize(
        ("letter", "whole"), [("D", True), ("E", False), ("F0", False), ("J", False)]
    )
    def test_not_reused_it_is_copied_whole_or_split(self, letter: str, whole: bool) -> None:
        """3917c80280c9 (5.8): split and fall back to small pages instead of copying."""
        view = end("parent: fork child; parent: write x[0] = 3;", letter, THP)
        assert mapping(view, "parent", "x", 1).huge is whole
        assert counter(view, "copies") == (2 if whole else 1)

    @pytest.mark.parametrize(
        ("letter", "copies"), [("E", 0), ("F0", 0), ("F3", 0), ("G", 1), ("H", 0), ("J", 0)]
    )
    def test_a_pin_of_ones_own_counts_in_5_18_only(self, letter: str, copies: int) -> None:
        """3bff7e3f1f16 (5.18) asks page_count(); 5.19 asks PageAnonExclusive first."""
        program = "parent: pin p = x write; parent: mprotect x r; parent: mprotect x rw; "
        view = end(f"{program} parent: write x[0] = 3;", letter, THP)
        assert counter(view, "copies") == copies
        assert ((("wrong", "I2")) in view.harms) is bool(copies)

    @every_era
    def test_a_busy_page_lock_is_waited_for_from_4_14_on(self, rules: Era) -> None:
        """ba3c4ce6def4: lock_page(), in the eras too that only try for small pages."""
        program = "lockholder: lock h = parent.x; par { parent { write x[0] = 3; } lockholder { unlock h; } }"
        waits = max(counter(view, "lock_waits") for view in ends(FORKED + program, rules, THP))
        asked = rules.policy.do_huge_pmd_wp_page != "page_mapcount"
        assert waits == asked

    @every_era
    def test_a_pinned_one_is_split_at_fork_and_copied_for_the_child(self, rules: Era) -> None:
        """d042035eaf5f (5.9)."""
        view = end("parent: pin p = x write; parent: fork child;", rules, THP)
        copies = rules.policy.copy_present_pte == "copy_pinned"
        assert mapping(view, "parent", "x", 0).huge is not copies
        assert mapping(view, "parent", "x", 1).writable is copies
        assert counter(view, "copies") == 2 * copies
        assert registers(
            end("parent: pin p = x write; parent: fork child; child: r0 = read x[1];", rules, THP)
        ) == {"child:r0": 2}

    @every_era
    def test_a_forced_write_that_splits_it_still_breaks_cow(self, rules: Era) -> None:
        """faultin_page() goes on only behind VM_FAULT_WRITE: splitting alone is none."""
        pages = "x = thp ro 1 2; process tracer;"
        program = "parent: fork child; tracer: ptrace_write parent.x[0] = 7; child: r0 = read x[0];"
        view = end(program, rules, pages)
        assert registers(view) == {"child:r0": 1}
        assert not {("missed", "I1"), ("missed", "I11")} & set(view.harms)

    @every_era
    @pytest.mark.parametrize("gone", ["munmap x", "madvise x DONTNEED", "mprotect x r"])
    def test_both_halves_leave_the_tlb_with_their_pmd(self, rules: Era, gone: str) -> None:
        """flush_pmd_tlb_range(): no thread stores into a half that is gone."""
        program = f"helper: write x[1] = 5; parent: {gone}; helper: write x[1] = 6;"
        view = end(program, rules, f"{THP} thread helper of parent;")
        assert ("broken", "I8") not in view.harms
        for one in view.frames:
            assert one.content[1] != 6 or gone == "madvise x DONTNEED"


class TestMappedByPtes:
    """wp_can_reuse_anon_folio(), mm/memory.c."""

    @pytest.mark.parametrize(
        ("letter", "copies"),
        [("C", 0), ("E", 0), ("F0", 2), ("G", 2), ("H", 2), ("6.12", 2), ("J", 0)],
    )
    def test_once_shared_and_alone_again(self, letter: str, copies: int) -> None:
        """By mapcount; by page_count() of the head; never (6.9); by who owns it (6.15).

        The last half in use has one reference, which is enough for 5.9 to 6.8.
        """
        program = f"{FORKED} parent: write x[0] = 3; parent: write x[1] = 4;"
        last_is_reused = letter in ("F0", "G", "H")
        assert counter(end(program, letter, BY_PTES), "copies") == copies - last_is_reused

    @pytest.mark.parametrize(("letter", "copies"), [("E", 1), ("6.8", 1), ("6.9", 2), ("J", 2)])
    def test_the_last_half_in_use(self, letter: str, copies: int) -> None:
        """cd197c3a2040 (6.9) and 1da190f4d0a6 (6.15): never reused, so that the rest is freed."""
        program = "parent: fork child; parent: write x[1] = 3; child: exit; parent: write x[0] = 4;"
        assert counter(end(program, letter, BY_PTES), "copies") == copies

    @pytest.mark.parametrize(("letter", "copies"), [("E", 0), ("J", 1)])
    def test_a_reference_is_a_user_to_the_owner_rule(self, letter: str, copies: int) -> None:
        """1da190f4d0a6 (6.15): every reference has to be a mapping."""
        program = f"{FORKED} noise: get_page h = parent.x; parent: write x[0] = 3;"
        assert counter(end(program, letter, BY_PTES), "copies") == copies

    @every_era
    def test_collapsing_makes_one_huge_page_with_both_halves(self, rules: Era) -> None:
        """collapse_huge_page(); MADV_COLLAPSE is of 6.1."""
        view = end("parent: write x[0] = 3; parent: madvise x COLLAPSE;", rules, BY_PTES)
        assert mapping(view, "parent", "x", 0).huge
        assert frame(view, "parent", "x", 1).content == (3, 2)

    @every_era
    def test_a_page_under_gup_is_not_collapsed(self, rules: Era) -> None:
        """is_refcount_suitable(), mm/khugepaged.c."""
        view = end("parent: pin p = x write; parent: madvise x COLLAPSE;", rules, BY_PTES)
        assert not mapping(view, "parent", "x", 0).huge

    @every_era
    def test_what_is_read_only_altogether_is_not_collapsed(self, rules: Era) -> None:
        """SCAN_PAGE_RO, mm/khugepaged.c, 6.1 and 6.12; fork makes all of it read-only."""
        for program, pages in (
            ("parent: madvise x COLLAPSE;", "x = thp ro 1 2 pte_mapped;"),
            ("parent: fork child; parent: madvise x COLLAPSE;", BY_PTES),
        ):
            assert not mapping(end(program, rules, pages), "parent", "x", 0).huge

    @every_era
    def test_one_writable_half_is_enough_to_collapse(self, rules: Era) -> None:
        program = "parent: fork child; parent: write x[0] = 3; parent: madvise x COLLAPSE;"
        view = end(program, rules, BY_PTES)
        assert mapping(view, "parent", "x", 0).huge
        assert mapping(view, "parent", "x", 0).writable


class TestHugetlb:
    """hugetlb_wp(), copy_hugetlb_page_range(), mm/hugetlb.c."""

    @every_era
    def test_one_mapping_is_reused_whoever_else_holds_it(self, rules: Era) -> None:
        """To this day; page_count() until 0fe6e20b9c4c (2.6.36)."""
        view = end(
            "noise: get_page h = parent.x; parent: write x[0] = 3;",
            rules,
            "x = hugetlb rw 1 2 readonly_pte;",
        )
        assert counter(view, "copies") == (rules.policy.hugetlb_wp == "page_count")

    @every_era
    def test_vmsplice_of_a_childs_reads_what_the_parent_writes(self, rules: Era) -> None:
        """The expected failure of cow.c on hugetlb."""
        program = """parent: fork child; child: vmsplice g = x; child: munmap x;
            parent: write x[0] = 3; child: r0 = pipe_read g[0];"""
        leaks = rules.policy.hugetlb_wp == "page_mapcount" and rules.letter != "E"
        assert registers(end(program, rules, HUGETLB))["child:r0"] == (3 if leaks else 1)

    @pytest.mark.parametrize(("release", "copies"), [("5.11", 0), ("5.12", 1), ("6.1", 1)])
    def test_a_pinned_one_is_copied_at_fork_from_5_12_on(self, release: str, copies: int) -> None:
        """4eae4efa2c29."""
        view = end("parent: pin p = x write; parent: fork child;", release, HUGETLB)
        assert counter(view, "copies") == copies

    @every_era
    def test_it_is_never_swapped_out(self, rules: Era) -> None:
        view = end("reclaim: swap_out parent.x;", rules, HUGETLB)
        assert mapping(view, "parent").state == "present"
