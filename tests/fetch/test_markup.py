"""HTML pages as marked text: what a browser would show, to the letter."""

from __future__ import annotations

import html
from html.parser import HTMLParser
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.fetch import markup
from threadkit.fetch.markup import END, LABEL, LINK, RULE, PageTooLarge, marked_text, plain

texts = st.text(st.characters(codec="utf-8", exclude_characters="\r\0\x0c\x0b"))


@given(texts)
def test_preformatted_text_comes_back_to_the_letter(text: str) -> None:
    clean = text.translate(dict.fromkeys(map(ord, (LINK, LABEL, END, RULE)), "\ufffd"))
    assert plain(marked_text(f"<pre>\n{html.escape(text)}</pre>")) == clean
    assert plain(marked_text(f'<a href="x">{html.escape(text)}</a>')) == clean


@given(st.text() | st.text("<>!-/a[]pre \"'=&;#?\n"))
def test_any_text_is_some_page(text: str) -> None:
    marked = marked_text(text)
    assert marked.count(LINK) == marked.count(LABEL) == marked.count(END)
    assert not set(plain(marked)) & {LINK, LABEL, END, RULE}


def test_links_and_rules_are_marked() -> None:
    page = '<p>see <a\nhref="../a%26b/"\nrel=next>this <b>one</b></a><hr>x<a name=y>z</a>'
    expected = f"see {LINK}../a%26b/{LABEL}this one{END}{RULE}x{LINK}{LABEL}z{END}"
    assert marked_text(page) == expected
    assert marked_text("<a href=#r>1</a>") == f"{LINK}#r{LABEL}1{END}"
    assert marked_text("<pre>a</pre><li>b") == f"a{RULE}{RULE}b"


@pytest.mark.parametrize(
    "page",
    [
        "<head><title>no</title></head>",
        "<style>no</style>",
        "<script>if (a < b) no()</script>",
        "<form><pre>no<input name=q value=no></pre></form>",
        "<!-- no -->",
        "<!DOCTYPE html>",
        "<?php no ?>",
    ],
)
def test_what_a_browser_does_not_show_is_left_out(page: str) -> None:
    assert plain(marked_text(f"{page}yes")).strip() == "yes"


def test_only_the_first_line_end_in_pre_is_dropped() -> None:
    assert plain(marked_text("<pre>\n\na\n</pre>")) == "\na\n"
    assert plain(marked_text("<pre><b>\na</b></pre>")) == "\na"
    assert plain(marked_text("<div>\n\n<b>a</b>   <b>b</b>\n \n</div>")) == "\n\na   b\n \n"


@pytest.mark.parametrize(
    "page",
    [
        "<b>" * 20_000,
        "<!--" * 50_000,
        '<a href="' * 5_000,
        "<a>" * 20_000 + "</i>" * 20_000,
        "<![CDATA[" * 20_000,
        "</" * 50_000,
        "<![if x]>y<![endif]>",
    ],
)
def test_a_hostile_page_is_read_to_its_end(page: str) -> None:
    # Quadratic work would need minutes here.
    assert plain(marked_text(f"{page}<p>end")).rstrip('">').endswith("end")


def test_deep_nesting_is_no_depth_for_us() -> None:
    assert plain(marked_text("<b>" * 20_000 + "x" + "</i>" * 20_000)) == "x"


@pytest.mark.parametrize(
    "flood",
    [
        "<a" + " x" * 40_000 + ">",
        '<a href="' * 20_000 + ">",
        "</a" + "/x" * 40_000 + ">",
        "<a title='" + "x" * 70_000 + "'>",
    ],
)
def test_a_tag_longer_than_anybody_writes_is_refused(flood: str) -> None:
    with pytest.raises(PageTooLarge, match="a tag of more than 65536 characters"):
        marked_text(f"<pre>x</pre>{flood}")


def longest_tag(page: str) -> int:
    """Return the length of the longest tag as the parser of the standard library has it."""
    lengths = [0]

    class Measure(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            lengths.append(len(self.get_starttag_text() or ""))

    Measure(convert_charrefs=False).feed(page)
    return max(lengths)


pieces = st.sampled_from(
    ["<a", "<b", "</a", "<!-- ", "-->", ">", '"', "'", "=", " ", "/", "x", " x=", "<script>",
     "</script>", "y" * 60, " z" * 30]
)  # fmt: skip


@given(st.lists(pieces, max_size=60).map("".join))
def test_no_order_of_quotes_hides_a_long_tag(page: str) -> None:
    with patch.object(markup, "TAG_CHARACTERS_MAX", 50):
        try:
            tidied = markup._short_tags(markup._closed(page))
        except PageTooLarge:
            return
    assert longest_tag(tidied) <= 50


def test_quotes_that_hide_the_end_of_a_tag_are_dropped() -> None:
    assert marked_text('<a "b="> x y ">z</a>') == f'{LINK}{LABEL} x y "&gt;z{END}'.replace(
        "&gt;", ">"
    )
    assert marked_text('<a href=x"y>z</a>') == f"{LINK}xy{LABEL}z{END}"


def test_a_tag_may_quote_the_sign_that_ends_it() -> None:
    page = """<a title='a > b' href="../x/?a=1&amp;b='2'"\n>z</a>"""
    assert marked_text(page) == f"{LINK}../x/?a=1&b='2'{LABEL}z{END}"


def test_long_text_is_no_long_tag() -> None:
    text = 'it\'s "quoted" &gt; text\n' * 20_000
    assert plain(marked_text(f"<pre>{text}</pre>")).strip() == html.unescape(text).strip()


@pytest.mark.parametrize("flood", ["<b>", "</b>", "<!-->", "<a b='"])
def test_more_tags_than_anybody_writes_are_refused(flood: str) -> None:
    with pytest.raises(PageTooLarge, match="more than 200000 tags"):
        marked_text(flood * 200_001)
