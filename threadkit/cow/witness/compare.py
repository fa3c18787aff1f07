"""What a real kernel did against what the model of its era allows.

*Agrees* is said only where one order of statements has one outcome in the model and the
kernel had the same. Where the model has several, a kernel that had one of them is
*allowed*, and the outcomes that no run had are listed: they may be rare, or impossible.
Where a scenario has one order and the model several outcomes, that is a difference: a
model that allows everything would never be wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from threadkit.cow.outcome import FinalState
from threadkit.cow.witness.results import Observation, WitnessRun, scenarios_of

Agreement = Literal["agrees", "allowed", "differs", "skipped", "no model"]
CONDITION = "condition"
"""The name by which the answer to a scenario's question stands among values."""

_Values = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One scenario on one kernel, beside the model.

    Attributes
    ----------
    scenario, kernel, era : str
        Which.
    agreement : str
        ``agrees``, ``allowed``, ``differs``, ``skipped``, or ``no model``: no era of the
        model is this kernel's.
    why : str
        For what differs or is skipped: how, and why. Else empty.
    compared : tuple of str
        Names of the values that both sides know; ``condition`` is the answer to the
        scenario's question.
    seen : tuple of tuple of (str, str)
        Distinct outcomes of the kernel, in these names.
    unseen : tuple of tuple of (str, str)
        Outcomes that the model allows and the kernel did not have.
    """

    scenario: str
    kernel: str
    era: str
    agreement: Agreement
    why: str = ""
    compared: tuple[str, ...] = ()
    seen: tuple[_Values, ...] = ()
    unseen: tuple[_Values, ...] = ()

    @property
    def condition(self) -> str:
        """The answer to the scenario's question: ``yes``, ``no``, ``both``, or empty."""
        answers = {value for one in self.seen for name, value in one if name == CONDITION}
        return "both" if len(answers) > 1 else next(iter(answers), "")


def compare(
    observations: Sequence[Observation], finals: Sequence[FinalState] | None, run: WitnessRun
) -> Comparison:
    """Compare what a kernel did in one scenario with what the model allows.

    Parameters
    ----------
    observations : sequence of Observation
        All of one scenario, at least one.
    finals : sequence of FinalState or None
        The model's final states for it; None if there is no model of this kernel.
    run : WitnessRun
        Where they were made.

    Returns
    -------
    Comparison
        Of the values that both sides know.
    """
    about = (observations[0].scenario, run.kernel, run.era)
    made = [one for one in observations if not one.skipped]
    if not made:
        return Comparison(*about, "skipped", observations[0].skipped)
    facts = [_facts(one) for one in made]
    if finals is None:
        return Comparison(*about, "no model", seen=_distinct(facts, list(facts[0])))
    allowed = [_model_facts(one) for one in finals]
    names = _shared(facts, allowed)
    seen, possible = _distinct(facts, names), _distinct(allowed, names)
    unseen = tuple(one for one in possible if one not in seen)
    sampled = any(one.sampled for one in made)
    agreement, why = _judge(seen, possible, sampled)
    return Comparison(*about, agreement, why, tuple(names), seen, unseen)


def _judge(
    seen: tuple[_Values, ...], possible: tuple[_Values, ...], sampled: bool
) -> tuple[Agreement, str]:
    strange = [one for one in seen if one not in possible]
    if strange:
        nearest = min(possible, key=lambda one: len(set(one) ^ set(strange[0])), default=())
        parts = [
            f"{name} is {value}, in the model {dict(nearest).get(name, 'nothing')}"
            for name, value in strange[0]
            if dict(nearest).get(name) != value
        ]
        return "differs", "; ".join(parts)
    if len(possible) == 1:
        return "agrees", ""
    if not sampled:
        return "differs", f"one order of statements, {len(possible)} outcomes in the model"
    return "allowed", ""


def _facts(one: Observation) -> dict[str, str]:
    facts = dict(one.values)
    if one.condition is not None:
        facts[CONDITION] = _yes(one.condition)
    return facts


def _model_facts(one: FinalState) -> dict[str, str]:
    return {**dict(one.values), CONDITION: _yes(one.satisfies)}


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"


def _shared(facts: Sequence[Mapping[str, str]], allowed: Sequence[Mapping[str, str]]) -> list[str]:
    """Return the names that every observation has and some final state has."""
    known = {name for one in allowed for name in one}
    return [name for name in facts[0] if name in known and all(name in one for one in facts)]


def _distinct(facts: Iterable[Mapping[str, str]], names: Sequence[str]) -> tuple[_Values, ...]:
    rows = (tuple((name, one[name]) for name in names if name in one) for one in facts)
    return tuple(dict.fromkeys(rows))


@dataclass(frozen=True, slots=True)
class Row:
    """One scenario on all kernels.

    Attributes
    ----------
    scenario : str
        Its name.
    cells : tuple of Comparison or None
        In the order of the runs; None where it was not asked for.
    """

    scenario: str
    cells: tuple[Comparison | None, ...]


def table(
    runs: Sequence[WitnessRun], model: Mapping[tuple[str, str], Sequence[FinalState]]
) -> list[Row]:
    """Return the witness table: scenario by kernel.

    Parameters
    ----------
    runs : sequence of WitnessRun
        One column each.
    model : mapping of (str, str) to sequence of FinalState
        By scenario and era.

    Returns
    -------
    list of Row
        By name of the scenario.
    """
    rows = []
    for name in scenarios_of(runs):
        cells = []
        for run in runs:
            found = run.of(name)
            cells.append(compare(found, model.get((name, run.era)), run) if found else None)
        rows.append(Row(name, tuple(cells)))
    return rows


def counts(rows: Iterable[Row], column: int) -> dict[str, int]:
    """Count one kernel's cells by their agreement.

    Parameters
    ----------
    rows : iterable of Row
        Of one table.
    column : int
        Which kernel, from 0.

    Returns
    -------
    dict of str to int
        Sorted by name; kinds that do not occur are left out.
    """
    found: dict[str, int] = {}
    for row in rows:
        cell = row.cells[column]
        if cell is not None:
            found[cell.agreement] = found.get(cell.agreement, 0) + 1
    return dict(sorted(found.items()))
