"""By what something breaks: names for the ways in which changes of a kernel go wrong.

A warning and a later regression of one change are about the same thing only if they name the
same mechanism; that both are about one function says nothing. The lexicon is data: another
subsystem adds entries, no code. Only exact word forms count. What a change itself is about
(``page_count`` for the change of the copy-on-write test) is no mechanism and has no entry,
since everything said of the change would share it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

_INSIDE = re.compile(r"[\w-]")
_FORK = r"fork(?:s|ed|ing|\(\))?|MADV_DONTFORK|MADV_DOFORK|dup_mmap|copy_one_pte|copy_present_pte"
_PIN = (
    r"pin(?:s|ned|ning)?|pin_user_pages\w*(?:\(\))?|FOLL_PIN|FOLL_LONGTERM|FOLL_GET|GUP"
    r"|get_user_pages\w*(?:\(\))?|RDMA|DMA|DMA'd|InfiniBand|registered|O_DIRECT|vfio|VFIO"
)

LEXICON: Mapping[str, tuple[tuple[str, ...], ...]] = {
    # Memory management, copy-on-write. Each alternative is a tuple of word forms that must all
    # be there.
    "fork-pin": ((_FORK, _PIN),),  # a page pinned for a device is lost to a child at fork
    "gup-pin": (  # a device or the kernel holds a page that the process no longer maps
        (r"pin(?:s|ned|ning)|pin_user_pages\w*(?:\(\))?|FOLL_PIN|FOLL_LONGTERM|FOLL_GET",),
        (r"RDMA|DMA'd|InfiniBand|ibverbs|libibverbs|vfio|VFIO|vdpa|fixed buffers?",),
        (r"GUP|get_user_pages\w*(?:\(\))?|gup",),
    ),
    "o-direct": (  # a read in flight lands in a page that was replaced
        (r"O_DIRECT|direct[ -]?(?:io|I/O)|DIO",),
    ),
    "mprotect": (  # a page kept by its user is copied after mprotect() off and on
        (r"mprotect(?:s|ed|ing|'ed|'ing|\(\))?|PROT_NONE|PAGE_COPY",),
    ),
    "swap": (  # what swapping does to a page that somebody holds, or leaves behind
        (
            r"swap(?:s|ped|ping)?|swap[ -]?cache|swapcache|swap[ -]?in|swap[ -]?out|do_swap_page"
            r"|reuse_swap_page",
        ),
    ),
    "ksm": ((r"KSM|ksm|ksmd|PageKsm|PageKSM|reuse_ksm_page(?:\(\))?",),),  # merged pages
    "uffd-wp": (  # userfaultfd's write protection, lost or raised too often
        (r"uffd(?:-wp)?|UFFD(?:-WP)?|userfaultfd\w*|userfault|umapsort|UFFDIO_\w+",),
    ),
    "soft-dirty": (  # /proc/PID/clear_refs and the write protection it brings
        (r"soft[ -]?dirty|softdirty|clear_refs\w*(?:\(\d\))?",),
    ),
    "numa-migration": (  # NUMA balancing, or migration, moves what is held
        (
            r"numa[ _-]?balanc\w*|NUMA[ _-]?balanc\w*|NUMA[ -]migrat\w+|numa[ -]migrat\w+"
            r"|page migration|migrate_pages|autonuma",
        ),
    ),
    "thp": (  # huge pages of anonymous memory: shared counts, splitting
        (r"THPs?|transparent huge ?pages?|huge_pmd|do_huge_pmd_wp_page|khugepaged|split_huge\w*",),
    ),
    "hugetlb": ((r"hugetlb(?:fs)?|HUGETLB|MAP_HUGETLB|hugetlb_\w+|hugepages?",),),
    "page-lock": (  # who waits for the page lock, or gives up on it
        (r"page[ -]lock|lock_page|trylock_page|TestSetPageLocked|PG_locked",),
    ),
    "foll-force": (  # writes past the protection: ptrace, /proc/PID/mem, Dirty COW
        (r"FOLL_FORCE|FOLL_COW|ptrace\w*|strace|gdb|Dirty ?COW|dirtyc0w\w*|/proc/\S*/mem",),
    ),
    "madvise": ((r"MADV_(?!DONTFORK|DOFORK)\w+|madvise(?:\(\))?",),),  # hints that free or share
    "zero-page": ((r"zero[ -]?page|zeropage|ZERO_PAGE|huge zero ?page",),),  # the shared zeros
    "leak-to-child": (  # a child reads what the parent writes: missed copy
        (r"vmsplice(?:\(\))?|CVE-2020-29374",),
        (r"leak(?:s|ed|ing)?|observ(?:e|es|ing)", r"child|parent"),
    ),
    "dax": ((r"DAX|fsdax|pmem",),),  # persistent memory mapped directly
    "cgroup-charge": (  # to whom memory is charged
        (r"memcg|cgroups?|mem_cgroup_\w+", r"charg(?:e|es|ed|ing)|account(?:s|ed|ing)?"),
    ),
    "unlock-late": (  # a page is touched after the lock that kept it alive was dropped
        (r"unlock_page|Bad page state",),
    ),
    # Of all subsystems.
    "deadlock": ((r"dead[ -]?lock(?:s|ed|ing)?|ABBA|livelock|lock inversion",),),
    "hang": (
        (
            r"h[au]ngs?|hanging|hung task|lock(?:s|ed)? up|lockups?|stalls?|stalled"
            r"|fr(?:eeze|eezes|ozen|oze)|infinite loop",
        ),
    ),
    "use-after-free": ((r"use[- ]after[- ]free|UAF|double[- ]free|KASAN",),),
    "null-dereference": ((r"NULL[ -](?:pointer|ptr|deref\w*)|null pointer",),),
    "memory-leak": ((r"memory leak(?:s|ed|ing)?|leak(?:s|ed|ing)? memory|kmemleak",),),
    "out-of-memory": ((r"OOM|oom(?:-killer)?|out of memory",),),
    "performance": (
        (
            r"performance|throughput|latenc(?:y|ies)|slow(?:er|down|s)?|bandwidth|contention"
            r"|will-it-scale|vm-scalability|stress-ng",
        ),
    ),
    "data-corruption": (
        (
            r"corrupt(?:s|ed|ing|ion|ions)?|data loss|lost data|silent(?:ly)? los\w+"
            r"|stale data|out-?dated content",
        ),
    ),
    "build": (
        (
            r"build (?:failure|error|break\w*)s?|fail(?:s|ed)? to (?:build|compile)|won't"
            r" (?:build|compile)|compile errors?|undeclared|-Werror",
        ),
    ),
    "boot": (
        (
            r"boot(?:s|ing)? (?:hang|hangs|failure|failures|problem|problems|issue|issues"
            r"|regression)|fail(?:s|ed)? to boot|doesn't boot|does not boot|won't boot"
            r"|cannot boot|unbootable",
        ),
    ),
    "suspend": ((r"suspend(?:s|ed|ing)?|resume|hibernat\w+|S3|s2idle",),),
    "locking": ((r"lockdep|missing lock|lock ordering|spinlock|races?|racy|race condition",),),
    "refcount": (
        (
            r"refcount(?:s|ed|ing)?(?: leak| underflow| imbalance)|reference leak"
            r"|refcount_t",
        ),
    ),
    "abi": ((r"ABI|uABI|userspace (?:ABI|API)|uapi|syscall ABI",),),
    "security": (
        (r"CVE-\d{4}-\d{4,}|security (?:hole|issue|bug)|exploit\w*|privilege escalation",),
    ),
}
"""From the name of a mechanism to its word forms, as regular expressions of whole words."""

GENERAL = frozenset(
    {
        *("deadlock", "hang", "use-after-free", "null-dereference", "memory-leak"),
        *("out-of-memory", "performance", "data-corruption", "build", "boot", "suspend"),
        *("locking", "refcount", "abi", "security"),
    }
)
"""Those that rather say how it shows than by what; they decide only where nothing else does."""

TOPICS = frozenset({"gup-pin"})
"""Particular ones that half of a saga is about: alone they are a match only if nothing else is named."""


def mechanisms(text: str) -> frozenset[str]:
    """Name the mechanisms that a passage speaks of.

    Parameters
    ----------
    text : str
        A sentence or a paragraph. Of a whole mail most are named in passing.

    Returns
    -------
    frozenset of str
        Keys of `LEXICON`; empty if it names none.

    Examples
    --------
    >>> sorted(mechanisms("the pinned page is copied after fork(), RDMA writes are lost"))
    ['fork-pin', 'gup-pin']
    >>> sorted(mechanisms("an mprotect() while trylock_page fails"))
    ['mprotect', 'page-lock']
    >>> mechanisms("do_wp_page() looks at page_count()")
    frozenset()
    """
    plain = text.replace("\u2019", "'")
    return frozenset(
        name
        for name, alternatives in _compiled().items()
        if any(all(_occurs(form, plain) for form in forms) for forms in alternatives)
    )


def _occurs(form: re.Pattern[str], text: str) -> bool:
    """Say if a form begins where a word does.

    A form that began with an assertion would be tried at every character: three times slower.
    """
    found = form.search(text)
    while found:
        at = found.start()
        if not at or not _INSIDE.match(text, at - 1):
            return True
        found = form.search(text, at + 1)
    return False


def shared(one: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    """Tell which mechanisms two passages have in common, if they are about the same.

    Parameters
    ----------
    one, other : frozenset of str
        As `mechanisms` gives them.

    Returns
    -------
    frozenset of str
        Where either names something particular, only that counts: two data corruptions by
        different ways are not the same. Where both name more than a topic that much else is
        about, too, the topic does not count.

    Examples
    --------
    >>> both = frozenset({"data-corruption"})
    >>> sorted(shared(both | {"swap"}, both | {"numa-migration"}))
    []
    >>> sorted(shared(both | {"swap"}, both))
    []
    >>> sorted(shared(both, both))
    ['data-corruption']
    >>> sorted(shared(frozenset({"fork-pin", "gup-pin"}), frozenset({"gup-pin", "swap"})))
    []
    """
    common = one & other
    if one - GENERAL or other - GENERAL:
        common -= GENERAL
    if one - GENERAL - TOPICS and other - GENERAL - TOPICS:
        common -= TOPICS
    return common


@cache
def _compiled() -> dict[str, tuple[tuple[re.Pattern[str], ...], ...]]:
    return {
        name: tuple(
            tuple(re.compile(rf"(?:{form})(?![\w-])") for form in forms) for forms in alternatives
        )
        for name, alternatives in LEXICON.items()
    }
