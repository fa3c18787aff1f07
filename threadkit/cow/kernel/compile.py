"""From a litmus file to addresses: which byte of a state is what, and who waits for whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from threadkit.cow.kernel import access, gup, ksm, reclaim, syscalls  # noqa: F401 - steps
from threadkit.cow.kernel import fork as _fork  # noqa: F401 - steps
from threadkit.cow.kernel.kernel import Entry, Instruction, Kernel
from threadkit.cow.kernel.layout import (
    ENTRY_BYTES,
    FOLL_LONGTERM,
    FOLL_PIN,
    FOLL_WRITE,
    HANDLE_BYTES,
    HELD_PIN,
    MM_BYTES,
    PAGE_BYTES,
    SWAP_BYTES,
    TASK_BYTES,
)
from threadkit.cow.kernel.pages import ModelBoundError
from threadkit.cow.kernel.steps import NUMBER
from threadkit.cow.litmus.syntax import Litmus, Op
from threadkit.cow.policy import Policy

START = {
    "write": "cpu_write",
    "read": "cpu_read",
    "fork": "fork",
    "exit": "do_exit",
    "exec": "do_exec",
    "munmap": "munmap",
    "mprotect": "mprotect",
    "madvise": "madvise",
    "clear_refs": "clear_refs",
    "uffd_wp": "uffd_wp",
    "uffd_unwp": "uffd_unwp",
    "uffd_continue": "uffd_continue",
    "pin": "take_reference",
    "unpin": "put_reference",
    "get": "take_reference",
    "put": "put_reference",
    "vmsplice": "take_reference",
    "pipe_read": "dma_out",
    "odirect_read_begin": "take_reference",
    "odirect_write_begin": "take_reference",
    "odirect_end": "put_reference",
    "process_vm_readv": "process_vm",
    "process_vm_writev": "process_vm",
    "ptrace_read": "ptrace",
    "ptrace_write": "ptrace",
    "dma_in": "dma_in",
    "dma_out": "dma_out",
    "ksm_merge": "ksm_merge",
    "ksm_unmerge": "ksm_unmerge",
    "swap_out": "swap_out",
    "swap_in": "swap_in",
    "lock": "lock",
    "unlock": "unlock",
    "get_page": "get_page",
    "put_page": "put_reference",
}
"""First micro-step of each operation."""

FAST = HELD_PIN
"""In an instruction's flags: the fast way first."""

_ALWAYS_FAST = ("vmsplice", "odirect_read_begin", "odirect_write_begin")
_MOST_PAGES = 255


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a scenario, in the order of their addresses.

    Attributes
    ----------
    processes, pages, handles, actors : tuple of str
        In the order of first appearance.
    registers : dict
        Address of a register by (actor, name).
    home : dict
        The process of an actor; kernel actors have none.
    size : int
        Bytes of a state.
    """

    processes: tuple[str, ...]
    pages: tuple[str, ...]
    handles: tuple[str, ...]
    actors: tuple[str, ...]
    registers: dict[tuple[str, str], int]
    home: dict[str, str]
    size: int


def distinct(names: Iterable[str | None]) -> tuple[str, ...]:
    """Return the names that are there, each once, in their order."""
    return tuple(dict.fromkeys(name for name in names if name is not None))


def compile_litmus(litmus: Litmus, policy: Policy) -> tuple[Kernel, Names]:
    """Lay a scenario out.

    Parameters
    ----------
    litmus : Litmus
        A checked scenario.
    policy : Policy
        The era's decisions.

    Returns
    -------
    tuple of Kernel and Names
        Addresses for the engine, names for people.

    Raises
    ------
    ModelBoundError
        It has more objects than a byte can number.
    """
    ops = litmus.ops()
    children = [op.process for op in ops if op.verb == "fork"]
    processes = distinct(["parent", *litmus.processes, *children])
    home = {name: name for name in processes} | dict(litmus.threads)
    pages = tuple(page.name for page in litmus.pages)
    handles = distinct(op.handle for op in ops)
    actors = distinct(op.actor for op in ops)
    k = Kernel(policy)
    places = sum(2 if page.kind == "thp" else 1 for page in litmus.pages)
    count = len(pages) * 2 + len(processes) * places + 2 * len(handles) + len(actors) + 2
    if count > _MOST_PAGES:
        raise ModelBoundError("pages")
    at = PAGE_BYTES * (count + 1)
    k.pages_end = at
    k.zero_page = PAGE_BYTES
    k.hugetlb = frozenset(n for n, page in enumerate(litmus.pages) if page.kind == "hugetlb")
    at = _lay_entries(k, litmus, len(processes), at)
    k.mms = tuple(range(at, at + MM_BYTES * len(processes), MM_BYTES))
    at += MM_BYTES * len(processes)
    swaps = len(k.entries) + 1
    k.swaps = tuple(range(at, at + SWAP_BYTES * swaps, SWAP_BYTES))
    at += SWAP_BYTES * swaps
    k.handles = tuple(range(at, at + HANDLE_BYTES * len(handles), HANDLE_BYTES))
    at += HANDLE_BYTES * len(handles)
    k.tasks = tuple(range(at, at + TASK_BYTES * len(actors), TASK_BYTES))
    k.number = {task: number for number, task in enumerate(k.tasks, 1)}
    at += TASK_BYTES * len(actors)
    registers: dict[tuple[str, str], int] = {}
    for op in ops:
        if op.register is not None and (op.actor, op.register) not in registers:
            registers[op.actor, op.register] = at
            at += 2
    at = _lay_tlbs(k, litmus, actors, home, processes, at)
    names = Names(processes, pages, handles, actors, registers, home, at)
    _translate(k, litmus, names)
    return k, names


def _lay_entries(k: Kernel, litmus: Litmus, processes: int, at: int) -> int:
    """Give every page of every process its page-table entry, two for a huge page."""
    entries: list[Entry] = []
    for mm in range(processes):
        for number, page in enumerate(litmus.pages):
            if page.kind == "thp":
                entries.append(Entry(at, mm, number, 0, at + ENTRY_BYTES))
                entries.append(Entry(at + ENTRY_BYTES, mm, number, 1, at))
                at += 2 * ENTRY_BYTES
            else:
                entries.append(Entry(at, mm, number, 0, at))
                at += ENTRY_BYTES
    k.entries = tuple(entries)
    return at


def _lay_tlbs(
    k: Kernel,
    litmus: Litmus,
    actors: tuple[str, ...],
    home: dict[str, str],
    processes: tuple[str, ...],
    at: int,
) -> int:
    """Give each actor a TLB where some process has threads."""
    by_mm: list[tuple[int, ...]] = []
    for process in processes:
        mates = [t for t, actor in zip(k.tasks, actors, strict=True) if home.get(actor) == process]
        by_mm.append(tuple(mates))
    k.mates = tuple(by_mm)
    if litmus.threads:
        for task in k.tasks:
            k.tlbs[task] = tuple(range(at, at + len(k.entries)))
            at += len(k.entries)
    return at


def _flags(op: Op) -> int:
    """Turn the words of a GUP statement into FOLL_* bits."""
    flags = FOLL_PIN if op.verb == "pin" else 0
    if "write" in op.words or op.verb == "odirect_read_begin":
        flags |= FOLL_WRITE
    if "longterm" in op.words:
        flags |= FOLL_LONGTERM
    if "fast" in op.words or op.verb in _ALWAYS_FAST:
        flags |= FAST
    return flags


def _translate(k: Kernel, litmus: Litmus, names: Names) -> None:
    """Turn the statements into instructions, actor by actor."""
    mm_of = {name: number for number, name in enumerate(names.processes)}
    page_of = {name: number for number, name in enumerate(names.pages)}
    handle_of = dict(zip(names.handles, k.handles, strict=True))
    task_of = dict(zip(names.actors, k.tasks, strict=True))
    waits = _waits(litmus, task_of)
    code: dict[int, list[Instruction]] = {task: [] for task in k.tasks}
    for index, op in enumerate(litmus.ops()):
        home = op.page.process if op.page else names.home.get(op.actor, "parent")
        mm = mm_of[home]
        entries = _entries(k, mm, page_of[op.page.page]) if op.page else ()
        other = op.other
        others = _entries(k, mm_of[other.process], page_of[other.page]) if other else ()
        slot = op.slot if op.slot is not None else -1
        handle = handle_of[op.handle] if op.handle else 0
        if entries and handle and handle not in k.handle_mm:
            k.handle_mm[handle], k.handle_entries[handle] = mm, entries
        code[task_of[op.actor]].append(
            Instruction(
                op=op,
                index=index,
                start=NUMBER[START[op.verb]],
                mm=mm,
                entries=entries,
                entry=entries[slot if len(entries) == 2 and slot > 0 else 0] if entries else -1,
                others=others,
                slot=slot,
                value=op.value or 0,
                handle=handle,
                register=names.registers.get((op.actor, op.register), 0) if op.register else 0,
                flags=_flags(op),
                child=mm_of[op.process] if op.process else -1,
                waits=waits[index],
                touches=0,
            )
        )
    k.code = {task: tuple(found) for task, found in code.items()}
    for handle in k.handles:
        k.handle_mm.setdefault(handle, 0)
        k.handle_entries.setdefault(handle, ())
    k.fast_gup = any(_flags(op) & FAST for op in litmus.ops())
    k.watched = bool(k.handles)


def _entries(k: Kernel, mm: int, page: int) -> tuple[int, ...]:
    """Return the indices of a page's entries in an address space."""
    return tuple(n for n, e in enumerate(k.entries) if e.mm == mm and e.page == page)


def _waits(litmus: Litmus, task_of: dict[str, int]) -> list[tuple[tuple[int, int], ...]]:
    """Say, for each statement, how far other actors must be: barriers and ``after``."""
    waits: list[tuple[tuple[int, int], ...]] = []
    labels: dict[str, tuple[int, int]] = {}
    position: dict[str, int] = {}
    for op in litmus.ops():
        position[op.actor] = position.get(op.actor, 0) + 1
        if op.label is not None:
            labels[op.label] = (task_of[op.actor], position[op.actor])
    before: dict[str, int] = {}
    for phase in litmus.phases:
        for column in phase.columns:
            for op in column:
                need = {
                    task_of[actor]: count for actor, count in before.items() if actor != op.actor
                }
                for label in op.after:
                    task, count = labels[label]
                    need[task] = max(count, need.get(task, 0))
                waits.append(tuple(sorted(need.items())))
        for column in phase.columns:
            for op in column:
                before[op.actor] = before.get(op.actor, 0) + 1
    return waits
