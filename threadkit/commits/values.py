"""What a commit is, and what became of looking one up, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ResolvedState = Literal["found", "ambiguous", "unknown", "not-a-commit"]
Mainline = Literal["yes", "no", "not checked"]


@dataclass(frozen=True, slots=True)
class Signature:
    """Who made a commit and when: one author or committer line.

    ``date_utc`` is ISO 8601 with Z, None where the line holds no date that exists;
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
        The commit object as git hashes it, without its header; None where the origin
        shows only a rendering of it.
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
    state : {'found', 'ambiguous', 'unknown', 'not-a-commit'}
        ``unknown`` is of this origin only.
    origin : str
        Who says so: a repository's path or URL.
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
