"""Invariants that a single state keeps or breaks: I2, I4, I5, I6 and I7.

The others are about a step, and are marked when it happens (``MARKS`` in the layout):
I1 and I11 at a store, I3 at a copy, I8 where a page is used, I9 where one sleeps, I10 at
fork's end.
"""

from __future__ import annotations

from threadkit.cow.kernel.kernel import Kernel
from threadkit.cow.kernel.layout import (
    ALIVE,
    ANON,
    BITS,
    CACHE,
    COUNT,
    F_FLAGS,
    F_HELD,
    F_NEW,
    F_PAGE,
    FILE,
    FLAGS,
    FORKING,
    FREE,
    H_BITS,
    H_BOND,
    H_COUNT,
    H_KIND,
    H_PAGE,
    H_TWO,
    HALF_MAP,
    HELD_PIN,
    KSM,
    LARGE,
    LRU_PENDING,
    MAP,
    MMAP_WRITER,
    PAGE_BYTES,
    PAGE_SHIFT,
    PC,
    PIN,
    PMD,
    PTE,
    PTL,
    STATE,
    SWAP,
    SWP,
    WRITABLE,
    ZERO,
)
from threadkit.cow.kernel.pages import exclusive, mapcount, refcount, swap_count
from threadkit.cow.kernel.steps import NUMBER
from threadkit.cow.kernel.users import check_bonds, handle_count


def broken_invariants(k: Kernel, s: bytearray) -> tuple[str, ...]:
    """Name the invariants that this state breaks.

    Parameters
    ----------
    k : Kernel
        Policy and addresses.
    s : bytearray
        The state.

    Returns
    -------
    tuple of str
        Each once, in their order.
    """
    found = []
    if not check_bonds(k, s):
        found.append("I2")
    if not writable_is_alone(k, s):
        found.append("I4")
    if k.policy.anon_exclusive and not exclusive_is_alone(k, s):
        found.append("I5")
    if k.policy.anon_exclusive and not pinned_is_exclusive(k, s):
        found.append("I6")
    if not accounts_balance(k, s):
        found.append("I7")
    return tuple(found)


def writable_is_alone(k: Kernel, s: bytearray) -> bool:
    """Check I4: a writable entry of a private mapping is the only one of its page."""
    for entry in k.entries:
        page = s[entry.at + PTE] << PAGE_SHIFT
        if page and s[entry.at + BITS] & WRITABLE:
            alone = mapcount(s, page, entry.half) + swap_count(k, s, page) == 1
            if s[page] == ANON and not alone and not _forking(k, s, entry.mm):
                return False
    return True


def _forking(k: Kernel, s: bytearray, mm: int) -> bool:
    """Tell whether an address space is being made, or copied: its entries are in between."""
    at = k.mms[mm]
    return s[at + STATE] == FORKING or bool(s[at + MMAP_WRITER])


def exclusive_is_alone(k: Kernel, s: bytearray) -> bool:
    """Check I5: exclusive means one address space; never KSM; writable means exclusive."""
    for page in range(PAGE_BYTES, k.pages_end, PAGE_BYTES):
        for half in (0, 1) if s[page + FLAGS] & LARGE else (0,):
            if s[page] == FREE or not exclusive(s, page, half):
                continue
            number = page >> PAGE_SHIFT
            users = {e.mm for e in k.entries if s[e.at + PTE] == number and e.half == half}
            if len(users) > 1 or s[page] != ANON:
                return False
    return all(
        exclusive(s, s[e.at + PTE] << PAGE_SHIFT, e.half)
        for e in k.entries
        if s[e.at + PTE] and s[e.at + BITS] & WRITABLE
    )


def pinned_is_exclusive(k: Kernel, s: bytearray) -> bool:
    """Check I6: an anonymous page that is pinned is exclusive, unless its owner let go."""
    for handle in k.handles:
        held = s[handle + H_KIND] == PIN and s[handle + H_COUNT + 2] and s[handle + H_BITS] & H_BOND
        mm = k.mms[k.handle_mm[handle]]
        if not held or s[mm + STATE] != ALIVE or s[mm + PTL]:
            continue
        for half, index in enumerate(k.handle_entries[handle]):
            page = s[handle + H_PAGE + half] << PAGE_SHIFT
            mapped = s[k.entries[index].at + PTE] << PAGE_SHIFT == page
            if page and mapped and s[page] in (ANON, KSM) and not exclusive(s, page, half):
                return False
    return True


def accounts_balance(k: Kernel, s: bytearray) -> bool:
    """Check I7: every reference and mapping that a page counts is somebody's."""
    refs: dict[int, int] = {}
    maps: dict[int, int] = {}
    swaps: dict[int, int] = {}
    for entry in k.entries:
        page = s[entry.at + PTE]
        if page and not (s[entry.at + BITS] & PMD and entry.half):
            refs[page] = refs.get(page, 0) + 1
            maps[page] = maps.get(page, 0) + 1
        if s[entry.at + SWP]:
            swaps[s[entry.at + SWP]] = swaps.get(s[entry.at + SWP], 0) + 1
    for handle in k.handles:
        count = handle_count(s, handle)
        for half in (0, 1) if s[handle + H_BITS] & H_TWO else (0,):
            page = s[handle + H_PAGE + half]
            refs[page] = refs.get(page, 0) + count
    for task in k.tasks:
        held, new = s[task + F_HELD], s[task + F_NEW]
        pinned = s[task + F_FLAGS] & HELD_PIN
        refs[held] = refs.get(held, 0) + (1024 if pinned else 1)
        refs[new] = refs.get(new, 0) + 1
    for page in range(PAGE_BYTES, k.pages_end, PAGE_BYTES):
        number = page >> PAGE_SHIFT
        own = (s[page] in (ZERO, FILE)) + bool(s[page + SWAP])
        own += bool(s[page + FLAGS] & LRU_PENDING)
        mapped = s[page + MAP] + s[page + HALF_MAP] + s[page + HALF_MAP + 1]
        if refcount(s, page) != refs.get(number, 0) + own - _in_between(k, s, number):
            return False
        if mapped != maps.get(number, 0):
            return False
    return all(
        s[swap + COUNT] == swaps.get(number, 0)
        and (not s[swap + CACHE] or s[(s[swap + CACHE] << PAGE_SHIFT) + SWAP] == number)
        for number, swap in enumerate(k.swaps, 1)
    )


def _in_between(k: Kernel, s: bytearray, number: int) -> int:
    """Return the references of entries that reclaim has cleared and not replaced yet (negative)."""
    share = NUMBER["reclaim_share"]
    return -sum(s[t + PC] == share and s[t + F_PAGE] == number for t in k.tasks)
