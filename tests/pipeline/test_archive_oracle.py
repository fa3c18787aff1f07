"""An archive against a dict: after any imports it answers what reading every mail answers."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

import threadkit as tk
from tests.pipeline.mails import PEOPLE, START, mail, mbox
from threadkit.errors import Ambiguous, NotFound
from threadkit.graph.replies import Envelope, place
from threadkit.mail.subject import parse_subject

HOST = "@example.org"
NAMES = ["a", "ab", "abc", "b/1", "b+2", "c%3", "d"]  # beginnings of each other, and URL escapes
WORDS = ["walrus", "mapcount", "do_wp_page", "swap"]
SUBJECTS = ["Fix the walrus", "Re: Fix the walrus", "Count a mapcount", "Re: Count a mapcount"]


class Facts(NamedTuple):
    """What a mail of the small world says."""

    name: str
    to: str | None
    references: tuple[str, ...]
    subject: str
    own: tuple[str, ...]
    quoted: tuple[str, ...]
    minute: int
    person: int

    @property
    def raw(self) -> bytes:
        body = "".join(f"> {word}\n" for word in self.quoted) + "\n" + " ".join(self.own) + "\n"
        return mail(
            self.name, to=self.to, references=self.references, subject=self.subject, body=body,
            minute=self.minute, person=self.person,
        )  # fmt: skip

    @property
    def envelope(self) -> Envelope:
        subject = parse_subject(self.subject)
        return Envelope(
            self.name + HOST, 0, (self.to + HOST,) if self.to else (),
            tuple(one + HOST for one in self.references), subject.key, subject.is_reply,
            f"2024-03-01T09:{self.minute:02}:00Z",
        )  # fmt: skip

    def has(self, where: str, word: str) -> bool:
        """Say whether a search for this word, in this place, should find the mail."""
        if where == "f:":
            return word in PEOPLE[self.person].split()
        texts = {"s:": [self.subject.lower().split()], "q:": [self.quoted], "nq:": [self.own]}
        texts["b:"] = texts["q:"] + texts["nq:"]
        texts[""] = texts["b:"] + texts["s:"]
        return any(word in text for text in texts[where])


SOME = st.lists(st.sampled_from(WORDS), max_size=2, unique=True).map(tuple)
FACTS = st.builds(
    Facts,
    st.sampled_from(NAMES),
    st.none() | st.sampled_from([*NAMES, "ghost"]),
    st.lists(st.sampled_from([*NAMES, "ghost", "a-ghoul"]), max_size=2).map(tuple),
    st.sampled_from(SUBJECTS),
    SOME,
    SOME,
    st.integers(0, 9),
    st.integers(0, 3),
)
TERMS = st.tuples(st.sampled_from(["", "s:", "q:", "nq:", "b:"]), st.sampled_from(WORDS)) | (
    st.tuples(st.just("f:"), st.sampled_from(["Ada", "Bo", "Sample"]))
)


class Archives(RuleBasedStateMachine):
    """One archive and the mails that went into it, by name."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.archive = tk.open(self.folder / "a.db", create=True)
        self.mails: dict[str, Facts] = {}
        self.boxes = 0

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.archive.close()
            shutil.rmtree(self.folder)

    @property
    def nodes(self):
        """Mails and ghosts as threading places them, by Message-ID."""
        return {p.message_id: p for p in place(one.envelope for one in self.mails.values())}

    @rule(portion=st.lists(FACTS, min_size=1, max_size=5))
    def import_some(self, portion: list[Facts]) -> None:
        new = {one.name for one in portion} - self.mails.keys()
        for one in portion:
            self.mails.setdefault(one.name, one)
        self.boxes += 1
        box = self.folder / f"{self.boxes}.mbox"
        box.write_bytes(mbox([self.mails[one.name].raw for one in portion]))
        report = self.archive.import_mail(box, workers=0)
        assert (report.seen, report.added) == (len(portion), len(new))

    @precondition(lambda self: self.mails)
    @rule()
    def every_name_of_a_mail_finds_it(self) -> None:
        ids = sorted(self.nodes)
        for one in ids:
            escaped = quote(one, safe="")
            row = self.archive.message(one).id
            for name in (
                f"<{one}>", f"Message-ID: <{one}>", f"#{row}", f"mid:{one}",
                f"https://lore.kernel.org/linux-mm/{escaped}/T/#u",
                f"https://lore.kernel.org/r/{escaped}",
            ):  # fmt: skip
                assert self.archive.message(name).message_id == one
            found = self.archive.message(one)
            assert found.ghost == (one.removesuffix(HOST) not in self.mails)
            if not found.ghost:
                assert found.raw == self.mails[one.removesuffix(HOST)].raw
        for start in {one[:end] for one in ids for end in range(1, len(one))}:
            fits = [one for one in ids if one.startswith(start)]
            if len(fits) > 1:
                with pytest.raises(Ambiguous) as caught:
                    self.archive.message(start)
                assert sorted(caught.value.candidates) == fits
            else:
                assert self.archive.message(start).message_id == fits[0]
        for unknown in ("z@example.org", ids[-1] + "x", "#123456789"):
            with pytest.raises(NotFound):
                self.archive.message(unknown)

    @precondition(lambda self: self.mails)
    @rule()
    def every_thread_is_the_same_from_every_mail_of_it(self) -> None:
        nodes = self.nodes
        for one, p in nodes.items():
            thread = self.archive.thread(one)
            shown = [message.message_id for _, message in thread.rows]
            assert sorted(shown) == sorted(n for n, other in nodes.items() if other.root == p.root)
            depths = dict(zip(shown, (depth for depth, _ in thread.rows), strict=True))
            for message in (message for _, message in thread.rows):
                here = nodes[message.message_id]
                assert (message.parent, message.parent_rule) == (here.parent, here.rule)
                assert message.loose == (here.match == "loose")
                strict = here.parent is not None and here.rule != "subject"
                above = depths[here.parent] + 1 if strict else 0
                assert depths[message.message_id] == above
        sizes = Counter(p.root for p in nodes.values() if not p.ghost)
        listed = self.archive.threads(limit=None)
        assert {one.root: one.message_count for one in listed} == sizes
        newest = [one.last_utc for one in listed]
        assert newest == sorted(newest, reverse=True)

    @precondition(lambda self: self.mails)
    @rule(
        one=TERMS, other=TERMS, how=st.sampled_from(["{} {}", "{} OR {}", "{} -{}", "{} NOT ({})"])
    )
    def search_agrees_with_reading(self, one, other, how) -> None:
        query = how.format("".join(one), "".join(other))
        wanted = set()
        for facts in self.mails.values():
            first, second = facts.has(*one), facts.has(*other)
            yes = first or second if "OR" in how else first and second == (how == "{} {}")
            wanted |= {facts.name + HOST} if yes else set()
        hits = self.archive.search(query, limit=100)
        assert {hit.message.message_id for hit in hits} == wanted
        assert len(hits) == len(wanted)
        rows = [hit.message.id for hit in hits]
        assert rows == sorted(rows, reverse=True)
        ranked = self.archive.search(query, limit=100, order="rank", exact=True)
        assert {hit.message.message_id for hit in ranked} == wanted
        assert self.archive.search(query, limit=1).more == (len(wanted) > 1)

    @precondition(lambda self: self.mails)
    @rule()
    def sql_agrees_with_reading(self) -> None:
        query = """SELECT m.message_id, m.ghost, p.message_id AS parent, r.message_id AS root
          FROM message m LEFT JOIN message p ON p.id = m.parent JOIN message r ON r.id = m.root"""
        rows = {tuple(row.values()) for row in self.archive.query(query)}
        assert rows == {(p.message_id, int(p.ghost), p.parent, p.root) for p in self.nodes.values()}
        people = Counter(PEOPLE[one.person] for one in self.mails.values())
        assert {one.name: one.message_count for one in self.archive.people()} == people
        first = min(one.minute for one in self.mails.values())
        times = self.archive.query("SELECT min(date_utc) AS first FROM message")[0]
        assert times == {"first": f"{START:%Y-%m-%dT%H}:{first:02}:00Z"}
        assert self.archive.stats().mails == len(self.mails)
        assert self.archive.verify() == []


TestArchives = Archives.TestCase
TestArchives.settings = settings(max_examples=12, stateful_step_count=8, deadline=None)
