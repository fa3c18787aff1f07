"""Pages that want proof of a person: known when they come, and not seen where they are not."""

from __future__ import annotations

import gzip
import html
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fetch.badserver import ANUBIS_PAGE, BadServer, FakeClock, body, challenge, page
from tests.fetch.test_session import NOON, polite
from threadkit.errors import Challenged, ServerTrouble
from threadkit.fetch.web.challenge import LOOK_BYTES, challenge_name, may_be_page

TITLE = "Making sure you're not a bot!"


@pytest.fixture
def server() -> Iterator[BadServer]:
    with BadServer() as server:
        yield server


@pytest.mark.parametrize("status", [200, 401, 403, 404, 429, 500, 503])
def test_whatever_its_status(server: BadServer, status: int) -> None:
    url = server.script("/a@b/t.mbox.gz", challenge(status))
    with (
        polite(FakeClock(NOON)) as session,
        pytest.raises(Challenged) as caught,
        session.open(url, max_bytes=1 << 20),
    ):
        pass
    assert str(caught.value) == (
        f"{url}: the server wants proof that a person asks (Anubis); threadkit is a program"
        " and leaves it alone; not before 2026-03-01T13:00:00Z"
    )
    assert caught.value.not_before_utc == "2026-03-01T13:00:00Z"
    assert caught.value.exit_code == 4


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("label", [{}, {"Content-Encoding": "gzip"}])
def test_packed_by_a_proxy(server: BadServer, layers: int, label: dict[str, str]) -> None:
    data = ANUBIS_PAGE
    for _ in range(layers):
        data = gzip.compress(data)
    url = server.script("/", body(data, headers=label))
    with polite(FakeClock(NOON)) as session, pytest.raises(Challenged):
        session.page(url)


@pytest.mark.parametrize(
    "text",
    [
        "<html><head><TITLE lang='en'>\n Making sure you\u2019re  not a bot!</TITLE></head>",
        '\ufeff <!doctype html><script id="anubis_challenge" type="application/json">{}</script>',
        '<html lang="de"><title>?</title><link href="/.within.website/x/xess/xess.css">',
        "<html><title>Checking you are not a bot</title>",
        "<title>Just a moment...</title>",
        '<p><script src="/cdn-cgi/challenge-platform/h/b/orchestrate/jsch/v1"></script>',
    ],
)
def test_known_pages(text: str) -> None:
    assert challenge_name({}, text.encode())


def test_known_headers() -> None:
    assert challenge_name({"cf-mitigated": "challenge"}, b"") == "Cloudflare"
    assert challenge_name({"x-amzn-waf-action": "captcha"}, b"") == "AWS WAF"
    assert challenge_name({"cf-mitigated": "", "server": "cloudflare"}, b"<p>") is None


@given(st.sampled_from(["Re: %s", "%s - Ada Byron", "[PATCH] %s", "%s and me"]))
def test_a_thread_about_such_pages_is_no_challenge(subject: str) -> None:
    title = html.escape(subject % TITLE)
    text = html.escape(ANUBIS_PAGE.decode())
    link = '<a href="https://example.org/.within.website/x/cmd/anubis/">'
    page = f"<html><head><title>{title}</title></head><body><pre>{text}{link}</pre></body>"
    assert challenge_name({"content-type": "text/html"}, page.encode()) is None


@given(st.binary(max_size=200))
def test_mail_is_never_a_challenge(text: bytes) -> None:
    mbox = b"From mboxrd@z Thu Jan  1 00:00:00 1970\n" + text + ANUBIS_PAGE
    for data in mbox, gzip.compress(mbox):
        assert challenge_name({}, data) is None
        assert not may_be_page(data)


@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_can_be_looked_at(data: bytes, packed: bool) -> None:
    data = b"\x1f\x8b" + data if packed else data
    challenge_name({}, data)
    may_be_page(data)


def test_the_look_takes_nothing_from_the_body(server: BadServer) -> None:
    text = "<html><title>thread</title>" + "x" * 3 * LOOK_BYTES + "</html>"
    url = server.script("/", page(text))
    with polite(FakeClock(NOON)) as session:
        assert session.page(url).text() == text


def test_an_error_page_of_another_kind_stays_an_error(server: BadServer) -> None:
    url = server.script("/", page("<title>502 Bad Gateway</title>", status=502))
    with polite(FakeClock(NOON), attempts=1) as session, pytest.raises(ServerTrouble):
        session.page(url)
