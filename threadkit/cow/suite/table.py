"""Scenarios by eras: the matrix, and what tells two eras apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from threadkit.cow.diagram.tables import Cell, CellVerdict, Column, Matrix, Row
from threadkit.cow.eras import Era
from threadkit.cow.explore.parting import OutcomeDiff
from threadkit.cow.library import Scenario
from threadkit.cow.outcome import Outcome

DECIDED = ("Never", "Sometimes", "Always")
_WORST_FIRST = ("missed", "wrong", "stuck", "unnecessary", "broken")


def matrix_of(scenarios: Sequence[Scenario], eras: Sequence[Era]) -> Matrix:
    """Run scenarios under eras and put the verdicts into a table.

    Parameters
    ----------
    scenarios : sequence of Scenario
        The rows.
    eras : sequence of Era
        The columns.

    Returns
    -------
    Matrix
        For :mod:`threadkit.cow.diagram.matrix`, or JSON.
    """
    columns = tuple(Column(era.key, era.letter, era.kernels, era.kind) for era in eras)
    rows = tuple(
        Row(
            scenario.name,
            scenario.question,
            tuple(cell_of(scenario.run(era, traces=False)) for era in eras),
        )
        for scenario in scenarios
    )
    return Matrix(columns, rows)


def cell_of(outcome: Outcome) -> Cell:
    """Put an outcome into a cell.

    Parameters
    ----------
    outcome : Outcome
        Of one scenario under one era.

    Returns
    -------
    Cell
        Verdict, harms (worst first), costs, what a source expects, and what the era lacks.
    """
    kinds = {harm.kind for harm in outcome.harms}
    if outcome.coverage.stuck or outcome.coverage.endless:
        kinds.add("stuck")
    verdict: CellVerdict = (
        "not decided" if outcome.verdict == "not decided here" else outcome.verdict
    )
    first = outcome.expectations[0].expectation if outcome.expectations else None
    return Cell(
        verdict,
        tuple(kind for kind in _WORST_FIRST if kind in kinds),
        tuple((name, least, most) for name, (least, most) in outcome.costs.items() if most),
        expected=first.verdict if first and verdict in DECIDED else None,
        status=first.status if first else None,
        younger=tuple(f"{one.name} ({one.since})" for one in outcome.absent if not one.instead),
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """A scenario that two eras answer differently.

    Attributes
    ----------
    scenario : str
        Its name.
    question : str
        Its question.
    what : str
        ``verdict``, ``harm``, ``final states`` or ``cost``: the weightiest that differs.
    diff : OutcomeDiff
        Everything, with the first step at which they part.
    """

    scenario: str
    question: str
    what: str
    diff: OutcomeDiff


def apart(scenarios: Sequence[Scenario], left: Era, right: Era) -> Iterator[Difference]:
    """Find the scenarios that tell two eras apart.

    Parameters
    ----------
    scenarios : sequence of Scenario
        Where to look.
    left, right : Era
        The two.

    Yields
    ------
    Difference
        In the order of the scenarios; those that come out the same are left out.
    """
    for scenario in scenarios:
        diff = scenario.run(left).diff(scenario.run(right))
        what = _weightiest(diff)
        if what:
            yield Difference(scenario.name, scenario.question, what, diff)


def _weightiest(diff: OutcomeDiff) -> str:
    """Name the most important thing that differs; empty if nothing does."""
    if diff.left.verdict != diff.right.verdict:
        return "verdict"
    if diff.harms_left or diff.harms_right:
        return "harm"
    if diff.only_left or diff.only_right:
        return "final states"
    return "cost" if diff.costs else ""
