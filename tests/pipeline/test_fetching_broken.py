"""Threads from a server that does what real ones do on bad days, seen from the user's side.

Every case says what one line the user gets, what is stored, and that a later run heals it.
"""

from __future__ import annotations

import gzip
import random
import tracemalloc
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.fetch import badserver as bad
from tests.fetch.badserver import BadServer, Behaviour, body
from tests.fetch.boxes import mbox
from tests.pipeline.fetches import BOX, NAME, NOON, PAGE, Fetching, lines, packed, serve, thread
from tests.servers import letters

WHOLE = packed(3)
NOISE = random.Random(7).randbytes(150_000).hex()
BIG = gzip.compress(thread(3, body=NOISE), mtime=0)
"""Packs badly, so that half an answer is half the mail."""


@pytest.fixture
def server() -> Iterator[BadServer]:
    with BadServer() as server:
        yield server


@pytest.fixture
def fetching(server: BadServer, tmp_path: Path) -> Fetching:
    return Fetching(tmp_path / "t.db", [server.url("").rstrip("/")], check=False)


HEALING: dict[str, tuple[Behaviour, str]] = {
    "reset": (bad.reset(), "the connection was cut"),
    "cut in the headers": (bad.cut_head(WHOLE, 30), "ends before its end"),
    "reset in the headers": (bad.cut_head(WHOLE, 30, reset=True), "connection was cut"),
    "reset in the body": (bad.cut(BIG, 100_000, reset=True), "connection was cut"),
    "short of its length": (bad.cut(BIG, 100_000), "ends before its end"),
    "cut chunk": (bad.cut(BIG, 100_000, framing="chunked"), "ends before its end"),
    "cut after a chunk's size": (
        bad.cut(BIG, 1006 * 50 + 2 * 50 + 2, framing="chunked"), "ends before its end|proper HTTP",
    ),
    "HTTP/1.0 cut": (bad.cut(BIG, 100_000, framing="close"), "the answer ends before its end"),
    "gzip cut in whole framing": (body(BIG[:-9]), "the answer ends before its end"),
    "gzip without its trailer": (body(WHOLE[:-8], framing="chunked"), "ends before its end"),
    "a flipped bit": (body(bad.flip_bit(BIG, len(BIG) * 4)), "was damaged on the way"),
    "a flipped bit in the checksum": (body(bad.flip_bit(WHOLE, len(WHOLE) * 8 - 60)), "damaged"),
    "more behind the gzip": (body(WHOLE + b"<p>and an error page</p>"), "no mail follows the mail"),
    "empty": (body(b""), "empty answer"),
    "empty and chunked": (body(b"", framing="chunked"), "empty answer"),
    "500": (bad.trouble(500), r"trouble of its own \(500\)"),
    "502 as a page": (bad.trouble(502), r"trouble of its own \(502\)"),
    "503": (bad.slow_down(503), r"trouble of its own \(503\)"),
    "junk": (bad.raw(b"\0\1\2junk\r\n\r\n"), "not proper HTTP"),
}  # fmt: skip


@pytest.mark.parametrize("kind", HEALING)
def test_what_may_heal_is_asked_for_again_then_told_and_healed_by_a_later_run(
    server: BadServer, fetching: Fetching, kind: str
) -> None:
    behaviour, why = HEALING[kind]
    server.script(BOX, behaviour)
    report = fetching(NAME)
    assert report.exit_code == 4
    assert len(report.errors) == 1
    (line,) = lines(report)
    assert server.url(BOX) in line
    assert "\n" not in line
    with pytest.raises(Exception, match=why):
        raise report.errors[0]
    assert server.paths() == [BOX] * 4
    assert [thread.state for thread in report.threads] == ["failed"]
    assert (fetching.mails, fetching.state()) == (0, "failed")
    assert fetching.rows("SELECT count(*) FROM source") == [(0,)]

    serve(server)
    again = fetching()  # without names: what is left over
    assert (again.errors, again.added) == ([], 3)
    assert (fetching.mails, fetching.state(), fetching.findings()) == (3, "done", [])


@pytest.mark.parametrize("kind", HEALING)
def test_a_single_failure_is_not_even_told(
    server: BadServer, fetching: Fetching, kind: str
) -> None:
    serve(server, HEALING[kind][0])
    report = fetching(NAME)
    assert (report.errors, report.added, fetching.mails) == ([], 3, 3)
    assert fetching.findings() == []


def test_nothing_of_a_large_answer_is_stored_that_breaks_near_its_end(
    server: BadServer, fetching: Fetching
) -> None:
    """It is far more than is held at a time: parts of it were ready to be written."""
    box = gzip.compress(mbox(letters.chain("a", 700, body=NOISE[:20_000])), mtime=0)
    server.script(BOX, body(box[:-5], framing="chunked"))
    fetching.manners = {"attempts": 1}
    report = fetching(NAME)
    assert "ends before its end" in lines(report)[0]
    assert (fetching.mails, fetching.rows("SELECT count(*) FROM message")) == (0, [(0,)])
    server.script(BOX, body(box, framing="chunked"))
    assert fetching(NAME).added == 700
    assert fetching.findings() == []


def test_a_trickle_ends_at_the_deadline(server: BadServer, fetching: Fetching) -> None:
    server.script(BOX, bad.trickle(BIG, every_s=0.01, step=100))
    fetching.manners = {"attempts": 1, "deadline_s": 600}
    fetching.clock.step_s = 100  # each look at the clock is so much later
    (line,) = lines(fetching(NAME))
    assert line.endswith("not complete after 600 s")
    assert fetching.mails == 0
    fetching.clock.step_s = 0
    serve(server)
    assert fetching(NAME).added == 3


def test_silence_in_the_body_ends_an_attempt(server: BadServer, fetching: Fetching) -> None:
    server.script(BOX, bad.silent(BIG, 50_000))
    fetching.manners = {"attempts": 2, "silence_s": 0.2}
    (line,) = lines(fetching(NAME))
    assert line.endswith("the answer stops: silent for 0.2 s")
    serve(server, bad.silent())
    assert fetching().added == 3


# -- servers that ask for time ---------------------------------------------------------


@pytest.mark.parametrize("after", ["30", NOON + timedelta(seconds=30)], ids=["seconds", "a date"])
@pytest.mark.parametrize("status", [429, 503])
def test_a_short_pause_that_is_asked_for_is_kept(
    server: BadServer, fetching: Fetching, status: int, after: object
) -> None:
    serve(server, bad.slow_down(status, after))  # type: ignore[arg-type]
    report = fetching(NAME)
    assert (report.errors, report.added) == ([], 3)
    assert sum(fetching.clock.slept) == 30


@pytest.mark.parametrize("after", ["7200", NOON + timedelta(hours=2)], ids=["seconds", "a date"])
def test_a_pause_of_hours_is_remembered_and_the_host_left_alone(
    server: BadServer, fetching: Fetching, after: object
) -> None:
    server.script(BOX, bad.slow_down(429, after))  # type: ignore[arg-type]
    report = fetching(NAME)
    assert report.exit_code == 4
    said = "asks to be left alone (429); not before 2026-03-01T14:00:0"
    assert said in lines(report)[0]
    assert [thread.state for thread in report.threads] == ["waiting"]
    ((until,),) = fetching.rows("SELECT not_before_utc FROM fetch_queue")
    assert until.startswith("2026-03-01T14:00:0")

    serve(server)
    for names in (), (NAME,), ("b.0@example.org",):
        fetching.later(minutes=30)
        for force in False, True:  # it is the server that asked
            again = fetching(*names, force=force)
            assert again.exit_code == 4
            assert all(said in line for line in lines(again))
            assert again.errors
    assert server.paths() == [BOX]
    assert fetching.state() == "waiting"

    fetching.later(minutes=31)
    healed = fetching()
    assert healed.added == 3
    assert [type(error).__name__ for error in healed.errors] == ["NotOnServer"]  # b.0
    assert fetching.rows("SELECT not_before_utc FROM fetch_queue WHERE state = 'done'") == [(None,)]


def test_a_server_that_always_asks_for_time_gets_it(server: BadServer, fetching: Fetching) -> None:
    server.script(BOX, bad.slow_down(429, "5"))
    report = fetching(NAME)
    assert "keeps asking to slow down; not before" in lines(report)[0]
    assert fetching.state() == "waiting"
    asked = len(server.requests)
    assert asked == 4
    serve(server)
    assert fetching(NAME).exit_code == 4
    assert len(server.requests) == asked
    fetching.later(minutes=11)
    assert fetching(NAME).added == 3


def test_one_thing_that_fails_does_not_put_its_host_to_rest(
    server: BadServer, fetching: Fetching
) -> None:
    server.script(PAGE, bad.trouble(500))
    server.script(BOX, bad.trouble(500))
    assert "(500)" in lines(fetching(NAME, check=True))[0]
    serve(server)
    assert fetching(NAME).added == 3


def test_a_host_that_fails_for_one_thing_after_the_other_is_left_alone(
    server: BadServer, fetching: Fetching
) -> None:
    names = [f"{word}.0@example.org" for word in "abcdefgh"]
    for name in names:
        server.script(f"/all/{name}/t.mbox.gz", bad.trouble(500))
    report = fetching(*names)
    assert len(server.requests) == 8
    assert [thread.state for thread in report.threads] == ["failed"] * 2 + ["waiting"] * 6
    assert "failed 8 times in a row; not before" in lines(report)[-1]
    fetching.later(minutes=11)
    serve(server)
    assert fetching(NAME).added == 3


# -- answers that are something else ----------------------------------------------------


@pytest.mark.parametrize("status", [200, 403, 503])
def test_a_challenge_is_named_and_nothing_is_sent_for_an_hour(
    server: BadServer, fetching: Fetching, status: int
) -> None:
    server.script(BOX, bad.challenge(status))
    report = fetching(NAME, "b.0@example.org")
    assert report.exit_code == 4
    assert "wants proof that a person asks (Anubis)" in lines(report)[0]
    assert "threadkit is a program" in lines(report)[0]
    assert server.paths() == [BOX]
    assert fetching.rows("SELECT state, why <> '' FROM fetch_queue") == [("waiting", 1)] * 2
    serve(server)
    fetching.later(minutes=59)
    assert fetching().exit_code == 4
    assert server.paths() == [BOX]
    fetching.later(minutes=2)
    assert fetching().added == 3


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (
            bad.page("<html><title>Welcome</title>hello</html>"),
            "a web page where mail was expected",
        ),
        (body(gzip.compress(b"<html>hello</html>")), "a web page where mail was expected"),
        (body(b'{"error": "no"}'), "something that is no mailbox"),
        (body(gzip.compress(b"hello\n")), "something that is no mailbox"),
        (body(gzip.compress(b"From mboxrd@z Thu Jan  1 00:00:00 1970\n")), "lacks the mail"),
        (body(packed(2, "other")), "lacks the mail that was asked for"),
        (body(b"", status=403), "does not let us have it"),
        (body(b"", status=418), "status 418"),
        (body(b"", status=302), "status 302"),
        (bad.redirect("https://evil.example.com/x"), "evil.example.com, a host that is not known"),
        (bad.redirect(BOX), "redirects in a circle"),
        (bad.redirect("/all/x"), "redirects in a circle"),
    ],
)
def test_what_is_not_the_thread_is_told_at_once_and_asked_for_in_the_next_run(
    server: BadServer, fetching: Fetching, answer: Behaviour, why: str
) -> None:
    server.script(BOX, answer)
    server.script("/all/x", bad.redirect(BOX))
    report = fetching(NAME)
    assert (report.exit_code, len(report.errors)) == (4, 1)
    assert why in lines(report)[0]
    assert server.host in lines(report)[0]
    assert server.paths().count(BOX) == 1
    assert fetching.state() == "failed"
    assert fetching.rows("SELECT count(*) FROM message WHERE message_id LIKE 'a.%'") == [(0,)]
    serve(server)
    assert fetching().added == 3
    assert fetching.findings() == []


def test_redirects_to_known_hosts_are_followed(server: BadServer, fetching: Fetching) -> None:
    with BadServer() as other:
        server.script(BOX, bad.redirect("/all/b/t.mbox.gz"))
        server.script("/all/b/t.mbox.gz", bad.redirect(other.url("/x"), 307))
        other.script("/x", body(packed(3)))
        assert other.host in lines(fetching(NAME))[0]
        fetching.lore = [*fetching.lore, other.url("")]
        report = fetching(NAME)
        assert report.added == 3
        assert report.threads[0].url == other.url("/x")


@pytest.mark.parametrize(
    "answer",
    [
        body(gzip.compress(WHOLE), headers={"Content-Encoding": "gzip"}),
        body(WHOLE, headers={"Content-Encoding": "gzip"}),
        body(thread(3), headers={"Content-Encoding": "gzip"}),
        body(thread(3), framing="chunked"),
        body(WHOLE, framing="close"),
        body(WHOLE, headers={"Content-Type": "text/html"}),
    ],
)
def test_whatever_a_proxy_did_to_the_packing_the_mail_is_the_same(
    server: BadServer, fetching: Fetching, answer: Behaviour
) -> None:
    server.script(BOX, answer)
    report = fetching(NAME)
    assert (report.errors, report.added) == ([], 3)
    assert fetching.rows("SELECT count(DISTINCT sha256) FROM raw") == [(3,)]
    assert fetching.findings() == []


def test_a_bomb_is_dropped_in_little_memory_and_not_asked_for_in_every_run(
    server: BadServer, fetching: Fetching
) -> None:
    head = bad.framed(b"", framing="chunked").head
    bomb = gzip.compress(thread(1) + bytes(200 << 20), 9, mtime=0)

    def explode(line: bad.Line) -> None:
        line.send(head)
        for at in range(0, len(bomb), 4096):
            line.send(b"%x\r\n%b\r\n" % (len(bomb[at : at + 4096]), bomb[at : at + 4096]))
        line.send(b"0\r\n\r\n")

    server.script(BOX, explode)
    tracemalloc.start()
    try:
        report = fetching(NAME)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert "far more than mail does; nothing of it was stored" in lines(report)[0]
    assert (report.exit_code, len(server.requests)) == (4, 1)
    assert peak < 150e6  # a mail may have 64 MiB; the bomb has 200
    assert (fetching.mails, fetching.state()) == (0, "refused")
    assert fetching().errors == []
    assert len(server.requests) == 1
    serve(server)
    assert fetching(NAME).added == 3  # by its name it is asked for


# -- other servers ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "failure", [bad.trouble(500), bad.reset(), bad.slow_down(429, "7200"), body(WHOLE[:20])]
)
def test_the_second_server_helps_out(
    server: BadServer, fetching: Fetching, failure: Behaviour
) -> None:
    server.script(BOX, failure)
    server.script(PAGE, failure)
    with BadServer() as other:
        other.script(BOX, body(packed(3)))
        fetching.lore = [*fetching.lore, other.url("").rstrip("/")]
        report = fetching(NAME)
        assert (report.errors, report.added) == ([], 3)
        assert report.threads[0].url == other.url(BOX)


def test_a_closed_port_is_told_and_healed(fetching: Fetching, server: BadServer) -> None:
    right = fetching.lore
    fetching.lore = ["http://127.0.0.1:1"]
    report = fetching(NAME, check=True)
    assert report.exit_code == 4
    assert "http://127.0.0.1:1/" in lines(report)[0]
    assert "the connection is refused; nothing serves there" in lines(report)[0]
    assert len(fetching.clock.slept) == 3
    fetching.lore = right
    serve(server)
    assert fetching().added == 3


def test_an_overview_that_does_not_come_keeps_no_mail_away(
    server: BadServer, fetching: Fetching
) -> None:
    for number, answer in enumerate(
        (
            bad.trouble(500),
            bad.reset(),
            bad.silent(),
            bad.page("<p>?</p>"),
            bad.endless(b"<p>" * 9999),
        )
    ):
        fetching.manners = {"silence_s": 0.2}
        server.script(PAGE, answer)
        serve(server, count=3 + number)
        report = fetching(NAME, force=True, check=True)
        assert (report.errors, report.added) == ([], 3 if not number else 1)


def test_an_unknown_id_is_final_and_told_with_what_is_near(
    server: BadServer, fetching: Fetching
) -> None:
    report = fetching(NAME)
    assert report.exit_code == 3
    assert [thread.state for thread in report.threads] == ["missing"]
    assert fetching.state() == "missing"
    asked = len(server.requests)
    assert fetching().errors == []  # what is left over: nothing
    assert len(server.requests) == asked
    serve(server)
    assert fetching(NAME).added == 3


def test_no_transaction_is_open_while_a_server_is_asked(
    server: BadServer, fetching: Fetching
) -> None:
    """Somebody else writes to the database while the answer is on its way."""
    import sqlite3

    wrote = []

    def slow(line: bad.Line) -> None:
        answer = bad.framed(BIG, framing="chunked")
        for part in (answer.head, answer.rest[:200_000], answer.rest[200_000:]):
            other = sqlite3.connect(fetching.db, timeout=5)
            other.execute("CREATE TABLE IF NOT EXISTS other (n)")
            other.execute("INSERT INTO other VALUES (1)")
            other.commit()
            other.close()
            wrote.append(1)
            line.send(part)

    server.script(PAGE, slow)
    server.script(BOX, slow)
    assert fetching(NAME, check=True).added == 3
    assert len(wrote) >= 4


@pytest.mark.slow
def test_ten_thousand_mails(server: BadServer, fetching: Fetching) -> None:
    server.script(BOX, body(packed(10_000), framing="chunked", chunk_bytes=8000))
    report = fetching(NAME)
    assert (report.errors, report.added) == ([], 10_000)
    assert [(one.state, one.messages) for one in report.threads] == [("new", 10_000)]
    assert fetching.rows("SELECT count(*), count(DISTINCT root) FROM message") == [(10_000, 1)]
    again = fetching(NAME, force=True)
    assert [(one.state, one.added) for one in again.threads] == [("same", 0)]
