"""What a revision of a patch did to lines that somebody spoke of, and what its changelog says."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Literal, NamedTuple

NEAR = 2
"""So many lines above and below what was quoted count as its surroundings."""

_FILE = re.compile(r"\+\+\+ (?:[^/\s]+/)?(\S.*?)\s*\Z")
_HUNK = re.compile(r"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_HEADING = re.compile(
    r"^[ \t]*(?:[*-][ \t]+)?(?:change(?:s|log| log)\b.*|(?:since|from|in)\s+\[?v\d+\]?\b.*|"
    r"\[?(?:RFC )?v\d+\]?(?:\s*(?:->|=>|to)\s*v\d+)?\s*(?:\(.*\))?)[ \t]*:?[ \t]*$",
    re.IGNORECASE,
)
_INLINE = re.compile(
    r"^[ \t]*(?:[*-][ \t]+)?\[?v\d+\]?(?:\s*(?:->|=>|to)\s*v\d+)?(?: changes)?[ \t]*[:-][ \t]*(?=[^\s>])",
    re.IGNORECASE,
)
_ITEM = re.compile(r"^[ \t]*(?:[-*+o\u2022]|\(?\d{1,2}[.)])[ \t]+")
_STAT = re.compile(r"^ \S.*\|\s+(?:\d+|Bin)\b|^ \d+ files? changed|^diff --git |^---|^base-commit:")


class DiffLine(NamedTuple):
    """A line of a diff: where it stands in the mail, and in the file once the patch is in."""

    file: str
    number: int
    sign: Literal["+", "-", " "]
    text: str
    start: int
    stop: int


class PatchMail:
    """A mail of a revision as its lines.

    Parameters
    ----------
    message_id : str
        Without brackets.
    body : str
        Its decoded body.
    """

    def __init__(self, message_id: str, body: str) -> None:
        self.message_id = message_id
        self.body = body

    @cached_property
    def lines(self) -> Sequence[DiffLine]:
        """The lines of its diff."""
        return list(diff_lines(self.body))

    @cached_property
    def result(self) -> Mapping[str, Sequence[tuple[int, str]]]:
        """What the diff leaves, by file: numbers and lines without their white space around."""
        found: dict[str, list[tuple[int, str]]] = {}
        for line in self.lines:
            if line.sign != "-":
                found.setdefault(line.file, []).append((line.number, line.text.strip()))
        return found

    @cached_property
    def words(self) -> Sequence[str]:
        """The lines above its diff, those of the changelog left out."""
        told = {item for item in changelog(self.body)}
        head = self.body[: self.lines[0].start] if self.lines else self.body
        return [line.strip() for line in head.splitlines() if line.strip() not in told]

    def within(self, start: int, stop: int) -> list[DiffLine]:
        """Return the lines of the diff that a stretch of the body touches.

        Parameters
        ----------
        start, stop : int
            Characters of the body.
        """
        at = bisect_left(self.lines, start, key=lambda line: line.stop)
        found = []
        while at < len(self.lines) and self.lines[at].start < stop:
            found.append(self.lines[at])
            at += 1
        return found


def diff_lines(body: str) -> Iterator[DiffLine]:
    r"""Yield the lines of the diffs in a mail.

    Parameters
    ----------
    body : str
        The decoded body.

    Examples
    --------
    >>> body = "--- a/x.c\n+++ b/x.c\n@@ -1,2 +1,2 @@\n one\n-two\n+three\n"
    >>> [(line.number, line.sign, line.text) for line in diff_lines(body)]
    [(1, ' ', 'one'), (2, '-', 'two'), (2, '+', 'three')]
    """
    file, number, old, new, at = "", 0, 0, 0, 0
    for line in body.splitlines(keepends=True):
        start, at = at, at + len(line)
        plain = line.rstrip("\r\n")
        if old > 0 or new > 0:
            sign = plain[:1] or " "
            if sign in "+- ":
                old -= sign != "+"
                new -= sign != "-"
                kind: Literal["+", "-", " "] = "+" if sign == "+" else "-" if sign == "-" else " "
                yield DiffLine(file, number, kind, plain[1:], start, start + len(plain))
                number += sign != "-"
                continue
            if sign == "\\":
                continue
            old = new = 0
        if hunk := _HUNK.match(plain):
            old, new = int(hunk[1] or 1), int(hunk[3] or 1)
            number = int(hunk[2])
        elif named := _FILE.match(plain):
            file = named[1]


def changelog(body: str) -> list[str]:
    r"""Return the items of a changelog: what a revision says that it changed.

    Parameters
    ----------
    body : str
        Of a patch or a cover letter.

    Returns
    -------
    list of str
        One an item, in the order of the text, white space collapsed.

    Examples
    --------
    >>> changelog("Fix it.\n---\nv2: rename the lock (Ann)\nChanges since v1:\n- drop x\n  and y\n\n")
    ['rename the lock (Ann)', 'drop x and y']
    """
    items: list[str] = []
    inside = False
    blank = 0
    for line in body.splitlines():
        told = _INLINE.match(line)
        if _STAT.match(line):
            inside = False
        elif told:
            items.append(line[told.end() :].strip())
            inside, blank = True, 0
        elif _HEADING.match(line):
            inside, blank = True, 0
        elif inside and not line.strip():
            blank += 1
            inside = blank < 2
        elif inside:
            item = _ITEM.match(line)
            if blank and not item and not line[:1].isspace():
                inside = False
                continue
            if item or not items or blank:
                items.append(line[item.end() if item else 0 :].strip())
            else:
                items[-1] = f"{items[-1]} {line.strip()}"
            blank = 0
    return [" ".join(item.split()) for item in items if item.strip()]


def changed(meant: Sequence[DiffLine], old: PatchMail, new: Iterable[PatchMail]) -> str:
    """Tell if lines of a patch, or those around them, are others in the next revision.

    Parameters
    ----------
    meant : sequence of DiffLine
        Lines that somebody quoted and spoke of; at least one.
    old : PatchMail
        The patch that they are of.
    new : iterable of PatchMail
        All patches of the next revision.

    Returns
    -------
    str
        Where they changed, ``file:line`` of the old revision; empty if all stands as it did.

    Notes
    -----
    Lines move from patch to patch of a series, so that all patches of the revision are
    looked at; a file that none of them touches any more has changed.
    """
    last = meant[-1]
    kept = [line for line in meant if line.sign != "-"]
    before = old.result.get(last.file, ())
    after = [patch.result[last.file] for patch in new if last.file in patch.result]
    where = f"{last.file}:{last.number}"
    if not kept:
        gone = last.text.strip()
        back = any(gone == text for lines in after for _, text in lines)
        return where if back or not after else ""
    numbers = [number for number, _ in before]
    low = max(0, bisect_left(numbers, kept[0].number) - NEAR)
    high = bisect_left(numbers, kept[-1].number) + 1 + NEAR
    wanted = [text for _, text in before[low:high]]
    quoted = [line.text.strip() for line in kept]
    for some in after:
        texts = [text for _, text in some]
        if _holds(texts, wanted) or (len(wanted) > len(texts) and _holds(texts, quoted)):
            return ""
    return where


def _holds(texts: Sequence[str], wanted: Sequence[str]) -> bool:
    """Tell if some lines stand in a text one behind another."""
    size = len(wanted)
    return any(
        texts[at] == wanted[0] and list(texts[at : at + size]) == list(wanted)
        for at in range(len(texts) - size + 1)
    )


def reworded(passage: str, new: Iterable[PatchMail]) -> bool:
    """Tell if words of a patch's description are no longer in any of the next revision.

    Parameters
    ----------
    passage : str
        What was quoted of it; its last paragraph is what was spoken of.
    new : iterable of PatchMail
        All mails of the next revision.
    """
    wanted = " ".join(re.split(r"\n[ \t]*\n", passage.strip())[-1].split())
    return not any(wanted in " ".join(" ".join(mail.words).split()) for mail in new)
