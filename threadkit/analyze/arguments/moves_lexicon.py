"""What a unit does, told by general knowledge of English and of review: its moves.

The learner sees words; this says what they amount to, so that a verb, an adjective or a turn of
phrase that no labelled mail holds still counts: is it an order, who does what in which tense, what
is judged and how, which moves are made, and does it open with them. What stands in quotation marks
counts for nothing, and what a negation stands before counts as its opposite.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from threadkit.analyze.arguments.moves_phrases import PHRASES
from threadkit.analyze.arguments.moves_words import (
    LEADS,
    MODALS,
    NEGATIONS,
    NOUNS,
    OBJECTS,
    OPINIONS,
    ORDERS,
    SUBJECTS,
    SUBORDINATES,
    verb_forms,
)
from threadkit.analyze.arguments.phrase_net import PhraseNet
from threadkit.analyze.arguments.phrases import Piece
from threadkit.analyze.arguments.tokens import Token

NEAR: Final = 3
"""Words before a judgement in which a negation turns it."""

LONGEST_SAID: Final = 40
"""Words between quotation marks that are taken for a quotation."""

_MARKS: Final = {'"': '"', "“": "”", "`": "`"}
_PAST: Final = frozenset(("was", "were", "did", "had", "been", "wasn't", "weren't", "didn't"))
_FINITE: Final = frozenset(("be", "have", "do")) | MODALS


class _Unit(NamedTuple):
    """The words of a unit as they are read here, and as they are written."""

    words: list[str]
    raw: list[str]


def lexical(tokens: Sequence[Token], pieces: Sequence[Piece]) -> dict[str, float]:
    """Return the moves of a unit.

    Parameters
    ----------
    tokens : sequence of Token
        Its words, as `tokens.words` gives them.
    pieces : sequence of Piece
        The same, as `phrases.pieces` gives them.

    Returns
    -------
    dict
        From names that begin with ``lx:`` to weights.

    Examples
    --------
    >>> from threadkit.analyze.arguments.phrases import pieces
    >>> from threadkit.analyze.arguments.tokens import words
    >>> found = words("Please drop the lock first.")
    >>> "lx:order" in lexical(found, pieces(found))
    True

    Notes
    -----
    Linear in the words: phrases are found by their first word, and gaps are short.
    """
    unit = _unsaid(tokens, pieces)
    row: dict[str, float] = {}
    start = _lead(unit.words)
    for name, weight in _moves(unit, start):
        row[name] = weight
    for name in _orders(unit.words, start):
        row[name] = 1.0
    for name in _sentence(unit, start):
        row[name] = 1.0
    for name in _judged(unit.words):
        row[name] = 1.0
    return row


def _unsaid(tokens: Sequence[Token], pieces: Sequence[Piece]) -> _Unit:
    """Put one word in place of each quotation."""
    words: list[str] = []
    raw: list[str] = []
    at = 0
    while at < len(pieces):
        word, token = pieces[at]
        stop = _closes(pieces, at, _MARKS[word]) if word in _MARKS else 0
        if stop and stop - at > 1 and (at > 0 or stop + 1 < len(pieces)):
            word, at = "<said>", stop
        words.append(word)
        raw.append(tokens[token].norm)
        at += 1
    return _Unit(words, raw)


def _closes(pieces: Sequence[Piece], at: int, mark: str) -> int:
    for other in range(at + 1, min(len(pieces), at + LONGEST_SAID)):
        if pieces[other].word == mark:
            return other
    return 0


def _lead(words: Sequence[str]) -> int:
    """Return where the sentence proper begins: behind ``and``, ``please``, ``in that case ,``."""
    at = 0
    while at < len(words) and at < 6 and (words[at] in LEADS or words[at][-2:] == "ly"):
        at += 1
    if at < len(words) and words[at] in SUBORDINATES:
        for comma in range(at + 1, min(len(words), at + 25)):
            if words[comma] in (",", "then"):
                at = comma + 1
                break
        while at < len(words) and (words[at] in LEADS):
            at += 1
    return at


@functools.cache
def _phrases() -> PhraseNet:
    return PhraseNet(PHRASES)


@functools.cache
def _verbs() -> dict[str, tuple[str, str]]:
    return verb_forms()


def _moves(unit: _Unit, start: int) -> Iterator[tuple[str, float]]:
    for name, at in _phrases().find(unit.words):
        yield f"lx:{name}", 1.0
        if at <= start + 1:
            yield f"lx:^{name}", 1.0


def _orders(words: Sequence[str], start: int) -> Iterator[str]:
    """Tell orders: a plain verb where the subject would stand."""
    if start < len(words):
        first = words[start]
        after = words[start + 1] if start + 1 < len(words) else ""
        if first == "do" and after == "not":
            yield "lx:order-not"
        elif first in ORDERS:
            yield "lx:order" if after in OBJECTS else "lx:order?"
            found = _verbs().get(first)
            if found:
                yield f"lx:order:{found[0]}"
        else:
            found = _verbs().get(first)
            if found and found[1] != "base":
                yield f"lx:open:{found[1]}"
                yield f"lx:open:{found[1]}:{found[0]}"
    for at in range(start + 1, len(words) - 1):
        if words[at] in ORDERS and words[at + 1] in OBJECTS and words[at - 1] in _BREAKS:
            yield "lx:order-later"
            return


_BREAKS: Final = frozenset(
    (",", ";", ":", "-", "--", "(", "just", "please", "instead", "then", "so", "and", "or")
)


def _sentence(unit: _Unit, start: int) -> Iterator[str]:
    """Tell who does what: person of the subject, form and class of the verb, denied or not."""
    words = unit.words
    verb = next((at for at in range(start, min(len(words), start + 16)) if _finite(unit, at)), -1)
    if verb < 0:
        yield "lx:no-verb"
        return
    subject = _subject(words, start, verb)
    if subject == "np":
        subject = next((NOUNS[one] for one in reversed(words[start:verb]) if one in NOUNS), "np")
    form, main = _form(unit, verb)
    denied = "!" if any(word in NEGATIONS for word in words[verb : verb + NEAR]) else ""
    kind = _verbs().get(unit.raw[main] if main >= 0 else "", ("other", ""))[0]
    yield f"lx:subject:{subject}"
    yield f"lx:verb:{form}{denied}"
    yield f"lx:{subject}+{form}{denied}"
    yield f"lx:{subject}+{kind}{denied}"
    yield f"lx:{subject}+{form}+{kind}{denied}"


def _finite(unit: _Unit, at: int) -> bool:
    word = unit.words[at]
    if word in _FINITE:
        return True
    found = _verbs().get(unit.raw[at])
    if found is None:
        return False
    if found[1] in ("s", "past"):
        return True
    if found[1] != "base" or at == 0:
        return False
    before = unit.words[at - 1]
    return _person(unit.words, at) != "np" or (before in NOUNS and before.endswith("s"))


def _person(words: Sequence[str], verb: int) -> str:
    """Return the pronoun right before a verb, adverbs aside; ``np`` if there is none."""
    for at in range(verb - 1, max(-1, verb - 4), -1):
        if words[at] in SUBJECTS:
            return SUBJECTS[words[at]]
        if words[at] not in LEADS and words[at][-2:] != "ly" and words[at] not in NEGATIONS:
            return "np"
    return "np"


def _subject(words: Sequence[str], start: int, verb: int) -> str:
    if verb == start:
        after = words[verb + 1] if verb + 1 < len(words) else ""
        return f"?{SUBJECTS.get(after, 'np')}"
    return _person(words, verb)


def _form(unit: _Unit, verb: int) -> tuple[str, int]:
    """Return the form of a verb and where its main verb is."""
    word, raw = unit.words[verb], unit.raw[verb]
    if word not in _FINITE:
        return _verbs()[raw][1], verb
    past = raw in _PAST
    main = _main(unit, verb + 1)
    tense = _verbs().get(unit.raw[main], ("", ""))[1] if main >= 0 else ""
    if word == "be":
        name = {"ing": "be+ing", "past": "be+ed"}.get(tense, "be")
    elif word == "have":
        name = "have+ed" if tense == "past" or "been" in unit.raw[verb : verb + 4] else "have"
    else:
        name = word
    return f"{name}<" if past else name, main


def _main(unit: _Unit, at: int) -> int:
    """Return the first verb of a class within a few words; -1 if there is none."""
    for other in range(at, min(len(unit.words), at + 4)):
        if unit.raw[other] in _verbs():
            return other
        if unit.words[other] in (",", ".", ";", "the", "a", "an"):
            return -1
    return -1


def _judged(words: Sequence[str]) -> Iterator[str]:
    """Tell judgements; one that is denied is the opposite."""
    for at, word in enumerate(words):
        found = OPINIONS.get(word)
        if found:
            denied = any(one in NEGATIONS for one in words[max(0, at - NEAR) : at])
            yield f"lx:judge:{found}{'!' if denied else ''}"
