"""How likely a reply answers a point: what can be counted of the two, and what each weighs.

Words right under a quotation of one sentence answer it. Words under twenty quoted lines
answer some of these, and no place says which. What helps then is how much is quoted between,
whether the reply takes up the words of the point, whether it begins with *yes* or *no*, and so
on; each counts a little, and the weights were fitted to labelled threads.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log1p
from typing import Final, Literal

Way = Literal["under", "top", "aside", "top aside", "bare"]

ANSWERED: Final = 0.45
"""From this on a reply counts as an answer; picked together with the weights."""

BIAS: Final = -1.559
WEIGHTS: Final[Mapping[str, float]] = {
    "direct reply below the quotation": 2.244,
    "direct reply": 1.123,
    "words below the quotation": 1.121,
    "reply to the author's next mail": 1.116,
    "paragraphs below": -0.978,
    "common words": 0.921,
    "only other parts are quoted": -0.914,
    "words above quotations of other parts": -0.7,
    "it is of a patch": 0.676,
    "place in its mail": -0.645,
    "questions below": -0.553,
    "reply without quotation": 0.553,
    "last of its mail": 0.37,
    "the reply asks": -0.369,
    "it asks": 0.323,
    "says what is done": -0.31,
    "begins with yes or no": 0.294,
    "few words": -0.261,
    "sentences quoted": -0.234,
    "one passage": 0.123,
    "no words of its own": -0.059,
}
"""What each of :func:`features` counts for; above 0 it speaks for an answer."""

SENTENCE: Final = re.compile(r"[.!?:;](?=[\s>]|\Z)|\n[>\s]*\n")
"""Where a quoted sentence, or a quoted paragraph, ends."""

BLANK: Final = re.compile(r"\n[> \t]*(?=\n)")
"""A blank line between quoted paragraphs."""

ASKS: Final = re.compile(r"\?(?=[\s>]|\Z)")
"""The end of a quoted question."""

_YES = re.compile(
    r"\W*(?:yes|yeah|yep|no|nope|sure|ok|okay|right|indeed|correct|exactly|agreed?|true|maybe|"
    r"not really|of course|done|fixed|good point|thanks|thank you|it is|it does|i do|i did|"
    r"i will|i'll|will do)\b",
    re.IGNORECASE,
)
_DOES = re.compile(
    r"\b(?:I'll|I will|I can|I've|I have|done|fixed|applied|queued|tested|will do|works?|let me)\b",
    re.IGNORECASE,
)
_WAYS: Mapping[Way, str] = {
    "under": "words below the quotation",
    "top": "reply without quotation",
    "aside": "only other parts are quoted",
    "top aside": "words above quotations of other parts",
    "bare": "no words of its own",
}
_BRIEF = 25
_OPENING = 300
_CLOSING = 200


@dataclass(frozen=True, slots=True)
class Reply:
    """A point and words that may answer it.

    Attributes
    ----------
    point, words : str
        The two texts.
    way : str
        ``under``: below a quotation that holds the point; ``top``: above all quotations of
        the point's mail, or without one; ``aside``: only below quotations of other parts of
        that mail; ``top aside``: both; ``bare``: nothing of these can be told.
    sentences : int
        In the quotation, if the way is ``under``.
    paragraphs, questions : int
        Of it, between the point and the words.
    is_child, is_child_of_own : bool
        The reply answers the point's mail; or a mail by the point's author that does.
    is_patch : bool
        The point stands in a patch.
    passages : int
        Quotations with own words below, in the reply.
    before, units : int
        Units of the point's mail before the point, and all.
    common : float
        Share of the weight of the point's words that the reply has, too.
    """

    point: str
    words: str
    way: Way
    sentences: int
    paragraphs: int
    questions: int
    is_child: bool
    is_child_of_own: bool
    is_patch: bool
    passages: int
    before: int
    units: int
    common: float


def features(reply: Reply) -> dict[str, float]:
    """Count what is known of a reply.

    Parameters
    ----------
    reply : Reply
        The two texts and how they stand to each other.

    Returns
    -------
    dict of str to float
        Only what is not 0.
    """
    under = reply.way == "under"
    units = max(1, reply.units)
    counted = {
        _WAYS[reply.way]: 1.0,
        "direct reply": float(reply.is_child),
        "direct reply below the quotation": float(reply.is_child and under),
        "reply to the author's next mail": float(reply.is_child_of_own),
        "it is of a patch": float(reply.is_patch),
        "few words": float(len(reply.words) < _BRIEF),
        "common words": reply.common,
        "place in its mail": reply.before / units,
        "last of its mail": float(reply.before >= units - 1),
        "one passage": float(reply.passages == 1),
        "it asks": float("?" in reply.point),
        "the reply asks": float("?" in reply.words[-_CLOSING:]),
        "begins with yes or no": float(bool(_YES.match(reply.words))),
        "says what is done": float(bool(_DOES.search(reply.words[:_OPENING]))),
    }
    if under:
        counted["paragraphs below"] = log1p(reply.paragraphs)
        counted["questions below"] = log1p(reply.questions)
        counted["sentences quoted"] = log1p(reply.sentences)
    return {name: value for name, value in counted.items() if value}


def chance(counted: Mapping[str, float]) -> float:
    """Return how likely a reply answers a point.

    Parameters
    ----------
    counted : mapping of str to float
        As `features` gives it.

    Returns
    -------
    float
        0 to 1.

    References
    ----------
    Logistic regression with an L2 penalty of 3, fitted by ``tests/eval/arguments/answered.py``
    to ``data/labels/answered.jsonl``.
    """
    weight = BIAS + sum(value * WEIGHTS.get(name, 0.0) for name, value in counted.items())
    return 1 / (1 + exp(-max(-40.0, min(40.0, weight))))


def reading(counted: Mapping[str, float]) -> str:
    """Say in words what spoke most for an answer.

    Parameters
    ----------
    counted : mapping of str to float
        As `features` gives it.

    Returns
    -------
    str
        Name of what weighs most.
    """
    some = {name: value * WEIGHTS.get(name, 0.0) for name, value in counted.items()}
    return max(some, key=lambda name: (some[name], name), default="nothing in particular")
