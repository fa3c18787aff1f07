"""One fetch at a time works on a database: two would ask servers for the same things twice.

References
----------
flock(2): a lock belongs to the open file, goes with the last process that has it open, and
needs no cleaning up after a kill.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

END = "-fetch"
"""The lock is a file beside the database with this at the end of its name."""


@contextmanager
def turn(path: str | Path) -> Iterator[bool]:
    """Take the turn to fetch into a database.

    Parameters
    ----------
    path : str or Path
        The database.

    Yields
    ------
    bool
        False if another process has the turn. True also if there can be no lock, in a
        folder that cannot be written or on a file system without locks.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with turn(Path(folder, "a.db")) as first, turn(Path(folder, "a.db")) as second:
    ...         print(first, second)
    ...     print(list(Path(folder).iterdir()))
    True False
    []
    """
    file = Path(f"{Path(path).resolve()}{END}")
    try:
        number = _locked(file)
    except BlockingIOError:
        yield False
        return
    except OSError:
        yield True
        return
    try:
        yield True
    finally:
        file.unlink(missing_ok=True)  # first, so that nobody locks a file that has no name
        os.close(number)


def _locked(file: Path) -> int:
    """Open and lock a file; not one that was removed in between."""
    while True:
        number = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(number)
            raise
        if os.fstat(number).st_nlink:
            return number
        os.close(number)
