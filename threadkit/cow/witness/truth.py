"""What of a scenario's condition a real kernel's report decides: true, false or unknown.

A program sees values, and (as root) which page lies where and some of its flags. Whether
an entry is writable, dirty or exclusive, who waited, what harm was done: no file of the
kernel tells, and a condition about these stays unknown unless the rest decides it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from threadkit.cow.explore.conditions import holds as holds_in_state
from threadkit.cow.explore.look import Look
from threadkit.cow.litmus.syntax import (
    SEGV,
    And,
    Formula,
    Not,
    Or,
    Predicate,
    Seen,
    is_kernel_actor,
)
from threadkit.cow.views import StateView
from threadkit.cow.witness.plan import UPPER, Plan, held, living, performed
from threadkit.cow.witness.report import Entry, Record

_NOTHING = StateView((), (), (), (), (), (), ())
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

    Notes
    -----
    What does not exist (a register that no statement set, memory of a process that is
    gone, a reference that is not held) is told from what is unknown, as the model tells it:
    :func:`threadkit.cow.explore.conditions.holds`.
    """
    return _holds(formula, _Ending(plan, record))


class _Ending(Look):
    """The end of a performance, asked as a state of the model is, as far as it is known."""

    def __init__(self, plan: Plan, record: Record) -> None:
        super().__init__(plan.litmus, _NOTHING)
        self.record = record
        self.numbers = numbers(plan, record)
        self.homes = dict(plan.litmus.threads)
        self.living = living(plan.litmus, plan.order)
        ops = plan.litmus.ops()
        done = [ops[number] for number in performed(plan.litmus, plan.order)]
        self.set = {(op.actor, op.register) for op in done if op.register}
        self.taken = {
            str(op.handle): record.values.get(ops.index(op)) for op in held(plan.litmus, plan.order)
        }

    def number(self, seen: Seen) -> int | None:
        """Return a number; None where there is none, or nobody saw it."""
        first, *rest = seen.names
        if seen.kind == "memory":
            first = self.homes.get(first, first)
        names = ":".join((first, *rest))
        return self.numbers.get(names if seen.slot is None else f"{names}[{seen.slot}]")

    def lacks(self, seen: Seen) -> bool:
        """Tell whether there is no such number, rather than that nobody saw it."""
        if seen.kind == "register":
            return (seen.names[0], seen.names[1]) not in self.set
        if seen.kind == "memory":
            return self.homes.get(seen.names[0], seen.names[0]) not in self.living
        return seen.kind == "reference" and self.is_held(seen.names[0]) is False

    def is_held(self, handle: str) -> bool | None:
        """Tell whether a reference was taken, and not given back."""
        value = self.taken.get(handle, SEGV)
        return None if value is None else value != SEGV

    def is_alive(self, actor: str) -> bool:
        """Tell whether a process, or the process of a thread, is there."""
        return self.homes.get(actor, actor) in self.living

    def entries(self, name: str) -> tuple[Entry, ...] | None:
        """Return both halves of a huge page, a small page's entry; none of what is gone."""
        actor, _, page = name.partition(":")
        if not self.is_alive(actor):
            return ()
        home = f"{self.homes.get(actor, actor)}:{page}"
        found = (self.record.entries.get(home), self.record.entries.get(home + UPPER))
        return tuple(one for one in found if one) if found[0] else None

    def where(self, name: str) -> tuple[int, ...] | None:
        """Return the frames of the lower and the upper half; none if nothing is there."""
        if ":" not in name:
            return self._behind(name)
        entries = self.entries(name)
        if entries is None or any(one.swapped for one in entries):
            return None
        if not any(one.present for one in entries):
            return ()
        frames = tuple(one.frame for one in entries)
        return None if 0 in frames else frames * (2 // len(frames))

    def _behind(self, handle: str) -> tuple[int, ...] | None:
        if (there := self.is_held(handle)) is not True:
            return None if there is None else ()
        frame = self.record.frames.get(handle, 0)
        taken = next(op.page for op in self.litmus.ops() if op.handle == handle and op.page)
        kind = next(page.kind for page in self.litmus.pages if page.name == taken.page)
        upper = _HALF if kind in ("thp", "hugetlb") else 0
        return (frame, frame + upper) if frame else None


def _holds(formula: Formula, end: _Ending) -> bool | None:
    if isinstance(formula, Not):
        inner = _holds(formula.part, end)
        return None if inner is None else not inner
    if isinstance(formula, And | Or):
        deciding = isinstance(formula, Or)
        parts = [_holds(part, end) for part in formula.parts]
        if deciding in parts:
            return deciding
        return None if None in parts else not deciding
    if isinstance(formula, Predicate):
        return _predicate(formula, end)
    if end.number(formula.seen) is None and not end.lacks(formula.seen):
        return None
    return holds_in_state(formula, end)


def _predicate(atom: Predicate, end: _Ending) -> bool | None:
    first = atom.arguments[0]
    match atom.name:
        case "same":
            left, right = (end.where(name) for name in atom.arguments)
            if () in (left, right):
                return False
            return None if None in (left, right) else left == right
        case "alive":
            return end.is_alive(first)
        case "held":
            return end.is_held(first)
        case "harm":
            return None
    if ":" not in first:
        return False if end.is_held(first) is False else None
    entries = end.entries(first)
    if entries is None:
        return None
    return _all(_passes(atom.name, entry) for entry in entries) if entries else False


def _all(answers: Iterable[bool | None]) -> bool | None:
    known = list(answers)
    if False in known:
        return False
    return None if None in known else True


def _passes(name: str, entry: Entry) -> bool | None:
    """Tell whether an entry, or the page behind it, passes a predicate."""
    if name == "mapped":
        return entry.present
    if name == "swapped":
        return entry.swapped
    if not entry.present:
        # What is out on the swap device is no page of any kind.
        return None if entry.swapped and name not in ("anon", "ksm", "huge") else False
    if name == "huge":
        # Of a transparent huge page, its flags do not tell whether one entry maps it.
        return True if entry.flag(_HUGE) else None if entry.flag(_THP) else entry.flag(_THP)
    if name == "anon":
        return _all((entry.flag(_ANON), _not(entry.flag(_KSM))))
    bit = {"ksm": _KSM, "swapcache": _SWAPCACHE}.get(name)
    return None if bit is None else entry.flag(bit)


def _not(answer: bool | None) -> bool | None:
    return None if answer is None else not answer
