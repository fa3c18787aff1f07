"""Placing a batch among what is stored equals placing all mails at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bench.generate import debate
from tests.pipeline.mails import mail
from threadkit.fetch.files import open_sources
from threadkit.graph.replies import Envelope, place
from threadkit.pipeline.placing import Neighbourhood, place_batch
from threadkit.pipeline.prepare import Preparer, Unread
from threadkit.store import conversation
from threadkit.store.connection import open_write
from threadkit.store.write import Writer

NAMES = [f"m{n}" for n in range(8)]
SUBJECTS = ["A question about pages", "Another question altogether", "short"]
PREPARER = Preparer(None)
MEMBERS = """
SELECT m.message_id, m.imposter, m.ghost, p.message_id, m.parent_rule, r.message_id, m.match
FROM message m LEFT JOIN message p ON p.id = m.parent LEFT JOIN message r ON r.id = m.root
"""


class Shelf:
    """A database that is given mail batch by batch, and nothing but its rows and places."""

    def __enter__(self) -> Shelf:
        self.db = open_write(":memory:")
        self.writer = Writer(self.db)
        self.conn = self.writer.conn
        with self.writer.transaction():
            self.source = self.writer.save_source("x", "mbox", "2024-03-01T00:00:00Z", "0")
        return self

    def __exit__(self, *_: object) -> None:
        self.db.close()

    def add(self, mails: Iterable[bytes]) -> Neighbourhood:
        """Store one batch, as an import does."""
        by_hash = {hashlib.sha256(one).hexdigest(): one for one in mails}
        known = self.writer.known(list(by_hash))
        rows = [
            PREPARER.prepare(Unread(one, "", sha256, False))
            for sha256, one in by_hash.items()
            if sha256 not in known
        ]
        with self.writer.transaction():
            batch = self.writer.classify(rows)
            self.writer.write(batch, dict.fromkeys(by_hash, self.source))
            around = place_batch(self.writer, batch)
            self.writer.index_text(batch.changed)
        return around

    def places(self) -> list[tuple[object, ...]]:
        """Return where everything stands, by Message-ID."""
        return sorted(self.conn.execute(MEMBERS).fetchall())

    def expected(self) -> list[tuple[object, ...]]:
        """Return where everything stands if all mails are placed at once."""
        return sorted((*p[:2], int(p.ghost), *p[3:]) for p in place(self.envelopes()))

    def envelopes(self) -> list[Envelope]:
        """Return all stored mails as threading sees them, with every reference."""
        named: dict[int, tuple[list[str], list[str]]] = {}
        query = "SELECT message, position, message_id FROM message_reference ORDER BY 1, 2"
        for id_, position, name in self.conn.execute(query):
            in_reply_to, references = named.setdefault(id_, ([], []))
            if position < 0:
                in_reply_to.insert(0, name)
            else:
                references.append(name)
        query = (
            "SELECT id, message_id, imposter, subject_key, is_reply,"
            " coalesce(received_utc, date_utc, '') FROM message WHERE NOT ghost"
        )
        return [
            Envelope(name, imposter, tuple(above), tuple(others), key, bool(re), order)
            for id_, name, imposter, key, re, order in self.conn.execute(query)
            for above, others in [named.get(id_, ([], []))]
        ]

    def chains(self) -> dict[int, tuple[int, ...]]:
        """Return the ancestors of every mail, nearest first."""
        parent = dict(self.conn.execute("SELECT id, parent FROM message").fetchall())
        found = {}
        for id_ in parent:
            chain, up = [], parent[id_]
            while up is not None:
                chain.append(up)
                up = parent[up]
            found[id_] = tuple(chain)
        return found


def portions(mails: Sequence[bytes], chance: Random, most: int) -> list[Sequence[bytes]]:
    """Cut mails into portions of random size."""
    cut, at = [], 0
    while at < len(mails):
        size = chance.randint(1, most)
        cut.append(mails[at : at + size])
        at += size
    return cut


@st.composite
def letters(draw: st.DrawFn) -> bytes:
    """One mail of a small world: ids collide, parents miss, headers get lost, clocks err."""
    reply = draw(st.booleans())
    return mail(
        draw(st.sampled_from(NAMES)),
        to=draw(st.none() | st.sampled_from([*NAMES, "ghost"])),
        references=draw(st.lists(st.sampled_from([*NAMES, "ghost", "ghoul"]), max_size=5)),
        subject=("Re: " if reply else "") + draw(st.sampled_from(SUBJECTS)),
        body=draw(st.sampled_from(["Text one.\n", "Text one.\n", "Text two.\n"])),
        minute=draw(st.integers(0, 9)),
        list_id=draw(st.sampled_from(["talk.example.org", "talk.linux.dev"])),
    )


@given(st.lists(st.lists(letters(), min_size=1, max_size=4), min_size=1, max_size=6))
@settings(max_examples=200, deadline=None)
def test_batch_by_batch_equals_all_at_once(batches: list[list[bytes]]) -> None:
    with Shelf() as shelf:
        for batch in batches:
            before = shelf.chains()
            around = shelf.add(batch)
            assert shelf.places() == shelf.expected()
            now = shelf.chains()
            mails = {id_ for id_ in now if id_ > 0}
            assert {id_ for id_ in mails if now[id_] != before.get(id_)} <= around.stale
            above = {up for id_ in around.stale for up in now[id_]}
            assert around.parent == {
                id_: next(iter(now[id_]), None) for id_ in above | around.stale
            }


@pytest.mark.parametrize("order", ["as sent", "reversed", "shuffled"])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_long_debate_in_portions_of_any_order(order: str, seed: int) -> None:
    chance = Random(seed)
    mails = list(debate(150, seed))
    if order == "reversed":
        mails.reverse()
    elif order == "shuffled":
        chance.shuffle(mails)
    with Shelf() as shelf:
        for some in portions(mails, chance, 40):
            shelf.add(some)
            assert shelf.places() == shelf.expected()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_real_thread_in_portions_of_any_order(corpora: Path, seed: int) -> None:
    chance = Random(seed)
    (source,) = open_sources([str(corpora / "cow-thread" / "cow-thread.mbox")])
    mails = [one.data for one in source]
    chance.shuffle(mails)
    with Shelf() as shelf:
        for some in portions(mails, chance, 30):
            shelf.add(some)
            assert shelf.places() == shelf.expected()


# -- what is read of a conversation ----------------------------------------------------


def read(shelf: Shelf, unsure: Sequence[str] = ()) -> dict[str, conversation.Member]:
    roots = {row[0] for row in shelf.conn.execute("SELECT root FROM message")}
    found = conversation.members(shelf.conn, roots, {one + "@example.org" for one in unsure})
    return {one.message_id.partition("@")[0]: one for one in found}


def chain_of(count: int) -> list[bytes]:
    """Return mails that answer each other and reference all before them."""
    names = [f"c{n}" for n in range(count)]
    return [
        mail(name, to=names[n - 1] if n else None, references=names[:n], minute=n)
        for n, name in enumerate(names)
    ]


def test_of_a_mail_whose_parent_is_known_only_that_is_read() -> None:
    with Shelf() as shelf:
        shelf.add(chain_of(30))
        found = read(shelf)
        assert len(found) == 30
        assert found["c29"].in_reply_to == ("c28@example.org",)
        assert sum(len(one.references) for one in found.values()) == 0


def test_the_witnesses_of_a_ghost_are_read_with_all_that_they_reference() -> None:
    with Shelf() as shelf:
        shelf.add(chain_of(5))
        shelf.add([mail("w", to="gone", references=["c0", "c1", "c2", "gone"])])
        shelf.add([mail("bare", subject="Re: A question about pages", minute=50)])
        shelf.add([mail("v", to="bare", references=["c3", "bare"], minute=51)])
        found = read(shelf)
        assert len(found["w"].references) == 4
        assert len(found["v"].references) == 2
        assert len(found["c4"].references) == 0


def test_the_replies_to_a_mail_that_changed_are_read_whole() -> None:
    with Shelf() as shelf:
        shelf.add(chain_of(5))
        found = read(shelf, unsure=["c3"])
        assert len(found["c4"].references) == 4
        assert len(found["c3"].references) == 0


def test_a_mail_placed_by_references_keeps_the_rule() -> None:
    with Shelf() as shelf:
        shelf.add([mail("a"), mail("b", references=["a"], minute=1)])
        assert read(shelf)["b"].references == ("a@example.org",)
        shelf.add([mail("c", references=["a", "b"], minute=2)])
        assert shelf.places() == shelf.expected()


def test_a_copy_that_lost_its_headers_makes_its_replies_witnesses_again() -> None:
    """The preferred copy decides what a mail says about its parent."""
    b = partial(mail, "b", subject="Re: A question about pages", minute=3)
    with Shelf() as shelf:
        shelf.add([mail("a"), b(to="a", list_id="talk.example.org")])
        shelf.add([mail("x", minute=1), mail("c", to="b", references=["x", "b"], minute=4)])
        shelf.add([b(list_id="talk.linux.dev")])
        where = {row[0]: row[3:5] for row in shelf.places()}
        assert where["b@example.org"] == ("x@example.org", "gap")
        assert shelf.places() == shelf.expected()
