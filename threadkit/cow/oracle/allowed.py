"""Which final values a program may show, and what went wrong where they are others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations

from threadkit.cow.litmus.syntax import SEGV, Litmus
from threadkit.cow.oracle.memory import ANY, Values
from threadkit.cow.oracle.program import Fault, Program
from threadkit.cow.oracle.promise import STRICT, Promise
from threadkit.cow.oracle.search import BOUND, Final, finals

FAULTS: tuple[Fault, ...] = ("I1", "I2w", "I2r", "store")
"""What may have gone wrong, in the order in which it is tried."""

_NUMBER = re.compile(r"[0-9]{1,3}")
_NAME = re.compile(r"[A-Za-z_][\w-]*(?::r\d+|(?::[A-Za-z_][\w-]*)?\[[01]\])", re.ASCII)
_SAYS: dict[Fault, str] = {
    "I1": "another process's write shows (I1)",
    "I2w": "a reference for writing lost its owner's memory (I2w)",
    "I2r": "a long-term pin lost its owner's memory (I2r)",
    "store": "a thread's own store was lost",
}


@dataclass(frozen=True, slots=True)
class Violation:
    """Final values that nothing promised allows.

    Attributes
    ----------
    name : str
        The first that is wrong, as conditions write it.
    value : int
        What it is.
    wanted : frozenset of int
        What it might be, the others being what they are.
    causes : tuple of frozenset of str
        Each a smallest set of ``I1``, ``I2w``, ``I2r`` and ``store`` that explains all
        values by going wrong. Empty: nothing does, and the engine that showed them errs.
    """

    name: str
    value: int
    wanted: Values
    causes: tuple[frozenset[Fault], ...]

    @property
    def harms(self) -> tuple[frozenset[str], ...]:
        """The causes as harms: ``missed`` COW for I1, ``wrong`` COW for the others."""
        return tuple(
            frozenset("missed" if fault == "I1" else "wrong" for fault in cause)
            for cause in self.causes
        )

    def __str__(self) -> str:
        """Return the violation in one sentence."""
        wanted = " or ".join(_text(value) for value in sorted(self.wanted))
        why = "; or ".join(
            " and ".join(_SAYS[fault] for fault in FAULTS if fault in cause)
            for cause in self.causes
        )
        return f"{self.name} is {_text(self.value)}, not {wanted}: {why or 'nothing explains it'}"


@dataclass(frozen=True, slots=True)
class Allowed:
    """Everything that a program may show in the end.

    Attributes
    ----------
    litmus : Litmus
        The program.
    promise : Promise
        What references may rely on.
    finals : frozenset of Final
        The final states; names that are not in one may have any value.
    bound : int
        For the searches that explain.
    """

    litmus: Litmus
    promise: Promise
    finals: frozenset[Final]
    bound: int = BOUND
    _explained: dict[frozenset[Fault], frozenset[Final]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def admits(self, values: Mapping[str, int]) -> bool:
        """Tell whether some final values are allowed.

        Parameters
        ----------
        values : mapping of str to int
            By name (``parent:r0``, ``parent:x[0]``, ``p[0]``); not all have to be there.

        Returns
        -------
        bool
            One final state allows all of them together.

        Examples
        --------
        >>> final = frozenset({("parent:r0", frozenset({1}))})
        >>> one = Allowed(None, STRICT, frozenset({final}))
        >>> one.admits({"parent:r0": 1}), one.admits({"parent:r0": 2}), one.admits({})
        (True, False, True)
        """
        return _admits(self.finals, values)

    def first_violation(self, values: Mapping[str, int]) -> Violation | None:
        """Say what is wrong with some final values.

        Parameters
        ----------
        values : mapping of str to int
            As for :meth:`admits`.

        Returns
        -------
        Violation or None
            None if they are allowed.

        Raises
        ------
        OracleBoundError
            A search for the cause has too many states.
        """
        if self.admits(values):
            return None
        names = list(values) or ["the end"]
        prefixes = ({name: values[name] for name in names[: n + 1]} for n in range(len(names) - 1))
        first = sum(map(self.admits, prefixes))  # once one is not allowed, no longer one is
        name = names[first]
        seen = {before: values[before] for before in names[:first]}
        others = [dict(final) for final in self.finals if _admits((final,), seen)]
        wanted = frozenset().union(*(final.get(name, ANY) for final in others))
        return Violation(name, values.get(name, SEGV), wanted, self._causes(values))

    def _causes(self, values: Mapping[str, int]) -> tuple[frozenset[Fault], ...]:
        """Return the smallest sets of faults that allow the values, best without ``store``."""
        sizes = range(1, len(FAULTS) + 1)
        for tried in (FAULTS[:-1], FAULTS):
            for size in sizes:
                sets = [frozenset(some) for some in combinations(tried, size)]
                found = [some for some in sets if _admits(self._with(some), values)]
                if found:
                    return tuple(found)
        return ()

    def _with(self, faults: frozenset[Fault]) -> frozenset[Final]:
        if faults not in self._explained:
            program = Program(self.litmus, self.promise, faults)
            self._explained[faults] = finals(program, self.bound)
        return self._explained[faults]


def allowed(litmus: Litmus, promise: Promise = STRICT, bound: int = BOUND) -> Allowed:
    """Work out what a program may show in the end.

    Parameters
    ----------
    litmus : Litmus
        The program.
    promise : Promise
        What references may rely on.
    bound : int
        States looked at before giving up.

    Returns
    -------
    Allowed
        All final states.

    Raises
    ------
    OracleBoundError
        There are more states than the bound.
    """
    return Allowed(litmus, promise, finals(Program(litmus, promise), bound), bound)


def numbers(values: Iterable[tuple[str, str]]) -> dict[str, int]:
    """Return the numbers among the values of a final state.

    Parameters
    ----------
    values : iterable of (str, str)
        As :class:`threadkit.cow.outcome.FinalState` has them.

    Returns
    -------
    dict of str to int
        Registers, memory and what references see; ``segv`` is SEGV.

    Examples
    --------
    >>> numbers([("parent:r0", "7"), ("parent:x[1]", "segv"), ("child", "gone"), ("copies", "1")])
    {'parent:r0': 7, 'parent:x[1]': 255}
    """
    found = {}
    for name, text in values:
        if _NAME.fullmatch(name) and (text == "segv" or _NUMBER.fullmatch(text)):
            found[name] = SEGV if text == "segv" else int(text)
    return found


def _admits(finals: Iterable[Final], values: Mapping[str, int]) -> bool:
    return any(
        all(value in have.get(name, ANY) for name, value in values.items())
        for have in map(dict, finals)
    )


def _text(value: int) -> str:
    return "segv" if value == SEGV else str(value)
