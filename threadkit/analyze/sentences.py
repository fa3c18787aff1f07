"""The sentence or the line around a passage of a mail, to be read or shown with it."""

from __future__ import annotations

import re

_FARTHEST = 400
_END = re.compile(r"[.!?][)\"'\u201d]?(?=\s)|\n[ \t]*\n")
# Full stops of abbreviations, and of numbered items, end no sentence.
_SHORT = re.compile(
    r"(?:(?:^|[\s(])(?:e\.g|i\.e|cf|vs|etc|approx|resp|al|no|incl|[A-Z])|\n[ \t]*\d{1,3})\.$", re.I
)
# A line that begins like this begins something new: an item, a heading, a trailer, a command.
_NEW_LINE = re.compile(
    r"\n(?=[ \t]*(?:[*\-\u2022+][ \t]|#|\d{1,3}[.)]\s|\[\d{1,3}\]|git |\$ |>"
    r"|\t|[A-Za-z][\w-]{1,40}: |commit [0-9a-f]{12}|[0-9a-f]{12,40}\b))"
)
_RULER = re.compile(r"\n[-=_~*]{3,}[ \t]*(?=\n|\Z)")


def sentence_at(body: str, start: int, stop: int, low: int, high: int) -> tuple[int, int]:
    r"""Find the sentence, or the line of a list, around a passage.

    Parameters
    ----------
    body : str
        The text.
    start, stop : int
        The passage, in characters.
    low, high : int
        The range of the author's own text around it; nothing outside is looked at.

    Returns
    -------
    (int, int)
        Characters of the sentence without white space around it; at most 400 on either
        side of the passage, all of which is inside.

    Examples
    --------
    >>> text = "It works. See 1234567\nfor why. More.\n"
    >>> low, high = sentence_at(text, 14, 21, 0, len(text))
    >>> text[low:high]
    'See 1234567\nfor why.'

    Notes
    -----
    Takes the same time however long the text is.
    """
    low = max(low, start - _FARTHEST)
    high = min(high, stop + _FARTHEST)
    first = low
    for match in _END.finditer(body, low, start):
        if match[0][0] == "\n" or not _SHORT.search(
            body[max(low, match.start() - 8) : match.end()]
        ):
            first = match.end()
    for pattern in (_NEW_LINE, _RULER):
        for line in pattern.finditer(body, first, start):
            first = line.end()
    last = high
    at = stop
    while end := _END.search(body, at, high):
        if end[0][0] == "\n":
            last = end.start()
            break
        if not _SHORT.search(body[max(stop, end.start() - 8) : end.end()]):
            last = end.end()
            break
        at = end.end()
    for pattern in (_NEW_LINE, _RULER):
        if new := pattern.search(body, stop, last):
            last = new.start()
    while first < start and body[first].isspace():
        first += 1
    while last > stop and body[last - 1].isspace():
        last -= 1
    return first, last
