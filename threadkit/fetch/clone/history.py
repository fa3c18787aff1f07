"""Which release has a commit first, and whether a commit is in the mainline.

Releases are named as ``git describe --contains`` names them, by ``git name-rev``, once for
all commits: the tag before ``~`` or ``^``. What no mainline tag has is looked for in the
history of the mainline branch, commit by commit: dates of commits can be wrong, and the
shortcuts of git that go by dates then are, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from threadkit.commits.releases import mainline_tags, parse_release
from threadkit.commits.values import Mainline
from threadkit.errors import SourceError
from threadkit.fetch.clone.pipes import Piped
from threadkit.fetch.git import Repository

_NAMED = re.compile(rb"([0-9a-f]+) \(tags/([^~^]+)[~^]?.*\)\n")
_TORVALDS = re.compile(r"(?:.*[/:])?torvalds/linux(?:\.git)?/?")
_ONLY_BRANCH = ("master", "main")
_SPECIAL = re.compile(r"([*?\[\\])")


@dataclass(frozen=True, slots=True)
class History:
    """What the refs of a repository say about commits.

    Attributes
    ----------
    tags : tuple of str
        All tags, without ``refs/tags/``.
    mainline_tags : tuple of str
        Those that make up the mainline, oldest first.
    branch : str
        The ref of the mainline branch; "" if none is known.
    is_shallow : bool
        Whether history is cut: then what is not found proves nothing.
    """

    tags: tuple[str, ...]
    mainline_tags: tuple[str, ...]
    branch: str
    is_shallow: bool

    @property
    def checked_against(self) -> str:
        """The newest mainline tag, the mainline branch, or both, for people to read."""
        branch = re.sub(r"\Arefs/(?:heads|tags|remotes)/", "", self.branch)
        return " and ".join(filter(None, [*self.mainline_tags[-1:], branch]))


def read_history(repository: Repository, mainline: str | None = None) -> History:
    """Find out what the mainline of a repository is.

    Parameters
    ----------
    repository : Repository
        An absolute path.
    mainline : str or None
        A branch or tag that alone is the mainline, whatever else there is.

    Returns
    -------
    History
        Without ``mainline``, its mainline is: all mainline tags of a kernel
        (:func:`~threadkit.commits.releases.mainline_tags`); and ``master`` of a remote
        whose URL ends in ``torvalds/linux``; without such a remote, in a kernel, a branch
        only if it is the only one and is called master or main; in any other project the
        branch that HEAD names.

    Raises
    ------
    SourceError
        If there is no such ref as ``mainline``.
    """
    is_shallow = repository.ask("rev-parse", "--is-shallow-repository") == "true"
    refs = (repository.ask("for-each-ref", "--format=%(refname)") or "").split("\n")
    tags = tuple(ref[10:] for ref in refs if ref.startswith("refs/tags/"))
    if mainline is not None:
        return History(tags, (), _ref(repository, mainline), is_shallow)
    released = tuple(mainline_tags(tags))
    branch = _torvalds(repository, refs) or (
        _only_branch(refs) if released else repository.ask("symbolic-ref", "--quiet", "HEAD")
    )
    return History(tags, released, branch if branch in refs else "", is_shallow)


def _ref(repository: Repository, name: str) -> str:
    """Return the full name of a ref or the id of a commit that the user named."""
    options = ("--verify", "--quiet", "--end-of-options")
    sha = repository.ask("rev-parse", *options, f"{name}^{{commit}}")
    if not sha:
        raise SourceError(str(repository.path), f"no branch or tag {name!r} to take as mainline")
    full = repository.ask("rev-parse", "--symbolic-full-name", *options, name) or ""
    return full if full.startswith("refs/") else sha


def _torvalds(repository: Repository, refs: Sequence[str]) -> str | None:
    """Return the ref of the mainline's own branch, where a remote is the mainline."""
    urls = repository.ask("config", "--local", "--get-regexp", r"^remote\..*\.url$") or ""
    for line in urls.split("\n"):
        key, _, url = line.partition(" ")
        if not _TORVALDS.fullmatch(url.strip()):
            continue
        remote = key.removeprefix("remote.").removesuffix(".url")
        tracking = f"refs/remotes/{remote}/master"
        if tracking in refs:
            return tracking
        mirrored = not any(ref.startswith("refs/remotes/") for ref in refs)
        if mirrored and repository.ask("config", "--local", "core.bare") == "true":
            return "refs/heads/master"
    return None


def _only_branch(refs: Iterable[str]) -> str | None:
    """Return the branch, if a clone has but one and it is called like a main one."""
    branches = [ref for ref in refs if ref.startswith(("refs/heads/", "refs/remotes/"))]
    names = {ref.rpartition("/")[2] for ref in branches} - {"HEAD"}
    if len(names) != 1 or names.isdisjoint(_ONLY_BRANCH):
        return None
    local = f"refs/heads/{min(names)}"
    return local if local in branches else max(branches)


def first_releases(repository: Repository, history: History, shas: Iterable[str]) -> dict[str, str]:
    """Return the first release that has each commit, by the commit's id.

    Parameters
    ----------
    repository : Repository
        An absolute path.
    history : History
        Of the same repository. Where history is cut, nothing can be said.
    shas : iterable of str
        Full ids.

    Returns
    -------
    dict of str to str
        Tags; a commit that no release has is missing.

    Notes
    -----
    One process that walks the whole history once: a matter of how large the repository
    is, not of how many commits are asked for. Tags that are no releases have no say.
    """
    released = [tag for tag in history.tags if parse_release(tag)]
    if history.is_shallow or not released:
        return {}
    others = [tag for tag in history.tags if tag not in set(released) and tag.startswith("v")]
    refs = ["--refs=refs/tags/v[0-9]*"]
    refs += ["--exclude=refs/tags/" + _SPECIAL.sub(r"\\\1", tag) for tag in others]
    found: dict[str, str] = {}
    known = set(released)
    for option in ("--annotate-stdin", "--stdin"):  # the second is how git < 2.36 spells it
        with Piped(repository, shas, "name-rev", option, *refs) as answer:
            for line in answer.out:
                named = _NAMED.fullmatch(line)
                if named and (tag := named[2].decode("utf-8", "replace")) in known:
                    found[named[1].decode()] = tag
        if not answer.is_unknown_option:
            break
    answer.check()
    return found


def in_mainline(
    repository: Repository, history: History, shas: Iterable[str], first: Mapping[str, str]
) -> dict[str, Mainline]:
    """Tell of each commit whether the mainline has it.

    Parameters
    ----------
    repository : Repository
        An absolute path.
    history : History
        Of the same repository.
    shas : iterable of str
        Full ids.
    first : mapping of str to str
        What :func:`first_releases` gave for them.

    Returns
    -------
    dict
        By id: yes, no, or "not checked" if there is no mainline to check against, or if a
        cut history cannot tell.

    Notes
    -----
    Nothing is run if each commit has a mainline tag; else one process walks the history,
    at most once, until all are found.
    """
    mainline = set(history.mainline_tags)
    found: dict[str, Mainline] = {}
    left: set[bytes] = set()
    for sha in shas:
        if first.get(sha) in mainline:
            found[sha] = "yes"
        else:
            left.add(f"{sha}\n".encode())
    if not left or not history.checked_against:
        return found | {sha.decode().rstrip(): "not checked" for sha in left}
    tips = [f"refs/tags/{tag}" for tag in history.mainline_tags]
    tips += [history.branch] if history.branch else []
    absent = _not_reached(repository, tips, left)
    lost: Mainline = "not checked" if history.is_shallow else "no"
    return found | {line.decode().rstrip(): lost if line in absent else "yes" for line in left}


def _not_reached(repository: Repository, tips: Sequence[str], left: set[bytes]) -> set[bytes]:
    """Return those of some ids (with a line end) that no tip's history has."""
    absent = set(left)
    with Piped(repository, tips, "rev-list", "--stdin") as answer:
        for line in answer.out:
            if line in absent:
                absent.remove(line)
                if not absent:
                    break
    answer.check()
    return absent
