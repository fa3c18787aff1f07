"""The locks around a fault: mmap_lock (or a VMA's own), and the page-table lock.

Each address space has one page-table lock: the pages of a scenario lie in one page
table. mmap_lock is counted for readers, so that a writer (fork, mprotect, munmap...)
waits for faults in progress.
"""

from __future__ import annotations

from threadkit.cow.kernel.kernel import Kernel
from threadkit.cow.kernel.layout import (
    F_MM,
    F_MMAP,
    MMAP_READERS,
    MMAP_WRITER,
    PTL,
    VMA_READERS,
)


def enter(k: Kernel, s: bytearray, t: int) -> bool:
    """Take mmap_lock for reading and the page-table lock, if both are free.

    A fault that GUP takes runs under the mmap_lock that GUP holds. With
    ``vma_unlocked_fork`` any other holds its VMA's lock instead, which fork did not take
    (6.4; closed by fb49c455323f).

    Returns
    -------
    bool
        False: the actor has to wait.
    """
    mm = k.mms[s[t + F_MM]]
    if s[mm + PTL]:
        return False
    if not s[t + F_MMAP]:
        readers = fault_readers(k)
        if s[mm + MMAP_WRITER] and readers == MMAP_READERS:
            return False
        s[mm + readers] += 1
    s[mm + PTL] = k.number[t]
    return True


def fault_readers(k: Kernel) -> int:
    """Return which readers a fault is counted among: mmap_lock's, or its VMA's."""
    return VMA_READERS if k.policy.vma_lock == "vma_unlocked_fork" else MMAP_READERS


def gup_lock(k: Kernel, s: bytearray, t: int) -> bool:
    """Take mmap_lock for get_user_pages(), which keeps it over its faults.

    So fork, mprotect and munmap never come between a fault that GUP took and its next
    look; madvise(MADV_DONTNEED), a reader itself, does.

    Returns
    -------
    bool
        False: the actor has to wait.
    """
    mm = k.mms[s[t + F_MM]]
    if not s[t + F_MMAP]:
        if s[mm + MMAP_WRITER]:
            return False
        s[mm + MMAP_READERS] += 1
        s[t + F_MMAP] = 1
    return True


def gup_unlock(k: Kernel, s: bytearray, t: int) -> None:
    """Drop mmap_lock if GUP took it."""
    if s[t + F_MMAP]:
        s[k.mms[s[t + F_MM]] + MMAP_READERS] -= 1
        s[t + F_MMAP] = 0


def ptl_lock(k: Kernel, s: bytearray, t: int) -> bool:
    """Take the page-table lock again; False if the actor has to wait."""
    mm = k.mms[s[t + F_MM]]
    if s[mm + PTL]:
        return False
    s[mm + PTL] = k.number[t]
    return True


def ptl_unlock(k: Kernel, s: bytearray, t: int) -> None:
    """Drop the page-table lock."""
    s[k.mms[s[t + F_MM]] + PTL] = 0


def leave(k: Kernel, s: bytearray, t: int) -> None:
    """Drop the page-table lock if it is held, and mmap_lock if it is not GUP's."""
    mm = k.mms[s[t + F_MM]]
    if s[mm + PTL] == k.number[t]:
        s[mm + PTL] = 0
    if not s[t + F_MMAP]:
        s[mm + fault_readers(k)] -= 1


def writable_now(s: bytearray, mm: int) -> bool:
    """Tell whether mmap_lock can be taken for writing and no page table is locked."""
    readers = s[mm + MMAP_READERS] or s[mm + VMA_READERS]
    return not (s[mm + MMAP_WRITER] or readers or s[mm + PTL])


def readable_now(s: bytearray, mm: int) -> bool:
    """Tell whether mmap_lock can be taken for reading and no page table is locked."""
    return not (s[mm + MMAP_WRITER] or s[mm + PTL])
