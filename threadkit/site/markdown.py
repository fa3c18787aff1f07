"""Text of strangers in Markdown: escaped so that it reads as it was written, and does nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from threadkit.site.render import plain

_ALWAYS = re.compile(r"[\\`*\[\]<>&~|$#]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_FIRST = re.compile(r"[-+=:%]")
_NUMBERED = re.compile(r"(\d{1,9})[.)](?:\s|$)")
_BLANK = re.compile(r"[^\S \n]")  # blanks that a renderer may drop, or that nobody tells apart


def inline(text: str) -> str:
    r"""Escape text for one line: a heading, an item, the words of a link.

    Parameters
    ----------
    text : str
        Anything; runs of blanks become one.

    Returns
    -------
    str
        Markdown that shows the text; what nobody would see is made visible.

    Examples
    --------
    >>> print(inline("*page_count* < [1]\n# <script>"))
    \*page_count\* \< \[1\] \# \<script\>
    >>> print(inline("1. a"), inline("- b"))
    1\. a \- b
    """
    return _line(" ".join(plain(text).split()))


def quoted(text: str) -> Iterator[str]:
    r"""Set a passage as a quotation, word for word.

    Parameters
    ----------
    text : str
        Of a mail. Its lines flow, but for those that are indented or blank.

    Yields
    ------
    str
        Lines of Markdown that show exactly the text; what nobody would see (controls, marks
        that turn text around) is made visible as :func:`~threadkit.site.render.plain` does.

    Examples
    --------
    >>> print("\n".join(quoted("It *broke*:\n  1. x < y\n+ z_\n")))
    > It \*broke\*:\
    > &#32; 1. x \< y\
    > \+ z\_&#10;

    References
    ----------
    CommonMark 0.31.2, sections 2.4 (backslash escapes), 2.5 (character references) and 6.7
    (hard line breaks).
    """
    shown = plain(text)
    body = shown.rstrip("\n")
    lines = body.split("\n")
    for at, line in enumerate(lines):
        last = at + 1 == len(lines)
        if last:
            breaks = "&#10;" * (len(shown) - len(body))
        else:
            breaks = "\\" if _stands_alone(line) or _stands_alone(lines[at + 1]) else ""
        yield f"> {_line(line)}{breaks}"


def link(words: str, url: str) -> str:
    r"""Return a link.

    Parameters
    ----------
    words : str
        Not yet escaped.
    url : str
        Safe, of :mod:`threadkit.site.links`.

    Examples
    --------
    >>> link("a [b]", "https://example.org/a_(b)?c=d&copy=1")
    '[a \\[b\\]](https://example.org/a_%28b%29?c=d&amp;copy=1)'
    """
    return f"[{inline(words)}]({url.translate(_IN_TARGET)})"


_IN_TARGET = str.maketrans({
    "(": "%28", ")": "%29", "&": "&amp;", "\\": "%5C", "<": "%3C", ">": "%3E", " ": "%20",
    "\n": "%0A",
})  # fmt: skip


def _stands_alone(line: str) -> bool:
    return not line or line[0].isspace()


def _line(line: str) -> str:
    """Escape one line, also what means something at its beginning or is dropped at its end."""
    if not line.strip(" "):
        return "&#32;" * len(line)
    start = len(line) - len(line.lstrip(" "))
    stop = len(line.rstrip(" "))
    inner = _BLANK.sub(_reference, _ALWAYS.sub(r"\\\g<0>", line[start:stop]))
    if not start:
        inner = _FIRST.sub(r"\\\g<0>", inner, count=1) if _FIRST.match(inner) else inner
        numbered = _NUMBERED.match(inner)
        if numbered:
            inner = f"{numbered[1]}\\{inner[numbered.end(1) :]}"
    before = "&#32;" + line[1:start] if start else ""
    after = line[stop:-1] + "&#32;" if stop < len(line) else ""
    return before + inner + after


def _reference(found: re.Match[str]) -> str:
    return f"&#{ord(found.group())};"
