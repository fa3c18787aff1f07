"""Where things are in a state: one ``bytes``, read as the kernel reads its memory.

A state is a flat run of bytes and an object in it is an address, as a ``struct page *``
is: ``state[page + REF]`` is the page's reference count. Bytes are frozen, hash at once
and copy in no time (a step works on a ``bytearray`` and freezes it again), and a count
that falls below zero or above 255 raises instead of wrapping.

Regions: the header (counters and marks), pages (16 bytes each; a page's *number* is its
address over 16, and number 0 is no page), page-table entries with the VMA around them
(one for each address space and place), address spaces, swap entries, references that the
scenario names, and actors with what they hold while inside an operation.
"""

from __future__ import annotations

from typing import Final

# Header ------------------------------------------------------------------------------
COPIES: Final = 0
LOCK_WAITS: Final = 1
PTL_BLOCKED: Final = 2
REUSES: Final = 3
UFFD_EVENTS: Final = 4
MARKS: Final = 5
"""Bits of MARK_*: what went wrong on the way here."""

MARK_MISSED: Final = 1
MARK_WRONG: Final = 2
MARK_UNNECESSARY: Final = 4
MARK_LIFETIME: Final = 8
MARK_BLOCKED: Final = 16
MARK_FORK_PIN: Final = 32
MARK_FORCED: Final = 64
MARK_PTL_SLEEP: Final = 128

MARK_NAMES: Final = (
    (MARK_MISSED, "missed", "I1"),
    (MARK_FORCED, "missed", "I11"),
    (MARK_WRONG, "wrong", "I2"),
    (MARK_UNNECESSARY, "unnecessary", "I3"),
    (MARK_LIFETIME, "broken", "I8"),
    (MARK_BLOCKED, "broken", "I9"),
    (MARK_PTL_SLEEP, "broken", "I9'"),
    (MARK_FORK_PIN, "broken", "I10"),
)

# Pages -------------------------------------------------------------------------------
PAGE_SHIFT: Final = 4
PAGE_BYTES: Final = 1 << PAGE_SHIFT
KIND: Final = 0
FLAGS: Final = 1
REF: Final = 2
"""References one by one, the mappings' and caches' among them."""
BIAS: Final = 3
"""Pins; each is 1024 references (GUP_PIN_COUNTING_BIAS)."""
MAP: Final = 4
"""Entries that map all of it (for a large page: PMDs)."""
HALF_MAP: Final = 5
"""Entries that map one half of a large page: two bytes."""
LOCK: Final = 7
"""Number of the actor that holds the page lock, from 1."""
SWAP: Final = 8
"""Number of the swap entry that it is the cache of."""
SLOT: Final = 9
"""Content: two bytes."""
SIXTEENS: Final = 11
"""Plain references that statements took many at a time (``times``), by sixteen."""
THOUSANDS: Final = 12
"""The same by 1024."""
MOST_COUNTED: Final = 200
"""In each of these bytes, before a statement with ``times`` is refused."""

FREE: Final = 0
ANON: Final = 1
ZERO: Final = 2
FILE: Final = 3
KSM: Final = 4

EXCL: Final = 1
"""PageAnonExclusive; the second half of a large page has EXCL << 1."""
LARGE: Final = 4
HUGETLB: Final = 8
LRU_PENDING: Final = 16

# Page-table entries, each in its VMA --------------------------------------------------
ENTRY_BYTES: Final = 4
VMA: Final = 0
PTE: Final = 1
"""Number of the page that is mapped."""
BITS: Final = 2
SWP: Final = 3
"""Number of the swap entry."""

V_MAPPED: Final = 1
V_READ: Final = 2
V_WRITE: Final = 4
V_DONTFORK: Final = 8
V_WIPEONFORK: Final = 16
V_UFFD: Final = 32
V_MERGEABLE: Final = 64

WRITABLE: Final = 1
DIRTY: Final = 2
SOFT_DIRTY: Final = 4
UFFD_WP: Final = 8
SWP_EXCL: Final = 16
PMD: Final = 32

# Address spaces ----------------------------------------------------------------------
MM_BYTES: Final = 7
STATE: Final = 0
HAS_PINNED: Final = 1
SEQ: Final = 2
"""write_protect_seq: odd while fork write-protects."""
PTL: Final = 3
"""Number of the actor that holds the page-table lock, from 1."""
MMAP_WRITER: Final = 4
MMAP_READERS: Final = 5
VMA_READERS: Final = 6
"""Faults in progress under a lock of their VMA that fork does not take."""

UNBORN: Final = 0
ALIVE: Final = 1
GONE: Final = 2
FORKING: Final = 3
"""Being made by a fork that has not ended."""

# Swap entries ------------------------------------------------------------------------
SWAP_BYTES: Final = 4
COUNT: Final = 0
"""Page-table entries that hold it (the cache is not counted)."""
CACHE: Final = 1
STORED: Final = 2
"""Content on the device: two bytes."""

# References that the scenario names ----------------------------------------------------
HANDLE_BYTES: Final = 7
H_KIND: Final = 0
H_BITS: Final = 1
H_PAGE: Final = 2
"""Numbers of the pages behind slot 0 and slot 1."""
H_COUNT: Final = 4
"""References one by one; in two more bytes by sixteen, and by 1024 (or pins)."""

GET: Final = 1
PIN: Final = 2
TRANSIENT: Final = 3
LOCKED: Final = 4

H_WRITE: Final = 1
H_LONGTERM: Final = 2
H_BOND: Final = 4
"""The owner has not unmapped the page itself, so the kernel owes it coherence."""
H_TWO: Final = 8
"""Two references, one for each half."""

# Actors ------------------------------------------------------------------------------
TASK_BYTES: Final = 16
OP: Final = 0
"""Statements done."""
PC: Final = 1
"""Number of the step to do next inside a statement; 0 between statements."""
RET: Final = 2
"""Step to go on with after a fault."""
GRET: Final = 3
"""Step to go on with after get_user_pages."""
F_PAGE: Final = 4
F_OLD: Final = 5
"""Entry that the fault began with: page or swap entry."""
F_BITS: Final = 6
F_FLAGS: Final = 7
F_ENTRY: Final = 8
"""Which of k.entries the work is about: its index."""
F_NEW: Final = 9
"""A page of its own, not mapped yet."""
F_HELD: Final = 10
"""A page with a temporary reference of this actor."""
F_SEQ: Final = 11
F_COUNT: Final = 12
F_MM: Final = 13
"""Index of the address space that a fault or GUP works on."""
F_MMAP: Final = 14
"""GUP holds that address space's mmap_lock: its faults need not take it."""
F_UNBOUND: Final = 15
"""The owner itself has unmapped what F_HELD was taken of."""

FAULT_WRITE: Final = 1
FAULT_UNSHARE: Final = 2
FOLL_FORCE: Final = 4
FOLL_PIN: Final = 8
FOLL_LONGTERM: Final = 16
FOLL_COW: Final = 32
"""A forced write fault has been done once."""
FOLL_WRITE: Final = 64
HELD_PIN: Final = 128
"""F_HELD is a pin."""
