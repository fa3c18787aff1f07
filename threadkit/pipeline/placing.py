"""Thread new mails into the store, touching only the conversations they can change."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from threadkit.graph.affected import Asked, surroundings
from threadkit.graph.envelope import Envelope
from threadkit.graph.replies import Placement, placements
from threadkit.pipeline.nearby import Nearby
from threadkit.store import conversation
from threadkit.store.conversation import Member, Placed
from threadkit.store.rows import MailRow
from threadkit.store.write import Batch, Writer

Key = tuple[str, int]
"""Message-ID and imposter number: what threading tells mails apart by."""


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """What a batch moved, and what is above it, as it is placed now.

    ``stale`` are the row ids whose quotes have to be resolved (again): their text or
    their ancestors changed. ``parent`` maps them, and all of their ancestors, to the row
    ids of their parents.
    """

    parent: dict[int, int | None]
    stale: set[int]


def place_batch(writer: Writer, batch: Batch) -> Neighbourhood:
    """Place the changed mails of a batch and whatever they move, in its transaction.

    Parameters
    ----------
    writer : Writer
        In a transaction.
    batch : Batch
        Classified and written.

    Returns
    -------
    Neighbourhood
        Of what was placed elsewhere than before.

    Notes
    -----
    Time and memory grow with what may move in the conversations that are touched
    (:mod:`threadkit.pipeline.nearby`). If a stored mail has changed, or there are loops, they
    grow with the whole conversations, by some hundred bytes a mail:
    :func:`threadkit.store.conversation.members` tells what is read of one.
    """
    new = {one.id: (one.message_id, one.imposter) for group in batch.held.values() for one in group}
    envelopes = {new[id_]: _envelope_of_row(row, new[id_][1]) for id_, row in batch.changed.items()}
    standing = _Standing(writer)
    nearby = Nearby(writer.conn, batch, list(envelopes.values()))
    forest = nearby.forest()
    if forest:
        standing.stand(nearby)
        now = forest.placements()
    else:
        stored = _surroundings(standing, envelopes.values(), batch)
        now = placements(chain(stored, envelopes.values()))
    for id_ in batch.changed:
        standing.add(new[id_], id_)
    moved = list(standing.moved(now))
    standing.exchange_ghosts()
    conversation.place(writer.conn, (placed for placed, _ in moved))
    if forest:
        standing.spread()
    turned = set(batch.changed) | {placed.id for placed, is_turned in moved if is_turned}
    stale = conversation.below(writer.conn, turned)
    return Neighbourhood(conversation.above(writer.conn, stale), stale)


class _Standing:
    """The nodes around a batch: their row ids, and how the store has placed them.

    A long conversation has many thousands, so this is columns of numbers.
    """

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._at: dict[str | Key, int] = {}
        self._row = array("q")
        self._parent = array("q")
        self._root = array("q")
        self._said: list[tuple[str, str]] = []
        self._share: dict[tuple[str, str], tuple[str, str]] = {}
        self._ghosts: set[str] = set()
        self._new_ghosts: list[tuple[int, str]] = []
        self._anchors: set[int] = set()
        self._spread: dict[tuple[int, str], list[int]] = {}

    def stand(self, nearby: Nearby) -> None:
        """Take over what was read around the batch."""
        for one in chain(nearby.members.values(), nearby.anchors.values()):
            if one.id in nearby.anchors:
                self._anchors.add(len(self._row))
            self._add_member(one)
            if one.ghost:
                self._ghosts.add(one.message_id)

    def load(self, asked: Asked, roots: set[int], batch: Batch) -> Iterator[Envelope]:
        """Read the conversations that are asked for; ``roots`` were read before."""
        conn = self._writer.conn
        more = conversation.roots(conn, *asked) | batch.roots
        more -= roots
        roots.update(more)
        for one in conversation.members(conn, more, batch.held):
            if one.id in batch.changed:
                continue
            self._add_member(one)
            if one.ghost:
                self._ghosts.add(one.message_id)
            else:
                yield _envelope(one)

    def _add_member(self, one: Member) -> None:
        said = (one.parent_rule or "", one.match or "")
        said = self._share.setdefault(said, said)
        self.add((one.message_id, one.imposter), one.id, one.parent, one.root, said)

    def add(
        self, key: Key, id_: int, parent: int | None = None, root: int | None = None,
        said: tuple[str, str] = ("", ""),
    ) -> None:  # fmt: skip
        """Add a node; one that is not placed yet has no root."""
        name, imposter = key
        self._at[key if imposter else name] = len(self._row)
        self._row.append(id_)
        self._parent.append(parent or 0)  # no row has the id 0
        self._root.append(root or 0)
        self._said.append(said)

    def moved(self, now: Iterable[Placement]) -> Iterator[tuple[Placed, bool]]:
        """Yield the nodes whose place is news, and whether their parent is."""
        left = self._ghosts
        for one in now:
            at = self._position(one.message_id, one.imposter)
            parent = 0 if one.parent is None else self._row[self._position(one.parent)]
            root = self._row[self._position(one.root)]
            if one.ghost:
                left.discard(one.message_id)
            rule = one.rule
            was = (self._parent[at], self._root[at], self._said[at])
            if at in self._anchors:  # tied to one above its parent
                parent, rule = was[0], was[2][0]
            if was != (parent, root, (rule, one.match)):
                placed = Placed(self._row[at], parent or None, rule, root, one.match)
                if was[1] and (was[1], was[2][1]) != (root, one.match):
                    self._spread.setdefault((root, one.match), []).append(placed.id)
                yield placed, was[1] != 0 and was[0] != parent

    def _position(self, name: str, imposter: int = 0) -> int:
        """Return the number of a node; one that is not known is a new ghost."""
        key = (name, imposter) if imposter else name
        if key not in self._at:
            self._writer.ghost_id -= 1
            self.add((name, 0), self._writer.ghost_id)
            self._new_ghosts.append((self._writer.ghost_id, name))
        return self._at[key]

    def exchange_ghosts(self) -> None:
        """Store the ghosts that are new; delete those that nobody references any more."""
        conn = self._writer.conn
        conversation.add_ghosts(conn, self._new_ghosts)
        conversation.remove(conn, [self._row[self._at[name]] for name in self._ghosts])

    def spread(self) -> None:
        """Give what is below those that were read their root, where that is news."""
        for (root, match), ids in self._spread.items():
            conversation.spread(self._writer.conn, ids, root, match, self._row)


def _surroundings(standing: _Standing, new: Iterable[Envelope], batch: Batch) -> list[Envelope]:
    """Load the conversations that the new mails can change."""
    roots: set[int] = set()
    return surroundings(new, lambda asked: standing.load(asked, roots, batch))


def _envelope_of_row(row: MailRow, imposter: int) -> Envelope:
    return Envelope(
        row.message_id, imposter, row.in_reply_to, row.references,
        row.subject_key, row.is_reply, row.order_utc,
    )  # fmt: skip


def _envelope(member: Member) -> Envelope:
    return Envelope(
        member.message_id, member.imposter, member.in_reply_to, member.references,
        member.subject_key, member.is_reply, member.order_utc,
    )  # fmt: skip
