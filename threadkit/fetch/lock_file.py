"""A file by whose lock processes of threadkit keep out of each other's way.

References
----------
flock(2): a lock belongs to the open file, goes with the last process that has it open, and
needs no cleaning up after a kill. On NFS an exclusive one needs a file open for writing.
"""

from __future__ import annotations

import errno
import fcntl
import os
from contextlib import suppress
from pathlib import Path


def lock(file: Path, *, for_writing: bool = False) -> int:
    """Open and lock a file; make it if it is not there.

    Parameters
    ----------
    file : Path
        In a folder that is there.
    for_writing : bool
        Whether something will be written into it. Else a file of another user does, too,
        if it can be read.

    Returns
    -------
    int
        The open file. It has that name now: one that was removed or replaced in between
        would keep nobody out.

    Raises
    ------
    BlockingIOError
        If another process has the lock.
    OSError
        If there can be no lock.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     number = lock(Path(folder, "lock"))
    ...     unlock(Path(folder, "lock"), number)
    ...     os.listdir(folder)
    []
    """
    if not for_writing:
        try:
            return _locked(file, os.O_RDONLY)
        except OSError as error:
            if error.errno != errno.EBADF:
                raise
    return _locked(file, os.O_RDWR)


def unlock(file: Path, number: int, *, remove: bool = True) -> None:
    """Let the next one have the lock.

    Parameters
    ----------
    file : Path
        As it was locked.
    number : int
        What :func:`lock` returned; closed, whatever happens.
    remove : bool
        Whether to remove the file, if it is still ours and the folder allows it.
    """
    try:
        with suppress(OSError):
            if remove and _is_at(number, file):  # while locked: nobody else can hold it
                file.unlink()
    finally:
        os.close(number)


def _locked(file: Path, access: int) -> int:
    while True:
        number = _opened(file, access | os.O_CLOEXEC)
        is_ours = False
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_ours = _is_at(number, file)
        finally:
            if not is_ours:
                os.close(number)
        if is_ours:
            return number


def _opened(file: Path, flags: int) -> int:
    """Open a file, or make it.

    Asked to make what is there, Linux refuses where it is of another user in a folder like
    /tmp (fs.protected_regular).
    """
    try:
        return os.open(file, flags)
    except FileNotFoundError:
        return os.open(file, flags | os.O_CREAT, 0o666)


def _is_at(number: int, file: Path) -> bool:
    """Tell whether an open file is the one that has a name."""
    try:
        return os.path.samestat(os.fstat(number), file.stat())
    except FileNotFoundError:
        return False
