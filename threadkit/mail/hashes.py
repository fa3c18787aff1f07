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
_WINDOW = 400  # a title with its quotes, over at most three lines
_BEFORE = frozenset(" \t\n([{<\"'`,;:|*\u201c\u2018\u00a0.=#")
_AFTER = frozenset(" \t\n)]}>\"'`,;:|*^~.!?(<\u201d\u2019\u2026\u00a0")
# Seven letters of a word ("defaced") or digits of a number are no hash; both are needed.
_WORDS = (
    *("commit", "commits", "sha", "sha1", "revert", "reverts", "reverted", "reverting", "fixes"),
    *("introduced", "introduced-by", "#regzbot fix", "cherry-pick", "cherry-picked", "bad"),
    *("good", "git show", "commit id", "commit-id", "git revert"),
)
_NOT = ("index", "md5", "sha256", "md5sum", "uuid", "build id", "addr", "address", "id")
_CHAIN = re.compile(r"[)\]]?\s*(?:,|&|/|and|or|,\s*and|\.\.\.?|\^\.\.|to)?\s*(?:commit\s)?[(\[]?")
_DUMP = re.compile(
    r"(?:\A|[^\w.])(?:[RE][A-Z0-9]{1,2}|[xX]\d\d?|CR\d|DR\d|[CDEFGS]S|raw|sp|pc|lr|psr"
    r"|Code|addr(?:ess)?|pfn|kernel: \[)\s*:|\A\s*\[\s*\d+\.\d+\]|0x",
    re.ASCII,
)
# A line of git blame, and the first line of a mail of git format-patch, cite nothing.
_LISTING = re.compile(
    r"[ \t]+[(\w][^\n\d]{1,40}[ \t]\d{4}-\d\d-\d\d[ \t]|[ ]Mon Sep 17 00:00:00 2001"
)
_LISTED = re.compile(
    r"[ \t]*(?:[*|\-\u2022o#]|\d{1,4}[.)]?|\[\d{1,3}\]:?)?[ \t]*(?:[*|/\\][ \t]*)*"
)
_TITLE = re.compile(
    r"""[ \t]*+(?:\n[ \t]*+)?(?:
        \(\s*+["\u201c](?P<quoted>[^\n]*?(?:\n[^\n]+?){0,2}?)["\u201d]\s*+\)
      | \(\s*+['\u2018](?P<single>[^\n]*?(?:\n[^\n]+?){0,2}?)['\u2019]\s*+\)
      | \(\s*+["\u201c](?P<cut>[^\n"]{4,}+)["]?
      | \((?P<plain>[\w/.,&+ \t-]{2,40}+:\s[^()\n]*+(?:\([^()\n]*+\)[^()\n]*+){0,3}
            (?:\n[^()\n]++(?:\([^()\n]*+\)[^()\n]*+){0,3}){0,2})\)
      | [:,]?\ ?["\u201c](?P<bare>[^\n"\u201d]{4,}+(?:\n[^\n"\u201d]++){0,2})["\u201d]
      | '(?P<tick>[^\n']{8,}+(?:'[a-z][^\n']*+){0,3}(?:\n[^\n']++)?)'(?!\w)
    )""",
    re.VERBOSE,
)
_MERGE = re.compile(r"\]?[ \t]+(Merge (?:branch|tag|remote|commit|series|patch)[^\n]*)")
_REST = re.compile(
    r"\]?(?:[ \t]+-[ \t]+|:?[ \t]+)(?:\([^()\n]*\)[ \t]+)?([^\s-][^\n]{4,150})(?=\n|\Z)"
)
_SUBSYSTEM = re.compile(r"[\w/.,&+@() *-]{2,60}: \S|Revert \"|Linux \d|Merge ")


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
    title, stop = _title_after(body, start, end, low, window, bool(named) or length >= _SURE)
    if sha.isdigit() and length < _FULL and not title and not named.startswith("commit"):
        return None
    if not title and not named and not _chained(body, previous, start):
        if length < _SURE:
            return None
        if length != _FULL and not _plausible_alone(body, sha, start, low):
            return None
    if _LISTING.match(body, end, window):
        return None
    return Hash(sha, title, start, stop)


def _named(body: str, start: int, low: int) -> str | None:
    """Give the word before a hash that makes it one, ``""`` if none, None if it denies it."""
    before = body[max(low, start - 64) : start]
    if before.endswith(".."):
        before = before.rstrip(".0123456789abcdef")
    before = before[-24:].rstrip(" \t\n:#\"'([`<*|").lower()
    if before.endswith(_WORDS):
        return before.rsplit(None, 1)[-1]
    return None if before.endswith(_NOT) else ""


def _stands_alone(body: str, start: int, end: int, low: int, high: int) -> bool:
    if start > low:
        before = body[start - 1]
        if before not in _BEFORE:
            return False
        if before == "." and body[start - 2 : start] != ".." and start - 2 >= low:
            return False
        if before == "=" and body[max(low, start - 3) : start] != "id=":
            return False
    if end < high:
        after = body[end]
        if after not in _AFTER:
            return False
        if after == "." and end + 1 < high and body[end + 1].isalnum():
            return False
        if after == ":" and end + 1 < high and not body[end + 1].isspace():
            return False
    return True


def _title_after(
    body: str, start: int, end: int, low: int, window: int, is_sure: bool
) -> tuple[str, int]:
    """Read the title that follows a hash; ``("", end)`` if there is none."""
    if end >= window:
        return "", end
    if match := _TITLE.match(body, end, window):
        return " ".join(match[match.lastindex or 0].split()), match.end()
    if match := _MERGE.match(body, end, window):
        return match[1].rstrip(), match.start(1) + len(match[1].rstrip())
    if not is_sure:
        return "", end
    in_list = body[end] == "]" and body[start - 1 : start] == "["  # as in git bisect log
    if not in_list:
        line = _line_start(body, start, max(low, start - 40))
        in_list = _LISTED.fullmatch(body, line, start) is not None
    if in_list and (match := _REST.match(body, end, window)):
        title = match[1].rstrip()
        if _SUBSYSTEM.match(title):
            return title, match.start(1) + len(title)
    return "", end


def _chained(body: str, previous: int | None, start: int) -> bool:
    """Say if this continues ``commits 1234567, 89abcde and f012345``."""
    if previous is None or start - previous > 16:
        return False
    return _CHAIN.fullmatch(body, previous, start) is not None


def _plausible_alone(body: str, sha: str, start: int, low: int) -> bool:
    """Tell a lone abbreviated hash from addresses, registers and checksums."""
    if len(sha) in (16, 24, 32) or sha.startswith(("ffff", "0000")):
        return False
    line = _line_start(body, start, max(low, start - 200))
    return _DUMP.search(body[line:start]) is None


def _line_start(body: str, at: int, floor: int) -> int:
    """Find where the line begins, or ``floor`` if that is before it."""
    return max(floor, body.rfind("\n", floor, at) + 1)
