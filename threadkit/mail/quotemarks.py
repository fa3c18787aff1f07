"""Marks that mailers put before quoted lines, and the text behind them."""

from __future__ import annotations

import re

from threadkit.mail.block import Block

_MARKS = re.compile(r" ?>(?: {0,2}>)*").match
# `JD> `, `Name>`, `|`, `: `: habits of some people; only believed where they are consistent.
GUESSED_MARK = re.compile(r"[ ]?(?:[A-Z][A-Za-z]{0,11}>|\||:(?= |$)) ?").match


def strip_quotes(line: str, most: int | None = None) -> tuple[int, int]:
    """Find the quote marks at the start of a line.

    A mark is ``>``; one space may stand before the first and up to two between marks
    (``>>``, ``> >``, ``>  >``). One space after the last mark belongs to the marks, the
    rest of the indentation to the content.

    Parameters
    ----------
    line : str
        One line; its line end does no harm.
    most : int or None
        Stop after this many marks; the rest is content.

    Returns
    -------
    tuple of int
        Quote depth (0 = no quote) and offset of the first character of the content.

    Examples
    --------
    >>> strip_quotes("> > is that so?")
    (2, 4)
    >>> strip_quotes("> > is that so?", most=1)
    (1, 2)
    >>> strip_quotes("own words")
    (0, 0)

    Notes
    -----
    Linear in the number of marks. Marks of other habits (``JD>``, ``|``) are not counted
    here: whether they are marks cannot be told from one line.
    """
    found = _MARKS(line)
    if found is None:
        return 0, 0
    stop = found.end()
    depth = line.count(">", 0, stop)
    if most is not None and depth > most:
        depth, stop = most, 0
        for _ in range(most):
            stop = line.index(">", stop) + 1
    return depth, stop + (line[stop : stop + 1] == " ")


def content_spans(text: str, block: Block) -> list[tuple[int, int]]:
    r"""Give the characters of each line of a block without its quote marks.

    Parameters
    ----------
    text : str
        The decoded body that the block was cut from.
    block : Block
        A block of ``text``, of any kind; at most ``block.depth`` marks are taken off.

    Returns
    -------
    list of tuple of int
        One (start, stop) a line, in order, in characters of ``text``, without the line
        end. Blank lines give empty spans.

    Examples
    --------
    >>> text = "> one\n>\n> two\n"
    >>> spans = content_spans(text, Block("quote", 1, 0, len(text)))
    >>> [text[start:stop] for start, stop in spans]
    ['one', '', 'two']

    Notes
    -----
    Linear in the length of the block.
    """
    depth, at, end = block.depth, block.start, block.stop
    spans: list[tuple[int, int]] = []
    lines = text[at:end].split("\n")
    if lines[-1] == "":
        lines.pop()
    for line in lines:
        length = len(line)
        skip = 0
        if depth:
            skip = _content_start(line, depth, block.certain)
        spans.append((at + skip, at + length))
        at += length + 1
    return spans


def _content_start(line: str, depth: int, certain: bool) -> int:
    if line[:2] == "> " and depth == 1:
        return 2
    found, skip = strip_quotes(line, depth)
    if found == depth and line[skip:].strip("> ") == "":
        return strip_quotes(line)[1]  # a blank line with more marks than its block
    if found == 0 and not certain:
        guess = GUESSED_MARK(line)
        return guess.end() if guess else 0
    return skip
