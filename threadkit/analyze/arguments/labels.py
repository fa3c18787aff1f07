"""What an author does with each unit: rules where they are nearly always right, else the model.

The score of a label is at least 0.5 where it is sure enough to be shown as a finding: the
threshold of each class was found by cross-validation over threads and is put at 0.5, so that
what is below it is a candidate for every class alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from threadkit.analyze.arguments.features import VERSION, Read, reads, rows
from threadkit.analyze.arguments.kinds import kinds_of
from threadkit.analyze.arguments.learner import Learner, ModelError
from threadkit.analyze.arguments.rules import SCORE, Ruled, ruled
from threadkit.analyze.arguments.segments import Segments
from threadkit.analyze.arguments.values import Kind, Label
from threadkit.analyze.mailtext import MailText

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

SECOND: Final = 0.25
"""The share from which a second label is told."""

MODEL: Final = "labels.model"


class Told(NamedTuple):
    """What was found about a unit.

    Attributes
    ----------
    label : Label
        What the author does with it.
    secondary : Label or ''
        A second move in the same unit.
    kind : Kind
        What a claim or proposal is about.
    score : float
        0..1; from 0.5 on it is sure enough to be shown as a finding.
    rule : str
        The rule that decided, or ``model``.
    hedge, irony : str
        The words that weaken it, or make it doubtful that it is meant; may be empty.
    shares : mapping
        How likely each label is; the values sum to 1.
    """

    label: Label
    secondary: Label | str
    kind: Kind
    score: float
    rule: str
    hedge: str
    irony: str
    shares: Mapping[str, float]


@cache
def shipped() -> Learner:
    """Load the model of the package.

    Returns
    -------
    Learner
        Trained on the features of this version.

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


def label_units(mail: MailText, cut: Segments, model: Learner | None = None) -> list[Told]:
    r"""Say what the author does with each unit of a mail.

    Parameters
    ----------
    mail : MailText
        The mail.
    cut : Segments
        Its units and passages.
    model : Learner, optional
        Of labels; the shipped one if not given.

    Returns
    -------
    list of Told
        One of each unit, in order.

    Raises
    ------
    ModelError
        If the shipped model cannot be used.

    Examples
    --------
    >>> from threadkit.analyze.arguments.segments import segments
    >>> from threadkit.mail.body import blocks
    >>> body = "> It is slow.\nWhy is it slow?\n"
    >>> mail = MailText("a@example.org", "Re: x", "Ann", "ann@example.org", None, True, False,
    ...                 None, "a@example.org", body, blocks(body), [], [])
    >>> [one.label for one in label_units(mail, segments(mail))]
    ['question']
    """
    if not cut.units:
        return []
    found = reads(mail, cut.units)
    return labels_of(mail, cut, found, rows(mail, cut.units, cut.passages, found), model)


def labels_of(
    mail: MailText,
    cut: Segments,
    found: Sequence[Read],
    seen: Sequence[Mapping[str, float]],
    model: Learner | None = None,
) -> list[Told]:
    """Say what the author does with each unit, whose words and features are known.

    Parameters
    ----------
    mail : MailText
        The mail.
    cut : Segments
        Its units, at least one, and passages.
    found : sequence of Read
        The units, as `threadkit.analyze.arguments.features.reads` gives them.
    seen : sequence of mapping
        Their features, as `threadkit.analyze.arguments.features.rows` gives them.
    model : Learner, optional
        Of labels; the shipped one if not given.

    Returns
    -------
    list of Told
        One of each unit, in order.
    """
    learner = model or shipped()
    shares = learner.predict_proba(seen)
    kinds = kinds_of(seen)
    thresholds = cast("Mapping[str, float]", learner.header.get("thresholds", {}))
    return [
        _told(ruled(mail, unit, one), one, shares[number], kinds[number], learner, thresholds)
        for number, (one, unit) in enumerate(zip(found, cut.units, strict=True))
    ]


def _told(
    by_rule: Ruled | None,
    one: Read,
    shares: NDArray[float64],
    kind: Kind,
    learner: Learner,
    thresholds: Mapping[str, float],
) -> Told:
    likely = dict(zip(learner.classes, shares.tolist(), strict=True))
    if by_rule:
        likely = {name: (1 - SCORE) * share for name, share in likely.items()}
        likely[by_rule.label] = likely.get(by_rule.label, 0.0) + SCORE
    label, second = sorted(likely, key=lambda name: (-likely[name], name))[:2]
    shown: Kind = kind if label == "claim" else "proposal" if label == "proposal" else ""
    return Told(
        cast("Label", label),
        second if likely[second] >= SECOND else "",
        shown,
        SCORE if by_rule else round(scaled(likely[label], thresholds.get(label, 0.5)), 3),
        by_rule.rule if by_rule else "model",
        one.said("hedge"),
        one.said("irony"),
        {name: round(share, 4) for name, share in likely.items()},
    )


def scaled(share: float, threshold: float) -> float:
    """Put a share on a scale on which the threshold of its class is 0.5.

    Parameters
    ----------
    share : float
        0..1: how likely the label is.
    threshold : float
        Between 0 and 1: from which share on the label is shown.

    Examples
    --------
    >>> scaled(0.8, 0.8), scaled(0.9, 0.8), scaled(0.4, 0.8), scaled(1.0, 0.8)
    (0.5, 0.75, 0.25, 1.0)
    """
    if share < threshold:
        return round(0.5 * share / threshold, 6)
    return round(0.5 + 0.5 * (share - threshold) / (1 - threshold), 6) if threshold < 1 else 1.0
