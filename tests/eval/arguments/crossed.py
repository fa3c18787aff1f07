"""Units told by learners that saw nothing of their thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tests.eval.arguments.examples import Examples
from tests.eval.arguments.units import FEWEST, threshold
from threadkit.analyze.arguments.labels import scaled
from threadkit.analyze.arguments.learner import Learner
from threadkit.analyze.arguments.rules import SCORE
from threadkit.analyze.arguments.training import group_folds

FOLDS = 5
L2 = 4.0
MIN_COUNT = 2
GOLD = 2.0
"""How much a unit counts that two careful readers labelled; one of ours counts 1."""

TWICE = 1.4
"""How much one of ours counts that two readers labelled."""

PRECISE = {"question": 0.9, "concession": 0.7, "proposal": 0.75}
"""What is told of a person must be right this often, else it is a candidate.

At nine in ten no concession and hardly a proposal would be told at all.
"""

USUAL = 0.7
_STEPS = (0.6, 0.75, 0.87, 1.15, 1.33, 1.6, 2.0)
_SWEEPS = 3
_TEMPERATURES = (0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.4, 1.6, 1.8, 2.0)


@dataclass(frozen=True, slots=True)
class Crossed:
    """What was told of each unit; ``shares`` are those of the learners before they lean.

    ``leaned`` are the shares after; ``scores`` are 0.5 at the threshold of the class.
    ``temperature`` is that of the learners, at which unseen threads are told best.
    """

    classes: list[str]
    shares: NDArray[np.float64]
    leaned: NDArray[np.float64]
    told: list[str]
    scores: list[float]
    temperature: float


def fit(some: Examples, at: Sequence[int]) -> Learner:
    """Train on some of the units."""
    aims = some.aims
    return Learner.fit(
        [some.rows[one] for one in at],
        [aims[one] for one in at],
        sample_weights=[_weight(some, one) for one in at],
        l2=L2,
        min_count=MIN_COUNT,
    )


def _weight(some: Examples, at: int) -> float:
    return GOLD if some.gold[at] else TWICE if len(some.labels[at]) > 1 else 1.0


def crossed(some: Examples, at: Sequence[int] | None = None) -> Crossed:
    """Tell every unit; how classes lean and where their thresholds are is of other threads too.

    With ``at`` only those units are trained on, all are told.
    """
    classes = sorted({name for each in some.labels for name in each})
    fold = np.array(group_folds(some.sources, FOLDS))
    chosen = np.zeros(len(some.rows), bool)
    chosen[range(len(some.rows)) if at is None else list(at)] = True
    shares = np.zeros((len(some.rows), len(classes)))
    for number in range(FOLDS):
        learner = fit(some, np.flatnonzero((fold != number) & chosen).tolist())
        unseen = np.flatnonzero(fold == number)
        found = learner.predict_proba([some.rows[one] for one in unseen])
        for column, name in enumerate(learner.classes):
            shares[unseen, classes.index(name)] = found[:, column]
    temperature = _temperature(some, shares, classes)
    shares = _cooled(shares, temperature)
    leaned = np.zeros_like(shares)
    for number in range(FOLDS):
        seen, unseen = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        weights = leanings([some.labels[one] for one in seen], shares[seen], classes)
        leaned[unseen] = lean(shares[unseen], weights, classes)
    told = [rule or classes[best] for rule, best in zip(some.rules, leaned.argmax(1), strict=True)]
    whole = Crossed(classes, shares, leaned, told, [], temperature)
    scores = [0.0] * len(told)
    for number in range(FOLDS):
        limits = thresholds(some, whole, np.flatnonzero(fold != number).tolist())
        for one in np.flatnonzero(fold == number):
            share = float(leaned[one, classes.index(told[one])])
            scores[one] = SCORE if some.rules[one] else scaled(share, limits[told[one]])
    return Crossed(classes, shares, leaned, told, scores, temperature)


def _temperature(some: Examples, shares: NDArray[np.float64], classes: Sequence[str]) -> float:
    aims = np.array([[each.count(name) / len(each) for name in classes] for each in some.labels])
    losses = [-(aims * np.log(_cooled(shares, one) + 1e-12)).sum() for one in _TEMPERATURES]
    return _TEMPERATURES[int(np.argmin(losses))]


def _cooled(shares: NDArray[np.float64], temperature: float) -> NDArray[np.float64]:
    more: NDArray[np.float64] = np.maximum(shares, 1e-12) ** (1 / temperature)
    return more / more.sum(axis=1, keepdims=True)


def lean(
    shares: NDArray[np.float64], weights: Mapping[str, float], classes: Sequence[str]
) -> NDArray[np.float64]:
    """Make some classes likelier, as `Learner.leaning` does."""
    more: NDArray[np.float64] = shares * np.array([weights[name] for name in classes])
    return more / more.sum(axis=1, keepdims=True)


def leanings(
    labels: Sequence[tuple[str, ...]],
    shares: NDArray[np.float64],
    classes: Sequence[str],
) -> dict[str, float]:
    """Find weights of classes that make the macro average of F1 high, one class at a time."""
    weights = np.ones(len(classes))
    is_one = np.array([[name in each for name in classes] for each in labels])
    first = np.array([classes.index(each[0]) for each in labels])
    best = _macro(is_one, first, shares.argmax(axis=1), len(classes))
    for _ in range(_SWEEPS):
        for column in range(len(classes)):
            for step in _STEPS:
                trial = weights.copy()
                trial[column] *= step
                score = _macro(is_one, first, (shares * trial).argmax(axis=1), len(classes))
                if score > best + 1e-4:
                    best, weights = score, trial
    return {name: round(float(one), 4) for name, one in zip(classes, weights, strict=True)}


def _macro(
    is_one: NDArray[np.bool_],
    first: NDArray[np.int64],
    told: NDArray[np.int64],
    classes: int,
) -> float:
    """Score as `units.Scored.macro` does, quickly."""
    right = is_one[np.arange(len(told)), told]
    hits = np.bincount(told[right], minlength=classes)
    extra = np.bincount(told[~right], minlength=classes)
    missed = np.bincount(first[~right], minlength=classes)
    big = hits + missed >= FEWEST
    f1 = 2 * hits / np.maximum(1, 2 * hits + extra + missed)
    return float(f1[big].mean()) if big.any() else 0.0


def thresholds(some: Examples, told: Crossed, at: Sequence[int] | None = None) -> dict[str, float]:
    """Find from which share on each class is shown, of what no rule tells."""
    found = {}
    chosen = range(len(told.told)) if at is None else at
    for column, name in enumerate(told.classes):
        pairs = [
            (float(told.leaned[one, column]), name in some.labels[one])
            for one in chosen
            if told.told[one] == name and not some.rules[one]
        ]
        found[name] = threshold(pairs, PRECISE.get(name, USUAL))
    return found
