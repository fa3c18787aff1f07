"""What a claim is about: how things work, what must hold, speed, history, or taste."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Final, cast

from threadkit.analyze.arguments.features import VERSION
from threadkit.analyze.arguments.learner import Learner, ModelError
from threadkit.analyze.arguments.values import Kind

MODEL: Final = "kinds.model"
_OWN = ("1:", "2:", "f1:", "cue:", "cue^:", "pre:", "shape:", "lx:")


def kind_row(row: Mapping[str, float]) -> dict[str, float]:
    """Keep what the unit itself says: its words and cues, not its place.

    Parameters
    ----------
    row : mapping
        Features of a unit, as `threadkit.analyze.arguments.features.rows` gives them.
    """
    return {name: value for name, value in row.items() if name.startswith(_OWN)}


@cache
def shipped() -> Learner:
    """Load the model of the package.

    Raises
    ------
    ModelError
        If it is of another version, or damaged.
    """
    data = resources.files("threadkit.analyze.arguments").joinpath("model", MODEL).read_bytes()
    model = Learner.from_bytes(data)
    if model.header.get("features") != VERSION:
        raise ModelError(f"{MODEL} was trained on other features; run: make model")
    return model


def kinds_of(rows: Sequence[Mapping[str, float]], model: Learner | None = None) -> list[Kind]:
    """Say of each unit what it is about if it is a claim.

    Parameters
    ----------
    rows : sequence of mapping
        Features of units.
    model : Learner, optional
        The shipped one if not given.

    Returns
    -------
    list of Kind
        One of each row.
    """
    learner = model or shipped()
    best = learner.predict_proba([kind_row(row) for row in rows]).argmax(axis=1)
    return [cast("Kind", learner.classes[number]) for number in best]
