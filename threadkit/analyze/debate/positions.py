"""Who stands where: matters of a conversation, people, and what each said of them over time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal, NamedTuple

from threadkit.analyze.debate.ground import Ground
from threadkit.analyze.debate.places import PATCH, Places
from threadkit.analyze.debate.sure import STANCE
from threadkit.analyze.debate.values import Claim, Conversation, Debate, Link, UnitName

View = Literal["agree", "disagree", "mixed", "neutral", "undecided"]
MatterKind = Literal["patch", "claim", "proposal"]

MOST: Final = 12
"""So many matters are shown if nobody asks for more."""

_VIEWS: Mapping[str, View] = {
    "agree": "agree", "support": "agree", "concede": "agree", "attack": "disagree",
    "undercut": "disagree", "ask": "neutral", "answer": "neutral",
}  # fmt: skip
_PASSAGES: Mapping[str, View] = {
    "agree": "agree", "disagree": "disagree", "mixed": "mixed", "question": "neutral",
    "neutral": "neutral", "undecided": "undecided",
}  # fmt: skip
_KNOWN = ("agree", "disagree")


class Stand(NamedTuple):
    """What somebody is to a matter in one mail: the view, and the words that say so.

    ``concedes``: he gives in here. ``rule`` is the kind of link, ``stance`` of a passage, or
    ``says it``; ``sure`` is False if it rests on candidates only.
    """

    mail: int
    start: int
    stop: int
    utc: str | None
    view: View
    concedes: bool
    rule: str
    score: float
    sure: bool


@dataclass(frozen=True, slots=True)
class Position:
    """One person on one matter, in the order of time.

    Attributes
    ----------
    person, email : str
        Who.
    stands : sequence of Stand
        One a mail.
    changes : sequence of (Stand, Stand)
        Where agreement and disagreement follow each other.
    """

    person: str
    email: str
    stands: Sequence[Stand]
    changes: Sequence[tuple[Stand, Stand]]

    @property
    def now(self) -> View:
        """The last view that is one, neutral if there is none."""
        views = [one.view for one in self.stands if one.view != "neutral"]
        return views[-1] if views else "neutral"


@dataclass(frozen=True, slots=True)
class MatterPositions:
    """What people think of one matter.

    Attributes
    ----------
    key : str
        Message-ID of a patch, or the key of a claim.
    kind : str
        patch, claim or proposal.
    name : UnitName
        Where it stands; the unit is -1 for a patch.
    positions : sequence of Position
        By who spoke first.
    """

    key: str
    kind: MatterKind
    name: UnitName
    positions: Sequence[Position]

    @property
    def voices(self) -> int:
        """The number of people who take a side."""
        return sum(one.now in (*_KNOWN, "mixed") for one in self.positions)


def positions(
    conversation: Conversation, debate: Debate, most: int = MOST
) -> list[MatterPositions]:
    """Tell who stands where on what is most spoken of.

    Parameters
    ----------
    conversation : Conversation
        The mails.
    debate : Debate
        What :func:`threadkit.analyze.debate.assemble.assemble` made of them.
    most : int, optional
        How many matters.

    Returns
    -------
    list of MatterPositions
        Postings of patches, a series as one, then claims and proposals; of each kind those
        on which most people take a side, the earlier of equal ones. Only claims on which two
        people do.

    Notes
    -----
    Silence is no view: who said nothing of a matter is not in it. What rests on candidates,
    or on words that may be irony, is undecided.
    """
    ground = Ground(conversation)
    said: dict[UnitName, list[tuple[str, Stand]]] = {}
    kinds: dict[UnitName, tuple[MatterKind, str]] = {}
    heads = _heads(debate.claims)
    for claim in debate.claims:
        name = claim.places[0].name
        kinds[name] = ("proposal" if claim.kind == "proposal" else "claim", claim.key)
        said[name] = [*_own(ground, claim)]
    series = _series(ground)
    for mail, head in series.items():
        name = UnitName(head, PATCH)
        kinds[name] = ("patch", ground.mail(head).message_id)
        if mail == head:
            said[name] = [_posted(ground, head)]
    for link in debate.links:
        target = (
            UnitName(series.get(link.target.mail, link.target.mail), PATCH)
            if link.target.unit == PATCH
            else heads.get(link.target, link.target)
        )
        if target in said and (one := _of_link(ground, link)):
            said[target].append(one)
    for target, one in _of_passages(ground, heads):
        if target in said:
            said[target].append(one)
    found = [
        MatterPositions(kinds[name][1], kinds[name][0], name, _people(ground, some))
        for name, some in said.items()
    ]
    spoken = [one for one in found if one.voices > 1]
    spoken.sort(key=lambda one: (one.kind != "patch", -one.voices, ground.rank(one.name.mail),
                                 one.name.unit))  # fmt: skip
    return spoken[:most]


def _heads(claims: Iterable[Claim]) -> dict[UnitName, UnitName]:
    return {place.name: claim.places[0].name for claim in claims for place in claim.places}


def _own(ground: Ground, claim: Claim) -> Iterator[tuple[str, Stand]]:
    """Yield those who say a claim themselves; of a view that is told of another, the other."""
    for place in claim.places:
        mail = ground.mail(place.name.mail)
        if claim.holder and place is claim.places[0]:
            continue
        sure = claim.state in ("automatic", "accepted") and not ground.unit(place.name).irony
        view: View = "agree" if sure else "undecided"
        yield mail.who, Stand(mail.id, place.start, place.stop, mail.utc, view, False,
                                 "says it", place.score, sure)  # fmt: skip


def _posted(ground: Ground, number: int) -> tuple[str, Stand]:
    mail = ground.mail(number)
    return mail.who, Stand(number, 0, 0, mail.utc, "agree", False, "posts it", 1.0, True)


def _series(ground: Ground) -> dict[int, int]:
    """Return for each mail of a posting the one at its head: the cover letter, or itself."""
    heads: dict[int, int] = {}
    places = Places(ground)
    for mail in ground.mails:
        patch, _ = places.patch(mail.id)
        if patch is None or patch.mail != mail.id:
            continue
        above = ground.parent(mail.id)
        same = above is not None and ground.mail(above).who == mail.who
        heads[mail.id] = heads.get(above, mail.id) if above is not None and same else mail.id
    return heads


def _of_link(ground: Ground, link: Link) -> tuple[str, Stand] | None:
    if link.state == "rejected":
        return None
    mail, unit = ground.mail(link.source.mail), ground.unit(link.source)
    own = mail.who == ground.mail(link.target.mail).who
    if own and link.kind not in ("concede", "attack"):
        return None
    sure = link.state in ("automatic", "accepted") and not unit.irony
    view = _VIEWS.get(link.kind, "neutral")
    if own and link.kind == "concede":
        view = "disagree"  # he gives up what he said
    if not sure and view != "neutral":
        view = "undecided"
    return mail.who, Stand(mail.id, unit.start, unit.stop, mail.utc, view,
                              link.kind == "concede", link.kind, link.score, sure)  # fmt: skip


def _of_passages(
    ground: Ground, heads: Mapping[UnitName, UnitName]
) -> Iterator[tuple[UnitName, tuple[str, Stand]]]:
    """Yield what the words under quotations are to the last claim quoted above them."""
    places = Places(ground)
    for mail in ground.mails:
        words = {unit.passage: unit for unit in reversed(mail.units) if unit.passage >= 0}
        for number, passage in enumerate(mail.passages):
            unit = words.get(number)
            if unit is None or passage.stance not in _PASSAGES:
                continue
            meant = [
                UnitName(source.mail, at)
                for source in places.sources(mail.id, passage.start, passage.stop)
                for at, _ in ground.overlaps(source.mail, source.start, source.stop)
            ]
            if not meant or meant[-1] not in heads:
                continue
            if mail.who == ground.mail(meant[-1].mail).who:
                continue
            stand = Stand(mail.id, unit.start, unit.stop, mail.utc, _PASSAGES[passage.stance],
                          False, "stance", passage.score, passage.score >= STANCE)  # fmt: skip
            yield heads[meant[-1]], (mail.who, stand)


def _people(ground: Ground, said: Iterable[tuple[str, Stand]]) -> list[Position]:
    by: defaultdict[str, defaultdict[int, list[Stand]]] = defaultdict(lambda: defaultdict(list))
    for who, stand in said:
        by[who][stand.mail].append(stand)
    found = []
    for mails in by.values():
        stands = [_one(mails[mail]) for mail in sorted(mails, key=ground.rank)]
        first = ground.mail(stands[0].mail)
        found.append(Position(first.person, first.email, stands, _changes(stands)))
    return sorted(found, key=lambda one: (ground.rank(one.stands[0].mail), one.person))


def _one(some: Sequence[Stand]) -> Stand:
    """Join what one mail says of a matter; a link says more than the stance of a passage."""
    told = [one for one in some if one.rule != "stance"] or list(some)
    best = max(told, key=lambda one: (one.sure, one.view in _KNOWN, one.score))
    views = {one.view for one in told if one.view in _KNOWN and one.sure}
    concedes = any(one.concedes for one in told if one.sure)
    return best._replace(view="mixed" if len(views) > 1 else best.view, concedes=concedes)


def _changes(stands: Sequence[Stand]) -> list[tuple[Stand, Stand]]:
    """Return the neighbours, of those that take a side, that take different ones."""
    sides = [one for one in stands if one.view in _KNOWN and one.sure]
    return [(before, after) for before, after in pairwise(sides) if before.view != after.view]
