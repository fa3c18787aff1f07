"""A passage and a source laid side by side: runs of characters on which both agree.

Everything that walks text here is ``str.find`` or a comparison of slices; :class:`Work`
counts the characters that these may look at, so that no pair of bodies, however made,
takes more than a bounded time.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import pairwise
from typing import Literal, NamedTuple

from threadkit.analyze.strand import FEW, Form, Strand

PROBE = 16
"""Characters (without white space) that are searched to begin a run."""
LEAST = PROBE // 2
"""Characters that a run must have."""
CANDIDATES = 4
"""Places that are compared before the longest run is taken."""
WINDOW = 1024
"""Characters after a place in which the next is looked for."""
LONG = 80
"""Characters of a run that needs no comparison with others."""


class Work:
    """How many characters may still be looked at.

    Examples
    --------
    >>> work = Work(1000)
    >>> work.find("a needle in hay", "needle", 0), work.left < 1000
    (2, True)
    """

    def __init__(self, limit: int) -> None:
        self.left = limit

    def find(self, text: str, wanted: str, start: int, stop: int | None = None) -> int:
        """Do ``text.find(wanted, start, stop)`` and count it; -1 when nothing is left.

        Parameters
        ----------
        text : str
            Where to look.
        wanted : str
            What to look for.
        start : int
            The first character looked at.
        stop : int or None
            The end of the look; None is the end of the text.

        Returns
        -------
        int
            The first place, or -1.
        """
        if self.left <= 0:
            return -1
        stop = len(text) if stop is None else min(stop, len(text))
        hit = text.find(wanted, start, stop)
        self.left -= max(0, (hit if hit >= 0 else stop) - start) + len(wanted) + PROBE
        return hit


class Run(NamedTuple):
    """Words ``first`` to ``last`` (not included) of a passage and their place in a source.

    ``start`` and ``stop`` count characters of the source's text; ``matched`` is the number
    of the words that agree; ``method`` is the weakest kind of agreement in it.
    """

    first: int
    last: int
    start: int
    stop: int
    matched: int
    method: str


class Seam:
    r"""A passage and a source in the same form, to be laid side by side.

    Parameters
    ----------
    passage, source : Strand
        What is quoted, and where to look for it.
    kind : "plain" or "skeletal"
        The form (see :class:`threadkit.analyze.strand.Strand`) that is compared.

    Examples
    --------
    >>> passage = Strand("is it\nreally safe to fork", [0], [0])
    >>> source = Strand("Well, is it really safe\nto fork here?", [0], [0])
    >>> Seam(passage, source, "plain").runs(0, 6, 0, Work(1000))
    [Run(first=0, last=6, start=6, stop=31, matched=6, method='rewrapped')]
    """

    def __init__(self, passage: Strand, source: Strand, kind: Literal["plain", "skeletal"]) -> None:
        self.passage = passage
        self.source = source
        self.exact = kind == "plain"
        self.ours: Form = passage.plain if self.exact else passage.skeletal
        self.there: Form = source.plain if self.exact else source.skeletal
        self.key = self.ours.key
        self.offsets = self.ours.offsets

    def run(self, first: int, last: int, at: int) -> Run:
        """Make the run of words whose form stands at ``at`` in the form of the source.

        Parameters
        ----------
        first : int
            Index of the first word.
        last : int
            Index after the last word.
        at : int
            A place in the form's key of the source.

        Returns
        -------
        Run
            With the weakest kind of agreement in it.
        """
        stop = at + self.offsets[last] - self.offsets[first]
        source, offsets = self.source, self.there.offsets
        head = bisect_right(offsets, at) - 1
        tail = bisect_left(offsets, stop) - 1
        lower, upper = source.start(head), source.start(tail)
        if self.exact:
            lower += at - offsets[head]
            upper += stop - offsets[tail]
        else:
            upper += len(source.words[tail])
        begin, end = self.passage.reach(first, last)
        method = agreement(self.passage.text[begin:end], source.text[lower:upper])
        return Run(first, last, lower, upper, last - first, method)

    def runs(self, first: int, last: int, cursor: int, work: Work) -> list[Run]:
        """Find words ``first`` to ``last`` piece by piece.

        What stands after ``cursor`` in the source's text is preferred; a few words alone
        are found only right there.

        Parameters
        ----------
        first : int
            Index of the first word.
        last : int
            Index after the last word.
        cursor : int
            Character of the source's text from which on a place is preferred.
        work : Work
            What the search may still cost.

        Returns
        -------
        list of Run
            In order of the passage, disjoint in it.
        """
        key, offsets, there = self.key, self.offsets, self.there
        end = offsets[last]
        at = there.offsets[self.source.word_at(cursor)]
        rest = key[offsets[first] : min(end, offsets[first] + PROBE)]
        goes_on = 0 < len(rest) < PROBE and there.key.startswith(rest, at)
        if goes_on and there.holds_words(at, at + len(rest)):
            return [self.run(*self._words(offsets[first], end), at)]
        found: list[Run] = []
        floor = first
        for word in self._likely(first, last):
            if word < floor:
                continue
            if end - offsets[word] < LEAST or work.left <= 0:
                break
            hit = self._longest(offsets[word], offsets[floor], end, at, work)
            if not hit and LEAST <= offsets[min(word + 2, last)] - offsets[word] < PROBE:
                hit = self._short(word, min(word + 2, last), at, work)
            lower, upper = self._words(hit[0], hit[1]) if hit else (0, 0)
            if hit and offsets[upper] - offsets[lower] >= LEAST:
                place = hit[2] + offsets[lower] - hit[0]
                at = place + offsets[upper] - offsets[lower]
                found.append(self.run(lower, upper, place))
                floor = upper
        return found

    def _likely(self, first: int, last: int) -> list[int]:
        """Return the words at which a probe may hit: few, where the texts are strangers."""
        words = self.ours.words
        if last - first <= FEW and not self._may_share(words[first:last]):
            return []
        pairs = self.there.pairs
        likely = [
            word
            for word, pair in enumerate(pairwise(words[first:last]), first)
            if pair in pairs or len(pair[0]) >= PROBE
        ]
        return [*likely, last - 1] if len(words[last - 1]) >= PROBE else likely

    def _may_share(self, words: list[str]) -> bool:
        """Say whether a few words may hold a probe that hits: cheaper than all pairs there."""
        there = self.there.key
        return max(map(len, words)) >= PROBE or any(a + b in there for a, b in pairwise(words))

    def _short(self, first: int, last: int, cursor: int, work: Work) -> tuple[int, int, int] | None:
        """Return the same for a few words that are too short to probe, but fill their lines."""
        if not self.passage.fills_lines(first, last):
            return None
        start, stop = self.offsets[first], self.offsets[last]
        at = work.find(self.there.key, self.key[start:stop], cursor)
        found = at >= 0 and self.there.holds_words(at, at + stop - start)
        return (start, stop, at) if found else None

    def forward(self, first: int, last: int, run: Run, work: Work) -> Run | None:
        """Find those of the words ``first`` to ``last`` that go on where a run ended.

        Parameters
        ----------
        first : int
            Index of the first word.
        last : int
            Index after the last word.
        run : Run
            A run that ends before these words.
        work : Work
            What the search may still cost.

        Returns
        -------
        Run or None
            None if not one word goes on.
        """
        offsets = self.offsets
        at = self.there.offsets[self.source.word_at(run.stop)]
        here = offsets[first]
        size = _ahead(self.key, here, self.there.key, at, offsets[last] - here)
        work.left -= size
        _, upper = self._words(here, here + size)
        if offsets[upper] <= here or not self.there.holds_words(at, at + offsets[upper] - here):
            return None
        return self.run(first, upper, at)

    def backward(self, first: int, last: int, run: Run, work: Work) -> Run | None:
        """Find those of the words ``first`` to ``last`` that end where a run begins.

        Parameters
        ----------
        first : int
            Index of the first word.
        last : int
            Index after the last word.
        run : Run
            A run that begins after these words.
        work : Work
            What the search may still cost.

        Returns
        -------
        Run or None
            None if not one word ends there.
        """
        offsets = self.offsets
        at = self.there.offsets[self.source.word_at(run.start)]
        here = offsets[last]
        size = _behind(self.key, here, self.there.key, at, here - offsets[first])
        work.left -= size
        lower, _ = self._words(here - size, here)
        place = at - here + offsets[lower]
        if offsets[lower] >= here or not self.there.holds_words(place, at):
            return None
        return self.run(lower, last, place)

    def _words(self, start: int, stop: int) -> tuple[int, int]:
        """Return the words wholly within a range of the form, none empty at its ends.

        The first value is not less than the second if there is none.
        """
        offsets = self.offsets
        lower = bisect_right(offsets, offsets[bisect_left(offsets, start)]) - 1
        upper = bisect_left(offsets, offsets[bisect_right(offsets, stop) - 1])
        return lower, upper

    def _longest(
        self, here: int, floor: int, end: int, cursor: int, work: Work
    ) -> tuple[int, int, int] | None:
        """Return (start, stop, start in the source) of the longest agreement at ``here``."""
        key, there = self.key, self.there.key
        probe = key[here : min(here + PROBE, end)]
        best = None
        at = work.find(there, probe, cursor)
        if at < 0 and cursor:
            at = work.find(there, probe, 0)
        for _ in range(CANDIDATES):
            if at < 0:
                break
            size = _ahead(key, here, there, at, end - here)
            back = _behind(key, here, there, at, here - floor)
            work.left -= size + back
            if best is None or size + back > best[1] - best[0]:
                best = (here - back, here + size, at - back)
            if here + size == end or size + back >= LONG:
                break
            at = work.find(there, probe, at + 1, at + WINDOW)
        return best


def agreement(text: str, there: str) -> str:
    r"""Say how two texts agree that have at least their letters in common.

    Parameters
    ----------
    text : str
        What is quoted.
    there : str
        What stands in the source.

    Returns
    -------
    str
        One of :data:`~threadkit.analyze.alignment.AGREEMENT`.

    Examples
    --------
    >>> agreement("a b\nc", "a b\nc"), agreement("a  b\nc", "a b \nc"), agreement("a\nb", "a b")
    ('verbatim', 'white-space', 'rewrapped')
    >>> agreement("a ? b", "a \u2014 b")
    'damaged'
    """
    if text == there:
        return "verbatim"
    lines = [line.split() for line in text.split("\n")]
    if lines == [line.split() for line in there.split("\n")]:
        return "white-space"
    return "rewrapped" if "".join(text.split()) == "".join(there.split()) else "damaged"


def _ahead(text: str, at: int, other: str, there: int, limit: int) -> int:
    """Return how many characters agree from ``text[at]`` and ``other[there]`` on."""
    size, step = 0, 32
    while size < limit:
        step = min(step, limit - size)
        here, across = at + size, there + size
        if text[here : here + step] != other[across : across + step]:
            break
        size += step
        step *= 2
    else:
        return size
    low, high = 0, step  # so many agree; not so many do
    while high - low > 1:
        middle = (low + high) // 2
        if text[here + low : here + middle] == other[across + low : across + middle]:
            low = middle
        else:
            high = middle
    return size + low


def _behind(text: str, at: int, other: str, there: int, limit: int) -> int:
    """Return how many characters agree before ``text[at]`` and ``other[there]``."""
    limit = min(limit, there)
    size = 0
    while size < limit and text[at - size - 1] == other[there - size - 1]:
        size += 1
    return size
