"""Which commit last changed a line, as ``git blame`` tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from threadkit.errors import NotFound, SourceError
from threadkit.fetch.clone.pipes import damaged
from threadkit.fetch.git import Repository, end

_HEADER = re.compile(rb"([0-9a-f]{40}|[0-9a-f]{64}) (\d+) (\d+)(?: \d+)?")
_LINE_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class BlamedLine:
    """A line of a file and the commit that it comes from.

    Attributes
    ----------
    number : int
        In the file as it is, from 1.
    text : str
        Without its end; cut at 64 KiB.
    sha : str
        The commit that wrote it so.
    path : str
        What the file was called then.
    line : int
        Where it stood then, from 1.
    previous : str or None
        The commit before that had the file; None if this one made the file.
    is_boundary : bool
        History is cut here (a shallow clone): the line may be older than this commit.
    """

    number: int
    text: str
    sha: str
    path: str
    line: int
    previous: str | None
    is_boundary: bool


def blame(
    repository: Repository, path: str, first: int, last: int, revision: str = "HEAD"
) -> list[BlamedLine]:
    """Find the commits of some lines.

    Parameters
    ----------
    repository : Repository
        An absolute path.
    path : str
        Of the file, from the top of the repository, with slashes.
    first, last : int
        Lines from 1, both included.
    revision : str
        The file as it is in this commit, branch or tag.

    Returns
    -------
    list of BlamedLine
        In the order of the file.

    Raises
    ------
    NotFound
        There is no such file or line there, or no such revision.
    SourceError
        Git cannot read the history.

    Notes
    -----
    Commits that the repository's ``blame.ignoreRevsFile`` names are passed over, as in
    any ``git blame`` there.

    References
    ----------
    git-blame(1), "THE PORCELAIN FORMAT".
    """
    commit = repository.ask("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    if not commit or revision.startswith("-"):
        raise NotFound(revision, what=f"revision in {repository.path}")
    kind = repository.ask("cat-file", "-t", f"{commit}:{path}")
    if kind != "blob":
        raise NotFound(path, what=f"file in {revision} of {repository.path}")
    command = (
        "blame", "--line-porcelain", "--root", "--no-textconv",
        "-L", f"{first},{last}", commit, "--", path,
    )  # fmt: skip
    # A list of commits to ignore is named from the top of the work tree.
    top = repository.path.parent if repository.path.name == ".git" else repository.path
    process = repository.start(*command, cwd=top)
    assert process.stdout is not None
    try:
        found = list(_read(process.stdout))
    finally:
        code = end(process)
    if code and not found:
        if _count_lines(repository, commit, path) < first:
            raise NotFound(f"{path}:{first}", what=f"line in {revision}")
        raise damaged(repository, f"git blame ended with {code}")
    return found


def _read(out: IO[bytes]) -> Iterator[BlamedLine]:
    """Read records: a line with hashes and numbers, headers, and the text behind a tab."""
    header: re.Match[bytes] | None = None
    said: dict[bytes, bytes] = {}
    while line := out.readline(_LINE_BYTES):
        if line.startswith(b"\t") and header:
            text = line[1:].rstrip(b"\r\n").decode("utf-8", "replace")
            previous = said.get(b"previous", b"").partition(b" ")[0].decode()
            yield BlamedLine(
                int(header[3]), text, header[1].decode(),
                said.get(b"filename", b"").decode("utf-8", "replace"), int(header[2]),
                previous or None, b"boundary" in said,
            )  # fmt: skip
            header, said = None, {}
            while line and not line.endswith(b"\n"):
                line = out.readline(_LINE_BYTES)
        elif header is None:
            header = _HEADER.match(line)
        else:
            name, _, value = line.rstrip(b"\n").partition(b" ")
            said[name] = value


def _count_lines(repository: Repository, commit: str, path: str) -> int:
    text = repository.ask("cat-file", "blob", f"{commit}:{path}")
    return len(text.split("\n")) if text else 0


def parse_place(place: str) -> tuple[str, int, int]:
    """Read ``FILE:LINE`` or ``FILE:LINE-LINE``.

    Parameters
    ----------
    place : str
        As compilers and editors write it; a column behind the line is ignored.

    Returns
    -------
    path : str
        The file.
    first, last : int
        Lines from 1.

    Raises
    ------
    SourceError
        It is no such place.

    Examples
    --------
    >>> parse_place("mm/memory.c:3012"), parse_place("mm/memory.c:3012-3020")
    (('mm/memory.c', 3012, 3012), ('mm/memory.c', 3012, 3020))
    >>> parse_place("mm/memory.c:30:7:")
    ('mm/memory.c', 30, 30)
    """
    found = re.fullmatch(r"(.+?):(\d{1,9})(?:[-,](\d{1,9}))?(?::\d*)*:?", place.strip(), re.DOTALL)
    first = int(found[2]) if found else 0
    last = int(found[3]) if found and found[3] else first
    if found is None or not 1 <= first <= last:
        raise SourceError(place, "not FILE:LINE or FILE:FIRST-LAST")
    return found[1], first, last
