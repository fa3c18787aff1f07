"""What is new in a conversation since a day: claims, shifts, refusals, decisions, answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from threadkit.analyze.debate.assemble import assemble
from threadkit.analyze.debate.positions import MatterPositions, Stand, positions
from threadkit.analyze.debate.values import (
    Claim,
    Conversation,
    Correction,
    Debate,
    Decision,
    Link,
    Point,
    Reply,
)

_EVERY = 100_000


class Shift(NamedTuple):
    """A claim whose status is another one than before: the claim as it stands, and the old."""

    claim: Claim
    before: str


class Turn(NamedTuple):
    """Somebody who changed sides, or gave in: what was before may be nothing."""

    matter: MatterPositions
    person: str
    before: Stand | None
    after: Stand


class NewAnswer(NamedTuple):
    """A new reply to a point that was there before, or is new as well."""

    point: Point
    reply: Reply


@dataclass(frozen=True, slots=True)
class Brief:
    """What is new; each in the order of time.

    Attributes
    ----------
    mails : int
        New mails.
    claims : sequence of Claim
        Said for the first time.
    shifts : sequence of Shift
        Claims that stand otherwise than before.
    turns : sequence of Turn
        People who changed sides, or conceded.
    naks : sequence of Decision
        Refusals.
    decisions : sequence of Decision
        All other decisions.
    trailers : sequence of Link
        What was given for or against patches by a trailer.
    answers : sequence of NewAnswer
        To questions, requests and objections.
    open : sequence of Point
        New points that have no direct reply.
    """

    mails: int
    claims: Sequence[Claim]
    shifts: Sequence[Shift]
    turns: Sequence[Turn]
    naks: Sequence[Decision]
    decisions: Sequence[Decision]
    trailers: Sequence[Link]
    answers: Sequence[NewAnswer]
    open: Sequence[Point]


def brief(
    conversation: Conversation,
    debate: Debate,
    corrections: Sequence[Correction],
    since: str,
) -> Brief:
    """Tell what is new in a conversation.

    Parameters
    ----------
    conversation : Conversation
        All of it.
    debate : Debate
        What was made of it.
    corrections : sequence of Correction
        The same that the debate was made with.
    since : str
        ISO 8601, a day or a time in UTC; what has no date is not new.

    Returns
    -------
    Brief
        New is what mails of that time or later say.
    """
    new = {mail.id for mail in conversation.mails if mail.utc is not None and mail.utc >= since}
    old = replace(conversation, mails=[one for one in conversation.mails if one.id not in new])
    status = {claim.key: claim.status for claim in assemble(old, corrections).claims}
    decisions = [one for one in debate.decisions if one.mail in new]
    return Brief(
        mails=len(new),
        claims=[one for one in debate.claims if one.places[0].name.mail in new],
        shifts=[
            Shift(one, status[one.key])
            for one in debate.claims
            if one.key in status and status[one.key] != one.status
        ],
        turns=_turns(conversation, debate, new),
        naks=[one for one in decisions if one.kind == "nak"],
        decisions=[one for one in decisions if one.kind != "nak"],
        trailers=[
            one
            for one in debate.links
            if one.source.mail in new and one.rule.lower().endswith("-by")
        ],
        answers=[
            NewAnswer(point, reply)
            for point in debate.points
            for reply in point.replies
            if reply.mail in new and reply.how != "own"
        ],
        open=[
            one
            for one in debate.points
            if one.name.mail in new and one.outcome == "no direct reply"
        ],
    )


def _turns(conversation: Conversation, debate: Debate, new: set[int]) -> list[Turn]:
    """Return who turned in new mails, in the order of time."""
    found = []
    for matter in positions(conversation, debate, _EVERY):
        for position in matter.positions:
            turned = {after.mail: before for before, after in position.changes}
            for stand in position.stands:
                if stand.mail in new and (stand.mail in turned or stand.concedes):
                    found.append(Turn(matter, position.person, turned.get(stand.mail), stand))
    return sorted(found, key=lambda one: (one.after.utc or "", one.person, one.matter.key))
