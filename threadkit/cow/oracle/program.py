"""What does not change while a litmus program runs: who is who, and what lies behind pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from threadkit.cow.litmus.syntax import Litmus, Op, Page, is_kernel_actor
from threadkit.cow.oracle.memory import ANY, Cell, Values, World
from threadkit.cow.oracle.promise import Promise

Fault = Literal["I1", "I2w", "I2r", "store"]
"""What a kernel may get wrong: isolation, a reference's coherence, a store of a thread."""

ON_A_FILE = ("file", "shmem")
NOT_ANON = (*ON_A_FILE, "zeropage")
STORES = ("write", "process_vm_writev", "ptrace_write")
MAKES_REFERENCE = ("pin", "get", "vmsplice", "odirect_read_begin", "odirect_write_begin")
_PASSING = ("lock", "unlock", "get_page", "put_page", "swap_out", "swap_in")
_MARKING = ("clear_refs", "uffd_wp", "uffd_unwp", "uffd_continue", "ksm_merge", "ksm_unmerge")
NEUTRAL = frozenset((*_PASSING, *_MARKING))
"""Operations that change no value."""
NEUTRAL_ADVICE = ("MERGEABLE", "UNMERGEABLE", "PAGEOUT", "COLLAPSE")


@dataclass(frozen=True)
class Program:
    """A litmus program with what is promised to it.

    Parameters
    ----------
    litmus : Litmus
        Its text.
    promise : Promise
        What references may rely on.
    faults : frozenset of Fault
        What is allowed to go wrong, to find out what did.
    """

    litmus: Litmus
    promise: Promise
    faults: frozenset[Fault] = frozenset()

    def start(self) -> World:
        """Return the memory before the first statement."""
        world = World(frozenset({"parent", *self.litmus.processes}))
        for page in self.litmus.pages:
            low, high = page.content
            protection = "rw" if page.writable else "r"
            anon = page.kind not in NOT_ANON and "unfaulted" not in page.words
            cell = Cell((frozenset({low}), frozenset({high})), anon=anon)
            world.map("parent", page.name, cell, protection)
        return world

    def process_of(self, actor: str) -> str | None:
        """Return the process that an actor belongs to.

        Parameters
        ----------
        actor : str
            Of a statement.

        Returns
        -------
        str or None
            None for a device and the kernel's own.
        """
        if is_kernel_actor(actor):
            return None
        return dict(self.litmus.threads).get(actor, actor)

    def page(self, name: str) -> Page:
        """Return a variable's line of the initial state."""
        return next(page for page in self.litmus.pages if page.name == name)

    def behind(self, name: str) -> tuple[Values, Values]:
        """Return what a page holds after MADV_DONTNEED: the file's content, else zeros."""
        page = self.page(name)
        content = page.content if page.kind in ON_A_FILE else (0, 0)
        return frozenset({content[0]}), frozenset({content[1]})

    def strays(self, page: str, slot: int) -> Values:
        """Return values that may show in a page if isolation fails.

        Parameters
        ----------
        page : str
            A variable.
        slot : int
            0 or 1.

        Returns
        -------
        Values
            Everything that is written to the page by anybody; to any page if KSM or the
            zero page may make several one. Empty while isolation holds.
        """
        if "I1" not in self.faults:
            return frozenset()
        ops = self.litmus.ops()
        merged = any(op.verb == "ksm_merge" for op in ops) or any(
            one.kind in ("ksm", "zeropage") for one in self.litmus.pages
        )
        pages = {op.handle: op.page.page for op in ops if op.verb in MAKES_REFERENCE and op.page}
        found = set()
        for op in ops:
            where = op.page.page if op.page else pages.get(op.handle)
            stores = op.verb in STORES or op.verb == "dma_in"
            if stores and op.slot == slot and (merged or where == page) and op.value is not None:
                found.add(op.value)
        return frozenset(found)

    def loaded(self, page: str, slot: int, values: Values) -> Values:
        """Return what a load gives that should give some values."""
        return values if values == ANY else values | self.strays(page, slot)

    def late_pages(self, op: Op, phase: int) -> frozenset[str]:
        """Return the pages of a forking process that others may write meanwhile.

        Parameters
        ----------
        op : Op
            The fork.
        phase : int
            The phase it stands in.

        Returns
        -------
        frozenset of str
            Those whose moment of copying matters.
        """
        parent = self.process_of(op.actor)
        made = {one.handle: one.page for one in self.litmus.ops() if one.verb in MAKES_REFERENCE}
        found = set()
        for column in self.litmus.phases[phase].columns:
            for one in column:
                where = made.get(one.handle) if one.verb == "dma_in" else one.page
                stores = one.verb in STORES or one.verb == "dma_in"
                if stores and one.actor != op.actor and where and where.process == parent:
                    found.add(where.page)
        return frozenset(found)
