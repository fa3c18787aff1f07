"""Where downloaded and built kernels are kept: the user's cache, never the system's folders."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path


def cache_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the folder that all of the witness's files are kept in; it may not exist yet.

    Parameters
    ----------
    environ : mapping of str to str
        ``THREADKIT_CACHE`` names the folder; else ``threadkit`` in ``XDG_CACHE_HOME``, by
        default ``~/.cache``.

    Returns
    -------
    Path
        Absolute.

    Examples
    --------
    >>> str(cache_folder({"THREADKIT_CACHE": "/var/tmp/tk", "XDG_CACHE_HOME": "/c"}))
    '/var/tmp/tk'
    >>> str(cache_folder({"XDG_CACHE_HOME": "/c"})), cache_folder({}).parts[-2:]
    ('/c/threadkit', ('.cache', 'threadkit'))
    >>> str(cache_folder({"XDG_CACHE_HOME": "relative"})) == str(cache_folder({}))
    True

    References
    ----------
    XDG Base Directory Specification: a relative ``XDG_CACHE_HOME`` is to be ignored.
    """
    own = environ.get("THREADKIT_CACHE", "")
    if own:
        return Path(own).expanduser().absolute()
    base = environ.get("XDG_CACHE_HOME", "")
    return (Path(base) if base.startswith("/") else Path.home() / ".cache") / "threadkit"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other processes from downloading or building into a folder meanwhile.

    Parameters
    ----------
    folder : Path
        It exists. The lock ends with the process, whatever happens to it.
    """
    with (folder / ".lock").open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield
