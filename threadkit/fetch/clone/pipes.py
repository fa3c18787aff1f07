"""Talk to one git process: requests are fed by a thread while its answers are read."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterable
from types import TracebackType
from typing import IO

from threadkit.errors import SourceError
from threadkit.fetch.git import Repository, end, feed

_USAGE = 129  # git's exit code for an option that it does not know
_FATAL = 128  # and for what it cannot read

MAX_RESTARTS = 100
"""So many damaged objects are stepped over; with more the repository counts as broken."""


class Unreadable(SourceError):
    """Git met an object that is damaged or missing, and gave up."""


class Piped:
    """A git command that answers requests in their order; a context manager.

    Parameters
    ----------
    repository : Repository
        An absolute path.
    requests : iterable of str
        Lines without their ends; written by a thread, so that neither side waits for the
        other with full pipes.
    *command : str
        The git command.

    Attributes
    ----------
    out : file of bytes
        What git says.
    code : int
        Its exit code, once the context has ended; 0 if we left before it was done.
    """

    def __init__(self, repository: Repository, requests: Iterable[str], *command: str) -> None:
        self._repository = repository
        self._what = command[0]
        # Attributes are looked for where git stands: there is no work tree in that folder.
        self._process = repository.start(*command, stdin=subprocess.PIPE, cwd=repository.path)
        assert self._process.stdout is not None
        self.out: IO[bytes] = self._process.stdout
        self.code = 0
        lines = (f"{request}\n".encode() for request in requests)
        self._feeder = threading.Thread(target=feed, args=(self._process, lines), daemon=True)
        self._feeder.start()

    def __enter__(self) -> Piped:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.code = end(self._process)
        self._feeder.join()

    @property
    def is_unknown_option(self) -> bool:
        """Tell, after the end, whether this git is too old for an option."""
        return self.code == _USAGE

    @property
    def gave_up(self) -> bool:
        """Tell, after the end, whether git met something that it cannot read."""
        return self.code == _FATAL

    def broken(self) -> SourceError:
        """Return the error of a git that stopped before it had answered everything."""
        return damaged(self._repository, f"git {self._what} stopped early")

    def check(self) -> None:
        """Raise :class:`SourceError` unless git ended well or we left early.

        Raises
        ------
        Unreadable
            If git met something that it cannot read.
        SourceError
            If it ended badly in another way.
        """
        if self.code:
            error = damaged(self._repository, f"git {self._what} ended with {self.code}")
            raise Unreadable(error.uri, error.why) if self.gave_up else error


def damaged(repository: Repository, what: str) -> SourceError:
    """Return the error of a repository that git cannot read."""
    return SourceError(
        str(repository.path), f"{what}; the repository may be damaged: git fsck tells"
    )
