"""What of the stored conversations decides where new mails belong, and no more.

Where most mails hang is decided once: their headers name a parent, and that stays. New
mails can move ghosts and replies without headers, for whom their direct replies speak, and
what a subject has matched. So only those are read, and the stored parents of the new mails;
such a parent is an *anchor*: tied to the nearest mail above it that is read, whatever is
between. All others have the root of the one they are below.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from sqlite3 import Connection

from threadkit.graph.envelope import Envelope, named_parent, tells_apart
from threadkit.graph.replies import LOOKED_AT, Forest, earliest
from threadkit.store import conversation
from threadkit.store.conversation import Member
from threadkit.store.write import Batch

MOST_SUBJECTS = 16
"""Reading mails of one subject for each of more replies costs more than reading all at once."""

_STEP = 8


class Nearby:
    """The stored messages around a batch.

    Parameters
    ----------
    conn : sqlite3.Connection
        In the transaction that wrote the batch.
    batch : Batch
        Classified and written.
    envelopes : sequence of Envelope
        Of the changed mails.

    Attributes
    ----------
    members : dict of int to Member
        Those that may move, and the direct replies that speak for them, by row id.
    anchors : dict of int to Member
        Those that may get another root, but never another parent.
    """

    def __init__(self, conn: Connection, batch: Batch, envelopes: Sequence[Envelope]) -> None:
        self._conn = conn
        self._batch = batch
        self._new = envelopes
        self._new_names = {mail.message_id for mail in envelopes if not mail.imposter}
        self.members: dict[int, Member] = {}
        self.anchors: dict[int, Member] = {}
        self._ties: dict[int, str] = {}
        self._row: dict[str, int] = {}
        self._roots: set[int] = set()
        self._asked: set[str] = set(self._new_names)
        self._earlier: dict[tuple[str, str, str], list[str]] = {}

    def forest(self) -> Forest | None:
        """Thread what was read together with the new mails, and read what that asks for.

        Returns
        -------
        Forest or None
            Each member stands where it would if all mails were threaded; of an anchor that
            is true of the root. None if that can only be told from whole conversations:
            a stored mail has changed, or links or subjects form a loop.
        """
        if any(
            one.stored and (one.row or one.was != one.imposter)
            for group in self._batch.held.values()
            for one in group
        ):
            return None
        keys = {mail.subject_key for mail in self._new if tells_apart(mail.subject_key)}
        self._read(conversation.roots(self._conn, (), (), keys) | self._batch.roots)
        self._want({named_parent(mail)[0] for mail in self._new} - {""})
        while not any(one.parent_rule == "loop" for one in self.members.values()):
            self._tie()
            forest = Forest(self._envelopes())
            if "loop" in forest.rule:
                return None
            if self._want(forest.names[len(forest.mails) :]):
                continue
            found = self._matches(forest)
            if len(self._earlier) > MOST_SUBJECTS:
                return None
            if found is not None:
                forest.join(found)
                return forest
        return None

    # -- reading -------------------------------------------------------------------

    def _want(self, names: Iterable[str]) -> bool:
        """Read these messages, and all around them; tell if any was here but not known."""
        asked = set(names) - self._asked
        self._asked |= asked
        return self._anchor(conversation.named(self._conn, asked - self._row.keys()))

    def _anchor(self, some: Sequence[Member]) -> bool:
        self._read({one.root for one in some if one.root is not None})
        fresh = [one for one in some if one.id not in self.members and one.id not in self.anchors]
        self.anchors.update((one.id, one) for one in fresh)
        self._row.update((one.message_id, one.id) for one in fresh)
        return bool(some)

    def _read(self, roots: set[int]) -> None:
        """Read what may move of these conversations."""
        roots = roots - self._roots
        self._roots |= roots
        fresh = list(conversation.movable(self._conn, roots, self._batch.gone if roots else ()))
        self.members.update((one.id, one) for one in fresh)
        self._row.update((one.message_id, one.id) for one in fresh if not one.imposter)
        parents = {one.parent for one in fresh if one.parent is not None}
        parents -= self.members.keys() | self.anchors.keys()
        if parents:
            self._anchor(conversation.numbered(self._conn, parents))

    def _tie(self) -> None:
        """Find what is above new anchors."""
        loose = self.anchors.keys() - self._ties.keys()
        if not loose:
            return
        way = conversation.ways(self._conn, loose, self.members)
        for id_ in loose:
            up = way[id_]
            while up is not None and up not in self.members and up not in self.anchors:
                up = way[up]
            assert up is not None, "what has no parent is a member"
            self._ties[id_] = (self.members.get(up) or self.anchors[up]).message_id

    def _envelopes(self) -> Iterable[Envelope]:
        members = (
            Envelope(
                one.message_id, one.imposter, one.in_reply_to, one.references,
                one.subject_key, one.is_reply, one.order_utc,
            )
            for one in self.members.values()
            if not one.ghost
        )  # fmt: skip
        anchors = (
            Envelope(one.message_id, 0, (self._ties[id_],), (), "", one.is_reply, one.order_utc)
            for id_, one in self.anchors.items()
        )
        return chain(members, anchors, self._new)

    # -- subjects ------------------------------------------------------------------

    def _matches(self, forest: Forest) -> dict[int, int] | None:
        """Match roots by subject; None if more has to be read first.

        While a strict tree only grows, its match can give way to nothing but a new mail.
        """
        speakers = forest.speakers()
        same = self._new_by_subject(forest) if speakers else {}
        changed = self._changed(forest) if speakers and not self._batch.gone else set(speakers)
        found: dict[int, int] = {}
        unread: list[str] = []
        for top, at in speakers.items():
            above = None if top in changed else self._kept(forest, top, at, same)
            if above is None:
                above, missing = self._looked_up(forest, top, at)
                unread += missing
            if above is not None:
                found[top] = above
            if len(self._earlier) > MOST_SUBJECTS:
                return None
        return None if unread and self._want(unread) else found

    def _new_by_subject(self, forest: Forest) -> dict[str, list[tuple[str, str]]]:
        same: dict[str, list[tuple[str, str]]] = {}
        for name in self._new_names:
            mail = forest.mails[forest.number[name]]
            same.setdefault(mail.subject_key, []).append((mail.order_utc, name))
        for some in same.values():
            some.sort()
        return same

    def _changed(self, forest: Forest) -> set[int]:
        """Return the roots of the strict trees that stored nodes have left or come into."""
        changed: set[int] = set()
        for one in self.members.values():
            at = forest.number.get(one.message_id)
            if at is None or one.imposter:
                continue
            above = forest.parent[at]
            if self._was_below(one) != ("" if above < 0 else forest.names[above]):
                changed.add(forest.root[at])
                top = one.message_id
                while up := self._was_below(self._node(top)):
                    top = up
                if top in forest.number:
                    changed.add(forest.number[top])
        return changed

    def _node(self, name: str) -> Member:
        id_ = self._row[name]
        return self.members.get(id_) or self.anchors[id_]

    def _was_below(self, one: Member) -> str:
        """Return what a stored node was below in its strict tree, or is tied to."""
        if one.id in self._ties and one.id in self.anchors:
            return self._ties[one.id]
        if one.parent is None or one.parent_rule == "subject":
            return ""
        return (self.members.get(one.parent) or self.anchors[one.parent]).message_id

    def _kept(
        self, forest: Forest, top: int, at: int, same: Mapping[str, list[tuple[str, str]]]
    ) -> int | None:
        """Return the match that is stored, or the new mail that is nearer; None if unsure."""
        stored = self.members.get(self._row.get(forest.names[top], 0))
        mail = forest.mails[at]
        if stored is None or stored.parent_rule != "subject" or mail.message_id in self._new_names:
            return None
        assert stored.parent is not None
        above = self.members.get(stored.parent) or self.anchors[stored.parent]
        some = same.get(mail.subject_key, [])
        position = bisect_left(some, forest.when(at))
        if position and some[position - 1] > (above.order_utc, above.message_id):
            nearer = forest.number[some[position - 1][1]]
            return None if forest.root[nearer] == top else nearer
        return forest.number[above.message_id]

    def _looked_up(self, forest: Forest, top: int, at: int) -> tuple[int | None, list[str]]:
        """Look at earlier mails of a subject; return the match, or what has to be read first."""
        mail = forest.mails[at]
        now, name = forest.when(at)
        names = self._earlier.get((mail.subject_key, now, name))
        if names is None:
            names = conversation.earlier(
                self._conn, mail.subject_key, (now, name), earliest(now), LOOKED_AT
            )
            self._earlier[mail.subject_key, now, name] = names
        for position, one in enumerate(names):
            number = forest.number.get(one)
            if number is None:
                return None, names[position : position + _STEP]
            if forest.root[number] != top:
                return number, []
        return None, []
