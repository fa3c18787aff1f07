"""Figures of what was told of labelled mails: units, relations, stance, attachment.

Every figure is a function of counts that add up over mails, so that its interval comes from
drawing whole mails again and again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tests.eval.arguments import attachment, relations, stance
from tests.eval.arguments.bearings import Bearing
from tests.eval.arguments.examples import by_cues
from tests.eval.arguments.units import FEWEST, alpha
from tests.eval.scores import Count
from threadkit.analyze.arguments.stance_words import tone
from threadkit.analyze.arguments.values import LABELS, STANCES, Relation, Target

ROUNDS = 1000
SURE = ("question", "concession", "proposal")
"""What must be right nine times in ten where it is shown."""

GOALS = {
    "unit labels, macro-F1": 0.72,
    **{f"{name}, shown: precision": 0.9 for name in SURE},
    **{f"{name}, shown: recall": 0.75 for name in SURE},
    "relations, F1": 0.5,
    "attack, F1": 0.45,
    "stance, 3-way accuracy": 0.75,
    "attachment": 0.99,
    "never answered: precision": 0.95,
    "never answered: recall": 0.95,
}
"""What each figure is to reach."""

_SIDES = ("support", "attack", "none")

Row = NDArray[np.float64]
Figure = Callable[[Row], float]


@dataclass(frozen=True, slots=True)
class Told:
    """What was told of some mails.

    ``labels``, ``scores`` and ``relations`` have one list a mail, of one label a labelled unit
    (empty: nothing was cut there); ``five`` and ``three`` have one stance a segment.
    """

    labels: Sequence[Sequence[str]]
    scores: Sequence[Sequence[float]]
    relations: Sequence[Sequence[Relation]]
    five: Sequence[str]
    three: Sequence[str]


class Measure(NamedTuple):
    """A figure: its name, what it is of, one row of counts a mail, and how they make it."""

    name: str
    units: int
    counts: Row
    figure: Figure

    def value(self) -> float:
        """Return the figure over all mails."""
        return self.figure(self.counts.sum(axis=0))

    def interval(self) -> tuple[float, float]:
        """Bootstrap 95 % by drawing mails; seeded."""
        mails = len(self.counts)
        if not mails:
            return 0.0, 1.0
        drawn = np.random.default_rng(mails).multinomial(
            mails, np.full(mails, 1 / mails), size=ROUNDS
        )
        some = sorted(self.figure(row) for row in drawn @ self.counts)
        return some[int(0.025 * ROUNDS)], some[int(0.975 * ROUNDS) - 1]


@dataclass(frozen=True, slots=True)
class Line:
    """One figure beside what it is compared with; what was not measured is None."""

    name: str
    units: int
    value: float
    low: float
    high: float
    majority: float | None = None
    rules: float | None = None
    readers: float | None = None
    goal: float | None = None

    @property
    def met(self) -> bool | None:
        """Tell whether the goal is reached; None without one."""
        return None if self.goal is None else self.value >= self.goal


class OfClass(NamedTuple):
    """How one label is told."""

    label: str
    units: int
    precision: float
    recall: float
    f1: float


def figures(
    some: Sequence[Bearing],
    segments: Sequence[stance.Segment],
    told: Told,
    beside: tuple[Told, Told] | None = None,
) -> list[Line]:
    """Measure what was told; ``beside`` it a majority and plain rules, made here if not given."""
    majority, rules = beside or (most(some, segments), plain(some, segments))
    mine = [one for one in measures(some, segments, told) if one.units]
    others = [
        {one.name: _beside(one) for one in measures(some, segments, each)}
        for each in (majority, rules)
    ]
    between = readers(some, segments)
    lines = []
    for one in mine:
        value, (low, high) = one.value(), one.interval()
        usual, by_rule = (each[one.name] for each in others)
        lines.append(
            Line(one.name, one.units, value, low, high, usual, by_rule,
                 between.get(one.name), GOALS.get(one.name))
        )  # fmt: skip
    return lines


def _beside(one: Measure) -> float | None:
    """Give a figure to compare with; None where nothing was told, or where it is told by cutting."""
    return one.value() if one.counts.any() and one.name != "attachment" else None


def measures(
    some: Sequence[Bearing], segments: Sequence[stance.Segment], told: Told
) -> Iterator[Measure]:
    """Yield every figure of what was told."""
    said = [[unit.labels for unit in one.gold.units] for one in some]
    yield from of_labels(said, told.labels)
    yield from of_sure(said, told.labels, told.scores)
    yield from _of_relations(some, told.relations)
    said_of = [(one.mail, one.said) for one in segments]
    yield from _of_stance(said_of, told.five, told.three, len(some))
    yield _of_attachment(some)


def of_labels(
    said: Sequence[Sequence[tuple[str, ...]]], told: Sequence[Sequence[str]]
) -> Iterator[Measure]:
    """Yield the figures of unit labels."""
    count = sum(map(len, said))
    table = np.array(
        [_label_counts(each, mine) for each, mine in zip(said, told, strict=True)]
    ).reshape(len(said), -1)
    claim = LABELS.index("claim")
    yield Measure("claims found, F1", count, table, lambda row: float(_f1s(row)[0][claim]))
    yield Measure("unit labels, macro-F1", count, table, _macro)
    right = table[:, : len(LABELS)].sum(axis=1)
    sizes = np.array([float(len(one)) for one in said])
    yield Measure("unit labels, accuracy", count, np.stack([right, sizes], axis=1), _share)


def _label_counts(said: Sequence[tuple[str, ...]], told: Sequence[str]) -> Row:
    """Count right, extra and missed of each label, as `units.Scored.counts` does."""
    found: Row = np.zeros((3, len(LABELS)))
    for each, one in zip(said, told, strict=True):
        if one in each:
            found[0, _LABEL[one]] += 1
            continue
        if one:
            found[1, _LABEL[one]] += 1
        found[2, _LABEL[each[0]]] += 1
    return found.ravel()


_LABEL: dict[str, int] = {name: number for number, name in enumerate(LABELS)}


def _f1s(row: Row) -> tuple[Row, Row]:
    """Return F1 and size of each label."""
    right, extra, missed = row.reshape(3, -1)
    f1: Row = 2 * right / np.maximum(1, 2 * right + extra + missed)
    return f1, right + missed


def _macro(row: Row) -> float:
    f1, sizes = _f1s(row)
    big = sizes >= FEWEST
    return float(f1[big].mean()) if big.any() else 0.0


def _share(row: Row) -> float:
    return float(row[0] / row[1]) if row[1] else 1.0


def classes(
    said: Sequence[Sequence[tuple[str, ...]]], told: Sequence[Sequence[str]]
) -> list[OfClass]:
    """Give precision, recall and F1 of each label, in the order of the guide."""
    whole = sum((_label_counts(a, b) for a, b in zip(said, told, strict=True)),
                np.zeros(3 * len(LABELS)))  # fmt: skip
    found = []
    for name, (right, extra, missed) in zip(LABELS, whole.reshape(3, -1).T.tolist(), strict=True):
        one = Count(int(right), int(extra), int(missed))
        found.append(OfClass(name, one.right + one.missed, one.precision, one.recall, one.f1))
    return found


def of_sure(
    said: Sequence[Sequence[tuple[str, ...]]],
    told: Sequence[Sequence[str]],
    scores: Sequence[Sequence[float]],
) -> Iterator[Measure]:
    """Yield precision and recall of what is shown: a score of 0.5 or more."""
    for name in SURE:
        rows = []
        for each, mine, sure in zip(said, told, scores, strict=True):
            row = np.zeros(3)
            for labels, one, score in zip(each, mine, sure, strict=True):
                if one == name and score >= 0.5:
                    row[0 if name in labels else 1] += 1
                elif labels[0] == name:
                    row[2] += 1
            rows.append(row)
        table = np.array(rows).reshape(-1, 3)
        units = int(table[:, 0].sum() + table[:, 2].sum())
        yield Measure(f"{name}, shown: precision", units, table[:, :2], _of_shown)
        yield Measure(f"{name}, shown: recall", units, table[:, ::2], _part)


def _of_shown(row: Row) -> float:
    """Where nothing is shown no goal of precision is met."""
    return _part(row) if row.any() else 0.0


def _part(row: Row) -> float:
    return float(row[0] / row.sum()) if row.sum() else 1.0


def _of_relations(some: Sequence[Bearing], told: Sequence[Sequence[Relation]]) -> Iterator[Measure]:
    for name, kinds, reading in (
        ("relations, F1", (), "block"),
        ("relations, F1 by the words meant", (), "words"),
        ("attack, F1", ("attack",), "block"),
    ):
        found = relations.counts(some, told, kinds=kinds, reading=reading)  # type: ignore[arg-type]
        table = np.array([(one.right, one.extra, one.missed) for one in found], float)
        table = table.reshape(-1, 3)
        yield Measure(name, int(table[:, 0].sum() + table[:, 2].sum()), table, _f1)
    pairs = [(a, b) for a in _SIDES for b in _SIDES]
    rows = []
    for one, mine in zip(some, told, strict=True):
        both = relations.sides([one], [mine])
        rows.append([float(both[pair]) for pair in pairs])
    table = np.array(rows).reshape(-1, len(pairs))
    units = sum(len(one.gold.units) for one in some)
    yield Measure("support, attack or none, macro-F1", units, table, _sides_macro)


def _f1(row: Row) -> float:
    return float(2 * row[0] / (2 * row[0] + row[1] + row[2])) if row.any() else 1.0


def _sides_macro(row: Row) -> float:
    square = row.reshape(3, 3)
    return _mean_f1(square.diagonal(), square.sum(axis=1), square.sum(axis=0))


def _mean_f1(both: Row, read: Row, told: Row) -> float:
    """Average F1 over the classes that anybody named."""
    there = read + told > 0
    return float((2 * both[there] / (read + told)[there]).mean()) if there.any() else 1.0


def _of_stance(
    said: Sequence[tuple[int, tuple[str, ...]]],
    five: Sequence[str],
    three: Sequence[str],
    mails: int,
) -> Iterator[Measure]:
    sided = [(mail, tuple(stance.three(one) for one in each)) for mail, each in said]
    names = ("agree", "disagree", "other")
    for ways, told, each, all_names in (
        ("3-way", three, sided, names), ("5-way", five, said, STANCES),
    ):  # fmt: skip
        table = _stance_counts(each, told, all_names, mails)
        shares = np.stack([table[:, : len(all_names)].sum(axis=1),
                           table[:, len(all_names) : 2 * len(all_names)].sum(axis=1)], axis=1)  # fmt: skip
        yield Measure(f"stance, {ways} accuracy", len(said), shares, _share)
        yield Measure(f"stance, {ways} macro-F1", len(said), table, _stance_macro)


def _stance_counts(
    said: Sequence[tuple[int, tuple[str, ...]]],
    told: Sequence[str],
    names: Sequence[str],
    mails: int,
) -> Row:
    """Count by mail: told and read so, read so, told so; right with any of the readers."""
    found = np.zeros((mails, 3, len(names)))
    for (mail, each), one in zip(said, told, strict=True):
        truth = one if one in each else each[0]
        found[mail, 0, names.index(one)] += one == truth
        found[mail, 1, names.index(truth)] += 1
        found[mail, 2, names.index(one)] += 1
    return found.reshape(mails, -1)


def _stance_macro(row: Row) -> float:
    return _mean_f1(*row.reshape(3, -1))


def _of_attachment(some: Sequence[Bearing]) -> Measure:
    found = [attachment.accuracy([one]) for one in some]
    table = np.array([(one["right"], one["wrong"]) for one in found], float).reshape(-1, 2)
    return Measure("attachment", int(table.sum()), table, _part)


# -- what it is compared with ------------------------------------------------------------


def most(some: Sequence[Bearing], segments: Sequence[stance.Segment]) -> Told:
    """Tell the most frequent: every unit is a claim and bears on nothing; no side is taken."""
    counts = [len(one.gold.units) for one in some]
    frequent = [one.said[0] for one in segments]
    usual = max(STANCES, key=frequent.count)
    return Told(
        [["claim"] * count for count in counts],
        [[1.0] * count for count in counts],
        [[] for _ in some],
        [usual] * len(segments),
        [stance.three(usual)] * len(segments),
    )


def plain(some: Sequence[Bearing], segments: Sequence[stance.Segment]) -> Told:
    """Tell by cues: the family with most of them, evidence for the unit before, words of praise."""
    labels = [[by_cues(dict(row)) for row in one.seen.rows] for one in some]
    stances = [_by_words(some[one.mail], one.passage, labels[one.mail]) for one in segments]
    return Told(
        labels,
        [[1.0] * len(one) for one in labels],
        [_by_place(each) for each in labels],
        stances,
        [stance.three(one) for one in stances],
    )


def _by_place(labels: Sequence[str]) -> list[Relation]:
    """Let evidence support the unit before it."""
    return [
        Relation(number, "support", Target("unit", number - 1), 1.0, "nearest")
        for number in range(1, len(labels))
        if labels[number] == "evidence"
    ]


def _by_words(one: Bearing, passage: int, labels: Sequence[str]) -> str:
    """Tell a stance by what the first units under a passage do, and by praise and blame."""
    run = [number for number, unit in enumerate(one.seen.cut.units) if unit.passage == passage]
    first = [labels[number] for number in run[:3]]
    good = sum(name in ("agreement", "concession") for name in first)
    bad = 0
    for number in run[:3]:
        praise, blame, denies = tone(one.seen.units[number].norms)
        good, bad = good + praise, bad + blame + denies
    if good and bad:
        return "mixed"
    if good or bad:
        return "agree" if good else "disagree"
    return "question" if "question" in first else "neutral"


def readers(some: Sequence[Bearing], segments: Sequence[stance.Segment]) -> dict[str, float]:
    """Measure one reader by the other, where two have read: the same figures, as far as they go."""
    said = [[unit.labels for unit in one.gold.units if len(unit.labels) > 1] for one in some]
    if not any(said):
        return {}
    first = [[(each[0],) for each in one] for one in said]
    second = [[each[1] for each in one] for one in said]
    found = {one.name: one.value() for one in of_labels(first, second)}
    sure = of_sure(first, second, [[1.0] * len(one) for one in second])
    found |= {one.name: one.value() for one in sure}
    found["relations, F1"] = relations.readers(some).f1
    found["attack, F1"] = relations.readers(some, ("attack",)).f1
    twice = [(one.mail, one.said) for one in segments if len(one.said) > 1]
    if twice:
        five = [each[1] for _, each in twice]
        found |= {
            one.name: one.value()
            for one in _of_stance([(mail, each[:1]) for mail, each in twice], five,
                                  [stance.three(one) for one in five], len(some))
        }  # fmt: skip
    return found


def alphas(some: Sequence[Bearing], segments: Sequence[stance.Segment]) -> dict[str, float]:
    """Measure how far two readers agree beyond chance: Krippendorff's alpha, nominal."""
    units = [
        (unit.labels[0], unit.labels[1])
        for one in some
        for unit in one.gold.units
        if len(unit.labels) > 1
    ]
    twice = [(one.said[0], one.said[1]) for one in segments if len(one.said) > 1]
    sided = [(stance.three(first), stance.three(second)) for first, second in twice]
    named = {"unit labels": units, "stance": twice, "stance, 3-way": sided}
    return {name: alpha(pairs) for name, pairs in named.items() if pairs}
