"""What a full English pipeline adds to labels of units, where one is installed."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace

from tests.eval.arguments.crossed import crossed
from tests.eval.arguments.examples import Examples
from tests.eval.arguments.figures import Measure, of_labels
from tests.eval.arguments.gold import GoldMail
from threadkit.analyze.arguments.parse import Parse, Pipeline, parses

_SENTENCES = ("shape:prose", "shape:heading")
"""Features of what is parsed: code, logs and lists of names have no grammar."""


def names(parse: Parse) -> Iterator[str]:
    """Yield the features of a parse."""
    yield f"p:root:{parse.root}"
    yield f"p:tag:{parse.tag}"
    yield f"p:person:{parse.person}"
    yield f"p:modal:{parse.modal}:{parse.negated}"
    yield f"p:{parse.person}:{parse.tag}:{parse.modal}"
    yield f"p:{parse.person}:{parse.root}"
    for name in ("imperative", "attributed", "negated"):
        if getattr(parse, name):
            yield f"p:{name}"


def with_parses(some: Examples, mails: Sequence[GoldMail], full: Pipeline) -> Examples:
    """Add what the grammar of each sentence says to its features; ``some`` are of the mails."""
    texts = [one.mail.body[unit.start : unit.stop] for one in mails for unit in one.units]
    rows = [
        row | dict.fromkeys(names(parse), 1.0) if any(one in row for one in _SENTENCES) else row
        for row, parse in zip(some.rows, parses(texts, full), strict=True)
    ]
    return replace(some, rows=rows)


def compared(
    some: Examples, mails: Sequence[GoldMail], full: Pipeline, told: Sequence[str]
) -> Iterator[str]:
    """Yield the figures of labels without the pipeline, which are ``told``, and with it."""
    sys.stderr.write(f"units parsed by {full.name} {full.version} ...\n")
    more = crossed(with_parses(some, mails, full)).told
    yield f"labels without a full English pipeline, and with {full.name} {full.version}:"
    for careful, name in ((True, "doubly labelled"), (False, "ours")):
        pairs = zip(_measures(some, told, careful), _measures(some, more, careful), strict=True)
        for without, with_ in pairs:
            low, high = with_.interval()
            yield (
                f"  {name}, {without.name}: {without.value():.3f}, {with_.value():.3f} "
                f"({low:.2f}..{high:.2f})"
            )


def _measures(some: Examples, told: Sequence[str], careful: bool) -> list[Measure]:
    """Measure labels by mail."""
    said: dict[int, list[tuple[str, ...]]] = {}
    mine: dict[int, list[str]] = {}
    for at, number in enumerate(some.mails):
        if some.gold[at] is careful:
            said.setdefault(number, []).append(some.labels[at])
            mine.setdefault(number, []).append(told[at])
    return list(of_labels(list(said.values()), list(mine.values())))
