"""What a commit is, and what became of looking one up, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

ResolvedState = Literal["found", "ambiguous", "not-a-commit", "unclear", "unknown"]
Mainline = Literal["yes", "no", "not checked"]

FULL_DIGITS = (40, 64)
"""The hexadecimal digits of a whole id: SHA-1, SHA-256."""

SURE_DIGITS = 12
"""The beginning of an id with fewer may as well be a word, or the beginning of several."""

SHIPPED = "facts shipped with threadkit"
"""The origin of commits that nobody has fetched: subject, people, dates and trailers only."""

RANK: Mapping[ResolvedState, int] = MappingProxyType(
    {"unknown": 0, "unclear": 1, "not-a-commit": 2, "ambiguous": 3, "found": 4}
)
"""How much an answer says: of several origins' the greatest counts."""


@dataclass(frozen=True, slots=True)
class Signature:
    """Who made a commit and when: one author or committer line.

    ``date_utc`` is ISO 8601 with Z, None where the line holds no date that exists, the day
    alone where a curated fact knows no more;
    ``offset_min`` is the person's offset from UTC in minutes.
    """

    name: str
    email: str
    date_utc: str | None
    offset_min: int | None


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit of git.

    Attributes
    ----------
    sha : str
        40 (or 64) hexadecimal digits, lower case.
    tree : str
        "" where the origin does not tell.
    parents : tuple of str
        In git's order; more than one is a merge.
    author, committer : Signature
        Who wrote it, who applied it.
    subject : str
        The first paragraph on one line, as git shows it.
    body : str
        The message behind the subject, LF line ends, without blank lines around it.
    raw : bytes or None
        The commit object as git hashes it, without its header. It may be rebuilt from a
        page: the id is its hash, which proves it. None where that does not succeed, or
        where the object is too large to keep.
    """

    sha: str
    tree: str
    parents: tuple[str, ...]
    author: Signature
    committer: Signature
    subject: str
    body: str
    raw: bytes | None = None


@dataclass(frozen=True, slots=True)
class Resolved:
    """What became of looking up the name of a commit.

    Attributes
    ----------
    name : str
        As cited: a full hash or the beginning of one, lower case.
    state : {'found', 'ambiguous', 'not-a-commit', 'unclear', 'unknown'}
        ``unknown`` is of this origin only; ``unclear`` is unknown or ambiguous, where an
        origin does not say which.
    origin : str
        Who says so: the absolute path of a repository, or its URL.
    commit : Commit or None
        If found.
    candidates : tuple of str
        ``SHA subject`` of the commits that an ambiguous name could be; empty where the
        origin does not tell.
    mainline : {'yes', 'no', 'not checked'}
        Whether the commit is an ancestor of the mainline of ``checked_against``. That a
        hash resolves proves nothing: forks share one store of objects.
    checked_against : str
        The newest mainline tag or the branch that was looked at; "" if not checked.
    release : str or None
        The first release that has it, as the tag says (``v5.9-rc5``).
    diff : bytes or None
        ``git diff-tree -p`` of a commit with one parent or none; None for a merge, or
        where it was not asked for.
    why : str
        Of ``unknown`` and ``unclear``: what keeps the origin from knowing (a damaged object);
        "" if it has nothing of that name, or does not say.
    """

    name: str
    state: ResolvedState
    origin: str
    commit: Commit | None = None
    candidates: tuple[str, ...] = ()
    mainline: Mainline = "not checked"
    checked_against: str = ""
    release: str | None = None
    diff: bytes | None = None
    why: str = ""
