"""The door to mail on this machine: a path in, sources of raw mail out."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from threadkit.errors import SourceError
from threadkit.fetch.compressed import ByteStream, ReadableBytes
from threadkit.fetch.folders import EmlSource, FolderSource
from threadkit.fetch.git import GitSource, repositories
from threadkit.fetch.limits import Limits
from threadkit.fetch.mbox import MboxSource
from threadkit.fetch.sniff import HEAD_BYTES, sniff, what_else
from threadkit.fetch.source import Source, spelled
from threadkit.fetch.walk import Unit, plan
from threadkit.mail.values import Defect

STDIN = "-"


def _no_cursor(uri: str) -> str | None:
    return None


def open_sources(
    paths: Sequence[str],
    *,
    cursors: Callable[[str], str | None] = _no_cursor,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> Iterator[Source]:
    r"""Find the mail behind each path; what it is, is told by its content.

    Parameters
    ----------
    paths : sequence of str
        Files and folders, or ``-`` for standard input.
    cursors : callable
        From the ``uri`` of a git source to the commit where its last import stopped.
    limits : Limits
        Caps on sizes.

    Yields
    ------
    Source
        In the order of ``paths``; inside a folder sorted by name. Iterate each before
        taking the next.

    Raises
    ------
    SourceError
        Before anything is read, if a path is missing or closed to us; later, if a path
        turns out to hold no mail.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.NamedTemporaryFile() as file:
    ...     _ = file.write(b"From: ada@example.org\nSubject: hello\n\nhello\n")
    ...     file.flush()
    ...     [(source.kind, len(list(source))) for source in open_sources([file.name])]
    [('eml', 1)]
    """
    for path in paths:
        if path != STDIN:
            _check(path)
    return _open_each(paths, cursors, limits)


def _check(path: str) -> None:
    """Raise for a path that cannot be read, in plain words."""
    if not path:
        raise SourceError("''", "no path given")
    try:
        mode = Path(path).stat().st_mode
    except FileNotFoundError as error:
        raise SourceError(path, "no such file or folder") from error
    except (OSError, ValueError) as error:
        raise SourceError(path, _why(error)) from error
    if not os.access(path, os.R_OK | (os.X_OK if stat.S_ISDIR(mode) else 0)):
        raise SourceError(path, "no permission to read it")


def _why(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _open_each(
    paths: Sequence[str], cursors: Callable[[str], str | None], limits: Limits
) -> Iterator[Source]:
    for path in paths:
        if path == STDIN:
            yield open_stream(STDIN, sys.stdin.buffer, None, limits)
        elif Path(path).is_dir():
            yield from open_folder(Path(path).resolve(), cursors, limits)
        else:
            yield _open_file(_absolute(path), cursors, limits)


def _absolute(path: str) -> Path:
    """Resolve links, except those of pipes (``/dev/fd/63``), which lead nowhere."""
    resolved = Path(path).resolve()
    return resolved if resolved.is_file() else Path(path).absolute()


def open_folder(
    folder: Path, cursors: Callable[[str], str | None], limits: Limits
) -> Iterator[Source]:
    """Open everything that a folder and its subfolders hold.

    Parameters
    ----------
    folder : Path
        Absolute.
    cursors, limits
        As for :func:`open_sources`.

    Yields
    ------
    Source
        One of the folder's own, without mails if need be, carries in ``problems`` what
        was passed over in the whole tree.

    Raises
    ------
    SourceError
        If there is no mail anywhere in it.
    """
    found = plan(folder, limits, repositories)
    own = next((unit for unit in found.units if unit.path == folder), Unit("folder", folder))
    source: Source
    for unit in found.units:
        try:
            source = _open_unit(unit, cursors, limits)
        except SourceError as error:  # it was mail when the folder was looked through
            source = FolderSource(unit.path, unit.kind, (), limits)
            source.problems.append(Defect("unreadable", error.why))
        if unit is own:
            source.problems.extend(found.problems)
        yield source
    if found.problems and own.kind == "folder":
        source = FolderSource(folder, own.kind, (), limits)
        source.problems.extend(found.problems)
        yield source


def _open_unit(unit: Unit, cursors: Callable[[str], str | None], limits: Limits) -> Source:
    if unit.kind == "git":
        return GitSource(unit.path, cursors(spelled(str(unit.path))), limits)
    if unit.kind in ("maildir", "mh", "eml"):
        return FolderSource(unit.path, unit.kind, unit.names, limits)
    return _open_file(unit.path, cursors, limits)


def _open_file(path: Path, cursors: Callable[[str], str | None], limits: Limits) -> Source:
    if limits.spare(path):
        raise SourceError(str(path), "no mail in it: the database that mail is imported into")
    try:
        file = path.open("rb", buffering=0)
        size = os.fstat(file.fileno()).st_size if path.is_file() else None
    except OSError as error:
        raise SourceError(str(path), _why(error)) from error
    head = os.pread(file.fileno(), 64, 0) if size else b""
    if sniff(head) == "bundle":
        file.close()
        return GitSource(path, cursors(spelled(str(path))), limits)
    return open_stream(spelled(str(path)), file, size, limits)


def open_stream(uri: str, file: ReadableBytes, size_bytes: int | None, limits: Limits) -> Source:
    """Make a source of an open file or pipe.

    Parameters
    ----------
    uri : str
        What to call it.
    file : binary file
        Taken over: the source closes it.
    size_bytes : int or None
        For progress.
    limits : Limits
        Caps on sizes.

    Raises
    ------
    SourceError
        If it holds no mail.
    """
    stream = ByteStream(file, limits)
    head = stream.peek(HEAD_BYTES)
    kind = sniff(head)
    if kind == "mbox":
        return MboxSource(uri, stream, size_bytes, limits)
    if kind == "eml":
        return EmlSource(uri, stream, size_bytes, limits)
    if kind in ("lore-html", "lore-text"):
        from threadkit.fetch.page import PageSource

        return PageSource(uri, kind, stream, size_bytes, limits)
    stream.close()
    if kind == "bundle":
        raise SourceError(uri, "a git bundle: name the file, it cannot be read from a pipe")
    if stream.problems:
        raise SourceError(uri, f"{stream.problems[0].kind}: {stream.problems[0].detail}")
    raise SourceError(uri, what_else(head))
