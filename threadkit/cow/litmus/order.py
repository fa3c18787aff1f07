"""Which statement of a program is done before which, whatever the interleaving."""

from __future__ import annotations

from itertools import pairwise

from threadkit.cow.litmus.syntax import Litmus


class Order:
    """The order that a program itself demands.

    A statement comes behind everything in earlier phases, behind what stands before it in
    its column, behind what it waits for with ``after``, and the first statement of a
    process or its threads behind the ``fork`` that makes the process.

    Parameters
    ----------
    litmus : Litmus
        Statements are known by their index in :meth:`Litmus.ops`.

    Attributes
    ----------
    phase : tuple of int
        Of each statement.
    cycle : tuple of int
        Statements of which each waits for the one before it, the first for the last;
        empty in a program that can run. With a cycle, ``before`` knows phases alone.

    Examples
    --------
    >>> from threadkit.cow.litmus.parse import parse
    >>> litmus = parse('''COW T question "?" { x = anon rw 1 2; thread t of parent; }
    ...     par { parent { write x[0] = 3 after seen; write x[1] = 4; }
    ...           t { r0 = read x[0] as seen; r1 = read x[1]; } }
    ...     exists (t:r0 = 3)''')
    >>> order = Order(litmus)
    >>> order.before(2, 1), order.before(3, 0), order.before(0, 3)
    (True, False, False)
    """

    def __init__(self, litmus: Litmus) -> None:
        self._ops = litmus.ops()
        self._process = dict(litmus.threads)
        columns: list[list[int]] = []
        phases: list[int] = []
        for number, phase in enumerate(litmus.phases):
            for column in phase.columns:
                columns.append(list(range(len(phases), len(phases) + len(column))))
                phases += [number] * len(column)
        self.phase = tuple(phases)
        self._waits = self._direct(columns)
        self._all, self.cycle = self._closure()

    def before(self, first: int, second: int) -> bool:
        """Tell whether one statement is done before another begins, in every run.

        Parameters
        ----------
        first, second : int
            Their indexes.
        """
        if self.phase[first] != self.phase[second]:
            return self.phase[first] < self.phase[second]
        return bool(self._all[second] >> first & 1)

    def _direct(self, columns: list[list[int]]) -> list[set[int]]:
        """Collect what each statement waits for within its phase."""
        waits: list[set[int]] = [set() for _ in self._ops]
        labels = {op.label: index for index, op in enumerate(self._ops) if op.label}
        forks = {op.process: index for index, op in enumerate(self._ops) if op.process}
        for column in columns:
            for earlier, later in pairwise(column):
                waits[later].add(earlier)
            actor = self._ops[column[0]].actor
            self._wait(waits, forks.get(self._process.get(actor, actor)), column[0])
        for index, op in enumerate(self._ops):
            for label in op.after:
                self._wait(waits, labels.get(label), index)
        return waits

    def _wait(self, waits: list[set[int]], first: int | None, second: int) -> None:
        """Note that a statement waits for another, if both are of one phase."""
        if first is not None and self.phase[first] == self.phase[second]:
            waits[second].add(first)

    def _closure(self) -> tuple[list[int], tuple[int, ...]]:
        """Return the bits of all statements before each, or a cycle."""
        behind: list[list[int]] = [[] for _ in self._ops]
        for index, earlier in enumerate(self._waits):
            for other in earlier:
                behind[other].append(index)
        pending = [len(earlier) for earlier in self._waits]
        ready = [index for index, count in enumerate(pending) if not count]
        bits = [0] * len(self._ops)
        for index in ready:  # grows while it is read
            for later in behind[index]:
                bits[later] |= bits[index] | 1 << index
                pending[later] -= 1
                if not pending[later]:
                    ready.append(later)
        if len(ready) == len(self._ops):
            return bits, ()
        return [0] * len(self._ops), self._cycle({i for i, count in enumerate(pending) if count})

    def _cycle(self, stuck: set[int]) -> tuple[int, ...]:
        """Walk back from a statement that never can run until one comes again."""
        path = [min(stuck)]
        while True:
            earlier = min(self._waits[path[-1]] & stuck)
            if earlier in path:
                return tuple(reversed(path[path.index(earlier) :]))
            path.append(earlier)
