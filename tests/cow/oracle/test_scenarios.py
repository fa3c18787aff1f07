"""The scenarios of the dispute: what a user may see in each, and what is a leak or a loss."""

from __future__ import annotations

import pytest

from threadkit.cow.litmus.parse import parse
from threadkit.cow.litmus.syntax import SEGV
from threadkit.cow.oracle import Promise, allowed

BARE = 'COW T\nquestion "What is allowed?"\n{{ {start} }}\n{program}\nexists (alive(parent))\n'


def ask(start, program, promise=None):
    litmus = parse(BARE.format(start=start, program=program))
    return allowed(litmus, promise or Promise())


ANON = "x = anon rw 1 2;"
# name, initial state, program, values that are right, values that are wrong, why they are
CASES = {
    "S1": (
        ANON,
        "parent: fork child; parent: write x[0] = 7; child: r0 = read x[0];"
        "child: write x[0] = 9; parent: r0 = read x[0];",
        {"parent:r0": 7, "child:r0": 1},
        {"parent:r0": 7, "child:r0": 7},
        {"missed"},
    ),
    "S3": (
        ANON,
        "parent: odirect_read_begin p = x; parent: fork child; parent: write x[1] = 5;"
        "device: dma_in p[0] = 7; parent: odirect_end p; parent: r0 = read x[0];",
        {"parent:r0": 7, "parent:x[1]": 5},
        {"parent:r0": 1, "parent:x[1]": 5},
        {"wrong"},
    ),
    "S3b": (
        ANON,
        "parent: odirect_read_begin p = x; parent: fork child; child: write x[1] = 5;"
        "device: dma_in p[0] = 7; parent: odirect_end p; parent: r0 = read x[0];",
        {"parent:r0": 7, "child:x[0]": 1, "parent:x[1]": 2},
        {"parent:r0": 1, "child:x[0]": 7},
        {"missed", "wrong"},
    ),
    "S4": (
        ANON,
        "parent: pin p = x write longterm; parent: fork child; child: exec; parent: write x[0] = 3;"
        "device: dma_in p[1] = 7; device: r0 = dma_out p[0];",
        {"device:r0": 3, "parent:x[0]": 3, "parent:x[1]": 7},
        {"device:r0": 1, "parent:x[0]": 3, "parent:x[1]": 2},
        {"wrong"},
    ),
    "S4b": (
        ANON,
        "parent: pin p = x write longterm; parent: fork child; parent: write x[0] = 3;"
        "device: r0 = dma_out p[0]; child: r0 = read x[0];",
        {"device:r0": 3, "child:r0": 1},
        {"device:r0": 1, "child:r0": 1},
        {"wrong"},
    ),
    "S4c": (
        ANON,
        "parent: madvise x DONTFORK; parent: pin p = x write longterm; parent: fork child;"
        "parent: write x[0] = 3; device: r0 = dma_out p[0]; child: r0 = read x[0];",
        {"device:r0": 3, "child:r0": SEGV},
        {"device:r0": 1, "child:r0": SEGV},
        {"wrong"},
    ),
    "S5": (
        ANON,
        "parent: fork child; child: vmsplice p = x; child: munmap x; parent: write x[0] = 9;"
        "child: r0 = pipe_read p[0];",
        {"child:r0": 1},
        {"child:r0": 9},
        {"missed"},
    ),
    "S5r": (
        ANON,
        "parent: vmsplice p = x; parent: fork child; parent: munmap x; child: write x[0] = 9;"
        "parent: r0 = pipe_read p[0];",
        {"parent:r0": 1},
        {"parent:r0": 9},
        {"missed"},
    ),
    "S5s": (
        ANON,
        "parent: fork child; child: vmsplice p = x; child: munmap x; reclaim: swap_out parent.x;"
        "parent: write x[0] = 9; child: r0 = pipe_read p[0];",
        {"child:r0": 1},
        {"child:r0": 9},
        {"missed"},
    ),
    "S5t": (
        "x = thp rw 1 2;",
        "parent: fork child; child: vmsplice p = x; child: munmap x; parent: write x[0] = 9;"
        "child: r0 = pipe_read p[0];",
        {"child:r0": 1},
        {"child:r0": 9},
        {"missed"},
    ),
    "S5h": (
        "x = hugetlb rw 1 2;",
        "parent: fork child; child: vmsplice p = x; child: munmap x; parent: write x[0] = 9;"
        "child: r0 = pipe_read p[0];",
        {"child:r0": 1},
        {"child:r0": 9},
        {"missed"},
    ),
    "S6": (
        ANON,
        "parent: fork child; child: exit; parent: pin p = x read longterm; parent: write x[0] = 3;"
        "device: r0 = dma_out p[0];",
        {"device:r0": 3},
        {"device:r0": 1},
        {"wrong"},
    ),
    "S7": (
        ANON,
        "parent: pin p = x write longterm; parent: mprotect x none; parent: mprotect x rw;"
        "lockholder: lock l = parent.x; parent: write x[0] = 3; lockholder: unlock l;"
        "device: dma_in p[1] = 7; parent: r0 = read x[1];",
        {"parent:r0": 7},
        {"parent:r0": 2},
        {"wrong"},
    ),
    "S8": (
        ANON,
        "parent: get p = x write; parent: clear_refs; parent: write x[1] = 5;"
        "device: dma_in p[0] = 7; parent: put p; parent: r0 = read x[0];",
        {"parent:r0": 7},
        {"parent:r0": 1},
        {"wrong"},
    ),
    "S9": (
        ANON,
        "parent: get p = x write; reclaim: swap_out parent.x; parent: r1 = read x[0];"
        "parent: write x[1] = 5; device: dma_in p[0] = 7; parent: r0 = read x[0];",
        {"parent:r1": 1, "parent:r0": 7},
        {"parent:r1": 1, "parent:r0": 1},
        {"wrong"},
    ),
    "S10c": (
        ANON,
        "noise: get_page n = parent.x; parent: clear_refs; parent: write x[0] = 3;"
        "parent: r0 = read x[0];",
        {"parent:r0": 3},
        {"parent:r0": 1},
        {"wrong"},
    ),
    "S11": (
        "x = ksm rw 1 2; y = ksm rw 1 2;",
        "parent: write x[0] = 7; parent: r0 = read y[0];",
        {"parent:r0": 1, "parent:x[0]": 7},
        {"parent:r0": 7, "parent:x[0]": 7},
        {"missed"},
    ),
    "S12": (
        ANON,
        "parent: uffd_wp x; parent: get p = x read; parent: r0 = read x[0];",
        {"parent:r0": 1, "p[0]": 1},
        {"parent:r0": 2},
        None,
    ),
    "S14": (
        "x = file ro 1 2; process tracer;",
        "parent: fork child; tracer: ptrace_write child.x[0] = 66; child: madvise x DONTNEED;"
        "child: r0 = read x[0]; parent: r0 = read x[0];",
        {"child:r0": 1, "parent:r0": 1},
        {"child:r0": 1, "parent:r0": 66},
        {"missed"},
    ),
    "S15": (
        "x = zeropage rw 0 0;",
        "parent: pin p = x read longterm; parent: write x[0] = 3; device: r0 = dma_out p[0];",
        {"device:r0": 3},
        {"device:r0": 0},
        {"wrong"},
    ),
    "S16": (
        ANON,
        "parent: pin p = x write longterm; parent: madvise x DONTNEED; parent: write x[0] = 3;"
        "device: r0 = dma_out p[0]; device: dma_in p[1] = 7; parent: r0 = read x[1];",
        {"device:r0": 1, "parent:r0": 0},
        {"device:r0": 3, "parent:r0": 0},
        {"missed"},
    ),
    "S17": (
        ANON + " process tracer;",
        "par { parent { fork child; write x[1] = 5; } tracer { process_vm_writev parent.x[0] = 7; } }"
        "parent: r0 = read x[0];",
        {"parent:r0": 7, "parent:x[1]": 5, "child:x[1]": 2},
        {"parent:r0": 1, "parent:x[1]": 5},
        {"wrong"},
    ),
    "S19": (
        ANON + " thread helper of parent;",
        "par { parent { clear_refs; write x[1] = 5; } helper { write x[0] = 3; } }"
        "parent: r0 = read x[0];",
        {"parent:r0": 3},
        {"parent:r0": 1},
        {"wrong"},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_right_values_are_allowed(name):
    start, program, right, _, _ = CASES[name]
    assert ask(start, program).admits(right)


@pytest.mark.parametrize("name", CASES)
def test_wrong_values_are_not_and_their_cause_is_named(name):
    start, program, _, wrong, harm = CASES[name]
    violation = ask(start, program).first_violation(wrong)
    assert violation is not None
    assert violation.harms == ((frozenset(harm),) if harm else ())
    assert wrong[violation.name] == violation.value not in violation.wanted


def test_violation_says_which_value_and_why():
    start, program, _, wrong, _ = CASES["S5"]
    said = str(ask(start, program).first_violation(wrong))
    assert said == "child:r0 is 9, not 1: another process's write shows (I1)"


def test_long_term_read_pins_are_named_apart_from_pins_for_writing():
    causes = {name: ask(*CASES[name][:2]).first_violation(CASES[name][3]).causes for name in CASES}
    assert causes["S6"] == (frozenset({"I2r"}),)
    assert causes["S4"] == (frozenset({"I2w"}),)


def test_value_that_nothing_explains_blames_the_engine():
    violation = ask(*CASES["S1"][:2]).first_violation({"parent:r0": 77})
    assert violation.causes == ()
    assert str(violation) == "parent:r0 is 77, not 7: nothing explains it"


@pytest.mark.parametrize(
    ("name", "promise"),
    [
        ("S3", Promise(odirect="unless_forked")),
        ("S4b", Promise(pin_write="unless_forked")),
        ("S6", Promise(pin_read="none")),
        ("S8", Promise(get_write="none")),
        ("S15", Promise(pin_read_file="none")),
    ],
)
def test_what_was_not_promised_is_no_violation(name, promise):
    start, program, right, wrong, _ = CASES[name]
    weak = ask(start, program, promise)
    assert weak.admits(wrong)
    assert weak.admits(right)


@pytest.mark.parametrize("name", ["S8", "S9"])
def test_promise_until_fork_holds_without_fork(name):
    start, program, right, wrong, _ = CASES[name]
    until_fork = ask(start, program, Promise(get_write="unless_forked"))
    assert until_fork.admits(right)
    assert not until_fork.admits(wrong)
