"""The sentences of a quoted passage: what a reply may mean of what stands above it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from threadkit.analyze.arguments.cuts import sentences
from threadkit.analyze.arguments.segments import Quoted
from threadkit.analyze.arguments.shapes import Shape, chunks
from threadkit.analyze.mailtext import MailText
from threadkit.mail.block import Block

MOST_SENTENCES = 20
"""Of one passage, counted from its end: what is meant stands near the words below it."""

_ROOM = 6_000  # characters above the reply that are read
_MARK = re.compile(r"[ \t]*(?:[>|][ \t]?)+")


class Saying(NamedTuple):
    """A sentence, item or run of code of a quoted passage.

    Attributes
    ----------
    start, stop : int
        Characters of the quoting body, from the first word to the last.
    depth : int
        Quote depth.
    shape : Shape
        What it looks like; ``code`` in a quoted diff.
    text : str
        Its words without quote marks.
    """

    start: int
    stop: int
    depth: int
    shape: Shape
    text: str


def sayings(mail: MailText, passage: Quoted) -> list[Saying]:
    r"""Cut a quoted passage into sentences.

    Parameters
    ----------
    mail : MailText
        The quoting mail.
    passage : Quoted
        The passage.

    Returns
    -------
    list of Saying
        The last `MOST_SENTENCES`, in the order of the text.

    Examples
    --------
    >>> from threadkit.mail.body import blocks
    >>> body = "> It is slow. It\n> leaks, too.\n>> Is it?\nNo.\n"
    >>> mail = MailText("a@example.org", "Re: x", "Ann", "ann@example.org", None, True, False,
    ...                 None, "a@example.org", body, blocks(body), [], [])
    >>> [(one.depth, one.text) for one in sayings(mail, Quoted(0, 43, 2))]
    [(1, 'It is slow.'), (1, 'It\nleaks, too.'), (2, 'Is it?')]

    Notes
    -----
    Bounded: not more than the last 6,000 characters are read.
    """
    found: list[Saying] = []
    for block in _blocks(mail, passage):
        found += _of_block(mail.body, block, max(passage.start, passage.stop - _ROOM))
    return found[-MOST_SENTENCES:]


def _blocks(mail: MailText, passage: Quoted) -> list[Block]:
    """List the quoted blocks of a passage, those that follow at one depth joined."""
    joined: list[Block] = []
    at = max(0, bisect_right(mail.blocks, passage.stop - _ROOM, key=_stop_of))
    for block in mail.blocks[at:]:
        if block.start >= passage.stop:
            break
        if not block.depth or block.kind == "attribution" or block.stop <= passage.start:
            continue
        last = joined[-1] if joined else None
        if last and last.depth == block.depth and last.stop == block.start and _alike(last, block):
            joined[-1] = last._replace(stop=block.stop)
        else:
            joined.append(block)
    return joined


def _alike(first: Block, second: Block) -> bool:
    return (first.kind == "diff") == (second.kind == "diff")


def _stop_of(block: Block) -> int:
    return block.stop


def _of_block(body: str, block: Block, low: int) -> Iterator[Saying]:
    text, places = _bare(body, max(block.start, low), block.stop)
    for chunk, _ in chunks(text, 0, len(text), block.kind == "trailers"):
        if block.kind == "diff" or chunk.shape in ("code", "log", "table", "pasted"):
            spans: Iterator[tuple[int, int]] = iter([(chunk.start, chunk.stop)])
        else:
            spans = sentences(text, chunk.start, chunk.stop, chunk.text)
        shape: Shape = "code" if block.kind == "diff" else chunk.shape
        for start, stop in spans:
            yield Saying(
                places(start), places(stop - 1) + 1, block.depth, shape, text[start:stop]
            )  # fmt: skip


class _Places:
    """Says where a character of the bare text stands in the body."""

    def __init__(self) -> None:
        self.at: list[int] = []
        self.shift: list[int] = []

    def __call__(self, at: int) -> int:
        return at + self.shift[bisect_right(self.at, at) - 1]


def _bare(body: str, start: int, stop: int) -> tuple[str, _Places]:
    """Take the quote marks off the lines."""
    pieces: list[str] = []
    places = _Places()
    length = 0
    while start < stop:
        end = body.find("\n", start, stop)
        end = stop if end < 0 else end + 1
        mark = _MARK.match(body, start, end)
        start = min(mark.end(), end - 1) if mark else start
        places.at.append(length)
        places.shift.append(start - length)
        pieces.append(body[start:end])
        length += end - start
        start = end
    return "".join(pieces), places
