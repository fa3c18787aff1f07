"""Tell the name of a commit from every other run of hexadecimal digits in a mail.

Logs, addresses, Message-IDs, dates and checksums look like abbreviated hashes. What
decides is length, the characters beside it, the word before it and the title after it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_SHORTEST = 7
_SURE = 12
_FULL = 40
_SHORT_IN_PROSE = 9
_WINDOW = 400  # a title with its quotes, over at most three lines
_BEFORE = frozenset(" \t\n([{<\"'`,;:|*\u201c\u2018\u00a0.=#")
_AFTER = frozenset(" \t\n)]}>\"'`,;:|*^~.!?(<\u201d\u2019\u2026\u00a0")
# Seven letters of a word ("defaced") or digits of a number are no hash; both are needed.
_NAMED = re.compile(
    r"(?<![\w-])(?:(commits?)(?:[ -]id)?|sha|sha-?1|rev|revision|revert(?:s|ed|ing)?|fixes|good|bad"
    r"|(?:\^?introduced\^?|introduced-by|#regzbot fix)|cherry-pick(?:ed|ing|s)?"
    r"|git (?:show|log|revert|diff|checkout|describe|rev-parse|bisect \w+|merge-base)"
    r"|back-?port(?:s|ed|ing)?(?: of)?|updating|merged as|applied as|bisected to|as of)$"
)
_DENIED = re.compile(
    r"(?<![\w-])(?:index|md5(?:sum)?|sha-?256(?:sum)?|uuid|guid|build[- ]id|addr(?:ess)?|id|serial"
    r"|patch-?id|crc(?:32c?)?|checksum|digest|blob|trace|fingerprint)$"
)
_STABLE = re.compile(r"(?:stable[\w@.-]*>?|\d\.[\dxy]+\+?)$")
_IN_NAMES = frozenset("*^~.!|'`(")
_TOKEN = re.compile(r"[^\s<>]{0,250}")
_MARKS = " \t\n:#\"'([`<*|"
_PREFIXES = (" pre-", "\npre-", " post-", "\npost-", " non-", "(pre-", "(post-")
# The name of a file in a commit, or a sentence begun too close.
_OBJECT = re.compile(r":(?:[A-Z][a-z]+[ ,]|[\w.-]*[/.g-z][\w./-]*)")
_EQUALS = ("id=", "grep=", "rev=", "sha=", "sha1=", "commit=", "base=", "oid=", "since=")
# Between hexadecimal digits and the tag before them in the names that git describe makes.
_DESCRIBED = re.compile(r"(?<![\w.-])v?\d+\.\d+(?:\.\d+)?(?:-rc\d+)?-[1-9]\d{0,5}-g$")
_PROSE = re.compile(r"(?:\A|[\s(])[\"'(]?[a-zA-Z][a-z']*[,:;.]?[ \n]+[(\[`'\"]?$")
_CHAIN = re.compile(r"[)\]]?\s*(?:,|&|/|and|or|,\s*and|\.\.\.?|\^\.\.|to)?\s*(?:commit\s)?[(\[]?")
_DUMP = re.compile(
    r"(?:\A|[^\w.])(?:[RE][A-Z0-9]{1,2}|[xX]\d\d?|CR\d|DR\d|[CDEFGS]S|raw|sp|pc|lr|psr"
    r"|Code|addr(?:ess)?|pfn|kernel: \[)\s*:|\A[\s\u00a0]*\[[\s\u00a0]*\d+\.\d+\]|0x",
    re.ASCII,
)
# A line of git blame, and the first line of a mail of git format-patch, cite nothing.
_LISTING = re.compile(
    r"[ \t]+[(\w][^\n\d]{1,40}[ \t]\d{4}-\d\d-\d\d[ \t]|[ ]Mon Sep 17 00:00:00 2001"
)
_LISTED = re.compile(
    r"[ \t]*(?:[*|\-\u2022o#]|\d{1,4}[.)]?|\[\d{1,3}\]:?|(?:\w+ )?commit:)?[ \t]*"
    r"(?:[*|/\\][ \t]*)*"
)
_TITLE = re.compile(
    r"""[ \t]*+(?:\n[ \t]*+)?(?:
        \(\s*+["\u201c](?P<quoted>(?:(?!\(["\u201c])[^\n])*?
            (?:\n(?![ \t]*(?:Fixes:|[A-Z][a-z-]+-by:))(?:(?!\(["\u201c])[^\n])+?){0,2}?)["\u201d]\s*+\)
      | \(\s*+['\u2018](?P<single>[^\n]*?(?:\n[^\n]+?){0,2}?)['\u2019]\s*+\)
      | \(\s*+["\u201c](?P<cut>[^\n"]{4,}+)["]?
      | \((?P<plain>[\w/.,&+ \t-]{2,40}+:\s[^()\n]*+(?:\([^()\n]*+\)[^()\n]*+){0,9}
            (?:\n[^()\n]++(?:\([^()\n]*+\)[^()\n]*+){0,9}){0,2})\)
      | [:,]?\ ?["\u201c](?P<bare>[^\n"\u201d]{4,}+(?:\n[^\n"\u201d]++){0,2})["\u201d]
      | '(?P<tick>[^\n']{8,}+(?:'[a-z][^\n']*+){0,3}(?:\n[^\n']++)?)'(?!\w)
    )""",
    re.VERBOSE,
)
_MERGE = re.compile(
    r"\]?[ \t]+(Merge (?:(?:branch|tag|remote|commit|series|patch|bk)|[\w.@+-]+:[\w./~-])[^\n]*)"
)
_REST = re.compile(
    r"\]?(?:[ \t]+-[ \t]+|:?[ \t]+)(?:\([^()\n]*\)[ \t]+)?([^\s-][^\n]{4,150})(?=\n|\Z)"
)
_SUBSYSTEM = re.compile(r"[\w/.,&+@() *-]{2,60}: \S|Revert \"|Linux \d|Merge ")


_ONELINE = re.compile(
    r" ([a-z][\w/.,-]{1,30}(?:: ?[\w/., -]{2,30})?: [A-Za-z][^\n:;]{6,150})(?=\n|\Z)"
)


class Hash(NamedTuple):
    """A commit as a mail names it: hash, title (may be empty), and the text's characters."""

    sha: str
    title: str
    start: int
    stop: int


def commit_at(
    body: str, at: int, end: int, low: int, high: int, previous: int | None
) -> Hash | None:
    r"""Judge one run of hexadecimal digits.

    Parameters
    ----------
    body : str
        The text.
    at, end : int
        Where the run's first digit is (letters may stand before it) and where it ends.
    low, high : int
        The range of the author's own text around it; nothing outside is looked at.
    previous : int or None
        Where the citation of a commit before this one ended, for enumerations.

    Returns
    -------
    Hash or None
        None if it is no commit.

    Examples
    --------
    >>> text = 'see commit 09854ba94c6a ("mm: do_wp_page()\n simplification") there'
    >>> commit_at(text, 11, 23, 0, len(text), None)
    Hash(sha='09854ba94c6a', title='mm: do_wp_page() simplification', start=11, stop=60)
    >>> commit_at("RAX: 0000ffff8880478f", 5, 21, 0, 21, None) is None
    True
    """
    start = at
    floor = max(low, end - _FULL - 1)
    while start > floor and "a" <= body[start - 1] <= "f":
        start -= 1
    length = end - start
    if not _SHORTEST <= length <= _FULL or not _stands_alone(body, start, end, low, high):
        return None
    sha = body[start:end]
    named = _named(body, start, low)
    if named is None:
        return None
    window = min(high, end + _WINDOW)
    is_sure = bool(named) or length >= _SURE
    title, stop = _title_after(body, start, end, low, window, is_sure)
    if sha.isdigit() and length < _FULL and not named.startswith("commit"):
        after = body[end : end + 8].lstrip()
        is_plain = after[:1] == "(" and after[1:2] not in {'"', "\u201c", "'"}
        if not title or (is_plain and length < _SURE):
            return None
    is_plain_hash = not title and not named and not _chained(body, previous, start)
    if is_plain_hash and not _plausible_alone(body, sha, start, end, low):
        return None
    if _LISTING.match(body, end, window):
        return None
    return Hash(sha, title, start, stop)


def _named(body: str, start: int, low: int) -> str | None:
    """Give the word before a hash that makes it one, ``""`` if none, None if it denies it."""
    before = body[max(low, start - 64) : start]
    if before.endswith("-g"):
        return "describe"
    if before.endswith(".."):
        before = before.rstrip(".0123456789abcdef")
    last = before[-24:].lower()
    before = last.rstrip(_MARKS)
    if match := _NAMED.search(before):
        return match[1] or before[match.start() :]
    if _STABLE.search(before) and "stable" in _line_before(body, start, low):
        return "stable"
    return None if _DENIED.search(before) and "\n" not in last[len(before) :] else ""


def _stands_alone(body: str, start: int, end: int, low: int, high: int) -> bool:
    if start > low:
        before = body[start - 1]
        if before not in _BEFORE:
            ahead = body[max(low, start - 40) : start]
            if not (before == "g" and _DESCRIBED.search(ahead)) and not ahead.endswith(_PREFIXES):
                return False
        if before == "." and body[start - 2 : start] != ".." and start - 2 >= low:
            return False
        if before == "=" and not body[max(low, start - 7) : start].endswith(_EQUALS):
            return False
    if end < high:
        after = body[end]
        if after not in _AFTER:
            return False
        token = _TOKEN.match(body, end, high) if after in _IN_NAMES else None
        if token and "@" in token[0]:
            return False  # of a Message-ID
        if after == "." and end + 1 < high and body[end + 1].isalnum():
            return False
        if after == ":" and end + 1 < high and not body[end + 1].isspace():
            return end - start >= _SURE and _OBJECT.match(body, end, high) is not None
    return True


def _title_after(
    body: str, start: int, end: int, low: int, window: int, is_sure: bool
) -> tuple[str, int]:
    """Read the title that follows a hash; ``("", end)`` if there is none."""
    if end >= window:
        return "", end
    if match := _TITLE.match(body, end, window):
        title = " ".join(match[match.lastindex or 0].split())
        return title[1:] if title[:1] == '"' and title.count('"') == 1 else title, match.end()
    if match := _MERGE.match(body, end, window):
        return match[1].rstrip(), match.start(1) + len(match[1].rstrip())
    if not is_sure:
        return _oneline(body, start, end, low, window)
    in_list = body[end] == "]" and body[start - 1 : start] == "["  # as in git bisect log
    if not in_list:
        line = _line_start(body, start, max(low, start - 40))
        in_list = _LISTED.fullmatch(body, line, start) is not None
    if in_list and (match := _REST.match(body, end, window)):
        title = match[1].split("http", 1)[0].rstrip()
        if _SUBSYSTEM.match(title):
            return title, match.start(1) + len(title)
    return "", end


def _oneline(body: str, start: int, end: int, low: int, window: int) -> tuple[str, int]:
    """Read ``1234abc mm: a title`` on a line of its own, as git log --oneline writes it."""
    line = _line_start(body, start, max(low, start - 8))
    if _LISTED.fullmatch(body, line, start) is None or body[start:end].isdigit():
        return "", end
    if body[start:end].isalpha() or (match := _ONELINE.match(body, end, window)) is None:
        return "", end
    title = match[1].rstrip()
    return title, match.start(1) + len(title)


def _chained(body: str, previous: int | None, start: int) -> bool:
    """Say if this continues ``commits 1234567, 89abcde and f012345``."""
    if previous is None or start - previous > 16:
        return False
    return _CHAIN.fullmatch(body, previous, start) is not None


def _plausible_alone(body: str, sha: str, start: int, end: int, low: int) -> bool:
    """Tell a lone hash from addresses, registers, checksums and the ids of patches."""
    length = len(sha)
    if length != _FULL and (length in (16, 24, 32) or sha.startswith(("ffff", "0000"))):
        return False
    line = _line_before(body, start, low)
    if length == _FULL:
        return bool(line.strip()) or "patch-id" not in _line_above(body, start - len(line), low)
    if length < _SURE:
        return _in_prose(body, sha, start, end, line)
    return _DUMP.search(line) is None


def _in_prose(body: str, sha: str, start: int, end: int, line: str) -> bool:
    """Tell ``the backport of 1234abcde.`` from a number: of 9 digits and more, among words."""
    if len(sha) < _SHORT_IN_PROSE or _DUMP.search(line):
        return False
    if body[start - 1 : start] == "(":
        if body[end : end + 1] not in ")":
            return False
    elif body[end : end + 1] not in {"", " ", "\n", ".", ",", ")", "?", ";"}:
        return False
    if not 2 <= sum(digit.isalpha() for digit in sha) <= len(sha) - 2:
        return False
    return _PROSE.search(body, max(0, start - 40), start) is not None


def _line_before(body: str, at: int, low: int) -> str:
    """Return what of its line stands before ``at``, at most 200 characters."""
    return body[_line_start(body, at, max(low, at - 200)) : at]


def _line_above(body: str, line: int, low: int) -> str:
    """Return the line above the one that begins at ``line``."""
    return body[_line_start(body, line - 1, max(low, line - 200)) : line] if line > low else ""


def _line_start(body: str, at: int, floor: int) -> int:
    """Find where the line begins, or ``floor`` if that is before it."""
    return max(floor, body.rfind("\n", floor, at) + 1)
