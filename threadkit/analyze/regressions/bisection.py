"""What bisections found: logs of ``git bisect``, their results, and the robots that run them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

from threadkit.analyze.mailtext import MailText
from threadkit.analyze.regressions.bisectlog import BisectLog, bisect_logs, lines_of
from threadkit.analyze.regressions.values import Mood, Signal
from threadkit.mail.quotemarks import content_spans

_SHOWN = re.compile(
    r"[ \t]*commit ([0-9a-f]{40})[^\n]*\n(?:[ \t]*[A-Z]\w+:[^\n]*\n){1,6}[ \t]*\n"
    r"((?:[ \t]*[^\s\n][^\n]*(?:\n|\Z)){1,3})"
)
_FIRST_BAD = re.compile(
    r"(?<![\w/-])([0-9a-f]{7,40})(?:\s+\(\s*\"?([^()]{1,160}(?:\(\)[^()]{0,80}){0,2}?)\"?\s*\))?"
    r"(?:\s*\[\d{1,2}\])?\s+(?:is|was)\s+(?:the\s+)?first\s+(?:bad|new)\s+commit\b"
)
_FIRST_BAD_IS = re.compile(
    r"\bfirst (?:bad|new) commit(?:\s+is|\s+was|:)?\s+(?:commit\s+)?\[?(?=[0-9a-f]{7,40}\b)"
)
_FIRST_OF_SKIPPED = re.compile(r"The first bad commit could be any of:\s*\n")
_BARE_HASH_LINE = re.compile(r"\s*([0-9a-f]{40})[ \t]*(?:\n|\Z)")
# What stands before a commit that a bisection found.
_FOUND = re.compile(
    r"""\bbisect(?:
        ed(?:\s+(?:it|this|that|the\s+\w+))?(?:\s+back|\s+down)?\s+to
      | (?:ion|ing)?(?:\s+\w+){0,3}?\s+
        (?:(?:has\s+)?(?:identified|found)|(?:points?|pointed|pointing|leads?|led)\s+(?:to|at)
          |(?:ended|ends)\s+(?:up\s+)?(?:at|with|in)|landed\s+(?:on|at)|blames?|blamed)
    )
    (?:\s+(?:the|this|that|following|first|bad|offending|mainline|upstream|culprit|commit|patch
        |change)){0,4}\s*[:,]?\s*[(\[]?\Z""",
    re.VERBOSE | re.IGNORECASE,
)
_DENIED = re.compile(r"(?:\bnot|n't|\bnever|\bcannot|\bno)\s+(?:\w+\s+){0,2}\Z", re.IGNORECASE)
_NOT = re.compile(r"\b(?:not|never|cannot)\b", re.IGNORECASE)
_SUPPOSED = re.compile(r"(?:\bif|\bmight|\bmay|\bcould|\bwould)\s+(?:\w+\s+){0,2}\Z", re.IGNORECASE)
_I = re.compile(r"\b(?:I|we)\b(?:'ve|\s+\w+){0,2}\s+\Z", re.IGNORECASE)
_BEFORE = 120
_RELEASE = re.compile(r"v?(\d+\.\d+(?:\.\d+)*(?:-rc\d+)?|next-\d{8})")


def shown_commit(body: str, at: int) -> tuple[str, str, int] | None:
    r"""Read a commit as ``git show`` and ``git bisect`` print it.

    Parameters
    ----------
    body : str
        The text.
    at : int
        Where the line ``commit HASH`` begins.

    Returns
    -------
    (str, str, int) or None
        Hash, title (unfolded), and the end of the title.

    Examples
    --------
    >>> shown_commit("commit " + "ab" * 20 + "\nAuthor: Ann\nDate: today\n\n    mm: one\n", 0)
    ('abababababababababababababababababababab', 'mm: one', 84)
    """
    match = _SHOWN.match(body, at)
    if match is None:
        return None
    return match[1], " ".join(match[2].split()), match.start(2) + len(match[2].rstrip())


def detect(mail: MailText) -> list[Signal]:
    r"""Find the bisections of a mail.

    Parameters
    ----------
    mail : MailText
        The mail. Own words count; a finished log in a quote counts for less (rule
        ``bisect-log-quoted``), for when the mail that it comes from is missing.

    Returns
    -------
    list of Signal
        ``bisection``, ``culprit``, ``works``, ``fails``, ``role``.

    Examples
    --------
    >>> from threadkit.mail.body import blocks
    >>> body = "ab" * 20 + " is the first bad commit\n"
    >>> mail = MailText("a@example.org", "x", "Ann", "ann@example.org", None, False, False, None,
    ...                 "a@example.org", body, blocks(body), [], [])
    >>> [(signal.kind, signal.value[:8], signal.rule) for signal in detect(mail)]
    [('culprit', 'abababab', 'first-bad-commit'), ('role', 'ann@exam', 'first-bad-commit')]

    References
    ----------
    git-bisect(1).
    """
    body = mail.body
    if "isect" not in body and "first bad commit" not in body:
        return []
    found: list[Signal] = []
    logs = list(bisect_logs(body, _own_lines(mail)))
    for log in logs:
        found += _of_log(log, mail)
    for low, high in mail.own_ranges():
        results = _first_bad(body, low, high)
        found += [one for one in results if not _inside(one.start, logs)]
        found += _left_over(body, low, high)
    known = sorted((one.start, one.stop) for one in found)
    covered = list(accumulate((stop for _, stop in known), max))  # the farthest end so far
    for one in _named(mail):
        before = bisect_right(known, (one.start, len(body)))
        if not before or covered[before - 1] <= one.start:
            found.append(one)
    if all(one.kind != "role" for one in found):
        found += _bisector_of(mail, found)
    if not found:
        found += _quoted(mail)
    return found


def _own_lines(mail: MailText) -> Iterator[tuple[int, int]]:
    for low, high in mail.own_ranges():
        yield from lines_of(mail.body, low, high)


def _quoted_lines(mail: MailText) -> Iterator[tuple[int, int]]:
    for block in mail.blocks:
        if block.kind == "quote" and block.depth == 1:
            yield from content_spans(mail.body, block)


def _inside(at: int, logs: list[BisectLog]) -> bool:
    """Say if a place is in one of the logs, which are in the order of the text."""
    before = bisect_right(logs, at, key=_start)
    return before > 0 and at < logs[before - 1].stop


def _start(log: BisectLog) -> int:
    return log.start


def _quoted(mail: MailText) -> Iterator[Signal]:
    """Give the results of quoted logs; who bisected is not the author of this mail."""
    for log in bisect_logs(mail.body, _quoted_lines(mail)):
        if log.first_bad and not log.problem:
            name, title = log.first_bad, log.title
            yield Signal("culprit", name, title, log.start, log.stop, "bisect-log-quoted", 0.6)


def _bisector_of(mail: MailText, found: list[Signal]) -> Iterator[Signal]:
    """Name the author as the bisector, if a result is shown or the author says I or we."""
    for one in found:
        if one.kind != "culprit" or one.mood != "said":
            continue
        before = mail.body[max(0, one.start - 24) : one.start]
        if one.rule == "first-bad-commit" or _I.search(before):
            yield from _bisector(mail, one.start, one.stop, one.rule)
            return


def _bisector(mail: MailText, start: int, stop: int, rule: str) -> Iterator[Signal]:
    if who := mail.from_email or mail.from_name:
        yield Signal("role", who, "bisector", start, stop, rule, 0.85)


def _of_log(log: BisectLog, mail: MailText) -> Iterator[Signal]:
    """Say what a log says; a finished one names a commit, another one leaves a range."""
    span = log.start, log.stop
    rule, score = "bisect-log", 0.95
    if log.first_bad and log.problem:
        rule, score = f"{rule}-inconsistent", score / 2
    yield Signal("bisection", log.first_bad, log.counts, *span, rule, score)
    if log.first_bad:
        yield Signal("culprit", log.first_bad, log.title, *span, rule, score)
    elif log.candidates:
        share = max(0.1, round(0.9 / len(log.candidates), 2))
        for sha in log.candidates:
            yield Signal("culprit", sha, "", *span, f"{rule}-candidate", share)
    elif log.range and not log.problem.endswith("good and bad"):
        yield Signal("culprit", log.range, "", *span, f"{rule}-open", 0.6)
    for name in log.good:
        if release := _RELEASE.fullmatch(name):
            yield Signal("works", release[1], "release", *span, rule, score)
    for name in log.bad:
        if release := _RELEASE.fullmatch(name):
            yield Signal("fails", release[1], "release", *span, rule, score)
    yield from _bisector(mail, *span, rule)


def _first_bad(body: str, low: int, high: int) -> Iterator[Signal]:
    """Find ``HASH is the first bad commit``, with the title of the commit shown below."""
    for match in _FIRST_BAD.finditer(body, low, high):
        title = " ".join((match[2] or "").split())
        line_end = body.find("\n", match.end(), high)
        shown = shown_commit(body, line_end + 1) if line_end >= 0 else None
        stop = match.end()
        if shown and shown[0].startswith(match[1]):
            title, stop = shown[1], shown[2]
        mood = _mood(body, low, match.start())
        yield Signal(
            "culprit", match[1], title, match.start(), stop, "first-bad-commit", 0.95, mood
        )


def _left_over(body: str, low: int, high: int) -> Iterator[Signal]:
    """Find the list that git prints when only skipped commits are left."""
    for match in _FIRST_OF_SKIPPED.finditer(body, low, high):
        at, named = match.end(), []
        while line := _BARE_HASH_LINE.match(body, at, high):
            named.append((line[1], line.start(1), line.end(1)))
            at = line.end()
        if named:
            span = match.start(), named[-1][2]
            rule = "first-bad-of-skipped"
            yield Signal("bisection", "", f"good=0 bad=0 skip={len(named)}", *span, rule, 0.9)
            share = max(0.1, round(0.9 / len(named), 2))
            for sha, start, stop in named:
                yield Signal("culprit", sha, "", start, stop, rule, share)


def _named(mail: MailText) -> Iterator[Signal]:
    """Find the commits that the words before them say a bisection found."""
    for citation in mail.citations:
        if citation.kind != "commit":
            continue
        before = mail.body[max(0, citation.start - _BEFORE) : citation.start]
        rule = "bisected-to"
        match = _FOUND.search(before)
        if match is None and (
            match := _FIRST_BAD_IS.search(before + mail.body[citation.start :][:41])
        ):
            rule = "first-bad-commit"
            match = match if match.end() == len(before) else None
        if match is None:
            continue
        start = citation.start - len(before) + match.start()
        mood = "negated" if _NOT.search(match[0]) else _mood(mail.body, 0, start)
        score = 0.9 if rule == "bisected-to" else 0.95
        value, title = citation.value, citation.title
        yield Signal("culprit", value, title, start, citation.stop, rule, score, mood)


def _mood(body: str, low: int, at: int) -> Mood:
    before = body[max(low, at - 40) : at]
    if _DENIED.search(before):
        return "negated"
    return "hypothetical" if _SUPPOSED.search(before) else "said"
