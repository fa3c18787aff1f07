"""Read Markdown as a renderer understands it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import pytest

markdown_it = pytest.importorskip("markdown_it", reason="markdown-it-py renders the drafts")

COMMONMARK = markdown_it.MarkdownIt("commonmark")
WITH_TABLES = markdown_it.MarkdownIt("js-default")
RENDERERS = (COMMONMARK, WITH_TABLES)
for _one in RENDERERS:
    _one.disable(["replacements", "smartquotes"], ignoreInvalid=True)


class Rendered(NamedTuple):
    """What a reader gets: quotations word for word, headings with their level, links, code."""

    quotes: list[str]
    headings: list[tuple[int, str]]
    links: list[tuple[str, str]]
    code: list[str]
    text: str
    kinds: set[str]


def text_of(tokens: Iterable[Any]) -> str:
    """Return what a reader sees of inline tokens."""
    said = []
    for one in tokens:
        if one.type in ("text", "text_special", "code_inline", "html_inline"):
            said.append(one.content)
        elif one.type in ("softbreak", "hardbreak"):
            said.append("\n")
    return "".join(said)


def rendered(text: str) -> Rendered:
    """Render CommonMark with tables."""
    found = Rendered([], [], [], [], "", set())
    said, quoting, level = [], False, 0
    for token in WITH_TABLES.parse(text):
        found.kinds.add(token.type)
        if token.type in ("blockquote_open", "blockquote_close"):
            quoting = token.type == "blockquote_open"
        elif token.type in ("heading_open", "heading_close"):
            level = int(token.tag[1:]) if token.nesting == 1 else 0
        elif token.type in ("fence", "code_block"):
            found.code.append(token.content)
        elif token.type == "inline":
            words = text_of(token.children)
            said.append(words)
            found.kinds.update(one.type for one in token.children)
            if quoting:
                found.quotes.append(words)
            if level:
                found.headings.append((level, words))
            found.links.extend(_links(token.children))
    return found._replace(text="\n".join(said))


def _links(tokens: list[Any]) -> Iterable[tuple[str, str]]:
    start = 0
    for at, one in enumerate(tokens):
        if one.type == "link_open":
            start = at
        elif one.type == "link_close" and tokens[start].markup != "linkify":
            yield text_of(tokens[start:at]), tokens[start].attrs["href"]
