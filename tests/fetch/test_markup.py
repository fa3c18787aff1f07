"""HTML pages as marked text: what a browser would show, to the letter."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
        '<a href="' * 20_000,
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


@pytest.mark.parametrize("flood", ["<b>", "</b>", "<!-->", "<a b='"])
def test_more_tags_than_anybody_writes_are_refused(flood: str) -> None:
    with pytest.raises(PageTooLarge, match="more than 200000 tags"):
        marked_text(flood * 200_001)
