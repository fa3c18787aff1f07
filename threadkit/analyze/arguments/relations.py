"""How units bear on each other, on the quoted passage above them, and on the patch.

Three models, trained together: which way a unit bears on anything (its *moves*), which unit
of the mail is meant, which sentence of the passage is meant. The score of a relation comes
from the product: how likely the move is, times how likely the target is, given the move.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import get_args

from threadkit.analyze.arguments.labels import scaled
from threadkit.analyze.arguments.learner import Learner, ModelError
from threadkit.analyze.arguments.relations_features import (
    AFTER,
    BEFORE,
    VERSION,
    move_row,
    saying_row,
    unit_row,
)
from threadkit.analyze.arguments.relations_ranker import Ranker
from threadkit.analyze.arguments.relations_view import View
from threadkit.analyze.arguments.values import Relation, RelationKind, Target, TargetKind

CERTAIN = 0.5
"""Relations of a lower score are candidates."""

SURE = 0.35
"""How likely a relation of the score `CERTAIN` is by the models: six in ten of those that are
likelier were seen by a reader, on threads that the models never saw."""

SHOWN = 0.14
"""What is less likely is not told: F1 on threads never seen is highest from here on."""

MOST = 3
"""Of one unit."""

NONE = "none"
"""The move of a unit that bears on nothing."""

MODELS = ("moves.model", "units.model", "sayings.model")
"""Files of the shipped models: moves, targets among units, targets among quoted sentences."""

_KINDS: tuple[RelationKind, ...] = get_args(RelationKind)
_OPPOSED: tuple[set[RelationKind], ...] = (
    {"agree", "attack"}, {"agree", "undercut"}, {"support", "attack"}, {"support", "undercut"},
    {"concede", "attack"},
)  # fmt: skip
_FEWEST = 0.1  # moves that are less likely are not followed to a target
_RULE = "model"

Moves = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class RelationModel:
    """What was trained: moves, targets among units, targets among quoted sentences."""

    moves: Learner
    units: Ranker
    sayings: Ranker


@cache
def shipped() -> RelationModel:
    """Read the shipped models.

    Returns
    -------
    RelationModel
        The same at each call.

    Raises
    ------
    ModelError
        If one is of another version, or damaged.
    """
    folder = files("threadkit.analyze.arguments") / "model"
    moves, units, sayings = ((folder / name).read_bytes() for name in MODELS)
    model = RelationModel(
        Learner.from_bytes(moves), Ranker.from_bytes(units), Ranker.from_bytes(sayings)
    )
    headers = (model.moves.header, model.units.header, model.sayings.header)
    for name, header in zip(MODELS, headers, strict=True):
        if header.get("features") != VERSION:
            raise ModelError(f"{name} was trained on other features; run: make model")
    return model


def moves(seen: View, model: RelationModel) -> list[dict[str, float]]:
    """Say how likely each unit bears on something, and which way.

    Parameters
    ----------
    seen : View
        The mail.
    model : RelationModel
        Trained.

    Returns
    -------
    list of dict
        By unit: from ``support:unit``, ``attack:quote`` and the like, and `NONE`, to how likely.
    """
    rows = [move_row(seen, number) for number in range(len(seen.units))]
    if not rows:
        return []
    found = model.moves.predict_proba(rows)
    return [
        dict(zip(model.moves.classes, (float(one) for one in row), strict=True)) for row in found
    ]


def relations(
    seen: View, likely: Sequence[Moves], model: RelationModel, shown: float = SHOWN
) -> list[Relation]:
    """Find the relations of a mail.

    Parameters
    ----------
    seen : View
        The mail.
    likely : sequence of mapping
        What `moves` gave.
    model : RelationModel
        Trained.
    shown : float
        Relations that are less likely are left out.

    Returns
    -------
    list of Relation
        By unit, the surest first; at most `MOST` of a unit. A score is `CERTAIN` where it is
        as likely as `SURE`.
    """
    found: list[Relation] = []
    for number, some in enumerate(likely):
        mine: list[Relation] = []
        for name, share in some.items():
            if name != NONE and share >= max(shown, _FEWEST):
                mine += _of_move(seen, number, name, share, model)
        mine = [one for one in mine if one.score >= shown]
        mine.sort(key=lambda one: (-one.score, one.kind, one.target))
        mine = _agreeing(mine)
        found += [replace(one, score=round(scaled(one.score, SURE), 3)) for one in mine[:MOST]]
    return found


def _agreeing(some: Sequence[Relation]) -> list[Relation]:
    """Leave out what contradicts a likelier one: nobody attacks and agrees in one sentence."""
    kept: list[Relation] = []
    for one in some:
        against = [rel for rel in kept if rel.target.kind == one.target.kind]
        if not any({rel.kind, one.kind} in _OPPOSED for rel in against):
            kept.append(one)
    return kept


def _of_move(
    seen: View, number: int, name: str, share: float, model: RelationModel
) -> list[Relation]:
    """Give a move its target, if it has one here."""
    kind, _, to = name.partition(":")
    made = next(one for one in _KINDS if one == kind)
    targets = {"unit": unit_targets, "quote": saying_targets}
    if to not in targets:
        return [Relation(number, made, Target("patch"), share, _RULE)]
    some = targets[to](seen, number, made, model)
    if not some:
        return []
    target, likely = max(some, key=lambda one: one[1])
    return [Relation(number, made, target, share * likely, _RULE)]


def window(seen: View, number: int) -> list[int]:
    """List the units that a unit may bear on, in the order of the text.

    Parameters
    ----------
    seen : View
        The mail.
    number : int
        Of the unit.
    """
    low, high = max(0, number - BEFORE), min(len(seen.units), number + AFTER + 1)
    return [one for one in range(low, high) if one != number]


def unit_targets(
    seen: View, number: int, kind: RelationKind, model: RelationModel
) -> list[tuple[Target, float]]:
    """Say how likely each unit near a unit is the one that it bears on.

    Parameters
    ----------
    seen : View
        The mail.
    number : int
        Of the unit.
    kind : RelationKind
        How it bears on it.
    model : RelationModel
        Trained.

    Returns
    -------
    list of (Target, float)
        In the order of the text; they sum to 1.
    """
    near = window(seen, number)
    shares = model.units.shares([unit_row(seen, number, one, kind) for one in near])
    return [(_target("unit", one, 0), share) for one, share in zip(near, shares, strict=True)]


def saying_targets(
    seen: View, number: int, kind: RelationKind, model: RelationModel
) -> list[tuple[Target, float]]:
    """Say how likely each sentence of the passage above a unit, or all of it, is meant.

    Parameters
    ----------
    seen : View
        The mail.
    number : int
        Of the unit.
    kind : RelationKind
        How it bears on it.
    model : RelationModel
        Trained.

    Returns
    -------
    list of (Target, float)
        All of it first, then in the order of the text; they sum to 1. Empty without a passage.
    """
    passage = seen.cut.units[number].passage
    if passage < 0:
        return []
    whole = seen.cut.passages[passage]
    said = seen.sayings[passage]
    if not said:
        return [(_target("quote", whole.start, whole.stop), 1.0)]
    spans = [(said[0].start, said[-1].stop), *((one.start, one.stop) for one in said)]
    if len(said) == 1:
        return [(_target("quote", *spans[0]), 1.0)]
    rows = [saying_row(seen, number, one, kind) for one in range(-1, len(said))]
    shares = model.sayings.shares(rows)
    return [(_target("quote", *span), share) for span, share in zip(spans, shares, strict=True)]


def _target(kind: TargetKind, first: int, last: int) -> Target:
    return Target(kind, first, last)
