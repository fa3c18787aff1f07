"""The commits that mails cite, as notebooks and the command line see them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from sqlite3 import Connection
from typing import overload

from threadkit.commits.titles import same_title
from threadkit.pipeline.display import counted, cut, one_line
from threadkit.store import commit_list
from threadkit.store.commit_list import CommitFacts, Origin, Place, Relative

_SUBJECT = 60
COLUMNS = (
    "sha", "subject", "author", "author_utc", "release", "mainline", "cited", "first_utc",
    "people", "roles", "titles", "relatives", "mails",
)  # fmt: skip
"""Of a row of :meth:`CitedCommit.row`."""
_SHOWN = ("sha", "subject", "author", "release", "cited", "people", "roles", "titles")


@dataclass(frozen=True, slots=True, repr=False)
class CitedCommit:
    """A commit that mails cite.

    Attributes
    ----------
    name : str
        Its full hash if it is known, else as written.
    facts : CommitFacts or None
        None if it is unknown here; then ``why`` says what looking it up came to.
    why : str
        Of an unknown one: not looked up, unknown, ambiguous ...
    candidates : tuple of str
        ``SHA subject`` of the commits that an ambiguous name could be.
    places : tuple of Place
        Where it is cited, earliest first.
    relatives : tuple of Relative
        Commits that it fixes, reverts or backports, and those that do so to it.
    mails : tuple of Origin
        The mails that became it, or are its discussion.
    """

    name: str
    facts: CommitFacts | None
    why: str
    candidates: tuple[str, ...]
    places: tuple[Place, ...]
    relatives: tuple[Relative, ...]
    mails: tuple[Origin, ...]

    @property
    def subject(self) -> str:
        """Its subject; of an unknown commit the title that most mails give it."""
        return self.facts.subject if self.facts else next(iter(self.titles), "")

    @property
    def titles(self) -> list[str]:
        """The titles that mails give it, the most frequent first."""
        counts: dict[str, int] = {}
        for place in self.places:
            if place.title:
                counts[place.title] = counts.get(place.title, 0) + 1
        return sorted(counts, key=lambda title: (-counts[title], title))

    @property
    def other_titles(self) -> list[str]:
        """The written titles that are not its subject; white space and case do not count."""
        if self.facts is None:
            first = self.titles[:1]
            return [one for one in self.titles if not same_title(one, first[0])]
        return [title for title in self.titles if not same_title(title, self.facts.subject)]

    @property
    def people(self) -> list[str]:
        """Who cites it, the first to do so first."""
        return list(dict.fromkeys(place.person for place in self.places))

    @property
    def roles(self) -> dict[str, int]:
        """What for, and how often."""
        found: dict[str, int] = {}
        for place in self.places:
            if place.role:
                found[place.role] = found.get(place.role, 0) + 1
        return found

    def row(self) -> tuple[str | int | None, ...]:
        """Return one line of a table, in the order of :data:`COLUMNS`.

        Returns
        -------
        tuple
            Lists are joined with semicolons.
        """
        facts = self.facts
        return (
            self.name,
            self.subject,
            facts.author if facts else "",
            facts.author_utc if facts else None,
            facts.release if facts else None,
            facts.mainline if facts else self.why,
            len(self.places),
            self.places[0].date_utc if self.places else None,
            "; ".join(self.people),
            "; ".join(f"{role} {count}" for role, count in self.roles.items()),
            "; ".join(self.other_titles),
            "; ".join(f"{one.kind} {one.sha[:12] or one.written}" for one in self.relatives),
            "; ".join(f"{one.kind} {one.message_id}" for one in self.mails),
        )

    def as_json(self) -> dict[str, object]:
        """Return everything, as JSON can hold it.

        Returns
        -------
        dict
            With ``sha`` None for an unknown commit.
        """
        return {
            "name": self.name,
            "sha": self.facts.sha if self.facts else None,
            "subject": self.subject,
            "other_titles": self.other_titles,
            "why_unknown": self.why or None,
            "candidates": self.candidates,
            "facts": asdict(self.facts) if self.facts else None,
            "places": [asdict(place) for place in self.places],
            "relatives": [asdict(one) for one in self.relatives],
            "mails": [asdict(one) for one in self.mails],
        }

    def __repr__(self) -> str:
        subject = cut(one_line(self.subject), _SUBJECT)
        return f"<CitedCommit {self.name[:12]} {subject!r} cited {len(self.places)}>"

    def _repr_html_(self) -> str:
        from threadkit import notebook

        facts = self.facts
        said = (self.name[:12], facts.author if facts else self.why,
                (facts.release or "") if facts else "")  # fmt: skip
        columns = ("date", "person", "role", "message_id")
        rows = [((one.date_utc or "")[:10], one.person, one.role, one.message_id)
                for one in self.places]  # fmt: skip
        return notebook.heading(self.subject, said) + notebook.table(columns, rows)


class CitedCommits(Sequence[CitedCommit]):
    """Cited commits in the order in which they were first cited.

    Parameters
    ----------
    some : iterable of CitedCommit
        In order.
    """

    def __init__(self, some: Iterable[CitedCommit]) -> None:
        self._some = tuple(some)

    def __len__(self) -> int:
        return len(self._some)

    def __iter__(self) -> Iterator[CitedCommit]:
        return iter(self._some)

    @overload
    def __getitem__(self, place: int) -> CitedCommit: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[CitedCommit]: ...
    def __getitem__(self, place: int | slice) -> CitedCommit | Sequence[CitedCommit]:
        return self._some[place]

    def __repr__(self) -> str:
        unknown = sum(one.facts is None for one in self._some)
        said = f", {unknown} unknown here" if unknown else ""
        return f"<CitedCommits {counted(len(self), 'commit')}{said}>"

    def _repr_html_(self) -> str:
        from threadkit import notebook

        places = [COLUMNS.index(name) for name in _SHOWN]
        rows = [[one.row()[place] for place in places] for one in self._some]
        return notebook.table(_SHOWN, [(str(sha)[:12], *rest) for sha, *rest in rows])


def cited_commits(conn: Connection, roots: Iterable[int] | None = None) -> CitedCommits:
    """List the commits that mails cite, with all that is known of them.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    roots : iterable of int, optional
        Row ids of the roots of conversations; None for all mails.

    Returns
    -------
    CitedCommits
        In the order in which they were first cited.
    """
    names = commit_list.cited_commits(conn, roots)
    shas = [one.sha for one in names if one.sha]
    facts = commit_list.facts_of(conn, shas)
    relatives = commit_list.relatives(conn, shas)
    mails = commit_list.origins(conn, shas)
    return CitedCommits(
        CitedCommit(
            name=one.name,
            facts=facts.get(one.sha or ""),
            why="" if one.sha else one.state,
            candidates=one.candidates,
            places=one.places,
            relatives=tuple(relatives.get(one.sha or "", ())),
            mails=tuple(mails.get(one.sha or "", ())),
        )
        for one in names
    )
