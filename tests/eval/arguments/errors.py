"""What was told wrong: which labels are mixed up, and the surest errors by mail and span."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.eval.arguments.bearings import Bearing
from tests.eval.arguments.figures import Told
from tests.eval.arguments.relations import is_right
from tests.eval.corpus import Found
from threadkit.analyze.arguments.values import LABELS

MOST = 20
_WIDTH = 100


@dataclass(frozen=True, slots=True)
class Wrong:
    """An error: how sure it was, what was told, what readers said, where."""

    score: float
    told: str
    read: str
    message_id: str
    start: int
    stop: int

    def __str__(self) -> str:
        return (
            f"{self.score:.2f} {self.told} for {self.read} {self.message_id} "
            f"{self.start}..{self.stop}"
        )

    def passage(self, found: Mapping[str, Found]) -> str:
        """Return its words, if the mail is here."""
        if self.message_id not in found:
            return ""
        return " ".join(found[self.message_id].mail.body[self.start : self.stop].split())[:_WIDTH]


def confusion(some: Sequence[Bearing], told: Told) -> dict[str, dict[str, int]]:
    """Count, by label as read (as told, if any reader agrees), how often each was told."""
    found: dict[str, dict[str, int]] = {name: {} for name in LABELS}
    for one, labels in zip(some, told.labels, strict=True):
        for unit, label in zip(one.gold.units, labels, strict=True):
            row = found[label if label in unit.labels else unit.labels[0]]
            row[label] = row.get(label, 0) + 1
    return found


def worst(some: Sequence[Bearing], told: Told, most: int = MOST) -> list[Wrong]:
    """List the wrong labels that were surest."""
    wrong = [
        Wrong(round(score, 3), label or "nothing", "/".join(unit.labels),
              one.gold.mail.message_id, unit.start, unit.stop)
        for one, labels, scores in zip(some, told.labels, told.scores, strict=True)
        for unit, label, score in zip(one.gold.units, labels, scores, strict=True)
        if label not in unit.labels
    ]  # fmt: skip
    return _surest(wrong, most)


def worst_relations(some: Sequence[Bearing], told: Told, most: int = MOST) -> list[Wrong]:
    """List the relations that were surest and that no reader saw."""
    wrong = []
    for one, mine in zip(some, told.relations, strict=True):
        for rel in mine:
            unit = one.gold.units[rel.unit]
            if any(is_right(one.seen, each, rel, "block") for each in unit.relations):
                continue
            read = [f"{each.type} {each.to}" for each in unit.relations]
            wrong.append(
                Wrong(round(rel.score, 3), f"{rel.kind} {rel.target.kind}",
                      ", ".join(read) or "none", one.gold.mail.message_id, unit.start, unit.stop)
            )  # fmt: skip
    return _surest(wrong, most)


def _surest(wrong: Sequence[Wrong], most: int) -> list[Wrong]:
    return sorted(wrong, key=lambda one: (-one.score, one.message_id, one.start))[:most]
