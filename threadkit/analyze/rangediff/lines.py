"""The shortest difference of two texts, line by line, and its hunks.

Lines that only one side has are set aside first; they cannot be matched. The rest goes
through Myers' greedy algorithm, so that the number of changed lines is the least possible.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

_MOST_CHANGES = 500

CONTEXT = 3
"""Unchanged lines around a change, as git shows them."""


def matches(
    old: Sequence[str], new: Sequence[str], most: int | None = None
) -> list[tuple[int, int]] | None:
    """Match as many lines as possible, in order.

    Parameters
    ----------
    old, new : sequence of str
        Lines.
    most : int, optional
        Give up where more lines than this are removed and added.

    Returns
    -------
    list of (int, int) or None
        Places of matched lines in both, ascending; None where there are more changes.

    Examples
    --------
    >>> matches(["a", "b", "c"], ["a", "x", "c"])
    [(0, 0), (2, 2)]
    >>> matches(["a"], ["b"], most=1) is None
    True

    Notes
    -----
    Time and memory grow with the square of the changes among lines that both sides have;
    beyond five hundred of these the matches may be fewer than possible.

    References
    ----------
    E. Myers, "An O(ND) Difference Algorithm and Its Variations", Algorithmica 1986;
    H. Hyyrö, "Bit-Parallel LCS-length Computation Revisited", AWOCA 2004.
    """
    low, stop_old, stop_new = 0, len(old), len(new)
    while low < min(stop_old, stop_new) and old[low] == new[low]:
        low += 1
    while stop_old > low and stop_new > low and old[stop_old - 1] == new[stop_new - 1]:
        stop_old, stop_new = stop_old - 1, stop_new - 1
    in_old, in_new = set(old[low:stop_old]), set(new[low:stop_new])
    some_old = [n for n in range(low, stop_old) if old[n] in in_new]
    some_new = [n for n in range(low, stop_new) if new[n] in in_old]
    if most is not None and _least_changes(old, new) > most:
        return None
    left, right = [old[n] for n in some_old], [new[n] for n in some_new]
    inside = _greedy(left, right)
    if inside is None:
        inside = _blocks(left, right)
    found = [(n, n) for n in range(low)]
    found += [(some_old[a], some_new[b]) for a, b in inside]
    found += [(stop_old + n, stop_new + n) for n in range(len(old) - stop_old)]
    return found


def _least_changes(old: Sequence[str], new: Sequence[str]) -> int:
    """Count the fewest changes, without saying which: a bit a line, all lines at once."""
    places, everywhere = _places(tuple(old)), (1 << len(old)) - 1
    unmatched = everywhere
    for line in new:
        if here := places.get(line):
            matched = unmatched & here
            unmatched = ((unmatched + matched) | (unmatched - matched)) & everywhere
    return unmatched.bit_count() * 2 + len(new) - len(old)


@lru_cache(maxsize=4)  # one patch is compared with many
def _places(lines: tuple[str, ...]) -> dict[str, int]:
    """Give for each line a number with a bit wherever it stands."""
    found: dict[str, int] = {}
    for place, line in enumerate(lines):
        found[line] = found.get(line, 0) | 1 << place
    return found


def _blocks(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Match block by block where there are too many changes to find the fewest."""
    blocks = SequenceMatcher(None, old, new, autojunk=True).get_matching_blocks()
    return [(block.a + n, block.b + n) for block in blocks for n in range(block.size)]


def _greedy(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]] | None:
    """Run the greedy algorithm, keeping how far each number of changes came."""
    total = min(len(old) + len(new), _MOST_CHANGES)
    reached = {1: 0}
    history: list[dict[int, int]] = []
    for changes in range(total + 1):
        history.append(dict(reached))
        for diagonal in range(-changes, changes + 1, 2):
            if diagonal == -changes or (
                diagonal != changes and reached[diagonal - 1] < reached[diagonal + 1]
            ):
                x = reached[diagonal + 1]
            else:
                x = reached[diagonal - 1] + 1
            y = x - diagonal
            while x < len(old) and y < len(new) and old[x] == new[y]:
                x, y = x + 1, y + 1
            reached[diagonal] = x
            if x >= len(old) and y >= len(new):
                return _back(history, x, y)
        reached = {k: v for k, v in reached.items() if -changes - 1 <= k <= changes + 1}
    return None


def _back(history: Sequence[dict[int, int]], x: int, y: int) -> list[tuple[int, int]]:
    """Go back from the end, collecting the lines that were kept."""
    found: list[tuple[int, int]] = []
    for changes in range(len(history) - 1, -1, -1):
        reached, diagonal = history[changes], x - y
        is_down = diagonal == -changes or (
            diagonal != changes and reached[diagonal - 1] < reached[diagonal + 1]
        )
        before = diagonal + 1 if is_down else diagonal - 1
        from_x = reached[before] if changes else 0
        from_y = from_x - before if changes else 0
        while x > from_x and y > from_y and x and y:
            x, y = x - 1, y - 1
            found.append((x, y))
        x, y = from_x, from_y
    return found[::-1]


@dataclass(frozen=True, slots=True)
class Hunk:
    """A stretch of changes with the lines around them.

    ``start`` is where it begins in the old text; ``lines`` begin with `` ``, ``-`` or ``+``.
    """

    start: int
    lines: tuple[str, ...]


def hunks(
    old: Sequence[str], new: Sequence[str], matched: Sequence[tuple[int, int]]
) -> Iterator[Hunk]:
    """Cut a difference into hunks.

    Parameters
    ----------
    old, new : sequence of str
        Lines.
    matched : sequence of (int, int)
        From :func:`matches`.

    Yields
    ------
    Hunk
        In order; changes less than seven lines apart share one.

    Examples
    --------
    >>> [hunk.lines for hunk in hunks(["a", "b"], ["a", "c"], [(0, 0)])]
    [(' a', '-b', '+c')]
    """
    script = list(_script(old, new, matched))
    changed = [place for place, (_, line) in enumerate(script) if line[0] != " "]
    at = 0
    while at < len(changed):
        end = at
        while end + 1 < len(changed) and changed[end + 1] - changed[end] <= 2 * CONTEXT + 1:
            end += 1
        first = max(0, changed[at] - CONTEXT)
        lines = script[first : changed[end] + CONTEXT + 1]
        yield Hunk(lines[0][0], tuple(line for _, line in lines))
        at = end + 1


def _script(
    old: Sequence[str], new: Sequence[str], matched: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, str]]:
    """Yield every line with its mark and its place in the old text."""
    a = b = 0
    for x, y in (*matched, (len(old), len(new))):
        yield from ((n, "-" + old[n]) for n in range(a, x))
        yield from ((x, "+" + new[n]) for n in range(b, y))
        if x < len(old) and y < len(new):
            yield x, " " + old[x]
        a, b = x + 1, y + 1


def size(old: Sequence[str], new: Sequence[str], most: int) -> int | None:
    """Count the lines that the difference of two texts takes, hunk headings included.

    Parameters
    ----------
    old, new : sequence of str
        Lines.
    most : int
        Give up where more lines than this differ.

    Returns
    -------
    int or None
        None where more lines differ.

    Examples
    --------
    >>> size(["a", "b"], ["a", "c"], 9), size(["a", "b"], ["a", "c"], 1)
    (4, None)
    """
    matched = matches(old, new, most)
    if matched is None:
        return None
    return sum(1 + len(hunk.lines) for hunk in hunks(old, new, matched))
