"""The build of a sentence: small words as they are, all others by their endings.

*I have never looked at this* and *I have never tested that* are built alike: ``i have never -ed
at this``. It also tells a sentence that orders or proposes by its verb at the front.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

_VERBS_TEXT = (
    "add allow apply ask assume avoid backport be bisect boot break bring build call care change "
    "check choose clean clear come compare compile consider convert copy create cut debug declare "
    "define delete describe disable do document drop enable ensure explain expose extend figure "
    "find fix follow force forget free get give go grab handle have help hide hold ignore "
    "implement import include install introduce keep kill lay leave let limit list load look make "
    "mark merge mention move name note open pass pick play point post prefer prevent provide pull "
    "push put read rebase reduce refactor refer rely remember remove rename replace report "
    "reproduce resend respin rest retest return reuse revert review rewrite rip run save say see "
    "send separate set shoot show simplify skip split squash start stop store submit switch take "
    "talk teach tell test think throw tie treat trust try turn update use verify wait warn watch "
    "work wrap write"
)
VERBS: Final = frozenset(_VERBS_TEXT.split())
"""What developers ask each other to do, in the base form."""

_SMALL_TEXT = (
    "i you we they he she it this that these those there here who which what why how when where "
    "if then else so but and or because since as than though although while until before after "
    "unless not no never ever any some all each every none only just also even still already yet "
    "again now maybe perhaps probably actually really simply very too quite much more most less a "
    "an the my your our their its his her me us them him be have do will would can could should "
    "may might must shall to of in on at by for with from about into over under out up down off "
    "through between without within via per"
)
SMALL: Final = frozenset(_SMALL_TEXT.split())
"""Words that hold a sentence together."""

_SUBJECTS_TEXT = "i you we it they he this that there"
SUBJECTS: Final = frozenset(_SUBJECTS_TEXT.split())

_LEAD_TEXT = (
    "and then so or also just please instead maybe but perhaps now ok yes no first second next "
    "alternatively , - * :"
)
_LEAD = frozenset(_LEAD_TEXT.split())
_ENDINGS = (
    "ing", "ed", "ly", "tion", "ment", "able", "ible", "ness", "ity", "ful", "less", "est", "er", "s",
)  # fmt: skip
_LONGEST = 40
_LONGEST_LEAD = 5


def built_of(word: str) -> str:
    """Return a small word as it is, a verb as ``V``, any other by its ending.

    Parameters
    ----------
    word : str
        As phrases see it.

    Examples
    --------
    >>> [built_of(word) for word in ("never", "tested", "<sha>", "revert", "page")]
    ['never', '-ed', '<sha>', 'V', 'X']
    """
    if word in SMALL or not word[:1].isalpha():
        return word
    if word in VERBS:
        return "V"
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return f"-{ending}"
    return "X"


def orders(words: Sequence[str]) -> str:
    """Return the verb at the front of a sentence that orders or proposes; empty if none is.

    Parameters
    ----------
    words : sequence of str
        As phrases see them.

    Examples
    --------
    >>> orders(["and", "then", "revert", "it"]), orders(["it", "reverts"])
    ('revert', '')
    """
    at = 0
    while at < min(len(words), _LONGEST_LEAD) and words[at] in _LEAD:
        at += 1
    return words[at] if at < len(words) and words[at] in VERBS else ""


def skeleton(words: Sequence[str]) -> Iterator[tuple[str, float]]:
    """Yield features of how a unit is built.

    Parameters
    ----------
    words : sequence of str
        As phrases see them; the first 40 are looked at.

    Yields
    ------
    (str, float)
        Name and value.
    """
    built = [built_of(word) for word in words[:_LONGEST]]
    for at in range(len(built) - 1):
        yield f"s2:{' '.join(built[at : at + 2])}", 0.5
        if at + 2 < len(built):
            yield f"s3:{' '.join(built[at : at + 3])}", 0.5
    for count in (2, 3, 4):
        yield f"sf{count}:{' '.join(built[:count])}", 0.8
    verb = orders(words)
    if verb:
        yield "orders", 1.0
        yield f"orders:{verb}", 0.5
    at = next((at for at, word in enumerate(words[:_LONGEST]) if word in SUBJECTS), -1)
    yield f"subject:{words[at] if at >= 0 else '-'}", 0.7
    if at >= 0:
        yield f"subject:{' '.join([words[at], *built[at + 1 : at + 3]])}", 0.7
