"""What trailers and tags of subjects say of regressions: who, since when, and what mends it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from threadkit.analyze.mailtext import MailText
from threadkit.analyze.regressions.syzbot import is_robot
from threadkit.analyze.regressions.values import Signal
from threadkit.mail.links import parse_link
from threadkit.mail.trailers import Trailer

_ROLES = {"reported": "reporter", "bisected": "bisector", "tested": "tester"}
_HASH = re.compile(r"(?:commit[: ]\s*)?<?([0-9a-f]{6,40})\b(.*)", re.IGNORECASE | re.DOTALL)
_TITLE = re.compile(
    r"""[\s:(]*["'\u201c](.*)["'\u201d]\s*\)?|\s*\((.*)\)|\s+([^\s("'].*)""", re.DOTALL
)
_URL = re.compile(r"<?(https?://[^\s>]+)")
_SUBJECT = re.compile(
    r"\[[^\[\]]*\b(regression|regressed|bisected)\b[^\[\]]*\]"
    r"|^\W*(regression|bisected)\b\s*[:/!-]",
    re.IGNORECASE,
)
_NOT_NEW = re.compile(r"\b(?:no|not|fix(?:es|ed)?|solved|resolved)\b", re.IGNORECASE)
_NEW_BUG = re.compile(r"\[Bug \d+\] New: ", re.IGNORECASE)
_BUG_SAYS = re.compile(r"^[ \t]*Regression: (Yes)[ \t]*$", re.MULTILINE)
# Where git's history of Linux begins: 'Fixes:' of it says that nobody knows since when.
_BEGINNING = "1da177e4c3f41524e886b7f1b8a0c1fc7321cac2"
_TRACKING_LIST = "regressions@lists.linux.dev"
_CLOSING = {"Closes": 0.95, "BugLink": 0.85, "Bug": 0.85}
_BACKPORTS = frozenset({"Upstream-commit", "Cherry-picked-from"})
_REPLIES = re.compile(r"\s*(?:re|aw|sv|antw|wg)\s*:", re.IGNORECASE)


def detect(mail: MailText) -> list[Signal]:
    r"""Find what the trailers and the subject of a mail say.

    Parameters
    ----------
    mail : MailText
        The mail; syzbot's own are not read here.

    Returns
    -------
    list of Signal
        ``report`` (tags of the subject; a hint if the list of regressions is a trailer),
        ``role``, ``closes``, ``culprit`` and ``fix``. A patch with ``Fixes:`` is a fix of
        its culprit, of kind ``mail``; a backport one of kind ``commit`` instead.

    Examples
    --------
    >>> from threadkit.mail.body import blocks
    >>> from threadkit.mail.trailers import trailers
    >>> body = 'Hold it.\n\nFixes: 09854ba94c6a ("mm: simplify")\nReported-by: Ann <a@example.org>\n'
    >>> cut = blocks(body)
    >>> mail = MailText("p@example.org", "[PATCH] mm: x", "Bo", "b@example.org", None, False, True,
    ...                 None, "p@example.org", body, cut, trailers(body, cut), [])
    >>> [(signal.kind, signal.value, signal.detail) for signal in detect(mail)]
    ... # doctest: +NORMALIZE_WHITESPACE
    [('culprit', '09854ba94c6a', 'mm: simplify'), ('fix', 'p@example.org', 'mail'),
     ('role', 'a@example.org', 'reporter')]

    References
    ----------
    Linux Documentation/process/submitting-patches.rst; handling-regressions.rst.
    """
    if is_robot(mail):
        return []
    found = list(_subject(mail))
    names = {one.name for one in mail.trailers}
    has_fixes = "Fixes" in names
    is_answer = has_fixes or any(name.startswith("Reported") for name in names)
    is_fix = mail.is_patch and not names & _BACKPORTS
    for trailer in mail.trailers:
        found += _roles(trailer)
        found += _links(mail, trailer, is_answer)
        is_cause = mail.is_patch and not has_fixes
        found += _commits(mail, trailer, is_cause=is_cause, is_answer=is_answer, is_fix=is_fix)
    return found


def _subject(mail: MailText) -> Iterator[Signal]:
    if _REPLIES.match(mail.subject) or mail.is_patch:
        return
    tag = _SUBJECT.search(mail.subject)
    if tag and not _NOT_NEW.search(tag[0]):
        yield Signal("report", "", (tag[1] or tag[2]).lower(), 0, 0, "subject-tag", 0.85)
    if _NEW_BUG.match(mail.subject):
        if said := _BUG_SAYS.search(mail.body):
            yield Signal("report", "", "Regression: Yes", *said.span(1), "bugzilla-regression", 0.9)
        else:
            yield Signal("report", "", "new bug", 0, 0, "bugzilla-new", 0.5)


def _roles(trailer: Trailer) -> Iterator[Signal]:
    """Read ``Reported-and-bisected-by:`` and its kin."""
    who = trailer.email or trailer.person
    if not trailer.name.lower().endswith("-by") or not who:
        return
    for word in trailer.name.lower().removesuffix("-by").split("-"):
        if role := _ROLES.get(word):
            rule = f"trailer-{word}"
            yield Signal("role", who, role, trailer.start, trailer.stop, rule, 0.97)


def _links(mail: MailText, trailer: Trailer, is_answer: bool) -> Iterator[Signal]:
    """Read what a patch closes; ``Link:`` counts in one that answers a report."""
    span = trailer.start, trailer.stop
    if trailer.name == "Cc" and not mail.is_patch and trailer.email == _TRACKING_LIST:
        yield Signal("report", "", "regressions list", *span, "trailer-cc-regressions", 0.3)
    score = _CLOSING.get(trailer.name, 0.0)
    if trailer.name == "Link" and mail.is_patch and is_answer:
        score = 0.7
    url = _URL.match(trailer.value) if score else None
    # patch.msgid.link says where a patch was posted, not what it is about.
    if url and "//patch.msgid.link/" not in url[1]:
        value = parse_link(url[1]).value
        if value != mail.message_id:
            rule = f"trailer-{trailer.name.lower()}"
            yield Signal("closes", value, trailer.name, *span, rule, score)


def _commits(
    mail: MailText, trailer: Trailer, *, is_cause: bool, is_answer: bool, is_fix: bool
) -> Iterator[Signal]:
    """Read causes and fixes; what a patch reverts is the cause if no ``Fixes:`` says better."""
    span = trailer.start, trailer.stop
    if trailer.name == "Fixes" and (named := _HASH.match(trailer.value)):
        title = _TITLE.fullmatch(named[2])
        words = " ".join((title[title.lastindex or 0] if title else "").split())
        score = 0.95 if mail.is_patch else 0.8
        if len(named[1]) < 8 or not _BEGINNING.startswith(named[1].lower()):
            yield Signal("culprit", named[1].lower(), words, *span, "fixes-trailer", score)
        if is_fix:
            yield Signal("fix", mail.message_id, "mail", *span, "fixes-trailer", 0.9)
    elif trailer.name in _BACKPORTS and mail.is_patch:
        # Much that is no fix is carried back, too.
        score = 0.8 if is_answer else 0.5
        yield Signal("fix", trailer.value, "commit", *span, "trailer-upstream", score)
    elif trailer.name == "Reverts" and is_cause:
        yield Signal("culprit", trailer.value, "", *span, "trailer-reverts", 0.7)
        yield Signal("fix", mail.message_id, "mail", *span, "trailer-reverts", 0.7)
