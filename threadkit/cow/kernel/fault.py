"""Page faults: handle_mm_fault() up to the decision what kind of fault it is."""

from __future__ import annotations

from threadkit.cow.kernel.huge import map_pmd
from threadkit.cow.kernel.kernel import Entry, Kernel
from threadkit.cow.kernel.layout import (
    ANON,
    BITS,
    COPIES,
    DIRTY,
    EXCL,
    F_ENTRY,
    F_FLAGS,
    FAULT_UNSHARE,
    FAULT_WRITE,
    FLAGS,
    HUGETLB,
    LARGE,
    PMD,
    PTE,
    REF,
    SLOT,
    SOFT_DIRTY,
    SWP,
    UFFD_EVENTS,
    UFFD_WP,
    V_WRITE,
    VMA,
    WRITABLE,
)
from threadkit.cow.kernel.locks import enter, leave
from threadkit.cow.kernel.pages import alloc, map_page, set_exclusive, tally
from threadkit.cow.kernel.steps import back, step
from threadkit.cow.kernel.swapin import do_swap_page
from threadkit.cow.kernel.wp import do_wp_page


@step("handle_mm_fault")
def fault(k: Kernel, s: bytearray, t: int) -> bool:
    """Take the locks, look at the entry and do what it asks for.

    handle_pte_fault(), mm/memory.c: no entry, a swap entry, or a present one that does
    not allow what is wanted. An entry that allows it by now ends the fault.
    """
    if not enter(k, s, t):
        return False
    entry = k.entries[s[t + F_ENTRY]]
    flags = s[t + F_FLAGS]
    bits = s[entry.at + BITS]
    if s[entry.at + SWP]:
        return do_swap_page(k, s, t, entry)
    if not s[entry.at + PTE]:
        no_page(k, s, entry, write=bool(flags & FAULT_WRITE))
        leave(k, s, t)
        return back(s, t)
    if flags & FAULT_UNSHARE:
        return do_wp_page(k, s, t)
    if flags & FAULT_WRITE and not bits & WRITABLE:
        if bits & UFFD_WP:
            return userfault(k, s, t, entry)
        return do_wp_page(k, s, t)
    k.said = ("handle_pte_fault", "the entry allows it by now")
    leave(k, s, t)
    return back(s, t)


def userfault(k: Kernel, s: bytearray, t: int, entry: Entry) -> bool:
    """Raise a userfaultfd write-protect event (handle_userfault, fs/userfaultfd.c).

    The monitor is taken to answer at once by removing the protection; the event is
    counted, and the access is tried again.
    """
    tally(s, UFFD_EVENTS)
    s[entry.at + BITS] &= 0xFF ^ UFFD_WP
    if s[entry.at + BITS] & PMD:
        s[entry.pair + BITS] &= 0xFF ^ UFFD_WP
    k.said = ("handle_userfault", "a userfaultfd event; the monitor lifts the protection")
    leave(k, s, t)
    return back(s, t)


def no_page(k: Kernel, s: bytearray, entry: Entry, *, write: bool) -> None:
    """Fill an empty entry: do_anonymous_page(), do_read_fault() or do_cow_fault().

    Parameters
    ----------
    k : Kernel
        Addresses.
    s : bytearray
        The state; both locks are held.
    entry : Entry
        The empty entry.
    write : bool
        The fault is for writing.
    """
    vma = s[entry.at + VMA]
    if entry.page in k.hugetlb:
        hugetlb_no_page(k, s, entry, write=write)
        return
    if write and is_empty_pmd(s, entry):
        huge_anonymous_page(k, s, entry)
        return
    source = k.backing[entry.page]
    if not write:
        page = source or k.zero_page
        s[page + REF] += 1
        map_page(s, entry, page, 0)
        k.said = ("do_read_fault" if source else "do_anonymous_page", "maps it read-only")
        return
    page = alloc(k, s, ANON)
    if source:
        s[page + SLOT : page + SLOT + 2] = s[source + SLOT : source + SLOT + 2]
        tally(s, COPIES)
    bits = DIRTY | SOFT_DIRTY | (WRITABLE if vma & V_WRITE else 0)
    map_page(s, entry, page, bits)
    if k.policy.anon_exclusive:
        set_exclusive(s, page, entry.half)
    k.said = ("do_cow_fault" if source else "do_anonymous_page", "maps a page of its own")


def hugetlb_no_page(k: Kernel, s: bytearray, entry: Entry, *, write: bool) -> None:
    """Fill an empty hugetlb entry: reading, too, gives a page of its own, read-only.

    hugetlb_no_page(), mm/hugetlb.c: there is no zero page; a write goes on to hugetlb_wp()
    at once, which finds one mapping.
    """
    page = alloc(k, s, ANON)
    s[page + FLAGS] = HUGETLB
    allowed = WRITABLE if s[entry.at + VMA] & V_WRITE else 0
    map_page(s, entry, page, SOFT_DIRTY | (DIRTY | allowed if write else 0))
    if k.policy.anon_exclusive:
        set_exclusive(s, page, entry.half)
    k.said = ("hugetlb_no_page", "maps a page of its own")


def is_empty_pmd(s: bytearray, entry: Entry) -> bool:
    """Tell whether an entry is of huge memory of which nothing is mapped."""
    return entry.pair != entry.at and not any(
        s[at + where] for at in (entry.at, entry.pair) for where in (PTE, SWP)
    )


def huge_anonymous_page(k: Kernel, s: bytearray, entry: Entry) -> None:
    """Fill an empty PMD by a write: do_huge_pmd_anonymous_page(), mm/huge_memory.c.

    A read maps the zero page, which the model does by halves.
    """
    page = alloc(k, s, ANON)
    s[page + FLAGS] = LARGE | (EXCL | EXCL << 1 if k.policy.anon_exclusive else 0)
    allowed = WRITABLE if s[entry.at + VMA] & V_WRITE else 0
    map_pmd(s, entry, page, DIRTY | SOFT_DIRTY | allowed)
    k.said = ("do_huge_pmd_anonymous_page", "maps a huge page of its own")
