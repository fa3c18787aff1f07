"""Cut the decoded body of a mail into blocks: quotes, own words, diffs, signatures.

Every line gets a label by its first character, then the few lines that can mean more are
looked at again in a fixed order (diffs, attributions, footers, ...), so that most lines
cost one dictionary look-up. Runs of equal labels are the blocks.
"""

from __future__ import annotations

from typing import NamedTuple

from threadkit.mail.attribution import attribution_start, may_end_attribution
from threadkit.mail.block import Block
from threadkit.mail.difflines import begins_diff, diff_stop, diffstat_stop
from threadkit.mail.endings import FOOTER_LINES, footer_start, mark_signatures
from threadkit.mail.linelabels import (
    DIFF,
    DIFFSTAT,
    FOOTER,
    HOLLOW,
    SCISSORS,
    SNIP,
    TEXT,
    Label,
    Labels,
    label_of_marks,
    quote_label,
)
from threadkit.mail.quotemarks import (
    content_spans,
    mark_bars,
    mark_named,
    mark_rewrapped,
    strip_quotes,
    unmark_false_quotes,
)
from threadkit.mail.separators import is_scissors, is_snip, mark_dashes
from threadkit.mail.trailerlines import mark_trailers
from threadkit.mail.unmarked import mark_unmarked, may_be_unmarked

__all__ = ["blocks", "content_spans", "strip_quotes"]

_ASCII_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# First characters of lines that are prose, and of those that may begin something else.
_PROSE = frozenset("acefghijklmnopqrstuvwxyz012345679")
_SPECIAL = frozenset("-bd@[<.(8|*_\u2026" + _ASCII_UPPER)
_CAPITALS = frozenset("b*" + _ASCII_UPPER)
_ATTRIBUTION_LINES = 4


class _Look(NamedTuple):
    """What one pass over the lines has seen; line numbers are in order."""

    labels: Labels
    special: list[int]  # own lines with a first character of _SPECIAL
    rises: list[int]  # quoted lines deeper than the line before them
    colons: list[int]  # lines that end with a colon or a space
    last_quote: int  # -1 if nothing is quoted


class _Marks(NamedTuple):
    """Special lines by what they may be, once those inside diffs are out."""

    keyed: list[int]  # `Key: value`, or a sentence with a colon
    named: list[int]  # `JD> ...`
    feet: list[int]  # lines that can begin a footer, and rules
    dashes: list[int]  # `---`
    signatures: list[int]  # `-- ` and `--`
    bars: list[int]  # `| ...`


def blocks(text: str) -> list[Block]:
    r"""Cut a body into blocks of whole lines.

    Parameters
    ----------
    text : str
        The decoded body, with LF line ends.

    Returns
    -------
    list of Block
        In order, without gap or overlap, from 0 to ``len(text)``; empty only for an
        empty text. Blank lines belong to the block before them, those at the start to
        the block after.

    Examples
    --------
    >>> for block in blocks("On Mon, 1 Sep 2020, Ada wrote:\n> Why?\n\nBecause.\n"):
    ...     print(block.kind, block.depth, block.start, block.stop)
    attribution 0 0 31
    quote 1 31 39
    reply 0 39 48

    Notes
    -----
    Linear in the length of the text. ``depth`` of an attribution is the depth of its own
    line: what it announces is one deeper. ``certain`` is False where the kind was guessed:
    quotes without marks, quoted lines that lost their mark when they were wrapped again,
    and marks that are the habit of one person (``JD>``, ``|``).

    References
    ----------
    RFC 3676 sections 4.3 (signatures) and 4.5 (quoting); git-format-patch(1) and
    git-mailinfo(1) for what a patch mail consists of.
    """
    if not text:
        return []
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()
    look = _look(lines)
    labels = look.labels
    if look.rises:
        unmark_false_quotes(lines, labels, look.rises, ">From " in text)
        mark_rewrapped(lines, labels, look.rises)
    marks, patch_stop = _mark_special(lines, labels, look.special)
    if " | " in text:
        patch_stop = max(patch_stop, _mark_diffstats(text, lines, labels))
    _mark_attributions(lines, labels, look.rises, look.colons)
    if marks.bars:
        mark_bars(lines, labels, marks.bars)
    if len(marks.named) > 1:
        mark_named(lines, labels, marks.named)
    foot = len(lines)
    if marks.feet:
        foot = footer_start(lines, marks.feet, look.last_quote + 1)
        labels[foot:] = [FOOTER] * (len(lines) - foot)
    if may_be_unmarked(text, lines, marks.keyed):
        mark_unmarked(lines, labels, foot)
    if marks.signatures:
        mark_signatures(lines, labels, marks.signatures, foot)
    if marks.keyed:
        mark_trailers(lines, labels, marks.keyed)
    if marks.dashes:
        mark_dashes(labels, marks.dashes, patch_stop)
    return _group(lines, labels, len(text))


def _look(lines: list[str]) -> _Look:
    labels: Labels = []
    special: list[int] = []
    rises: list[int] = []
    colons: list[int] = []
    add = labels.append
    depth, last_quote = 0, -1
    for number, line in enumerate(lines):
        first = line[:1]
        if first in _PROSE:
            add(TEXT)
            depth = 0
        elif not first or (first in " \t" and line.isspace()):
            add(None)
            continue
        elif first == ">" or (first == " " and line[1:2] == ">"):
            label = label_of_marks(line)
            add(label)
            last_quote = number
            if label is not HOLLOW:
                if label[1] > depth:
                    rises.append(number)
                depth = label[1]
        else:
            add(TEXT)
            depth = 0
            if first in _SPECIAL:
                special.append(number)
        if line[-1] in ": ":
            colons.append(number)
    return _Look(labels, special, rises, colons, last_quote)


def _mark_special(lines: list[str], labels: Labels, special: list[int]) -> tuple[_Marks, int]:
    """Label diffs, scissors and snip marks; sort out the other special lines.

    Gives those, and the line after the last diff.
    """
    marks = _Marks([], [], [], [], [], [])
    done = 0
    for number in special:
        if number < done:
            continue
        line = lines[number]
        first = line[0]
        if first in _CAPITALS and not line.startswith("Index: "):
            _sort_capital(line, number, marks)
        elif first in "-dI@" and begins_diff(lines, number):
            done = diff_stop(lines, number)
            labels[number:done] = [DIFF] * (done - number)
        elif first == "-" and len(line) < 5 and not line.strip("- "):
            if line.startswith("---"):
                marks.dashes.append(number)
            elif line.startswith("--"):
                marks.signatures.append(number)
            marks.feet.append(number)
        elif first == "|":
            if line[1:2] in ("", " "):
                marks.bars.append(number)
        elif first == "(" and line.startswith("(cherry picked from"):
            marks.keyed.append(number)
        elif is_snip(line):
            labels[number] = SNIP
        elif is_scissors(line):
            labels[number] = SCISSORS
        elif first in "-_" and line[1:2] == first:
            marks.feet.append(number)
    return marks, done


def _sort_capital(line: str, number: int, marks: _Marks) -> None:
    """Put a line that begins with a capital where it belongs, if it can be more than prose."""
    head = line[:40]
    if ": " in head or line.startswith("*From:"):
        marks.keyed.append(number)
    elif ">" in head:
        marks.named.append(number)
    if line.startswith(FOOTER_LINES):
        marks.feet.append(number)


def _mark_diffstats(text: str, lines: list[str], labels: Labels) -> int:
    """Label diffstats; give the line after the last one, 0 if there is none."""
    number = counted = last = 0
    at = text.find(" | ")
    while at >= 0:
        number += text.count("\n", counted, at)
        if labels[number] is TEXT:
            stop = diffstat_stop(lines, number)
            if stop > number:
                labels[number:stop] = [DIFFSTAT] * (stop - number)
                last = stop
        counted = at
        line_end = text.find("\n", at)
        at = text.find(" | ", line_end) if line_end >= 0 else -1
    return last


def _mark_attributions(
    lines: list[str], labels: Labels, rises: list[int], colons: list[int]
) -> None:
    for number in rises:
        label = labels[number]
        if label is not None and label[0] == "quote":
            stop = number
            while stop and (labels[stop - 1] is None or labels[stop - 1] is HOLLOW):
                stop -= 1
            if stop:
                _mark_attribution(lines, labels, stop, label[1])
    for number in colons:
        label = labels[number]
        if label is not None and label is not HOLLOW:
            _mark_attribution(lines, labels, number + 1, 0)


def _mark_attribution(lines: list[str], labels: Labels, stop: int, below: int) -> None:
    """Label the attribution that ends before line ``stop``, if there is one.

    ``below`` is the depth of the quote that follows, 0 if none does.
    """
    label = labels[stop - 1]
    if label is None or label is HOLLOW or label[0] not in ("reply", "quote"):
        return
    depth = label[1]
    if below and depth >= below:
        return
    found: Label = ("attribution", depth, True)
    last = lines[stop - 1].rstrip()
    if not may_end_attribution(last, below > 0):
        return
    skip = strip_quotes(last, depth)[1] if depth else 0
    if below and last.endswith("wrote:") and last.startswith("On ", skip):
        labels[stop - 1] = found  # by far the most common form, on one line
        return
    floor = stop - 1
    while floor and stop - floor < _ATTRIBUTION_LINES and labels[floor - 1] is label:
        floor -= 1
    bare = lines[floor:stop]
    if depth:
        bare = [line[strip_quotes(line, depth)[1] :] for line in bare]
    start = floor + attribution_start(bare, below > 0)
    labels[start:stop] = [found] * (stop - start)


def _group(lines: list[str], labels: Labels, end: int) -> list[Block]:
    """Make one block of each run of equal labels; blank lines join the one before."""
    found: list[Block] = []
    current: Label | None = None
    start = at = seen = 0
    for number, label in enumerate(labels):
        if label is None or label is current:
            continue
        if label is HOLLOW:
            if current is not None and current[1] > 0:
                continue
            label = _quote_after(labels, number)
        if label == current:
            continue
        if current is not None:
            at += sum(map(len, lines[seen:number])) + number - seen
            seen = number
            found.append(Block(current[0], current[1], start, at, current[2]))
            start = at
        current = label
    kind, depth, certain = current or TEXT
    found.append(Block(kind, depth, start, end, certain))
    return found


def _quote_after(labels: Labels, number: int) -> Label:
    """Label marks without text that begin a quote: like the quoted line that follows."""
    after = number
    while after < len(labels) and (labels[after] is None or labels[after] is HOLLOW):
        after += 1
    label = labels[after] if after < len(labels) else None
    return label if label is not None and label[0] == "quote" else quote_label(1)
