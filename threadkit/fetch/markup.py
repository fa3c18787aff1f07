"""A saved page of lore as the text that it shows, with its links marked.

The pages are preformatted text with links in them; the text form of a page (copied from a
browser) is the same text without links. Marked text lets one grammar read both.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

# Noncharacters of Unicode: no text that is interchanged may hold them.
LINK, LABEL, END = "\ufdd0", "\ufdd1", "\ufdd2"
"""A link is ``LINK target LABEL text END``."""
RULE = "\ufdd3"
"""A horizontal rule; it stands between the parts of a page."""

_MARKS = re.compile(f"{LINK}[^{LABEL}]*{LABEL}|[{END}{RULE}]")
_SILENT = frozenset({"head", "style", "script", "form"})


class _Flattener(HTMLParser):
    """Writes down text, links and rules while the tags of a page go by."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0
        self._fresh_pre = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a link; draw a rule before the parts of a page."""
        if tag in _SILENT:
            self._silent += 1
        elif tag == "a" and not self._silent:
            target = dict(attrs).get("href") or ""
            self.parts.append(f"{LINK}{target}{LABEL}")
        elif tag in ("hr", "li"):
            self.parts.append(RULE)
        self._fresh_pre = tag == "pre"

    def handle_endtag(self, tag: str) -> None:
        """Close a link; draw a rule behind preformatted text."""
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag == "a" and not self._silent:
            self.parts.append(END)
        elif tag == "pre":
            self.parts.append(RULE)

    def handle_data(self, data: str) -> None:
        """Keep text that the page shows."""
        if self._fresh_pre:  # HTML drops a line end right after <pre>
            data = data.removeprefix("\n")
            self._fresh_pre = False
        if not self._silent:
            self.parts.append(data)


def marked_text(page: str) -> str:
    r"""Return the text of an HTML page with its links and rules marked.

    Parameters
    ----------
    page : str
        HTML as public-inbox writes it or as a browser saved it.

    Examples
    --------
    >>> plain(marked_text('<pre>a <a href="../x/">b</a> &gt;\n</pre><hr><pre>c</pre>'))
    'a b >\nc'

    Notes
    -----
    Linear. The standard library's parser is enough, since the pages hold no nested markup
    that matters; no tree is built.
    """
    flattener = _Flattener()
    flattener.feed(re.sub(f"[{LINK}{LABEL}{END}{RULE}]", "\ufffd", page))
    flattener.close()
    return "".join(flattener.parts)


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
