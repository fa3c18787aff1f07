"""Which release has a commit first, and whether a commit is in the mainline.

Releases are named as ``git describe --contains`` names them, by ``git name-rev``, once for
all commits: the tag before ``~`` or ``^``. What no mainline tag has is looked for in the
history of the mainline branch, commit by commit: dates of commits can be wrong, and the
shortcuts of git that go by dates then are, too.

What the mainline is
--------------------
"yes" is never taken back, so that nothing counts as mainline but:

1. what the user named, and then nothing else;
2. in a repository with the tags of a kernel (``v5.9-rc1``), all its mainline tags;
3. ``master`` of a remote whose URL ends in ``torvalds/linux``;
4. without such a remote, in a kernel, the only branch, if it is called like a main one;
5. in any other project the branch that HEAD names, if it is called like a main one
   (:data:`MAIN`) or is the one that ``HEAD`` of a remote points at.

4 and 5 are out for branches of stable releases (``linux-5.9.y``), and where a remote is some
other tree of kernel.org (``linux-next``, ``stable``): its ``master`` is its own.

What none of these has is "no", with what was looked at, but "not checked"

* where there is no mainline, or history is cut;
* where only tags are known to be mainline (2 without 3 and 4), and some branch has the commit
  that is not of stable releases: that may be the mainline's, or merged since the last tag.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from threadkit.commits.releases import mainline_tags, parse_release
from threadkit.commits.values import Mainline
from threadkit.errors import SourceError
from threadkit.fetch.clone.pipes import Piped
from threadkit.fetch.git import Repository

_LISTED = "%(objectname) %(symref) %(refname)"
_NAMED = re.compile(rb"([0-9a-f]+) \(tags/([^~^]+)[~^]?.*\)\n")
_TORVALDS = re.compile(r"(?:.*[/:])?torvalds/linux(?:\.git)?/?")
_OTHER_TREE = re.compile(r"[/.](?:kernel\.org|googlesource\.com)[/:].*linux/kernel/git/")
_STABLE = re.compile(r"linux-(?:[\d.]+\.y|rolling-\w+)")
MAIN = ("master", "main", "trunk")
"""What the branch that all work comes to is called."""

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
    state : str
        A hash of all that this was read from: while it stays, verdicts stay.
    open_tips : tuple of str
        The newest commits of branches of which nobody knows whether they are the mainline's.
    """

    tags: tuple[str, ...]
    mainline_tags: tuple[str, ...]
    branch: str
    is_shallow: bool
    state: str
    open_tips: tuple[str, ...] = ()

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
        As the rules at the head of this module have it.

    Raises
    ------
    SourceError
        If there is no such ref as ``mainline``.

    Notes
    -----
    Refs are listed once, so that ``state`` is of just those that the rest is made of.
    """
    is_shallow = repository.ask("rev-parse", "--is-shallow-repository") == "true"
    listed = repository.ask("for-each-ref", f"--format={_LISTED}") or ""
    rows = [row.split(" ", 2) for row in listed.split("\n") if row]
    refs = {ref: sha for sha, _, ref in rows}
    tags = tuple(ref[10:] for ref in refs if ref.startswith("refs/tags/"))
    released: tuple[str, ...] = ()
    open_tips: tuple[str, ...] = ()
    if mainline is not None:
        branch = _ref(repository, mainline)
    else:
        released = tuple(mainline_tags(tags))
        # refs/remotes/NAME/HEAD stands for refs/remotes/NAME/BRANCH; both may have slashes.
        defaults = {
            to.removeprefix(ref.removesuffix("HEAD"))
            for _, to, ref in rows
            if to and ref.startswith("refs/remotes/") and ref.endswith("/HEAD")
        }
        branch = _branch(repository, refs, defaults, is_kernel=bool(released))
        open_tips = () if branch else _open_tips(refs)
    state = sha256(f"{branch}\n{is_shallow}\n{listed}".encode()).hexdigest()
    return History(tags, released, branch, is_shallow, state, open_tips)


def _branch(
    repository: Repository, refs: Collection[str], defaults: Collection[str], *, is_kernel: bool
) -> str:
    """Return the ref of the mainline branch; "" if none is known to be it."""
    urls = _remote_urls(repository)
    found = _torvalds(repository, refs, urls)
    if found is None and not any(map(_OTHER_TREE.search, urls.values())):
        found = _only_branch(refs) if is_kernel else _default_branch(repository, defaults)
    return found if found is not None and found in refs else ""


def _ref(repository: Repository, name: str) -> str:
    """Return the full name of a ref or the id of a commit that the user named."""
    options = ("--verify", "--quiet", "--end-of-options")
    sha = repository.ask("rev-parse", *options, f"{name}^{{commit}}")
    if not sha:
        raise SourceError(str(repository.path), f"no branch or tag {name!r} to take as mainline")
    full = repository.ask("rev-parse", "--symbolic-full-name", *options, name) or ""
    return full if full.startswith("refs/") else sha


def _remote_urls(repository: Repository) -> dict[str, str]:
    """Return where the remotes of a clone are, by name."""
    urls = repository.ask("config", "--local", "--get-regexp", r"^remote\..*\.url$") or ""
    pairs = (line.partition(" ") for line in urls.split("\n") if line)
    return {key.removeprefix("remote.").removesuffix(".url"): url.strip() for key, _, url in pairs}


def _torvalds(repository: Repository, refs: Collection[str], urls: Mapping[str, str]) -> str | None:
    """Return the ref of the mainline's own branch, where a remote is the mainline."""
    for remote, url in urls.items():
        if not _TORVALDS.fullmatch(url):
            continue
        tracking = f"refs/remotes/{remote}/master"
        if tracking in refs:
            return tracking
        mirrored = not any(ref.startswith("refs/remotes/") for ref in refs)
        if mirrored and repository.ask("config", "--local", "core.bare") == "true":
            return "refs/heads/master"
    return None


def _only_branch(refs: Iterable[str]) -> str | None:
    """Return the branch, if a clone has but one and it is called like a main one.

    As a remote has it, where there is a remote: what is not pushed is not merged.
    """
    branches = [ref for ref in refs if _is_branch(ref)]
    names = {_called(ref) for ref in branches}
    tracking = [ref for ref in branches if ref.startswith("refs/remotes/")]
    if len(names) != 1 or names.isdisjoint(MAIN) or len(tracking) > 1:
        return None
    return (tracking or branches)[0]


def _default_branch(repository: Repository, defaults: Collection[str]) -> str | None:
    """Return the branch that HEAD names, if that is where the work of all comes to."""
    head = repository.ask("symbolic-ref", "--quiet", "HEAD") or ""
    called = head.removeprefix("refs/heads/")
    is_main = called in MAIN or called in defaults
    return head if is_main and not _is_stable(head) else None


def _open_tips(refs: Mapping[str, str]) -> tuple[str, ...]:
    """Return what branches end at, but for those of stable releases."""
    tips = (sha for ref, sha in refs.items() if _is_branch(ref) and not _is_stable(ref))
    return tuple(dict.fromkeys(tips))


def _is_branch(ref: str) -> bool:
    """Tell a branch, here or of a remote, from tags and from what HEAD of a remote is."""
    return ref.startswith(("refs/heads/", "refs/remotes/")) and _called(ref) != "HEAD"


def _is_stable(ref: str) -> bool:
    return _STABLE.fullmatch(_called(ref)) is not None


def _called(ref: str) -> str:
    return ref.rpartition("/")[2]


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
        By id: yes, no, or "not checked", by the rules at the head of this module.

    Notes
    -----
    Nothing is run if each commit has a mainline tag; else one process walks the history,
    at most once, until all are found, and where only tags are mainline another one walks
    what branches have beyond them.
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
    no = set() if history.is_shallow else absent
    if no and history.open_tips:
        beyond = [*history.open_tips, *(f"^{tip}" for tip in tips)]
        no = _not_reached(repository, beyond, absent, "--ignore-missing")
    for line in left:
        sha = line.decode().rstrip()
        found[sha] = "yes" if line not in absent else "no" if line in no else "not checked"
    return found


def _not_reached(
    repository: Repository, tips: Sequence[str], left: set[bytes], *options: str
) -> set[bytes]:
    """Return those of some ids (with a line end) that no tip's history has."""
    absent = set(left)
    with Piped(repository, tips, "rev-list", *options, "--stdin") as answer:
        for line in answer.out:
            if line in absent:
                absent.remove(line)
                if not absent:
                    break
    answer.check()
    return absent
