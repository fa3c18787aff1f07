"""Attachment of replies: does a unit belong to the quotation that it stands under?

Measured end to end: the units are ours, cut by `threadkit.analyze.arguments.segments`; those
that overlap a labelled unit of a segment are right if all of them are attached to the passage
that holds the labelled block. Labelled units that are no unit of ours (a name alone, an
ellipsis, a list's footer) are counted apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tests.eval.arguments.bearings import Bearing
from tests.eval.arguments.gold import GoldMail, GoldStance
from threadkit.analyze.arguments.segments import Segments, segments


def attached(gold: GoldMail) -> Iterator[tuple[int, bool | None]]:
    """Give the start of every labelled unit under a quotation, and whether it is attached there.

    None: we cut no unit there.
    """
    cut = segments(gold.mail)
    for segment in gold.stances:
        for number in segment.units:
            unit = gold.units[number]
            yield unit.start, _is_attached(cut, segment, unit.start, unit.stop)


def _is_attached(cut: Segments, segment: GoldStance, start: int, stop: int) -> bool | None:
    mine = [one for one in cut.units if one.start < stop and start < one.stop]
    if not mine:
        return None
    passages = {one.passage for one in mine}
    return all(
        number >= 0
        and cut.passages[number].start <= segment.start
        and segment.stop <= cut.passages[number].stop + 1
        for number in passages
    )


def accuracy(some: Sequence[Bearing]) -> dict[str, int]:
    """Count the labelled units: attached as labelled, elsewhere, and no unit of ours."""
    found = [right for one in some for _, right in attached(one.gold)]
    return {"right": found.count(True), "wrong": found.count(False), "none": found.count(None)}
