"""What the tests of the engine share: scenarios in a line, what came out, what is left over."""

from __future__ import annotations

from dataclasses import fields
from random import Random
from typing import get_args, get_type_hints

from hypothesis import strategies as st

from threadkit.cow.eras import Era, era, eras
from threadkit.cow.explore.search import Exploration, explore
from threadkit.cow.fuzz.programs import random_litmus
from threadkit.cow.kernel.layout import (
    F_HELD,
    F_MMAP,
    F_NEW,
    FLAGS,
    FORKING,
    FREE,
    H_KIND,
    H_PAGE,
    LOCK,
    LOCKED,
    LRU_PENDING,
    MMAP_READERS,
    MMAP_WRITER,
    PAGE_BYTES,
    PAGE_SHIFT,
    PC,
    PTL,
    REF,
    SEQ,
    STATE,
    VMA_READERS,
)
from threadkit.cow.kernel.machine import Machine
from threadkit.cow.litmus.parse import parse
from threadkit.cow.litmus.syntax import Litmus
from threadkit.cow.outcome import Outcome
from threadkit.cow.policy import Policy
from threadkit.cow.views import FrameView, MappingView, StateView

PAGE = "x = anon rw 1 2;"
_HINTS = get_type_hints(Policy)


def legal(field: str) -> tuple[str | bool, ...]:
    """Return the values that a field of a policy may have, in their order."""
    return (True, False) if _HINTS[field] is bool else get_args(_HINTS[field])


FIELDS = {field.name: legal(field.name) for field in fields(Policy)}

policies = st.builds(Policy, **{name: st.sampled_from(values) for name, values in FIELDS.items()})
"""Any mixture of rules, those that no kernel ever had among them."""

real_eras = st.sampled_from(eras() + eras("release"))


@st.composite
def litmuses(draw: st.DrawFn, most: int = 8) -> Litmus:
    """Draw a random program, its size too; small ones first."""
    size = draw(st.integers(2, most))
    return random_litmus(Random(draw(st.integers(0, 1 << 32))), size)


def litmus_of(program: str, pages: str = PAGE, condition: str = "exists (alive(parent))") -> Litmus:
    """Parse a scenario of which only the program matters."""
    return parse(f'COW t question "?" {{ {pages} }} {program} {condition}')


def machine_of(program: str, rules: str | Era, pages: str = PAGE) -> Machine:
    """Put a program on the kernel of an era."""
    found = era(rules) if isinstance(rules, str) else rules
    return Machine(litmus_of(program, pages), found.policy)


def search(program: str, rules: str | Era, pages: str = PAGE) -> Exploration:
    """Search all interleavings of a program, in full."""
    return explore(machine_of(program, rules, pages), reduce=False)


def ends(program: str, rules: str | Era, pages: str = PAGE) -> list[StateView]:
    """Return how a program can end, in views."""
    found = search(program, rules, pages)
    assert found.coverage.complete
    assert not found.stuck
    return [found.machine.view(found.states[number]) for number in found.finals]


def end(program: str, rules: str | Era, pages: str = PAGE) -> StateView:
    """Return the one state in which a program without choices ends."""
    (view,) = ends(program, rules, pages)
    return view


def registers(view: StateView) -> dict[str, int]:
    """Return ``parent:r0`` and so on with their values."""
    return {f"{actor}:{name}": value for actor, name, value in view.registers}


def counter(view: StateView, name: str) -> int:
    """Return one counter."""
    return dict(view.counters)[name]


def mapping(view: StateView, process: str, page: str = "x", half: int | None = None) -> MappingView:
    """Return one page-table entry."""
    (found,) = [m for m in view.mappings if (m.process, m.page, m.half) == (process, page, half)]
    return found


def frame(view: StateView, process: str, page: str = "x", half: int | None = None) -> FrameView:
    """Return the page that an entry maps."""
    name = mapping(view, process, page, half).frame
    (found,) = [f for f in view.frames if f.name == name]
    return found


def outcome_key(outcome: Outcome) -> tuple[object, ...]:
    """Return all that reduction must not change, with the lengths of shortest traces."""

    def length(trace: object) -> int | None:
        return None if trace is None else len(trace.steps)  # type: ignore[attr-defined]

    return (
        outcome.verdict,
        outcome.ok,
        sorted(map(repr, outcome.finals)),
        [(h.kind, h.invariant, h.always, length(h.trace)) for h in outcome.harms],
        sorted(outcome.costs.items()),
        (length(outcome.witness), length(outcome.counter)),
        outcome.coverage.stuck,
    )


def residue(machine: Machine, state: bytes) -> list[str]:
    """Name what a state in which everything has ended must not hold any more."""
    k = machine.kernel
    left = []
    for mm in k.mms:
        locks = (PTL, MMAP_WRITER, MMAP_READERS, VMA_READERS)
        busy = any(state[mm + lock] for lock in locks)
        if busy or state[mm + SEQ] & 1 or state[mm + STATE] == FORKING:
            left.append("a lock of an address space")
    for task in k.tasks:
        if any(state[task + held] for held in (F_HELD, F_NEW, F_MMAP, PC)):
            left.append("a page in an actor's hands")
    named = {state[h + H_PAGE] for h in k.handles if state[h + H_KIND] == LOCKED}
    for page in range(PAGE_BYTES, k.pages_end, PAGE_BYTES):
        if state[page + LOCK] and page >> PAGE_SHIFT not in named:
            left.append("a page lock")
    return left


def may_break(policy: Policy) -> set[str]:
    """Return what an era may break: all may lose a pinned page (I2).

    Without the page lock (a proposal's question) the count of users is not stable, and two
    may write to one page (I4).
    """
    return {"I2", "I4"} if policy.wp_trylock_failed == "unlocked" else {"I2"}


def allocated(machine: Machine, state: bytes) -> list[int]:
    """Return the addresses of pages that somebody has.

    The zero page and the page cache do not count, nor what only waits for lru_add_drain().
    """
    k = machine.kernel
    own = {k.zero_page, *k.backing}
    pages = range(PAGE_BYTES, k.pages_end, PAGE_BYTES)
    used = [page for page in pages if state[page] != FREE and page not in own]
    return [
        page for page in used if state[page + REF] != 1 or not state[page + FLAGS] & LRU_PENDING
    ]
