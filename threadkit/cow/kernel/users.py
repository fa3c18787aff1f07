"""Who uses a page: named references, and whom a store or a copy reaches."""

from __future__ import annotations

from threadkit.cow.kernel.kernel import Entry, Kernel
from threadkit.cow.kernel.layout import (
    ALIVE,
    ANON,
    BIAS,
    BITS,
    CACHE,
    DIRTY,
    F_ENTRY,
    F_HELD,
    F_NEW,
    F_PAGE,
    F_UNBOUND,
    FREE,
    H_BITS,
    H_BOND,
    H_COUNT,
    H_KIND,
    H_LONGTERM,
    H_PAGE,
    H_TWO,
    H_WRITE,
    HANDLE_BYTES,
    MARK_LIFETIME,
    MARK_MISSED,
    MARK_UNNECESSARY,
    MARK_WRONG,
    MARKS,
    MOST_COUNTED,
    PAGE_SHIFT,
    PIN,
    PMD,
    PTE,
    PTL,
    REF,
    SIXTEENS,
    SLOT,
    SOFT_DIRTY,
    STATE,
    SWP,
    THOUSANDS,
    TRANSIENT,
)
from threadkit.cow.kernel.pages import (
    PIN_BIAS,
    ModelBoundError,
    mapcount,
    put,
    swap_count,
)


def store(k: Kernel, s: bytearray, entry: Entry, page: int, slot: int, value: int) -> None:
    """Store through a page on behalf of a process, and mark whom that reaches.

    Invariant I1: what a process writes after fork is never seen through another
    mapping or another process's reference. The store is marked when it happens, whether
    or not somebody looks. A store into a page that is no longer allocated breaks I8.

    Parameters
    ----------
    k : Kernel
        Addresses.
    s : bytearray
        The state.
    entry : Entry
        The place that is written.
    page : int
        Address of the page that the CPU writes to.
    slot, value : int
        Where and what.
    """
    if s[page] == FREE:
        s[MARKS] |= MARK_LIFETIME
        return
    number = page >> PAGE_SHIFT
    mm = entry.mm
    s[page + SLOT + slot] = value
    for other in k.entries:
        elsewhere = other.mm != mm or other.page != entry.page
        if s[other.at + PTE] == number and elsewhere and s[k.mms[other.mm] + STATE] == ALIVE:
            s[MARKS] |= MARK_MISSED
    for handle in k.handles:
        if (
            s[handle + H_PAGE + slot] == number
            and k.handle_mm[handle] != mm
            and s[handle + H_KIND] < TRANSIENT
        ):
            s[MARKS] |= MARK_MISSED


def mark_lost(k: Kernel, s: bytearray, entry: Entry, page: int) -> None:
    """Mark a store into a page that was copied under its user, and is so lost (I2).

    The user is a stale TLB entry, or a reference for the time of one access; the copy is
    mapped already, or made and about to be.
    """
    number = page >> PAGE_SHIFT
    made = (
        s[task + F_NEW] and s[task + F_PAGE] == number and k.entries[s[task + F_ENTRY]] == entry
        for task in k.tasks
    )
    if s[entry.at + PTE] not in (0, number) or any(made):
        s[MARKS] |= MARK_WRONG


def store_through(k: Kernel, s: bytearray, entry: Entry, slot: int, value: int) -> None:
    """Store through a writable entry: the CPU also sets its dirty bits."""
    s[entry.at + BITS] |= DIRTY | SOFT_DIRTY
    if s[entry.at + BITS] & PMD:
        s[entry.pair + BITS] |= DIRTY | SOFT_DIRTY
    store(k, s, entry, s[entry.at + PTE] << PAGE_SHIFT, slot, value)


def mark_copy(k: Kernel, s: bytearray, entry: Entry, page: int) -> None:
    """Mark a copy that nobody needed: one user, no foreign reference (I3).

    Called when the copy replaces ``page`` in ``entry``. A copy that breaks a bond is
    *wrong* instead, which :func:`check_bonds` marks.
    """
    if s[page] != ANON or mapcount(s, page, entry.half) + swap_count(k, s, page) != 1:
        return
    number = page >> PAGE_SHIFT
    for handle in k.handles:
        if s[handle + H_PAGE + entry.half] == number and s[handle + H_KIND] < TRANSIENT:
            foreign = k.handle_mm[handle] != entry.mm
            if foreign or (s[handle + H_BITS] & H_BOND and strong(s, handle)):
                return
    s[MARKS] |= MARK_UNNECESSARY


def strong(s: bytearray, handle: int) -> bool:
    """Tell whether a reference is owed coherence: for writing, or longterm."""
    return bool(s[handle + H_BITS] & (H_WRITE | H_LONGTERM))


def check_bonds(k: Kernel, s: bytearray) -> bool:
    """Check I2: who holds a page for writing or for long still sees its owner's page.

    Parameters
    ----------
    k : Kernel
        Addresses.
    s : bytearray
        The state.

    Returns
    -------
    bool
        False if an entry maps another page than the reference that is bound to it.
        Entries that are being changed (page-table lock held) are not looked at.
    """
    for handle in k.handles:
        if s[handle + H_BITS] & H_BOND and strong(s, handle):
            mm = k.mms[k.handle_mm[handle]]
            if s[mm + STATE] != ALIVE or s[mm + PTL]:
                continue
            for half, index in enumerate(k.handle_entries[handle]):
                if half and not s[handle + H_BITS] & H_TWO:
                    break  # the other half is not taken yet
                at = k.entries[index].at
                page = s[handle + H_PAGE + half]
                if s[at + PTE] != page and not (
                    s[at + SWP] and s[k.swaps[s[at + SWP] - 1] + CACHE] == page
                ):
                    return False
    return True


def mark_bonds(k: Kernel, s: bytearray) -> None:
    """Mark a broken bond (I2) in the state."""
    if not s[MARKS] & MARK_WRONG and not check_bonds(k, s):
        s[MARKS] |= MARK_WRONG


def unbind(k: Kernel, s: bytearray, indices: tuple[int, ...]) -> None:
    """End the bonds of references to places that their owner itself unmapped (S16)."""
    for handle in k.handles:
        if s[handle + H_BITS] & H_BOND and set(k.handle_entries[handle]) & set(indices):
            s[handle + H_BITS] &= 0xFF ^ H_BOND
    for task in k.tasks:
        if s[task + F_HELD] and s[task + F_ENTRY] in indices:
            s[task + F_UNBOUND] = 1


def handle_count(s: bytes | bytearray, handle: int) -> int:
    """Return how many references on a page a named reference stands for."""
    ones, sixteens, thousands = s[handle + H_COUNT : handle + H_COUNT + 3]
    return int(ones + (sixteens << 4) + (thousands << 10))


def count_many(s: bytearray, page: int, handle: int, times: int) -> None:
    """Make one reference, just taken, as many as ``times`` says, and note them.

    Parameters
    ----------
    s : bytearray
        The state.
    page : int
        Address of the page.
    handle : int
        Address of the named reference.
    times : int
        References in all.

    Raises
    ------
    ModelBoundError
        The page has more than can be counted.
    """
    thousands, rest = divmod(times, PIN_BIAS)
    sixteens, ones = divmod(rest, 16)
    counts = ((REF, ones - 1), (SIXTEENS, sixteens), (THOUSANDS, thousands))
    if any(s[page + at] + more > MOST_COUNTED for at, more in counts):
        raise ModelBoundError("references to one page")
    for at, more in counts:
        s[page + at] += more
    s[handle + H_COUNT : handle + H_COUNT + 3] = bytes((ones, sixteens, thousands))


def drop_handle(s: bytearray, handle: int) -> None:
    """Drop what a named reference holds, and forget it."""
    first, second = s[handle + H_PAGE] << PAGE_SHIFT, s[handle + H_PAGE + 1] << PAGE_SHIFT
    pages = (first, second) if s[handle + H_BITS] & H_TWO else (first,)
    many = BIAS if s[handle + H_KIND] == PIN else THOUSANDS
    for page in pages:
        s[page + REF] -= s[handle + H_COUNT]
        s[page + SIXTEENS] -= s[handle + H_COUNT + 1]
        s[page + many] -= s[handle + H_COUNT + 2]
        s[page + REF] += 1
        put(s, page)
    s[handle : handle + HANDLE_BYTES] = bytes(HANDLE_BYTES)
