"""The memory of all processes, as values: what each has, and what each reference sees.

A *cell* is the memory that one process has behind one of its pages. Fork makes a new one
for the child; ``munmap`` leaves it to the references that were taken of it. A slot holds
the set of values that it may have: one, where everything is promised.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace

from threadkit.cow.litmus.syntax import SEGV
from threadkit.cow.oracle.promise import Coherence

Values = frozenset[int]
"""The values that something may have."""

ANY: Values = frozenset(range(256))
"""Nothing is promised."""

FAULT: Values = frozenset({SEGV})
"""What an access that faults for good gives."""

Slots = tuple[Values, Values]


@dataclass(frozen=True, slots=True)
class Cell:
    """One process's memory behind one page.

    Attributes
    ----------
    content : tuple of Values
        The two slots.
    devices : frozenset of str
        References whose device may write here though the cell is not theirs: those on
        the parent's memory at fork, until the child's first write.
    anon : bool
        Memory of its own; False while a file or the zero page lies behind it, which a
        long-term pin for reading is promised less of.
    """

    content: Slots
    devices: frozenset[str] = frozenset()
    anon: bool = True


@dataclass(frozen=True, slots=True)
class Mapped:
    """A page that a process maps.

    Attributes
    ----------
    cell : int
        Its memory.
    protection : str
        ``none``, ``r`` or ``rw``.
    forked : bool
        False after MADV_DONTFORK.
    wiped : bool
        MADV_WIPEONFORK.
    """

    cell: int
    protection: str
    forked: bool = True
    wiped: bool = False


@dataclass(frozen=True, slots=True)
class Ref:
    """A reference that someone holds.

    Attributes
    ----------
    owner : str
        The process whose memory it was taken of.
    cell : int
        That memory.
    writes : bool
        Taken for writing.
    pinned : bool
        FOLL_PIN.
    coherence : Coherence
        What it is promised.
    seen : tuple of Values
        What it may see if nothing is promised.
    devices : frozenset of str
        As of a cell, at the moment it was taken.
    """

    owner: str
    cell: int
    writes: bool
    pinned: bool
    coherence: Coherence
    seen: Slots
    devices: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Forking:
    """A fork that has begun and not ended.

    Attributes
    ----------
    parent, child : str
        The processes.
    left : frozenset of str
        Pages that the child has not got yet.
    """

    parent: str
    child: str
    left: frozenset[str]


def _with(slots: Slots, slot: int, values: Values) -> Slots:
    """Return two slots with one of them changed."""
    return (values, slots[1]) if slot == 0 else (slots[0], values)


class World:
    """All memory at one moment. It changes in place; copy it to keep it.

    Parameters
    ----------
    born : frozenset of str
        Processes that live.

    Attributes
    ----------
    memory : dict of (str, str) to Mapped
        By process and page; what is not there is not mapped.
    cells : dict of int to Cell
        Memory, mapped or only referenced.
    refs : dict of str to Ref
        By handle.
    registers : dict of (str, str) to Values
        By actor and name.
    born, gone : frozenset of str
        Processes that live, and that have exited.
    forking : dict of str to Forking
        By actor.

    Examples
    --------
    >>> w = World(frozenset({"parent"}))
    >>> w.map("parent", "x", Cell((frozenset({1}), frozenset({2}))), "rw")
    >>> w.store("parent", "x", 0, 7)
    >>> sorted(w.load("parent", "x", 0)), w.load("parent", "y", 0) == FAULT
    ([7], True)
    """

    __slots__ = ("born", "cells", "forking", "gone", "memory", "refs", "registers")

    def __init__(self, born: frozenset[str]) -> None:
        self.memory: dict[tuple[str, str], Mapped] = {}
        self.cells: dict[int, Cell] = {}
        self.refs: dict[str, Ref] = {}
        self.registers: dict[tuple[str, str], Values] = {}
        self.born = born
        self.gone: frozenset[str] = frozenset()
        self.forking: dict[str, Forking] = {}

    def copy(self) -> World:
        """Return a world of its own with the same content."""
        new = World(self.born)
        new.memory = dict(self.memory)
        new.cells = dict(self.cells)
        new.refs = dict(self.refs)
        new.registers = dict(self.registers)
        new.gone = self.gone
        new.forking = dict(self.forking)
        return new

    def key(self) -> Hashable:
        """Return what makes two worlds the same; the numbers of cells do not."""
        number: dict[int, int] = {}
        memory = []
        for name, mapped in sorted(self.memory.items()):
            cell = number.setdefault(mapped.cell, len(number))
            memory.append((name, replace(mapped, cell=cell)))
        refs = []
        for handle, ref in sorted(self.refs.items()):
            cell = number.setdefault(ref.cell, len(number))
            refs.append((handle, replace(ref, cell=cell)))
        return (
            tuple(memory),
            tuple(refs),
            tuple(self.cells[old] for old in number),
            frozenset(self.registers.items()),
            self.born,
            self.gone,
            frozenset(self.forking.items()),
        )

    def map(self, process: str, page: str, cell: Cell, protection: str) -> None:
        """Give a process memory behind a page.

        Parameters
        ----------
        process, page : str
            Where.
        cell : Cell
            That memory.
        protection : str
            ``none``, ``r`` or ``rw``.
        """
        self.memory[process, page] = Mapped(self.new_cell(cell), protection)

    def new_cell(self, cell: Cell) -> int:
        """Add memory that nothing maps yet, and return its number."""
        number = max(self.cells, default=-1) + 1
        self.cells[number] = cell
        return number

    def unmap(self, process: str, page: str) -> None:
        """Take a page from a process; references keep what was there."""
        self.memory.pop((process, page), None)

    def load(self, process: str, page: str, slot: int, *, forced: bool = False) -> Values:
        """Return what a process may read.

        Parameters
        ----------
        process, page : str
            Whose memory, and which page of it.
        slot : int
            0 or 1.
        forced : bool
            As ptrace does: whatever the protection is.

        Returns
        -------
        Values
            FAULT if nothing readable is mapped.
        """
        mapped = self.memory.get((process, page))
        if mapped is None or (mapped.protection == "none" and not forced):
            return FAULT
        return self.cells[mapped.cell].content[slot]

    def store(self, process: str, page: str, slot: int, value: int, *, sure: bool = True) -> None:
        """Let a process write, if its mapping allows that.

        Parameters
        ----------
        process, page : str
            Whose memory, and which page of it.
        slot, value : int
            Where and what.
        sure : bool
            False: the store may be lost.
        """
        mapped = self.memory.get((process, page))
        if mapped is None or mapped.protection != "rw":
            return
        cell = self.cells[mapped.cell]
        self.cells[mapped.cell] = replace(cell, devices=frozenset(), anon=True)
        self.put(mapped.cell, slot, value, sure=sure)

    def put(self, cell: int, slot: int, value: int, *, sure: bool) -> None:
        """Change memory, and what references without a promise may see of it.

        Parameters
        ----------
        cell, slot, value : int
            Where and what.
        sure : bool
            False: it may stay as it is.
        """
        old = self.cells[cell]
        new = frozenset({value}) | (frozenset() if sure else old.content[slot])
        self.cells[cell] = replace(old, content=_with(old.content, slot, new))
        for handle, ref in self.refs.items():
            if ref.cell == cell and ref.coherence == "none":
                self.refs[handle] = _may_see(ref, slot, value)

    def take(self, handle: str, ref: Ref) -> None:
        """Hold a new reference; a fork under way may share its page with the child.

        Parameters
        ----------
        handle : str
            Its name.
        ref : Ref
            Of which memory, and what it is promised.
        """
        self.refs[handle] = ref
        if not ref.writes:
            return
        self.cells[ref.cell] = replace(self.cells[ref.cell], anon=True)
        for fork in self.forking.values():
            for (process, page), mapped in self.memory.items():
                if process == fork.parent and mapped.cell == ref.cell:
                    self._link(fork.child, page, handle)

    def _link(self, process: str, page: str, handle: str) -> None:
        """Let a device's writes reach a process that was forked."""
        mapped = self.memory.get((process, page))
        if mapped is not None:
            cell = self.cells[mapped.cell]
            self.cells[mapped.cell] = replace(cell, devices=cell.devices | {handle})

    def seen(self, handle: str, slot: int) -> Values:
        """Return what a reference may see.

        Parameters
        ----------
        handle : str
            Its name.
        slot : int
            0 or 1.

        Returns
        -------
        Values
            ANY if nobody holds it.
        """
        ref = self.refs.get(handle)
        if ref is None:
            return ANY
        return ref.seen[slot] if ref.coherence == "none" else self.cells[ref.cell].content[slot]

    def device_writes(self, handle: str, slot: int, value: int) -> None:
        """Let a device write through a reference.

        Parameters
        ----------
        handle : str
            The reference; without one nothing happens.
        slot, value : int
            Where and what.
        """
        ref = self.refs.get(handle)
        if ref is None:
            return
        self.put(ref.cell, slot, value, sure=ref.coherence != "none")
        for number, cell in list(self.cells.items()):
            if handle in cell.devices:
                self.put(number, slot, value, sure=False)
        for name, other in self.refs.items():
            if handle in other.devices:
                self.refs[name] = _may_see(other, slot, value)
        ref = self.refs[handle]
        self.refs[handle] = replace(ref, seen=_with(ref.seen, slot, frozenset({value})))

    def loosen(self, handle: str) -> None:
        """Take a reference's promise away: from now on it may see the memory or not.

        Parameters
        ----------
        handle : str
            One that is held.
        """
        ref = self.refs[handle]
        if ref.coherence != "none":
            seen = self.cells[ref.cell].content
            self.refs[handle] = replace(ref, coherence="none", seen=seen)

    def handles_of(self, cell: int) -> list[str]:
        """Return the references on some memory, by name."""
        return [handle for handle, ref in self.refs.items() if ref.cell == cell]


def _may_see(ref: Ref, slot: int, value: int) -> Ref:
    """Return a reference that may see one more value."""
    return replace(ref, seen=_with(ref.seen, slot, ref.seen[slot] | {value}))
