"""What the model says today, compared with what a casebook says that it says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from threadkit.casebook.modelled import ModelEntry
from threadkit.casebook.values import At, Casebook, Claim

if TYPE_CHECKING:
    from threadkit.cow.eras import Era
    from threadkit.cow.outcome import Outcome

Runs = Mapping[tuple[str, str], "Outcome"]
"""Outcomes by scenario and era."""

Result = Literal["passed", "failed", "not modelled"]


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that a casebook says of the model and the model does not say.

    Attributes
    ----------
    claim : int
        Id.
    scenario, era : str
        What was run.
    what : str
        ``verdict``, or the name of a cost.
    said, found : str
        What the casebook has, and what came out.
    at : At
        In the files.
    """

    claim: int
    scenario: str
    era: str
    what: str
    said: str
    found: str
    at: At

    def __str__(self) -> str:
        return (
            f"{self.at}: claim {self.claim}: {self.scenario} under {self.era}: {self.what}"
            f" {self.said}, but the model says {self.found}"
        )


@dataclass(frozen=True, slots=True)
class Checked:
    """One claim, compared with the model.

    Attributes
    ----------
    claim : Claim
        Of the casebook.
    differences : tuple of Difference
        None if it is as the casebook says.
    """

    claim: Claim
    differences: tuple[Difference, ...]

    @property
    def result(self) -> Result:
        """``passed``, ``failed`` or ``not modelled``."""
        if not self.claim.is_modelled:
            return "not modelled"
        return "failed" if self.differences else "passed"


def referenced(claims: Sequence[Claim]) -> tuple[tuple[str, str], ...]:
    """List the scenarios and eras that claims refer to, each pair once.

    Parameters
    ----------
    claims : sequence of Claim
        Of a casebook.

    Returns
    -------
    tuple of (str, str)
        Scenario and era, in the order of the claims.
    """
    pairs = (
        (entry.scenario, era) for claim in claims for entry in claim.model for era in entry.eras
    )
    return tuple(dict.fromkeys(pairs))


def run_all(claims: Sequence[Claim], eras: Sequence[Era] = ()) -> Runs:
    """Run every scenario that claims refer to.

    Parameters
    ----------
    claims : sequence of Claim
        Of a casebook whose references were checked.
    eras : sequence of Era, optional
        Under which each scenario is run besides those that the claims name.

    Returns
    -------
    mapping of (str, str) to Outcome
        By scenario and era, without traces.
    """
    from threadkit.cow.library import scenario

    pairs = dict.fromkeys(referenced(claims))
    names = dict.fromkeys(name for name, _ in pairs)
    pairs.update(dict.fromkeys((name, era.key) for name in names for era in eras))
    found = {name: scenario(name) for name in names}
    return {(name, era): found[name].run(era, traces=False) for name, era in pairs}


def compare(casebook: Casebook, runs: Runs) -> tuple[Checked, ...]:
    """Compare what a casebook says with what came out.

    Parameters
    ----------
    casebook : Casebook
        Whose claims to look at.
    runs : mapping
        As :func:`run_all` gives it.

    Returns
    -------
    tuple of Checked
        One a claim, in their order.
    """
    return tuple(
        Checked(
            claim,
            tuple(one for entry in claim.model for one in _differences(claim, entry, runs)),
        )
        for claim in casebook.claims
    )


def _differences(claim: Claim, entry: ModelEntry, runs: Runs) -> Iterator[Difference]:
    for era, said in entry.verdicts:
        found = runs[entry.scenario, era].verdict
        if found != said:
            yield Difference(claim.id, entry.scenario, era, "verdict", said, found, entry.at)
    for cost in entry.costs:
        costs = runs[entry.scenario, cost.era].costs
        wanted = shown(cost.least, cost.most)
        count = shown(*costs[cost.name]) if cost.name in costs else "nothing of that name"
        if count != wanted:
            yield Difference(claim.id, entry.scenario, cost.era, cost.name, wanted, count, entry.at)


def shown(least: int, most: int) -> str:
    """Write bounds of a count as ``threadkit cow run`` does.

    Parameters
    ----------
    least, most : int
        Over all interleavings.

    Examples
    --------
    >>> shown(1, 1), shown(0, 2)
    ('1', '0..2')
    """
    return str(least) if least == most else f"{least}..{most}"
