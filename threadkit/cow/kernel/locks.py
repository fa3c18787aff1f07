"""The locks around a fault: mmap_lock (or a VMA's own), and the page-table lock.

Each address space has one page-table lock: the pages of a scenario lie in one page
table. mmap_lock is counted for readers, so that a writer (fork, mprotect, munmap...)
waits for faults in progress.
"""

from __future__ import annotations

from threadkit.cow.kernel.kernel import Kernel
from threadkit.cow.kernel.layout import F_MM, MMAP_READERS, MMAP_WRITER, PTL


def enter(k: Kernel, s: bytearray, t: int) -> bool:
    """Take mmap_lock for reading and the page-table lock, if both are free.

    With ``vma_unlocked_fork`` a fault holds its VMA's lock instead, which fork did not
    take (6.4; closed by fb49c455323f).

    Returns
    -------
    bool
        False: the actor has to wait.
    """
    mm = k.mms[s[t + F_MM]]
    number = k.number[t]
    if s[mm + PTL]:
        return False
    if s[mm + MMAP_WRITER] and k.policy.vma_lock != "vma_unlocked_fork":
        return False
    s[mm + MMAP_READERS] += 1
    s[mm + PTL] = number
    return True


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
    """Drop the page-table lock if it is held, and mmap_lock."""
    mm = k.mms[s[t + F_MM]]
    if s[mm + PTL] == k.number[t]:
        s[mm + PTL] = 0
    s[mm + MMAP_READERS] -= 1


def writable_now(k: Kernel, s: bytearray, mm: int) -> bool:
    """Tell whether mmap_lock can be taken for writing and no page table is locked."""
    return not (s[mm + MMAP_WRITER] or s[mm + MMAP_READERS] or s[mm + PTL])
