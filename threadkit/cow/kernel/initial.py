"""The state in which a scenario starts."""

from __future__ import annotations

from threadkit.cow.kernel.compile import Names
from threadkit.cow.kernel.huge import map_pmd
from threadkit.cow.kernel.kernel import Entry, Kernel
from threadkit.cow.kernel.layout import (
    ALIVE,
    ANON,
    BITS,
    COUNT,
    DIRTY,
    EXCL,
    FILE,
    FLAGS,
    HUGETLB,
    KSM,
    LARGE,
    LRU_PENDING,
    REF,
    SLOT,
    SOFT_DIRTY,
    STATE,
    STORED,
    SWP,
    SWP_EXCL,
    V_MAPPED,
    V_MERGEABLE,
    V_READ,
    V_WRITE,
    VMA,
    WRITABLE,
    ZERO,
)
from threadkit.cow.kernel.pages import alloc, map_page
from threadkit.cow.litmus.syntax import Litmus, Page


def initial_state(k: Kernel, names: Names, litmus: Litmus) -> bytes:
    """Build the first state; the addresses of the page cache's pages go into ``k``.

    Parameters
    ----------
    k : Kernel
        Addresses.
    names : Names
        Of the same scenario.
    litmus : Litmus
        The scenario.

    Returns
    -------
    bytes
        The state.
    """
    s = bytearray(names.size)
    alloc(k, s, ZERO)
    s[k.mms[0] + STATE] = ALIVE
    for number, name in enumerate(names.processes):
        if name in litmus.processes:
            s[k.mms[number] + STATE] = ALIVE
    backing = []
    for number, page in enumerate(litmus.pages):
        entries = tuple(e for e in k.entries if e.mm == 0 and e.page == number)
        backing.append(_put_in_place(k, s, page, entries))
    k.backing = tuple(backing)
    return bytes(s)


def _put_in_place(k: Kernel, s: bytearray, page: Page, entries: tuple[Entry, ...]) -> int:
    """Map one page of the scenario in the first process.

    Returns
    -------
    int
        Address of the page cache's page behind it; 0 if there is none.
    """
    vma = V_MAPPED | V_READ | (V_WRITE if page.writable else 0)
    vma |= V_MERGEABLE if "mergeable" in page.words or page.kind == "ksm" else 0
    for entry in entries:
        s[entry.at + VMA] = vma
    if page.kind in ("file", "shmem"):
        cached = alloc(k, s, FILE)
        s[cached + SLOT : cached + SLOT + 2] = bytes(page.content)
        if "unfaulted" not in page.words:
            s[cached + REF] += 1
            map_page(s, entries[0], cached, 0)
        return cached
    if "unfaulted" in page.words:
        return 0
    if page.kind == "zeropage":
        s[k.zero_page + REF] += 1
        map_page(s, entries[0], k.zero_page, 0)
    elif page.kind == "swapped":
        swap = k.swaps[0]
        number = 1
        while s[swap + COUNT]:
            number += 1
            swap = k.swaps[number - 1]
        s[swap + COUNT] = 1
        s[swap + STORED : swap + STORED + 2] = bytes(page.content)
        s[entries[0].at + SWP] = number
        s[entries[0].at + BITS] = SOFT_DIRTY | (SWP_EXCL if k.policy.anon_exclusive else 0)
    else:
        _put_anonymous(k, s, page, entries)
    return 0


def _put_anonymous(k: Kernel, s: bytearray, page: Page, entries: tuple[Entry, ...]) -> None:
    """Map an anonymous, KSM or huge page."""
    frame = alloc(k, s, KSM if page.kind == "ksm" else ANON)
    s[frame + SLOT : frame + SLOT + 2] = bytes(page.content)
    bits = SOFT_DIRTY | (0 if "clean" in page.words else DIRTY)
    if page.writable and page.kind != "ksm" and "readonly_pte" not in page.words:
        bits |= WRITABLE
    if k.policy.anon_exclusive and page.kind != "ksm":
        s[frame + FLAGS] |= EXCL | (EXCL << 1 if page.kind == "thp" else 0)
    if page.kind == "hugetlb":
        s[frame + FLAGS] |= HUGETLB
    if "lru_pending" in page.words:
        s[frame + FLAGS] |= LRU_PENDING
        s[frame + REF] += 1
    if page.kind != "thp":
        map_page(s, entries[0], frame, bits)
        return
    s[frame + FLAGS] |= LARGE
    if "pte_mapped" in page.words:
        s[frame + REF] += 1
        map_page(s, entries[0], frame, bits)
        map_page(s, entries[1], frame, bits)
    else:
        map_pmd(s, entries[0], frame, bits)
