"""Where each quoted passage comes from: exact ranges of the mail that was answered."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from threadkit.analyze.alignment import GAP, Strand
from threadkit.mail.block import Block

METHODS = {
    "verbatim": "the lines without their quote marks equal the source range",
    "white-space": "equal but for blanks within and at the ends of lines",
    "rewrapped": "the same words, lines broken elsewhere",
    "via-quote:verbatim": "verbatim, in the quote that a nearer mail holds of it",
    "via-quote:white-space": "white-space, in the quote that a nearer mail holds of it",
    "via-quote:rewrapped": "rewrapped, in the quote that a nearer mail holds of it",
    "not-found:no-parent": "the mail that was quoted is not here",
    "not-found:no-match": "the mail that was quoted is here and does not hold these words",
    "not-found:blank": "the quote holds no word",
}
"""What ``Resolution.method`` can say, and what it means."""


class Ancestor(NamedTuple):
    """A mail above the quoting one: its decoded body and the blocks of it."""

    body: str
    blocks: Sequence[Block]


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


def _content(line: str, depth: int) -> int:
    at = 0
    for _ in range(depth):
        blank = at
        while line[blank : blank + 1] in (" ", "\t"):
            blank += 1
        if line[blank : blank + 1] not in (">", "|"):
            break
        at = blank + 1
    return at + 1 if at and line[at : at + 1] == " " else at


def _quoted(body: str, blocks: Sequence[Block]) -> Strand:
    contents: list[str] = []
    origins: list[int] = []
    last = None
    for block in blocks:
        if last is not None and block.start != last:
            contents.append("\0")
            origins.append(last)
        last = block.stop
        start = block.start
        for line in body[start : block.stop].removesuffix("\n").split("\n"):
            if line.startswith("> ") and block.depth == 1:
                contents.append(line[2:])
                origins.append(start + 2)
            else:
                at = _content(line, block.depth)
                contents.append(line[at:])
                origins.append(start + at)
            start += len(line) + 1
    edges = [0, *accumulate(len(content) + 1 for content in contents)]
    return Strand("\n".join(contents), edges[:-1], origins)


def _own(ancestor: Ancestor) -> Strand:
    pieces: list[list[int]] = []
    for kind, _, start, stop, _ in ancestor.blocks:
        if kind != "quote":
            if pieces and pieces[-1][1] == start:
                pieces[-1][1] = stop
            else:
                pieces.append([start, stop])
    body = ancestor.body
    texts = [body[start:stop] for start, stop in pieces]
    edges = [0, *accumulate(len(text) + len(GAP) for text in texts)]
    return Strand(GAP.join(texts), edges[:-1] or [0], [start for start, _ in pieces] or [0])


class _Sources:
    """The ancestors as texts to search, each made once and only when needed."""

    def __init__(self, ancestors: Sequence[Ancestor | None]) -> None:
        self.ancestors = ancestors
        self.made: dict[tuple[int, bool], Strand] = {}

    def get(self, index: int, own: bool) -> Strand | None:
        ancestor = self.ancestors[index]
        if ancestor is None:
            return None
        strand = self.made.get((index, own))
        if strand is None:
            if own:
                strand = _own(ancestor)
            else:
                quotes = [block for block in ancestor.blocks if block.kind == "quote"]
                strand = _quoted(ancestor.body, quotes)
            self.made[index, own] = strand
        return strand

    def order(self, depth: int) -> list[tuple[int, bool]]:
        """Return (ancestor, own text?) in the order in which to search for this depth."""
        count = len(self.ancestors)
        first = [(depth - 1, True)] if depth <= count else []
        carried = [(index, False) for index in range(min(count, depth))]
        rest = [(index, True) for index in range(min(count, depth + 1)) if index != depth - 1]
        return first + carried + rest


def _bounded(text: str, start: int, stop: int) -> bool:
    return (start == 0 or text[start - 1].isspace()) and (stop == len(text) or text[stop].isspace())


def _find(passage: Strand, source: Strand) -> tuple[int, int, str] | None:
    text = passage.text.strip()
    at = source.text.find(text)
    while at >= 0:
        if _bounded(source.text, at, at + len(text)):
            return at, at + len(text), "verbatim"
        at = source.text.find(text, at + 1)
    squeezed = passage.squeezed
    at = source.squeezed.find(squeezed)
    if at < 0:
        return None
    start = source.unsqueeze(at)
    stop = source.unsqueeze(at + len(squeezed) - 1) + 1
    lines = [line.split() for line in text.split("\n")]
    there = [line.split() for line in source.text[start:stop].split("\n")]
    return start, stop, "white-space" if lines == there else "rewrapped"


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
    """
    sources = _Sources(ancestors)
    found: list[Resolution] = []
    for number, block in enumerate(blocks):
        if block.kind == "quote":
            found.append(_resolve_block(number, block, body, sources))
    return found


def _resolve_block(number: int, block: Block, body: str, sources: _Sources) -> Resolution:
    passage = _quoted(body, [block])
    if not passage.text.strip():
        return Resolution(
            number, 0, block.start, block.stop, None, None, None, "not-found:blank", 0.0
        )
    lead = len(passage.text) - len(passage.text.lstrip())
    start, stop = passage.span(lead, len(passage.text.rstrip()))
    for index, own in sources.order(block.depth):
        source = sources.get(index, own)
        hit = source and _find(passage, source)
        if source and hit:
            source_start, source_stop = source.span(hit[0], hit[1])
            method = hit[2] if own else f"via-quote:{hit[2]}"
            return Resolution(number, 0, start, stop, index, source_start, source_stop, method, 1.0)
    absent = block.depth > len(sources.ancestors) or sources.ancestors[block.depth - 1] is None
    why = "not-found:no-parent" if absent else "not-found:no-match"
    return Resolution(number, 0, start, stop, None, None, None, why, 0.0)
