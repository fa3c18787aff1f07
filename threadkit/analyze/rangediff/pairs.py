"""Pair the patches of two versions of a series, and show how each pair differs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from threadkit.analyze.rangediff.assignment import assign
from threadkit.analyze.rangediff.lines import hunks, matches, size
from threadkit.analyze.rangediff.texts import Comparable, PatchText, comparable

Mark = Literal["=", "!", "<", ">"]

CREATION_FACTOR = 60
"""Percent of a patch's size that leaving it without a partner costs, as git has it."""

_SECTION = re.compile(r" ## (.*) ##$|.?@@ (.*)$")


@dataclass(frozen=True, slots=True)
class Pair:
    """One line of a range-diff.

    Attributes
    ----------
    mark : {'=', '!', '<', '>'}
        Equal, changed, only in the old version, only in the new one.
    old, new : int or None
        Places in the two versions, from 1.
    old_patch, new_patch : PatchText or None
        The patches there.
    diff : tuple of str
        Of a changed pair the difference of the two patches: lines that begin with
        ``@@`` and the section, or with a mark and then the mark of the patch's own diff.
    """

    mark: Mark
    old: int | None
    new: int | None
    old_patch: PatchText | None
    new_patch: PatchText | None
    diff: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The title of the new patch, or of the old one that has no partner."""
        patch = self.new_patch or self.old_patch
        return patch.title if patch else ""


def range_diff(
    old: Sequence[PatchText],
    new: Sequence[PatchText],
    *,
    creation_factor: int = CREATION_FACTOR,
) -> list[Pair]:
    r"""Compare two versions of a series.

    Parameters
    ----------
    old, new : sequence of PatchText
        In the order of the series.
    creation_factor : int, optional
        Percent: the greater, the sooner two patches that differ much are a pair.

    Returns
    -------
    list of Pair
        In the order of the new version; patches that are gone stand where they were.

    Examples
    --------
    >>> def patch(title, line):
    ...     diff = f"diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+{line}\n"
    ...     return PatchText(title, title, "Ann <ann@example.org>", title, diff)
    >>> pairs = range_diff([patch("one", "b"), patch("two", "c")], [patch("two", "c")])
    >>> [(pair.old, pair.mark, pair.new) for pair in pairs]
    [(1, '<', None), (2, '=', 1)]

    Notes
    -----
    Equal diffs are paired first, whatever the messages say. The others are paired so that
    the lines of all differences, plus 60 percent of the patches left alone, are least:
    quadratic in patches, cubic in those that may all be one another's partners.

    References
    ----------
    git-range-diff(1), "ALGORITHM".
    """
    left, right = [comparable(one) for one in old], [comparable(one) for one in new]
    partner = _partners(left, right, creation_factor)
    shown: list[Pair] = []
    for kind, a, b in _in_order(partner, len(old), len(new)):
        before, after = (old[a] if a is not None else None), (new[b] if b is not None else None)
        places = (None if a is None else a + 1, None if b is None else b + 1)
        if a is None or b is None:
            shown.append(Pair(kind, *places, before, after))
            continue
        lines = tuple(_difference(left[a].lines, right[b].lines))
        shown.append(Pair("!" if lines else "=", *places, before, after, lines))
    return shown


def _partners(old: Sequence[Comparable], new: Sequence[Comparable], factor: int) -> dict[int, int]:
    """Find the place in the new version of each patch that has one."""
    by_diff: dict[tuple[str, ...], list[int]] = {}
    for place, one in enumerate(old):
        by_diff.setdefault(one.diff, []).append(place)
    found: dict[int, int] = {}
    for place, one in enumerate(new):
        if same := by_diff.get(one.diff):
            found[same.pop(0)] = place
    taken = set(found.values())
    rows = [n for n in range(len(old)) if n not in found]
    columns = [n for n in range(len(new)) if n not in taken]
    alone_old = {n: _lines(old[n]) * factor // 100 for n in rows}
    alone_new = {n: _lines(new[n]) * factor // 100 for n in columns}
    saved: dict[int, dict[int, float]] = {}
    for row in rows:
        for column in columns:
            cost = _saved(old[row], new[column], alone_old[row] + alone_new[column])
            if cost <= 0:
                saved.setdefault(row, {})[column] = cost
    for group in _groups(saved):
        found.update(_paired(group, saved))
    return found


def _groups(saved: Mapping[int, Mapping[int, float]]) -> Iterator[list[int]]:
    """Split the old patches into groups that share no possible partner: each is small."""
    rows_of: dict[int, list[int]] = {}
    for row, line in saved.items():
        for column in line:
            rows_of.setdefault(column, []).append(row)
    seen: set[int] = set()
    for first in saved:
        if first in seen:
            continue
        seen.add(first)
        group = [first]
        for row in group:  # it grows while it is gone through
            for column in saved[row]:
                more = [other for other in rows_of.pop(column, ()) if other not in seen]
                group += more
                seen.update(more)
        yield sorted(group)


def _paired(rows: Sequence[int], saved: Mapping[int, Mapping[int, float]]) -> dict[int, int]:
    """Pair the patches of one group so that most is saved."""
    columns = sorted({column for row in rows for column in saved[row]})
    # What a pair saves; a row left alone, in a column of its own, saves nothing, and as
    # little more than that as lets a pair win where both cost the same.
    nothing = 1 / (len(rows) + 1)
    unfit = float("inf")
    costs = [
        [saved[row].get(column, unfit) for column in columns] + [nothing] * len(rows)
        for row in rows
    ]
    chosen = zip(rows, assign(costs), strict=True)
    return {row: columns[place] for row, place in chosen if place < len(columns)}


def _saved(old: Comparable, new: Comparable, alone: int) -> float:
    """Say what a pair costs more than leaving both alone; below 0 it costs less."""
    cost = size(old.diff, new.diff, alone)
    return float("inf") if cost is None else cost - alone


def _lines(one: Comparable) -> int:
    return sum(1 for line in one.diff if line)


def _in_order(
    partner: dict[int, int], olds: int, news: int
) -> Iterator[tuple[Mark, int | None, int | None]]:
    """Go through both versions: what is gone first, then what is new, then a pair."""
    back = {new: old for old, new in partner.items()}
    done: set[int] = set()
    a = b = 0
    while a < olds or b < news:
        while a in done:
            a += 1
        if a < olds and a not in partner:
            yield "<", a, None
            a += 1
        elif b < news and b not in back:
            yield ">", None, b
            b += 1
        elif b < news:
            done.add(back[b])
            yield "=", back[b], b
            b += 1


def _difference(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    """Show how two patches differ, each hunk under the section that it is in."""
    for hunk in hunks(old, new, matches(old, new) or []):
        section = ""
        for line in reversed(old[: hunk.start]):
            if found := _SECTION.match(line):
                section = found[1] or found[2]
                break
        yield f"@@ {section}".rstrip()
        yield from hunk.lines
