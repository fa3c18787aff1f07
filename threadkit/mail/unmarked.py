"""Quotes without marks: the mail a program put whole under a rule and copied headers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from threadkit.mail.linelabels import HOLLOW, TEXT, Label, Labels, quote_label, split_marks
from threadkit.mail.quotemarks import strip_quotes

_RULE = re.compile(
    r"-{2,} ?(?:Original [Mm]essage|Forwarded [Mm]essage|Urspr\u00fcngliche Nachricht|Message d'origine"
    r"|Mensaje original|Messaggio originale|Weitergeleitete Nachricht)[^-\n]{0,80}-{2,}\s*$|_{20,}\s*$"
).match
_HEADER = re.compile(
    r"\*?(From|Sent|To|Cc|Subject|Date|Reply-To|Von|Gesendet|An|Betreff|Datum|De|Envoy\u00e9|\u00c0|Objet)\s?:\*?(?:\s|$)"
).match
_FROM = frozenset({"From", "Von", "De"})
_COPIED = frozenset({"Sent", "To", "Gesendet", "An", "Envoy\u00e9", "\u00c0"})
_BEGINS = frozenset("-_FVD*")
_FROM_LINES = ("From: ", "*From:", "Von: ", "De : ", "De: ")
_LONGEST = 200
_MOST_HEADERS = 30  # lines; more addresses than that end the block
_FULL_LINE = 60  # characters: a subject this long may go on in the next line


def may_be_unmarked(text: str, lines: Sequence[str], keyed: Sequence[int]) -> bool:
    r"""Tell quickly whether a body can hold a mail quoted without marks.

    Parameters
    ----------
    text : str
        The body.
    lines : sequence of str
        Its lines.
    keyed : sequence of int
        Indices of the lines that begin like ``Key: value``.

    Examples
    --------
    >>> may_be_unmarked("Yes.\nFrom: Ada\n", ["Yes.", "From: Ada"], [1])
    True
    >>> may_be_unmarked("Yes.\n", ["Yes."], [])
    False
    """
    for number in keyed:
        if lines[number].startswith(_FROM_LINES) and number:
            return True
    # The rest may stand behind quote marks, where no line begins like a header.
    return "Sent:" in text or "> To: " in text or "Original " in text or "orwarded " in text


def mark_unmarked(lines: Sequence[str], labels: Labels, foot: int) -> None:
    """Label mails quoted without marks, and the header lines copied above quoted ones.

    Parameters
    ----------
    lines : sequence of str
        The lines of a body, without line ends.
    labels : list of Label or None
        Their labels; changed in place.
    foot : int
        Index of the first line of the list footer, which is never quoted.

    Notes
    -----
    What follows an unmarked header block cannot be told from words written under it:
    everything to the end is a quote that is not certain, one deeper with each header block.
    Where marked quotes follow, the headers alone are labelled. Linear.

    Examples
    --------
    >>> lines = ["Yes.", "From: Ada", "Sent: Tuesday", "To: Bob", "Shall we?"]
    >>> labels = [TEXT] * 5
    >>> mark_unmarked(lines, labels, len(lines))
    >>> [label[0] for label in labels]
    ['reply', 'attribution', 'attribution', 'attribution', 'quote']
    """
    number = level = 0
    while number < foot:
        stop = _header_stop(lines, labels, number, foot)
        if stop == number:
            if level:
                labels[number] = _deeper(labels[number], level)
            number += 1
            continue
        depth = _depth(lines, labels, number)
        below = stop
        while below < foot and labels[below] is None:
            below += 1
        after = labels[below] if below < foot else None
        label: Label = ("attribution", depth + level, False)
        labels[number:stop] = [label] * (stop - number)
        if depth == 0 and not (after and after[0] == "quote" and after is not HOLLOW):
            level += 1
        number = stop


def _depth(lines: Sequence[str], labels: Labels, number: int) -> int:
    label = labels[number]
    if label is None or label is TEXT:
        return 0
    return split_marks(lines[number])[0] if label is HOLLOW else label[1]


def _deeper(label: Label | None, level: int) -> Label | None:
    """Label a line of an unmarked quote: whatever it was there, it is quoted here."""
    if label is None or label is HOLLOW:
        return label
    if label[0] == "attribution":
        return ("attribution", label[1] + level, False)
    return quote_label(label[1] + level, False)


def _header_stop(lines: Sequence[str], labels: Labels, start: int, foot: int) -> int:
    """Find the end of the copied header block that begins at a line; ``start`` if none does."""
    depth = _depth(lines, labels, start)
    first = _content(lines[start], depth)
    if first[:1] not in _BEGINS or labels[start] is None:
        return start
    ruled = len(first) < _LONGEST and _RULE(first) is not None
    number = start + ruled
    while ruled and number < foot and number < start + 3 and not _content(lines[number], depth):
        number += 1
    keys: list[str] = []
    open_line = False
    foot = min(foot, number + _MOST_HEADERS)
    while number < foot and _depth(lines, labels, number) == depth:
        line = _content(lines[number], depth)
        key = _HEADER(line)
        if key is not None:
            keys.append(key[1])
        elif not keys or not line or not (open_line or line[0] in " \t"):
            break
        full = keys[-1] == "Subject" and len(line) > _FULL_LINE
        open_line = full or line.rstrip().endswith((",", ";", "-"))
        number += 1
    return number if _are_headers(keys, ruled and first[0] == "-") else start


def _content(line: str, depth: int) -> str:
    return line[strip_quotes(line, depth)[1] :] if depth else line


def _are_headers(keys: Sequence[str], ruled: bool) -> bool:
    """Tell whether header names are those that a mail program copies above a quote.

    A patch in the body has From, Date and Subject too, but neither Sent nor To.
    """
    if not keys or (keys[0] not in _FROM and not ruled):
        return False
    if ruled:
        return True
    return len(keys) > 2 and not _COPIED.isdisjoint(keys)
