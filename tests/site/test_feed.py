"""The Atom feed."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from tests.site.example_site import bare_site, example_site
from threadkit.site import feed
from threadkit.site.values import Evidence, Site

ATOM = "{http://www.w3.org/2005/Atom}"


def made(site: Site) -> ElementTree.Element:
    (page,) = feed.pages(site)
    return ElementTree.fromstring("".join(page.content))  # type: ignore[arg-type]


def test_the_newest_comes_first_and_every_entry_is_whole() -> None:
    site = example_site()
    root = made(site)
    entries = root.findall(f"{ATOM}entry")
    assert len(entries) > len(site.claims)
    dates = [one.findtext(f"{ATOM}updated") or "" for one in entries]
    assert dates == sorted(dates, reverse=True)
    assert root.findtext(f"{ATOM}updated") >= dates[0]
    ids = [one.findtext(f"{ATOM}id") for one in entries]
    assert len(set(ids)) == len(ids)
    links = {one.find(f"{ATOM}link").attrib["href"] for one in entries}
    assert {claim.page for claim in site.claims} <= links
    assert {mail.page for mail in site.mails if mail.utc and mail.name} <= links
    assert not any(link.startswith("http") for link in links)


def test_a_site_of_nothing_has_a_date_all_the_same() -> None:
    site = replace(bare_site(), mails=[], claims=[], regressions=[], updated_utc="")
    assert made(site).findtext(f"{ATOM}updated") == feed.NEVER


def test_a_long_conversation_gives_its_end() -> None:
    site = example_site()
    mails = [replace(site.mails[0], name=f"m{n}", utc=f"2025-01-01T00:{n:02}:00Z")
             for n in range(60)]  # fmt: skip
    some = feed.entries(replace(site, mails=mails, claims=[], regressions=[]))
    assert len(some) == feed.MOST
    assert some[0].path == "m/m59.html"


def test_what_was_decided_is_told_on_its_day() -> None:
    site = example_site()
    (fix,) = (one for one in site.commits if one.outside)
    word, commit = Evidence("word", "merged", "as asked"), Evidence("commit", fix.sha, "")
    claim = replace(site.claims[0], decision=[word, commit])
    entry = next(one for one in feed.entries(replace(site, claims=[claim]))
                 if one.key == f"d/{claim.id}")  # fmt: skip
    assert (entry.utc, entry.path, entry.summary) == (fix.utc, claim.page, "as asked")
    assert entry.title == f"merged: {claim.gist}"
    undated = replace(site, claims=[replace(claim, decision=[word])])
    assert not any(one.key.startswith("d/") for one in feed.entries(undated))


@given(st.text(max_size=40))
def test_no_subject_breaks_it(words: str) -> None:
    site = example_site()
    mails = [replace(site.mails[0], subject=words, excerpt=words)]
    root = made(replace(site, mails=mails, title=words))
    assert len(root.findall(f"{ATOM}entry")) > 1
