"""Phrases over words: what cues are written in, and what finds them.

A phrase is a line of words: ``you be right`` finds *you're right* and *you were right*, as
contractions are written out and forms of be, have and do are read as one word; ``..`` stands for
up to three words more (``you .. be right`` finds *you may well be right*), ``a|b`` for either
word, ``a?`` for a word that may be missing, ``^`` for the start and ``$`` for the end of the
unit, and ``<number>``, ``<sha>`` and the like for any word of that kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from threadkit.analyze.arguments.tokens import Token

GAP: Final = 3
"""Most words that ``..`` stands for."""

_FORMS: Final[Mapping[str, str]] = {
    form: base
    for base, forms in {
        "be": "am is are was were been being",
        "have": "has had having",
        "do": "does did doing done",
        "will": "'ll",
        "would": "'d",
        "not": "n't",
    }.items()
    for form in forms.split()
}
_WHOLE: Final[Mapping[str, str]] = {
    "can't": "can not", "cannot": "can not", "won't": "will not", "shan't": "shall not",
    "let's": "let us", "lets": "let us", "ain't": "be not", "i'm": "i be", "im": "i be",
    "dont": "do not", "doesnt": "do not", "didnt": "do not", "isnt": "be not", "gonna": "going to",
    "wanna": "want to", "okay": "ok", "okey": "ok", "ack": "ack", "imho": "imo", "thats": "that be",
    "youre": "you be", "ive": "i have", "cant": "can not", "wont": "will not", "it's": "it be",
    "that's": "that be", "there's": "there be", "what's": "what be", "here's": "here be",
    "he's": "he be", "she's": "she be", "who's": "who be", "where's": "where be", "how's": "how be",
    "why's": "why be", "everything's": "everything be",
}  # fmt: skip
_ENDINGS: Final = (
    ("n't", "not"), ("'re", "be"), ("'ll", "will"), ("'ve", "have"), ("'d", "would"), ("'m", "be"),
)  # fmt: skip
_SHOWN: Final = frozenset(("word", "mark", "face"))


class Piece(NamedTuple):
    """A word as phrases see it, and the number of the token that it comes from."""

    word: str
    token: int


class Phrase(NamedTuple):
    """A phrase that is looked for; ``steps`` are sets of words, empty for a gap."""

    name: str
    text: str
    steps: tuple[tuple[frozenset[str], bool], ...]


def pieces(tokens: Sequence[Token]) -> list[Piece]:
    """Write contractions out, read forms of be, have and do as one, and names by their kind.

    Parameters
    ----------
    tokens : sequence of Token
        The words of a unit.

    Returns
    -------
    list of Piece
        In order; those of one token share its number.

    Examples
    --------
    >>> from threadkit.analyze.arguments.tokens import words
    >>> [one.word for one in pieces(words("You're right, I don't see 09854ba94c6a."))]
    ['you', 'be', 'right', ',', 'i', 'do', 'not', 'see', '<sha>', '.']
    """
    found: list[Piece] = []
    for number, token in enumerate(tokens):
        if token.kind not in _SHOWN and token.norm != "+1":
            found.append(Piece(f"<{token.kind}>", number))
        elif token.kind == "word" and ("'" in token.norm or token.norm in _WHOLE):
            found += [Piece(_FORMS.get(word, word), number) for word in _written_out(token.norm)]
        else:
            found.append(Piece(_FORMS.get(token.norm, token.norm), number))
    return found


def _written_out(word: str) -> list[str]:
    if word in _WHOLE:
        return _WHOLE[word].split()
    for ending, whole in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending):
            return [word[: -len(ending)], whole]
    return [word]


class Phrases:
    """A list of phrases, ready to be looked for.

    Parameters
    ----------
    named : mapping
        From the name of a cue to its phrases, in the language of this module.

    Examples
    --------
    >>> from threadkit.analyze.arguments.tokens import words
    >>> some = Phrases({"concession": ["you .. be right"]})
    >>> some.find(pieces(words("Hm, you may well be right.")))
    [('concession', 2, 7)]
    """

    def __init__(self, named: Mapping[str, Iterable[str]]) -> None:
        self._by_first: dict[str, _Ahead] = {}
        count = 0
        for name, texts in named.items():
            for text in texts:
                one = phrase(name, text)
                for word in one.steps[0][0]:
                    self._by_first.setdefault(word, _Ahead()).add(count, one)
                count += 1

    def find(self, read: Sequence[Piece]) -> list[tuple[str, int, int]]:
        """Find the phrases of a unit.

        Parameters
        ----------
        read : sequence of Piece
            As `pieces` gives them.

        Returns
        -------
        list of (str, int, int)
            Name, first piece, piece behind the last; in the order of the text, each name and
            place once.
        """
        words = [one.word for one in read]
        found: dict[tuple[str, int, int], None] = {}
        if "^" in self._by_first:
            for name, stop in self._by_first["^"].find(words, 0):
                found[name, 0, stop] = None
        for at, word in enumerate(words):
            ahead = self._by_first.get(word)
            if ahead is not None and word != "^":
                for name, stop in ahead.find(words, at + 1):
                    found[name, at, stop] = None
        return list(found)


class _Ahead:
    """The phrases that begin with one word, by the word that has to follow.

    Most phrases end at their second word, so that trying each from there on costs little.
    """

    __slots__ = ("_alone", "_behind_gap", "_next", "_other")

    def __init__(self) -> None:
        self._alone: list[tuple[int, Phrase]] = []
        self._next: dict[str, list[tuple[int, Phrase]]] = {}
        self._behind_gap: dict[str, list[tuple[int, Phrase]]] = {}
        self._other: list[tuple[int, Phrase]] = []

    def add(self, number: int, one: Phrase) -> None:
        """Take a phrase in; ``number`` is its place among all."""
        fixed = [words and not optional and words != {"$"} for words, optional in one.steps]
        if len(fixed) == 1:
            self._alone.append((number, one))
        elif fixed[1]:
            for word in one.steps[1][0]:
                self._next.setdefault(word, []).append((number, one))
        elif not one.steps[1][0] and fixed[2:3] == [True]:
            for word in one.steps[2][0]:
                self._behind_gap.setdefault(word, []).append((number, one))
        else:
            self._other.append((number, one))

    def find(self, words: Sequence[str], at: int) -> Iterator[tuple[str, int]]:
        """Yield name and end of those whose second word stands at a place, or behind it."""
        found = {number: (one.name, at) for number, one in self._alone}
        for number, one in self._next.get(words[at], ()) if at < len(words) else ():
            if (stop := _match(one.steps, 2, words, at + 1)) >= 0:
                found[number] = one.name, stop
        for there in range(at, min(at + GAP + 1, len(words)) if self._behind_gap else at):
            for number, one in self._behind_gap.get(words[there], ()):
                if number not in found and (stop := _match(one.steps, 3, words, there + 1)) >= 0:
                    found[number] = one.name, stop
        for number, one in self._other:
            if (stop := _match(one.steps, 1, words, at)) >= 0:
                found[number] = one.name, stop
        return (found[number] for number in sorted(found))


def phrase(name: str, text: str) -> Phrase:
    """Read a phrase.

    Parameters
    ----------
    name : str
        Of the cue.
    text : str
        In the language of this module; its first word may be neither ``..`` nor optional.

    Raises
    ------
    ValueError
        If it starts with what may be missing.
    """
    steps: list[tuple[frozenset[str], bool]] = []
    for word in text.split():
        if word == "..":
            steps.append((frozenset(), True))
            continue
        optional = word.endswith("?") and len(word) > 1
        steps.append((frozenset(word.removesuffix("?" if optional else "\0").split("|")), optional))
    if not steps or steps[0][1]:
        raise ValueError(f"a phrase starts with a word: {text!r}")
    return Phrase(name, text, tuple(steps))


def _match(
    steps: Sequence[tuple[frozenset[str], bool]], step: int, words: Sequence[str], at: int
) -> int:
    """Return where a phrase ends, from its step on; -1 if it is not there."""
    while step < len(steps):
        wanted, optional = steps[step]
        if not wanted:
            ends = (_match(steps, step + 1, words, at + more) for more in range(GAP + 1))
            return next((end for end in ends if end >= 0), -1)
        if wanted == {"$"}:
            return at if at >= len(words) or words[at] in (".", "!", "..", "...", ":)") else -1
        if at < len(words) and words[at] in wanted:
            if optional:
                end = _match(steps, step + 1, words, at + 1)
                if end >= 0:
                    return end
                step += 1
                continue
            step, at = step + 1, at + 1
        elif optional:
            step += 1
        else:
            return -1
    return at
