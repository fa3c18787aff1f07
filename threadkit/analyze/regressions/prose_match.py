"""Rules over the words of a sentence, run by spaCy's token matcher.

A rule is written as a line of words, which keeps the tables of rules readable::

    "after|since ~3 @release"       one of two words, up to three others, a release
    "CHANGE now? BREAKS"            names of word classes; a word that may be missing

spaCy is imported when the first sentence is matched, never before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from threadkit.analyze.regressions.prose_text import Sentence
from threadkit.analyze.regressions.values import SignalKind

if TYPE_CHECKING:
    from spacy.matcher import Matcher
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

_GAP = {"LOWER": {"NOT_IN": [".", ";", "?", "!", ":"]}, "OP": "?"}
_PLAIN_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_NUMBER = r"\d[.]\d|next-\d"
_SIGNS = {"@release": _NUMBER, "@commit": r"[0-9a-f]{6}", "@cve": "cve-"}
_SIGNS |= dict.fromkeys(["@mail", "@url", "@bug"], "[@/:]")
_GAP_ITEM = re.compile(r"~\d")


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to say something that bears on a regression.

    Attributes
    ----------
    kind : SignalKind
        What it is a sign of.
    name : str
        Of the rule, stable.
    score : float
        0..1: how often it is right where it fires.
    patterns : tuple of str
        Alternatives, each a line of words as in the module's text.
    key : str
        Words and classes, separated by ``|``: the first of them in a match is the word that
        says so, whose mood counts; ``""`` takes the match's first word.
    says_not : bool
        The pattern itself denies (``no longer works``), so that a denial inside it is not one.
    """

    kind: SignalKind
    name: str
    score: float
    patterns: tuple[str, ...]
    key: str = ""
    says_not: bool = False


class Hit(NamedTuple):
    """Where a rule fired: first, last and key word of the sentence, by index."""

    rule: Rule
    first: int
    last: int
    key: int


class Engine:
    """A set of rules, ready to be run on sentences.

    Parameters
    ----------
    rules : iterable of Rule
        Their names are distinct.
    classes : mapping
        From the name of a class of words, in capitals, to the words, in lower case.

    Examples
    --------
    >>> rule = Rule("report", "report.x", 0.5, ("CHANGE ~1 BREAKS",), key="BREAKS")
    >>> engine = Engine([rule], {"CHANGE": "patch commit", "BREAKS": "breaks broke"})
    >>> words = tuple("this patch really broke it .".split())
    >>> [(hit.rule.name, words[hit.key]) for hit in engine.find(words)]
    [('report.x', 'broke')]
    """

    def __init__(self, rules: Iterable[Rule], classes: Mapping[str, str]) -> None:
        self.rules = {rule.name: rule for rule in rules}
        self._classes = {name: tuple(words.split()) for name, words in classes.items()}
        self._keys = {name: frozenset(self._words(rule.key)) for name, rule in self.rules.items()}

    def find(self, words: Sequence[str]) -> list[Hit]:
        """Run all rules.

        Parameters
        ----------
        words : sequence of str
            Of one sentence, lower case.

        Returns
        -------
        list of Hit
            In the order of the sentence; hits of one rule do not overlap, the longest stay.
        """
        lines = self._possible(set(words))
        if not lines:
            return []
        doc = self._doc(words)
        found: dict[str, list[tuple[int, int]]] = {}
        for line in lines:
            spans = [(first, stop) for _, first, stop in line.matcher(self)(doc)]
            found.setdefault(line.rule.name, []).extend(spans)
        hits = []
        for name, spans in found.items():
            keys = self._keys[name]
            for first, stop in _longest(spans):
                key = next((at for at in range(first, stop) if words[at] in keys), first)
                hits.append(Hit(self.rules[name], first, stop - 1, key))
        hits.sort(key=lambda hit: (hit.first, hit.last, hit.rule.name))
        return hits

    def may_fire(self, text: str) -> bool:
        """Look cheaply if any rule could fire.

        Parameters
        ----------
        text : str
            One sentence, or more; what is cited need not be masked.

        Returns
        -------
        bool
            False only if `find` is sure to find nothing in any sentence of it.
        """
        text = text.replace("\u2019", "'").lower()
        words = set(_PLAIN_WORD.findall(text))
        for sign, odd in self._odd:
            if sign.search(text):
                words |= odd
        return bool(self._possible(words))

    def _possible(self, words: set[str]) -> list[_Line]:
        """List the patterns all of whose needed words are there, in their order."""
        bits, anchored = self._index
        present = 0
        lines: list[_Line] = []
        for word in words:
            present |= bits.get(word, 0)
            lines += anchored.get(word, ())
        possible = {line.number: line for line in lines if line.needs & present == line.needs}
        return [possible[number] for number in sorted(possible)]

    @cached_property
    def _odd(self) -> list[tuple[re.Pattern[str], set[str]]]:
        """Signs in a text of the words that are no plain ones, with those words."""
        odd: dict[str, set[str]] = {}
        for word in self._index[0]:
            if not _PLAIN_WORD.fullmatch(word):
                odd.setdefault(_SIGNS.get(word, re.escape(word)), set()).add(word)
        return [(re.compile(sign), words) for sign, words in odd.items()]

    def build(self, line: str) -> Matcher:
        """Make spaCy's matcher of one pattern.

        Parameters
        ----------
        line : str
            As in `Rule.patterns`.

        Returns
        -------
        Matcher
            It finds the longest matches.
        """
        from spacy.matcher import Matcher

        pattern: list[dict[str, Any]] = []
        for item in line.split():
            if _GAP_ITEM.fullmatch(item):
                pattern += [_GAP] * int(item[1])
                continue
            token: dict[str, Any] = {"LOWER": {"IN": self._words(_bare(item))}}
            pattern.append({**token, "OP": "?"} if _is_optional(item) else token)
        matcher = Matcher(self._vocab)
        matcher.add("line", [pattern], greedy="LONGEST")
        return matcher

    @cached_property
    def _vocab(self) -> Vocab:
        import spacy

        return spacy.blank("en").vocab

    def _doc(self, words: Sequence[str]) -> Doc:
        from spacy.tokens import Doc

        return Doc(self._vocab, words=list(words))

    @cached_property
    def _index(self) -> tuple[dict[str, int], dict[str, list[_Line]]]:
        """Number the words that patterns cannot do without, and file each pattern under some.

        A matcher costs far more than a look at which words a sentence has, and nearly every
        pattern lacks one of its own in nearly every sentence. The word that makes the
        statement is rare, so a pattern is filed under that.
        """
        bits: dict[str, int] = {}
        anchored: dict[str, list[_Line]] = {}
        bit = 1
        number = 0
        for rule in self.rules.values():
            for text in rule.patterns:
                needed = [
                    self._words(item)
                    for item in text.split()
                    if not _GAP_ITEM.fullmatch(item) and not _is_optional(item)
                ]
                needs = 0
                for words in needed:
                    for word in words:
                        bits[word] = bits.get(word, 0) | bit
                    needs |= bit
                    bit <<= 1
                line = _Line(rule, text, needs, number)
                number += 1
                keys = self._keys[rule.name]
                for word in next((words for words in needed if keys & set(words)), needed[0]):
                    anchored.setdefault(word, []).append(line)
        return bits, anchored

    def _words(self, item: str) -> list[str]:
        words: list[str] = []
        for part in item.split("|") if item else ():
            words += self._classes.get(part, (part,))
        return words


class _Line:
    """One pattern of a rule: the words it needs, as bits, and its matcher once it is used."""

    def __init__(self, rule: Rule, text: str, needs: int, number: int) -> None:
        self.rule = rule
        self.needs = needs
        self.number = number
        self._text = text
        self._matcher: Matcher | None = None

    def matcher(self, engine: Engine) -> Matcher:
        if self._matcher is None:
            self._matcher = engine.build(self._text)
        return self._matcher


def _is_optional(item: str) -> bool:
    return len(item) > 1 and item.endswith("?")


def _bare(item: str) -> str:
    return item[:-1] if _is_optional(item) else item


def _longest(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Of spans that overlap keep the longest."""
    kept: list[tuple[int, int]] = []
    for first, stop in sorted(spans, key=lambda span: (span[0] - span[1], span[0])):
        if all(stop <= low or first >= high for low, high in kept):
            kept.append((first, stop))
    return kept


def cited_in(sentence: Sentence, hit: Hit, kind: str) -> list[int]:
    """List what is cited in a match, with what is enumerated right behind it.

    Parameters
    ----------
    sentence : Sentence
        The sentence.
    hit : Hit
        A match in it.
    kind : str
        ``@commit`` or another of the sentence's ``@`` words.

    Returns
    -------
    list of int
        Indexes of words, in order; ``5.9, 5.11 and 5.17`` behind a match counts with it.
    """
    words = sentence.words
    found = [at for at in range(hit.first, hit.last + 1) if words[at] == kind]
    at = hit.last
    if not found or words[at] != kind:
        return [at for at in found if at in sentence.cited]
    while True:
        ahead = at + 1
        while (
            ahead < len(words) and ahead <= at + 3 and words[ahead] in {",", "and", "or", "/", "&"}
        ):
            ahead += 1
        if ahead == at + 1 or ahead >= len(words) or words[ahead] != kind:
            break
        found.append(ahead)
        at = ahead
    return [at for at in found if at in sentence.cited]
