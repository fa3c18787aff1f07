"""From what a mail says of a quotation to the words that were quoted, in the mail they are of."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from functools import lru_cache
from typing import NamedTuple

from threadkit.analyze.debate.ground import Ground
from threadkit.analyze.debate.sure import state_of_relation
from threadkit.analyze.debate.values import Bears, DebateMail, Link, Quoted, UnitName

PATCH = -1
"""Stands for a unit where a link is on a patch as a whole."""

_WORD = re.compile(r"\w+")
_REPLY = re.compile(r"\s*(?:re|aw|sv|antw)\s*:", re.IGNORECASE)
_DEEPEST = 40
_WORDS_KEPT = 500  # quotations: those of a mail are asked for one after another


class Source(NamedTuple):
    """Words in the mail of their author: characters of its body."""

    mail: int
    start: int
    stop: int


class Places:
    """Finds what is meant by a quotation.

    Parameters
    ----------
    ground : Ground
        The conversation.
    """

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self._words = lru_cache(maxsize=_WORDS_KEPT)(self._words_of)
        self._topics: dict[int, _Topics] = {}

    def sources(self, number: int, start: int, stop: int) -> list[Source]:
        """Find where the words of a quotation stand in the mails of their authors.

        Parameters
        ----------
        number : int
            The quoting mail.
        start, stop : int
            Characters of its body.

        Returns
        -------
        list of Source
            In the order of the quoting text; a mail may come more than once.

        Notes
        -----
        Words are counted, not searched: the third word of the quoted passage is the third
        of its source. Where the two differ in length, the place is the same share of it.
        """
        return self._sources(number, start, stop, _DEEPEST)

    def _sources(self, number: int, start: int, stop: int, deep: int) -> list[Source]:
        found: list[Source] = []
        for quoted in self.ground.quotes(number, start, stop):
            low, high = self._mapped(number, quoted, start, stop)
            if low >= high:
                continue
            further = self._sources(quoted.source, low, high, deep - 1) if deep else []
            found += further or [Source(quoted.source, low, high)]
        return found

    def _words_of(self, number: int, start: int, stop: int) -> list[tuple[int, int]]:
        body = self.ground.mail(number).body
        return [word.span() for word in _WORD.finditer(body, start, stop)]

    def _mapped(self, number: int, quoted: Quoted, start: int, stop: int) -> tuple[int, int]:
        """Map a part of a quoted passage to its source."""
        if start <= quoted.start and stop >= quoted.stop:
            return quoted.source_start, quoted.source_stop
        here = self._words(number, quoted.start, quoted.stop)
        there = self._words(quoted.source, quoted.source_start, quoted.source_stop)
        return _matched(here, there, start, stop)

    def here(self, number: int, quoted: Quoted, start: int, stop: int) -> tuple[int, int]:
        """Find where words of a mail stand in a quotation of them.

        Parameters
        ----------
        number : int
            The quoting mail.
        quoted : Quoted
            The quotation.
        start, stop : int
            Characters of the quoted mail's body.

        Returns
        -------
        start, stop : int
            Characters of the quoting body.
        """
        there = self._words(quoted.source, quoted.source_start, quoted.source_stop)
        here = self._words(number, quoted.start, quoted.stop)
        low, high = _matched(there, here, start, stop)
        return (low, high) if low < high else (quoted.start, quoted.stop)

    def unit(self, number: int, start: int, stop: int) -> tuple[UnitName | None, str]:
        """Find the unit that a stretch of a quotation means.

        Parameters
        ----------
        number : int
            The quoting mail.
        start, stop : int
            Characters of its body.

        Returns
        -------
        name : UnitName or None
            The unit that shares most with it, the last one of equal ones.
        why : str
            Why there is none; empty if there is one.
        """
        best: tuple[int, int, int, UnitName] | None = None
        sources = self.sources(number, start, stop)
        for order, source in enumerate(sources):
            for unit, common in self.ground.overlaps(source.mail, source.start, source.stop):
                one = (common, order, unit, UnitName(source.mail, unit))
                best = max(best, one) if best else one
        if best:
            return best[3], ""
        return None, "quoted words are no unit" if sources else "quotation not found"

    def patch(self, number: int) -> tuple[UnitName | None, str]:
        """Find the patch or proposal that a mail is about.

        Parameters
        ----------
        number : int
            The mail.

        Returns
        -------
        name : UnitName or None
            The mail itself if it posts a patch, else the nearest one above that does, else
            the first mail if it proposes something; its unit is `PATCH`.
        why : str
            Why there is none; empty if there is one.
        """
        parent = self.ground.parent(number)
        here = self._topics_of(number)
        above = here if parent is None else self._topics_of(parent)
        if here.posted == number:
            return UnitName(number, PATCH), ""
        for one in (above.posted, above.answered, here.answered):
            if one is not None:
                return UnitName(one, PATCH), ""
        first = self.ground.mail(above.first)
        if any(unit.label == "proposal" for unit in first.units):
            return UnitName(first.id, PATCH), ""
        return None, "no patch or proposal above"

    def _topics_of(self, number: int) -> _Topics:
        """Look up a mail, and from the first mail down to it what is not known yet."""
        waiting = [] if number in self._topics else [number]
        for above in self.ground.ancestors(number) if waiting else ():
            if above in self._topics:
                break
            waiting.append(above)
        for one in reversed(waiting):
            mail, parent = self.ground.mail(one), self.ground.parent(one)
            over = _Topics(None, None, one) if parent is None else self._topics[parent]
            posts = mail.is_patch and not _REPLY.match(mail.subject)
            self._topics[one] = _Topics(
                one if posts else over.posted, one if mail.is_patch else over.answered, over.first
            )
        return self._topics[number]


class _Topics(NamedTuple):
    """The nearest mails at or above one that post a patch, that hold one; and the first mail."""

    posted: int | None
    answered: int | None
    first: int


def _matched(
    some: list[tuple[int, int]], others: list[tuple[int, int]], start: int, stop: int
) -> tuple[int, int]:
    """Find the words of a copy that stand for those of a stretch; (0, 0) if there are none."""
    first = bisect_right(some, start, key=lambda word: word[1])
    last = bisect_left(some, stop, key=lambda word: word[0])
    if first >= last or not others:
        return 0, 0
    if len(some) != len(others):
        share = len(others) / len(some)
        first, last = int(first * share), int(last * share)
    first = min(first, len(others) - 1)
    last = min(max(last, first + 1), len(others))
    return others[first][0], others[last - 1][1]


def links(places: Places) -> tuple[list[Link], Counter[str]]:
    """Place all relations of a conversation.

    Parameters
    ----------
    places : Places
        Of the conversation.

    Returns
    -------
    links : list of Link
        In the order of time and text; one for a pair of units and a kind, the surest.
    left : Counter of str
        Why others have no place, and how many.
    """
    found: dict[tuple[UnitName, UnitName, str], Link] = {}
    left: Counter[str] = Counter()
    for mail in places.ground.mails:
        for bears in mail.relations:
            target, why = _target(places, mail, bears)
            source = UnitName(mail.id, bears.unit)
            if target is None or target == source:
                left[why or "a unit cannot bear on itself"] += 1
                continue
            state = state_of_relation(bears.kind, bears.score)
            link = Link(bears.kind, source, target, bears.score, bears.rule, state)
            key = (source, target, bears.kind)
            if key not in found or found[key].score < link.score:
                found[key] = link
    return list(found.values()), left


def _target(places: Places, mail: DebateMail, bears: Bears) -> tuple[UnitName | None, str]:
    if not 0 <= bears.unit < len(mail.units):
        return None, "no such unit"
    if bears.target == "unit":
        here = 0 <= bears.first < len(mail.units)
        return (UnitName(mail.id, bears.first), "") if here else (None, "no such unit")
    if bears.target == "quote":
        return places.unit(mail.id, bears.first, bears.last)
    return places.patch(mail.id)
