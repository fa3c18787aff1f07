"""The table that ``make bench`` prints, row by row as figures come in."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TextIO


@dataclass(frozen=True, slots=True)
class Row:
    """One line: a figure, and the goal if there is one.

    ``goal`` is a number that ``value`` should reach (``>=``) or not exceed (``<=``);
    ``size`` says how much it was measured on, ``of`` what that counts.
    """

    what: str
    size: int
    value: float
    unit: str = ""
    goal: float | None = None
    least: bool = True
    note: str = ""
    of: str = "mails"

    @property
    def met(self) -> bool | None:
        """Tell whether the goal is met; None if there is none."""
        if self.goal is None:
            return None
        return self.value >= self.goal if self.least else self.value <= self.goal


@dataclass(slots=True)
class Table:
    """Prints rows and keeps them; names what the sizes count wherever that changes."""

    out: TextIO = field(default_factory=lambda: sys.stdout)
    rows: list[Row] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    def head(self, facts: Mapping[str, object]) -> None:
        """Print the machine's facts."""
        self.say(", ".join(f"{name} {value}" for name, value in facts.items()))

    def add(self, row: Row) -> None:
        """Print and keep one row, below the names of the columns if they are new."""
        if not self.rows or self.rows[-1].of != row.of:
            self.say(f"{'':44} {row.of:>9} {'figure':>12}          {'goal':>12}")
        self.rows.append(row)
        goal = ""
        if row.goal is not None:
            goal = f"{'>=' if row.least else '<='} {_number(row.goal)}"
        met = {True: "met", False: "MISSED", None: ""}[row.met]
        line = f"{row.what:44} {row.size:9,} {_number(row.value):>12} {row.unit:9}{goal:>12}"
        self.say(f"{line} {met:6} {row.note}".rstrip())

    def skip(self, what: str, why: str) -> None:
        """Print that something is not measured."""
        self.skipped.append(f"{what}: {why}")
        self.say(f"{what:44} skipped: {why}")

    def as_json(self) -> dict[str, object]:
        """Return everything for keeping."""
        rows = [{**asdict(row), "met": row.met} for row in self.rows]
        return {"rows": rows, "skipped": self.skipped}

    def say(self, line: str) -> None:
        """Print a line."""
        self.out.write(line + "\n")
        self.out.flush()


def _number(value: float) -> str:
    if value == int(value) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) < 10 else f"{value:.1f}"
