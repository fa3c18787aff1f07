"""System calls that change an address space, and what goes with them."""

from __future__ import annotations

from threadkit.cow.kernel.access import put_reference, reachable
from threadkit.cow.kernel.huge import collapse, split_pmd, unmap_pmd
from threadkit.cow.kernel.kernel import Entry, Instruction, Kernel
from threadkit.cow.kernel.ksm import ksm_unmerge
from threadkit.cow.kernel.layout import (
    ANON,
    BITS,
    CACHE,
    DIRTY,
    FLAGS,
    GONE,
    H_COUNT,
    H_KIND,
    H_PAGE,
    HAS_PINNED,
    HUGETLB,
    LOCK,
    LOCKED,
    MMAP_READERS,
    OP,
    PAGE_SHIFT,
    PC,
    PMD,
    PTE,
    REF,
    SOFT_DIRTY,
    STATE,
    SWP,
    TRANSIENT,
    UFFD_WP,
    V_DONTFORK,
    V_MAPPED,
    V_MERGEABLE,
    V_READ,
    V_UFFD,
    V_WIPEONFORK,
    V_WRITE,
    VMA,
    WRITABLE,
)
from threadkit.cow.kernel.locks import readable_now, writable_now
from threadkit.cow.kernel.pages import (
    exclusive,
    flush,
    flush_pmd,
    free_swap_cache,
    map_page,
    maybe_pinned,
    put,
    refcount,
    swap_free,
    unmap_page,
)
from threadkit.cow.kernel.reclaim import swap_out
from threadkit.cow.kernel.steps import done, goto, step
from threadkit.cow.kernel.users import unbind


def zap(k: Kernel, s: bytearray, index: int) -> None:
    """Empty one entry (zap_pte_range), and the swap cache if that was its last user."""
    entry = k.entries[index]
    if s[entry.at + SWP]:
        number = s[entry.at + SWP]
        s[entry.at + SWP] = s[entry.at + BITS] = 0
        cached = s[k.swaps[number - 1] + CACHE] << PAGE_SHIFT
        swap_free(k, s, number)
        if cached:
            free_swap_cache(k, s, cached)
        return
    if not s[entry.at + PTE]:
        return
    if s[entry.at + BITS] & PMD:
        page = unmap_pmd(s, entry)
        flush_pmd(k, s, index)
    else:
        page = unmap_page(s, entry)
        flush(k, s, index)
    free_swap_cache(k, s, page)
    put(s, page)


def zap_all(k: Kernel, s: bytearray, mm: int) -> None:
    """Empty and unmap a whole address space (exit_mmap)."""
    indices = tuple(n for n, entry in enumerate(k.entries) if entry.mm == mm)
    unbind(k, s, indices)
    for index in indices:
        zap(k, s, index)
        s[k.entries[index].at + VMA] = 0


def threads_end(k: Kernel, s: bytearray, t: int, mm: int) -> bool:
    """End the other threads of a process, once each is between two statements."""
    mates = [mate for mate in k.mates[mm] if mate != t]
    if any(s[mate + PC] for mate in mates):
        return False
    for mate in mates:
        s[mate + OP] = len(k.code[mate])
    return True


@step("exit_mmap")
def do_exit(k: Kernel, s: bytearray, t: int) -> bool:
    """Exit: references that the process took stay, as those of a file it shares do."""
    i = k.now(s, t)
    mm = k.mms[i.mm]
    if not writable_now(s, mm) or not threads_end(k, s, t, i.mm):
        return False
    zap_all(k, s, i.mm)
    s[mm + STATE] = GONE
    k.said = ("exit_mmap", "unmaps everything")
    return done(s, t)


@step("exec_mmap")
def do_exec(k: Kernel, s: bytearray, t: int) -> bool:
    """Exec: a new, empty address space, and no thread but this one (de_thread)."""
    i = k.now(s, t)
    mm = k.mms[i.mm]
    if not writable_now(s, mm) or not threads_end(k, s, t, i.mm):
        return False
    zap_all(k, s, i.mm)
    s[mm + HAS_PINNED] = 0
    k.said = ("exec_mmap", "starts with an empty address space")
    return done(s, t)


@step("do_munmap")
def munmap(k: Kernel, s: bytearray, t: int) -> bool:
    """Unmap the page; a reference keeps it."""
    i = k.now(s, t)
    if not writable_now(s, k.mms[i.mm]):
        return False
    unbind(k, s, i.entries)
    for index in i.entries:
        zap(k, s, index)
        s[k.entries[index].at + VMA] = 0
    k.said = ("do_munmap", "unmaps")
    return done(s, t)


@step("change_pte_range")
def mprotect(k: Kernel, s: bytearray, t: int) -> bool:
    """Change the protection.

    Back to writable, a private entry stayed read-only until 6.0; from 64fe24a3e05e on it
    is writable at once if its page is anonymous, exclusive and (until 6.2) dirty, and
    neither soft dirty tracking nor userfaultfd needs to see the write
    (can_change_pte_writable).
    """
    i = k.now(s, t)
    if not writable_now(s, k.mms[i.mm]):
        return False
    bits = {"none": 0, "r": V_READ, "rw": V_READ | V_WRITE}[i.op.words[0]]
    for index in i.entries:
        entry = k.entries[index]
        if not s[entry.at + VMA] & V_MAPPED:
            continue
        s[entry.at + VMA] = s[entry.at + VMA] & ~(V_READ | V_WRITE) & 0xFF | bits
        if not bits & V_WRITE:
            s[entry.at + BITS] &= 0xFF ^ WRITABLE
            flush(k, s, index)
        elif may_be_writable(k, s, entry):
            s[entry.at + BITS] |= WRITABLE
    k.said = ("change_pte_range", "changes the protection")
    return done(s, t)


def may_be_writable(k: Kernel, s: bytearray, entry: Entry) -> bool:
    """Tell whether a write fault would do nothing but make the entry writable."""
    rule = k.policy.change_pte_range
    page = s[entry.at + PTE] << PAGE_SHIFT
    bits = s[entry.at + BITS]
    if rule == "read_only" or (rule == "exclusive_dirty" and not bits & DIRTY):
        return False
    wanted = bits & SOFT_DIRTY and not bits & UFFD_WP
    return bool(page and s[page] == ANON and exclusive(s, page, entry.half) and wanted)


@step("clear_soft_dirty")
def clear_refs(k: Kernel, s: bytearray, t: int) -> bool:
    """Write-protect everything to see the next writes (/proc/PID/clear_refs, 4).

    Until 29a951dfb3c3 (5.11) under mmap_lock for reading, and flushed at the end: a
    fault could copy a page that another thread still wrote to. 9348b73c2e1b (5.11) leaves
    pages alone that may be pinned.
    """
    i = k.now(s, t)
    mm = k.mms[i.mm]
    if k.policy.clear_refs_lock == "write":
        if not writable_now(s, mm):
            return False
        protect_all(k, s, i)
        for index, entry in enumerate(k.entries):
            if entry.mm == i.mm:
                flush(k, s, index)
        k.said = ("clear_refs_write", "write-protects everything and flushes")
        return done(s, t)
    if not readable_now(s, mm):
        return False
    protect_all(k, s, i)
    s[mm + MMAP_READERS] += 1
    k.said = ("clear_refs_write", "write-protects everything, not flushed yet")
    return goto(s, t, "late_flush")


def protect_all(k: Kernel, s: bytearray, i: Instruction) -> None:
    """Clear soft-dirty and writable bits, except of pages that the era leaves alone.

    The walk leaves hugetlb out, and clear_soft_dirty_pmd() never asked for pins: only
    small entries of pinned pages are spared (read in 5.10, 6.1 and 6.12).
    """
    mm = k.mms[i.mm]
    rule = k.policy.clear_refs
    for entry in k.entries:
        if entry.mm != i.mm:
            continue
        page = s[entry.at + PTE] << PAGE_SHIFT
        if page:
            if s[page + FLAGS] & HUGETLB:
                continue
            writable = s[entry.at + BITS] & WRITABLE and not s[entry.at + BITS] & PMD
            pinned = s[mm + HAS_PINNED] and maybe_pinned(s, page)
            if rule == "skip_pinned" and writable and pinned:
                continue
            if rule == "skip_counted" and writable and refcount(s, page) > 1:
                continue
        s[entry.at + BITS] &= 0xFF ^ (WRITABLE | SOFT_DIRTY)


@step("flush_tlb_mm")
def late_flush(k: Kernel, s: bytearray, t: int) -> bool:
    """Flush what was write-protected before, and drop mmap_lock."""
    i = k.now(s, t)
    for index, entry in enumerate(k.entries):
        if entry.mm == i.mm and (not i.entries or index in i.entries):
            flush(k, s, index)
    s[k.mms[i.mm] + MMAP_READERS] -= 1
    k.said = ("flush_tlb_mm", "flushes the TLB")
    return done(s, t)


@step("mwriteprotect_range")
def uffd_wp(k: Kernel, s: bytearray, t: int) -> bool:
    """Write-protect a page for userfaultfd: mmap_lock for reading, flushed afterwards."""
    i = k.now(s, t)
    mm = k.mms[i.mm]
    if not readable_now(s, mm):
        return False
    for index in i.entries:
        entry = k.entries[index]
        if s[entry.at + VMA] & V_MAPPED:
            s[entry.at + VMA] |= V_UFFD
            if s[entry.at + PTE] or s[entry.at + SWP]:
                s[entry.at + BITS] = s[entry.at + BITS] & ~WRITABLE & 0xFF | UFFD_WP
    s[mm + MMAP_READERS] += 1
    k.said = ("mwriteprotect_range", "write-protects, not flushed yet")
    return goto(s, t, "late_flush")


@step("mwriteprotect_range")
def uffd_unwp(k: Kernel, s: bytearray, t: int) -> bool:
    """Lift the protection: the entry stays read-only, the next write faults."""
    i = k.now(s, t)
    mm = k.mms[i.mm]
    if not readable_now(s, mm):
        return False
    for index in i.entries:
        s[k.entries[index].at + BITS] &= 0xFF ^ UFFD_WP
    k.said = ("mwriteprotect_range", "lifts the protection")
    return done(s, t)


@step("mcopy_atomic_install_pte")
def uffd_continue(k: Kernel, s: bytearray, t: int) -> bool:
    """Map the page cache's page (UFFDIO_CONTINUE); dirty from 9ae0f87d009c (5.16) on."""
    i = k.now(s, t)
    mm = k.mms[i.mm]
    if not readable_now(s, mm):
        return False
    entry = k.entries[i.entry]
    page = k.backing[entry.page]
    if page and s[entry.at + VMA] & V_MAPPED and not s[entry.at + PTE] and not s[entry.at + SWP]:
        s[page + REF] += 1
        map_page(s, entry, page, DIRTY if k.policy.uffd_continue_dirty else 0)
    k.said = ("mcopy_atomic_install_pte", "maps the page cache's page")
    return done(s, t)


@step("madvise")
def madvise(k: Kernel, s: bytearray, t: int) -> bool:
    """Do what the advice says: MADV_DONTNEED with mmap_lock for reading, beside faults.

    So since 2.6.22 ("mm: madvise avoid exclusive mmap_sem", mail
    20070412005638.GA25469@wotan.suse.de); before, all of madvise() held it for writing,
    which the model does not tell apart.
    """
    i = k.now(s, t)
    advice = i.op.words[0]
    if advice == "PAGEOUT":
        return swap_out(k, s, t)
    free = readable_now if advice == "DONTNEED" else writable_now
    if not free(s, k.mms[i.mm]):
        return False
    if advice == "UNMERGEABLE":
        return ksm_unmerge(k, s, t)
    if advice == "DONTNEED":
        unbind(k, s, i.entries)
        for index in i.entries:
            if s[k.entries[index].at + BITS] & PMD and len(i.entries) == 1:
                split_pmd(s, k.entries[index])
            zap(k, s, index)
    elif advice == "COLLAPSE":
        both = tuple(k.entries[index] for index in i.entries)
        if len(both) == 2 and collapse(k, s, both[0], both[1]):
            unbind(k, s, i.entries)
            flush_pmd(k, s, i.entries[0])
    else:
        clear, give = ADVICE_BITS[advice]
        for index in i.entries:
            at = k.entries[index].at
            refused = advice == "WIPEONFORK" and of_a_file(k, s, k.entries[index])
            if s[at + VMA] & V_MAPPED and not refused:
                s[at + VMA] = s[at + VMA] & ~clear & 0xFF | give
    k.said = ("madvise", advice)
    return done(s, t)


def of_a_file(k: Kernel, s: bytearray, entry: Entry) -> bool:
    """Tell whether a mapping has a file, as those of hugetlbfs have (vm_file)."""
    page = s[entry.at + PTE] << PAGE_SHIFT
    return bool(k.backing[entry.page] or (page and s[page + FLAGS] & HUGETLB))


ADVICE_BITS = {
    "DONTFORK": (0, V_DONTFORK),
    "DOFORK": (V_DONTFORK, 0),
    "WIPEONFORK": (0, V_WIPEONFORK),
    "MERGEABLE": (0, V_MERGEABLE),
}


@step("get_page")
def get_page(k: Kernel, s: bytearray, t: int) -> bool:
    """Take a speculative reference, as page migration, compaction and others do."""
    return take(k, s, t, TRANSIENT)


@step("lock_page")
def lock(k: Kernel, s: bytearray, t: int) -> bool:
    """Lock a page; who does so holds a reference, too."""
    page = reachable(k, s, k.entries[k.now(s, t).entry])
    if page and s[page + LOCK]:
        return False
    if page:
        s[page + LOCK] = k.number[t]
    return take(k, s, t, LOCKED)


def take(k: Kernel, s: bytearray, t: int, kind: int) -> bool:
    """Take a reference that is nobody's memory."""
    i = k.now(s, t)
    page = reachable(k, s, k.entries[i.entry])
    if page:
        s[page + REF] += 1
        s[i.handle + H_KIND] = kind
        s[i.handle + H_PAGE] = s[i.handle + H_PAGE + 1] = page >> PAGE_SHIFT
        s[i.handle + H_COUNT] = 1
    k.said = ("get_page", "takes a reference" if page else "finds no page")
    return done(s, t)


@step("unlock_page")
def unlock(k: Kernel, s: bytearray, t: int) -> bool:
    """Unlock the page that ``lock`` locked, and drop the reference."""
    i = k.now(s, t)
    page = s[i.handle + H_PAGE] << PAGE_SHIFT
    if page:
        s[page + LOCK] = 0
    return put_reference(k, s, t)
