"""What each mainline release changed in the copy-on-write rules, oldest first.

A base era is the sum of all changes up to its first release. The values are those of
:class:`threadkit.cow.policy.Policy`; what they mean is in
:mod:`threadkit.cow.eras.meanings`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from threadkit.cow.eras.commits import commits
from threadkit.cow.eras.refs import Change, Value
from threadkit.cow.eras.release import Release, parse_release
from threadkit.cow.policy import Policy


def change(
    release: str, why: str, *shas: str, sources: tuple[str, ...] = (), **sets: Value
) -> Change:
    """Make one entry of a timeline.

    Parameters
    ----------
    release : str
        The first that has it, or empty.
    why : str
        Reason and effect.
    *shas : str
        12 hex digits each, known to :mod:`threadkit.cow.eras.commits`.
    sources : tuple of str
        Trees and mails besides.
    **sets : str or bool
        Policy fields.
    """
    return Change(release, tuple(sets.items()), commits(*shas), why, sources)


OLD = (
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
        "2.6.13",
        "A reference taken by get_user_pages() no longer makes the owner copy: mappings and"
        " swap entries are counted, and the guard in reclaim goes.",
        "c475a8ab625d",
        "d296e9cd02c9",
        sources=("tree 2.6.18", "tree 2.6.24"),
        do_wp_page="page_mapcount",
        do_swap_page="reuse_swap_page",
        try_to_unmap="unguarded",
    ),
    change(
        "2.6.29",
        "A page lock that somebody happens to hold no longer makes a copy: the fault waits"
        " for it, and looks again.",
        "7b1fe59793e6",
        "ab967d86015a",
        sources=("tree 3.0.27", "mail Pine.LNX.4.64.0811232155180.4142@blonde.site"),
        do_wp_page="reuse_swap_page",
        wp_trylock_failed="sleep",
    ),
    change(
        "2.6.38",
        "Transparent huge pages: one PMD-mapped page is reused when it has one mapping,"
        " else it is copied whole.",
        "71e3aac0724f",
        sources=("tree 3.0.27",),
        do_huge_pmd_wp_page="page_mapcount",
        huge_wp_copy="copy",
        large_folio_wp="page_mapcount",
    ),
    change(
        "3.2",
        "process_vm_readv() and process_vm_writev() exist, with plain references.",
        "fcf634098c00",
        process_vm="get",
    ),
    change(
        "3.11",
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
        "4.9",
        "Dirty COW (CVE-2016-5195): a forced write no longer forgets that it is one; it"
        " needs an entry that its own fault has made dirty.",
        "19be0eaffa3a",
        sources=("tree 4.19",),
        foll_force="foll_cow",
    ),
    change(
        "4.14",
        "Huge pages can be swapped out whole: their reuse asks reuse_swap_page() under the"
        " page lock.",
        "ba3c4ce6def4",
        sources=("tree 4.19",),
        do_huge_pmd_wp_page="reuse_swap_page",
    ),
    change(
        "5.1",
        "A KSM page that one process is left with may be reused, with its count frozen so"
        " that KSM does not merge into it meanwhile.",
        "52d1e606ee73",
        sources=("tree 5.8.18",),
        reuse_ksm_page="page_ref_freeze",
    ),
    change(
        "5.6",
        "process_vm_readv() and process_vm_writev() say FOLL_PIN.",
        "803e4572d7c5",
        process_vm="pin",
    ),
    change(
        "5.7",
        "FOLL_PIN counts 1024 references, so that a pin can be told from others; userfaultfd"
        " can write-protect, with the TLB flush after the page-table lock.",
        "3faa52c03f44",
        "292924b26024",
        gup_pin=True,
        uffd_wp_flush="deferred",
    ),
)

REFCOUNT = (
    change(
        "5.8",
        "CVE-2020-29374: reading GUP breaks COW as writing does. A write fault on a shared"
        " huge page splits the PMD and copies one small page.",
        "17839856fd58",
        "3917c80280c9",
        "c444eb564fb1",
        sources=("tree 5.8.18",),
        gup_read="force_write",
        huge_wp_copy="split",
    ),
    change(
        "5.9-rc4",
        "Instead of forcing COW at GUP, whatever has a second reference is copied at the"
        " write fault, without waiting for the page lock; KSM pages always.",
        "09854ba94c6a",
        "1a0cf26323c8",
        "a308c71bf1e6",
        "798a6b87ecd7",
        sources=("tree 5.10.262", "mail 20200821234958.7896-1-peterx@redhat.com"),
        do_wp_page="page_count_1",
        wp_trylock_failed="copy",
        wp_unlock_page="after_pte_unlock",
        large_folio_wp="page_count",
        reuse_ksm_page="never",
        gup_read="as_mapped",
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
        " entry stays as it is; against GUP-fast it is write-protected meanwhile.",
        "008cfe4418b3",
        "7a4830c380f3",
        "70e806e4e645",
        "d042035eaf5f",
        sources=("tree 5.10.262", "mail 20200917193824.GL8409@ziepe.ca"),
        copy_present_pte="copy_pinned",
        fork_has_pinned=True,
        fork_against_gup_fast="wrprotect_first",
    ),
    change(
        "5.9",
        "The write-protecting could not be made reliable, and goes; a pin that GUP-fast"
        " takes during fork may be lost.",
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
        "Pinned pages stay out of the swap cache and keep their entries over clear_refs,"
        " which holds mmap_lock for writing.",
        "29a951dfb3c3",
        "9348b73c2e1b",
        "feb889fb40fa",
        sources=("tree 5.10.262",),
        shrink_page_list="skip_pinned",
        clear_refs="skip_pinned",
        clear_refs_lock="write",
    ),
    change(
        "5.12-rc3",
        "What userfaultfd write-protected is flushed before it is copied.",
        "6ce64428d620",
        sources=("tree 5.10.262",),
        uffd_wp_flush="before_copy",
    ),
    change(
        "5.12-rc4",
        "Fork copies pinned hugetlb pages, too.",
        "4eae4efa2c29",
        hugetlb_fork="copy_pinned",
    ),
    change(
        "5.16",
        "UFFDIO_CONTINUE makes its entries dirty, read-only ones as well, and a forced"
        " write takes those for its own copies (CVE-2022-2590).",
        "9ae0f87d009c",
        sources=("tree 6.1.192",),
        uffd_continue_dirty=True,
    ),
    change(
        "5.18",
        "Per-CPU lists and the swap cache no longer count against reuse, and the reference"
        " count decides for swapped and huge pages, too: CVE-2020-29374 closed there.",
        "53a05ad9f21d",
        "d4c470970d45",
        "84d60fdd3733",
        "c145e0b47c77",
        "3bff7e3f1f16",
        "363106c4cefe",
        "03104c2c5db8",
        "55c62fa7c533",
        sources=("mail 20220126095557.32392-1-david@redhat.com",),
        do_wp_page="swapcache_aware",
        do_swap_page="page_count_1",
        do_huge_pmd_wp_page="page_count_1",
    ),
)

EXCLUSIVE = (
    change(
        "5.19",
        "PageAnonExclusive remembers that a page is one process' own: reuse asks nothing"
        " else. Fork, reclaim and KSM must clear it first, and cannot while it is pinned; a"
        " reading pin makes a page exclusive.",
        "78fbe906cc90",
        "6c287605fd56",
        "c89357e27f20",
        "a7f226604170",
        "b6a2619c60b4",
        "1493a1913e34",
        sources=("tree 6.1.192", "mail 20220315104741.63071-1-david@redhat.com"),
        anon_exclusive=True,
        do_swap_page="exclusive",
        gup_read="unshare_pin",
        try_to_unmap="exclusive_not_pinned",
        hugetlb_wp="exclusive",
    ),
    change(
        "6.0",
        "mprotect() makes exclusive dirty pages writable at once, and a forced write needs an"
        " exclusive page (CVE-2022-2590).",
        "64fe24a3e05e",
        "5535be309971",
        sources=("tree 6.1.192", "mail 20220808073232.8808-1-david@redhat.com"),
        change_pte_range="exclusive",
        foll_force="exclusive",
    ),
    change(
        "6.2",
        "A reading longterm pin breaks COW of the page cache and the zero page, too.",
        "8d6a0ac09a16",
        "84209e87c696",
        sources=("tree 6.12.107",),
        gup_read="unshare_longterm",
    ),
    change(
        "6.4",
        "Faults of anonymous memory take a lock of their VMA alone, and fork does not.",
        "0bff0aaea03e",
        vma_lock="vma_unlocked_fork",
    ),
    change(
        "6.5",
        "Fork locks the VMAs that it copies.",
        "fb49c455323f",
        sources=("tree 6.12.107",),
        vma_lock="vma_lock",
    ),
    change(
        "6.5",
        "O_DIRECT on a block device or through iomap pins, and a pin of the zero page counts"
        " nothing.",
        "a7e689dd1c06",
        "c8070b787519",
        sources=("tree 6.12.107",),
        odirect="pin",
        zeropage_pin="ignored",
    ),
    change(
        "6.7",
        "A page of a large folio that is not exclusive is always copied.",
        "c66db8c0702c",
        sources=("tree 6.12.107",),
        large_folio_wp="never",
    ),
    change(
        "6.11",
        "A swapped page that is exclusive comes back writable on a read fault, too.",
        "20dfa5b7adc5",
        sources=("tree 6.12.107",),
        swapin_read_writable=True,
    ),
    change(
        "6.15",
        "A large folio counts its mappings and knows its owners: one process' own is reused"
        " when mappings and references are equal.",
        "6af8cb80d3a9",
        "1da190f4d0a6",
        sources=("tree 7.2.13",),
        large_folio_wp="mm_id",
    ),
)

MAINLINE = OLD + REFCOUNT + EXCLUSIVE
"""Every change of the mainline, in order of release."""


def upto(release: Release) -> tuple[Change, ...]:
    """Return the changes of the mainline that a release has.

    Parameters
    ----------
    release : Release
        Of the mainline.

    Examples
    --------
    >>> from threadkit.cow.eras.release import parse_release
    >>> [one.release for one in upto(parse_release("4.8"))][-2:]
    ['3.11', '4.6']
    """
    return tuple(
        one
        for one in MAINLINE
        if (first := parse_release(one.release)) is not None and first <= release
    )


def fold(changes: Iterable[Change]) -> Policy:
    """Return the policy that some changes lead to, the later ones winning.

    Parameters
    ----------
    changes : iterable of Change
        In order.

    Examples
    --------
    >>> fold(MAINLINE).do_wp_page, fold(OLD).wp_trylock_failed
    ('swapcache_aware', 'sleep')
    """
    sets: dict[str, Any] = {}
    for one in changes:
        sets.update(one.sets)
    return replace(Policy(), **sets)
