"""How far a diff, or a diffstat, reaches: told from hunk counts, not from looks."""

from __future__ import annotations

import re
from collections.abc import Sequence

# A count of more digits is no count: int() refuses some thousand digits.
_HUNK = re.compile(r"@@ -\d+(?:,(\d{1,9}))? \+\d+(?:,(\d{1,9}))? @@").match
_BEGIN = re.compile(r"diff (?:--(?:git|cc|combined) |-\S+ .)|Index: \S|@@ -\d+(?:,\d+)? \+\d").match
_HEADER = (
    "diff ",
    "index ",
    "old mode ",
    "new mode ",
    "new file mode ",
    "deleted file mode ",
    "similarity index ",
    "dissimilarity index ",
    "rename from ",
    "rename to ",
    "copy from ",
    "copy to ",
    "Binary files ",
    "Index: ",
    "======",
    "+++ ",
)
_VERSION = re.compile(r"\d+\.\d").match
# What stands after the bar of a diffstat line, and the lines under the list of files.
_STAT = re.compile(r"(?:\d+(?: [+\-]*)?|Bin(?: .*)?|Unmerged)\s*$").match
_SUMMARY = re.compile(
    r" ?(?:\d+ files? changed(?:, |$)|(?:create|delete) mode \d{6} |mode change \d{6} |"
    r"(?:rename|copy) .{1,300} \(\d+%\)$)"
).match
_SIGNATURE = ("-- ", "--")
_HUNK_LINE = frozenset("+- \t\\")
_LONGEST_STAT = 300  # characters


def begins_diff(lines: Sequence[str], number: int) -> bool:
    """Tell whether a diff begins at this line.

    Parameters
    ----------
    lines : sequence of str
        The lines of a body, without line ends.
    number : int
        Index of the line asked about.

    Examples
    --------
    >>> begins_diff(["--- a/x", "+++ b/x"], 0)
    True
    >>> begins_diff(["--- a/x", "and so on"], 0)
    False
    """
    line = lines[number]
    if line.startswith("--- "):
        return number + 1 < len(lines) and lines[number + 1].startswith("+++ ")
    return _BEGIN(line) is not None


def diff_stop(lines: Sequence[str], start: int) -> int:
    """Find the end of the diff that begins at a line.

    Parameters
    ----------
    lines : sequence of str
        The lines of a body, without line ends.
    start : int
        Index of a line for which :func:`begins_diff` holds.

    Returns
    -------
    int
        Index of the first line after the diff; blank lines at its end are left out.

    Examples
    --------
    >>> diff_stop(["@@ -1 +1 @@", "-a", "+b", "Thanks"], 0)
    3

    Notes
    -----
    Hunks end where their counts say so; a hunk that mail damaged (wrapped lines, cut
    short) ends at the first line that cannot belong to it. Linear in the lines read.
    """
    number = stop = start
    count = len(lines)
    while number < count:
        line = lines[number]
        if line.startswith("@@"):
            number = stop = _hunk_stop(lines, number)
        elif line.startswith("GIT binary patch"):
            number = stop = _binary_stop(lines, number)
        elif line.startswith(_HEADER):
            number += 1 + _is_wrapped_header(lines, number)
            stop = number
        elif line.startswith("--- ") and begins_diff(lines, number):
            number += 2
            stop = number
        elif not line.strip():
            number = _next_diff(lines, number)
            if number < 0:
                break
        else:
            break
    return max(stop, start + 1)


def _is_wrapped_header(lines: Sequence[str], number: int) -> bool:
    """Tell whether `diff --git a/... b/...` was broken in two before the second path."""
    if not lines[number].startswith("diff ") or number + 2 >= len(lines):
        return False
    return lines[number + 1].startswith("b/") and lines[number + 2].startswith((*_HEADER, "--- "))


def _next_diff(lines: Sequence[str], number: int) -> int:
    """Skip blank lines before another file of the same diff; -1 if none follows."""
    count = len(lines)
    while number < count and not lines[number].strip():
        number += 1
    return number if number < count and begins_diff(lines, number) else -1


def _hunk_stop(lines: Sequence[str], start: int) -> int:
    found = _HUNK(lines[start])
    if found is None:
        return _loose_stop(lines, start + 1)
    old = int(found[1] or 1) if found[1] != "0" else 0
    new = int(found[2] or 1) if found[2] != "0" else 0
    number, count = start + 1, len(lines)
    while number < count and (old > 0 or new > 0):
        line = lines[number]
        first = line[:1]
        if first == "+":
            new -= 1
        elif first == "-":
            if line in _SIGNATURE and _ends_at_signature(lines, number):
                break
            old -= 1
        elif first == " " or first == "\t" or not first:
            old -= 1
            new -= 1
        elif first != "\\" and not _is_wrapped(lines, number):
            break
        number += 1
    if number < count and lines[number].startswith("\\ "):
        number += 1
    while number > start + 1 and not lines[number - 1]:
        number -= 1
    return number


def _ends_at_signature(lines: Sequence[str], number: int) -> bool:
    """Tell a signature from a removed line `- `: no line of a diff follows it."""
    after = lines[number + 1] if number + 1 < len(lines) else ""
    return after[:1] not in _HUNK_LINE or _VERSION(after) is not None


def _is_wrapped(lines: Sequence[str], number: int) -> bool:
    """Tell whether a mailer broke the line before into two."""
    if number + 1 >= len(lines) or len(lines[number - 1]) < 55:
        return False
    after = lines[number + 1][:1]
    return after in _HUNK_LINE or (not after and lines[number - 1].startswith("@@"))


def _loose_stop(lines: Sequence[str], number: int) -> int:
    """End a hunk whose header has no counts: at the first line without a mark."""
    while number < len(lines) and lines[number][:1] in _HUNK_LINE:
        number += 1
    return number


def _binary_stop(lines: Sequence[str], start: int) -> int:
    number, stop, count = start + 1, start + 1, len(lines)
    while number < count and lines[number].startswith(("literal ", "delta ")):
        while number < count and lines[number]:
            number += 1
        stop = number
        number += 1
    return stop


def diffstat_stop(lines: Sequence[str], start: int) -> int:
    """Find the end of the diffstat that begins at a line.

    Parameters
    ----------
    lines : sequence of str
        The lines of a body, without line ends.
    start : int
        Index of the first line.

    Returns
    -------
    int
        Index of the first line after it; ``start`` if there is no diffstat.

    Examples
    --------
    >>> diffstat_stop([" mm/a.c | 3 +--", " 1 file changed, 1 insertion(+)", "", "x"], 0)
    2
    >>> diffstat_stop(["a | b"], 0)
    0
    """
    number = start
    while number < len(lines) and _is_stat(lines[number]):
        number += 1
    return number


def _is_stat(line: str) -> bool:
    if len(line) > _LONGEST_STAT:
        return False
    name, bar, count = line.rpartition(" | ")
    if bar and name.strip() and _STAT(count.lstrip()):
        return True
    return _SUMMARY(line) is not None
