"""One fetch at a time works on a database.

Two would ask servers for the same things twice, and one host at the same time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from threadkit.fetch.lock_file import lock, unlock

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
        number = lock(file)
    except BlockingIOError:
        yield False
        return
    except OSError:
        yield True
        return
    try:
        yield True
    finally:
        unlock(file, number)
