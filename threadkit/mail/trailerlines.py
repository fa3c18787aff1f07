"""Runs of trailer lines: ``Signed-off-by:``, ``Fixes:`` and what stands among them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from threadkit.mail.linelabels import TEXT, TRAILERS, Labels

_KEY = re.compile(r"([A-Z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*) ?:\s*(?=\S)").match
_STRONG = re.compile(
    r"[A-Z][A-Za-z-]*-[Bb]y ?: .*[@<]|Fixes: ?(?:commit )?[0-9a-f]{7,40}\b|Fixes: ?http|(?:Link|Closes|BugLink): ?<?http"
    r"|base-commit: [0-9a-f]{40}|Change-Id: ?I[0-9a-f]{8}|\(cherry picked from commit "
).match
_WEAK = frozenset(
    {"Cc", "CC", "Link", "Fixes", "Closes", "References", "Reference", "BugLink", "Bugzilla", "Bug"}
    | {"Lore", "Patchwork", "Stable", "Nacked", "Message-Id", "Message-ID", "Change-Id"}
)
_LONGEST = 400


def mark_trailers(lines: Sequence[str], labels: Labels, keyed: Sequence[int]) -> None:
    """Label runs of trailer lines among a body's own text.

    Parameters
    ----------
    lines : sequence of str
        The lines of a body, without line ends.
    labels : list of Label or None
        Their labels; changed in place.
    keyed : sequence of int
        Indices, in order, of the lines that begin like ``Key: value``.

    Notes
    -----
    A run needs one line that is a trailer beyond doubt (a person with an address, a commit,
    a link); ``Cc:``, ``[name: what was changed]`` and broken-off lines join it. Linear.

    Examples
    --------
    >>> lines = ["Fine.", "Cc: list@example.org", "Acked-by: Ada <ada@example.org>"]
    >>> labels = [TEXT, TEXT, TEXT]
    >>> mark_trailers(lines, labels, [1, 2])
    >>> [label[0] for label in labels]
    ['reply', 'trailers', 'trailers']
    """
    count = len(lines)
    stop = 0
    for number in keyed:
        if number < stop or labels[number] is not TEXT or not _joins(lines, number, False):
            continue
        stop = number + 1
        while stop < count and labels[stop] is TEXT and _joins(lines, stop, True):
            stop += 1
        if any(_STRONG(line[:_LONGEST]) for line in lines[number:stop]):
            labels[number:stop] = [TRAILERS] * (stop - number)


def _joins(lines: Sequence[str], number: int, running: bool) -> bool:
    """Tell whether a line can be part of a run of trailers, or begin one."""
    line = lines[number]
    first = line[:1]
    if first == "[":
        return ": " in line and line.rstrip().endswith("]")
    if first == "(":
        return line.startswith("(cherry picked from commit ")
    if line.startswith(("base-commit: ", "prerequisite-")):
        return True
    if running and first in {" ", "\t"}:
        return True
    if running and _is_open(lines[number - 1]):
        return True
    if not first.isupper() or ":" not in line[:40]:
        return False
    key = _KEY(line[:_LONGEST])
    return key is not None and ("-" in key[1] or key[1] in _WEAK)


def _is_open(line: str) -> bool:
    """Tell whether a trailer goes on in the next line: ``Fixes: 1234 ("half a``."""
    return line.startswith("Fixes:") and '("' in line and '")' not in line
