"""Figures as lines for a terminal and as the table of the README."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

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


def markdown(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield what `tests.eval.arguments.report` wrote as the table of the README."""
    careful, ours = found["sets"]["doubly labelled"], found["sets"]["ours"]
    beside = {one["name"]: one["value"] for one in ours["figures"]}
    yield "| figure | of | value (95 %) | majority | plain rules | readers | goal | our labels |"
    yield "| --- | ---: | --- | ---: | ---: | ---: | --- | ---: |"
    for one in (*careful["figures"], *found["answers"]):
        goal = "" if one["goal"] is None else f"{one['goal']:.2f}: {_met(one['met'])}"
        yield (
            f"| {one['name']} | {one['units']:,} | {one['value']:.2f} ({one['low']:.2f} to "
            f"{one['high']:.2f}) | {_cell(one['majority'])} | {_cell(one['rules'])} | "
            f"{_cell(one['readers'])} | {goal} | {_cell(beside.get(one['name']))} |"
        )
    yield ""
    yield "| label | units | precision | recall | F1 | plain rules, F1 | our labels, F1 |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    rows = zip(
        careful["classes"], careful["classes, plain rules"], ours["classes"], strict=True
    )  # fmt: skip
    for mine, rule, other in rows:
        yield (
            f"| {mine['label']} | {mine['units']:,} | {mine['precision']:.2f} | "
            f"{mine['recall']:.2f} | {mine['f1']:.2f} | {rule['f1']:.2f} | {other['f1']:.2f} |"
        )


def prose(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield what the table does not say: what it is of, agreement, the learning curve."""
    careful, ours = found["sets"]["doubly labelled"], found["sets"]["ours"]
    yield (
        f"{found['units']:,} units of {found['mails']:,} mails of {found['threads']} threads, told "
        "by models of other threads;"
    )
    yield (
        f"scored on {careful['mails']:,} doubly labelled mails of {careful['threads']} threads, and "
        f"on {ours['mails']:,} mails of our own labels."
    )
    for name, one in (("Two annotators", careful), ("Our readers", ours)):
        alpha = ", ".join(f"{what} {value:.2f}" for what, value in one["alpha"].items())
        yield f"{name}, Krippendorff's alpha: {alpha}."
    points = ", ".join(
        f"{one['unit labels, macro-F1']:.2f} with {one['units']:,}" for one in found["curve"]
    )
    yield f"Learning curve of unit labels, macro-F1: {points} units."


def _met(met: bool | None) -> str:
    return "met" if met else "**not met**"


def class_text(some: Sequence[OfClass], rules: Sequence[OfClass]) -> Iterator[str]:
    """Yield how each label is told as lines of a terminal, F1 of plain rules beside it."""
    yield f"  {'':11} units     P    R   F1  rules"
    for one, plain in zip(some, rules, strict=True):
        yield (
            f"  {one.label:11} {one.units:5}  {one.precision:.2f} {one.recall:.2f} {one.f1:.2f}   "
            f"{plain.f1:.2f}"
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
