"""An argument as a nested list: what a map shows, in words and for every screen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from threadkit.site.argument import SIGNS, TO_QUESTION, Argument, Bond
from threadkit.site.values import Claim


class Row(NamedTuple):
    """One line of an outline.

    ``closes`` lists end before it; ``opens`` tells that a list begins with it; ``again`` that the
    claim stands above with all that bears on it, so that here it only is named.
    """

    claim: Claim
    kind: str
    opens: bool
    closes: int
    again: bool

    @property
    def sign(self) -> str:
        """Of the kind of bond."""
        return SIGNS.get(self.kind, "")


class Outline(NamedTuple):
    """All lines; ``closes`` lists end after the last."""

    rows: tuple[Row, ...]
    closes: int


def outline(argument: Argument) -> Outline:
    """Make the nested list of an argument.

    Parameters
    ----------
    argument : Argument
        Circles are no harm, nor are claims that bear on several.

    Returns
    -------
    Outline
        Under each claim what bears on it; a claim that bears on several is unfolded once.
    """
    rows = []
    depth = 0
    seen: set[str] = set()
    for level, bond in _walk(argument):
        again = bond.source in seen
        seen.add(bond.source)
        claim = argument.claims[bond.source]
        rows.append(Row(claim, bond.kind, level > depth, max(depth - level, 0), again))
        depth = level
    return Outline(tuple(rows), depth)


def _walk(argument: Argument) -> Iterator[tuple[int, Bond]]:
    """Give every bond once, with its level from 1, depth first."""
    onto: dict[str, list[Bond]] = defaultdict(list)
    order = {key: place for place, key in enumerate(argument.claims)}
    for bond in argument.bonds:
        onto[bond.target].append(bond)
    for bonds in onto.values():
        bonds.sort(key=lambda bond: (_date(argument, bond), order[bond.source], bond.kind))
    opened: set[str] = set()
    waiting = [(1, bond) for bond in reversed(onto[TO_QUESTION])]
    while waiting:
        level, bond = waiting.pop()
        yield level, bond
        if bond.source not in opened:
            opened.add(bond.source)
            waiting.extend((level + 1, each) for each in reversed(onto[bond.source]))


def _date(argument: Argument, bond: Bond) -> str:
    return argument.claims[bond.source].utc or "9"
