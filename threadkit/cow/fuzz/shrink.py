"""Make a program that shows something smaller, as long as it still shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from threadkit.cow.litmus.errors import LitmusError
from threadkit.cow.litmus.format import format_litmus
from threadkit.cow.litmus.parse import parse
from threadkit.cow.litmus.syntax import VERBS, Litmus, Op, Phase


def shrink(litmus: Litmus, still_fails: Callable[[Litmus], bool]) -> Litmus:
    """Leave out statements, then everything that no statement needs (delta debugging).

    Parameters
    ----------
    litmus : Litmus
        A program that shows something.
    still_fails : callable
        Tells whether a smaller one shows it, too.

    Returns
    -------
    Litmus
        One of which no single statement can be left out.

    Examples
    --------
    >>> program = parse('''COW T question "?" { x = anon rw 1 2; y = anon rw 1 2; }
    ...     parent: write x[0] = 3; parent: fork child; parent: r0 = read y[0];
    ...     exists (alive(parent))''')
    >>> small = shrink(program, lambda one: any(op.verb == "fork" for op in one.ops()))
    >>> [op.verb for op in small.ops()], len(small.pages)
    (['fork'], 1)
    """
    size = len(litmus.ops())
    while size:
        smaller = next(filter(still_fails, _without_some(litmus, size)), None)
        if smaller is not None:
            litmus = smaller
            size = min(size, len(litmus.ops()))
        else:
            size //= 2
    for simpler in _simpler(litmus):
        if still_fails(simpler):
            litmus = simpler
    return litmus


def _without_some(litmus: Litmus, size: int) -> Iterator[Litmus]:
    """Yield programs that lack that many statements, and what depends on them."""
    count = len(litmus.ops())
    for begin in range(0, count, size):
        left = set(range(count)) - set(range(begin, begin + size))
        yield from _valid(_kept(litmus, left))


def _valid(litmus: Litmus) -> Iterator[Litmus]:
    """Yield a program if the language allows it."""
    try:
        yield parse(format_litmus(litmus))
    except LitmusError:
        return


def _kept(litmus: Litmus, left: set[int]) -> Litmus:
    """Return a program with some of its statements only."""
    ops = litmus.ops()
    homes = dict(litmus.threads)
    while True:
        kept = [ops[index] for index in sorted(left)]
        born = {"parent", *litmus.processes, *(op.process for op in kept if op.process)}
        forked = {op.process for op in ops if op.process}
        made = {op.handle for op in kept if VERBS[op.verb].shape == "new_handle"}
        lost = {
            index
            for index in left
            if (ops[index].handle and ops[index].handle not in made)
            or ((forked - born) & _processes(ops[index], homes))
        }
        if not lost:
            break
        left -= lost
    return _pruned(replace(litmus, phases=tuple(_phases(litmus, left))))


def _processes(op: Op, homes: dict[str, str]) -> set[str | None]:
    """Return the processes that a statement needs."""
    pages = (op.page, op.other)
    return {homes.get(op.actor, op.actor), *(page.process for page in pages if page)}


def _phases(litmus: Litmus, left: set[int]) -> Iterator[Phase]:
    """Yield the phases with what is left; a single column is no ``par``."""
    ops = litmus.ops()
    labels = {ops[index].label for index in left}
    index = 0
    for phase in litmus.phases:
        columns = []
        for column in phase.columns:
            numbers = range(index, index + len(column))
            index += len(column)
            kept = tuple(_relabelled(ops[n], labels) for n in numbers if n in left)
            if kept:
                columns.append(kept)
        if len(columns) == 1:
            yield from (Phase(((op,),)) for op in columns[0])
        elif columns:
            yield Phase(tuple(columns))


def _relabelled(op: Op, labels: set[str | None]) -> Op:
    """Return a statement that waits for nothing that is gone."""
    return replace(op, after=tuple(label for label in op.after if label in labels))


def _pruned(litmus: Litmus) -> Litmus:
    """Leave out pages and actors that no statement names; one page stays."""
    ops = litmus.ops()
    pages = {page.page for op in ops for page in (op.page, op.other) if page}
    threads = tuple(pair for pair in litmus.threads if any(op.actor == pair[0] for op in ops))
    named = {page.process for op in ops for page in (op.page, op.other) if page}
    named |= {op.actor for op in ops} | {home for _, home in threads}
    return replace(
        litmus,
        pages=tuple(page for page in litmus.pages if page.name in pages) or litmus.pages[:1],
        threads=threads,
        processes=tuple(process for process in litmus.processes if process in named),
    )


def _simpler(litmus: Litmus) -> Iterator[Litmus]:
    """Yield the program without words of its pages, and without labels nobody waits for."""
    waited = {label for op in litmus.ops() for label in op.after}
    columns = [
        [
            tuple(op if op.label in waited else replace(op, label=None) for op in column)
            for column in phase.columns
        ]
        for phase in litmus.phases
    ]
    plain = replace(litmus, phases=tuple(Phase(tuple(phase)) for phase in columns))
    yield from _valid(plain)
    yield from _valid(replace(plain, pages=tuple(replace(p, words=()) for p in plain.pages)))
