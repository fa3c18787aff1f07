"""Ask a final state the scenario's question."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator

from threadkit.cow.explore.look import Look
from threadkit.cow.litmus.syntax import (
    SEGV,
    And,
    Compare,
    Formula,
    Not,
    Or,
    Predicate,
)
from threadkit.cow.views import FrameView, MappingView

ANON_KINDS = ("anon", "thp", "hugetlb")
"""Kinds of page that belong to processes alone; KSM's are shared on purpose."""

_COMPARE: dict[str, Callable[[int, int], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def holds(formula: Formula, look: Look) -> bool:
    r"""Tell whether a formula holds in a state.

    Parameters
    ----------
    formula : Formula
        Of a condition.
    look : Look
        The state, by the scenario's names.

    Returns
    -------
    bool
        See Notes for what does not exist.

    Raises
    ------
    UnknownName
        The formula names what the scenario does not have.

    Notes
    -----
    A number that does not exist (a register that was never set, what a put reference
    sees, memory of a dead process) makes every comparison false, ``!=`` too: a device
    that never read has missed nothing. So ``r0 != 3`` says less than ``~(r0 = 3)``.
    ``segv`` equals itself, differs from every number, and is in no order with them.
    """
    match formula:
        case Compare():
            return _compare(formula, look)
        case Predicate():
            return PREDICATES[formula.name](look, *formula.arguments)
        case Not():
            return not holds(formula.part, look)
        case And():
            return all(holds(part, look) for part in formula.parts)
        case Or():
            return any(holds(part, look) for part in formula.parts)


def atoms(formula: Formula) -> Iterator[Compare | Predicate]:
    """Yield what a formula is made of.

    Parameters
    ----------
    formula : Formula
        Of a condition.

    Yields
    ------
    Compare or Predicate
        From left to right, repeated ones too.
    """
    match formula:
        case Not():
            yield from atoms(formula.part)
        case And() | Or():
            for part in formula.parts:
                yield from atoms(part)
        case _:
            yield formula


def _compare(atom: Compare, look: Look) -> bool:
    number = look.number(atom.seen)
    if number is None:
        return False
    faults = atom.seen.kind != "counter" and SEGV in (number, atom.value)
    if faults and atom.operator not in ("=", "!="):
        return False
    return _COMPARE[atom.operator](number, atom.value)


def _same(look: Look, one: str, other: str) -> bool:
    left, right = look.pages(one), look.pages(other)
    return bool(left) and left == right


def _entries(look: Look, name: str, test: Callable[[MappingView], bool]) -> bool:
    """Tell whether a page has entries and all of them pass."""
    actor, _, page = name.partition(":")
    entries = look.mappings(actor, page)
    return bool(entries) and all(test(entry) for entry in entries)


def _frames(look: Look, name: str, test: Callable[[FrameView], bool]) -> bool:
    """Tell whether there is a page behind a name and all of it passes."""
    frames = look.pages(name)
    return bool(frames) and all(test(frame) for frame in frames)


def _present(look: Look, name: str) -> bool:
    return _entries(look, name, lambda entry: entry.state == "present")


def _swapped(look: Look, name: str) -> bool:
    return _entries(look, name, lambda entry: entry.state == "swap")


def _writable(look: Look, name: str) -> bool:
    return _entries(look, name, lambda entry: entry.writable)


def _dirty(look: Look, name: str) -> bool:
    return _entries(look, name, lambda entry: entry.dirty)


def _huge(look: Look, name: str) -> bool:
    return _entries(look, name, lambda entry: entry.huge)


def _exclusive(look: Look, name: str) -> bool:
    if ":" in name:
        return _entries(look, name, lambda entry: _marked(look, entry))
    return _frames(look, name, lambda frame: frame.exclusive_at(None))


def _marked(look: Look, entry: MappingView) -> bool:
    """Tell whether what an entry maps is exclusive: each half of a huge page is marked."""
    if entry.state != "present" or entry.frame is None:
        return False
    return look.frames[entry.frame].exclusive_at(entry.half)


def _ksm(look: Look, name: str) -> bool:
    return _frames(look, name, lambda frame: frame.kind == "ksm")


def _anon(look: Look, name: str) -> bool:
    return _frames(look, name, lambda frame: frame.kind in ANON_KINDS)


def _swapcache(look: Look, name: str) -> bool:
    return _frames(look, name, lambda frame: frame.swapcache)


def _held(look: Look, name: str) -> bool:
    return look.held(name)


def _alive(look: Look, name: str) -> bool:
    return look.alive(name)


def _harm(look: Look, name: str) -> bool:
    return any(kind == name for kind, _ in look.view.harms)


PREDICATES: dict[str, Callable[..., bool]] = {
    "same": _same,
    "mapped": _present,
    "swapped": _swapped,
    "writable": _writable,
    "dirty": _dirty,
    "huge": _huge,
    "exclusive": _exclusive,
    "ksm": _ksm,
    "anon": _anon,
    "swapcache": _swapcache,
    "held": _held,
    "alive": _alive,
    "harm": _harm,
}
"""Every predicate of the language."""
