"""Where a passage stands in a source: as a whole, or in pieces joined by bridges.

A passage is looked for as a whole first. If that fails, it is taken apart: a probe of a
few characters is searched, what it hits is extended as far as both agree, and the next
probe starts where the agreement ended. Pieces that follow each other in the source with
little that differs between them become one run again.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from threadkit.analyze.seam import CANDIDATES, Run, Seam, Work
from threadkit.analyze.strand import Strand, skeleton

SHORT = 20
"""A passage of fewer characters must be bounded by white space in its source."""
STRONG = 24
"""Characters that a run must have to be believed if it does not fill lines of its own."""
BRIDGE = 240
"""Characters that may differ between two runs of one passage (three times that in links)."""
LIKENESS = 0.4
"""Share of character pairs that two differing stretches must have in common."""

AGREEMENT = ("verbatim", "white-space", "rewrapped", "damaged", "edited")
"""How a run can agree with its source, from equal to merely alike."""


def verbatim(source: Strand, wanted: str, work: Work) -> int:
    """Return where ``wanted`` (no white space at its ends) stands in the source, or -1.

    The first place after the source's cursor wins, then the first before it; a short
    text prefers a place that is a line of its own.

    Parameters
    ----------
    source : Strand
        The text of an ancestor.
    wanted : str
        What to look for, without white space at its ends.
    work : Work
        What the search may still cost.

    Returns
    -------
    int
        A place in ``source.text``, or -1.

    Examples
    --------
    >>> verbatim(Strand("unsafe or safe?", [0], [0]), "safe?", Work(1000))
    10
    """
    text = source.text
    size = len(wanted)
    kept = -1
    for begin in (source.cursor, 0) if source.cursor else (0,):
        at = work.find(text, wanted, begin)
        for _ in range(4 * CANDIDATES):
            if at < 0:
                break
            before, after = text[at - 1 : at] if at else "", text[at + size : at + size + 1]
            if not (before.strip() or after.strip()):
                if size >= SHORT or (before in "\n" and after in "\n"):
                    return at
                kept = at if kept < 0 else kept
            at = work.find(text, wanted, at + 1)
    return kept


def whole(passage: Strand, source: Strand, work: Work) -> Run | None:
    r"""Find all words of the passage in one piece, white space aside.

    Parameters
    ----------
    passage : Strand
        The quoted lines, without their marks.
    source : Strand
        The text of an ancestor.
    work : Work
        What the search may still cost.

    Returns
    -------
    Run or None
        None if it is not there in one piece.

    Examples
    --------
    >>> whole(Strand("to\nfork", [0], [0]), Strand("safe to fork?", [0], [0]), Work(1000))
    >>> whole(Strand("to\nfork", [0], [0]), Strand("safe to fork ?", [0], [0]), Work(1000))
    Run(first=0, last=2, start=5, stop=12, matched=2, method='rewrapped')
    """
    wanted = passage.plain.key
    form = source.plain
    if work.find(form.key, wanted, 0) < 0:
        return None
    size = len(wanted)
    cursor = form.offsets[source.word_at(source.cursor)]
    for begin in (cursor, 0) if cursor else (0,):
        at = work.find(form.key, wanted, begin)
        for _ in range(CANDIDATES):
            if at < 0:
                break
            if size >= SHORT or form.holds_words(at, at + size):
                return Seam(passage, source, "plain").run(0, len(passage.words), at)
            at = work.find(form.key, wanted, at + 1)
    return None


def pieces(passage: Strand, first: int, last: int, source: Strand, work: Work) -> list[Run]:
    r"""Find as many as possible of the words ``first`` to ``last``, in several runs.

    The runs are in the passage's order and disjoint there. Runs that are too short to be
    more than chance are left out.

    Parameters
    ----------
    passage : Strand
        The quoted lines, without their marks.
    first : int
        Index of the first word.
    last : int
        Index after the last word.
    source : Strand
        The text of an ancestor.
    work : Work
        What the search may still cost.

    Returns
    -------
    list of Run
        By their place in the passage.

    Examples
    --------
    >>> passage = Strand("Is the na?ve way of doing it safe", [0], [0])
    >>> source = Strand("Is the na\u00efve way of doing it safe or not", [0], [0])
    >>> pieces(passage, 0, 8, source, Work(1000))
    [Run(first=0, last=8, start=0, stop=33, matched=8, method='damaged')]
    """
    if not source.words:
        return []
    runs = Seam(passage, source, "plain").runs(first, last, source.cursor, work)
    strange = not (passage.text.isascii() and source.text.isascii())
    if _free(runs, first, last) and (runs or (strange and passage.skeletal.key)):
        seam = Seam(passage, source, "skeletal")
        runs = _with_edges(seam, runs, first, last, work)
        cursors = {run.last: run.stop for run in runs}
        for lower, upper in _free(runs, first, last):
            runs += seam.runs(lower, upper, cursors.get(lower, source.cursor), work)
        runs.sort()
    return [run for run in _bridged(passage, runs, source) if _is_strong(passage, run)]


def gaps(taken: Sequence[tuple[int, int]], first: int, last: int) -> list[tuple[int, int]]:
    """Return the ranges between ``first`` and ``last`` that are not taken.

    Parameters
    ----------
    taken : sequence of tuple
        Ranges in order, disjoint.
    first : int
        Where to begin.
    last : int
        Where to end.

    Returns
    -------
    list of (int, int)
        In order, none empty.

    Examples
    --------
    >>> gaps([(2, 4), (4, 5)], 0, 7)
    [(0, 2), (5, 7)]
    """
    free = []
    for lower, upper in taken:
        if lower > first:
            free.append((first, lower))
        first = upper
    return [*free, (first, last)] if first < last else free


def _free(runs: Sequence[Run], first: int, last: int) -> list[tuple[int, int]]:
    return gaps([(run.first, run.last) for run in runs], first, last)


def _with_edges(seam: Seam, runs: list[Run], first: int, last: int, work: Work) -> list[Run]:
    """Add the damaged words that stand next to the runs."""
    after = {run.last: run for run in runs}
    before = {run.first: run for run in runs}
    found = list(runs)
    for lower, upper in _free(runs, first, last):
        left, right = after.get(lower), before.get(upper)
        edge = seam.forward(lower, upper, left, work) if left else None
        if edge:
            found.append(edge)
            lower = edge.last
        edge = seam.backward(lower, upper, right, work) if right and lower < upper else None
        if edge:
            found.append(edge)
    return sorted(found)


def _is_strong(passage: Strand, run: Run) -> bool:
    """Say whether a run is too long for chance, or fills lines of its own."""
    offsets = passage.plain.offsets
    if offsets[run.last] - offsets[run.first] >= STRONG and run.last - run.first > 2:
        return True
    return passage.fills_lines(run.first, run.last)


def _bridged(passage: Strand, runs: Sequence[Run], source: Strand) -> list[Run]:
    """Join runs that follow each other in the source with little that differs between."""
    joined: list[Run] = []
    for run in runs:
        bridge = _bridge(passage, joined[-1], run, source) if joined else None
        if bridge:
            joined[-1] = bridge
        else:
            joined.append(run)
    return joined


def _bridge(passage: Strand, left: Run, right: Run, source: Strand) -> Run | None:
    if not 0 <= right.start - left.stop <= 4 * BRIDGE:
        return None
    ours = "".join(passage.words[left.last : right.first])
    theirs = "".join(source.text[left.stop : right.start].split())
    if len(ours) > 3 * BRIDGE or len(theirs) > BRIDGE or "\0" in theirs:
        return None
    matched = left.matched + right.matched
    if skeleton(ours) == skeleton(theirs):
        method = "rewrapped" if ours == theirs else "damaged"
        matched += right.first - left.last
    elif ours and (("http" in ours and "http" in theirs) or _likeness(ours, theirs) >= LIKENESS):
        method = "edited"
    else:
        return None
    method = max(method, left.method, right.method, key=AGREEMENT.index)
    return Run(left.first, right.last, left.start, right.stop, matched, method)


def _likeness(one: str, other: str) -> float:
    """Return the share of neighbouring character pairs that two texts share (Dice)."""
    pairs, others = set(pairwise(one)), set(pairwise(other))
    return 2 * len(pairs & others) / (len(pairs) + len(others) or 1)
