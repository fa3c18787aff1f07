"""A kernel is blamed for what it promised: I9 where a busy lock copies, I10 where fork copies."""

from __future__ import annotations

import pytest

from threadkit.cow.eras import base_eras
from threadkit.cow.kernel.layout import MARKS
from threadkit.cow.kernel.machine import Machine
from threadkit.cow.library import parse, scenario

PINNED = """COW mine question "Does the child map the pinned page?" { x = anon rw 1 2; }
    parent: get g = x times 1024; parent: pin p = x write longterm; parent: fork child;
    exists (child:x[0] = 1)"""


def marks(name: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for era in base_eras():
        for harm in scenario(name).run(era, traces=False).harms:
            if harm.kind == "broken":
                found.setdefault(harm.invariant, []).append(era.letter)
    return found


def test_fork_that_shares_pinned_pages_breaks_nothing_before_they_were_copied() -> None:
    assert marks("S4") == {}
    assert marks("thp-S4") == {}


def test_hugetlb_pages_were_forgotten_when_the_copy_at_fork_came() -> None:
    """70e806e4e645 (5.9-rc7) promises, 4eae4efa2c29 (5.12) keeps it for hugetlb, too."""
    assert marks("S4h") == {"I10": ["F1", "F2"]}


@pytest.mark.parametrize(("letter", "blamed"), [("B", False), ("C", False), ("F0", False)])
def test_sleeping_on_the_page_lock_is_what_a_kernel_with_lock_page_does(
    letter: str, blamed: bool
) -> None:
    harms = scenario("ptl-never-sleeps").run(letter, traces=False).harms
    assert ("I9" in {harm.invariant for harm in harms}) is blamed


def test_the_state_keeps_what_is_not_told() -> None:
    """Two eras that differ in a promise alone have the same states."""
    litmus = parse(PINNED).litmus
    rules = {era.letter: era.policy for era in base_eras()}
    machine = Machine(litmus, rules["C"])
    marked = bytearray(machine.initial)
    marked[MARKS] = 0xFF
    told = {name for _, name in machine.harms(bytes(marked))}
    assert {"I9", "I10"}.isdisjoint(told)
    assert {"I1", "I2", "I3", "I8", "I9'", "I11"} <= told
    later = Machine(litmus, rules["F1"])
    assert {"I9", "I10"} <= {name for _, name in later.harms(bytes(marked))}
