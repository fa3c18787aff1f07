"""From a scenario to a plan: the order of its statements, and what to look at in the end.

A real kernel takes one way. A scenario whose statements have one order is performed in
it and observed once. Where few orders are possible, each is performed and the outcomes
are a *sample*: the interleavings inside the kernel are not ours to choose. Else the
scenario is left out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from threadkit.cow.explore.conditions import atoms
from threadkit.cow.litmus.syntax import Compare, Litmus, Op, Phase, is_kernel_actor
from threadkit.cow.witness.instructions import (
    TAKES,
    CannotWitness,
    declarations,
    holder,
    instruction,
    obstacle,
)

MOST_ORDERS = 6
SECONDS = 10
"""After these a scenario that hangs is ended."""

UPPER = "'"
"""After a page's name: the upper half of a huge page, whose entry may be its own."""

_MOST_ACTORS, _MOST_PAGES, _MOST_HANDLES = 12, 8, 12  # as in program/witness.h


@dataclass(frozen=True, slots=True)
class Plan:
    """One performance of a scenario.

    Attributes
    ----------
    name : str
        The scenario's name, ``NAME/K`` for the K-th of several orders.
    litmus : Litmus
        The scenario.
    order : tuple of int
        Numbers of its statements in the order of their performance.
    sampled : bool
        Other orders are possible.
    lines : tuple of str
        Instructions of the program, from ``scenario`` to ``end``.
    """

    name: str
    litmus: Litmus
    order: tuple[int, ...]
    sampled: bool
    lines: tuple[str, ...]

    @property
    def digest(self) -> str:
        """Twelve hexadecimal digits of what is performed and asked; notes do not count."""
        asked = repr(self.litmus.condition.formula)
        return hashlib.sha256("\n".join((*self.lines, asked)).encode()).hexdigest()[:12]


def orders(litmus: Litmus) -> Iterator[tuple[int, ...]]:
    """Yield the orders of a scenario's statements that its edges allow.

    Parameters
    ----------
    litmus : Litmus
        Any.

    Yields
    ------
    tuple of int
        Numbers as in ``litmus.ops()``.
    """
    ops = litmus.ops()
    labels = {op.label: number for number, op in enumerate(ops) if op.label}
    yield from _phases(litmus.phases, 0, ops, labels, ())


def _phases(
    phases: tuple[Phase, ...],
    first: int,
    ops: tuple[Op, ...],
    labels: dict[str, int],
    done: tuple[int, ...],
) -> Iterator[tuple[int, ...]]:
    if not phases:
        yield done
        return
    columns = []
    for column in phases[0].columns:
        columns.append(tuple(range(first, first + len(column))))
        first += len(column)
    for order in _merge(tuple(columns), ops, labels, done):
        yield from _phases(phases[1:], first, ops, labels, order)


def _merge(
    columns: tuple[tuple[int, ...], ...],
    ops: tuple[Op, ...],
    labels: dict[str, int],
    done: tuple[int, ...],
) -> Iterator[tuple[int, ...]]:
    if not any(columns):
        yield done
        return
    for which, column in enumerate(columns):
        if column and all(labels[label] in done for label in ops[column[0]].after):
            rest = (*columns[:which], column[1:], *columns[which + 1 :])
            yield from _merge(rest, ops, labels, (*done, column[0]))


def plans(litmus: Litmus) -> list[Plan]:
    """Return the performances of a scenario.

    Parameters
    ----------
    litmus : Litmus
        Any.

    Returns
    -------
    list of Plan
        One where its statements have one order, else up to :data:`MOST_ORDERS`.

    Raises
    ------
    CannotWitness
        No program can perform it, or its statements have too many orders.
    """
    if why := obstacle(litmus) or _too_large(litmus):
        raise CannotWitness(litmus.name, why)
    found = list(islice(orders(litmus), MOST_ORDERS + 1))
    if len(found) > MOST_ORDERS:
        why = f"interleaves: its statements have more than {MOST_ORDERS} orders"
        raise CannotWitness(litmus.name, why)
    sampled = any(len(phase.columns) > 1 for phase in litmus.phases) and len(found) > 1
    names = [f"{litmus.name}/{k}" for k in range(1, len(found) + 1)] if sampled else [litmus.name]
    return [
        Plan(name, litmus, order, sampled, tuple(_lines(name, litmus, order)))
        for name, order in zip(names, found, strict=True)
    ]


def _too_large(litmus: Litmus) -> str:
    ops = litmus.ops()
    actors = 1 + len(litmus.processes) + len(litmus.threads)
    actors += sum(op.verb == "fork" for op in ops)
    handles = sum(op.verb in TAKES for op in ops)
    if actors > _MOST_ACTORS or len(litmus.pages) > _MOST_PAGES or handles > _MOST_HANDLES:
        return f"more than {_MOST_ACTORS} actors, {_MOST_PAGES} pages or {_MOST_HANDLES} references"
    return ""


def _lines(name: str, litmus: Litmus, order: tuple[int, ...]) -> Iterator[str]:
    ops = litmus.ops()
    counts = "copies" in counters(litmus)
    yield f"scenario {name} {SECONDS}"
    yield from declarations(litmus)
    done = performed(litmus, order)
    for position, number in enumerate(order):
        if counts:
            yield from _states(litmus, living(litmus, order[:position]), f"{position}|")
        if number in done:
            yield instruction(number, ops[number], litmus)
    alive = living(litmus, order)
    if counts:
        yield from _states(litmus, alive, f"{len(order)}|")
    yield from _look(litmus, alive, held(litmus, order))
    yield "end"


def performed(litmus: Litmus, order: tuple[int, ...]) -> tuple[int, ...]:
    """Return the statements that are performed: not those of a process that has ended.

    Parameters
    ----------
    litmus : Litmus
        Any.
    order : tuple of int
        Of its statements, or of the first of them.

    Returns
    -------
    tuple of int
        In the same order.
    """
    return _follow(litmus, order)[0]


def living(litmus: Litmus, order: tuple[int, ...]) -> tuple[str, ...]:
    """Return the processes that are there when statements have been performed.

    Parameters
    ----------
    litmus : Litmus
        Any.
    order : tuple of int
        Of its statements, or of the first of them.
    """
    return _follow(litmus, order)[1]


def _follow(litmus: Litmus, order: tuple[int, ...]) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Follow births and ends: a thread's statement behind its process's exit is left out."""
    ops, homes = litmus.ops(), dict(litmus.threads)
    done, alive = [], ["parent", *litmus.processes]
    for number in order:
        op = ops[number]
        home = homes.get(op.actor, op.actor)
        if home not in alive and not is_kernel_actor(op.actor):
            continue
        done.append(number)
        if op.verb == "fork":
            alive.append(str(op.process))
        elif op.verb == "exit":
            alive.remove(home)
    return tuple(done), tuple(alive)


def _states(litmus: Litmus, alive: Iterable[str], prefix: str = "") -> Iterator[str]:
    for process in alive:
        for page in litmus.pages:
            yield f"state {prefix}{process}:{page.name} {process} {page.name}"
            if page.kind in ("thp", "hugetlb"):
                yield f"state {prefix}{process}:{page.name}{UPPER} {process} {page.name} 1"


def held(litmus: Litmus, order: tuple[int, ...]) -> list[Op]:
    """Return the statements that took the references which are held in the end.

    Parameters
    ----------
    litmus : Litmus
        Any.
    order : tuple of int
        In which its statements were performed.
    """
    ops = litmus.ops()
    taken: dict[str, Op] = {}
    for op in (ops[number] for number in performed(litmus, order)):
        if op.verb in TAKES:
            taken[str(op.handle)] = op
        elif op.verb in ("unpin", "put", "odirect_end"):
            taken.pop(str(op.handle), None)
    return list(taken.values())


def _look(litmus: Litmus, alive: Iterable[str], references: list[Op]) -> Iterator[str]:
    # Identity first: reading memory may fault pages in.
    yield from _states(litmus, alive)
    yield from (f"frame {op.handle}" for op in references)
    yield "see uffd_events counter"
    for process in alive:
        for page in litmus.pages:
            for slot in (0, 1):
                yield f"see {process}:{page.name}[{slot}] memory {process} {page.name} {slot}"
    for op in references:
        if "direct" not in holder(op):
            for slot in (0, 1):
                yield f"see {op.handle}[{slot}] reference {op.handle} {slot}"


def counters(litmus: Litmus) -> set[str]:
    """Return the counters that a scenario's condition mentions.

    Parameters
    ----------
    litmus : Litmus
        Any.
    """
    return {
        atom.seen.names[0]
        for atom in atoms(litmus.condition.formula)
        if isinstance(atom, Compare) and atom.seen.kind == "counter"
    }
