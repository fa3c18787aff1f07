"""Write faults on a present entry: copy or reuse? do_wp_page(), mm/memory.c.

The question of the thread that threadkit began with. Every rule below is one that a
kernel had; :class:`threadkit.cow.policy.Policy` says which kernel has which.
"""

from __future__ import annotations

from threadkit.cow.kernel.huge import hugetlb_wp, large_wp, pmd_wp
from threadkit.cow.kernel.kernel import Entry, Kernel
from threadkit.cow.kernel.layout import (
    ANON,
    BITS,
    F_BITS,
    F_COUNT,
    F_ENTRY,
    F_PAGE,
    FILE,
    FLAGS,
    HUGETLB,
    KSM,
    LARGE,
    LOCK,
    LOCK_WAITS,
    LRU_PENDING,
    MARK_BLOCKED,
    MARK_PTL_SLEEP,
    MARKS,
    PAGE_SHIFT,
    PMD,
    PTE,
    PTL_BLOCKED,
    REF,
    SWAP,
    V_UFFD,
    VMA,
    ZERO,
)
from threadkit.cow.kernel.locks import leave, ptl_lock, ptl_unlock
from threadkit.cow.kernel.pages import (
    drop_swap_cache,
    exclusive,
    flush,
    hold,
    mapcount,
    maybe_pinned,
    refcount,
    release,
    single,
    swap_count,
    tally,
)
from threadkit.cow.kernel.steps import back, goto, step
from threadkit.cow.kernel.wp_page import copy_later, reuse, same_entry, unlock

MAPCOUNT_RULES = ("page_mapcount", "reuse_swap_page")


def do_wp_page(k: Kernel, s: bytearray, t: int) -> bool:
    """Begin a write (or unshare) fault on a present entry; the page-table lock is held.

    What needs no page lock is decided here: pages that are never reused (page cache,
    zero page), pages known to be exclusive (6c287605fd56, 5.19: reuse, no other test),
    huge pages, and the unlocked looks of 5.9 (09854ba94c6a: any page_count() but 1 is
    copied) and 5.18 (53a05ad9f21d: more than three references are). From 6ce64428d620
    (5.12) on what userfaultfd write-protected is flushed before it may be copied.
    """
    entry = k.entries[s[t + F_ENTRY]]
    page = s[entry.at + PTE] << PAGE_SHIFT
    s[t + F_PAGE] = s[entry.at + PTE]
    s[t + F_BITS] = s[entry.at + BITS]
    kind, flags = s[page], s[page + FLAGS]
    if k.tlbs and s[entry.at + VMA] & V_UFFD and k.policy.uffd_wp_flush == "before_copy":
        flush(k, s, s[t + F_ENTRY])
    if kind in (ZERO, FILE):
        k.said = ("do_wp_page", "not an anonymous page: copy")
        return copy_later(k, s, t)
    if k.policy.anon_exclusive and exclusive(s, page, entry.half):
        k.said = ("do_wp_page", "PageAnonExclusive: reuse")
        return reuse(k, s, t, entry, page)
    if flags & HUGETLB:
        return hugetlb_wp(k, s, t, entry, page)
    if s[entry.at + BITS] & PMD:
        return pmd_wp(k, s, t, entry, page)
    if flags & LARGE:
        return large_wp(k, s, t, entry, page)
    if kind == KSM:
        return wp_ksm(k, s, t, page)
    return wp_anon(k, s, t, entry, page)


def wp_anon(k: Kernel, s: bytearray, t: int, entry: Entry, page: int) -> bool:
    """Look at a small anonymous page before its lock is tried."""
    policy = k.policy
    if policy.wp_maybe_pinned == "reuse_swap_page" and maybe_pinned(s, page):
        s[t + F_COUNT] = 1  # this fault is decided by mapcount
        return wp_trylock(k, s, t)
    if policy.wp_pretest == "page_mapcount" and mapcount(s, page, entry.half) > 1:
        k.said = ("do_wp_page", "page_mapcount() is above 1, seen without the lock: copy")
        return copy_later(k, s, t)
    rule = policy.do_wp_page
    if rule == "page_count_1":
        if not single(s, page):
            k.said = ("do_wp_page", "page_count() is not 1: copy")
            return copy_later(k, s, t)
        k.said = ("do_wp_page", "page_count() is 1, seen without the lock")
        return goto(s, t, "wp_trylock")
    if rule == "swapcache_aware":
        if refcount(s, page) > 3:
            k.said = ("do_wp_page", "more than three references: copy")
            return copy_later(k, s, t)
        if s[page + FLAGS] & LRU_PENDING:
            lru_add_drain(s, page)
        if refcount(s, page) > 1 + bool(s[page + SWAP]):
            k.said = ("do_wp_page", "more references than the mapping and the swap cache: copy")
            return copy_later(k, s, t)
        k.said = ("do_wp_page", "no reference but mapping and swap cache, without the lock")
        return goto(s, t, "wp_trylock")
    return wp_trylock(k, s, t)


def lru_add_drain(s: bytearray, page: int) -> None:
    """Drop the reference of the per-CPU list of pages to be added to the LRU."""
    s[page + FLAGS] &= 0xFF ^ LRU_PENDING
    s[page + REF] -= 1


def wp_ksm(k: Kernel, s: bytearray, t: int, page: int) -> bool:
    """Look at a KSM page: copied in every kernel but 5.1 to 5.8.

    52d1e606ee73 ("mm: reuse only-pte-mapped KSM page in do_wp_page()", 5.1): copied at
    once if in the swap cache or with more than one reference, else see
    :func:`wp_decide_ksm`.
    """
    if k.policy.reuse_ksm_page == "never" or s[page + SWAP] or not single(s, page):
        k.said = ("do_wp_page", "a KSM page: copy")
        return copy_later(k, s, t)
    k.said = ("do_wp_page", "a KSM page with one reference")
    return goto(s, t, "wp_trylock")


@step("trylock_page")
def wp_trylock(k: Kernel, s: bytearray, t: int) -> bool:
    """Try the page lock; a busy lock means copy, or (2.6.29..5.8) sleep and look again.

    ab967d86015a ("mm: wp lock page before deciding cow", 2.6.29) drops the page-table
    lock with a reference of its own, waits, and takes it again.
    """
    page = s[t + F_PAGE] << PAGE_SHIFT
    how = k.policy.wp_trylock_failed
    if how == "unlocked":
        return goto(s, t, "wp_decide")
    if not s[page + LOCK]:
        s[page + LOCK] = k.number[t]
        k.said = ("trylock_page", "takes the page lock")
        return goto(s, t, "wp_decide")
    if how == "copy":
        k.said = ("trylock_page", "the page lock is busy: copy")
        return copy_later(k, s, t)
    tally(s, LOCK_WAITS)
    if mapcount(s, page, k.entries[s[t + F_ENTRY]].half) > 1:
        s[MARKS] |= MARK_BLOCKED
    if how == "sleep_locked":
        tally(s, PTL_BLOCKED)
        s[MARKS] |= MARK_PTL_SLEEP
        k.said = ("lock_page", "the page lock is busy: sleeps, with the page table locked")
        return goto(s, t, "wp_sleep_locked")
    hold(s, t, page)
    ptl_unlock(k, s, t)
    k.said = ("lock_page", "the page lock is busy: sleeps")
    return goto(s, t, "wp_lock_page")


@step("lock_page")
def wp_lock_page(k: Kernel, s: bytearray, t: int) -> bool:
    """Sleep until the page lock is free, and take it."""
    page = s[t + F_PAGE] << PAGE_SHIFT
    if s[page + LOCK]:
        return False
    s[page + LOCK] = k.number[t]
    k.said = ("lock_page", "wakes and takes the page lock")
    return goto(s, t, "wp_relock")


@step("lock_page")
def wp_sleep_locked(k: Kernel, s: bytearray, t: int) -> bool:
    """Wait for the page lock while nobody can change the page table.

    Reclaim holds the page lock and needs the page table: both wait for ever.
    """
    page = s[t + F_PAGE] << PAGE_SHIFT
    if s[page + LOCK]:
        return False
    s[page + LOCK] = k.number[t]
    return goto(s, t, "wp_decide")


@step("do_wp_page")
def wp_relock(k: Kernel, s: bytearray, t: int) -> bool:
    """Take the page-table lock again; an entry that has changed means a new fault."""
    if not ptl_lock(k, s, t):
        return False
    entry = k.entries[s[t + F_ENTRY]]
    page = s[t + F_PAGE] << PAGE_SHIFT
    if not same_entry(s, t, entry):
        unlock(k, s, t, page)
        release(s, t)
        k.said = ("pte_same", "the entry has changed: faults anew")
        leave(k, s, t)
        return back(s, t)
    release(s, t)
    k.said = ("do_wp_page", "takes the page-table lock again")
    return goto(s, t, "wp_decide")


@step("reuse_swap_page")
def wp_decide(k: Kernel, s: bytearray, t: int) -> bool:
    """Decide under the page lock.

    By ``page_count`` (2.6.7..2.6.12, can_share_swap_page): one reference, or two of
    which one is the swap cache that nobody else holds an entry of. By mapcount
    (c475a8ab625d, 2.6.13): mappings plus, for a single one in the swap cache, swap
    entries; read one after the other, here and in :func:`wp_decide_swap`. By
    ``page_count_1`` (09854ba94c6a, 5.9): look again. ``swapcache_aware``: see
    :func:`decide_swapcache_aware`.
    """
    entry = k.entries[s[t + F_ENTRY]]
    page = s[t + F_PAGE] << PAGE_SHIFT
    rule = k.policy.do_wp_page
    if s[page] == KSM:
        return wp_decide_ksm(k, s, t, page)
    if rule in MAPCOUNT_RULES or s[t + F_COUNT]:
        s[t + F_COUNT] = mapcount(s, page, entry.half)
        k.said = (name_of(rule), "counts the mappings")
        return goto(s, t, "wp_decide_swap")
    if rule == "page_count_1":
        if mapcount(s, page, entry.half) == 1 and single(s, page):
            k.said = ("do_wp_page", "page_count() is still 1 under the lock: reuse")
            return reuse(k, s, t, entry, page)
        k.said = ("do_wp_page", "page_count() is not 1 under the lock: copy")
    elif rule == "swapcache_aware":
        return decide_swapcache_aware(k, s, t, entry, page)
    else:
        count = refcount(s, page)
        if count == 1 or (count == 2 and s[page + SWAP] and not swap_count(k, s, page)):
            k.said = ("can_share_swap_page", "page_count() says nobody else: reuse")
            return reuse(k, s, t, entry, page)
        k.said = ("can_share_swap_page", "page_count() says somebody else: copy")
    return copy_later(k, s, t)


def name_of(rule: str) -> str:
    """Name the kernel function that a mapcount rule is in."""
    return "can_share_swap_page" if rule == "page_mapcount" else "reuse_swap_page"


@step("reuse_swap_page")
def wp_decide_swap(k: Kernel, s: bytearray, t: int) -> bool:
    """Add the swap entries to the mappings that were counted, and decide.

    It is the page lock that keeps the sum stable while reclaim turns a mapping into a
    swap entry (Hugh Dickins, 2006). From 2.6.29 reuse also drops the swap cache.
    """
    entry = k.entries[s[t + F_ENTRY]]
    page = s[t + F_PAGE] << PAGE_SHIFT
    rule = k.policy.do_wp_page
    count = s[t + F_COUNT]
    if count <= 1 and s[page + SWAP]:
        count += swap_count(k, s, page)
    if count != 1:
        k.said = (name_of(rule), "mappings and swap entries are not 1: copy")
        return copy_later(k, s, t)
    if rule != "page_mapcount" and s[page + SWAP] and not swap_count(k, s, page):
        drop_swap_cache(k, s, page)
    k.said = (name_of(rule), "mappings and swap entries are 1: reuse")
    return reuse(k, s, t, entry, page)


def decide_swapcache_aware(k: Kernel, s: bytearray, t: int, entry: Entry, page: int) -> bool:
    """Decide as 5.18 does: drop the swap cache if nobody holds an entry, then count.

    53a05ad9f21d ("mm: optimize do_wp_page() for exclusive pages in the swapcache").
    """
    if s[page + SWAP] and not swap_count(k, s, page):
        drop_swap_cache(k, s, page)
    if single(s, page):
        k.said = ("do_wp_page", "one reference under the lock: reuse")
        return reuse(k, s, t, entry, page)
    k.said = ("do_wp_page", "more than one reference under the lock: copy")
    return copy_later(k, s, t)


def wp_decide_ksm(k: Kernel, s: bytearray, t: int, page: int) -> bool:
    """Reuse a KSM page with one reference (reuse_ksm_page, 5.1..5.8).

    page_ref_freeze() makes looking and taking one step; without it (``page_count``)
    KSM may take a reference in between.
    """
    if s[page + SWAP] or not single(s, page):
        k.said = ("reuse_ksm_page", "more than one reference: copy")
        return copy_later(k, s, t)
    if k.policy.reuse_ksm_page == "page_count":
        k.said = ("reuse_ksm_page", "one reference, not frozen")
        return goto(s, t, "wp_ksm_reuse")
    return wp_ksm_reuse(k, s, t)


@step("reuse_ksm_page")
def wp_ksm_reuse(k: Kernel, s: bytearray, t: int) -> bool:
    """Turn the KSM page into a plain anonymous one and reuse it (page_move_anon_rmap)."""
    page = s[t + F_PAGE] << PAGE_SHIFT
    s[page] = ANON
    k.said = ("reuse_ksm_page", "the KSM page becomes a plain one: reuse")
    return reuse(k, s, t, k.entries[s[t + F_ENTRY]], page)
