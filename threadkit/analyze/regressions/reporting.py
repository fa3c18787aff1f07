"""Which mails report a regression, judged by all that was found in them.

A report says with the author's own voice that something that worked is broken. The one who
answers it reports only if the same happens to him elsewhere; a patch that mends it, a mail
that adds it to a tracker, and the reporter's later mails are not reports of their own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from threadkit.analyze.mailtext import MailText
from threadkit.analyze.regressions.prose_text import is_posting
from threadkit.analyze.regressions.values import Signal

THRESHOLD = 0.5
"""At and above this score a mail is taken for a report."""

_VOICE = re.compile(r"\b(?:I|I've|I'm|my|we|we've|our|me|us|[Mm]y|[Ww]e|[Oo]ur)\b")
_NEAR = 200
_BEFORE_AND_AFTER = {"works", "fails", "culprit", "bisection"}
_FOLLOW_UP = re.compile(
    r"\b(?:as I (?:said|mentioned|reported|wrote)|with your patch|your patch|you asked"
    r"|as (?:you )?(?:requested|suggested)|any (?:news|progress|update)s?)\b",
    re.IGNORECASE,
)
_TRACKER = re.compile(r"regression track(?:er|ing)", re.IGNORECASE)


def report_score(signals: Sequence[Signal], mail: MailText) -> float:
    """Tell how surely a mail reports a regression.

    Parameters
    ----------
    signals : sequence of Signal
        All that was found in the mail, by any rule.
    mail : MailText
        The mail.

    Returns
    -------
    float
        0..1. Only what is said counts; what is denied, supposed or asked does not.
    """
    if _is_pointer(signals, mail):
        return 0.0
    said = [signal for signal in signals if signal.mood == "said"]
    best: dict[str, float] = {}
    for signal in said:
        if signal.kind == "report":
            score = signal.score * (1.0 if _own_voice(mail, signal) else 0.75)
            best[signal.rule] = max(best.get(signal.rule, 0.0), score)
    doubt = 1.0
    for score in best.values():
        doubt *= 1.0 - score
    score = 1.0 - doubt
    kinds = {signal.kind for signal in said}
    if best and kinds & _BEFORE_AND_AFTER:
        score = 1.0 - (1.0 - score) * 0.6
    if mail.is_reply:
        score *= _reply_factor(said, mail)
    if is_posting(mail):
        score *= 0.5
    return round(score, 3)


def _reply_factor(said: Sequence[Signal], mail: MailText) -> float:
    factor = 0.65
    if any(signal.rule == "report.same" for signal in said):
        factor = 1.0
    if any(signal.kind == "recovered" for signal in said) or _FOLLOW_UP.search(mail.body):
        factor *= 0.6
    return factor


def _is_pointer(signals: Sequence[Signal], mail: MailText) -> bool:
    """Say if the mail adds somebody else's report to a tracker."""
    if _TRACKER.search(mail.from_name):
        return True
    return any(s.kind == "regzbot" and s.value.endswith("^") for s in signals)


def _own_voice(mail: MailText, signal: Signal) -> bool:
    if signal.start == signal.stop == 0:
        return True
    near = mail.body[max(0, signal.start - _NEAR) : signal.stop + _NEAR]
    return _VOICE.search(near) is not None


def is_report(signals: Sequence[Signal], mail: MailText, threshold: float = THRESHOLD) -> bool:
    """Say if a mail reports a regression.

    Parameters
    ----------
    signals : sequence of Signal
        All that was found in the mail, by any rule.
    mail : MailText
        The mail.
    threshold : float
        0..1.

    Returns
    -------
    bool
        True at and above the threshold.
    """
    return report_score(signals, mail) >= threshold
