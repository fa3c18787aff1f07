"""Which kernel decides how: eras, stable series, proposals, and why each is as it is.

A release, a stable series and an unmerged patch are all bundles of the same decisions
(:class:`threadkit.cow.policy.Policy`); an :class:`Era` is one bundle with its history.
"""

from __future__ import annotations

from threadkit.cow.eras.change import Change
from threadkit.cow.eras.commits import CommitRef
from threadkit.cow.eras.era import Era, FieldChange, FieldRow, Kind
from threadkit.cow.eras.find import DEFAULT, UnknownEra, base_eras, era, eras, kernel_era
from threadkit.cow.eras.meanings import FUNCTIONS, MEANINGS

__all__ = [
    "DEFAULT",
    "FUNCTIONS",
    "MEANINGS",
    "Change",
    "CommitRef",
    "Era",
    "FieldChange",
    "FieldRow",
    "Kind",
    "UnknownEra",
    "base_eras",
    "era",
    "eras",
    "kernel_era",
]
