"""What changed from 5.8 to 5.18: reading GUP breaks COW, then the reference count decides."""

from __future__ import annotations

from threadkit.cow.eras.change import change

UPTO_5_18 = (
    change(
        "5.8-rc1",
        "CVE-2020-29374: reading GUP breaks COW as writing does.",
        "17839856fd58",
        sources=("tree 5.8.18",),
        gup_read="force_write",
    ),
    change(
        "5.8-rc1",
        "A write fault on a shared huge page splits the PMD and copies one small page.",
        "3917c80280c9",
        sources=("tree 5.10.262",),
        huge_wp_copy="split",
    ),
    change(
        "5.9-rc4",
        "Whatever has a second reference is copied, and nobody waits for the page lock. The"
        " page is unlocked too late.",
        "09854ba94c6a",
        sources=("tree 5.10.262", "mail 20200821234958.7896-2-peterx@redhat.com"),
        do_wp_page="page_count_1",
        wp_trylock_failed="copy",
        wp_unlock_page="after_pte_unlock",
        large_folio_wp="page_count",
    ),
    change(
        "5.9-rc4",
        "KSM pages are always copied, and reuse_ksm_page() goes.",
        "09854ba94c6a",
        "1a0cf26323c8",
        sources=("tree 5.10.262", "mail 20200821234958.7896-3-peterx@redhat.com"),
        reuse_ksm_page="never",
    ),
    change(
        "5.9-rc4",
        "With that, reading GUP need not break COW: whoever writes will copy.",
        "a308c71bf1e6",
        sources=("tree 5.10.262", "mail 20200821234958.7896-4-peterx@redhat.com"),
        gup_read="as_mapped",
    ),
    change(
        "5.9-rc4",
        "Reuse is counted.",
        "798a6b87ecd7",
        sources=("tree 5.10.262", "mail 20200821234958.7896-5-peterx@redhat.com"),
        pgreuse=True,
    ),
    change(
        "5.9-rc7",
        "The page is unlocked while the page-table lock still protects it.",
        "be068f29034f",
        sources=("tree 5.10.262",),
        wp_unlock_page="before_pte_unlock",
    ),
    change(
        "5.9-rc7",
        "A page that may be pinned is copied for the child at fork, so that the parent's"
        " entry stays as it is; a pinned huge page is split first.",
        "70e806e4e645",
        "d042035eaf5f",
        sources=("tree 5.10.262", "mail 20200917193824.GL8409@ziepe.ca"),
        copy_present_pte="copy_pinned",
    ),
    change(
        "5.9-rc7",
        "So that many forks do not look like a pin: only a process that ever pinned copies.",
        "008cfe4418b3",
        sources=(
            "tree 5.10.262",
            "mail CAHk-=wgw3GNyF_6euymOFxM62Y3B=C=f2iUJn8Py-u5YELJ5JA@mail.gmail.com",
        ),
        fork_has_pinned=True,
    ),
    change(
        "5.9-rc7",
        "Against a GUP-fast beside it, fork write-protects the entry before it looks for pins.",
        "70e806e4e645",
        fork_against_gup_fast="wrprotect_first",
    ),
    change(
        "5.9",
        "That could not be made reliable, and goes; a pin that GUP-fast takes during fork may"
        " be lost.",
        "f3c64eda3e50",
        fork_against_gup_fast="none",
    ),
    change(
        "5.11-rc1",
        "GUP-fast looks at a sequence count that fork changes, and retries.",
        "57efa1fe5957",
        sources=("tree 5.10.262",),
        fork_against_gup_fast="seqcount",
    ),
    change(
        "5.11-rc4",
        "clear_refs holds mmap_lock for writing, so that no fault copies before its flush.",
        "29a951dfb3c3",
        sources=("tree 5.10.262",),
        clear_refs_lock="write",
    ),
    change(
        "5.11-rc4",
        "Writable entries of pinned pages keep their write bit over clear_refs.",
        "9348b73c2e1b",
        sources=("tree 5.10.262",),
        clear_refs="skip_pinned",
    ),
    change(
        "5.11-rc4",
        "Pinned pages stay out of the swap cache, and so are not unmapped.",
        "feb889fb40fa",
        sources=("tree 5.10.262",),
        shrink_page_list="skip_pinned",
    ),
    change(
        "5.12-rc3",
        "What userfaultfd write-protected is flushed before it is copied.",
        "6ce64428d620",
        sources=("tree 5.10.262",),
        uffd_wp_flush="before_copy",
    ),
    change(
        "5.12-rc3",
        "Fork copies pinned hugetlb pages, too.",
        "4eae4efa2c29",
        hugetlb_fork="copy_pinned",
    ),
    change(
        "5.14-rc1",
        "A page that a copy leaves to the swap cache alone is freed, rather than pile up.",
        "f4c4a3f48480",
        sources=("tree 6.1.192",),
        wp_page_copy="free_swap_cache",
    ),
    change(
        "5.16-rc1",
        "UFFDIO_CONTINUE makes its entries dirty, read-only ones as well, and a forced"
        " write takes those for its own copies (CVE-2022-2590).",
        "9ae0f87d009c",
        sources=("tree 6.1.192", "mail 20220808073232.8808-1-david@redhat.com"),
        uffd_continue_dirty=True,
    ),
    change(
        "5.18-rc1",
        "References of per-CPU lists and of the swap cache no longer make a copy.",
        "53a05ad9f21d",
        "d4c470970d45",
        sources=("tree 6.1.192", "mail 20220126095557.32392-1-david@redhat.com"),
        do_wp_page="swapcache_aware",
    ),
    change(
        "5.18-rc1",
        "The reference count decides at swap-in, too: CVE-2020-29374 closed there.",
        "84d60fdd3733",
        "c145e0b47c77",
        "03104c2c5db8",
        sources=("mail 20220126095557.32392-1-david@redhat.com",),
        do_swap_page="page_count_1",
    ),
    change(
        "5.18-rc1",
        "The reference count decides for huge pages, too: CVE-2020-29374 closed there.",
        "3bff7e3f1f16",
        "363106c4cefe",
        "55c62fa7c533",
        sources=("tree 6.1.192", "mail 20220126095557.32392-1-david@redhat.com"),
        do_huge_pmd_wp_page="page_count_1",
    ),
)
"""Eras E to G."""
