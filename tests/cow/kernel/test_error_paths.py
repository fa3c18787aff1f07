"""What cannot be done is refused where the kernel refuses it, and leaves no trace."""

from __future__ import annotations

import pytest

from tests.cow.kernel.worlds import counter, end, ends, frame, mapping, registers, search
from threadkit.cow.eras import Era, base_eras
from threadkit.cow.litmus.syntax import SEGV

every_era = pytest.mark.parametrize("rules", base_eras(), ids=lambda one: one.letter)
READ_ONLY = "x = anon ro 1 2;"


@every_era
@pytest.mark.parametrize("words", ["read", "write", "write fast", "read longterm"])
def test_get_user_pages_of_an_unmapped_page_gives_no_reference(rules: Era, words: str) -> None:
    """check_vma_flags(), mm/gup.c: EFAULT; whoever uses the reference gets nothing."""
    view = end(f"parent: munmap x; parent: pin p = x {words}; device: r0 = dma_out p[0];", rules)
    assert view.references == ()
    assert registers(view) == {"device:r0": SEGV}
    assert view.frames == ()


@every_era
@pytest.mark.parametrize("words", ["write", "write fast", "write longterm"])
def test_a_read_only_mapping_is_not_pinned_for_writing(rules: Era, words: str) -> None:
    """check_vma_flags(): FOLL_WRITE needs VM_WRITE unless forced."""
    view = end(f"parent: pin p = x {words};", rules, READ_ONLY)
    assert view.references == ()
    assert frame(view, "parent").refcount == 1


@every_era
@pytest.mark.parametrize("words", ["read", "read fast"])
def test_memory_without_access_is_not_pinned_for_reading(rules: Era, words: str) -> None:
    """check_vma_flags(): PROT_NONE."""
    assert end(f"parent: mprotect x none; parent: pin p = x {words};", rules).references == ()


@every_era
def test_a_store_to_a_read_only_mapping_changes_nothing(rules: Era) -> None:
    """bad_area_access_error(), arch/x86/mm/fault.c."""
    view = end("parent: write x[0] = 3; parent: r0 = read x[0];", rules, READ_ONLY)
    assert registers(view) == {"parent:r0": 1}
    assert counter(view, "copies") == 0


@every_era
@pytest.mark.parametrize("how", ["munmap x", "mprotect x none", "exec"])
def test_a_load_from_what_is_not_there_is_a_fault(rules: Era, how: str) -> None:
    view = end(f"parent: {how}; parent: r0 = read x[0];", rules)
    assert registers(view) == {"parent:r0": SEGV}


@every_era
def test_one_process_cannot_write_where_another_may_only_read(rules: Era) -> None:
    """process_vm_writev: no FOLL_FORCE; ptrace has it (ptrace_access_vm)."""
    pages = f"{READ_ONLY} process tracer;"
    reads = "parent: r0 = read x[0]; parent: r1 = read x[1];"
    plain = end(f"tracer: process_vm_writev parent.x[0] = 7; {reads}", rules, pages)
    forced = end(f"tracer: ptrace_write parent.x[0] = 7; {reads}", rules, pages)
    assert registers(plain) == {"parent:r0": 1, "parent:r1": 2}
    assert registers(forced) == {"parent:r0": 7, "parent:r1": 2}
    assert not mapping(forced, "parent").writable


@every_era
@pytest.mark.parametrize("verb", ["r0 = process_vm_readv", "r0 = ptrace_read"])
def test_a_process_that_is_gone_cannot_be_looked_into(rules: Era, verb: str) -> None:
    """mm_access(): ESRCH."""
    view = end(f"parent: fork child; child: exit; parent: {verb} child.x[0];", rules)
    assert registers(view) == {"parent:r0": SEGV}


@every_era
@pytest.mark.parametrize("kind", ["anon", "thp", "hugetlb"])
def test_a_forced_write_leaves_the_mapping_read_only(rules: Era, kind: str) -> None:
    """maybe_mkwrite(), include/linux/mm.h: the entry is writable only if the VMA is."""
    pages = f"x = {kind} ro 1 2; process tracer;"
    program = "parent: fork child; tracer: ptrace_write parent.x[0] = 7; parent: r0 = read x[0];"
    view = end(f"{program} child: r1 = read x[0];", rules, pages)
    assert registers(view) == {"parent:r0": 7, "child:r1": 1}
    assert not any(entry.writable for entry in view.mappings)


@every_era
def test_exit_ends_the_other_threads_and_what_they_had_left_to_do(rules: Era) -> None:
    """do_group_exit(), kernel/exit.c."""
    program = """
        par { parent { exit; }
              helper { write x[0] = 3 as wrote; write x[1] = 4; }
              device { r0 = dma_out p[0]; } }
        device: r1 = dma_out p[1];"""
    found = ends(
        f"parent: pin p = x write; {program}", rules, "x = anon rw 1 2; thread helper of parent;"
    )
    seen = {(registers(view)["device:r0"], registers(view)["device:r1"]) for view in found}
    assert (
        seen == {(0, 0)} if False else {(1, 2), (1, 4), (3, 2), (3, 4)} >= seen >= {(1, 2), (3, 4)}
    )
    assert all(view.processes[0].state == "gone" for view in found)


@every_era
def test_exec_gives_an_empty_address_space_that_never_pinned(rules: Era) -> None:
    """exec_mmap() and mm_init(): mm.has_pinned is 0 (008cfe4418b3)."""
    view = end("parent: pin p = x write; parent: exec;", rules)
    assert not view.processes[0].has_pinned
    assert all(entry.state == "none" and entry.vma == "none" for entry in view.mappings)
    assert view.references[0].count == 1


@every_era
def test_a_lock_that_is_held_for_ever_is_found_and_no_hang(rules: Era) -> None:
    """do_swap_page() always waits for the page lock (lock_page_or_retry)."""
    program = """parent: get g = x read; parent: fork child; reclaim: swap_out parent.x;
        child: r0 = read x[0]; lockholder: lock h = child.x; parent: r1 = read x[0];"""
    found = search(program, rules)
    assert found.coverage.complete
    unmapped = rules.policy.try_to_unmap != "page_count"
    assert len(found.stuck) == unmapped
