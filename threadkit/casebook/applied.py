"""What a casebook says of the findings of mails: passages meet units, claims become corrections.

A claim of a casebook points at a passage; an analyzed mail consists of units (sentences or
clauses). The unit that shares most with the passage is the claim there; the other claims that
the passage holds are joined to it. No unit is given to two claims: what finds none is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from threadkit.analyze.debate.claims import LABELS
from threadkit.analyze.debate.corrections import ADDED, YES
from threadkit.analyze.debate.names import unit_key
from threadkit.casebook.spans import find_passage
from threadkit.casebook.modelled import ModelEntry
from threadkit.casebook.values import Casebook, Claim, Place

RELATION: Final[Mapping[str, str]] = {
    "supports": "support",
    "attacks": "attack",
    "undercuts": "undercut",
    "agrees": "agree",
    "concedes": "concede",
    "asks": "ask",
    "answers": "answer",
}
"""From the words of a casebook to those of relations between units."""

STANCE: Final[Mapping[str, str]] = {
    "supports": "supports",
    "refutes": "refutes",
    "depends": "tests",
    "cost": "tests",
}
"""From what a scenario is to a claim in a casebook to what it is to a claim of a mail."""

NOT_HERE = "its mail is not here"
NOT_READ = "its mail was not read for arguments yet"
UNSEEN = "the casebook does not say where it stands"
CHANGED = "the mail has other words there, and nowhere the passage"
NO_UNIT = "no sentence of the author's own stands there"
ELSEWHERE = "the two claims are of different conversations"

_CLAIM_COUNTS = 0.5
_JOINED = 0.5


class Unit(NamedTuple):
    """A unit of a mail: its span in the body, and its label as it was found."""

    start: int
    stop: int
    label: str


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that is here.

    Attributes
    ----------
    root : int
        One number for each conversation.
    body : str
        Decoded.
    is_read : bool
        Its units are known.
    units : sequence of Unit
        In the order of the text.
    """

    root: int
    body: str
    is_read: bool
    units: Sequence[Unit]


class Correction(NamedTuple):
    """What is said of a finding: the unit's lasting name, the field, its value, why."""

    target: str
    field: str
    value: str
    note: str


class Left(NamedTuple):
    """Something that a casebook says and no finding answers to: of which claim, what, why."""

    claim: int
    what: str
    why: str


@dataclass(slots=True)
class Applied:
    """What came of it.

    Attributes
    ----------
    claims : dict of int to str
        The lasting name of the unit that each claim is.
    corrections : list of Correction
        In the order of the claims.
    left : list of Left
        All that changes no finding, and why.
    """

    claims: dict[int, str] = field(default_factory=dict)
    corrections: list[Correction] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)


class _Spot(NamedTuple):
    """A unit that a passage may mean, and how much speaks for it."""

    score: float
    claim: int
    number: int
    key: str
    unit: Unit


def applied(casebook: Casebook, mails: Mapping[str, Mail]) -> Applied:
    """Turn a casebook into corrections of what was found in mails.

    Parameters
    ----------
    casebook : Casebook
        As it was loaded.
    mails : mapping of str to Mail
        Those that are here, by Message-ID.

    Returns
    -------
    Applied
        The same for the same mails. Passages that are not where the casebook says are looked
        for by their hash; one that is nowhere changes nothing.
    """
    found = Applied()
    spots: dict[int, list[_Spot]] = {}
    for claim in casebook.claims:
        some, why = spots_of(claim.said, mails, claim.id)
        if some:
            spots[claim.id] = some
        else:
            found.left.append(Left(claim.id, "claim", why))
    chosen = _chosen(spots)
    for claim in casebook.claims:
        spot = chosen.get(claim.id)
        if spot is None:
            if claim.id in spots:
                others = _takers(spots[claim.id], chosen)
                found.left.append(
                    Left(claim.id, "claim", f"its sentence is claim {others} already")
                )
            continue
        found.claims[claim.id] = spot.key
    taken = {spot.key for spot in chosen.values()}
    for claim in casebook.claims:
        if claim.id in chosen:
            _say(casebook, claim, spots[claim.id], chosen[claim.id], mails, taken, found)
    for claim in casebook.claims:
        _relate(claim, casebook, mails, found)
    return found


def spots_of(place: Place, mails: Mapping[str, Mail], claim: int = 0) -> tuple[list[_Spot], str]:
    """Find the units that a passage may mean.

    Parameters
    ----------
    place : Place
        Of a casebook.
    mails : mapping of str to Mail
        By Message-ID.
    claim : int, optional
        Whose place it is.

    Returns
    -------
    spots : list
        The best one first; empty if there is none.
    why : str
        Why there is none.
    """
    if place.start is None or place.stop is None or place.message is None:
        return [], place.unseen or UNSEEN
    mail = mails.get(place.message)
    if mail is None:
        return [], NOT_HERE
    span = _span_in(mail.body, place)
    if span is None:
        return [], CHANGED
    if not mail.is_read:
        return [], NOT_READ
    start, stop = span
    some = []
    for number, unit in enumerate(mail.units):
        common = min(stop, unit.stop) - max(start, unit.start)
        if common > 0:
            whole = max(stop, unit.stop) - min(start, unit.start)
            score = common / whole + _CLAIM_COUNTS * (unit.label in LABELS)
            key = unit_key(place.message, mail.body[unit.start : unit.stop])
            some.append(_Spot(score, claim, number, key, unit))
    some.sort(key=lambda one: (-one.score, one.number))
    return some, "" if some else NO_UNIT


def _span_in(body: str, place: Place) -> tuple[int, int] | None:
    """Find a passage in a mail; None if its words are not there."""
    found = find_passage(body, place)
    return None if found.start is None or found.stop is None else (found.start, found.stop)


def _chosen(spots: Mapping[int, Sequence[_Spot]]) -> dict[int, _Spot]:
    """Give each claim a unit of its own; who fits one best gets it."""
    every = sorted(
        (spot for some in spots.values() for spot in some),
        key=lambda one: (-one.score, one.claim, one.number),
    )
    chosen: dict[int, _Spot] = {}
    taken: set[str] = set()
    for spot in every:
        if spot.claim not in chosen and spot.key not in taken:
            chosen[spot.claim] = spot
            taken.add(spot.key)
    return chosen


def _takers(spots: Sequence[_Spot], chosen: Mapping[int, _Spot]) -> str:
    keys = {spot.key for spot in spots}
    return ", ".join(str(other) for other, spot in chosen.items() if spot.key in keys)


def _say(
    casebook: Casebook,
    claim: Claim,
    spots: Sequence[_Spot],
    main: _Spot,
    mails: Mapping[str, Mail],
    taken: set[str],
    found: Applied,
) -> None:
    """Say all of a claim but what it bears on; its other places are joined to it."""
    note = f"claim {claim.id} of casebook {casebook.name}"

    def say(name: str, value: str, why: str = note, target: str = main.key) -> None:
        if value:
            found.corrections.append(Correction(target, name, value, why))

    say("state", "accepted")
    if main.unit.label not in LABELS:
        say("label", "claim")
    say("kind", claim.kind)
    say("gist", claim.gist)
    say("status", claim.status, claim.why)
    # What was joined to it without a person would speak in its author's name.
    say("split", YES)
    for name, value, why in _tested(claim.model):
        say(f"scenario:{name}", value, why)
    again = [spot for spot in spots if spot.key != main.key and _is_in(spot, claim.said, mails)]
    for place in claim.also:
        some, why_not = spots_of(place, mails)
        free = [spot for spot in some if spot.key not in taken]
        if free:
            again.append(free[0])
        else:
            found.left.append(
                Left(claim.id, "said again", why_not or "its sentence is a claim already")
            )
    for spot in again:
        if spot.key not in taken:
            taken.add(spot.key)
            if spot.unit.label not in LABELS:
                say("label", "claim", target=spot.key)
            say("split", YES, target=spot.key)
            say(f"join:{main.key}", YES, target=spot.key)


def _is_in(spot: _Spot, place: Place, mails: Mapping[str, Mail]) -> bool:
    """Tell if a unit is a claim that lies in a passage for its greater part."""
    span = _span_in(mails[place.message or ""].body, place)
    if span is None or spot.unit.label not in LABELS:
        return False
    common = min(span[1], spot.unit.stop) - max(span[0], spot.unit.start)
    return common > _JOINED * (spot.unit.stop - spot.unit.start)


def _tested(model: Iterable[ModelEntry]) -> list[tuple[str, str, str]]:
    """Say once of each scenario what it is to a claim: it tests it if two entries differ."""
    of: dict[str, list[ModelEntry]] = {}
    for entry in model:
        if entry.scenario:
            of.setdefault(entry.scenario, []).append(entry)
    said = []
    for name, entries in of.items():
        stances = {STANCE[entry.stance] for entry in entries if entry.stance}
        value = stances.pop() if len(stances) == 1 else "tests"
        said.append((name, value, " ".join(entry.why for entry in entries if entry.why)))
    return said


def _relate(claim: Claim, casebook: Casebook, mails: Mapping[str, Mail], found: Applied) -> None:
    """Say what a claim bears on."""
    source = found.claims.get(claim.id)
    many: Counter[tuple[str, int]] = Counter()
    for stance in claim.stances:
        many[stance.kind, stance.target] += 1
        if many[stance.kind, stance.target] > 1:
            continue
        what = f"{stance.kind} {stance.target}"
        target = found.claims.get(stance.target)
        if source is None or target is None:
            missing = claim.id if source is None else stance.target
            found.left.append(Left(claim.id, what, f"claim {missing} is no claim of a mail here"))
        elif _root(claim, mails) != _root(casebook.claim(stance.target), mails):
            found.left.append(Left(claim.id, what, ELSEWHERE))
        else:
            name = f"relation:{RELATION[stance.kind]}:{target}"
            note = f"claim {claim.id} {what} in casebook {casebook.name}"
            found.corrections.append(Correction(source, name, ADDED, note))


def _root(claim: Claim | None, mails: Mapping[str, Mail]) -> int | None:
    mail = mails.get(claim.said.message or "") if claim else None
    return mail.root if mail else None
