"""A mail as the analyzers read it: its text with what the parser already found in it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from threadkit.mail.block import Block
from threadkit.mail.citations import Citation
from threadkit.mail.trailers import Trailer

_OWN = ("reply", "trailers")


def _is_own(block: Block) -> bool:
    return not block.depth and block.kind in _OWN


def _start_of(block: Block) -> int:
    return block.start


@dataclass(frozen=True, slots=True)
class MailText:
    r"""One mail, ready to be read.

    Attributes
    ----------
    message_id : str
        Without brackets.
    subject : str
        Decoded, with its ``Re:``.
    from_name, from_email : str
        Of the author; may be empty.
    date_utc : str or None
        ISO 8601 with Z.
    is_reply : bool
        The subject says so, or it names a parent.
    is_patch : bool
        It carries a diff or is a cover letter.
    parent : str or None
        Message-ID of what it answers, here or not.
    root : str
        Message-ID of the first mail of the conversation.
    body : str
        The decoded body, whose characters all spans count.
    blocks : sequence of Block
        They cover the body; own text is ``reply`` and ``trailers`` at depth 0.
    trailers : sequence of Trailer
        Of its own text.
    citations : sequence of Citation
        Of its own text.

    Examples
    --------
    >>> body = "> old\nIt broke.\n"
    >>> blocks = [Block("quote", 1, 0, 6), Block("reply", 0, 6, 16)]
    >>> mail = MailText("a@example.org", "Re: x", "Ann", "ann@example.org", None, True, False,
    ...                 None, "a@example.org", body, blocks, [], [])
    >>> [body[low:high] for low, high in mail.own_ranges()]
    ['It broke.\n']
    """

    message_id: str
    subject: str
    from_name: str
    from_email: str
    date_utc: str | None
    is_reply: bool
    is_patch: bool
    parent: str | None
    root: str
    body: str
    blocks: Sequence[Block]
    trailers: Sequence[Trailer]
    citations: Sequence[Citation]

    def own_text(self, start: int, stop: int) -> str:
        """Return the author's own words of a stretch of the body.

        Parameters
        ----------
        start, stop : int
            Characters of the body.

        Returns
        -------
        str
            The pieces, with a blank between.

        Notes
        -----
        Takes no longer in a mail of many blocks.
        """
        pieces = []
        at = max(0, bisect_right(self.blocks, start, key=_start_of) - 1)
        for number in range(at, len(self.blocks)):
            _, _, low, high, _ = self.blocks[number]
            if low >= stop:
                break
            if _is_own(self.blocks[number]) and high > start:
                pieces.append(self.body[max(low, start) : min(high, stop)])
        return " ".join(pieces)

    def own_range(self, at: int) -> tuple[int, int] | None:
        """Return the range of own words that a place is in, as `own_ranges` gives it.

        Parameters
        ----------
        at : int
            A character of the body.

        Returns
        -------
        (int, int) or None
            None in a quote, a diff and the like.
        """
        number = bisect_right(self.blocks, at, key=_start_of) - 1
        if number < 0 or not _is_own(self.blocks[number]):
            return None
        first = last = number
        while first > 0 and _is_own(self.blocks[first - 1]):
            first -= 1
        while last + 1 < len(self.blocks) and _is_own(self.blocks[last + 1]):
            last += 1
        return self.blocks[first].start, self.blocks[last].stop

    def own_ranges(self) -> list[tuple[int, int]]:
        """Return the ranges of the author's own words, neighbouring blocks joined.

        Returns
        -------
        list of (int, int)
            Characters of the body, in order.
        """
        ranges: list[tuple[int, int]] = []
        for block in self.blocks:
            if not _is_own(block):
                continue
            start, stop = block.start, block.stop
            if ranges and ranges[-1][1] == start:
                ranges[-1] = (ranges[-1][0], stop)
            else:
                ranges.append((start, stop))
        return ranges
