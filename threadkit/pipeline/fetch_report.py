"""What a fetch did, as values: for the command line, notebooks and tests."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import ClassVar, Literal

from threadkit.errors import ThreadkitError

ThreadState = Literal["new", "grown", "same", "part", "here", "missing", "failed", "waiting"]
"""``here`` is here, and the server was not asked; ``waiting`` is for later; of a ``part``
some mails came beside a thread that was asked for, since their Subject is alike, and no
answer about a thread brought the rest."""

SearchState = Literal["missing", "failed", "waiting"]

CommitState = Literal[
    "found", "ambiguous", "not-a-commit", "unclear", "unknown", "failed", "waiting"
]


@dataclass(frozen=True, slots=True)
class FetchedThread:
    """What became of one thread.

    Attributes
    ----------
    name : str
        The Message-ID, search or inbox that was asked for.
    state : {'new', 'grown', 'same', 'part', 'here', 'missing', 'failed', 'waiting'}
        What the database says of it now.
    root, subject : str
        Of the conversation; "" if there is none.
    messages, added, copies : int
        Mails of the conversation that are here; those that are new; new copies.
    url : str
        Where it came from, or where it was looked for.
    depth : int
        0 for what the user asked for, else steps of citing.
    cited_by : str
        The first mail or commit that cites it; "" if the user asked.
    absent : tuple of str
        Message-IDs that the server's overview lists and its mailbox lacks.
    differing : int
        Mails that the server's overview hangs under another parent.
    near : tuple of str
        Message-IDs that the server offers instead.
    why : str
        One line: what went wrong, or what is left to do.
    seconds : float
        Wall time.
    """

    kind: ClassVar[str] = "thread"

    name: str
    state: ThreadState
    root: str = ""
    subject: str = ""
    messages: int = 0
    added: int = 0
    copies: int = 0
    url: str = ""
    depth: int = 0
    cited_by: str = ""
    absent: tuple[str, ...] = ()
    differing: int = 0
    near: tuple[str, ...] = ()
    why: str = ""
    seconds: float = 0.0

    def facts(self) -> dict[str, object]:
        """Give the result as JSON can hold it."""
        return {"kind": self.kind, **asdict(self), "seconds": round(self.seconds, 3)}


@dataclass(frozen=True, slots=True)
class FetchedSearch:
    """A search or a list that brought nothing; the threads that one brings are results.

    Attributes
    ----------
    name : str
        The query; of a list its name and the first day.
    state : {'missing', 'failed', 'waiting'}
        Nothing matches, it did not come, it is for later.
    url, why : str
        As for :class:`FetchedThread`.
    """

    kind: ClassVar[str] = "search"

    name: str
    state: SearchState
    url: str = ""
    why: str = ""

    def facts(self) -> dict[str, object]:
        """Give the result as JSON can hold it."""
        return {"kind": self.kind, **asdict(self)}


@dataclass(frozen=True, slots=True)
class FetchedCommit:
    """What became of one commit.

    Attributes
    ----------
    name : str
        As cited: a hash or the beginning of one.
    state : {'found', 'ambiguous', 'not-a-commit', 'unclear', 'unknown', 'failed', 'waiting'}
        What the database says of it now; ``unclear`` is unknown or ambiguous, where an
        origin does not say which.
    sha, subject : str
        Of the commit; "" unless found.
    release : str
        The first release that has it, where that is known.
    mainline : str
        ``yes``, ``no`` or ``not checked``.
    checked_against : str
        The tag or branch that was looked at for that; "" if not checked.
    origin : str
        Who says so: a repository's path or URL.
    candidates : tuple of str
        Commits that an ambiguous name could be.
    depth, cited_by, why
        As for :class:`FetchedThread`.
    """

    kind: ClassVar[str] = "commit"

    name: str
    state: CommitState
    sha: str = ""
    subject: str = ""
    release: str = ""
    mainline: str = "not checked"
    checked_against: str = ""
    origin: str = ""
    candidates: tuple[str, ...] = ()
    depth: int = 0
    cited_by: str = ""
    why: str = ""

    def facts(self) -> dict[str, object]:
        """Give the result as JSON can hold it."""
        return {"kind": self.kind, **asdict(self)}


@dataclass(frozen=True, slots=True)
class NotFollowed:
    """Something that is cited and was not fetched, with the reason."""

    kind: ClassVar[str] = "not-followed"

    what: str
    name: str
    cited_by: str
    why: str

    def facts(self) -> dict[str, object]:
        """Give the result as JSON can hold it."""
        return {"kind": self.kind, **asdict(self)}


FetchResult = FetchedThread | FetchedSearch | FetchedCommit | NotFollowed


@dataclass(slots=True)
class FetchReport:
    """What a fetch did.

    Attributes
    ----------
    threads : list of FetchedThread
        In the order in which they were done.
    searches : list of FetchedSearch
        Searches and lists that brought nothing.
    commits : list of FetchedCommit
        In the order in which they were done.
    refreshed : list of FetchedCommit
        Commits of earlier runs of which the clone knows more now.
    not_followed : list of NotFollowed
        What the mails cite and this run left alone.
    beyond : Counter
        How many threads and commits are cited, not here, and further away than asked for.
    errors : list of ThreadkitError
        Why something that was asked for, or that a later run would bring, is not here.
    seconds : float
        Wall time.
    """

    threads: list[FetchedThread] = field(default_factory=list)
    searches: list[FetchedSearch] = field(default_factory=list)
    commits: list[FetchedCommit] = field(default_factory=list)
    refreshed: list[FetchedCommit] = field(default_factory=list)
    not_followed: list[NotFollowed] = field(default_factory=list)
    beyond: Counter[str] = field(default_factory=Counter)
    errors: list[ThreadkitError] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def added(self) -> int:
        """Messages that are new in the database."""
        return sum(thread.added for thread in self.threads)

    @property
    def exit_code(self) -> int:
        """What the command line ends with: 0, or the gravest code of the errors."""
        return max((error.exit_code for error in self.errors), default=0)


@dataclass(frozen=True, slots=True)
class FetchProgress:
    """How far a fetch is, for one line on a terminal.

    ``what`` says in a few words what is going on; ``done`` and ``known`` count threads and
    commits, 0 where that is not known; ``mails`` are those of the thread that have come.
    """

    what: str
    done: int = 0
    known: int = 0
    mails: int = 0
