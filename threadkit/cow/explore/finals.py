"""Final states, as far as anybody can tell them apart."""

from __future__ import annotations

import string
from collections.abc import Iterator
from dataclasses import dataclass

from threadkit.cow.explore.conditions import atoms, holds
from threadkit.cow.explore.look import Look
from threadkit.cow.explore.search import Exploration
from threadkit.cow.litmus.syntax import SEGV, Compare, Litmus, Predicate
from threadkit.cow.outcome import FinalState
from threadkit.cow.views import FrameView, MappingView

GONE = "gone"
"""What stands for a process that has ended, or never began."""


EXCLUSIVE = " exclusive"
"""Said of a page that has PageAnonExclusive."""
STUCK = ("stuck", "yes")
"""Listed where an actor waits for ever."""


@dataclass(frozen=True, slots=True)
class Finals:
    """All final states of an exploration, put together.

    Attributes
    ----------
    states : tuple of FinalState
        Distinct ones, ordered by their values.
    nearest : tuple of int
        For each, the number of the nearest state that shows it.
    costs : tuple of (str, int, int)
        Counter, least and most over all final states.
    marks : tuple of (str, str, bool)
        Kind of harm, invariant, and whether every final state has it.
    """

    states: tuple[FinalState, ...]
    nearest: tuple[int, ...]
    costs: tuple[tuple[str, int, int], ...]
    marks: tuple[tuple[str, str, bool], ...]


def gather(litmus: Litmus, found: Exploration) -> Finals:
    """Tell final states apart by what can be observed, and ask each the question.

    Parameters
    ----------
    litmus : Litmus
        The scenario.
    found : Exploration
        Of a machine that runs it.

    Returns
    -------
    Finals
        States that differ only in what nobody can see are one.

    Notes
    -----
    Counted are registers, memory, what references see, which pages are one and the bits
    of mappings; counters, harm and the dirty bit only if the condition asks for them.
    Costs and marks of harm are those of all final states, so they do not depend on it.
    """
    rows: dict[tuple[tuple[tuple[str, str], ...], bool], tuple[int, set[str]]] = {}
    costs: dict[str, tuple[int, int]] = {}
    marks: dict[tuple[str, str], int] = {}
    for number in found.finals:
        view = found.machine.view(found.states[number])
        look = Look(litmus, view)
        seen = values(look)
        if number in found.stuck:
            seen = (*seen, STUCK)
        key = seen, holds(litmus.condition.formula, look)
        rows.setdefault(key, (number, set()))[1].update(kind for kind, _ in view.harms)
        for name, count in view.counters:
            least, most = costs.get(name, (count, count))
            costs[name] = min(least, count), max(most, count)
        for mark in view.harms:
            marks[mark] = marks.get(mark, 0) + 1
    order = sorted(rows)
    states = (FinalState(*key, tuple(sorted(rows[key][1]))) for key in order)
    return Finals(
        tuple(states),
        tuple(rows[key][0] for key in order),
        tuple((name, *ends) for name, ends in costs.items()),
        tuple((*mark, times == len(found.finals)) for mark, times in sorted(marks.items())),
    )


def values(look: Look) -> tuple[tuple[str, str], ...]:
    """Return what one can observe in a final state.

    Parameters
    ----------
    look : Look
        The state, by the scenario's names.

    Returns
    -------
    tuple of (str, str)
        Names as the condition language writes them, in the scenario's order. A page is a
        letter, given in the order of this list, so that two states with the same sharing
        look the same however their pages came to be.
    """
    letters: dict[str, str] = {}
    return (
        *_registers(look),
        *_memory(look, letters),
        *_references(look, letters),
        *_asked(look),
    )


def comparable(final: FinalState) -> tuple[tuple[str, str], ...]:
    """Return a final state's values as two kernels can be compared by.

    Parameters
    ----------
    final : FinalState
        Of any era.

    Returns
    -------
    tuple of (str, str)
        Without PageAnonExclusive, which only later kernels keep, for themselves.

    Examples
    --------
    >>> comparable(FinalState((("parent:x", "A anon exclusive rw"),), True, ()))
    (('parent:x', 'A anon rw'),)
    """
    return tuple((name, value.replace(EXCLUSIVE, "")) for name, value in final.values)


def _registers(look: Look) -> Iterator[tuple[str, str]]:
    have = {(actor, name): value for actor, name, value in look.view.registers}
    for op in look.litmus.ops():
        # A register may be set twice: it is listed where it is set first.
        if op.register is not None and (op.actor, op.register) in have:
            yield f"{op.actor}:{op.register}", _number(have.pop((op.actor, op.register)))


def _memory(look: Look, letters: dict[str, str]) -> Iterator[tuple[str, str]]:
    for process in look.view.processes:
        if process.state != "alive":
            yield process.name, GONE
            continue
        for page in look.litmus.pages:
            name = f"{process.name}:{page.name}"
            entries = look.mappings(process.name, page.name)
            for slot in (0, 1):
                yield f"{name}[{slot}]", _number(look.memory(process.name, page.name, slot))
            yield name, ", ".join(_entry(entry, look, letters) for entry in entries) or "unmapped"


def _references(look: Look, letters: dict[str, str]) -> Iterator[tuple[str, str]]:
    for reference in look.view.references:
        for slot in (0, 1):
            number = look.held_content(reference.name, slot)
            yield f"{reference.name}[{slot}]", _number(number)
        frames = [reference.frame, *([reference.upper] if reference.upper else [])]
        yield reference.name, ", ".join(_frame(look.frames[one], letters, None) for one in frames)


def _asked(look: Look) -> Iterator[tuple[str, str]]:
    """Yield what is listed only because the condition asks for it."""
    seen: set[str] = set()
    for atom in atoms(look.litmus.condition.formula):
        if isinstance(atom, Compare) and atom.seen.kind == "counter":
            name, value = atom.seen.names[0], str(look.number(atom.seen))
        elif isinstance(atom, Predicate) and atom.name in ("harm", "dirty"):
            name = f"{atom.name}({', '.join(atom.arguments)})"
            value = "yes" if holds(atom, look) else "no"
        else:
            continue
        if name not in seen:
            seen.add(name)
            yield name, value


def _number(number: int | None) -> str:
    return "segv" if number == SEGV else str(number)


def _entry(entry: MappingView, look: Look, letters: dict[str, str]) -> str:
    if entry.frame is None:
        return "none"
    words = [_frame(look.frames[entry.frame], letters, entry.half)]
    if entry.state == "present":
        words.append("rw" if entry.writable else "ro")
    if entry.huge:
        words.append("huge")
    return " ".join(words)


def _frame(frame: FrameView, letters: dict[str, str], half: int | None) -> str:
    letter = letters.setdefault(frame.name, _letter(len(letters)))
    exclusive = EXCLUSIVE if frame.exclusive_at(half) else ""
    swapcache = " swapcache" if frame.swapcache else ""
    return f"{letter} {frame.kind}{exclusive}{swapcache}"


def _letter(number: int) -> str:
    """Return A to Z, then A1, B1..."""
    again, letter = divmod(number, len(string.ascii_uppercase))
    return string.ascii_uppercase[letter] + (str(again) if again else "")
