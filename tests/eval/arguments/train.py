"""``make model``: train the models of unit labels and write them with their card.

python -m tests.eval.arguments.train [--scores]

Needs ``../shared/gold`` and the corpora. With ``--scores`` nothing is written, only measured.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import threadkit.analyze.arguments as package
from tests.eval.arguments.card import card_text
from tests.eval.arguments.crossed import Crossed, crossed, fit, leanings, thresholds
from tests.eval.arguments.examples import Examples, all_mails, examples
from tests.eval.arguments.units import Scored, sure_counts
from threadkit.analyze.arguments import kinds, labels
from threadkit.analyze.arguments.features import VERSION
from threadkit.analyze.arguments.learner import Learner, data_hash
from threadkit.analyze.arguments.training import group_folds

MODELS = Path(package.__file__).parent / "model"
SURE = ("question", "concession", "proposal")
KIND_L2 = 3.0


def main(argv: Sequence[str] | None = None) -> int:
    """Train, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scores", action="store_true")
    options = parser.parse_args(argv)
    some = examples(all_mails())
    told = crossed(some)
    card = scores_of(some, told)
    card["kinds of claims"] = kind_scores(some)
    sys.stdout.write(json.dumps(card, indent=1) + "\n")
    if not options.scores:
        write(some, told, card)
    return 0


def scores_of(some: Examples, told: Crossed) -> dict[str, object]:
    """Return the figures of the card, by cross-validation over threads."""
    card: dict[str, object] = {}
    for name, wanted in (("doubly labelled", True), ("ours", False)):
        at = [number for number, one in enumerate(some.gold) if one is wanted]
        part = Scored(some.labels, told.told, some.mails).only(at)
        by_class = {
            label: {
                "units": size,
                "precision": round(part.counts(label).precision, 2),
                "recall": round(part.counts(label).recall, 2),
                "f1": round(part.counts(label).f1, 2),
            }
            for label, size in part.sizes().items()
        }
        labels_, told_ = (
            [some.labels[one] for one in at],
            [told.told[one] for one in at],
        )
        scores = [told.scores[one] for one in at]
        sure = {label: sure_counts(labels_, told_, scores, label) for label in SURE}
        low, high = part.interval(Scored.macro)
        card[name] = {
            "units": len(at),
            "macro-F1": round(part.macro(), 3),
            "macro-F1, 95 %": [round(low, 3), round(high, 3)],
            "accuracy": round(part.accuracy(), 3),
            "classes": by_class,
            "from the threshold on": {
                label: {
                    "precision": round(one.precision, 2),
                    "recall": round(one.recall, 2),
                }
                for label, one in sure.items()
            },
        }
    return card


def kind_scores(some: Examples) -> dict[str, object]:
    """Measure the kinds of claims, by cross-validation over threads."""
    at = [number for number, kind in enumerate(some.kinds) if kind]
    fold = group_folds([some.sources[one] for one in at], 5)
    right = 0
    for number in range(max(fold) + 1):
        seen = [one for one, part in zip(at, fold, strict=True) if part != number]
        unseen = [one for one, part in zip(at, fold, strict=True) if part == number]
        found = kinds.kinds_of([some.rows[one] for one in unseen], fit_kinds(some, seen))
        right += sum(some.kinds[one] == kind for one, kind in zip(unseen, found, strict=True))
    return {"units": len(at), "accuracy": round(right / len(at), 3)}


def fit_kinds(some: Examples, at: Sequence[int]) -> Learner:
    """Train the kinds on some of the claims."""
    rows = [kinds.kind_row(some.rows[one]) for one in at]
    return Learner.fit(rows, [some.kinds[one] for one in at], l2=KIND_L2, min_count=2)


def write(some: Examples, told: Crossed, card: dict[str, object]) -> None:
    """Train on everything; write the models and the card."""
    lines = zip(some.places, some.labels, some.kinds, strict=True)
    header = {
        "data": data_hash(f"{place} {'/'.join(each)} {kind}" for place, each, kind in lines),
        "features": VERSION,
        "units": len(some.rows),
        "mails": len(set(some.mails)),
        "threads": len(set(some.sources)),
    }
    weights = leanings(some.labels, told.shares, told.classes)
    limits = thresholds(some, told)
    model = replace(fit(some, range(len(some.rows))), temperature=told.temperature)
    model = model.leaning(weights)
    model = model.with_header(**header, thresholds=limits, leanings=weights)
    MODELS.mkdir(exist_ok=True)
    (MODELS / labels.MODEL).write_bytes(model.to_bytes())
    claims = [number for number, kind in enumerate(some.kinds) if kind]
    (MODELS / kinds.MODEL).write_bytes(fit_kinds(some, claims).with_header(**header).to_bytes())
    told_of = {**header, "thresholds": limits, "scores": card}
    (MODELS / "labels.card.json").write_text(json.dumps(told_of, indent=1) + "\n", "utf-8")
    (MODELS / "labels.md").write_text(card_text(told_of), "utf-8")


if __name__ == "__main__":
    sys.exit(main())
