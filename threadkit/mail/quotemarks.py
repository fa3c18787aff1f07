"""Marks that mailers put before quoted lines, and the text behind them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from threadkit.mail.block import Block
from threadkit.mail.linelabels import DIFF, TEXT, Labels, quote_label, split_marks

# A guessed mark: initials (`JD> `) or a bar. Only believed in blocks that are not certain.
_GUESSED = re.compile(r"(?:[A-Z][A-Za-z]{0,11}>|\|)(?:[ >|]*[>|])? ?").match
_NAMED = re.compile(r"([A-Z][A-Za-z]{0,11})>((?: ?>)*)(?: |$)").match
_NORMAL_DIFF = re.compile(r"\d+(?:,\d+)?[acd]\d+(?:,\d+)?$").match
_CONFLICT = 200  # lines of one side of a merge conflict
_FULL_LINE = 72  # mailers wrap at 72 to 80 characters
_SHORT_LINE = 45


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
    depth, stop = split_marks(line)
    if most is not None and depth > most:
        depth, stop = most, 0
        for _ in range(most):
            stop = line.index(">", stop) + 1
    if depth and line[stop : stop + 1] == " ":
        stop += 1
    return depth, stop


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
    depth, at = block.depth, block.start
    lines = text[at : block.stop].split("\n")
    if not lines[-1]:
        lines.pop()
    spans: list[tuple[int, int]] = []
    for line in lines:
        stop = at + len(line)
        if depth == 1 and line[:2] == "> " and line[2:3] != ">":
            spans.append((at + 2, stop))
        elif depth:
            spans.append((at + _content_start(line, depth, block.certain), stop))
        else:
            spans.append((at, stop))
        at = stop + 1
    return spans


def _content_start(line: str, depth: int, certain: bool) -> int:
    found, skip = strip_quotes(line, depth)
    if ">" in line[skip:] and not line.strip("> "):
        return len(line)  # marks alone, more of them than the block has
    if not found and not certain and (guess := _GUESSED(line)):
        return guess.end()
    return skip


def unmark_false_quotes(
    lines: Sequence[str], labels: Labels, rises: Sequence[int], escaped: bool
) -> None:
    """Take the quote label from lines whose ``>`` is no quote mark.

    These are ``>From `` where a mailbox escaped an own line, the markers of a merge
    conflict and the output of a plain ``diff``.

    Parameters
    ----------
    lines : sequence of str
        The lines of a body, without line ends.
    labels : list of Label or None
        Their labels; changed in place.
    rises : sequence of int
        Indices of the lines where the quote depth rises.
    escaped : bool
        The body has a ``>From `` somewhere.
    """
    for number in rises:
        above = lines[number - 1] if number else ""
        if lines[number].startswith(">>>>>>> ") and above[:7] != ">>>>>>>":
            if any(line == "=======" for line in lines[max(0, number - _CONFLICT) : number]):
                labels[number] = TEXT
        elif above == "---" or (above[:1].isdigit() and _NORMAL_DIFF(above)):
            _unmark_normal_diff(lines, labels, number)
    if escaped:
        for number, line in enumerate(lines):
            if line.startswith(">From ") and not _among_tight_quotes(lines, number):
                labels[number] = TEXT


def _unmark_normal_diff(lines: Sequence[str], labels: Labels, number: int) -> None:
    """Label one change of a plain diff, whose added lines begin at ``number``."""
    start = number - 1
    if lines[start] == "---":
        start -= 1
        while start >= 0 and lines[start].startswith("< "):
            start -= 1
        if start < 0 or not _NORMAL_DIFF(lines[start]):
            return
    stop = number
    while stop < len(lines) and lines[stop][:2] in ("> ", ">"):
        stop += 1
    labels[start:stop] = [DIFF] * (stop - start)


def _among_tight_quotes(lines: Sequence[str], number: int) -> bool:
    """Tell whether a line beside this one is quoted in the same way, without a space."""
    beside = [*lines[max(0, number - 1) : number], *lines[number + 1 : number + 2]]
    return any(line[:1] == ">" and line[1:2] not in ("", " ", ">") for line in beside)


def mark_rewrapped(lines: Sequence[str], labels: Labels, rises: Sequence[int]) -> None:
    """Label lines that a mailer broke off a quoted line and left with too few marks.

    Parameters
    ----------
    lines : sequence of str
        The lines of a body, without line ends.
    labels : list of Label or None
        Their labels; changed in place.
    rises : sequence of int
        Indices of the lines where the quote depth rises.
    """
    for number in rises:
        if number < 2:
            continue
        label, before = labels[number], labels[number - 2]
        if label is None or label is not before or label[0] != "quote":
            continue
        between = labels[number - 1]
        if between and _lost_marks(lines[number - 2], lines[number - 1], between[1]):
            labels[number - 1] = quote_label(label[1], False)


def _lost_marks(full: str, rest: str, depth: int) -> bool:
    """Tell whether ``rest`` is what did not fit on the quoted line ``full``."""
    words = rest[strip_quotes(rest, depth)[1] :]
    if not words or len(words) > _SHORT_LINE or full.rstrip().endswith((".", "?", "!", ":")):
        return False
    if depth == 0 and words[:1].isupper() and not words[1:2].isupper():
        return False  # reads like the start of an answer
    first = words.split(" ", 1)[0]
    return len(full) + 1 + len(first) >= _FULL_LINE


def mark_named(lines: Sequence[str], labels: Labels, numbers: Sequence[int]) -> None:
    """Label lines quoted with initials (``JD> ``), where one name marks two lines or more.

    Parameters
    ----------
    lines : sequence of str
        The lines of a body, without line ends.
    labels : list of Label or None
        Their labels; changed in place.
    numbers : sequence of int
        Indices of the lines with a capital at the start and a ``>`` soon after.
    """
    found: dict[str, list[tuple[int, int]]] = {}
    for number in numbers:
        if labels[number] is TEXT and (mark := _NAMED(lines[number])):
            found.setdefault(mark[1], []).append((number, 1 + mark[2].count(">")))
    for places in found.values():
        if len(places) > 1:
            for number, depth in places:
                labels[number] = quote_label(depth, False)


def mark_bars(lines: Sequence[str], labels: Labels, numbers: Sequence[int]) -> None:
    """Label lines quoted with a bar (``| ``) where an attribution announces them.

    Parameters
    ----------
    lines : sequence of str
        The lines of a body, without line ends.
    labels : list of Label or None
        Their labels; changed in place.
    numbers : sequence of int
        Indices of the lines that begin with a bar and a space, or are a bar alone.

    Notes
    -----
    Tables and program output use bars too, so a bar alone proves nothing.
    """
    announced = False
    for number in numbers:
        if not announced:
            above = number - 1
            while above > 0 and labels[above] is None:
                above -= 1
            label = labels[above] if above >= 0 else None
            announced = label is not None and label[0] == "attribution"
        if announced and labels[number] is TEXT:
            labels[number] = quote_label(1, False)
