"""The units of good manners: the name to ask under, Retry-After, hosts and their rests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fetch.badserver import FakeClock
from threadkit.errors import Resting, SourceError
from threadkit.fetch.web.clock import SystemClock, stamp
from threadkit.fetch.web.hosts import Hosts, host_of
from threadkit.fetch.web.manners import (
    MAX_REST,
    Manners,
    RestsInMemory,
    is_loopback,
    retry_after,
    user_agent,
)

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
URL = "https://lore.example.org/all/"


@given(st.text())
def test_any_contact_makes_one_line_with_one_comment(contact: str) -> None:
    line = user_agent({"THREADKIT_CONTACT": contact})
    assert line.isascii()
    assert line.isprintable()
    assert line.startswith("threadkit/")
    assert line.endswith(")")
    assert line.count("(") == line.count(")") == 1


def test_it_never_looks_like_a_browser() -> None:
    assert not {"Mozilla", "Opera", "AppleWebKit"} & set(user_agent({}).split("/"))
    assert Manners().user_agent.startswith("threadkit/")


@given(st.integers(0, int(MAX_REST.total_seconds())))
def test_seconds_are_seconds(seconds: int) -> None:
    assert retry_after(str(seconds), NOON) == timedelta(seconds=seconds)


@given(st.integers(-(10**9), 10**9))
def test_dates_count_from_now_within_bounds(seconds: int) -> None:
    date = format_datetime(NOON + timedelta(seconds=seconds), usegmt=True)
    expected = min(max(timedelta(seconds=seconds), timedelta(0)), MAX_REST)
    assert retry_after(date, NOON) == expected


@pytest.mark.parametrize(
    "date",
    [
        "Sunday, 01-Mar-26 12:01:30 GMT",
        "Sun Mar  1 12:01:30 2026",
        "Sun, 1 Mar 2026 13:01:30 +0100",
    ],
)
def test_older_forms_of_a_date(date: str) -> None:
    assert retry_after(date, NOON) == timedelta(seconds=90)


@given(st.text() | st.integers().map(str) | st.none())
def test_any_retry_after_is_a_bounded_pause_or_none(value: str | None) -> None:
    pause = retry_after(value, NOON)
    assert pause is None or timedelta(0) <= pause <= MAX_REST


@given(st.text(max_size=30), st.sampled_from(["", "http://", "https://", "https://a.example.org"]))
def test_any_text_has_a_host_or_is_no_url(text: str, start: str) -> None:
    try:
        host = host_of(start + text)
    except SourceError as error:
        words = str(error)
        assert words
    else:
        assert host == host.lower()
        assert not set(host) & set("/\\@?# \t\r\n%")


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://A.Example.org:80/x", "a.example.org"),
        ("https://a.example.org:443", "a.example.org"),
        ("http://a.example.org:443/", "a.example.org:443"),
        ("https://[2001:DB8::1]/", "[2001:db8::1]"),
        ("https://b\u00fccher.example/", "b\u00fccher.example"),
    ],
)
def test_hosts_are_told_apart_as_a_server_would(url: str, host: str) -> None:
    assert host_of(url) == host


def test_a_name_that_only_begins_like_this_machine() -> None:
    for host in "127.0.0.1.example.org", "localhost.example.org", "1127.0.0.1", "[::1].org":
        assert not is_loopback(host)


def hosts(clock: FakeClock, memory: RestsInMemory, **kw: float) -> Hosts:
    return Hosts(Manners(**kw), memory, clock, lambda line: None)  # type: ignore[arg-type]


def test_a_rest_is_never_shorter_than_asked_for() -> None:
    clock = FakeClock(NOON + timedelta(microseconds=1))
    memory = RestsInMemory()
    manners = hosts(clock, memory)
    with pytest.raises(Resting) as caught:
        manners.slow_down(URL, timedelta(seconds=100), "asks to be left alone")
    assert caught.value.not_before_utc == "2026-03-01T12:01:41Z"
    clock.moment += timedelta(seconds=100)
    with pytest.raises(Resting):
        manners.enter(URL)
    clock.moment += timedelta(seconds=1)
    manners.enter(URL)


def test_a_rest_that_another_program_wrote_is_understood() -> None:
    clock, memory = FakeClock(NOON), RestsInMemory()
    manners = hosts(clock, memory)
    memory.set_rest("lore.example.org", "2026-03-01T13:00:00.000001+01:00", "asked")
    with pytest.raises(Resting, match="asked; not before 2026-03-01T13"):
        manners.check(URL)
    memory.set_rest("lore.example.org", "2026-03-01T12:00:00Z", "asked")
    manners.check(URL)
    manners.check("https://other.example.org/")


def test_pauses_of_hosts_are_their_own() -> None:
    clock = FakeClock(NOON)
    manners = hosts(clock, RestsInMemory(), pause_s=1.5)
    for url in URL, "https://git.example.org/", "http://127.0.0.1:8080/":
        manners.enter(url)
        manners.leave(url)
    manners.enter("http://127.0.0.1:8080/")
    assert clock.slept == []
    manners.enter("https://git.example.org/")
    assert clock.slept == [1.5]
    manners.enter(URL)
    assert clock.slept == [1.5]


def test_the_longer_of_two_waits_holds() -> None:
    clock = FakeClock(NOON)
    manners = hosts(clock, RestsInMemory())
    manners.slow_down(URL, timedelta(seconds=40), "asks to be left alone")
    manners.slow_down(URL, timedelta(seconds=5), "asks to be left alone")
    manners.leave(URL)
    assert manners.waits(URL)
    manners.enter(URL)
    assert (clock.slept, manners.waits(URL)) == ([40.0], False)


def test_stamps_are_utc() -> None:
    east = timezone(timedelta(hours=9))
    assert stamp(datetime(2026, 3, 1, 21, 0, 0, 999_999, tzinfo=east)) == "2026-03-01T12:00:00Z"


def test_the_system_s_clock_sleeps_and_knows_its_zone() -> None:
    clock = SystemClock()
    before = clock.monotonic()
    clock.sleep(0)
    assert clock.monotonic() >= before
    assert clock.utc().utcoffset() == timedelta(0)
