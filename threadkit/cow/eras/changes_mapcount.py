"""What changed up to 5.7: from the reference count to mappings, and the page lock."""

from __future__ import annotations

from threadkit.cow.eras.change import change

UPTO_5_7 = (
    change(
        "2.6.7",
        "The page's reference count decides, and try_to_unmap_one() leaves alone what has"
        " more references than it can explain. The guard is Andrea Arcangeli's of 2.6.7,"
        " before git; the count's rule is older.",
        sources=("tree 2.6.12-rc2", "mail 20090316182814.GA20555@random.random"),
        do_wp_page="page_count",
        wp_trylock_failed="copy",
        do_swap_page="page_count",
        try_to_unmap="page_count",
        foll_force="drop_write",
        copy_present_pte="share",
        gup_read="as_mapped",
        change_pte_range="read_only",
        odirect="get",
    ),
    change(
        "2.6.13-rc1",
        "A reference taken by get_user_pages() no longer makes the owner copy: mappings and"
        " swap entries are counted, and the guard in reclaim goes.",
        "c475a8ab625d",
        sources=("tree 2.6.18", "tree 2.6.24"),
        do_wp_page="page_mapcount",
        do_swap_page="reuse_swap_page",
        try_to_unmap="unguarded",
    ),
    change(
        "2.6.29-rc1",
        "The same sum, and a page that is reused leaves the swap cache.",
        "7b1fe59793e6",
        sources=("tree 3.0.27", "mail Pine.LNX.4.64.0811232156120.4142@blonde.site"),
        do_wp_page="reuse_swap_page",
    ),
    change(
        "2.6.29-rc1",
        "A page lock that somebody happens to hold no longer makes a copy: the fault waits"
        " for it, and looks again.",
        "ab967d86015a",
        sources=("tree 3.0.27", "mail Pine.LNX.4.64.0811232155180.4142@blonde.site"),
        wp_trylock_failed="sleep",
    ),
    change(
        "2.6.36-rc1",
        "Pages of hugetlbfs get a mapping count, and it decides; before, the reference count did.",
        "0fe6e20b9c4c",
        sources=("tree 2.6.24",),
        hugetlb_wp="page_mapcount",
    ),
    change(
        "2.6.38-rc1",
        "Transparent huge pages: one that a PMD maps is reused when it has one mapping, else"
        " it is copied whole.",
        "71e3aac0724f",
        sources=("tree 3.0.27",),
        do_huge_pmd_wp_page="page_mapcount",
        huge_wp_copy="copy",
        large_folio_wp="page_mapcount",
    ),
    change(
        "3.2-rc1",
        "process_vm_readv() and process_vm_writev() exist, with plain references.",
        "fcf634098c00",
        process_vm="get",
    ),
    change(
        "3.11-rc1",
        "Soft-dirty tracking: writing to clear_refs write-protects every entry.",
        "0f8975ec4db2",
        clear_refs="wrprotect",
        clear_refs_lock="read",
    ),
    change(
        "4.6",
        "Mappings of a huge page's parts count, too.",
        "6d0a07edd17c",
        do_huge_pmd_wp_page="page_mapcount",
    ),
    change(
        "4.9-rc2",
        "Dirty COW (CVE-2016-5195): a forced write no longer forgets that it is one; it"
        " needs an entry that its own fault has made dirty.",
        "19be0eaffa3a",
        sources=("tree 4.19",),
        foll_force="foll_cow",
    ),
    change(
        "4.14-rc1",
        "Huge pages can be swapped out whole: their reuse asks reuse_swap_page() under the"
        " page lock.",
        "ba3c4ce6def4",
        sources=("tree 4.19",),
        do_huge_pmd_wp_page="reuse_swap_page",
    ),
    change(
        "5.1-rc1",
        "A KSM page that one process is left with may be reused, with its count frozen so"
        " that KSM takes no reference meanwhile.",
        "52d1e606ee73",
        sources=("tree 5.8.18",),
        reuse_ksm_page="page_ref_freeze",
    ),
    change(
        "5.6-rc1",
        "process_vm_readv() and process_vm_writev() say FOLL_PIN.",
        "803e4572d7c5",
        sources=("tree 5.10.262",),
        process_vm="pin",
    ),
    change(
        "5.7-rc1",
        "A pin counts 1024 references, so that it can be told from others.",
        "3faa52c03f44",
        sources=("tree 5.10.262",),
        gup_pin=True,
    ),
    change(
        "5.7-rc1",
        "userfaultfd can write-protect, and flushes the TLB after the page-table lock.",
        "292924b26024",
        uffd_wp_flush="deferred",
    ),
)
"""Eras A to D."""
