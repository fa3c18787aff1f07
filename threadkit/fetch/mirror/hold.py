"""One process at a time works on a folder; the next is told so."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from threadkit.errors import SourceError
from threadkit.fetch.lock_file import lock, unlock

LOCK = ".threadkit.lock"


@dataclass(frozen=True, slots=True)
class Hold:
    """A folder that is ours for now.

    Attributes
    ----------
    number : int
        The open lock file: a child process that has it too keeps the hold if we are killed.
    was_killed : bool
        Whether the last process that held the folder did not come to its end.
    """

    number: int
    was_killed: bool


@contextmanager
def hold(folder: Path) -> Iterator[Hold]:
    """Keep other processes of threadkit out of a folder.

    Parameters
    ----------
    folder : Path
        Made if it is not there, and removed again if nothing was put into it.

    Yields
    ------
    Hold
        While the block runs.

    Raises
    ------
    SourceError
        If another process holds it, or it cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as name, hold(Path(name)) as mine:
    ...     mine.was_killed
    False
    """
    is_new = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        number = lock(folder / LOCK, for_writing=True)
    except BlockingIOError as error:
        raise SourceError(
            str(folder), "another threadkit is updating it; wait until that is done"
        ) from error
    except OSError as error:
        raise SourceError(str(folder), error.strerror or "cannot be written") from error
    try:
        was_killed = os.pread(number, 1, 0) != b""
        os.pwrite(number, b"in use\n", 0)
        yield Hold(number, was_killed)
        os.ftruncate(number, 0)
    finally:
        is_empty = False
        with suppress(OSError):
            is_empty = is_new and list(folder.iterdir()) == [folder / LOCK]
        unlock(folder / LOCK, number, remove=is_empty)
        if is_empty:
            with suppress(OSError):
                folder.rmdir()
