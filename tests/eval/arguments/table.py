"""Figures as lines for a terminal and as a table in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from tests.eval.arguments.figures import Line, OfClass
from threadkit.analyze.arguments.values import LABELS

NONE = "-"


def text(lines: Sequence[Line]) -> Iterator[str]:
    """Yield the figures as lines of a terminal."""
    yield f"{'':38} units value 95 %        majority rules readers goal"
    for one in lines:
        met = "" if one.met is None else ": met" if one.met else ": not met"
        yield (
            f"{one.name:38} {one.units:5} {one.value:.3f} {one.low:.2f}..{one.high:.2f}  "
            f"{_number(one.majority):>8} {_number(one.rules):>5} {_number(one.readers):>7} "
            f"{_number(one.goal)}{met}"
        )


def markdown(lines: Iterable[Line]) -> Iterator[str]:
    """Yield the figures as a table in Markdown."""
    yield "| figure | of | value | 95 % | majority | plain rules | readers | goal |"
    yield "| --- | ---: | ---: | --- | ---: | ---: | ---: | --- |"
    for one in lines:
        goal = "" if one.met is None else f"{one.goal:.2f}: {'met' if one.met else 'not met'}"
        yield (
            f"| {one.name} | {one.units:,} | {one.value:.2f} | {one.low:.2f} to {one.high:.2f} | "
            f"{_cell(one.majority)} | {_cell(one.rules)} | {_cell(one.readers)} | {goal} |"
        )


def class_text(some: Sequence[OfClass], rules: Sequence[OfClass]) -> Iterator[str]:
    """Yield how each label is told as lines of a terminal, F1 of plain rules beside it."""
    yield f"  {'':11} units     P    R   F1  rules"
    for one, plain in zip(some, rules, strict=True):
        yield (
            f"  {one.label:11} {one.units:5}  {one.precision:.2f} {one.recall:.2f} {one.f1:.2f}   "
            f"{plain.f1:.2f}"
        )


def class_markdown(some: Iterable[OfClass]) -> Iterator[str]:
    """Yield how each label is told as a table in Markdown."""
    yield "| label | units | precision | recall | F1 |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for one in some:
        yield (
            f"| {one.label} | {one.units:,} | {one.precision:.2f} | {one.recall:.2f} | "
            f"{one.f1:.2f} |"
        )


def confusion_text(counts: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    """Yield a table of labels: what a reader said by row, what was told by column."""
    told = [*LABELS, *([""] if any("" in row for row in counts.values()) else [])]
    yield "  read (row), told: " + " ".join(f"{one[:6] or 'none':>6}" for one in told)
    for name, row in counts.items():
        yield f"  {name:17} " + " ".join(f"{row.get(one, 0):6}" for one in told)


def _number(value: float | None) -> str:
    return NONE if value is None else f"{value:.2f}"


def _cell(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"
