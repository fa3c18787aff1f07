"""Classes of words that tell how a sentence bears on another: ground, result, turn, denial."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

_HEAD = 3  # a phrase that starts before this piece begins the sentence
_FIRST = 4  # words that begin it

_GROUND = frozenset(("because", "since", "as", "given", "due", "reason", "otherwise"))
_RESULT = frozenset(("so", "hence", "therefore", "thus", "consequently", "ergo"))
_TURN = frozenset(("but", "however", "though", "although", "yet", "still", "nevertheless"))
_MORE = frozenset(("and", "also", "plus", "besides", "moreover", "furthermore", "likewise"))
_CASE = frozenset(("e.g", "example", "instance", "e.g."))
_BACK = frozenset(("this", "that", "it", "these", "those", "which", "they", "there", "such"))
_NO = frozenset(
    ("no", "not", "nope", "never", "don't", "doesn't", "isn't", "can't", "won't", "wrong", "nah",
     "disagree", "cannot", "didn't", "wouldn't", "aren't", "wasn't", "nack", "nak", "broken")
)  # fmt: skip
_YES = frozenset(
    ("yes", "yeah", "yep", "right", "agreed", "agree", "indeed", "exactly", "correct", "sure", "ok",
     "okay", "true", "fair", "ack", "good", "sense", "yup", "fine", "thanks")
)  # fmt: skip
_SETS = (
    ("ground", _GROUND), ("result", _RESULT), ("turn", _TURN), ("more", _MORE), ("case", _CASE),
    ("back", _BACK), ("no", _NO), ("yes", _YES),
)  # fmt: skip
_YOU = frozenset(("you", "your", "you're", "you've", "yours"))
_ME = frozenset(("i", "my", "i'm", "i've", "i'd", "we", "our"))


def families(cues: Iterable[tuple[str, int, int]]) -> list[str]:
    """Name the families of cues in a sentence; ``head-`` and again if it begins with one.

    Parameters
    ----------
    cues : iterable of (str, int, int)
        What `threadkit.analyze.arguments.cues.CUES` finds in it.

    Returns
    -------
    list of str
        In alphabetical order, each once.
    """
    found = set[str]()
    for name, start, _ in cues:
        family = name.partition(":")[0]
        found.update((family, f"head-{family}") if start < _HEAD else (family,))
    return sorted(found)


def classes(norms: Sequence[str], tone: tuple[int, int, bool]) -> Iterator[str]:
    """Name the classes of words that a sentence begins with or has.

    Parameters
    ----------
    norms : sequence of str
        Its words.
    tone : (int, int, bool)
        Words of praise and of blame in it, and whether it denies.

    Yields
    ------
    str
        Each once.

    Examples
    --------
    >>> list(classes("but it be wrong ?".split(), (0, 1, False)))
    ['head-turn', 'head-back', 'head-no', 'good=0', 'bad=1', 'tone=-1', 'asks']
    """
    head = norms[:_FIRST]
    for name, some in _SETS:
        if some.intersection(head):
            yield f"head-{name}"
        elif some.intersection(norms):
            yield f"has-{name}"
    good, bad, denies = tone
    yield f"good={min(2, good)}"
    yield f"bad={min(2, bad)}"
    yield f"tone={(good > bad) - (good < bad)}"
    if denies:
        yield "denies"
    if "?" in norms[-2:]:
        yield "asks"
    if _YOU.intersection(norms):
        yield "you"
    if _ME.intersection(norms):
        yield "me"
