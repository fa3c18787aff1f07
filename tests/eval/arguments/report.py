"""How well arguments are read, on threads that training never saw, in one table.

python -m tests.eval.arguments.report [--write] [--quick] [--parsed]

Every model is trained on some threads and asked about the others; what it tells of units is
what relations and stance are then told from. Beside each figure: what the most frequent answer
and plain rules reach, how far two readers agree, the goal. With ``--write`` the table of the
README is written too (``figures.json``); ``--quick`` reads the doubly labelled mails alone;
``--parsed`` compares with labels that read grammar too, if a full English pipeline is installed.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tests.eval.arguments import answered, bear, relations, stance, table
from tests.eval.arguments.bearings import Bearing, labelled_mails, looked_at, usable
from tests.eval.arguments.crossed import crossed
from tests.eval.arguments.errors import Wrong, confusion, worst, worst_relations
from tests.eval.arguments.examples import Examples, all_mails, examples, some_threads
from tests.eval.arguments.figures import (
    GOALS,
    Line,
    Measure,
    Told,
    alphas,
    classes,
    figures,
    most,
    of_labels,
    plain,
)
from tests.eval.arguments.gold import GOLD, GoldMail, corpus
from tests.eval.arguments.parsed import compared
from tests.eval.corpus import CORPORA
from threadkit.analyze.arguments.features import VERSION
from threadkit.analyze.arguments.learner import data_hash
from threadkit.analyze.arguments.parse import pipeline
from threadkit.analyze.arguments.relations_features import VERSION as RELATIONS_VERSION
from threadkit.analyze.debate import replying

FILE = Path(__file__).parent / "figures.json"
SHARES = (0.125, 0.25, 0.5)
"""Of the threads, that the learning curve is drawn through."""

SETS = ("doubly labelled", "doubly labelled, without the seed's thread", "ours")


@dataclass(frozen=True, slots=True)
class Crossing:
    """All labelled mails, and what models of other threads told of them."""

    examples: Examples
    mails: list[Bearing]
    segments: list[stance.Segment]
    told: Told


def cross(mails: Sequence[GoldMail]) -> Crossing:
    """Tell units, from these relations, from these stance, each by models of other threads."""
    gold = usable(mails)
    some = examples(gold)
    _says(f"labels of {len(some.rows):,} units")
    labels = crossed(some)
    seen = looked_at(gold, some, labels)
    _says("relations")
    found = relations.told(seen)
    _says("stance")
    segments = stance.segments_of(seen, [one.moves for one in found])
    likely = stance.told(seen, segments)
    names, scores = iter(labels.told), iter(labels.scores)
    told = Told(
        [[next(names) for _ in one.units] for one in gold],
        [[next(scores) for _ in one.units] for one in gold],
        [one.relations for one in found],
        [max(sorted(each), key=lambda name: each[name]) for each in likely],
        [stance.sides(each) for each in likely],
    )
    return Crossing(some, seen, segments, told)


def _says(what: str) -> None:
    sys.stderr.write(f"{what} ...\n")


def part(whole: Crossing, name: str) -> Crossing:
    """Keep the mails of a set."""
    at = [
        number
        for number, one in enumerate(whole.mails)
        if one.careful is name.startswith("doubly")
        and not (name.endswith("seed's thread") and one.gold.source == "cow-thread")
    ]
    place = {number: new for new, number in enumerate(at)}
    kept = [n for n, one in enumerate(whole.segments) if one.mail in place]
    segments = [whole.segments[n] for n in kept]
    told = whole.told
    return Crossing(
        whole.examples,
        [whole.mails[n] for n in at],
        [
            stance.Segment(place[one.mail], one.passage, one.careful, one.row, one.said)
            for one in segments
        ],
        Told(
            [told.labels[n] for n in at],
            [told.scores[n] for n in at],
            [told.relations[n] for n in at],
            [told.five[n] for n in kept],
            [told.three[n] for n in kept],
        ),
    )


def measured(whole: Crossing) -> dict[str, Any]:
    """Measure what was told of a set of mails."""
    some, told = whole.mails, whole.told
    rules = plain(some, whole.segments)
    said = [[unit.labels for unit in one.gold.units] for one in some]
    return {
        "mails": len(some),
        "threads": len({one.gold.source for one in some}),
        "figures": figures(some, whole.segments, told, (most(some, whole.segments), rules)),
        "classes": classes(said, told.labels),
        "classes, plain rules": classes(said, rules.labels),
        "alpha": alphas(some, whole.segments),
        "confusion": confusion(some, told),
        "worst labels": worst(some, told),
        "worst relations": worst_relations(some, told),
    }


# -- never-answered points -----------------------------------------------------------------


def never_answered() -> list[Line]:
    """Measure which points and questions have no answer; thread by thread, fitted to the others."""
    some = [one for one in answered.cases(answered.read_points()) if not one.label.doubt]
    mine = answered.crossed(some)
    rules = answered.by_rules(some)
    lines = []
    for one, by_rule in zip(of_answers(mine), of_answers(rules), strict=True):
        usual = max((of_answers([(case.label, score) for case in some]) for score in (0.0, 1.0)),
                    key=lambda each: each[-1].value())  # fmt: skip
        majority = next(each for each in usual if each.name == one.name)
        lines.append(
            Line(one.name, one.units, one.value(), *one.interval(),
                 majority.value() if majority.counts.any() else None, by_rule.value(),
                 None, GOALS.get(one.name))
        )  # fmt: skip
    return lines


def of_answers(told: Sequence[tuple[answered.Labelled, float]]) -> list[Measure]:
    """Give the figures; a thread is what is drawn. The last one is of questions."""
    threads = sorted({label.thread for label, _ in told})
    rows = {thread: np.zeros(7) for thread in threads}
    for label, score in told:
        never, told_so = label.answered != "yes", score < replying.ANSWERED
        question = label.kind == "question"
        rows[label.thread] += np.array(
            [never and told_so, told_so and not never, never and not told_so,
             question and never == told_so, question, never == told_so, 1.0]
        )  # fmt: skip
    whole = np.array([rows[one] for one in threads])
    points, asked = len(told), int(whole[:, 4].sum())
    silent = int(whole[:, 0].sum() + whole[:, 2].sum())
    return [
        Measure("never answered: precision", silent, whole[:, :2], _of_two),
        Measure("never answered: recall", silent, whole[:, [0, 2]], _of_two),
        Measure("answered or not, accuracy", points, whole[:, 5:7], _of_all),
        Measure("question answered or open, accuracy", asked, whole[:, 3:5], _of_all),
    ]


def _of_two(row: np.ndarray[Any, np.dtype[np.float64]]) -> float:
    return float(row[0] / row.sum()) if row.sum() else 1.0


def _of_all(row: np.ndarray[Any, np.dtype[np.float64]]) -> float:
    return float(row[0] / row[1]) if row[1] else 1.0


# -- more labels -----------------------------------------------------------------------------


def curve(whole: Crossing) -> list[dict[str, float]]:
    """Draw the learning curve of unit labels: trained on some of the other threads."""
    found = []
    names = whole.examples.gold
    for share in SHARES:
        at = some_threads(whole.examples, share)
        _says(f"labels, trained on {len(at):,} units")
        told = crossed(whole.examples, at)
        found.append(_point(share, len(at), whole, told.told, names))
    mine = [label for one in whole.told.labels for label in one]
    found.append(_point(1.0, len(names), whole, mine, names))
    return found


def _point(
    share: float, units: int, whole: Crossing, told: Sequence[str], gold: Sequence[bool]
) -> dict[str, float]:
    said, mine = [], []
    for each, one, careful in zip(whole.examples.labels, told, gold, strict=True):
        if careful:
            said.append(each)
            mine.append(one)
    some = {one.name: one.value() for one in of_labels([said], [mine])}
    return {"share": share, "units": units, **{name: round(v, 4) for name, v in some.items()}}


# -- the whole report --------------------------------------------------------------------------


def hashes() -> dict[str, str]:
    """Hash what the shipped models are trained on, as their headers do."""
    return {
        "labels": data_hash(
            f"{(one.mail.message_id, unit.start, unit.stop)} {'/'.join(unit.labels)} {unit.kind}"
            for one in all_mails()
            for unit in one.units
        ),
        "relations": bear.data_of(usable(labelled_mails())),
    }


def everything(*, quick: bool = False, parsed: bool = False) -> dict[str, Any]:
    """Measure all there is."""
    mails = [one for one in labelled_mails() if one.labeller == "gold" or not quick]
    whole = cross(mails)
    sets = {name: measured(part(whole, name)) for name in SETS[: 2 if quick else 3]}
    found = {
        "data": hashes(),
        "features": {"labels": VERSION, "relations": RELATIONS_VERSION},
        "units": len(whole.examples.labels),
        "mails": len(whole.mails),
        "threads": len({one.gold.source for one in whole.mails}),
        "sets": sets,
        "answers": [] if quick else never_answered(),
        "curve": [] if quick else curve(whole),
    }
    return {**found, "parsed": list(grammar(whole))} if parsed else found


def grammar(whole: Crossing) -> Iterator[str]:
    """Yield what a full English pipeline adds, if one is installed."""
    full = pipeline()
    if full is None:
        yield "no full English pipeline is installed here: labels do without"
        return
    mine = [label for one in whole.told.labels for label in one]
    yield from compared(whole.examples, [one.gold for one in whole.mails], full, mine)


def text(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield the report as lines of a terminal."""
    yield (
        f"{found['units']:,} units of {found['mails']:,} mails of {found['threads']} threads; "
        "every thread is told by models of the others"
    )
    here = corpus()
    for name, one in found["sets"].items():
        yield ""
        yield f"{name}: {one['mails']:,} mails of {one['threads']} threads"
        yield from table.text(one["figures"])
        alpha = ", ".join(f"{what} {value:.2f}" for what, value in one["alpha"].items())
        yield f"readers, Krippendorff's alpha: {alpha}"
        yield from table.class_text(one["classes"], one["classes, plain rules"])
        yield from table.confusion_text(one["confusion"])
    for what in ("labels", "relations"):
        yield ""
        yield f"the surest wrong {what} of those that are doubly labelled"
        for wrong in found["sets"][SETS[0]][f"worst {what}"]:
            yield f"  {wrong}"
            yield f"    {wrong.passage(here)}"
    if found["answers"]:
        yield ""
        yield from table.text(found["answers"])
    for point in found["curve"]:
        yield (
            f"learning curve: {point['units']:6,.0f} units ({point['share']:.0%} of the threads): "
            f"macro-F1 {point['unit labels, macro-F1']:.3f}, "
            f"claims {point['claims found, F1']:.3f}"
        )
    yield from found.get("parsed", ())


def written(found: Mapping[str, Any]) -> str:
    """Write the report as JSON, without anybody's words."""
    found = {name: value for name, value in found.items() if name != "parsed"}
    return json.dumps(_rounded(found), indent=1, ensure_ascii=False) + "\n"


def _rounded(one: Any) -> Any:
    if isinstance(one, float):
        return round(one, 4)
    if isinstance(one, Line):
        return _rounded({**asdict(one), "met": one.met})
    if isinstance(one, Wrong):
        return asdict(one)
    if hasattr(one, "_asdict"):
        return _rounded(one._asdict())
    if isinstance(one, Mapping):
        return {name: _rounded(value) for name, value in one.items()}
    return [_rounded(each) for each in one] if isinstance(one, (list, tuple)) else one


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--write", action="store_true", help="write figures.json")
    parser.add_argument("--quick", action="store_true", help="doubly labelled mails alone")
    parser.add_argument("--parsed", action="store_true", help="with a full English pipeline, too")
    options = parser.parse_args(argv)
    if options.write and options.quick:
        parser.error("--quick measures too little to be written")
    if not (GOLD.exists() and CORPORA.is_dir()):
        sys.stdout.write("labelled data and corpora are not here: nothing is measured\n")
        return 1 if os.environ.get("THREADKIT_REQUIRE_CORPORA") else 0
    found = everything(quick=options.quick, parsed=options.parsed)
    for line in text(found):
        sys.stdout.write(line + "\n")
    if options.write:
        FILE.write_text(written(found), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
