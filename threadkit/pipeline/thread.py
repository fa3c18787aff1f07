"""A conversation of an archive: its mails, people, tree and graph."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from threadkit.graph.replies import Placement
from threadkit.graph.trees import Key, reply_graph, walk
from threadkit.pipeline import tree
from threadkit.pipeline.display import SUBJECT_COLUMNS, cut, one_line
from threadkit.pipeline.message import Message
from threadkit.store import catalog

if TYPE_CHECKING:
    import networkx as nx

    from threadkit.pipeline.archive import Archive
    from threadkit.store.catalog import StoredOverview
    from threadkit.store.values import StoredMessage

_REPLY = re.compile(r"(?:(?:re|aw|antw|antwort|sv|vs|odp)(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE)
ABSENT = "[not here]"
"""Behind a row of lore's overview whose mail is not in the database."""


@dataclass(frozen=True, slots=True, repr=False)
class Participant:
    """Someone who wrote in a conversation; ``shown_utc`` are the dates of the mails."""

    name: str
    message_count: int
    shown_utc: tuple[str, ...]

    def __repr__(self) -> str:
        return f"<Participant {one_line(self.name)} {self.message_count}>"


class Tree:
    """A conversation as lines of text: ``print(thread.tree())``.

    Parameters
    ----------
    lines : sequence of str
        Without line ends.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = tuple(lines)

    def __str__(self) -> str:
        return "\n".join(self.lines)

    def __iter__(self) -> Iterator[str]:
        return iter(self.lines)

    def __len__(self) -> int:
        return len(self.lines)

    def __repr__(self) -> str:
        return f"<Tree {len(self.lines)} lines; print it>"

    def _repr_html_(self) -> str:
        from threadkit import notebook

        return notebook.text_lines(self.lines)


class Thread:
    """A whole conversation, through loose matches too.

    Parameters
    ----------
    archive : Archive
        Where it is stored.
    stored : sequence of StoredMessage
        All its messages, ghosts included; at least one.
    """

    def __init__(self, archive: Archive, stored: Sequence[StoredMessage]) -> None:
        self.archive = archive
        everyone = {(one.message_id, one.imposter): Message(archive, one) for one in stored}
        times = {key: one.shown_utc for key, one in everyone.items()}
        self._rows = [
            (depth, everyone[place.message_id, place.imposter])
            for depth, place in walk(map(_placement, stored), times)
        ]

    @property
    def rows(self) -> Sequence[tuple[int, Message]]:
        """``(depth, message)`` in reading order, ghosts included; loose matches last."""
        return self._rows

    @cached_property
    def messages(self) -> Sequence[Message]:
        """The mails that are here, in reading order."""
        return [message for _, message in self._rows if not message.ghost]

    @cached_property
    def ghosts(self) -> Sequence[Message]:
        """The mails that others refer to and that were never seen."""
        return [message for _, message in self._rows if message.ghost]

    @property
    def root(self) -> Message:
        """The first message; a ghost if the beginning was never seen."""
        return self._rows[0][1]

    @property
    def subject(self) -> str:
        """The subject of the first mail that is here, without ``Re:``."""
        found = next((message.subject for message in self.messages if message.subject), "")
        return _REPLY.sub("", found, count=1)

    @property
    def depth(self) -> int:
        """Answers on the longest way from a root."""
        return max(depth for depth, _ in self._rows)

    @property
    def first_utc(self) -> str | None:
        """The earliest date of a mail."""
        return min(self._dates, default=None)

    @property
    def last_utc(self) -> str | None:
        """The latest date of a mail."""
        return max(self._dates, default=None)

    @cached_property
    def people(self) -> Sequence[Participant]:
        """Who wrote, those who wrote most first."""
        return _participants(
            (
                message.stored.person_id or (message.from_name, message.from_email),
                message.author,
                message.shown_utc,
            )
            for message in self.messages
        )

    @cached_property
    def voices(self) -> Sequence[Participant]:
        """Who wrote, by the saved page's overview where most mails are not here."""
        if not self.partial:
            return self.people
        return _participants((row.author, row.author, row.date_utc or "") for row in self.overview)

    @cached_property
    def overview(self) -> Sequence[StoredOverview]:
        """The conversation as lore's own page lists it; empty where none was read.

        A mail that the page lists once for each list stands there once; mails that are
        here, in another conversation, do not stand there.
        """
        rows = catalog.overview(self.archive.connection, self._root_row)
        sources = {row.source for row in rows}
        longest = max(sources, key=lambda one: sum(row.source == one for row in rows), default=0)
        own = {message.id for _, message in self._rows}
        rows = [row for row in rows if row.message is None or row.message in own]
        return list(_once(row for row in rows if row.source == longest))

    @property
    def partial(self) -> bool:
        """True if of the mails that lore's page lists fewer than half are here."""
        return 2 * len(self.messages) < len(self.overview)

    def tree(
        self,
        style: tree.Style = "heavy",
        *,
        columns: int | None = None,
        here: Message | None = None,
        ascii_only: bool = False,
    ) -> Tree:
        """Draw the conversation, one line a message.

        Where only a saved lore page is known, its overview is drawn, and what is not
        here is marked.

        Parameters
        ----------
        style : {"heavy", "lore"}, optional
            See :func:`threadkit.pipeline.tree.draw`.
        columns : int, optional
            Cut lines to this width.
        here : Message, optional
            Marked with ``[this message]``.
        ascii_only : bool, optional
            Draw without line characters.

        Returns
        -------
        Tree
            Print it, or let a notebook show it.
        """
        if self.partial:
            rows = [(row.depth, _overview_node(row)) for row in self.overview]
            key = next((r.position for r in self.overview if here and r.message == here.id), None)
        else:
            rows = [(depth, _node(message)) for depth, message in self._rows]
            key = here.id if here else None
        lines = tree.draw(rows, style, columns=columns, here=key, ascii_only=ascii_only)
        return Tree(list(lines))

    def graph(self) -> nx.DiGraph[Key]:
        """Return who answers whom as a networkx graph.

        Returns
        -------
        networkx.DiGraph
            Nodes are ``(message_id, imposter)`` with ``person``, ``date_utc``,
            ``subject`` and ``ghost``; an edge leads from an answer to what it answers
            and carries the ``rule`` that says so.
        """
        graph = reply_graph(_placement(message.stored) for _, message in self._rows)
        for _, one in self._rows:
            graph.add_node(
                (one.message_id, one.imposter),
                person=one.author,
                date_utc=one.date_utc,
                subject=one.subject,
                ghost=one.ghost,
            )
        return graph

    @cached_property
    def evidence(self) -> nx.MultiDiGraph[str]:
        """The conversation with all that it touches, as a typed graph.

        Nodes are messages, commits, series, people, bugs, CVEs, releases, reports and
        regressions; :mod:`threadkit.graph.evidence.schema` says what joins them. What
        analyzers add is that of the last ``archive.analyze()``.
        """
        from threadkit.pipeline.graphs import evidence

        with self.archive._reading() as conn:
            return evidence(conn, self._root_row)

    def facts(self) -> dict[str, object]:
        """Return what a list says of the conversation, as JSON can hold it.

        Returns
        -------
        dict
            Root, subject, counts and dates.
        """
        return {
            "root": self.root.message_id,
            "subject": self.subject,
            "messages": len(self.messages),
            "ghosts": len(self.ghosts),
            "listed": len(self.overview) or None,
            "people": len(self.people),
            "depth": self.depth,
            "first_utc": self.first_utc,
            "last_utc": self.last_utc,
        }

    def summary(self) -> str:
        """Say in one line how much of the conversation is here.

        Returns
        -------
        str
            Such as ``97 messages, 1 not found, 16 people, 2020-08-21..2022-02-16``.
        """
        return ", ".join(self._facts())

    @property
    def _root_row(self) -> int:
        """Row id of the root of the whole conversation."""
        name = self._rows[0][1].root
        return next((m.id for _, m in self._rows if m.message_id == name), self._rows[0][1].id)

    @cached_property
    def _dates(self) -> list[str]:
        return [message.shown_utc for message in self.messages if message.shown_utc]

    def _facts(self) -> list[str]:
        here, people = len(self.messages), len(self.voices)
        dates = [shown for one in self.voices for shown in one.shown_utc]
        said = [f"{here} message" + ("" if here == 1 else "s")]
        if self.partial:
            said = [f"{here} of {len(self.overview)} messages here"]
        elif self.ghosts:
            said.append(f"{len(self.ghosts)} not found")
        said.append("1 person" if people == 1 else f"{people} people")
        if dates:
            said.append("..".join(dict.fromkeys([min(dates)[:10], max(dates)[:10]])))
        return said

    def __len__(self) -> int:
        return len(self.messages)

    def __iter__(self) -> Iterator[Message]:
        return iter(self.messages)

    def __repr__(self) -> str:
        subject = cut(one_line(self.subject), SUBJECT_COLUMNS)
        return f"<Thread {subject!r} {self.summary()}>"

    def _repr_html_(self) -> str:
        from threadkit import notebook

        places = _spread(shown for one in self.voices for shown in one.shown_utc)
        lanes = [
            notebook.Lane(one.name, one.message_count, [places[shown] for shown in one.shown_utc])
            for one in self.voices
        ]
        return notebook.heading(self.subject, self._facts()) + notebook.lanes(lanes)


def _participants(mails: Iterable[tuple[object, str, str]]) -> list[Participant]:
    """Gather (who, name, date) by who, those who wrote most first."""
    names: dict[object, str] = {}
    dates: dict[object, list[str]] = {}
    for who, name, shown_utc in mails:
        names.setdefault(who, name)
        dates.setdefault(who, []).append(shown_utc)
    people = [
        Participant(name, len(dates[who]), tuple(sorted(filter(None, dates[who]))))
        for who, name in names.items()
    ]
    return sorted(people, key=lambda one: (-one.message_count, one.name))


def _placement(one: StoredMessage) -> Placement:
    """Give a stored message as threading placed it."""
    return Placement(
        message_id=one.message_id,
        imposter=one.imposter,
        ghost=one.ghost,
        parent=one.parent,
        rule=one.parent_rule or "root",
        root=one.root or one.message_id,
        match=one.match or "strict",
    )


def _node(one: Message) -> tree.Node:
    return tree.Node(
        key=one.id,
        author=one.author or "(no sender)",
        title=_REPLY.sub("", one.subject, count=1) or "(no subject)",
        shown_utc=one.shown_utc,
        message_id=one.message_id,
        ghost=one.ghost,
        loose=one.loose,
        note="(imposter)" if one.imposter else "",
    )


def _overview_node(row: StoredOverview) -> tree.Node:
    return tree.Node(
        key=row.position,
        author=row.author,
        title=row.subject,
        shown_utc=row.date_utc or "",
        message_id=row.message_id or row.author,
        ghost=row.date_utc is None,
        loose=row.match == "loose",
        note="" if row.message or row.date_utc is None else ABSENT,
    )


def _once(rows: Iterable[StoredOverview]) -> Iterator[StoredOverview]:
    """Leave out further copies of a mail; what hangs on one of them moves up a step."""
    seen: set[str] = set()
    gone: list[int] = []  # depths of the copies above the next row
    for row in rows:
        while gone and row.depth <= gone[-1]:
            gone.pop()
        if row.message_id in seen:
            gone.append(row.depth)
            continue
        if row.message_id:
            seen.add(row.message_id)
        yield replace(row, depth=row.depth - len(gone))


def _spread(dates: Iterable[str]) -> dict[str, float]:
    """Place dates on 0..1, half by time and half by order, so that bursts stay apart."""
    order = sorted(set(dates))
    if len(order) < 2:
        return dict.fromkeys(order, 0.5)
    seconds = [datetime.fromisoformat(date).timestamp() for date in order]
    span = max(seconds[-1] - seconds[0], 1.0)
    return {
        date: 0.5 * (second - seconds[0]) / span + 0.5 * rank / (len(order) - 1)
        for rank, (date, second) in enumerate(zip(order, seconds, strict=True))
    }
