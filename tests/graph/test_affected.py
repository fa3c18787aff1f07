"""Threading only what new mails can move equals threading everything."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from threadkit.graph.affected import Asked, surroundings
from threadkit.graph.replies import Envelope, Placement, place

Key = tuple[str, int]
NAMES = [f"{n}@x" for n in range(9)]
TIMES = [f"20{year}-0{month}-01T00:00:00Z" for year in (20, 21) for month in (1, 2, 3, 4)]
IDS = st.lists(st.sampled_from(NAMES), max_size=4).map(tuple)
MAILS = st.builds(
    Envelope,
    st.sampled_from(NAMES),
    st.sampled_from([0, 0, 0, 0, 1]),
    IDS.map(lambda ids: ids[:1]),
    IDS,
    st.sampled_from(["fix the fork", "copy on write", "hi"]),
    st.booleans(),
    st.sampled_from(TIMES),
)


class Shelf:
    """A store in a dict: what a database has to do, no more."""

    def __init__(self) -> None:
        self.mails: dict[Key, Envelope] = {}
        self.placed: dict[Key, Placement] = {}

    def wanted(self, asked: Asked) -> set[str]:
        """Return the roots of the conversations that are asked for."""
        roots = set()
        for key, p in self.placed.items():
            mail = self.mails.get(key)
            subject = mail.subject_key if mail else None
            above = p.parent and self.placed[p.parent, 0]
            unsure = p.parent is None or p.rule == "subject" or above.ghost
            if (
                p.message_id in asked.message_ids
                or subject in asked.earlier_keys
                or (subject in asked.later_keys and mail.is_reply and unsure)
            ):
                roots.add(p.root)
        return roots

    def load(self, roots: set[str]) -> list[Envelope]:
        return [
            self.mails[key] for key, p in self.placed.items() if p.root in roots and not p.ghost
        ]

    def replace(self, roots: set[str], new: list[Envelope], placed: list[Placement]) -> None:
        """Store new mails and exchange the placements of whole conversations."""
        self.mails.update({(mail.message_id, mail.imposter): mail for mail in new})
        self.placed = {key: p for key, p in self.placed.items() if p.root not in roots}
        for p in placed:
            key = (p.message_id, p.imposter)
            assert key not in self.placed, "a conversation was cut in two"
            self.placed[key] = p

    def add(self, new: list[Envelope]) -> None:
        roots: set[str] = set()

        def load(asked: Asked) -> list[Envelope]:
            more = self.wanted(asked) - roots
            roots.update(more)
            return self.load(more)

        around = surroundings(new, load)
        self.replace(roots, new, place([*new, *around]))


class Incremental(RuleBasedStateMachine):
    """Batches of mails come in; only what is asked for is threaded again."""

    def __init__(self) -> None:
        super().__init__()
        self.shelf = Shelf()

    @rule(batch=st.lists(MAILS, min_size=1, max_size=3, unique_by=lambda mail: mail[:2]))
    def add(self, batch: list[Envelope]) -> None:
        new = [mail for mail in batch if mail[:2] not in self.shelf.mails]
        self.shelf.add(new)

    @invariant()
    def equals_threading_everything(self) -> None:
        everything = place(self.shelf.mails.values())
        expected = {(p.message_id, p.imposter): p for p in everything}
        assert self.shelf.placed == expected


TestIncremental = Incremental.TestCase
TestIncremental.settings = settings(max_examples=150, stateful_step_count=8)


def reply(name: str, *references: str) -> Envelope:
    return Envelope(name, 0, (), references, "", True, "")


def test_a_ghost_that_loses_a_witness_moves_to_a_conversation_nobody_named_yet():
    """What is loaded names further conversations, and these have to be loaded too."""
    shelf = Shelf()
    shelf.add([reply("t@x")])
    shelf.add([reply("m@x", "s@x", "u@x", "g@x", "h@x"), reply("n@x", "t@x", "g@x", "i@x")])
    assert shelf.placed["g@x", 0].parent == "u@x"
    shelf.add([reply("h@x", "z@x")])
    assert shelf.placed["g@x", 0].parent == "t@x"
    assert shelf.placed["t@x", 0].root == shelf.placed["n@x", 0].root == "t@x"


def test_an_original_that_comes_late_gets_its_orphan():
    shelf = Shelf()
    shelf.add([Envelope("b@x", 0, (), (), "fix the fork", True, TIMES[1])])
    shelf.add([Envelope("a@x", 0, (), (), "fix the fork", False, TIMES[0])])
    assert shelf.placed["b@x", 0][3:] == ("a@x", "subject", "a@x", "loose")


def test_a_new_mail_does_not_load_every_thread_of_a_frequent_subject():
    """The store answers for subjects only where a reply has lost its parent."""
    asked: list[Asked] = []
    build = Envelope("a@x", 0, (), (), "build failure after merge", False, TIMES[0])

    def load(one: Asked) -> list[Envelope]:
        asked.append(one)
        return []

    assert surroundings([build], load) == []
    assert asked == [Asked({"a@x"}, set(), {"build failure after merge"})]


def test_a_reply_without_parent_loads_the_threads_of_its_subject():
    asked: list[Asked] = []
    orphan = Envelope("b@x", 0, (), (), "build failure after merge", True, TIMES[0])
    surroundings([orphan], lambda one: asked.append(one) or [])
    assert asked[-1].earlier_keys == {"build failure after merge"}
