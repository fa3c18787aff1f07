"""What a casebook says of the findings of mails: passages meet units, claims become corrections.

A claim of a casebook points at a passage; an analyzed mail consists of units (sentences or
clauses). The unit that shares most with the passage is the claim there; the other claims that
the passage holds are joined to it. No unit is given to two claims: what finds none is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from threadkit.analyze.debate.claims import LABELS
from threadkit.analyze.debate.corrections import ADDED, YES
from threadkit.analyze.debate.names import unit_key
from threadkit.casebook.modelled import ModelEntry
from threadkit.casebook.spans import find_passage
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
ONE_END = "one of the two claims is not in mail that is here"
ELSEWHERE = "the two mails are of different conversations"

_CLAIM_COUNTS = 0.5
_HALF = 0.5


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
    """A unit that a passage may mean, how much speaks for it, and which share of it is meant."""

    score: float
    claim: int
    number: int
    key: str
    label: str
    share: float


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
    return _Matching(casebook, mails).applied()


class _Matching:
    """A casebook and the mails that it is compared with."""

    def __init__(self, casebook: Casebook, mails: Mapping[str, Mail]) -> None:
        self._casebook = casebook
        self._mails = mails
        self._found = Applied()
        self._taken: set[str] = set()

    def applied(self) -> Applied:
        """Compare them."""
        spots: dict[int, list[_Spot]] = {}
        for claim in self._casebook.claims:
            some, why = _spots_of(claim.said, self._mails, claim.id)
            if some:
                spots[claim.id] = some
            else:
                self._leave(claim, "claim", why)
        chosen = _chosen(spots)
        self._taken = {spot.key for spot in chosen.values()}
        self._found.claims = {
            claim.id: chosen[claim.id].key for claim in self._casebook.claims if claim.id in chosen
        }
        for claim in self._casebook.claims:
            if claim.id in chosen:
                self._say(claim, chosen[claim.id])
                self._join(claim, chosen[claim.id].key, spots[claim.id])
            elif claim.id in spots:
                others = _takers(spots[claim.id], chosen)
                self._leave(claim, "claim", f"its sentence is claim {others} already")
        for claim in self._casebook.claims:
            self._relate(claim)
        return self._found

    def _leave(self, claim: Claim, what: str, why: str) -> None:
        self._found.left.append(Left(claim.id, what, why))

    def _correct(self, target: str, name: str, value: str, note: str) -> None:
        if value:
            self._found.corrections.append(Correction(target, name, value, note))

    def _note(self, claim: Claim) -> str:
        return f"claim {claim.id} of casebook {self._casebook.name}"

    def _make_claim(self, claim: Claim, spot: _Spot) -> None:
        """Make a unit a claim, and one that nothing was joined to without a person.

        What analyzers joined would speak in the name of the author of what was reviewed.
        """
        if spot.label not in LABELS:
            self._correct(spot.key, "label", "claim", self._note(claim))
        self._correct(spot.key, "split", YES, self._note(claim))

    def _say(self, claim: Claim, spot: _Spot) -> None:
        """Say all of a claim but its other places and what it bears on."""
        note = self._note(claim)
        self._correct(spot.key, "state", "accepted", note)
        self._make_claim(claim, spot)
        self._correct(spot.key, "kind", claim.kind, note)
        self._correct(spot.key, "gist", claim.gist, note)
        self._correct(spot.key, "status", claim.status, claim.why)
        for name, value, why in _tested(claim.model):
            self._correct(spot.key, f"scenario:{name}", value, why)

    def _join(self, claim: Claim, key: str, spots: Sequence[_Spot]) -> None:
        """Join to a claim the other claims of its passage, and where it is said again."""
        own = {key}
        again = [one for one in spots if one.label in LABELS and one.share > _HALF]
        for place in claim.also:
            some, why = _spots_of(place, self._mails, claim.id)
            free = [one for one in some if one.key not in self._taken or one.key in own]
            if free and self._root_of(place) != self._root_of(claim.said):
                self._leave(claim, "said again", ELSEWHERE)
            elif free:
                again.append(free[0])
            else:
                self._leave(claim, "said again", why or "its sentence is a claim already")
        for spot in again:
            if spot.key not in self._taken:
                self._taken.add(spot.key)
                own.add(spot.key)
                self._make_claim(claim, spot)
                self._correct(spot.key, f"join:{key}", YES, self._note(claim))

    def _relate(self, claim: Claim) -> None:
        """Say what a claim bears on."""
        source = self._found.claims.get(claim.id)
        for stance in dict.fromkeys((one.kind, one.target) for one in claim.stances):
            kind, other = stance
            what = f"{kind} {other}"
            target = self._found.claims.get(other)
            ends = [one for one in self._casebook.claims if one.id in (claim.id, other)]
            if source is None or target is None:
                self._leave(claim, what, ONE_END)
            elif len({self._root_of(one.said) for one in ends}) > 1:
                self._leave(claim, what, ELSEWHERE)
            else:
                note = f"{self._note(claim)}: {what}"
                self._correct(source, f"relation:{RELATION[kind]}:{target}", ADDED, note)

    def _root_of(self, place: Place) -> int | None:
        mail = self._mails.get(place.message or "")
        return mail.root if mail else None


def _spots_of(place: Place, mails: Mapping[str, Mail], claim: int) -> tuple[list[_Spot], str]:
    """Find the units that a passage may mean, the best first; or say why there are none."""
    if place.start is None or place.stop is None or place.message is None:
        return [], place.unseen or UNSEEN
    mail = mails.get(place.message)
    if mail is None:
        return [], NOT_HERE
    found = find_passage(mail.body, place)
    if found.start is None or found.stop is None:
        return [], CHANGED
    if not mail.is_read:
        return [], NOT_READ
    start, stop = found.start, found.stop
    some = []
    for number, unit in enumerate(mail.units):
        common = min(stop, unit.stop) - max(start, unit.start)
        # A word of the next sentence that a passage touches does not make that one meant.
        if common > _HALF * min(stop - start, unit.stop - unit.start):
            whole = max(stop, unit.stop) - min(start, unit.start)
            score = common / whole + _CLAIM_COUNTS * (unit.label in LABELS)
            key = unit_key(place.message, mail.body[unit.start : unit.stop])
            share = common / (unit.stop - unit.start)
            some.append(_Spot(score, claim, number, key, unit.label, share))
    some.sort(key=lambda one: (-one.score, one.number))
    return some, "" if some else NO_UNIT


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
