"""Claims: what somebody says and others may dispute, with all places where it is said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from threadkit.analyze.debate.corrections import BY_HAND, Corrections
from threadkit.analyze.debate.ground import Ground
from threadkit.analyze.debate.names import exact_hash, loose_hash, unit_key
from threadkit.analyze.debate.restated import RULE, Same
from threadkit.analyze.debate.values import Place, UnitName

LABELS = ("claim", "proposal")
"""Units of these labels are claims; a proposal is one of kind ``proposal``."""

EQUAL = "same words"
"""Why two places of one mail are one claim."""

_YOU = re.compile(
    r"\b(?:you (?:say|said|think|thought|claim|claimed|believe|argue|argued|suggest|suggested|"
    r"imply|implied|assume|assumed|mean) (?:that )?|according to you|your (?:claim|argument|"
    r"point|assumption|view) (?:is|was|that))\b",
    re.IGNORECASE,
)
_DISTANCED = re.compile(r"\b(?:as|what|like|if|unless) you\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Group:
    """A claim as its places: what is known before its standing in the debate is."""

    names: tuple[UnitName, ...]
    places: tuple[Place, ...]


def claim_units(ground: Ground) -> list[UnitName]:
    """Return the units that are claims.

    Parameters
    ----------
    ground : Ground
        The conversation.

    Returns
    -------
    list of UnitName
        In the order of time and text.
    """
    return [name for name in ground.names() if ground.unit(name).label in LABELS]


def groups(ground: Ground, same: Iterable[Same], corrections: Corrections) -> list[Group]:
    """Join the units that say the same.

    Parameters
    ----------
    ground : Ground
        The conversation.
    same : iterable of Same
        As :func:`threadkit.analyze.debate.restated.restated` found them.
    corrections : Corrections
        ``join`` and ``split`` win.

    Returns
    -------
    list of Group
        By their first places, in the order of time; no unit is in two.
    """
    claims = claim_units(ground)
    known = set(claims)
    why: dict[UnitName, tuple[UnitName, str, float]] = {
        one.again: (one.first, RULE, one.score) for one in same
    }
    alone = {name for name in corrections.of("split") if name in known}
    _split(corrections, claims, alone, why)
    _join(corrections, known, why)
    heads = Heads()
    for name, (other, _, _) in why.items():
        heads.join(name, other)
    _join_equal(ground, claims, heads, why)
    members: dict[UnitName, list[UnitName]] = {}
    for name in claims:
        members.setdefault(heads.of(name), []).append(name)
    return [_group(ground, names, why) for names in members.values()]


class Heads:
    """Sets of units that grow together, each known by one of its units."""

    def __init__(self) -> None:
        self._above: dict[UnitName, UnitName] = {}

    def of(self, name: UnitName) -> UnitName:
        """Return the unit that a set is known by.

        Parameters
        ----------
        name : UnitName
            Any unit of it.
        """
        path = []
        while name in self._above:
            path.append(name)
            name = self._above[name]
        for one in path:
            self._above[one] = name
        return name

    def join(self, name: UnitName, other: UnitName) -> None:
        """Make one set of two.

        Parameters
        ----------
        name, other : UnitName
            A unit of each.
        """
        name, other = self.of(name), self.of(other)
        if name != other:
            self._above[name] = other


def _split(
    corrections: Corrections,
    claims: Iterable[UnitName],
    alone: set[UnitName],
    why: dict[UnitName, tuple[UnitName, str, float]],
) -> None:
    """Take units out of their claims; what was joined to them is joined to what they were."""
    instead: dict[UnitName, UnitName] = {}
    for name in claims:
        edge = why.get(name)
        if name in alone:
            corrections.value("split", name)
            if edge:
                instead[name] = instead.get(edge[0], edge[0])
                del why[name]
        elif edge and edge[0] in alone:
            other = instead.get(edge[0])
            if other is None or other in alone:
                instead[edge[0]] = name
                del why[name]
            else:
                why[name] = (other, edge[1], edge[2])


def _join(
    corrections: Corrections,
    known: set[UnitName],
    why: dict[UnitName, tuple[UnitName, str, float]],
) -> None:
    """Add what people joined."""
    for name, other, one in corrections.joins:
        if not {other, name} <= known or other == name:
            corrections.miss(one, "a claim is joined to another claim")
        else:
            why[name] = (other, BY_HAND, 1.0)


def _join_equal(
    ground: Ground,
    claims: Iterable[UnitName],
    heads: Heads,
    why: dict[UnitName, tuple[UnitName, str, float]],
) -> None:
    """Join the units of one lasting name: equal words of one Message-ID are one claim."""
    first: dict[str, UnitName] = {}
    for name in claims:
        key = unit_key(ground.mail(name.mail).message_id, ground.text(name))
        other = first.setdefault(key, name)
        if other != name:
            heads.join(name, other)
            why.setdefault(name, (other, EQUAL, 1.0))


def _group(
    ground: Ground,
    names: Sequence[UnitName],
    why: Mapping[UnitName, tuple[UnitName, str, float]],
) -> Group:
    places = []
    for number, name in enumerate(names):
        unit, text = ground.unit(name), ground.text(name)
        _, rule, score = why.get(name, (name, BY_HAND, 1.0))
        if not number:
            rule, score = "first", 1.0
        places.append(
            Place(name, unit.start, unit.stop, exact_hash(text), loose_hash(text), rule, score)
        )
    return Group(tuple(names), tuple(places))


def key_of(ground: Ground, group: Group) -> str:
    """Name a claim by its first place.

    Parameters
    ----------
    ground : Ground
        The conversation.
    group : Group
        The claim.
    """
    first = group.names[0]
    return unit_key(ground.mail(first.mail).message_id, ground.text(first))


def holder_of(ground: Ground, name: UnitName) -> str:
    """Say whose view a unit tells, if it is told of another person.

    Parameters
    ----------
    ground : Ground
        The conversation.
    name : UnitName
        The unit.

    Returns
    -------
    str
        The author of the mail that is answered, where it begins with ``you say`` or the
        like; empty otherwise.
    """
    text = ground.text(name)
    found = _YOU.search(text)
    if not found or found.start() > 40 or _DISTANCED.search(text[: found.end()]):
        return ""
    above = ground.parent(name.mail)
    return ground.mail(above).person if above is not None else ""
