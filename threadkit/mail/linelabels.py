"""Labels of single lines, from which :mod:`threadkit.mail.body` makes blocks."""

from __future__ import annotations

import functools
import re

from threadkit.mail.block import BlockKind

Label = tuple[BlockKind, int, bool]
"""Kind, quote depth and certainty of a line, as in :class:`~threadkit.mail.block.Block`."""

Labels = list[Label | None]
"""One label a line; None for a blank line, which joins the block before it."""

TEXT: Label = ("reply", 0, True)
DIFF: Label = ("diff", 0, True)
DIFFSTAT: Label = ("diffstat", 0, True)
SIGNATURE: Label = ("signature", 0, True)
FOOTER: Label = ("footer", 0, True)
SCISSORS: Label = ("scissors", 0, True)
SNIP: Label = ("snip", 0, True)
TRAILERS: Label = ("trailers", 0, True)
HOLLOW: Label = ("quote", 0, True)
"""A line of quote marks alone, until it is known which quote it belongs to."""

_MARKS = re.compile(r" ?>(?: {0,2}>)*").match
_SHORT = 40  # characters of marks and indentation that are worth remembering


@functools.lru_cache(maxsize=512)
def quote_label(depth: int, certain: bool = True) -> Label:
    """Make the label of a quoted line; equal labels are one object."""
    return ("quote", depth, certain)


def split_marks(line: str) -> tuple[int, int]:
    """Count the quote marks of a line and find where they end.

    Parameters
    ----------
    line : str
        One line; its line end does no harm.

    Returns
    -------
    tuple of int
        Number of marks and offset of the first character after the last one.

    Examples
    --------
    >>> split_marks("> >> x")
    (3, 4)
    """
    found = _MARKS(line)
    if found is None:
        return 0, 0
    return line.count(">", 0, found.end()), found.end()


@functools.lru_cache(maxsize=4096)
def _label_of_lead(lead: str) -> Label:
    depth, _ = split_marks(lead)
    return quote_label(depth) if depth else TEXT


def label_of_marks(line: str) -> Label:
    """Label a line by its quote marks: a quote, HOLLOW or TEXT.

    Parameters
    ----------
    line : str
        A line that begins with ``>``, or a space and ``>``.

    Examples
    --------
    >>> label_of_marks("> > yes")
    ('quote', 2, True)
    >>> label_of_marks("> >") is HOLLOW
    True

    Notes
    -----
    The run of marks and spaces before the first other character decides; mails have few
    different ones, so that the answer is nearly always remembered.
    """
    rest = line.lstrip("> ")
    if not rest:
        return HOLLOW
    lead = len(line) - len(rest)
    if lead < _SHORT:
        return _label_of_lead(line[:lead])
    return _label_of_lead.__wrapped__(line[:lead])
