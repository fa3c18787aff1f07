"""What a folder holds: mailboxes, Maildirs, MH folders, single mails, repositories.

The whole tree is looked at first and read afterwards, so that a folder without mail is an
error before anything is stored, and so that files that hold no mail can be named.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from threadkit.errors import SourceError
from threadkit.fetch.compressed import ByteStream
from threadkit.fetch.limits import Limits
from threadkit.fetch.sniff import HEAD_BYTES, sniff
from threadkit.fetch.source import spelled
from threadkit.mail.values import Defect

_SHOWN = 3
_NUMBER = re.compile(r"\d+")
_MAILDIR_PARTS = ("cur", "new", "tmp")


@dataclass(frozen=True, slots=True)
class Unit:
    """One source to open.

    ``kind`` is that of :func:`threadkit.fetch.sniff.sniff`, or ``maildir``, ``mh``, ``eml``
    with the file names below ``path`` in ``names``, or ``git``.
    """

    kind: str
    path: Path
    names: tuple[str, ...] = ()


@dataclass(slots=True)
class Plan:
    """The sources of a tree in the order to read them, and what was passed over."""

    units: list[Unit] = field(default_factory=list)
    problems: list[Defect] = field(default_factory=list)


def plan(
    top: Path, limits: Limits, repositories: Callable[[Path], list[Path]] = lambda folder: []
) -> Plan:
    r"""Look through a folder and everything below it.

    Parameters
    ----------
    top : Path
        Absolute.
    limits : Limits
        For packed files.
    repositories : callable
        From a folder to the git repositories of mail that it is or holds; empty for a
        folder that is none.

    Returns
    -------
    Plan
        A folder's own mails before its subfolders', each sorted by name.

    Raises
    ------
    SourceError
        If no mail was found anywhere.

    Notes
    -----
    Hidden files and folders are passed over, except the subfolders of a Maildir. A folder
    is visited once, whatever links lead to it. Opens each file once; two system calls each.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "1").write_bytes(b"From: ada@example.org\nSubject: a\n\nhello\n")
    ...     _ = Path(folder, "README").write_bytes(b"about this folder")
    ...     found = plan(Path(folder), Limits())
    >>> [(unit.kind, unit.names) for unit in found.units]
    [('mh', ('1',))]
    >>> [problem.kind for problem in found.problems]
    ['not-mail']
    """
    found = Plan()
    seen: set[tuple[int, int]] = set()
    waiting = [top]
    looked_at = 0
    while waiting:
        folder = waiting.pop()
        try:
            stat = folder.stat()
            if (stat.st_dev, stat.st_ino) in seen:
                continue
            seen.add((stat.st_dev, stat.st_ino))
            inboxes = repositories(folder)
            if inboxes:
                found.units += [Unit("git", path) for path in inboxes]
                continue
            listing = _Listing(folder)
        except OSError as error:
            where = spelled(folder.name) if folder == top else _below(top, folder)
            found.problems.append(Defect("unreadable", f"{where}: {error.strerror}"))
            continue
        looked_at += len(listing.files)
        listing.into(found, top, limits)
        waiting += [folder / name for name in reversed(listing.folders)]
    if not found.units:
        what = "holds no files" if not looked_at else f"no mail in its {looked_at} files"
        if found.problems and not looked_at:
            what = found.problems[0].detail
        raise SourceError(str(top), what)
    return found


def _below(top: Path, path: Path) -> str:
    return spelled(str(path.relative_to(top))) if path != top else ""


class _Listing:
    """One folder: its plain files, its subfolders, and the mails if it is a Maildir."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: list[str] = []
        self.folders: list[str] = []
        hidden: list[str] = []
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    if entry.is_dir():
                        hidden.append(entry.name)
                elif entry.is_dir():
                    self.folders.append(entry.name)
                elif entry.is_file():
                    self.files.append(entry.name)
        self.delivered = self._maildir()
        if self.delivered is not None:
            self.folders = [name for name in self.folders if name not in _MAILDIR_PARTS]
            self.folders += [name for name in hidden if (folder / name / "cur").is_dir()]
        self.files.sort()
        self.folders.sort()

    def _maildir(self) -> list[str] | None:
        """List the mails of ``cur`` and ``new``; None if this is no Maildir."""
        if "cur" not in self.folders:
            return None
        names: dict[str, list[str]] = {"cur": [], "new": []}
        for part in names:
            if part in self.folders:
                found = (entry.name for entry in (self.folder / part).iterdir())
                names[part] = [name for name in found if not name.startswith(".")]
        marked = any(":2," in name for name in names["cur"])
        if not (marked or "new" in self.folders or "tmp" in self.folders):
            return None
        return [f"{part}/{name}" for part in names for name in names[part]]

    def into(self, found: Plan, top: Path, limits: Limits) -> None:
        """Add what the folder holds to a plan."""
        single: list[str] = []
        other: list[str] = []
        boxes: list[Unit] = []
        for name in self.files:
            path = self.folder / name
            if limits.spare(path):
                continue
            kind, problem = _kind(path, limits)
            if kind == "eml":
                single.append(name)
            elif kind:
                boxes.append(Unit(kind, path))
            elif problem:
                detail = f"{_below(top, path)}: {problem.detail}"
                found.problems.append(Defect(problem.kind, detail))
            else:
                other.append(name)
        if self.delivered is not None:
            names = sorted(self.delivered, key=_by_number) + single
            found.units.append(Unit("maildir", self.folder, tuple(names)))
        elif single:
            numbered = all(name.isdecimal() for name in single)
            names = sorted(single, key=_by_number) if numbered else single
            found.units.append(Unit("mh" if numbered else "eml", self.folder, tuple(names)))
        found.units += boxes
        if other:
            found.problems.append(Defect("not-mail", _named(_below(top, self.folder), other)))


def _kind(path: Path, limits: Limits) -> tuple[str | None, Defect | None]:
    """Tell what a file is, or why that cannot be told; neither if it holds no mail."""
    try:
        with path.open("rb", buffering=0) as file:
            stream = ByteStream(file, limits)
            kind = sniff(stream.peek(HEAD_BYTES))
    except OSError as error:
        return None, Defect("unreadable", error.strerror or "cannot be opened")
    return kind, next(iter(stream.problems), None)


def _named(folder: str, names: list[str]) -> str:
    shown = ", ".join(spelled(name) for name in names[:_SHOWN])
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"{folder}: {shown}{more}" if folder else f"{shown}{more}"


def _by_number(name: str) -> tuple[int, str]:
    """Sort as delivered: Maildir and MH names start with a number."""
    base = name.rpartition("/")[2]
    found = _NUMBER.match(base)
    return (int(found[0]) if found else 0), base
