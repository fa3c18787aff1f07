"""What the evidence graph is made of: rows, each a plain tuple, in any order.

Mails and persons go by number (row ids of whoever stores them), everything else by name.
The rows are tuples and not objects, because an archive has a million of them; their
columns are those of the NamedTuple of the same name, which says what they mean.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple


class MessageRow(NamedTuple):
    """A mail or a ghost; ``parent`` is the number of what it answers."""

    number: int
    message_id: str
    imposter: int
    ghost: int
    title: str
    person: int | None
    date_utc: str | None
    parent: int | None
    parent_rule: str | None


class PersonRow(NamedTuple):
    """Somebody who wrote or is named; ``emails`` are all addresses, TAB between them."""

    number: int
    name: str
    email: str
    emails: str


class QuoteRow(NamedTuple):
    """A passage of a mail that stands in another; the span is the quoting mail's."""

    message: int
    source: int
    start: int
    stop: int
    method: str
    score: float


class CitationRow(NamedTuple):
    """What a mail points at.

    ``trailer`` is the name of the trailer that the citation stands in (empty: it stands in
    the text), ``role`` what the mail cites a commit for (empty: not known).
    """

    message: int
    kind: str
    value: str
    title: str
    start: int
    stop: int
    trailer: str
    role: str


class CreditRow(NamedTuple):
    """A trailer of a mail that names a person: Reported-by, Tested-by and their like."""

    message: int
    name: str
    value: str
    start: int
    stop: int


class CommitRow(NamedTuple):
    """A commit that was found."""

    sha: str
    subject: str
    author: str
    email: str
    author_utc: str | None
    committer_utc: str | None
    release: str | None
    mainline: str


class RelationRow(NamedTuple):
    """What the message of a commit says of something else.

    ``target`` is ``commit``, ``message``, ``bug``, ``cve``, ``release``, ``syzbot`` or
    ``person``; ``value`` is its name as written, of a person ``Name <email>``.
    """

    source: str
    kind: str
    target: str
    value: str
    title: str
    start: int
    stop: int
    rule: str
    score: float


class AnswerRow(NamedTuple):
    """What became of looking up a hash as somebody wrote it.

    ``sha`` is that of the commit, if it was found; ``candidates`` are what an ambiguous one
    could be: ``SHA subject``, one a line.
    """

    name: str
    state: str
    sha: str | None
    candidates: str


class CommitMailRow(NamedTuple):
    """A mail that became a commit (``becomes``) or is its discussion (``discusses``)."""

    sha: str
    message_id: str
    kind: str
    rule: str
    score: float


class SeriesRow(NamedTuple):
    """One change; ``sha`` is the commit of its last merged patch."""

    number: int
    key: str
    title: str
    author: str
    fate: str
    sha: str | None
    release: str | None


class RevisionRow(NamedTuple):
    """One posting of a series; ``position`` counts from the first."""

    series: int
    position: int
    revision: int
    message_id: str
    posted_utc: str | None
    rule: str
    score: float


class MemberRow(NamedTuple):
    """A mail of a posting, by number; ``sha`` is the commit that it became."""

    message: int
    series: int
    counter: int
    sha: str | None


class RegressionRow(NamedTuple):
    """Something that broke.

    ``bisectors`` and ``testers`` are names or addresses, ``duplicates`` Message-IDs of
    reports that are the same, each one a line.
    """

    number: int
    key: str
    title: str
    state: str
    reported_utc: str | None
    fixed_utc: str | None
    score: float
    origin: str
    bisectors: str
    testers: str
    duplicates: str


class ReportRow(NamedTuple):
    """A mail that reports a regression, whether it is here or not."""

    regression: int
    message_id: str
    utc: str | None
    person: str
    email: str
    title: str


class CulpritRow(NamedTuple):
    """What broke it: ``name`` as written (a hash or ``A..B``), ``sha`` the one commit."""

    regression: int
    name: str
    sha: str | None
    title: str
    source: str
    score: float


class FixRow(NamedTuple):
    """What is to end it; ``status`` is named, proposed, committed, merged, undone ..."""

    regression: int
    sha: str | None
    message_id: str | None
    status: str
    rule: str
    score: float


@dataclass(frozen=True, slots=True)
class EvidenceRows:
    """All rows of one graph; each iterable is read once, and while the graph grows.

    Attributes
    ----------
    messages : iterable of MessageRow
        Every mail that another row names by number has to be among them.
    aliases : iterable of (str, int)
        Further Message-IDs of mails, and the mails' numbers.
    people, quotes, citations, credits, commits, answers, relations : iterable
        Of the rows above.
    commit_mails, series, revisions, members : iterable
        Of the rows above.
    regressions, reports, culprits, fixes : iterable
        Of the rows above.
    """

    messages: Iterable[tuple[Any, ...]] = ()
    aliases: Iterable[tuple[Any, ...]] = ()
    people: Iterable[tuple[Any, ...]] = ()
    quotes: Iterable[tuple[Any, ...]] = ()
    citations: Iterable[tuple[Any, ...]] = ()
    credits: Iterable[tuple[Any, ...]] = ()
    commits: Iterable[tuple[Any, ...]] = ()
    answers: Iterable[tuple[Any, ...]] = ()
    relations: Iterable[tuple[Any, ...]] = ()
    commit_mails: Iterable[tuple[Any, ...]] = ()
    series: Iterable[tuple[Any, ...]] = ()
    revisions: Iterable[tuple[Any, ...]] = ()
    members: Iterable[tuple[Any, ...]] = ()
    regressions: Iterable[tuple[Any, ...]] = ()
    reports: Iterable[tuple[Any, ...]] = ()
    culprits: Iterable[tuple[Any, ...]] = ()
    fixes: Iterable[tuple[Any, ...]] = ()
