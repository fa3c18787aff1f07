"""One person behind several addresses, and why.

Every rule is in :data:`RULES`, every decision in :attr:`People.merges`. A common name
alone never merges, two different full names are never merged by way of a third address,
and a mailmap has the last word.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from threadkit.graph.collector import collector_paused
from threadkit.graph.mailmap import Mailmap
from threadkit.graph.names import (
    COMMON,
    display,
    full_name,
    is_relayed,
    is_role,
    local_part,
    mailbox,
    organisation,
    spells,
)

RULES: Mapping[str, str] = {
    "mailmap": "the mailmap gives both the same address",
    "same-address": "same address, but for case",
    "same-mailbox": "same mailbox: +tag, dots of gmail.com, GitHub's noreply number",
    "name-and-local-part": "same full name, same part before the @",
    "name-and-organisation": "same uncommon full name, same organisation's domain",
    "name-in-address": "same uncommon full name, and both addresses are made from it",
    "distinctive-name": "same uncommon full name, and nobody else here has that surname",
    "relayed-name": "same uncommon full name, of one person; a list or a service sent for it",
}
"""Why two addresses are one person, the surest first."""

KEPT_APART: Mapping[str, str] = {
    "common-name": "same full name, but a common one",
    "no-evidence": "same full name, but nothing else in common",
    "several-names": "this mailbox is used under different full names",
    "mailmap": "the mailmap knows them as two",
}
"""Why two addresses with one full name are not merged."""


class AddressUse(NamedTuple):
    """An address with a display name; ``uses`` is how often it was the sender."""

    key: int
    email: str
    name: str
    uses: int


class Merge(NamedTuple):
    """Two addresses (by key) are one person, or are not, by ``rule``."""

    key: int
    other: int
    rule: str
    detail: str


class Person(NamedTuple):
    """A person; ``name`` and ``email`` are those most used, ``keys`` the addresses, sorted."""

    name: str
    email: str
    keys: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class People:
    """What :func:`merge` found.

    Attributes
    ----------
    persons : tuple of Person
        By name, then address; every key is in exactly one.
    merges : tuple of Merge
        Just enough to connect the addresses of each person.
    kept_apart : tuple of Merge
        Same full name and not merged, with a reason of :data:`KEPT_APART`.
    """

    persons: tuple[Person, ...]
    merges: tuple[Merge, ...]
    kept_apart: tuple[Merge, ...]


def merge(addresses: Iterable[AddressUse], mailmap: Mailmap | None = None) -> People:
    """Find the persons behind addresses.

    Parameters
    ----------
    addresses : iterable of AddressUse
        In any order; keys are unique.
    mailmap : Mailmap, optional
        Wins over all other rules: what it gives one address is one person, what it gives
        two is not merged by anything else.

    Returns
    -------
    People
        The same whatever the order of ``addresses``.

    Examples
    --------
    >>> people = merge([AddressUse(1, "jane.doe@example.org", "Jane Doeling", 3),
    ...                 AddressUse(2, "jane@home.example", "Doeling, Jane (ACME)", 1),
    ...                 AddressUse(3, "li.wang@a.example", "Li Wang", 1),
    ...                 AddressUse(4, "liwang@b.example", "Li Wang", 1)])
    >>> [(person.name, person.keys) for person in people.persons]
    [('Jane Doeling', (1, 2)), ('Li Wang', (3,)), ('Li Wang', (4,))]
    >>> people.merges[0].rule, people.kept_apart[0].rule
    ('distinctive-name', 'common-name')

    Notes
    -----
    n log n. Names are compared by the name that a mailbox uses most, so that one
    mailbox with two names cannot connect two people.
    """
    with collector_paused():
        ledger = _Ledger()
        boxes = _boxes(addresses, mailmap or Mailmap(()), ledger)
        by_name: dict[tuple[str, ...], list[_Box]] = defaultdict(list)
        for box in boxes:
            if box.words:
                by_name[box.words].append(box)
        bearers = Counter(words[-1] for words in by_name)
        for words in sorted(by_name):
            if len(by_name[words]) > 1:
                _merge_namesakes(words, by_name[words], ledger, rare=bearers[words[-1]] == 1)
        return _people(boxes, ledger)


class _Box:
    """A mailbox: the addresses that reach it and the names it goes by."""

    __slots__ = ("email", "first", "pin", "relayed", "several", "shown", "uses", "words")

    def __init__(self, uses: list[AddressUse], shown: Mapping[int, tuple[str, str]]) -> None:
        self.uses = sorted(uses, key=_rank) if len(uses) > 1 else uses
        self.first = self.uses[0].key
        self.shown = shown
        name, self.email = shown[self.first]
        self.pin = ""
        self.relayed = is_relayed(name, self.email)
        self.several: tuple[str, ...] = ()
        self.words = full_name(name) if len(uses) == 1 else self._usual_name()
        if self.words and not self.relayed and is_role(self.email):
            self.words = ()

    def _usual_name(self) -> tuple[str, ...]:
        """Return the full name used most; note another one that cannot be the same."""
        counts: Counter[tuple[str, ...]] = Counter()
        sent: set[tuple[str, ...]] = set()
        for use in self.uses:
            words = full_name(self.shown[use.key][0])
            if words:
                counts[words] += use.uses + 1
                sent.update([words] if use.uses else ())
        if not counts:
            return ()
        usual, *others = sorted(counts, key=lambda words: (-counts[words], words))
        own = sent or counts  # what others call somebody says less than one's own From
        others = [words for words in others if words in own and not _compatible(words, usual)]
        self.several = others[0] if others else ()
        return usual


class _Ledger:
    """Who is one with whom (union-find over keys), and the reasons."""

    def __init__(self) -> None:
        self.merges: list[Merge] = []
        self.kept_apart: dict[tuple[int, int], Merge] = {}
        self._above: dict[int, int] = {}
        self._pins: dict[int, str] = {}

    def top(self, key: int) -> int:
        """Return the key that stands for all that are one with this one."""
        above = self._above
        while (up := above.get(key, key)) != key:
            above[key] = above.get(up, up)
            key = up
        return key

    def pin(self, key: int, label: str) -> None:
        """Keep this key apart from those pinned to another label."""
        self._pins[self.top(key)] = label

    def merge(self, key: int, other: int, rule: str, detail: str) -> None:
        """Make two keys one, unless they are, or the mailmap says no."""
        a, b = self.top(key), self.top(other)
        if a == b:
            return
        pins = {self._pins[top] for top in (a, b) if top in self._pins}
        if len(pins) > 1:
            self.keep_apart(key, other, "mailmap", detail)
            return
        low, high = sorted((a, b))
        self._above[high] = low
        self._pins.update(dict.fromkeys((low,), *pins) if pins else {})
        self.merges.append(Merge(min(key, other), max(key, other), rule, detail))

    def keep_apart(self, key: int, other: int, rule: str, detail: str) -> None:
        """Note why two keys are not one; the first reason stays."""
        pair = min(key, other), max(key, other)
        self.kept_apart.setdefault(pair, Merge(*pair, rule, detail))


def _rank(use: AddressUse) -> tuple[int, str, str, int]:
    return (-use.uses, use.email, use.name, use.key)


def _compatible(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Say whether two full names can be one person's (William and Bill cannot)."""
    if set(a) <= set(b) or set(b) <= set(a) or "".join(a) == "".join(b):
        return True
    return a[-1] == b[-1] and (a[0].startswith(b[0]) or b[0].startswith(a[0]))


def _boxes(addresses: Iterable[AddressUse], mailmap: Mailmap, ledger: _Ledger) -> list[_Box]:
    """Gather addresses by mailbox, most used mailbox first."""
    found: dict[str, list[AddressUse]] = defaultdict(list)
    shown: dict[int, tuple[str, str]] = {}
    pins: dict[str, str] = {}
    mapped: set[int] = set()
    for use in addresses:
        proper = mailmap.map(use.name, use.email)
        name, email = shown[use.key] = proper or (use.name, use.email)
        box = mailbox(email)
        if proper is not None:
            box = email.lower()
            pins[box] = box
            mapped.add(use.key)
        elif is_relayed(name, email) or not email:
            box = f"{box} {' '.join(full_name(name)) or name}"
        found[box].append(use)
    boxes = []
    for label, uses in found.items():
        box_ = _Box(uses, shown)
        boxes.append(box_)
        for use in box_.uses[1:]:
            ledger.merge(box_.first, use.key, *_why_one_mailbox(box_.uses[0], use, mapped))
        if label in pins:
            box_.pin = label
            ledger.pin(box_.first, label)
    return sorted(boxes, key=lambda box: _rank(box.uses[0]))


def _why_one_mailbox(one: AddressUse, other: AddressUse, mapped: set[int]) -> tuple[str, str]:
    """Return rule and detail for two addresses of one mailbox."""
    if one.key in mapped or other.key in mapped:
        return "mailmap", f"{one.name} <{one.email}> = {other.name} <{other.email}>"
    if one.email.casefold() == other.email.casefold():
        return (
            "same-address",
            f"{one.email}: {one.name or '(no name)'}, {other.name or '(no name)'}",
        )
    return "same-mailbox", f"{one.email} = {other.email}"


def _merge_namesakes(
    words: tuple[str, ...], boxes: list[_Box], ledger: _Ledger, *, rare: bool
) -> None:
    """Merge the mailboxes of one full name as far as there is evidence."""
    name = " ".join(words)
    common = not COMMON.isdisjoint((words[0], words[-1]))
    whole = [box for box in boxes if not box.several]
    for box in boxes:
        if box.several:
            detail = f"{box.email} is used by {name} and {' '.join(box.several)}"
            other = next(b for b in boxes if b is not box)
            ledger.keep_apart(box.first, other.first, "several-names", detail)
    seen: dict[tuple[str, str], _Box] = {}
    for box in whole:
        for rule, sign in () if box.relayed else _evidence(box, words, common=common, rare=rare):
            other = seen.setdefault((rule, sign), box)
            if other is not box:
                why = f"{name}: {other.email}, {box.email}"
                ledger.merge(other.first, box.first, rule, f"{why} ({sign})" if sign else why)
    persons = {ledger.top(box.first) for box in whole if not box.relayed}
    for box in whole[1:]:
        detail = f"{name}: {whole[0].email}, {box.email}"
        if not common and len(persons) < 2 and (box.relayed or whole[0].relayed):
            ledger.merge(whole[0].first, box.first, "relayed-name", detail)
        elif ledger.top(box.first) != ledger.top(whole[0].first):
            rule = "common-name" if common else "no-evidence"
            ledger.keep_apart(whole[0].first, box.first, rule, detail)


def _evidence(
    box: _Box, words: tuple[str, ...], *, common: bool, rare: bool
) -> Iterator[tuple[str, str]]:
    """Yield (rule, sign): two mailboxes of one name that share one of these are merged."""
    local = local_part(box.email)
    made_from_name = spells(local, words)
    long_enough = len(local) > 3 if common else len(local) > 2
    if long_enough and not (common and made_from_name):
        yield "name-and-local-part", local
    if common:
        return
    if organisation(box.email):
        yield "name-and-organisation", organisation(box.email)
    if made_from_name:
        yield "name-in-address", ""
    if rare and len(words[-1]) > 4 and len("".join(words)) > 8:
        yield "distinctive-name", ""


def _people(boxes: list[_Box], ledger: _Ledger) -> People:
    """Collect the persons that the ledger's merges make."""
    members: dict[int, list[_Box]] = defaultdict(list)
    for box in boxes:
        members[ledger.top(box.first)].append(box)
    persons = sorted(_person(group) for group in members.values())
    return People(
        tuple(persons), tuple(sorted(ledger.merges)), tuple(sorted(ledger.kept_apart.values()))
    )


def _person(boxes: list[_Box]) -> Person:
    """Name a person by what is used most; relays and bare addresses come last."""
    if len(boxes) == 1 and len(boxes[0].uses) == 1:
        name, email = boxes[0].shown[boxes[0].first]
        return Person(display(name) or email, email, (boxes[0].first,))
    names: Counter[str] = Counter()
    emails: Counter[str] = Counter()
    for box in [box for box in boxes if box.pin] or boxes:
        for use in box.uses:
            name, email = box.shown[use.key]
            names[display(name)] += use.uses
            emails[email] += 0 if box.relayed else use.uses
    email = min(emails, key=lambda e: (-emails[e], e))
    name = min(names, key=lambda n: (not n, -names[n], not full_name(n), -len(n), n))
    keys = sorted(use.key for box in boxes for use in box.uses)
    return Person(name or email, email, tuple(keys))
