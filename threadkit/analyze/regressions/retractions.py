"""What an author takes back, or doubts, in the mail in which he says it.

``I bisected it to X but that turned out to be wrong`` names X as little as a denial does, and
``but it does not look right to me`` names it as a candidate.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from threadkit.analyze.mailtext import MailText
from threadkit.analyze.regressions.values import Signal

_WRONG = (
    r"(?:wrong|bogus|incorrect|invalid|unrelated|a mistake|a red herring|a false (?:alarm|lead))"
)
_THAT = r"(?:that|this|it|which|(?:that|this|the|my) (?:result|bisect(?:ion)?|commit|bisect(?:ion)? result))"
_COMMIT_BACK = re.compile(
    rf"\b{_THAT} (?:was|were|is|has) (?:clearly |obviously |probably |just )?{_WRONG}\b"
    rf"|\b{_THAT} (?:has )?(?:turned|turns) out to be {_WRONG}\b",
    re.IGNORECASE,
)
_ALL_BACK = re.compile(
    r"\bfalse alarm\b|\bnot a (?:kernel|linux) (?:regression|bug|problem|issue)\b"
    r"|\bplease (?:ignore|disregard) (?:this|my|the) (?:report|mail|noise|bisection)\b",
    re.IGNORECASE,
)
_DOUBTED = re.compile(
    r"\b(?:does(?:n't| not) (?:look|seem|sound) (?:correct|right|plausible|related|likely)"
    r"|makes? no sense|does(?:n't| not) make (?:any |much )?sense"
    r"|(?:looks|seems|sounds) (?:wrong|bogus|unrelated|unlikely|odd|strange|suspicious)"
    r"|I (?:really )?doubt (?:that|it|this)"
    r"|(?:not|n't) (?:sure|convinced) (?:that |if |whether )?(?:this|that|it)(?:'s| is| was)"
    r" (?:right|correct|the (?:culprit|right|real|cause)))",
    re.IGNORECASE,
)
_NO_DENIAL = re.compile(r"(?:\bnot?|n't|\bnever|\bif)(?:\s+\w+){0,2}\s+\Z", re.IGNORECASE)
_DENIED_ROOM = 30
_REACH = 300  # characters back from a doubt, or from what is taken back, to the commit it is of
_DOUBT = 0.4
_KINDS = frozenset({"culprit", "bisection"})
_WHOLE = frozenset({"report", "culprit", "bisection", "fails"})
_TOLD_OTHERWISE = ("trailer", "fixes-", "regzbot", "syz")


def weighed(mail: MailText, signals: Sequence[Signal]) -> list[Signal]:
    r"""Turn round what a mail takes back further on, and weaken what it doubts.

    Parameters
    ----------
    mail : MailText
        The mail.
    signals : sequence of Signal
        All that was found in it.

    Returns
    -------
    list of Signal
        As many, in the same order. What is taken back is ``negated``; a culprit that is
        doubted keeps its mood and has less than half of its score. Commands and trailers
        stay as they are, and so does what follows.

    Examples
    --------
    >>> from threadkit.mail.block import Block
    >>> body = "Bisected to 09854ba94c6a but that turned out to be wrong.\n"
    >>> mail = MailText("a@example.org", "x", "Ann", "ann@example.org", None, False, False, None,
    ...                 "a@example.org", body, [Block("reply", 0, 0, len(body))], [], [])
    >>> said = Signal("culprit", "09854ba94c6a", "", 0, 24, "culprit.bisected", 0.95)
    >>> weighed(mail, [said])[0].mood
    'negated'
    """
    if all(one.kind not in _WHOLE for one in signals):
        return list(signals)
    back = sorted(_places(mail, _COMMIT_BACK))
    everything = max(_places(mail, _ALL_BACK), default=-1)
    doubts = sorted(_places(mail, _DOUBTED))
    return [_weighed(one, back, everything, doubts) for one in signals]


def _places(mail: MailText, words: re.Pattern[str]) -> Iterator[int]:
    """Yield where the author's own words say so."""
    for low, high in mail.own_ranges():
        for match in words.finditer(mail.body, low, high):
            if not _NO_DENIAL.search(
                mail.body[max(low, match.start() - _DENIED_ROOM) : match.start()]
            ):
                yield match.start()


def _weighed(one: Signal, back: Sequence[int], everything: int, doubts: Sequence[int]) -> Signal:
    if one.mood != "said" or one.rule.startswith(_TOLD_OTHERWISE):
        return one
    if one.kind in _WHOLE and one.stop <= everything:
        return replace(one, mood="negated")
    if one.kind in _KINDS and one.stop and _near(one.stop, back):
        return replace(one, mood="negated")
    if one.kind in _KINDS and one.stop and _near(one.stop, doubts):
        return replace(one, score=round(one.score * _DOUBT, 3))
    return one


def _near(stop: int, places: Sequence[int]) -> bool:
    """Say if one of the places follows closely."""
    next_one = bisect_right(places, stop)
    return next_one < len(places) and places[next_one] - stop <= _REACH
