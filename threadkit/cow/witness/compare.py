"""What a real kernel did against what the model of its era allows.

Each observation is held to the model of the very order in which its statements were
performed, where the model must have one outcome and the kernel the same: a model that
allows everything would never be wrong. *Agrees* is said only where the model has no other
outcome in any interleaving, either. Where it has, the kernel is *allowed*, and the outcomes
that no run had are listed: they may be rare, or impossible. *Unanswered* is what agrees in
all that was seen and leaves the scenario's question open.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from threadkit.cow.litmus.syntax import COUNTERS, Litmus
from threadkit.cow.outcome import FinalState
from threadkit.cow.witness.model import Allowed, allowed
from threadkit.cow.witness.results import Observation, WitnessRun, is_current, scenarios_of

Agreement = Literal[
    "agrees", "unanswered", "allowed", "differs", "skipped", "no model", "not compared"
]
CONDITION = "condition"
"""The name by which the answer to a scenario's question stands among values."""

CHANGED = "the scenario has changed since"
"""Why what was observed of another version of it is not compared."""

_Values = tuple[tuple[str, str], ...]
_NUMBER = re.compile(r".*\[[01]\]|[^:()]+:r[0-9]+")


@dataclass(frozen=True, slots=True)
class Comparison:
    """One scenario on one kernel, beside the model.

    Attributes
    ----------
    scenario, kernel, era : str
        Which.
    agreement : str
        ``agrees``, ``unanswered`` (all values agree, and the question was not answered),
        ``allowed``, ``differs``, ``skipped``, ``no model``: no era of the model is this
        kernel's; or ``not compared``: the scenario is another one now, or nothing was seen.
    why : str
        For what differs or is not compared: how, and why. Else empty.
    compared : tuple of str
        Names of the values that both sides know; ``condition`` is the answer to the
        scenario's question.
    seen : tuple of tuple of (str, str)
        Distinct outcomes of the kernel, in these names.
    unseen : tuple of tuple of (str, str)
        Outcomes that the model allows in some interleaving and the kernel did not have.
    dropped : tuple of str
        Numbers that the model has and nobody saw on the kernel.
    """

    scenario: str
    kernel: str
    era: str
    agreement: Agreement
    why: str = ""
    compared: tuple[str, ...] = ()
    seen: tuple[_Values, ...] = ()
    unseen: tuple[_Values, ...] = ()
    dropped: tuple[str, ...] = ()

    @property
    def condition(self) -> str:
        """The answer to the scenario's question: ``yes``, ``no``, ``both``, or empty."""
        answers = {value for one in self.seen for name, value in one if name == CONDITION}
        return "both" if len(answers) > 1 else next(iter(answers), "")


def compare(
    observations: Sequence[Observation], model: Allowed | None, run: WitnessRun
) -> Comparison:
    """Compare what a kernel did in one scenario with what the model allows.

    Parameters
    ----------
    observations : sequence of Observation
        All of one scenario, at least one.
    model : Allowed or None
        What its era allows, with each order that was performed; None if there is no model
        of this kernel.
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
    if model is None:
        return Comparison(*about, "no model", seen=_distinct(facts, list(facts[0])))
    possible = [_model_facts(one) for one in model.finals]
    names = _shared(facts, possible)
    seen, all_of_them = _distinct(facts, names), _distinct(possible, names)
    unseen = tuple(one for one in all_of_them if one not in seen)
    dropped = _dropped(made, facts, model)
    agrees: Agreement = "agrees" if CONDITION in names else "unanswered"
    found = Comparison(*about, agrees, "", tuple(names), seen, unseen, dropped)
    if not names:
        return replace(found, agreement="not compared", why="nothing was seen there")
    for one, fact in zip(made, facts, strict=True):
        if why := _difference(fact, [_model_facts(f) for f in model.of_order[one.order]]):
            return replace(found, agreement="differs", why=why)
    return replace(found, agreement="allowed") if unseen or not model.complete else found


def _difference(fact: Mapping[str, str], possible: Sequence[Mapping[str, str]]) -> str:
    """Say how an observation differs from the model of its order; empty if it does not."""
    names = _shared([fact], possible)
    outcomes = _distinct(possible, names)
    if len(outcomes) != 1:
        return f"one order of statements, {len(outcomes)} outcomes in the model"
    expected = dict(outcomes[0])
    return "; ".join(
        f"{name} is {fact[name]}, in the model {expected.get(name, 'nothing')}"
        for name in names
        if expected.get(name) != fact[name]
    )


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
    """Return the names that every observation has and the model can have.

    The model lists a counter only if it is asked for; any other number that it does not
    have is a difference.
    """
    known = {name for one in allowed for name in one}
    return [
        name
        for name in facts[0]
        if all(name in one for one in facts) and (name in known or name not in COUNTERS)
    ]


def _dropped(
    made: Sequence[Observation], facts: Sequence[Mapping[str, str]], model: Allowed
) -> tuple[str, ...]:
    """Return the numbers that the model has after an order and its observation has not."""
    found: dict[str, None] = {}
    for one, fact in zip(made, facts, strict=True):
        for final in model.of_order[one.order]:
            missing = (name for name, _ in final.values if name not in fact)
            found.update((name, None) for name in missing if _NUMBER.fullmatch(name))
    return tuple(found)


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


def table(runs: Sequence[WitnessRun], litmuses: Mapping[str, Litmus]) -> list[Row]:
    """Return the witness table: scenario by kernel.

    Parameters
    ----------
    runs : sequence of WitnessRun
        One column each.
    litmuses : mapping of str to Litmus
        The scenarios as they are now, by name; others are left out. What was observed of
        a scenario that was another one then is not compared.

    Returns
    -------
    list of Row
        By name of the scenario.
    """
    rows = []
    for name in scenarios_of(runs):
        if litmus := litmuses.get(name):
            models = _models(litmus, runs)
            cells = tuple(_cell(litmus, run, models) for run in runs)
            rows.append(Row(name, cells))
    return rows


def _models(litmus: Litmus, runs: Sequence[WitnessRun]) -> dict[str, Allowed]:
    """Ask the model of each kernel's era once, for all orders that were performed."""
    orders: dict[str, dict[tuple[int, ...], None]] = {}
    for run in runs:
        for one in run.of(litmus.name):
            if run.era and not one.skipped and is_current(one, litmus):
                orders.setdefault(run.era, {})[one.order] = None
    return {era: allowed(litmus, era, performed) for era, performed in orders.items()}


def _cell(litmus: Litmus, run: WitnessRun, models: Mapping[str, Allowed]) -> Comparison | None:
    found = run.of(litmus.name)
    if not found:
        return None
    if not all(is_current(one, litmus) for one in found):
        return Comparison(litmus.name, run.kernel, run.era, "not compared", CHANGED)
    return compare(found, models.get(run.era), run)
