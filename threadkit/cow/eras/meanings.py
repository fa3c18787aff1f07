"""What every value of every policy field means, in a sentence, and which function decides."""

from __future__ import annotations

from collections.abc import Mapping

from threadkit.cow.eras.change import Value

FUNCTIONS: Mapping[str, str] = {
    "do_wp_page": "do_wp_page (mm/memory.c)",
    "wp_trylock_failed": "do_wp_page (mm/memory.c)",
    "wp_pretest": "do_wp_page (mm/memory.c)",
    "wp_maybe_pinned": "do_wp_page (mm/memory.c)",
    "wp_unlock_page": "do_wp_page (mm/memory.c)",
    "wp_page_copy": "wp_page_copy (mm/memory.c)",
    "anon_exclusive": "PageAnonExclusive (include/linux/page-flags.h)",
    "do_swap_page": "do_swap_page (mm/memory.c)",
    "swapin_read_writable": "do_swap_page (mm/memory.c)",
    "reuse_ksm_page": "reuse_ksm_page (mm/ksm.c)",
    "gup_read": "follow_page_pte, gup_must_unshare (mm/gup.c)",
    "gup_pin": "try_grab_page (mm/gup.c)",
    "foll_force": "can_follow_write_pte (mm/gup.c)",
    "copy_present_pte": "copy_present_pte (mm/memory.c)",
    "fork_against_gup_fast": "copy_page_range (mm/memory.c)",
    "fork_has_pinned": "copy_present_page (mm/memory.c)",
    "try_to_unmap": "try_to_unmap_one (mm/rmap.c)",
    "shrink_page_list": "shrink_page_list (mm/vmscan.c)",
    "clear_refs": "clear_soft_dirty (fs/proc/task_mmu.c)",
    "clear_refs_lock": "clear_refs_write (fs/proc/task_mmu.c)",
    "uffd_wp_flush": "do_wp_page (mm/memory.c)",
    "change_pte_range": "change_pte_range (mm/mprotect.c)",
    "odirect": "bio_iov_iter_get_pages (block/bio.c)",
    "process_vm": "process_vm_rw_single_vec (mm/process_vm_access.c)",
    "do_huge_pmd_wp_page": "do_huge_pmd_wp_page (mm/huge_memory.c)",
    "huge_wp_copy": "do_huge_pmd_wp_page (mm/huge_memory.c)",
    "large_folio_wp": "wp_can_reuse_anon_folio (mm/memory.c)",
    "hugetlb_wp": "hugetlb_wp, once hugetlb_cow (mm/hugetlb.c)",
    "hugetlb_fork": "copy_hugetlb_page_range (mm/hugetlb.c)",
    "vma_lock": "lock_vma_under_rcu (mm/memory.c), dup_mmap (kernel/fork.c)",
    "uffd_continue_dirty": "mfill_atomic_install_pte (mm/userfaultfd.c)",
    "pgreuse": "wp_page_reuse (mm/memory.c)",
}
"""Which kernel function decides, and the file it is in."""

MEANINGS: Mapping[str, Mapping[Value, str]] = {
    "do_wp_page": {
        "page_count": "do_wp_page() reuses a page with one reference, or with a second one that"
        " is the swap cache's, if no other swap entry is left.",
        "page_mapcount": "do_wp_page() reuses a page whose mappings and swap entries add up to"
        " one, whoever else holds a reference.",
        "reuse_swap_page": "do_wp_page() asks reuse_swap_page(): mappings and swap entries add up"
        " to one; the page then leaves the swap cache.",
        "page_count_1": "do_wp_page() reuses a page with exactly one reference, looked at before"
        " and after taking the page lock; the swap cache's reference makes it copy.",
        "swapcache_aware": "do_wp_page() drains the per-CPU lists, frees the swap cache and"
        " reuses the page if one reference is left.",
    },
    "wp_trylock_failed": {
        "copy": "do_wp_page() copies when somebody else holds the page lock.",
        "sleep": "do_wp_page() drops the page-table lock, waits for the page lock and looks"
        " again.",
        "unlocked": "do_wp_page() decides without the page lock.",
        "sleep_locked": "do_wp_page() waits for the page lock with the page table locked.",
    },
    "wp_pretest": {
        "none": "do_wp_page() looks at nothing before it tries the page lock, but for what the"
        " rule itself asks.",
        "page_mapcount": "do_wp_page() copies a page that has several mappings before it tries"
        " the page lock.",
    },
    "wp_maybe_pinned": {
        "none": "do_wp_page() makes no difference between a pin and any other reference.",
        "reuse_swap_page": "do_wp_page() judges a page that may be pinned by reuse_swap_page(),"
        " not by its reference count.",
    },
    "wp_unlock_page": {
        "before_pte_unlock": "do_wp_page() unlocks the page while the page-table lock still"
        " keeps it from being freed.",
        "after_pte_unlock": "do_wp_page() unlocks the page after wp_page_reuse() has dropped the"
        " page-table lock, when the page may be gone.",
    },
    "wp_page_copy": {
        "leave": "wp_page_copy() leaves the old page in the swap cache, even if nothing else has"
        " it now.",
        "free_swap_cache": "wp_page_copy() takes the old page out of the swap cache if nothing"
        " else has it now.",
    },
    "anon_exclusive": {
        False: "There is no PageAnonExclusive(): do_wp_page() guesses from counts whether a page"
        " is one process' own.",
        True: "do_wp_page() reuses a page that is PageAnonExclusive() and asks nothing else; fork,"
        " reclaim and KSM clear the mark or leave the page alone.",
    },
    "do_swap_page": {
        "page_count": "do_swap_page() maps a page writable for a write if it has no reference"
        " but its own and the swap cache's.",
        "reuse_swap_page": "do_swap_page() maps a page writable for a write if mappings and swap"
        " entries add up to one, whoever else holds a reference.",
        "page_count_1": "do_swap_page() maps a page writable for a write if one reference is left"
        " after freeing the swap cache.",
        "exclusive": "do_swap_page() maps a page writable for a write if its swap entry says that"
        " it is exclusive, or one reference is left.",
    },
    "swapin_read_writable": {
        False: "do_swap_page() maps a page read-only on a read fault.",
        True: "do_swap_page() maps an exclusive page of a writable mapping writable on a read"
        " fault, too.",
    },
    "reuse_ksm_page": {
        "never": "do_wp_page() always copies a KSM page.",
        "page_count": "do_wp_page() reuses a KSM page with one reference, and does not keep KSM"
        " from taking another meanwhile.",
        "page_ref_freeze": "do_wp_page() asks reuse_ksm_page(), which freezes the count of a KSM"
        " page with one reference and makes it an ordinary page.",
    },
    "gup_read": {
        "as_mapped": "follow_page_pte() takes the page that is mapped when GUP only reads.",
        "force_write": "should_force_cow_break() makes a GUP that only reads break COW as if it"
        " wrote.",
        "unshare_pin": "gup_must_unshare() gives a reading pin of a page that is not exclusive a"
        " page of its own first; plain references take what is mapped.",
        "unshare_longterm": "gup_must_unshare() does so, and for a reading longterm pin of the"
        " page cache or the zero page, too.",
    },
    "gup_pin": {
        False: "try_get_page() takes one reference for a pin as for all else: nothing can tell"
        " them apart.",
        True: "try_grab_page() takes 1024 references for a pin, so that page_maybe_dma_pinned()"
        " can guess.",
    },
    "foll_force": {
        "drop_write": "faultin_page() forgets that a forced access writes, once the COW fault is"
        " done; faultin_page() may find another page by then (Dirty COW).",
        "foll_cow": "can_follow_write_pte() lets a forced write through after its own fault if"
        " the entry is dirty.",
        "exclusive": "can_follow_write_pte() lets a forced write through to an exclusive"
        " anonymous page only.",
    },
    "copy_present_pte": {
        "share": "copy_present_pte() write-protects and shares every page of a private mapping.",
        "copy_pinned": "copy_present_pte() copies a page that may be pinned for the child, and"
        " leaves the parent's entry alone.",
        "skip": "copy_present_pte() gives the child nothing where the parent's page may be"
        " pinned.",
        "copy_counted": "copy_present_pte() copies a writable page with a second reference for"
        " the child, and leaves the parent's entry alone.",
    },
    "fork_against_gup_fast": {
        "none": "copy_page_range() does nothing about a GUP-fast that runs beside it.",
        "wrprotect_first": "copy_present_page() write-protects the entry, looks for pins, and"
        " makes it writable again.",
        "seqcount": "copy_page_range() changes write_protect_seq, and GUP-fast gives its"
        " references back and takes the slow path.",
    },
    "fork_has_pinned": {
        False: "copy_present_page() looks at the page's reference count alone.",
        True: "copy_present_page() looks for pins only in a process that has pinned before.",
    },
    "try_to_unmap": {
        "unguarded": "try_to_unmap_one() unmaps a page whoever holds a reference to it.",
        "page_count": "try_to_unmap_one() leaves a swap-cache page alone that has more"
        " references than mappings explain.",
        "exclusive_not_pinned": "try_to_unmap_one() puts an exclusive page's entry back if the"
        " page may be pinned, and remembers in the swap entry that it was exclusive.",
    },
    "shrink_page_list": {
        "any": "shrink_page_list() gives any anonymous page a swap entry.",
        "skip_pinned": "shrink_page_list() gives a page that may be pinned no swap entry.",
        "skip_writable": "shrink_page_list() gives a page that is mapped writable no swap entry.",
    },
    "clear_refs": {
        "wrprotect": "clear_soft_dirty() write-protects every entry.",
        "skip_pinned": "clear_soft_dirty() leaves a writable entry alone whose page may be"
        " pinned.",
        "skip_counted": "clear_soft_dirty() leaves a writable entry alone whose page has a"
        " second reference.",
    },
    "clear_refs_lock": {
        "read": "clear_refs_write() holds mmap_lock for reading, so that a fault may copy before"
        " the TLB is flushed.",
        "write": "clear_refs_write() holds mmap_lock for writing until the TLB is flushed.",
    },
    "uffd_wp_flush": {
        "deferred": "do_wp_page() may copy a page that userfaultfd write-protected while another"
        " CPU still writes through its TLB.",
        "before_copy": "do_wp_page() flushes the TLB before it copies a page that userfaultfd"
        " write-protected.",
    },
    "change_pte_range": {
        "read_only": "change_pte_range() leaves a private entry read-only until it is written.",
        "exclusive_dirty": "change_pte_range() makes the entry of a dirty exclusive page writable"
        " at once.",
        "exclusive": "change_pte_range() makes the entry of an exclusive page writable at once.",
    },
    "odirect": {
        "get": "bio_iov_iter_get_pages() takes plain references for O_DIRECT.",
        "pin": "bio_iov_iter_get_pages() pins pages for O_DIRECT.",
    },
    "process_vm": {
        "get": "process_vm_rw_single_vec() takes plain references.",
        "pin": "process_vm_rw_single_vec() pins the other process' pages.",
    },
    "do_huge_pmd_wp_page": {
        "page_mapcount": "do_huge_pmd_wp_page() reuses a huge page with one mapping, and does"
        " not lock it.",
        "reuse_swap_page": "do_huge_pmd_wp_page() waits for the page lock and asks"
        " reuse_swap_page(): mappings and swap entries, not references.",
        "page_count_1": "do_huge_pmd_wp_page() waits for the page lock, frees the swap cache and"
        " reuses a huge page with one reference.",
    },
    "huge_wp_copy": {
        "copy": "do_huge_pmd_wp_page() copies the whole huge page.",
        "split": "do_huge_pmd_wp_page() splits the PMD, and do_wp_page() copies one small page.",
    },
    "large_folio_wp": {
        "page_mapcount": "do_wp_page() judges a small page of a large one by mappings: by"
        " those of the part that has the most.",
        "page_count": "do_wp_page() looks at the whole large page's reference count, which every"
        " mapped part raises.",
        "never": "wp_can_reuse_anon_folio() refuses every large folio.",
        "mm_id": "wp_can_reuse_anon_folio() reuses a large folio that one process maps, if its"
        " mappings and references are equal.",
    },
    "hugetlb_wp": {
        "page_count": "hugetlb_cow() reuses a page with one reference (until 2.6.36).",
        "page_mapcount": "hugetlb_cow() reuses a page with one mapping, whoever else holds a"
        " reference.",
    },
    "hugetlb_fork": {
        "share": "copy_hugetlb_page_range() shares every page, pinned or not.",
        "copy_pinned": "copy_hugetlb_page_range() copies a page that may be pinned for the"
        " child.",
    },
    "vma_lock": {
        "mmap_lock": "handle_mm_fault() runs under mmap_lock, which dup_mmap() holds for"
        " writing.",
        "vma_unlocked_fork": "lock_vma_under_rcu() lets a fault run under a lock that dup_mmap()"
        " does not take.",
        "vma_lock": "dup_mmap() takes the lock of each VMA that lock_vma_under_rcu() gives to"
        " faults.",
    },
    "uffd_continue_dirty": {
        False: "mfill_atomic_install_pte() makes no dirty read-only entry.",
        True: "mfill_atomic_install_pte() makes every entry dirty, read-only ones as well.",
    },
    "pgreuse": {
        False: "wp_page_reuse() counts nothing.",
        True: "wp_page_reuse() counts PGREUSE.",
    },
}  # fmt: skip
"""``MEANINGS[field][value]``: what it means, naming the kernel function."""
