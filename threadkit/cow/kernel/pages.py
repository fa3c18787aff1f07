"""Pages: references, mappings, allocation, content, and what a store may hit."""

from __future__ import annotations

from threadkit.cow.kernel.kernel import Entry, Kernel
from threadkit.cow.kernel.layout import (
    ALIVE,
    ANON,
    BIAS,
    BITS,
    CACHE,
    COPIES,
    COUNT,
    DIRTY,
    EXCL,
    F_ENTRY,
    F_HELD,
    F_NEW,
    F_PAGE,
    F_UNBOUND,
    FLAGS,
    FREE,
    H_BITS,
    H_BOND,
    H_COUNT,
    H_KIND,
    H_LONGTERM,
    H_PAGE,
    H_TWO,
    H_WRITE,
    HALF_MAP,
    HANDLE_BYTES,
    HUGETLB,
    LARGE,
    LOCK,
    MAP,
    MARK_LIFETIME,
    MARK_MISSED,
    MARK_UNNECESSARY,
    MARK_WRONG,
    MARKS,
    MOST_COUNTED,
    PAGE_BYTES,
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
    STORED,
    SWAP,
    SWP,
    THOUSANDS,
    TRANSIENT,
    ZERO,
)
from threadkit.errors import ThreadkitError

_EMPTY = bytes(PAGE_BYTES)
_MOST_EVENTS = 255
PIN_BIAS = 1024
"""References that one pin counts as (GUP_PIN_COUNTING_BIAS)."""


class ModelBoundError(ThreadkitError):
    """A scenario needs more of something than a state has room for.

    Parameters
    ----------
    what : str
        Of which there is not enough.
    """

    exit_code = 2

    def __init__(self, what: str) -> None:
        super().__init__(f"the scenario needs more {what} than the model has room for")
        self.what = what


def tally(s: bytearray, counter: int) -> None:
    """Count one more copy, wait, reuse or event.

    Raises
    ------
    ModelBoundError
        A byte cannot count it: the rules of the policy contradict each other, so that
        faults are taken for ever.
    """
    if s[counter] == _MOST_EVENTS:
        raise ModelBoundError("faults")
    s[counter] += 1


def refcount(s: bytes | bytearray, page: int) -> int:
    """Return page_count(): all references, a pin being 1024 of them.

    Parameters
    ----------
    s : bytearray
        The state.
    page : int
        Address of the page.

    Returns
    -------
    int
        The count.
    """
    return s[page + REF] + (s[page + BIAS] + s[page + THOUSANDS] << 10) + (s[page + SIXTEENS] << 4)


def single(s: bytes | bytearray, page: int) -> bool:
    """Tell whether page_count() is 1."""
    return s[page + REF] == 1 and not _many(s, page)


def _many(s: bytes | bytearray, page: int) -> int:
    """Return whether a page has pins, or references that were taken many at a time."""
    return s[page + BIAS] or s[page + SIXTEENS] or s[page + THOUSANDS]


def mapcount(s: bytearray, page: int, half: int) -> int:
    """Return page_mapcount() of a small page or of one half of a large one."""
    if s[page + FLAGS] & LARGE:
        return s[page + MAP] + s[page + HALF_MAP + half]
    return s[page + MAP]


def total_mapcount(s: bytearray, page: int) -> int:
    """Return how many entries map any of the page."""
    return s[page + MAP] + s[page + HALF_MAP] + s[page + HALF_MAP + 1]


def swap_count(k: Kernel, s: bytearray, page: int) -> int:
    """Return page_swapcount(): entries that hold the swap entry it is the cache of."""
    number = s[page + SWAP]
    return s[k.swaps[number - 1] + COUNT] if number else 0


def maybe_pinned(s: bytearray, page: int) -> bool:
    """Return page_maybe_dma_pinned(): 1024 references or more, of whatever kind.

    Huge pages count their pins apart (5.7: hpage_pinned_refcount; hugetlb among them), so
    the answer is exact for them.
    """
    if s[page + BIAS] or s[page + FLAGS] & (LARGE | HUGETLB):
        return s[page + BIAS] > 0
    return refcount(s, page) >= PIN_BIAS


def exclusive(s: bytearray, page: int, half: int) -> bool:
    """Return PageAnonExclusive of the page, or of one half of a large one."""
    if s[page + FLAGS] & LARGE:
        return bool(s[page + FLAGS] & (EXCL << half))
    return bool(s[page + FLAGS] & EXCL)


def set_exclusive(s: bytearray, page: int, half: int) -> None:
    """Set PageAnonExclusive, of both halves where one PMD maps them."""
    large = s[page + FLAGS] & LARGE
    s[page + FLAGS] |= (EXCL << half) if large else EXCL


def clear_exclusive(s: bytearray, page: int, half: int) -> None:
    """Clear PageAnonExclusive of the page, or of one half of a large one."""
    large = s[page + FLAGS] & LARGE
    s[page + FLAGS] &= 0xFF ^ ((EXCL << half) if large else EXCL)


def alloc(k: Kernel, s: bytearray, kind: int) -> int:
    """Allocate a page with one reference: the free one with the lowest address.

    Parameters
    ----------
    k : Kernel
        Addresses.
    s : bytearray
        The state.
    kind : int
        ANON or another kind.

    Returns
    -------
    int
        Its address.

    Raises
    ------
    ModelBoundError
        There is none.
    """
    for page in range(PAGE_BYTES, k.pages_end, PAGE_BYTES):
        if s[page] == FREE:
            s[page] = kind
            s[page + REF] = 1
            return page
    raise ModelBoundError("pages")


def put(s: bytearray, page: int) -> None:
    """Drop one reference; the last frees the page (put_page).

    A page that is locked when it is freed is a bug of the kernel that is modelled (I8).
    """
    s[page + REF] -= 1
    if not s[page + REF] and not _many(s, page):
        if s[page + LOCK]:
            s[MARKS] |= MARK_LIFETIME
        s[page : page + PAGE_BYTES] = _EMPTY


def hold(s: bytearray, t: int, page: int) -> None:
    """Take the actor's temporary reference (get_page)."""
    s[page + REF] += 1
    s[t + F_HELD] = page >> PAGE_SHIFT


def release(s: bytearray, t: int) -> None:
    """Drop the actor's temporary reference."""
    page = s[t + F_HELD] << PAGE_SHIFT
    s[t + F_HELD] = 0
    put(s, page)


def drop_swap_cache(k: Kernel, s: bytearray, page: int) -> None:
    """Take a page out of the swap cache (delete_from_swap_cache)."""
    swap = k.swaps[s[page + SWAP] - 1]
    s[swap + CACHE] = 0
    s[page + SWAP] = 0
    put(s, page)


def free_swap_cache(k: Kernel, s: bytearray, page: int) -> None:
    """Take a page that nobody maps or holds an entry of out of the swap cache."""
    unused = not total_mapcount(s, page) and not swap_count(k, s, page)
    if s[page + SWAP] and unused and not s[page + LOCK]:
        drop_swap_cache(k, s, page)


def swap_free(k: Kernel, s: bytearray, number: int) -> None:
    """Drop one entry's hold on a swap entry; without holders and cache it is empty."""
    swap = k.swaps[number - 1]
    s[swap + COUNT] -= 1
    if not s[swap + COUNT] and not s[swap + CACHE]:
        s[swap + STORED : swap + STORED + 2] = b"\0\0"


def map_page(s: bytearray, entry: Entry, page: int, bits: int) -> None:
    """Let an entry map a page; the caller's reference becomes the entry's.

    Parameters
    ----------
    s : bytearray
        The state.
    entry : Entry
        The place.
    page : int
        Address of the page.
    bits : int
        Bits of the entry, without PMD.
    """
    s[entry.at + PTE] = page >> PAGE_SHIFT
    s[entry.at + BITS] = bits
    s[entry.at + SWP] = 0
    if s[page + FLAGS] & LARGE:
        s[page + HALF_MAP + entry.half] += 1
    else:
        s[page + MAP] += 1


def unmap_page(s: bytearray, entry: Entry) -> int:
    """Empty an entry that maps a page; the reference stays with the caller.

    Returns
    -------
    int
        Address of the page.
    """
    page = s[entry.at + PTE] << PAGE_SHIFT
    if s[page + FLAGS] & LARGE:
        s[page + HALF_MAP + entry.half] -= 1
    else:
        s[page + MAP] -= 1
    s[entry.at + PTE] = 0
    s[entry.at + BITS] = 0
    return page


def flush(k: Kernel, s: bytearray, index: int) -> None:
    """Flush the TLB entries of all threads for one place (flush_tlb_page)."""
    if k.tlbs:
        for mate in k.mates[k.entries[index].mm]:
            s[k.tlbs[mate][index]] = 0


def flush_pmd(k: Kernel, s: bytearray, index: int) -> None:
    """Flush what a PMD translated, both halves of it (flush_pmd_tlb_range)."""
    flush(k, s, index)
    flush(k, s, index + 1 - 2 * k.entries[index].half)


def copy_content(k: Kernel, s: bytearray, old: int, new: int) -> None:
    """Copy a page's content (copy_user_highpage); zero-filling is not counted."""
    s[new + SLOT : new + SLOT + 2] = s[old + SLOT : old + SLOT + 2]
    if s[old] != ZERO:
        tally(s, COPIES)


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
