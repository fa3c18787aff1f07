"""Cut the decoded body of a mail into blocks: quotes, own words, diffs, signatures."""

from __future__ import annotations

import re
from collections.abc import Sequence

from threadkit.mail.attribution import attribution_start
from threadkit.mail.block import Block, BlockKind
from threadkit.mail.difflines import begins_diff, diff_stop, diffstat_stop
from threadkit.mail.endings import FOOTER_WORDS, footer_start
from threadkit.mail.quotemarks import content_spans, strip_quotes

__all__ = ["blocks", "content_spans", "strip_quotes"]

_Label = tuple[BlockKind, int, bool]
_TEXT: _Label = ("reply", 0, True)
_DIFF: _Label = ("diff", 0, True)
_DIFFSTAT: _Label = ("diffstat", 0, True)
_SIGNATURE: _Label = ("signature", 0, True)
_FOOTER: _Label = ("footer", 0, True)
_SCISSORS: _Label = ("scissors", 0, True)
_SNIP: _Label = ("snip", 0, True)
_TRAILERS: _Label = ("trailers", 0, True)
_QUOTES: list[_Label] = [("quote", depth, True) for depth in range(32)]

# First characters of lines that may begin something else than prose.
_SPECIAL = frozenset("-dI@[<.(~8")
_PERFORATION = re.compile(r"[-=_~ ]*(?:>8|8<|>%|%<)[-=_~ ]*").search
_SNIPS = re.compile(
    r"\s*(?:\[\s*(?:\.{2,}|…|snip\w*[^\]]*|skip\w*|cut|trimmed)\s*\]|<\s*/?snip\w*[^>]*>|\(snip\w*\)|\.{3,}|…"
    r"|-+\s*snip\w*\s*-+|\[\s*\.\.\.[^\]]*\.\.\.\s*\])\s*$",
    re.IGNORECASE,
).match
_TRAILER = re.compile(
    r"(?:[A-Z][A-Za-z]*(?:-[A-Za-z]+)*-[Bb]y|Fixes|Link|Cc|CC|Closes|BugLink|Bug|Reported-and-tested-by"
    r"|Change-Id|Reported-by|Suggested-by|References|Message-Id|Message-ID|Patchwork|Lore)\s?:\s*\S"
    r"|\[[^\]]+: .*\]\s*$|\(cherry picked from commit |\[ ?[Uu]pstream commit"
).match
_STRONG = ("-by: ", "\nFixes: ", "\nLink: ", "\nCloses: ", "(cherry picked from commit ")
_ORIGINAL = re.compile(r"-{3,}\s*(?:Original Message|Forwarded Message)\s*-{3,}\s*$", re.I).match
_MAIL_HEADER = re.compile(
    r"\*?(?:From|Sent|To|Cc|Subject|Date|Von|An|Gesendet|Betreff)\s?:\*?\s"
).match


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
    >>> for block in blocks("On Mon, Ada wrote:\n> Why?\n\nBecause.\n"):
    ...     print(block.kind, block.depth, block.start, block.stop)
    attribution 0 0 19
    quote 1 19 27
    reply 0 27 36

    Notes
    -----
    Linear in the length of the text.
    """
    if not text:
        return []
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()
    labels, special = _first_look(lines)
    _mark_special(lines, labels, special)
    if " | " in text:
        _mark_diffstats(lines, labels)
    _mark_endings(text, lines, labels, special)
    if any(word in text for word in _STRONG):
        _mark_trailers(lines, labels)
    _mark_attributions(lines, labels)
    return _group(lines, labels, len(text))


def _first_look(lines: list[str]) -> tuple[list[_Label | None], list[int]]:
    labels: list[_Label | None] = []
    special: list[int] = []
    for number, line in enumerate(lines):
        first = line[:1]
        if first == ">":
            labels.append(_quote_label(line))
        elif not first:
            labels.append(None)
        elif first in _SPECIAL:
            special.append(number)
            labels.append(_TEXT)
        elif first == " " or first == "\t":
            if line[1:2] == ">":
                labels.append(_quote_label(line))
            else:
                labels.append(None if line.isspace() else _TEXT)
        else:
            labels.append(_TEXT)
    return labels, special


def _quote_label(line: str) -> _Label | None:
    depth, start = strip_quotes(line)
    if depth == 0:
        return _TEXT
    if start >= len(line):
        return ("quote", 0, True)  # blank: joins its neighbours in _group
    return _QUOTES[depth] if depth < 32 else ("quote", depth, True)


def _mark_special(lines: list[str], labels: list[_Label | None], special: list[int]) -> None:
    done = 0
    for number in special:
        if number < done:
            continue
        line = lines[number]
        if begins_diff(lines, number):
            done = diff_stop(lines, number)
            labels[number:done] = [_DIFF] * (done - number)
        elif line == "---" or line == "--- " or _is_scissors(line):
            labels[number] = _SCISSORS
        elif _SNIPS(line):
            labels[number] = _SNIP


def _is_scissors(line: str) -> bool:
    found = _PERFORATION(line)
    return found is not None and len(found[0]) >= 6 and 2 * len(found[0]) > len(line)


def _mark_diffstats(lines: list[str], labels: list[_Label | None]) -> None:
    number = 0
    while number < len(lines):
        line = lines[number]
        if labels[number] is _TEXT and " | " in line:
            stop = diffstat_stop(lines, number)
            if stop > number:
                labels[number:stop] = [_DIFFSTAT] * (stop - number)
                number = stop
                continue
        number += 1


def _mark_endings(
    text: str, lines: list[str], labels: list[_Label | None], special: list[int]
) -> None:
    count = len(lines)
    last_quote = max(
        (n for n in range(count - 1, -1, -1) if (label := labels[n]) and label[0] == "quote"),
        default=-1,
    )
    foot = count
    if any(word in text for word in FOOTER_WORDS):
        foot = footer_start(lines, last_quote + 1)
        labels[foot:] = [_FOOTER] * (count - foot)
    for number in special:
        line = lines[number]
        if labels[number] is _TEXT and (line == "-- " or line == "--") and number < foot:
            stop = number
            while stop < foot and labels[stop] in (None, _TEXT):
                stop += 1
            if line == "--" and (stop < foot or stop - number > 8):
                continue
            labels[number:stop] = [_SIGNATURE] * (stop - number)


def _mark_trailers(lines: list[str], labels: list[_Label | None]) -> None:
    for number, line in enumerate(lines):
        if labels[number] is _TEXT and ":" in line and _TRAILER(line):
            labels[number] = _TRAILERS


def _mark_attributions(lines: list[str], labels: list[_Label | None]) -> None:
    depth = 0
    for number, label in enumerate(labels):
        if label is None:
            continue
        now = label[1] if label[0] == "quote" else 0
        if label[0] == "quote" and now == 0:
            continue
        if now > depth:
            _mark_one(lines, labels, number, depth)
        depth = now


def _mark_one(lines: list[str], labels: list[_Label | None], number: int, depth: int) -> None:
    stop = number
    while stop and (labels[stop - 1] is None or labels[stop - 1] == ("quote", 0, True)):
        stop -= 1
    floor = stop
    wanted = ("reply", 0, True) if depth == 0 else ("quote", depth, True)
    while floor and stop - floor < 4 and labels[floor - 1] == wanted:
        floor -= 1
    if floor == stop:
        return
    bare = [line[strip_quotes(line)[1] :] for line in lines[floor:stop]]
    start = floor + attribution_start(bare, len(bare), 0, True)
    labels[start:stop] = [("attribution", depth, True)] * (stop - start)


def _group(lines: Sequence[str], labels: Sequence[_Label | None], end: int) -> list[Block]:
    found: list[Block] = []
    current: _Label | None = None
    start = at = 0
    blank_quote = ("quote", 0, True)
    for line, label in zip(lines, labels, strict=True):
        if label is not None and label is not current:
            if label == blank_quote:
                label = current if current and current[0] == "quote" else ("quote", 1, True)
            if label != current:
                if current is not None:
                    found.append(Block(current[0], current[1], start, at, current[2]))
                    start = at
                current = label
        at += len(line) + 1
    kind, depth, certain = current or _TEXT
    found.append(Block(kind, depth, start, end, certain))
    return found
