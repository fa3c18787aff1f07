"""How a write fault ends: the page is reused, or a copy takes its place."""

from __future__ import annotations

from threadkit.cow.kernel.kernel import Entry, Kernel
from threadkit.cow.kernel.layout import (
    ANON,
    BITS,
    DIRTY,
    F_BITS,
    F_ENTRY,
    F_FLAGS,
    F_NEW,
    F_PAGE,
    FAULT_UNSHARE,
    FAULT_WRITE,
    FLAGS,
    FOLL_COW,
    HUGETLB,
    LOCK,
    MARK_LIFETIME,
    MARKS,
    PAGE_SHIFT,
    PMD,
    PTE,
    REUSES,
    SOFT_DIRTY,
    UFFD_WP,
    V_WRITE,
    VMA,
    WRITABLE,
    ZERO,
)
from threadkit.cow.kernel.locks import leave, ptl_lock, ptl_unlock
from threadkit.cow.kernel.pages import (
    alloc,
    copy_content,
    flush,
    free_swap_cache,
    hold,
    map_page,
    put,
    release,
    set_exclusive,
    tally,
    unmap_page,
)
from threadkit.cow.kernel.steps import back, goto, step
from threadkit.cow.kernel.users import mark_copy


def same_entry(s: bytearray, t: int, entry: Entry) -> bool:
    """Tell whether the entry is the one that the fault began with (pte_same)."""
    return s[entry.at + PTE] == s[t + F_PAGE] and s[entry.at + BITS] == s[t + F_BITS]


def unlock(k: Kernel, s: bytearray, t: int, page: int) -> None:
    """Drop the page lock if this actor holds it (unlock_page)."""
    if s[page + LOCK] == k.number[t]:
        s[page + LOCK] = 0


def fault_wrote(s: bytearray, t: int, entry: Entry) -> None:
    """Let GUP know that a forced write fault has broken COW (VM_FAULT_WRITE).

    Only then does faultin_page() go on as if the entry were writable; a fault that found
    the entry changed, or only read the page in, is taken again.
    """
    if s[t + F_FLAGS] & FAULT_WRITE and not s[entry.at + VMA] & V_WRITE:
        s[t + F_FLAGS] |= FOLL_COW


def reuse(k: Kernel, s: bytearray, t: int, entry: Entry, page: int) -> bool:
    """Make the entry writable and end the fault (wp_page_reuse).

    An unshare fault leaves it read-only and counts no reuse; nor do huge pages, which
    have functions of their own (798a6b87ecd7, 5.9: PGREUSE). Before be068f29034f (5.9-rc7)
    the page was unlocked after the page-table lock had been dropped, when it could be gone.
    """
    after = k.policy.wp_unlock_page == "after_pte_unlock" and s[page + LOCK] == k.number[t]
    if not after:
        unlock(k, s, t, page)
    if k.policy.anon_exclusive:
        set_exclusive(s, page, entry.half)
        if s[entry.at + BITS] & PMD:
            set_exclusive(s, page, 1 - entry.half)
    fault_wrote(s, t, entry)
    if not s[t + F_FLAGS] & FAULT_UNSHARE:
        new = DIRTY | SOFT_DIRTY | (WRITABLE if s[entry.at + VMA] & V_WRITE else 0)
        s[entry.at + BITS] |= new
        if s[entry.at + BITS] & PMD:
            s[entry.pair + BITS] |= new
        elif k.policy.pgreuse and not s[page + FLAGS] & HUGETLB:
            tally(s, REUSES)
    leave(k, s, t)
    if after:
        return goto(s, t, "wp_unlock_late")
    return back(s, t)


@step("do_wp_page")
def wp_unlock_late(k: Kernel, s: bytearray, t: int) -> bool:
    """Unlock the page behind the page-table lock: 5.9-rc4's bug, if it is gone (I8)."""
    page = s[t + F_PAGE] << PAGE_SHIFT
    if s[page + LOCK] != k.number[t]:
        s[MARKS] |= MARK_LIFETIME
        k.said = ("unlock_page", "unlocks a page that is no longer there")
    else:
        s[page + LOCK] = 0
        k.said = ("unlock_page", "unlocks the page")
    return back(s, t)


def copy_later(k: Kernel, s: bytearray, t: int) -> bool:
    """Keep a reference to the old page, drop all locks, and copy it next (wp_page_copy)."""
    page = s[t + F_PAGE] << PAGE_SHIFT
    unlock(k, s, t, page)
    hold(s, t, page)
    ptl_unlock(k, s, t)
    return goto(s, t, "wp_copy")


def bits_of_copy(s: bytearray, t: int, entry: Entry) -> int:
    """Return the bits of the entry that maps a copy.

    One made by unsharing (c89357e27f20, 5.19) is neither writable nor dirty, and keeps
    the marks of soft-dirty tracking and of userfaultfd.
    """
    if s[t + F_FLAGS] & FAULT_UNSHARE:
        return s[t + F_BITS] & (SOFT_DIRTY | UFFD_WP)
    return DIRTY | SOFT_DIRTY | (WRITABLE if s[entry.at + VMA] & V_WRITE else 0)


@step("wp_page_copy")
def wp_copy(k: Kernel, s: bytearray, t: int) -> bool:
    """Copy the page while no lock is held; who writes to the old one now writes in vain."""
    page = s[t + F_PAGE] << PAGE_SHIFT
    new = alloc(k, s, ANON)
    copy_content(k, s, page, new)
    s[t + F_NEW] = new >> PAGE_SHIFT
    k.said = ("wp_page_copy", "fills a new page" if s[page] == ZERO else "copies the page")
    return goto(s, t, "wp_install")


@step("wp_page_copy")
def wp_install(k: Kernel, s: bytearray, t: int) -> bool:
    """Put the copy into the entry, if that is still the same; else throw it away.

    From f4c4a3f48480 (5.14) on the old page leaves the swap cache if that alone has it.
    """
    if not ptl_lock(k, s, t):
        return False
    entry = k.entries[s[t + F_ENTRY]]
    page, new = s[t + F_PAGE] << PAGE_SHIFT, s[t + F_NEW] << PAGE_SHIFT
    s[t + F_NEW] = 0
    if same_entry(s, t, entry):
        mark_copy(k, s, entry, page)
        unmap_page(s, entry)
        if k.policy.wp_page_copy == "free_swap_cache":
            free_swap_cache(k, s, page)
        put(s, page)
        map_page(s, entry, new, bits_of_copy(s, t, entry))
        if k.policy.anon_exclusive:
            set_exclusive(s, new, entry.half)
        flush(k, s, s[t + F_ENTRY])
        fault_wrote(s, t, entry)
        k.said = ("wp_page_copy", "maps the copy")
    else:
        put(s, new)
        k.said = ("wp_page_copy", "the entry has changed: throws the copy away")
    release(s, t)
    leave(k, s, t)
    return back(s, t)
