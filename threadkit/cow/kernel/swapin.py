"""Swap-in: do_swap_page(), who may map the page writable at once."""

from __future__ import annotations

from threadkit.cow.kernel.kernel import Entry, Kernel
from threadkit.cow.kernel.layout import (
    ANON,
    BITS,
    CACHE,
    DIRTY,
    F_BITS,
    F_ENTRY,
    F_FLAGS,
    F_HELD,
    F_OLD,
    F_PAGE,
    FAULT_WRITE,
    KSM,
    LOCK,
    LOCK_WAITS,
    PAGE_SHIFT,
    SLOT,
    SOFT_DIRTY,
    STORED,
    SWAP,
    SWP,
    SWP_EXCL,
    UFFD_WP,
    V_WRITE,
    VMA,
    WRITABLE,
)
from threadkit.cow.kernel.locks import leave, ptl_lock, ptl_unlock
from threadkit.cow.kernel.pages import (
    alloc,
    drop_swap_cache,
    hold,
    map_page,
    mapcount,
    refcount,
    release,
    set_exclusive,
    single,
    swap_count,
    swap_free,
    tally,
)
from threadkit.cow.kernel.steps import back, goto, step
from threadkit.cow.kernel.wp import do_wp_page


def do_swap_page(k: Kernel, s: bytearray, t: int, entry: Entry) -> bool:
    """Find the page in the swap cache or read it in; the locks are dropped meanwhile."""
    number = s[entry.at + SWP]
    s[t + F_OLD] = number
    s[t + F_BITS] = s[entry.at + BITS]
    page = read_in(k, s, number)
    hold(s, t, page)
    s[t + F_PAGE] = page >> PAGE_SHIFT
    ptl_unlock(k, s, t)
    k.said = ("do_swap_page", "finds the page in the swap cache, or reads it in")
    return goto(s, t, "swap_lock")


def read_in(k: Kernel, s: bytearray, number: int) -> int:
    """Return the page in the swap cache, reading it in if it is not there.

    Parameters
    ----------
    k : Kernel
        Addresses.
    s : bytearray
        The state.
    number : int
        Of the swap entry.

    Returns
    -------
    int
        Address of the page; its reference is the swap cache's.
    """
    swap = k.swaps[number - 1]
    if not s[swap + CACHE]:
        page = alloc(k, s, ANON)
        s[page + SLOT : page + SLOT + 2] = s[swap + STORED : swap + STORED + 2]
        s[page + SWAP] = number
        s[swap + CACHE] = page >> PAGE_SHIFT
    return s[swap + CACHE] << PAGE_SHIFT


@step("lock_page")
def swap_lock(k: Kernel, s: bytearray, t: int) -> bool:
    """Lock the page; swap-in always waits for the page lock."""
    page = s[t + F_PAGE] << PAGE_SHIFT
    if s[page + LOCK]:
        tally(s, LOCK_WAITS)
        k.said = ("lock_page", "the page lock is busy: sleeps")
        return goto(s, t, "swap_sleep")
    s[page + LOCK] = k.number[t]
    k.said = ("lock_page", "takes the page lock")
    return goto(s, t, "swap_map")


@step("lock_page")
def swap_sleep(k: Kernel, s: bytearray, t: int) -> bool:
    """Wait for the page lock."""
    page = s[t + F_PAGE] << PAGE_SHIFT
    if s[page + LOCK]:
        return False
    s[page + LOCK] = k.number[t]
    k.said = ("lock_page", "wakes and takes the page lock")
    return goto(s, t, "swap_map")


@step("do_swap_page")
def swap_map(k: Kernel, s: bytearray, t: int) -> bool:
    """Map the page, writable if the era's rule says that it is this process's alone.

    A write that may not be mapped writable goes on as a write fault on the now present
    entry, with the page-table lock still held. From c18160dba5ff (6.11) a read maps an
    exclusive page writable unless soft-dirty tracking waits for its write (20dfa5b7adc5).
    """
    if not ptl_lock(k, s, t):
        return False
    entry = k.entries[s[t + F_ENTRY]]
    page = s[t + F_PAGE] << PAGE_SHIFT
    number = s[t + F_OLD]
    same = s[entry.at + SWP] == number and s[entry.at + BITS] == s[t + F_BITS]
    if not same or s[page + SWAP] != number:
        s[page + LOCK] = 0
        release(s, t)
        k.said = ("pte_same", "the entry has changed: faults anew")
        leave(k, s, t)
        return back(s, t)
    write = bool(s[t + F_FLAGS] & FAULT_WRITE) and bool(s[entry.at + VMA] & V_WRITE)
    alone = SWAP_IN[k.policy.do_swap_page](k, s, t, entry, page, write)
    s[t + F_HELD] = 0  # the reference becomes the mapping's
    uffd, soft = s[t + F_BITS] & UFFD_WP, s[t + F_BITS] & SOFT_DIRTY
    on_read = k.policy.swapin_read_writable and soft and s[entry.at + VMA] & V_WRITE
    writable = alone and not uffd and (write or on_read)
    bits = uffd | soft | (WRITABLE if writable else 0)
    if writable and write:
        bits |= DIRTY | SOFT_DIRTY
    map_page(s, entry, page, bits)
    if alone and k.policy.anon_exclusive:
        set_exclusive(s, page, entry.half)
    s[page + LOCK] = 0
    if write and not writable:
        if uffd:
            leave(k, s, t)
            return back(s, t)
        s[t + F_PAGE] = page >> PAGE_SHIFT
        return do_wp_page(k, s, t)
    k.said = ("do_swap_page", "maps it writable" if writable else "maps it read-only")
    leave(k, s, t)
    return back(s, t)


def by_page_count_2612(
    k: Kernel, s: bytearray, t: int, entry: Entry, page: int, write: bool
) -> bool:
    """Free the swap entry, then can_share_swap_page by page_count (2.6.7..2.6.12)."""
    swap_free(k, s, s[entry.at + SWP])
    count = refcount(s, page)
    cached_only = bool(s[page + SWAP]) and not swap_count(k, s, page)
    return write and (count == 1 or (count == 2 and cached_only))


def by_mapcount(k: Kernel, s: bytearray, t: int, entry: Entry, page: int, write: bool) -> bool:
    """Count mappings and swap entries while this one still counts as swap.

    can_share_swap_page (2.6.13), reuse_swap_page (2.6.29): this rule survived
    09854ba94c6a until c145e0b47c77 (5.18). The latter also drops the swap cache.
    """
    count = mapcount(s, page, 0)
    if count <= 1:
        count += swap_count(k, s, page)
    alone = write and count <= 1 and s[page] != KSM
    drops = k.policy.do_wp_page != "page_mapcount"
    if alone and drops and s[page + SWAP]:
        drop_swap_cache(k, s, page)
    swap_free(k, s, s[entry.at + SWP])
    return alone


def by_page_count(k: Kernel, s: bytearray, t: int, entry: Entry, page: int, write: bool) -> bool:
    """Free entry and, for a write with two references, the cache; then one reference.

    c145e0b47c77 ("mm: streamline COW logic in do_swap_page()", 5.18).
    """
    return after_freeing(k, s, entry, page, write) and s[page] != KSM and single(s, page)


def by_exclusive(k: Kernel, s: bytearray, t: int, entry: Entry, page: int, write: bool) -> bool:
    """Believe the swap entry, which remembers PageAnonExclusive (1493a1913e34, 5.19)."""
    was = bool(s[t + F_BITS] & SWP_EXCL)
    after_freeing(k, s, entry, page, write)
    return s[page] != KSM and (was or single(s, page))


def after_freeing(k: Kernel, s: bytearray, entry: Entry, page: int, write: bool) -> bool:
    """Free the swap entry, and the cache if nobody but it and this fault has the page."""
    swap_free(k, s, s[entry.at + SWP])
    cached_only = s[page + SWAP] and not swap_count(k, s, page)
    if write and cached_only and s[page] != KSM and refcount(s, page) == 2:
        drop_swap_cache(k, s, page)
    return True


SWAP_IN = {
    "page_count": by_page_count_2612,
    "reuse_swap_page": by_mapcount,
    "page_count_1": by_page_count,
    "exclusive": by_exclusive,
}
