"""Claims that are said again: the same matter in nearly the same words, by whomever."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Final, NamedTuple

from threadkit.analyze.debate.ground import Ground
from threadkit.analyze.debate.terms import Weights, is_named, likeness
from threadkit.analyze.debate.values import Link, UnitName

RULE: Final = "same words"

_LIKE = 0.62
_LIKE_IF_NAMED = 0.55
_FEWEST = 4
_FEWEST_COMMON = 3
_MOST_PASSAGES = 60  # a word of so many passages finds none
_ACROSS = frozenset(("attack", "undercut", "answer", "concede"))
_NO = re.compile(
    r"\b(?:not|no|never|none|nothing|neither|nor|hardly|cannot|without|wrong|false|"
    r"\w+n't|doesnt|dont|isnt|wont|cant)\b",
    re.IGNORECASE,
)
_TURNING = re.compile(r"(?:un|in|im|ir|non-?|no-?|dis|de)(?=\w\w)")


class Same(NamedTuple):
    """Two units that say the same."""

    first: UnitName
    again: UnitName
    score: float


def is_denied(text: str) -> bool:
    """Tell if a passage denies: an odd number of its words turn it round.

    Parameters
    ----------
    text : str
        A sentence.

    Examples
    --------
    >>> is_denied("It is not safe."), is_denied("It's not that it isn't safe.")
    (True, False)
    """
    return len(_NO.findall(text.replace("\u2019", "'"))) % 2 == 1


def restated(ground: Ground, claims: Sequence[UnitName], links: Iterable[Link]) -> list[Same]:
    """Find claims that say what an earlier one says.

    Parameters
    ----------
    ground : Ground
        The conversation.
    claims : sequence of UnitName
        In the order of time.
    links : iterable of Link
        No two units are the same of which one speaks against the other.

    Returns
    -------
    list of Same
        The earlier one first; each later one has one at most, the most similar.

    Notes
    -----
    Precise rather than complete. Only passages that share a rare word are compared, so that
    the time grows with the passages, not with their square.
    """
    across = {
        pair
        for link in links
        if link.kind in _ACROSS
        for pair in ((link.source, link.target), (link.target, link.source))
    }
    texts = {name: ground.text(name) for name in claims}
    words = {name: ground.words(name) for name in claims}
    weights = Weights(words.values())
    vectors = {name: weights.vector(some) for name, some in words.items()}
    denied = {name: is_denied(text) for name, text in texts.items()}
    having: defaultdict[str, list[UnitName]] = defaultdict(list)
    found = []
    for name in claims:
        rare = sorted(set(words[name]), key=lambda word: (weights.rarity(word), word))
        rare = [word for word in rare if weights.rarity(word) <= _MOST_PASSAGES]
        others = {other for word in rare for other in having[word]}
        best: Same | None = None
        for other in sorted(others, key=lambda one: (ground.rank(one.mail), one.unit)):
            if (name, other) in across or denied[name] != denied[other]:
                continue
            score = _alike(vectors[name], vectors[other])
            if score and (best is None or score > best.score):
                best = Same(other, name, round(score, 3))
        if best:
            found.append(best)
        for word in rare:
            having[word].append(name)
    return found


def _alike(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Return how alike two passages are; 0 if not enough to be the same."""
    if min(len(one), len(other)) < _FEWEST:
        return 0.0
    common = one.keys() & other.keys()
    if len(common) < _FEWEST_COMMON or _differ(one.keys() - common, other.keys() - common):
        return 0.0
    score = likeness(one, other)
    least = _LIKE_IF_NAMED if any(is_named(word) for word in common) else _LIKE
    return score if score >= least else 0.0


def _differ(some: Set[str], others: Set[str]) -> bool:
    """Tell if words that only one of two passages has make them speak of different things.

    Each names something that the other does not, or one has the opposite of a word.
    """
    if any(map(is_named, some)) and any(map(is_named, others)):
        return True
    return bool(_turned(some) & others or _turned(others) & some)


def _turned(words: Set[str]) -> set[str]:
    """Return words without a syllable that turns them round: *fsigned* of *funsigned*."""
    return {
        word[: at.start()] + word[at.end() :] for word in words for at in _TURNING.finditer(word)
    }
