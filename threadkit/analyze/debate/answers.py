"""Who answers a point: words right under it, words to its mail, its own author, another branch."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from threadkit.analyze.debate.ground import Ground
from threadkit.analyze.debate.places import Places
from threadkit.analyze.debate.values import DebateMail, Quoted, Reply

UNDER = "under the quotation"
TO_MAIL = "to the mail"
OWN = "own"
ELSEWHERE = "elsewhere"

_END = re.compile(r"[.!?:;](?=[\s>]|\Z)|\n[>\s]*\n")
_BREAK = re.compile(r"\n[> \t]*(?=\n)")


class Matter(NamedTuple):
    """A stretch of a mail that may have been answered."""

    mail: int
    start: int
    stop: int


class Under(NamedTuple):
    """Own words under a quotation that holds a matter.

    ``below`` is the number of sentences that are quoted between the matter and the words;
    ``paragraphs`` the number of blank lines there; ``share`` how much of the matter is
    quoted.
    """

    mail: int
    passage: int
    start: int
    stop: int
    below: int
    paragraphs: int
    share: float


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

    def of(self, matter: Matter) -> list[Reply]:
        """Find direct answers, of others and of the author.

        Parameters
        ----------
        matter : Matter
            Where it stands.

        Returns
        -------
        list of Reply
            In the order of time; ``own`` if the author himself comes back to it.
        """
        author = self.ground.mail(matter.mail).person
        found: dict[int, Reply] = {}
        for under in self.under(matter):
            score = _under_score(under)
            how = OWN if self.ground.mail(under.mail).person == author else UNDER
            if score and under.mail not in found:
                found[under.mail] = Reply(
                    under.mail, under.start, under.stop, how, "words below", score
                )
        for child in self.ground.children(matter.mail):
            if child not in found and (reply := self._to_mail(matter, child, author)):
                found[child] = reply
        return sorted(found.values(), key=lambda one: self.ground.rank(one.mail))

    def under(self, matter: Matter) -> Iterator[Under]:
        """Yield the own words that stand under a quotation of a matter.

        Parameters
        ----------
        matter : Matter
            Where it stands.
        """
        for number, quoted in self.ground.quoting(matter.mail):
            if quoted.source_start >= matter.stop or quoted.source_stop <= matter.start:
                continue
            span = self.places.here(number, quoted, matter.start, matter.stop)
            mail = self.ground.mail(number)
            passage = _passage_at(mail, span[1] - 1)
            if passage is None:
                continue
            words = _own_words(mail, passage)
            if words is None:
                continue
            below = mail.body[span[1] : mail.passages[passage].stop]
            common = min(quoted.source_stop, matter.stop) - max(quoted.source_start, matter.start)
            share = common / max(1, matter.stop - matter.start)
            yield Under(
                number, passage, *words, len(_END.findall(below)), len(_BREAK.findall(below)), share
            )

    def _to_mail(self, matter: Matter, child: int, author: str) -> Reply | None:
        """Return the words of a reply that stand under no quotation, if they answer it."""
        mail = self.ground.mail(child)
        top = [unit for unit in mail.units if unit.passage < 0]
        if not top or mail.person == author:
            return None
        if any(self._quotes(mail, quoted, matter.mail) for quoted in mail.quotes):
            return None
        start, stop = top[0].start, top[-1].stop
        return Reply(child, start, stop, TO_MAIL, "reply without quotation", 0.6)

    def _quotes(self, mail: DebateMail, quoted: Quoted, source: int) -> bool:
        return quoted.source == source and _passage_at(mail, quoted.start) is not None


def _under_score(under: Under) -> float:
    if under.below <= 3:
        return 0.9
    return 0.0


def _passage_at(mail: DebateMail, at: int) -> int | None:
    """Return the number of the passage that a character is in."""
    for number, passage in enumerate(mail.passages):
        if passage.start <= at < passage.stop:
            return number
    return None


def _own_words(mail: DebateMail, passage: int) -> tuple[int, int] | None:
    """Return the stretch of own words under a passage."""
    some = [unit for unit in mail.units if unit.passage == passage]
    return (some[0].start, some[-1].stop) if some else None
