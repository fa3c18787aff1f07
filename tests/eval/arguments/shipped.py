"""The shipped models on a file of labels, nothing trained: for mail that training never saw.

python -m tests.eval.arguments.shipped LABELS [--mails PATH ...] [--worst N]

LABELS has either form: that of the doubly labelled data (``../shared/gold``), or that of
``data/labels/arguments``. PATH is a mailbox, Maildir or bundle that has the mails; the corpora
if not given. Everything is measured twice: in the spans that the readers labelled, and end to
end, where each labelled unit is told as our unit that it overlaps most. Mails and threads that
training did see are counted, and left out with ``--unseen``.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tests.eval.arguments import attachment, stance, table
from tests.eval.arguments.bearings import Bearing, joined, placed
from tests.eval.arguments.errors import confusion, worst
from tests.eval.arguments.examples import as_cut
from tests.eval.arguments.figures import Told, alphas, classes, figures, most, plain
from tests.eval.arguments.gold import GOLD, OURS, GoldMail, corpus, gold_mails, our_mails
from tests.eval.corpus import Found, mails
from threadkit.analyze.arguments import relations as bearing
from threadkit.analyze.arguments import stance as standing
from threadkit.analyze.arguments.features import reads, rows
from threadkit.analyze.arguments.labels import label_units
from threadkit.analyze.arguments.read import arguments
from threadkit.analyze.arguments.relations_view import view
from threadkit.analyze.arguments.values import MailArguments, Relation, Target


@dataclass(frozen=True, slots=True)
class Reading:
    """Labelled mails, their segments, and what the shipped models told of them."""

    mails: list[Bearing]
    segments: list[stance.Segment]
    given: Told
    whole: Told


def read_labels(path: Path, found: Mapping[str, Found]) -> list[GoldMail]:
    """Read labelled mails of either form; two readers of one mail become one mail."""
    lines = path.read_text("utf-8").splitlines()
    if any("type" in unit for line in lines for unit in json.loads(line)["units"]):
        return gold_mails(path, found)
    merged: dict[str, GoldMail] = {}
    for one in our_mails([path], found):
        name = one.mail.message_id
        merged[name] = joined(merged[name], one) if name in merged else one
    return list(merged.values())


def seen_before() -> tuple[set[str], set[str]]:
    """Return the Message-IDs that training saw, and the first mails of their threads."""
    names = {
        json.loads(line)["message_id"]
        for path in [GOLD, *sorted(OURS.glob("*.jsonl"))]
        if path.exists()
        for line in path.read_text("utf-8").splitlines()
    }
    here = corpus()
    return names, {_root(here[name]) for name in names if name in here} | names


def _root(found: Found) -> str:
    above = (*found.mail.references, *found.mail.in_reply_to)
    return above[0] if above else found.mail.message_id


def read(gold: Iterable[GoldMail]) -> Reading:
    """Read labelled mails with the shipped models."""
    some, likely, five_of = [], [], []
    labels, scores, bears = [], [], []
    whole: list[MailArguments] = []
    for one in gold:
        if not one.units or not (cut := placed(one, as_cut(one.mail, one.spans))).units:
            continue
        told = label_units(one.mail, cut)
        seen = view(
            one.mail, cut, [each.shares for each in told],
            rows(one.mail, cut.units, cut.passages, reads(one.mail, cut.units)),
        )  # fmt: skip
        moves = bearing.moves(seen, bearing.shipped())
        some.append(Bearing(one, seen))
        likely.append(moves)
        labels.append([each.label for each in told])
        scores.append([each.score for each in told])
        bears.append(bearing.relations(seen, moves, bearing.shipped()))
        whole.append(arguments(one.mail))
    segments = stance.segments_of(some, likely)
    model = standing.shipped()
    shares = model.predict_proba([one.row for one in segments]).tolist() if segments else []
    for row in shares:
        five_of.append(dict(zip(model.classes, row, strict=True)))
    given = Told(
        labels, scores, bears,
        [max(sorted(each), key=lambda name: each[name]) for each in five_of],
        [stance.sides(each) for each in five_of],
    )  # fmt: skip
    return Reading(some, segments, given, end_to_end(some, segments, whole))


def end_to_end(
    some: Sequence[Bearing],
    segments: Sequence[stance.Segment],
    whole: Sequence[MailArguments],
) -> Told:
    """Put what was told of whole mails on the labelled units.

    A labelled unit is told as our unit that it overlaps most; relations of units that overlap
    no labelled one are not counted.
    """
    labels, scores, bears = [], [], []
    for one, mine in zip(some, whole, strict=True):
        spans = [(unit.start, unit.stop) for unit in mine.units]
        nearest = [_overlapping(span, spans) for span in one.gold.spans]
        labels.append(["" if at is None else mine.units[at].label for at in nearest])
        scores.append([0.0 if at is None else mine.units[at].score for at in nearest])
        bears.append(moved(mine.relations, [_overlapping(span, one.gold.spans) for span in spans]))
    five = [
        whole[one.mail].passages[one.passage].stance
        if one.passage < len(whole[one.mail].passages)
        else "undecided"
        for one in segments
    ]
    return Told(labels, scores, bears, five, [stance.three(one) for one in five])


def _overlapping(span: tuple[int, int], others: Sequence[tuple[int, int]]) -> int | None:
    """Return the number of the span that shares most characters with one."""
    shared = [min(span[1], stop) - max(span[0], start) for start, stop in others]
    best = max(range(len(others)), key=lambda at: shared[at], default=None)
    return best if best is not None and shared[best] > 0 else None


def moved(some: Iterable[Relation], to: Sequence[int | None]) -> list[Relation]:
    """Number relations as labelled units are; each once, the surest kept.

    Examples
    --------
    >>> one = Relation(1, "support", Target("unit", 0), 0.6, "model")
    >>> [(rel.unit, rel.target.first) for rel in moved([one], [4, 5])], moved([one], [4, 4])
    ([(5, 4)], [])
    """
    kept: dict[tuple[object, ...], Relation] = {}
    for one in some:
        unit, target = to[one.unit], one.target
        if target.kind == "unit":
            at = to[target.first]
            target = Target("unit", -1 if at is None else at)
        if unit is None or target == ("unit", unit, 0) or target.first < 0:
            continue
        name = (unit, one.kind, target)
        if name not in kept or kept[name].score < one.score:
            kept[name] = replace(one, unit=unit, target=target)
    return sorted(kept.values(), key=lambda one: (one.unit, -one.score))


def report(reading: Reading, errors: int = 20) -> Iterator[str]:
    """Yield the lines of the report."""
    some, segments = reading.mails, reading.segments
    rules = plain(some, segments)
    beside = most(some, segments), rules
    said = [[unit.labels for unit in one.gold.units] for one in some]
    for name, told in (("in the spans given", reading.given), ("end to end", reading.whole)):
        yield f"{name}: {sum(map(len, said)):,} units of {len(some)} mails"
        yield from table.text(figures(some, segments, told, beside))
        yield from table.class_text(classes(said, told.labels), classes(said, rules.labels))
        yield from table.confusion_text(confusion(some, told))
        yield ""
    lost = sum(attachment.accuracy([one])["none"] for one in some)
    yield f"labelled units under a quotation where we cut none: {lost}"
    for name, value in alphas(some, segments).items():
        yield f"readers, Krippendorff's alpha: {name} {value:.2f}"
    yield f"the {errors} surest wrong labels, in the spans given:"
    yield from (f"  {one}" for one in worst(some, reading.given, errors))


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("labels", type=Path)
    parser.add_argument("--mails", type=Path, nargs="+", default=[])
    parser.add_argument("--unseen", action="store_true", help="leave out threads of training")
    parser.add_argument("--worst", type=int, default=20)
    options = parser.parse_args(argv)
    found = mails(boxes=options.mails) if options.mails else corpus()
    gold = read_labels(options.labels, found)
    lines = options.labels.read_text("utf-8").splitlines()
    listed = {json.loads(line)["message_id"] for line in lines}
    names, roots = seen_before()
    same = [one for one in gold if one.mail.message_id in names]
    near = [one for one in gold if _root(found[one.mail.message_id]) in roots]
    say = sys.stdout.write
    say(f"{len(gold)} of {len(listed)} labelled mails are in the mail that was read\n")
    say(f"training saw {len(same)} of them, and {len(near)} are of threads that it saw\n")
    if near and not options.unseen:
        say("so what follows is no measure of unseen mail; --unseen leaves those threads out\n")
    if options.unseen:
        known = {one.mail.message_id for one in near}
        gold = [one for one in gold if one.mail.message_id not in known]
    if not gold:
        say("no mail is left to measure\n")
        return 1
    for line in report(read(gold), options.worst):
        say(line + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
