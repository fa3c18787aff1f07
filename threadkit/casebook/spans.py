r"""Whether a passage still stands where a casebook says, and where it went if not.

A mail that came another way (rewrapped, quoted, with other line ends before the passage)
holds the same words at another place. They are found again by the hash that overlooks quote
marks and white space; what is not found is reported, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal, NamedTuple

from threadkit.analyze.debate.names import exact_hash, loose_hash
from threadkit.casebook.values import Place

Kind = Literal["here", "moved", "missing"]

TRIES_MOST = 2_000_000
"""Runs of words that are compared before a passage is given up."""

_MARKS = re.compile(r"(?m)^[ \t]*(?:[>|][ \t]?)+")
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage as a body has it.

    Attributes
    ----------
    kind : str
        ``here``: where the casebook says, to the letter; ``moved``: the same words stand
        elsewhere; ``missing``.
    start, stop : int or None
        Where it is now; None if it is missing.
    """

    kind: Kind
    start: int | None = None
    stop: int | None = None


class _Word(NamedTuple):
    start: int
    stop: int
    text: bytes


def find_passage(body: str, place: Place) -> Passage:
    r"""Look for a passage in the body of its mail.

    Parameters
    ----------
    body : str
        The decoded body.
    place : Place
        That says where it was, and its hashes.

    Returns
    -------
    Passage
        ``missing``, too, if the place does not say where it was.

    Examples
    --------
    >>> from threadkit.analyze.debate.names import exact_hash, loose_hash
    >>> said = Place("a@example.org", 4, 13, exact_hash("It broke."), loose_hash("It broke."))
    >>> find_passage("Hm. It broke.", said)
    Passage(kind='here', start=4, stop=13)
    >>> find_passage("Well, Bo, it is so.\n> It\n> broke.", said)
    Passage(kind='moved', start=22, stop=33)
    >>> find_passage("It works.", said).kind
    'missing'
    """
    if place.start is None or place.stop is None:
        return Passage("missing")
    text = body[place.start : place.stop]
    if exact_hash(text) == place.exact and loose_hash(text) == place.loose:
        return Passage("here", place.start, place.stop)
    length = place.stop - place.start
    runs = _runs(_words(body), place.loose, length)
    start = place.start
    nearest = min(runs, key=lambda run: abs(run[0] - start), default=None)
    return Passage("missing") if nearest is None else Passage("moved", *nearest)


def _words(body: str) -> list[_Word]:
    """Split a body into words that are no quote marks."""
    marks = [match.span() for match in _MARKS.finditer(body)]
    blanked = list(body)
    for start, stop in marks:
        blanked[start:stop] = " " * (stop - start)
    return [
        _Word(*match.span(), match[0].encode("utf-8", "surrogatepass"))
        for match in _WORD.finditer("".join(blanked))
    ]


def _runs(words: list[_Word], wanted: str, length: int) -> Iterator[tuple[int, int]]:
    """Find runs of words that hash to what is wanted.

    Joined by single spaces they are never longer than the passage was, in characters, so
    that each start has few ends to try.
    """
    tries = 0
    for at, first in enumerate(words):
        digest, joined = sha256(first.text), first.stop - first.start
        last = at
        while joined <= length:
            tries += 1
            if tries > TRIES_MOST:
                return
            if digest.hexdigest() == wanted:
                yield first.start, words[last].stop
            last += 1
            if last == len(words):
                break
            digest.update(b" " + words[last].text)
            joined += 1 + words[last].stop - words[last].start
