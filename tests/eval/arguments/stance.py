"""Stance of the words under a quotation: examples, training, scores."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.eval.arguments.bearings import READERS, Bearing, sources_fold
from tests.eval.arguments.units import alpha
from threadkit.analyze.arguments.learner import Learner
from threadkit.analyze.arguments.stance_features import stance_row

L2 = 30.0
FEWEST = 5
SIDES = ("agree", "disagree")


@dataclass(frozen=True, slots=True)
class Segment:
    """A labelled segment; ``mail`` is its number, ``said`` has the stance of each reader."""

    mail: int
    passage: int
    careful: bool
    row: dict[str, float]
    said: tuple[str, ...]


def segments_of(
    some: Sequence[Bearing], likely: Sequence[Sequence[Mapping[str, float]]]
) -> list[Segment]:
    """List the labelled segments of mails, with what moves of their units were likely.

    A passage with two labelled blocks is answered as its last one is.
    """
    found = []
    for number, (one, moves) in enumerate(zip(some, likely, strict=True)):
        runs = {one.seen.cut.units[run.start].passage: run for run in one.seen.runs}
        said: dict[int, tuple[str, ...]] = {}
        for stance in one.gold.stances:
            for at, passage in enumerate(one.seen.cut.passages):
                if passage.start <= stance.start < passage.stop and at in runs:
                    said[at] = stance.stances
        for at, each in said.items():
            row = stance_row(one.seen, runs[at], moves)
            found.append(Segment(number, at, one.careful, row, each))
    return found


def fit(some: Sequence[Segment]) -> Learner:
    """Train on segments."""
    rows = [one.row if one.careful else one.row | {READERS: 1.0} for one in some]
    aims = [{name: one.said.count(name) / len(one.said) for name in one.said} for one in some]
    return Learner.fit(rows, aims, l2=L2, min_count=FEWEST)


def three(stance: str) -> str:
    """Put the stances that take no side together."""
    return stance if stance in SIDES else "other"


def sides(shares: Mapping[str, float]) -> str:
    """Tell the side from how likely each stance is."""
    found = Counter[str]()
    for name, share in shares.items():
        found[three(name)] += share  # type: ignore[assignment]
    return max(sorted(found), key=lambda one: found[one])


def told(some: Sequence[Bearing], segments: Sequence[Segment]) -> list[dict[str, float]]:
    """Tell how likely each stance is, by models of other threads."""
    fold = sources_fold(some)
    found: dict[int, dict[str, float]] = {}
    for number in range(max(fold) + 1):
        learner = fit([one for one in segments if fold[one.mail] != number])
        at = [place for place, one in enumerate(segments) if fold[one.mail] == number]
        shares = learner.predict_proba([segments[place].row for place in at])
        for place, row in zip(at, shares.tolist(), strict=True):
            found[place] = dict(zip(learner.classes, row, strict=True))
    return [found[place] for place in range(len(segments))]


def accuracy(said: Sequence[tuple[str, ...]], mine: Sequence[str]) -> float:
    """Share of segments told as one of their readers did."""
    right = sum(one in each for each, one in zip(said, mine, strict=True))
    return right / len(said) if said else 1.0


def macro(said: Sequence[tuple[str, ...]], mine: Sequence[str]) -> float:
    """Average F1 over the stances; a segment whose readers differ is right with either."""
    truth = [one if one in each else each[0] for each, one in zip(said, mine, strict=True)]
    names = sorted({*truth, *mine})
    scores = []
    for name in names:
        both = sum(a == b == name for a, b in zip(truth, mine, strict=True))
        scores.append(2 * both / (truth.count(name) + list(mine).count(name)))
    return sum(scores) / len(scores) if scores else 1.0


def scores(some: Sequence[Bearing], segments: Sequence[Segment]) -> dict[str, object]:
    """Measure stance on the doubly labelled data."""
    likely = told(some, segments)
    at = [place for place, one in enumerate(segments) if one.careful]
    said = [segments[place].said for place in at]
    five = [max(sorted(likely[place]), key=lambda one: likely[place][one]) for place in at]
    three_ways = [tuple(three(one) for one in each) for each in said]
    mine = [sides(likely[place]) for place in at]
    return {
        "segments": len(at),
        "five": accuracy(said, five),
        "five macro": macro(said, five),
        "three": accuracy(three_ways, mine),
        "three macro": macro(three_ways, mine),
        "majority": accuracy(three_ways, ["other"] * len(at)),
        "readers": alpha([(each[0], each[1]) for each in said if len(each) > 1]),
    }
