"""The pages of mails: everything in place, every link whole, nothing that runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.site.example_site import (
    CLAIMS,
    MAILS,
    body_of,
    example_site,
    named,
    place,
    text_of,
)
from tests.site.reading import Read, check_links, read_all, whole
from threadkit.site import message, thread
from threadkit.site.names import file_name
from threadkit.site.render import plain
from threadkit.site.texts import Block, Mention, Source, Text
from threadkit.site.values import Mail, Page, Site
from threadkit.site.writer import SiteError

SITE = example_site()
REST = ("c/", "p/", "commit/", "index", "style", "feed", "thread.mbox", "questions", "claims")
OTHERS = (*REST, "people", "commits", "regressions", "model", "search", "about")
HOSTILE = "<img src=x onerror=alert(1)>\"'&\u202e\x00\ud800"


def _page(site: Site, name: str) -> Read:
    path = f"m/{file_name(named(name))}.html"
    return read_all(page for page in message.pages(site) if page.path == path)[path]


def _site(change: Callable[[Text], Text], name: str = "doubt") -> Site:
    """Return the example with the text of one mail changed."""

    def text(mail: Mail) -> Text | None:
        found = text_of(mail)
        return change(found) if found and mail.message_id == named(name) else found

    return replace(SITE, text=text)


def _with_body(body: str, **more: object) -> Site:
    def change(text: Text) -> Text:
        values: dict[str, object] = {"blocks": [Block("reply", 0, 0, len(body))], **more}
        return replace(text, body=body, sources=(), mentions=(), **{**values})  # type: ignore[arg-type]

    return replace(_site(change), claims=())


def test_every_mail_has_a_page_and_what_is_here_also_as_it_came() -> None:
    files = {page.path: page.content for page in message.pages(SITE)}
    for mail in MAILS:
        assert mail.page in files
        text = text_of(mail)
        assert files.get(mail.raw) == (text.raw if text else None)


def test_every_link_and_anchor_leads_somewhere() -> None:
    raw = tuple(mail.raw for mail in MAILS)
    read = read_all([*thread.pages(SITE), *message.pages(SITE)])
    assert check_links(read, (*OTHERS, *raw)) > 150


def test_the_body_is_shown_as_it_is() -> None:
    for mail in MAILS:
        text = text_of(mail)
        if text is not None:
            name = mail.message_id.partition("@")[0]
            assert _page(SITE, name).text(".mail") == plain(text.body)


def test_claims_are_marked_at_their_words_and_listed() -> None:
    read = _page(SITE, "answer")
    assert {"claim-2", "claim-2b"} <= set(read.ids)
    assert read.text("mark") == (
        "A copy too many is slow, never wrong.Sharing a page too long lets a child"
        "read what its parent writes."
    )
    hrefs = [link["href"] for link in read.links]
    assert "../c/2.html" in hrefs
    assert "../c/2b.html" in hrefs
    assert "2 claims made here" in read.text("h2")


def test_words_that_are_not_in_the_mail_stop_the_build() -> None:
    wrong = replace(CLAIMS[0], places=[place("doubt", "a copy")._replace(text="a move")])
    with pytest.raises(SiteError, match="does not have the words that claim 1 quotes"):
        list(message.pages(replace(SITE, claims=[wrong])))


def test_a_claim_said_twice_in_a_mail_has_two_anchors() -> None:
    twice = replace(CLAIMS[0], places=[place("doubt", "a copy"), place("doubt", "the page")])
    read = _page(replace(SITE, claims=[twice]), "doubt")
    assert {"claim-1", "claim-1-2"} <= set(read.ids)
    assert "1 claim made here" in read.text("h2")
    assert read.text("small").split("sources")[0].strip() == "line 2 line 5"


def test_a_quotation_leads_to_the_line_that_it_quotes() -> None:
    read = _page(SITE, "yes")
    marks = [link for link in read.links if link.get("title") == "Cy Specimen, line 9"]
    assert [link["href"] for link in marks] == ["../m/answer@example.org.html#L9"]
    assert "line 1 is line 9 of Cy Specimen" in " ".join(read.text("li").split())


def test_a_quotation_without_marks_is_led_from_its_first_word() -> None:
    site = _with_body("Ada says\n  users wait here\n")
    first = site.text

    def text(mail: Mail) -> Text | None:
        found = first(mail)
        if found is None or mail.message_id != named("doubt"):
            return found
        return replace(found, sources=[Source(11, 27, named("patch"), 1)])

    read = _page(replace(site, text=text), "doubt")
    assert [one["title"] for one in read.links if "line 1" in one.get("title", "")]
    assert "users" in read.text("a")


def test_what_is_cited_leads_to_its_page() -> None:
    hrefs = [link["href"] for link in _page(SITE, "broke").links]
    assert "../m/doubt@example.org.html" in hrefs
    assert "../commit/0912ba94c6a1.html" in hrefs


def test_parent_replies_and_neighbours_are_one_step_away() -> None:
    links = {link["href"] for link in _page(SITE, "answer").links}
    for name in ("doubt", "yes", "lost"):
        assert f"../m/{named(name)}.html" in links
    assert f"../{thread.place(SITE, MAILS[3])}" in links
    ends = [link.get("rel") for link in _page(SITE, "older").links]
    assert "prev" not in ends
    assert "next" in ends


def test_attachments_defects_and_headers_are_named() -> None:
    read = _page(SITE, "broke")
    assert "dmesg.txt" in read.text("li")
    assert "bytes that are no UTF-8" in read.text("li")
    assert "Eve Placeholder <eve@example.org>" in read.text("dd")


def test_a_mail_that_is_not_here_says_what_is_known_and_how_to_get_it() -> None:
    read = _page(SITE, "older")
    assert "threadkit fetch older@example.org" in read.text("pre")
    assert "2 Nov 2024" in read.text("time")
    assert "never seen" in _page(SITE, "lost").text("p")
    odd = Mail("--forget", "x", "", None, "", None, 99, seen=False)
    pages = message.pages(replace(SITE, mails=[odd]))
    assert "threadkit fetch -- --forget" in Read(whole(next(pages))).text("pre")


@pytest.mark.parametrize("url", ["https://example.org/list/7", "javascript:alert(1)"])
def test_a_mail_that_is_known_by_its_address_alone_is_led_to(url: str) -> None:
    mail = replace(MAILS[9], url=url, note="It was first")
    read = Read(whole(next(message.pages(replace(SITE, mails=[mail])))))
    assert (url in [one["href"] for one in read.links]) == url.startswith("https")
    assert "fetch" not in read.text("main")
    assert "It was first." in read.text("p")


def test_without_addresses_no_mail_is_given_as_it_came() -> None:
    site = replace(SITE, hide_addresses=True)
    assert not [page.path for page in message.pages(site) if not page.path.endswith(".html")]
    read = _page(site, "doubt")
    assert not [one["href"] for one in read.links if one["href"].startswith("mailto:")]
    assert "--to" not in read.text("pre")


def test_an_imposter_has_neither_the_claims_nor_the_replies() -> None:
    other = replace(MAILS[3], name="other", imposter=1)
    found = read_all(message.pages(replace(SITE, mails=[*MAILS, other])))["m/other.html"]
    assert found.text("mark") == ""
    assert "replies" not in found.text("h2")


@pytest.mark.parametrize("kind", ["lines", "words"])
def test_a_mail_of_a_megabyte_is_on_several_pages(kind: str) -> None:
    line = f"> words and <{'words ' * 15}>\n"
    body = line * 10_000 if kind == "lines" else "<" * 1_000_000 + "\nend\n"
    read: dict[str, Read] = {}
    for page in message.pages(_with_body(body)):
        if page.path.startswith("m/doubt") and page.path.endswith(".html"):
            html = whole(page)
            assert len(html.encode()) < 300_000
            read[page.path] = Read(html)
    assert len(read) > 3
    assert "".join(one.text(".mail") for one in read.values()) == body
    doubt = MAILS[2]
    for number in (1, 2, 1000, 1001, 10_000)[: 2 if kind == "words" else 5]:
        path, _, anchor = doubt.at(number).partition("#")
        assert anchor in read[path].ids


def test_links_of_pages_of_a_long_mail_lead_on_and_back() -> None:
    site = _with_body("x\n" * 3500)
    read = {
        path: page
        for path, page in read_all(message.pages(site)).items()
        if path.startswith("m/doubt")
    }
    assert len(read) == 4
    first, last = read["m/doubt@example.org.html"], read["m/doubt@example.org~p4.html"]
    assert "lines 1\N{EN DASH}1000 of 3500" in first.text("span")
    assert "../m/doubt@example.org~p2.html" in [one["href"] for one in first.links]
    assert "../m/doubt@example.org~p3.html" in [one["href"] for one in last.links]


def test_nothing_of_strangers_runs_hides_or_leads_astray() -> None:
    url = "javascript:alert(1)"
    hostile = {
        "headers": [("From", HOSTILE), ("X-\u202e", HOSTILE * 500)],
        "defects": [(HOSTILE, HOSTILE)],
        "attachments": [("../../../etc/passwd", HOSTILE, 1), (HOSTILE, "", 2)],
        "lists": [HOSTILE, "../../x.y"],
        "reply_to": HOSTILE,
        "reply_cc": HOSTILE,
    }
    site = _site(
        lambda text: replace(
            text,
            body=f"{url} {HOSTILE}\n",
            blocks=[Block("reply", 0, 0, 99)],
            sources=(),
            mentions=[Mention(0, len(url), "url", url, HOSTILE)],
            **hostile,  # type: ignore[arg-type]
        )
    )
    mails = [
        replace(mail, subject=HOSTILE, excerpt=HOSTILE, name=file_name(f"../{mail.name}"))
        for mail in MAILS
    ]
    people = {key: one._replace(name=HOSTILE) for key, one in SITE.people.items()}
    site = replace(site, mails=mails, people=people, claims=(), title=HOSTILE)
    for page in message.pages(site):
        assert page.path.startswith("m/")
        assert ".." not in page.path.split("/")
        if page.path.endswith(".html"):
            _harmless(page)


def _harmless(page: Page) -> None:
    html = whole(page)
    assert not set(html) & set("\u202e\x00\ud800")
    read = Read(html)
    assert {tag for tag, _ in read.elements}.isdisjoint({"script", "img", "iframe"})
    for link in read.links:
        assert urlsplit(link["href"]).scheme in {"", "https", "mailto"}


@settings(max_examples=30)
@given(st.text(st.characters(), min_size=1, max_size=80))
def test_any_message_id_and_subject_make_a_page(words: str) -> None:
    mail = Mail(words, file_name(words), "ada", None, words, words, 0, excerpt=words)
    body = text_of(MAILS[0])
    site = replace(SITE, mails=[mail], root=words, claims=(), text=lambda _: body)
    for page in message.pages(site):
        if page.path.endswith(".html"):
            _harmless(page)


def test_the_same_site_gives_the_same_bytes() -> None:
    first = [(page.path, _content(page)) for page in message.pages(SITE)]
    assert first == [(page.path, _content(page)) for page in message.pages(example_site())]


def _content(page: Page) -> object:
    return page.content if isinstance(page.content, str | bytes) else whole(page)


def test_replies_by_the_hundred_are_counted_not_all_listed() -> None:
    many = [
        replace(MAILS[7], message_id=f"{n}@example.org", name=f"{n}", seen=False, order=20 + n)
        for n in range(500)
    ]
    read = _page(replace(SITE, mails=[*MAILS, *many]), "patch")
    assert "502 replies" in read.text("h2")
    assert "462 more in the thread" in read.text("a")
    assert unquote(body_of("patch")) == read.text(".mail")
