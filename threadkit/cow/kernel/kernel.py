"""What a step needs to know that never changes: the policy, and where everything is."""

from __future__ import annotations

from dataclasses import dataclass, field

from threadkit.cow.litmus.syntax import Op
from threadkit.cow.policy import Policy


@dataclass(frozen=True, slots=True)
class Instruction:
    """One statement with its names turned into addresses.

    Attributes
    ----------
    op : Op
        As written.
    index : int
        Number of the statement in the scenario.
    start : int
        Number of its first micro-step.
    mm : int
        Index of the address space it is about.
    entries : tuple of int
        Indices of the page-table entries of its page: one, or two for a huge page.
    entry : int
        Index of the entry behind its slot.
    others : tuple of int
        Entries of the second page of ``ksm_merge``.
    slot : int
        0 or 1.
    value : int
        To write.
    handle : int
        Address of the reference; 0 if none.
    register : int
        Address of the register; 0 if none.
    flags : int
        FOLL_* or what the verb makes of its words.
    child : int
        Index of the address space that fork makes; -1 if none.
    waits : tuple of (int, int)
        Actors' addresses and how many statements they must have done before.
    touches : int
        One bit for each page and each address space that it may deal with.
    """

    op: Op
    index: int
    start: int
    mm: int
    entries: tuple[int, ...]
    entry: int
    others: tuple[int, ...]
    slot: int
    value: int
    handle: int
    register: int
    flags: int
    child: int
    waits: tuple[tuple[int, int], ...]
    touches: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A place in an address space: one page-table entry.

    Attributes
    ----------
    at : int
        Its address in the state.
    mm : int
        Index of its address space.
    page : int
        Index of the scenario's page.
    half : int
        0, or 1 for the upper half of a huge page.
    pair : int
        Address of the entry of the other half; its own if there is none.
    """

    at: int
    mm: int
    page: int
    half: int
    pair: int


@dataclass(slots=True)
class Kernel:
    """A policy and the addresses of one scenario's objects.

    Attributes
    ----------
    policy : Policy
        The era's decisions.
    mms : tuple of int
        Addresses of the address spaces.
    entries : tuple of Entry
        All page-table entries, address space by address space.
    pages_end : int
        Behind the last page.
    swaps : tuple of int
        Addresses of the swap entries; a swap entry's number is its place here, from 1.
    handles : tuple of int
        Addresses of the named references.
    handle_mm : dict
        Index of the address space that a reference is of, by its address.
    handle_entries : dict
        Entries that a reference is bound to, by its address.
    tasks : tuple of int
        Addresses of the actors.
    number : dict
        An actor's number, from 1, by its address.
    code : dict
        The statements of an actor, by its address.
    backing : tuple of int
        Address of the page cache's page of each scenario page; 0 if it has none.
    hugetlb : frozenset of int
        Indices of the scenario's pages that are hugetlb.
    zero_page : int
        Address of the zero page.
    tlbs : dict
        For an actor's address: addresses of its TLB entries, by entry index. Empty
        where no process has threads, since then nobody can use a stale one.
    mates : tuple of tuple of int
        Actors' addresses by address space.
    fast_gup : bool
        Some statement uses GUP-fast, so fork's look and its write-protection are two
        steps.
    watched : bool
        Some statement takes a named reference, so coherence is worth checking.
    said : tuple of (str, str)
        Kernel function and clause of what the last step did; for traces.
    """

    policy: Policy
    mms: tuple[int, ...] = ()
    entries: tuple[Entry, ...] = ()
    pages_end: int = 0
    swaps: tuple[int, ...] = ()
    handles: tuple[int, ...] = ()
    handle_mm: dict[int, int] = field(default_factory=dict)
    handle_entries: dict[int, tuple[int, ...]] = field(default_factory=dict)
    tasks: tuple[int, ...] = ()
    number: dict[int, int] = field(default_factory=dict)
    code: dict[int, tuple[Instruction, ...]] = field(default_factory=dict)
    backing: tuple[int, ...] = ()
    hugetlb: frozenset[int] = frozenset()
    zero_page: int = 0
    tlbs: dict[int, tuple[int, ...]] = field(default_factory=dict)
    mates: tuple[tuple[int, ...], ...] = ()
    fast_gup: bool = False
    watched: bool = False
    said: tuple[str, str] = ("", "")

    def now(self, s: bytearray, t: int) -> Instruction:
        """Return the statement that an actor is at.

        Parameters
        ----------
        s : bytearray
            The state.
        t : int
            The actor's address.

        Returns
        -------
        Instruction
            Not yet done.
        """
        return self.code[t][s[t]]
