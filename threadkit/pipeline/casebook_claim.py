"""Claims of a casebook, as a notebook shows, chooses and reruns them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING

from threadkit.casebook.values import Claim
from threadkit.pipeline.display import counted

if TYPE_CHECKING:
    from typing import Self

    from threadkit.casebook.values import Casebook
    from threadkit.pipeline.table import Table

CLAIM_COLUMNS = ("id", "by", "gist", "kind", "question", "stand", "status", "model", "sure")
"""Of a row of :meth:`Claims.table`."""

RUN_COLUMNS = ("scenario", "does", "era", "kernels", "what", "casebook", "model")
"""Of a row of :meth:`CasebookClaim.run`."""

_IN_NOTEBOOK = ("id", "by", "gist", "status", "model")
_EDGES_IN_NOTEBOOK = 12


def model_words(claim: Claim) -> str:
    """Say in a few words what the model has on a claim.

    Parameters
    ----------
    claim : Claim
        Of a casebook.

    Returns
    -------
    str
        Scenarios by what they do to the claim, or that there is none.
    """
    if not claim.is_modelled:
        return "not modelled"
    return ", ".join(f"{entry.stance} {entry.scenario}" for entry in claim.model)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class CasebookClaim(Claim):
    """A claim with the casebook that it is in; a notebook shows it.

    Attributes
    ----------
    book : Casebook
        Where it is from.
    """

    book: Casebook | None = field(default=None, kw_only=True)

    @classmethod
    def of(cls, book: Casebook, claim: Claim) -> Self:
        """Tie a claim to its casebook.

        Parameters
        ----------
        book : Casebook
            That has the claim.
        claim : Claim
            As it was read.
        """
        return cls(**{one.name: getattr(claim, one.name) for one in fields(Claim)}, book=book)

    @property
    def speaker(self) -> str:
        """Name of the person."""
        return self._name_of(self.by)

    def run(self) -> Table:
        """Run all that the casebook says the model says of this claim.

        Returns
        -------
        Table
            A row for each verdict and cost: what the casebook has, and what came out now.

        Examples
        --------
        >>> from threadkit.pipeline.casebook_view import open_casebook
        >>> open_casebook("cow-2020").claim(25).run()[2]["model"]
        'Always'
        """
        from threadkit.casebook.verdicts import shown
        from threadkit.cow import era, scenario
        from threadkit.pipeline.table import Table

        rows: list[tuple[str, ...]] = []
        for entry in self.model:
            runs = {key: scenario(entry.scenario).run(key, traces=False) for key in entry.eras}
            about = (entry.scenario, entry.stance)
            for key, stated in entry.verdicts:
                found = runs[key].verdict
                rows.append((*about, key, era(key).kernels, "verdict", stated, found))
            for one in entry.costs:
                words = (shown(one.least, one.most), shown(*runs[one.era].costs[one.name]))
                rows.append((*about, one.era, era(one.era).kernels, one.name, *words))
        return Table(RUN_COLUMNS, rows)

    def bearings(self) -> Iterator[tuple[str, Claim]]:
        """Name the claims that this one bears on, and those that bear on it.

        Yields
        ------
        tuple of (str, Claim)
            What the one does to the other: ``attacks``, ``attacked by``.
        """
        others = self.book.claims if self.book else ()
        by_id = {one.id: one for one in others}
        for stance in self.stances:
            if stance.target in by_id:
                yield stance.kind, by_id[stance.target]
        for one in others:
            for stance in one.stances:
                if stance.target == self.id:
                    yield f"{_PASSIVE[stance.kind]} by", one

    def _name_of(self, key: str) -> str:
        person = self.book.person(key) if self.book else None
        return person.name if person else key

    def _repr_html_(self) -> str:
        from threadkit import notebook

        facts = (self.speaker, self.kind, self.within, self.status, f"sure: {self.sure}")
        lines = [self.why] if self.why else []
        if self.book:
            lines.append(f"{self.book.question_of(self).text} {self.stand}")
        if self.afterwards:
            later = (self.afterwards.what, self.afterwards.regression, self.afterwards.note)
            lines.append(f"afterwards: {', '.join(filter(None, later))}")
        edges = [(kind, one.id, self._name_of(one.by), one.gist) for kind, one in self.bearings()]
        model = [
            (one.stance or "not modelled", one.scenario, _verdicts(one.verdicts),
             one.why or one.not_modelled)
            for one in self.model
        ]  # fmt: skip
        return (
            notebook.heading(f"{self.id}  {self.gist}", facts)
            + notebook.paragraphs(lines)
            + notebook.table(("model", "scenario", "verdicts", "why"), model)
            + (notebook.table(("", "claim", "by", "gist"), edges[:_EDGES_IN_NOTEBOOK]) if edges else "")
            + notebook.more(len(edges) - _EDGES_IN_NOTEBOOK, "claims")
        )  # fmt: skip


_PASSIVE = {
    "supports": "supported", "attacks": "attacked", "undercuts": "undercut", "agrees": "agreed to",
    "concedes": "conceded", "asks": "asked about", "answers": "answered",
}  # fmt: skip


def _verdicts(some: tuple[tuple[str, str], ...]) -> str:
    """Put eras together that have the same verdict."""
    found: dict[str, list[str]] = {}
    for key, verdict in some:
        found.setdefault(verdict, []).append(key)
    return "; ".join(f"{verdict}: {', '.join(keys)}" for verdict, keys in found.items())


class Claims(tuple[CasebookClaim, ...]):
    """Claims of a casebook, in the order of its files."""

    __slots__ = ()

    def where(
        self,
        *,
        by: str | None = None,
        status: str | None = None,
        question: str | None = None,
        within: str | None = None,
    ) -> Claims:
        """Choose some.

        Parameters
        ----------
        by, question : str, optional
            Key of a person or question.
        status : str, optional
            ``open``, ``contested``, ``conceded``, ``upheld``, ``withdrawn``, ``unanswered``.
        within : str, optional
            ``thread``, ``before`` or ``after``.

        Returns
        -------
        Claims
            Of which all this holds.

        Examples
        --------
        >>> from threadkit.pipeline.casebook_view import open_casebook
        >>> open_casebook("cow-2020").claims.where(by="hugh", status="unanswered")
        <Claims 4: 4 unanswered>
        """
        asked = {"by": by, "status": status, "question": question, "within": within}
        wanted = {name: value for name, value in asked.items() if value is not None}
        return Claims(
            one for one in self if all(getattr(one, name) == wanted[name] for name in wanted)
        )

    def table(self) -> Table:
        """Return a row each, in the order of :data:`CLAIM_COLUMNS`."""
        from threadkit.pipeline.table import Table

        return Table(CLAIM_COLUMNS, [
            (one.id, one.speaker, one.gist, one.kind, one.question, one.stand, one.status,
             model_words(one), one.sure)
            for one in self
        ])  # fmt: skip

    def __repr__(self) -> str:
        said = f"<Claims {len(self)}: {', '.join(self._states())}>"
        return said if self else "<Claims 0>"

    def _states(self) -> list[str]:
        states = Counter(one.status for one in self)
        return [f"{many} {state}" for state, many in states.most_common()]

    def _repr_html_(self) -> str:
        from threadkit import notebook

        rows = [(one.id, one.speaker, one.gist, one.status, model_words(one)) for one in self]
        head = notebook.heading(counted(len(self), "claim"), self._states())
        return head + notebook.table(_IN_NOTEBOOK, rows, what="claims")
