"""What single operations do to values, where chance seldom looks."""

from __future__ import annotations

import pytest

from threadkit.cow.litmus.parse import parse
from threadkit.cow.litmus.syntax import SEGV
from threadkit.cow.oracle import OracleBoundError, Promise, allowed
from threadkit.cow.oracle.allowed import numbers

ANON = "x = anon rw 1 2;"


def outcomes(start, program, *names, promise=None):
    """All values that some names may have together; None for what is not there."""
    litmus = parse(f'COW T question "?" {{ {start} }} {program} exists (alive(child))')
    finals = allowed(litmus, promise or Promise()).finals
    return {tuple(dict(final).get(name) for name in names) for final in finals}


def values(*rows):
    return {tuple(value if value is None else frozenset(value) for value in row) for row in rows}


@pytest.mark.parametrize(
    ("kind", "left"), [("anon", 0), ("swapped", 0), ("file", 1), ("shmem", 1), ("hugetlb", 1)]
)
def test_wipe_on_fork_is_for_anonymous_memory(kind, left):
    got = outcomes(
        f"x = {kind} rw 1 2;",
        "parent: madvise x WIPEONFORK; parent: fork child;",
        "child:x[0]",
        "parent:x[0]",
    )
    assert got == values(([left], [1]))


@pytest.mark.parametrize(
    ("kind", "left"), [("anon", {0}), ("thp", {0}), ("file", {1}), ("hugetlb", {0, 7})]
)
def test_dontneed_gives_the_file_or_zeros(kind, left):
    program = "parent: fork child; parent: write x[0] = 7; parent: madvise x DONTNEED;"
    assert outcomes(f"x = {kind} rw 1 2;", program, "parent:x[0]") == values((left,))


def test_reference_on_hugetlb_is_promised_nothing_after_dontneed():
    program = (
        "parent: fork child; parent: pin p = x write; parent: madvise x DONTNEED;"
        "parent: write x[0] = 7;"
    )
    assert outcomes("x = hugetlb rw 1 2;", program, "p[0]") == values(([1, 7],))


def test_child_may_see_the_device_until_it_writes():
    program = "parent: pin p = x write; parent: fork child; {}device: dma_in p[0] = 7;"
    names = ("child:x[0]", "parent:x[0]")
    assert outcomes(ANON, program.format(""), *names) == values(([1, 7], [7]))
    wrote = program.format("child: write x[1] = 5;")
    assert outcomes(ANON, wrote, *names) == values(([1], [7]))
    home = Promise(pins_stay_home=True)
    assert outcomes(ANON, program.format(""), *names, promise=home) == values(([1], [7]))


def test_reference_of_the_child_may_see_the_device_though_the_child_writes():
    program = (
        "parent: pin p = x write; parent: fork child; child: vmsplice g = x;"
        "child: write x[1] = 5; device: dma_in p[0] = 7;"
    )
    assert outcomes(ANON, program, "g[0]", "child:x[0]") == values(([1, 7], [1]))


def test_grandchild_may_see_the_device():
    program = (
        "parent: pin p = x write; parent: fork child; child: fork grandchild;"
        "child: write x[1] = 5; device: dma_in p[0] = 7;"
    )
    assert outcomes(ANON, program, "child:x[0]", "grandchild:x[0]") == values(([1], [1, 7]))


def test_pin_taken_during_fork_may_write_to_the_child():
    program = (
        "par { parent { fork child; } helper { write x[1] = 3; pin p = x write fast as has; }"
        "device { dma_in p[0] = 7 after has; } child { r0 = read x[0]; r1 = read x[1]; } }"
    )
    got = outcomes(ANON + "thread helper of parent;", program, "child:x[0]", "child:r1")
    assert (frozenset({1, 7}), frozenset({2})) in got
    assert (frozenset({1}), frozenset({2})) in got


def test_store_of_a_thread_may_reach_the_child_while_fork_lasts():
    start = ANON + "y = anon rw 1 2; thread helper of parent;"
    program = (
        "par { parent { fork child; } helper { write x[0] = 3; write y[0] = 4; write x[1] = 5; } }"
    )
    pages = outcomes(start, program, "child:x[0]", "child:y[0]")
    assert pages == values(([1], [1]), ([3], [1]), ([1], [4]), ([3], [4]))
    slots = outcomes(start, program, "child:x[0]", "child:x[1]")
    assert slots == values(([1], [2]), ([3], [2]), ([3], [5]))


def test_mappings_do_not_change_while_a_thread_forks():
    program = (
        "par { parent { fork child; } helper { write x[0] = 3; munmap x; } }parent: r0 = read x[0];"
    )
    got = outcomes(ANON + "thread helper of parent;", program, "child:x[0]", "parent:r0")
    assert got == values(([1], [SEGV]), ([3], [SEGV]), ([SEGV], [SEGV]))


def test_write_into_another_process_takes_time():
    program = (
        "par { parent { fork child; } tracer { process_vm_writev parent.x[0] = 7; }"
        "child { r0 = read x[0]; r1 = read x[0]; } }"
    )
    got = outcomes(ANON + "process tracer;", program, "child:r0", "child:r1")
    assert (frozenset({1}), frozenset({1, 7})) in got  # the reference was taken before fork


def test_exit_leaves_statements_of_threads_undone():
    program = "parent: fork child; par { parent { exit; } helper { r0 = read x[0]; } }"
    got = outcomes(ANON + "thread helper of parent;", program, "helper:r0", "parent:x[0]")
    assert got == values(([1], None), (None, None))


def test_leak_between_merged_pages_is_a_missed_copy():
    program = "parent: fork child; ksmd: ksm_merge parent.x child.y; parent: write x[0] = 7;"
    start = ANON + "y = anon rw 1 2;"
    litmus = parse(f'COW T question "?" {{ {start} }} {program} exists (alive(child))')
    assert allowed(litmus).first_violation({"child:y[0]": 7}).harms == (frozenset({"missed"}),)


@pytest.mark.parametrize(
    ("before", "may"),
    [
        ("", [3]),
        ("parent: madvise x DONTNEED;", [0, 3]),
        ("parent: madvise x DONTNEED; parent: write x[1] = 5;", [3]),
    ],
)
def test_promise_of_a_pin_on_a_file_is_of_memory_that_nobody_wrote(before, may):
    program = f"parent: fork child; {before} parent: pin p = x read longterm;"
    weak = Promise(pin_read_file="none")
    got = outcomes(ANON, program + "parent: write x[0] = 3;", "p[0]", promise=weak)
    assert got == values((may,))


def test_pinned_page_may_be_skipped_by_fork_where_that_is_the_rule():
    program = "parent: pin p = x write; parent: fork child;"
    got = outcomes(ANON, program, "child:x[0]", promise=Promise(fork_may_skip=True))
    assert got == values(([1],), ([SEGV],))


def test_memory_that_may_not_be_read_gives_segv_but_not_to_ptrace():
    program = (
        "parent: fork child; child: mprotect x none; parent: r0 = process_vm_readv child.x[0];"
        "parent: r1 = ptrace_read child.x[0]; child: r0 = read x[0];"
    )
    got = outcomes(ANON, program, "parent:r0", "parent:r1", "child:r0", "child:x[0]")
    assert got == values(([SEGV], [1], [SEGV], [SEGV]))


def test_forced_write_needs_no_writable_mapping():
    program = (
        "parent: fork child; parent: ptrace_write child.x[0] = 5;"
        "parent: process_vm_writev child.x[1] = 6;"
    )
    got = outcomes("x = file ro 1 2;", program, "child:x[0]", "child:x[1]", "parent:x[0]")
    assert got == values(([5], [2], [1]))


def test_bound_stops_and_says_what_to_do():
    program = (
        "parent: fork child; par { parent { write x[0] = 3; write x[1] = 4; }"
        "child { write x[0] = 5; write x[1] = 6; } }"
    )
    litmus = parse(f'COW Big question "?" {{ {ANON} }} {program} exists (alive(child))')
    with pytest.raises(OracleBoundError, match=r"Big: more than 5 states .* fewer statements"):
        allowed(litmus, bound=5)
    assert len(allowed(litmus, bound=50).finals) == 1


def test_order_in_which_somebody_waits_for_ever_has_no_outcome():
    program = "par { parent { exit; } helper { fork child; } child { r0 = read x[0]; } }"
    got = outcomes(ANON + "thread helper of parent;", program, "child:r0", "parent:x[0]")
    assert got == values(([1], None))


def test_values_of_final_states_are_read_as_numbers():
    pairs = [("p[1]", "254"), ("child:r12", "segv"), ("parent:x", "A anon rw"), ("child", "gone")]
    assert numbers(pairs) == {"p[1]": 254, "child:r12": SEGV}
