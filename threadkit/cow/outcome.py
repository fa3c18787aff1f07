"""What a run of a scenario under one era says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from threadkit.cow.litmus.syntax import Expectation, Litmus
from threadkit.cow.views import Trace
from threadkit.errors import ThreadkitError

if TYPE_CHECKING:
    from threadkit.cow.eras.features import Feature
    from threadkit.cow.explore.machine import Machine
    from threadkit.cow.explore.parting import OutcomeDiff

MODEL_VERSION = "1"
"""Raised when a change of the model may change an outcome."""

Answer = Literal["Never", "Sometimes", "Always", "unknown", "not decided here"]
"""A verdict, or why there is none: a bound stopped the search, or the model lacks something."""

MONITOR = (
    "Whoever watches with userfaultfd is taken to let every write through at once; on a kernel the"
    " writer sleeps until he does."
)
"""What the model assumes where a write meets userfaultfd's protection."""


@dataclass(frozen=True, slots=True)
class FinalState:
    """One distinct final state: what one can observe when everything has ended.

    Attributes
    ----------
    values : tuple of (str, str)
        Name and value as the condition language writes them (``parent:r0``, ``7``),
        ordered as the scenario introduces them.
    satisfies : bool
        The condition's formula holds.
    harms : tuple of str
        Harms on some way that ends here (``missed``, ``wrong``, ``unnecessary``).
    """

    values: tuple[tuple[str, str], ...]
    satisfies: bool
    harms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Harm:
    """A harm that some interleaving does.

    Attributes
    ----------
    kind : str
        ``missed``, ``wrong``, ``unnecessary`` (COW), or ``broken`` for an invariant
        that is no harm to a user by itself.
    invariant : str
        ``I1``..``I11``.
    always : bool
        Every interleaving does it.
    trace : Trace or None
        The shortest that does; None if the run was asked for no traces.
    """

    kind: str
    invariant: str
    always: bool
    trace: Trace | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much was looked at.

    Attributes
    ----------
    states, steps : int
        Distinct states visited, and steps between them.
    complete : bool
        False: a bound stopped the search, and no Never or Always is claimed.
    reduced : bool
        Partial-order reduction was on.
    bound : int
        The bound on states.
    stuck : int
        Final states in which an actor waits for ever.
    endless : int
        States from which no interleaving ends, since actors go round in circles.
    """

    states: int
    steps: int
    complete: bool
    reduced: bool
    bound: int
    stuck: int
    endless: int = 0


@dataclass(frozen=True, slots=True)
class Checked:
    """An expectation beside what came out.

    Attributes
    ----------
    expectation : Expectation
        Of the scenario, for this era.
    agrees : bool or None
        None if there is no verdict to compare.
    """

    expectation: Expectation
    agrees: bool | None


@dataclass(frozen=True, slots=True)
class Run:
    """What was run, so that it can be run again.

    Attributes
    ----------
    litmus : Litmus
        The scenario.
    era : str
        Key of the era.
    machine : callable
        Makes the machine anew.
    """

    litmus: Litmus
    era: str
    machine: Callable[[], Machine] = field(repr=False, compare=False)

    def __repr__(self) -> str:
        return f"<Run {self.litmus.name} under {self.era}>"


class DifferentScenarios(ThreadkitError):
    """Two outcomes of different scenarios cannot be compared.

    Parameters
    ----------
    left, right : str
        Names of the scenarios.
    """

    exit_code = 2

    def __init__(self, left: str, right: str) -> None:
        super().__init__(f"{left} and {right} are two scenarios: run one under two eras")


class NotAnOutcome(ThreadkitError, TypeError):
    """An outcome was to be compared with something else.

    Parameters
    ----------
    found : object
        What was given.
    """

    exit_code = 2

    def __init__(self, found: object) -> None:
        super().__init__(
            f"an outcome is compared with another outcome, not with {type(found).__name__}:"
            " run the scenario under a second era"
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that one scenario does under one era.

    Attributes
    ----------
    run : Run
        The scenario and the era.
    verdict : str
        Never, Sometimes or Always: how the condition's formula stands in the final
        states; ``unknown`` if a bound stopped the search before it could be told, ``not
        decided here`` if the scenario needs what the model lacks.
    finals : tuple of FinalState
        All distinct final states.
    harms : tuple of Harm
        Each with the shortest trace to it.
    costs : mapping of str to (int, int)
        Least and most over all interleavings. Counts, neither time nor probability.
    coverage : Coverage
        How much was looked at.
    witness, counter : Trace or None
        Shortest interleavings after which the formula holds, and does not hold.
    deterministic : bool
        Nothing runs in parallel, and one final state comes out.
    expectations : tuple of Checked
        Those that apply to this era.
    model : str
        Version of the model that said so.
    absent : tuple of Feature
        What the scenario uses and no kernel of the era had; with one that nothing stands
        for, the outcome is what the era's rules would do.
    """

    run: Run
    verdict: Answer
    finals: tuple[FinalState, ...]
    harms: tuple[Harm, ...]
    costs: Mapping[str, tuple[int, int]] = field(hash=False)
    coverage: Coverage
    witness: Trace | None = field(repr=False)
    counter: Trace | None = field(repr=False)
    deterministic: bool
    expectations: tuple[Checked, ...] = ()
    model: str = MODEL_VERSION
    absent: tuple[Feature, ...] = ()

    @property
    def scenario(self) -> str:
        """Name of the scenario."""
        return self.run.litmus.name

    @property
    def question(self) -> str:
        """What the scenario asks."""
        return self.run.litmus.question

    @property
    def era(self) -> str:
        """Key of the era."""
        return self.run.era

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the verdict must know: of the scenario, and what the model assumed."""
        said = self.run.litmus.notes
        return (*said, MONITOR) if self.costs.get("uffd_events", (0, 0))[1] else said

    @property
    def would_be(self) -> bool:
        """Whether no kernel of the era could run this: its rules are asked all the same."""
        return any(not one.instead for one in self.absent)

    @property
    def needs(self) -> tuple[str, ...]:
        """What the model lacks for a verdict; usually empty."""
        return self.run.litmus.needs

    @property
    def positive(self) -> int:
        """Distinct final states in which the formula holds."""
        return sum(final.satisfies for final in self.finals)

    @property
    def negative(self) -> int:
        """Distinct final states in which the formula does not hold."""
        return len(self.finals) - self.positive

    @property
    def ok(self) -> bool | None:
        """Whether the condition, with its quantifier, is true; None without a verdict.

        One state is enough for ``exists``, and against ``forall`` and ``~exists``.
        """
        quantifier = self.run.litmus.condition.quantifier
        if self.verdict in ("unknown", "not decided here"):
            return None
        if quantifier == "exists":
            return self.positive > 0
        return self.negative == 0 if quantifier == "forall" else self.positive == 0

    def text(self) -> str:
        """Say everything in the words of the kernel's litmus tools.

        Returns
        -------
        str
            Lines, the last one ended.
        """
        from threadkit.cow.explore.report import outcome_text

        return outcome_text(self)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain values for JSON.

        Returns
        -------
        dict
            Traces without the states between their steps.
        """
        from threadkit.cow.explore.plain import outcome_dict

        return outcome_dict(self)

    def diff(self, other: Outcome) -> OutcomeDiff:
        """Compare with the same scenario under another era.

        Parameters
        ----------
        other : Outcome
            Of the same scenario.

        Returns
        -------
        OutcomeDiff
            What differs, and the first statement at which the two part.

        Raises
        ------
        DifferentScenarios
            It is of another scenario.
        NotAnOutcome
            It is something else.
        """
        from threadkit.cow.explore.parting import compare

        if not isinstance(other, Outcome):
            raise NotAnOutcome(other)
        if self.run.litmus != other.run.litmus:
            raise DifferentScenarios(self.scenario, other.scenario)
        return compare(self, other)

    def __repr__(self) -> str:
        harms = "".join(f", {harm.kind} {harm.invariant}" for harm in self.harms)
        return (
            f"<Outcome {self.scenario} under {self.era}: {self.verdict} {self.positive}"
            f" {self.negative}{harms}>"
        )

    def __str__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        from threadkit.cow.explore.report import outcome_html

        return outcome_html(self)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/plain": self.text(), "text/html": self._repr_html_()}
