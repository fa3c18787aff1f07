"""The boxes of a map: text in lines that surely fit, or no map at all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from threadkit.cow.diagram.measure import fit_text, text_width, wrap_text
from threadkit.site.index_of import index_of
from threadkit.site.render import plain
from threadkit.site.values import Claim, Site
from threadkit.site.writer import SiteError

WIDTH = 248
"""Points from side to side."""

SIZE = 11.5
"""Of the text, in points; the line above it is half a point smaller."""

_MARGIN = 10
_ROOM = WIDTH - 2 * _MARGIN
_HEAD = 26
_LINE = 15
_FOOT = 8
_FEWEST = 3
_MOST = 6
_DOT = 14  # the person's dot and the gap behind it


class Box(NamedTuple):
    """What stands in a box: a line about the claim, and its text; ``height`` in whole points."""

    key: str
    head: str
    lines: tuple[str, ...]
    height: int
    bold: bool = False

    @property
    def first(self) -> int:
        """Base line of the first line of text, from the top of the box."""
        return _HEAD + 11 if self.head else (self.height - _LINE * len(self.lines)) // 2 + 11


def claim_box(site: Site, claim: Claim) -> Box:
    """Lay out a claim.

    Parameters
    ----------
    site : Site
        What is shown.
    claim : Claim
        With a gist, or words.

    Returns
    -------
    Box
        With more lines than fit if it is too long: :func:`check` tells.
    """
    who = index_of(site).person(claim.person).name
    tail = f" \N{MIDDLE DOT} {claim.id}"
    if claim.status in _TOLD:
        tail += f" \N{MIDDLE DOT} {claim.status}"
    room = _ROOM - _DOT - text_width(tail, SIZE - 0.5)
    head = fit_text(plain(who), room, SIZE - 0.5) + tail
    said = claim.gist or (claim.places[0].text if claim.places else "") or f"claim {claim.id}"
    lines = balanced(plain(said))
    return Box(claim.id, head, lines, _height(len(lines)))


def question_box(text: str) -> Box:
    """Lay out the question.

    Parameters
    ----------
    text : str
        One sentence.
    """
    lines = balanced(plain(text), bold=True)
    return Box("", "", lines, _height(max(len(lines) - 1, 1)), bold=True)


def check(where: str, boxes: Iterable[Box]) -> None:
    """Make sure that all text fits.

    Parameters
    ----------
    where : str
        The map.
    boxes : iterable of Box
        All of it.

    Raises
    ------
    SiteError
        It names the claims that are too long.
    """
    long = [box.key or "the question" for box in boxes if len(box.lines) > _MOST]
    if long:
        raise SiteError(where, f"text of more than {_MOST} lines: {', '.join(long)}")


def balanced(text: str, *, bold: bool = False) -> tuple[str, ...]:
    """Break text into as few lines as fit a box, of about the same length.

    Parameters
    ----------
    text : str
        Words; one that is wider than a box is broken, nothing is ever cut off.
    bold : bool, optional
        Which cut of the font.

    Returns
    -------
    tuple of str
        Joined without spaces they have all characters of the text but its spaces.

    Examples
    --------
    >>> balanced("A copy too many costs time, and is never wrong.")
    ('A copy too many costs', 'time, and is never wrong.')
    """
    words = " ".join(piece for word in text.split() for piece in _pieces(word, bold=bold))
    best = wrap_text(words, _ROOM, SIZE, bold=bold)
    widest = max((text_width(word, SIZE, bold=bold) for word in words.split()), default=0)
    room = float(_ROOM)
    while room - 6 >= widest:
        room -= 6
        tried = wrap_text(words, room, SIZE, bold=bold)
        if len(tried) > len(best):
            break
        best = tried
    return tuple(best)


_TOLD = frozenset({"conceded", "withdrawn", "unanswered"})


def _pieces(word: str, *, bold: bool) -> list[str]:
    """Break a word that is wider than a box."""
    found = [""]
    for one in word:
        if text_width(found[-1] + one, SIZE, bold=bold) > _ROOM:
            found.append("")
        found[-1] += one
    return found


def _height(lines: int) -> int:
    return _HEAD + _LINE * max(lines, _FEWEST) + _FOOT
