"""Redirects: few, in no circle, to known hosts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fetch.badserver import BadServer, FakeClock, body, redirect
from tests.fetch.test_session import NOON, polite
from threadkit.errors import FetchError, Resting, StrayRedirect, UnexpectedAnswer
from threadkit.fetch.web.manners import Manners, RestsInMemory
from threadkit.fetch.web.redirects import Trail


@pytest.fixture
def servers() -> Iterator[tuple[BadServer, BadServer]]:
    with BadServer() as one, BadServer() as other:
        yield one, other


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOON)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_on_the_same_host_is_followed(
    servers: tuple[BadServer, BadServer], clock: FakeClock, status: int
) -> None:
    server, _ = servers
    server.script("/a@b", redirect("a@b/T/#u", status), body(b"never"))
    server.script("/a@b/T/", body(b"never"))
    server.script("/a@b/T/", body(b"thread"))
    with polite(clock) as session:
        found = session.page(server.script("/r/a@b", redirect("/a@b/T/#u", status)))
    assert (found.url, found.data) == (server.url("/a@b/T/"), b"thread")
    assert server.connections == 1


def test_a_known_host_is_followed_and_keeps_its_own_manners(
    servers: tuple[BadServer, BadServer], clock: FakeClock
) -> None:
    one, other = servers
    url = one.script("/", redirect(other.script("/there", body(b"x"))))
    memory = RestsInMemory()
    with polite(clock, memory=memory, known_hosts=frozenset({other.host})) as session:
        assert session.page(url).url == other.url("/there")
        memory.set_rest(other.host, "2027-01-01T00:00:00Z", "asks to be left alone")
        with pytest.raises(Resting):
            session.page(url)
    assert other.paths() == ["/there"]


def test_an_unknown_host_is_named_and_not_asked(
    servers: tuple[BadServer, BadServer], clock: FakeClock
) -> None:
    one, other = servers
    url = one.script("/", redirect(other.script("/there", body(b"x"))))
    with polite(clock) as session, pytest.raises(StrayRedirect) as caught:
        session.page(url)
    assert str(caught.value) == f"{url}: redirects to {other.host}, a host that is not known"
    assert (len(one.requests), other.requests) == (1, [])


def test_a_circle_and_a_long_way_end(
    servers: tuple[BadServer, BadServer], clock: FakeClock
) -> None:
    server, _ = servers
    server.script("/a", redirect("/b"))
    server.script("/b", redirect("/a#again"))
    for n in range(10):
        server.script(f"/{n}", redirect(f"/{n + 1}"))
    with polite(clock) as session:
        with pytest.raises(StrayRedirect, match="circle, back to"):
            session.page(server.url("/a"))
        assert len(server.requests) == 2
        with pytest.raises(StrayRedirect, match="more than 5 times"):
            session.page(server.url("/0"))
        assert len(server.requests) == 2 + 6
    server.script("/5", body(b"x"))
    with polite(clock) as session:
        assert session.page(server.url("/0")).data == b"x"


@pytest.mark.parametrize("status", [301, 302, 303])
def test_a_query_is_not_turned_into_something_else(
    servers: tuple[BadServer, BadServer], clock: FakeClock, status: int
) -> None:
    server, _ = servers
    url = server.script("/?q=x&x=m", redirect("/?q=y", status))
    with (
        polite(clock) as session,
        pytest.raises(UnexpectedAnswer, match="redirects a query to /"),
        session.open(url, method="POST", max_bytes=10),
    ):
        pass
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [307, 308])
def test_a_query_that_stays_one_is_followed(
    servers: tuple[BadServer, BadServer], clock: FakeClock, status: int
) -> None:
    server, _ = servers
    server.script("/mirror/?q=x", body(b"hits"))
    url = server.script("/?q=x", redirect("/mirror/?q=x", status))
    with polite(clock) as session, session.open(url, method="POST", max_bytes=10) as answer:
        assert answer.read() == b"hits"
    assert [request.method for request in server.requests] == ["POST", "POST"]


def test_a_redirect_to_nowhere(servers: tuple[BadServer, BadServer], clock: FakeClock) -> None:
    server, _ = servers
    url = server.script("/", body(b"", status=302))
    with polite(clock) as session, pytest.raises(UnexpectedAnswer, match="302"):
        session.page(url)


@pytest.mark.parametrize(
    ("location", "leads"),
    [
        ("../T/#u", "https://lore.example.org/T/"),
        ("//lore.example.org/x", "https://lore.example.org/x"),
        ("https://LORE.example.org:443/x?q=1", "https://LORE.example.org:443/x?q=1"),
        ("/caf\u00c3\u00a9", "https://lore.example.org/caf%C3%A9"),
        ("/caf\u00e9", "https://lore.example.org/caf%C3%A9"),
        ("/a%2Fb%25", "https://lore.example.org/a%2Fb%25"),
        ("/a b", "https://lore.example.org/a%20b"),
        ("https://known.example.org/", "https://known.example.org/"),
    ],
)
def test_where_a_location_leads(location: str, leads: str) -> None:
    manners = Manners(known_hosts=frozenset({"known.example.org"}))
    trail = Trail("https://lore.example.org/lkml/a@b", manners)
    trail.follow(301, location, "GET")
    assert trail.url == leads


@pytest.mark.parametrize(
    "location",
    [
        "http://lore.example.org/",
        "https://lore.example.org:8443/",
        "https://lore.example.org.evil.example/",
        "https://ann:secret@lore.example.org/",
        "https://evil.example\\@lore.example.org/",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "ftp://lore.example.org/",
        "https://[::1/",
        "https://lore.example.org:99999/",
        "http:///",
    ],
)
def test_where_no_redirect_leads(location: str) -> None:
    trail = Trail("https://lore.example.org/lkml/a@b", Manners())
    with pytest.raises(StrayRedirect) as caught:
        trail.follow(302, location, "GET")
    assert str(caught.value).startswith("https://lore.example.org/lkml/a@b: redirects to ")


def test_this_machine_may_leave_a_secure_connection_for_a_plain_one() -> None:
    trail = Trail("https://localhost/", Manners(known_hosts=frozenset({"127.0.0.1:8080"})))
    trail.follow(302, "http://127.0.0.1:8080/", "GET")
    assert trail.url == "http://127.0.0.1:8080/"


@given(st.text(max_size=40))
def test_any_location_leads_to_the_host_or_is_refused(location: str) -> None:
    trail = Trail("https://lore.example.org/a/", Manners())
    try:
        trail.follow(302, location, "GET")
    except FetchError as error:
        words = str(error)
        assert words.isprintable()
    else:
        assert trail.url.lower().startswith("https://lore.example.org")
        assert trail.url.isascii()
