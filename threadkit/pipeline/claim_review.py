"""A walk through claims that nobody has looked at: each is accepted, rejected or left."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from threadkit.pipeline.archive import Archive
from threadkit.pipeline.claim_edits import Author, Edit, corrections_for, keep, roots_of
from threadkit.pipeline.claim_view import ClaimDetail
from threadkit.store.debate_list import corrections_of
from threadkit.store.debates import CorrectionRow

STATES = frozenset({"automatic", "candidate"})
"""What a person has not looked at."""


class _Step(NamedTuple):
    """What was said at one claim, and what had been said before."""

    at: int
    kept: tuple[CorrectionRow, ...]
    before: tuple[CorrectionRow, ...]
    moved: bool


class Review:
    """A walk through claims; whatever is said is kept at once.

    Parameters
    ----------
    path : Path
        The database.
    claims : sequence of str
        Names, in the order of the walk.
    """

    def __init__(self, path: Path, claims: Sequence[str]) -> None:
        self.path = path
        self.claims = tuple(claims)
        self.at = 0
        self.accepted = 0
        self.rejected = 0
        self._steps: list[_Step] = []

    @property
    def current(self) -> str | None:
        """Name of the claim to look at; None at the end."""
        return self.claims[self.at] if self.at < len(self.claims) else None

    def detail(self) -> ClaimDetail:
        """Return the claim to look at, with what bears on it."""
        with Archive(self.path) as archive:
            return archive.claim(self.claims[self.at])

    def decide(self, state: str) -> None:
        """Accept or reject the claim, and go on.

        Parameters
        ----------
        state : {'accepted', 'rejected'}
            What it is to be.
        """
        self._keep(Edit({"state": state}), moves=True)
        self._count(state, 1)

    def correct(self, edit: Edit) -> None:
        """Say something of the claim, and stay.

        Parameters
        ----------
        edit : Edit
            What is said.

        Raises
        ------
        EditError, NotFound
            A field, value or name is not understood.
        """
        self._keep(edit, moves=False)

    def skip(self) -> None:
        """Leave the claim as it is, and go on."""
        self._steps.append(_Step(self.at, (), (), True))
        self.at += 1

    def undo(self) -> bool:
        """Take back the last step.

        Returns
        -------
        bool
            False if there is none.
        """
        if not self._steps:
            return False
        last = self._steps.pop()
        known = {(row.target, row.field): row for row in last.before}
        back = [known.get((r.target, r.field), r._replace(value="")) for r in last.kept]
        keep(self.path, back)
        for row in last.kept:
            if row.field == "state" and last.moved:
                self._count(row.value, -1)
        self.at = last.at
        return True

    def finish(self) -> None:
        """Put the conversations anew together of which something was said."""
        with Archive(self.path) as archive:
            rows = [row for step in self._steps for row in step.kept]
            roots = roots_of(archive.connection, rows)
        keep(self.path, (), roots)

    def _keep(self, edit: Edit, *, moves: bool) -> None:
        """Keep what is said of the claim, and how to take it back."""
        with Archive(self.path) as archive:
            conn = archive.connection
            rows = corrections_for(conn, self.claims[self.at], edit, Author.now("review"))
            before = corrections_of(conn, [row.target for row in rows])
        keep(self.path, rows)
        said = {(row.target, row.field) for row in rows}
        old = tuple(row for row in before if (row.target, row.field) in said)
        self._steps.append(_Step(self.at, tuple(rows), old, moves))
        self.at += moves

    def _count(self, state: str, step: int) -> None:
        if state == "accepted":
            self.accepted += step
        elif state == "rejected":
            self.rejected += step


def review(archive: Archive, thread: str | None = None, *, candidates: bool = True) -> Review:
    """Begin a walk through the claims that nobody has looked at: candidates last, each in the order of time.

    Parameters
    ----------
    archive : Archive
        Analyzed.
    thread : str, optional
        Any mail of a conversation; all without.
    candidates : bool, optional
        Also those that are not sure enough to be shown.

    Returns
    -------
    Review
        At its first claim.
    """
    states = STATES if candidates else frozenset({"automatic"})
    found = archive.claims(thread, states=states)
    ordered = sorted(found, key=lambda one: (one.facts.state != "automatic", one.facts.utc or ""))
    return Review(archive.path, [one.id for one in ordered])
