"""What is new in a conversation since a day: claims, shifts, refusals, decisions, answers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from threadkit.analyze.debate.assemble import assemble
from threadkit.analyze.debate.positions import MatterPositions, Stand, positions
from threadkit.analyze.debate.standing import CONCEDED, WITHDRAWN
from threadkit.analyze.debate.values import (
    Claim,
    Conversation,
    Correction,
    Debate,
    Decision,
    Link,
    Point,
    Reply,
    UnitName,
)

_EVERY = 100_000
_NAMED = re.compile(r"[^\s;,]+@[^\s;,]+")
_PERHAPS = re.compile(f"; (?:{CONCEDED}|{WITHDRAWN})")


class Shift(NamedTuple):
    """A claim whose status is another one than before: the claim as it stands, and the old.

    ``utc`` is when that came: the date of the new mail that it stands so for.
    """

    claim: Claim
    before: str
    utc: str | None


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
        shifts=_shifts(conversation, debate, status, new),
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


def _shifts(
    conversation: Conversation, debate: Debate, status: Mapping[str, str], new: set[int]
) -> list[Shift]:
    """Return the claims that stand otherwise, in the order in which that came."""
    shifted = [one for one in debate.claims if status.get(one.key, one.status) != one.status]
    on: defaultdict[UnitName, set[int]] = defaultdict(set)
    for link in debate.links if shifted else ():
        on[link.target].add(link.source.mail)
    for point in debate.points if shifted else ():
        on[point.name].update(reply.mail for reply in point.replies)
    mails = {mail.id: mail for mail in conversation.mails if mail.id in new}
    found = []
    for claim in shifted:
        names = [place.name for place in claim.places]
        told = set(_NAMED.findall(_PERHAPS.split(claim.why)[0]))
        near = {number for name in names for number in (name.mail, *on[name])} & mails.keys()
        # the reason names the mail that decides; only what lacks an answer has none
        some = [mail for mail in mails.values() if mail.message_id in told]
        times = [mail.utc or "" for mail in some or (mails[number] for number in near)]
        found.append(Shift(claim, status[claim.key], max(times, default="") or claim.utc))
    return sorted(found, key=lambda one: one.utc or "")


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
