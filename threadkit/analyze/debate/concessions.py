"""Who gives in, and to what: concessions, placed at the words that they are made to.

The label of a unit says that its author concedes something, not to whom. Here the quotation
above it says so, or the mail that it answers. A few words say plainly that somebody gives in;
the label alone is seldom sure enough, and then the concession is a candidate.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from threadkit.analyze.debate import sure
from threadkit.analyze.debate.places import Places
from threadkit.analyze.debate.values import Concession, Link, Said, State, UnitName

UNDER: Final = "concession under the quotation"
REPLY: Final = "concession in the reply"
DENIES: Final = "speaks against his own words"
ALONE: Final = "concession"
"""Rules: where what somebody gives in to stands; ``, words`` is added if words say so plainly."""

LEAST: Final = 0.3
"""Units whose label is less sure are not told: most of them admit something of no weight."""

SECOND: Final = 0.3
"""The score of a concession that is the second move of a unit, which has none of its own."""

DOUBTED: Final = 0.45
"""The highest score of a unit that is labelled a concession, and asks or doubts."""

SAID: Final = 0.8
"""The score of words that say plainly that somebody gives in."""

_RIGHT = r"(?: (?:absolutely|quite|of course|probably|completely|totally|all|both|indeed))? (?:right|correct)"
_GIVES_IN = re.compile(
    rf"\byou(?:'re| are){_RIGHT}\b(?! (?:to|if|away|in|now)\b)|"
    rf"\b(?:he|she|they)(?:'s| is|'re| are| was| were){_RIGHT}\b(?! (?:to|if|away|in|now)\b)|"
    r"\bI (?:do |must |have to )?concede\b(?! (?:nothing|no)\b)|\bI stand corrected\b|"
    r"\bI (?:take (?:it|that|this) back|retract|withdraw) ?(?:my|that|this|it|the)?\b|"
    r"\b(?!That|This|It|What|Which|Every|Some|No)(?-i:[A-Z]\w+) was right\b|"
    r"\bI was (?:\w+ly )?(?:wrong|mistaken)\b|\bI was too (?:quick|hasty|fast)\b|"
    r"\bI(?:'ve| have)? changed my mind\b|\A\W*(?:fair (?:enough|point)|point taken)\b",
    re.IGNORECASE,
)
_SLIP = re.compile(
    r"\bI(?:'d| had|'ve| have)? (?:\w+ly )?(?:forgotten|overlooked|misread|misunderstood)\b|"
    r"\bmy (?:bad|mistake|fault|error)\b|\A\W*oops\b",
    re.IGNORECASE,
)  # also said of trifles: they count where the unit is labelled a concession
_OPEN = re.compile(
    r"\b(?:if|unless|whether|maybe|perhaps|may|might|would|could|not sure|correct me)\b|\?",
    re.IGNORECASE,
)
_IGNORANT = re.compile(
    r"\bnot (?:\w+ )?(?:sure|certain|familiar)\b|\bI (?:really )?(?:do not|don't|did not|didn't|"
    r"have not|haven't|have never|had never|have no|can't|cannot)\b",
    re.IGNORECASE,
)  # who does not know gives in to nothing yet
_NEAR = 25  # characters behind the words in which a condition still is one on them
_TO_THIRD = re.compile(
    rf"\b(?:he|she|they)(?:'s| is|'re| are| was| were){_RIGHT}\b|(?-i:[A-Z]\w+) was right\b",
    re.IGNORECASE,
)
_TO_YOU = re.compile(r"\byou\b", re.IGNORECASE)
_TAKEN = frozenset(("claim", "proposal", "evidence", "decision"))
_GIVING = frozenset(("agree", "mixed"))


class Given(NamedTuple):
    """A unit that concedes: to what, or None if nothing tells."""

    source: UnitName
    target: UnitName | None
    score: float
    rule: str


def gives_in(text: str, label: str, secondary: str) -> bool:
    """Tell if words say plainly that their author gives in.

    Parameters
    ----------
    text : str
        A sentence.
    label, secondary : str
        What its author does there, as it was found.

    Examples
    --------
    >>> gives_in("OK, you're right, it is shared.", "agreement", "")
    True
    >>> gives_in("If it is never pinned, you're right.", "claim", "")
    False
    >>> gives_in("I misread it.", "background", ""), gives_in("I misread it.", "concession", "")
    (False, True)
    """
    found = _GIVES_IN.search(text)
    if not found and "concession" in (label, secondary):
        found = _SLIP.search(text)
    return found is not None and not _OPEN.search(text, 0, found.end() + _NEAR)


def given(places: Places, bearing: Iterable[Link]) -> list[Given]:
    """Find the concessions of a conversation.

    Parameters
    ----------
    places : Places
        Of the conversation.
    bearing : iterable of Link
        How units bear on each other, as far as that is known.

    Returns
    -------
    list of Given
        In the order of time and text. A unit that is known to concede to something is not
        placed again.
    """
    ground = places.ground
    by: defaultdict[UnitName, list[Link]] = defaultdict(list)
    against: defaultdict[int, list[Link]] = defaultdict(list)
    for link in bearing:
        by[link.source].append(link)
        if link.kind in ("attack", "undercut"):
            against[link.source.mail].append(link)
    found = []
    for name in ground.names():
        links = by.get(name, [])
        if any(link.kind == "concede" for link in links):
            continue
        scored = _scored(places, name)
        if scored is None:
            continue
        score, plain = scored
        target, rule = _target(places, name, against)
        if plain and target and _is_of_another(ground.text(name), ground.mail(target.mail).person):
            target, rule = None, ALONE
        attacks = any(one.kind == "attack" and one.target == target for one in links)
        ignorant = _IGNORANT.search(ground.text(name)) is not None
        if (attacks or ignorant) and not plain:
            target, rule = None, ALONE
        found.append(Given(name, target, score, f"{rule}, words" if plain else rule))
    return found


def _is_of_another(text: str, person: str) -> bool:
    """Tell if words that give in do so to another person than that one."""
    return bool(_TO_THIRD.search(text)) and not any(word in text for word in person.split())


def _scored(places: Places, name: UnitName) -> tuple[float, bool] | None:
    """Return how sure it is that a unit concedes, and if its words say so plainly."""
    mail, unit = places.ground.mail(name.mail), places.ground.unit(name)
    passage = mail.passages[unit.passage] if 0 <= unit.passage < len(mail.passages) else None
    if unit.label == "social":
        return None
    labelled = unit.label == "concession"
    if not unit.irony and gives_in(places.ground.text(name), unit.label, unit.secondary):
        return max(SAID, unit.score if labelled else 0.0), True
    if labelled and unit.score >= LEAST:
        denies = passage and passage.stance == "disagree" and passage.score >= sure.STANCE
        firm = unit.score >= sure.CLAIM
        doubts = bool(_OPEN.search(places.ground.text(name)))
        score = min(unit.score, DOUBTED) if doubts else unit.score
        return (score, False) if firm or not denies else None
    second = unit.secondary == "concession"
    if second and passage and passage.stance in _GIVING and passage.score >= sure.STANCE:
        return SECOND, False
    return None


def _target(
    places: Places, name: UnitName, against: dict[int, list[Link]]
) -> tuple[UnitName | None, str]:
    """Find what a unit gives in to: words quoted above it, or of the mail that it answers."""
    ground = places.ground
    mail, unit = ground.mail(name.mail), ground.unit(name)
    if 0 <= unit.passage < len(mail.passages):
        passage = mail.passages[unit.passage]
        meant = quoted(places, name.mail, passage.start, passage.stop)
        if meant is None or (_is_own(places, name, meant) and _TO_YOU.search(ground.text(name))):
            return None, ALONE
        return meant, UNDER
    above = ground.parent(name.mail)
    if above is None or ground.mail(above).who == mail.who:
        return None, ALONE
    objecting = [
        link.source.unit
        for link in against.get(above, [])
        if ground.mail(link.target.mail).who == mail.who
    ]
    if not objecting:
        objecting = [at for at, one in enumerate(ground.mail(above).units) if _counts(one)]
        if len(objecting) != 1:
            return None, ALONE
    return UnitName(above, max(objecting)), REPLY


def _counts(unit: Said) -> bool:
    return unit.label in _TAKEN and unit.score >= sure.CLAIM


def quoted(places: Places, number: int, start: int, stop: int) -> UnitName | None:
    """Return the last unit of a quotation that one can give in to.

    Parameters
    ----------
    places : Places
        Of the conversation.
    number : int
        The quoting mail.
    start, stop : int
        Characters of its body.
    """
    for source in reversed(places.sources(number, start, stop)):
        units = places.ground.mail(source.mail).units
        for at, _ in reversed(places.ground.overlaps(source.mail, source.start, source.stop)):
            if units[at].label in _TAKEN:
                return UnitName(source.mail, at)
    return None


def _is_own(places: Places, name: UnitName, other: UnitName) -> bool:
    ground = places.ground
    return ground.mail(name.mail).who == ground.mail(other.mail).who


def denied(places: Places, bearing: Iterable[Link]) -> Iterator[Given]:
    """Yield where people take back what they said: they speak against their own words.

    Parameters
    ----------
    places : Places
        Of the conversation.
    bearing : iterable of Link
        How units bear on each other.

    Yields
    ------
    Given
        Of a later mail that quotes those words. The score is at most that of a candidate:
        whoever speaks against the words of others beneath his own seems to do the same.
    """
    ground = places.ground
    for link in bearing:
        if link.kind != "attack" or link.target.unit < 0 or link.source.mail == link.target.mail:
            continue
        if _is_own(places, link.source, link.target):
            if link.state == "accepted":
                yield Given(link.source, link.target, 1.0, DENIES)
            elif link.state == "automatic" and not ground.unit(link.source).irony:
                yield Given(link.source, link.target, SECOND, DENIES)


def placed(some: Iterable[Given], known: Iterable[Link]) -> list[Link]:
    """Return the links of concessions that have a place.

    Parameters
    ----------
    some : iterable of Given
        Concessions.
    known : iterable of Link
        Links that are there already: of two that concede the same the one there stays.
    """
    there = {(link.source, link.target) for link in known if link.kind == "concede"}
    found = []
    for one in some:
        if one.target is None or (one.source, one.target) in there or one.source == one.target:
            continue
        there.add((one.source, one.target))
        state = sure.state_of_relation("concede", one.score)
        found.append(Link("concede", one.source, one.target, one.score, one.rule, state))
    return found


def listed(places: Places, some: Iterable[Given], bearing: Sequence[Link]) -> list[Concession]:
    """List all concessions of a conversation, by hand or found.

    Parameters
    ----------
    places : Places
        Of the conversation.
    some : iterable of Given
        Those that were found; of these only the ones without a place are told from here.
    bearing : sequence of Link
        All links, corrected.

    Returns
    -------
    list of Concession
        In the order of time and text.
    """
    ground = places.ground
    rows: list[tuple[UnitName, UnitName | None, float, str, State]] = [
        (link.source, link.target, link.score, link.rule, link.state)
        for link in bearing
        if link.kind == "concede" and link.state != "rejected"
    ]
    rows += [
        (one.source, None, one.score, one.rule, sure.state_of_relation("concede", one.score))
        for one in some
        if one.target is None
    ]
    rows.sort(key=lambda row: (ground.rank(row[0].mail), row[0].unit, row[1] or row[0]))
    found = []
    for source, target, score, rule, state in rows:
        mail, unit = ground.mail(source.mail), ground.unit(source)
        found.append(
            Concession(mail.id, unit.start, unit.stop, mail.person, mail.email, mail.utc, target,
                       rule, score, state)
        )  # fmt: skip
    return found
