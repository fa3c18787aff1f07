"""Manners: who asks, pauses, attempts, rests, status codes, and no network."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.fetch.badserver import (
    BadServer,
    FakeClock,
    body,
    challenge,
    cut,
    page,
    raw,
    reset,
    silent,
    slow_down,
    trouble,
)
from threadkit.errors import (
    BrokenAnswer,
    NotOnServer,
    Offline,
    Resting,
    ServerTrouble,
    SourceError,
    UnexpectedAnswer,
    Unreachable,
)
from threadkit.fetch.web.manners import Manners, RestsInMemory
from threadkit.fetch.web.session import Session

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOON)


@pytest.fixture
def server() -> Iterator[BadServer]:
    with BadServer() as server:
        yield server


class Told(list[str]):
    """The lines that a session told."""


def polite(clock: FakeClock, **kw: Any) -> Session:
    """A session on a fake clock that draws the longest wait; words go to Manners."""
    mine = {name: kw.pop(name) for name in ("memory", "tell", "offline") if name in kw}
    return Session(Manners(**kw), clock=clock, chance=lambda: 1.0, **mine)


def test_it_says_who_asks_and_claims_nothing_else(
    server: BadServer, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THREADKIT_CONTACT", "https://example.org/me)\r\nX-Evil: (1")
    with polite(clock) as session:
        session.page(server.script("/", page("<p>hi</p>")))
        with session.open(server.url("/"), max_bytes=100) as answer:
            answer.read()
    first, second = (request.headers for request in server.requests)
    assert first["user-agent"] == "threadkit/0.1.0 (+https://example.org/me X-Evil: 1)"
    assert (first["accept-encoding"], second["accept-encoding"]) == ("gzip", "identity")
    assert set(first) <= {"host", "user-agent", "accept", "accept-encoding", "connection"}


def test_one_connection_serves_all_requests_to_a_host(server: BadServer, clock: FakeClock) -> None:
    with polite(clock) as session:
        for path in "/a", "/b", "/missing", "/c":
            server.script(path, body(b"x", status=404 if path == "/missing" else 200))
            try:
                session.page(server.url(path))
            except NotOnServer:
                assert path == "/missing"
    assert server.connections == 1


def test_two_answers_of_a_host_cannot_be_read_at_once(server: BadServer, clock: FakeClock) -> None:
    url = server.script("/", body(bytes(500_000)))
    with polite(clock) as session:
        with (
            session.open(url, max_bytes=1 << 20),
            pytest.raises(RuntimeError, match="still being"),
            session.open(url, max_bytes=1 << 20),
        ):
            pass
        assert len(session.page(url).data) == 500_000


def test_the_pause_runs_from_the_end_of_a_request(server: BadServer, clock: FakeClock) -> None:
    url = server.script("/", body(b"x"))
    with polite(clock, loopback_pause_s=3.0) as session:
        with session.open(url, max_bytes=10) as answer:
            clock.now += 50  # However long the reading takes.
            while answer.read():
                pass
        session.page(url)
        clock.now += 1
        session.page(url)
        clock.now += 100
        session.page(url)
    assert clock.slept == [3.0, 2.0]


def test_this_machine_gets_no_pause_and_others_do() -> None:
    assert Manners().pause("127.0.0.1:8080") == 0
    assert Manners().pause("lore.kernel.org") == 1


@pytest.mark.parametrize(
    "failure",
    [reset(), trouble(500), trouble(502), trouble(503), cut(b"x" * 50, 20), raw(b"\0\1junk\r\n")],
)
def test_a_second_attempt_heals(server: BadServer, clock: FakeClock, failure: Any) -> None:
    url = server.script("/", failure, body(b"whole"))
    told = Told()
    with polite(clock, tell=told.append) as session:
        assert session.page(url).data == b"whole"
    assert (server.paths(), clock.slept) == (["/", "/"], [2.0])
    assert len(told) == 1
    assert told[0].endswith("attempt 2 of 4")


def test_attempts_are_bounded_and_wait_longer_each_time(
    server: BadServer, clock: FakeClock
) -> None:
    url = server.script("/", trouble(500))
    with polite(clock) as session, pytest.raises(ServerTrouble) as caught:
        session.page(url)
    assert (len(server.requests), clock.slept) == (4, [2.0, 4.0, 8.0])
    assert (caught.value.status, caught.value.exit_code) == (500, 4)
    assert str(caught.value) == f"{url}: the server has trouble of its own (500)"


def test_whatever_the_work_does_with_a_body_is_retried(server: BadServer, clock: FakeClock) -> None:
    url = server.script("/", body(b"bad"), body(b"good"))

    def work() -> bytes:
        with session.open(url, max_bytes=100) as answer:
            if (data := answer.read()) != b"good":
                raise BrokenAnswer(url, "the checksum is wrong")
            return data

    with polite(clock) as session:
        assert session.retrying(url, work) == b"good"


@pytest.mark.parametrize(
    ("status", "error"),
    [(404, NotOnServer), (410, NotOnServer), (401, UnexpectedAnswer), (403, UnexpectedAnswer),
     (405, UnexpectedAnswer), (204, UnexpectedAnswer), (206, UnexpectedAnswer),
     (300, UnexpectedAnswer), (304, UnexpectedAnswer), (999, ServerTrouble)],
)  # fmt: skip
def test_a_status_that_is_final_is_asked_for_once(
    server: BadServer, clock: FakeClock, status: int, error: type[Exception]
) -> None:
    url = server.script("/", body(b"" if status in (204, 304) else b"no", status=status))
    with polite(clock, attempts=1) as session, pytest.raises(error, match=str(status)):
        session.page(url)
    assert len(server.requests) == 1


@pytest.mark.parametrize(("status", "error"), [(404, NotOnServer), (500, ServerTrouble)])
def test_a_status_counts_for_more_than_a_page_that_is_cut(
    server: BadServer, clock: FakeClock, status: int, error: type[Exception]
) -> None:
    head = f"HTTP/1.1 {status} Whatever\r\nContent-Length: 900\r\n\r\n<html>".encode()
    url = server.script("/", raw(head))
    with polite(clock, attempts=1) as session, pytest.raises(error):
        session.page(url)


def test_a_status_that_the_caller_knows_is_an_answer(server: BadServer, clock: FakeClock) -> None:
    url = server.script("/", page("<p>partial matches</p>", status=300))
    with polite(clock) as session:
        found = session.page(url, accept_statuses=(200, 300, 404))
    assert (found.status, found.text()) == (300, "<p>partial matches</p>")


@pytest.mark.parametrize("status", [429, 503])
def test_a_short_retry_after_is_waited_for(
    server: BadServer, clock: FakeClock, status: int
) -> None:
    asks = slow_down(status, "7")
    on = slow_down(status, NOON + timedelta(seconds=7 + 20))
    url = server.script("/", asks, on, body(b"whole"))
    told = Told()
    with polite(clock, tell=told.append) as session:
        assert session.page(url).data == b"whole"
    assert clock.slept == [7.0, 20.0]
    assert told[0] == f"{server.host} asks to be left alone ({status}): waiting 7 s"


def test_a_short_retry_after_holds_for_the_whole_host(server: BadServer, clock: FakeClock) -> None:
    server.script("/a", slow_down(429, "9"))
    url = server.script("/b", body(b"whole"))
    with polite(clock) as session:
        with pytest.raises(ServerTrouble), session.open(server.url("/a"), max_bytes=10):
            pass
        assert session.page(url).data == b"whole"
    assert clock.slept == [9.0]


@pytest.mark.parametrize("after", ["21600", NOON + timedelta(hours=6)], ids=["seconds", "date"])
def test_a_long_retry_after_is_kept_and_nothing_more_is_sent(
    server: BadServer, clock: FakeClock, after: str | datetime
) -> None:
    url = server.script("/", slow_down(429, after), body(b"whole"))
    memory = RestsInMemory()
    with polite(clock, memory=memory) as session, pytest.raises(Resting) as caught:
        session.page(url)
    assert caught.value.not_before_utc == "2026-03-01T18:00:00Z"
    assert memory.rests == {server.host: ("2026-03-01T18:00:00Z", "asks to be left alone (429)")}
    with polite(clock, memory=memory) as session:  # Another process, as it were.
        with pytest.raises(Resting, match="not before 2026-03-01T18:00:00Z"):
            session.page(server.url("/else"))
        assert (len(server.requests), clock.slept) == (1, [])
        clock.moment += timedelta(hours=6)
        assert session.page(url).data == b"whole"


@pytest.mark.parametrize("after", [None, "5", "soon", "-3", "9" * 400])
def test_a_host_that_asks_for_ever_is_left_alone(
    server: BadServer, clock: FakeClock, after: str | None
) -> None:
    url = server.script("/", slow_down(429, after))
    with polite(clock) as session:
        with pytest.raises(Resting):
            session.page(url)
        asked = len(server.requests)
        assert asked == (1 if after and len(after) > 9 else 4)
        with pytest.raises(Resting):
            session.page(url)
        assert len(server.requests) == asked


def test_too_many_failures_in_a_row_open_the_breaker(server: BadServer, clock: FakeClock) -> None:
    server.script("/a", trouble())
    server.script("/b", reset())
    memory = RestsInMemory()
    with polite(clock, memory=memory, breaker_failures=5) as session:
        with pytest.raises(ServerTrouble):
            session.page(server.url("/a"))
        with pytest.raises(Resting, match="failed 5 times in a row"):
            session.page(server.url("/b"))
        assert len(server.requests) == 5
        until = datetime.fromisoformat(memory.rests[server.host][0])
        assert timedelta(0) <= until - clock.moment - timedelta(seconds=600) <= timedelta(seconds=1)
        clock.moment = until
        server.script("/a", trouble(), trouble(), body(b"well again"))
        assert session.page(server.url("/a")).data == b"well again"


def test_a_success_between_closes_the_breaker(server: BadServer, clock: FakeClock) -> None:
    url = server.script("/", *[trouble(), trouble(), trouble(), body(b"x")] * 3)
    with polite(clock) as session:
        assert [session.page(url).data for _ in range(3)] == [b"x"] * 3


def test_an_answer_that_says_no_closes_the_breaker_as_well(
    server: BadServer, clock: FakeClock
) -> None:
    url = server.script("/", *[trouble(), trouble(), body(b"no", status=404)] * 5)
    with polite(clock, breaker_failures=3) as session:
        for _ in range(5):
            with pytest.raises(NotOnServer):
                session.page(url)


def test_a_failure_of_another_host_is_not_counted_here(clock: FakeClock) -> None:
    memory = RestsInMemory()
    with BadServer() as one, BadServer() as other:
        there = other.script("/", trouble())
        url = one.script("/", body(b"x"))

        def work() -> None:
            with session.open(url, max_bytes=10) as answer:
                answer.read()
                session.page(there)

        with polite(clock, memory=memory, breaker_failures=2, attempts=1) as session:
            for _ in range(2):
                with pytest.raises(ServerTrouble):
                    session.retrying(url, work)
            assert set(memory.rests) == {other.host}
            assert session.page(url).data == b"x"


def test_an_error_that_names_no_url_is_counted_where_it_was_raised(
    server: BadServer, clock: FakeClock
) -> None:
    url = server.script("/", body(b"x"))
    memory = RestsInMemory()

    def work() -> None:
        with session.open(url, max_bytes=10):
            raise BrokenAnswer("the mailbox", "ends in the middle of a mail")

    with polite(clock, memory=memory, breaker_failures=2) as session, pytest.raises(Resting):
        session.retrying(url, work)
    assert set(memory.rests) == {server.host}


def test_closing_the_session_ends_what_is_open(server: BadServer, clock: FakeClock) -> None:
    session = polite(clock)
    with session.open(server.script("/", body(bytes(300_000))), max_bytes=1 << 20) as answer:
        session.close()
        with pytest.raises(BrokenAnswer, match="not read to its end"):
            answer.read()
    assert answer.ended


def test_a_broken_body_counts_for_the_breaker_as_well(server: BadServer, clock: FakeClock) -> None:
    url = server.script("/", cut(b"x" * 100, 50))
    with polite(clock, attempts=9, breaker_failures=3) as session, pytest.raises(Resting):
        session.page(url)
    assert len(server.requests) == 3


def test_nothing_serves_there(clock: FakeClock) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    url = f"http://127.0.0.1:{port}/"
    with polite(clock) as session, pytest.raises(Unreachable) as caught:
        session.page(url)
    assert str(caught.value) == f"{url}: the connection is refused; nothing serves there"
    assert len(clock.slept) == 3


def test_no_network_is_named_and_no_host_is_blamed(
    clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kw: object) -> object:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    for name in os.environ:
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    memory = RestsInMemory()
    with polite(clock, memory=memory) as session:
        for _ in range(3):
            with pytest.raises(Unreachable, match="no such host, or no network"):
                session.page("https://lore.example.org/all/")
    assert memory.rests == {}


def test_silence_before_the_answer_is_unreachable(server: BadServer, clock: FakeClock) -> None:
    url = server.script("/", silent(), body(b"whole"))
    with polite(clock, silence_s=0.2) as session:
        with pytest.raises(Unreachable, match=r"silent for 0\.2 s"), session.open(url, max_bytes=9):
            pass
        assert session.page(url).data == b"whole"


@pytest.mark.parametrize(
    "url",
    ["", "lore.kernel.org", "ftp://example.org/", "http://", "https:///all/", "file:///etc/passwd",
     "http://[::1/", "http://example.org:99999/", "https://ann:secret@example.org/",
     "http://\0.example.org/", "http://a\tb.example.org/", "https://.example.org/", "https://\u00fc%s/" % ("x" * 70),
     "http://evil.example\\.example.org/", "http://a b.example.org/"],
)  # fmt: skip
def test_what_is_no_url_is_not_sent(clock: FakeClock, url: str) -> None:
    with polite(clock) as session, pytest.raises(SourceError) as caught:
        session.page(url)
    assert "secret" not in str(caught.value)


def test_offline_neither_asks_nor_imports() -> None:
    code = (
        "import socket, sys\n"
        "from threadkit.errors import Offline\n"
        "from threadkit.fetch.web.session import Session\n"
        "socket.socket = socket.getaddrinfo = None\n"
        "with Session(offline=True) as session:\n"
        "    try: session.page('https://lore.kernel.org/all/')\n"
        "    except Offline as error: print(error)\n"
        "print(sorted({'requests', 'urllib3', 'bs4', 'ssl'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == (
        "https://lore.kernel.org/all/: needs the network, which is switched off\n[]\n"
    )


def test_offline_with_a_host_of_this_machine(server: BadServer, clock: FakeClock) -> None:
    with polite(clock, offline=True) as session, pytest.raises(Offline):
        session.page(server.script("/", body(b"x")))
    assert server.connections == 0


def test_no_proxy_for_this_machine_and_the_environment_s_for_others(
    server: BadServer, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", server.url("/"))
    for name in "no_proxy", "NO_PROXY":
        monkeypatch.delenv(name, raising=False)
    server.script("/here", body(b"here"))
    server.script("http://lore.example.org/there", body(b"there"))
    with polite(clock) as session:
        assert session.page(server.url("/here")).data == b"here"
        assert session.page("http://lore.example.org/there").data == b"there"
    assert server.paths() == ["/here", "http://lore.example.org/there"]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_is_not_there_is_named(
    clock: FakeClock, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        monkeypatch.setenv(f"{scheme}_proxy", f"http://127.0.0.1:{gone.getsockname()[1]}")
    for name in "no_proxy", "NO_PROXY":
        monkeypatch.delenv(name, raising=False)
    with polite(clock) as session, pytest.raises(Unreachable, match="the proxy that the environ"):
        session.page(f"{scheme}://lore.example.org/all/")


def test_a_plain_server_where_a_secure_one_is_asked_for(
    server: BadServer, clock: FakeClock
) -> None:
    url = server.url("/").replace("http:", "https:")
    with polite(clock) as session, pytest.raises(Unreachable, match="no secure connection"):
        session.page(url)


@pytest.mark.parametrize(
    ("code", "words"),
    [(errno.ENETUNREACH, "no network"), (errno.ECONNREFUSED, "refused"), (errno.EMFILE, "no conn")],
)
def test_a_system_that_cannot_connect(
    clock: FakeClock, monkeypatch: pytest.MonkeyPatch, code: int, words: str
) -> None:
    def connect(self: socket.socket, address: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(socket.socket, "connect", connect)
    memory = RestsInMemory()
    fails = pytest.raises(Unreachable, match=words)
    with polite(clock, memory=memory, breaker_failures=4) as session, fails:
        session.page("http://127.0.0.1:8080/")
    assert bool(memory.rests) == (code != errno.ENETUNREACH)


def test_a_connection_that_does_not_come(clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(self: socket.socket, address: object) -> None:
        raise TimeoutError("timed out")

    monkeypatch.setattr(socket.socket, "connect", connect)
    with polite(clock) as session, pytest.raises(Unreachable, match="no connection within 10 s"):
        session.page("http://127.0.0.1:8080/")


def test_netrc_and_cookies_are_left_alone(
    server: BadServer, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login ann password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    url = server.script("/", body(b"x", headers={"Set-Cookie": "who=ann; Path=/"}))
    with polite(clock) as session:
        session.page(url)
        session.page(url)
    for request in server.requests:
        assert not {"cookie", "authorization"} & set(request.headers)


def test_a_challenge_is_named_and_the_host_is_left_alone(
    server: BadServer, clock: FakeClock
) -> None:
    url = server.script("/t.mbox.gz", challenge())
    memory = RestsInMemory()
    with polite(clock, memory=memory) as session:
        with pytest.raises(Exception, match="wants proof that a person asks") as caught:
            session.page(url)
        assert type(caught.value).__name__ == "Challenged"
        assert "Anubis" in str(caught.value)
        with pytest.raises(Resting, match="not before 2026-03-01T13:00:00Z"):
            session.page(url)
    assert len(server.requests) == 1


def test_an_interrupt_leaves_cleanly(server: BadServer, clock: FakeClock) -> None:
    url = server.script("/", body(bytes(300_000)))
    answers = []

    def work() -> None:
        with session.open(url, max_bytes=1 << 20) as answer:
            answers.append(answer)
            answer.read(10)
            raise KeyboardInterrupt

    with polite(clock) as session:
        with pytest.raises(KeyboardInterrupt):
            session.retrying(url, work)
        assert [answer.ended for answer in answers] == [True]
        assert len(session.page(url).data) == 300_000
