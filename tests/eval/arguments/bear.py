"""Train the models of relations and stance, and measure them on threads they never saw.

python -m tests.eval.arguments.bear [--scores] [--misses]

Part of ``make model``; runs after the models of labels. With ``--scores`` nothing is written.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import threadkit.analyze.arguments as package
from tests.eval.arguments import attachment, relations, stance
from tests.eval.arguments.bearings import Bearing, bearings, fit, labelled_mails
from tests.eval.arguments.gold import GoldMail
from tests.eval.scores import total
from threadkit.analyze.arguments.learner import data_hash
from threadkit.analyze.arguments.relations import MODELS
from threadkit.analyze.arguments.relations_features import VERSION
from threadkit.analyze.arguments.stance import MODEL
from threadkit.analyze.arguments.stance_features import VERSION as STANCE_VERSION

FOLDER = Path(package.__file__).parent / "model"
SETS = {"gold": "", "gold, without the seed's thread": "cow-thread"}
"""What is measured, and which thread is left out: two thirds of the units are of that one."""


def scores(some: Sequence[Bearing], told: Sequence[relations.Told]) -> dict[str, object]:
    """Measure relations on the doubly labelled data."""
    found: dict[str, object] = {}
    for name, but in SETS.items():
        at = [
            number
            for number, one in enumerate(some)
            if one.careful and one.gold.source != but
        ]  # fmt: skip
        mails, mine = [some[one] for one in at], [told[one].relations for one in at]
        found[name] = {
            "all": total(relations.counts(mails, mine)).f1,
            "attack": total(relations.counts(mails, mine, kinds=("attack",))).f1,
            "all, words": total(relations.counts(mails, mine, reading="words")).f1,
            "all, every": total(relations.counts(mails, mine, every=True)).f1,
            "sides": relations.side_scores(relations.sides(mails, mine)),
            "readers": relations.readers(mails).f1,
            "readers, attack": relations.readers(mails, ("attack",)).f1,
            "nearest": total(relations.counts(mails, [relations.nearest(one) for one in mails])).f1,
            "attachment": attachment.accuracy(mails),
        }
    return found


def data_of(some: Iterable[GoldMail]) -> str:
    """Hash what was trained on."""
    return data_hash(
        f"{one.mail.message_id}:{unit.start}:{unit.stop}:{unit.relations}"
        for one in some
        for unit in one.units
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Train, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scores", action="store_true")
    parser.add_argument("--misses", action="store_true", help="list types mixed up, worst errors")
    options = parser.parse_args(argv)
    some = bearings(labelled_mails())
    told = relations.told(some)
    segments = stance.segments_of(some, [one.moves for one in told])
    measured = {**scores(some, told), "stance": stance.scores(some, segments)}
    sys.stdout.write(json.dumps(measured) + "\n")
    if options.misses:
        at = [number for number, one in enumerate(some) if one.careful]
        mails, mine = [some[one] for one in at], [told[one].relations for one in at]
        for (theirs, ours), count in relations.confusion(mails, mine).most_common():
            sys.stdout.write(f"{count:5} {theirs} told as {ours}\n")
        for name, start, wrong in relations.worst(mails, mine):
            sys.stdout.write(f"{name} {start} {wrong.kind} {wrong.target} {wrong.score}\n")
    if options.scores:
        return 0
    header = {
        "data": data_of(one.gold for one in some),
        "scores": measured,
        "units": sum(len(one.gold.units) for one in some),
    }
    model = fit(some)
    head = {"features": VERSION, **header}
    made = [
        model.moves.with_header(**head).to_bytes(),
        model.units.with_header(**head).to_bytes(),
        model.sayings.with_header(**head).to_bytes(),
    ]
    for name, data in zip(MODELS, made, strict=True):
        (FOLDER / name).write_bytes(data)
    learner = stance.fit(segments).with_header(features=STANCE_VERSION, **header)
    (FOLDER / MODEL).write_bytes(learner.to_bytes())
    return 0


if __name__ == "__main__":
    sys.exit(main())
