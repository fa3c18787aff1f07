"""Thread new mails into the store, touching only the conversations they can change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from threadkit.graph.affected import Asked, surroundings
from threadkit.graph.envelope import Envelope
from threadkit.graph.replies import Placement, place
from threadkit.store import conversation
from threadkit.store.conversation import Member, Placed
from threadkit.store.rows import MailRow
from threadkit.store.write import Batch, Writer

Key = tuple[str, int]
"""Message-ID and imposter number: what threading tells mails apart by."""


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """The conversations around a batch, as they are placed now.

    ``parent`` maps row id to the row id of the parent; ``stale`` are the row ids whose
    quotes have to be resolved (again): their text or their ancestors changed.
    """

    parent: dict[int, int | None]
    stale: set[int]
    ghosts: set[int]


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
        Of all conversations that were looked at.
    """
    new = {one.id: (one.message_id, one.imposter) for group in batch.held.values() for one in group}
    envelopes = {
        (new[id_]): _envelope_of_row(row, new[id_][1]) for id_, row in batch.changed.items()
    }
    members = _surroundings(writer, envelopes.values(), set(batch.changed), batch)
    ids: dict[Key, int] = {(m.message_id, m.imposter): m.id for m in members}
    for member in members:
        if not member.ghost:
            envelopes.setdefault((member.message_id, member.imposter), _envelope(member))
    ids.update({new[id_]: id_ for id_ in batch.changed})
    placements = place(envelopes.values())
    _name_ghosts(writer, placements, ids)
    _forget_ghosts(writer, members, placements)
    placed = [_placed(p, ids) for p in placements]
    before = {m.id: Placed(m.id, m.parent, m.parent_rule or "", m.root or 0, m.match or "")
              for m in members}  # fmt: skip
    moved = [p for p in placed if before.get(p.id) != p or p.id in batch.changed]
    conversation.place(writer.conn, moved)
    parent = {p.id: p.parent for p in placed}
    roots_of_change = set(batch.changed) | {
        p.id for p in moved if p.id in before and before[p.id].parent != p.parent
    }
    stale = _descendants(roots_of_change, parent)
    return Neighbourhood(parent, stale, {p.id for p in placed if p.id < 0})


def _surroundings(
    writer: Writer, new: Iterable[Envelope], changed: set[int], batch: Batch
) -> list[Member]:
    """Load the conversations that the new mails can change."""
    roots: set[int] = set()
    members: list[Member] = []

    def load(asked: Asked) -> list[Envelope]:
        """Read the conversations that are asked for and were not read before."""
        more = conversation.roots(writer.conn, *asked) | batch.roots
        more -= roots
        roots.update(more)
        loaded = [m for m in conversation.members(writer.conn, more) if m.id not in changed]
        members.extend(loaded)
        return [_envelope(member) for member in loaded if not member.ghost]

    surroundings(new, load)
    return members


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


def _name_ghosts(writer: Writer, placements: list[Placement], ids: dict[Key, int]) -> None:
    """Give row ids to ghosts that are new."""
    added = []
    for placement in placements:
        if placement.ghost and (placement.message_id, 0) not in ids:
            writer.ghost_id -= 1
            ids[(placement.message_id, 0)] = writer.ghost_id
            added.append((writer.ghost_id, placement.message_id))
    conversation.add_ghosts(writer.conn, added)


def _forget_ghosts(writer: Writer, members: list[Member], placements: list[Placement]) -> None:
    """Delete ghosts that nobody references any more."""
    left = {p.message_id for p in placements if p.ghost}
    gone = [m.id for m in members if m.ghost and m.message_id not in left]
    conversation.remove(writer.conn, gone)


def _placed(placement: Placement, ids: dict[Key, int]) -> Placed:
    parent = None if placement.parent is None else ids[(placement.parent, 0)]
    return Placed(
        ids[(placement.message_id, placement.imposter)], parent, placement.rule,
        ids[(placement.root, 0)], placement.match,
    )  # fmt: skip


def _descendants(start: set[int], parent: dict[int, int | None]) -> set[int]:
    """Return ``start`` and everything below it."""
    children: dict[int, list[int]] = {}
    for id_, up in parent.items():
        if up is not None:
            children.setdefault(up, []).append(id_)
    found = set(start)
    todo = list(start)
    while todo:
        for child in children.get(todo.pop(), ()):
            if child not in found:
                found.add(child)
                todo.append(child)
    return found
