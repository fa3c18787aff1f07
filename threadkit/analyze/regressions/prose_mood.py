"""Whether a passage is said, denied, supposed or asked.

Nothing of a sentence is understood; the words that turn a statement round are looked for
near the word that makes it, within its clause. A denial that is missed makes a regression of
its opposite, so the scope is rather a word too wide.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from threadkit.analyze.regressions.values import Mood


def words_of(text: str) -> frozenset[str]:
    """Make a set of words from a line of them.

    Parameters
    ----------
    text : str
        Words with blanks between.

    Returns
    -------
    frozenset of str
        The words.
    """
    return frozenset(text.split())


_CLAUSE = words_of(
    "; : ( ) , . -- \u2013 \u2014 but however because although though since while whereas yet and"
)
_DENY = words_of(
    "not no never without nor neither none nothing nobody cannot unlikely impossible hardly zero avoid avoids"
    " avoided avoiding prevent prevents prevented preventing"
)
_WIDE_DENY = words_of("don't doesn't didn't not never hardly nobody")
_THINK = words_of(
    "think believe expect see seen find found notice noticed observe observed know aware hit have"
    " has had seem seems appear appears mean imply say claim get got call consider"
)
_NOT_DENIED = words_of("only just sure merely")
_WONDER = words_of("whether wonder wondering wonders curious")
_CHECK = words_of("see sure know check verify test confirm clear tell ask out")
_IF = words_of("if unless whenever suppose supposing assuming lest case")
_OF_DOUBT = words_of(
    "would could might may should will shall 'd i'd we'd you'd it'd that'd they'd he'd she'd"
    " wouldn't couldn't mightn't shouldn't won't 'll it'll they'll we'll that'll this'll"
    " potentially theoretically possibly supposedly risk risks risking risked potential"
)
_MODAL = _OF_DOUBT | words_of("can must perhaps maybe presumably possible")
_STARTING = words_of(
    "seem seems seemed appear appears appeared start starts started begin begins began happen"
    " happens happened manage manages managed tend tends continue continues continued starting"
    " appearing seeming turned turns"
)
_ABLE = words_of("able managed days weeks hours took")
_ASKING = words_of(
    "did does do is was are were could can would should has have will doesn't didn't isn't wasn't"
    " why what how which any anyone anybody when where who"
)
_ASSURING = words_of("confirm")
_SCOPE = 7
_WIDE_SCOPE = 9
_SHORTEST_QUESTION = 5


def mood_of(words: Sequence[str], first: int, key: int, is_question: bool, says_not: bool) -> Mood:
    """Tell how a passage is meant.

    Parameters
    ----------
    words : sequence of str
        Of the sentence, lower case.
    first, key : int
        Indexes of the passage's first word and of the word that makes the statement.
    is_question : bool
        The sentence ends with a question mark.
    says_not : bool
        The passage itself denies (``does not work``): only words before it turn it round.

    Returns
    -------
    Mood
        ``asked`` before ``negated`` before ``hypothetical``: of a question it does not matter
        whether it denies.

    Examples
    --------
    >>> words = "this does not break anything .".split()
    >>> mood_of(words, 0, 3, False, False)
    'negated'
    >>> mood_of("if it breaks we revert .".split(), 1, 2, False, False)
    'hypothetical'
    >>> mood_of("did this break ?".split(), 1, 2, True, False)
    'asked'
    """
    anchor = first if says_not else key
    clause = _clause(words, anchor)
    if (is_question and _is_in_question(words, key)) or _wonders(words, anchor, clause):
        return "asked"
    if _is_denied(words, anchor, clause):
        return "negated"
    if _is_supposed(words, anchor, clause):
        return "hypothetical"
    return "said"


def mood_of_warning(
    words: Sequence[str], first: int, key: int, is_question: bool, is_weak: bool
) -> Mood:
    """Tell how a warning is meant, in which ``will`` and ``risk`` are what it says.

    Parameters
    ----------
    words : sequence of str
        Of the sentence, lower case.
    first, key : int
        Indexes of the warning's first word and of the word that names the harm.
    is_question : bool
        The sentence ends with a question mark.
    is_weak : bool
        It says only ``might``, ``could`` and the like.

    Returns
    -------
    Mood
        ``hypothetical`` if it is weak, or on condition.

    Examples
    --------
    >>> mood_of_warning("this will break users .".split(), 1, 2, False, False)
    'said'
    >>> mood_of_warning("i don't think this will break users .".split(), 4, 5, False, False)
    'negated'
    """
    clause = _clause(words, key)
    before = _clause(words, first)
    if is_question or _wonders(words, key, clause):
        return "asked"
    if _is_denied(words, key, clause) or _disbelieves(before):
        return "negated"
    if is_weak or any(word in _IF for word in before):
        return "hypothetical"
    return "said"


def _clause(words: Sequence[str], anchor: int) -> Sequence[str]:
    """Give the words before the anchor, back to the beginning of the clause."""
    low = anchor
    while low > 0 and anchor - low < _SCOPE and words[low - 1] not in _CLAUSE:
        low -= 1
    return words[low:anchor]


def _is_in_question(words: Sequence[str], key: int) -> bool:
    """Say if the question mark at the end is for the word, too.

    ``It broke on my board, so is it the driver?`` states and then asks; ``It broke, right?``
    asks.
    """
    begin = key
    while begin > 0 and words[begin - 1] not in {",", ";", ":"}:
        begin -= 1
    if words[begin] in _ASKING or words[0] in _ASKING:
        return True
    end = key
    while end < len(words) and words[end] not in {",", ";", "(", "--"}:
        end += 1
    return len(words) - end < _SHORTEST_QUESTION


def _wonders(words: Sequence[str], anchor: int, clause: Sequence[str]) -> bool:
    """Find ``wonder whether``, ``see if``, ``not sure if``: a question in other words."""
    if any(word in _WONDER for word in clause):
        return True
    return any(
        words[at] == "if" and words[at - 1] in _CHECK
        for at in range(max(1, anchor - _WIDE_SCOPE), anchor)
    )


def _is_denied(words: Sequence[str], anchor: int, clause: Sequence[str]) -> bool:
    low = anchor - len(clause)
    if any(pair == ("used", "to") for pair in pairwise(clause)):
        return True  # what used to be is over
    for at in range(anchor - 1, low - 1, -1):
        word = words[at]
        after = words[at + 1] if at + 1 < len(words) else ""
        if word in {"why", "how", "what"}:
            return False  # "not clear why it fails" says that it fails
        if word in _DENY or word.endswith("n't"):
            if after in _NOT_DENIED or (word == "no" and after in {"idea", "doubt"}):
                continue
            if word.endswith("n't") or word in {"not", "never", "cannot"}:
                return _reaches(words, at, anchor)
            return True
    return False


def _disbelieves(clause: Sequence[str]) -> bool:
    """Find ``I don't see a place where``; ``without it this will break`` denies nothing."""
    for at, word in enumerate(clause):
        if word in _WIDE_DENY or word.endswith("n't"):
            return any(after in _THINK for after in clause[at:])
    return False


def denies(words: Iterable[str]) -> bool:
    """Say if a stretch of words turns round what stands before it: ``did not point to``.

    Parameters
    ----------
    words : iterable of str
        Lower case.

    Returns
    -------
    bool
        False also for ``not only`` and for ``not ... but``.

    Examples
    --------
    >>> denies("did not point to".split()), denies("points not to the merge but to".split())
    (True, False)
    """
    found = False
    for word, after in pairwise([*words, ""]):
        if word == "but":
            found = False
        elif word in {"not", "never", "cannot"} or word.endswith("n't"):
            found = after not in _NOT_DENIED
    return found


def _reaches(words: Sequence[str], at: int, anchor: int) -> bool:
    """Say if ``not`` still holds at the anchor: not past a verb of its own.

    ``doesn't seem to break`` and ``don't think this breaks`` deny, ``does not help with the
    crash`` does not.
    """
    between = words[at + 1 : anchor]
    if len(between) <= 2:
        return True
    return any(word in _THINK for word in between) or words[at] not in _WIDE_DENY


def _is_supposed(words: Sequence[str], anchor: int, clause: Sequence[str]) -> bool:
    if words[anchor] in _ASSURING:
        return False
    if any(word in _IF for word in clause) and "even" not in clause:
        return True
    near = clause[-4:]
    if any(word in _OF_DOUBT for word in near):
        return True
    if near[-2:] and any(word in _MODAL for word in near[-2:]):
        return True
    before = clause[-1] if clause else ""
    if before == "to" and len(clause) > 1:
        return not any(word in _STARTING or word in _ABLE for word in clause[-4:-1])
    return False
