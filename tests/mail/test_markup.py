"""HTML mail made readable."""

from __future__ import annotations

import subprocess
import sys

import bs4
import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.mail.markup import HTML_MAX, html_text
from threadkit.mail.message import parse
from threadkit.mail.values import Defect


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("just text &amp; more", "just text & more"),
        ("<div>a</div><div>b</div>", "a\nb\n"),
        ("a<br>b<br/><br>c", "a\nb\n\nc\n"),
        ("<p>a</p>\n<p>b\n  c</p>", "a\n\nb c\n"),
        ("<p>a</p><blockquote><p>q1</p><blockquote>q2</blockquote></blockquote><p>b</p>",
         "a\n\n> q1\n>\n>> q2\n\nb\n"),
        ('<div class="gmail_quote"><div>On Friday Jane wrote:</div><blockquote class="gmail_quote">q</blockquote></div>',
         "On Friday Jane wrote:\n\n> q\n"),
        ('see <a href="https://example.org/x">this</a>.', "see this <https://example.org/x>.\n"),
        ('<a href="https://example.org/">https://example.org</a>', "https://example.org\n"),
        ('<a href="mailto:j@example.org">j@example.org</a>', "j@example.org\n"),
        ("<script>x()</script><style>p{}</style><!-- no --><b>yes</b>", "yes\n"),
        ("<head><title>t</title></head><body>b</body>", "b\n"),
        ("<ul><li>a</li><li>b</li></ul>", "* a\n* b\n"),
        ("<pre>a\n  b\n</pre>", "a\n  b\n"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b\n"),
        ('<img alt="a plot" src="x">', "a plot\n"),
        ("caf&eacute;&nbsp;x", "café\xa0x"),
        ("bye<br>-- <br>Jane", "bye\n-- \nJane\n"),
        ("<b></b>", ""),
    ],
)  # fmt: skip
def test_html_text(html: str, text: str) -> None:
    assert html_text(html, []) == text


def test_a_mail_of_html_alone() -> None:
    mail = parse(b"Content-Type: text/html; charset=utf-8\n\n<p>caf\xc3\xa9</p>")
    assert mail.body == "café\n"


@pytest.mark.parametrize(
    "rest",
    ["<![foo", "<![n b", "<![foo[x]]>b", "<!-- open", "<?xml version='1.0'?>", "<p", "&#xfffffff;"],
)
def test_broken_html_loses_no_text_before_the_damage(rest: str) -> None:
    assert html_text(f"<p>whole</p>{rest}", []).split()[0] == "whole"


def test_html_that_the_parser_refuses_has_its_tags_cut_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(html: str, parser: str) -> None:
        raise bs4.ParserRejectedMarkup("no")

    monkeypatch.setattr(bs4, "BeautifulSoup", refuse)
    defects: list[Defect] = []
    assert html_text("<p>a &lt; b</p>c", defects).split() == ["a", "<", "b", "c"]
    assert [defect.kind for defect in defects] == ["html-damaged"]


def test_cells_of_a_row_and_rules() -> None:
    table = "<table><tr><th>a</th><td>b</td></tr><tr><td>c</td></tr></table><hr>d"
    assert html_text(table, []) == f"a b\nc\n\n{'-' * 20}\nd\n"


def test_deep_and_long_html() -> None:
    assert "x" in html_text("<div>" * 300 + "x", [])
    assert isinstance(html_text("<div>" * 5000 + "x", []), str)
    defects: list[Defect] = []
    assert "end" in html_text("<b>" + "x " * (HTML_MAX // 2) + "</b>end", defects)
    assert [defect.kind for defect in defects] == ["html-damaged"]


@given(st.text("<>/abp=\"'&;!-[] \n", max_size=60))
def test_html_text_is_total(html: str) -> None:
    html_text(html, []).encode("utf-8")


@given(
    st.lists(st.from_regex(r"[a-z]{1,6}", fullmatch=True), max_size=6),
    st.sampled_from(["p", "div", "li", "h1"]),
)
def test_every_word_of_every_block_is_kept(words: list[str], tag: str) -> None:
    html = "".join(f"<{tag}>{word}</{tag}>" for word in words)
    assert html_text(html, []).replace("*", " ").split() == words


def test_beautifulsoup_is_not_imported_for_plain_mail() -> None:
    code = (
        "import sys; from threadkit.mail.message import parse; parse(b'Subject: x\\n\\nhi');"
        "sys.exit('bs4' in sys.modules or 'email' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
