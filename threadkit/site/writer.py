"""Write pages into a folder: each once, nothing outside, and nothing of strangers removed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Iterable, Iterator
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
        self._made: set[Path] = set()

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
        if not _inside(page.path) or page.path in self.files:
            raise SiteError(page.path, "is no path of one page inside the site")
        target = self.target(page.path)
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
        target = self.target(path)
        shutil.copyfile(source, target)
        self.files[path] = target.stat().st_size

    def target(self, path: str) -> Path:
        """Return where a file is to be written; its folder is made.

        Parameters
        ----------
        path : str
            Inside the site.

        Raises
        ------
        SiteError
            Somebody put a link to another folder on the way; a link to a file is removed.
        """
        if _is_led_away(self.out, path):
            raise SiteError(path, "is in a folder that is a link to elsewhere")
        target = self.out / path
        if target.parent not in self._made:
            target.parent.mkdir(parents=True, exist_ok=True)
            self._made.add(target.parent)
        if target.is_symlink():
            target.unlink()
        return target


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
    writer = Writer(out)
    try:
        before = _before(out)
        out.mkdir(parents=True, exist_ok=True)
        _note(writer, before)
        try:
            yield writer
        except BaseException:
            _note(writer, before | set(writer.files))  # the next build knows what is left over
            raise
        _remove(out, before - set(writer.files))
        _note(writer, set(writer.files))
    except OSError as error:
        raise SiteError(str(out), error.strerror or "cannot be written to") from error


def _remove(out: Path, names: Collection[str]) -> None:
    """Remove files of an earlier build, and folders that are empty then."""
    ours = [name for name in names if not _is_led_away(out, name)]
    for name in ours:
        if not (out / name).is_dir():
            (out / name).unlink(missing_ok=True)
    for folder in sorted({parent for name in ours for parent in _folders(out, name)}, reverse=True):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def _inside(name: str) -> bool:
    """Tell whether a path can be that of a file in a folder."""
    path = PurePosixPath(name)
    return bool(path.parts) and not path.is_absolute() and not {"..", "\0"} & {*path.parts, *name}


def _is_led_away(out: Path, name: str) -> bool:
    return any(folder.is_symlink() for folder in _folders(out, name))


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
        kept = list(json.loads((out / MANIFEST).read_text(encoding="utf-8"))["files"])
    except FileNotFoundError:
        if any(out.iterdir()):
            raise SiteError(str(out), "is not empty, and no site that threadkit built") from None
        return set()
    except (ValueError, KeyError, TypeError):
        raise SiteError(str(out / MANIFEST), "is damaged; remove the folder") from None
    return {name for name in kept if isinstance(name, str) and _inside(name)}


def _folders(out: Path, name: str) -> list[Path]:
    return [out / parent for parent in PurePosixPath(name).parents if str(parent) != "."]


def _note(writer: Writer, files: set[str]) -> None:
    text = json.dumps({"files": sorted(files)}, indent=0)
    writer.target(MANIFEST).write_text(text + "\n", encoding="utf-8")
