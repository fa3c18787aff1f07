"""What strangers wrote reads the same after a renderer of Markdown, and does nothing."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.site.rendered import COMMONMARK, RENDERERS, text_of
from threadkit.site.markdown import inline, link, quoted
from threadkit.site.render import plain

MARKS = st.text(st.sampled_from("\\`*_[]()<>!#+-=.|~:&;$%^@{}\"'0123ab \n\t\r\u00a0\u3000\u202e"))
WORDS = st.lists(
    st.sampled_from(
        ["```", "~~~", "---", "===", "# a", "1. b", "- c", "+ d", "> e", "    code", "<b>", "&lt;",
         "[a]: b", "![x](y)", "https://example.org/a_b", "<https://example.org>", "a@example.org",
         "|a|b|", "|-|-|", "page_count", "__init__", "", "  ", "\t", "x  ", "x\\", "&#10;", "\n"]
    )
).map("\n".join)  # fmt: skip
ANY = st.one_of(MARKS, WORDS, st.text(st.characters(exclude_categories=["Cs"])))


INLINE = {"text", "text_special", "softbreak", "hardbreak"}


def seen(tokens) -> str:
    """Return the words of tokens that do nothing; addresses may be linked by a renderer."""
    kinds = {one.type for one in tokens if one.markup != "linkify"}
    assert kinds <= INLINE
    return text_of(tokens)


@pytest.mark.parametrize("renderer", RENDERERS)
@given(text=ANY)
@example(text="\n\n a \n\nb\n\n")
@example(text=" ")
@example(text="1) a\n10. b\n- \n=")
@example(text="| a | b |\n|---|---|\n| c | d |")
def test_a_quotation_reads_as_it_was_written(renderer, text: str) -> None:
    lines = list(quoted(text))
    tokens = renderer.parse("Said:\n\n" + "\n".join(lines) + "\n\nAfter\n")
    kinds = [one.type for one in tokens]
    if not text:
        assert lines == ["> "]
        return
    assert kinds == [
        "paragraph_open", "inline", "paragraph_close", "blockquote_open", "paragraph_open",
        "inline", "paragraph_close", "blockquote_close", "paragraph_open", "inline",
        "paragraph_close",
    ]  # fmt: skip
    assert seen(tokens[5].children) == plain(text)


@pytest.mark.parametrize("renderer", RENDERERS)
@pytest.mark.parametrize("before", ["", "# ", "- "])
@given(text=ANY)
def test_a_line_stays_a_line(renderer, before: str, text: str) -> None:
    made = inline(text)
    assert "\n" not in made
    (line,) = [one for one in renderer.parse(before + made) if one.type == "inline"] or [None]
    said = "" if line is None else seen(line.children)
    assert said == " ".join(plain(text).split())


@given(text=ANY, url=st.text(st.characters(codec="ascii", exclude_categories=["Cc"])))
def test_a_link_leads_where_it_should(text: str, url: str) -> None:
    address = "https://example.org/" + re.sub(r"%", "", url)
    made = f"x {link(text, address)} y"
    (line,) = [one for one in COMMONMARK.parse(made) if one.type == "inline"]
    opened = [one for one in line.children if one.type == "link_open"]
    assert len(opened) == 1
    assert unquote(opened[0].attrs["href"]) == unquote(address)
    shown = "".join(one.content for one in line.children if one.type.startswith("text"))
    assert shown == f"x {' '.join(plain(text).split())} y"
