"""A saved page of lore as the text that it shows, with its links marked.

The pages are preformatted text with links in them; the text form of a page (copied from a
browser) is the same text without links. Marked text lets one grammar read both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bs4 import BeautifulSoup
    from bs4.element import PageElement, Tag

# Noncharacters of Unicode: no text that is interchanged may hold them.
LINK, LABEL, END = "\ufdd0", "\ufdd1", "\ufdd2"
"""A link is ``LINK target LABEL text END``."""
RULE = "\ufdd3"
"""A horizontal rule; it stands between the parts of a page."""

TAGS_MAX = 200_000
"""A page of a thousand whole mails has some forty thousand, one of a mail and its thread two."""

TAG_CHARACTERS_MAX = 64 << 10
"""One tag is far shorter; its attributes take the parser 500 times their size in memory."""

_START = re.compile(r"</?[A-Za-z]")
_WELL_FORMED = re.compile(
    r"""</?[A-Za-z][^\s"'=<>/]*+"""
    r"""(?:\s++[^\s"'=<>/]++(?:\s*+=\s*+(?:"[^"<]*+"|'[^'<]*+'|[^\s"'=<>`]++))?+)*+\s*+/?>"""
)
_NO_QUOTES = {ord('"'): None, ord("'"): None}
_MARKS = re.compile(f"{LINK}[^{LABEL}]*{LABEL}|[{END}{RULE}]")
_SILENT = frozenset({"head", "style", "script", "form"})
_ENDS = {"a": END, "pre": RULE}


class PageTooLarge(ValueError):
    """A page that is more than anybody writes: its tree would take the machine."""


def parsed(page: str) -> BeautifulSoup:
    r"""Return the tree of an HTML page.

    Parameters
    ----------
    page : str
        As a server sent it or as a browser saved it.

    Raises
    ------
    PageTooLarge
        If it has more than :data:`TAGS_MAX`, or one longer than
        :data:`TAG_CHARACTERS_MAX`.

    Examples
    --------
    >>> parsed("<a\nhref=../x@example.org/>x</a>").a["href"]
    '../x@example.org/'

    Notes
    -----
    With the parser of the standard library, so that pages read alike on every machine. A tag
    takes some 20 microseconds and a kilobyte.
    """
    if page.count("<") > TAGS_MAX:
        raise PageTooLarge(f"a page of more than {TAGS_MAX} tags")
    from bs4 import BeautifulSoup

    class Verbatim(BeautifulSoup):
        """Keeps blank space between elements as it is; BeautifulSoup makes it one character."""

        ASCII_SPACES = ""

    return Verbatim(_short_tags(_closed(page)), "html.parser")


def _closed(page: str) -> str:
    """Show as text what the standard library's parser would stumble over.

    Marked sections, which HTML has not, and what is opened and never closed: it looks for
    each of those ends again and again.
    """
    page = page.replace("<![", "&lt;![")
    for start, end in (("<!--", "-->"), ("<", ">")):
        at = page.rfind(end) + 1
        page = page[:at] + page[at:].replace(start, f"&lt;{start[1:]}")
    return page


def _short_tags(page: str) -> str:
    """Refuse a page with a tag that is far too long, whoever looks for its end.

    Where a tag ends depends on what counts as a quote: a tag that is not well-formed loses
    its quotes, so that it ends with the first ``>`` for every parser.
    """
    parts, done = [], 0
    for start in _START.finditer(page):
        at = start.start()
        # Within a tag that has no quotes left, and so ends with it.
        if at < done or _WELL_FORMED.match(page, at, at + TAG_CHARACTERS_MAX):
            continue
        end = page.find(">", at, at + TAG_CHARACTERS_MAX)
        if end < 0:
            raise PageTooLarge(f"a tag of more than {TAG_CHARACTERS_MAX} characters")
        parts += [page[done:at], page[at:end].translate(_NO_QUOTES)]
        done = end
    return "".join([*parts, page[done:]])


def marked_text(page: str) -> str:
    r"""Return the text of an HTML page with its links and rules marked.

    Parameters
    ----------
    page : str
        HTML as public-inbox writes it or as a browser saved it.

    Raises
    ------
    PageTooLarge
        As :func:`parsed`.

    Examples
    --------
    >>> plain(marked_text('<pre>a <a href="../x/">b</a> &gt;\n</pre><hr><pre>c</pre>'))
    'a b >\nc'

    Notes
    -----
    Linear; the tree is walked without recursion, since a hostile page may be nested deeply.
    """
    from bs4.element import Tag

    soup = parsed(re.sub(f"[{LINK}{LABEL}{END}{RULE}]", "\ufffd", page))
    parts: list[str] = []
    ends = [""]
    open_elements: list[Iterator[PageElement]] = [iter(soup.contents)]
    fresh_pre = False
    while open_elements:
        element = next(open_elements[-1], None)
        if element is None:
            open_elements.pop()
            parts.append(ends.pop())
        elif not isinstance(element, Tag):
            text = _shown(element)
            # HTML drops a line end right after <pre>.
            parts.append(text.removeprefix("\n") if fresh_pre else text)
            fresh_pre = fresh_pre and not text
        elif element.name not in _SILENT:
            parts.append(_start(element))
            ends.append(_ENDS.get(element.name, ""))
            open_elements.append(iter(element.contents))
            fresh_pre = element.name == "pre"
    return "".join(parts)


def _start(tag: Tag) -> str:
    """Return the mark that stands for the start of an element."""
    if tag.name == "a":
        return f"{LINK}{tag.get('href') or ''}{LABEL}"
    return RULE if tag.name in ("hr", "li") else ""


def _shown(text: PageElement) -> str:
    """Return a piece of text as the page shows it: comments and the like are not shown."""
    from bs4.element import NavigableString

    return str(text) if type(text) is NavigableString else ""


def plain(marked: str) -> str:
    """Return marked text without its marks.

    Parameters
    ----------
    marked : str
        As :func:`marked_text` gives it, or a piece of it.

    Examples
    --------
    >>> plain(f"see {LINK}../x/{LABEL}this{END}{RULE}.")
    'see this.'
    """
    return _MARKS.sub("", marked)
