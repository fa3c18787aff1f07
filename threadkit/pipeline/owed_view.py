"""What a series owes its reviewers, as notebooks and the command line show it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from sqlite3 import Connection
from typing import Any

from threadkit.analyze.debate.owed import Owed, Revision, owed
from threadkit.pipeline.debate_of import passage, told
from threadkit.pipeline.display import counted
from threadkit.pipeline.series_view import PatchSeries
from threadkit.store import lookup, read

COLUMNS = (
    "revision", "fate", "person", "utc", "kind", "text", "file", "line", "why", "patch",
    "message_id", "start", "stop", "score",
)  # fmt: skip
"""Of a row of :meth:`OwedPoint.row`."""


@dataclass(frozen=True, slots=True)
class OwedPoint:
    """A point of a review, what became of it, and its words."""

    facts: Owed
    utc: str | None
    text: str

    def row(self) -> tuple[str | int | float | None, ...]:
        """Return one line of a table, in the order of :data:`COLUMNS`."""
        one, point = self.facts, self.facts.point
        return (
            f"v{one.revision}", one.fate, one.person, self.utc, point.kind, self.text, one.file,
            one.line or None, one.why, one.patch, one.message_id, point.start, point.stop, point.score,
        )  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return dict(zip(COLUMNS, self.row(), strict=True))


class OwedPoints(tuple[OwedPoint, ...]):
    """Points of reviews of a series, by revision and time."""

    __slots__ = ()

    def still(self) -> OwedPoints:
        """Return those that the next revision neither took up nor answered."""
        return OwedPoints(one for one in self if one.facts.fate == "owed")

    def __repr__(self) -> str:
        return f"<OwedPoints {counted(len(self), 'point')}, {len(self.still())} owed>"

    def _repr_html_(self) -> str:
        from threadkit import notebook

        return notebook.table(COLUMNS[:10], [one.row()[:10] for one in self])


def owed_points(conn: Connection, series: PatchSeries) -> OwedPoints:
    """Follow the points of reviews of a series into its next revisions.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database; the conversations were analyzed.
    series : PatchSeries
        With its revisions.

    Returns
    -------
    OwedPoints
        All points, whatever became of them; a reroll of single patches is a revision.
    """
    revisions = [
        Revision(
            one.facts.revision,
            [
                (patch.message_id, read.body(conn, lookup.find(conn, patch.message_id)))
                for patch in one.patches
            ],
        )
        for one in series.revisions
    ]
    debates = [told(conn, root) for root in roots_of_series(conn, series)]
    mails = {key: mail for one in debates for key, mail in one.mails().items()}
    return OwedPoints(
        OwedPoint(
            one,
            mails[one.point.name.mail].utc,
            passage(mails, one.point.name.mail, one.point.start, one.point.stop),
        )
        for one in owed([(one.conversation, one.debate) for one in debates], revisions)
    )


def roots_of_series(conn: Connection, series: PatchSeries) -> list[int]:
    """List the conversations that mails of a series stand in.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    series : PatchSeries
        With its revisions.
    """
    return list(dict.fromkeys(_roots(conn, series)))


def _roots(conn: Connection, series: PatchSeries) -> Iterator[int]:
    for revision in series.revisions:
        for patch in revision.patches:
            yield lookup.root(conn, patch.message_id)
