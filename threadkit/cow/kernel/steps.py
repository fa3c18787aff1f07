"""The table of micro-steps, and how one hands over to the next.

A micro-step is what a CPU does before somebody else may get in between: a function of
the kernel object (policy and addresses), the thawed state and the actor. It returns
False if the actor has to wait; the state is then thrown away. Where it sets the actor's
PC and returns, others may run; where it calls the next function, nobody does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from threadkit.cow.kernel.layout import OP, PC, RET, TASK_BYTES

if TYPE_CHECKING:
    from threadkit.cow.kernel.kernel import Kernel

MicroStep = Callable[["Kernel", bytearray, int], bool]
_Kept = TypeVar("_Kept", bound=MicroStep)

STEPS: list[MicroStep | None] = [None]
"""By number; 0 is no step."""
NUMBER: dict[str, int] = {}
"""Number of a step by its name."""
FUNCTION: list[str] = [""]
"""The kernel function in which a step happens, by number."""

_CLEAN = bytes(TASK_BYTES - 1)


def step(function: str) -> Callable[[_Kept], _Kept]:
    """Enter a micro-step into the table.

    Parameters
    ----------
    function : str
        Kernel function in which this happens.

    Returns
    -------
    callable
        A decorator that gives the function back.
    """

    def enter(micro: _Kept) -> _Kept:
        NUMBER[micro.__name__] = len(STEPS)
        STEPS.append(micro)
        FUNCTION.append(function)
        return micro

    return enter


def goto(s: bytearray, t: int, name: str) -> bool:
    """Let the actor go on with a step later; others may run before.

    Parameters
    ----------
    s : bytearray
        The state.
    t : int
        The actor's address.
    name : str
        Of the step.

    Returns
    -------
    bool
        True: the actor has moved.
    """
    s[t + PC] = NUMBER[name]
    return True


def back(s: bytearray, t: int) -> bool:
    """Go on, later, where the fault came from.

    Parameters
    ----------
    s : bytearray
        The state.
    t : int
        The actor's address.

    Returns
    -------
    bool
        True.
    """
    s[t + PC] = s[t + RET]
    return True


def done(s: bytearray, t: int) -> bool:
    """End the statement; what the actor worked with is forgotten.

    Parameters
    ----------
    s : bytearray
        The state.
    t : int
        The actor's address.

    Returns
    -------
    bool
        True.
    """
    s[t + OP] += 1
    s[t + PC : t + TASK_BYTES] = _CLEAN
    return True
