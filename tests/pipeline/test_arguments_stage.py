"""Claims are the same whether mail, analyses and corrections come at once or bit by bit."""

from __future__ import annotations

import re
import shutil
import sqlite3
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests.pipeline.mails import mail, mbox
from threadkit.analyze.debate.names import unit_key
from threadkit.errors import NotFound
from threadkit.pipeline.analysis import ARGUMENTS, analyze
from threadkit.pipeline.archive import Archive
from threadkit.pipeline.claim_edits import keep
from threadkit.pipeline.importing import import_mail
from threadkit.pipeline.stages import arguments
from threadkit.store.arguments import ArgumentsRow, PassageRow, UnitRelationRow, UnitRow
from threadkit.store.connection import open_read
from threadkit.store.debates import CorrectionRow, unplaced_relations
from threadkit.store.mailtexts import StoredText

ADA = b"From: Ada Example <ada@example.org>\n"
SENDERS = (
    ADA,
    b"From: Ada Renamed <ada@example.org>\n",
    b"From: Chris <chris@one.example.org>\n",
    b"From: Chris <chris@two.example.org>\n",
    b"",
)
CLAIMS = (
    "The second lock of the page cache index is useless.",
    "Readers of the index never sleep on a pinned page after fork().",
    "That is wrong.",
)
OTHERS = (
    "Is the index of the cache walked without a lock?",
    "We should drop the lock of the index.",
    "Applied, thanks.",
    "Maybe nobody sleeps there?",
)
SAID = CLAIMS + OTHERS
NAMES = ("a", "b", "c", "d")
SENTENCE = re.compile(r"[^\s.?>][^.?]*[.?]")
IMPOSTER = re.compile(r"~\d+#")  # which of two mails of one Message-ID is the first may change
SECOND = "2024-05-01T00:00:00Z"

TABLES = {
    "mail_reading": ("message", "language", "note"),
    "unit": ("message", "position", "start", "stop", "label", "score", "passage"),
    "claim": ("message", "root", "unit", "person", "email", "holder", "utc", "kind", "status", "why",
              "gist", "score", "rule", "state"),
    "claim_span": ("claim", "position", "message", "unit", "start", "rule", "score"),
    "claim_scenario": ("claim", "scenario", "stance", "why", "origin", "score"),
    "relation": ("root", "kind", "message", "unit", "claim", "target_message", "target_unit",
                 "target_claim", "score", "rule", "state"),
    "point": ("message", "unit", "root", "kind", "outcome", "score", "rule", "state"),
    "point_answer": ("message", "unit", "position", "by_message", "start", "stop", "how", "score"),
    "decision": ("root", "position", "message", "start", "kind", "person", "about", "state"),
    "debate": ("root", "version", "unplaced"),
    "spoken_by": ("message", "who", "person", "email"),
    "correction": ("target", "field", "value", "unmet"),
}  # fmt: skip
MAIL = "(SELECT m.message_id || '~' || m.imposter FROM message m WHERE m.id = x.{})"
CLAIM = (
    "(SELECT m.message_id || '~' || m.imposter || ' ' || c.unit FROM claim c"
    " JOIN message m ON m.id = c.message WHERE c.id = x.{})"
)
INSTEAD = {
    "message": MAIL, "root": MAIL, "target_message": MAIL, "by_message": MAIL,
    "claim": CLAIM, "target_claim": CLAIM,
}  # fmt: skip


def findings_of(stored: StoredText) -> ArgumentsRow:
    """Read a mail by rules as plain as can be: what depends on the model is tested elsewhere."""
    units: list[UnitRow] = []
    passages: list[PassageRow] = []
    relations: list[UnitRelationRow] = []
    for block in stored.blocks:
        if block.kind == "quote":
            passages.append(PassageRow(block.start, block.stop, 1, "disagree", 0.9, "given"))
            continue
        for found in SENTENCE.finditer(stored.body, block.start, block.stop):
            if found[0] in SAID:
                _unit(units, found, len(passages) - 1)
                if passages:
                    last = passages[-1]
                    relations.append(
                        UnitRelationRow(len(units) - 1, "attack", "quote", last.start, last.stop,
                                        0.9, "given")
                    )  # fmt: skip
    return ArgumentsRow(stored.id, "en", "", units, passages, relations)


def _unit(units: list[UnitRow], found: re.Match[str], passage: int) -> None:
    text = found[0]
    label = "claim" if text in CLAIMS else "question" if text.endswith("?") else "proposal"
    label = "decision" if text.startswith("Applied") else label
    score = 0.3 if text.startswith("Maybe") else 0.9
    kind = "mechanism" if label == "claim" else ""
    units.append(
        UnitRow(*found.span(), label, "", kind, score, "given", "", "", passage)
    )  # fmt: skip


def key(name: str, text: str) -> str:
    return unit_key(f"{name}@example.org", text)


def said(target: str, field: str, value: str, utc: str = SECOND) -> CorrectionRow:
    return CorrectionRow(target, field, value, "", "Cora", utc, "file")


def wrote(
    name: str, body: str, sender: bytes = ADA, to: str | None = None, minute: int = 0
) -> bytes:
    subject = f"Re: pages of {to}" if to else f"pages of {name}"
    return mail(name, to=to, subject=subject, body=body, minute=minute).replace(ADA, sender)


KEYS = st.builds(key, st.sampled_from(NAMES), st.sampled_from(SAID))
FIELDS = st.one_of(
    st.tuples(st.just("state"), st.sampled_from(["accepted", "rejected", ""])),
    st.tuples(st.just("kind"), st.sampled_from(["guarantee", "history", ""])),
    st.tuples(st.just("status"), st.sampled_from(["upheld", "conceded", ""])),
    st.tuples(st.just("label"), st.sampled_from(["claim", "question", "background", ""])),
    st.tuples(st.just("outcome"), st.sampled_from(["answered", ""])),
    st.tuples(st.sampled_from(["gist", "holder", "note"]), st.sampled_from(["one", "two", ""])),
    st.tuples(st.just("split"), st.sampled_from(["yes", ""])),
    st.tuples(KEYS.map("join:{}".format), st.sampled_from(["yes", ""])),
    st.tuples(
        st.builds("relation:{}:{}".format, st.sampled_from(["attack", "support"]),
                  KEYS | st.sampled_from(["patch:a@example.org"])),
        st.sampled_from(["added", "removed", ""]),
    ),
)  # fmt: skip
CORRECTIONS = st.lists(st.builds(lambda k, f: said(k, *f), KEYS, FIELDS), min_size=1, max_size=3)


@st.composite
def mails(draw: st.DrawFn) -> bytes:
    """Ids collide, parents miss, sentences are said again by the same and by others."""
    quoted = draw(st.lists(st.sampled_from(SAID), max_size=1))
    own = draw(st.lists(st.sampled_from(SAID), min_size=1, max_size=3))
    head = f"Somebody wrote:\n> {quoted[0]}\n\n" if quoted else ""
    return wrote(
        draw(st.sampled_from(NAMES)),
        head + "\n\n".join(own) + "\n",
        draw(st.sampled_from(SENDERS)),
        draw(st.none() | st.sampled_from([*NAMES, "ghost"])),
        draw(st.integers(0, 4)),
    )


def add(path: Path, some: Sequence[bytes]) -> None:
    box = path.parent / "in.mbox"
    box.write_bytes(mbox(some))
    import_mail(path, [str(box)], workers=0)


def findings(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return all that was found, with names instead of row ids, runs and numbers of claims."""
    found = {}
    with closing(sqlite3.connect(path)) as conn:
        assert conn.execute("PRAGMA foreign_key_check").fetchall() == []
        for name, columns in TABLES.items():
            wanted = [INSTEAD.get(one, "x.{}").format(one) for one in columns]
            rows = conn.execute(f"SELECT {', '.join(wanted)} FROM {name} x").fetchall()
            found[name] = sorted(rows, key=repr)
    return found


def rows(path: Path, query: str, *values: object) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as conn:
        return conn.execute(query, values).fetchall()


class Arrivals(RuleBasedStateMachine):
    """A database that is analyzed and corrected as it grows, against one that is made at once."""

    @initialize()
    def begin(self) -> None:
        self.patches: list[Any] = [patch.object(arguments, "findings_of", findings_of),
                        patch.object(arguments, "version", lambda: "given")]  # fmt: skip
        for one in self.patches:
            one.start()
        self.folder = Path(tempfile.mkdtemp())
        self.db = self.folder / "grown.db"
        self.mails: list[bytes] = []
        self.fresh = 0
        self.numbers: dict[str, int] = {}

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            shutil.rmtree(self.folder)
            for one in self.patches:
                one.stop()

    @rule(portion=st.lists(mails(), min_size=1, max_size=3))
    def mail_arrives(self, portion: list[bytes]) -> None:
        self.mails += portion
        add(self.db, portion)

    @precondition(lambda self: self.mails)
    @rule(again=st.booleans())
    def analyze_all(self, again: bool) -> None:
        analyze(self.db, only=ARGUMENTS, again=again)
        assert all(one.skipped for one in analyze(self.db, only=ARGUMENTS))
        self.numbers_mean_what_they_meant()

    @precondition(lambda self: self.mails)
    @rule(name=st.sampled_from(NAMES), again=st.booleans())
    def analyze_one(self, name: str, again: bool) -> None:
        try:
            analyze(self.db, only=ARGUMENTS, thread=f"{name}@example.org", again=again)
        except NotFound:
            return
        self.numbers_mean_what_they_meant()

    @precondition(lambda self: self.mails)
    @rule(some=CORRECTIONS)
    def somebody_corrects(self, some: list[CorrectionRow]) -> None:
        keep(self.db, some)

    @precondition(lambda self: self.mails)
    @rule(data=st.data())
    def compare_with_all_at_once(self, data: st.DataObject) -> None:
        self.fresh += 1
        other = self.folder / f"fresh{self.fresh}.db"
        add(other, data.draw(st.permutations(self.mails)))
        query = "SELECT target, field, value, note, person, utc, origin FROM correction ORDER BY id"
        keep(other, [CorrectionRow._make(row) for row in rows(self.db, query)])
        analyze(other, only=ARGUMENTS)
        analyze(self.db, only=ARGUMENTS)
        grown, whole = findings(self.db), findings(other)
        for name in whole:
            assert grown[name] == whole[name], name

    def numbers_mean_what_they_meant(self) -> None:
        """A place keeps its number; a claim bears the number of one of its places."""
        now: dict[str, int] = dict(rows(self.db, "SELECT key, number FROM claim_number"))
        assert len(set(now.values())) == len(now)
        assert self.numbers.items() <= now.items()
        self.numbers = now
        names = {f"c{number}": IMPOSTER.sub("#", name) for name, number in now.items()}
        for claim, root in rows(self.db, "SELECT id, root FROM claim"):
            query = (
                "SELECT m.message_id || '#' || substr(s.loose_sha256, 1, 12)"
                " FROM claim_span s JOIN message m ON m.id = s.message WHERE s.claim = ?"
            )
            places = {place for (place,) in rows(self.db, query, claim)}
            assert names[str(claim)] in places | {f"{place} {root}" for place in places}


TestArrivals = Arrivals.TestCase
TestArrivals.settings = settings(
    max_examples=12,
    stateful_step_count=10,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a database is going to be; units are given."""
    monkeypatch.setattr(arguments, "findings_of", findings_of)
    monkeypatch.setattr(arguments, "version", lambda: "given")
    return tmp_path / "t.db"


def made(path: Path, *some: bytes) -> Path:
    add(path, some)
    analyze(path, only=ARGUMENTS)
    return path


def corrected(path: Path, *some: CorrectionRow) -> dict[str, list[tuple[object, ...]]]:
    keep(path, some, ["a@example.org"])
    return findings(path)


OPENING = wrote("a", f"{CLAIMS[0]}\n\n{OTHERS[0]}\n\n{OTHERS[3]}\n")
AGAINST = wrote("b", f"Ada wrote:\n> {CLAIMS[0]}\n\n{CLAIMS[2]}\n", SENDERS[2], "a", 5)


def test_the_small_world_has_findings_of_every_kind(path: Path) -> None:
    again = f"Ada wrote:\n> {OTHERS[0]}\n\n{CLAIMS[1]}\n\n{OTHERS[1]}\n\n{OTHERS[2]}\n"
    made(path, OPENING, AGAINST, wrote("c", again, SENDERS[3], "b", 9))
    found = corrected(path, said(key("a", CLAIMS[0]), "gist", "one"))
    # all write their own mail here
    assert [name for name, some in found.items() if not some] == ["spoken_by"]


def test_equal_sentences_of_one_mail_are_one_claim(path: Path) -> None:
    made(path, wrote("a", f"{CLAIMS[2]}\n\n{CLAIMS[0]}\n\n{CLAIMS[2]}\n"))
    assert rows(path, "SELECT id, count(*) FROM claim JOIN claim_span ON claim = id GROUP BY id") == [
        ("c1", 2), ("c2", 1),
    ]  # fmt: skip


def test_imposters_of_one_sentence_do_not_collide(path: Path) -> None:
    made(path, wrote("a", f"{CLAIMS[0]}\n"), wrote("a", f"{CLAIMS[0]}\n\nMore.\n", SENDERS[2]))
    assert rows(path, "SELECT count(*) FROM claim_span") == [(2,)]


def test_a_late_mail_that_joins_conversations_takes_their_claims(path: Path) -> None:
    lost = wrote("c", f"{CLAIMS[1]}\n", SENDERS[2], "b", 9)
    made(path, OPENING, lost)
    assert len(rows(path, "SELECT root FROM debate")) == 2
    add(path, [wrote("b", "Words between.\n", SENDERS[3], "a", 5)])
    analyze(path, only=ARGUMENTS, thread="a@example.org")
    assert len(rows(path, "SELECT DISTINCT root FROM claim")) == 1
    assert rows(path, "SELECT count(*) FROM claim") == [(2,)]


def test_every_verb_is_applied_and_taken_back(path: Path) -> None:
    made(path, OPENING, AGAINST)
    before = findings(path)
    first, other = key("a", CLAIMS[0]), key("b", CLAIMS[2])
    asked = key("a", OTHERS[0])
    verbs = {
        said(first, "gist", "in short"): ("claim", "in short"),
        said(first, "holder", "Eve"): ("claim", "Eve"),
        said(first, "kind", "guarantee"): ("claim", "guarantee"),
        said(first, "status", "upheld"): ("claim", "upheld"),
        said(first, "state", "rejected"): ("claim", "rejected"),
        said(asked, "label", "claim"): ("claim_span", asked),
        said(asked, "outcome", "answered"): ("point", "by hand"),
        said(first, f"join:{other}", "yes"): ("claim_span", "by hand"),
        said(other, f"relation:undercut:{first}", "added"): ("relation", "undercut"),
        said(other, f"relation:attack:{first}", "removed"): ("relation", None),
    }
    for one, (table, word) in verbs.items():
        after = corrected(path, one)
        assert rows(path, "SELECT unmet FROM correction") == [("",)], one
        if word is None:
            assert len(after[table]) < len(before[table])
        elif one.field == "label":
            assert len(after[table]) > len(before[table])
        else:
            assert word in str(after[table]), one
            assert word not in str(before[table]), one
        assert corrected(path, one._replace(value="")) == before


def test_corrections_of_one_second_count_all(path: Path) -> None:
    made(path, OPENING)
    for gist in ("one", "two", "three", ""):
        found = corrected(path, said(key("a", CLAIMS[0]), "gist", gist))
        assert [row[TABLES["claim"].index("gist")] for row in found["claim"]] == [gist]


def test_a_renamed_person_is_renamed_in_findings(path: Path) -> None:
    made(path, OPENING)
    later = wrote("d", "Nothing.\n", b"From: Ada Renamed <ada@example.org>\n", "a", 9)
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.execute("UPDATE person SET name = 'Ada Renamed'")
    analyze(path, only=ARGUMENTS)
    assert rows(path, "SELECT DISTINCT person FROM claim") == [("Ada Renamed",)]
    add(path, [later])
    assert not all(one.skipped for one in analyze(path, only=ARGUMENTS))


@pytest.mark.parametrize(("first", "second"), [(SENDERS[2], SENDERS[3]), (b"", b"")])
def test_people_are_not_told_apart_by_name(path: Path, first: bytes, second: bytes) -> None:
    reply = f"Somebody wrote:\n> {OTHERS[0]}\n\nYes, the index is walked without a lock.\n"
    made(path, wrote("a", f"{OTHERS[0]}\n", first),
         wrote("b", reply + f"\n{CLAIMS[1]}\n", second, "a", 5))  # fmt: skip
    assert rows(path, "SELECT outcome FROM point WHERE kind = 'question'") == [("answered",)]


def test_one_conversation_is_read_again_alone(path: Path) -> None:
    made(path, OPENING, wrote("d", f"{CLAIMS[1]}\n", SENDERS[2], minute=2000))
    before = findings(path)
    (first, _) = analyze(path, only=ARGUMENTS, thread="a@example.org", again=True)
    assert (first.read, first.skipped) == (1, False)
    assert all(one.skipped for one in analyze(path, only=ARGUMENTS))
    assert findings(path) == before


def test_doubtful_questions_are_left_out_and_counted(path: Path) -> None:
    made(path, OPENING)
    with Archive(path) as archive:
        found = archive.questions()
        assert ([one.text for one in found], found.candidates) == ([OTHERS[0]], 1)
        every = archive.questions(states=("automatic", "candidate"))
        assert ([one.text for one in every], every.candidates) == ([OTHERS[0], OTHERS[3]], 0)


def test_scenarios_are_suggested_never_told(path: Path) -> None:
    made(path, wrote("a", f"{CLAIMS[1]}\n\n{CLAIMS[2]}\n"))
    with Archive(path) as archive:
        pinned, other = (archive.claim(one.facts.id) for one in archive.claims())
    assert {(one.stance, one.origin) for one in pinned.scenarios} == {("tests", "suggested")}
    assert other.scenarios == []


def test_relations_without_a_place_are_counted(path: Path) -> None:
    made(path, wrote("b", f"Ada wrote:\n> Words that nobody here wrote.\n\n{CLAIMS[2]}\n"))
    with closing(open_read(path)) as conn:
        assert unplaced_relations(conn) == {"quotation not found": 1}
        assert unplaced_relations(conn, 99) == {}
    with Archive(path) as archive:
        assert str(archive.claims().coverage).endswith("1 relation has no place")
