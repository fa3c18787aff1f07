"""The pages of the thread: whole, bounded, and every mail found from anywhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.site.example_site import MAILS, bare_site, example_site, named
from tests.site.reading import Read, check_links, read_all, whole
from threadkit.site import thread
from threadkit.site.names import file_name
from threadkit.site.values import Mail, Person, Site

SITE = example_site()
ELSEWHERE = ("m/", "c/", "p/", "commit/", "index", "style", "feed", "thread.mbox", "questions")
REST = (*ELSEWHERE, "claims", "people", "commits", "regressions", "model", "search", "about")
HOSTILE = "<script>alert(1)</script>\"'&\u202e\x00\ud800"


def _pages(site: Site) -> dict[str, Read]:
    return read_all(thread.pages(site))


def _row(html: str, name: str) -> str:
    """Return the HTML of one row."""
    mail = next(mail for mail in MAILS if mail.message_id == named(name))
    return html.split(f'id="{thread.anchor(mail)}"')[1].split("</div>")[0]


def _many(count: int, parent_of: dict[int, int] | None = None, **more: object) -> Site:
    """Return a site of many mails; by default each answers the mail of half its number."""
    mails = []
    for number in range(count):
        above = (parent_of or {}).get(number, number // 2) if number else None
        name = f"{number}@example.org"
        parent = None if above is None else f"{above}@example.org"
        values: dict[str, object] = {"order": number, "excerpt": "words " * 30, **more}
        subject = str(values.pop("subject", "Re: pool"))
        mails.append(
            Mail(name, file_name(name), "ada", "2025-03-03T09:00:00Z", subject, parent, **values)  # type: ignore[arg-type]
        )
    return replace(bare_site(), mails=mails, root="0@example.org")


def test_every_mail_has_one_place_and_every_link_leads_somewhere() -> None:
    read = _pages(SITE)
    assert list(read) == ["thread.html"]
    for mail in SITE.mails:
        path, _, anchor = thread.place(SITE, mail).partition("#")
        assert anchor in read[path].ids
    assert check_links(read, REST) > 30


def test_a_row_says_who_what_when_and_how_long_it_took() -> None:
    html = whole(next(thread.pages(SITE)))
    row = _row(html, "answer")
    for words in ("Cy Specimen", "c/2.html", "c/2b.html", "after 40 min", "3 Mar 2025 12:10 UTC"):
        assert words in row
    assert "no answer" in _row(html, "asks")
    assert "commit/0912ba94c6a1.html" in _row(html, "yes")
    assert "a mail that was not seen" in _row(html, "lost")
    assert "its text is not here" in _row(html, "older")
    assert "[PATCH 1/1]" in _row(html, "patch")  # the subject changes here
    assert "[PATCH 1/1]" not in _row(html, "doubt")


def test_what_is_placed_by_subject_or_beside_the_conversation_is_apart() -> None:
    html = whole(next(thread.pages(SITE)))
    headings = ["Who spoke when", "Messages", "by their subject alone", "Before and after"]
    places = [html.index(one) for one in headings]
    assert places == sorted(places)
    assert html.index('id="m-loose') > places[2]
    assert html.index('id="m-older') > places[3] > html.index('id="m-loose')


def test_claims_that_nobody_reviewed_are_marked() -> None:
    claims = [replace(claim, state="candidate") for claim in SITE.claims]
    row = _row(whole(next(thread.pages(replace(SITE, claims=claims)))), "doubt")
    assert "(not reviewed)" in row
    assert "auto" in row


def test_side_discussions_can_be_folded_and_name_their_people() -> None:
    parents = {number: 0 for number in range(1, 3)} | {n: 1 for n in range(3, 6)}
    parents |= {n: n - 1 for n in range(6, 20)}
    parents[6] = 2
    html = whole(next(thread.pages(_many(20, parents))))
    assert "<details open><summary>4 messages: Ada Example</summary>" in html
    assert Read(html)


def test_many_mails_are_shared_out_among_pages_of_bounded_size() -> None:
    site = _many(3000)
    pages = {page.path: whole(page) for page in thread.pages(site)}
    assert len(pages) > 3
    assert max(len(one.encode()) for one in pages.values()) < 300_000
    read = {path: Read(html) for path, html in pages.items()}
    check_links(read, REST)
    found = [one for page in read.values() for one in page.ids if one.startswith("m-")]
    assert sorted(found) == sorted(thread.anchor(mail) for mail in site.mails)
    for mail in site.mails:
        path, _, anchor = thread.place(site, mail).partition("#")
        assert anchor in read[path].ids


def test_a_page_that_begins_in_a_side_discussion_says_whose_it_is() -> None:
    pages = [whole(page) for page in thread.pages(_many(3000))]
    assert sum("In answer to" in one for one in pages[1:]) >= 1
    assert "In answer to" not in pages[0]


def test_the_longest_words_of_strangers_do_not_break_the_bound() -> None:
    site = _many(900, subject='"&<' * 300, excerpt="\u202e" * 500)
    people = {"ada": Person("ada", "<&" * 5000)}
    pages = [whole(page) for page in thread.pages(replace(site, people=people))]
    assert max(len(one.encode()) for one in pages) < 300_000


@pytest.mark.parametrize("deep", [True, False])
def test_ten_thousand_replies_deep_or_wide(deep: bool) -> None:
    site = _many(10_000, {n: n - 1 if deep else 0 for n in range(1, 10_000)}, excerpt="")
    pages = [whole(page) for page in thread.pages(site)]
    assert sum(one.count("<li id=") for one in pages) == 10_000
    assert max(len(one.encode()) for one in pages) < 300_000
    assert (max(one.count("<ol") for one in pages) == 1) == deep
    Read(pages[1])


def test_nothing_of_strangers_runs_or_turns_text_around() -> None:
    mails = [
        replace(mail, subject=HOSTILE, excerpt=HOSTILE, name=file_name(HOSTILE + mail.name))
        for mail in SITE.mails
    ]
    people = {key: one._replace(name=HOSTILE) for key, one in SITE.people.items()}
    claims = [replace(one, gist=HOSTILE) for one in SITE.claims]
    commits = [replace(one, subject=HOSTILE) for one in SITE.commits]
    site = replace(SITE, mails=mails, people=people, title=HOSTILE, claims=claims, commits=commits)
    html = whole(next(thread.pages(site)))
    read = Read(html)
    assert not any(tag == "script" for tag, _ in read.elements)
    assert not set(html) & set("\u202e\x00\ud800")
    check_links({"thread.html": read}, REST)


def test_mails_that_were_never_seen_have_anchors_of_their_own() -> None:
    ghosts = [
        Mail(f"{n}@example.org", "", "", None, "", None, n, seen=False, ghost=True) for n in (1, 2)
    ]
    read = _pages(replace(bare_site(), mails=[*MAILS, *ghosts]))["thread.html"]
    assert len(read.ids) == len(set(read.ids))


@pytest.mark.parametrize(
    ("earlier", "later", "said"),
    [
        (None, "2025-03-03T09:00:00Z", ""),
        ("2025-03-03", "2025-03-03T09:00:00Z", ""),
        ("2025-03-03T09:00:00Z", "2025-03-03T09:00:10Z", ""),
        ("2025-03-03T09:00:00Z", "2025-03-03T10:29:00Z", "after 89 min"),
        ("2025-03-03T09:00:00Z", "2025-03-05T08:00:00Z", "after 47 h"),
        ("2025-03-03T09:00:00Z", "2025-03-09T09:00:00Z", "after 6 days"),
        ("2025-03-03T09:00:00Z", "2026-03-03T09:00:00Z", "after 12 months"),
        ("2025-03-03T09:02:00Z", "2025-03-03T09:00:00Z", "dated 2 min before it"),
    ],
)
def test_delays_are_told_in_one_unit(earlier: str | None, later: str | None, said: str) -> None:
    assert thread.after(earlier, later) == said
