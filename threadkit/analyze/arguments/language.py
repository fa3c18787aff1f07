"""Is it English? Told from letters and from the small words that every sentence needs."""

from __future__ import annotations

import re
from collections import Counter
from typing import Literal, NamedTuple

from threadkit.analyze.arguments.smallwords import ENGLISH, OTHERS

Verdict = Literal["en", "other", "none"]

_READ = 20_000
"""Characters that are looked at: a language shows itself sooner."""

_WORD = re.compile(r"(?<![\w@./<-])[^\W\d_]+(?:['\u2019][^\W\d_]+)?(?![\w@/>(])")
_FEWEST_LETTERS = 6
_FEWEST_WORDS = 5
_FEWEST_HITS = 3

_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7af\u1100-\u11ff]")),
    ("zh", re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
)
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")

_FOREIGN = {name: words - ENGLISH for name, words in OTHERS.items()}


class Language(NamedTuple):
    """What a text is written in.

    Attributes
    ----------
    verdict : {'en', 'other', 'none'}
        None: too few words to tell.
    code : str
        The likely language (ISO 639-1; by its letters or words the nearest one), or empty.
    """

    verdict: Verdict
    code: str


def language_of(text: str) -> Language:
    """Tell whether words are English.

    Parameters
    ----------
    text : str
        The author's own words, without code and logs as far as they are known.

    Returns
    -------
    Language
        ``other`` only where a good part of the small words is of another language and few
        are English, or most letters are not Latin ones.

    Examples
    --------
    >>> language_of("This is wrong, see commit 1234567.")
    Language(verdict='en', code='en')
    >>> language_of("Das ist nicht richtig, und es hat auch nie funktioniert.")
    Language(verdict='other', code='de')
    >>> language_of("Acked.")
    Language(verdict='none', code='')

    Notes
    -----
    Looks at the first 20,000 characters.
    """
    text = text[:_READ]
    if not text.isascii() and (script := _script(text)):
        return Language("other", script)
    found = Counter(match[0].lower().replace("\u2019", "'") for match in _WORD.finditer(text))
    words = found.total()
    english = sum(count for word, count in found.items() if word in ENGLISH)
    if words < _FEWEST_WORDS:
        return Language("en", "en") if english > 1 and 2 * english > words else Language("none", "")
    hits = {
        name: sum(count for word, count in found.items() if word in foreign)
        for name, foreign in _FOREIGN.items()
    }
    other = max(hits, key=lambda name: hits[name])
    kinds = sum(word in _FOREIGN[other] for word in found)
    if kinds >= _FEWEST_HITS and hits[other] > 2 * english and 8 * hits[other] >= words:
        return Language("other", other)
    return Language("en", "en") if english else Language("none", "")


def _script(text: str) -> str:
    """Name the language of letters that are not Latin, if most are."""
    latin = len(_LATIN.findall(text))
    counts = {name: len(letters.findall(text)) for name, letters in _SCRIPTS}
    total = sum(counts.values())
    # A sign of Chinese says as much as a word of several letters.
    weight = total + 2 * (counts["ja"] + counts["zh"] + counts["ko"])
    if total < _FEWEST_LETTERS or weight <= latin:
        return ""
    if counts["ja"] and counts["ja"] * 10 >= counts["zh"]:
        return "ja"
    return max(counts, key=lambda name: counts[name])
