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
from functools import cached_property, lru_cache
from itertools import accumulate, count, pairwise
from operator import add

from threadkit.mail.block import Block
from threadkit.mail.quotemarks import content_spans

GAP = "\n\0\n"
"""Stands between pieces that are not neighbours in the body; no body holds NUL."""

FEW = 8
"""Places of words that are found by splitting again; for more of them a list is made."""

_WORD = re.compile(r"\S+\s*")
_FRAGILE = re.compile(r"=[0-9A-F]{2}|&(?:[gl]t|amp|quot|nbsp|#\d+);|[^0-9A-Za-z\n\0]")


class Form:
    """The words of a strand as they are compared: as they are, or what is left of them.

    Parameters
    ----------
    words : list of str
        One for each word of the strand; may be empty.

    Examples
    --------
    >>> form = Form(["is", "it", "safe"])
    >>> form.key, form.offsets, form.holds_words(2, 8), form.holds_words(3, 8)
    ('isitsafe', [0, 2, 4, 8], True, False)
    """

    def __init__(self, words: list[str]) -> None:
        self.words = words
        self.key = "".join(words)

    @cached_property
    def offsets(self) -> list[int]:
        """Where each word begins in ``key``, and where the last one ends."""
        return list(accumulate(map(len, self.words), initial=0))

    @cached_property
    def pairs(self) -> set[tuple[str, str]]:
        """All neighbours: a text that shares none of them holds no run of words."""
        return set(pairwise(self.words))

    def holds_words(self, start: int, stop: int) -> bool:
        """Say whether a word begins at ``start`` of the key and one ends at ``stop``.

        Parameters
        ----------
        start : int
            An offset in ``key``.
        stop : int
            A later one.

        Returns
        -------
        bool
            True if the range is made of whole words.
        """
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
    >>> strand.plain.key
    'onetwothree'
    >>> strand.span(4, 13)
    (6, 17)
    """

    def __init__(self, text: str, edges: Sequence[int], origins: Sequence[int]) -> None:
        self.text = text
        self.edges = edges
        self.origins = origins
        self.cursor = 0
        self._lookups = 0

    def span(self, start: int, stop: int) -> tuple[int, int]:
        """Return the range of the body that ``text[start:stop]`` (not empty) came from.

        Parameters
        ----------
        start : int
            The first character.
        stop : int
            After the last character.

        Returns
        -------
        tuple of (int, int)
            Start and stop in the body.
        """
        edges, origins = self.edges, self.origins
        first = bisect_right(edges, start) - 1
        last = bisect_right(edges, stop - 1) - 1
        return origins[first] + start - edges[first], origins[last] + stop - edges[last]

    def word_at(self, offset: int) -> int:
        """Return the index of the first word that begins at ``text[offset]`` or later.

        Parameters
        ----------
        offset : int
            A place in ``text``.

        Returns
        -------
        int
            The number of words if none begins there or later.
        """
        return len(self.text[:offset].split())

    def reach(self, first: int, last: int) -> tuple[int, int]:
        """Return the range of ``text`` that holds words ``first`` to ``last`` (not included).

        Parameters
        ----------
        first : int
            Index of the first word.
        last : int
            Index after the last word.

        Returns
        -------
        tuple of (int, int)
            Start and stop in ``text``.
        """
        text = self.text
        begin = self.start(first) if first else len(text) - len(text.lstrip())
        if last == len(self.words):
            return begin, len(text.rstrip())
        return begin, self.start(last - 1) + len(self.words[last - 1])

    def start(self, word: int) -> int:
        """Return where a word begins in ``text``.

        Parameters
        ----------
        word : int
            Index of a word.

        Returns
        -------
        int
            A place in ``text``.
        """
        if self._lookups < FEW:
            self._lookups += 1
            return len(self.text) - len(self.text.split(None, word)[-1])
        return self._starts[word]

    def fills_lines(self, first: int, last: int) -> bool:
        """Say whether nothing else stands on the lines of words ``first`` to ``last``.

        Parameters
        ----------
        first : int
            Index of the first word.
        last : int
            Index after the last word.

        Returns
        -------
        bool
            True if only white space stands beside them.
        """
        text = self.text
        begin, end = self.reach(first, last)
        stop = text.find("\n", end)
        before = text[text.rfind("\n", 0, begin) + 1 : begin]
        after = text[end : stop if stop >= 0 else len(text)]
        return not (before.strip() or after.strip())

    @cached_property
    def words(self) -> list[str]:
        """The words: what white space separates."""
        return self.text.split()

    @cached_property
    def _starts(self) -> list[int]:
        lead = len(self.text) - len(self.text.lstrip())
        return list(accumulate(map(len, _WORD.findall(self.text)), initial=lead))

    @cached_property
    def plain(self) -> Form:
        """The words as they are."""
        return Form(self.words)

    @cached_property
    def skeletal(self) -> Form:
        """The ASCII letters and digits of each word; a word may be empty here."""
        return Form(skeleton("\n".join(self.words)).split("\n"))


def skeleton(text: str) -> str:
    r"""Return the ASCII letters and digits of a text, its line ends and NULs.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        What most kinds of damage leave alone.

    Examples
    --------
    >>> skeleton("na\u00efve") == skeleton("na?ve") == skeleton("na=C3=AFve") == "nave"
    True
    """
    return _FRAGILE.sub("", text)


def own_text(body: str, blocks: Sequence[Block]) -> Strand:
    r"""Return what the writer of a mail wrote: everything but the quotes.

    Parameters
    ----------
    body : str
        The decoded text.
    blocks : sequence of Block
        The blocks of ``body``, in order.

    Returns
    -------
    Strand
        Stretches that do not touch stand apart in it.

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

    Parameters
    ----------
    body : str
        The decoded text.
    blocks : sequence of Block
        Quote blocks of ``body``, in order.

    Returns
    -------
    Strand
        The lines, joined by line ends.

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
        start, depth = block.start, block.depth
        quoted = body[start:last].removesuffix("\n")
        lines = quoted.split("\n")
        bare, marked = _usual_marks(depth).subn("\n", f"\n{quoted}")
        usual = marked == len(lines)
        texts = bare[1:].split("\n") if usual else _contents(lines, depth, block.certain)
        contents += texts
        stops = map(add, accumulate(map(len, lines)), count(start))  # a line end each
        origins += [stop - len(line) for stop, line in zip(stops, texts, strict=True)]
    edges = accumulate([len(content) + 1 for content in contents], initial=0)
    return Strand("\n".join(contents), list(edges), origins or [0])


@lru_cache(maxsize=64)
def _usual_marks(depth: int) -> re.Pattern[str]:
    """Match the marks before a line's text, or all of a line that is only marks or empty."""
    marks = rf" ?>(?: {{0,2}}>){{{depth - 1}}} ?(?=[> ]*+[^> \n])"
    return re.compile(rf"\n(?:{marks}|(?:>(?: ?>)*+ ?)?(?=\n|\Z))")


def _contents(lines: Sequence[str], depth: int, certain: bool) -> list[str]:
    """Return the lines of a block without their marks, whatever these are."""
    found: list[str] = []
    bare, mark, size = ">" * depth, "\n", 1
    for line in lines:
        if line.startswith(mark) and line[size:].strip("> "):
            at = size
        elif line and line != bare:
            at = content_spans(line, Block("quote", depth, 0, len(line), certain))[0][0]
            if line[at - 1 : at] == " " and line[at:].strip("> "):
                mark, size = line[:at], at
        else:
            at = len(line)
        found.append(line[at:])
    return found
