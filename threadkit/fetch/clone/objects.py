"""The bytes of commits and of their diffs, streaming out of one git process each."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from typing import IO

from threadkit.fetch.clone.pipes import MAX_RESTARTS, Piped
from threadkit.fetch.git import Repository, skip

MAX_COMMIT_BYTES = 16 << 20
MAX_DIFF_BYTES = 16 << 20
_RESTARTS = 16
_LINE_BYTES = 1 << 16
_DIFF = (
    "diff-tree", "--stdin", "--always", "--root", "-p", "-r", "--no-ext-diff", "--no-textconv",
    "--no-color", "--no-renames", "--submodule=short", "--ignore-submodules=none",
)  # fmt: skip


def contents(repository: Repository, shas: Sequence[str]) -> Iterator[bytes | None]:
    """Yield the bytes of commits, in order.

    Parameters
    ----------
    repository : Repository
        An absolute path.
    shas : sequence of str
        Full ids of commits that are there.

    Yields
    ------
    bytes or None
        Without git's header. Of an object beyond :data:`MAX_COMMIT_BYTES` only so much; None
        for one that git cannot read.

    Raises
    ------
    SourceError
        If git cannot read the repository.

    Notes
    -----
    Memory: one commit. At a damaged object git ends, and is started again behind it.
    """
    at = restarts = 0
    while at < len(shas):
        with Piped(repository, shas[at:], "cat-file", "--batch", "--buffer") as answer:
            while at < len(shas) and (words := answer.out.readline().split()):
                data = _content(answer.out, words)
                if data is None and len(words) == 3:
                    break
                at += 1
                yield data
        if at < len(shas):
            restarts += 1
            if not answer.gave_up or restarts > MAX_RESTARTS:
                raise answer.broken()
            at += 1
            yield None


def _content(out: IO[bytes], words: Sequence[bytes]) -> bytes | None:
    """Read what follows git's header of an object; None if it is not there, or cut off."""
    if len(words) != 3:
        return None
    size = int(words[2])
    data = out.read(min(size, MAX_COMMIT_BYTES))
    skip(out, size - len(data) + 1)
    return data if len(data) == min(size, MAX_COMMIT_BYTES) else None


def changes(repository: Repository, shas: Sequence[str]) -> Iterator[bytes | None]:
    """Yield what each commit changed, as ``git diff-tree -p`` shows it, in order.

    Parameters
    ----------
    repository : Repository
        An absolute path.
    shas : sequence of str
        Full ids; of a merge nothing is shown.

    Yields
    ------
    bytes or None
        None if git cannot show it (a clone without all blobs), or if it is larger than
        :data:`MAX_DIFF_BYTES`; empty for a merge or where nothing changed.

    Notes
    -----
    Git writes the id of a commit on a line before its diff. Every line of a diff begins
    with another character or word, and the id that comes next is known, so that the
    content of a file never passes for one. Memory: one diff. Where objects are missing,
    git ends and is started again behind that commit; after 16 times the rest is None.
    """
    at = 0
    for _ in range(_RESTARTS):
        if at == len(shas):
            return
        with Piped(repository, shas[at:], *_DIFF) as answer:
            whole, last = yield from _split(answer.out, shas[at:])
        at += whole + 1
        yield last if at == len(shas) and not answer.code else None
    for _ in shas[at:]:
        yield None


def _split(
    out: IO[bytes], shas: Sequence[str]
) -> Generator[bytes | None, None, tuple[int, bytes | None]]:
    """Yield all diffs that another one follows; return how many, and what came last."""
    headers = [f"{sha}\n".encode() for sha in shas]
    begun = 0
    pieces: list[bytes] = []
    size = 0
    is_line_start = True
    while line := out.readline(_LINE_BYTES):
        if is_line_start and begun < len(headers) and line == headers[begun]:
            if begun:
                yield _joined(pieces, size)
            begun += 1
            pieces, size = [], 0
        else:
            size += len(line)
            if size <= MAX_DIFF_BYTES:
                pieces.append(line)
        is_line_start = line.endswith(b"\n")
    return max(begun - 1, 0), _joined(pieces, size)


def _joined(pieces: list[bytes], size: int) -> bytes | None:
    return b"".join(pieces) if size <= MAX_DIFF_BYTES else None
