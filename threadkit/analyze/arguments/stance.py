"""The stance of the words under a quotation towards it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from threadkit.analyze.arguments.learner import Learner, ModelError
from threadkit.analyze.arguments.relations_view import View
from threadkit.analyze.arguments.stance_features import VERSION, stance_row
from threadkit.analyze.arguments.values import STANCES, Stance

CERTAIN = 0.5
"""Stances of a lower score are candidates."""

UNDECIDED = 0.3
"""Below this nothing tells: the stance is left undecided."""

IRONY = "irony"
"""The rule of what may not be meant as it is said."""

MODEL = "stance.model"

_SIDES: tuple[Stance, ...] = ("agree", "disagree")


class Judged(NamedTuple):
    """A stance, how sure it is, and what decided."""

    stance: Stance
    score: float
    rule: str


@cache
def shipped() -> Learner:
    """Read the shipped model.

    Returns
    -------
    Learner
        The same at each call.

    Raises
    ------
    ModelError
        If it is of another version, or damaged.
    """
    data = (files("threadkit.analyze.arguments") / "model" / MODEL).read_bytes()
    model = Learner.from_bytes(data)
    if model.header.get("features") != VERSION:
        raise ModelError(f"{MODEL} was trained on other features; run: make model")
    return model


def stances(
    seen: View,
    moves: Sequence[Mapping[str, float]],
    irony: Sequence[str],
    model: Learner,
) -> list[Judged]:
    """Judge the stance towards each passage of a mail.

    Parameters
    ----------
    seen : View
        The mail.
    moves : sequence of mapping
        What `threadkit.analyze.arguments.relations.moves` gave.
    irony : sequence of str
        By unit: words that make it doubtful that it is meant as it is said, or empty.
    model : Learner
        Trained.

    Returns
    -------
    list of Judged
        By passage.
    """
    runs = {seen.cut.units[run.start].passage: run for run in seen.runs}
    found = [Judged("undecided", 0.0, "no own words")] * len(seen.cut.passages)
    some = [number for number in sorted(runs) if number >= 0]
    if not some:
        return found
    shares = model.predict_proba([stance_row(seen, runs[one], moves) for one in some])
    for number, row in zip(some, shares, strict=True):
        likely = dict(zip(model.classes, (float(one) for one in row), strict=True))
        ironic = any(irony[one] for one in runs[number])
        found[number] = decide(likely, ironic)
    return found


def decide(likely: Mapping[str, float], ironic: bool) -> Judged:
    """Pick a stance.

    Parameters
    ----------
    likely : mapping
        How likely each stance is.
    ironic : bool
        The words may not be meant as they are said: a side is not taken for granted.

    Returns
    -------
    Judged
        ``undecided`` if nothing tells, or if irony may turn a side round.

    Examples
    --------
    >>> decide({"agree": 0.7, "disagree": 0.2, "neutral": 0.1}, False)
    Judged(stance='agree', score=0.7, rule='model')
    >>> decide({"agree": 0.7, "disagree": 0.2, "neutral": 0.1}, True)
    Judged(stance='undecided', score=0.7, rule='irony')
    """
    stance = max(STANCES, key=lambda one: likely.get(one, 0.0))
    score = likely.get(stance, 0.0)
    if score < UNDECIDED:
        return Judged("undecided", score, "nothing tells")
    if ironic and stance in _SIDES:
        return Judged("undecided", score, IRONY)
    return Judged(stance, score, "model")
