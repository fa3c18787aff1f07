"""One process at a time works on a folder; the next is told so.

References
----------
flock(2): a lock belongs to the open file, goes with the last process that has it open, and
needs no cleaning up after a kill.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from threadkit.errors import SourceError

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
        number = _locked(folder)
    except OSError as error:
        raise SourceError(str(folder), error.strerror or "cannot be written") from error
    try:
        was_killed = os.pread(number, 1, 0) != b""
        os.pwrite(number, b"in use\n", 0)
        yield Hold(number, was_killed)
        os.ftruncate(number, 0)
    finally:
        if is_new and [path.name for path in folder.iterdir()] == [LOCK]:
            (folder / LOCK).unlink()
            with suppress(OSError):
                folder.rmdir()
        os.close(number)


def _locked(folder: Path) -> int:
    """Open and lock the file; not one that was removed in between."""
    while True:
        number = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(number)
            raise SourceError(
                str(folder), "another threadkit is updating it; wait until that is done"
            ) from error
        if os.fstat(number).st_nlink:
            return number
        os.close(number)
