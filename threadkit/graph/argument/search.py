"""The search for labellings: component by component, with propagation, within a budget."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from threadkit.errors import ThreadkitError
from threadkit.graph.argument.framework import Framework, components

Semantics = Literal["complete", "preferred", "stable"]

_IN, _OUT, _OPEN = 1, 2, 4
_ANY = _IN | _OUT | _OPEN


class Spent(ThreadkitError):
    """A search was given up; its text says why."""


@dataclass(slots=True)
class Budget:
    """How many arguments may still be looked at."""

    steps: int

    def take(self, steps: int) -> None:
        """Use some up.

        Parameters
        ----------
        steps : int
            How many.

        Raises
        ------
        Spent
            Nothing is left.
        """
        self.steps -= steps
        if self.steps < 0:
            raise Spent("not computed: it would take too many steps")


def labellings_of(
    framework: Framework,
    members: Sequence[int],
    semantics: Semantics,
    budget: Budget,
    most: int,
) -> Iterator[frozenset[int]]:
    """List the extensions of a part that nothing outside accepted or left open attacks.

    Parameters
    ----------
    framework : Framework
        The whole.
    members : sequence of int
        The part, in order.
    semantics : {'complete', 'preferred', 'stable'}
        Which.
    budget : Budget
        Taken from.
    most : int
        How many may come.

    Yields
    ------
    frozenset of int
        What is in.

    Raises
    ------
    Spent
        The budget is spent, or more would come.

    Examples
    --------
    >>> framework = Framework.of("ab", [("a", "b"), ("b", "a")])
    >>> sorted(map(sorted, labellings_of(framework, (0, 1), "complete", Budget(99), 9)))
    [[], [0], [1]]

    Notes
    -----
    The components are settled in turn, attackers first; each way to settle one is continued
    with every way to settle the next.
    """
    place = {number: i for i, number in enumerate(members)}
    against = [[place[one] for one in framework.attackers[n] if one in place] for n in members]
    order = components(against)
    labels = [0] * len(members)
    count = 0
    walks = [_ways(order[0], against, labels, semantics, budget)]
    while walks:
        way = next(walks[-1], None)
        if way is None:
            walks.pop()
            continue
        for one, label in way:
            labels[one] = label
        if len(walks) < len(order):
            walks.append(_ways(order[len(walks)], against, labels, semantics, budget))
            continue
        count += 1
        if count > most:
            raise Spent(f"not computed: there are more than {most:,} ways to settle it")
        budget.take(len(members))
        yield frozenset(members[i] for i, label in enumerate(labels) if label == _IN)


def _ways(
    component: Sequence[int],
    against: Sequence[Sequence[int]],
    labels: Sequence[int],
    semantics: Semantics,
    budget: Budget,
) -> Iterator[list[tuple[int, int]]]:
    """List the ways to settle a component whose attackers from outside are labelled."""
    for way in _Search(component, against, labels, semantics, budget).ways():
        yield list(zip(component, way, strict=True))


class _Search:
    """Labellings of one component: each argument has a set of labels that it may still get."""

    def __init__(
        self,
        component: Sequence[int],
        against: Sequence[Sequence[int]],
        labels: Sequence[int],
        semantics: Semantics,
        budget: Budget,
    ) -> None:
        place = {one: i for i, one in enumerate(component)}
        self._size = len(component)
        self._against = [[place[n] for n in against[one] if n in place] for one in component]
        self._attacked: list[list[int]] = [[] for _ in component]
        for target, sources in enumerate(self._against):
            for source in sources:
                self._attacked[source].append(target)
        outside = [{labels[n] for n in against[one] if n not in place} for one in component]
        self._lost = [_IN in found for found in outside]
        self._open_outside = [_OPEN in found for found in outside]
        start = _ANY & ~_OPEN if semantics == "stable" else _ANY
        self._may = [_OUT if lost else start for lost in self._lost]
        self._is_preferred = semantics == "preferred"
        self._budget = budget
        self._trail: list[tuple[int, int]] = []
        degree = [len(a) + len(b) for a, b in zip(self._against, self._attacked, strict=True)]
        self._order = sorted(range(self._size), key=lambda one: (-degree[one], one))

    def ways(self) -> Iterator[tuple[int, ...]]:
        """List labellings; of two, none that comes later has more in than one before.

        At each choice, in is tried first. A later labelling lacks something that an earlier
        one, with the same choices before, has in: so what is no subset of one found is maximal.
        """
        found: list[int] = []
        choices: list[tuple[int, int]] = []
        fits = self._propagate(list(range(self._size)))
        while True:
            if fits:
                free, reach = self._next()
                if self._is_preferred and any(reach & ~one == 0 for one in found):
                    fits = False
                elif free is None:
                    found += [reach] if self._is_preferred else []
                    yield tuple(self._may)
                    fits = False
                else:
                    choices.append((len(self._trail), free))
                    fits = self._narrow(free, _IN)
                    continue
            if not choices:
                return
            mark, free = choices.pop()
            while len(self._trail) > mark:
                one, before = self._trail.pop()
                self._may[one] = before
            fits = self._narrow(free, ~_IN)

    def _next(self) -> tuple[int | None, int]:
        """Choose an argument that may be in or not; also say what may be in at most."""
        self._budget.take(self._size)
        chosen, reach = None, 0
        for one in self._order:
            may = self._may[one]
            if may & _IN:
                reach |= 1 << one
                if chosen is None and may != _IN:
                    chosen = one
        return chosen, reach

    def _narrow(self, one: int, mask: int) -> bool:
        queue: list[int] = []
        return self._restrict(one, mask, queue) and self._propagate(queue)

    def _restrict(self, one: int, mask: int, queue: list[int]) -> bool:
        before = self._may[one]
        now = before & mask
        if now != before:
            self._trail.append((one, before))
            self._may[one] = now
            queue.append(one)
            queue += self._attacked[one]
        return now != 0

    def _propagate(self, queue: list[int]) -> bool:
        while queue:
            if not self._look(queue.pop(), queue):
                return False
        return True

    def _look(self, one: int, queue: list[int]) -> bool:
        """Narrow an argument by its attackers, and these by it.

        In: all attackers out. Out: one is in. Open: none is in, and one is open.
        """
        if self._lost[one]:  # to an attacker from outside; it asks nothing of the others
            return True
        against, may = self._against[one], self._may
        self._budget.take(1 + len(against))
        ins = [n for n in against if may[n] & _IN]
        opens = [n for n in against if may[n] & _OPEN]
        is_open = self._open_outside[one]
        mask = _ANY
        if any(may[n] == _IN for n in ins):
            mask &= _OUT
        if not ins:
            mask &= ~_OUT
        if is_open or any(not may[n] & _OUT for n in against):
            mask &= ~_IN
        if not opens and not is_open:
            mask &= ~_OPEN
        return self._restrict(one, mask, queue) and self._look_back(one, ins, opens, queue)

    def _look_back(self, one: int, ins: list[int], opens: list[int], queue: list[int]) -> bool:
        """Narrow the attackers of an argument."""
        mine, against = self._may[one], self._against[one]
        fits = True
        if mine == _IN:
            fits = all([self._restrict(n, _OUT, queue) for n in against])
        elif not mine & _OUT:
            fits = all([self._restrict(n, ~_IN, queue) for n in against])
        elif mine == _OUT and len(ins) == 1:
            fits = self._restrict(ins[0], _IN, queue)
        if fits and mine == _OPEN and len(opens) == 1 and not self._open_outside[one]:
            fits = self._restrict(opens[0], _OPEN, queue)
        return fits
