"""What was settled: applied, merged, refused, dropped, put off, promised."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, cast

from threadkit.analyze.debate import sure
from threadkit.analyze.debate.corrections import Corrections
from threadkit.analyze.debate.places import Places
from threadkit.analyze.debate.values import DebateMail, Decision, Link, State, UnitName

KINDS: Final = (
    "applied", "merged", "nak", "dropped", "deferred", "will", "will not", "next version", "other",
)  # fmt: skip
"""What a decision can be; ``other``: labelled one, and of no kind that is known."""

STANCE_TRAILERS: Final = {
    "acked-by": "agree",
    "reviewed-by": "agree",
    "tested-by": "agree",
    "nacked-by": "attack",
    "nak-by": "attack",
    "naked-by": "attack",
}
"""What a trailer that is given in a reply says of the patch."""

_TITLE = re.compile(r'\W{0,3}\("([^"]{1,200})"\)')
_PREFIX = re.compile(r"\A\s*(?:\w+:\s*)?(?:\[[^\]]*\]\s*)*")
_REPLY = re.compile(r"\s*(?:re|aw|sv|antw)\s*:", re.IGNORECASE)
_HASH = re.compile(r"\b(?=[0-9a-f]*\d)[0-9a-f]{10,40}\b")
_WILL = r"\b(?:I'll|I will|I shall|I am going to|I'm going to|we'll|we will)\s+(?:\w+ly\s+|just\s+|then\s+|also\s+)?"
_HAVE = r"\b(?:I|we)(?:'ve| have)?(?: now| just| also| already| tentatively| provisionally){0,2} "
_PATCH = r"(?:patch(?:es|set)?|series|commits?|set|fix(?:es)?|revert|pull request|PR|one|version|v\d+|changes?)"
# Pronouns stand for patches where nothing or one of these follows; "this habit" is another thing.
_THESE = rf"(?:them|it|both|all|those|this|that|these)(?! \w)|(?:it|them|both|all|this|that|these|those) (?:up|for|to|in|into|on|as|now|and|with|but|from|via|today|already|locally|manually|out)\b|(?:this|that|these|those|the|your|all|both)(?: [\w/-]+){{0,3}}? {_PATCH}\b"
_IT = rf"(?:{_THESE})"
_TREE = r"(?:(?:the |my |our |your |Linus'?s? |\w+'s )?(?:[\w./-]+ ){0,2}?(?:[\w.-]*-next|for-[\w./-]+|next-\d+|next|-?mm|mmotm|master|mainline|upstream|-?stable|(?:v?\d+\.[\dx.]+|-rc\d+|v\d+\.\d+)\S*|tree|branch(?:es)?|repo(?:sitory)?|queue|[\w-]+/[\w./-]+(?:\.git)?|[\w-]+\.git)\b)"
_OF_PATCH = r"\b(?:this|the|your|these|both|all)(?: [\w/:-]+){0,2}? (?:patch(?:es|set)?|series|commits?|pull request|PR)\b[^.?!]{0,60}?\b(?:has|have)(?: now| also| already)? been(?: now)? "
_PUT = r"(?:applied|queued|merged|pulled|pushed|picked|committed)"
_FIRST = r"^\W*(?:(?:Both|All|Series|Patch(?:es)?|Now|Thanks?|OK|Good|Great|Nice)\b[\s,.!]+){0,3}"
_ENDS = r"(?=\W*\Z|\s*[,;:!(.-]|\s+(?:now|thanks|thank|thx|and)\b"


def _cue(kind: str, score: float, pattern: str) -> tuple[str, float, re.Pattern[str]]:
    return kind, score, re.compile(pattern, re.IGNORECASE)


_CUES = (
    _cue("merged", 0.9, r"\bThe pull request you sent on\b[^.]{0,200}\bhas been merged into\b"),
    _cue("merged", 0.85, rf"{_OF_PATCH}merged into\b|\b(?:has|have) been merged into {_TREE}|"
         r"\b(?:now|already) (?:in|merged (?:in|into)) (?:mainline|Linus'?s? tree|upstream)\b"),
    _cue("merged", 0.85, r"\b(?:merged|applied|committed|landed|queued|pushed)(?: out)?(?: upstream)? as (?:commit )?"
         r"(?=[0-9a-f]*\d)[0-9a-f]{10,40}\b"),
    _cue("applied", 0.9, rf"{_FIRST}{_PUT}(?: up| out)?{_ENDS}|\s+(?:{_IT}|(?:to|for|in|into|as|on) {_TREE}))"),
    _cue("applied", 0.85, rf"{_HAVE}(?!pushed){_PUT}(?: up)? {_IT}|{_HAVE}(?:it|them|this|these) (?:\w+ly )?{_PUT}\b|"
         rf"{_HAVE}added (?:the|this|your|these) {_PATCH}\b"),
    _cue("applied", 0.85, rf"{_OF_PATCH}(?:added|{_PUT})(?: up)? (?:to|for|in|into)\b|^\W*(?:this|the) {_PATCH} (?:was|were) {_PUT} to {_TREE}|"
         rf"\b(?:it|this|that|they|these|both|all)(?:'s| is| are| has been| have been)(?: now| already| all)? {_PUT}(?: up)? (?:to|for|in|into) {_TREE}|"
         rf"\bpushed (?:it|them|this|these|that) (?:out )?(?:as commit|to {_TREE})|\bnow queued up\b"),
    _cue("nak", 0.9, r"^\W*(?:NAK|NACK|Nacked)(?!ed|-)\b|\b(?:that's a|it's a|(?:big|strong|hard|firm|fat|clear)|"
         r"my|still a?) (?:NAK|NACK)\b|\b(?:NAK|NACK) (?:from me|to (?:this|the patch|that|both|all)|on (?:this|that))\b"),
    ("nak", 0.9, re.compile(r"^\W*(?:[\w']+\W+){0,3}(?:NAK|NACK)\W*\Z")),
    _cue("nak", 0.85, r"\bI(?:'m| am) (?:definitely |certainly )?not (?:going to |gonna )?"
         r"(?:tak(?:e|ing)|apply(?:ing)?|merg(?:e|ing)|pull(?:ing)?)\b|\bI (?:won't|will not|"
         r"refuse to|will never|absolutely refuse to) (?:take|apply|merge|pull)\b"),
    _cue("dropped", 0.85, rf"(?:{_WILL}|{_HAVE})(?:drop(?:ped)?|revert(?:ed)?|remove[d]?|discard(?:ed)?) {_IT}|"
         rf"{_OF_PATCH}dropped\b|\b(?:it|they|this|these)(?:'s| is| are| has been| have been) now (?:dropped|reverted)\b|"
         rf"{_FIRST}(?:dropped|reverted){_ENDS}|\s+(?:{_IT}|(?:from|in) {_TREE}))"),
    _cue("deferred", 0.6, r"\b(?:(?:wait|hold off|hold on|postpone|defer|delay)\w* (?:this|it|that|until|for the next)"
         r"|for the next (?:merge window|cycle|release)|too late for (?:this|v?\d))\b"),
    _cue("next version", 0.85, rf"(?:{_WILL}|\bwill )(?:send|post|resend|respin|re-?spin|prepare|submit|cook up|do|"
         r"roll|spin|fix(?: (?:it|this|that))?(?: up)?)\b[^.?!]{0,60}\b(?:v\d+|V\d+|next (?:version|revision|spin|round|"
         r"iteration)|new (?:version|revision)|updated (?:patch|version|series)|respin)\b|"
         r"\b(?:will (?:do|fix|change|add|be fixed)|fixed|changed|done)(?: it| this| that)? in (?:v\d+|the next "
         r"(?:version|revision|spin))\b"),
    _cue("will not", 0.6, r"\b(?:I won't|I will not|I'm not going to|I am not going to|we won't|we will not) "
         r"(?:be )?\w+"),
    _cue("will", 0.6, rf"{_WILL}(?:do|fix|change|add|send|post|test|try|look|check|update|rework|rebase|split|"
         r"rename|remove|take|apply|merge|queue|write|prepare|revert|drop)\b|^\W*will do\b"),
    # What may be of pages, locks and packets as well as of patches.
    _cue("merged", 0.5, r"\bhas been merged into\b"),
    _cue("applied", 0.5, rf"{_FIRST}{_PUT}\b(?!\s+(?:by|when|if|on top of|with))|\b(?:has|have) been (?:added|{_PUT})\b|"
         r"\b(?:queued|applied) (?:up )?(?:for|to)\b|\bwill appear in\b"),
    ("nak", 0.45, re.compile(r"\b(?:NAK|NACK)\b(?!-)")),
    _cue("dropped", 0.5, r"\b(?:now|has been|have been) (?:dropped|reverted)\b|^\W*(?:dropped|reverted)\b"),
)  # fmt: skip
_OF_OTHERS = ("applied", "merged", "nak")  # what is done to the mails of others
_TRIES = ("applied", "dropped")  # what people also do to try a patch out
_ASKED = re.compile(r"\?\s*\Z")
_NOT = re.compile(r"(?:\b(?:not|never|cannot|without|no)|n't)\b[^.,;]{0,20}\Z", re.IGNORECASE)
_TRIED = re.compile(
    r"\b(?:re-?)?test(?:ed|ing|s)?\b|\breproduc|\bbisect|\bboot(?:ed|s)?\b", re.IGNORECASE
)
_IF = re.compile(
    r"\b(?:if|unless|whether|would|could|might|once|should|must|suppose|whenever)\b", re.IGNORECASE
)
_IF_AFTER = re.compile(r"\b(?:if|unless|provided that|as long as)\b", re.IGNORECASE)
_UNDONE = re.compile(
    r"\bun-?(?:pulled|applied|merged|queued|picked)\b|"
    r"\b(?:dropped|reverted|removed|backed) (?:it|them|this|that|these|those)(?: out)? again\b",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:some|many|most|other|several|few|certain|all) (?:of (?:the|our) )?(?:\w+ )?"
    r"(?:maintainers|people|developers|folks|reviewers|subsystems|trees)\b",
    re.IGNORECASE,
)  # what these do is told, not done
_MARKS = re.compile('["\u201c\u201d]')
_NEAR = 60  # characters in which a condition still is one on the decision
_DOUBT = 0.6
"""What is left of the score where words tell, suppose or quote; also the highest one then."""


def decisions(places: Places, corrections: Corrections) -> list[Decision]:
    """Find what people settled.

    Parameters
    ----------
    places : Places
        Of the conversation.
    corrections : Corrections
        ``state`` wins.

    Returns
    -------
    list of Decision
        In the order of time and text; one a unit at most.
    """
    found = []
    for mail in places.ground.mails:
        for number in range(len(mail.units)):
            one = _decision(places, mail, number)
            if one is None:
                continue
            state = corrections.value("state", UnitName(mail.id, number))
            found.append(one._replace(state=cast("State", state)) if state else one)
    return found


def _decision(places: Places, mail: DebateMail, number: int) -> Decision | None:
    unit = mail.units[number]
    text = mail.body[unit.start : unit.stop]
    kind, score, doubted = _found(text)
    labelled = unit.label == "decision"
    if not kind and not labelled:
        return None
    if (
        kind in ("will", "will not")
        and not labelled
        and unit.label not in ("proposal", "agreement")
    ):
        return None
    if labelled:
        score = max(score, unit.score)
    if doubted or unit.irony or (kind in _OF_OTHERS and _answers_nothing(places, mail)):
        score = min(score, _DOUBT)
    rule = f"words of {kind}" if kind else unit.rule
    return Decision(
        mail.id, unit.start, unit.stop, kind or "other", mail.person, mail.email, mail.utc,
        _about(places, mail, kind, text), _detail(kind, text), rule, round(score, 3), sure.state_of(score, sure.DECISION),
    )  # fmt: skip


def kind_of(text: str) -> tuple[str, float]:
    """Tell what kind of decision a sentence makes.

    Parameters
    ----------
    text : str
        A sentence.

    Returns
    -------
    kind : str
        One of `KINDS`; empty if it makes none that is known.
    score : float
        0..1.

    Examples
    --------
    >>> kind_of("Applied to for-next, thanks."), kind_of("NAK."), kind_of("I'll send a v3 soon.")
    (('applied', 0.9), ('nak', 0.9), ('next version', 0.85))
    >>> kind_of("Was this applied?"), kind_of("Should it be applied to stable?")
    (('', 0.0), ('', 0.0))
    """
    kind, score, doubted = _found(text)
    return kind, round(score * _DOUBT if doubted else score, 2)


def _found(text: str) -> tuple[str, float, bool]:
    """Return the kind of a decision, the score of the words, and if they are doubtful."""
    if _ASKED.search(text):
        return "", 0.0, True
    undone = _UNDONE.search(text) is not None
    for kind, score, pattern in _CUES:
        found = pattern.search(text)
        if found and not _NOT.search(text, max(0, found.start() - 30), found.start()):
            tried = kind in _TRIES and _TRIED.search(text) is not None
            supposed = _IF_AFTER.search(text, found.end(), found.end() + _NEAR)
            return kind, score, bool(undone or tried or supposed or _is_told(text, found.start()))
    return "", 0.0, undone or _IF_AFTER.search(text, 0, _NEAR) is not None


def _is_told(text: str, at: int) -> bool:
    """Tell if what begins at a character is supposed, told of others, or quoted."""
    return bool(
        _IF.search(text, 0, at)
        or _OTHERS.search(text, 0, at)
        or len(_MARKS.findall(text, 0, at)) % 2
    )


def _answers_nothing(places: Places, mail: DebateMail) -> bool:
    """Tell if a mail opens a conversation: there is nothing yet that it could take or refuse."""
    return places.ground.parent(mail.id) is None and not _REPLY.match(mail.subject)


def _detail(kind: str, text: str) -> str:
    """Name the commit of a merge, which is not what was merged."""
    found = _HASH.search(text) if kind == "merged" else None
    return found[0] if found else ""


def _is_other(places: Places, patch: UnitName | None, rest: str) -> bool:
    """Tell if the title that stands behind a hash is not that of the patch."""
    title = _TITLE.match(rest)
    if title is None or patch is None:
        return False
    subject = _PREFIX.sub("", places.ground.mail(patch.mail).subject)
    return " ".join(title[1].split()).lower() != " ".join(subject.split()).lower()


def _about(places: Places, mail: DebateMail, kind: str, text: str) -> str:
    """Name what is settled: a commit that is told, the patch above, or what is answered."""
    found = _HASH.search(text)
    patch, _ = places.patch(mail.id)
    if found and (kind != "merged" or _is_other(places, patch, text[found.end() :])):
        return found[0]
    above = places.ground.parent(mail.id)
    if patch is None and kind in ("applied", "merged") and above is not None:
        return places.ground.mail(above).message_id
    return places.ground.mail(patch.mail).message_id if patch else ""


def trailer_links(places: Places) -> Iterator[Link]:
    """Yield what trailers in replies say of the patch that they are given for.

    Parameters
    ----------
    places : Places
        Of the conversation.

    Notes
    -----
    A trailer counts where it is a unit of its mail, and where its mail posts no patch of its
    own: the trailers of a posting were collected there, not given.
    """
    ground = places.ground
    for mail in ground.mails:
        patch, _ = places.patch(mail.id)
        if patch is None or patch.mail == mail.id:
            continue
        for name, value, start, stop in mail.trailers:
            kind = STANCE_TRAILERS.get(name.lower())
            if kind is None or not _gives(mail, value):
                continue
            for unit, _ in ground.overlaps(mail.id, start, stop)[:1]:
                yield Link(kind, UnitName(mail.id, unit), patch, 1.0, name, "automatic")


def _gives(mail: DebateMail, value: str) -> bool:
    """Tell if a trailer names the author of its mail."""
    low = value.lower()
    name = mail.person.lower()
    return bool((mail.email and mail.email.lower() in low) or (name and name in low))
