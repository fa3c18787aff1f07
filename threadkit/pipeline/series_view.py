"""Series of patches, as notebooks and the command line see them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from sqlite3 import Connection
from typing import TYPE_CHECKING, NamedTuple, Protocol, overload

from threadkit.analyze.series.values import gaps
from threadkit.errors import Ambiguous, NotFound
from threadkit.mail.subject import parse_subject
from threadkit.pipeline.display import counted, cut, one_line
from threadkit.store import lookup
from threadkit.store import series as stored
from threadkit.store.series import RevisionRow, SeriesRow

if TYPE_CHECKING:
    from threadkit.analyze.rangediff import Pair, PatchText

_TITLE = 60
_LISTED = 30
_NUMBER = re.compile(r"v?(\d{1,4}(?:\.\d{1,3})?)", re.IGNORECASE)
COLUMNS = (
    "series", "title", "author", "email", "revisions", "patches", "first_utc", "last_utc",
    "fate", "why", "rule", "score", "sha", "release", "change_id",
)  # fmt: skip
"""Of a row of :meth:`PatchSeries.row`."""


class PostedPatch(NamedTuple):
    """A patch or cover letter (counter 0) of a revision; ``sha`` is what it became."""

    counter: int
    message_id: str
    subject: str
    sha: str | None


class Related(NamedTuple):
    """A series that may be the same change, and what speaks for it."""

    series: str
    title: str
    rule: str
    score: float


class Conversation(NamedTuple):
    """A conversation about a change; ``how`` is ``posting``, or ``links`` to a posting."""

    root: str
    date_utc: str
    subject: str
    how: str


class Source(Protocol):
    """What a series reads its patches from: an archive."""

    def _reading(self) -> AbstractContextManager[Connection]: ...


@dataclass(frozen=True, slots=True, repr=False)
class PostedRevision:
    """One posting of a series.

    Attributes
    ----------
    facts : RevisionRow
        Label (``v2``), kind, date, fate and why, with rules and scores.
    patches : tuple of PostedPatch
        By counter; the cover letter first.
    """

    facts: RevisionRow
    patches: tuple[PostedPatch, ...]

    @property
    def count(self) -> int:
        """Patches that are here, without the cover letter."""
        return sum(1 for patch in self.patches if patch.counter)

    @property
    def named(self) -> str:
        """Its label, day and size: ``v2 of 2020-09-01, 3 patches``."""
        day = (self.facts.posted_utc or "unknown date")[:10]
        return f"{self.facts.label} of {day}, {counted(self.count, 'patch', 'patches')}"

    @property
    def missing(self) -> tuple[int, ...]:
        """Counters of patches that it says it has and that are not here, the first hundred."""
        if self.facts.kind == "reroll":
            return ()
        return gaps({patch.counter for patch in self.patches}, self.facts.expected)

    def as_json(self) -> dict[str, object]:
        """Return everything, as JSON can hold it.

        Returns
        -------
        dict
            With the patches.
        """
        facts = self.facts._asdict()
        del facts["series"], facts["position"]
        patches = [patch._asdict() for patch in self.patches]
        return {**facts, "patches": patches, "missing": self.missing}

    def __repr__(self) -> str:
        return f"<PostedRevision {self.facts.label} {self.count}/{self.facts.expected}>"


@dataclass(frozen=True, slots=True, repr=False)
class PatchSeries:
    """One change, however often it was posted.

    Attributes
    ----------
    facts : SeriesRow
        Title, author, fate and why.
    revisions : tuple of PostedRevision
        In order of time.
    related : tuple of Related
        Series that may be the same change.
    conversations : tuple of Conversation
        Its own, and those in which somebody links one of its mails.
    source : Source
        Where the texts of its patches are.
    """

    facts: SeriesRow
    revisions: tuple[PostedRevision, ...]
    related: tuple[Related, ...]
    conversations: tuple[Conversation, ...]
    source: Source

    @property
    def absent(self) -> tuple[int, ...]:
        """Numbers of revisions below the newest that are not here, of the first hundred."""
        seen = {one.facts.revision for one in self.revisions}
        return gaps(seen, max(seen))

    def revision(self, name: str) -> PostedRevision:
        """Find a revision.

        Parameters
        ----------
        name : str
            Its label (``v2``, ``RFC v1``), its number, or a Message-ID of it.

        Returns
        -------
        PostedRevision
            Never a part of one, unless it is named exactly.

        Raises
        ------
        NotFound
            There is none.
        Ambiguous
            Several were posted under this label, or this number.
        """
        wanted = name.strip().casefold()
        for one in self.revisions:
            if name.strip(" <>") in {patch.message_id for patch in one.patches}:
                return one
        found = [one for one in self.revisions if wanted == one.facts.label.casefold()]
        if not found and (number := _NUMBER.fullmatch(wanted)):
            found = [one for one in self._whole() if str(one.facts.revision) == number[1]]
        if len(found) > 1:
            raise Ambiguous(name, tuple(f"{one.named}  <{one.facts.message_id}>" for one in found))
        if not found:
            labels = ", ".join(dict.fromkeys(one.facts.label for one in self.revisions))
            raise NotFound(name, what=f"revision of this series; there are: {labels}")
        return found[0]

    def range_diff(
        self, old: str | None = None, new: str | None = None, *, creation_factor: int = 60
    ) -> RangeDiff:
        """Compare two revisions, patch by patch.

        Parameters
        ----------
        old, new : str, optional
            As for :meth:`revision`; the last two whole ones if not given.
        creation_factor : int, optional
            Percent: the greater, the sooner two patches that differ much are a pair.

        Returns
        -------
        RangeDiff
            In the form of ``git range-diff``.

        Raises
        ------
        NotFound
            There is no such revision, none to compare with, or no patch of one is here.
        Ambiguous
            Several were posted under this label.
        """
        from threadkit.analyze.rangediff import range_diff

        after = self.revision(new) if new else self._whole()[-1]
        before = self.revision(old) if old else self._before(after)
        pairs = range_diff(self._texts(before), self._texts(after), creation_factor=creation_factor)
        return RangeDiff(before, after, tuple(pairs))

    def _whole(self) -> list[PostedRevision]:
        whole = [one for one in self.revisions if one.facts.kind != "reroll"]
        return whole or list(self.revisions)

    def _before(self, after: PostedRevision) -> PostedRevision:
        """Find the whole revision before another."""
        place = after.facts.position
        earlier = [one for one in self._whole() if one.facts.position < place]
        if not earlier:
            raise NotFound(f"before {after.facts.label}", what="revision of this series")
        return earlier[-1]

    def _texts(self, revision: PostedRevision) -> list[PatchText]:
        from threadkit.analyze.rangediff import mail_patch

        facts = revision.facts
        with self.source._reading() as conn:
            rows = stored.bodies_of(conn, facts.series, facts.position)
        if not rows:
            raise NotFound(f"a patch of {facts.label}", what="mail here")
        return [
            mail_patch(message_id, parse_subject(subject).title, sender, body)
            for _, message_id, subject, sender, body in rows
        ]

    def row(self) -> tuple[str | int | float | None, ...]:
        """Return one line of a table, in the order of :data:`COLUMNS`.

        Returns
        -------
        tuple
            ``revisions`` are their labels; ``patches`` those of the newest, ``5/7``.
        """
        facts, last = self.facts, self._whole()[-1]
        return (
            facts.key,
            facts.title,
            facts.author,
            facts.email,
            ", ".join(one.facts.label for one in self.revisions),
            f"{last.count}/{last.facts.expected}",
            self.revisions[0].facts.posted_utc,
            self.revisions[-1].facts.posted_utc,
            facts.fate,
            facts.why,
            facts.rule,
            facts.score,
            facts.sha,
            facts.release,
            facts.change_id,
        )

    def as_json(self) -> dict[str, object]:
        """Return everything, as JSON can hold it.

        Returns
        -------
        dict
            With revisions, related series and conversations.
        """
        facts = self.facts._asdict()
        del facts["id"], facts["run"]
        return {
            "series": facts.pop("key"),
            **facts,
            "absent": self.absent,
            "revisions": [one.as_json() for one in self.revisions],
            "related": [one._asdict() for one in self.related],
            "conversations": [one._asdict() for one in self.conversations],
        }

    def __repr__(self) -> str:
        count = counted(len(self.revisions), "posting")
        title = cut(one_line(self.facts.title), _TITLE)
        return f"<PatchSeries {title!r} {count}, {self.facts.fate}>"

    def _repr_html_(self) -> str:
        from threadkit import notebook

        facts = self.facts
        rows = [
            (
                one.facts.label,
                (one.facts.posted_utc or "")[:10],
                f"{one.count}/{one.facts.expected}",
                one.facts.fate,
                one.facts.why,
            )
            for one in self.revisions
        ]
        said = [facts.author, counted(len(rows), "posting"), f"{facts.fate}: {facts.why}"]
        columns = ("revision", "date", "patches", "fate", "why")
        return notebook.heading(facts.title, said) + notebook.table(columns, rows)


@dataclass(frozen=True, slots=True, repr=False)
class RangeDiff:
    """Two revisions compared; ``pairs`` as ``git range-diff`` lists them."""

    old: PostedRevision
    new: PostedRevision
    pairs: tuple[Pair, ...]

    @property
    def is_apart(self) -> bool:
        """Tell that no patch of one was taken for one of the other."""
        return all(pair.old is None or pair.new is None for pair in self.pairs)

    def lines(self) -> Iterator[str]:
        """Write it as git does, without hashes, which mails have none of.

        Yields
        ------
        str
            A line a pair, and the differences of changed ones, indented.
        """
        for pair in self.pairs:
            yield f"{pair.old or '-'}: {pair.mark} {pair.new or '-'}: {one_line(pair.title)}"
            for line in pair.diff:
                yield f"    {line}"

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def __repr__(self) -> str:
        marks = "".join(pair.mark for pair in self.pairs)
        return f"<RangeDiff {self.old.facts.label}..{self.new.facts.label} {marks}>"

    def _repr_html_(self) -> str:
        from threadkit import notebook

        title = f"{self.old.facts.label} to {self.new.facts.label}"
        return notebook.heading(title, []) + notebook.text_lines(list(self.lines()))


class SeriesList(Sequence[PatchSeries]):
    """Series, the one with the newest posting first.

    Parameters
    ----------
    some : iterable of PatchSeries
        In order.
    """

    def __init__(self, some: Iterable[PatchSeries]) -> None:
        self._some = tuple(some)

    def __len__(self) -> int:
        return len(self._some)

    @overload
    def __getitem__(self, place: int) -> PatchSeries: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[PatchSeries]: ...
    def __getitem__(self, place: int | slice) -> PatchSeries | Sequence[PatchSeries]:
        return self._some[place]

    def __repr__(self) -> str:
        fates: dict[str, int] = defaultdict(int)
        for one in self._some:
            fates[one.facts.fate] += 1
        said = "".join(f", {count} {fate}" for fate, count in sorted(fates.items()))
        return f"<SeriesList {len(self)} series{said}>"

    def _repr_html_(self) -> str:
        from threadkit import notebook

        columns = ("title", "author", "revisions", "patches", "last_utc", "fate", "why")
        places = [COLUMNS.index(name) for name in columns]
        rows = [[one.row()[place] for place in places] for one in self._some]
        return notebook.table(columns, rows)


def list_series(
    source: Source, conn: Connection, name: str | None = None, limit: int | None = None
) -> SeriesList:
    """List series with all that is known of them.

    Parameters
    ----------
    source : Source
        Where later questions to them go.
    conn : sqlite3.Connection
        An open database.
    name : str, optional
        Any mail of a conversation: only series with a posting in it.
    limit : int, optional
        The most to list.

    Returns
    -------
    SeriesList
        The one with the newest posting first.

    Raises
    ------
    NotFound, Ambiguous
        No mail, or more than one, answers to the name.
    """
    message = None if name is None else lookup.find(conn, name)
    found = stored.list_series(conn, message=message, thread=True, limit=limit)
    return SeriesList(_load(source, conn, row) for row in found)


def find_series(source: Source, conn: Connection, name: str) -> PatchSeries:
    """Find the one series that a mail belongs to.

    Parameters
    ----------
    source : Source
        Where later questions to it go.
    conn : sqlite3.Connection
        An open database.
    name : str
        A patch or cover letter; or any mail of a conversation with one series in it.

    Returns
    -------
    PatchSeries
        With all its revisions.

    Raises
    ------
    NotFound
        There is no such mail, or no series in its conversation.
    Ambiguous
        Several mails or series answer to the name.
    """
    message = lookup.find(conn, name)
    found = stored.list_series(conn, message=message)
    found = found or stored.list_series(conn, message=message, thread=True)
    if not found:
        raise NotFound(name, what="patch, nor is one in its conversation")
    if len(found) > 1:
        raise Ambiguous(name, tuple(one.key for one in found[:_LISTED]))
    return _load(source, conn, found[0])


def _load(source: Source, conn: Connection, row: SeriesRow) -> PatchSeries:
    patches: dict[int, list[PostedPatch]] = defaultdict(list)
    for patch in stored.patches_of(conn, row.id):
        posted = PostedPatch(patch.counter, patch.message_id, patch.subject, patch.sha)
        patches[patch.revision].append(posted)
    return PatchSeries(
        facts=row,
        revisions=tuple(
            PostedRevision(one, tuple(patches[one.position]))
            for one in stored.revisions_of(conn, row.id)
        ),
        related=tuple(Related(*one) for one in stored.candidates_of(conn, row.id)),
        conversations=tuple(Conversation(*one) for one in stored.threads_of(conn, row.id)),
        source=source,
    )
