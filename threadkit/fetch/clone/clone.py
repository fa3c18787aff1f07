"""Commits of a local clone: what they are, which release has them, whether mainline does.

The clone is not trusted: nothing of it is run, nothing is fetched, and its grafts and
replacements have no say. A handful of git processes serve any number of commits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import repeat
from pathlib import Path

from threadkit.commits.objects import parse_commit, sha_of
from threadkit.commits.values import Mainline, Resolved
from threadkit.errors import SourceError
from threadkit.fetch.clone import objects
from threadkit.fetch.clone.blame import BlamedLine, blame
from threadkit.fetch.clone.history import first_releases, in_mainline, read_history
from threadkit.fetch.clone.log import LoggedCommit, log
from threadkit.fetch.clone.names import UNREADABLE, Looked, look_up
from threadkit.fetch.clone.objects import changes, contents
from threadkit.fetch.clone.pipes import Unreadable
from threadkit.fetch.git import Repository, is_bare

_POINTER = "gitdir:"
_POINTER_BYTES = 4096


class Clone:
    """A git repository on this machine, asked for commits.

    Parameters
    ----------
    path : Path
        A bare repository, a clone with a work tree or any folder in it, or a linked work
        tree.
    mainline : str or None
        A branch or tag to take as the mainline; None to find it
        (:func:`~threadkit.fetch.clone.history.read_history`).

    Attributes
    ----------
    path : Path
        The path as an absolute one: answers that name it hold wherever we stand.

    Raises
    ------
    SourceError
        If there is no repository, no git, or no such ref.

    Examples
    --------
    >>> Clone(Path("/"))
    Traceback (most recent call last):
        ...
    threadkit.errors.SourceError: /: not a git repository
    """

    def __init__(self, path: Path, mainline: str | None = None) -> None:
        found = find_repository(path)
        if found is None:
            raise SourceError(str(path), "not a git repository")
        self.path = path.resolve()
        self._repository = Repository(found)
        if self._repository.ask("rev-parse", "--git-dir") is None:
            raise SourceError(str(path), "a git repository that git cannot read")
        self._history = read_history(self._repository, mainline)

    @property
    def checked_against(self) -> str:
        """The newest mainline tag, the mainline branch, or both; "" if there is neither."""
        return self._history.checked_against

    @property
    def state(self) -> str:
        """A hash of the refs as they were read: while it stays, so do releases and mainline."""
        return self._history.state

    def resolve(self, names: Iterable[str], *, diffs: bool = True) -> Iterator[Resolved]:
        """Look up commits.

        Parameters
        ----------
        names : iterable of str
            Ids or beginnings of ids, of at least four hexadecimal digits; the id of a tag
            means its commit.
        diffs : bool
            Whether to bring what each commit without a second parent changed.

        Yields
        ------
        Resolved
            One for each name, in order. ``origin`` is the absolute path. What git cannot
            read is unknown, and ``why`` says so.

        Raises
        ------
        SourceError
            If git cannot read the repository.

        Notes
        -----
        All names are read before the first answer. Then one process tells which commits
        they mean, one names releases, one walks the mainline if that does not follow from
        a release, one hands over the objects and one the diffs: the work is the history's
        size once, and then the commits'. Memory: the names, and one commit with its diff.

        In a shallow clone there are no releases and mainline is never "no": what was cut
        off could say otherwise; in a damaged history mainline is not checked at all. In a
        partial clone a diff whose files are elsewhere is None.
        """
        looked = look_up(self._repository, names)
        shas = list(dict.fromkeys(one.sha for one in looked if one.sha))
        first, mainline = self._placed(shas)
        subjects = self._subjects(looked)
        bodies = self._bodies([one.sha for one in looked if one.sha], diffs)
        for one in looked:
            if one.sha:
                yield self._found(one, next(bodies), mainline, first)
            else:
                spelled = tuple(f"{sha} {subjects[sha]}" for sha in one.candidates)
                yield Resolved(one.name, one.state, str(self.path), candidates=spelled, why=one.why)

    def log(self, *revisions: str) -> Iterator[LoggedCommit]:
        """Stream the history, the newest commit first.

        Parameters
        ----------
        *revisions : str
            As for :func:`~threadkit.fetch.clone.log.log`; all branches and tags by default.

        Yields
        ------
        LoggedCommit
            Title, people, dates and message.

        Raises
        ------
        SourceError
            If git cannot read the history.
        """
        return log(self._repository, *revisions)

    def diffs(self, shas: Sequence[str]) -> Iterator[bytes | None]:
        """Yield what commits changed, in order.

        Parameters
        ----------
        shas : sequence of str
            Full ids of commits that are there.

        Yields
        ------
        bytes or None
            As :func:`~threadkit.fetch.clone.objects.changes`.
        """
        return changes(self._repository, shas)

    def blame(self, path: str, first: int, last: int, revision: str = "HEAD") -> list[BlamedLine]:
        """Find the commits that some lines of a file come from.

        Parameters
        ----------
        path : str
            Of the file: from the top of the repository, or as it lies in the work tree.
        first, last : int
            Lines from 1, both included.
        revision : str
            Where to look at the file.

        Returns
        -------
        list of BlamedLine
            In the order of the file.

        Raises
        ------
        NotFound
            There is no such file, line or revision.
        SourceError
            Git cannot read the history.
        """
        return blame(self._repository, self._inside(path), first, last, revision)

    def _inside(self, path: str) -> str:
        """Name a file from the top of the repository."""
        top = self._repository.path.parent
        if Path(path).is_absolute() and Path(path).is_relative_to(top):
            return Path(path).relative_to(top).as_posix()
        return path.removeprefix("./")

    def _placed(self, shas: Sequence[str]) -> tuple[Mapping[str, str], Mapping[str, Mainline]]:
        """Find the first release of each commit, and whether the mainline has it."""
        first: Mapping[str, str] = {}
        if not shas:
            return first, {}
        try:
            first = first_releases(self._repository, self._history, shas)
            return first, in_mainline(self._repository, self._history, shas, first)
        except Unreadable:  # a hole in the history: what is behind it could say otherwise
            return {}, dict.fromkeys(shas, "not checked")

    def _bodies(
        self, shas: Sequence[str], with_diffs: bool
    ) -> Iterator[tuple[bytes | None, bytes | None]]:
        """Yield the object and the diff of each commit."""
        changed = changes(self._repository, shas) if with_diffs else repeat(None)
        return zip(contents(self._repository, shas), changed, strict=False)

    def _subjects(self, looked: Iterable[Looked]) -> dict[str, str]:
        """Return the titles of all candidates."""
        shas = sorted({sha for one in looked for sha in one.candidates})
        bodies = contents(self._repository, shas)
        return {
            sha: parse_commit(sha, data).subject if data else "(cannot be read)"
            for sha, data in zip(shas, bodies, strict=True)
        }

    def _found(
        self,
        looked: Looked,
        body: tuple[bytes | None, bytes | None],
        mainline: Mapping[str, Mainline],
        first: Mapping[str, str],
    ) -> Resolved:
        data, diff = body
        sha = looked.sha
        is_cut = data is not None and len(data) >= objects.MAX_COMMIT_BYTES
        if data is None or (not is_cut and sha_of(data, len(sha)) != sha):
            return Resolved(looked.name, "unknown", str(self.path), why=UNREADABLE)
        commit = parse_commit(sha, data)
        if is_cut:
            commit = replace(commit, raw=None)
        answer = mainline[sha]
        return Resolved(
            looked.name,
            "found",
            str(self.path),
            commit,
            mainline=answer,
            checked_against="" if answer == "not checked" else self.checked_against,
            release=first.get(sha),
            diff=diff if len(commit.parents) < 2 else None,
        )


def find_repository(path: Path) -> Path | None:
    """Return the folder that git calls the git directory.

    Parameters
    ----------
    path : Path
        A bare repository, a work tree, or a folder in one.

    Returns
    -------
    Path or None
        Absolute. A linked work tree has one of its own, which knows the main one.

    Notes
    -----
    Git would look for it, too, but refuses repositories of other users; reading is safe
    here, since nothing of it is run.
    """
    try:
        start = path.resolve()
        for folder in (start, *start.parents):
            if is_bare(folder):
                return folder
            inner = folder / ".git"
            if is_bare(inner):
                return inner
            if inner.is_file():
                return _pointed_to(inner)
    except (OSError, RuntimeError) as error:  # the second: links that lead in circles
        raise SourceError(
            str(path), "cannot be read: no permission, or links in circles"
        ) from error
    return None


def _pointed_to(pointer: Path) -> Path | None:
    """Follow the file that stands for ``.git`` in a linked work tree."""
    with pointer.open("rb") as file:
        text = file.read(_POINTER_BYTES).decode("utf-8", "surrogateescape")
    if not text.startswith(_POINTER) or "\0" in text:
        return None
    found = (pointer.parent / text.removeprefix(_POINTER).strip()).resolve()
    return found if (found / "HEAD").is_file() else None
