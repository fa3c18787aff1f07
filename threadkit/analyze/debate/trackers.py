"""Comments of bug trackers: all are mailed in one name, as answers to the mail of the bug.

Who wrote a comment, and which comment it answers, stand in its text. Without that a whole
bug would be one person's talk with himself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from threadkit.analyze.debate.values import Conversation, DebateMail, Quoted

_COMMENT = re.compile(r"^--- Comment #(\d{1,5}) from (.{1,200}?) ---$", re.MULTILINE)
_OPENED = re.compile(r"^ *Bug ID: *(\d+)$", re.MULTILINE)
_REPORTER = re.compile(r"^ *Reporter: *(\S{1,200})$", re.MULTILINE)
_BUG = re.compile(r"show_bug\.cgi\?id=(\d+)")
_ANSWERS = re.compile(
    r"\(In reply to\s[^()]{1,120}?(?:\([^()]{1,80}\)\s)?from\s+comment\s+#(\d{1,5})\)"
)
_NAMED = re.compile(r"(.*?)\s*\(([^()\s]+@[^()\s]+)\)\Z")
_RUN = re.compile(r"(?m)(?:^>.*\n?)+")
_MARKS = re.compile(r"(?m)^> ?")
_HEAD = 4_000
_LONGEST = 80
_FARTHEST = 12


class _Comment(NamedTuple):
    bug: str
    number: int
    person: str
    email: str
    answers: int | None


def written(conversation: Conversation) -> Conversation:
    r"""Give comments of bug trackers their writers, and what they answer.

    Parameters
    ----------
    conversation : Conversation
        Any; most hold none, and come back as they are.

    Returns
    -------
    Conversation
        A comment answers the one that it names, else the one that it quotes, else the one before
        it; its quotations are found.

    Notes
    -----
    The form of the text is Bugzilla's.
    """
    found = {
        mail.id: comment for mail in conversation.mails if (comment := _comment(mail)) is not None
    }
    if not found:
        return conversation
    by_number: dict[tuple[str, int], DebateMail] = {}
    for mail in sorted(conversation.mails, key=lambda one: (one.utc or "", one.message_id)):
        if one := found.get(mail.id):
            by_number.setdefault((one.bug, one.number), mail)
    numbers: dict[str, list[int]] = {}
    for bug, number in sorted(by_number):
        numbers.setdefault(bug, []).append(number)
    known = people(mail for mail in conversation.mails if mail.id not in found)
    mails = []
    for mail in conversation.mails:
        if one := found.get(mail.id):
            told = _told(mail, one, by_number, numbers[one.bug])
            name = one.email.lower() or one.person
            mail = replace(told, who=known.get(name) or f"comments:{name}")
        mails.append(mail)
    return replace(conversation, mails=mails)


def people(mails: Iterable[DebateMail]) -> dict[str, str]:
    """Return who has an address, or a name that nobody else in the conversation has.

    Parameters
    ----------
    mails : iterable of DebateMail
        Those whose sender is their writer.

    Returns
    -------
    dict of str to str
        ``who`` by address in small letters, and by name.
    """
    bearing: dict[str, set[str]] = {}
    for mail in mails:
        for name in filter(None, (mail.email.lower(), mail.person)):
            bearing.setdefault(name, set()).add(mail.who)
    return {name: next(iter(some)) for name, some in bearing.items() if len(some) == 1}


def _comment(mail: DebateMail) -> _Comment | None:
    head = mail.body[:_HEAD]
    bug = _BUG.search(head)
    if bug is None:
        return None
    said = _COMMENT.search(head)
    if said:
        answers = _ANSWERS.search(head, said.end(), said.end() + 400)
        named = _NAMED.match(said[2])
        person, email = (named[1], named[2]) if named else (said[2], "")
        if not email and "@" in person:
            email = person
        which = int(answers[1]) if answers else None
        return _Comment(bug[1], int(said[1]), person, email, which)
    opened, reporter = _OPENED.search(head), _REPORTER.search(head)
    if opened and reporter and opened[1] == bug[1]:
        return _Comment(bug[1], 0, reporter[1], reporter[1], None)
    return None


def _told(
    mail: DebateMail,
    comment: _Comment,
    by_number: dict[tuple[str, int], DebateMail],
    numbers: Sequence[int],
) -> DebateMail:
    earlier = [by_number[comment.bug, number] for number in numbers if number < comment.number]
    if not earlier:
        return replace(mail, person=comment.person, email=comment.email)
    earlier.reverse()
    above = earlier[0]
    quotes = list(mail.quotes) or _quotes(mail, earlier[:_FARTHEST])
    if comment.answers is not None and (comment.bug, comment.answers) in by_number:
        named = by_number[comment.bug, comment.answers]
        above = named if named in earlier else above
    elif quotes and any(one.id == quotes[0].source for one in earlier):
        above = next(one for one in earlier if one.id == quotes[0].source)
    return replace(mail, person=comment.person, email=comment.email, parent=above.id, quotes=quotes)


def _quotes(mail: DebateMail, earlier: Sequence[DebateMail]) -> list[Quoted]:
    """Find the quoted lines of a comment in those before it, the nearest first."""
    found = []
    for run in _RUN.finditer(mail.body):
        words = _MARKS.sub("", run[0]).split()[:_LONGEST]
        pattern = r"\s+".join(map(re.escape, words))
        for source in earlier if words else ():
            if place := re.search(pattern, source.body):
                found.append(Quoted(run.start(), run.end(), source.id, *place.span(), 0.9))
                break
    return found
