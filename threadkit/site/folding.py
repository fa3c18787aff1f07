"""Words as the search knows them: without case and accents, identifiers whole and in parts.

The script of the search page folds what is typed in the same way: whoever changes one changes both.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

LONGEST: Final = 40
SHA: Final = 12
"""Digits that are kept of a hash; mails cite hashes of many lengths."""

SKIPPED: Final = frozenset(
    re.split(
        " ",
        "an and are as at be but by for from had has have he if in is it its not of on or so that "
        "the their then there they this to was we were what when which will with would you",
    )
)
"""Words that would be found everywhere, and tell nothing."""

_WORD = re.compile(r"\w+")
_HASH = re.compile(r"[0-9a-f]{13,}")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_+")


def fold(text: str) -> str:
    """Write a text without case and accents.

    Parameters
    ----------
    text : str
        Anything.

    Examples
    --------
    >>> fold("Jérôme ﬁxed Straße")
    'jerome fixed straße'
    """
    return _bare(text).lower()


def terms(text: str) -> Iterator[str]:
    """Give the words under which a text is found; some more than once.

    Parameters
    ----------
    text : str
        Own words of a mail, a subject, a name, a Message-ID.

    Yields
    ------
    str
        Folded; at least two and at most 40 characters. Identifiers come whole and in parts,
        hashes with twelve digits.

    Examples
    --------
    >>> list(terms("The do_wp_page() of PageKsm"))
    ['do_wp_page', 'do', 'wp', 'page', 'pageksm', 'page', 'ksm']
    """
    for found in _WORD.finditer(_bare(text)):
        word = found.group()
        yield from _kept(word.lower())
        pieces = _HUMP.split(word)
        if len(pieces) > 1:
            for piece in pieces:
                yield from _kept(piece.lower())


def _bare(text: str) -> str:
    """Take accents and other marks off, before words are cut: a mark is no part of one."""
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFKD", text)
    return "".join(one for one in apart if unicodedata.category(one)[0] != "M")


def _kept(word: str) -> Iterator[str]:
    if _HASH.fullmatch(word):
        word = word[:SHA]
    if len(word) > 1 and word not in SKIPPED:
        yield word[:LONGEST]
