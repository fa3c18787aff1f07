"""Who answers a point: words under it, words to its mail, its own author, another branch."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cache
from itertools import accumulate
from typing import Final, NamedTuple

from threadkit.analyze.debate import replying
from threadkit.analyze.debate.ground import Ground
from threadkit.analyze.debate.places import Places
from threadkit.analyze.debate.replying import ANSWERED, chance, features, reading
from threadkit.analyze.debate.terms import Weights, terms
from threadkit.analyze.debate.values import DebateMail, Quoted, Reply, Said

UNDER: Final = "under the quotation"
TO_MAIL: Final = "to the mail"
OWN: Final = "own"
ELSEWHERE: Final = "elsewhere"
NEXT_WORDS: Final = "answered in the next words"
"""Rule of an own answer to a question that is asked to be answered at once."""

_SHORT_ANSWER = re.compile(
    r"\W*(?:sure|yes|yeah|yep|yup|no|nope|never|of course(?: not)?|absolutely(?: not)?|not really|"
    r"hardly|I don't know|I do not know|I doubt it|I (?:don't )?think (?:so|not)|who knows|nobody)"
    r"\b[^\w\n]*\s*\Z|\W*(?:sure|yes|of course|nope)\b[.!]",
    re.IGNORECASE,
)
_BLANK = re.compile(r"\n[ \t]*\n")


class Matter(NamedTuple):
    """A stretch of a mail that may have been answered."""

    mail: int
    start: int
    stop: int


class Under(NamedTuple):
    """A quotation that holds a matter, with own words below: the matter ends at ``stop``."""

    passage: int
    stop: int


class _Words(NamedTuple):
    """Units of a reply, their words, and those of these that tell what they are about."""

    units: Sequence[Said]
    text: str
    terms: frozenset[str]


class _Quotation(NamedTuple):
    """A passage: how many sentences it has, where its blank lines are and its questions end."""

    sentences: int
    blanks: Sequence[int]
    asks: Sequence[int]


class _Quoting(NamedTuple):
    """Where a mail is quoted, by where that stands in it; and how far those up to each reach."""

    starts: Sequence[int]
    reach: Sequence[int]
    where: Sequence[tuple[int, int, Quoted]]


class Answers:
    """Looks for what answers a matter.

    Parameters
    ----------
    places : Places
        Of the conversation.

    Notes
    -----
    What it needs of a reply or a quotation is looked up once, whatever the number of matters.
    """

    def __init__(self, places: Places) -> None:
        self.ground: Ground = places.ground
        self.places = places
        self.weights = Weights(map(self.ground.words, self.ground.names()))
        self._under = {mail.id: _by_passage(mail) for mail in self.ground.mails}
        self._below = cache(self._below_of)
        self._apart = cache(self._apart_of)
        self._passages = cache(self._passages_of)
        self._speaking = cache(self._speaking_of)
        self._quoting = cache(self._quoting_of)
        self._quotation = cache(self._quotation_of)
        self._terms = cache(self._terms_of)

    def of(self, matter: Matter) -> tuple[list[Reply], float]:
        """Find direct answers, of others and of the author.

        Parameters
        ----------
        matter : Matter
            Where it stands.

        Returns
        -------
        replies : list of Reply
            In the order of time; ``own`` if the author himself comes back to it where he
            quotes it, or answers himself at once.
        best : float
            How likely the likeliest reply of somebody else answers it; 0 if there is none.
        """
        author = self.ground.mail(matter.mail).who
        found = []
        best = 0.0
        for number, under in self._candidates(matter).items():
            mail = self.ground.mail(number)
            pair, words = self.pair(matter, mail, under)
            counted = features(pair)
            score = chance(counted)
            if mail.who != author:
                best = max(best, score)
            own = mail.who == author
            if score >= ANSWERED and words and (under or not own):
                how = UNDER if under else TO_MAIL
                start, stop = words[0].start, words[-1].stop
                how = OWN if own else how
                found.append(Reply(number, start, stop, how, reading(counted), round(score, 3)))
        found += self._next_words(matter)
        return sorted(found, key=lambda one: self.ground.rank(one.mail)), round(best, 3)

    def _next_words(self, matter: Matter) -> list[Reply]:
        """Return the answer that whoever asks gives at once: he only asks to say it."""
        mail = self.ground.mail(matter.mail)
        if not mail.body[matter.start : matter.stop].rstrip().endswith("?"):
            return []
        at = bisect_left(mail.units, matter.stop, key=lambda one: one.start)
        if at >= len(mail.units):
            return []
        unit = mail.units[at]
        between = mail.body[matter.stop : unit.start]
        if between.strip() or _BLANK.search(between):
            return []
        if not _SHORT_ANSWER.match(mail.body, unit.start, unit.stop):
            return []
        return [Reply(mail.id, unit.start, unit.stop, OWN, NEXT_WORDS, 0.8)]

    def pairs(self, matter: Matter) -> list[tuple[int, replying.Reply]]:
        """Return the replies that may answer a matter, with what is known of each.

        Parameters
        ----------
        matter : Matter
            Where it stands.

        Returns
        -------
        list of (int, Reply)
            Mails of others, in the order of time.
        """
        author = self.ground.mail(matter.mail).who
        some = self._candidates(matter)
        return [
            (number, self.pair(matter, mail, some[number])[0])
            for number in sorted(some, key=self.ground.rank)
            if (mail := self.ground.mail(number)).who != author
        ]

    def _candidates(self, matter: Matter) -> dict[int, Under | None]:
        """Return mails that quote a matter, or answer its mail; with the nearest words below."""
        found: dict[int, Under | None] = {}
        nearest: dict[int, int] = {}
        for number, quoted in self._quotations(matter):
            _, stop = self.places.here(number, quoted, matter.start, matter.stop)
            mail = self.ground.mail(number)
            passage = _passage_at(mail, stop - 1)
            if passage is None or not self._under[number].get(passage):
                continue
            below = mail.passages[passage].stop - stop
            if number not in nearest or below < nearest[number]:
                nearest[number] = below
                found[number] = Under(passage, stop)
        for child in self.ground.children(matter.mail):
            found.setdefault(child, None)
        return found

    def pair(
        self, matter: Matter, mail: DebateMail, under: Under | None
    ) -> tuple[replying.Reply, Sequence[Said]]:
        """Put a matter and the words of a reply side by side.

        Parameters
        ----------
        matter : Matter
            Where it stands.
        mail : DebateMail
            The reply.
        under : Under or None
            The quotation in it that holds the matter.

        Returns
        -------
        pair : Reply
            What can be counted.
        words : sequence of Said
            The units of the reply that may answer.
        """
        source = self.ground.mail(matter.mail)
        sentences = paragraphs = questions = 0
        if under:
            words = self._below(mail.id, under.passage)
            quotation = self._quotation(mail.id, under.passage)
            sentences = quotation.sentences
            paragraphs = len(quotation.blanks) - bisect_left(quotation.blanks, under.stop)
            questions = len(quotation.asks) - bisect_left(quotation.asks, under.stop)
        else:
            words = self._apart(mail.id)
        way = "under" if under else self._way(mail.id, matter.mail)
        above = self.ground.parent(mail.id)
        own = (
            above is not None
            and above != source.id
            and self.ground.mail(above).who == source.who
            and self.ground.parent(above) == source.id
        )
        speaking = self._speaking(source.id)
        return replying.Reply(
            source.body[matter.start : matter.stop], words.text, way, sentences, paragraphs,
            questions, above == source.id, own, source.is_patch, len(mail.passages),
            bisect_left(speaking, matter.start), len(speaking), self._common(matter, words),
        ), words.units  # fmt: skip

    def _quotations(self, matter: Matter) -> Sequence[tuple[int, Quoted]]:
        """Return the quotations that touch a matter, with their mails, in the order of time."""
        known = self._quoting(matter.mail)
        found = []
        at = bisect_left(known.starts, matter.stop) - 1
        while at >= 0 and known.reach[at] > matter.start:
            order, number, quoted = known.where[at]
            if quoted.source_stop > matter.start:
                found.append((order, number, quoted))
            at -= 1
        found.sort(key=lambda one: one[0])
        return [(number, quoted) for _, number, quoted in found]

    def _way(self, number: int, source: int) -> replying.Way:
        """Tell how the words of a reply stand that quotes a point nowhere."""
        aside = source in self._passages(number)
        if any(unit.passage < 0 and unit.label != "social" for unit in self._apart(number).units):
            return "top aside" if aside else "top"
        return "aside" if aside else "bare"

    def _common(self, matter: Matter, words: _Words) -> float:
        some, whole = self._terms(matter)
        common = [weight for word, weight in some if word in words.terms]
        return sum(common) / (whole or 1.0)

    def _below_of(self, number: int, passage: int) -> _Words:
        return _words(self.ground.mail(number), self._under[number][passage])

    def _apart_of(self, number: int) -> _Words:
        """Return the words of a reply above all quotations, else all that say something."""
        mail = self.ground.mail(number)
        speaking = [unit for unit in mail.units if unit.label != "social"]
        top = [unit for unit in speaking if unit.passage < 0]
        return _words(mail, top or speaking or mail.units)

    def _passages_of(self, number: int) -> frozenset[int]:
        """Return the mails that a mail quotes with own words below."""
        mail = self.ground.mail(number)
        return frozenset(
            quoted.source for quoted in mail.quotes if _passage_at(mail, quoted.start) is not None
        )

    def _speaking_of(self, number: int) -> Sequence[int]:
        """Return where the units of a mail begin that say something."""
        return [one.start for one in self.ground.mail(number).units if one.label != "social"]

    def _quoting_of(self, number: int) -> _Quoting:
        where = [(order, *one) for order, one in enumerate(self.ground.quoting(number))]
        where.sort(key=lambda one: (one[2].source_start, one[0]))
        stops = [quoted.source_stop for _, _, quoted in where]
        starts = [quoted.source_start for _, _, quoted in where]
        return _Quoting(starts, list(accumulate(stops, max)), where)

    def _quotation_of(self, number: int, passage: int) -> _Quotation:
        mail = self.ground.mail(number)
        span = mail.passages[passage].start, mail.passages[passage].stop
        return _Quotation(
            sum(1 for _ in replying.SENTENCE.finditer(mail.body, *span)),
            [found.start() for found in replying.BLANK.finditer(mail.body, *span)],
            [found.start() for found in replying.ASKS.finditer(mail.body, *span)],
        )

    def _terms_of(self, matter: Matter) -> tuple[Sequence[tuple[str, float]], float]:
        """Return what a matter is about: the words with their weights, and the sum of these."""
        text = self.ground.mail(matter.mail).body[matter.start : matter.stop]
        some = [(word, self.weights.weight(word)) for word in sorted(set(terms(text)))]
        return some, sum(weight for _, weight in some)


def _words(mail: DebateMail, units: Sequence[Said]) -> _Words:
    text = " ".join(mail.body[unit.start : unit.stop] for unit in units)
    return _Words(units, text, frozenset(terms(text)))


def _passage_at(mail: DebateMail, at: int) -> int | None:
    """Return the number of the passage that a character is in."""
    number = bisect_right(mail.passages, at, key=lambda one: one.start) - 1
    return number if number >= 0 and at < mail.passages[number].stop else None


def _by_passage(mail: DebateMail) -> dict[int, list[Said]]:
    """Return the units under each passage; those that say something, if any does."""
    found: dict[int, list[Said]] = {}
    for unit in mail.units:
        found.setdefault(unit.passage, []).append(unit)
    return {
        passage: [unit for unit in some if unit.label != "social"] or some
        for passage, some in found.items()
    }
