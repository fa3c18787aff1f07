"""Which mails report a regression, judged by all that was found in them.

A report says with the author's own voice that something that worked is broken. The one who
answers it reports only if the same happens to him elsewhere; a patch that mends it, a mail
that adds it to a tracker, and the reporter's later mails are not reports of their own.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from threadkit.analyze.mailtext import MailText
from threadkit.analyze.regressions.prose_text import is_answer, is_posting
from threadkit.analyze.regressions.values import Signal

THRESHOLD = 0.5
"""At and above this score a mail is taken for a report."""

_VOICE = re.compile(r"\b(?:I|I've|I'm|my|we|we've|our|me|us|[Mm]y|[Ww]e|[Oo]ur)\b")
_COMMENT_OF = re.compile(r"^--- Comment #\d+ from (.+?) ---$", re.MULTILINE)
_REPORTER = re.compile(r"^[ \t]+Reporter: (\S+)$", re.MULTILINE)
_NEW_BUG = re.compile(r"\[Bug \d+\] New: ")
_ADDRESS = re.compile(r"[^\s()<>@]+@[^\s()<>@]+")
_NEAR = 200
_BEGINNING = 3000  # characters of own text in which a report has said what it reports
_LATER = 0.3
_SECOND_PERSON = re.compile(r"\b(?:you|your|you'll|you're)\b", re.IGNORECASE)
_INSTRUCTING = 10  # at least so many "you", and ...
_TO_ONE = 3  # ... so many for each "I"
_INSTRUCTS = 0.3
_MANY_CITED = 6
_SOURCES = frozenset({"message", "bug", "cve"})  # a report lists commits, and links its logs
_SURVEYS = 0.4
_OTHERS_VOICE = 0.75
_WITH_BEFORE_AND_AFTER = 0.6  # of the doubt that is left
_ANSWER = 0.6
_ANSWER_WITH_CULPRIT = 0.9
_STARTED_BY_REPLY = 0.9
_AFTERWARDS = 0.6
_POSTING = 0.6
_DENIED = 0.4
_TAKEN_BACK = {"report.is-regression", "report.regression"}
_BLAMES = {"culprit.this-patch": 0.6, "syzbot-bisection": 0.8}  # it worked before the change
_ROBOTS_FIND = "syzbot-report"
_NEVER_WORKED = 0.3  # a robot's find is a bug; nobody says that it ever worked
_FOUND_BY_AUTHOR = {"culprit.this-patch", "role.bisected"}
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
    end = _end_of_beginning(mail)
    for signal in said:
        if signal.kind == "report":
            score = signal.score * (1.0 if _own_voice(mail, signal) else _OTHERS_VOICE)
            score *= 1.0 if signal.start < end else _LATER
            best[signal.rule] = max(best.get(signal.rule, 0.0), score)
    for signal in said:
        if signal.rule in _BLAMES:
            best[signal.rule] = max(best.get(signal.rule, 0.0), _BLAMES[signal.rule])
    doubt = 1.0
    for score in best.values():
        doubt *= 1.0 - score
    score = 1.0 - doubt
    kinds = {signal.kind for signal in said}
    if any(signal.rule == _ROBOTS_FIND for signal in said) and "culprit" not in kinds:
        return _NEVER_WORKED
    if best and kinds & _BEFORE_AND_AFTER:
        score = 1.0 - (1.0 - score) * _WITH_BEFORE_AND_AFTER
    if _instructs(mail):
        score *= _INSTRUCTS
    if not kinds & _BEFORE_AND_AFTER and _surveys(mail):
        score *= _SURVEYS
    if is_answer(mail):
        score *= _answer_factor(said, mail)
    elif mail.is_reply:
        score *= _STARTED_BY_REPLY
    if is_posting(mail):
        score *= _POSTING
    if any(s.rule in _TAKEN_BACK and s.mood == "negated" for s in signals):
        score *= _DENIED
    return round(score, 3)


def _answer_factor(said: Sequence[Signal], mail: MailText) -> float:
    factor = _ANSWER
    if any(signal.rule == "report.same" for signal in said):
        return 1.0
    if any(signal.rule in _FOUND_BY_AUTHOR for signal in said):
        factor = _ANSWER_WITH_CULPRIT
    if any(signal.kind == "recovered" for signal in said) or _follows_up(mail):
        factor *= _AFTERWARDS
    return factor


def _end_of_beginning(mail: MailText) -> int:
    """Return the character where the beginning of the author's own text ends."""
    left = _BEGINNING
    for low, high in mail.own_ranges():
        if high - low >= left:
            return low + left
        left -= high - low
    return len(mail.body)


def _instructs(mail: MailText) -> bool:
    """Tell a guide, which speaks to a reader, from a report, which speaks of its author."""
    own = [mail.body[low:high] for low, high in mail.own_ranges()]
    you = sum(len(_SECOND_PERSON.findall(text)) for text in own)
    return you >= _INSTRUCTING and you > _TO_ONE * sum(len(_VOICE.findall(text)) for text in own)


def _surveys(mail: MailText) -> bool:
    """Tell a text that sums up what others wrote, by how much it cites."""
    cited = {(one.kind, one.value) for one in mail.citations if one.kind in _SOURCES}
    return len(cited) >= _MANY_CITED


def _follows_up(mail: MailText) -> bool:
    return any(_FOLLOW_UP.search(mail.body, low, high) for low, high in mail.own_ranges())


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


def is_report(
    signals: Sequence[Signal],
    mail: MailText,
    threshold: float = THRESHOLD,
    reporters: Collection[str] = (),
) -> bool:
    """Say if a mail reports a regression.

    Parameters
    ----------
    signals : sequence of Signal
        All that was found in the mail, by any rule.
    mail : MailText
        The mail.
    threshold : float
        0..1.
    reporters : collection of str
        Who reported in the conversation before, as `author` gives them: their answers tell
        more of the same.

    Returns
    -------
    bool
        True at and above the threshold.
    """
    if author(mail) in reporters and (is_answer(mail) or mail.is_reply):
        return False
    return report_score(signals, mail) >= threshold


def reports(conversation: Iterable[tuple[MailText, Sequence[Signal]]]) -> list[str]:
    """List the mails of a conversation that report a regression.

    Parameters
    ----------
    conversation : iterable of (MailText, sequence of Signal)
        Oldest first, each with all that was found in it.

    Returns
    -------
    list of str
        Message-IDs: of the first report, and of those of others to whom the same happens.
    """
    found: list[str] = []
    reporters: set[str] = set()
    for mail, signals in conversation:
        if is_report(signals, mail, reporters=reporters):
            found.append(mail.message_id)
            reporters.add(author(mail))
    return found


def author(mail: MailText) -> str:
    """Tell who speaks in a mail, also where a bug tracker sends it.

    Parameters
    ----------
    mail : MailText
        Any mail.

    Returns
    -------
    str
        An email address, or the name that the tracker gives.
    """
    comment = _COMMENT_OF.search(mail.body)
    if comment is None:
        comment = _REPORTER.search(mail.body) if _NEW_BUG.match(mail.subject) else None
    if comment is None:
        return mail.from_email.lower()
    address = _ADDRESS.search(comment[1])
    return (address[0] if address else comment[1]).strip().lower()
