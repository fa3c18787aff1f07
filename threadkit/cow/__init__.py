"""An executable model of Linux copy-on-write, and its witnesses.

A scenario asks one question; an era is one kernel's set of rules; running the one under
the other tries every interleaving::

    import threadkit as tk

    outcome = tk.cow.scenario("S4").run("refcount_nofork")
    outcome.verdict                     # Never, Sometimes or Always
    outcome                             # in a notebook: the states, step by step
    outcome.diff(tk.cow.scenario("S4").run("forced_gup_cow"))
    tk.cow.parse("COW mine question ...").run("mm_id")  # a scenario of one's own
    tk.cow.matrix_of(tk.cow.scenarios(), tk.cow.base_eras())
    tk.cow.witnessed([tk.cow.scenario("S5")])  # what real kernels did
    tk.cow.era("refcount_nofork").fields()

Everything is loaded when it is first used, and nothing but the standard library is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from threadkit.cow.eras import Era, base_eras, era
    from threadkit.cow.eras import eras as all_eras
    from threadkit.cow.library import Scenario, parse, scenario, scenarios
    from threadkit.cow.outcome import MODEL_VERSION, Outcome
    from threadkit.cow.suite import matrix_of
    from threadkit.cow.suite.witnessed import witnessed

__all__ = [
    "MODEL_VERSION",
    "Era",
    "Outcome",
    "Scenario",
    "all_eras",
    "base_eras",
    "era",
    "matrix_of",
    "parse",
    "scenario",
    "scenarios",
    "witnessed",
]

_HOMES = {
    "MODEL_VERSION": ("outcome", "MODEL_VERSION"),
    "Era": ("eras", "Era"),
    "Outcome": ("outcome", "Outcome"),
    "Scenario": ("library", "Scenario"),
    "all_eras": ("eras", "eras"),
    "base_eras": ("eras", "base_eras"),
    "era": ("eras", "era"),
    "matrix_of": ("suite", "matrix_of"),
    "parse": ("library", "parse"),
    "scenario": ("library", "scenario"),
    "scenarios": ("library", "scenarios"),
    "witnessed": ("suite.witnessed", "witnessed"),
}


def __getattr__(name: str) -> object:
    """Load a public name from its module on first use (PEP 562)."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module 'threadkit.cow' has no attribute {name!r}")
    module, attribute = _HOMES[name]
    found: object = getattr(import_module(f"threadkit.cow.{module}"), attribute)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
