"""Precision, recall and F1, with intervals from drawing whole mails again and again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random

ROUNDS = 1000
_TAIL = 0.025


@dataclass(frozen=True, slots=True)
class Count:
    """Right, too many, too few; those of one mail or of many."""

    right: int = 0
    extra: int = 0
    missed: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.right + other.right, self.extra + other.extra, self.missed + other.missed)

    @property
    def precision(self) -> float:
        """Of what was found, the share that is right; 1 if nothing was found."""
        return _share(self.right, self.right + self.extra)

    @property
    def recall(self) -> float:
        """Of what there is, the share that was found; 1 if there is nothing."""
        return _share(self.right, self.right + self.missed)

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return _share(2 * self.right, 2 * self.right + self.extra + self.missed)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def total(counts: Iterable[Count]) -> Count:
    """Add them up."""
    return sum(counts, Count())


def interval(
    counts: Sequence[Count], figure: Callable[[Count], float], *, rounds: int = ROUNDS
) -> tuple[float, float]:
    """Bootstrap a 95 % interval of a figure, drawing mails with replacement; seeded."""
    if not counts:
        return 0.0, 1.0
    random = Random(len(counts))
    drawn = sorted(figure(total(random.choices(counts, k=len(counts)))) for _ in range(rounds))
    return drawn[int(_TAIL * rounds)], drawn[int((1 - _TAIL) * rounds) - 1]
