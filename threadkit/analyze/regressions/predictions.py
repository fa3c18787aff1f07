"""Warnings that a change will break something, and what came of them.

A warning is matched to what broke later by the mechanism, not by the topic: that the change
broke something else does not make it true, and is said as such.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from threadkit.analyze.mailtext import MailText
from threadkit.analyze.mechanisms import shared
from threadkit.analyze.regressions.prediction_rules import CLASSES, RULES
from threadkit.analyze.regressions.prose import is_of_tracker, is_other_sense
from threadkit.analyze.regressions.prose_match import Engine, Hit
from threadkit.analyze.regressions.prose_mood import denies, mood_of_warning
from threadkit.analyze.regressions.prose_text import Sentence, in_patch_thread, sentences
from threadkit.analyze.regressions.values import Mood, Signal

_PARAGRAPH_END = re.compile(r"\n[ \t]*\n")
_FARTHEST = 4000  # characters of a paragraph on either side of a warning
_SEEN = re.compile(
    r"\b(?:bisect\w*|I (?:just )?tested|we (?:just )?tested|regzbot)\b", re.IGNORECASE
)
_BREAKS = "prediction.breaks"
_OFF_TOPIC = 0.4
_MIGHT = "prediction.might"
_IDIOMS = frozenset(["hurt", "surprise", "surprised", "bite", "upset", "unhappy"])
_OF_PEOPLE = frozenset(["surprised", "unhappy", "upset"])
_MANY = frozenset(["users", "people", "userspace", "everybody", "everyone", "they", "applications"])
_WHO = frozenset(["i", "we", "you", "one", "they", "who"])
_FEW = 4
_SHORTEST_HASH = 7

_NO_COMMIT = "not known which commit the change became"

NO_WARNING = frozenset(["negated", "asked"])
"""Moods in which nobody warns: ``will not break``, ``will it break?``"""

OutcomeKind = Literal["came true", "weak", "another way", "not seen", "cannot be told"]


def detect(mail: MailText) -> list[Signal]:
    r"""Find where an author warns that a change will break something.

    Parameters
    ----------
    mail : MailText
        One mail. What the message of a posted patch says of the bug it mends is no warning.

    Returns
    -------
    list of Signal
        Of kind ``prediction``, in the order of the text. ``value`` is the commit it is about
        if the sentence cites one, else ``""``: the change that the conversation is about.
        Denied warnings are ``negated`` and predict nothing.

    Examples
    --------
    >>> from threadkit.mail.block import Block
    >>> body = "Sorry, but this will break every user of pinned pages.\n"
    >>> mail = MailText("b@example.org", "Re: [PATCH] mm: x", "Bo", "bo@example.org", None, True,
    ...                 False, "a@example.org", "a@example.org", body,
    ...                 [Block("reply", 0, 0, len(body))], [], [])
    >>> [(s.detail, s.mood, body[s.start : s.stop]) for s in detect(mail)]
    [('break', 'said', 'will break')]
    """
    if is_of_tracker(mail):
        return []
    answers_patch = in_patch_thread(mail)
    about_change = answers_patch or any(c.kind == "commit" for c in mail.citations)
    foresees = answers_patch and _SEEN.search(mail.body) is None
    found: list[Signal] = []
    for sentence in sentences(mail, _engine().may_fire):
        if sentence.is_patch_text or sentence.is_subject:
            continue
        best: dict[tuple[int, int], Signal] = {}
        for hit in _engine().find(sentence.words):
            if hit.rule.name == _BREAKS and not foresees:
                continue  # who has seen it break does not predict
            signal = _signal(sentence, hit, about_change)
            if signal is None:
                continue
            overlap = [span for span in best if span[0] < signal.stop and signal.start < span[1]]
            if all(best[span].score < signal.score for span in overlap):
                for span in overlap:
                    del best[span]
                best[signal.start, signal.stop] = signal
        found += sorted(best.values(), key=lambda signal: signal.start)
    return found


@cache
def _engine() -> Engine:
    return Engine(RULES, CLASSES)


def _signal(sentence: Sentence, hit: Hit, about_change: bool) -> Signal | None:
    words = sentence.words
    key = words[hit.key]
    is_weak = hit.rule.name == _MIGHT
    if (key.startswith("br") and is_other_sense(words, hit)) or _is_idle(words, hit):
        return None
    if is_weak and not about_change:
        return None  # anything may happen, where no change is spoken of
    mood: Mood = mood_of_warning(words, hit.first, hit.key, sentence.is_question, is_weak)
    if mood == "negated" and key in _IDIOMS:
        return None  # "would not hurt" denies nothing that was feared
    start, stop = sentence.span(hit.first, hit.last)
    named = next((c.value for c in sentence.cited.values() if c.kind == "commit"), "")
    score = hit.rule.score if about_change else hit.rule.score * _OFF_TOPIC
    return Signal("prediction", named, key, start, stop, hit.rule.name, round(score, 3), mood)


def _is_idle(words: Sequence[str], hit: Hit) -> bool:
    """Tell a turn of speech from a warning: ``don't worry``, ``it would hurt``, ``we can``."""
    before = words[max(0, hit.first - _FEW) : hit.first]
    if hit.rule.name == "prediction.worry":
        return denies(before)
    if words[hit.key] in _OF_PEOPLE and not _MANY.intersection(before):
        return True
    if words[hit.last + 1 : hit.last + 2] in (("for",), ("to",)) and words[
        hit.last + 2 : hit.last + 3
    ] in (("you",), ("me",)):
        return True
    if hit.rule.name != _MIGHT:
        return False
    who_can = words[hit.first] == "can" and bool(before) and before[-1] in _WHO
    return words[hit.key] in _IDIOMS or who_can


def passage(mail: MailText, signal: Signal) -> str:
    """Give the paragraph around a signal, to name its mechanisms from.

    Parameters
    ----------
    mail : MailText
        The mail.
    signal : Signal
        One that was found in it.

    Returns
    -------
    str
        Own words only; the subject for what was found in the subject.

    Notes
    -----
    Not more than the paragraph: an author who warns of one way to break names others that he
    does not mean in the paragraphs before.
    """
    if signal.start == signal.stop == 0:
        return mail.subject
    low, high = mail.own_range(signal.start) or (signal.start, signal.stop)
    low = max(low, signal.start - _FARTHEST)
    high = min(high, signal.stop + _FARTHEST)
    for gap in _PARAGRAPH_END.finditer(mail.body, low, signal.start):
        low = gap.end()
    end = _PARAGRAPH_END.search(mail.body, signal.stop, high)
    return mail.body[low : end.start() if end else high]


@dataclass(frozen=True, slots=True)
class Predicted:
    """A warning, with what is known of the change it is about.

    Attributes
    ----------
    key : str
        Any name that tells it from others.
    commits : frozenset of str
        Hashes of the change, as known; empty if it is not known to have been merged.
    mechanisms : frozenset of str
        By what it will break; see `threadkit.analyze.mechanisms`.
    date_utc : str or None
        When it was said, ISO 8601 with Z.
    mood : Mood
        How; what is denied or asked is no prediction and gets no outcome.
    unknown : str
        Why it has no commits, if that is known.
    """

    key: str
    commits: frozenset[str]
    mechanisms: frozenset[str]
    date_utc: str | None = None
    mood: Mood = "said"
    unknown: str = ""


@dataclass(frozen=True, slots=True)
class Broken:
    """A regression, as far as it matters for a prediction.

    Attributes
    ----------
    key : str
        Any name that tells it from others.
    culprits : frozenset of str
        Hashes of the commits that caused it.
    mechanisms : frozenset of str
        By what it broke.
    date_utc : str or None
        When it was first reported.
    """

    key: str
    culprits: frozenset[str]
    mechanisms: frozenset[str]
    date_utc: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one prediction.

    Attributes
    ----------
    prediction : str
        Its key.
    kind : {'came true', 'weak', 'another way', 'not seen', 'cannot be told'}
        ``came true``: a later regression of the same change by a mechanism that was named.
        ``weak``: so it was, but the warning says only that it might, or on what condition.
        ``another way``: the change broke something, by other mechanisms only.
    matches : tuple of (str, frozenset of str)
        Keys of the regressions, with the mechanisms that are shared; with those of the
        regression itself for ``another way``.
    reason : str
        Why it cannot be told; otherwise ``""``.
    """

    prediction: str
    kind: OutcomeKind
    matches: tuple[tuple[str, frozenset[str]], ...] = ()
    reason: str = ""


def outcomes(predictions: Iterable[Predicted], regressions: Sequence[Broken]) -> list[Outcome]:
    """Say what came of each prediction.

    Parameters
    ----------
    predictions : iterable of Predicted
        Denied ones and questions are left out.
    regressions : sequence of Broken
        All that are known; those reported before the prediction do not count for it.

    Returns
    -------
    list of Outcome
        In the order of the predictions.

    Examples
    --------
    >>> change = frozenset({"09854ba94c6a"})
    >>> warned = Predicted("hugh", change, frozenset({"mprotect"}), "2020-09-01T00:00:00Z")
    >>> broke = Broken("rdma", change, frozenset({"fork-pin"}), "2020-09-14T00:00:00Z")
    >>> [(o.kind, o.matches[0][0]) for o in outcomes([warned], [broke])]
    [('another way', 'rdma')]
    """
    return [
        _outcome(prediction, regressions)
        for prediction in predictions
        if prediction.mood not in NO_WARNING
    ]


def _outcome(prediction: Predicted, regressions: Sequence[Broken]) -> Outcome:
    if not prediction.commits:
        return Outcome(prediction.key, "cannot be told", reason=prediction.unknown or _NO_COMMIT)
    later = [
        broken
        for broken in regressions
        if _same_change(prediction.commits, broken.culprits) and not _is_before(broken, prediction)
    ]
    if not later:
        return Outcome(prediction.key, "not seen")
    matches = [(broken.key, shared(prediction.mechanisms, broken.mechanisms)) for broken in later]
    true = tuple(match for match in matches if match[1])
    if true and prediction.mood != "said":
        return Outcome(prediction.key, "weak", true, "only what might happen was said")
    if true:
        return Outcome(prediction.key, "came true", true)
    if not prediction.mechanisms:
        every = tuple((broken.key, broken.mechanisms) for broken in later)
        return Outcome(
            prediction.key,
            "cannot be told",
            every,
            "the warning does not say by what it will break",
        )
    told = tuple((broken.key, broken.mechanisms) for broken in later if broken.mechanisms)
    if told:
        return Outcome(prediction.key, "another way", told)
    return Outcome(
        prediction.key,
        "cannot be told",
        tuple((broken.key, broken.mechanisms) for broken in later),
        "not known by what the regressions broke",
    )


def _is_before(broken: Broken, prediction: Predicted) -> bool:
    return bool(broken.date_utc and prediction.date_utc and broken.date_utc < prediction.date_utc)


def _same_change(commits: frozenset[str], culprits: frozenset[str]) -> bool:
    return any(_same_hash(one, other) for one in commits for other in culprits)


def _same_hash(one: str, other: str) -> bool:
    short, long = sorted((one.lower(), other.lower()), key=len)
    return len(short) >= _SHORTEST_HASH and long.startswith(short)
