"""Reclaim: shrink_page_list() and try_to_unmap(), mm/vmscan.c and mm/rmap.c."""

from __future__ import annotations

from threadkit.cow.kernel.access import reachable
from threadkit.cow.kernel.kernel import Entry, Kernel
from threadkit.cow.kernel.layout import (
    ANON,
    BITS,
    CACHE,
    COUNT,
    F_BITS,
    F_COUNT,
    F_ENTRY,
    F_MM,
    F_PAGE,
    FLAGS,
    HUGETLB,
    KSM,
    LARGE,
    LOCK,
    LRU_PENDING,
    MAP,
    PAGE_SHIFT,
    PTE,
    PTL,
    REF,
    SLOT,
    SOFT_DIRTY,
    STORED,
    SWAP,
    SWP,
    SWP_EXCL,
    UFFD_WP,
    WRITABLE,
)
from threadkit.cow.kernel.pages import (
    ModelBoundError,
    clear_exclusive,
    drop_swap_cache,
    exclusive,
    flush,
    hold,
    mapcount,
    maybe_pinned,
    put,
    refcount,
    release,
    total_mapcount,
    unmap_page,
)
from threadkit.cow.kernel.steps import done, goto, step
from threadkit.cow.kernel.swapin import read_in
from threadkit.cow.kernel.wp import lru_add_drain


@step("shrink_page_list")
def swap_out(k: Kernel, s: bytearray, t: int) -> bool:
    """Isolate and lock the page, and give it a swap entry.

    Whether a page may be pinned is looked at here (feb889fb40fa, 5.11) if it is not in
    the swap cache already, and the mappings are undone later: who pins in between is not
    seen. MADV_PAGEOUT (a process as actor) leaves pages alone that others map, too.
    """
    i = k.now(s, t)
    entry = k.entries[i.entry]
    page = reachable(k, s, entry)
    by_process = i.op.verb == "madvise"
    if not page or s[page] not in (ANON, KSM) or s[page + FLAGS] & (HUGETLB | LARGE):
        return give_up(k, s, t, "nothing that can be swapped out")
    if s[page + LOCK]:
        return give_up(k, s, t, "the page is locked")
    if by_process and mapcount(s, page, 0) != 1:
        return give_up(k, s, t, "somebody else maps the page")
    if s[page + FLAGS] & LRU_PENDING:
        lru_add_drain(s, page)
    rule = k.policy.shrink_page_list
    if rule == "skip_pinned" and not s[page + SWAP] and maybe_pinned(s, page):
        return give_up(k, s, t, "the page may be pinned")
    if rule == "skip_writable" and mapped_writable(k, s, page):
        return give_up(k, s, t, "the page is mapped writable")
    hold(s, t, page)
    s[page + LOCK] = k.number[t]
    s[t + F_PAGE] = page >> PAGE_SHIFT
    if not s[page + SWAP]:
        add_to_swap(k, s, page)
    k.said = ("shrink_page_list", "locks the page and adds it to the swap cache")
    return goto(s, t, "reclaim_unmap")


def give_up(k: Kernel, s: bytearray, t: int, why: str) -> bool:
    """Leave the page where it is."""
    k.said = ("shrink_page_list", why)
    return done(s, t)


def mapped_writable(k: Kernel, s: bytearray, page: int) -> bool:
    """Tell whether some entry maps the page writable."""
    number = page >> PAGE_SHIFT
    return any(s[e.at + PTE] == number and s[e.at + BITS] & WRITABLE for e in k.entries)


def add_to_swap(k: Kernel, s: bytearray, page: int) -> None:
    """Give the page the first free swap entry, and the swap cache a reference.

    Raises
    ------
    ModelBoundError
        There is none.
    """
    for number, swap in enumerate(k.swaps, 1):
        if not s[swap + COUNT] and not s[swap + CACHE]:
            s[swap + CACHE] = page >> PAGE_SHIFT
            s[page + SWAP] = number
            s[page + REF] += 1
            return
    raise ModelBoundError("swap entries")


def mappings(k: Kernel, s: bytearray, page: int) -> list[tuple[int, Entry]]:
    """List the entries that map a page (rmap_walk)."""
    number = page >> PAGE_SHIFT
    return [(n, e) for n, e in enumerate(k.entries) if s[e.at + PTE] == number]


@step("try_to_unmap_one")
def reclaim_unmap(k: Kernel, s: bytearray, t: int) -> bool:
    """Turn one mapping into a swap entry, under that process's page-table lock.

    2.6.7..2.6.12 refused a page with references beyond mappings and swap cache (Andrea
    Arcangeli's guard, removed by c475a8ab625d). From 6c287605fd56 (5.19) an exclusive
    page is looked at again once its entry is cleared (page_try_share_anon_rmap).
    """
    page = s[t + F_PAGE] << PAGE_SHIFT
    left = [(n, e) for n, e in mappings(k, s, page) if n >= s[t + F_COUNT]]
    if not left or not s[page + SWAP]:  # a reuse without the page lock ended the swap cache
        return goto(s, t, "reclaim_free")
    n, entry = left[0]
    if s[k.mms[entry.mm] + PTL]:
        return False
    if k.policy.try_to_unmap == "page_count":
        mine = 2  # the swap cache and the isolation
        if refcount(s, page) != total_mapcount(s, page) + mine:
            k.said = ("try_to_unmap_one", "somebody holds a reference: not unmapped")
            return goto(s, t, "reclaim_free")
    if k.policy.try_to_unmap == "exclusive_not_pinned" and exclusive(s, page, 0):
        s[k.mms[entry.mm] + PTL] = k.number[t]
        s[t + F_MM] = entry.mm
        s[t + F_ENTRY] = n
        s[t + F_BITS] = s[entry.at + BITS]
        unmap_page(s, entry)
        flush(k, s, n)
        k.said = ("ptep_clear_flush", "clears the entry of an exclusive page")
        return goto(s, t, "reclaim_share")
    to_swap(k, s, n, entry, page, s[entry.at + BITS])
    return goto(s, t, "reclaim_unmap")


def to_swap(k: Kernel, s: bytearray, n: int, entry: Entry, page: int, bits: int) -> None:
    """Write a swap entry where the page was mapped; the page-table lock is held."""
    if s[entry.at + PTE]:
        unmap_page(s, entry)
        flush(k, s, n)
    s[entry.at + SWP] = s[page + SWAP]
    s[entry.at + BITS] = bits & (UFFD_WP | SOFT_DIRTY)
    s[k.swaps[s[page + SWAP] - 1] + COUNT] += 1
    put(s, page)
    k.said = ("try_to_unmap_one", "the mapping becomes a swap entry")


@step("page_try_share_anon_rmap")
def reclaim_share(k: Kernel, s: bytearray, t: int) -> bool:
    """Put the entry back if the page may be pinned; else the swap entry is exclusive."""
    page = s[t + F_PAGE] << PAGE_SHIFT
    entry = k.entries[s[t + F_ENTRY]]
    if maybe_pinned(s, page):
        s[entry.at + PTE] = page >> PAGE_SHIFT
        s[entry.at + BITS] = s[t + F_BITS]
        s[page + MAP] += 1
        s[k.mms[entry.mm] + PTL] = 0
        k.said = ("page_try_share_anon_rmap", "the page may be pinned: puts the entry back")
        return goto(s, t, "reclaim_free")
    clear_exclusive(s, page, 0)
    to_swap(k, s, s[t + F_ENTRY], entry, page, s[t + F_BITS])
    s[entry.at + BITS] |= SWP_EXCL
    s[k.mms[entry.mm] + PTL] = 0
    k.said = ("try_to_unmap_one", "the mapping becomes an exclusive swap entry")
    return goto(s, t, "reclaim_unmap")


@step("shrink_page_list")
def reclaim_free(k: Kernel, s: bytearray, t: int) -> bool:
    """Write the page out and free it, if nobody but the swap cache has it.

    A page that is still referenced stays in the swap cache (is_page_cache_freeable), and
    so does one that could not be unmapped: try_to_free_swap() takes it out only when
    swap is nearly full, which it never is here.
    """
    page = s[t + F_PAGE] << PAGE_SHIFT
    s[page + LOCK] = 0
    if not s[page + SWAP]:
        k.said = ("shrink_page_list", "finds the page outside the swap cache")
        release(s, t)
        return done(s, t)
    swap = k.swaps[s[page + SWAP] - 1]
    if not total_mapcount(s, page):
        s[swap + STORED : swap + STORED + 2] = s[page + SLOT : page + SLOT + 2]
    if not total_mapcount(s, page) and refcount(s, page) == 2:
        drop_swap_cache(k, s, page)
        k.said = ("shrink_page_list", "writes the page out and frees it")
    else:
        k.said = ("shrink_page_list", "keeps the page in the swap cache")
    release(s, t)
    return done(s, t)


@step("swap_cluster_readahead")
def swap_in(k: Kernel, s: bytearray, t: int) -> bool:
    """Read a page into the swap cache ahead of its fault."""
    entry = k.entries[k.now(s, t).entry]
    if s[entry.at + SWP]:
        read_in(k, s, s[entry.at + SWP])
    k.said = ("swap_cluster_readahead", "reads the page into the swap cache")
    return done(s, t)
