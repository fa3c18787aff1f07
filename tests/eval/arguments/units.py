"""Scores of unit labels: per class, macro, claims found, sure ones, agreement of readers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from random import Random

from tests.eval.scores import Count, total

FEWEST = 30
"""Units that a class must have to count in the macro average."""

ROUNDS = 500


@dataclass(frozen=True, slots=True)
class Scored:
    """Predictions beside what readers said; ``mails`` tells which units are drawn together."""

    labels: Sequence[tuple[str, ...]]
    told: Sequence[str]
    mails: Sequence[int]

    def counts(self, name: str) -> Count:
        """Count one class; a unit whose readers differ is right with either."""
        right = extra = missed = 0
        for each, one in zip(self.labels, self.told, strict=True):
            right += one == name and name in each
            extra += one == name and name not in each
            missed += one != name and one not in each and each[0] == name
        return Count(right, extra, missed)

    def sizes(self) -> dict[str, int]:
        """Count the units of each class as the score does."""
        names = sorted({name for each in self.labels for name in each})
        counts = {name: self.counts(name) for name in names}
        return {name: one.right + one.missed for name, one in counts.items()}

    def macro(self) -> float:
        """Average F1 over the classes of at least `FEWEST` units."""
        big = [name for name, size in self.sizes().items() if size >= FEWEST]
        return sum(self.counts(name).f1 for name in big) / len(big) if big else 0.0

    def accuracy(self) -> float:
        """Share of units told as a reader did."""
        right = sum(one in each for each, one in zip(self.labels, self.told, strict=True))
        return right / len(self.told) if self.told else 1.0

    def interval(self, figure: Callable[[Scored], float]) -> tuple[float, float]:
        """Bootstrap a 95 % interval by drawing whole mails; seeded."""
        by_mail: dict[int, list[int]] = {}
        for number, mail in enumerate(self.mails):
            by_mail.setdefault(mail, []).append(number)
        mails, random = list(by_mail.values()), Random(len(self.told))
        drawn = []
        for _ in range(ROUNDS):
            some = [at for mail in random.choices(mails, k=len(mails)) for at in mail]
            drawn.append(figure(self.only(some)))
        drawn.sort()
        return drawn[int(0.025 * ROUNDS)], drawn[int(0.975 * ROUNDS) - 1]

    def only(self, places: Sequence[int]) -> Scored:
        """Keep some of the units."""
        return Scored(
            [self.labels[at] for at in places],
            [self.told[at] for at in places],
            [self.mails[at] for at in places],
        )

    def confusion(self) -> Counter[tuple[str, str]]:
        """Count what was told by what the first reader said (as told, if any reader agrees)."""
        return Counter(
            (one if one in each else each[0], one)
            for each, one in zip(self.labels, self.told, strict=True)
        )


def sure_counts(
    labels: Sequence[tuple[str, ...]], told: Sequence[str], scores: Sequence[float], name: str
) -> Count:
    """Count one class among the units whose score is at least 0.5; the others are candidates."""
    counts = []
    for each, one, score in zip(labels, told, scores, strict=True):
        sure = one == name and score >= 0.5
        is_one = each[0] == name if not sure else name in each
        counts.append(Count(sure and is_one, sure and not is_one, not sure and is_one))
    return total(counts)


def threshold(pairs: Sequence[tuple[float, bool]], precision: float, fewest: int = 20) -> float:
    """Find the lowest share from which on a class is right often enough.

    ``pairs`` hold the share of the class where it was the likeliest, and if that is right.

    Examples
    --------
    >>> threshold([(0.9, True), (0.8, True), (0.6, False), (0.5, True)], 0.9, fewest=1)
    0.8
    """
    best, right = 0.99, 0
    for count, (share, is_right) in enumerate(sorted(pairs, reverse=True), 1):
        right += is_right
        if count >= fewest and right / count >= precision:
            best = share
    return round(max(0.02, min(0.98, best)), 3)


def alpha(pairs: Sequence[tuple[Hashable, Hashable]]) -> float:
    """Measure how far two readers agree beyond chance: Krippendorff's alpha, nominal.

    Examples
    --------
    >>> alpha([("a", "a"), ("b", "b")]), round(alpha([("a", "b"), ("a", "a")]), 2)
    (1.0, 0.0)

    References
    ----------
    Krippendorff, Content Analysis, 2004, chapter 11.
    """
    values = Counter(value for pair in pairs for value in pair)
    size = sum(values.values())
    observed = sum(first != second for first, second in pairs) * 2 / size
    expected = 1 - sum(n * (n - 1) for n in values.values()) / (size * (size - 1))
    return 1 - observed / expected if expected else 1.0
