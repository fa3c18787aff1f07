"""Put the arguments of a conversation's mails together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from threadkit.analyze.arguments.values import KINDS, Kind
from threadkit.analyze.debate import concessions, sure
from threadkit.analyze.debate.answers import Answers
from threadkit.analyze.debate.claims import Group, claim_units, groups, holder_of, key_of
from threadkit.analyze.debate.corrections import BY_HAND, Corrections, relabelled
from threadkit.analyze.debate.decisions import decisions, trailer_links
from threadkit.analyze.debate.ground import Ground
from threadkit.analyze.debate.places import Places, links
from threadkit.analyze.debate.points import points
from threadkit.analyze.debate.restated import restated
from threadkit.analyze.debate.standing import Standing, Standings
from threadkit.analyze.debate.values import (
    Claim,
    Conversation,
    Correction,
    Debate,
    Link,
    State,
    Status,
    UnitName,
)

_WITHIN = "both ends are one claim"


def assemble(conversation: Conversation, corrections: Sequence[Correction]) -> Debate:
    """Tell who claims what, who answers whom, what was settled and what stays open.

    Parameters
    ----------
    conversation : Conversation
        A whole conversation, with what was found in each of its mails.
    corrections : sequence of Correction
        What people said of findings of it, in the order in which they said it.

    Returns
    -------
    Debate
        The same whatever the order of the mails given.

    Notes
    -----
    Near to linear in the number of units. Corrections win over everything found; those to
    which no finding answers are told apart.
    """
    fixes = Corrections(conversation.mails, corrections)
    ground = Ground(relabelled(conversation, fixes))
    places = Places(ground)
    placed, left = links(places)
    given = [*concessions.given(places, placed), *concessions.denied(places, placed)]
    placed += concessions.placed(given, placed)
    bearing = fixes.links(_ordered(ground, [*placed, *trailer_links(places)]))
    same = restated(ground, claim_units(ground), bearing)
    told = groups(ground, same, fixes)
    bearing, within = _apart(told, bearing)
    for link in within:
        left[_WITHIN] += 1
        fixes.drop(link, _WITHIN)
    answered = points(ground, Answers(places), bearing, told, fixes)
    settled = decisions(places, fixes)
    standings = Standings(ground, told, bearing, answered)
    gave_in = concessions.listed(places, given, bearing)
    claims = [_claim(ground, group, standings.of(group), fixes) for group in told]
    fixes.close()
    return Debate(claims, bearing, answered, settled, fixes.unmet, dict(sorted(left.items())),
                  gave_in)  # fmt: skip


def _apart(told: Sequence[Group], bearing: Sequence[Link]) -> tuple[list[Link], list[Link]]:
    """Part the links of different claims from those of places of one, which say nothing."""
    claim = {name: group.names[0] for group in told for name in group.names}
    parted: tuple[list[Link], list[Link]] = [], []
    for link in bearing:
        here = claim.get(link.source)
        parted[here is not None and here == claim.get(link.target)].append(link)
    return parted


def _ordered(ground: Ground, some: Iterable[Link]) -> list[Link]:
    """Sort links; of two that say one thing, as a trailer and its words do, the surer is kept."""
    surest: dict[tuple[str, UnitName, UnitName], Link] = {}
    for link in sorted(some, key=lambda one: (one.score, one.rule)):
        surest[link.kind, link.source, link.target] = link
    return sorted(
        surest.values(),
        key=lambda one: (ground.rank(one.source.mail), one.source.unit, one.kind,
                         ground.rank(one.target.mail), one.target.unit, one.rule),
    )  # fmt: skip


def _claim(ground: Ground, group: Group, standing: Standing, fixes: Corrections) -> Claim:
    """Fill in a claim; a correction at any of its places holds for it."""
    first = group.names[0]
    mail, unit = ground.mail(first.mail), ground.unit(first)
    kind = _value(fixes, group, "kind")
    status = _value(fixes, group, "status")
    state = _value(fixes, group, "state")
    holder = _value(fixes, group, "holder")
    score = max(ground.unit(name).score for name in group.names)
    return Claim(
        key=key_of(ground, group),
        places=group.places,
        person=mail.person,
        email=mail.email,
        holder=holder_of(ground, first) if holder is None else holder,
        utc=mail.utc,
        kind=_kind_of(ground, group) if kind is None else kind,
        status=standing.status if status is None else cast("Status", status),
        why=standing.why if status is None else _reason(fixes, group),
        gist=_value(fixes, group, "gist") or "",
        score=score,
        rule=unit.rule,
        state=sure.state_of(score, sure.CLAIM) if state is None else cast("State", state),
    )


def _value(fixes: Corrections, group: Group, field: str) -> str | None:
    found = [fixes.value(field, name) for name in group.names]
    return next((value for value in found if value is not None), None)


def _reason(fixes: Corrections, group: Group) -> str:
    """Say that a person gave a status, and why if that was said."""
    given = fixes.of("status")
    note = next((given[name].note for name in group.names if name in given), "")
    return f"{BY_HAND}: {note}" if note else BY_HAND


def _kind_of(ground: Ground, group: Group) -> Kind:
    for name in group.names:
        unit = ground.unit(name)
        if unit.label == "proposal":
            return "proposal"
        for kind in KINDS:
            if kind == unit.kind:
                return kind
    return ""
