"""How well units are told, beside what readers, the plain cues and a majority reach.

python -m tests.eval.arguments.run [--curve] [--worst N]

All figures are by cross-validation over threads. ``--curve`` trains on a quarter and a half of
the threads too; ``--worst`` lists the surest errors by mail and span.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from random import Random

from tests.eval.arguments.crossed import Crossed, crossed
from tests.eval.arguments.examples import Examples, all_mails, examples
from tests.eval.arguments.units import Scored, alpha, sure_counts
from threadkit.analyze.arguments.values import LABELS

SHARES = (0.25, 0.5)
SURE = ("question", "concession", "proposal")
_CUED = ("concession", "question", "decision", "proposal", "agreement", "social", "evidence")


def by_cues(row: dict[str, float]) -> str:
    """Tell a unit by the family that has most cues in it; a claim if there is none."""
    found = Counter(
        name.removeprefix("cue:").partition(":")[0] for name in row if name.startswith("cue:")
    )
    best = max(_CUED, key=lambda family: found[family])
    return best if found[best] else "claim"


def agreement(some: Examples, *, gold: bool) -> tuple[float, int]:
    """Measure how far two readers agree on the units that two have read."""
    pairs = [
        (each[0], each[1])
        for each, one in zip(some.labels, some.gold, strict=True)
        if len(each) > 1 and one is gold
    ]
    return alpha(pairs), len(pairs)


def some_threads(some: Examples, share: float) -> list[int]:
    """Choose a share of the threads, the same at every run; all units of each."""
    names = sorted(set(some.sources))
    Random(1).shuffle(names)
    chosen = set(names[: max(1, round(share * len(names)))])
    return [at for at, name in enumerate(some.sources) if name in chosen]


def table(name: str, part: Scored) -> Iterator[str]:
    """Yield the figures of one set."""
    low, high = part.interval(Scored.macro)
    yield (
        f"{name}: {len(part.told)} units, macro-F1 {part.macro():.3f} ({low:.2f} to {high:.2f}), "
        f"accuracy {part.accuracy():.3f}"
    )
    for label, size in part.sizes().items():
        one = part.counts(label)
        yield f"  {label:11} {size:6} P {one.precision:.2f} R {one.recall:.2f} F1 {one.f1:.2f}"


def report(some: Examples, told: Crossed, worst: int) -> Iterator[str]:
    """Yield the lines of the report."""
    whole = Scored(some.labels, told.told, some.mails)
    for name, wanted in (("doubly labelled", True), ("ours", False)):
        at = [number for number, one in enumerate(some.gold) if one is wanted]
        part = whole.only(at)
        yield from table(name, part)
        for label in SURE:
            sure = sure_counts(
                part.labels, part.told, [told.scores[number] for number in at], label
            )
            yield f"  {label} from the threshold on: P {sure.precision:.2f} R {sure.recall:.2f}"
        value, pairs = agreement(some, gold=wanted)
        yield f"  readers: alpha {value:.2f} over {pairs} units"
        rows = [some.rows[number] for number in at]
        for base, guess in (
            ("cues", [by_cues(row) for row in rows]),
            ("claim", ["claim"] * len(at)),
        ):
            plain = Scored(part.labels, guess, part.mails)
            yield f"  baseline {base}: macro-F1 {plain.macro():.3f}, accuracy {plain.accuracy():.3f}"
        confusion = part.confusion()
        yield "  read as (row), told as: " + " ".join(one[:6] for one in LABELS)
        for row in LABELS:
            counts = " ".join(f"{confusion[row, column]:6}" for column in LABELS)
            yield f"  {row:11} {counts}"
    yield from worst_errors(some, told, worst)


def worst_errors(some: Examples, told: Crossed, most: int) -> Iterator[str]:
    """Yield the surest errors on the doubly labelled units."""
    wrong = [
        (told.scores[at], at)
        for at, each in enumerate(some.labels)
        if some.gold[at] and told.told[at] not in each
    ]
    for score, at in sorted(wrong, reverse=True)[:most]:
        message, start, stop = some.places[at]
        yield f"  {score:.2f} {told.told[at]} for {'/'.join(some.labels[at])} {message} {start}-{stop}"


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--curve", action="store_true")
    parser.add_argument("--worst", type=int, default=20)
    options = parser.parse_args(argv)
    some = examples(all_mails())
    for line in report(some, crossed(some), options.worst):
        sys.stdout.write(line + "\n")
    for share in SHARES if options.curve else ():
        at = some_threads(some, share)
        told = crossed(some, at)
        gold = [number for number, one in enumerate(some.gold) if one]
        part = Scored(some.labels, told.told, some.mails).only(gold)
        sys.stdout.write(f"{len(at)} units to train on: macro-F1 {part.macro():.3f}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
