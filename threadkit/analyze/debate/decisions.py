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

_HASH = re.compile(r"\b(?=[0-9a-f]*\d)[0-9a-f]{10,40}\b")
_WILL = r"\b(?:I'll|I will|I shall|I am going to|I'm going to|we'll|we will)\s+(?:\w+ly\s+|just\s+|then\s+|also\s+)?"
_IT = r"(?:this|it|that|them|these|those|both|all|the (?:patch(?:es)?|series|set|first|second|rest|whole))"


def _cue(kind: str, score: float, pattern: str) -> tuple[str, float, re.Pattern[str]]:
    return kind, score, re.compile(pattern, re.IGNORECASE)


_CUES = (
    _cue("merged", 0.9, r"\bThe pull request you sent on\b[^.]{0,200}\bhas been merged into\b"),
    _cue("merged", 0.85, r"\bhas been merged into\b|\b(?:now|already) (?:in|merged (?:in|into)) "
         r"(?:mainline|Linus'?s? tree|upstream)\b"),
    _cue("applied", 0.9, r"^\W*(?:(?:Both|All|Series|Patch(?:es)?|Now|Thanks?,?|OK,?|Ok,?)\s+)?"
         r"(?:applied|queued|merged|pulled|pushed|picked up)\b(?!\s+(?:by|when|if|on top of|with))"),
    _cue("applied", 0.85, rf"\b(?:I(?:'ve| have)?|I have now) (?:now |just |also |tentatively )?"
         rf"(?:applied|queued|merged|pulled|picked|pushed)(?: up)? {_IT}\b"),
    _cue("applied", 0.85, r"\b(?:now queued up|queued (?:it |them |this |these )?(?:up )?for|applied to "
         r"(?:the )?[\w./-]+(?:\s+tree)?|has been (?:applied|queued|added) to|will appear in|pushed (?:it |them |this )?(?:out )?(?:as commit|to (?:the|my)))\b"),
    _cue("nak", 0.9, r"^\W*(?:NAK|NACK|Nacked)\b|\b(?:so|is a|a (?:big|strong|hard|firm)|it's a|"
         r"my|still a?) (?:NAK|NACK)\b"),
    ("nak", 0.8, re.compile(r"\b(?:NAK|NACK)\b(?!-)")),
    _cue("nak", 0.85, r"\bI(?:'m| am) (?:definitely |certainly )?not (?:going to |gonna )?"
         r"(?:tak(?:e|ing)|apply(?:ing)?|merg(?:e|ing)|pull(?:ing)?)\b|\bI (?:won't|will not|"
         r"refuse to|will never|absolutely refuse to) (?:take|apply|merge|pull)\b"),
    _cue("dropped", 0.85, rf"\b(?:{_WILL}|I(?:'ve| have) (?:now |just )?)(?:drop(?:ped)?|revert(?:ed)?|"
         rf"remove[d]?|discard(?:ed)?) {_IT}\b|\b(?:now |has been |have been |is )dropped\b|"
         r"^\W*(?:dropped|reverted)\b"),
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
)  # fmt: skip
_ASKED = re.compile(r"\?\s*\Z")
_NOT = re.compile(r"(?:\b(?:not|never|cannot|without|no)|n't)\b[^.,;]{0,20}\Z", re.IGNORECASE)
_IF = re.compile(r"\b(?:if|unless|whether|would|could|might|once|should)\b", re.IGNORECASE)


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
    kind, score = kind_of(text)
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
    if _ASKED.search(text):
        return "", 0.0
    for kind, score, pattern in _CUES:
        found = pattern.search(text)
        if found and not _NOT.search(text, max(0, found.start() - 30), found.start()):
            condition = 0.6 if _IF.search(text, 0, found.start()) else 1.0
            return kind, round(score * condition, 2)
    return "", 0.0


def _detail(kind: str, text: str) -> str:
    """Name the commit of a merge, which is not what was merged."""
    found = _HASH.search(text) if kind == "merged" else None
    return found[0] if found else ""


def _about(places: Places, mail: DebateMail, kind: str, text: str) -> str:
    """Name what is settled: a commit that is told, the patch above, or what is answered."""
    found = _HASH.search(text)
    if found and kind != "merged":
        return found[0]
    patch, _ = places.patch(mail.id)
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
