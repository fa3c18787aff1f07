"""What of a scenario's condition a real kernel's report decides: true, false or unknown.

A program sees values, and (as root) which page lies where and some of its flags. Whether
an entry is writable, dirty or exclusive, who waited, what harm was done: no file of the
kernel tells, and a condition about these stays unknown unless the rest decides it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping

from threadkit.cow.litmus.syntax import (
    And,
    Compare,
    Formula,
    Not,
    Or,
    Predicate,
    is_kernel_actor,
)
from threadkit.cow.witness.plan import UPPER, Plan, held, living
from threadkit.cow.witness.report import Entry, Record

_OPERATORS: dict[str, Callable[[int, int], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_ANON, _SWAPCACHE, _HUGE, _KSM, _THP, _ZERO = 12, 13, 17, 21, 22, 24  # KPF_...
_HALF = 256  # small pages in half a huge page
_READS = ("read", "pipe_read", "process_vm_readv", "vmsplice")
_MOVES = ("munmap", "madvise", "exec", "exit", "ksm_unmerge", "mprotect")


def numbers(plan: Plan, record: Record) -> dict[str, int]:
    """Return what was seen, named as conditions name it.

    Parameters
    ----------
    plan : Plan
        What was performed.
    record : Record
        What was printed.

    Returns
    -------
    dict of str to int
        Registers in the order of their statements, memory, references, counters.
    """
    found = {
        f"{op.actor}:{op.register}": record.values[number]
        for number, op in enumerate(plan.litmus.ops())
        if op.register and number in record.values
    }
    found.update((name, value) for name, value in record.seen.items() if name != "uffd_events")
    if any(op.verb == "uffd_wp" for op in plan.litmus.ops()):
        found["uffd_events"] = record.seen.get("uffd_events", 0)
    copied = copies(plan, record)
    if copied is not None:
        found["copies"] = copied
    return found


def copies(plan: Plan, record: Record) -> int | None:
    """Count the pages that were copied, by the frames before and after each statement.

    Parameters
    ----------
    plan : Plan
        What was performed.
    record : Record
        With the entries before each statement.

    Returns
    -------
    int or None
        None: not recorded, or frames are hidden, or a page came from swap, where its
        frame before is unknown, or from the zero page, which is filled and not copied.
    """
    ops, total = plan.litmus.ops(), 0
    for position, number in enumerate(plan.order):
        before = _at(record, position)
        after = _at(record, position + 1)
        if not before:
            return None
        op = ops[number]
        if is_kernel_actor(op.actor) or op.verb in _MOVES:
            continue
        pairs = {name: (before[name], entry) for name, entry in after.items() if name in before}
        if op.verb == "fork" and op.process:
            parent = dict(plan.litmus.threads).get(op.actor, op.actor)
            pairs.update(
                (name, (before[name.replace(op.process, parent, 1)], entry))
                for name, entry in after.items()
                if name.startswith(f"{op.process}:")
            )
        moved = {name: _moved(*pair, reads=op.verb in _READS) for name, pair in pairs.items()}
        if None in moved.values():
            return None
        total += sum(bool(one) for one in moved.values())
        total -= sum(_is_whole(name, moved, after) for name in moved if name.endswith(UPPER))
    return total


def _is_whole(upper: str, moved: Mapping[str, bool | None], after: Mapping[str, Entry]) -> bool:
    """Tell whether both halves of a huge page were copied as one."""
    lower = upper.removesuffix(UPPER)
    apart = after[upper].frame - after[lower].frame
    return bool(moved[upper] and moved.get(lower)) and apart == _HALF


def _at(record: Record, position: int) -> dict[str, Entry]:
    prefix = f"{position}|"
    return {
        name.removeprefix(prefix): entry
        for name, entry in record.entries.items()
        if name.startswith(prefix)
    }


def _moved(old: Entry, new: Entry, *, reads: bool) -> bool | None:
    if not new.present or not (old.present or old.swapped):
        return False
    if reads and old.swapped:
        return False  # a read fault brings the page in and copies nothing
    if old.swapped or not old.frame or not new.frame:
        return None
    if old.frame != new.frame and old.flag(_ZERO):
        return None
    return old.frame != new.frame


def holds(formula: Formula, plan: Plan, record: Record) -> bool | None:
    """Tell whether a condition's formula holds in what was seen.

    Parameters
    ----------
    formula : Formula
        Of the scenario's condition.
    plan : Plan
        What was performed.
    record : Record
        What was printed.

    Returns
    -------
    bool or None
        None: a program cannot know.
    """
    return _holds(formula, plan, record, numbers(plan, record))


def _holds(formula: Formula, plan: Plan, record: Record, known: Mapping[str, int]) -> bool | None:
    if isinstance(formula, Not):
        inner = _holds(formula.part, plan, record, known)
        return None if inner is None else not inner
    if isinstance(formula, And | Or):
        deciding = isinstance(formula, Or)
        parts = [_holds(part, plan, record, known) for part in formula.parts]
        if deciding in parts:
            return deciding
        return None if None in parts else not deciding
    if isinstance(formula, Compare):
        value = known.get(seen_name(formula))
        return None if value is None else _OPERATORS[formula.operator](value, formula.value)
    return _predicate(formula, plan, record)


def seen_name(atom: Compare) -> str:
    """Return the name of the number that a comparison is about, as conditions write it."""
    names = ":".join(atom.seen.names)
    return names if atom.seen.slot is None else f"{names}[{atom.seen.slot}]"


def _predicate(atom: Predicate, plan: Plan, record: Record) -> bool | None:
    first = atom.arguments[0]
    if atom.name == "same":
        frames = [_frame(name, record) for name in atom.arguments]
        return None if None in frames else frames[0] == frames[1]
    if atom.name == "alive":
        return first in living(plan.litmus)
    if atom.name == "held":
        return any(op.handle == first for op in held(plan.litmus, plan.order))
    entry = record.entries.get(first)
    if entry is None:
        return None
    if atom.name == "mapped":
        return entry.present
    if atom.name == "swapped":
        return entry.swapped
    return _flags(atom.name, entry)


def _flags(name: str, entry: Entry) -> bool | None:
    if name == "huge":
        bits = [entry.flag(_HUGE), entry.flag(_THP)]
        return None if None in bits else any(bits)
    bit = {"ksm": _KSM, "anon": _ANON, "swapcache": _SWAPCACHE}.get(name)
    return None if bit is None else entry.flag(bit)


def _frame(name: str, record: Record) -> int | None:
    """Return the frame of a mapping or a reference; None if it is not known."""
    entry = record.entries.get(name)
    frame = entry.frame if entry else record.frames.get(name, 0)
    return frame or None
