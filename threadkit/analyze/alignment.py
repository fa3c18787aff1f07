"""Where a passage stands in a text, whatever happened to its white space.

A :class:`Strand` is a text without its quote marks and the way back to the body it
was cut from. Searching happens on two forms of it: ``text`` as it stands, and
``squeezed``, with no white space at all, which makes a rewrapped paragraph, a wrapped
URL and a doubled blank equal to what they came from.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate

GAP = "\n\0\n"
"""Stands between pieces that are not neighbours in the body; no body holds NUL."""

_WORDS = re.compile(r"\S+\s*")


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

    Examples
    --------
    >>> strand = Strand("one two\nthree", [0, 8], [2, 12])
    >>> strand.squeezed
    'onetwothree'
    >>> strand.at(8), strand.unsqueeze(6)
    (12, 8)
    """

    def __init__(self, text: str, edges: Sequence[int], origins: Sequence[int]) -> None:
        self.text = text
        self.edges = edges
        self.origins = origins

    def at(self, offset: int) -> int:
        """Return the body's offset of the character ``text[offset]``."""
        piece = bisect_right(self.edges, offset) - 1
        return self.origins[piece] + offset - self.edges[piece]

    def span(self, start: int, stop: int) -> tuple[int, int]:
        """Return the range of the body that ``text[start:stop]`` (not empty) came from."""
        return self.at(start), self.at(stop - 1) + 1

    @cached_property
    def words(self) -> list[str]:
        """The words: what white space separates."""
        return self.text.split()

    @cached_property
    def squeezed(self) -> str:
        """The text without its white space."""
        return "".join(self.words)

    @cached_property
    def offsets(self) -> list[int]:
        """Where each word begins in ``squeezed``, and the length of it as last value."""
        return [0, *accumulate(map(len, self.words))]

    @cached_property
    def starts(self) -> list[int]:
        """Where each word begins in ``text``."""
        text = self.text
        lead = len(text) - len(text.lstrip())
        return [lead, *accumulate(map(len, _WORDS.findall(text)), initial=lead)][1:]

    def unsqueeze(self, offset: int) -> int:
        """Return where the character ``squeezed[offset]`` stands in ``text``."""
        word = bisect_right(self.offsets, offset) - 1
        return self.starts[word] + offset - self.offsets[word]
