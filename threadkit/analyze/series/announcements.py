"""Mails that say what became of a patch: applied, queued, dropped, withdrawn.

A reply is read sentence by sentence, in its author's own words only. What is denied,
supposed or asked says nothing, and neither does a tester who applied a patch to try it.
Robots of known form say it in their own way: patchwork's, tip's, and the -mm tree's mails.

References
----------
Linux Documentation/process/2.Process.rst and handling-patches; patchwork-bot, tip-bot2 and
the -mm tree's mails as they appear on the lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

AnnouncementKind = Literal["applied", "dropped"]

_WORTH = (
    "appl", "queue", "pick", "push", "merg", "taken", "drop", "withdr", "ignore", "disregard",
    "retract", "supersede", "-mm tree",
)  # fmt: skip
_SENTENCE = re.compile(r"[^\s].*?(?:[.!?;](?=\s|$)|\n[ \t]*(?=\n)|\Z)", re.DOTALL)
_LONGEST = 400
_GREETING = r"(?:(?:hi|hello|hey|dear)\b[^\n]{0,60}\n\s*)?"
_OPENING = (
    r"(?:(?:thanks?(?: you)?(?: (?:all|a lot|so much|very much))?|thx|great|good(?: \w+)?|nice(?: \w+)?"
    r"|okay?|ok|yes|yep|yeah|sure|done|lgtm|oops|sorry|cool|perfect|alright|fine|right"
    r"|that'?s fine|fair enough|looks? (?:good|fine|ok|great)(?: to me)?)\b[\s,.!;:-]+)*"
)
_WHAT = (
    r"(?:(?:this|it|that|these|they|both|all|everything|(?:the |this |that )?(?:whole )?"
    r"(?:patch(?:es|set)?|series|set|one|v\d+)|(?:patch(?:es)? )?#?\d[\d,/\s-]*(?:and \d+)?)[\s,:]+"
    r"(?:of (?:this|these|them|it)\s+)?)?"
)
_TENSE = r"(?:(?:has|have|is|are|was|were|been|now|just|already|tentatively|both|all|also)\s+)*"
_I = r"(?:(?:i|i've|we've|we)\s+(?:have\s+)?(?:(?:now|just|already|tentatively|also|gone ahead and)\s+)*)?"
_TAKEN = (  # "picked up this habit" and "pushed the branch" are about something else
    r"(?:(?:applied|queued(?: it| this| them)?(?: up)?)\b"
    r"|(?:picked(?: it| this| them| these)?(?: up)?|pushed|merged)"
    r"(?=\s*(?:[,.;!]|$)|\s+(?:to|into|in|for|with|and|now|thanks)\b))"
)
_APPLIED = re.compile(rf"{_GREETING}{_OPENING}(?:{_I}|{_WHAT}{_TENSE}){_TAKEN}", re.IGNORECASE)
_WILL_APPLY = re.compile(
    rf"{_GREETING}{_OPENING}i(?:'ll| will) (?:get (?:it|this|them|these) (?:applied|queued)"
    r"|(?:apply|queue) (?:it|this|them|both|these)(?: up)?)(?=\s*(?:[,.;!]|$)|\s+(?:to|for|now)\b)",
    re.IGNORECASE,
)
_OBJECT = r"(?:it|this|that|them|these|(?:this|the|that|these) (?:patch(?:es|set)?|series|version|set|one))"
_END = r"(?=\s*(?:$|[,.;!)]|for now|again|from\b|and\b|then\b|until\b|as\b|since\b|because\b|in favou?r))"
_DROPPED = re.compile(
    rf"{_GREETING}{_OPENING}(?:"
    rf"(?:{_WHAT}{_TENSE}dropped{_END})"
    rf"|(?:i|we|i've|i'll|i'm|we've|we'll)\s+(?:(?:have|will|can|am|now|just|going to|then)\s+)*"
    rf"(?:drop|dropped|dropping|withdraw|withdrew|withdrawn|withdrawing|retract|retracted|retracting)\s+"
    rf"{_OBJECT}{_END})",
    re.IGNORECASE,
)
_WITHDRAWN = re.compile(
    rf"{_GREETING}{_OPENING}(?:so\s+|but\s+)?(?:please,?\s+)?(?:(?:kindly|just)\s+)?"
    rf"(?:ignore|disregard|drop|discard)\s+(?:{_OBJECT}|v\d+){_END}"
    rf"|{_GREETING}{_OPENING}self[- ]nack?(?:ed)?\b",
    re.IGNORECASE,
)
_UNSAID = re.compile(
    r"\b(?:not|n't|never|if|once|when|unless|before|after|until|would|should|could|might|may|cannot"
    r"|fail(?:s|ed)?|wrong|needs?|tests?(?:ed|ing)?|tried|try|locally|boot\w*|buil[dt]\w*|wrongly"
    r"|conflicts?|on top of|cleanly|hope|wish|wonder|asked?)\b|n't\b",
    re.IGNORECASE,
)
_UNSAID_BEHIND = re.compile(  # behind the tree and a comma: only what takes all of it back
    r"\b(?:if|once|when|unless|until|fail(?:s|ed)?|wrong|tests?(?:ed|ing)?|tried|locally|boot\w*"
    r"|buil[dt]\w*|conflicts?|drop(?:ped|ping)?|revert\w*|but|except)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[,;(]|\s-{1,2}\s")
_THANKS = re.compile(  # of b4 and of those before it
    r"^\[(?:[^\[\]\n]*[ ,])?(\d{1,4})/\d{1,4}\] [^\n]+\n(?:(?!\[)[^\n]+\n)?[ \t]+"
    r"(?:commit: |https?://\S+?[/=])([0-9a-f]{10,40})[ \t]*$",
    re.MULTILINE,
)
_LISTED = re.compile(
    r"^  - \[(?:[^\[\]\n/]*,)?(?:(\d{1,4})/\d{1,4}|[^\[\]\n/]*)\] [^\n]+\n(?:(?!  - )[^\n]+\n)?"
    r"[ \t]+(?:\((no matching commit)\)|https?://\S+/([0-9a-f]{10,40}))[ \t]*$",
    re.MULTILINE,
)
_TREE = re.compile(r"\b(?:to|in|into|for|onto)\s+(?:the\s+|my\s+|our\s+)?([\w./@:#-]*\w)")
_IS_TREE = re.compile(
    r"\S*[/.:-]\S*|next|master|main|tip|devel|fixes|mainline|stable|trunk|\w+next|drm|net|mm",
    re.IGNORECASE,
)
_PATCHWORK = re.compile(
    r"This (?P<what>patch|series) was applied to (?P<tree>\S+(?: \([^()\n]+\))?)\s+by [^\n]+"
)
_TIP = re.compile(
    r"The following commit has been merged into the (?P<tree>\S+)\s+branch of tip:\s+"
    r"Commit-ID:\s+(?P<sha>[0-9a-f]{40})"
)
_MM = re.compile(
    r"The (?:quilt )?patch titled\s+Subject: (?P<title>[^\n]+(?:\n[ \t]+[^\n]+)*)\n"
    r"(?P<said>has been (?P<what>added|removed)\s+(?:to|from)\s+the\s+-mm(?:\s+\S+)?\s+(?:tree|branch))"
)
_MM_WHY = re.compile(r"This patch was dropped because (?P<why>[^\n]+)")
_MERGED = re.compile(r"merged|folded|upstream|mainline", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Announcement:
    """A passage that says what became of a patch.

    Attributes
    ----------
    kind : {'applied', 'dropped'}
        What it says.
    rule : str
        ``patchwork-bot``, ``tip-bot``, ``mm``; ``applied``, ``will apply``, ``dropped``,
        ``withdrawn``.
    score : float
        0..1.
    start, stop : int
        Characters of the body.
    where : str
        The tree or branch, as written; may be empty.
    title : str
        Of the patch, where it is named; else it is the one that the mail answers.
    whole : bool
        It speaks of the whole series, though it may answer one patch.
    sha : str
        Of the commit, if named.
    commits : tuple of (int, str)
        Where the mail lists patches by number: the commit of each, ``""`` if the list says
        that there is none.
    """

    kind: AnnouncementKind
    rule: str
    score: float
    start: int
    stop: int
    where: str = ""
    title: str = ""
    whole: bool = False
    sha: str = ""
    commits: tuple[tuple[int, str], ...] = ()


def is_worth_reading(body: str) -> bool:
    """Tell quickly whether a mail may announce anything.

    Parameters
    ----------
    body : str
        Of any mail.

    Returns
    -------
    bool
        False if none of the words occurs.
    """
    text = body.lower()  # and plain search: thirty times faster than one pattern for all
    return any(word in text for word in _WORTH)


def announcements(sender: str, body: str, ranges: Sequence[tuple[int, int]]) -> list[Announcement]:
    r"""Read what a mail says became of a patch.

    Parameters
    ----------
    sender : str
        The address that it came from: the robots are known by theirs.
    body : str
        The decoded body.
    ranges : sequence of (int, int)
        The author's own words in it.

    Returns
    -------
    list of Announcement
        In order; usually none or one.

    Examples
    --------
    >>> def read(text):
    ...     return [(a.kind, a.rule, a.where) for a in announcements(
    ...         "ann@example.org", text, [(0, len(text))])]
    >>> read("> a patch\nThanks, applied to for-next.\n".replace("> a patch\n", ""))
    [('applied', 'applied', 'for-next')]
    >>> read("I'll drop it for now.\n"), read("If you disagree, I'll drop it.\n")
    ([('dropped', 'dropped', '')], [])
    >>> read("I applied this and tested it.\n"), read("Has this been applied?\n")
    ([], [])

    Notes
    -----
    Linear in the length of the own text.
    """
    for robot, read in _ROBOTS.items():
        if sender.startswith(robot) and (robot != "akpm@" or _MM.search(body)):
            return list(read(body))
    found = [one for start, stop in ranges for one in _sentences(body, start, stop)]
    if not any(one.kind == "applied" for one in found):
        return found
    listed = tuple((int(m[1]), m[2]) for a, b in ranges for m in _THANKS.finditer(body, a, b))
    return [replace(one, commits=listed) if one.kind == "applied" else one for one in found]


def _patchwork(body: str) -> Iterator[Announcement]:
    """Read the mails of patchwork-bot, which list the commits, too."""
    if found := _PATCHWORK.search(body):
        listed = tuple((int(m[1] or 1), m[3] or "") for m in _LISTED.finditer(body, found.end()))
        yield Announcement(
            "applied", "patchwork-bot", 0.99, *found.span(), where=found["tree"],
            whole=found["what"] == "series", commits=listed,
        )  # fmt: skip


def _tip(body: str) -> Iterator[Announcement]:
    """Read the mails of tip-bot2."""
    if found := _TIP.search(body):
        sha = found["sha"]
        yield Announcement("applied", "tip-bot", 0.99, *found.span(), where=found["tree"], sha=sha)


def _mm(body: str) -> Iterator[Announcement]:
    """Read the mails of the -mm tree, which name the patch by its title."""
    found = _MM.search(body)
    if found is None:
        return
    title = " ".join(found["title"].split())
    why = _MM_WHY.search(body, found.end())
    gone = found["what"] == "removed"
    if gone and (why is None or _MERGED.search(why["why"])):
        return  # it went on to where commits are found
    start, stop = found.span("said") if why is None else why.span()
    kind: AnnouncementKind = "dropped" if gone else "applied"
    yield Announcement(kind, "mm", 0.95, start, stop, where="-mm", title=title)


_ROBOTS = {"patchwork-bot": _patchwork, "tip-bot": _tip, "akpm@": _mm}
"""Who speaks in a form of its own; the keeper of the -mm tree also writes as a person."""


def _sentences(body: str, start: int, stop: int) -> Iterator[Announcement]:
    """Read one stretch of own text."""
    for match in _SENTENCE.finditer(body, start, stop):
        text = match[0][:_LONGEST]
        if not is_worth_reading(text) or text.endswith("?"):
            continue
        for pattern, kind, rule, score in _SAID:
            said = pattern.match(text)
            if said is None:
                continue
            where = _TREE.search(text, said.end(), said.end() + 60) if kind == "applied" else None
            where = where if where and _IS_TREE.fullmatch(where[1]) else None
            if not _is_taken_back(text.split("\n\n", 1)[0], where.end() if where else None):
                at = match.start()
                yield Announcement(
                    kind, rule, score, at, at + len(text.rstrip()),
                    where=where[1] if where else "",
                    whole=bool(re.search(r"\b(?:all|both|series|everything)\b", text, re.I)),
                    sha=_sha(text),
                )  # fmt: skip
            break


def _is_taken_back(text: str, tree: int | None) -> bool:
    """Tell whether a sentence denies or supposes what it seems to say.

    Who names the tree has done it: behind that, other matters are spoken of.
    """
    clause = _CLAUSE.search(text, tree) if tree is not None else None
    if clause is None:
        return bool(_UNSAID.search(text))
    behind = _UNSAID_BEHIND.search(text, clause.start())
    return bool(behind or _UNSAID.search(text, 0, clause.start()))


_SAID: tuple[tuple[re.Pattern[str], AnnouncementKind, str, float], ...] = (
    (_WITHDRAWN, "dropped", "withdrawn", 0.9),
    (_DROPPED, "dropped", "dropped", 0.85),
    (_APPLIED, "applied", "applied", 0.9),
    (_WILL_APPLY, "applied", "will apply", 0.7),
)


def _sha(text: str) -> str:
    found = re.search(r"\b[0-9a-f]{12,40}\b", text)
    return found[0] if found else ""
