"""HTML for notebooks: every text escaped, small whatever is shown, no colour and no script."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit import notebook
from threadkit.notebook import Lane

TAGS = {"div", "strong", "br", "span", "table", "thead", "tbody", "tr", "th", "td", "pre", "svg",
        "path", "p"}  # fmt: skip
ATTRIBUTES = {"style", "width", "height", "aria-hidden", "fill", "stroke", "stroke-width",
              "stroke-linecap", "d"}  # fmt: skip
EVIL = st.text("<>&\"'aé\n =/", max_size=60) | st.sampled_from(
    ["<script>alert(1)</script>", "</td></table>", '" onload="x', "&lt;", "]]>", "<!--"]
)


class Page(HTMLParser):
    """Tags, attributes and text of a piece of HTML; fails where tags do not match."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.text = ""
        self.tags: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        assert tag in TAGS
        assert {name for name, _ in attrs} <= ATTRIBUTES
        assert not any("url(" in value or "#" in value for _, value in attrs)
        self.tags.append(tag)
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_comment(self, data):
        pytest.fail(f"a comment: {data}")

    def handle_data(self, data):
        self.text += data


@given(EVIL, st.lists(EVIL, max_size=4))
def test_a_heading_says_its_title_and_its_facts(title, facts):
    page = Page(notebook.heading(title, facts))
    assert page.text == title + " · ".join(fact for fact in facts if fact)


@given(st.lists(EVIL, min_size=1, max_size=4), st.data())
def test_a_table_holds_its_cells_in_order(columns, data):
    cells = EVIL | st.integers() | st.none() | st.binary(max_size=4) | st.booleans()
    row = st.lists(cells, min_size=len(columns), max_size=len(columns))
    rows = data.draw(st.lists(row, max_size=5))
    page = Page(notebook.table(columns, rows))
    said = ["" if v is None else v.hex() if isinstance(v, bytes) else str(v)
            for one in rows for v in one]  # fmt: skip
    assert page.text == "".join([*columns, *said])
    assert page.tags.count("tr") == len(rows) + 1
    assert page.tags.count("td") == len(said)


@given(EVIL)
def test_text_is_shown_as_it_is(text):
    assert Page(notebook.mail_text(text)).text == text
    lines = text.split("\n")
    assert Page(notebook.text_lines(lines)).text == text


@given(st.lists(st.tuples(EVIL, st.lists(st.floats(0, 1), max_size=9)), max_size=4))
def test_each_dot_of_a_lane_stands_in_the_picture(people):
    html = notebook.lanes([Lane(name, len(places), places) for name, places in people])
    page = Page(html)
    assert page.tags.count("svg") == len(people)
    dots = [float(x) for x in re.findall(r"M([0-9.]+) 8h0", html)]
    assert all(3 <= dot <= 357 for dot in dots)
    assert len(dots) == sum(len({round(place * 100) for place in one}) for _, one in people)


@pytest.mark.parametrize(
    ("html", "left"),
    [
        (lambda: notebook.table(["a", "b"], [["x" * 60, "y"]] * 5000), "4950 more rows"),
        (lambda: notebook.table(["a", "b"], [["x" * 999, "<" * 999]] * 5000), " more rows"),
        (lambda: notebook.table(["a"] * 60, [["x" * 999] * 60] * 5000), " more rows"),
        (lambda: notebook.table(["a"] * 600, [["x"] * 600] * 3), "570 more columns"),
        (lambda: notebook.table(["<" * 600] * 600, [["<" * 600] * 600] * 3), "570 more columns"),
        (lambda: notebook.text_lines(["x"] * 5000), "4950 more lines"),
        (lambda: notebook.text_lines(["<" * 999] * 5000), " more lines"),
        (lambda: notebook.mail_text("<" * 500_000), "498000 more characters"),
        (lambda: notebook.lanes([Lane("<" * 99, 999, [n / 999 for n in range(999)])] * 400),
         "388 more people"),
        (lambda: notebook.heading("<" * 9999, ["fact"]), "fact"),
        (lambda: notebook.paragraphs(["x" * 9999]), "…"),
    ],
)  # fmt: skip
def test_whatever_is_shown_stays_small_and_says_what_is_left_out(html, left):
    page = html()
    assert len(page) < 20_000
    assert left in Page(page).text.replace(",", "")


@given(st.lists(st.lists(EVIL, min_size=3, max_size=3), max_size=80))
def test_what_is_shown_and_what_is_said_to_be_left_are_all(rows):
    page = Page(notebook.table(["a", "b", "c"], [[word * 40 for word in row] for row in rows]))
    left = re.search(r"… ([0-9]+) more rows$", page.text)
    assert page.tags.count("tr") - 1 + int(left[1] if left else 0) == len(rows)


@given(st.lists(EVIL, max_size=5))
def test_paragraphs_hold_their_texts(texts):
    page = Page(notebook.paragraphs(texts))
    assert page.text == "".join(texts)
    assert page.tags.count("p") == sum(bool(text) for text in texts)


def test_what_fits_is_not_called_cut():
    for html in (
        notebook.table(["n"], [[1]] * notebook.ROWS),
        notebook.text_lines(["x"] * notebook.ROWS),
        notebook.mail_text("x" * notebook.TEXT),
        notebook.lanes([Lane("Ann", 1, [0.5])] * 12),
        notebook.table(["n"], [["x" * 160]]),
    ):
        assert "more" not in Page(html).text.replace("one dot a message", "")
        assert "…" not in Page(html).text
