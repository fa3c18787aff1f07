"""Scores of relations: type and target right, by cross-validation over threads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tests.eval.arguments.bearings import Bearing, held_out
from tests.eval.arguments.gold import GoldRelation, GoldUnit
from tests.eval.scores import Count
from threadkit.analyze.arguments.relations import MOST, SHOWN, moves, relations
from threadkit.analyze.arguments.relations_view import View
from threadkit.analyze.arguments.values import Relation, Target

Reading = Literal["block", "words"]
"""How near a target in a quotation must be: in the quoted block, or on the sentence meant."""


@dataclass(frozen=True, slots=True)
class Told:
    """What was told of a mail by a model that saw nothing of its thread."""

    moves: list[dict[str, float]]
    relations: list[Relation]


def told(some: Sequence[Bearing], shown: float = SHOWN) -> list[Told]:
    """Tell the moves and relations of every mail by models of other threads."""
    found: dict[int, Told] = {}
    for numbers, model in held_out(some):
        for number in numbers:
            one = some[number]
            likely = moves(one.seen, model)
            found[number] = Told(likely, relations(one.seen, likely, model, shown))
    return [found[number] for number in range(len(some))]


def nearest(one: Bearing) -> list[Relation]:
    """Tell relations as a plain rule does: evidence supports the unit before it."""
    return [
        Relation(number, "support", Target("unit", number - 1), 1.0, "nearest")
        for number in range(1, len(one.seen.units))
        if one.seen.labels[number] == "evidence"
    ]


def is_right(seen: View, gold: GoldRelation, one: Relation, reading: Reading) -> bool:
    """Tell whether a relation is the one that a reader saw."""
    if (gold.type, gold.to) != (one.kind, one.target.kind):
        return False
    if gold.to == "patch":
        return True
    if gold.to == "unit":
        unit = seen.cut.units[one.target.first]
        return (unit.start, unit.stop) == (gold.start, gold.stop)
    passage = seen.cut.units[one.unit].passage
    whole = seen.cut.passages[passage]
    if not whole.start <= gold.start < whole.stop:
        return False
    if reading == "block" or not gold.exact:
        return True
    span, said = (one.target.first, one.target.last), seen.sayings[passage]
    everything = len(said) > 1 and span == (said[0].start, said[-1].stop)
    return not everything and span[0] < gold.stop and gold.start < span[1]


def counts(
    some: Sequence[Bearing],
    found: Sequence[Sequence[Relation]],
    *,
    kinds: Iterable[str] = (),
    least: float = 0.0,
    reading: Reading = "block",
    every: bool = False,
) -> list[Count]:
    """Count the relations of each mail.

    Right: type and target are those of a reader. Missed: what all readers of the unit saw, or,
    with ``every``, what any of them saw. What one of two readers saw is right if it is told and
    not missed if it is not. ``kinds`` restricts both sides to some types.
    """
    wanted = frozenset(kinds)
    return [
        _count(one, [rel for rel in mine if rel.score >= least], wanted, reading, every)
        for one, mine in zip(some, found, strict=True)
    ]


def _count(
    one: Bearing, mine: Sequence[Relation], kinds: frozenset[str], reading: Reading, every: bool
) -> Count:
    by_unit: dict[int, list[Relation]] = {}
    for relation in mine:
        if not kinds or relation.kind in kinds:
            by_unit.setdefault(relation.unit, []).append(relation)
    right = extra = missed = 0
    for number, unit in enumerate(one.gold.units):
        gold = [rel for rel in unit.relations if not kinds or rel.type in kinds]
        hit = set(_hits(one.seen, gold, by_unit.get(number, []), reading))
        right += len(hit)
        extra += len(by_unit.get(number, [])[:MOST]) - len(hit)
        missed += sum(
            at not in hit and (every or rel.by >= len(unit.labels)) for at, rel in enumerate(gold)
        )
    return Count(right, extra, missed)


def _hits(
    seen: View, gold: Sequence[GoldRelation], mine: Sequence[Relation], reading: Reading
) -> Iterator[int]:
    """Give each relation that was told at most one of the readers', agreed ones first."""
    left = sorted(range(len(gold)), key=lambda at: -gold[at].by)
    for one in mine[:MOST]:
        hit = next((at for at in left if is_right(seen, gold[at], one, reading)), None)
        if hit is not None:
            left.remove(hit)
            yield hit


def side(kinds: Iterable[str]) -> str:
    """Reduce the relations of a unit to support, attack or none, as in the literature."""
    some = set(kinds)
    if some & {"attack", "undercut"}:
        return "attack"
    return "support" if some & {"support", "agree", "concede"} else "none"


def sides(some: Sequence[Bearing], found: Sequence[Sequence[Relation]]) -> Counter[tuple[str, str]]:
    """Count what units do by readers (as told, if one of them says so) and as told."""
    table: Counter[tuple[str, str]] = Counter()
    for one, mine in zip(some, found, strict=True):
        for number, unit in enumerate(one.gold.units):
            ours = side(rel.kind for rel in mine if rel.unit == number)
            theirs = {side(rel.type for rel in unit.relations)}
            theirs.add(side(rel.type for rel in unit.relations if rel.by >= len(unit.labels)))
            table[ours if ours in theirs else sorted(theirs)[0], ours] += 1
    return table


def side_scores(table: Mapping[tuple[str, str], int]) -> dict[str, float]:
    """Give F1 of support, attack and none, and their mean, from what `sides` counted."""
    found = {}
    for name in ("support", "attack", "none"):
        both = table.get((name, name), 0)
        told_so = sum(count for (_, mine), count in table.items() if mine == name)
        read_so = sum(count for (theirs, _), count in table.items() if theirs == name)
        found[name] = 2 * both / (told_so + read_so) if told_so + read_so else 1.0
    return {**found, "macro": sum(found.values()) / len(found)}


def readers(some: Sequence[Bearing], kinds: Iterable[str] = ()) -> Count:
    """Count what two readers of a unit both saw, and what one of them saw."""
    wanted = frozenset(kinds)
    both = one = 0
    for unit in (unit for mail in some for unit in mail.gold.units if len(unit.labels) > 1):
        mine = [rel for rel in unit.relations if not wanted or rel.type in wanted]
        both += sum(rel.by > 1 for rel in mine)
        one += sum(rel.by == 1 for rel in mine)
    return Count(both, one, 0)


def confusion(
    some: Sequence[Bearing], found: Sequence[Sequence[Relation]]
) -> Counter[tuple[str, str]]:
    """Count types by readers and as told, of the units that have one on either side."""
    table: Counter[tuple[str, str]] = Counter()
    for one, mine in zip(some, found, strict=True):
        ours: Mapping[int, list[str]] = _types((rel.unit, rel.kind) for rel in mine)
        for number, unit in enumerate(one.gold.units):
            theirs = [rel.type for rel in unit.relations if rel.by >= len(unit.labels)]
            for name in ours.get(number, []):
                table[name if name in theirs else next(iter(theirs), "none"), name] += 1
            for name in theirs:
                if not ours.get(number):
                    table[name, "none"] += 1
    return table


def _types(pairs: Iterable[tuple[int, str]]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for number, name in pairs:
        found.setdefault(number, []).append(name)
    return found


def worst(
    some: Sequence[Bearing], found: Sequence[Sequence[Relation]], most: int = 20
) -> list[tuple[str, int, Relation]]:
    """List the surest relations that no reader saw: Message-ID, start of the unit, relation."""
    wrong = []
    for one, mine in zip(some, found, strict=True):
        for rel in mine:
            unit: GoldUnit = one.gold.units[rel.unit]
            if not any(is_right(one.seen, each, rel, "block") for each in unit.relations):
                wrong.append((one.gold.mail.message_id, unit.start, rel))
    return sorted(wrong, key=lambda each: -each[2].score)[:most]
