"""What was read in 5.10.262, 6.1.192 and 6.12.107 where a guess would go another way."""

from __future__ import annotations

import pytest

from tests.cow.kernel.worlds import counter, end, ends, frame, mapping, registers
from threadkit.cow.eras import Era, base_eras

every_era = pytest.mark.parametrize("rules", base_eras(), ids=lambda one: one.letter)
TRACED = "x = anon ro 1 2; process tracer;"
HUGE = "x = thp rw 1 2;"
READ_IN = "parent: r0 = read x[0]; "


def harms(program: str, rules: str | Era, pages: str = "x = anon rw 1 2;") -> set[str]:
    """Return the invariants that some way to run a program breaks."""
    return {name for view in ends(program, rules, pages) for _, name in view.harms}


class TestLocks:
    """mmap_lock and the page-table lock, and how long they are held."""

    @every_era
    def test_fork_never_comes_between_a_forced_write_and_its_look(self, rules: Era) -> None:
        """access_remote_vm() holds mmap_lock until it has copied."""
        program = "par { tracer { ptrace_write parent.x[0] = 5; } parent { fork child; } }"
        assert harms(program, rules, TRACED) == set()

    @every_era
    def test_fork_does_come_between_a_pin_and_its_use(self, rules: Era) -> None:
        """process_vm_rw_single_vec() drops it before it copies."""
        program = (
            "par { tracer { process_vm_writev parent.x[0] = 5; } parent { fork child; } }"
            " child: r0 = read x[0];"
        )
        found = {
            registers(view)["child:r0"]
            for view in ends(program, rules, "x = anon rw 1 2; process tracer;")
        }
        assert found == {1, 5}

    @every_era
    def test_reclaim_never_takes_a_page_that_fork_is_looking_at(self, rules: Era) -> None:
        """copy_present_pte() looks and write-protects under one page-table lock."""
        program = (
            "par { parent { fork child; } reclaim { swap_out parent.x; } }"
            " parent: get p = x read fast; child: r0 = read x[0];"
        )
        assert {registers(view)["child:r0"] for view in ends(program, rules)} == {1}

    @every_era
    def test_dontneed_runs_beside_a_fault_of_another_thread(self, rules: Era) -> None:
        """madvise_need_mmap_write(): what was being copied is thrown away."""
        program = (
            "parent: fork child; par { parent { write x[0] = 3; } helper { madvise x DONTNEED; } }"
            " parent: r0 = read x[1];"
        )
        views = ends(program, rules, "x = anon rw 1 2; thread helper of parent;")
        assert {(counter(view, "copies"), registers(view)["parent:r0"]) for view in views} == {
            (0, 0),
            (1, 0),
        }


class TestReclaim:
    """shrink_page_list(), mm/vmscan.c."""

    @pytest.mark.parametrize("letter", ["F2", "F3", "G"])
    def test_pins_are_asked_for_before_a_page_is_in_the_swap_cache(self, letter: str) -> None:
        program = READ_IN + "parent: pin p = x read; reclaim: swap_out parent.x;"
        assert mapping(end(program, letter, "x = swapped rw 1 2;"), "parent").state == "swap"
        assert mapping(end(program, letter), "parent").state != "swap"

    @pytest.mark.parametrize(
        ("letter", "program"),
        [
            ("A", "parent: get p = x write; reclaim: swap_out parent.x;"),
            ("H", "par { parent { pin p = x write; } reclaim { swap_out parent.x; } }"),
            ("J", "par { parent { pin p = x write; } reclaim { swap_out parent.x; } }"),
        ],
    )
    def test_what_could_not_be_unmapped_stays_in_the_swap_cache(
        self, letter: str, program: str
    ) -> None:
        """activate_locked: try_to_free_swap() only when swap is nearly full."""
        assert any(
            mapping(view, "parent").state != "swap" and frame(view, "parent").swapcache
            for view in ends(program, letter)
        )

    @every_era
    def test_lists_of_new_pages_are_drained_first(self, rules: Era) -> None:
        view = end("reclaim: swap_out parent.x;", rules, "x = anon rw 1 2 lru_pending;")
        assert view.frames == () or not any(one.refcount for one in view.frames if one.swapcache)

    def test_a_read_maps_a_page_writable_only_if_nobody_waits_for_the_write(self) -> None:
        """20dfa5b7adc5 (6.11): pte_needs_soft_dirty_wp()."""
        out_and_in = "reclaim: swap_out parent.x; " + READ_IN
        assert mapping(end(out_and_in, "J"), "parent").writable
        assert not mapping(end("parent: clear_refs; " + out_and_in, "J"), "parent").writable


class TestHuge:
    """do_huge_pmd_wp_page(), mm/huge_memory.c, and who walks past huge pages."""

    @every_era
    def test_clear_refs_spares_pinned_pages_by_ptes_only(self, rules: Era) -> None:
        """clear_soft_dirty_pmd() never asked for pins."""
        program = "parent: pin p = x write longterm; parent: clear_refs;"
        assert not mapping(end(program, rules, HUGE), "parent", half=0).writable

    @every_era
    def test_clear_refs_leaves_hugetlb_out(self, rules: Era) -> None:
        view = end("parent: clear_refs;", rules, "x = hugetlb rw 1 2;")
        assert mapping(view, "parent").writable

    @pytest.mark.parametrize("letter", ["H0", "H", "I", "J"])
    def test_who_slept_looks_at_exclusive_again(self, letter: str) -> None:
        program = (
            "parent: fork child; child: exit; lockholder: lock l = parent.x; par {"
            " parent { write x[0] = 3; } helper { pin p = x read longterm; }"
            " lockholder { unlock l; } }"
        )
        assert harms(program, letter, HUGE + " thread helper of parent;") <= {"I3"}

    @every_era
    def test_a_pin_of_two_halves_is_not_wrong_while_one_is_missing(self, rules: Era) -> None:
        assert "I2" not in harms("parent: fork child; parent: pin p = x write;", rules, HUGE)


class TestUnshareAndKsm:
    """c89357e27f20 (5.19), and write_protect_page() of mm/ksm.c."""

    @pytest.mark.parametrize("letter", ["H0", "H", "I", "J"])
    def test_an_unshared_copy_keeps_the_marks_and_is_clean(self, letter: str) -> None:
        program = "parent: fork child; parent: uffd_wp x; parent: pin p = x read;"
        assert not mapping(end(program, letter), "parent").dirty
        events = counter(end(program + " parent: write x[0] = 3;", letter), "uffd_events")
        assert events == 1

    def test_unsharing_and_hugetlb_are_no_reuse(self) -> None:
        """PGREUSE is counted by wp_page_reuse() alone."""
        pages = "x = anon rw 1 2 readonly_pte; h = hugetlb rw 1 2 readonly_pte;"
        shared = "parent: fork child; child: exit; "
        quiet = shared + "parent: pin p = x read; parent: write h[0] = 3;"
        assert counter(end(quiet, "J", pages), "reuses") == 0
        assert counter(end(shared + "parent: write x[0] = 3;", "J", pages), "reuses") == 1

    @pytest.mark.parametrize(("letter", "merged"), [("D", True), ("F2", True), ("H", False)])
    def test_what_is_clean_and_read_only_is_merged_uncounted(
        self, letter: str, merged: bool
    ) -> None:
        pages = "x = swapped rw 1 1 mergeable; y = anon rw 1 1 mergeable;"
        program = READ_IN + "parent: get p = x read; ksmd: ksm_merge parent.y parent.x;"
        view = end(program, letter, pages)
        same = mapping(view, "parent", "x").frame == mapping(view, "parent", "y").frame
        assert same is merged


class TestFirstTouch:
    """What a fault puts into memory that nobody touched before."""

    @every_era
    @pytest.mark.parametrize("touch", ["write x[0] = 1;", "r1 = read x[0];"])
    def test_hugetlb_gives_a_page_of_its_own_even_to_readers(self, rules: Era, touch: str) -> None:
        """hugetlb_no_page(), mm/hugetlb.c; what then decides is hugetlb_wp()."""
        view = end("parent: " + touch, rules, "x = hugetlb rw 0 0 unfaulted;")
        assert frame(view, "parent").kind == "hugetlb"
        assert mapping(view, "parent").writable is touch.startswith("write")

    @every_era
    def test_a_write_to_empty_huge_memory_maps_a_huge_page(self, rules: Era) -> None:
        """do_huge_pmd_anonymous_page(), mm/huge_memory.c; after MADV_DONTNEED as well."""
        for program in ("", "parent: write x[1] = 2; parent: madvise x DONTNEED; "):
            view = end(program + "parent: write x[0] = 1;", rules, "x = thp rw 0 0 unfaulted;")
            assert mapping(view, "parent", half=1).huge
            assert frame(view, "parent", half=0).content == (1, 0)
