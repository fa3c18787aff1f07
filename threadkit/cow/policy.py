"""The decisions that kernels take differently, one field each.

An era is a bundle of these; so are the stable series, which mix them, and the
proposals that were never merged. A field is named after the kernel function that
decides, a value after what it looks at. The rules themselves, with source and commit,
are described where they are done (:mod:`threadkit.cow.kernel`) and dated in
:mod:`threadkit.cow.eras`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Policy:
    """How one kernel decides.

    Attributes
    ----------
    do_wp_page : str
        When a write fault on a small anonymous page reuses it. ``page_count``: A's
        can_share_swap_page. ``page_mapcount``: B's. ``reuse_swap_page``: the same sum,
        and the swap cache is dropped. ``page_count_1``: refcount 1, looked at unlocked,
        then mapcount and refcount 1 under the lock. ``swapcache_aware``: refcount 1
        after lru_add_drain() and dropping the swap cache.
    wp_trylock_failed : str
        The page lock is busy: ``copy``, or ``sleep`` (drop the page-table lock, wait,
        look again); ``unlocked``: the lock is not taken at all; ``sleep_locked``: sleep with
        the page-table lock held (what nobody does, and why).
    wp_pretest : str
        Before the lock: ``none``, or ``page_mapcount``: more than one mapping, copy.
    wp_maybe_pinned : str
        Before everything: ``none``, or ``reuse_swap_page``: a page that may be pinned is
        judged by mapcount (a proposal).
    wp_unlock_page : str
        ``before_pte_unlock``, or ``after_pte_unlock`` (be068f29034f's bug).
    wp_page_copy : str
        The old page of a copy, if only the swap cache has it now: ``leave`` it there, or
        ``free_swap_cache`` (f4c4a3f48480, 5.14).
    anon_exclusive : bool
        PageAnonExclusive exists: set, it means reuse, and fork, reclaim and KSM keep it.
    do_swap_page : str
        Which write swap-in maps writable: by ``page_count`` (A), ``reuse_swap_page``
        (mapcount plus swap count), ``page_count_1`` (G), ``exclusive`` (H).
    swapin_read_writable : bool
        A read fault on an exclusive swap entry maps it writable, too.
    reuse_ksm_page : str
        ``never``, ``page_ref_freeze``, or ``page_count`` (the unfrozen look, for IL8).
    gup_read : str
        Read GUP on a COW mapping: ``as_mapped``; ``force_write`` breaks COW (E);
        ``unshare_pin``: FOLL_PIN of a page not exclusive unshares it;
        ``unshare_longterm``: FOLL_LONGTERM of a page not anonymous, too.
    gup_pin : bool
        FOLL_PIN exists; without it a pin is a plain reference.
    foll_force : str
        Forced write to a read-only private mapping: ``drop_write`` after the COW fault,
        ``foll_cow`` (and a dirty pte), ``exclusive``.
    copy_present_pte : str
        Fork of a pinned page: ``share``; ``copy_pinned`` (child gets a copy); ``skip``:
        child gets nothing; ``copy_counted``: whatever has refcount > 1 and is writable.
    fork_against_gup_fast : str
        ``none``; ``wrprotect_first``; ``seqcount`` (write_protect_seq).
    fork_has_pinned : bool
        The pin test at fork needs mm.has_pinned.
    try_to_unmap : str
        Reclaim of a page with foreign references: ``unguarded``; ``page_count`` (A's
        guard); ``exclusive_not_pinned`` (an exclusive page that is pinned stays).
    shrink_page_list : str
        ``any``, or ``skip_pinned``: maybe pinned pages get no swap entry;
        ``skip_writable``: nor do writable ones (a proposal).
    clear_refs : str
        ``wrprotect``, or ``skip_pinned``; ``skip_counted`` (a proposal).
    clear_refs_lock : str
        ``read``: mmap_lock for reading, deferred flush; ``write``: for writing.
    uffd_wp_flush : str
        ``deferred``: a copy may run before the flush; ``before_copy``.
    change_pte_range : str
        mprotect back to writable: entry stays ``read_only``; ``exclusive_dirty`` ones become
        writable, or all ``exclusive`` ones.
    odirect : str
        O_DIRECT takes ``get`` or ``pin``.
    process_vm : str
        process_vm_readv takes ``get`` or ``pin``.
    do_huge_pmd_wp_page : str
        Reuse of a PMD-mapped page: ``page_mapcount`` without the lock, ``reuse_swap_page``
        under it, ``page_count_1``.
    huge_wp_copy : str
        Otherwise: ``copy`` the huge page, or ``split`` the PMD and fault on.
    large_folio_wp : str
        Reuse of a PTE-mapped large page: ``page_mapcount``, ``page_count`` (of the head),
        ``never``, ``mm_id``.
    hugetlb_wp : str
        ``page_count`` 1 until 2.6.36, then ``page_mapcount`` 1, to this day.
    hugetlb_fork : str
        ``share``, or ``copy_pinned``.
    vma_lock : str
        Faults take ``mmap_lock``; ``vma_unlocked_fork``: a per-VMA lock that fork does
        not take; ``vma_lock``: that fork takes.
    uffd_continue_dirty : bool
        UFFDIO_CONTINUE makes a dirty entry (9ae0f87d009c).
    pgreuse : bool
        The PGREUSE counter exists.
    """

    do_wp_page: Literal[
        "page_count", "page_mapcount", "reuse_swap_page", "page_count_1", "swapcache_aware"
    ] = "page_count"
    wp_trylock_failed: Literal["copy", "sleep", "unlocked", "sleep_locked"] = "copy"
    wp_pretest: Literal["none", "page_mapcount"] = "none"
    wp_maybe_pinned: Literal["none", "reuse_swap_page"] = "none"
    wp_unlock_page: Literal["before_pte_unlock", "after_pte_unlock"] = "before_pte_unlock"
    wp_page_copy: Literal["leave", "free_swap_cache"] = "leave"
    anon_exclusive: bool = False
    do_swap_page: Literal["page_count", "reuse_swap_page", "page_count_1", "exclusive"] = (
        "page_count"
    )
    swapin_read_writable: bool = False
    reuse_ksm_page: Literal["never", "page_count", "page_ref_freeze"] = "never"
    gup_read: Literal["as_mapped", "force_write", "unshare_pin", "unshare_longterm"] = "as_mapped"
    gup_pin: bool = False
    foll_force: Literal["drop_write", "foll_cow", "exclusive"] = "drop_write"
    copy_present_pte: Literal["share", "copy_pinned", "skip", "copy_counted"] = "share"
    fork_against_gup_fast: Literal["none", "wrprotect_first", "seqcount"] = "none"
    fork_has_pinned: bool = True
    try_to_unmap: Literal["unguarded", "page_count", "exclusive_not_pinned"] = "unguarded"
    shrink_page_list: Literal["any", "skip_pinned", "skip_writable"] = "any"
    clear_refs: Literal["wrprotect", "skip_pinned", "skip_counted"] = "wrprotect"
    clear_refs_lock: Literal["read", "write"] = "read"
    uffd_wp_flush: Literal["deferred", "before_copy"] = "deferred"
    change_pte_range: Literal["read_only", "exclusive_dirty", "exclusive"] = "read_only"
    odirect: Literal["get", "pin"] = "get"
    process_vm: Literal["get", "pin"] = "get"
    do_huge_pmd_wp_page: Literal["page_mapcount", "reuse_swap_page", "page_count_1"] = (
        "page_mapcount"
    )
    huge_wp_copy: Literal["copy", "split"] = "copy"
    large_folio_wp: Literal["page_mapcount", "page_count", "never", "mm_id"] = "page_mapcount"
    hugetlb_wp: Literal["page_count", "page_mapcount"] = "page_count"
    hugetlb_fork: Literal["share", "copy_pinned"] = "share"
    vma_lock: Literal["mmap_lock", "vma_unlocked_fork", "vma_lock"] = "mmap_lock"
    uffd_continue_dirty: bool = False
    pgreuse: bool = False
