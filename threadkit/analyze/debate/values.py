"""What a conversation is to the analysis of a debate, and what the analysis says of it.

Mails are named by numbers that the caller chose (row ids); a unit by its mail and its
number in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Status = Literal["open", "contested", "conceded", "upheld", "withdrawn", "unanswered"]
State = Literal["automatic", "candidate", "accepted", "rejected"]
Outcome = Literal["answered", "taken up", "own", "no direct reply"]
PointKind = Literal["question", "request", "objection", "claim"]


class UnitName(NamedTuple):
    """A unit by its mail and its number there."""

    mail: int
    unit: int


class Said(NamedTuple):
    """A unit as the store has it, without its name.

    The fields are those of :class:`threadkit.analyze.arguments.values.Unit`.
    """

    start: int
    stop: int
    label: str
    secondary: str
    kind: str
    score: float
    rule: str
    hedge: str
    irony: str
    passage: int


class Answered(NamedTuple):
    """A passage as the store has it: a quotation with own words right under it."""

    start: int
    stop: int
    depth: int
    stance: str
    score: float
    rule: str


class Bears(NamedTuple):
    """A relation as its mail tells it; ``target`` is unit, quote or patch."""

    unit: int
    kind: str
    target: str
    first: int
    last: int
    score: float
    rule: str


class Quoted(NamedTuple):
    """Where a passage of the quoting body comes from: characters there and in the source."""

    start: int
    stop: int
    source: int
    source_start: int
    source_stop: int
    score: float


@dataclass(frozen=True, slots=True)
class DebateMail:
    """One mail of a conversation.

    Attributes
    ----------
    id : int
        The caller's number of it.
    message_id : str
        Without brackets.
    who : str
        One for all addresses of a person, and no two people's; of a mail without author its
        own. It is never shown.
    person, email : str
        Of the author, to be shown.
    utc : str or None
        ISO 8601 with Z.
    parent : int or None
        The mail that it answers, if it is here.
    subject : str
        Decoded.
    is_patch : bool
        It carries a diff or is a cover letter.
    language, note : str
        As in :class:`threadkit.analyze.arguments.values.MailArguments`.
    body : str
        The decoded body.
    units, passages, relations : sequences
        What was found in it.
    quotes : sequence of Quoted
        Where its quotations come from, in the order of the text; only of mails that are
        here.
    trailers : sequence of (str, str, int, int)
        Name, value, start, stop of the trailers in its own text.
    """

    id: int
    message_id: str
    who: str
    person: str
    email: str
    utc: str | None
    parent: int | None
    subject: str
    is_patch: bool
    language: str
    note: str
    body: str
    units: Sequence[Said]
    passages: Sequence[Answered]
    relations: Sequence[Bears]
    quotes: Sequence[Quoted]
    trailers: Sequence[tuple[str, str, int, int]]


@dataclass(frozen=True, slots=True)
class Conversation:
    """A whole conversation; ``mails`` are in the order of time, parents first."""

    root: int
    mails: Sequence[DebateMail]


class Correction(NamedTuple):
    """What a person says of a finding.

    ``target`` names the finding (:func:`threadkit.analyze.debate.names.unit_key`),
    ``field`` what is said of it, ``value`` what it is to be.
    """

    target: str
    field: str
    value: str
    note: str
    person: str
    utc: str
    origin: str


class Place(NamedTuple):
    """Where a claim is said; the first has rule ``first``."""

    name: UnitName
    start: int
    stop: int
    exact_sha256: str
    loose_sha256: str
    rule: str
    score: float


@dataclass(frozen=True, slots=True)
class Claim:
    """Something that somebody says and others may dispute; see the table ``claim``."""

    key: str
    places: Sequence[Place]
    person: str
    email: str
    holder: str
    utc: str | None
    kind: str
    status: Status
    why: str
    gist: str
    score: float
    rule: str
    state: State
    scenarios: Sequence[tuple[str, str, str, str, float]] = ()


class Link(NamedTuple):
    """How a unit bears on a unit of whatever mail; ``target.unit`` is -1 for a patch."""

    kind: str
    source: UnitName
    target: UnitName
    score: float
    rule: str
    state: State


class Reply(NamedTuple):
    """What answers a point; ``how`` is under the quotation, to the mail, own, elsewhere."""

    mail: int
    start: int
    stop: int
    how: str
    rule: str
    score: float


class Point(NamedTuple):
    """Something that calls for an answer, and what became of it.

    ``score`` is of the outcome; ``state`` is of the unit: a candidate may be no such point.
    """

    name: UnitName
    start: int
    stop: int
    kind: PointKind
    outcome: Outcome
    replies: Sequence[Reply]
    rule: str
    score: float
    state: State


class Decision(NamedTuple):
    """What somebody settled; ``about`` is a Message-ID, a hash, or empty."""

    mail: int
    start: int
    stop: int
    kind: str
    person: str
    email: str
    utc: str | None
    about: str
    detail: str
    rule: str
    score: float
    state: State


class Concession(NamedTuple):
    """Somebody who gives in: where, and to which unit; ``to`` is None if nothing tells."""

    mail: int
    start: int
    stop: int
    person: str
    email: str
    utc: str | None
    to: UnitName | None
    rule: str
    score: float
    state: State


@dataclass(frozen=True, slots=True)
class Debate:
    """What there is to say of a conversation, each in the order of time."""

    claims: Sequence[Claim] = ()
    links: Sequence[Link] = ()
    points: Sequence[Point] = ()
    decisions: Sequence[Decision] = ()
    unmet: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """Corrections that no finding answers to: their target and field, and why."""
    unplaced: Mapping[str, int] = field(default_factory=dict)
    """Relations that stayed out since what they bear on has no place here: why, how many."""
    concessions: Sequence[Concession] = ()
