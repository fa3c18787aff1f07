"""Random small programs, on which the two engines have to agree.

:func:`~threadkit.cow.fuzz.programs.random_litmus` writes programs,
:func:`~threadkit.cow.fuzz.run.fuzz` runs them, and what they disagree about is made small
by :func:`~threadkit.cow.fuzz.shrink.shrink`. All of it follows from the seed.
"""

from __future__ import annotations

from threadkit.cow.fuzz.programs import random_litmus
from threadkit.cow.fuzz.promises import promise_of
from threadkit.cow.fuzz.run import Disagreement, Observed, Report, Runner, fuzz, machine_runner
from threadkit.cow.fuzz.shrink import shrink

__all__ = [
    "Disagreement",
    "Observed",
    "Report",
    "Runner",
    "fuzz",
    "machine_runner",
    "promise_of",
    "random_litmus",
    "shrink",
]
