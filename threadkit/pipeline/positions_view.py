"""Who stands where, as notebooks and the command line show it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from sqlite3 import Connection
from typing import Any, NamedTuple

from threadkit.analyze.debate.positions import MOST, MatterPositions, Position, positions
from threadkit.pipeline.debate_of import Told, passage, people_of, told
from threadkit.pipeline.display import counted, one_line
from threadkit.store import lookup, read
from threadkit.store.claim_list import roots_of_debates

COLUMNS = (
    "matter", "kind", "text", "person", "now", "course", "changed", "concedes", "messages",
    "root",
)  # fmt: skip
"""Of a row of :meth:`People.rows`: one a matter and person."""

_SIDES = frozenset({"agree", "disagree", "mixed"})


class Stood(NamedTuple):
    """What somebody was to a matter in one mail, with the words that say so."""

    message_id: str
    utc: str | None
    view: str
    concedes: bool
    start: int
    stop: int
    text: str
    rule: str
    score: float
    sure: bool


@dataclass(frozen=True, slots=True)
class Holder:
    """One person on one matter, in the order of time; ``changes`` counts changes of side."""

    person: str
    email: str
    now: str
    stands: tuple[Stood, ...]
    changes: int

    @property
    def concedes(self) -> bool:
        """True if he gave in somewhere."""
        return any(one.concedes for one in self.stands)

    @property
    def course(self) -> str:
        """Views with their days, those that repeat the one before left out."""
        told_: list[str] = []
        last = ""
        for one in self.stands:
            view = one.view + (" (concedes)" if one.concedes else "")
            if view != last:
                told_.append(f"{(one.utc or '')[:10]} {view}")
            last = view
        return "; ".join(told_)


@dataclass(frozen=True, slots=True, repr=False)
class Matter:
    """Something that people take sides on.

    ``name`` is a claim as ``c6``, or the Message-ID of a patch; ``text`` is what it says.
    """

    name: str
    kind: str
    text: str
    people: tuple[Holder, ...]

    def __repr__(self) -> str:
        return f"<Matter {self.name} {self.kind} {len(self.people)} people>"


class Conceded(NamedTuple):
    """Somebody who gives in, with the words that say so.

    ``to`` is what he gives in to: a claim as ``c6``, a Message-ID, or empty if nothing tells;
    ``to_text`` its words. ``sure`` is False for a candidate.
    """

    person: str
    email: str
    message_id: str
    utc: str | None
    start: int
    stop: int
    text: str
    to: str
    to_text: str
    rule: str
    score: float
    sure: bool


class Positions(tuple[Matter, ...]):
    """What people think of the matters of one conversation.

    Attributes
    ----------
    root, subject : str
        Of the conversation.
    writers : int
        How many people wrote in it.
    concessions : sequence of Conceded
        Who gave in, whatever the matter, in the order of time; candidates, too.
    """

    root: str = ""
    subject: str = ""
    writers: int = 0
    concessions: Sequence[Conceded] = ()

    @property
    def people(self) -> list[str]:
        """Those who take a side, on most matters first."""
        sides: dict[str, int] = {}
        for matter in self:
            for one in matter.people:
                sides[one.person] = sides.get(one.person, 0) + (one.now in _SIDES)
        return sorted((p for p, many in sides.items() if many), key=lambda p: (-sides[p], p))

    @property
    def coverage(self) -> str:
        """Of how many people there is a position; silence is no view."""
        return f"positions of {len(self.people)} of {counted(self.writers, 'person', 'people')}"

    def rows(self) -> list[tuple[str | int, ...]]:
        """Return one line a matter and person, then one a concession, as :data:`COLUMNS`."""
        stood: list[tuple[str | int, ...]] = [
            (
                matter.name, matter.kind, matter.text, one.person, one.now, one.course,
                one.changes, int(one.concedes),
                "; ".join(dict.fromkeys(each.message_id for each in one.stands)), self.root,
            )
            for matter in self
            for one in matter.people
        ]  # fmt: skip
        return stood + [
            (
                one.to, "concession", one.text, one.person, "", course_of(one), 0, 1,
                one.message_id, self.root,
            )
            for one in self.concessions
        ]  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        """Return everything, as JSON can hold it."""
        matters = [
            {
                "matter": matter.name,
                "kind": matter.kind,
                "text": matter.text,
                "people": [
                    {
                        "person": one.person, "email": one.email, "now": one.now,
                        "changes": one.changes, "concedes": one.concedes,
                        "stands": [each._asdict() for each in one.stands],
                    }
                    for one in matter.people
                ],
            }
            for matter in self
        ]  # fmt: skip
        return {
            "root": self.root, "subject": self.subject, "coverage": self.coverage,
            "matters": matters, "concessions": [one._asdict() for one in self.concessions],
        }  # fmt: skip

    def __repr__(self) -> str:
        return f"<Positions {counted(len(self), 'matter')}; {self.coverage}>"

    def _repr_html_(self) -> str:
        from threadkit import notebook

        people = self.people
        rows = []
        for matter in self:
            now = {one.person: one.now for one in matter.people}
            rows.append([matter.name, one_line(matter.text), *(now.get(p, "") for p in people)])
        said = notebook.heading(self.subject, [self.coverage])
        return said + notebook.table(["matter", "text", *people], rows)


def thread_positions(conn: Connection, thread: str, most: int | None = MOST) -> Positions:
    """Tell who stands where in a conversation.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    thread : str
        Any mail of it.
    most : int or None, optional
        How many matters; all if None.

    Returns
    -------
    Positions
        Patches first, then what most people take sides on.

    Raises
    ------
    NotFound, Ambiguous
        No mail, or more than one, answers to the name.
    """
    return _positions(conn, lookup.root(conn, thread), most)


def all_positions(conn: Connection, most: int | None = MOST) -> Iterator[Positions]:
    """Tell who stands where in each conversation that has matters.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    most : int or None, optional
        How many matters of each; all if None.

    Yields
    ------
    Positions
        By conversation.
    """
    for root in roots_of_debates(conn):
        found = _positions(conn, root, most)
        if found or found.concessions:
            yield found


def _positions(conn: Connection, root: int, most: int | None) -> Positions:
    known = told(conn, root)
    matters = positions(known.conversation, known.debate, most or len(known.debate.claims) + 1000)
    found = Positions(_matter(known, one) for one in matters)
    head = read.message(conn, root)
    found.root, found.subject = head.message_id, head.subject
    if known.conversation.mails and not found.subject:
        found.subject = known.conversation.mails[0].subject
    found.writers = people_of(known.mails().values())
    found.concessions = _concessions(known)
    return found


def _matter(known: Told, one: MatterPositions) -> Matter:
    mails = known.mails()
    if one.kind == "patch":
        name, text = one.key, mails[one.name.mail].subject
    else:
        claim = next(each for each in known.debate.claims if each.key == one.key)
        place = claim.places[0]
        name = known.name(claim) or one.key
        text = claim.gist or passage(mails, place.name.mail, place.start, place.stop)
    return Matter(name, one.kind, text, tuple(_holder(known, each) for each in one.positions))


def course_of(one: Conceded) -> str:
    """Say when somebody gives in, and how sure that is.

    Parameters
    ----------
    one : Conceded
        Of a conversation.
    """
    return f"{(one.utc or '')[:10]} concedes" + ("" if one.sure else f" (candidate {one.score})")


def _concessions(known: Told) -> tuple[Conceded, ...]:
    mails = known.mails()
    claims = {place.name: claim for claim in known.debate.claims for place in claim.places}
    found = []
    for one in known.debate.concessions:
        to = to_text = ""
        if one.to is not None:
            claim, mail = claims.get(one.to), mails[one.to.mail]
            to = (known.name(claim) if claim else "") or mail.message_id
            unit = mail.units[one.to.unit] if one.to.unit >= 0 else None
            to_text = passage(mails, mail.id, unit.start, unit.stop) if unit else mail.subject
        found.append(
            Conceded(
                one.person, one.email, mails[one.mail].message_id, one.utc, one.start, one.stop,
                passage(mails, one.mail, one.start, one.stop), to, to_text, one.rule,
                round(one.score, 3), one.state in ("automatic", "accepted"),
            )
        )  # fmt: skip
    return tuple(found)


def _holder(known: Told, one: Position) -> Holder:
    mails = known.mails()
    stands = tuple(
        Stood(
            mails[each.mail].message_id, each.utc, each.view, each.concedes, each.start, each.stop,
            passage(mails, each.mail, each.start, each.stop), each.rule, each.score, each.sure,
        )
        for each in one.stands
    )  # fmt: skip
    return Holder(one.person, one.email, one.now, stands, len(one.changes))


def sided(people: Sequence[Holder]) -> list[Holder]:
    """Keep those who take a side, or took one.

    Parameters
    ----------
    people : sequence of Holder
        Of a matter.
    """
    return [
        one for one in people if any(each.view in _SIDES for each in one.stands) or one.concedes
    ]
