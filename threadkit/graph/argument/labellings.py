"""The grounded labelling, and every complete, preferred or stable one: exact, within bounds."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, product
from math import prod
from typing import Literal, NamedTuple

from threadkit.graph.argument.framework import Framework, components
from threadkit.graph.argument.search import Budget, Semantics, Spent, labellings_of

Label = Literal["in", "out", "undecided"]

WAYS = 10_000
"""How many ways to settle one part are listed before it is given up."""
STEPS = 5_000_000
"""How many arguments are looked at before the rest is given up: some seconds."""


class Grounded(NamedTuple):
    """The labelling that no reasonable reader can refuse.

    Attributes
    ----------
    labels : tuple of Label
        Of each argument.
    stages : tuple of int
        1: nothing speaks against it; 2: it falls to one of stage 1; 3: all that speaks against
        it is out by stage 2 ...; 0: undecided.

    References
    ----------
    M. Caminada, P. Dunne, Minimal strong admissibility, Argument & Computation 11 (2020):
    min-max numbering.
    """

    labels: tuple[Label, ...]
    stages: tuple[int, ...]


def grounded(framework: Framework) -> Grounded:
    """Label what follows from the arguments that nothing speaks against.

    Parameters
    ----------
    framework : Framework
        Of any size.

    Returns
    -------
    Grounded
        It exists always and is the only one.

    Examples
    --------
    >>> grounded(Framework.of("abc", [("a", "b"), ("b", "c")]))
    Grounded(labels=('in', 'out', 'in'), stages=(1, 2, 3))

    Notes
    -----
    Linear in arguments and attacks.

    References
    ----------
    Dung 1995, definition 20; S. Modgil, M. Caminada, Proof theories and algorithms for
    abstract argumentation frameworks (2009), section 6.4.1.
    """
    labels: list[Label] = ["undecided"] * len(framework.names)
    stages = [0] * len(labels)
    left = [len(against) for against in framework.attackers]
    ready = deque(number for number, count in enumerate(left) if not count)
    for number in ready:
        labels[number], stages[number] = "in", 1
    while ready:
        winner = ready.popleft()
        for loser in framework.attacked[winner]:
            if labels[loser] == "out":
                continue
            labels[loser], stages[loser] = "out", stages[winner] + 1
            for freed in framework.attacked[loser]:
                left[freed] -= 1
                if not left[freed] and labels[freed] == "undecided":
                    labels[freed], stages[freed] = "in", stages[loser] + 1
                    ready.append(freed)
    return Grounded(tuple(labels), tuple(stages))


@dataclass(frozen=True, slots=True)
class Part:
    """Arguments that hang together and that the grounded labelling leaves undecided.

    Attributes
    ----------
    arguments : tuple of int
        In order.
    ways : tuple of frozenset of int
        What is in, in each way to settle the part; may be none at all (stable).
    why : str
        Why `ways` was not computed; empty if it was.
    """

    arguments: tuple[int, ...]
    ways: tuple[frozenset[int], ...]
    why: str


@dataclass(frozen=True, slots=True)
class Extensions:
    """All extensions under one semantics, kept part by part.

    Parts do not touch each other, so an extension is any choice of one way for each: ten
    disputes with two ways each are 1,024 extensions and twenty ways.

    Attributes
    ----------
    semantics : {'complete', 'preferred', 'stable'}
        Which.
    framework : Framework
        Of which.
    grounded : Grounded
        What is settled before.
    parts : tuple of Part
        In the order of their first arguments.
    """

    semantics: Semantics
    framework: Framework
    grounded: Grounded
    parts: tuple[Part, ...]

    @property
    def why(self) -> str:
        """Why some part was not computed; empty if all were."""
        return next((part.why for part in self.parts if part.why), "")

    @property
    def count(self) -> int | None:
        """How many extensions there are; None if some part was not computed."""
        if any(not part.why and not part.ways for part in self.parts):
            return 0
        return None if self.why else prod(len(part.ways) for part in self.parts)

    def sets(self, most: int = WAYS) -> Iterator[frozenset[int]]:
        """List extensions.

        Parameters
        ----------
        most : int
            Of these many only.

        Yields
        ------
        frozenset of int
            What is in; nothing if a part was not computed.

        Examples
        --------
        >>> framework = Framework.of("ab", [("a", "b"), ("b", "a")])
        >>> list(extensions(framework, "preferred").sets())
        [frozenset({0}), frozenset({1})]
        """
        if self.why:
            return
        sure = frozenset(i for i, label in enumerate(self.grounded.labels) if label == "in")
        chosen = product(*(part.ways for part in self.parts))
        for ways in islice(chosen, most):
            yield sure.union(*ways)

    def accepted(self) -> list[tuple[int, int] | None]:
        """Count, for each argument, the ways to settle its part that accept it.

        Returns
        -------
        list of tuple of int or None
            ``(2, 3)``: in two of three; ``(1, 1)`` and ``(0, 1)`` where the grounded labelling
            settles it. None: not computed. With no extension at all (stable): ``(0, 0)``.

        Examples
        --------
        >>> framework = Framework.of("abc", [("a", "b"), ("b", "a"), ("b", "c")])
        >>> extensions(framework, "preferred").accepted()
        [(1, 2), (1, 2), (1, 2)]
        """
        if self.count == 0:
            return [(0, 0)] * len(self.framework.names)
        counts: list[tuple[int, int] | None] = [
            (int(label == "in"), 1) for label in self.grounded.labels
        ]
        for part in self.parts:
            ins = Counter(chain.from_iterable(part.ways))
            for argument in part.arguments:
                counts[argument] = None if part.why else (ins[argument], len(part.ways))
        return counts


def extensions(
    framework: Framework, semantics: Semantics, *, steps: int = STEPS, most: int = WAYS
) -> Extensions:
    """Find every extension under a semantics, or say what was too much.

    Parameters
    ----------
    framework : Framework
        Of any size; what the grounded labelling leaves undecided is searched.
    semantics : {'complete', 'preferred', 'stable'}
        Which.
    steps : int
        How many arguments may be looked at, in all; small parts come first.
    most : int
        How many ways one part may have.

    Returns
    -------
    Extensions
        Equal for equal input, however fast the machine is.

    Examples
    --------
    >>> ring = Framework.of("abc", [("a", "b"), ("b", "c"), ("c", "a")])
    >>> [extensions(ring, name).count for name in ("complete", "preferred", "stable")]
    [1, 1, 0]
    >>> pairs = [(f"{i}{x}", f"{i}{y}") for i in range(9) for x, y in ("ab", "ba")]
    >>> disputes = Framework.of(sorted({x for pair in pairs for x in pair}), pairs)
    >>> extensions(disputes, "preferred").count
    512

    References
    ----------
    P. Baroni, M. Giacomin, G. Guida, SCC-recursiveness: a general schema for argumentation
    semantics, Artificial Intelligence 168 (2005); S. Nofal, K. Atkinson, P. Dunne, Algorithms
    for decision problems in argument systems under preferred semantics, Artificial
    Intelligence 207 (2014).
    """
    sure = grounded(framework)
    budget = Budget(steps)
    parts: list[Part] = []
    open_ = [i for i, label in enumerate(sure.labels) if label == "undecided"]
    for members in sorted(_parts(framework, open_), key=len):
        try:
            ways = tuple(labellings_of(framework, members, semantics, budget, most))
        except Spent as spent:
            parts.append(Part(tuple(members), (), str(spent)))
        else:
            parts.append(Part(tuple(members), ways, ""))
    parts.sort(key=lambda part: part.arguments)
    return Extensions(semantics, framework, sure, tuple(parts))


def _parts(framework: Framework, members: Sequence[int]) -> list[list[int]]:
    """Split arguments where no attack leads across, in either direction."""
    place = {number: i for i, number in enumerate(members)}
    both = [
        [place[other] for other in framework.attackers[one] + framework.attacked[one] if other in place]
        for one in members
    ]  # fmt: skip
    return [[members[i] for i in part] for part in components(both)]
