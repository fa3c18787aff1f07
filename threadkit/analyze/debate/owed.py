"""Review points that the next revision of a series neither took up nor answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from threadkit.analyze.debate.ground import Ground
from threadkit.analyze.debate.places import Places
from threadkit.analyze.debate.revised import PatchMail, changed, changelog, reworded
from threadkit.analyze.debate.terms import is_named, terms
from threadkit.analyze.debate.values import Conversation, Debate, DebateMail, Point, UnitName

Fate = Literal["changed", "named", "answered", "owed", "no next revision"]

KINDS: Final = ("question", "request", "objection")
"""Points of a review; a claim that nobody disputes asks for nothing."""

_MOST_LINES = 6
_COMMON = 2


@dataclass(frozen=True, slots=True)
class Revision:
    """A posting of a series.

    Attributes
    ----------
    number : int
        Its ``v``.
    mails : sequence of (str, str)
        Message-ID and decoded body of its cover letter and patches, in their order.
    """

    number: int
    mails: Sequence[tuple[str, str]]


class Owed(NamedTuple):
    """A point of a review and what became of it.

    ``patch`` is the Message-ID of the patch that it is about; ``file`` and ``line`` are of
    what was quoted of it, empty and 0 if that is no diff. ``why`` says how the fate is known.
    """

    revision: int
    point: Point
    message_id: str
    person: str
    patch: str
    file: str
    line: int
    fate: Fate
    why: str


def owed(
    debates: Sequence[tuple[Conversation, Debate]], revisions: Sequence[Revision]
) -> list[Owed]:
    """Follow the points of reviews into the next revision.

    Parameters
    ----------
    debates : sequence of (Conversation, Debate)
        All conversations that mails of the series stand in; revisions are often posted
        in conversations of their own.
    revisions : sequence of Revision
        All that are known, in their order.

    Returns
    -------
    list of Owed
        By revision, then in the order of time and text. The fate is the first of these that
        holds: *changed*: the lines that were quoted, or those around them, are others in the
        next revision; *named*: an item of its changelog speaks of it; *answered*: somebody
        replied; else it is *owed*. Points on the last revision have *no next revision*, unless
        they were answered.

    Notes
    -----
    That lines changed does not say that they changed as was asked.
    """
    found = []
    talks = [(Places(Ground(conversation)), debate) for conversation, debate in debates]
    following: list[Revision | None] = [*revisions[1:], None]
    for revision, after in zip(revisions, following, strict=True):
        patches = {name: PatchMail(name, body) for name, body in revision.mails}
        new = [PatchMail(name, body) for name, body in after.mails] if after else None
        for places, debate in talks:
            for point, patch in _points(places.ground, debate, patches):
                found.append(_fate(places, revision.number, point, patch, new))
    return found


def _points(
    ground: Ground, debate: Debate, patches: Mapping[str, PatchMail]
) -> Iterator[tuple[Point, PatchMail]]:
    """Yield what others say to the mails of a revision that calls for something."""
    authors = {mail.who for mail in ground.mails if mail.message_id in patches}
    for point in debate.points:
        mail = ground.mail(point.name.mail)
        if point.kind not in KINDS or mail.message_id in patches or mail.who in authors:
            continue
        for above in ground.ancestors(mail.id):
            patch = patches.get(ground.mail(above).message_id)
            if patch is not None:
                yield point, patch
                break


def _fate(
    places: Places,
    revision: int,
    point: Point,
    patch: PatchMail,
    new: Sequence[PatchMail] | None,
) -> Owed:
    ground = places.ground
    mail = ground.mail(point.name.mail)
    source = next(one for one in ground.mails if one.message_id == patch.message_id)
    start, stop = _quoted(places, mail, point.name, source.id)
    lines = patch.within(start, stop)[-_MOST_LINES:] if stop else []
    where = (lines[-1].file, lines[-1].number) if lines else ("", 0)
    fate, why = _judged(ground, point, patch, (start, stop), new)
    return Owed(revision, point, mail.message_id, mail.person, patch.message_id, *where, fate, why)


def _judged(
    ground: Ground,
    point: Point,
    patch: PatchMail,
    quoted: tuple[int, int],
    new: Sequence[PatchMail] | None,
) -> tuple[Fate, str]:
    if new is not None:
        lines = patch.within(*quoted)[-_MOST_LINES:] if quoted[1] else []
        if lines:
            where = changed(lines, patch, new)
            if where:
                return "changed", f"changed at {where}"
        elif quoted[1] and reworded(patch.body[quoted[0] : quoted[1]], new):
            return "changed", "the description says it otherwise"
        item = _named(ground, point, new)
        if item:
            return "named", f"changelog: {item}"
    direct = [one for one in point.replies if one.how not in ("own", "elsewhere")]
    if point.outcome in ("answered", "taken up") and (direct or point.replies):
        reply = (direct or list(point.replies))[0]
        answering = ground.mail(reply.mail)
        return "answered", f"answered by {answering.person} in {answering.message_id}"
    if new is None:
        return "no next revision", "it is of the last revision that is known"
    return "owed", "the lines stand as they did" if quoted[1] else "no line was quoted for it"


def _quoted(places: Places, mail: DebateMail, name: UnitName, source: int) -> tuple[int, int]:
    """Return the part of a patch mail that stands, quoted, right above a unit; (0, 0) if none."""
    passage = mail.units[name.unit].passage
    if passage < 0:
        return 0, 0
    above = mail.passages[passage]
    spans = [
        (one.start, one.stop)
        for one in places.sources(mail.id, above.start, above.stop)
        if one.mail == source
    ]
    return spans[-1] if spans else (0, 0)


def _named(ground: Ground, point: Point, new: Sequence[PatchMail]) -> str:
    """Return the item of a changelog that speaks of a point."""
    mail = ground.mail(point.name.mail)
    words = set(terms(mail.body[point.start : point.stop]))
    names = {word for word in mail.person.replace(",", " ").split() if len(word) > 2}
    best = (0, "")
    for patch in new:
        for item in changelog(patch.body):
            common = words & set(terms(item))
            credited = bool(names & set(item.replace("(", " ").replace(")", " ").split()))
            weight = len(common) + sum(map(is_named, common)) + (credited if common else 0)
            if weight > _COMMON and weight > best[0]:
                best = (weight, item)
    return best[1]
