"""The parts of a body, as values: shared by mail.body, the store and the analyzers."""

from __future__ import annotations

from typing import Literal, NamedTuple

BlockKind = Literal[
    "reply",
    "quote",
    "attribution",
    "signature",
    "footer",
    "diffstat",
    "diff",
    "trailers",
    "scissors",
    "snip",
]


class Block(NamedTuple):
    r"""A run of whole lines of one kind.

    ``start`` and ``stop`` count characters of the decoded body; the blocks of a body
    cover it without gap or overlap. ``depth`` is the quote depth (0 = own text).
    ``certain`` is False where the kind was guessed (unmarked or rewrapped quotes).

    Examples
    --------
    >>> body = "> Why?\nBecause.\n"
    >>> block = Block("quote", 1, 0, 7)
    >>> body[block.start : block.stop]
    '> Why?\n'
    """

    kind: BlockKind
    depth: int
    start: int
    stop: int
    certain: bool = True
