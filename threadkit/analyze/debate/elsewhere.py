"""Points that nobody answers in place, and that another branch of the conversation takes up."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final, NamedTuple

from threadkit.analyze.debate.answers import ELSEWHERE, Matter
from threadkit.analyze.debate.ground import Ground
from threadkit.analyze.debate.terms import COMMON, Weights, is_named, likeness, terms
from threadkit.analyze.debate.values import DebateMail, Reply, UnitName

BY_NAME: Final = "names who said it"
BY_WORDS: Final = "same words"

_MOST = 3
_LIKE = 0.5
_COPY = 0.97  # the same words: the same mail, sent another way
_SHARED = 0.45
_SHARED_IF_CONCEDED = 0.1
_MOST_PASSAGES = 30
_AROUND = 2
_WORD = re.compile(r"[^\W\d_][\w-]*")
_ADDRESS = re.compile(r"\b(?:cc|cced|cc'ed|cc'ing|adding|added|copying)\b", re.IGNORECASE)
_WROTE = re.compile(r"\bwrote\b|\b[\w-]+-by:", re.IGNORECASE)
_TOLD = re.compile(
    r"(?:\b(?:thanks|thank you|thx|hi|hey|hello|dear|sorry|cheers|ask|yes|no|ok|right|well)\b[ ,]*|@)\Z",
    re.IGNORECASE,
)  # a name behind these is of whom it is told to
_ALSO_WORDS = frozenset(
    ("mark", "will", "grant", "rich", "frank", "bill", "art", "chase", "guy", "max", "ray", "jack",
     "rob", "drew", "sage", "pat", "may", "june", "april", "long", "brown", "green", "white",
     "young", "love", "page", "price", "best", "case", "hand", "field", "wood", "stone", "linux")
)  # fmt: skip


class _Mention(NamedTuple):
    """Units of a mail around one that names a person: numbers from ``first`` to ``last``."""

    mail: int
    first: int
    last: int
    words: frozenset[str]
    concedes: bool


class Elsewhere:
    """Looks for a matter in the branches that do not answer it.

    Parameters
    ----------
    ground : Ground
        The conversation.
    weights : Weights
        How much its words tell.

    Notes
    -----
    Linear in the words of the conversation to make; a look costs as much as there are
    mentions of the author, and passages with a rare word of the matter.
    """

    def __init__(self, ground: Ground, weights: Weights) -> None:
        self.ground = ground
        self.weights = weights
        self._vectors: dict[UnitName, dict[str, float]] = {}
        self._having: defaultdict[str, list[UnitName]] = defaultdict(list)
        for name in ground.names():
            if ground.unit(name).label != "social":
                for word in set(ground.words(name)):
                    self._having[word].append(name)
        self._mentions: defaultdict[str, list[_Mention]] = defaultdict(list)
        names = _names(ground)
        for mail in ground.mails:
            self._find_mentions(mail, names)

    def of(self, matter: Matter) -> list[Reply]:
        """Find where others take a matter up later, in another branch.

        Parameters
        ----------
        matter : Matter
            Where it stands.

        Returns
        -------
        list of Reply
            In the order of time; the surest three.
        """
        words = terms(self.ground.mail(matter.mail).body[matter.start : matter.stop])
        best: dict[int, Reply] = {}
        for reply in (*self._by_name(matter, words), *self._by_words(matter, words)):
            if reply.mail not in best or best[reply.mail].score < reply.score:
                best[reply.mail] = reply
        surest = sorted(best.values(), key=lambda one: (-one.score, self.ground.rank(one.mail)))
        return sorted(surest[:_MOST], key=lambda one: self.ground.rank(one.mail))

    def _is_elsewhere(self, matter: Matter, number: int) -> bool:
        ground = self.ground
        return (
            ground.rank(number) > ground.rank(matter.mail)
            and not ground.descends(number, matter.mail)
            and ground.mail(number).who != ground.mail(matter.mail).who
        )

    def _by_name(self, matter: Matter, words: list[str]) -> Iterator[Reply]:
        author = self.ground.mail(matter.mail).who
        whole = sum(self.weights.weight(word) for word in set(words)) or 1.0
        for one in self._mentions.get(author, ()):
            if not self._is_elsewhere(matter, one.mail):
                continue
            common = set(words) & one.words
            share = sum(self.weights.weight(word) for word in sorted(common)) / whole
            least = _SHARED_IF_CONCEDED if one.concedes else _SHARED
            if share >= least or (one.concedes and any(map(is_named, common))):
                units = self.ground.mail(one.mail).units
                score = min(0.9, 0.5 + share / 2 + 0.1 * one.concedes)
                yield Reply(one.mail, units[one.first].start, units[one.last].stop, ELSEWHERE,
                            BY_NAME, round(score, 3))  # fmt: skip

    def _by_words(self, matter: Matter, words: list[str]) -> Iterator[Reply]:
        vector = self.weights.vector(words)
        if len(vector) < 3:
            return
        rare = [word for word in vector if len(self._having[word]) <= _MOST_PASSAGES]
        for name in sorted({name for word in rare for name in self._having[word]}):
            if not self._is_elsewhere(matter, name.mail):
                continue
            score = likeness(vector, self._vector(name))
            if _LIKE <= score < _COPY:
                unit = self.ground.unit(name)
                yield Reply(name.mail, unit.start, unit.stop, ELSEWHERE, BY_WORDS, round(score, 3))

    def _vector(self, name: UnitName) -> dict[str, float]:
        found = self._vectors.get(name)
        if found is None:
            found = self._vectors[name] = self.weights.vector(self.ground.words(name))
        return found

    def _find_mentions(self, mail: DebateMail, names: dict[str, str]) -> None:
        for number, unit in enumerate(mail.units):
            if unit.label == "social":
                continue
            text = mail.body[unit.start : unit.stop]
            if names.keys().isdisjoint(_WORD.findall(text)):
                continue
            people = {names[word] for word in _spoken(text) if word in names} - {mail.who}
            if not people or _ADDRESS.search(text) or _WROTE.search(text):
                continue
            near = [
                at
                for at in range(
                    max(0, number - _AROUND), min(len(mail.units), number + _AROUND + 1)
                )
                if mail.units[at].passage == unit.passage
            ]
            words = frozenset(
                word for at in near for word in self.ground.words(UnitName(mail.id, at))
            )
            concedes = any(mail.units[at].label in ("concession", "agreement") for at in near)
            for who in people:
                self._mentions[who].append(_Mention(mail.id, near[0], near[-1], words, concedes))


def _spoken(text: str) -> set[str]:
    """Return the words of a sentence as names may stand there, but those it is told to."""
    found = set()
    for match in _WORD.finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        told = _TOLD.search(before) or (
            after[:1] in (",", ".", "!", "?", ":", "")
            and (len(before.split()) <= 1 or before.rstrip().endswith(","))
        )
        if match[0][0].isupper() and not told:
            found.add(match[0])
    return found


def _names(ground: Ground) -> dict[str, str]:
    """Return the names by which one person of the conversation is called, and nobody else.

    Each with who that is.
    """
    bearing: defaultdict[str, set[str]] = defaultdict(set)
    for who, person in sorted({(mail.who, mail.person) for mail in ground.mails}):
        for word in _WORD.findall(person.partition("@")[0]):
            bearing[word].add(who)
    return {
        word: next(iter(people))
        for word, people in bearing.items()
        if len(people) == 1
        and len(word) > 2
        and word[0].isupper()
        and word.lower() not in _ALSO_WORDS
        and word.lower() not in COMMON
    }
