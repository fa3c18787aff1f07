"""What changed since 5.19: PageAnonExclusive, and what builds on it."""

from __future__ import annotations

from threadkit.cow.eras.change import change

_DAVID = "mail 20220315104741.63071-1-david@redhat.com"

UPTO_7_2 = (
    change(
        "5.19-rc1",
        "A mark remembers that a page is one process' own: reuse asks nothing else. Fork,"
        " reclaim and KSM must clear it first, and cannot while the page is pinned.",
        "78fbe906cc90",
        "6c287605fd56",
        sources=("tree 6.1.192", _DAVID),
        anon_exclusive=True,
        try_to_unmap="exclusive_not_pinned",
    ),
    change(
        "5.19-rc1",
        "A reading pin makes the page the process' own before it is taken.",
        "c89357e27f20",
        "a7f226604170",
        "b6a2619c60b4",
        sources=("tree 6.1.192", _DAVID),
        gup_read="unshare_pin",
    ),
    change(
        "5.19-rc1",
        "A swap entry remembers the mark, so that reclaim does not take it away.",
        "1493a1913e34",
        sources=("tree 6.1.192",),
        do_swap_page="exclusive",
    ),
    change(
        "6.0-rc1",
        "mprotect() makes dirty pages of the process' own writable at once.",
        "64fe24a3e05e",
        sources=("tree 6.1.192",),
        change_pte_range="exclusive_dirty",
    ),
    change(
        "6.0-rc1",
        "CVE-2022-2590: a forced write needs a page of the process' own.",
        "5535be309971",
        sources=("tree 6.1.192", "mail 20220808073232.8808-1-david@redhat.com"),
        foll_force="exclusive",
    ),
    change(
        "6.2-rc1",
        "mprotect makes exclusive pages writable again that are not dirty, too.",
        sources=("mail 20221108174652.198904-2-david@redhat.com", "tree 6.12.107"),
        change_pte_range="exclusive",
    ),
    change(
        "6.2-rc1",
        "A reading longterm pin breaks COW of the page cache and the zero page, too.",
        "8d6a0ac09a16",
        "84209e87c696",
        sources=("tree 6.12.107",),
        gup_read="unshare_longterm",
    ),
    change(
        "6.4-rc1",
        "Faults of anonymous memory take a lock of their VMA alone, and fork does not.",
        "0bff0aaea03e",
        vma_lock="vma_unlocked_fork",
    ),
    change(
        "6.5-rc1",
        "Fork locks the VMAs that it copies.",
        "fb49c455323f",
        sources=("tree 6.12.107",),
        vma_lock="vma_lock",
    ),
    change(
        "6.5-rc1",
        "O_DIRECT through a bio pins its pages, so that fork copies them for the child.",
        "a7e689dd1c06",
        sources=("tree 6.12.107",),
        odirect="pin",
    ),
    change(
        "6.9-rc1",
        "The last page of a large folio that is still mapped is copied, too, so that the"
        " folio can be freed.",
        "cd197c3a2040",
        sources=("tree 6.12.107", "mail 20240308092721.144735-1-21cnbao@gmail.com"),
        large_folio_wp="never",
    ),
    change(
        "6.11-rc1",
        "A swapped page of the process' own comes back writable on a read fault, too.",
        "c18160dba5ff",
        "20dfa5b7adc5",
        sources=("tree 6.12.107",),
        swapin_read_writable=True,
    ),
    change(
        "6.15-rc1",
        "A large folio counts its mappings and knows its owners: one process' own is reused"
        " when mappings and references are equal.",
        "6af8cb80d3a9",
        "1da190f4d0a6",
        sources=("tree 7.2.13",),
        large_folio_wp="mm_id",
    ),
)
"""Eras H0 to J, as far as was read."""
