"""What people say of findings: it wins over what was found, and is never lost unsaid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final, get_args

from threadkit.analyze.arguments.values import KINDS, LABELS, RELATIONS
from threadkit.analyze.debate.names import key_parts, loose_hash
from threadkit.analyze.debate.places import PATCH
from threadkit.analyze.debate.values import (
    Conversation,
    Correction,
    DebateMail,
    Link,
    Outcome,
    State,
    Status,
    UnitName,
)
from threadkit.analyze.lexicon import SCENARIO_STANCES

BY_HAND: Final = "by hand"

CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "label": LABELS,
    "kind": ("", *KINDS),
    "state": get_args(State),
    "status": get_args(Status),
    "outcome": get_args(Outcome),
    "split": ("yes",),
}
"""What fields of a closed list may be corrected to."""

STANCES: Final = tuple(SCENARIO_STANCES)
"""What a scenario of the model can be to a claim."""

FIELDS: Final = (*CHOICES, "gist", "holder", "note", "join", "relation", "scenario")
"""What can be corrected. ``split`` makes a claim of its own of a place that was joined.
``join:KEY`` (``yes``) joins a claim to that of another unit; ``relation:KIND:TARGET``
(``added`` or ``removed``) says whether a unit bears on another one, or on
``patch:MESSAGE-ID``; ``scenario:NAME`` (of `STANCES`) says what a scenario of the executable
model is to a claim."""

ADDED, REMOVED, YES = "added", "removed", "yes"
_NAMED = ("join", "relation", "scenario")
PATCH_OF = "patch:"


class Corrections:
    """Corrections, each at the unit that it is about.

    Parameters
    ----------
    mails : iterable of DebateMail
        Of the conversation.
    corrections : sequence of Correction
        In the order in which they were made: of two about one thing the later wins.

    Attributes
    ----------
    unmet : dict of (str, str) to str
        Target and field of each that no finding answers to, and why; grows as they are used.
    joins : list of (UnitName, UnitName, Correction)
        Units whose claims are to be one.
    scenarios : dict of UnitName to dict of str to Correction
        What scenarios of the model are to the claim at a unit, by their names.
    """

    def __init__(self, mails: Iterable[DebateMail], corrections: Sequence[Correction]) -> None:
        self.unmet: dict[tuple[str, str], str] = {}
        self._mails: dict[str, DebateMail] = {}
        for mail in mails:  # of two mails of one Message-ID the first is meant
            self._mails.setdefault(mail.message_id, mail)
        self._names: dict[str, dict[str, UnitName]] = {}
        self._of: defaultdict[str, dict[UnitName, Correction]] = defaultdict(dict)
        self.joins: list[tuple[UnitName, UnitName, Correction]] = []
        self.scenarios: dict[UnitName, dict[str, Correction]] = {}
        self._relations: dict[tuple[str, UnitName, UnitName], Correction] = {}
        self._used: set[tuple[str, UnitName]] = set()
        for one in corrections:
            self._sort(one)

    def of(self, field: str) -> Mapping[UnitName, Correction]:
        """Return the corrections of a field.

        Parameters
        ----------
        field : str
            One of `FIELDS` but ``join``, ``relation`` and ``scenario``.
        """
        return self._of.get(field, {})

    def value(self, field: str, name: UnitName) -> str | None:
        """Return what a field of a finding is to be.

        Parameters
        ----------
        field : str
            One of `FIELDS`.
        name : UnitName
            The unit that the finding is at.

        Returns
        -------
        str or None
            None if nobody corrected it.
        """
        found = self.of(field).get(name)
        if found is None:
            return None
        self._used.add((field, name))
        return found.value

    def unit(self, key: str) -> tuple[UnitName | None, str]:
        """Find the unit that a key names.

        Parameters
        ----------
        key : str
            As :func:`threadkit.analyze.debate.names.unit_key` gives it.

        Returns
        -------
        name : UnitName or None
            The unit.
        why : str
            Why there is none.
        """
        message_id, digits = key_parts(key)
        if not message_id:
            return None, "not the name of a passage"
        mail = self._mails.get(message_id)
        if mail is None:
            return None, "no such mail in this conversation"
        if message_id not in self._names:
            names: dict[str, UnitName] = {}
            for number, unit in enumerate(mail.units):
                digest = loose_hash(mail.body[unit.start : unit.stop])[: len(digits)]
                names.setdefault(digest, UnitName(mail.id, number))
            self._names[message_id] = names
        found = self._names[message_id].get(digits)
        return found, "" if found else "the mail has no such passage"

    def links(self, found: Iterable[Link]) -> list[Link]:
        """Correct the relations.

        Parameters
        ----------
        found : iterable of Link
            As they were found.

        Returns
        -------
        list of Link
            Without those of which a person says that there is none; corrected ones last.
        """
        every = list(found)
        names = [(link.kind, link.source, link.target) for link in every]
        for name, one in self._relations.items():
            if one.value == REMOVED and name not in names:
                self.miss(one, f"no such relation: {one.field}")
        kept = [
            link for link, name in zip(every, names, strict=True) if name not in self._relations
        ]
        for (kind, source, target), one in self._relations.items():
            if one.value == ADDED:
                kept.append(Link(kind, source, target, 1.0, BY_HAND, "accepted"))
        return kept

    def drop(self, link: Link, why: str) -> None:
        """Count a relation that is left out among the unmet, if a person added it.

        Parameters
        ----------
        link : Link
            Of those that :meth:`links` returned.
        why : str
            Why it is left out.
        """
        one = self._relations.get((link.kind, link.source, link.target))
        if one is not None:
            self.miss(one, why)

    def miss(self, one: Correction, why: str) -> None:
        """Count a correction among the unmet; what was said of it first stays.

        Parameters
        ----------
        one : Correction
            Of these.
        why : str
            In a few words.
        """
        self.unmet.setdefault((one.target, one.field), why)

    def close(self) -> None:
        """Count what no finding answered to among the unmet."""
        for field, some in self._of.items():
            for name, one in some.items():
                if (field, name) not in self._used and field not in ("label", "note"):
                    self.miss(one, f"nothing there that has a {field}")

    def _sort(self, one: Correction) -> None:
        field, _, rest = one.field.partition(":")
        name, why = self.unit(one.target)
        if field not in FIELDS or bool(rest) != (field in _NAMED):
            self.miss(one, f"no such field: {one.field}")
        elif field in CHOICES and one.value not in CHOICES[field]:
            self.miss(one, f"no such {field}: {one.value}")
        elif name is None:
            self.miss(one, why)
        elif field == "join":
            other, why = self.unit(rest)
            if other is None:
                self.miss(one, why)
            elif one.value == YES:
                self.joins.append((name, other, one))
        elif field == "relation":
            self._sort_relation(name, rest, one)
        elif field == "scenario":
            if one.value in STANCES:
                self.scenarios.setdefault(name, {})[rest] = one
            else:
                self.miss(one, f"no such verdict on a claim: {one.value}")
        else:
            self._of[field][name] = one

    def _sort_relation(self, source: UnitName, rest: str, one: Correction) -> None:
        kind, _, to = rest.partition(":")
        target, why = self._target(to)
        if kind not in RELATIONS or one.value not in (ADDED, REMOVED):
            self.miss(one, f"no such relation: {one.field} = {one.value}")
        elif target is None or target == source:
            self.miss(one, why or "a passage cannot bear on itself")
        else:
            self._relations[kind, source, target] = one

    def _target(self, to: str) -> tuple[UnitName | None, str]:
        """Find the unit, or the patch, that a relation is to."""
        if not to.startswith(PATCH_OF):
            return self.unit(to)
        mail = self._mails.get(to.removeprefix(PATCH_OF))
        if mail is None:
            return None, "no such mail in this conversation"
        return UnitName(mail.id, PATCH), ""


def relabelled(conversation: Conversation, corrections: Corrections) -> Conversation:
    """Give units the labels that people gave them.

    Parameters
    ----------
    conversation : Conversation
        As it was read.
    corrections : Corrections
        Of the same conversation.

    Returns
    -------
    Conversation
        The same one if nobody corrected a label.
    """
    labels = corrections.of("label")
    if not labels:
        return conversation
    of_mail: defaultdict[int, dict[int, str]] = defaultdict(dict)
    for name, one in labels.items():
        of_mail[name.mail][name.unit] = one.value
    mails = []
    for mail in conversation.mails:
        units = list(mail.units)
        for number, label in of_mail.get(mail.id, {}).items():
            units[number] = units[number]._replace(label=label, score=1.0, rule=BY_HAND)
        mails.append(replace(mail, units=units) if mail.id in of_mail else mail)
    return replace(conversation, mails=mails)
