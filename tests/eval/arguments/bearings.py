"""Labelled mails as the models of relations and stance see them, and how these are trained."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tests.eval.arguments.crossed import Crossed, crossed
from tests.eval.arguments.examples import Examples, as_cut, examples
from tests.eval.arguments.gold import GoldMail, GoldRelation, GoldUnit, read_gold, read_ours
from threadkit.analyze.arguments.learner import Learner
from threadkit.analyze.arguments.relations import NONE, RelationModel, window
from threadkit.analyze.arguments.relations_features import move_row, saying_row, unit_row
from threadkit.analyze.arguments.relations_ranker import Ranker
from threadkit.analyze.arguments.relations_view import View, view
from threadkit.analyze.arguments.rules import SCORE
from threadkit.analyze.arguments.segments import Segment, Segments
from threadkit.analyze.arguments.training import group_folds

FOLDS = 5
MOVES_L2, TARGETS_L2 = 30.0, 30.0
FEWEST, MOVES_FEWEST = 3, 20
"""Rows that a feature of targets, and of moves, must have."""

DOUBTFUL = 0.5
"""Weight of a relation that one of two readers saw."""

READERS = "read=ours"
"""Feature of units of our own label files, whose readers saw fewer relations than those of the
doubly labelled data: left out when anything is told."""


@dataclass(frozen=True, slots=True)
class Bearing:
    """A labelled mail, cut where its readers cut, and looked at."""

    gold: GoldMail
    seen: View

    @property
    def careful(self) -> bool:
        """It is of the doubly labelled data, that scores are taken of."""
        return self.gold.labeller == "gold"


def labelled_mails() -> list[GoldMail]:
    """Read every labelled mail; two readers of one mail become one mail.

    The mails around the seed's thread are of one source with it; a mail of the doubly labelled
    data is taken from there alone.
    """
    merged: dict[str, GoldMail] = {one.mail.message_id: one for one in read_gold()}
    for one in read_ours():
        name = one.mail.message_id
        if name not in merged:
            source = one.source.removesuffix("/related")
            merged[name] = replace(one, source=source)
        elif merged[name].labeller != "gold":
            merged[name] = joined(merged[name], one)
    return list(merged.values())


def joined(first: GoldMail, second: GoldMail) -> GoldMail:
    """Put what two readers said of a mail side by side."""
    other = {(one.start, one.stop): one for one in second.units}
    units = tuple(_joined_unit(one, other.get((one.start, one.stop))) for one in first.units)
    stances = {(one.start, one.stop): one for one in first.stances}
    for one in second.stances:
        before = stances.get((one.start, one.stop))
        both = replace(before, stances=before.stances + one.stances) if before else one
        stances[one.start, one.stop] = both
    return replace(first, units=units, stances=tuple(stances.values()))


def _joined_unit(first: GoldUnit, second: GoldUnit | None) -> GoldUnit:
    if second is None:
        return first
    left = list(second.relations)
    relations = []
    for one in first.relations:
        same = next((two for two in left if is_same(one, two)), None)
        if same:
            left.remove(same)
            one = replace(one if one.exact or not same.exact else same, by=2)
        relations.append(one)
    return replace(
        first, labels=first.labels + second.labels, relations=(*relations, *left)
    )  # fmt: skip


def is_same(first: GoldRelation, second: GoldRelation) -> bool:
    """Tell whether two readers mean one relation: type, target, and words that overlap."""
    if (first.type, first.to) != (second.type, second.to):
        return False
    return first.to == "patch" or (first.start < second.stop and second.start < first.stop)


def bearings(mails: Sequence[GoldMail]) -> list[Bearing]:
    """Look at labelled mails; labels are those that a learner tells of threads it never saw."""
    some = usable(mails)
    found = examples(some)
    return looked_at(some, found, crossed(found))


def usable(mails: Sequence[GoldMail]) -> list[GoldMail]:
    """Leave out mails without units, and those that are left alone for their language."""
    return [one for one in mails if one.units and as_cut(one.mail, one.spans).units]


def looked_at(mails: Sequence[GoldMail], some: Examples, labels: Crossed) -> list[Bearing]:
    """Look at mails whose units were told: ``some`` and ``labels`` are of these, in order."""
    told = iter(_likely(labels, some))
    rows = iter(some.rows)
    found = []
    for one in mails:
        cut = placed(one, as_cut(one.mail, one.spans))
        shares = [next(told) for _ in one.units]
        mine = [next(rows) for _ in one.units]
        found.append(Bearing(one, view(one.mail, cut, shares, mine)))
    return found


def _likely(labels: Crossed, some: Examples) -> Iterator[dict[str, float]]:
    """Give how likely each label is, as `label_units` does where a rule decides."""
    for row, rule in zip(labels.leaned.tolist(), some.rules, strict=True):
        shares = dict(zip(labels.classes, row, strict=True))
        if rule:
            shares = {name: (1 - SCORE) * share for name, share in shares.items()}
            shares[rule] = shares.get(rule, 0.0) + SCORE
        yield shares


def placed(gold: GoldMail, cut: Segments) -> Segments:
    """Put every unit under the passage above it, also where our cut has no unit there."""
    stops = [one.stop for one in cut.passages]
    units: list[Segment] = []
    for one in cut.units:
        above = bisect_right(stops, one.start) - 1
        units.append(replace(one, passage=above))
    return replace(cut, units=tuple(units))


def sources_fold(some: Sequence[Bearing]) -> list[int]:
    """Divide mails into folds by thread, of about as many units each."""
    by_unit = [one.gold.source for one in some for _ in one.gold.units]
    fold = dict(zip(by_unit, group_folds(by_unit, FOLDS), strict=True))
    return [fold[one.gold.source] for one in some]


def weight(relation: GoldRelation, unit: GoldUnit) -> float:
    """Say how much a relation counts in training."""
    return 1.0 if relation.by >= len(unit.labels) else DOUBTFUL


def fit(some: Sequence[Bearing]) -> RelationModel:
    """Train the three models on some mails."""
    rows: list[Mapping[str, float]] = []
    aims: list[Mapping[str, float]] = []
    near = _Choices([], [])
    meant = _Choices([], [])
    for one in some:
        for number, unit in enumerate(one.gold.units):
            row = move_row(one.seen, number)
            if not one.careful:
                row |= {READERS: 1.0, f"{READERS}|{one.seen.labels[number]}": 1.0}
            rows.append(row)
            aims.append(_moves_of(one, number))
            for relation in unit.relations:
                _add(one, number, relation, weight(relation, unit), near, meant)
    return RelationModel(
        Learner.fit(rows, aims, l2=MOVES_L2, min_count=MOVES_FEWEST),
        Ranker.fit(near.rows, near.aims, l2=TARGETS_L2, min_count=FEWEST),
        Ranker.fit(meant.rows, meant.aims, l2=TARGETS_L2, min_count=FEWEST),
    )


@dataclass(frozen=True, slots=True)
class _Choices:
    rows: list[list[list[str]]]
    aims: list[list[float]]


def _moves_of(one: Bearing, number: int) -> dict[str, float]:
    unit = one.gold.units[number]
    shares: dict[str, float] = {}
    sure = 0.0
    for relation in unit.relations:
        if relation.to != "quote" or one.seen.cut.units[number].passage >= 0:
            name, share = f"{relation.type}:{relation.to}", weight(relation, unit)
            shares[name] = shares.get(name, 0.0) + share
            sure = max(sure, share)
    shares[NONE] = 1.0 - sure
    whole = sum(shares.values())
    return {name: share / whole for name, share in shares.items() if share}


def _add(
    one: Bearing,
    number: int,
    relation: GoldRelation,
    share: float,
    near: _Choices,
    meant: _Choices,
) -> None:
    """Add the choice of a target among the others that it could have been."""
    seen, kind = one.seen, relation.type
    if relation.to == "unit":
        others = window(seen, number)
        aims = [share * (_span(seen, at) == (relation.start, relation.stop)) for at in others]
        if len(others) > 1 and any(aims):
            near.rows.append([unit_row(seen, number, at, kind) for at in others])
            near.aims.append(aims)
    passage = seen.cut.units[number].passage
    if relation.to == "quote" and passage >= 0 and len(seen.sayings[passage]) > 1:
        at = saying_of(seen, passage, relation)
        if at is not None:
            count = len(seen.sayings[passage])
            meant.rows.append([saying_row(seen, number, k, kind) for k in range(-1, count)])
            meant.aims.append([share * (k == at) for k in range(-1, count)])


def _span(seen: View, at: int) -> tuple[int, int]:
    return seen.cut.units[at].start, seen.cut.units[at].stop


def saying_of(seen: View, passage: int, relation: GoldRelation) -> int | None:
    """Find the quoted sentence that a reader means; -1: the block as a whole."""
    if not relation.exact:
        return -1
    some = [
        at
        for at, one in enumerate(seen.sayings[passage])
        if one.start < relation.stop and relation.start < one.stop
    ]
    return some[-1] if some else None


def held_out(some: Sequence[Bearing]) -> list[tuple[list[int], RelationModel]]:
    """Train on all folds but one, for each: the mails of that one, and the model."""
    fold = np.array(sources_fold(some))
    return [
        (
            np.flatnonzero(fold == number).tolist(),
            fit([one for one, at in zip(some, fold, strict=True) if at != number]),
        )
        for number in range(int(fold.max()) + 1)
    ]
