"""The mails of a site with a casebook: those that are here, and those known as facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from sqlite3 import Connection
from typing import TYPE_CHECKING

from threadkit.graph.replies import Placement
from threadkit.graph.trees import walk
from threadkit.pipeline.message import Message
from threadkit.pipeline.sites import mails
from threadkit.site.values import Mail
from threadkit.store import read
from threadkit.store.origins import rows_named

if TYPE_CHECKING:
    from threadkit.casebook.values import Casebook, CaseMessage
    from threadkit.pipeline.archive import Archive
    from threadkit.pipeline.sites.people import People

Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Gathered:
    """The mails of a casebook's debate.

    Attributes
    ----------
    messages : tuple of Message
        Those of the database, ghosts included; of the conversation first.
    root : int or None
        ``message.root`` of the conversation, if some of it is here.
    facts : mapping of str to CaseMessage
        All that the casebook tells of, by name.
    """

    messages: tuple[Message, ...]
    root: int | None
    facts: Mapping[str, CaseMessage]

    def here(self) -> dict[Key, Message]:
        """Return the mails by Message-ID and number among imposters; the first counts."""
        found: dict[Key, Message] = {}
        for one in self.messages:
            found.setdefault((one.message_id, one.imposter), one)
        return found


def gather(archive: Archive, conn: Connection, book: Casebook) -> Gathered:
    """Find the mails of a casebook in a database.

    Parameters
    ----------
    archive : Archive
        The database.
    conn : sqlite3.Connection
        To it.
    book : Casebook
        The casebook.
    """
    facts = {one.name: one for one in book.messages}
    named = read.messages(conn, rows_named(conn, (one.id for one in book.messages if one.id)))
    inside = [one for one in named if facts[one.message_id].within == "thread"]
    first = next((one for one in inside if one.message_id == book.thread), None)
    first = first or next(iter(inside), None)
    found = read.thread(conn, first.id) if first else []
    known = {one.id for one in found}
    rest = [one for one in named if one.id not in known]
    roots = {one.message_id: one.id for one in found}
    root = roots.get(first.root or "", first.id) if first else None
    return Gathered(tuple(Message(archive, one) for one in [*found, *rest]), root, facts)


def rows(
    conn: Connection,
    some: Gathered,
    people: People,
    commits: Mapping[str, Sequence[str]],
) -> list[Mail]:
    """Make the rows of a casebook's mails.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    some : Gathered
        All of them.
    people : People
        Counts who wrote.
    commits : mapping of str to sequence of str
        Hashes that each cites, by Message-ID.

    Returns
    -------
    list of Mail
        The conversation in reading order, then what was before it, then what came after.
    """
    writers = {
        one.id: people.wrote_mail(one, _by(some.facts, one))
        for one in some.messages
        if not one.ghost
    }
    made = {
        (one.message_id, one.imposter): one
        for one in mails.rows(conn, some.messages, writers, commits=commits)
    }
    for name, fact in some.facts.items():
        stored = made.get((name, 0))
        if stored is None or stored.ghost:
            people.wrote[fact.by] += bool(fact.by)
            made[name, 0] = _of_fact(fact)
        else:
            made[name, 0] = replace(stored, where=fact.within, note=fact.why, url=fact.url)
    return _ordered(made, some.here())


def _by(facts: Mapping[str, CaseMessage], one: Message) -> str:
    """Return who wrote a mail, as the casebook says; empty if it does not."""
    fact = None if one.imposter else facts.get(one.message_id)
    return fact.by if fact else ""


def _of_fact(fact: CaseMessage) -> Mail:
    """Make the row of a mail whose text is not here."""
    return Mail(
        message_id=fact.name,
        name=mails.page_name(fact.name),
        person=fact.by,
        utc=fact.date_utc or None,
        subject=fact.subject,
        parent=fact.parent,
        seen=False,
        where=fact.within,
        url=fact.url,
        note=fact.why,
    )


def _ordered(made: Mapping[Key, Mail], here: Mapping[Key, Message]) -> list[Mail]:
    """Put the conversation in reading order, and what is beside it in that of time."""
    inside = {key: one for key, one in made.items() if one.where == "thread"}
    placements = [_placement(one, here.get(key)) for key, one in inside.items()]
    times = {key: one.utc or "" for key, one in inside.items()}
    thread = [inside[place.message_id, place.imposter] for _, place in walk(placements, times)]
    return [*thread, *_by_time(made.values(), "before"), *_by_time(made.values(), "after")]


def _by_time(some: Iterable[Mail], where: str) -> list[Mail]:
    return sorted(
        (one for one in some if one.where == where),
        key=lambda one: (one.utc or "9", one.message_id),
    )


def _placement(one: Mail, message: Message | None) -> Placement:
    stored = message.stored if message else None
    return Placement(
        message_id=one.message_id,
        imposter=one.imposter,
        ghost=one.ghost,
        parent=one.parent,
        rule=(stored and stored.parent_rule) or ("in-reply-to" if one.parent else "root"),
        root=(stored and stored.root) or one.message_id,
        match=(stored and stored.match) or "strict",
    )
