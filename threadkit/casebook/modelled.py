"""What the model says of a claim, as a casebook states it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from threadkit.casebook.values import NOWHERE, At

ModelStance = Literal["supports", "refutes", "depends", "cost"]
Verdict = Literal["Never", "Sometimes", "Always"]


@dataclass(frozen=True, slots=True)
class EraCost:
    """Bounds of one count that the model keeps in an era.

    Attributes
    ----------
    era : str
        Key.
    name : str
        As ``threadkit cow run`` prints it.
    least, most : int
        Over all interleavings.
    """

    era: str
    name: str
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """What one scenario of the model says of a claim, or why the model says nothing.

    Attributes
    ----------
    scenario : str
        Name; empty if the claim is not modelled.
    stance : str
        ``supports``, ``refutes``, ``depends`` (on the era) or ``cost``; empty as well.
    verdicts : tuple of (str, str)
        Era and verdict of the scenario's own condition, for the eras that bear on it.
    costs : tuple of EraCost
        Counts that bear on it.
    why : str
        What the outcome says of the claim.
    not_modelled : str
        The reason, if there is no scenario.
    at : At
        In the files.
    """

    scenario: str = ""
    stance: ModelStance | Literal[""] = ""
    verdicts: tuple[tuple[str, Verdict], ...] = ()
    costs: tuple[EraCost, ...] = ()
    why: str = ""
    not_modelled: str = ""
    at: At = field(default=NOWHERE, compare=False)

    @property
    def eras(self) -> tuple[str, ...]:
        """Keys of the eras that it names, each once."""
        named = [era for era, _ in self.verdicts] + [cost.era for cost in self.costs]
        return tuple(dict.fromkeys(named))
