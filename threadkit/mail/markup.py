"""HTML mail as plain text: lines, quote marks and links; nothing executed or fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import TYPE_CHECKING

from threadkit.mail.values import Defect

if TYPE_CHECKING:
    from bs4.element import PageElement, Tag

HTML_MAX = 2_000_000
"""Longest HTML given to the parser, in characters; longer has its tags cut out."""

_SPACED = frozenset(
    ("blockquote", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "pre", "table", "ul")
)
_BLOCKS = _SPACED | frozenset(
    (
        "address",
        "article",
        "aside",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dir",
        "div",
        "dt",
        "fieldset",
        "figure",
        "footer",
        "form",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "menu",
        "nav",
        "section",
        "summary",
        "tbody",
        "tfoot",
        "thead",
        "tr",
    )
)
_DROPPED = frozenset(
    ("script", "style", "head", "title", "meta", "link", "template", "noscript", "object")
)
_DEPTH_MAX = 400
_TAG = re.compile(r"<[^<>]*>")
_SPACES = re.compile(r"[ \t\r\n\f\xa0]+")


def html_text(html: str, defects: list[Defect]) -> str:
    """Return the readable text of an HTML body.

    Parameters
    ----------
    html : str
        The decoded part.
    defects : list of Defect
        Receives ``html-damaged`` when no parser reads it.

    Returns
    -------
    str
        Block elements start lines, ``<blockquote>`` becomes ``> `` marks, a link is kept
        as ``text <target>`` where the text is not the target itself, an image as its
        alternative text. Scripts and style sheets are dropped.

    Examples
    --------
    >>> print(html_text("<p>Yes.</p><blockquote>Is it <b>so</b>?</blockquote>", []))
    Yes.
    <BLANKLINE>
    > Is it so?
    <BLANKLINE>

    Notes
    -----
    About 3 MB/s; BeautifulSoup is imported on the first call.
    """
    if "<" not in html:
        return unescape(html)
    if len(html) <= HTML_MAX:
        soup = _soup(html)
        if soup is not None:
            return _Writer().text(soup)
    defects.append(Defect("html-damaged", f"{len(html)} characters"))
    return unescape(_TAG.sub(" ", html))


def _soup(html: str) -> Tag | None:
    import warnings

    from bs4 import BeautifulSoup, ParserRejectedMarkup

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about markup that looks like XML or a file name
        try:
            return BeautifulSoup(html, "html.parser")
        except (ParserRejectedMarkup, AssertionError, RecursionError, ValueError):
            return None


class _Writer:
    """Collects lines while the elements of a page go by."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line = ""
        self.depth = 0
        self.pre = 0
        self.gap = False

    def text(self, soup: Tag) -> str:
        """Return the lines of a page, each with its line end."""
        for element, entering in _walk(soup):
            name = getattr(element, "name", None)
            if name is None:
                self._string(str(element))
            elif entering:
                self._enter(element, name)  # type: ignore[arg-type]
            else:
                self._leave(element, name)  # type: ignore[arg-type]
        self._break()
        return "\n".join(self.lines) + "\n" if self.lines else ""

    def _string(self, string: str) -> None:
        if self.pre:
            first, *rest = string.replace("\r\n", "\n").split("\n")
            self.line += first
            for more in rest:
                self._break(keep_empty=True)
                self.line = more
            return
        words = _SPACES.sub(" ", string)
        self.line += words[1:] if words[:1] == " " and self.line[-1:] in ("", " ") else words

    def _enter(self, tag: Tag, name: str) -> None:
        if name == "br":
            self._break(keep_empty=True)
        elif name in _BLOCKS:
            self._break()
            self.gap = self.gap or name in _SPACED
            self.pre += name == "pre"
            if _quotes(tag, name):
                self.depth += 1
            if name == "li":
                self.line = "* "
            elif name == "hr":
                self.line = "-" * 20
                self._break()
        elif name in ("td", "th") and self.line:
            self.line += " "
        elif name == "img":
            self._string(str(tag.get("alt") or ""))

    def _leave(self, tag: Tag, name: str) -> None:
        if name in _BLOCKS:
            self._break()
            self.gap = self.gap or name in _SPACED
            self.pre -= name == "pre"
            if _quotes(tag, name):
                self.depth -= 1
        elif name == "a":
            target = str(tag.get("href") or "")
            shown = target.removeprefix("mailto:").rstrip("/")
            if target[:1] not in ("", "#") and shown not in self.line:
                self.line += f" <{target}>"

    def _break(self, *, keep_empty: bool = False) -> None:
        """End the line that is being written."""
        content = self.line.rstrip()
        if content == "--" and self.line.startswith("-- "):
            content = "-- "  # the mark of a signature
        self.line = ""
        if not content and not keep_empty:
            return
        marks = ">" * self.depth
        if self.gap and self.lines and self.lines[-1].strip("> "):
            previous = self.lines[-1]
            shared = min(self.depth, len(previous) - len(previous.lstrip(">")))
            self.lines.append(">" * shared)
        self.gap = False
        self.lines.append(f"{marks} {content}" if marks and content else marks or content)


def _quotes(tag: Tag, name: str) -> bool:
    """Whether an element holds quoted text."""
    return name == "blockquote" and "margin" not in str(tag.get("style") or "").split(":")[0:1]


def _walk(soup: Tag) -> Iterator[tuple[PageElement, bool]]:
    """Yield elements on entering and tags again on leaving, in document order.

    A loop of its own, because a hostile page nests deeper than Python recurses.
    """
    from bs4.element import NavigableString, PreformattedString, Tag

    stack: list[tuple[PageElement, Iterator[PageElement]]] = [(soup, iter(soup.contents))]
    while stack:
        parent, children = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            if stack:
                yield parent, False
        elif isinstance(child, Tag):
            if child.name not in _DROPPED:
                yield child, True
                if len(stack) < _DEPTH_MAX:
                    stack.append((child, iter(child.contents)))
        elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
            yield child, True
