"""The page about the site."""

from __future__ import annotations

from dataclasses import replace

from tests.site.example_site import bare_site, example_site
from threadkit.site import about
from threadkit.site.values import Provenance, Site

HOSTILE = "<img src=x onerror=alert(1)>\u202e"


def made(site: Site) -> str:
    (page,) = about.pages(site)
    return "".join(page.content)  # type: ignore[arg-type]


def test_who_read_it_and_what_is_not_here_is_said() -> None:
    site = example_site()
    unseen = replace(site.mails[0], seen=False)
    html = made(replace(site, mails=[unseen, *site.mails[1:]], reviewed=True))
    assert "was read and written down" in html
    assert "threadkit fetch MESSAGE-ID" in html
    assert unseen.message_id in html


def test_a_site_without_claims_says_that_nobody_reviewed_any() -> None:
    html = made(replace(bare_site(), reviewed=False))
    assert "Nobody has reviewed" in html
    assert "no claims are shown" in html


def test_automatic_findings_are_announced() -> None:
    html = made(replace(example_site(), candidates=True, reviewed=False))
    assert "Automatic findings are shown" in html
    assert "no claims are shown" not in html
    assert "--candidates" in html


def test_sources_are_escaped() -> None:
    told = Provenance(
        sources=[(HOSTILE, HOSTILE, "2025-01-02", "ab" * 32)], coverage=[HOSTILE],
        unverified=[HOSTILE], curated=HOSTILE,
    )  # fmt: skip
    html = made(replace(example_site(), provenance=told, reviewed=True, key=HOSTILE))
    assert "<img" not in html
    assert "\u202e" not in html
    assert html.count("&lt;img") >= 5
    assert "abab" in html


def test_the_database_is_named_only_where_it_is() -> None:
    assert 'href="threadkit.db"' in made(replace(example_site(), database="threadkit.db"))
    assert "threadkit.db" not in made(replace(example_site(), database=""))


def test_a_mail_without_a_known_name_is_linked_where_it_can_be_read() -> None:
    url = "https://example.org/archive/7.html"
    mail = replace(example_site().mails[0], message_id="ada-2025", url=url, seen=False, subject="")
    html = made(replace(example_site(), mails=[mail, *example_site().mails[1:]]))
    assert "Of 1 no Message-ID is known" in html
    assert f'href="{url}" rel="noreferrer noopener nofollow"' in html
    assert ">ada-2025<" not in html
    evil = replace(mail, url="javascript:alert(1)")
    assert 'href="javascript' not in made(replace(example_site(), mails=[evil]))
