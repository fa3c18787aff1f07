"""KSM: try_to_merge_with_ksm_page() and break_ksm(), mm/ksm.c."""

from __future__ import annotations

from threadkit.cow.kernel.access import reachable
from threadkit.cow.kernel.fault import fault
from threadkit.cow.kernel.kernel import Entry, Kernel
from threadkit.cow.kernel.layout import (
    ANON,
    BITS,
    DIRTY,
    F_ENTRY,
    F_FLAGS,
    F_HELD,
    F_MM,
    FAULT_WRITE,
    FLAGS,
    HUGETLB,
    KSM,
    LARGE,
    LOCK,
    LRU_PENDING,
    PAGE_SHIFT,
    PTE,
    PTL,
    REF,
    RET,
    SLOT,
    SWAP,
    V_MERGEABLE,
    VMA,
    WRITABLE,
)
from threadkit.cow.kernel.pages import (
    clear_exclusive,
    exclusive,
    flush,
    free_swap_cache,
    hold,
    map_page,
    maybe_pinned,
    put,
    refcount,
    release,
    total_mapcount,
    unmap_page,
)
from threadkit.cow.kernel.steps import NUMBER, done, goto, step
from threadkit.cow.kernel.wp import lru_add_drain


def quiet(k: Kernel, s: bytearray, t: int, why: str) -> bool:
    """End the scan without a merge."""
    k.said = ("cmp_and_merge_page", why)
    return done(s, t)


def mergeable(k: Kernel, s: bytearray, entry: Entry) -> int:
    """Return the address of a page that KSM may look at; 0 if it may not."""
    page = reachable(k, s, entry)
    if not page or not s[entry.at + VMA] & V_MERGEABLE:
        return 0
    if s[page] not in (ANON, KSM) or s[page + FLAGS] & (LARGE | HUGETLB):
        return 0
    return page


@step("cmp_and_merge_page")
def ksm_merge(k: Kernel, s: bytearray, t: int) -> bool:
    """Take the page to merge into: with a reference, and made a KSM page if it is none.

    get_ksm_page() raises the count of a KSM page without its lock.
    """
    i = k.now(s, t)
    one, two = k.entries[i.entries[0]], k.entries[i.others[0]]
    first, second = mergeable(k, s, one), mergeable(k, s, two)
    for page in (first, second):
        if page and s[page + FLAGS] & LRU_PENDING:
            lru_add_drain(s, page)  # lru_add_drain_all() at the start of each scan
    if not first or not second or first == second:
        return quiet(k, s, t, "nothing to merge")
    if s[first + SLOT : first + SLOT + 2] != s[second + SLOT : second + SLOT + 2]:
        return quiet(k, s, t, "the contents differ")
    if s[first] == KSM:
        hold(s, t, first)
        k.said = ("get_ksm_page", "takes a reference on the KSM page")
        return goto(s, t, "ksm_replace")
    mm = k.mms[one.mm]
    if s[mm + PTL]:
        return False
    if s[first + LOCK]:
        return quiet(k, s, t, "the page is locked")
    if not write_protect(k, s, one, i.entries[0], first):
        return quiet(k, s, t, "somebody holds a reference: not merged")
    s[first] = KSM
    hold(s, t, first)
    k.said = ("write_protect_page", "write-protects the page and makes it a KSM page")
    return goto(s, t, "ksm_replace")


def write_protect(k: Kernel, s: bytearray, entry: Entry, index: int, page: int) -> bool:
    """Write-protect an entry if mappings and swap cache are all the references there are.

    write_protect_page(): mapcount + 1 + swapcache == page_count, the 1 being KSM's own.
    An entry that is read-only and clean already is taken without a look (5.10), but from
    6c287605fd56 (5.19) not if the page is exclusive, which it must be able to cease to be.
    """
    mine = k.policy.anon_exclusive and exclusive(s, page, 0)
    if not s[entry.at + BITS] & (WRITABLE | DIRTY) and not mine:
        return True
    if refcount(s, page) != total_mapcount(s, page) + bool(s[page + SWAP]):
        return False
    if mine:
        if maybe_pinned(s, page):
            return False
        clear_exclusive(s, page, 0)
    s[entry.at + BITS] &= 0xFF ^ (WRITABLE | DIRTY)
    flush(k, s, index)
    return True


@step("replace_page")
def ksm_replace(k: Kernel, s: bytearray, t: int) -> bool:
    """Let the second page's entry map the KSM page, if that page may go and is the same."""
    i = k.now(s, t)
    target = _held(s, t)
    two = k.entries[i.others[0]]
    second = mergeable(k, s, two)
    if s[k.mms[two.mm] + PTL]:
        return False
    same = second and s[second + SLOT : second + SLOT + 2] == s[target + SLOT : target + SLOT + 2]
    if not same or second == target or s[second + LOCK] or s[second] == KSM:
        release(s, t)
        return quiet(k, s, t, "the second page has changed")
    if not write_protect(k, s, two, i.others[0], second):
        release(s, t)
        return quiet(k, s, t, "somebody holds a reference: not merged")
    unmap_page(s, two)
    free_swap_cache(k, s, second)
    put(s, second)
    s[target + REF] += 1
    map_page(s, two, target, 0)
    flush(k, s, i.others[0])
    release(s, t)
    k.said = ("replace_page", "maps the KSM page instead")
    return done(s, t)


def _held(s: bytearray, t: int) -> int:
    """Return the address of the page that the actor holds."""
    return s[t + F_HELD] << PAGE_SHIFT


@step("break_ksm")
def ksm_unmerge(k: Kernel, s: bytearray, t: int) -> bool:
    """Break a KSM page up by a write fault (MADV_UNMERGEABLE, unmerge_ksm_pages)."""
    i = k.now(s, t)
    entry = k.entries[i.entry]
    s[entry.at + VMA] &= 0xFF ^ V_MERGEABLE
    page = s[entry.at + PTE] << PAGE_SHIFT
    if not page or s[page] != KSM:
        return quiet(k, s, t, "no KSM page any more")
    s[t + F_MM] = i.mm
    s[t + F_ENTRY] = i.entry
    s[t + F_FLAGS] = FAULT_WRITE
    s[t + RET] = NUMBER["ksm_unmerge"]
    return fault(k, s, t)
