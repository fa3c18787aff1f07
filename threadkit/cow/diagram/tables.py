"""What the two big tables hold: scenario by era, and scenario by kernel.

Plain rows: whoever ran the scenarios fills them, and :mod:`threadkit.cow.diagram.matrix`
and :mod:`threadkit.cow.diagram.witness` write them as text, HTML and SVG.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

CellVerdict = Literal["Never", "Sometimes", "Always", "unknown", "not decided"]
Status = Literal["confirmed", "derived", "unverified"]
Seen = Literal["agrees", "unanswered", "allowed", "differs", "skipped", "not run"]

SHORT_HARMS = {
    "missed": "missed",
    "wrong": "wrong",
    "stuck": "stuck",
    "unnecessary": "extra",
    "broken": "broken",
}
"""A harm in one word, for a cell."""

KIND_TITLES = {
    "base": "mainline",
    "stable": "stable series",
    "proposal": "proposals never merged",
    "series": "the patch series of 2020",
    "counterfactual": "built kernels",
}
"""What a kind of era is called above its columns."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One scenario under one era.

    Attributes
    ----------
    verdict : str
        ``Never``, ``Sometimes``, ``Always``; ``unknown`` beyond the bound; ``not
        decided`` where the model lacks what the question turns on.
    harms : tuple of str
        ``missed``, ``wrong``, ``stuck`` (somebody waits for ever), ``unnecessary``,
        ``broken``; worst first.
    costs : tuple of (str, int, int)
        Counter, least and most over all interleavings.
    expected : str or None
        What a source says, if one does.
    status : str or None
        How sure that source is.
    younger : tuple of str
        What the scenario uses and no kernel of the era had; then the cell is what the era's
        rules would do.
    """

    verdict: CellVerdict
    harms: tuple[str, ...] = ()
    costs: tuple[tuple[str, int, int], ...] = ()
    expected: str | None = None
    status: Status | None = None
    younger: tuple[str, ...] = ()

    @property
    def differs(self) -> bool:
        """Tell whether a source says something else."""
        return self.expected is not None and self.expected != self.verdict


@dataclass(frozen=True, slots=True)
class Column:
    """One era.

    Attributes
    ----------
    key : str
        Of the era.
    letter : str
        Its short name; a number stands for it where there is none.
    kernels : str
        Which releases.
    kind : str
        ``base``, ``stable``, ``proposal``, ``series``, ``counterfactual``.
    """

    key: str
    letter: str = ""
    kernels: str = ""
    kind: str = "base"


@dataclass(frozen=True, slots=True)
class Row:
    """One scenario.

    Attributes
    ----------
    name, question : str
        As in its file.
    cells : tuple of (Cell or None)
        One a column; None: not run.
    """

    name: str
    question: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Matrix:
    """Scenarios by eras.

    Attributes
    ----------
    columns : tuple of Column
        Eras of one kind stand together.
    rows : tuple of Row
        In their order.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def __repr__(self) -> str:
        return f"<Matrix {len(self.rows)} scenarios by {len(self.columns)} eras>"

    def labels(self) -> tuple[str, ...]:
        """Return a short name a column: its letter, or its number.

        Returns
        -------
        tuple of str
            None twice.

        Examples
        --------
        >>> Matrix((Column("mm_id", "J"), Column("hugh_2020")), ()).labels()
        ('J', '2')
        """
        taken: set[str] = set()
        labels = []
        for number, column in enumerate(self.columns, 1):
            label = column.letter if column.letter and column.letter not in taken else str(number)
            taken.add(label)
            labels.append(label)
        return tuple(labels)

    def groups(self) -> Iterator[tuple[str, int]]:
        """Yield the title of each run of eras of one kind, and how many they are."""
        for kind, run in groupby(self.columns, key=lambda column: column.kind):
            yield KIND_TITLES.get(kind, kind), sum(1 for _ in run)

    def __str__(self) -> str:
        from threadkit.cow.diagram.matrix import matrix_text

        return "\n".join(matrix_text(self))

    def _repr_html_(self) -> str:
        from threadkit.cow.diagram.matrix import matrix_html

        return matrix_html(self)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/plain": str(self), "text/html": self._repr_html_()}


@dataclass(frozen=True, slots=True)
class WitnessCell:
    """One scenario on one real kernel.

    Attributes
    ----------
    result : str
        ``agrees``: the one outcome that the model has in each order that was performed, and
        no interleaving has another. ``unanswered``: the same of all values, but they do not
        answer the question. ``allowed``: the same of each order, but some interleaving has
        other outcomes, which were not seen. ``differs``, ``skipped`` or ``not run``.
    observed : str
        What the kernel showed, in the language of conditions; empty if nothing.
    allowed : tuple of str
        What the model of its era allows, written the same way.
    why : str
        Reason of a skip, or of what was not compared, or what differs.
    answer : str
        Of the kernel to the scenario's question: ``yes``, ``no``, ``both``, or empty.
    unseen : tuple of str
        Of ``allowed``, what no run had.
    dropped : tuple of str
        Numbers of the model that could not be seen on the kernel.
    """

    result: Seen
    observed: str = ""
    allowed: tuple[str, ...] = ()
    why: str = ""
    answer: str = ""
    unseen: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WitnessKernel:
    """One real kernel.

    Attributes
    ----------
    name : str
        Short: ``host``, ``5.10``.
    version : str
        Of the package or the release, exactly.
    era : str
        Key of the era whose model it is compared with.
    date_utc : str
        When it ran.
    """

    name: str
    version: str = ""
    era: str = ""
    date_utc: str = ""


@dataclass(frozen=True, slots=True)
class WitnessRow:
    """One scenario on all kernels.

    Attributes
    ----------
    name, question : str
        As in its file.
    cells : tuple of WitnessCell
        One a kernel.
    """

    name: str
    question: str
    cells: tuple[WitnessCell, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Witnesses:
    """Scenarios by real kernels.

    Attributes
    ----------
    kernels : tuple of WitnessKernel
        One a column.
    rows : tuple of WitnessRow
        One a scenario.
    """

    kernels: tuple[WitnessKernel, ...]
    rows: tuple[WitnessRow, ...]

    def __repr__(self) -> str:
        names = ", ".join(kernel.name for kernel in self.kernels)
        return f"<Witnesses of {len(self.rows)} scenarios on {names or 'no kernel'}>"

    def __str__(self) -> str:
        from threadkit.cow.diagram.witness import witness_text

        return "\n".join(witness_text(self.kernels, self.rows))

    def _repr_html_(self) -> str:
        from threadkit.cow.diagram.witness import witness_html

        return witness_html(self.kernels, self.rows)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/plain": str(self), "text/html": self._repr_html_()}
