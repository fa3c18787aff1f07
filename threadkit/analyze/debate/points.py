"""What calls for an answer in a conversation: questions, requests, objections, disputed claims."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, cast

from threadkit.analyze.debate import sure
from threadkit.analyze.debate.answers import ELSEWHERE, OWN, TO_MAIL, UNDER, Answers, Matter
from threadkit.analyze.debate.claims import Group
from threadkit.analyze.debate.corrections import Corrections
from threadkit.analyze.debate.elsewhere import Elsewhere
from threadkit.analyze.debate.ground import Ground
from threadkit.analyze.debate.standing import AGAINST
from threadkit.analyze.debate.values import (
    Link,
    Outcome,
    Point,
    PointKind,
    Reply,
    State,
    UnitName,
)

_WORD = re.compile(r"\w")
_PLAN = re.compile(
    r"\W*(?:[\w/']+[,:]? ){0,4}?(?:I'll|I will|I can|I could|I'm going to|I am going to|I'm gonna|I plan to|"
    r"I have to|I need to|I hope to|I hope I|I want to|I'd love to|let me)\b(?! know)",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:you|your|please|somebody|someone|anyone|anybody|should)\b|\?", re.IGNORECASE
)

DIRECT: Final = (UNDER, TO_MAIL)
"""Ways of replies that answer a point in place."""


def kinds(ground: Ground, links: Iterable[Link]) -> dict[UnitName, PointKind]:
    """Tell which units call for an answer.

    Parameters
    ----------
    ground : Ground
        The conversation.
    links : iterable of Link
        How units bear on each other.

    Returns
    -------
    dict of UnitName to str
        In the order of time and text. A question; a proposal is a request, but for what its
        author will do himself; what speaks against another person's words or a patch is an
        objection; a claim on which others bear is a point, too. Of the rest of a mail's claims those
        count that lead: they give no ground for another one, and its units support them, or
        they are the first point under their quotation.
    """
    objecting: set[UnitName] = set()
    spoken_of: set[UnitName] = set()
    supported: set[UnitName] = set()
    grounds: set[UnitName] = set()
    for link in links:
        other = ground.mail(link.source.mail).who != ground.mail(link.target.mail).who
        if other:
            spoken_of.add(link.target)
            if link.kind in AGAINST:
                objecting.add(link.source)
        elif link.kind == "support":
            supported.add(link.target)
            grounds.add(link.source)
    found: dict[UnitName, PointKind] = {}
    led: set[tuple[int, int]] = set()
    for name in ground.names():
        unit = ground.unit(name)
        if not _WORD.search(ground.text(name)):
            continue
        under = (name.mail, unit.passage)
        if unit.label == "question":
            found[name] = "question"
        elif unit.label == "proposal" and not is_plan(ground.text(name)):
            found[name] = "request"
        elif unit.label in ("claim", "decision") and name in objecting:
            found[name] = "objection"
        elif unit.label == "claim":
            leads = name not in grounds and (name in supported or under not in led)
            if name in spoken_of or leads:
                found[name] = "claim"
        if name in found:
            led.add(under)
    return found


def is_plan(text: str) -> bool:
    """Tell if a sentence only says what its author will do, which asks nothing of others.

    Parameters
    ----------
    text : str
        A proposal.

    Examples
    --------
    >>> is_plan("I'll take another look."), is_plan("I'll test it if you send a patch.")
    (True, False)
    """
    return bool(_PLAN.match(text)) and not _OTHERS.search(text)


def points(
    ground: Ground,
    answers: Answers,
    links: Sequence[Link],
    groups: Iterable[Group],
    corrections: Corrections,
) -> list[Point]:
    """Tell what became of all that called for an answer.

    Parameters
    ----------
    ground : Ground
        The conversation.
    answers : Answers
        Looks for answers.
    links : sequence of Link
        How units bear on each other.
    groups : iterable of Group
        Claims; who answers one of its places takes up the others.
    corrections : Corrections
        ``outcome`` and ``state`` win.

    Returns
    -------
    list of Point
        In the order of time and text.
    """
    places = {name: group.names for group in groups for name in group.names}
    branches = Elsewhere(ground, answers.weights)
    found = []
    for name, kind in kinds(ground, links).items():
        unit = ground.unit(name)
        matter = Matter(name.mail, unit.start, unit.stop)
        replies, best = answers.of(matter)
        if not any(reply.how in DIRECT for reply in replies):
            again = [one for one in places.get(name, ()) if one != name]
            replies = _sorted(
                ground, [*replies, *branches.of(matter), *_again(ground, answers, name, again)]
            )
        outcome, rule, score = outcome_of(replies, best)
        by_hand = corrections.value("outcome", name)
        if by_hand is not None:
            outcome, rule, score = cast("Outcome", by_hand), "by hand", 1.0
        told = corrections.value("state", name)
        state = sure.state_of(unit.score, sure.CLAIM) if told is None else cast("State", told)
        found.append(Point(name, unit.start, unit.stop, kind, outcome, replies, rule, score, state))
    return found


def _again(
    ground: Ground, answers: Answers, name: UnitName, places: Iterable[UnitName]
) -> Iterator[Reply]:
    """Yield what answers the same claim where it is said in other mails."""
    author = ground.mail(name.mail).who
    for place in places:
        unit = ground.unit(place)
        for reply in answers.of(Matter(place.mail, unit.start, unit.stop))[0]:
            other = ground.mail(reply.mail).who != author
            if reply.how in DIRECT and other and ground.rank(reply.mail) > ground.rank(name.mail):
                yield reply._replace(how=ELSEWHERE, rule="the claim is said again, and answered")


def _sorted(ground: Ground, replies: Iterable[Reply]) -> list[Reply]:
    """Sort by time; one of a mail, the surest."""
    best: dict[int, Reply] = {}
    for one in replies:
        if one.mail not in best or best[one.mail].score < one.score:
            best[one.mail] = one
    return sorted(best.values(), key=lambda one: ground.rank(one.mail))


def outcome_of(replies: Sequence[Reply], likeliest: float = 0.0) -> tuple[Outcome, str, float]:
    """Say what became of a point.

    Parameters
    ----------
    replies : sequence of Reply
        What answers it.
    likeliest : float, optional
        How likely a reply of somebody else answers it; where none does, what that leaves.

    Returns
    -------
    outcome, rule, score : str, str, float
        Of the surest direct answer, else of what takes it up elsewhere, else of its author's.
    """
    ranks: dict[str, Outcome] = {ELSEWHERE: "taken up", OWN: "own"}
    direct = [one for one in replies if one.how in DIRECT]
    if direct:
        best = max(direct, key=lambda one: one.score)
        return "answered", best.rule, best.score
    for how, outcome in ranks.items():
        some = [one for one in replies if one.how == how]
        if some:
            best = max(some, key=lambda one: one.score)
            return outcome, best.rule, best.score
    rule = "nobody replies" if not likeliest else "no reply answers it"
    return "no direct reply", rule, round(1 - likeliest, 3)
