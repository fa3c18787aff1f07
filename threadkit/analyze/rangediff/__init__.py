"""Two versions of a series compared, patch by patch, as ``git range-diff`` does it."""

from threadkit.analyze.rangediff.pairs import Pair, range_diff
from threadkit.analyze.rangediff.texts import PatchText, mail_patch

__all__ = ["Pair", "PatchText", "mail_patch", "range_diff"]
