"""A regression, put together: who says what of it, and what follows from that."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Source = Literal["command", "trailer", "bisection", "prose", "curated", "thread", "commit"]
"""By what way an event is known.

A command of regression tracking; a trailer, of a commit or of a mail; a bisection; prose;
a curated fact; where a mail stands; or what is known of a commit.
"""

TOGETHER = ("trailer", "curated")
"""Who names several culprits in these ways means all of them, not one of them."""

State = Literal["open", "to_be_fixed", "fixed", "resolved", "inconclusive"]
_SECONDS_A_DAY = 86400
STATES: tuple[State, ...] = ("open", "to_be_fixed", "fixed", "resolved", "inconclusive")


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a regression, with the passage that says so.

    Attributes
    ----------
    utc : str or None
        ISO 8601 with Z.
    kind : str
        report, tracked, culprit, not_culprit, fix, closes, trial (a diff to be tried),
        merged, landed (a mail says so), undone, backport, note, works, fails, role, recovered, title, duplicate, link,
        resolve, inconclusive, backburner, unbackburner, poke, curated, differs.
    message_id, sha : str or None
        The mail, or the commit, that says so.
    person : str
        Who.
    value, detail : str
        A hash, release, title, Message-ID ...; what it is.
    start, stop : int
        Characters of the mail's or the commit's body.
    rule : str
        What found it.
    score : float
        0..1.
    source : Source
        By what way it is known.
    state : str
        Of the regression after it; empty before it is put together.
    """

    utc: str | None
    kind: str
    message_id: str | None
    sha: str | None
    person: str
    value: str
    detail: str
    start: int
    stop: int
    rule: str
    score: float
    source: Source
    state: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A mail that says that something broke; ``here`` is False if only others name it."""

    message_id: str
    utc: str | None
    person: str
    email: str
    subject: str
    here: bool


@dataclass(frozen=True, slots=True)
class Culprit:
    """What broke it, as somebody says.

    ``name`` is a hash or range as written, ``sha`` the one commit if it is known, ``why``
    says why it is not; ``said_by`` is a Message-ID or a hash.
    """

    name: str
    sha: str | None
    title: str
    why: str
    said_by: str
    source: Source
    score: float

    @property
    def is_single(self) -> bool:
        """Tell one commit from a range, and from a patch that nobody knows as a commit."""
        return bool(self.name) and ".." not in self.name and "@" not in self.name


@dataclass(frozen=True, slots=True)
class Fix:
    """A commit or a mail that is to end the regression.

    Attributes
    ----------
    name : str
        Hash, Message-ID or title, whichever is known first in this order.
    sha, message_id : str or None
        The commit; the posted patch.
    title : str
        Its subject.
    status : str
        named, proposed, merged, undone, superseded.
    release, mainline : str
        Of the commit; empty if unknown.
    posted_utc, merged_utc : str or None
        When it was first posted; when it was committed.
    closes : bool
        It names the report, or was named as the fix by a command.
    rule : str
        What makes it the fix.
    score : float
        0..1.
    backports : tuple of str
        Hashes of the same change elsewhere.
    """

    name: str
    sha: str | None
    message_id: str | None
    title: str
    status: str
    release: str
    mainline: str
    posted_utc: str | None
    merged_utc: str | None
    closes: bool
    rule: str
    score: float
    backports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Regression:
    """Something that worked, and then did not.

    Attributes
    ----------
    key : str
        Message-ID of its first report, else the hash of its first fix.
    title : str
        As tracking names it, else the subject of the report, else of the fix.
    culprits : tuple of Culprit
        Those of the most trustworthy kind of evidence that names any, newest first, as a
        fix may name several causes; empty if nobody says.
    reports : tuple of Report
        Oldest first.
    reporters, bisectors, testers : tuple of str
        Names or addresses.
    works, fails : tuple of str
        Releases and commits.
    fixes : tuple of Fix
        Those that close it first.
    state : State
        Where it stands, by ``why``.
    why : str
        The reason of the state.
    tracked : bool
        Commands of regression tracking say so; else the state rests on weaker rules.
    backburner : bool
        Tracking expects nothing soon.
    duplicates : tuple of str
        Message-IDs of reports that a command says are the same.
    maybe_same : tuple of (str, str)
        Keys of other regressions that could be this one, and what speaks for it.
    events : tuple of Event
        In order of time.
    reported_utc, fixed_utc, last_utc : str or None
        First report; when the state became fixed; last activity.
    score : float
        0..1, of the best report.
    origin : str
        mail, commit, curated.
    delays_days : dict of str to float
        Days from one step to the next, where both are known.
    mechanisms : frozenset of str
        By what it breaks.
    """

    key: str
    title: str
    culprits: tuple[Culprit, ...]
    reports: tuple[Report, ...]
    reporters: tuple[str, ...]
    bisectors: tuple[str, ...]
    testers: tuple[str, ...]
    works: tuple[str, ...]
    fails: tuple[str, ...]
    fixes: tuple[Fix, ...]
    state: State
    why: str
    tracked: bool
    backburner: bool
    duplicates: tuple[str, ...]
    maybe_same: tuple[tuple[str, str], ...]
    events: tuple[Event, ...]
    reported_utc: str | None
    fixed_utc: str | None
    last_utc: str | None
    score: float
    origin: str
    delays_days: dict[str, float] = field(default_factory=dict)
    mechanisms: frozenset[str] = frozenset()

    @property
    def culprit(self) -> Culprit | None:
        """The first of its culprits."""
        return self.culprits[0] if self.culprits else None

    @property
    def causes(self) -> tuple[Culprit, ...]:
        """The single commits that are held to have caused it; none if it is one of several."""
        if len(self.culprits) > 1 and self.culprits[0].source not in TOGETHER:
            return ()
        return tuple(one for one in self.culprits if one.is_single)

    @property
    def is_identified(self) -> bool:
        """Tell whether one commit, not a range or one of several, is named as the culprit."""
        return bool(self.causes)


def days(begin: str, end: str) -> float:
    """Return the days between two dates; negative if the second is before the first.

    Parameters
    ----------
    begin, end : str
        ISO 8601; a date alone is its midnight in UTC.

    Examples
    --------
    >>> days("2022-02-16T12:00:00Z", "2022-02-18")
    1.5
    """
    first, second = (
        datetime.fromisoformat(one if "T" in one else f"{one}T00:00:00Z") for one in (begin, end)
    )
    return round((second - first).total_seconds() / _SECONDS_A_DAY, 1)
