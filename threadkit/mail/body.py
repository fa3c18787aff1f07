"""Cut the decoded body of a mail into blocks: quotes, own words, diffs, signatures.

Every line gets a label by its first character, then the few lines that can mean more are
looked at again in a fixed order (diffs, attributions, footers, ...), so that most lines
cost one dictionary look-up. Runs of equal labels are the blocks.
"""

from __future__ import annotations

from typing import NamedTuple

from threadkit.mail.attribution import attribution_start
from threadkit.mail.block import Block
from threadkit.mail.difflines import begins_diff, diff_stop, diffstat_stop
from threadkit.mail.endings import footer_start, has_footer_words, mark_signatures
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
    NAMED_LINE,
    content_spans,
    mark_bars,
    mark_named,
    mark_rewrapped,
    strip_quotes,
    unmark_false_quotes,
)
from threadkit.mail.separators import is_scissors, is_snip, mark_dashes
from threadkit.mail.trailerlines import has_trailers, mark_trailers
from threadkit.mail.unmarked import mark_unmarked, may_be_unmarked

__all__ = ["blocks", "content_spans", "strip_quotes"]

# First characters of lines that may begin something else than prose.
_SPECIAL = frozenset("-dI@[<.(8|\u2026")
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

    dashes: list[int]  # `---`
    signatures: list[int]  # `-- ` and `--`
    bars: list[int]  # `| ...`
    last_patch_line: int


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
    marks = _mark_special(lines, labels, look.special, " | " in text)
    _mark_attributions(lines, labels, look.rises, look.colons)
    if marks.bars:
        mark_bars(lines, labels, marks.bars)
    if NAMED_LINE(text):
        mark_named(lines, labels)
    foot = len(lines)
    if has_footer_words(text):
        foot = footer_start(lines, look.last_quote + 1)
        labels[foot:] = [FOOTER] * (len(lines) - foot)
    if may_be_unmarked(text):
        mark_unmarked(lines, labels, foot)
    if marks.signatures:
        mark_signatures(lines, labels, marks.signatures, foot)
    if has_trailers(text):
        mark_trailers(lines, labels)
    if marks.dashes:
        mark_dashes(labels, marks.dashes, marks.last_patch_line)
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
        if first == ">" or (first == " " and line[1:2] == ">"):
            label = label_of_marks(line)
            add(label)
            last_quote = number
            if label is not HOLLOW:
                if label[1] > depth:
                    rises.append(number)
                depth = label[1]
        elif not first or (first in " \t" and line.isspace()):
            add(None)
            continue
        else:
            add(TEXT)
            depth = 0
            if first in _SPECIAL:
                special.append(number)
        if line[-1] in ": ":
            colons.append(number)
    return _Look(labels, special, rises, colons, last_quote)


def _mark_special(lines: list[str], labels: Labels, special: list[int], stats: bool) -> _Marks:
    """Label diffs, diffstats, scissors and snip marks; sort out the other special lines."""
    dashes: list[int] = []
    signatures: list[int] = []
    bars: list[int] = []
    done = 0
    for number in special:
        if number < done:
            continue
        line = lines[number]
        first = line[0]
        if first == "|":
            if line[1:2] in ("", " "):
                bars.append(number)
        elif first in "-dI@" and begins_diff(lines, number):
            done = diff_stop(lines, number)
            labels[number:done] = [DIFF] * (done - number)
        elif first == "-" and len(line) < 5 and not line.strip("- "):
            if line.startswith("---"):
                dashes.append(number)
            elif line.startswith("--"):
                signatures.append(number)
        elif is_snip(line):
            labels[number] = SNIP
        elif is_scissors(line):
            labels[number] = SCISSORS
    if stats:
        done = max(done, _mark_diffstats(lines, labels))
    return _Marks(dashes, signatures, bars, done - 1)


def _mark_diffstats(lines: list[str], labels: Labels) -> int:
    """Label diffstats; give the line after the last one, 0 if there is none."""
    number = last = 0
    while number < len(lines):
        if labels[number] is TEXT and " | " in lines[number]:
            stop = diffstat_stop(lines, number)
            if stop > number:
                labels[number:stop] = [DIFFSTAT] * (stop - number)
                last = number = stop
                continue
        number += 1
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
        if label is not None and label is not HOLLOW and lines[number].rstrip().endswith(":"):
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
    floor = stop - 1
    while floor and stop - floor < _ATTRIBUTION_LINES and labels[floor - 1] is label:
        floor -= 1
    bare = lines[floor:stop]
    if depth:
        bare = [line[strip_quotes(line, depth)[1] :] for line in bare]
    start = floor + attribution_start(bare, below > 0)
    found: Label = ("attribution", depth, True)
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
            label = _quote_after(lines, labels, number)
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


def _quote_after(lines: list[str], labels: Labels, number: int) -> Label:
    """Label marks without text that begin a quote: like the quoted line that follows."""
    for label in labels[number:]:
        if label is not None and label is not HOLLOW:
            if label[0] == "quote":
                return label
            break
    return quote_label(1)
