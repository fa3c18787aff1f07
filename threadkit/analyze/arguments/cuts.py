"""Where sentences end in mail, where dots stand in versions, names, lists and much else."""

from __future__ import annotations

import re
from collections.abc import Iterator

_END = re.compile(
    # A reference after the full stop belongs to it, and so does a face or a sound. Nothing is
    # tried twice: a run of dots from its first one alone, blanks as a whole.
    r"(?:(?<![.!?])[.!?]++|\u2026)[)\]\"'\u201d\u2019*_]*+(?=\s)"
    r"(?:[ \t]*+\[\d{1,3}\](?=[\s.]|\Z)\.?)?"
    r"(?:[ \t]*+\n?[ \t]*+(?:[:;8][-^']?[()DPp/|\\](?![\w(])[).]*|<[a-z]{1,2}>|<(?:grin|grumble|sigh|ducks|smile)>"
    r"|\U0001f600|\U0001f609|\U0001f642)(?=\s|\Z))?"
)
_SHORT = re.compile(
    r"(?:^|[\s(\[\"'/])(?:e\.?g|i\.?e|cf|c\.f|vs|viz|approx|resp|al|incl|excl|esp|aka|a\.k\.a|w\.r\.t"
    r"|wrt|[Ff]igs?|[Ss]ect?|[Cc]h|[Mm]rs?|[Mm]s|[Dd]r|[Jj]r|[Ss]r|[Ss]t|[Pp]rof|ca|ff|ibid|orig|nb|n\.b|p\.?s|pp?)\.$",
    re.IGNORECASE,
)
_LETTER = re.compile(r"(?:^|[\s(\[])[A-Z]\.$")
_NUMBER = re.compile(r"(?:^|[\s(\[])[Nn]os?\.$")
_ETC = re.compile(r"\betc\.$", re.IGNORECASE)
_NEXT = re.compile(r"\s*[\"'(\[*_\u201c\u2018`]*(\S\S*)")
_IDENTIFIER = re.compile(r"\w*_\w|\w+\(\)|\w+->|/|[a-z]+\d")
_STARTERS = frozenset(
    ("a", "also", "although", "an", "and", "as", "because", "but", "for", "he", "how", "however",
     "i", "if", "i'd", "i'll", "i'm", "in", "is", "it", "it's", "no", "not", "now", "on", "or",
     "proc", "she", "since", "so", "that", "that's", "the", "then", "there", "these", "they",
     "this", "those", "to", "we", "what", "when", "why", "with", "yes", "you")
)  # fmt: skip
_LONGEST_WORD = 24
_WORD = re.compile(r"\w")
_SAYS = re.compile(r"[?!]|[:;]-?[)(DPp/]")


def sentences(body: str, start: int, stop: int, text: int) -> Iterator[tuple[int, int]]:
    r"""Cut a paragraph of prose into sentences.

    Parameters
    ----------
    body : str
        The text.
    start, stop : int
        The paragraph, in characters.
    text : int
        Where its words begin, after the mark of a list item; no sentence ends before.

    Yields
    ------
    (int, int)
        Characters without white space around; in order, of all words of the paragraph.

    Examples
    --------
    >>> body = "1. See do_wp_page(), e.g. in v5.9.1. It is wrong... or is it? :) No"
    >>> [body[low:high] for low, high in sentences(body, 0, len(body), 3)]
    ['1. See do_wp_page(), e.g. in v5.9.1.', 'It is wrong... or is it? :)', 'No']

    Notes
    -----
    Linear in its length.
    """
    first = start
    for end in _ends(body, text, stop):
        yield from _trimmed(body, first, end)
        first = end
    yield from _trimmed(body, first, stop)


def _trimmed(body: str, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Give a stretch without the white space around it, if it says anything."""
    while start < stop and body[start].isspace():
        start += 1
    while stop > start and body[stop - 1].isspace():
        stop -= 1
    if start < stop and (_WORD.search(body, start, stop) or _SAYS.search(body, start, stop)):
        yield start, stop


def _ends(body: str, start: int, stop: int) -> Iterator[int]:
    """Find the ends of sentences before the last one."""
    for match in _END.finditer(body, start, stop):
        if _is_end(body, match, start, stop):
            yield match.end()


def _is_end(body: str, match: re.Match[str], start: int, stop: int) -> bool:
    """Tell whether a sentence ends at a full stop, a question mark or the like."""
    follows = _NEXT.match(body, match.end(), min(stop, match.end() + 80))
    if follows is None:
        return True
    word = follows[1]
    lower = word[0].islower()
    marks = match[0]
    if marks[0] != "." or marks.startswith(".."):
        return not lower
    before = body[max(start, match.start() - _LONGEST_WORD) : match.start() + 1]
    if _SHORT.search(before) or (word[0].isdigit() and _NUMBER.search(before)):
        return False
    gap = body[match.end() : follows.start(1)]
    if _LETTER.search(before):
        return ("\n" not in gap and len(gap) > 1) or word.lower().rstrip(",") in _STARTERS
    if not lower:
        return True
    if _ETC.search(before):
        return False
    return (len(gap) > 1 and "\n" not in gap) or _IDENTIFIER.match(word) is not None
