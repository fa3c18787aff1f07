"""Claims, as notebooks and the command line list them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from sqlite3 import Connection
from typing import Any, overload

from threadkit.errors import NotFound, QueryError
from threadkit.pipeline.display import counted, cut, one_line
from threadkit.store import lookup
from threadkit.store.claim_list import (
    Coverage,
    Elsewhere,
    Outcome,
    StoredClaim,
    claims_about,
    claims_of_question,
    coverage,
    outcomes,
    read_claim,
    read_claims,
    relation_counts,
)
from threadkit.store.passages import passages
from threadkit.store.search_dates import span

STATUSES = ("open", "contested", "conceded", "upheld", "withdrawn", "unanswered")
"""How a claim stands."""

SHOWN = frozenset({"automatic", "accepted"})
"""States of what is shown without being asked for."""

STATES = ("automatic", "candidate", "accepted", "rejected")
"""Automatic: found, and sure enough. Candidate: not sure enough. The others: by hand."""

COLUMNS = (
    "id", "person", "utc", "kind", "status", "state", "score", "text", "gist", "outcome",
    "taken_up", "attacked", "supported", "places", "holder", "why", "rule", "message_id",
    "start", "stop", "root", "email", "key",
)  # fmt: skip
"""Of a row of :meth:`Claim.row`."""

_IN_NOTEBOOK = ("id", "person", "utc", "kind", "status", "state", "score", "text")
_NO_REPLY = frozenset({"no direct reply", "taken up", "own"})
_TITLE = 60
_NONE = Outcome("", ())


@dataclass(frozen=True, slots=True)
class Claim:
    """Something that somebody says and others may dispute.

    Attributes
    ----------
    facts : StoredClaim
        Everything that is stored of it.
    text : str
        The passage with white space collapsed.
    outcome : str
        answered, taken up, own, no direct reply; empty if it calls for no answer.
    taken_up : tuple of Elsewhere
        Mails that take it up in another branch or later.
    attacked, supported : int
        How many units speak against it and for it; candidates do not count.
    """

    facts: StoredClaim
    text: str
    outcome: str = ""
    taken_up: tuple[Elsewhere, ...] = ()
    attacked: int = 0
    supported: int = 0

    @property
    def id(self) -> str:
        """``c`` and a number that stays its own."""
        return self.facts.id

    @property
    def person(self) -> str:
        """Who says it."""
        return self.facts.person

    @property
    def status(self) -> str:
        """How the debate left it."""
        return self.facts.status

    @property
    def shown(self) -> str:
        """What to read: the gist that a person wrote, else the passage."""
        return self.facts.gist or self.text

    def row(self) -> tuple[str | int | float | None, ...]:
        """Return one line of a table, in the order of :data:`COLUMNS`."""
        one = self.facts
        return (
            one.id, one.person, one.utc, one.kind, one.status, one.state, one.score, self.text,
            one.gist, self.outcome, "; ".join(each.message_id for each in self.taken_up), self.attacked, self.supported,
            one.places, one.holder, one.why, one.rule, one.message_id, one.start, one.stop,
            one.root, one.email, one.key,
        )  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        value: dict[str, Any] = dict(zip(COLUMNS, self.row(), strict=True))
        return {**value, "taken_up": [each._asdict() for each in self.taken_up]}

    def __repr__(self) -> str:
        one = self.facts
        words = cut(one_line(self.shown), _TITLE)
        return f"<Claim {one.id} {one.status} {words!r} {one.person}, {(one.utc or '')[:10]}>"

    def _repr_html_(self) -> str:
        from threadkit import notebook

        one = self.facts
        said = (one.id, one.person, (one.utc or "")[:10], one.kind, one.status, marked(one))
        return notebook.heading(self.shown, said)


class Claims(Sequence[Claim]):
    """Claims, oldest first.

    Parameters
    ----------
    some : sequence of Claim
        In order.
    covered : Coverage
        How much of the mail they were read from.
    candidates : int
        How many more there are that are not sure enough to be shown.
    unanswered : sequence of (str, int)
        Where those without a reply were asked for: casebooks that cover a mail of them, and
        how many claims each calls unanswered.
    """

    def __init__(
        self,
        some: Sequence[Claim],
        covered: Coverage,
        candidates: int = 0,
        unanswered: Sequence[tuple[str, int]] = (),
    ) -> None:
        self._some = tuple(some)
        self.coverage = covered
        self.candidates = candidates
        self.unanswered = tuple(unanswered)

    def __len__(self) -> int:
        return len(self._some)

    def __iter__(self) -> Iterator[Claim]:
        return iter(self._some)

    @overload
    def __getitem__(self, place: int) -> Claim: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Claim]: ...
    def __getitem__(self, place: int | slice) -> Claim | Sequence[Claim]:
        return self._some[place]

    def __repr__(self) -> str:
        return f"<Claims {counted(len(self), 'claim')}; {self.coverage}>"

    def _repr_html_(self) -> str:
        from threadkit import notebook

        places = [COLUMNS.index(name) for name in _IN_NOTEBOOK]
        rows = [[one.row()[place] for place in places] for one in self._some]
        return notebook.table(_IN_NOTEBOOK, rows) + notebook.heading("", [str(self.coverage)])


@dataclass(frozen=True, slots=True)
class ClaimFilter:
    """Which claims are wanted; an empty field asks for nothing.

    Attributes
    ----------
    by : str
        Words of a name or address of who says it.
    status, kind : str
        As in the table ``claim``.
    about : str
        A claim, as ``c6``: only those in a relation with it.
    question : str
        A question, by name or by words: only what answers it, or what it asks about.
    unanswered : bool
        Only those that call for an answer and have no direct reply.
    since : str
        A date as in a search (``2020-09``, ``2.weeks.ago``).
    states : frozenset of str
        Of :data:`STATES`.
    """

    by: str = ""
    status: str = ""
    kind: str = ""
    about: str = ""
    question: str = ""
    unanswered: bool = False
    since: str = ""
    states: frozenset[str] = SHOWN


def claims(
    conn: Connection, thread: str | None = None, wanted: ClaimFilter | None = None
) -> Claims:
    """Read claims.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    thread : str, optional
        Any mail of a conversation; all without.
    wanted : ClaimFilter, optional
        Which; those that are shown by default without.

    Returns
    -------
    Claims
        Oldest first.

    Raises
    ------
    NotFound, Ambiguous
        No mail, or more than one, answers to the name; there is no such claim or question.
    QueryError
        A date is not understood.
    """
    wanted = wanted or ClaimFilter()
    root = None if thread is None else lookup.root(conn, thread)
    came_of = outcomes(conn, root) if wanted.unanswered else {}
    names = _named(conn, root, wanted)
    first = instant(wanted.since) if wanted.since else ""
    every = list(read_claims(conn, root))
    fits = [
        one
        for one in every
        if (names is None or one.id in names)
        and (one.utc or "") >= first
        and _fits(one, wanted)
        and (not wanted.unanswered or came_of.get(one.id, _NONE).outcome in _NO_REPLY)
    ]
    chosen = [one for one in fits if one.state in wanted.states]
    left = sum(one.state == "candidate" for one in fits) if wanted.states == SHOWN else 0
    some = claims_of(conn, chosen, root)
    books = _unanswered(conn, every) if wanted.unanswered else ()
    return Claims(some, coverage(conn, root), left, books)


def _unanswered(conn: Connection, some: Sequence[StoredClaim]) -> list[tuple[str, int]]:
    """Count what casebooks that cover these claims call unanswered.

    A claim that a person calls unanswered was taken up by nobody anywhere; one without a direct
    reply may have been answered elsewhere. The two counts are not of one kind.
    """
    from threadkit.pipeline.casebook_findings import loaded_casebooks

    mails = {one.message_id for one in some}
    return [
        (book.name, sum(one.status == "unanswered" for one in book.claims))
        for book in loaded_casebooks(conn).values()
        if any(one.said.message in mails for one in book.claims)
    ]


def claims_of(conn: Connection, some: Sequence[StoredClaim], root: int | None) -> list[Claim]:
    """Add to claims their words and what became of them.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    some : sequence of StoredClaim
        In any order.
    root : int or None
        ``message.root`` of their conversation; None if they are of several.

    Returns
    -------
    list of Claim
        In the same order.
    """
    texts = passages(conn, [_span(one) for one in some])
    counts, came_of = relation_counts(conn, root), outcomes(conn, root)
    return [
        Claim(
            one,
            " ".join(texts.get(_span(one), "").split()),
            *came_of.get(one.id, _NONE),
            sum(counts.get((one.id, kind), 0) for kind in ("attack", "undercut")),
            counts.get((one.id, "support"), 0),
        )
        for one in some
    ]


def find_claim(conn: Connection, name: str) -> StoredClaim:
    """Find the claim of a name.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    name : str
        As ``c6``.

    Raises
    ------
    NotFound
        There is none.
    """
    found = read_claim(conn, name.strip().lower())
    if found is None:
        raise NotFound(name, what="claim")
    return found


def instant(text: str) -> str:
    """Read a date and return its first instant, ISO 8601 with Z.

    Parameters
    ----------
    text : str
        As in a search.

    Raises
    ------
    QueryError
        It is not understood.

    Examples
    --------
    >>> instant("2020-09")
    '2020-09-01T00:00:00Z'
    """
    try:
        moment = span(text, datetime.now(UTC))[0]
    except ValueError as error:
        raise QueryError(text, str(error)) from error
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def is_by(name: str, person: str, email: str) -> bool:
    """Tell whether all words of a name are in a person's name or address.

    Parameters
    ----------
    name : str
        As typed.
    person, email : str
        Of who wrote.

    Examples
    --------
    >>> is_by("ann exa", "Ann Example", "ann@example.org"), is_by("bob", "Ann Example", "")
    (True, False)
    """
    known = f"{person} {email}".casefold()
    return all(word in known for word in name.casefold().split())


def marked(one: StoredClaim) -> str:
    """Say whether a person has looked at a claim, else how sure the finding is.

    Parameters
    ----------
    one : StoredClaim
        Any.
    """
    return one.state if one.state in ("accepted", "rejected") else f"{one.state} {one.score:.2f}"


def _perhaps(one: StoredClaim, wanted: ClaimFilter) -> bool:
    """Tell if a candidate would give a claim the status that is asked for, with candidates."""
    return "candidate" in wanted.states and f"perhaps {wanted.status} by" in one.why


def _fits(one: StoredClaim, wanted: ClaimFilter) -> bool:
    return (
        (not wanted.status or one.status == wanted.status or _perhaps(one, wanted))
        and (not wanted.kind or one.kind == wanted.kind)
        and (not wanted.by or is_by(wanted.by, one.person, one.email))
    )


def _named(conn: Connection, root: int | None, wanted: ClaimFilter) -> set[str] | None:
    """Name the claims that are about something; None if that is not asked for."""
    found: list[set[str]] = []
    if wanted.about:
        found.append(claims_about(conn, find_claim(conn, wanted.about).id))
    if wanted.question:
        from threadkit.pipeline.questions_view import find_questions

        asked = find_questions(conn, wanted.question, root)
        found.append(
            set().union(*(claims_of_question(conn, one.message, one.unit) for one in asked))
        )
    return set.intersection(*found) if found else None


def _span(one: StoredClaim) -> tuple[int, int, int]:
    return (one.message or 0, one.start, one.stop)
