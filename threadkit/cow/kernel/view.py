"""A state's bytes as a :class:`threadkit.cow.views.StateView`."""

from __future__ import annotations

from typing import Literal

from threadkit.cow.kernel.compile import Names
from threadkit.cow.kernel.kernel import Entry, Kernel
from threadkit.cow.kernel.layout import (
    ALIVE,
    ANON,
    BITS,
    CACHE,
    COUNT,
    DIRTY,
    EXCL,
    FILE,
    FLAGS,
    FORKING,
    FREE,
    GET,
    GONE,
    H_BITS,
    H_KIND,
    H_PAGE,
    H_TWO,
    H_WRITE,
    HALF_MAP,
    HAS_PINNED,
    HUGETLB,
    KIND,
    KSM,
    LARGE,
    LOCK,
    LOCKED,
    MAP,
    PAGE_BYTES,
    PAGE_SHIFT,
    PC,
    PIN,
    PMD,
    PTE,
    SLOT,
    STATE,
    STORED,
    SWAP,
    SWP,
    TRANSIENT,
    UFFD_WP,
    UNBORN,
    V_MAPPED,
    V_READ,
    V_WRITE,
    VMA,
    WRITABLE,
    ZERO,
)
from threadkit.cow.kernel.pages import refcount, single
from threadkit.cow.kernel.steps import FUNCTION
from threadkit.cow.kernel.users import handle_count
from threadkit.cow.litmus.syntax import Litmus
from threadkit.cow.views import FrameView, MappingView, ProcessView, ReferenceView, StateView

_STATES: dict[int, Literal["alive", "gone", "unborn"]] = {
    ALIVE: "alive",
    GONE: "gone",
    UNBORN: "unborn",
    FORKING: "unborn",
}
_KINDS = {ANON: "anon", ZERO: "zeropage", FILE: "file", KSM: "ksm"}
_REFERENCES: dict[int, Literal["pin", "get", "transient", "lock"]] = {
    GET: "get",
    PIN: "pin",
    TRANSIENT: "transient",
    LOCKED: "lock",
}


_HALVES = {EXCL: 0, EXCL << 1: 1}


def letter(number: int) -> str:
    """Name the page with this number: A is the first behind the zero page.

    Examples
    --------
    >>> letter(1), letter(2), letter(28)
    ('zero', 'A', 'A2')
    """
    if number == 1:
        return "zero"
    turn, place = divmod(number - 2, 26)
    return chr(ord("A") + place) + (str(turn + 1) if turn else "")


def view_of(
    k: Kernel,
    names: Names,
    litmus: Litmus,
    s: bytes,
    counters: tuple[tuple[str, int], ...],
    harms: tuple[tuple[str, str], ...],
) -> StateView:
    """Describe a state.

    Parameters
    ----------
    k : Kernel
        Addresses.
    names : Names
        Names of the same scenario.
    litmus : Litmus
        The scenario.
    s : bytes
        The state.
    counters : tuple of (str, int)
        Name and address of each counter.
    harms : tuple of (str, str)
        Marks of the state, in words.

    Returns
    -------
    StateView
        With the frames that exist and are of interest, and the references held.
    """
    processes = tuple(
        ProcessView(name, _STATES[s[mm + STATE]], bool(s[mm + HAS_PINNED]))
        for name, mm in zip(names.processes, k.mms, strict=True)
    )
    alive = {n for n, mm in enumerate(k.mms) if s[mm + STATE] in (ALIVE, FORKING)}
    mappings = tuple(
        _mapping(k, names, litmus, s, entry) for entry in k.entries if entry.mm in alive
    )
    return StateView(
        processes,
        mappings,
        _frames(k, names, s),
        _references(k, names, litmus, s),
        tuple(
            (actor, register, s[at + 1])
            for (actor, register), at in names.registers.items()
            if s[at]
        ),
        tuple((name, s[at]) for name, at in counters),
        harms,
        tuple(
            (actor, FUNCTION[s[task + PC]])
            for actor, task in zip(names.actors, k.tasks, strict=True)
            if s[task + PC]
        ),
    )


def _mapping(k: Kernel, names: Names, litmus: Litmus, s: bytes, entry: Entry) -> MappingView:
    """Describe one entry."""
    vma, bits = s[entry.at + VMA], s[entry.at + BITS]
    huge = litmus.pages[entry.page].kind == "thp"
    state: Literal["none", "present", "swap"] = "none"
    frame = None
    if s[entry.at + SWP]:
        state, frame = "swap", f"swap {s[entry.at + SWP]}"
    elif s[entry.at + PTE]:
        state, frame = "present", letter(s[entry.at + PTE])
    protection: Literal["none", "r", "rw"] = "none"
    if vma & V_MAPPED and vma & V_READ:
        protection = "rw" if vma & V_WRITE else "r"
    return MappingView(
        process=names.processes[entry.mm],
        page=names.pages[entry.page],
        half=entry.half if huge else None,
        state=state,
        frame=frame,
        writable=state == "present" and bool(bits & WRITABLE),
        dirty=bool(bits & DIRTY),
        uffd_wp=bool(bits & UFFD_WP),
        huge=bool(bits & PMD),
        vma=protection,
    )


def _frames(k: Kernel, names: Names, s: bytes) -> tuple[FrameView, ...]:
    """Describe the pages that exist, then the swap entries in use."""
    found = []
    for page in range(PAGE_BYTES, k.pages_end, PAGE_BYTES):
        if s[page] == FREE or (page == k.zero_page and single(s, page)):
            continue
        flags = s[page + FLAGS]
        kind = "thp" if flags & LARGE else "hugetlb" if flags & HUGETLB else _KINDS[s[page + KIND]]
        found.append(
            FrameView(
                name=letter(page >> PAGE_SHIFT),
                kind=kind,
                content=(s[page + SLOT], s[page + SLOT + 1]),
                refcount=refcount(s, page),
                mapcount=s[page + MAP] + s[page + HALF_MAP] + s[page + HALF_MAP + 1],
                exclusive=bool(flags & (EXCL | EXCL << 1)),
                exclusive_half=_HALVES.get(flags & (EXCL | EXCL << 1)) if flags & LARGE else None,
                swapcache=bool(s[page + SWAP]),
                locked_by=names.actors[s[page + LOCK] - 1] if s[page + LOCK] else None,
            )
        )
    for number, swap in enumerate(k.swaps, 1):
        if s[swap + COUNT] or s[swap + CACHE]:
            cached = s[swap + CACHE] << PAGE_SHIFT
            content = cached + SLOT if cached else swap + STORED
            found.append(
                FrameView(
                    f"swap {number}",
                    "swap",
                    (s[content], s[content + 1]),
                    s[swap + COUNT],
                    0,
                    swapcache=bool(cached),
                )
            )
    return tuple(found)


def _references(k: Kernel, names: Names, litmus: Litmus, s: bytes) -> tuple[ReferenceView, ...]:
    """Describe the named references that are held."""
    holders: dict[str, str] = {}
    for op in litmus.ops():
        if op.handle and op.page:
            holders.setdefault(op.handle, op.actor)
    found = []
    for name, handle in zip(names.handles, k.handles, strict=True):
        kind = s[handle + H_KIND]
        if kind:
            found.append(
                ReferenceView(
                    name=name,
                    holder=holders[name],
                    process=names.processes[k.handle_mm[handle]],
                    kind=_REFERENCES[kind],
                    write=bool(s[handle + H_BITS] & H_WRITE),
                    frame=letter(s[handle + H_PAGE]),
                    upper=letter(s[handle + H_PAGE + 1])
                    if s[handle + H_PAGE + 1] != s[handle + H_PAGE]
                    else None,
                    count=(handle_count(s, handle) if kind != PIN else 1)
                    * (2 if s[handle + H_BITS] & H_TWO else 1),
                )
            )
    return tuple(found)
