"""``make model``: train the models of arguments and write them with their card.

python -m tests.eval.arguments.train [--scores]

Needs ``../shared/gold`` and the corpora. With ``--scores`` nothing is written, only measured.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import threadkit.analyze.arguments as package
from tests.eval.arguments.examples import Examples, all_mails, examples
from tests.eval.arguments.units import Scored, threshold
from threadkit.analyze.arguments import kinds, labels
from threadkit.analyze.arguments.features import VERSION
from threadkit.analyze.arguments.learner import Learner, data_hash
from threadkit.analyze.arguments.training import group_folds

MODELS = Path(package.__file__).parent / "model"
FOLDS = 5
L2 = 3.0
MIN_COUNT = 2
PRECISE = {"question": 0.9, "concession": 0.9, "proposal": 0.9}
"""What is told of a person in these words must be right this often."""

USUAL = 0.6


def fit(some: Examples, rows: Sequence[int]) -> Learner:
    """Train on some of the units."""
    aims = some.aims
    return Learner.fit(
        [some.rows[at] for at in rows], [aims[at] for at in rows], l2=L2, min_count=MIN_COUNT
    )


def cross_validated(some: Examples, classes: Sequence[str]) -> NDArray[np.float64]:
    """Tell every unit with a learner that saw nothing of its thread."""
    fold = np.array(group_folds(some.sources, FOLDS))
    shares = np.zeros((len(some.rows), len(classes)))
    for number in range(FOLDS):
        learner = fit(some, np.flatnonzero(fold != number).tolist())
        unseen = np.flatnonzero(fold == number)
        told = learner.predict_proba([some.rows[at] for at in unseen])
        for column, name in enumerate(learner.classes):
            shares[unseen, classes.index(name)] = told[:, column]
    return shares


def thresholds(
    some: Examples, shares: NDArray[np.float64], classes: Sequence[str]
) -> dict[str, float]:
    """Find from which share on each class is shown."""
    best = shares.argmax(axis=1)
    found = {}
    for column, name in enumerate(classes):
        at = np.flatnonzero(best == column)
        pairs = [(float(shares[one, column]), name in some.labels[one]) for one in at]
        found[name] = threshold(pairs, PRECISE.get(name, USUAL))
    return found


def main(argv: Sequence[str] | None = None) -> int:
    """Train, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scores", action="store_true")
    options = parser.parse_args(argv)
    some = examples(all_mails())
    classes = sorted({name for each in some.labels for name in each})
    shares = cross_validated(some, classes)
    told = [classes[at] for at in shares.argmax(axis=1)]
    whole = Scored(some.labels, told, some.mails)
    gold = whole.only([at for at, one in enumerate(some.gold) if one])
    scores = {
        "gold": {"units": len(gold.told), "macro": round(gold.macro(), 3)},
        "all": {"units": len(whole.told), "macro": round(whole.macro(), 3)},
    }
    sys.stdout.write(json.dumps(scores) + "\n")
    if options.scores:
        return 0
    header = {
        "data": data_hash(
            f"{place}:{'/'.join(each)}"
            for place, each in zip(some.places, some.labels, strict=True)
        ),
        "features": VERSION,
        "thresholds": thresholds(some, shares, classes),
        "scores": scores,
        "units": len(some.rows),
    }
    MODELS.mkdir(exist_ok=True)
    model = fit(some, range(len(some.rows))).with_header(**header)
    (MODELS / labels.MODEL).write_bytes(model.to_bytes())
    (MODELS / kinds.MODEL).write_bytes(_kinds(some).with_header(**header).to_bytes())
    return 0


def _kinds(some: Examples) -> Learner:
    at = [number for number, kind in enumerate(some.kinds) if kind]
    rows = [kinds.kind_row(some.rows[one]) for one in at]
    return Learner.fit(rows, [some.kinds[one] for one in at], l2=L2, min_count=MIN_COUNT)


if __name__ == "__main__":
    sys.exit(main())
