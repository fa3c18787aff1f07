"""What happens to memory, as people say it and as scenarios do it: fork, pin, mprotect, swap ..."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from threadkit.cow.litmus.syntax import Litmus

SAID: Final[Mapping[str, str]] = {
    "fork": r"fork(?:s|ed|ing)?|child(?:ren)?|dup_mmap|copy_one_pte|copy_present_pte",
    "child ends": r"exit(?:s|ed|ing)?|exec\w*|(?:is|are|has) gone|ends|leaves|dies|died",
    "pin": r"pin(?:s|ned|ning)?|pin_user_pages\w*|FOLL_PIN|FOLL_LONGTERM|long-?term|RDMA|vfio"
    r"|io_uring|registered",
    "device": r"device\w*|DMA\w*|RDMA|hardware|hca|network card|vfio|vdpa",
    "reference": r"GUP|FOLL_GET|get_user_pages\w*|references?|refs|page_count|ref(?:erence)? ?count\w*"
    r"|page counts?|counts?|stray|elevated|speculative",
    "vmsplice": r"vmsplice|splice|pipes?|leak\w*|secrets?|CVE-2020-29374|readers?|isolation",
    "mprotect": r"mprotect\w*|PROT_\w+|read-only|write-protect\w*",
    "swap": r"swap\w*|swap-?cache|swapcache|reclaim\w*|SwapCache|do_swap_page",
    "KSM": r"KSM|ksm\w*|\w*ksm_page|PageKsm|merge[sd]?",
    "huge page": r"THPs?|huge\w*|pmd|transparent|compound|khugepaged|split\w*",
    "hugetlb": r"hugetlb\w*",
    "direct I/O": r"O_DIRECT|direct I/O|DIO|odirect|bounce\w*",
    "clear_refs": r"clear_refs\w*|soft-?dirty|softdirty",
    "userfaultfd": r"userfault\w*|uffd\w*|umapsort",
    "ptrace": r"ptrace\w*|strace|gdb|FOLL_FORCE|FOLL_COW|debugg\w+|Dirty ?COW|/proc/\S+/mem",
    "page lock": r"lock(?:s|ed|ing|less)?|trylock\w*|lock_page|contend\w*|contention|serialis\w+"
    r"|serializ\w+|block(?:s|ed|ing)?|wait(?:s|ing)?",
    "DONTFORK": r"MADV_DONTFORK|MADV_DOFORK|DONTFORK",
    "unmap": r"unmap\w*|munmap\w*|MADV_DONTNEED|MADV_\w+|madvise\w*|frees?",
    "file": r"files?|shmem|page cache|shared mapping\w*|MAP_SHARED|MAP_PRIVATE|DAX|tmpfs",
    "zero page": r"zero-?pages?|zeroed",
    "threads": r"threads?|parallel|together|both fault\w*|concurrent\w*|at once|races?|raced|racing",
    "neighbour": r"neighbour\w*|sub-?page|unrelated|beside|same page|whole page",
    "mapcount": r"map(?:ping)?s?[ -]?counts?|mapcount|mappings|page_mapcount|total_map_swapcount",
}
"""Word forms of each operation, as regular expressions of whole words."""

DONE: Final[Mapping[str, frozenset[str]]] = {
    "fork": frozenset({"fork"}),
    "child ends": frozenset({"exit", "exec"}),
    "pin": frozenset({"pin", "unpin"}),
    "device": frozenset({"dma_in", "dma_out"}),
    "reference": frozenset({"get", "put", "get_page", "put_page", "noise"}),
    "vmsplice": frozenset({"vmsplice", "pipe_read"}),
    "mprotect": frozenset({"mprotect", "readonly_pte"}),
    "swap": frozenset({"swap_out", "swap_in", "swapped", "PAGEOUT", "reclaim"}),
    "KSM": frozenset({"ksm_merge", "ksm_unmerge", "ksm", "MERGEABLE", "UNMERGEABLE", "ksmd"}),
    "huge page": frozenset({"thp", "pte_mapped", "COLLAPSE"}),
    "hugetlb": frozenset({"hugetlb"}),
    "direct I/O": frozenset({"odirect_read_begin", "odirect_write_begin", "odirect_end"}),
    "clear_refs": frozenset({"clear_refs"}),
    "userfaultfd": frozenset({"uffd_wp", "uffd_unwp", "uffd_continue", "monitor"}),
    "ptrace": frozenset({"ptrace_read", "ptrace_write", "process_vm_readv", "process_vm_writev"}),
    "page lock": frozenset({"lock", "unlock", "lockholder"}),
    "DONTFORK": frozenset({"DONTFORK", "DOFORK", "WIPEONFORK"}),
    "unmap": frozenset({"munmap", "DONTNEED"}),
    "file": frozenset({"file", "shmem"}),
    "zero page": frozenset({"zeropage"}),
}
"""Statements, advice, actors and kinds of pages that do each operation in a scenario."""


def said_in(text: str) -> frozenset[str]:
    """Name the operations that a passage speaks of.

    Parameters
    ----------
    text : str
        A sentence or more.

    Examples
    --------
    >>> sorted(said_in("A pinned page is lost when its owner forks."))
    ['fork', 'pin']
    """
    return frozenset(name for name, form in _forms().items() if form.search(text))


def done_in(litmus: Litmus) -> frozenset[str]:
    """Name the operations that a scenario does.

    Parameters
    ----------
    litmus : Litmus
        The scenario.

    Examples
    --------
    >>> from threadkit import cow
    >>> sorted(done_in(cow.scenario("S4").litmus))
    ['child ends', 'device', 'fork', 'pin']
    """
    signs = {page.kind for page in litmus.pages} | {
        word for page in litmus.pages for word in page.words
    }
    for op in litmus.ops():
        signs |= {op.verb, op.actor.rstrip("0123456789"), *op.words}
    found = {name for name, some in DONE.items() if some & signs}
    if any(len(phase.columns) > 1 for phase in litmus.phases):
        found.add("threads")
    return frozenset(found)


@cache
def _forms() -> dict[str, re.Pattern[str]]:
    return {
        name: re.compile(rf"(?<![\w-])(?:{form})(?![\w-])", re.IGNORECASE)
        for name, form in SAID.items()
    }
