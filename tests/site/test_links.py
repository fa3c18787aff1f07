"""Links of mails: known things first, the web after, nothing that runs."""

from __future__ import annotations

from itertools import pairwise
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.site.example_site import BY_REFERENCES, BY_USERS, example_site, named
from threadkit.site.index_of import index_of
from threadkit.site.links import Link, links, outside, permalink
from threadkit.site.texts import Mention

SITE = example_site()


def _links(body: str, *mentions: Mention) -> list[Link]:
    return links(SITE, index_of(SITE), body, mentions, "../")


def _mention(body: str, words: str, kind: str, value: str) -> Mention:
    start = body.index(words)
    return Mention(start, start + len(words), kind, value, "")


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt://example.org/%0aalert(1)",
        "data:text/html,<script>alert(1)</script>",
        "file:///etc/passwd",
        "//example.org/",
        "http://",
        "https://[broken",
        "",
    ],
)
def test_what_runs_or_leads_nowhere_is_no_link(url: str) -> None:
    assert outside(url) is None
    assert _links(url, Mention(0, len(url), "url", url, "")) == []


@given(st.text(st.characters(), max_size=60))
def test_addresses_on_the_web_are_plain_ascii_without_quotes(rest: str) -> None:
    found = outside(f"https://example.org/{rest}")
    assert found is None or (found.isascii() and found.isprintable())
    assert found is None or not set(found) & set("<>\"`' ") - {"'"}
    assert found is None or urlsplit(found).hostname == "example.org"


def test_mails_and_commits_of_the_site_are_led_to_in_it() -> None:
    body = f"see {named('doubt')} and {BY_USERS[:12]}, or deadbeef1234"
    found = _links(
        body,
        _mention(body, named("doubt"), "message", named("doubt")),
        _mention(body, BY_USERS[:12], "commit", BY_USERS[:12]),
        _mention(body, "deadbeef1234", "commit", "deadbeef1234"),
    )
    assert [(one.href, one.outside) for one in found] == [
        ("../m/doubt@example.org.html", False),
        (f"../commit/{BY_USERS[:12]}.html", False),
    ]


def test_an_unknown_mail_is_in_the_archive() -> None:
    body = "see x/../y@example.org"
    found = _links(body, _mention(body, "x/../y@example.org", "message", "x/../y@example.org"))
    assert [(one.href, one.outside) for one in found] == [
        (permalink(SITE, "x/../y@example.org"), True)
    ]
    assert found[0].href == "https://lore.kernel.org/r/x%2F..%2Fy@example.org/"


def test_addresses_in_quoted_text_are_links_as_well() -> None:
    body = (
        f"> (https://example.org/a_(b)), https://lore.kernel.org/all/{named('yes')}/\n"
        f"> https://git.kernel.org/linus/{BY_REFERENCES[:12]}.\n"
    )
    found = _links(body)
    assert [(body[one.start : one.stop], one.href, one.outside) for one in found] == [
        ("https://example.org/a_(b)", "https://example.org/a_(b)", True),
        (f"https://lore.kernel.org/all/{named('yes')}/", "../m/yes@example.org.html", False),
        (
            f"https://git.kernel.org/linus/{BY_REFERENCES[:12]}",
            f"../commit/{BY_REFERENCES[:12]}.html",
            False,
        ),
    ]


def test_a_mention_is_not_linked_twice() -> None:
    body = "https://lore.kernel.org/r/doubt@example.org and https://example.org/x"
    words = "https://lore.kernel.org/r/doubt@example.org"
    found = _links(body, _mention(body, words, "message", named("doubt")))
    assert [one.href for one in found] == ["../m/doubt@example.org.html", "https://example.org/x"]


@given(st.text(st.sampled_from('https://a.b ()[]<>"\n@/?x'), max_size=80))
def test_links_are_in_order_and_apart(body: str) -> None:
    found = _links(body)
    assert all(a.stop <= b.start for a, b in pairwise(found))
    assert all(0 <= one.start < one.stop <= len(body) for one in found)


def test_mentions_that_overlap_or_lie_outside_the_text_are_left_out() -> None:
    url = "https://example.org/"
    found = _links(
        url,
        Mention(0, 10, "url", url, ""),
        Mention(5, 15, "url", url, ""),
        Mention(15, 99, "url", url, ""),
    )
    assert [(one.start, one.stop) for one in found] == [(0, 10)]
