"""Write pages into a folder: each once, nothing outside, and nothing of strangers removed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from threadkit.errors import ThreadkitError
from threadkit.site.values import Page

MANIFEST = ".threadkit-site.json"
"""In a finished site: the files that a build made, so that the next may remove old ones."""


class SiteError(ThreadkitError):
    """A site that cannot be built or written.

    Parameters
    ----------
    where : str
        The folder or page.
    why : str
        In a few words.
    """

    exit_code = 1

    def __init__(self, where: str, why: str) -> None:
        self.where = where
        self.why = why
        super().__init__(f"{where}: {why}")


class Writer:
    """The folder that a site goes to.

    Parameters
    ----------
    out : Path
        New, empty, or an earlier site.

    Attributes
    ----------
    files : dict of str to int
        What was written so far: path and bytes.
    """

    def __init__(self, out: Path) -> None:
        self.out = out
        self.files: dict[str, int] = {}

    def write(self, page: Page) -> None:
        r"""Write one file; folders are made.

        Parameters
        ----------
        page : Page
            Text is written as UTF-8 with ``\n``.

        Raises
        ------
        SiteError
            The path leads out of the site, or was written before.
        """
        path = PurePosixPath(page.path)
        if path.is_absolute() or ".." in path.parts or page.path in self.files:
            raise SiteError(page.path, "is no path of one page inside the site")
        target = self.out / path
        target.parent.mkdir(parents=True, exist_ok=True)
        size = 0
        with target.open("wb") as file:
            for piece in _parts(page.content):
                size += file.write(piece)
        self.files[page.path] = size

    def copy(self, source: Path, path: str) -> None:
        """Copy a file into the site.

        Parameters
        ----------
        source : Path
            Read as it is.
        path : str
            Where it goes.
        """
        target = self.out / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        self.files[path] = target.stat().st_size


@contextmanager
def writing(out: Path) -> Iterator[Writer]:
    """Write a site; when all went well, what an earlier build left over is removed.

    Parameters
    ----------
    out : Path
        A new or empty folder, or one that a build made.

    Yields
    ------
    Writer
        For the pages.

    Raises
    ------
    SiteError
        The folder holds other files, or cannot be written to.
    """
    before = _before(out)
    writer = Writer(out)
    try:
        out.mkdir(parents=True, exist_ok=True)
        _note(out, before)  # an interrupted build is known for ours
        yield writer
    except OSError as error:
        raise SiteError(str(out), error.strerror or "cannot be written to") from error
    for name in sorted(before - set(writer.files)):
        (out / name).unlink(missing_ok=True)
    for folder in sorted(
        {parent for name in before for parent in _folders(out, name)}, reverse=True
    ):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
    _note(out, set(writer.files))


def _parts(content: str | bytes | Iterable[str] | Iterable[bytes]) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
    elif isinstance(content, str):
        yield content.encode("utf-8", "backslashreplace")
    else:
        for piece in content:
            yield piece if isinstance(piece, bytes) else piece.encode("utf-8", "backslashreplace")


def _before(out: Path) -> set[str]:
    """Return the files of the build before; refuse a folder of something else."""
    if not out.exists():
        return set()
    if not out.is_dir():
        raise SiteError(str(out), "is a file, not a folder")
    try:
        kept = json.loads((out / MANIFEST).read_text(encoding="utf-8"))["files"]
    except FileNotFoundError:
        if any(out.iterdir()):
            raise SiteError(str(out), "is not empty, and no site that threadkit built") from None
        return set()
    except (ValueError, KeyError, TypeError):
        raise SiteError(str(out / MANIFEST), "is damaged; remove the folder") from None
    inside = (name for name in kept if isinstance(name, str))
    return {name for name in inside if ".." not in PurePosixPath(name).parts and name[:1] != "/"}


def _folders(out: Path, name: str) -> list[Path]:
    return [out / parent for parent in PurePosixPath(name).parents if str(parent) != "."]


def _note(out: Path, files: set[str]) -> None:
    text = json.dumps({"files": sorted(files)}, indent=0)
    (out / MANIFEST).write_text(text + "\n", encoding="utf-8")
