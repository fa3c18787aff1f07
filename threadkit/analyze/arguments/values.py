"""What is found in one mail: units, the passages they answer, and how they bear on each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

Label = Literal[
    "claim", "evidence", "proposal", "decision", "concession", "agreement",
    "question", "background", "social",
]  # fmt: skip
Kind = Literal["mechanism", "guarantee", "performance", "history", "proposal", "opinion", ""]
RelationKind = Literal["support", "attack", "undercut", "answer", "ask", "agree", "concede"]
Stance = Literal["agree", "disagree", "mixed", "question", "neutral", "undecided"]
TargetKind = Literal["unit", "quote", "patch"]

LABELS: tuple[Label, ...] = (
    "claim", "evidence", "proposal", "decision", "concession", "agreement",
    "question", "background", "social",
)  # fmt: skip
"""What an author does with a unit, in the order of the labelling guide."""

KINDS: tuple[Kind, ...] = (
    "mechanism", "guarantee", "performance", "history", "proposal", "opinion",
)  # fmt: skip
"""What a claim is about; a proposal is shown as a claim of that kind."""

RELATIONS: tuple[RelationKind, ...] = (
    "support", "attack", "undercut", "answer", "ask", "agree", "concede",
)  # fmt: skip
"""How one unit bears on another, on a quoted passage or on the patch."""

STANCES: tuple[Stance, ...] = ("agree", "disagree", "mixed", "question", "neutral", "undecided")
"""What the words under a quotation are towards it; undecided: irony, or nothing tells."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence or clause of the author's own words.

    Attributes
    ----------
    start, stop : int
        Characters of the body, without white space around.
    label : Label
        What the author does with it.
    secondary : Label or ''
        A second move in the same unit.
    kind : Kind
        What a claim or proposal is about; empty for all others.
    score : float
        0..1: how sure the label is.
    rule : str
        The rule that decided, or ``model``.
    hedge : str
        The words that weaken it (``maybe``, ``I think``), or empty.
    irony : str
        The words that make it doubtful that it is meant as it is said, or empty.
    passage : int
        Number of the passage that it answers, in `MailArguments.passages`; -1: none.
    """

    start: int
    stop: int
    label: Label
    secondary: Label | Literal[""]
    kind: Kind
    score: float
    rule: str
    hedge: str
    irony: str
    passage: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A quotation with own words right under it, and their stance towards it.

    Attributes
    ----------
    start, stop : int
        Characters of the quoting body: from the first quoted line to the last one above
        the words.
    depth : int
        Quote depth of its last lines: these are what is answered.
    stance : Stance
        Of the words under it.
    score : float
        0..1: how sure the stance is.
    rule : str
        The rule that decided, or ``model``.
    """

    start: int
    stop: int
    depth: int
    stance: Stance
    score: float
    rule: str


class Target(NamedTuple):
    """What a relation points at.

    ``unit``: ``first`` is the number of a unit of the same mail. ``quote``: ``first`` and
    ``last`` are the characters of the quoting body that are meant. ``patch``: the patch or
    proposal under discussion.
    """

    kind: TargetKind
    first: int = 0
    last: int = 0


@dataclass(frozen=True, slots=True)
class Relation:
    """How a unit bears on something; ``unit`` is its number in `MailArguments.units`."""

    unit: int
    kind: RelationKind
    target: Target
    score: float
    rule: str


@dataclass(frozen=True, slots=True)
class MailArguments:
    """The arguments of one mail.

    Attributes
    ----------
    language : str
        ``en``, ``other`` (left alone), or ``none``: too few words to tell.
    note : str
        What was left out, and why; empty if nothing was.
    units : sequence of Unit
        In the order of the text.
    passages : sequence of Passage
        In the order of the text.
    relations : sequence of Relation
        By unit.
    """

    language: str
    note: str
    units: Sequence[Unit]
    passages: Sequence[Passage]
    relations: Sequence[Relation]
