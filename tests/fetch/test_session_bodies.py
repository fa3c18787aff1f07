"""Bodies: cut, slow, packed, too large; a part of one is never taken for the whole."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fetch.badserver import (
    BadServer,
    FakeClock,
    Line,
    body,
    bomb,
    cut,
    cut_gzip,
    cut_head,
    endless,
    flip_bit,
    framed,
    page,
    raw,
    silent,
    trickle,
    trickle_head,
)
from tests.fetch.test_session import NOON, polite
from threadkit.errors import AnswerTooLarge, BrokenAnswer, FetchError
from threadkit.fetch.web.answer import Page
from threadkit.fetch.web.session import Session

DATA = bytes(range(256)) * 20
FRAMINGS = ("length", "chunked")


@pytest.fixture(scope="module")
def server() -> Iterator[BadServer]:
    with BadServer() as server:
        yield server


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOON)


def whole(session: Session, url: str, step: int = 1000, max_bytes: int = 1 << 20) -> bytes:
    """Read a body to its end; the end must be one that HTTP marks."""
    with session.open(url, max_bytes=max_bytes) as answer:
        data = b"".join(iter(lambda: answer.read(step), b""))
        assert answer.framed
        return data


@given(
    data=st.binary(min_size=1, max_size=3000),
    framing=st.sampled_from(FRAMINGS),
    chunk_bytes=st.integers(1, 700),
    step=st.integers(1, 5000),
)
def test_a_body_arrives_as_it_was_sent(
    server: BadServer, data: bytes, framing: str, chunk_bytes: int, step: int
) -> None:
    url = server.script("/whole", body(data, framing=framing, chunk_bytes=chunk_bytes))
    with polite(FakeClock(NOON)) as session:
        assert whole(session, url, step) == data
        assert session.page(url).data == data or data[:2] == b"\x1f\x8b"


@given(
    data=st.binary(min_size=1, max_size=600),
    framing=st.sampled_from(FRAMINGS),
    chunk_bytes=st.integers(1, 700),
    where=st.floats(0, 1, exclude_max=True),
    step=st.integers(1, 5000),
)
def test_a_cut_body_is_never_a_short_success(
    server: BadServer, data: bytes, framing: str, chunk_bytes: int, where: float, step: int
) -> None:
    sent = framed(data, framing=framing, chunk_bytes=chunk_bytes).rest
    after = int(where * len(sent))
    url = server.script("/cut", cut(data, after, framing=framing, chunk_bytes=chunk_bytes))
    with polite(FakeClock(NOON), breaker_failures=999) as session, pytest.raises(BrokenAnswer):
        whole(session, url, step)


@given(where=st.integers(0, 10_000), reset=st.booleans())
def test_a_cut_head_is_never_an_answer(server: BadServer, where: int, reset: bool) -> None:
    after = where % len(framed(b"").head)
    url = server.script("/head", cut_head(b"", after, reset=reset))
    with polite(FakeClock(NOON)) as session, pytest.raises(BrokenAnswer):
        whole(session, url)


@pytest.mark.parametrize("framing", FRAMINGS)
@pytest.mark.parametrize("reset", [False, True], ids=["end", "reset"])
def test_a_second_attempt_heals_a_cut_body(
    server: BadServer, clock: FakeClock, framing: str, reset: bool
) -> None:
    broken = cut(DATA, 2000, framing=framing, reset=reset)
    url = server.script("/heal", broken, broken, body(DATA))
    with polite(clock) as session:
        assert session.retrying(url, lambda: whole(session, url)) == DATA
    assert clock.slept == [2.0, 4.0]


def test_after_a_failure_the_answer_stays_broken(server: BadServer, clock: FakeClock) -> None:
    url = server.script("/stays", cut(DATA, 2000))
    with polite(clock) as session, session.open(url, max_bytes=1 << 20) as answer:
        for _ in range(3):
            with pytest.raises(BrokenAnswer, match="ends before its end"):
                b"".join(iter(answer.read, b""))


def test_without_framing_the_end_is_not_proven(server: BadServer, clock: FakeClock) -> None:
    url = server.script("/close", body(DATA, framing="close"))
    with polite(clock, attempts=2) as session:
        with session.open(url, max_bytes=1 << 20) as answer:
            assert b"".join(iter(answer.read, b"")) == DATA
            assert not answer.framed
        with pytest.raises(BrokenAnswer, match="nothing says that the answer is complete"):
            session.page(url)


@pytest.mark.parametrize(
    "data", [b"<html>\n<p>all</p></HTML>\n", gzip.compress(b"all of it", mtime=0)]
)
def test_without_framing_the_content_may_prove_its_end(
    server: BadServer, clock: FakeClock, data: bytes
) -> None:
    with polite(clock, attempts=1) as session:
        assert b"all" in session.page(server.script("/own", body(data, framing="close"))).data
        with pytest.raises(BrokenAnswer):
            session.page(server.script("/own", body(data[:-3], framing="close")))


def test_a_trickle_ends_with_the_time_for_the_request(server: BadServer) -> None:
    url = server.script("/slow", trickle(DATA, every_s=0.01), body(DATA))
    clock = FakeClock(NOON, step_s=10.0)
    with polite(clock) as session:
        with pytest.raises(BrokenAnswer, match="not complete after 600 s"):
            whole(session, url)
        assert whole(session, url) == DATA


@pytest.mark.parametrize("step", [1, 7])
def test_headers_that_trickle_end_as_well(server: BadServer, step: int) -> None:
    url = server.script("/slow", trickle_head(DATA, every_s=0.01, step=step), body(DATA))
    clock = FakeClock(NOON, step_s=60.0)
    with polite(clock) as session:
        with pytest.raises(BrokenAnswer, match="not complete after 600 s"):
            whole(session, url)
        assert whole(session, url) == DATA


def test_the_last_wait_is_no_longer_than_what_is_left(server: BadServer) -> None:

    def late(line: Line) -> None:
        sent = framed(DATA)
        line.send(sent.head + sent.rest[:100])
        line.pause(1.5)
        line.send(sent.rest[100:])

    url = server.script("/late", late)
    clock = FakeClock(NOON)
    slow = pytest.raises(BrokenAnswer, match=r"not complete after 0\.2 s")
    with polite(clock, silence_s=30, deadline_s=0.2) as session, slow:
        whole(session, url)


def test_silence_in_the_body(server: BadServer, clock: FakeClock) -> None:
    url = server.script("/silent", silent(DATA, 100), body(DATA))
    with polite(clock, silence_s=0.2) as session:
        with pytest.raises(BrokenAnswer, match=r"silent for 0\.2 s"):
            whole(session, url)
        assert whole(session, url) == DATA


def test_an_empty_page_is_none(server: BadServer, clock: FakeClock) -> None:
    url = server.script("/empty", body(b""), page("<p>now</p>"))
    with polite(clock) as session:
        assert session.page(url).text() == "<p>now</p>"
        assert whole(session, server.script("/nothing", body(b"", framing="chunked"))) == b""


TEXT = b"<html>" + b"a thread of mails " * 500 + b"</html>"


@pytest.mark.parametrize(
    ("sent", "label"),
    [
        (TEXT, None),
        (TEXT, "gzip"),
        (TEXT, "br"),
        (gzip.compress(TEXT, mtime=0), "gzip"),
        (gzip.compress(TEXT, mtime=0), None),
        (gzip.compress(TEXT, mtime=0), "identity"),
        (gzip.compress(gzip.compress(TEXT, mtime=0), mtime=0), "gzip"),
        (gzip.compress(gzip.compress(TEXT, mtime=0), mtime=0), "gzip, gzip"),
    ],
)
def test_a_page_is_unpacked_by_what_it_is(
    server: BadServer, clock: FakeClock, sent: bytes, label: str | None
) -> None:
    headers = {"Content-Encoding": label} if label else {}
    url = server.script("/packed", body(sent, headers=headers))
    with polite(clock) as session:
        assert session.page(url).data == TEXT
        assert whole(session, url) == sent


def test_a_packed_page_that_is_cut_in_whole_framing(server: BadServer, clock: FakeClock) -> None:
    url = server.script("/cutgz", body(cut_gzip(TEXT, 5)), body(gzip.compress(TEXT)))
    with polite(clock) as session:
        assert session.page(url).data == TEXT
    assert clock.slept == [2.0]


@given(bit=st.integers(0))
def test_a_flipped_bit_in_a_packed_page_is_never_other_text(server: BadServer, bit: int) -> None:
    packed = gzip.compress(TEXT, mtime=0)
    # The first three bytes make it gzip; flags, time and system may change nothing.
    bit = 24 + bit % (len(packed) * 8 - 24)
    url = server.script("/flip", body(flip_bit(packed, bit)))
    with polite(FakeClock(NOON), attempts=1) as session:
        try:
            assert session.page(url).data == TEXT
        except BrokenAnswer:
            return


@pytest.mark.parametrize("framing", FRAMINGS)
def test_a_body_over_the_limit_is_dropped(
    server: BadServer, clock: FakeClock, framing: str
) -> None:
    url = server.script("/large", body(DATA, framing=framing))
    with polite(clock) as session:
        assert whole(session, url, max_bytes=len(DATA)) == DATA
        with pytest.raises(AnswerTooLarge, match="more than 5119 bytes"):
            whole(session, url, max_bytes=len(DATA) - 1)
        with pytest.raises(AnswerTooLarge):
            session.page(url, max_bytes=len(DATA) - 1)
    assert clock.slept == []


def test_an_announced_size_is_enough_to_drop_a_body(server: BadServer, clock: FakeClock) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\nFrom "
    with polite(clock) as session, pytest.raises(AnswerTooLarge):
        whole(session, server.script("/huge", raw(head)))


@pytest.mark.parametrize(
    "attack",
    [
        bomb(200 << 20, headers={"Content-Encoding": "gzip", "Content-Type": "text/html"}),
        bomb(200 << 20, layers=2),
        endless(),
        endless(b"<!-- -->" * 8192),
    ],
    ids=["bomb", "bomb in a bomb", "endless", "endless page"],
)
def test_a_bomb_takes_no_memory(server: BadServer, clock: FakeClock, attack: Any) -> None:
    url = server.script("/bomb", attack)
    with polite(clock) as session:
        session.page(server.script("/warm", page("<p>imports done</p>")))
        tracemalloc.start()
        try:
            with pytest.raises(AnswerTooLarge):
                session.page(url, max_bytes=1 << 20)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    # The server in the same process takes some of it: a megabyte of zeros and its packing.
    assert peak < 12 << 20
    assert clock.slept == []


@pytest.mark.parametrize(
    "junk",
    [
        b"",
        b"220 smtp.example.org ESMTP\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n",
    ],
)
def test_what_is_not_http_is_broken(server: BadServer, clock: FakeClock, junk: bytes) -> None:
    url = server.script("/junk", raw(junk))
    with polite(clock) as session, pytest.raises(BrokenAnswer):
        whole(session, url)


@given(junk=st.binary(max_size=200))
def test_any_bytes_at_all_end_in_an_error_of_ours(server: BadServer, junk: bytes) -> None:
    url = server.script("/any", raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n" + junk))
    with polite(FakeClock(NOON), attempts=1) as session, suppress(FetchError):
        whole(session, url)


def test_head_has_no_body(server: BadServer, clock: FakeClock) -> None:
    url = server.script("/only", body(DATA))
    with polite(clock) as session:
        with session.open(url, method="HEAD", max_bytes=10_000) as answer:
            assert (answer.read(), answer.framed, answer.status) == (b"", True, 200)
        assert whole(session, url) == DATA


@given(st.binary(max_size=50), st.text(max_size=30))
def test_text_of_a_page_never_fails(data: bytes, charset: str) -> None:
    headers = {"content-type": f"text/html; charset={charset}"}
    assert isinstance(Page("http://example.org/", 200, headers, data).text(), str)


def test_a_body_is_handed_on_as_it_comes(server: BadServer, clock: FakeClock) -> None:
    data = b"From mboxrd@z" + bytes(100)
    url = server.script("/stream", silent(data, 50))
    with polite(clock, silence_s=0.2) as session, session.open(url, max_bytes=1000) as answer:
        assert answer.read(1 << 16) == data[:50]
        with pytest.raises(BrokenAnswer):
            answer.read(1 << 16)


def test_zlib_without_gzip_is_left_as_it_is(server: BadServer, clock: FakeClock) -> None:
    sent = zlib.compress(TEXT)
    url = server.script("/zlib", body(sent, headers={"Content-Encoding": "deflate"}))
    with polite(clock) as session:
        assert session.page(url).data == sent


def test_a_charset_of_no_web_page_is_not_used() -> None:
    data = b"caf\xc3\xa9-" + b"a" * 1000
    for name in ("punycode", "utf-16", "idna", "no-such", "hex", "\0"):
        headers = {"content-type": f"text/html; charset={name}"}
        assert Page("https://lore.example.org/", 200, headers, data).text().startswith("caf\u00e9")
