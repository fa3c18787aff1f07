"""The words that tell what a passage is about, weighed by how rare they are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from math import log, sqrt

_QUOTED_MARKS = re.compile(r"(?m)^[ \t]*(?:[>|][ \t]?)+")
_WORD = re.compile(r"[A-Za-z_][\w.+/-]*\w(?:\(\))?|\d[\w.]*\w|[A-Za-z]")
_NAMED = re.compile(r"_|\(\)|/|[a-z][A-Z]|[A-Z]{2}|\d")
_NAME = 1.5  # identifiers, numbers and the like tell so much more
_ENDINGS = ("ings", "ing", "edly", "ed", "ies", "es", "ly", "s")
COMMON = frozenset(
    re.findall(
        r"\w+",
        """
        a about above after again against all also although always am an and any anyway are as at
        actually back basically be because been before being below between both but by can cannot
        could did do does doing done down during each either else even ever every few for from get
        gets getting go goes going gone good got had has have having he her here him his how however
        i if in instead into is isn it its itself just know let like look lot made make makes many
        may maybe me mean might mine more most much must my need never no nor not now of off ok on
        once one only or other our out over own people perhaps please point probably put quite
        rather re really right same say says see seem seems she should simply since so some
        something still such sure take than that the their them then there these they thing things
        think this those though through to too two under until up upon us use used using very want
        was way we well were what when where whether which while who why will with within without
        won would yes yet you your ve ll don doesn didn wasn aren shouldn couldn wouldn thanks thank
        hi hello cheers patch patches code mail thread kernel
        """,
    )
)
"""Words that tell nothing of what a passage is about."""


def stem(word: str) -> str:
    """Return a word without its ending, so that *copies* and *copied* are one.

    Parameters
    ----------
    word : str
        Lower case, no identifier.

    Examples
    --------
    >>> stem("copies"), stem("copied"), stem("locking"), stem("is")
    ('cop', 'copi', 'lock', 'is')
    """
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def terms(text: str) -> list[str]:
    """Return the words of a passage that tell what it is about.

    Parameters
    ----------
    text : str
        A sentence or more; quote marks do not count.

    Returns
    -------
    list of str
        In the order of the text: stems of words, identifiers whole.

    Examples
    --------
    >>> terms("I think that do_wp_page() copies the page.")
    ['do_wp_page', 'cop', 'page']
    """
    found = []
    for match in _WORD.finditer(_QUOTED_MARKS.sub("", text)):
        word = match[0].removesuffix("()").rstrip(".-+/")
        if is_named(match[0]):
            found.append(word)
        elif (low := word.lower()) not in COMMON and len(low) > 1:
            found.append(stem(low))
    return found


@lru_cache(maxsize=1 << 16)
def is_named(word: str) -> bool:
    """Tell if a word is an identifier, a number, a path or an abbreviation.

    Parameters
    ----------
    word : str
        As it stands in the text.

    Examples
    --------
    >>> is_named("page_count"), is_named("GUP"), is_named("Page")
    (True, True, False)
    """
    return bool(_NAMED.search(word))


class Weights:
    """How much a word tells, among the passages of one conversation.

    Parameters
    ----------
    passages : iterable of sequence of str
        The terms of each passage.
    """

    def __init__(self, passages: Iterable[Sequence[str]]) -> None:
        self._count = 0
        self._in: Counter[str] = Counter()
        self._known: dict[str, float] = {}
        for passage in passages:
            self._count += 1
            self._in.update(set(passage))

    def rarity(self, word: str) -> int:
        """Return in how many passages a word is.

        Parameters
        ----------
        word : str
            A term.
        """
        return self._in[word]

    def weight(self, word: str) -> float:
        """Return how much a word tells: more if few passages have it, or if it is a name.

        Parameters
        ----------
        word : str
            A term.
        """
        known = self._known.get(word)
        if known is None:
            rare = log((self._count + 1) / (self._in[word] + 1)) + 1
            known = self._known[word] = rare * (_NAME if is_named(word) else 1.0)
        return known

    def vector(self, passage: Sequence[str]) -> dict[str, float]:
        """Return a passage as a direction of length 1.

        Parameters
        ----------
        passage : sequence of str
            Its terms.

        Returns
        -------
        dict of str to float
            Empty if it has no terms.
        """
        some = {word: self.weight(word) for word in passage}
        length = sqrt(sum(weight * weight for weight in some.values()))
        return {word: weight / length for word, weight in some.items()} if length else {}


def likeness(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Return the cosine of two directions.

    Parameters
    ----------
    one, other : mapping of str to float
        As `Weights.vector` gives them.

    Returns
    -------
    float
        0 to 1.

    Examples
    --------
    >>> likeness({"a": 1.0}, {"a": 0.6, "b": 0.8})
    0.6
    """
    if len(one) > len(other):
        one, other = other, one
    return sum(weight * other[word] for word, weight in one.items() if word in other)
