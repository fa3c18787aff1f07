"""The patch a mail carries: files, counts, git's patch-id, and what the cover says of it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from threadkit.mail.block import Block

FileStatus = Literal["modified", "added", "deleted", "renamed", "copied"]

_HUNK = re.compile(r"@@ -\d+(?:,(\d{1,9}))? \+\d+(?:,(\d{1,9}))? ?", re.ASCII)
_SUMMARY = re.compile(
    r"(?<!\d)(\d{1,9}) files? changed"
    r"(?:, (\d{1,9}) insertions?\(\+\))?(?:, (\d{1,9}) deletions?\(-\))?",
    re.ASCII,
)
_UTILITY = re.compile(r"^(change-id|base-commit):[ \t]*(\S+)[ \t]*$", re.MULTILINE)
_IN_BODY_FROM = re.compile(r"\s*From:[ \t]+(\S[^\n]*)", re.IGNORECASE)
_ESCAPE = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
_ESCAPES = {b"a": b"\a", b"b": b"\b", b"t": b"\t", b"n": b"\n", b"v": b"\v", b"f": b"\f"} | {
    b"r": b"\r"
}
_ENDS_A_POSTING = re.compile(r"(?:diff-tree |commit |From )?[0-9a-f]{40}", re.ASCII)
# What git's own isspace() knows; form feeds and vertical tabs are not white space to it.
_SPACE = b" \t\n\r"
_NO_NEWLINE_MARK = 12


@dataclass(frozen=True, slots=True)
class PatchFile:
    """One file of a diff.

    Attributes
    ----------
    path : str
        Its new name, or the old one of a deleted file, without ``a/`` and ``b/``.
    additions, deletions : int
        Lines; 0 for a binary file.
    status : {'modified', 'added', 'deleted', 'renamed', 'copied'}
        What happens to it.
    old_path : str or None
        The name before a rename or the file copied from.
    binary : bool
        True if the diff holds no text.
    """

    path: str
    additions: int
    deletions: int
    status: FileStatus = "modified"
    old_path: str | None = None
    binary: bool = False


@dataclass(frozen=True, slots=True)
class DiffStat:
    """The line ``3 files changed, 5 insertions(+), 2 deletions(-)``."""

    files: int
    additions: int
    deletions: int


@dataclass(frozen=True, slots=True)
class Patch:
    """What a mail says about a change to files.

    Attributes
    ----------
    files : tuple of PatchFile
        In the order of the diffs; empty for a cover letter.
    patch_id : str or None
        What ``git patch-id --stable`` prints for the mail's first diff; None where that
        prints nothing (no diff, or one without ``diff`` lines).
    change_id, base_commit : str or None
        As git and b4 write them below a cover letter or patch.
    author : str or None
        The ``From:`` line at the top of the body, which overrides the header.
    stat : DiffStat or None
        The totals that the mail itself states.
    additions, deletions : int
        Lines over all files.
    """

    files: tuple[PatchFile, ...]
    patch_id: str | None
    change_id: str | None
    base_commit: str | None
    author: str | None
    stat: DiffStat | None

    @property
    def additions(self) -> int:
        """Lines added over all files."""
        return sum(file.additions for file in self.files)

    @property
    def deletions(self) -> int:
        """Lines removed over all files."""
        return sum(file.deletions for file in self.files)


def parse_patch(body: str, blocks: Sequence[Block]) -> Patch | None:
    r"""Read the patch or the cover letter that a mail is.

    Parameters
    ----------
    body : str
        The decoded body.
    blocks : sequence of Block
        Its blocks, in order; ``diff`` and ``diffstat`` blocks at depth 0 are read.

    Returns
    -------
    Patch or None
        None if the author shows neither a diff nor a diffstat and states no base or
        change id.

    Examples
    --------
    >>> body = "diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-old\n+new\n"
    >>> patch = parse_patch(body, [Block("diff", 0, 0, len(body))])
    >>> patch.files
    (PatchFile(path='f', additions=1, deletions=1, status='modified', old_path=None, binary=False),)
    >>> patch.patch_id
    '5e3837421ef7b2bb5407d3c742e6f92c789bafd2'

    Notes
    -----
    Linear in the length of the diff. A diff is hashed as UTF-8, which is what it was if
    the mail's charset was declared.

    References
    ----------
    git-patch-id(1), git-diff(1) "Generating patch text with -p", git-format-patch(1).
    """
    diffs = [block for block in blocks if block.kind == "diff" and not block.depth]
    stats = [block for block in blocks if block.kind == "diffstat" and not block.depth]
    stated = {}
    if "\nbase-commit:" in body or "change-id:" in body:
        stated = {match[1]: match[2] for match in _UTILITY.finditer(body)}
    if not diffs and not stats and not stated:
        return None
    files: list[PatchFile] = []
    for block in diffs:
        files += _files(body[block.start : block.stop])
    author = _IN_BODY_FROM.match(body)
    return Patch(
        files=tuple(files),
        patch_id=_patch_id(body, diffs[0].start) if diffs else None,
        change_id=stated.get("change-id"),
        base_commit=stated.get("base-commit"),
        author=author[1].rstrip() if author else None,
        stat=_stat(body, stats),
    )


def _stat(body: str, blocks: Sequence[Block]) -> DiffStat | None:
    for block in blocks:
        if match := _SUMMARY.search(body, block.start, block.stop):
            return DiffStat(int(match[1]), int(match[2] or 0), int(match[3] or 0))
    return None


@dataclass(slots=True)
class _Draft:
    """A file while its diff is being read."""

    git_line: str = ""
    old: str = ""
    new: str = ""
    status: FileStatus = "modified"
    binary: bool = False
    additions: int = 0
    deletions: int = 0
    has_hunks: bool = False

    def finish(self) -> PatchFile | None:
        """Return the file as its diff shows it; None if no diff of a file was read."""
        old, new = self.old, self.new
        if self.git_line and (not old or not new):
            git_old, git_new = _git_names(self.git_line)
            old, new = old or git_old, new or git_new
        if new == "/dev/null":
            self.status, new = "deleted", old
        elif old == "/dev/null":
            self.status = "added"
        if not new or new == "/dev/null" or not (self.git_line or self.has_hunks):
            return None
        moved = self.status in ("renamed", "copied")
        return PatchFile(
            path=new,
            additions=self.additions,
            deletions=self.deletions,
            status=self.status,
            old_path=old if moved else None,
            binary=self.binary,
        )


def _files(diff: str) -> Iterator[PatchFile]:
    """Read the files of one diff block; damage ends the file it is in, nothing more."""
    draft = _Draft()
    lines = diff.split("\n")
    at, count = 0, len(lines)
    while at < count:
        line = lines[at]
        at += 1
        if line.startswith("@@ -") and (hunk := _HUNK.match(line)):
            draft.has_hunks = True
            at = _count_hunk(draft, lines, at, hunk)
        elif line.startswith("diff ") or (
            draft.has_hunks
            and line.startswith("--- ")
            and lines[at : at + 1]
            and lines[at].startswith("+++ ")
        ):
            if (done := draft.finish()) is not None:
                yield done
            draft = _Draft()
            if line.startswith("diff --git "):
                draft.git_line = line[len("diff --git ") :].rstrip()
            else:
                _header_line(draft, line)
        elif not draft.has_hunks:
            _header_line(draft, line)
    if (done := draft.finish()) is not None:
        yield done


def _count_hunk(draft: _Draft, lines: list[str], at: int, hunk: re.Match[str]) -> int:
    """Count a hunk's lines; say where the first line behind it is."""
    before, after = _hunk_size(hunk)
    count = len(lines)
    while (before > 0 or after > 0) and at < count:
        mark = lines[at][:1]
        if mark == "+":
            after -= 1
            draft.additions += 1
        elif mark == "-":
            before -= 1
            draft.deletions += 1
        elif mark == " " or not mark:  # mail programs strip the blank of empty context
            before -= 1
            after -= 1
        elif mark != "\\":
            break
        at += 1
    return at


def _header_line(draft: _Draft, line: str) -> None:
    """Take one line between ``diff`` and the first hunk."""
    line = line.rstrip("\r")
    if line.startswith("--- "):
        draft.old = _name(line[4:], "a/")
    elif line.startswith("+++ "):
        draft.new = _name(line[4:], "b/")
    elif line.startswith("new file mode"):
        draft.status = "added"
    elif line.startswith("deleted file mode"):
        draft.status = "deleted"
    elif line.startswith(("rename from ", "copy from ")):
        draft.status = "renamed" if line[0] == "r" else "copied"
        draft.old = _name(line.split(" from ", 1)[1], "")
    elif line.startswith(("rename to ", "copy to ")):
        draft.new = _name(line.split(" to ", 1)[1], "")
    elif line.startswith(("GIT binary patch", "Binary files ")):
        draft.binary = True


def _name(written: str, prefix: str) -> str:
    """Undo git's quoting; cut ``a/`` and the time stamp that diff(1) adds after a tab."""
    is_quoted = written.startswith('"')
    name = _unquote(written) if is_quoted else written.split("\t", 1)[0].rstrip()
    if name == "/dev/null":
        return name
    return name[2:] if prefix and name[:2] in (prefix, "a/", "b/", "i/", "w/", "c/") else name


def _unquote(written: str) -> str:
    raw = written[1 : written.rfind('"')].encode("utf-8", "surrogateescape")

    def plain(match: re.Match[bytes]) -> bytes:
        """Undo one escape: three octal digits or a letter."""
        escaped = match[1]
        if len(escaped) == 3:
            return bytes([int(escaped, 8) & 0xFF])
        return _ESCAPES.get(escaped, escaped)

    return _ESCAPE.sub(plain, raw).decode("utf-8", "replace")


def _git_names(names: str) -> tuple[str, str]:
    """Part ``a/NAME b/NAME``, which matters for mode changes and empty or binary files."""
    if names.startswith('"'):
        end = names.find('" ', 1)
        return _name(names[: end + 1], "a/"), _name(names[end + 2 :], "b/")
    if names.endswith('"') and ' "' in names:
        old, new = names.split(' "', 1)
        return _name(old, "a/"), _name('"' + new, "b/")
    half = len(names) // 2  # without a rename both halves are equal but for the prefix
    if names[half : half + 1] == " " and names[2:half] == names[half + 3 :]:
        return _name(names[:half], "a/"), _name(names[half + 1 :], "b/")
    old, _, new = names.partition(" b/")
    return _name(old, "a/"), _name("b/" + new, "b/")


class _Sum:
    """Hashes of files, added up as 20-byte little-endian numbers, so that order is nothing."""

    def __init__(self) -> None:
        self.total = 0
        self.pieces: list[str] = []

    def flush(self) -> None:
        """Add the hash of what was collected, with all white space removed."""
        text = "\n".join(self.pieces).encode("utf-8", "surrogatepass").translate(None, _SPACE)
        digest = hashlib.sha1(text, usedforsecurity=False).digest()
        self.total = (self.total + int.from_bytes(digest, "little")) % (1 << 160)
        self.pieces.clear()


def _patch_id(body: str, start: int) -> str | None:
    """Compute what ``git patch-id --stable`` prints first for the text from ``start`` on.

    As observed: each file's header lines (but ``index``) and hunk lines count, ``@@`` lines
    only say how many lines follow. A header without hunks runs on into the next file's. Of
    a binary file the blob names of its ``index`` line count instead of its data, and the
    ``diff`` line behind it does not count at all.
    """
    start = start if body.startswith("diff ", start) else body.find("\ndiff ", start) + 1
    if not body.startswith("diff ", start):
        return None
    summed = _Sum()
    blobs = ""
    in_header, in_binary = True, False
    before = after = 0  # lines of the running hunk that are still to come
    for line in body[start:].split("\n"):
        mark = line[:1]
        if mark == "\\" and line[1:2] == " " and len(line) >= _NO_NEWLINE_MARK:
            continue
        if mark not in " +-@" and _ENDS_A_POSTING.match(line):
            break
        if before < 0 and not in_binary:
            in_header = True  # a damaged hunk: more old lines than announced
        if in_binary:
            in_binary = mark != "d" or not line.startswith("diff ")
            in_header = not in_binary
            continue
        if in_header:
            if line.startswith(("GIT binary patch", "Binary files")):
                in_binary = True
                summed.pieces.append(blobs)
                summed.flush()
                continue
            if line.startswith("index "):
                blobs = _blobs(line)
                continue
            if line.startswith("--- "):
                in_header = False
                before = after = 1
            elif not (mark.isascii() and mark.isalpha()):
                break
        elif before == 0 and after == 0:
            if line.startswith("@@ -"):
                before, after = _hunk_size(_HUNK.match(line))
                continue
            if not line.startswith("diff "):
                break
            summed.flush()
            in_header = True
        if mark == "-" or mark == " ":
            before -= 1
        if mark == "+" or mark == " ":
            after -= 1
        summed.pieces.append(line)
    summed.flush()
    return summed.total.to_bytes(20, "little").hex()


def _blobs(index: str) -> str:
    """Join the two names of ``index OLD..NEW MODE``."""
    old, dots, new = index[len("index ") :].partition("..")
    return old + new.split(" ", 1)[0] if dots else ""


def _hunk_size(match: re.Match[str] | None) -> tuple[int, int]:
    if match is None:
        return 0, 0
    return (
        1 if match[1] is None else int(match[1]),
        1 if match[2] is None else int(match[2]),
    )
