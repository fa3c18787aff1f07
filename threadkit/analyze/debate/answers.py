"""Who answers a point: words under it, words to its mail, its own author, another branch."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
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


class Matter(NamedTuple):
    """A stretch of a mail that may have been answered."""

    mail: int
    start: int
    stop: int


class Under(NamedTuple):
    """A quotation that holds a matter, with own words below: the matter ends at ``stop``."""

    passage: int
    stop: int


class Answers:
    """Looks for what answers a matter.

    Parameters
    ----------
    places : Places
        Of the conversation.
    """

    def __init__(self, places: Places) -> None:
        self.ground: Ground = places.ground
        self.places = places
        self.weights = Weights(map(self.ground.words, self.ground.names()))
        self._under = {mail.id: _by_passage(mail) for mail in self.ground.mails}

    def of(self, matter: Matter) -> tuple[list[Reply], float]:
        """Find direct answers, of others and of the author.

        Parameters
        ----------
        matter : Matter
            Where it stands.

        Returns
        -------
        replies : list of Reply
            In the order of time; ``own`` if the author himself comes back to it.
        best : float
            How likely the likeliest reply of somebody else answers it; 0 if there is none.
        """
        author = self.ground.mail(matter.mail).person
        found = []
        best = 0.0
        for number, under in self._candidates(matter).items():
            mail = self.ground.mail(number)
            pair, words = self.pair(matter, mail, under)
            counted = features(pair)
            score = chance(counted)
            if mail.person != author:
                best = max(best, score)
            if score >= ANSWERED and words:
                how = UNDER if under else TO_MAIL
                start, stop = words[0].start, words[-1].stop
                how = OWN if mail.person == author else how
                found.append(Reply(number, start, stop, how, reading(counted), round(score, 3)))
        return sorted(found, key=lambda one: self.ground.rank(one.mail)), round(best, 3)

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
        author = self.ground.mail(matter.mail).person
        some = self._candidates(matter)
        return [
            (number, self.pair(matter, mail, some[number])[0])
            for number in sorted(some, key=self.ground.rank)
            if (mail := self.ground.mail(number)).person != author
        ]

    def _candidates(self, matter: Matter) -> dict[int, Under | None]:
        """Return mails that quote a matter, or answer its mail; with the nearest words below."""
        found: dict[int, Under | None] = {}
        nearest: dict[int, int] = {}
        for number, quoted in self.ground.quoting(matter.mail):
            if quoted.source_start >= matter.stop or quoted.source_stop <= matter.start:
                continue
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
        words, way = self._unquoted(mail, matter.mail)
        quoted = below = ""
        if under:
            passage = mail.passages[under.passage]
            words, way = self._under[mail.id][under.passage], "under"
            quoted = mail.body[passage.start : passage.stop]
            below = mail.body[under.stop : passage.stop]
        point = source.body[matter.start : matter.stop]
        text = " ".join(mail.body[unit.start : unit.stop] for unit in words)
        above = self.ground.parent(mail.id)
        own = (
            above is not None
            and above != source.id
            and self.ground.mail(above).person == source.person
            and self.ground.parent(above) == source.id
        )
        speaking = [unit for unit in source.units if unit.label != "social"]
        return replying.Reply(
            point, text, way, quoted, below, above == source.id, own, source.is_patch,
            len(mail.passages), sum(unit.start < matter.start for unit in speaking),
            len(speaking), self._common(point, text),
        ), words  # fmt: skip

    def _unquoted(self, mail: DebateMail, source: int) -> tuple[list[Said], replying.Way]:
        """Return the words of a reply that quotes a point nowhere, and how they stand."""
        speaking = [unit for unit in mail.units if unit.label != "social"]
        top = [unit for unit in speaking if unit.passage < 0]
        aside = any(_answers(mail, quoted, source) for quoted in mail.quotes)
        if top:
            return top, "top aside" if aside else "top"
        return speaking or list(mail.units), "aside" if aside else "bare"

    def _common(self, point: str, text: str) -> float:
        some, others = set(terms(point)), set(terms(text))
        whole = sum(self.weights.weight(word) for word in sorted(some))
        return sum(self.weights.weight(word) for word in sorted(some & others)) / (whole or 1.0)


def _answers(mail: DebateMail, quoted: Quoted, source: int) -> bool:
    return quoted.source == source and _passage_at(mail, quoted.start) is not None


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
