"""Single lines that part a body: snip marks, scissors and the dashes before a patch."""

from __future__ import annotations

import re
from collections.abc import Sequence

from threadkit.mail.linelabels import SCISSORS, TEXT, TRAILERS, Labels

_SNIP = re.compile(
    r"\s*(?:\[\s*(?:\.{2,}|\u2026|(?:\.\.+ ?)?(?:snip|skip|cut|trim|deleted|removed)[^\]]{0,40})?\s*\]"
    r"|</?\s*(?:snip|cut)[^>]{0,40}>|\(\s*(?:\.{3,}|snip[^)]{0,40})\s*\)|\.{3,}|\u2026"
    r"|-{2,}\s*(?:snip[a-z ]*|cut(?: here)?)\s*-{2,})\s*$",
    re.IGNORECASE,
).match
_BLADES = (">8", "8<", ">%", "%<")
_LONGEST = 80


def is_snip(line: str) -> bool:
    """Tell whether a line says that something was left out here.

    Examples
    --------
    >>> is_snip("[...]"), is_snip("<snip>"), is_snip("[1] a footnote")
    (True, True, False)
    """
    return len(line) < _LONGEST and _SNIP(line) is not None


def is_scissors(line: str) -> bool:
    """Tell whether a line is a cut mark such as ``-- >8 --``.

    Examples
    --------
    >>> is_scissors("-- >8 --"), is_scissors("8<----- cut here -----"), is_scissors("- 8<")
    (True, True, False)

    References
    ----------
    git-mailinfo(1), ``--scissors``: mainly of scissors and perforation.
    """
    if len(line) > 2 * _LONGEST or not any(blade in line for blade in _BLADES):
        return False
    dashes = line.count("-")
    blades = sum(line.count(blade) for blade in _BLADES)
    visible = len(line) - line.count(" ")
    return dashes >= 2 and visible < 3 * (dashes + 2 * blades)


def mark_dashes(labels: Labels, numbers: Sequence[int], last_patch_line: int) -> None:
    """Label ``---`` lines that end a commit message; others are left as text.

    Parameters
    ----------
    labels : list of Label or None
        The labels of all lines; changed in place.
    numbers : sequence of int
        Indices of the lines that are three dashes.
    last_patch_line : int
        Index of the last line of a diff or diffstat; -1 if there is none.
    """
    for number in numbers:
        if labels[number] is not TEXT:
            continue
        above = number - 1
        while above >= 0 and labels[above] is None:
            above -= 1
        if number < last_patch_line or (above >= 0 and labels[above] is TRAILERS):
            labels[number] = SCISSORS
