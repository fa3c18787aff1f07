"""A patch as text to compare: who, the message, and its diff without line numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_DIFF = re.compile(r"^diff --git ", re.MULTILINE)
_CUT = re.compile(r"^---[ \t]*$", re.MULTILINE)
_SIGNATURE = re.compile(r"^-- \n", re.MULTILINE)
_FROM = re.compile(r"\s*From:[ \t]+(\S[^\n]*)\n")
_NAMES = re.compile(r'diff --git (?:"?a/(?P<old>.*?)"?) (?:"?b/(?P<new>.*?)"?)$')
_IS_MODE = re.compile(r"(?:old|new|new file|deleted file) mode \d+$")
_HUNK = re.compile(r"@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@(.*)")


@dataclass(frozen=True, slots=True)
class PatchText:
    """One patch of a series.

    Attributes
    ----------
    name : str
        What it is called: a hash, a Message-ID.
    title : str
        Without brackets.
    author : str
        ``Name <email>``.
    message : str
        The whole commit message with its title line; no ``---`` and nothing behind it.
    diff : str
        As git writes it, from the first ``diff --git`` on.
    """

    name: str
    title: str
    author: str
    message: str
    diff: str


def mail_patch(name: str, title: str, sender: str, body: str) -> PatchText:
    r"""Take the patch out of a mail's text.

    Parameters
    ----------
    name, title : str
        Message-ID and the subject without brackets.
    sender : str
        ``Name <email>``; a ``From:`` line at the top of the body goes before it.
    body : str
        The decoded body.

    Returns
    -------
    PatchText
        Without remarks below ``---``, table of files and signature.

    Examples
    --------
    >>> body = "Why.\n---\n f | 1 +\n\ndiff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n-- \n2\n"
    >>> patch = mail_patch("1@example.org", "f: b", "Ann <ann@example.org>", body)
    >>> patch.message, patch.diff.splitlines()[-1]
    ('f: b\n\nWhy.', '+b')

    References
    ----------
    git-am(1), "DISCUSSION"; git-format-patch(1).
    """
    start = _DIFF.search(body)
    head, diff = (body[: start.start()], body[start.start() :]) if start else (body, "")
    if signature := list(_SIGNATURE.finditer(diff)):
        diff = diff[: signature[-1].start()]
    head = _CUT.split(head, maxsplit=1)[0]
    author = sender
    if written := _FROM.match(head):
        author, head = written[1].strip(), head[written.end() :]
    return PatchText(name, title, author, f"{title}\n\n{head.strip()}".strip(), diff)


@dataclass(frozen=True, slots=True)
class Comparable:
    """A patch in the form in which ``git range-diff`` compares it.

    ``head`` is who and the message, ``diff`` the changes; both as lines.
    """

    head: tuple[str, ...]
    diff: tuple[str, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """Both, with an empty line between them."""
        return (*self.head, "", *self.diff) if self.diff else self.head


def comparable(patch: PatchText) -> Comparable:
    r"""Bring a patch into the form that is compared.

    Parameters
    ----------
    patch : PatchText
        Any.

    Returns
    -------
    Comparable
        Sections ``## Metadata ##``, ``## Commit message ##`` and one a file; hunks
        without their line numbers.

    Examples
    --------
    >>> diff = "diff --git a/f b/f\nindex 1..2 100644\n--- a/f\n+++ b/f\n@@ -1 +1 @@ int f()\n-a\n+b\n"
    >>> comparable(PatchText("1", "t", "Ann <ann@example.org>", "t", diff)).diff
    (' ## f ##', '@@ f: int f()', '-a', '+b')

    References
    ----------
    git-range-diff(1); the texts as its output shows them.
    """
    message = ("    " + line.rstrip() if line.strip() else "" for line in patch.message.split("\n"))
    head = (" ## Metadata ##", f"Author: {patch.author}", "", " ## Commit message ##", *message)
    return Comparable(head, tuple(_diff_lines(patch.diff)))


def _diff_lines(diff: str) -> Iterator[str]:
    """Rewrite a diff: a heading for the header of each file, hunks without numbers."""
    lines = diff.split("\n")
    at = 0
    name = ""
    while at < len(lines):
        line = lines[at]
        if line.startswith("diff --git "):
            stop = at + 1
            while stop < len(lines) and not lines[stop].startswith(("diff --git ", "@@ ")):
                stop += 1
            name, heading = _heading(lines[at:stop])
            if at:
                yield ""
            yield f" ## {heading} ##"
            yield from (f" {text}" for text in lines[at + 1 : stop] if _is_binary(text))
            at = stop
        elif hunk := _HUNK.match(line):
            behind = hunk[3]
            yield f"@@ {name}:{behind}" if behind else "@@"
            size = [int(hunk[1] or 1), int(hunk[2] or 1)]
            at += 1
            while at < len(lines) and (size[0] > 0 or size[1] > 0 or lines[at][:1] == "\\"):
                text = lines[at] or " "  # mail programs strip the blank of empty context
                if text[0] not in " +-\\":
                    break
                size[0] -= text[0] in " -"
                size[1] -= text[0] in " +"
                yield f" {text}" if text[0] == "\\" else text
                at += 1
        else:
            at += 1


def _is_binary(line: str) -> bool:
    return line.startswith(("Binary files ", "GIT binary patch"))


def _heading(header: list[str]) -> tuple[str, str]:
    """Name a file as the heading shows it: new, deleted, renamed, another mode."""
    said = {line[:8]: line.rsplit(" ", 1)[1] for line in header[1:] if _IS_MODE.match(line)}
    names = _NAMES.match(header[0])
    old, new = (names["old"], names["new"]) if names else ("", "")
    for line in header[1:]:
        if line.startswith("rename from "):
            old = line[len("rename from ") :]
        elif line.startswith("rename to "):
            new = line[len("rename to ") :]
    if "new file" in said:
        return new, f"{new} (new)"
    if "deleted " in said:
        return old, f"{old} (deleted)"
    heading = f"{old} => {new}" if any(line.startswith("rename ") for line in header) else new
    if "old mode" in said and "new mode" in said:
        heading += f" (mode change {said['old mode']} => {said['new mode']})"
    return new, heading
