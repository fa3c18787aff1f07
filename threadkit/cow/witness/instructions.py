"""One statement of a scenario as one instruction of the witness's program.

An instruction names an actor, a verb and ``field=value`` pairs; the program knows no
litmus language. What no program can do at will (take the page lock, hold a speculative
reference) has no instruction, and says so.
"""

from __future__ import annotations

from collections.abc import Iterable

from threadkit.cow.litmus.syntax import Litmus, Op, Page, is_kernel_actor
from threadkit.cow.witness.problems import WitnessError

TAKES = ("pin", "get", "vmsplice", "odirect_read_begin", "odirect_write_begin")
"""Statements that take a reference."""

_GIVES_BACK = ("unpin", "put", "odirect_end")
_GUP_WRITE, _GUP_FAST = 1, 2  # PIN_LONGTERM_TEST_FLAG_USE_... of mm/gup_test.h
_CANNOT = {
    "lock": "no system call holds the page lock",
    "unlock": "no system call holds the page lock",
    "get_page": "no system call holds a speculative reference",
    "put_page": "no system call holds a speculative reference",
}
_WORDS_CANNOT = {
    "clean": "a page cannot be made clean at will",
    "lru_pending": "a reference of a per-CPU list cannot be kept",
}


class CannotWitness(WitnessError):
    """A scenario that no program can perform.

    Parameters
    ----------
    name : str
        Of the scenario.
    why : str
        What of it cannot be done.
    """

    def __init__(self, name: str, why: str) -> None:
        self.name = name
        self.why = why
        super().__init__(f"{name}: {why}")


def holder(op: Op) -> str:
    """Return what holds the reference that a statement takes.

    Parameters
    ----------
    op : Op
        One that takes a reference.

    Returns
    -------
    str
        ``ring``: a fixed buffer of io_uring, a longterm pin for writing. ``pipe``: a plain
        reference for reading. ``gup``: the kernel's gup_test. ``direct``,
        ``direct_write``: a read from a block device, or a write to it, that waits.
        ``plain_direct``: the same read, on kernels where it takes a plain reference.

    Examples
    --------
    >>> holder(Op("parent", "pin", handle="p", words=("write", "longterm")))
    'ring'
    >>> holder(Op("parent", "pin", handle="p")), holder(Op("child", "vmsplice", handle="v"))
    ('gup', 'pipe')
    """
    write = "write" in op.words
    if op.verb == "pin":
        return "ring" if write and "fast" not in op.words else "gup"
    if op.verb.startswith("odirect"):
        return "direct" if op.verb == "odirect_read_begin" else "direct_write"
    return "plain_direct" if write else "pipe"


def obstacle(litmus: Litmus) -> str:
    """Return why no program can perform a scenario; empty if one can.

    Parameters
    ----------
    litmus : Litmus
        Any.
    """
    for page in litmus.pages:
        for word in page.words:
            if word in _WORDS_CANNOT:
                return _WORDS_CANNOT[word]
    for op in litmus.ops():
        if op.verb in _CANNOT:
            return _CANNOT[op.verb]
        if op.verb == "get" and "write" in op.words and op.times > 1:
            return "many plain references for writing cannot be kept"
    return ""


def declarations(litmus: Litmus) -> list[str]:
    """Return the instructions that make the initial state.

    Parameters
    ----------
    litmus : Litmus
        Its actors, pages and references are declared, the roots of processes started.

    Returns
    -------
    list of str
        In order; ``setup`` is the last.

    Raises
    ------
    CannotWitness
        More references are taken by one name.
    """
    roots = ["parent", *litmus.processes]
    lines = [f"actor {name} process {name}" for name in roots]
    for op in litmus.ops():
        if op.verb == "fork":
            lines.append(f"actor {op.process} process unborn")
    lines += [f"actor {name} thread {home}" for name, home in litmus.threads]
    lines += [_page(page) for page in litmus.pages]
    seen: set[str] = set()
    for op in litmus.ops():
        if op.verb in TAKES:
            if op.handle in seen:
                raise CannotWitness(litmus.name, f"reference {op.handle} is taken twice")
            seen.add(str(op.handle))
            lines.append(f"handle {op.handle} {holder(op)} {_name(op)}")
    return [*lines, "setup"]


def _page(page: Page) -> str:
    access = "rw" if page.writable else "ro"
    words = " ".join((page.name, page.kind, access, *map(str, page.content), *page.words))
    return f"page {words}"


def _name(op: Op) -> str:
    return op.page.page if op.page else ""


def instruction(index: int, op: Op, litmus: Litmus) -> str:
    """Write one statement as an instruction.

    Parameters
    ----------
    index : int
        Number of the statement; the report repeats it.
    op : Op
        The statement.
    litmus : Litmus
        The scenario, for what a later statement does to a reference.

    Examples
    --------
    >>> from threadkit.cow.litmus.syntax import PageName
    >>> write = Op("parent", "write", PageName("parent", "x"), slot=1, value=3)
    >>> instruction(4, write, None)
    'op 4 parent write page=x slot=1 value=3'
    """
    return " ".join((f"op {index} {op.actor}", _verb(op), *_fields(op, litmus)))


def _verb(op: Op) -> str:
    if op.verb in TAKES:
        return "take"
    if op.verb in _GIVES_BACK:
        return "release"
    return {"pipe_read": "pipe_look", "ksm_unmerge": "madvise"}.get(op.verb, op.verb)


def _fields(op: Op, litmus: Litmus) -> Iterable[str]:
    by_kernel = is_kernel_actor(op.actor)
    remote = op.verb.startswith(("process_vm", "ptrace"))
    if op.handle:
        yield f"handle={op.handle}"
    if op.page:
        yield f"page={op.page.page}"
    if op.page and (by_kernel or remote):
        yield f"process={op.page.process}"
    if op.other:
        yield f"other={op.other.page} other_process={op.other.process}"
    if op.process:
        yield f"process={op.process}"
    direct = op.verb in TAKES and holder(op).endswith(("direct", "direct_write"))
    slot = _sector(op, litmus) if direct else op.slot
    if slot is not None:
        yield f"slot={slot}"
    if op.value is not None:
        yield f"value={op.value}"
    if op.times > 1:
        yield f"times={op.times}"
    if op.verb == "pin" and holder(op) == "gup":
        flags = _GUP_WRITE * ("write" in op.words) + _GUP_FAST * ("fast" in op.words)
        yield f"flags={flags}"
    if op.verb in ("mprotect", "madvise"):
        yield f"word={' '.join(op.words)}"
    if op.verb == "ksm_unmerge":
        yield "word=UNMERGEABLE"


def _sector(begin: Op, litmus: Litmus) -> int:
    """Return the slot that direct I/O is for: the one that the device reads or writes."""
    transfers = ("dma_in", "dma_out")
    slots = {op.slot for op in litmus.ops() if op.verb in transfers and op.handle == begin.handle}
    if len(slots) > 1:
        raise CannotWitness(litmus.name, "direct I/O is of one slot here")
    return next(iter(slots), None) or 0
