"""The commits that made the rules, by the first 12 digits of their ids."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CommitRef:
    """A commit that changed a rule.

    Attributes
    ----------
    sha : str
        12 hex digits.
    subject : str
        First line of its message.
    date : str
        ``YYYY-MM-DD``, when it was written or merged.
    checked : str
        How id and subject were verified: ``commit list`` (seen together in one, in a
        mail or in a Fixes: tag), or ``memory``.
    """

    sha: str
    subject: str
    date: str
    checked: str


_LIST = "commit list"
_MEMORY = "memory"

_ROWS = (
    # 2005 to 2019: page_count, page_mapcount, the page lock, KSM
    ("c475a8ab625d", "can_share_swap_page: use page_mapcount", "2005-06-21", _LIST),
    ("7b1fe59793e6", "mm: reuse_swap_page replaces can_share_swap_page", "2009-01-06", _MEMORY),
    ("ab967d86015a", "mm: wp lock page before deciding cow", "2009-01-06", _LIST),
    ("0fe6e20b9c4c", "hugetlb, rmap: add reverse mapping for hugepage", "2010-05-28", _LIST),
    ("71e3aac0724f", "thp: transparent hugepage core", "2011-01-13", _LIST),
    ("fcf634098c00", "Cross Memory Attach", "2011-10-31", _LIST),
    ("0f8975ec4db2", "mm: soft-dirty bits for user memory changes tracking", "2013-07-03", _LIST),
    ("6d0a07edd17c", "mm: thp: calculate the mapcount correctly for THP pages during WP faults",
     "2016-05-12", _LIST),
    ("19be0eaffa3a", "mm: remove gup_flags FOLL_WRITE games from __get_user_pages()",
     "2016-10-13", _LIST),
    ("ba3c4ce6def4", "mm, THP, swap: make reuse_swap_page() works for THP swapped out",
     "2017-09-06", _LIST),
    ("52d1e606ee73", "mm: reuse only-pte-mapped KSM page in do_wp_page()", "2019-03-05", _LIST),
    # 2020: pins, forced COW, page_count again
    ("803e4572d7c5", "mm/process_vm_access: set FOLL_PIN via pin_user_pages_remote()",
     "2020-01-30", _LIST),
    ("3faa52c03f44", "mm/gup: track FOLL_PIN pages", "2020-04-02", _LIST),
    ("292924b26024", "userfaultfd: wp: apply _PAGE_UFFD_WP bit", "2020-04-07", _LIST),
    ("3917c80280c9", "thp: change CoW semantics for anon-THP", "2020-06-03", _LIST),
    ("17839856fd58", 'gup: document and work around "COW can break either way" issue',
     "2020-06-02", _LIST),
    ("09854ba94c6a", "mm: do_wp_page() simplification", "2020-09-04", _LIST),
    ("1a0cf26323c8", "mm/ksm: Remove reuse_ksm_page()", "2020-09-04", _LIST),
    ("a308c71bf1e6", "mm/gup: Remove enfornced COW mechanism", "2020-09-04", _LIST),
    ("798a6b87ecd7", "mm: Add PGREUSE counter", "2020-09-04", _LIST),
    ("be068f29034f", "mm: fix misplaced unlock_page in do_wp_page()", "2020-09-24", _LIST),
    ("008cfe4418b3", "mm: Introduce mm_struct.has_pinned", "2020-09-27", _LIST),
    ("70e806e4e645", "mm: Do early cow for pinned pages during fork() for ptes",
     "2020-09-27", _LIST),
    ("d042035eaf5f", "mm/thp: Split huge pmds/puds if they're pinned when fork()",
     "2020-09-27", _LIST),
    ("f3c64eda3e50", "mm: avoid early COW write protect games during fork()", "2020-10-08", _LIST),
    ("57efa1fe5957", "mm/gup: prevent gup_fast from racing with COW during fork",
     "2020-12-15", _LIST),
    # 2021: what the refcount needs
    ("29a951dfb3c3", "mm: fix clear_refs_write locking", "2021-01-08", _LIST),
    ("9348b73c2e1b", "mm: don't play games with pinned pages in clear_page_refs",
     "2021-01-09", _LIST),
    ("feb889fb40fa", "mm: don't put pinned pages into the swap cache", "2021-01-16", _LIST),
    ("4eae4efa2c29", "hugetlb: do early cow when page pinned on src mm", "2021-03-13", _LIST),
    ("6ce64428d620", "mm/userfaultfd: fix memory corruption due to writeprotect",
     "2021-03-12", _LIST),
    ("f4c4a3f48480", "mm: free idle swap cache page after COW", "2021-06-28", _LIST),
    ("9ae0f87d009c", "mm/shmem: unconditionally set pte dirty in mfill_atomic_install_pte",
     "2021-11-05", _LIST),
    # 2022: PageAnonExclusive
    ("53a05ad9f21d", "mm: optimize do_wp_page() for exclusive pages in the swapcache",
     "2022-03-24", _LIST),
    ("d4c470970d45", "mm: optimize do_wp_page() for fresh pages in local LRU pagevecs",
     "2022-03-24", _LIST),
    ("84d60fdd3733", "mm: slightly clarify KSM logic in do_swap_page()", "2022-03-24", _LIST),
    ("c145e0b47c77", "mm: streamline COW logic in do_swap_page()", "2022-03-24", _LIST),
    ("3bff7e3f1f16", "mm/huge_memory: streamline COW logic in do_huge_pmd_wp_page()",
     "2022-03-24", _LIST),
    ("363106c4cefe", "mm/khugepaged: remove reuse_swap_page() usage", "2022-03-24", _LIST),
    ("03104c2c5db8", "mm/swapfile: remove stale reuse_swap_page()", "2022-03-24", _LIST),
    ("55c62fa7c533", "mm/huge_memory: remove stale page_trans_huge_mapcount()",
     "2022-03-24", _LIST),
    ("78fbe906cc90", "mm/page-flags: reuse PG_mappedtodisk as PG_anon_exclusive for PageAnon()"
     " pages", "2022-05-09", _LIST),
    ("6c287605fd56", "mm: remember exclusively mapped anonymous pages with PG_anon_exclusive",
     "2022-05-09", _LIST),
    ("c89357e27f20", "mm: support GUP-triggered unsharing of anonymous pages",
     "2022-05-09", _LIST),
    ("a7f226604170", "mm/gup: trigger FAULT_FLAG_UNSHARE when R/O-pinning a possibly shared"
     " anonymous page", "2022-05-09", _LIST),
    ("b6a2619c60b4", "mm/gup: sanity-check with CONFIG_DEBUG_VM that anonymous pages are"
     " exclusive when (un)pinning", "2022-05-09", _LIST),
    ("1493a1913e34", "mm/swap: remember PG_anon_exclusive via a swp pte bit",
     "2022-05-09", _LIST),
    ("64fe24a3e05e", "mm/mprotect: try avoiding write faults for exclusive anonymous pages when"
     " changing protection", "2022-07-03", _LIST),
    ("5535be309971", "mm/gup: fix FOLL_FORCE COW security issue and remove FOLL_COW",
     "2022-08-09", _LIST),
    ("8d6a0ac09a16", "mm: extend FAULT_FLAG_UNSHARE support to anything in a COW mapping",
     "2022-11-16", _LIST),
    ("84209e87c696", "mm/gup: reliable R/O long-term pinning in COW mappings",
     "2022-11-16", _LIST),
    # since 2023: per-VMA locks, O_DIRECT pins, large folios
    ("0bff0aaea03e", "x86/mm: try VMA lock-based page fault handling first",
     "2023-02-27", _LIST),
    ("fb49c455323f", "fork: lock VMAs of the parent process when forking", "2023-07-08", _LIST),
    ("a7e689dd1c06", "block: Convert bio_iov_iter_get_pages to use iov_iter_extract_pages",
     "2023-05-22", _LIST),
    ("cd197c3a2040", "mm: prohibit the last subpage from reusing the entire large folio",
     "2024-03-08", _LIST),
    ("c18160dba5ff", "mm: swap: reuse exclusive folio directly instead of wp page faults",
     "2024-06-02", _LIST),
    ("20dfa5b7adc5", "mm: set pte writable while pte_soft_dirty() is true in do_swap_page()",
     "2024-06-08", _LIST),
    ("6af8cb80d3a9", "mm/rmap: basic MM owner tracking for large folios (!hugetlb)",
     "2025-03-03", _LIST),
    ("1da190f4d0a6", "mm: Copy-on-Write (COW) reuse support for PTE-mapped THP",
     "2025-03-03", _LIST),
)  # fmt: skip

COMMITS = {row[0]: CommitRef(*row) for row in _ROWS}
"""Every commit that an era names, by id."""
