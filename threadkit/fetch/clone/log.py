r"""All commits of a clone, one after the other, in bounded memory.

One ``git log`` writes; fields and records are separated by NUL, which no part of a commit
can hold. Diffs are not read: they cost a hundred times as much.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import IO, NamedTuple

from threadkit.commits.objects import as_utc
from threadkit.errors import SourceError
from threadkit.fetch.clone.pipes import damaged
from threadkit.fetch.git import Repository, end

_FIELDS = ("%H", "%P", "%an", "%ae", "%at", "%ct", "%s", "%b")
_FORMAT = "--format=tformat:" + "%x00".join(_FIELDS)
_LOG = (
    "log", "-z", _FORMAT, "--encoding=UTF-8", "--no-color", "--no-decorate", "--no-notes",
    "--no-show-signature", "--no-mailmap", "--no-follow", "--no-patch",
)  # fmt: skip
_EVERY = ("--branches", "--remotes", "--tags", "HEAD")
_CHUNK_BYTES = 1 << 20
_MAX_RECORD_BYTES = 16 << 20


class LoggedCommit(NamedTuple):
    """What a log tells of a commit; dates are ISO 8601 with Z, None where none exists."""

    sha: str
    parents: tuple[str, ...]
    author_name: str
    author_email: str
    author_utc: str | None
    committer_utc: str | None
    subject: str
    body: str


def log(repository: Repository, *revisions: str) -> Iterator[LoggedCommit]:
    """Stream the commits that can be reached.

    Parameters
    ----------
    repository : Repository
        An absolute path.
    *revisions : str
        As for ``git log``: names, ranges, ``--all``; by default from all branches and tags.
        They are given to git as they are, and must not come from a stranger.

    Yields
    ------
    LoggedCommit
        In git's order, the newest first.

    Raises
    ------
    SourceError
        If git cannot read the history: after the commits that it could read.

    Notes
    -----
    Memory: a megabyte or so, and one commit. To leave early, close the iterator: git is
    ended and waited for. A commit of 16 MB or more counts as damage.
    """
    wanted = revisions or _wanted(repository)
    if not wanted:
        return
    process = repository.start(*_LOG, *wanted, "--", cwd=repository.path)
    assert process.stdout is not None
    code = 0
    try:
        yield from read_log(process.stdout)
    finally:
        code = end(process)
    if code:
        raise damaged(repository, f"git log ended with {code}")


def _wanted(repository: Repository) -> tuple[str, ...]:
    """Name all branches and tags, and HEAD where it is a commit; nothing in an empty one."""
    has_head = repository.ask("rev-parse", "--verify", "--quiet", "HEAD^{commit}") is not None
    return _EVERY if has_head else _EVERY[:-1]


def read_log(out: IO[bytes]) -> Iterator[LoggedCommit]:
    r"""Read commits as :func:`log` lets git write them.

    Parameters
    ----------
    out : file of bytes
        Eight fields a commit, each with a NUL behind it: hash, parents, author's name,
        address and date, committer's date, subject, message. Dates are seconds since 1970.

    Yields
    ------
    LoggedCommit
        Text that is not UTF-8 has replacement characters.

    Raises
    ------
    SourceError
        A commit does not end within 16 MB.

    Examples
    --------
    >>> import io
    >>> data = b"\0".join([b"01" * 20, b"", b"Ann", b"ann@example.org", b"0", b"86400",
    ...                    b"mm: x", b"Why.\n", b""])
    >>> for one in read_log(io.BytesIO(data)):
    ...     print(one.subject, one.author_utc, one.committer_utc)
    mm: x 1970-01-01T00:00:00Z 1970-01-02T00:00:00Z
    """
    count = len(_FIELDS)
    rest = b""
    while chunk := out.read(_CHUNK_BYTES):
        rest += chunk
        if len(rest) > _MAX_RECORD_BYTES:
            raise SourceError("git log", "a commit without an end")
        pieces = rest.split(b"\0")
        whole = len(pieces) - 1 - (len(pieces) - 1) % count
        rest = b"\0".join(pieces[whole:])
        fields = [piece.decode("utf-8", "replace") for piece in pieces[:whole]]
        for at in range(0, whole, count):
            sha, parents, name, email, written, applied, subject, body = fields[at : at + count]
            yield LoggedCommit(
                sha, tuple(parents.split()), name, email, _utc(written), _utc(applied),
                subject, body,
            )  # fmt: skip


def _utc(seconds: str) -> str | None:
    """Write a date; a log has few days and many commits."""
    if not seconds.isdigit():
        return None
    day, second = divmod(int(seconds), 86400)
    date = _date(day)
    minute, second = divmod(second, 60)
    return f"{date}{minute // 60:02d}:{minute % 60:02d}:{second:02d}Z" if date else None


@lru_cache(maxsize=4096)
def _date(day: int) -> str:
    midnight = as_utc(day * 86400)
    return midnight[:11] if midnight else ""
