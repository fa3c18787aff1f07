"""What stands under a mail: signatures and the footers that lists add."""

from __future__ import annotations

import re
from collections.abc import Sequence

_FOOTER = re.compile(
    r"To unsubscribe from this list|To unsubscribe, send a message with|To unsubscribe,? (?:from|e-?mail|send|visit)"
    r"|You received this message because you are subscribed|More majordomo info at|Please read the FAQ at"
    r"|[-\w. ]+ mailing list\s*$|[-\w.]+ mailing list  ?-?-? ?[-\w.]+@|Don't email: <a href"
).match
_RULE = re.compile(r"(?:-{1,3} ?|_{5,}|-{5,}|={5,})\s*$").match
FOOTER_WORDS = ("unsubscribe", "mailing list", "You received this message", "Please read the FAQ")
_TAIL_LINES = 40


def footer_start(lines: Sequence[str], floor: int) -> int:
    """Find the list footer at the end of a body.

    Parameters
    ----------
    lines : sequence of str
        The lines of a body, without line ends.
    floor : int
        Index of the first line that may belong to the footer.

    Returns
    -------
    int
        Index of the first line of the footer (its rule included); ``len(lines)`` if there
        is none.

    Examples
    --------
    >>> footer_start(["Yes.", "_" * 40, "example mailing list", "example@example.org"], 0)
    1
    """
    count = len(lines)
    for number in range(max(floor, count - _TAIL_LINES), count):
        if _FOOTER(lines[number]):
            if number > floor and _RULE(lines[number - 1]):
                return number - 1
            return number
    return count
