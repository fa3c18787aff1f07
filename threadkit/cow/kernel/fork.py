"""fork(): dup_mmap() and copy_page_range(), kernel/fork.c and mm/memory.c.

Fork is an interval. It walks the places one by one; until it flushes the TLB at its
end, a sibling thread's store through an entry that is already write-protected may still
reach the page, and with it the child.
"""

from __future__ import annotations

from threadkit.cow.kernel.huge import map_pmd, split_pmd
from threadkit.cow.kernel.kernel import Entry, Instruction, Kernel
from threadkit.cow.kernel.layout import (
    ALIVE,
    ANON,
    BITS,
    COUNT,
    DIRTY,
    F_BITS,
    F_COUNT,
    FLAGS,
    FORKING,
    H_BITS,
    H_BOND,
    H_KIND,
    H_PAGE,
    H_TWO,
    H_WRITE,
    HAS_PINNED,
    HUGETLB,
    KSM,
    LARGE,
    MARK_FORK_PIN,
    MARKS,
    MMAP_READERS,
    MMAP_WRITER,
    PAGE_SHIFT,
    PIN,
    PMD,
    PTE,
    PTL,
    REF,
    SEQ,
    SLOT,
    SOFT_DIRTY,
    STATE,
    SWP,
    SWP_EXCL,
    UFFD_WP,
    V_DONTFORK,
    V_MAPPED,
    V_UFFD,
    V_WIPEONFORK,
    V_WRITE,
    VMA,
    WRITABLE,
)
from threadkit.cow.kernel.pages import (
    alloc,
    clear_exclusive,
    copy_content,
    exclusive,
    flush,
    map_page,
    maybe_pinned,
    refcount,
    set_exclusive,
)
from threadkit.cow.kernel.steps import done, goto, step

_SHARE, _COPY, _SKIP = 0, 1, 2


@step("dup_mmap")
def fork(k: Kernel, s: bytearray, t: int) -> bool:
    """Take mmap_lock for writing and, from 57efa1fe5957 (5.11), begin the sequence."""
    i = k.now(s, t)
    parent, child = k.mms[i.mm], k.mms[i.child]
    if s[parent + MMAP_WRITER]:
        return False
    if s[parent + MMAP_READERS]:  # faults under VMA locks that it did not take: 6.4
        return False
    s[parent + MMAP_WRITER] = k.number[t]
    s[child + STATE] = FORKING
    s[child + HAS_PINNED] = 0
    if k.policy.fork_against_gup_fast == "seqcount":
        s[parent + SEQ] += 1
    k.said = ("dup_mmap", "begins to copy the address space")
    return goto(s, t, "fork_entry")


def places(k: Kernel, i: Instruction) -> list[tuple[int, Entry, Entry]]:
    """Pair the parent's places with the child's, in the order that fork walks them."""
    mine = [(n, entry) for n, entry in enumerate(k.entries) if entry.mm == i.mm]
    theirs = [entry for entry in k.entries if entry.mm == i.child]
    return [(n, a, b) for (n, a), b in zip(mine, theirs, strict=True)]


@step("copy_present_pte")
def fork_entry(k: Kernel, s: bytearray, t: int) -> bool:
    """Copy one place: under both page-table locks."""
    i = k.now(s, t)
    walk = places(k, i)
    if s[t + F_COUNT] == len(walk):
        return fork_end(k, s, t, i)
    if s[k.mms[i.mm] + PTL]:
        return False
    _, mine, theirs = walk[s[t + F_COUNT]]
    vma = s[mine.at + VMA]
    if not vma & V_MAPPED or vma & V_DONTFORK:
        s[theirs.at + VMA] = 0
        k.said = ("dup_mmap", "leaves the mapping out")
        return _next(s, t)
    s[theirs.at + VMA] = vma & ~V_UFFD & 0xFF
    if vma & V_WIPEONFORK:
        k.said = ("dup_mmap", "gives the child an empty mapping")
        return _next(s, t)
    if s[mine.at + SWP]:
        return copy_swap_entry(k, s, t, mine, theirs)
    if not s[mine.at + PTE]:
        return _next(s, t)
    return copy_present(k, s, t, mine, theirs)


def _next(s: bytearray, t: int) -> bool:
    """Go on with the next place, later."""
    s[t + F_COUNT] += 1
    s[t + F_BITS] = 0
    return goto(s, t, "fork_entry")


def copy_swap_entry(k: Kernel, s: bytearray, t: int, mine: Entry, theirs: Entry) -> bool:
    """Give the child the same swap entry; neither is exclusive then (copy_nonpresent_pte)."""
    s[mine.at + BITS] &= 0xFF ^ SWP_EXCL
    s[theirs.at + SWP] = s[mine.at + SWP]
    s[theirs.at + BITS] = s[mine.at + BITS] & ~UFFD_WP & 0xFF
    s[k.swaps[s[mine.at + SWP] - 1] + COUNT] += 1
    k.said = ("copy_nonpresent_pte", "shares the swap entry")
    return _next(s, t)


def copy_present(k: Kernel, s: bytearray, t: int, mine: Entry, theirs: Entry) -> bool:
    """Decide whether a present page is shared, copied or left out, then do it.

    Where somebody may pin without locks, the look and the write-protection are two
    steps, both under the page-table lock; 70e806e4e645 (5.9-rc7) write-protected first,
    f3c64eda3e50 undid that.
    """
    page = s[mine.at + PTE] << PAGE_SHIFT
    if not k.fast_gup or s[page] != ANON or k.policy.copy_present_pte == "share":
        return copy_done(k, s, t, mine, theirs, decide(k, s, mine, page))
    s[k.mms[mine.mm] + PTL] = k.number[t]
    if k.policy.fork_against_gup_fast == "wrprotect_first" and s[mine.at + BITS] & WRITABLE:
        s[mine.at + BITS] &= 0xFF ^ WRITABLE
        if s[mine.at + BITS] & PMD:
            s[mine.pair + BITS] &= 0xFF ^ WRITABLE
        s[t + F_BITS] = 1
        k.said = ("copy_present_pte", "write-protects first")
        return goto(s, t, "fork_check")
    s[t + F_BITS] = decide(k, s, mine, page) << 1
    k.said = ("copy_present_pte", "looks whether the page may be pinned")
    return goto(s, t, "fork_protect")


@step("copy_present_pte")
def fork_check(k: Kernel, s: bytearray, t: int) -> bool:
    """Look whether the page may be pinned behind the write-protection, and undo that."""
    _, mine, theirs = places(k, k.now(s, t))[s[t + F_COUNT]]
    s[k.mms[mine.mm] + PTL] = 0
    page = s[mine.at + PTE] << PAGE_SHIFT
    how = decide(k, s, mine, page)
    if how != _SHARE and s[t + F_BITS] & 1:
        s[mine.at + BITS] |= WRITABLE
        if s[mine.at + BITS] & PMD:
            s[mine.pair + BITS] |= WRITABLE
    return copy_done(k, s, t, mine, theirs, how)


@step("copy_present_pte")
def fork_protect(k: Kernel, s: bytearray, t: int) -> bool:
    """Act on what was seen one step before."""
    _, mine, theirs = places(k, k.now(s, t))[s[t + F_COUNT]]
    s[k.mms[mine.mm] + PTL] = 0
    return copy_done(k, s, t, mine, theirs, s[t + F_BITS] >> 1)


def decide(k: Kernel, s: bytearray, mine: Entry, page: int) -> int:
    """Decide what the child gets of an anonymous page.

    70e806e4e645 (5.9): a copy, if the page may be pinned and the address space has ever
    pinned (008cfe4418b3, 5.9); of hugetlb pages from 4eae4efa2c29 (5.12) on.
    6c287605fd56 (5.19): only an exclusive page can be pinned at all.
    """
    policy = k.policy
    rule = policy.hugetlb_fork if s[page + FLAGS] & HUGETLB else policy.copy_present_pte
    if s[page] not in (ANON, KSM) or rule == "share":
        return _SHARE
    if rule == "copy_counted":
        return _COPY if s[mine.at + BITS] & WRITABLE and refcount(s, page) > 1 else _SHARE
    if policy.anon_exclusive and not exclusive(s, page, mine.half):
        return _SHARE
    if policy.fork_has_pinned and not s[k.mms[mine.mm] + HAS_PINNED]:
        return _SHARE
    if not maybe_pinned(s, page):
        return _SHARE
    return _SKIP if rule == "skip" else _COPY


def copy_done(k: Kernel, s: bytearray, t: int, mine: Entry, theirs: Entry, how: int) -> bool:
    """Share, copy or leave out."""
    page = s[mine.at + PTE] << PAGE_SHIFT
    if s[mine.at + BITS] & PMD:
        if how == _SHARE:
            return share_pmd(k, s, t, mine, theirs, page)
        split_pmd(s, mine)
        k.said = ("copy_huge_pmd", "splits the PMD of a page that may be pinned")
        return goto(s, t, "fork_entry")
    if how == _SKIP:
        s[theirs.at + VMA] = 0
        k.said = ("copy_present_pte", "leaves a page that may be pinned out")
    elif how == _COPY:
        copy_for_child(k, s, mine, theirs, page)
        k.said = ("copy_present_page", "copies a page that may be pinned for the child")
    else:
        share(s, mine, theirs, page)
        k.said = ("copy_present_pte", "shares the page read-only")
    return _next(s, t)


def share(s: bytearray, mine: Entry, theirs: Entry, page: int) -> None:
    """Map the page in the child, too, and write-protect both entries."""
    s[page + REF] += 1
    clear_exclusive(s, page, mine.half)
    s[mine.at + BITS] &= 0xFF ^ WRITABLE
    uffd = UFFD_WP  # the child's mapping is not registered
    map_page(s, theirs, page, s[mine.at + BITS] & ~uffd & 0xFF)


def share_pmd(k: Kernel, s: bytearray, t: int, mine: Entry, theirs: Entry, page: int) -> bool:
    """Share a huge page by its PMD (copy_huge_pmd)."""
    for half in (0, 1):
        clear_exclusive(s, page, half)
    s[page + REF] += 1
    s[theirs.pair + VMA] = s[theirs.at + VMA]
    for at in (mine.at, mine.pair):
        s[at + BITS] &= 0xFF ^ WRITABLE
    map_pmd(s, theirs, page, s[mine.at + BITS] & ~UFFD_WP & 0xFF)
    s[t + F_COUNT] += 1  # both halves are done
    k.said = ("copy_huge_pmd", "shares the huge page read-only")
    return _next(s, t)


def copy_for_child(k: Kernel, s: bytearray, mine: Entry, theirs: Entry, page: int) -> None:
    """Give the child a copy of its own; the parent's entry is not touched."""
    new = alloc(k, s, ANON)
    copy_content(k, s, page, new)
    if s[page + FLAGS] & LARGE:
        s[new + SLOT + 1 - mine.half] = 0
    s[new + FLAGS] = s[page + FLAGS] & HUGETLB
    writable = WRITABLE if s[theirs.at + VMA] & V_WRITE else 0
    map_page(s, theirs, new, DIRTY | SOFT_DIRTY | writable)
    if k.policy.anon_exclusive:
        set_exclusive(s, new, theirs.half)


def fork_end(k: Kernel, s: bytearray, t: int, i: Instruction) -> bool:
    """Flush the TLB, end the sequence, let the child run; look at I10."""
    parent = k.mms[i.mm]
    for n, _, _ in places(k, i):
        flush(k, s, n)
    if s[parent + SEQ] & 1:
        s[parent + SEQ] += 1
    s[parent + MMAP_WRITER] = 0
    s[k.mms[i.child] + STATE] = ALIVE
    for handle in k.handles:
        wanted = s[handle + H_KIND] == PIN and s[handle + H_BITS] & H_WRITE
        if wanted and s[handle + H_BITS] & H_BOND and k.handle_mm[handle] == i.mm:
            mark_fork_pin(k, s, i, handle)
    k.said = ("dup_mmap", "flushes the TLB; the child may run")
    return done(s, t)


def mark_fork_pin(k: Kernel, s: bytearray, i: Instruction, handle: int) -> None:
    """Mark I10: behind fork a pinned page is the parent's alone and still writable."""
    for half, index in enumerate(k.handle_entries[handle]):
        if half and not s[handle + H_BITS] & H_TWO:
            break  # the other half is not taken yet
        page = s[handle + H_PAGE + half]
        mine = k.entries[index]
        shared = any(s[e.at + PTE] == page for e in k.entries if e.mm == i.child)
        lost = s[mine.at + PTE] != page or not s[mine.at + BITS] & WRITABLE
        if page and s[mine.at + VMA] & V_WRITE and (shared or lost):
            s[MARKS] |= MARK_FORK_PIN
