r"""Objections to a patch in the replies to it: NAKs, refusals, disagreement.

Each is a candidate: a passage, the rule that found it, and how often such a passage is one.
Only own words count, since a quoted NAK is somebody else's; a denied one ("I don't object")
is none, a conditional or asked one counts less.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from threadkit.analyze.mailtext import MailText

_SENTENCE = re.compile(r"(?:[^.!?\n]|[.!?](?!\s|$)|\n(?![ \t]*\n))+[.!?]*")
_DENIED = re.compile(
    r"(?:\b(?:not|never|no|without|nobody|hardly|isn't|wasn't|don't|doesn't|didn't|won't|wouldn't"
    r"|can't|cannot)\s+(?:\w+\s+){0,2}|\bun-?|\banti-?)\Z",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"\b(?:if|unless|whether|in case|would|might|could|may)\b", re.IGNORECASE)
_PRAISE = re.compile(r"\b(?:no objections?|not (?:really )?(?:a )?nack?)\b", re.IGNORECASE)


class _Cue(NamedTuple):
    rule: str
    score: float
    pattern: re.Pattern[str]
    can_be_denied: bool


def _cue(rule: str, score: float, pattern: str, *, denied: bool = True) -> _Cue:
    return _Cue(rule, score, re.compile(pattern, re.IGNORECASE), denied)


_VERY = r"(?:(?:really|strongly|very|so|just|simply|completely|totally|still|fundamentally|quite|clearly|plain)\s+)*"
_THIS = r"(?:this|that|it|these|the (?:patch|series|change|approach|whole (?:thing|series)))"
_CUES = (
    _Cue("NAK", 0.9, re.compile(r"\b(?<!private )(?:NAK|NACK|Nacked|NAKed|NACKed|Nack|Nak)\b(?!-by:)"), True),
    _cue("refusal", 0.85, r"\bI(?:'m| am) (?:definitely |certainly )?not (?:going to |gonna )?"
         r"(?:tak(?:e|ing)|apply(?:ing)?|merg(?:e|ing)|pull(?:ing)?)\b", denied=False),
    _cue("refusal", 0.85, r"\bI (?:won't|will not|can't|cannot|refuse to|will never) "
         r"(?:take|apply|merge|pull|accept|ack)\b", denied=False),
    _cue("refusal", 0.8, r"\bplease (?:don't|do not) (?:apply|merge|take|do (?:this|that)|pull)\b",
         denied=False),
    _cue("refusal", 0.75, r"\bplease (?:drop|revert|withdraw)\b"),
    _cue("objection", 0.85, rf"\bI {_VERY}(?:object|oppose|disagree)\b"),
    _cue("objection", 0.7, rf"\bI {_VERY}(?:don't|do not|can't|cannot) (?:really )?"
         r"(?:agree|like|accept|believe|buy)\b", denied=False),
    _cue("objection", 0.75, rf"\bI {_VERY}(?:hate|dislike|detest) {_THIS}\b"),
    _cue("objection", 0.6, rf"\bI(?:'m| am) {_VERY}(?:not {_VERY}(?:happy|convinced|comfortable|sold"
         r"|a (?:big )?fan|keen|sure (?:this|that|we) (?:is|should))|against|unhappy|uneasy)\b",
         denied=False),
    _cue("wrong", 0.7, rf"\b{_THIS}(?:'s| is| are| looks?| seems?| sounds?) {_VERY}"
         r"(?:wrong|broken|bogus|insane|crazy|garbage|unacceptable|horrible|horrid|awful|ugly"
         r"|dangerous|racy|buggy|nonsense|bullshit|crap|(?:a )?(?:terrible|horrible|bad) idea)\b"),
    _cue("wrong", 0.7, rf"\b{_THIS}(?:'s| is| are) {_VERY}not {_VERY}(?:acceptable|ok(?:ay)?|right"
         r"|correct|the right|going to (?:work|fly|happen)|true)\b", denied=False),
    _cue("wrong", 0.7, rf"\b{_THIS} (?:can't|cannot|won't|doesn't|does not|will not)"
         r" (?:possibly |really )?(?:work|be right|fly|make (?:any )?sense)\b", denied=False),
    _cue("wrong", 0.65, r"\b(?:wrong approach|bad idea|not a good idea|terrible idea)\b"),
    _cue("break", 0.6, rf"\b{_THIS} (?:will|would|is going to|does|seems to)?\s*break(?:s|ing)?\b"),
)  # fmt: skip
_NO = re.compile(r"\s*(No+|Nope|No way|Absolutely not|Definitely not|Hell no)[.!,]", re.IGNORECASE)
_OWN = re.compile(
    r"\b(?:I|I'm|my|me|this|that|patch|series)\b|\A\W*(?:\w+\W+){0,4}\Z", re.IGNORECASE
)  # whose NAK, of what; or nothing else is said
_BEHIND = 200
_ANSWERS = re.compile(r"\?[\s>]*\Z")
_ASKED, _CONDITIONAL, _TOLD, _VAGUE = 0.6, 0.7, 0.5, 0.6


@dataclass(frozen=True, slots=True)
class Objection:
    """A passage that may object to a patch.

    Attributes
    ----------
    message_id : str
        Of the mail.
    person, email : str
        Who wrote it.
    date_utc : str or None
        ISO 8601 with Z.
    start, stop : int
        Characters of the body: the sentence, or the trailer.
    text : str
        That passage, white space collapsed.
    rule : str
        ``Nacked-by``, ``NAK``, ``refusal``, ``objection``, ``wrong``, ``break`` or ``no``.
    score : float
        0 to 1: how sure it is that somebody objects.
    """

    message_id: str
    person: str
    email: str
    date_utc: str | None
    start: int
    stop: int
    text: str
    rule: str
    score: float


def objections(mail: MailText) -> list[Objection]:
    r"""Find what objects in the own words of a reply.

    Parameters
    ----------
    mail : MailText
        Any mail; one that answers nothing objects to nothing.

    Returns
    -------
    list of Objection
        One a sentence at most, in the order of the text.

    Examples
    --------
    >>> from threadkit.mail.block import Block
    >>> body = "> NAK from me.\nI really don't like this. I don't object to v2, though.\n"
    >>> mail = MailText("1@example.org", "Re: [PATCH] mm: x", "Ann", "ann@example.org", None, True,
    ...                 False, "0@example.org", "0@example.org", body,
    ...                 [Block("quote", 1, 0, 15), Block("reply", 0, 15, len(body))], [], [])
    >>> [(one.text, one.rule) for one in objections(mail)]
    [("I really don't like this.", 'objection')]

    Notes
    -----
    Linear in the length of the own words.
    """
    if not mail.is_reply:
        return []
    found = []
    for trailer in mail.trailers:
        if trailer.name.lower() in ("nacked-by", "nak-by", "naked-by"):
            found.append(_objection(mail, trailer.start, trailer.stop, "Nacked-by", 1.0))
    spans = [(trailer.start, trailer.stop) for trailer in mail.trailers]
    for low, high in mail.own_ranges():
        first = True
        for sentence in _SENTENCE.finditer(mail.body, low, high):
            start, stop = _trimmed(mail.body, *sentence.span())
            if start == stop or any(a <= start < b for a, b in spans):
                continue
            refuses = (
                first and low > 0 and not _ANSWERS.search(mail.body, max(0, low - _BEHIND), low)
            )
            words = mail.body[start:stop].replace("\n", " ")
            best = max(_cues(words, may_refuse=refuses), default=None)
            first = False
            if best:
                found.append(_objection(mail, start, stop, best[1], best[0]))
    return sorted(found, key=lambda one: (one.start, one.stop))


def _cues(sentence: str, *, may_refuse: bool) -> Iterator[tuple[float, str]]:
    """Yield what a sentence has of objections: score and rule."""
    if may_refuse and _NO.match(sentence):
        yield 0.4, "no"
    if _PRAISE.search(sentence):
        return
    weight = _ASKED if sentence.rstrip().endswith("?") else 1.0
    for cue in _CUES:
        found = cue.pattern.search(sentence)
        if found is None:
            continue
        before = sentence[: found.start()]
        if before.count('"') % 2 or (cue.can_be_denied and _DENIED.search(before)):
            continue  # somebody else's words, or the opposite
        condition = _CONDITIONAL if _CONDITION.search(before) else 1.0
        if cue.rule == "NAK" and not _OWN.search(sentence):
            condition *= _TOLD
        elif found[0][:2].lower() == "it":
            condition *= _VAGUE
        yield round(cue.score * weight * condition, 2), cue.rule


def _trimmed(text: str, start: int, stop: int) -> tuple[int, int]:
    piece = text[start:stop]
    left = len(piece) - len(piece.lstrip())
    return start + left, start + max(len(piece.rstrip()), left)


def _objection(mail: MailText, start: int, stop: int, rule: str, score: float) -> Objection:
    return Objection(
        mail.message_id, mail.from_name, mail.from_email, mail.date_utc, start, stop,
        " ".join(mail.body[start:stop].split()), rule, score,
    )  # fmt: skip
