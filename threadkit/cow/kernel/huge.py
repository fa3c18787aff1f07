"""Huge pages: transparent ones, mapped by a PMD or by ptes, and hugetlb.

A transparent huge page of the model has two halves; slot 0 lies in the lower, slot 1 in
the upper one. A PMD is written into the entries of both halves.
"""

from __future__ import annotations

from threadkit.cow.kernel.kernel import Entry, Kernel
from threadkit.cow.kernel.layout import (
    ANON,
    BITS,
    COPIES,
    DIRTY,
    EXCL,
    F_ENTRY,
    F_FLAGS,
    F_PAGE,
    FAULT_UNSHARE,
    FLAGS,
    HALF_MAP,
    HUGETLB,
    LARGE,
    LOCK,
    LOCK_WAITS,
    LRU_PENDING,
    MAP,
    MARK_BLOCKED,
    MARKS,
    PAGE_SHIFT,
    PMD,
    PTE,
    REF,
    SLOT,
    SOFT_DIRTY,
    SWAP,
    UFFD_WP,
    V_WRITE,
    VMA,
    WRITABLE,
)
from threadkit.cow.kernel.locks import leave, ptl_lock, ptl_unlock
from threadkit.cow.kernel.pages import (
    alloc,
    clear_exclusive,
    copy_content,
    exclusive,
    flush,
    flush_pmd,
    free_swap_cache,
    hold,
    mapcount,
    put,
    refcount,
    release,
    single,
    tally,
)
from threadkit.cow.kernel.steps import back, goto, step
from threadkit.cow.kernel.users import mark_copy
from threadkit.cow.kernel.wp_page import bits_of_copy, copy_later, fault_wrote, reuse, same_entry


def map_pmd(s: bytearray, entry: Entry, page: int, bits: int) -> None:
    """Map a huge page by a PMD; the caller's reference becomes the PMD's."""
    for at in (entry.at, entry.pair):
        s[at + PTE] = page >> PAGE_SHIFT
        s[at + BITS] = bits | PMD
    s[page + MAP] += 1


def unmap_pmd(s: bytearray, entry: Entry) -> int:
    """Empty a PMD; its reference stays with the caller.

    Returns
    -------
    int
        Address of the page.
    """
    page = s[entry.at + PTE] << PAGE_SHIFT
    for at in (entry.at, entry.pair):
        s[at + PTE] = s[at + BITS] = 0
    s[page + MAP] -= 1
    return page


def split_pmd(s: bytearray, entry: Entry) -> None:
    """Map the same huge page by ptes instead of its PMD (__split_huge_pmd_locked)."""
    page = s[entry.at + PTE] << PAGE_SHIFT
    for at in (entry.at, entry.pair):
        s[at + BITS] &= 0xFF ^ PMD
    s[page + MAP] -= 1
    s[page + HALF_MAP] += 1
    s[page + HALF_MAP + 1] += 1
    s[page + REF] += 1


def writable_if_allowed(s: bytearray, entry: Entry) -> int:
    """Return the bit of a writable entry if its VMA allows writing (maybe_mkwrite)."""
    return WRITABLE if s[entry.at + VMA] & V_WRITE else 0


def worst_mapcount(s: bytearray, page: int) -> int:
    """Return page_trans_huge_mapcount(): the most entries that map one half."""
    return s[page + MAP] + max(s[page + HALF_MAP], s[page + HALF_MAP + 1])


def pmd_wp(k: Kernel, s: bytearray, t: int, entry: Entry, page: int) -> bool:
    """Begin a write fault on a PMD: do_huge_pmd_wp_page(), mm/huge_memory.c.

    The rule was not changed by 09854ba94c6a: mapcount until 3bff7e3f1f16 (5.18). Under
    the page lock, for which it always waits, from ba3c4ce6def4 (4.14) on.
    """
    if k.policy.do_huge_pmd_wp_page == "page_mapcount":
        if worst_mapcount(s, page) == 1:
            k.said = ("do_huge_pmd_wp_page", "one mapping: reuse")
            return huge_reuse(k, s, t, entry, page)
        k.said = ("do_huge_pmd_wp_page", "more than one mapping: copy")
        return huge_copy(k, s, t, entry, page)
    if not s[page + LOCK]:
        s[page + LOCK] = k.number[t]
        return goto(s, t, "huge_decide")
    hold(s, t, page)
    ptl_unlock(k, s, t)
    tally(s, LOCK_WAITS)
    if worst_mapcount(s, page) > 1:
        s[MARKS] |= MARK_BLOCKED
    k.said = ("lock_page", "the page lock is busy: sleeps")
    return goto(s, t, "huge_sleep")


@step("lock_page")
def huge_sleep(k: Kernel, s: bytearray, t: int) -> bool:
    """Wait for the page lock of a huge page."""
    page = s[t + F_PAGE] << PAGE_SHIFT
    if s[page + LOCK]:
        return False
    s[page + LOCK] = k.number[t]
    return goto(s, t, "huge_relock")


@step("do_huge_pmd_wp_page")
def huge_relock(k: Kernel, s: bytearray, t: int) -> bool:
    """Take the page-table lock again; a PMD that has changed means a new fault."""
    if not ptl_lock(k, s, t):
        return False
    entry = k.entries[s[t + F_ENTRY]]
    page = s[t + F_PAGE] << PAGE_SHIFT
    if not same_entry(s, t, entry):
        s[page + LOCK] = 0
        release(s, t)
        leave(k, s, t)
        return back(s, t)
    release(s, t)
    return goto(s, t, "huge_decide")


@step("do_huge_pmd_wp_page")
def huge_decide(k: Kernel, s: bytearray, t: int) -> bool:
    """Decide under the page lock: by mapcount (4.14..5.17) or by page_count (5.18).

    From 6c287605fd56 (5.19) whether the page is exclusive is looked at again: another
    thread may have unshared and pinned it while this one slept.
    """
    entry = k.entries[s[t + F_ENTRY]]
    page = s[t + F_PAGE] << PAGE_SHIFT
    if k.policy.do_huge_pmd_wp_page == "reuse_swap_page":
        mine = worst_mapcount(s, page) == 1
    else:
        mine = single(s, page) or (k.policy.anon_exclusive and exclusive(s, page, entry.half))
    s[page + LOCK] = 0
    if mine:
        k.said = ("do_huge_pmd_wp_page", "nobody else: reuse")
        return huge_reuse(k, s, t, entry, page)
    k.said = ("do_huge_pmd_wp_page", "somebody else: not reused")
    return huge_copy(k, s, t, entry, page)


def huge_reuse(k: Kernel, s: bytearray, t: int, entry: Entry, page: int) -> bool:
    """Make the PMD writable and end the fault; an unshare fault leaves it read-only."""
    if k.policy.anon_exclusive:
        s[page + FLAGS] |= EXCL | EXCL << 1
    if not s[t + F_FLAGS] & FAULT_UNSHARE:
        for at in (entry.at, entry.pair):
            s[at + BITS] |= DIRTY | SOFT_DIRTY | writable_if_allowed(s, entry)
    fault_wrote(s, t, entry)
    leave(k, s, t)
    return back(s, t)


def huge_copy(k: Kernel, s: bytearray, t: int, entry: Entry, page: int) -> bool:
    """Do not reuse: copy all of it, or split the PMD and fault on (3917c80280c9, 5.8).

    The copy is made in one step: nothing can change a page that is shared read-only.
    """
    if k.policy.huge_wp_copy == "split":
        split_pmd(s, entry)
        k.said = ("do_huge_pmd_wp_page", "splits the PMD and falls back to small pages")
        leave(k, s, t)
        return goto(s, t, "fault")
    new = alloc(k, s, ANON)
    s[new + FLAGS] = LARGE
    copy_content(k, s, page, new)
    tally(s, COPIES)  # two halves
    unmap_pmd(s, entry)
    put(s, page)
    map_pmd(s, entry, new, DIRTY | SOFT_DIRTY | writable_if_allowed(s, entry))
    flush_pmd(k, s, s[t + F_ENTRY])
    fault_wrote(s, t, entry)
    leave(k, s, t)
    return back(s, t)


def large_wp(k: Kernel, s: bytearray, t: int, entry: Entry, page: int) -> bool:
    """Decide a write fault on a large page that is mapped by ptes.

    Mapcount (until 5.8); page_count() of the head, so that only the last half in use is
    reused (5.9); never (cd197c3a2040, 6.9); who owns it (``mm_id``, 1da190f4d0a6, 6.15):
    reuse if this process alone maps it, more than one part of it, and every reference is
    a mapping.
    """
    rule = k.policy.large_folio_wp
    if rule == "page_mapcount":
        mine = worst_mapcount(s, page) == 1
    elif rule == "page_count":
        mine = single(s, page)
    elif rule == "never":
        mine = False
    else:
        mapped = s[page + MAP] + s[page + HALF_MAP] + s[page + HALF_MAP + 1]
        mine = mapped > 1 and not shared(k, s, entry.mm, page) and refcount(s, page) == mapped
    if mine:
        k.said = ("wp_can_reuse_anon_folio", "nobody else: reuse")
        return reuse(k, s, t, entry, page)
    k.said = ("do_wp_page", "a large page: copy this half")
    return copy_later(k, s, t)


def shared(k: Kernel, s: bytearray, mm: int, page: int) -> bool:
    """Tell whether another address space maps a large page (FOLIO_MM_IDS_SHARED)."""
    number = page >> PAGE_SHIFT
    return any(s[entry.at + PTE] == number and entry.mm != mm for entry in k.entries)


def hugetlb_wp(k: Kernel, s: bytearray, t: int, entry: Entry, page: int) -> bool:
    """Decide a write fault on hugetlb: one mapping means reuse, whoever holds references.

    hugetlb_wp() (hugetlb_cow() before), mm/hugetlb.c: by reference count until
    0fe6e20b9c4c (2.6.36), by mapcount since. The page lock is not what serialises here,
    and the copy is made in one step under the fault mutex.
    """
    mine = mapcount(s, page, 0) == 1
    if k.policy.hugetlb_wp == "page_count":
        mine = single(s, page)
    if mine:
        k.said = ("hugetlb_wp", "nobody else counts: reuse")
        return reuse(k, s, t, entry, page)
    new = alloc(k, s, ANON)
    s[new + FLAGS] = HUGETLB
    copy_content(k, s, page, new)
    mark_copy(k, s, entry, page)
    s[page + MAP] -= 1
    put(s, page)
    s[entry.at + PTE] = new >> PAGE_SHIFT
    s[new + MAP] = 1
    s[entry.at + BITS] = bits_of_copy(s, t, entry)
    if k.policy.anon_exclusive:
        s[new + FLAGS] |= EXCL
    flush(k, s, s[t + F_ENTRY])
    fault_wrote(s, t, entry)
    k.said = ("hugetlb_wp", "somebody else counts: copy")
    leave(k, s, t)
    return back(s, t)


def collapse(k: Kernel, s: bytearray, lower: Entry, upper: Entry) -> bool:
    """Collapse two halves into one huge page (MADV_COLLAPSE, 6.1; collapse_huge_page).

    Refused where a half is missing, locked, protected for userfaultfd, or somebody holds a
    reference beyond mappings and swap cache (is_refcount_suitable); and where neither
    half is writable (SCAN_PAGE_RO, read in 6.1 and 6.12; gone by 6.18, which the model does
    not tell apart). Shared halves are copied like others.

    Returns
    -------
    bool
        Whether it was done.
    """
    if s[lower.at + BITS] & PMD or not (s[lower.at + PTE] and s[upper.at + PTE]):
        return False
    both = s[lower.at + BITS] | s[upper.at + BITS]
    if both & UFFD_WP or not both & WRITABLE:
        return False
    for entry in (lower, upper):
        page = s[entry.at + PTE] << PAGE_SHIFT
        mapped = s[page + MAP] + s[page + HALF_MAP] + s[page + HALF_MAP + 1]
        known = mapped + bool(s[page + SWAP])
        if s[page + FLAGS] & LRU_PENDING:  # madvise_collapse() starts with lru_add_drain_all()
            s[page + FLAGS] &= 0xFF ^ LRU_PENDING
            s[page + REF] -= 1
        if s[page] != ANON or s[page + LOCK] or refcount(s, page) != known:
            return False
    new = alloc(k, s, ANON)
    s[new + FLAGS] = LARGE | ((EXCL | EXCL << 1) if k.policy.anon_exclusive else 0)
    for entry in (lower, upper):
        page = s[entry.at + PTE] << PAGE_SHIFT
        s[new + SLOT + entry.half] = s[page + SLOT + entry.half]
        clear_exclusive(s, page, entry.half)
        if s[page + FLAGS] & LARGE:
            s[page + HALF_MAP + entry.half] -= 1
        else:
            s[page + MAP] -= 1
        free_swap_cache(k, s, page)
        put(s, page)
    map_pmd(s, lower, new, DIRTY | SOFT_DIRTY | writable_if_allowed(s, lower))
    return True
