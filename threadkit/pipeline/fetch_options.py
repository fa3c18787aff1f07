"""What a user can ask of a fetch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

RECENT_S = 600
"""A thread that came so shortly before is not asked for again, unless forced."""


@dataclass(frozen=True, slots=True)
class FetchOptions:
    """How to fetch.

    Attributes
    ----------
    with_cited : int
        Steps of citing to follow: 0 none, 1 what the mails asked for cite, ... The queue
        remembers it with what is still to come.
    limit : int
        At most so many cited threads, and so many commits from the network, in one run.
    clone : Path or None
        A git repository in which commits are looked up first.
    mainline : str or None
        The branch of it that is the mainline, if it cannot be told by its remotes and tags.
    diffs : bool
        Whether commits come with their diffs.
    check : bool
        Whether threads that were asked for by name are compared with the server's overview.
    force : bool
        Ask even for what came in the last :data:`RECENT_S` seconds.
    offline : bool
        Open no connection: answer from what is here and from the clone, and leave the
        queue as it was.
    inbox : str or None
        The list that searches look at; None: all.
    since : str or None
        Of a whole list: the first day, ``YYYY-MM-DD``.
    workers : int or None
        Processes that parse large threads; None: one for each processor.
    """

    with_cited: int = 0
    limit: int = 100
    clone: Path | None = None
    mainline: str | None = None
    diffs: bool = True
    check: bool = True
    force: bool = False
    offline: bool = False
    inbox: str | None = None
    since: str | None = None
    workers: int | None = None

    def __post_init__(self) -> None:
        """Refuse numbers that mean nothing.

        Raises
        ------
        ValueError
            A number is negative.
        """
        for name in ("with_cited", "limit", "workers"):
            number = getattr(self, name)
            if number is not None and number < 0:
                raise ValueError(f"{name} is {number}; it cannot be negative")
