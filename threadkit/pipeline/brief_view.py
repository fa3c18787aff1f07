"""What is new in a conversation since a day, as notebooks and the command line show it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from sqlite3 import Connection
from typing import Any, NamedTuple

from threadkit.analyze.debate.brief import Brief, Turn, brief
from threadkit.analyze.debate.values import Claim, DebateMail, Decision
from threadkit.pipeline.claims_view import SHOWN, instant
from threadkit.pipeline.debate_of import Told, passage, told
from threadkit.pipeline.display import counted
from threadkit.store import lookup

COLUMNS = (
    "what", "utc", "person", "claim", "detail", "state", "text", "message_id", "start", "stop",
)  # fmt: skip
"""Of a row of :attr:`BriefView.items`."""

SECTIONS = ("refusal", "decision", "trailer", "turn", "shift", "claim", "answer", "open")
"""What there may be, in the order shown."""


class Item(NamedTuple):
    """Something new; ``claim`` is its name, ``detail`` what there is to say in a few words."""

    what: str
    utc: str | None
    person: str
    claim: str
    detail: str
    state: str
    text: str
    message_id: str
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class BriefView:
    """What is new in a conversation.

    Attributes
    ----------
    subject : str
        Of the conversation.
    since : str
        ISO 8601 with Z.
    mails, people : int
        New mails, and who wrote them.
    items : tuple of Item
        By :data:`SECTIONS`, each in the order of time.
    candidates : int
        Claims that are not sure enough to be shown.
    """

    subject: str
    since: str
    mails: int
    people: int
    items: tuple[Item, ...]
    candidates: int

    @property
    def summary(self) -> str:
        """Its size in words."""
        mails = counted(self.mails, "new mail")
        return f"{mails} of {counted(self.people, 'person', 'people')} since {self.since[:10]}"

    def as_json(self) -> dict[str, Any]:
        """Return everything, as JSON can hold it."""
        return {
            "subject": self.subject, "since": self.since, "mails": self.mails,
            "people": self.people, "candidates": self.candidates,
            "items": [one._asdict() for one in self.items],
        }  # fmt: skip

    def __repr__(self) -> str:
        return f"<Brief {self.summary}: {counted(len(self.items), 'item')}>"

    def _repr_html_(self) -> str:
        from threadkit import notebook

        said = notebook.heading(self.subject, [self.summary])
        return said + notebook.table(COLUMNS[:7], [one[:7] for one in self.items])


def brief_of(
    conn: Connection, thread: str, since: str, states: Collection[str] = SHOWN
) -> BriefView:
    """Tell what is new in a conversation.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    thread : str
        Any mail of it.
    since : str
        A date as in a search.
    states : collection of str, optional
        Of claims and decisions.

    Returns
    -------
    BriefView
        What mails since then say.

    Raises
    ------
    NotFound, Ambiguous, QueryError
        The name or the date is not understood.
    """
    first = instant(since)
    known = told(conn, lookup.root(conn, thread))
    found = brief(known.conversation, known.debate, known.corrections, first)
    mails = known.conversation.mails
    new = {mail.who for mail in known.mails().values() if mail.utc and mail.utc >= first}
    unsure = [one for one in found.claims if one.state == "candidate"]
    return BriefView(
        subject=mails[0].subject if mails else "",
        since=first,
        mails=found.mails,
        people=len(new),
        items=tuple(_Items(known, states).of(found)),
        candidates=len(unsure) if "candidate" not in states else 0,
    )


class _Items:
    """Makes items of what is new."""

    def __init__(self, known: Told, states: Collection[str]) -> None:
        self._known = known
        self._states = states
        self._mails = known.mails()

    def of(self, found: Brief) -> Iterator[Item]:
        """Yield the items of a brief, section after section."""
        yield from self._decisions("refusal", found.naks)
        yield from self._decisions("decision", found.decisions)
        for link in found.trailers:
            target = self._mails[link.target.mail]
            unit = self._mails[link.source.mail].units[link.source.unit]
            yield self._item(
                "trailer", link.source.mail, (unit.start, unit.stop),
                detail=f"{link.rule} to {target.subject}", state=link.state,
            )  # fmt: skip
        for turn in found.turns:
            yield self._turn(turn)
        for claim, before, utc in found.shifts:
            if claim.state in self._states:
                detail = f"{before} is now {claim.status}: {claim.why}"
                yield self._claim("shift", claim, detail)._replace(utc=utc)
        for claim in found.claims:
            if claim.state in self._states:
                yield self._claim(
                    "claim", claim, ", ".join(filter(None, (claim.kind, claim.status)))
                )
        for point, reply in found.answers:
            asked = passage(self._mails, point.name.mail, point.start, point.stop)
            yield self._item(
                "answer", reply.mail, (reply.start, reply.stop),
                detail=f"to {_article(point.kind)} {point.kind} of {self._mails[point.name.mail].person}: {asked}",
                state=f"{reply.score:.2f}",
            )  # fmt: skip
        for point in found.open:
            yield self._item(
                "open", point.name.mail, (point.start, point.stop),
                detail=f"{point.kind} without a direct reply", state=f"{point.score:.2f}",
            )  # fmt: skip

    def _decisions(self, what: str, some: Sequence[Decision]) -> Iterator[Item]:
        for one in some:
            if one.state in self._states:
                yield self._item(
                    what, one.mail, (one.start, one.stop), person=one.person, state=one.state,
                    detail=" ".join(filter(None, (one.kind, one.about, one.detail))),
                )  # fmt: skip

    def _claim(self, what: str, claim: Claim, detail: str) -> Item:
        place = claim.places[0]
        found = self._item(
            what, place.name.mail, (place.start, place.stop), detail=detail, state=claim.state,
            claim=self._known.name(claim), person=claim.person,
        )  # fmt: skip
        return found._replace(text=claim.gist or found.text)

    def _turn(self, turn: Turn) -> Item:
        key = turn.matter.key
        names = {claim.key: self._known.name(claim) for claim in self._known.debate.claims}
        before = (
            f"{turn.before.view} on {(turn.before.utc or '')[:10]}, now " if turn.before else ""
        )
        gives = " and gives in" if turn.after.concedes else ""
        after = turn.after
        return self._item(
            "turn", after.mail, (after.start, after.stop), person=turn.person,
            claim=names.get(key, ""), detail=f"{before}{after.view}{gives}",
            state="automatic" if after.sure else "candidate",
        )  # fmt: skip

    def _item(
        self, what: str, mail: int, span: tuple[int, int], *, detail: str, state: str,
        claim: str = "", person: str = "",
    ) -> Item:  # fmt: skip
        found: DebateMail = self._mails[mail]
        return Item(
            what, found.utc, person or found.person, claim, detail, state,
            passage(self._mails, mail, *span), found.message_id, *span,
        )  # fmt: skip


def _article(word: str) -> str:
    return "an" if word[:1] in "aeiou" else "a"
