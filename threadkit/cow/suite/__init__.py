"""All scenarios at once: whether they are as expected, and which tell two eras apart."""

from __future__ import annotations

from threadkit.cow.suite.golden import Checkup, check, expected_text, promote
from threadkit.cow.suite.table import Difference, apart, matrix_of

__all__ = ["Checkup", "Difference", "apart", "check", "expected_text", "matrix_of", "promote"]
