"""One repository of a mirror on this machine: where it is, what it remembers, how it heals.

A repository that is not whole yet has a hidden name, so that an import never meets it.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from threadkit.errors import SourceError, printable
from threadkit.fetch.git import Repository, is_bare

_NUMBERED = re.compile(r"\.?(\d{1,6})\.git")
# What git itself, public-inbox and grokmirror write, less all that names a program,
# another place, or a way to send.
_HARMLESS = re.compile(
    r"core\.(repositoryformatversion|filemode|bare|ignorecase|precomposeunicode|symlinks"
    r"|logallrefupdates|sharedrepository)|extensions\.objectformat|include\.path"
    r"|remote\.origin\.(url|fetch|mirror|tagopt)|gitweb\.owner|threadkit\.inbox"
    r"|gc\.(auto|autodetach|autopacklimit|pruneexpire|reflogexpire)"
    r"|(repack|pack)\.[a-z]+|grokmirror\.[a-z]+",
    re.IGNORECASE,
)
_PACKS_TO_JOIN = 40
_LEFTOVERS = (
    "*.lock",
    "refs/**/*.lock",
    "shallow_*",
    "objects/tmp_*",
    "objects/??/tmp_obj_*",
    "objects/pack/tmp_*",
    "objects/pack/.tmp-*",
)


@dataclass(frozen=True, slots=True)
class Epoch:
    """A bare clone of one epoch, whole or in the making.

    Parameters
    ----------
    folder : Path
        The mirror.
    number : int
        0 is the first epoch, and the one repository of an inbox without epochs.

    Examples
    --------
    >>> Epoch(Path("box"), 1).path.as_posix(), Epoch(Path("box"), 1).unfinished.as_posix()
    ('box/git/1.git', 'box/git/.1.git')
    """

    folder: Path
    number: int

    @property
    def path(self) -> Path:
        """Where it is once it is whole: the layout of a public-inbox v2 inbox."""
        return self.folder / "git" / f"{self.number}.git"

    @property
    def unfinished(self) -> Path:
        """Where it is until then."""
        return self.folder / "git" / f".{self.number}.git"

    def is_whole(self) -> bool:
        """Tell whether it can be read."""
        return is_bare(self.path)

    def present(self) -> Path | None:
        """Return the repository that is there: the whole one, else the one in the making."""
        return next((path for path in (self.path, self.unfinished) if is_bare(path)), None)

    def begin(self, url: str, inbox: str | None, object_format: str) -> Path:
        """Make the repository that will be cloned into, unless there is one.

        Parameters
        ----------
        url : str
            Where it is cloned from; remembered.
        inbox : str or None
            The whole inbox, if it is cloned as a part of that; remembered.
        object_format : {'sha1', 'sha256'}
            The server's.

        Raises
        ------
        SourceError
            If the folder cannot be written.
        """
        path = self.unfinished
        if is_bare(path) and Repository(path).ask("rev-parse", "--show-object-format") != (
            object_format
        ):
            self.discard()
        inside = Repository(path)
        if not is_bare(path):
            self.discard()
            try:
                path.mkdir(parents=True)
            except OSError as error:
                raise SourceError(str(path), error.strerror or "cannot be made") from error
            made = inside.ask(
                *("init", "--quiet", "--bare", "--template=", f"--object-format={object_format}"),
                str(path),
            )
            if made is None:
                self.discard()
                raise SourceError(str(path), "git cannot make a repository there")
        remember(path, url, inbox)
        return path

    def discard(self) -> None:
        """Remove the repository in the making."""
        shutil.rmtree(self.unfinished, ignore_errors=True)

    def finish(self) -> None:
        """Give the repository its name: from now on it can be read."""
        self.unfinished.rename(self.path)


def epochs_in(folder: Path) -> list[Epoch]:
    """Return the epochs that a mirror has, whole or not, in their order.

    Parameters
    ----------
    folder : Path
        Need not be there.

    Examples
    --------
    >>> epochs_in(Path("nowhere"))
    []
    """
    git = folder / "git"
    names = [path.name for path in git.iterdir()] if git.is_dir() else []
    numbers = {int(found[1]) for name in names if (found := _NUMBERED.fullmatch(name))}
    epochs = (Epoch(folder, number) for number in sorted(numbers))
    return [epoch for epoch in epochs if epoch.present()]


def remember(path: Path, url: str, inbox: str | None) -> None:
    """Write into a repository's configuration where it comes from.

    Parameters
    ----------
    path : Path
        The repository.
    url : str
        Its own URL, as ``remote.origin.url``.
    inbox : str or None
        The URL of the inbox if the whole inbox is mirrored.

    Raises
    ------
    SourceError
        As :func:`remembered`, or if nothing can be written.
    """
    known = remembered(path)
    for name, value in (("remote.origin.url", url), ("threadkit.inbox", inbox)):
        if value and known.get(name) != value:
            words = ("config", "--file", str(path / "config"), name, value)
            if Repository(path).ask(*words) is None:
                raise SourceError(str(path), "its configuration cannot be written")


def remembered(path: Path) -> dict[str, str]:
    """Read a repository's configuration, if it is one that git may be started with.

    Parameters
    ----------
    path : Path
        A bare repository, perhaps made by somebody else.

    Returns
    -------
    dict
        From names in lower case to values.

    Raises
    ------
    SourceError
        If it sets anything that could run a program or send something elsewhere.
    """
    if (path / "commondir").exists():
        raise SourceError(str(path), "a work tree of another repository, not a mirror")
    listed = Repository(path).ask(
        "config", "--file", str(path / "config"), "--includes", "--null", "--list"
    )
    if listed is None:
        raise SourceError(str(path), "its configuration cannot be read")
    values = dict(_named(listed))
    odd = next((name for name in values if not _HARMLESS.fullmatch(name)), None)
    if odd:
        why = f"its configuration sets {printable(odd)}: not updated with that"
        raise SourceError(str(path), why)
    return values


def _named(listed: str) -> Iterator[tuple[str, str]]:
    for entry in listed.split("\0"):
        name, _, value = entry.partition("\n")
        if name:
            yield name, value


def refs(path: Path) -> dict[str, str]:
    """Return a repository's branches and tags with what they point to."""
    listed = Repository(path).ask("for-each-ref", "--format=%(objectname) %(refname)") or ""
    return {name: sha for sha, _, name in (line.partition(" ") for line in listed.splitlines())}


def tidy(path: Path) -> None:
    """Remove what a killed git left: half-written packs and locks that nobody holds.

    Parameters
    ----------
    path : Path
        A repository that no process works on.
    """
    for pattern in _LEFTOVERS:
        for found in path.glob(pattern):
            if found.is_dir() and not found.is_symlink():
                shutil.rmtree(found, ignore_errors=True)
            else:
                found.unlink(missing_ok=True)
    for keep in path.glob("objects/pack/*.keep"):
        if keep.read_bytes().startswith(b"fetch-pack "):
            keep.unlink(missing_ok=True)


def join_packs(path: Path) -> None:
    """Join the small packs of many updates; without that, reading slows down over the years.

    Notes
    -----
    Geometric: each pack is at least twice the size of the next, so that large ones are
    hardly ever written anew.
    """
    if sum(1 for _ in path.glob("objects/pack/*.pack")) > _PACKS_TO_JOIN:
        Repository(path).ask("repack", "--geometric=2", "-d", "-q", "--no-write-bitmap-index")


def pack_bytes(path: Path) -> int:
    """Return how many bytes the packs of a repository take; 0 if it is not there."""
    return sum(pack.stat().st_size for pack in path.glob("objects/pack/*.pack"))
