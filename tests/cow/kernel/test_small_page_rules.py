"""Rules of small pages, one plain story each: what was given, what was done, what then is."""

from __future__ import annotations

import pytest

from tests.cow.kernel.worlds import (
    counter,
    end,
    ends,
    frame,
    machine_of,
    mapping,
    registers,
    search,
)
from threadkit.cow.eras import Era, base_eras

every_era = pytest.mark.parametrize("rules", base_eras(), ids=lambda one: one.letter)
TWO_ALIKE = "x = anon rw 1 2 mergeable; y = anon rw 1 2 mergeable;"
SHARED_KSM = "x = ksm rw 1 2; y = anon rw 1 2 mergeable;"
MERGE = "ksmd: ksm_merge parent.x parent.y; "


def copied(program: str, rules: str | Era, pages: str = "x = anon rw 1 2;") -> int:
    """Return how many pages the one way to run a program copies."""
    return counter(end(program, rules, pages), "copies")


class TestWriteFault:
    """do_wp_page(), mm/memory.c."""

    @every_era
    def test_a_page_of_ones_own_is_written_without_a_copy(self, rules: Era) -> None:
        assert copied("parent: write x[0] = 3;", rules, "x = anon rw 1 2 readonly_pte;") == 0

    @every_era
    def test_a_shared_page_is_copied_and_the_other_keeps_the_old_one(self, rules: Era) -> None:
        view = end("parent: fork child; parent: write x[0] = 3; child: r0 = read x[0];", rules)
        assert (counter(view, "copies"), registers(view)["child:r0"]) == (1, 1)
        assert frame(view, "parent").content == (3, 2)
        assert mapping(view, "parent").writable

    @pytest.mark.parametrize(
        ("letter", "copies"), [("A", 1), ("B", 0), ("E", 0), ("F0", 1), ("G", 1), ("H", 0)]
    )
    def test_a_reference_of_ones_own_is_a_user_to_those_who_count(
        self, letter: str, copies: int
    ) -> None:
        """c475a8ab625d (2.6.13) counts mappings, 09854ba94c6a (5.9) references again.

        6c287605fd56 (5.19) asks neither where PageAnonExclusive is set.
        """
        page = "x = anon rw 1 2 readonly_pte;"
        assert (
            copied("noise: get_page h = parent.x; parent: write x[0] = 3;", letter, page) == copies
        )

    @pytest.mark.parametrize(
        ("letter", "waits", "copies"),
        [("B", 0, 1), ("C", 1, 0), ("D", 1, 0), ("F0", 0, 1), ("H", 0, 0)],
    )
    def test_a_busy_page_lock_means_copy_or_sleep(
        self, letter: str, waits: int, copies: int
    ) -> None:
        """trylock_page() else copy; ab967d86015a (2.6.29..5.8) waits for the lock."""
        page = "x = anon rw 1 2 readonly_pte;"
        program = """lockholder: lock h = parent.x;
            par { parent { write x[0] = 3; } lockholder { unlock h; } }"""
        views = ends(program, letter, page)
        assert max(counter(view, "lock_waits") for view in views) == waits
        assert max(counter(view, "copies") for view in views) == copies

    @pytest.mark.parametrize(("letter", "copies"), [("E", 0), ("F0", 1), ("F3", 1), ("G", 0)])
    def test_the_swap_cache_is_a_user_until_it_is_freed_first(
        self, letter: str, copies: int
    ) -> None:
        """53a05ad9f21d (5.18) frees the swap cache before it counts."""
        program = """parent: get g = x read; reclaim: swap_out parent.x; parent: put g;
            parent: r0 = read x[0]; parent: write x[0] = 3;"""
        assert copied(program, letter) == copies

    @pytest.mark.parametrize(("letter", "copies"), [("F3", 1), ("G", 0), ("H", 0)])
    def test_a_page_on_its_way_to_the_lru_is_drained_first(self, letter: str, copies: int) -> None:
        """d4c470970d45 (5.18): lru_add_drain()."""
        page = "x = anon rw 1 2 readonly_pte lru_pending;"
        assert copied("parent: write x[0] = 3;", letter, page) == copies

    def test_unlocking_behind_the_page_table_lock_may_hit_a_page_that_is_gone(self) -> None:
        """be068f29034f (5.9-rc7) undoes that order of 5.9-rc4."""
        page = "x = anon rw 1 2 readonly_pte; thread helper of parent;"
        program = "par { parent { write x[0] = 3; } helper { madvise x DONTNEED; } }"

        def marked(letter: str) -> bool:
            return any(("broken", "I8") in view.harms for view in ends(program, letter, page))

        assert (marked("5.9-rc6"), marked("5.9-rc7")) == (True, False)

    @pytest.mark.parametrize(
        ("key", "stuck"), [("mapcount_locked", False), ("mapcount_ptl_held", True)]
    )
    def test_waiting_for_the_page_lock_under_the_page_table_lock_is_a_deadlock(
        self, key: str, stuck: bool
    ) -> None:
        """Reclaim takes the two the other way round: ab967d86015a drops one before it waits."""
        page = "x = anon rw 1 2 readonly_pte;"
        program = "par { parent { write x[0] = 3; } reclaim { swap_out parent.x; } }"
        assert bool(search(program, key, page).stuck) is stuck


class TestFork:
    """copy_present_pte(), mm/memory.c; dup_mmap(), kernel/fork.c."""

    @every_era
    def test_a_pinned_page_is_copied_for_the_child_from_5_9_on(self, rules: Era) -> None:
        """70e806e4e645: the parent keeps its page, writable."""
        view = end("parent: pin p = x write; parent: fork child;", rules)
        kept = rules.policy.copy_present_pte == "copy_pinned"
        assert mapping(view, "parent").writable is kept
        assert (mapping(view, "parent").frame != mapping(view, "child").frame) is kept
        assert frame(view, "child").content == (1, 2)

    @every_era
    @pytest.mark.parametrize(
        ("advice", "seen"), [("DONTFORK", 255), ("WIPEONFORK", 0), ("DOFORK", 1)]
    )
    def test_what_the_child_sees_is_as_advised(self, rules: Era, advice: str, seen: int) -> None:
        """f822566165dd (2.6.16), d2cd9ede6e19 (4.14)."""
        view = end(f"parent: madvise x {advice}; parent: fork child; child: r0 = read x[0];", rules)
        assert registers(view)["child:r0"] == seen

    @every_era
    @pytest.mark.parametrize("kind", ["file", "shmem", "hugetlb"])
    def test_a_file_is_not_wiped_on_fork(self, rules: Era, kind: str) -> None:
        """madvise_behavior(): MADV_WIPEONFORK is for anonymous memory, EINVAL else."""
        program = "parent: madvise x WIPEONFORK; parent: fork child; child: r0 = read x[0];"
        assert registers(end(program, rules, f"x = {kind} rw 1 2;"))["child:r0"] == 1

    @every_era
    def test_the_bit_that_something_was_pinned_is_not_inherited(self, rules: Era) -> None:
        """mm_init(): mm.has_pinned, 008cfe4418b3 (5.9)."""
        view = end("parent: pin p = x write; parent: fork child;", rules)
        pinned = {process.name: process.has_pinned for process in view.processes}
        assert pinned == {"parent": rules.policy.gup_pin, "child": False}

    @every_era
    def test_a_siblings_store_during_fork_may_reach_the_child(self, rules: Era) -> None:
        """dup_mmap() flushes the TLB once, at its end: fork is an interval."""
        pages = "x = anon rw 1 2; thread helper of parent;"
        program = (
            "helper: write x[0] = 3; par { parent { fork child; } helper { write x[0] = 4; } }"
        )
        views = ends(f"{program} child: r0 = read x[0];", rules, pages)
        assert {registers(view)["child:r0"] for view in views} == {3, 4}

    @every_era
    def test_behind_fork_no_sibling_reaches_the_child(self, rules: Era) -> None:
        pages = "x = anon rw 1 2; thread helper of parent;"
        program = "helper: write x[0] = 3; parent: fork child; helper: write x[0] = 4;"
        view = end(f"{program} child: r0 = read x[0];", rules, pages)
        assert registers(view)["child:r0"] == 3

    @every_era
    def test_a_swapped_page_is_shared_by_its_swap_entry(self, rules: Era) -> None:
        """copy_nonpresent_pte(): swap_duplicate()."""
        program = "parent: fork child; child: write x[0] = 3; parent: r0 = read x[0];"
        view = end(program, rules, "x = swapped rw 1 2;")
        assert registers(view) == {"parent:r0": 1}
        assert frame(view, "child").content == (3, 2)


class TestSwap:
    """shrink_page_list(), try_to_unmap_one(), do_swap_page()."""

    @every_era
    def test_content_comes_back_from_swap(self, rules: Era) -> None:
        program = "parent: write x[0] = 7; reclaim: swap_out parent.x; parent: r0 = read x[0];"
        view = end(program, rules)
        assert registers(view) == {"parent:r0": 7}
        assert mapping(view, "parent").state == "present"

    @every_era
    def test_a_page_that_nobody_holds_is_freed_when_it_is_out(self, rules: Era) -> None:
        view = end("reclaim: swap_out parent.x;", rules)
        assert [one.kind for one in view.frames] == ["swap"]
        assert mapping(view, "parent").state == "swap"

    @every_era
    def test_a_pinned_page_stays_mapped_where_reclaim_asks(self, rules: Era) -> None:
        """feb889fb40fa (5.11); before 2.6.13 the guard counted references."""
        view = end("parent: pin p = x write; reclaim: swap_out parent.x;", rules)
        asked = rules.policy.shrink_page_list == "skip_pinned"
        asked |= rules.policy.try_to_unmap in ("page_count", "exclusive_not_pinned")
        assert (mapping(view, "parent").state == "present") is asked

    @every_era
    def test_pageout_leaves_pages_alone_that_others_map(self, rules: Era) -> None:
        """madvise_cold_or_pageout_pte_range(): page_mapcount() != 1 is left alone (5.4)."""
        view = end("parent: fork child; parent: madvise x PAGEOUT;", rules)
        assert mapping(view, "parent").state == "present"
        assert mapping(end("parent: madvise x PAGEOUT;", rules), "parent").state == "swap"

    @pytest.mark.parametrize(
        ("letter", "writable"), [("F3", False), ("G", False), ("H", False), ("6.12", True)]
    )
    def test_a_read_fault_maps_writable_only_late(self, letter: str, writable: bool) -> None:
        """do_swap_page() of 6.12: an exclusive page of a writable mapping, read or written."""
        view = end("parent: r0 = read x[0];", letter, "x = swapped rw 1 2;")
        assert mapping(view, "parent").writable is writable

    def test_reclaim_that_loses_the_swap_cache_keeps_the_page(self) -> None:
        """Reuse without the page lock may end the swap cache under reclaim's hands."""
        program = """par { parent { write x[0] = 3; } reclaim { swap_out parent.x; } }
            parent: r0 = read x[0]; parent: r1 = read x[1];"""
        page = "x = anon rw 1 2 readonly_pte;"
        assert "I7" not in search(program, "mapcount_nolock", page).broken()
        for view in ends(program, "mapcount_nolock", page):
            assert registers(view) == {"parent:r0": 3, "parent:r1": 2}


class TestKsm:
    """try_to_merge_with_ksm_page(), mm/ksm.c."""

    @every_era
    def test_two_pages_of_one_content_become_one(self, rules: Era) -> None:
        view = end(MERGE, rules, TWO_ALIKE)
        assert frame(view, "parent") == frame(view, "parent", "y")
        assert (frame(view, "parent").kind, frame(view, "parent").refcount) == ("ksm", 2)
        assert not any(entry.writable for entry in view.mappings)

    @every_era
    @pytest.mark.parametrize("page", ["x", "y"])
    @pytest.mark.parametrize("verb", ["pin {} write", "get {} read"])
    def test_a_page_under_gup_is_not_merged(self, rules: Era, page: str, verb: str) -> None:
        """write_protect_page(): page_mapcount() + 1 + swapped must be page_count()."""
        name, words = verb.format(f"p = {page}"), MERGE
        view = end(f"parent: {name}; {words}", rules, TWO_ALIKE)
        assert mapping(view, "parent").frame != mapping(view, "parent", "y").frame

    @every_era
    def test_pages_that_differ_are_not_merged(self, rules: Era) -> None:
        view = end(f"parent: write y[1] = 9; {MERGE}", rules, TWO_ALIKE)
        assert mapping(view, "parent").frame != mapping(view, "parent", "y").frame

    @every_era
    def test_a_second_page_joins_a_page_that_is_merged_already(self, rules: Era) -> None:
        """get_ksm_page() takes a reference for as long as it takes, without the page lock."""
        view = end(MERGE, rules, SHARED_KSM)
        assert mapping(view, "parent").frame == mapping(view, "parent", "y").frame
        assert frame(view, "parent").refcount == 2

    @every_era
    def test_what_is_merged_already_is_left_as_it_is(self, rules: Era) -> None:
        pages = "x = ksm rw 1 2; y = ksm rw 1 2;"
        before = machine_of(MERGE, rules, pages)
        view = end(MERGE, rules, pages)
        assert view.frames == before.view(before.initial).frames

    @every_era
    def test_unmerging_gives_each_a_page_of_its_own(self, rules: Era) -> None:
        """unmerge_ksm_pages(), break_ksm()."""
        view = end(f"{MERGE} parent: ksm_unmerge y;", rules, TWO_ALIKE)
        assert frame(view, "parent", "y").kind == "anon"
        assert frame(view, "parent", "y").content == (1, 2)
        assert frame(view, "parent").kind == "ksm"

    @pytest.mark.parametrize(
        ("letter", "copies"), [("C", 1), ("D", 0), ("E", 0), ("F0", 1), ("H", 1), ("J", 1)]
    )
    def test_the_last_user_of_a_ksm_page_writes(self, letter: str, copies: int) -> None:
        """reuse_ksm_page(): 52d1e606ee73 (5.1) to 1a0cf26323c8 (5.9)."""
        view = end("parent: write x[0] = 3;", letter, "x = ksm rw 1 2;")
        assert counter(view, "copies") == copies
        assert frame(view, "parent").kind == "anon"


class TestSoftDirtyAndProtection:
    """clear_refs_write(), change_pte_range(), mwriteprotect_range()."""

    @every_era
    def test_clearing_soft_dirty_takes_write_access_away(self, rules: Era) -> None:
        """clear_soft_dirty(); 9348b73c2e1b (5.11) leaves pinned pages alone."""
        assert not mapping(end("parent: clear_refs;", rules), "parent").writable
        pinned = end("parent: pin p = x write; parent: clear_refs;", rules)
        spared = rules.policy.clear_refs == "skip_pinned"
        assert mapping(pinned, "parent").writable is spared

    @every_era
    def test_writable_again_is_writable_at_once_from_6_0_on(self, rules: Era) -> None:
        """can_change_pte_writable(), 64fe24a3e05e."""
        view = end("parent: mprotect x r; parent: mprotect x rw;", rules)
        assert mapping(view, "parent").writable is (rules.policy.change_pte_range != "read_only")

    @every_era
    def test_writable_again_never_skips_what_a_fault_has_to_see(self, rules: Era) -> None:
        """Not if shared, not under soft-dirty tracking, not under userfaultfd."""
        for before in ("fork child", "clear_refs", "uffd_wp x"):
            program = f"parent: {before}; parent: mprotect x r; parent: mprotect x rw;"
            assert not mapping(end(program, rules), "parent").writable

    @every_era
    def test_userfaultfd_sees_a_write_and_no_read(self, rules: Era) -> None:
        """handle_userfault()."""
        view = end("parent: uffd_wp x; parent: r0 = read x[0]; parent: write x[0] = 3;", rules)
        assert counter(view, "uffd_events") == 1

    @pytest.mark.parametrize(("letter", "events"), [("D", 0), ("E", 1), ("F0", 0)])
    def test_only_5_8_takes_a_read_by_gup_for_a_write(self, letter: str, events: int) -> None:
        """17839856fd58 (5.8), undone by a308c71bf1e6 (5.9)."""
        view = end("parent: uffd_wp x; parent: get g = x read;", letter)
        assert counter(view, "uffd_events") == events

    @pytest.mark.parametrize(("letter", "lost"), [("F1", True), ("5.11", False)])
    def test_a_store_through_a_stale_tlb_entry_is_lost_where_the_flush_comes_late(
        self, letter: str, lost: bool
    ) -> None:
        """29a951dfb3c3 (5.11): clear_refs takes mmap_lock for writing."""
        pages = "x = anon rw 1 2; thread helper of parent;"
        program = """noise: get_page h = parent.x; helper: write x[0] = 3;
            par { parent { clear_refs; }
                  parent2 { write x[1] = 5; }
                  helper { write x[0] = 4; } }
            parent: r0 = read x[0];"""
        pages += " thread parent2 of parent;"
        views = ends(program, letter, pages)
        assert (3 in {registers(view)["parent:r0"] for view in views}) is lost


class TestGup:
    """follow_page_pte(), gup_pte_range(), mm/gup.c."""

    @every_era
    @pytest.mark.parametrize("words", ["write", "write fast", "write longterm"])
    def test_a_reference_for_writing_is_to_a_page_of_ones_own(self, rules: Era, words: str) -> None:
        view = end(f"parent: fork child; parent: pin p = x {words};", rules)
        assert mapping(view, "parent").frame == view.references[0].frame
        assert mapping(view, "child").frame != view.references[0].frame

    @pytest.mark.parametrize(
        ("letter", "own"),
        [("D", False), ("E", True), ("F0", False), ("G", False), ("H0", True), ("J", True)],
    )
    def test_a_pin_for_reading_of_a_shared_page(self, letter: str, own: bool) -> None:
        """FAULT_FLAG_UNSHARE: c89357e27f20, a7f226604170 (5.19)."""
        view = end("parent: fork child; parent: pin p = x read;", letter)
        assert (mapping(view, "child").frame != view.references[0].frame) is own
        writable = mapping(view, "parent").writable
        assert writable is (letter == "E"), "an unshared entry stays read-only"

    @pytest.mark.parametrize(
        ("letter", "zero"), [("F3", True), ("H", True), ("I", False), ("J", False)]
    )
    def test_a_longterm_pin_of_the_zero_page(self, letter: str, zero: bool) -> None:
        """84209e87c696 (6.2)."""
        view = end("parent: pin p = x read longterm;", letter, "x = zeropage rw 0 0;")
        assert (view.references[0].frame == "zero") is zero

    @pytest.mark.parametrize(
        ("letter", "kind"), [("F3", "get"), ("H", "get"), ("I2", "pin"), ("J", "pin")]
    )
    def test_direct_io_pins_from_6_5_on(self, letter: str, kind: str) -> None:
        """iov_iter_extract_pages()."""
        assert end("parent: odirect_read_begin g = x;", letter).references[0].kind == kind

    def test_a_pin_that_a_fork_overtakes_is_taken_back(self) -> None:
        """57efa1fe5957 (5.11): write_protect_seq; 5.9 and 5.10 had nothing."""
        pages = "x = anon rw 1 2; thread helper of parent;"
        program = "parent: pin o = x write; parent: unpin o;"
        program += "par { parent { fork child; } helper { pin p = x write fast; } }"

        def shared(rules: str) -> bool:
            return any(("broken", "I10") in view.harms for view in ends(program, rules, pages))

        assert (shared("5.10"), shared("5.11")) == (True, False)
