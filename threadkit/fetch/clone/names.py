"""Which commit each name means: ids, beginnings of ids, ids of tags.

A name is hexadecimal and means an object, never a branch or tag that happens to be called
so: git prefers such a ref to the beginning of an id, and anybody can make one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from threadkit.commits.values import FULL_DIGITS, ResolvedState
from threadkit.fetch.clone.pipes import MAX_RESTARTS, Piped
from threadkit.fetch.git import Repository

CANDIDATES = 50
"""So many commits are listed for one ambiguous name."""

_NAME = re.compile(r"[0-9a-f]{4,64}")
_PREFIXES = 10_000  # of one command line
_UNREADABLE = "?"
UNREADABLE = "git cannot read the object; git fsck tells what is damaged"


@dataclass(frozen=True, slots=True)
class Looked:
    """What a name means: a commit if ``sha``, several possible ones, or not a commit.

    ``why`` says of an unknown one that something of that name is there, but damaged.
    """

    name: str
    state: ResolvedState
    sha: str = ""
    candidates: tuple[str, ...] = ()
    why: str = ""


def look_up(repository: Repository, names: Iterable[str]) -> list[Looked]:
    """Find the commit that each name means.

    Parameters
    ----------
    repository : Repository
        An absolute path.
    names : iterable of str
        Hexadecimal digits, at least four; anything else is unknown.

    Returns
    -------
    list of Looked
        One for each name, in their order, spelled in lower case. ``candidates`` are ids
        in their order, at most :data:`CANDIDATES`.

    Raises
    ------
    SourceError
        If git cannot read the repository.

    Notes
    -----
    One process for all names that mean one commit; three more for all others together.
    What is decided is git's rule for ``NAME^{commit}``: only commits, and tags of commits,
    make a name ambiguous.
    """
    asked = [name.strip().lower() for name in names]
    legal = [name for name in dict.fromkeys(asked) if _NAME.fullmatch(name)]
    peeled = _types(repository, [f"{name}^{{commit}}" for name in legal])
    found: dict[str, Looked] = {}
    for name, (sha, kind) in zip(legal, peeled, strict=True):
        if kind == _UNREADABLE:
            found[name] = Looked(name, "unknown", why=UNREADABLE)
        elif sha.startswith(name):
            found[name] = Looked(name, "found", sha)
    others = [name for name in legal if name not in found]
    if others:
        found |= _look_closer(repository, others)
    return [found.get(name) or Looked(name, "unknown") for name in asked]


def _look_closer(repository: Repository, names: Sequence[str]) -> dict[str, Looked]:
    """Tell what the names mean that git did not take for a commit at once."""
    full = [name for name in names if len(name) in FULL_DIGITS]
    short = [name for name in names if len(name) not in FULL_DIGITS]
    objects = {name: [name] for name in full} | _beginning(repository, short)
    every = sorted({sha for shas in objects.values() for sha in shas})
    kinds = {
        sha: kind for sha, (_, kind) in zip(every, _types(repository, every), strict=True) if kind
    }
    tags = [sha for sha, kind in kinds.items() if kind == "tag"]
    targets = _types(repository, [f"{sha}^{{commit}}" for sha in tags]) if tags else []
    commit_of = {sha: sha for sha, kind in kinds.items() if kind == "commit"}
    commit_of |= {tag: sha for tag, (sha, _) in zip(tags, targets, strict=True) if sha}
    return {name: _judged(name, shas, kinds, commit_of) for name, shas in objects.items()}


def _judged(
    name: str, shas: Sequence[str], kinds: Mapping[str, str], commit_of: Mapping[str, str]
) -> Looked:
    """Decide what a name means from the objects whose ids begin with it."""
    commits = sorted({commit_of[sha] for sha in shas if sha in commit_of})
    if len(commits) == 1:
        return Looked(name, "found", commits[0])
    if commits:
        return Looked(name, "ambiguous", "", tuple(commits[:CANDIDATES]))
    known = any(sha in kinds for sha in shas)
    return Looked(name, "not-a-commit" if known else "unknown")


def _beginning(repository: Repository, prefixes: Sequence[str]) -> dict[str, list[str]]:
    """List the ids of all objects that begin with each prefix."""
    found: dict[str, list[str]] = {prefix: [] for prefix in prefixes}
    lengths = sorted({len(prefix) for prefix in prefixes})
    rest = iter(prefixes)
    while some := list(islice(rest, _PREFIXES)):
        options = [f"--disambiguate={prefix}" for prefix in some]
        with Piped(repository, (), "rev-parse", *options) as answer:
            for line in answer.out:
                sha = line.decode("ascii", "replace").rstrip()
                for length in lengths:
                    if (same := found.get(sha[:length])) is not None and sha not in same:
                        same.append(sha)
        answer.check()
    return found


def _types(repository: Repository, requests: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the id and the type of what each request names; empty strings if nothing.

    At a damaged object git ends, and is started again behind it.
    """
    form = "--batch-check=%(objectname) %(objecttype)"
    at = restarts = 0
    while at < len(requests):
        with Piped(repository, requests[at:], "cat-file", form, "--buffer") as answer:
            while at < len(requests) and (line := answer.out.readline()).endswith(b"\n"):
                at += 1
                sha, _, kind = line.decode("ascii", "replace").rstrip("\n").rpartition(" ")
                yield ("", "") if kind in ("missing", "ambiguous") else (sha, kind)
        if at < len(requests):
            restarts += 1
            if not answer.gave_up or restarts > MAX_RESTARTS:
                raise answer.broken()
            at += 1
            yield "", _UNREADABLE
