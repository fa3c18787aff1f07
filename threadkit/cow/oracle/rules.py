"""What each operation does to values: one function a verb, by what users are told.

Most take effect at one moment. Three do not: ``fork`` copies page after page while other
threads go on; ``process_vm_writev`` and ``ptrace_write`` first take a reference and then
write through it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from threadkit.cow.litmus.syntax import Op
from threadkit.cow.oracle.memory import ANY, FAULT, Cell, Forking, Mapped, Ref, Slots, World
from threadkit.cow.oracle.program import NEUTRAL, NEUTRAL_ADVICE, ON_A_FILE, Program
from threadkit.cow.oracle.promise import Coherence

_NOT_WHILE_FORKING = ("fork", "exit", "exec", "munmap", "mprotect", "madvise")
_ZEROS: Slots = (frozenset({0}), frozenset({0}))


@dataclass(frozen=True, slots=True)
class Turn:
    """A statement whose turn it is.

    Attributes
    ----------
    program : Program
        The whole program.
    op : Op
        The statement.
    process : str
        Of its actor; empty for a device and the kernel's own.
    phase : int
        The phase it stands in.
    alone : bool
        Nothing else can happen in between, so that one step will do.
    """

    program: Program
    op: Op
    process: str
    phase: int
    alone: bool

    @property
    def where(self) -> tuple[str, str]:
        """Process and page that the statement is about."""
        page = self.op.page
        return (page.process, page.page) if page else (self.process, "")


Step = tuple[World, bool]
"""What comes after, and whether the statement is done."""


def is_neutral(op: Op) -> bool:
    """Tell an operation that changes no value, whatever the kernel does for it.

    Parameters
    ----------
    op : Op
        Any.

    Returns
    -------
    bool
        False if it may.
    """
    return op.verb in NEUTRAL or (op.verb == "madvise" and op.words[0] in NEUTRAL_ADVICE)


def steps(world: World, turn: Turn) -> list[Step]:
    """Return what may come next when an actor moves.

    Parameters
    ----------
    world : World
        The memory now; it stays as it is.
    turn : Turn
        The statement.

    Returns
    -------
    list of Step
        Empty: it has to wait.
    """
    if turn.process and turn.process not in world.born:
        return [(world, True)] if turn.process in world.gone else []
    op = turn.op
    if op.verb in _NOT_WHILE_FORKING and _fork_of_other(world, turn):
        return []
    if op.verb == "fork":
        return _fork(world, turn)
    new = world.copy()
    if op.verb in ("process_vm_writev", "ptrace_write"):
        return [(new, _write_other(new, turn))]
    if not is_neutral(op):
        _AT_ONCE[op.verb](new, turn)
    return [(new, True)]


def _fork_of_other(world: World, turn: Turn) -> bool:
    """Tell whether another thread of the process holds its mmap_lock in a fork."""
    return any(
        fork.parent == turn.process and actor != turn.op.actor
        for actor, fork in world.forking.items()
    )


def _give(world: World, turn: Turn, values: frozenset[int]) -> None:
    """Set the statement's register."""
    assert turn.op.register is not None
    world.registers[turn.op.actor, turn.op.register] = values


def _slot(op: Op) -> int:
    assert op.slot is not None
    return op.slot


def _value(op: Op) -> int:
    assert op.value is not None
    return op.value


def _handle(op: Op) -> str:
    assert op.handle is not None
    return op.handle


def _write(world: World, turn: Turn) -> None:
    sure = "store" not in turn.program.faults
    world.store(*turn.where, _slot(turn.op), _value(turn.op), sure=sure)


def _read(world: World, turn: Turn) -> None:
    process, page = turn.where
    values = world.load(process, page, _slot(turn.op), forced=turn.op.verb == "ptrace_read")
    if process not in world.born and process not in world.gone:
        values = ANY  # nobody promises what there is before the process is
    if values != FAULT:
        values = turn.program.loaded(page, _slot(turn.op), values)
    _give(world, turn, values)


def _see(world: World, turn: Turn) -> None:
    """``pipe_read`` and ``dma_out``: read through a reference."""
    handle = _handle(turn.op)
    _give(world, turn, seen(world, turn.program, handle, _slot(turn.op)))


def seen(world: World, program: Program, handle: str, slot: int) -> frozenset[int]:
    """Return what a reference may see, with what strays there if isolation may fail.

    Parameters
    ----------
    world : World
        The memory now.
    program : Program
        It says of which page the reference is.
    handle : str
        Its name.
    slot : int
        0 or 1.

    Returns
    -------
    Values
        ANY if nobody holds it.
    """
    made = (op.page for op in program.litmus.ops() if op.handle == handle and op.page)
    page = next(made, None)
    values = world.seen(handle, slot)
    return program.loaded(page.page, slot, values) if page else values


def _dma_in(world: World, turn: Turn) -> None:
    world.device_writes(_handle(turn.op), _slot(turn.op), _value(turn.op))


def _drop(world: World, turn: Turn) -> None:
    world.refs.pop(_handle(turn.op), None)


def _leave(world: World, process: str) -> None:
    """Take all memory from a process."""
    for owner, page in list(world.memory):
        if owner == process:
            world.unmap(owner, page)


def _exit(world: World, turn: Turn) -> None:
    _leave(world, turn.process)
    world.born -= {turn.process}
    world.gone |= {turn.process}


def _exec(world: World, turn: Turn) -> None:
    _leave(world, turn.process)


def _munmap(world: World, turn: Turn) -> None:
    world.unmap(*turn.where)


def _mprotect(world: World, turn: Turn) -> None:
    mapped = world.memory.get(turn.where)
    if mapped is not None:
        world.memory[turn.where] = replace(mapped, protection=turn.op.words[0])


def _madvise(world: World, turn: Turn) -> None:
    mapped = world.memory.get(turn.where)
    if mapped is None:
        return
    advice = turn.op.words[0]
    kind = turn.program.page(turn.where[1]).kind
    if advice in ("DONTFORK", "DOFORK"):
        world.memory[turn.where] = replace(mapped, forked=advice == "DOFORK")
    elif advice == "WIPEONFORK" and kind not in (*ON_A_FILE, "hugetlb"):
        world.memory[turn.where] = replace(mapped, wiped=True)  # others: EINVAL
    elif advice == "DONTNEED":
        _dontneed(world, turn, mapped, kind)


def _dontneed(world: World, turn: Turn, mapped: Mapped, kind: str) -> None:
    """Forget what a process has behind a page; hugetlb pages only do from 5.18 on."""
    content = turn.program.behind(turn.where[1])
    if kind != "hugetlb":
        world.memory[turn.where] = replace(mapped, cell=world.new_cell(Cell(content, anon=False)))
        return
    for handle in world.handles_of(mapped.cell):
        world.loosen(handle)
    cell = world.cells[mapped.cell]
    low, high = cell.content
    world.cells[mapped.cell] = replace(
        cell, content=(low | content[0], high | content[1]), anon=False
    )


def _coherence(turn: Turn, *, anon: bool, writes: bool) -> Coherence:
    """Return what a new reference is promised."""
    program, op = turn.program, turn.op
    promise = program.promise
    if not writes:
        if op.verb != "pin" or "longterm" not in op.words or "I2r" in program.faults:
            return "none"
        return promise.pin_read if anon else promise.pin_read_file
    if "I2w" in program.faults:
        return "none"
    by_verb = {
        "pin": promise.pin_write,
        "odirect_read_begin": promise.odirect,
        "process_vm_writev": promise.process_vm,
    }
    return by_verb.get(op.verb, promise.get_write)


def _take(world: World, turn: Turn) -> None:
    writes = turn.op.verb == "odirect_read_begin" or "write" in turn.op.words
    _hold(world, turn, _handle(turn.op), writes=writes, forced=False)


def _hold(world: World, turn: Turn, handle: str, *, writes: bool, forced: bool) -> None:
    """Take a reference, if the mapping allows that."""
    mapped = world.memory.get(turn.where)
    allowed = ("rw",) if writes else ("r", "rw")
    if mapped is None or not (forced or mapped.protection in allowed):
        return
    cell = world.cells[mapped.cell]
    coherence = _coherence(turn, anon=cell.anon, writes=writes)
    pinned = turn.op.verb in ("pin", "process_vm_writev")
    ref = Ref(turn.where[0], mapped.cell, writes, pinned, coherence, cell.content, cell.devices)
    world.take(handle, ref)


def _write_other(world: World, turn: Turn) -> bool:
    """Do half of a write into another process's memory, or all of it, and say which."""
    handle = f"~{turn.op.actor}"
    if handle not in world.refs:
        forced = turn.op.verb == "ptrace_write"
        _hold(world, turn, handle, writes=True, forced=forced)
        if handle in world.refs and not turn.alone:
            return False
    world.device_writes(handle, _slot(turn.op), _value(turn.op))
    world.refs.pop(handle, None)
    return True


def _fork(world: World, turn: Turn) -> list[Step]:
    """Begin a fork, copy one more page, or end it."""
    actor, child = turn.op.actor, turn.op.process
    assert child is not None
    begun = world.forking.get(actor)
    if begun is None:
        pages = {p for (q, p), m in world.memory.items() if q == turn.process and m.forked}
        late = frozenset() if turn.alone else turn.program.late_pages(turn.op, turn.phase) & pages
        first = world.copy()
        first.forking[actor] = Forking(turn.process, child, late)
        for page in sorted(pages):
            _loosen_at_fork(first, turn.process, page)
        worlds = [first]
        for page in sorted(pages - late):
            worlds = [new for one in worlds for new in _copy_page(one, turn, child, page)]
    elif not begun.left:
        return [_end_fork(world.copy(), actor, child)]
    else:
        worlds = []
        for page in sorted(begun.left):
            first = world.copy()
            first.forking[actor] = replace(begun, left=begun.left - {page})
            worlds += _copy_page(first, turn, child, page)
        return [(new, False) for new in worlds]  # it lasts: a pin may come in between
    if late:
        return [(new, False) for new in worlds]
    return [_end_fork(new, actor, child) for new in worlds]


def _loosen_at_fork(world: World, parent: str, page: str) -> None:
    """End the promises that hold only until the owner forks."""
    for handle in world.handles_of(world.memory[parent, page].cell):
        if world.refs[handle].coherence == "unless_forked":
            world.loosen(handle)


def _copy_page(world: World, turn: Turn, child: str, page: str) -> list[World]:
    """Give the child its own memory behind one page; what comes of it, one way or two."""
    mapped = world.memory[turn.process, page]
    cell = world.cells[mapped.cell]
    promise = turn.program.promise
    refs = {handle: world.refs[handle] for handle in world.handles_of(mapped.cell)}
    home = promise.pins_stay_home
    devices = {name for name, ref in refs.items() if ref.writes and not (home and ref.pinned)}
    copy = Cell(cell.content, cell.devices | devices, cell.anon)
    if mapped.wiped:
        copy = Cell(_ZEROS, anon=False)
    ways = []
    if promise.fork_may_skip:
        ways.append(world.copy())
    world.memory[child, page] = replace(mapped, cell=world.new_cell(copy))
    return [world, *ways]


def _end_fork(world: World, actor: str, child: str) -> Step:
    """Let the child live once it has all its pages."""
    del world.forking[actor]
    world.born |= {child}
    return world, True


_AT_ONCE: dict[str, Callable[[World, Turn], None]] = {
    "write": _write,
    "read": _read,
    "process_vm_readv": _read,
    "ptrace_read": _read,
    "pipe_read": _see,
    "dma_out": _see,
    "dma_in": _dma_in,
    "exit": _exit,
    "exec": _exec,
    "munmap": _munmap,
    "mprotect": _mprotect,
    "madvise": _madvise,
    "pin": _take,
    "get": _take,
    "vmsplice": _take,
    "odirect_read_begin": _take,
    "odirect_write_begin": _take,
    "unpin": _drop,
    "put": _drop,
    "odirect_end": _drop,
}
