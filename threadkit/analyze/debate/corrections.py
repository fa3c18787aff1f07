"""What people say of findings: it wins over what was found, and is never lost unsaid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final, get_args

from threadkit.analyze.arguments.values import KINDS, LABELS, RELATIONS
from threadkit.analyze.debate.names import key_parts, link_parts, loose_hash
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

BY_HAND: Final = "by hand"

CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "label": LABELS,
    "kind": ("", *KINDS),
    "state": get_args(State),
    "status": get_args(Status),
    "outcome": get_args(Outcome),
    "relation": ("", *RELATIONS),
}
"""What fields of a closed list may be corrected to; an empty relation: there is none."""

FIELDS: Final = (*CHOICES, "gist", "holder", "join", "split")
"""What can be corrected. ``join`` takes the key of the claim that it is to be one with; ``split``
makes a claim of its own of a place that was joined."""


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
    unmet : dict of str to str
        Target of each that no finding answers to, and why; grows as they are used.
    """

    def __init__(self, mails: Iterable[DebateMail], corrections: Sequence[Correction]) -> None:
        self.unmet: dict[str, str] = {}
        self._mails = {mail.message_id: mail for mail in mails}
        self._names: dict[str, dict[str, UnitName]] = {}
        self._of: defaultdict[str, dict[UnitName, Correction]] = defaultdict(dict)
        self._relations: dict[tuple[UnitName, UnitName], Correction] = {}
        self._used: set[tuple[str, UnitName]] = set()
        for one in corrections:
            self._sort(one)

    def of(self, field: str) -> Mapping[UnitName, Correction]:
        """Return the corrections of a field.

        Parameters
        ----------
        field : str
            One of `FIELDS` but ``relation``.
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
        kept = [link for link in found if (link.source, link.target) not in self._relations]
        for (source, target), one in self._relations.items():
            if one.value:
                kept.append(Link(one.value, source, target, 1.0, BY_HAND, "accepted"))
        return kept

    def close(self) -> None:
        """Count what no finding answered to among the unmet."""
        for field, some in self._of.items():
            for name, one in some.items():
                if (field, name) not in self._used and field != "label":
                    self.unmet.setdefault(one.target, f"nothing there that has a {field}")

    def _sort(self, one: Correction) -> None:
        if one.field not in FIELDS:
            self.unmet[one.target] = f"no such field: {one.field}"
        elif one.field in CHOICES and one.value not in CHOICES[one.field]:
            self.unmet[one.target] = f"no such {one.field}: {one.value}"
        elif one.field == "relation":
            self._sort_relation(one)
        else:
            name, why = self.unit(one.target)
            if name is None:
                self.unmet[one.target] = why
            else:
                self._of[one.field][name] = one

    def _sort_relation(self, one: Correction) -> None:
        source_key, target_key = link_parts(one.target)
        source, why = self.unit(source_key)
        if source is None:
            self.unmet[one.target] = why
            return
        if target_key in self._mails:
            target: UnitName | None = UnitName(self._mails[target_key].id, PATCH)
        else:
            target, why = self.unit(target_key)
        if target is None or target == source:
            self.unmet[one.target] = why or "a passage cannot bear on itself"
        else:
            self._relations[source, target] = one


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
