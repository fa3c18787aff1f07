"""Where each quoted passage comes from: exact ranges of the mail that was answered.

Words at quote depth *d* were written by the author *d* mails up, so that mail's own text
is searched first, then the quotes that nearer mails hold of it. Each search goes from
strict to lenient: the lines as they stand, the words whatever the white space, and then
pieces of them, through trimming, damaged characters and small corrections.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from threadkit.analyze.alignment import gaps, pieces, verbatim, whole
from threadkit.analyze.seam import Run, Work
from threadkit.analyze.strand import Strand, own_text, quoted_text
from threadkit.mail.block import Block

LIMIT = 32_000_000
"""Characters that one call may look at; real mail needs a thousandth of it."""

METHODS = {
    "verbatim": "the lines without their quote marks equal the source range",
    "white-space": "equal but for blanks within and at the ends of lines",
    "rewrapped": "the same words, lines broken elsewhere",
    "damaged": "the same ASCII letters and digits; other characters were lost or changed",
    "edited": "some words differ, what stands before and after them agrees",
    "via-quote:verbatim": "verbatim, in a quote of it that an ancestor holds",
    "via-quote:white-space": "white-space, in a quote of it that an ancestor holds",
    "via-quote:rewrapped": "rewrapped, in a quote of it that an ancestor holds",
    "via-quote:damaged": "damaged, in a quote of it that an ancestor holds",
    "via-quote:edited": "edited, in a quote of it that an ancestor holds",
    "not-found:no-parent": "the mail that was quoted is not here",
    "not-found:no-match": "the mail that was quoted is here and does not hold these words",
    "not-found:snip": "a mark of the quoting person that something was left out",
    "not-found:bounded": "not looked for: the two mails had taken too much work before",
    "not-found:blank": "the quote holds no word",
}
"""What ``Resolution.method`` can say, and what it means."""


_LONGEST_SNIP = 40
_SNIPS = frozenset(("", "snip", "snipped", "cut", "trim", "trimmed", "deleted", "8<", ">8"))


class _Place(NamedTuple):
    """A text to search: what an ancestor wrote, or what it quotes."""

    ancestor: int
    own: bool


_Part = tuple[int, int, _Place | None, Run | None]


class Ancestor:
    r"""A mail above the quoting one, for as many mails as quote it.

    Parameters
    ----------
    body : str
        Its decoded body.
    blocks : sequence of Block
        The blocks of ``body``.

    Examples
    --------
    >>> parent = Ancestor("> Why?\nBecause.\n", [Block("quote", 1, 0, 7), Block("reply", 0, 7, 16)])
    >>> parent.own.text, parent.quoted.text
    ('Because.\n', 'Why?')

    Notes
    -----
    What is made of it to be searched is made once, when it is first asked for.
    """

    def __init__(self, body: str, blocks: Sequence[Block]) -> None:
        self.body = body
        self.blocks = blocks

    @cached_property
    def own(self) -> Strand:
        """What its writer wrote."""
        return own_text(self.body, self.blocks)

    @cached_property
    def quotes(self) -> list[Block]:
        """The blocks that it quotes."""
        return [block for block in self.blocks if block.depth]

    @cached_property
    def quoted(self) -> Strand:
        """What it quotes."""
        return quoted_text(self.body, self.quotes)


class Resolution(NamedTuple):
    """Where one passage of one quote block comes from, or why that is not known.

    Attributes
    ----------
    block, part : int
        Index of the block, and of the passage within it.
    start, stop : int
        Characters of the quoting body, from the first word to the last.
    ancestor : int or None
        Index of the source in the ancestors given; None if not found.
    source_start, source_stop : int or None
        Characters of that ancestor's body.
    method : str
        A key of :data:`METHODS`.
    score : float
        0..1, share of the passage's words that match in order.
    """

    block: int
    part: int
    start: int
    stop: int
    ancestor: int | None
    source_start: int | None
    source_stop: int | None
    method: str
    score: float


def resolve(
    body: str, blocks: Sequence[Block], ancestors: Sequence[Ancestor | None]
) -> list[Resolution]:
    r"""Find each quoted passage of a mail in the mails above it.

    Parameters
    ----------
    body : str
        The decoded body of the quoting mail.
    blocks : sequence of Block
        Its blocks.
    ancestors : sequence of Ancestor or None
        Nearest first: the parent, its parent and so on; None for a mail that is not here.

    Returns
    -------
    list of Resolution
        In the order of the body; at least one for each quote block.

    Examples
    --------
    >>> parent = Ancestor("Is it safe?\n", [Block("reply", 0, 0, 12)])
    >>> found = resolve("> Is it safe?\nYes.\n", [Block("quote", 1, 0, 14)], [parent])
    >>> found[0].method, found[0].source_start, found[0].source_stop
    ('verbatim', 0, 11)

    Notes
    -----
    A passage that stands verbatim in its source costs little more than one ``str.find``.
    The parts of a block are disjoint, in order, and cover all its words; words that were
    not found are parts of their own. Passages are searched from where the last one ended,
    so that of equal lines the one in the order of the source wins. A call looks at no more
    than :data:`LIMIT` characters; what is left then is ``not-found:bounded``. Only quote
    blocks are resolved, not the attributions between them.

    References
    ----------
    RFC 3676 section 4.5 (quote depth); W3C Web Annotation Data Model section 4.2.4 (text
    quote selectors).
    """
    search = _Search(ancestors)
    found: list[Resolution] = []
    for number, block in enumerate(blocks):
        if block.kind == "quote":
            found += search.block(number, block, body)
    return found


class _Search:
    """One call of :func:`resolve`: the sources it made and the work it may still do."""

    def __init__(self, ancestors: Sequence[Ancestor | None]) -> None:
        self.ancestors = ancestors
        self.strands: dict[_Place, Strand] = {}
        self.work = Work(LIMIT)

    def block(self, number: int, block: Block, body: str) -> Iterator[Resolution]:
        """Yield the resolutions of one quote block."""
        passage = quoted_text(body, (block,))
        text = passage.text
        wanted = text.strip()
        if not wanted:
            blank = "not-found:blank"
            yield Resolution(number, 0, block.start, block.stop, None, None, None, blank, 0.0)
            return
        index = block.depth - 1
        places = [_Place(index, True)] if self.is_here(index) else self.places(block.depth)
        if places and places[0].own:
            source = self.strand(places[0])
            at = verbatim(source, wanted, self.work)
            if at >= 0:
                lead = text.index(wanted[0])
                start, stop = passage.span(lead, lead + len(wanted))
                source.cursor = at + len(wanted)
                begin, end = source.span(at, source.cursor)
                index = places[0].ancestor
                yield Resolution(number, 0, start, stop, index, begin, end, "verbatim", 1.0)
                return
        parts = self.parts(passage, self.places(block.depth))
        unknown = self.unknown(block.depth)
        for part, (first, last, place, run) in enumerate(parts):
            start, stop = passage.span(*passage.reach(first, last))
            if place is None or run is None:
                why = "not-found:snip" if _is_snip(passage.words[first:last]) else unknown
                yield Resolution(number, part, start, stop, None, None, None, why, 0.0)
                continue
            begin, end = self.strand(place).span(run.start, run.stop)
            method = run.method if place.own else f"via-quote:{run.method}"
            score = run.matched / (last - first)
            yield Resolution(number, part, start, stop, place.ancestor, begin, end, method, score)

    def unknown(self, depth: int) -> str:
        """Say why words at this depth were not found."""
        if self.work.left <= 0:
            return "not-found:bounded"
        return "not-found:no-match" if self.is_here(depth - 1) else "not-found:no-parent"

    def is_here(self, index: int) -> bool:
        """Tell whether there is an ancestor so many steps above the parent."""
        return 0 <= index < len(self.ancestors) and self.ancestors[index] is not None

    def places(self, depth: int) -> list[_Place]:
        """Return where to search for words at this depth, the likeliest first.

        Own text of the mail that many steps up, then the quotes of the nearer ones. If
        that mail is not here, own text of others: marks may lie about the depth.
        """
        places: list[_Place] = []
        own: list[_Place] = []
        for index, ancestor in enumerate(self.ancestors[: depth + 1]):
            if ancestor is None:
                continue
            if index < depth and ancestor.quotes:
                places.append(_Place(index, False))
            own.append(_Place(index, True))
        wanted = _Place(depth - 1, True)
        return [wanted, *places] if wanted in own else places + own

    def strand(self, place: _Place) -> Strand:
        """Return the text at this place, to be searched from its start at first."""
        strand = self.strands.get(place)
        if strand is None:
            ancestor = self.ancestors[place.ancestor]
            assert ancestor is not None
            strand = self.strands[place] = ancestor.own if place.own else ancestor.quoted
            strand.cursor = 0  # another mail may have searched it
        return strand

    def parts(self, passage: Strand, places: Sequence[_Place]) -> list[_Part]:
        """Cover the words of a passage with parts, found or not, in order."""
        count = len(passage.words)
        known: list[_Part] = []
        for number, place in enumerate(places):
            source = self.strand(place)
            run = whole(passage, source, self.work)
            if run:
                source.cursor = run.stop
                return [(0, count, place, run)]
            if number == 0:
                known = self.fill([(0, count)], passage, place)
                if 2 * sum(last - first for first, last, _, _ in known) >= count:
                    break
        for place in places[1:]:
            free = gaps([(first, last) for first, last, _, _ in known], 0, count)
            if not free:
                break
            known += self.fill(free, passage, place)
            known.sort()
        free = gaps([(first, last) for first, last, _, _ in known], 0, count)
        return sorted([*known, *((first, last, None, None) for first, last in free)])

    def fill(self, free: Sequence[tuple[int, int]], passage: Strand, place: _Place) -> list[_Part]:
        """Find what is still free of the passage in one more place."""
        source = self.strand(place)
        found: list[_Part] = []
        for first, last in free:
            for run in pieces(passage, first, last, source, self.work):
                source.cursor = run.stop
                found.append((run.first, run.last, place, run))
        return found


def _is_snip(words: Sequence[str]) -> bool:
    """Say whether these words only tell that the quoting person left something out."""
    mark = "".join(words)
    return len(mark) < _LONGEST_SNIP and mark.strip("[]<>(){}.…-_=~*:;, ").lower() in _SNIPS
