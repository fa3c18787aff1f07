"""What a run of a scenario under one era says."""

from __future__ import annotations

from dataclasses import dataclass

from threadkit.cow.views import Trace


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
    trace : Trace
        The shortest that does.
    """

    kind: str
    invariant: str
    always: bool
    trace: Trace


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
    """

    states: int
    steps: int
    complete: bool
    reduced: bool
    bound: int
    stuck: int
