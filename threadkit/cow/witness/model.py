"""What the model of an era says about a scenario that a real kernel performed.

A kernel takes its statements one after the other, in an order that was chosen. The model
is asked for that very order, where it has one outcome, and for all interleavings: what
those add, inside statements, no program chooses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from threadkit.cow.library import Scenario
from threadkit.cow.litmus.syntax import Litmus, Phase
from threadkit.cow.outcome import FinalState


@dataclass(frozen=True, slots=True)
class Allowed:
    """The outcomes that a model allows.

    Attributes
    ----------
    finals : tuple of FinalState
        Of all interleavings.
    of_order : mapping of tuple of int to tuple of FinalState
        Of the statements one after the other, by an order that was performed.
    complete : bool
        The interleavings were all searched.
    """

    finals: tuple[FinalState, ...]
    of_order: Mapping[tuple[int, ...], tuple[FinalState, ...]]
    complete: bool = True


def serial(litmus: Litmus, order: Iterable[int]) -> Litmus:
    """Return a scenario whose statements have one order.

    Parameters
    ----------
    litmus : Litmus
        Any.
    order : iterable of int
        Numbers as in ``litmus.ops()``.

    Returns
    -------
    Litmus
        Each statement is a phase of its own; none waits for a label.

    Examples
    --------
    >>> from threadkit.cow.library import parse
    >>> text = "{ x = anon rw 1 2; } parent: fork child; par { parent { exit; } child { exit; } }"
    >>> one = parse(f'COW one question "?" {text} exists (alive(child))').litmus
    >>> [phase.columns[0][0].actor for phase in serial(one, [0, 2, 1]).phases]
    ['parent', 'child', 'parent']
    """
    ops = litmus.ops()
    alone = (replace(ops[number], label=None, after=()) for number in order)
    return replace(litmus, phases=tuple(Phase(((op,),)) for op in alone))


def allowed(litmus: Litmus, era: str, orders: Iterable[tuple[int, ...]]) -> Allowed:
    """Ask the model for what it allows.

    Parameters
    ----------
    litmus : Litmus
        The scenario.
    era : str
        Key of the era.
    orders : iterable of tuple of int
        Those that were performed.

    Returns
    -------
    Allowed
        In all interleavings, and in each of these orders.

    Raises
    ------
    UnknownEra
        No era has this key.

    Examples
    --------
    >>> from threadkit.cow.library import scenario
    >>> one = allowed(scenario("S4").litmus, "mm_id", [tuple(range(5))])
    >>> len(one.finals), [len(found) for found in one.of_order.values()]
    (1, [1])
    """
    whole = Scenario(litmus).run(era, traces=False)
    of_order = {
        order: Scenario(serial(litmus, order)).run(era, traces=False).finals
        for order in dict.fromkeys(orders)
    }
    return Allowed(whole.finals, of_order, whole.coverage.complete)
