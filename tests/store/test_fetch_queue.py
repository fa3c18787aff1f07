"""The queue: order, states, what a kill leaves, and every sequence of calls against a model."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from threadkit.store.connection import open_read, open_write
from threadkit.store.fetch_queue import FetchQueue
from threadkit.store.hosts import HostRests
from threadkit.store.queue_item import KINDS, STATES, QueueItem
from threadkit.store.queue_view import QueueView

NOW = "2026-05-01T12:00:00Z"
LATER = "2026-05-01T13:00:00Z"


@pytest.fixture
def queue(builder):
    return FetchQueue(builder.conn)


def names(queue: QueueView) -> list[str]:
    return [item.name for item in queue.pending()]


def head(queue: QueueView) -> QueueItem | None:
    return next(iter(queue.pending()), None)


def taken(queue: FetchQueue, name: str) -> int:
    item = queue.find("thread", name)
    assert item is not None
    return item.id


def test_what_is_least_deep_and_was_added_first_is_next(queue):
    for name, depth in (("c", 2), ("a", 1), ("b", 1), ("z", 0)):
        assert queue.add("thread", name, NOW, depth=depth)
    assert names(queue) == ["z", "a", "b", "c"]
    asked = []
    while (item := head(queue)) is not None:
        asked.append(item.name)
        queue.done(item.id, NOW)
    assert asked == ["z", "a", "b", "c"]


def test_what_is_added_is_kept_as_given(queue, builder):
    row = builder.mail("citer@example.org")
    queue.add(
        "commit", "09854ba94c6a", NOW, inbox="linux-mm", origin="/git/linux", depth=3, cited_by=row
    )
    item = head(queue)
    assert (item.kind, item.name, item.inbox, item.origin, item.depth, item.cited_by) == (
        "commit", "09854ba94c6a", "linux-mm", "/git/linux", 3, row,
    )  # fmt: skip
    assert (item.state, item.attempts, item.wanted_utc, item.near) == ("waiting", 0, NOW, ())
    assert item.fetched_utc is item.url is item.sha256 is item.mail_count is None


def test_places_are_different_things(queue):
    queue.add("thread", "a", NOW, inbox="lkml")
    queue.add("thread", "a", NOW, inbox="linux-mm")
    queue.add("thread", "a", NOW, origin="https://example.org")
    usual = queue.add("thread", "a", NOW, depth=1)
    assert queue.add("thread", "a", NOW).id == usual.id
    queue.add("commit", "a", NOW, depth=1)
    assert len(queue.pending()) == 5


@pytest.mark.parametrize("outcome", ["missing", "failed", "refused", "skipped", None])
@pytest.mark.parametrize("place", [{"origin": "https://example.org"}, {"inbox": "lkml"}])
def test_what_was_asked_for_elsewhere_in_vain_is_asked_for_where_it_usually_is(
    queue, outcome, place
):
    there = queue.add("thread", "a", NOW, **place)
    if outcome:
        getattr(queue, outcome)(there.id, "x")
    usual = queue.add("thread", "a", NOW, depth=1)
    assert (usual.id, usual.inbox, usual.origin, usual.state, usual.depth) == (
        there.id + 1, None, None, "waiting", 1,
    )  # fmt: skip
    assert queue.add("thread", "a", NOW, depth=1) == usual
    assert queue.get(there.id).state == (outcome or "waiting")


def test_what_came_from_elsewhere_is_not_asked_for_again_but_for_an_answer_of_others(queue):
    there = queue.add("commit", "c0ffee1", NOW, origin="https://example.org/linux.git")
    queue.done(there.id, NOW)
    assert queue.add("commit", "c0ffee1", NOW, depth=1).id == there.id
    usual = queue.add("commit", "c0ffee1", NOW, depth=1, anew=True)
    assert (usual.origin, usual.state) == (None, "waiting")
    assert queue.get(there.id).state == "done"


def test_a_shorter_way_to_something_that_waits_moves_it_up_and_keeps_the_first_citer(
    queue, builder
):
    first, second = builder.mail("1@example.org"), builder.mail("2@example.org")
    queue.add("thread", "a", NOW, depth=3, cited_by=first)
    queue.add("thread", "a", LATER, depth=1, cited_by=second)
    queue.add("thread", "a", LATER, depth=2, cited_by=second)
    item = head(queue)
    assert (item.depth, item.cited_by, item.wanted_utc) == (1, first, NOW)


def test_what_is_put_off_goes_on_waiting_and_says_until_when(queue):
    queue.add("thread", "a", NOW)
    assert queue.postponed(taken(queue, "a"), LATER, "the host\nrests")
    item = head(queue)
    assert (item.state, item.not_before_utc, item.attempts, item.why) == (
        "waiting", LATER, 0, "the host rests",
    )  # fmt: skip


def test_what_came_is_on_record_until_something_else_comes(queue):
    queue.add("thread", "a", NOW)
    facts = {"url": "https://x/a/t.mbox.gz", "http_status": 200, "sha256": "0" * 64}
    assert queue.done(taken(queue, "a"), NOW, **facts, mail_count=5, added=2)
    queue.again("thread", "a", LATER)
    item = head(queue)
    assert (item.state, item.attempts, item.wanted_utc) == ("waiting", 0, LATER)
    assert (item.sha256, item.fetched_utc, item.mail_count, item.added) == ("0" * 64, NOW, 5, 2)
    queue.failed(item.id, "broken", http_status=503)
    item = queue.find("thread", "a")
    assert (item.sha256, item.url, item.http_status) == ("0" * 64, facts["url"], 503)


def test_what_is_not_there_says_what_is_near(queue):
    queue.add("thread", "a", NOW)
    assert queue.missing(
        taken(queue, "a"), "no such\n mail \udcff", http_status=300, near=("a1@x", "a2@x")
    )
    item = queue.find("thread", "a")
    assert (item.state, item.why, item.near) == ("missing", "no such mail ?", ("a1@x", "a2@x"))
    queue.again("thread", "a", NOW)
    item = head(queue)
    assert (item.why, item.near) == ("", ())


def test_what_failed_or_was_skipped_waits_again_when_a_run_does_all_that_is_left(queue):
    for name in "abcd":
        queue.add("thread", name, NOW)
    queue.skipped(taken(queue, "d"), "over the limit")
    queue.failed(taken(queue, "a"), "reset")
    queue.failed(taken(queue, "b"), "reset", not_before_utc=LATER)
    queue.refused(taken(queue, "c"), "a challenge", url="https://x/c", http_status=200)
    assert head(queue) is None
    assert queue.revive() == 3
    assert [item.name for item in queue.pending()] == ["a", "b", "d"]
    assert head(queue).attempts == 1
    assert queue.pending()[1].not_before_utc == LATER


@pytest.mark.parametrize("outcome", ["missing", "failed", "refused"])
def test_a_slower_process_does_not_undo_what_came(queue, outcome):
    queue.add("thread", "a", NOW)
    item = head(queue).id
    assert queue.done(item, NOW, mail_count=1, added=1)
    assert not getattr(queue, outcome)(item, "too late")
    assert not queue.skipped(item, "too late")
    assert not queue.postponed(item, LATER, "too late")
    found = queue.find("thread", "a")
    assert (found.state, found.why, found.attempts) == ("done", "", 1)


def test_what_came_after_all_is_done(queue):
    queue.add("thread", "a", NOW)
    item = head(queue).id
    queue.failed(item, "reset", not_before_utc=LATER)
    assert queue.done(item, NOW)
    found = queue.find("thread", "a")
    assert (found.state, found.not_before_utc, found.attempts) == ("done", None, 2)


@pytest.mark.parametrize("outcome", ["skipped", "failed"])
def test_what_did_not_come_waits_when_it_is_cited_again(queue, outcome):
    queue.add("thread", "a", NOW, depth=2, reach=1)
    getattr(queue, outcome)(taken(queue, "a"), "the limit of 1 was reached")
    assert queue.counts() == {outcome: 1}
    item = queue.add("thread", "a", LATER, depth=3)
    assert item == head(queue)
    assert (item.depth, item.reach, item.why, item.wanted_utc) == (2, 1, "", LATER)


def test_how_far_to_follow_is_the_most_that_was_asked_until_it_came(queue):
    assert queue.add("thread", "a", NOW, depth=1, reach=1).reach == 1
    assert queue.add("thread", "a", NOW, depth=1, reach=2).reach == 2
    assert queue.again("thread", "a", NOW).reach == 2
    assert queue.again("thread", "a", NOW, reach=3).reach == 3
    queue.failed(taken(queue, "a"), "x")
    assert queue.again("thread", "a", NOW, reach=1).reach == 3
    queue.done(taken(queue, "a"), NOW)
    assert queue.again("thread", "a", NOW, reach=1).reach == 1


def test_a_queue_that_is_set_aside_is_as_it_was_for_everybody_else(queue, builder):
    kept = queue.add("thread", "a", NOW)
    with closing(open_write(builder.path)) as db:
        aside = FetchQueue(db.conn)
        aside.set_aside()
        assert aside.pending() == [kept]
        aside.done(kept.id, NOW)
        assert aside.add("thread", "b", NOW) == aside.again("thread", "b", NOW)
        assert aside.counts() == {"waiting": 1, "done": 1}
        assert not db.conn.in_transaction
        assert queue.pending() == [kept]
    assert list(queue.rows()) == [kept]


def test_setting_the_queue_aside_waits_for_no_writer(queue, builder):
    kept = queue.add("thread", "a", NOW)
    with closing(open_write(builder.path)) as db:
        db.execute("PRAGMA busy_timeout = 0")
        builder.conn.execute("BEGIN IMMEDIATE")
        aside = FetchQueue(db.conn)
        aside.set_aside()
        assert aside.pending() == [kept]
        assert not db.conn.in_transaction
        builder.conn.rollback()


def test_things_are_forgotten_by_name_or_by_state(queue):
    for kind, name, inbox in (
        ("thread", "a", None), ("thread", "a", "lkml"), ("commit", "a", None),
        ("inbox", "lkml 2020-08-01", None), ("inbox", "lkml-old 2020-08-01", None),
    ):  # fmt: skip
        queue.add(kind, name, NOW, inbox=inbox)
    assert queue.forget("thread", "b") == 0
    assert queue.forget("thread", "a") == 2
    assert queue.forget("inbox", "lkml") == 1
    queue.missing(queue.find("commit", "a").id, "x")
    assert queue.forget(states=["missing", "failed"]) == 1
    assert names(queue) == ["lkml-old 2020-08-01"]


@pytest.mark.parametrize("outcome", ["done", "missing", "refused"])
def test_what_was_answered_waits_again_only_if_there_is_somebody_new_to_ask(queue, outcome):
    queue.add("commit", "c0ffee1", NOW, depth=2)
    getattr(queue, outcome)(head(queue).id, NOW)
    same = queue.add("commit", "c0ffee1", LATER, depth=1)
    assert same.state == outcome
    assert head(queue) is None
    item = queue.add("commit", "c0ffee1", LATER, depth=1, anew=True)
    assert item == head(queue)
    assert (item.depth, item.attempts, item.wanted_utc) == (1, 0, LATER)


def test_unknown_items_are_told(queue):
    assert not queue.done(7, NOW)
    assert not queue.missing(7, "x")
    assert queue.find("thread", "a") is None


def test_again_asks_for_what_was_never_asked_for(queue):
    queue.again("inbox", "https://x/lkml/", NOW)
    assert head(queue).name == "https://x/lkml/"


def test_counts_and_rows_are_in_a_fixed_order(queue):
    for name in "abcd":
        queue.add("thread", name, NOW)
    queue.missing(taken(queue, "a"), "x")
    queue.done(taken(queue, "c"), NOW)
    assert list(queue.counts().items()) == [("waiting", 2), ("done", 1), ("missing", 1)]
    assert [item.name for item in queue.rows()] == ["a", "b", "c", "d"]
    assert [item.name for item in queue.rows(["done", "missing"])] == ["a", "c"]


def test_a_kill_before_the_commit_leaves_the_item_waiting(builder, queue):
    queue.add("thread", "a", NOW)
    builder.conn.execute("BEGIN IMMEDIATE")
    queue.done(taken(queue, "a"), NOW)
    assert builder.conn.in_transaction
    builder.close()  # as a kill does: without a commit
    with closing(open_write(builder.path)) as db:
        assert head(FetchQueue(db.conn)).attempts == 0


def test_two_processes_share_one_queue(builder, queue):
    with closing(open_write(builder.path)) as db:
        other = FetchQueue(db.conn)
        assert queue.add("thread", "a", NOW) == other.add("thread", "a", NOW)
        item = head(other).id
        assert other.done(item, NOW)
        assert not queue.missing(item, "x")
        assert head(queue) is None
        assert queue.counts() == {"done": 1}


def test_a_call_alone_is_stored_when_it_returns(builder, queue):
    queue.add("thread", "a", NOW)
    with closing(open_read(builder.path)) as conn:
        assert head(QueueView(conn)).name == "a"


def test_an_error_inside_a_call_leaves_nothing_behind(builder, queue):
    queue.add("thread", "a", NOW)
    with pytest.raises(sqlite3.IntegrityError, match="NOT NULL"):
        queue.add("thread", "b", None)
    assert not builder.conn.in_transaction
    assert names(queue) == ["a"]


def test_what_waits_is_found_by_an_index(builder, queue):
    shown: list[str] = []
    builder.conn.set_trace_callback(shown.append)
    queue.pending()
    builder.conn.set_trace_callback(None)
    plan = builder.execute(f"EXPLAIN QUERY PLAN {shown[0]}").fetchall()
    assert any("fetch_queue_by_turn" in row[3] for row in plan)
    assert not any("TEMP B-TREE" in row[3] for row in plan)


def test_hosts_rest_until_the_latest_time_given(builder):
    rests = HostRests(builder.conn)
    assert rests.rest("example.org") is None
    rests.set_rest("Example.org", LATER, "it said\nso")
    rests.set_rest("example.org", NOW, "shorter")
    assert rests.rest("EXAMPLE.org") == (LATER, "it said so")
    rests.set_rest("other.example.org", NOW, "x")
    assert rests.rests(NOW) == [("example.org", LATER, "it said so")]
    builder.execute("UPDATE fetch_host SET not_before_utc = 'soon'")  # damage is no rest
    assert rests.rest("example.org") is None
    assert rests.rests(NOW) == []


# -- every sequence of calls ------------------------------------------------------------


@dataclass
class Model:
    """One item, as the description of the module has it."""

    id: int
    depth: int
    reach: int
    state: str = "waiting"
    not_before: int = 0
    attempts: int = 0


NAMES = st.sampled_from("abc")
PLACES = st.sampled_from([None, "lkml"])
DEPTHS = st.integers(0, 2)


class Sequences(RuleBasedStateMachine):
    """The queue against a dictionary, through kills and reopenings."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "a.db"
        self.db = open_write(self.path)
        self.queue = FetchQueue(self.db.conn)
        self.model: dict[tuple[str, str | None], Model] = {}
        self.hour = 0

    def teardown(self) -> None:
        self.db.close()
        self.folder.cleanup()

    def utc(self, hour: int | None = None) -> str:
        hour = self.hour if hour is None else hour
        return f"2026-05-{1 + hour // 24:02d}T{hour % 24:02d}:00:00Z"

    def insert(self, key: tuple[str, str | None], depth: int, reach: int) -> None:
        self.model[key] = Model(len(self.model) + 1, depth, reach)

    @rule(name=NAMES, inbox=PLACES, depth=DEPTHS, reach=DEPTHS, anew=st.booleans())
    def add(self, name: str, inbox: str | None, depth: int, reach: int, anew: bool) -> None:
        said = self.queue.add(
            "thread", name, self.utc(), inbox=inbox, depth=depth, reach=reach, anew=anew
        )
        known = self.model.get((name, inbox))
        if known is None and depth and not anew:
            others = [one for (other, _), one in self.model.items() if other == name]
            came = [one for one in others if one.state == "done"]
            known = min(came, key=lambda one: one.id, default=None)
        if known is None:
            self.insert((name, inbox), depth, reach)
            known = self.model[name, inbox]
        is_open = known.state in ("waiting", "failed", "skipped")
        if is_open or anew:
            known.depth = min(known.depth, depth)
            known.reach = max(known.reach, reach) if is_open else reach
        if known.state != "waiting" and (is_open or anew):
            known.state = "waiting"
            known.attempts = known.not_before = 0
        assert (said.id, said.state) == (known.id, known.state)

    @rule(name=NAMES, inbox=PLACES, reach=DEPTHS)
    def again(self, name: str, inbox: str | None, reach: int) -> None:
        self.queue.again("thread", name, self.utc(), inbox=inbox, reach=reach)
        if (name, inbox) in self.model:
            known = self.model[name, inbox]
            if known.state in ("waiting", "failed", "skipped"):
                reach = max(known.reach, reach)
            known.state, known.depth, known.attempts, known.not_before = "waiting", 0, 0, 0
            known.reach = reach
        else:
            self.insert((name, inbox), 0, reach)

    def expected(self) -> Model | None:
        ready = [one for one in self.model.values() if one.state == "waiting"]
        return min(ready, key=lambda one: (one.depth, one.id), default=None)

    @precondition(lambda self: self.expected())
    @rule(
        outcome=st.sampled_from(["done", "missing", "failed", "refused", "skipped", "postponed"]),
        wait=st.integers(0, 3),
        killed=st.booleans(),
    )
    def work(self, outcome: str, wait: int, killed: bool) -> None:
        item = head(self.queue)
        assert item is not None
        if killed:
            self.db.conn.execute("BEGIN IMMEDIATE")
        until = self.utc(self.hour + wait)
        if outcome == "done":
            assert self.queue.done(item.id, self.utc())
        elif outcome == "failed":
            assert self.queue.failed(item.id, "x", not_before_utc=until)
        elif outcome == "postponed":
            assert self.queue.postponed(item.id, until, "x")
        else:
            assert getattr(self.queue, outcome)(item.id, "x")
        if killed:
            self.reopen()
            return
        known = next(one for one in self.model.values() if one.id == item.id)
        known.attempts += outcome not in ("skipped", "postponed")
        known.not_before = self.hour + wait if outcome in ("failed", "postponed") else 0
        known.state = "waiting" if outcome == "postponed" else outcome

    @rule(number=st.integers(1, 6))
    def late(self, number: int) -> None:
        """Somebody else's answers: a failure of what no longer waits counts for nothing."""
        known = next((one for one in self.model.values() if one.id == number), None)
        if known and known.state != "waiting":
            assert not self.queue.failed(number, "x")

    @rule()
    def revive(self) -> None:
        failed = [one for one in self.model.values() if one.state in ("failed", "skipped")]
        assert self.queue.revive() == len(failed)
        for one in failed:
            one.state = "waiting"

    @rule(hours=st.integers(1, 3))
    def time_passes(self, hours: int) -> None:
        self.hour += hours

    @rule()
    def reopen(self) -> None:
        self.db.close()
        self.db = open_write(self.path)
        self.queue = FetchQueue(self.db.conn)

    @invariant()
    def agrees(self) -> None:
        item, wanted = head(self.queue), self.expected()
        assert (item and item.id) == (wanted and wanted.id)
        found = {
            (item.name, item.inbox): (item.id, item.state, item.depth, item.reach, item.attempts)
            for item in self.queue.rows()
        }
        assert found == {
            key: (one.id, one.state, one.depth, one.reach, one.attempts)
            for key, one in self.model.items()
        }
        assert sum(self.queue.counts().values()) == len(self.model)


Sequences.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestSequences = Sequences.TestCase


def test_the_words_of_the_schema_are_those_of_the_program(builder):
    (sql,) = builder.execute("SELECT sql FROM sqlite_schema WHERE name = 'fetch_queue'").fetchone()
    assert f"-- {', '.join(KINDS)}\n" in sql
    assert f"-- {', '.join(STATES)}\n" in sql
