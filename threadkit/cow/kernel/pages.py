"""Pages: references, mappings, allocation, content, and what a store may hit."""

from __future__ import annotations

from threadkit.cow.kernel.kernel import Entry, Kernel
from threadkit.cow.kernel.layout import (
    BIAS,
    BITS,
    CACHE,
    COPIES,
    COUNT,
    EXCL,
    F_HELD,
    FLAGS,
    FREE,
    HALF_MAP,
    HUGETLB,
    LARGE,
    LOCK,
    MAP,
    MARK_LIFETIME,
    MARKS,
    PAGE_BYTES,
    PAGE_SHIFT,
    PTE,
    REF,
    SIXTEENS,
    SLOT,
    STORED,
    SWAP,
    SWP,
    THOUSANDS,
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
