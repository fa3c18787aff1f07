"""Conversations made of plain text, cut and resolved as the package does; labels are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from threadkit.analyze.arguments.segments import segments
from threadkit.analyze.debate.assemble import assemble
from threadkit.analyze.debate.names import unit_key
from threadkit.analyze.debate.values import (
    Answered,
    Bears,
    Claim,
    Conversation,
    Correction,
    Debate,
    DebateMail,
    Point,
    Quoted,
    Said,
)
from threadkit.analyze.mailtext import MailText
from threadkit.analyze.quotes import Ancestor, resolve
from threadkit.mail.body import blocks
from threadkit.mail.trailers import trailers

PATCH = "PATCH"


@dataclass(frozen=True)
class Wrote:
    """A mail: who, what, and the number of the mail that it answers.

    ``labels`` and ``bears`` name units by words of them; what a unit bears on is named by
    words of another unit of the mail, by words that the mail quotes, or is `PATCH`.
    """

    person: str
    body: str
    parent: int | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    bears: Sequence[tuple[str, str, str]] = ()
    stances: Mapping[str, str] = field(default_factory=dict)
    subject: str = ""
    is_patch: bool = False
    score: float = 0.9
    utc: str | None = ""
    who: str = ""


def name_of(number: int) -> str:
    """The Message-ID of a mail."""
    return f"{number}@example.org"


def talk(*wrote: Wrote) -> Conversation:
    """Make a conversation; mail N was written on the Nth of January."""
    texts = [_text(number, one) for number, one in enumerate(wrote)]
    ready = [Ancestor(text.body, text.blocks) for text in texts]
    return Conversation(
        0, [_mail(number, one, wrote, texts, ready) for number, one in enumerate(wrote)]
    )


def _text(number: int, one: Wrote) -> MailText:
    found = blocks(one.body)
    return MailText(
        name_of(number), one.subject, one.person, _email(one.person), None, one.parent is not None,
        one.is_patch, None, name_of(0), one.body, found, trailers(one.body, found), [],
    )  # fmt: skip


def _email(person: str) -> str:
    return f"{person.split()[0].lower()}@example.org"


def _mail(
    number: int,
    one: Wrote,
    wrote: Sequence[Wrote],
    texts: Sequence[MailText],
    ready: Sequence[Ancestor],
) -> DebateMail:
    text = texts[number]
    cut = segments(text)
    units = [
        Said(unit.start, unit.stop, *_label(one, text.body[unit.start : unit.stop]), one.score,
             unit.shape, "", "", unit.passage)
        for unit in cut.units
    ]  # fmt: skip
    line = []
    above = one.parent
    while above is not None:
        line.append(above)
        above = wrote[above].parent
    quotes = [
        Quoted(r.start, r.stop, line[r.ancestor], r.source_start, r.source_stop, r.score)
        for r in resolve(text.body, text.blocks, [ready[at] for at in line])
        if r.ancestor is not None and r.source_start is not None and r.source_stop is not None
    ]
    passages = []
    for passage in cut.passages:
        quoted = text.body[passage.start : passage.stop]
        stance = next((value for key, value in one.stances.items() if key in quoted), "undecided")
        passages.append(Answered(passage.start, passage.stop, passage.depth, stance, 0.9, "model"))
    utc = f"2020-01-{number + 1:02}T12:00:00Z" if one.utc == "" else one.utc
    subject = one.subject or ("[PATCH] x: do it" if one.is_patch else "Re: x")
    return DebateMail(
        number, name_of(number), one.who or one.person, one.person, _email(one.person), utc, one.parent, subject,
        one.is_patch, "en", "", one.body, units, passages, _bears(one, text.body, units), quotes,
        [(found.name, found.value, found.start, found.stop) for found in text.trailers],
    )  # fmt: skip


def _label(one: Wrote, words: str) -> tuple[str, str, str]:
    for key, label in one.labels.items():
        if key in words:
            return label, "", "mechanism" if label == "claim" else ""
    return "background", "", ""


def _bears(one: Wrote, body: str, units: Sequence[Said]) -> list[Bears]:
    found = []
    for words, kind, target in one.bears:
        source = _unit(body, units, words)
        assert source is not None, words
        if target == PATCH:
            found.append(Bears(source, kind, "patch", 0, 0, one.score, "model"))
            continue
        other = _unit(body, units, target)
        if other is not None:
            found.append(Bears(source, kind, "unit", other, 0, one.score, "model"))
        else:
            at = body.index(target)
            found.append(Bears(source, kind, "quote", at, at + len(target), one.score, "model"))
    return found


def _unit(body: str, units: Sequence[Said], words: str) -> int | None:
    for number, unit in enumerate(units):
        if words in body[unit.start : unit.stop]:
            return number
    return None


def debate_of(*wrote: Wrote, corrections: Sequence[Correction] = ()) -> Debate:
    """Put a conversation together."""
    return assemble(talk(*wrote), corrections)


def claim_of(conversation: Conversation, debate: Debate, words: str) -> Claim:
    """Return the claim that is said with some words."""
    bodies = {mail.id: mail.body for mail in conversation.mails}
    for claim in debate.claims:
        for place in claim.places:
            if words in bodies[place.name.mail][place.start : place.stop]:
                return claim
    raise AssertionError(f"no claim says {words!r}")


def point_of(conversation: Conversation, debate: Debate, words: str) -> Point:
    """Return the point that is made with some words."""
    bodies = {mail.id: mail.body for mail in conversation.mails}
    for point in debate.points:
        if words in bodies[point.name.mail][point.start : point.stop]:
            return point
    raise AssertionError(f"no point says {words!r}")


def said(target: str, what: str, value: str) -> Correction:
    """Make a correction."""
    return Correction(target, what, value, "", "Eve", "2020-02-01T00:00:00Z", "edit")


def key(number: int, words: str) -> str:
    """Name a unit by its mail and all of its words."""
    return unit_key(name_of(number), words)
