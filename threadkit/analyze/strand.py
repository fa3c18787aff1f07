"""A text without its quote marks, and the way back to the body it was cut from.

Searching happens on three forms of it: ``text`` as it stands; ``plain``, without any
white space, in which a rewrapped paragraph, a wrapped URL and a doubled blank equal
what they came from; and ``skeletal``, ASCII letters and digits alone, which is what
survives a wrong character set, ``?`` for a dash, quoted-printable left undecoded and
curly quotation marks made straight.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from threadkit.mail.block import Block
from threadkit.mail.quotemarks import content_spans

GAP = "\n\0\n"
"""Stands between pieces that are not neighbours in the body; no body holds NUL."""

_WORD = re.compile(r"\S+\s*")
_FRAGILE = re.compile(r"=[0-9A-F]{2}|&(?:[gl]t|amp|quot|nbsp|#\d+);|[^0-9A-Za-z\n\0]")


class Form(NamedTuple):
    """The words of a strand, written without anything between them.

    ``offsets`` says where each word begins in ``key``; one value more than words.
    """

    key: str
    offsets: list[int]

    def holds_words(self, start: int, stop: int) -> bool:
        """Say whether a word begins at ``start`` of the key and one ends at ``stop``."""
        offsets = self.offsets
        return (
            offsets[bisect_left(offsets, start)] == start
            and offsets[bisect_left(offsets, stop)] == stop
        )


class Strand:
    r"""A text cut out of a body, piece by piece, that knows where each piece was.

    Parameters
    ----------
    text : str
        The pieces, joined.
    edges : sequence of int
        Where each piece begins in ``text``, ascending, the first is 0.
    origins : sequence of int
        Where each piece begins in the body.

    Attributes
    ----------
    cursor : int
        Where in ``text`` the last passage found ended: quoting goes forward, so the
        next search begins there.

    Examples
    --------
    >>> strand = Strand("one two\nthree", [0, 8], [2, 12])
    >>> strand.plain
    Form(key='onetwothree', offsets=[0, 3, 6, 11])
    >>> strand.span(4, 13)
    (6, 17)
    """

    def __init__(self, text: str, edges: Sequence[int], origins: Sequence[int]) -> None:
        self.text = text
        self.edges = edges
        self.origins = origins
        self.cursor = 0

    def span(self, start: int, stop: int) -> tuple[int, int]:
        """Return the range of the body that ``text[start:stop]`` (not empty) came from."""
        edges, origins = self.edges, self.origins
        first = bisect_right(edges, start) - 1
        last = bisect_right(edges, stop - 1) - 1
        return origins[first] + start - edges[first], origins[last] + stop - edges[last]

    def word_at(self, offset: int) -> int:
        """Return the index of the first word that begins at ``text[offset]`` or later."""
        return bisect_left(self.starts, offset) if offset else 0

    def reach(self, first: int, last: int) -> tuple[int, int]:
        """Return the range of ``text`` that holds words ``first`` to ``last`` (not included)."""
        return self.starts[first], self.starts[last - 1] + len(self.words[last - 1])

    @cached_property
    def words(self) -> list[str]:
        """The words: what white space separates."""
        return self.text.split()

    @cached_property
    def starts(self) -> list[int]:
        """Where each word begins in ``text``."""
        lead = len(self.text) - len(self.text.lstrip())
        return list(accumulate(map(len, _WORD.findall(self.text)), initial=lead))[:-1]

    @cached_property
    def plain(self) -> Form:
        """The words as they are."""
        return Form("".join(self.words), list(accumulate(map(len, self.words), initial=0)))

    @cached_property
    def skeletal(self) -> Form:
        """The ASCII letters and digits of each word; a word may be empty here."""
        words = _FRAGILE.sub("", "\n".join(self.words)).split("\n")
        return Form("".join(words), list(accumulate(map(len, words), initial=0)))


def own_text(body: str, blocks: Sequence[Block]) -> Strand:
    r"""Return what the writer of a mail wrote: everything but the quotes.

    Examples
    --------
    >>> own_text("> why?\nBecause.\n", [Block("quote", 1, 0, 7), Block("reply", 0, 7, 16)]).text
    'Because.\n'
    """
    pieces: list[list[int]] = []
    for kind, depth, start, stop, _ in blocks:
        if depth == 0 and kind != "quote":
            if pieces and pieces[-1][1] == start:
                pieces[-1][1] = stop
            else:
                pieces.append([start, stop])
    if not pieces:
        return Strand("", [0], [0])
    texts = [body[start:stop] for start, stop in pieces]
    edges = accumulate((len(text) + len(GAP) for text in texts[:-1]), initial=0)
    return Strand(GAP.join(texts), list(edges), [start for start, _ in pieces])


def quoted_text(body: str, blocks: Sequence[Block]) -> Strand:
    r"""Return the lines of these blocks without their quote marks.

    Examples
    --------
    >>> strand = quoted_text("> why?\n> > so\n", [Block("quote", 1, 0, 7), Block("quote", 2, 7, 14)])
    >>> strand.text, strand.origins
    ('why?\nso', [2, 11])
    """
    contents: list[str] = []
    origins: list[int] = []
    last = -1
    for block in blocks:
        if 0 <= last != block.start:
            contents.append("\0")
            origins.append(last)
        last = block.stop
        for start, stop in content_spans(body, block):
            content = body[start:stop]
            if content[:1] == ">" and not content.strip("> "):  # blank, in a deeper quote
                start, content = stop, ""
            contents.append(content)
            origins.append(start)
    edges = accumulate((len(content) + 1 for content in contents), initial=0)
    return Strand("\n".join(contents), list(edges), origins or [0])
