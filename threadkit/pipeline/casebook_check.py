"""Check a casebook: against the model, and against the mails that are at hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from sqlite3 import Connection
from typing import TYPE_CHECKING, Any, Literal

from threadkit.casebook.copied import Copied, copied
from threadkit.casebook.spans import find_passage
from threadkit.casebook.verdicts import Checked, Runs, compare, run_all
from threadkit.cow.diagram.tables import Cell, Column, Matrix, Row
from threadkit.fetch.files import open_sources
from threadkit.mail.message import parse
from threadkit.pipeline.display import counted
from threadkit.store import lookup, read

if TYPE_CHECKING:
    from threadkit.casebook.modelled import ModelEntry
    from threadkit.casebook.values import Casebook, Claim, Place
    from threadkit.cow.eras import Era
    from threadkit.pipeline.archive import Archive

Kind = Literal["checked", "moved", "missing", "not here", "unseen"]

KINDS: tuple[Kind, ...] = ("checked", "moved", "missing", "not here")
"""What can come of a passage that a casebook points at."""

_ROWS_IN_NOTEBOOK = 8

Bodies = Mapping[str, Sequence[str]]
"""Decoded bodies by Message-ID; several where copies differ."""

COLUMNS = (
    "claim", "result", "scenario", "stance", "era", "what", "said", "found", "gist", "file", "line",
)  # fmt: skip
"""Of a row of :meth:`CasebookCheck.rows`."""


@dataclass(frozen=True, slots=True)
class CheckedPlace:
    """A passage that a claim points at, and whether it is there.

    Attributes
    ----------
    claim : int
        Id.
    place : Place
        Of the casebook.
    kind : str
        ``checked``: to the letter; ``moved``: the same words elsewhere in the mail;
        ``missing``; ``not here``: its mail is not at hand; ``unseen``: the casebook itself
        says that it is nowhere.
    start, stop : int or None
        Where it is now.
    """

    claim: int
    place: Place
    kind: Kind
    start: int | None = None
    stop: int | None = None

    @property
    def is_wrong(self) -> bool:
        """Whether the casebook is at fault: the passage is nowhere, or has another hash there."""
        stands = (self.start, self.stop) == (self.place.start, self.place.stop)
        return self.kind == "missing" or (self.kind == "moved" and stands)

    def __str__(self) -> str:
        where = f"{self.place.at}: claim {self.claim}: <{self.place.message}>"
        old = f"{self.place.start}-{self.place.stop}"
        if self.kind == "moved" and self.is_wrong:
            return f"{where} {old}: the same words, but 'exact' is not their hash"
        now = f", now {self.start}-{self.stop}" if self.kind == "moved" else ""
        return f"{where} {old}: {self.kind}{now}"


@dataclass(frozen=True, slots=True)
class CasebookCheck:
    """What came of a check.

    Attributes
    ----------
    casebook : Casebook
        That was checked.
    claims : tuple of Checked
        Each claim and its differences from the model.
    places : tuple of CheckedPlace
        All passages.
    matrix : Matrix
        Claims with their scenarios by eras.
    copied : tuple of Copied
        Texts with words of mails at hand: a warning, for a formula may be nobody's.
    """

    casebook: Casebook
    claims: tuple[Checked, ...]
    places: tuple[CheckedPlace, ...]
    matrix: Matrix
    copied: tuple[Copied, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the model says what the casebook says, and no passage is wrong."""
        return not any(one.differences for one in self.claims) and not any(
            one.is_wrong for one in self.places
        )

    def summary(self) -> str:
        """Return the counts in a line."""
        results = Counter(one.result for one in self.claims)
        kinds = Counter(one.kind for one in self.places)
        said = [f"{results[name]} {name}" for name in ("passed", "failed", "not modelled")]
        many = sum(kinds[kind] for kind in KINDS)
        counts = ", ".join(f"{kinds[kind]} {kind}" for kind in KINDS)
        unseen = f"; {kinds['unseen']} nobody has" if kinds["unseen"] else ""
        return f"{', '.join(said)}; {counted(many, 'passage')}: {counts}{unseen}"

    def complaints(self) -> Iterator[str]:
        """Say what is not as the casebook says, each with its file and line.

        Yields
        ------
        str
            A line; passages that moved are among them, and texts with words of mails.
        """
        for claim in self.claims:
            yield from map(str, claim.differences)
        yield from (str(one) for one in self.places if one.kind in ("moved", "missing"))
        yield from map(str, self.copied)

    def rows(self) -> Iterator[tuple[str | int | None, ...]]:
        """Return a line for each verdict and cost that the casebook states.

        Yields
        ------
        tuple
            In the order of :data:`COLUMNS`; for a claim that is not modelled one line.
        """
        for checked in self.claims:
            claim = checked.claim
            wrong = {(one.scenario, one.era, one.what): one.found for one in checked.differences}
            for entry in claim.model:
                for era, what, said in _stated(entry):
                    found = wrong.get((entry.scenario, era, what), said)
                    result = "passed" if found == said else "failed"
                    if not entry.scenario:
                        result = "not modelled"
                    yield (
                        claim.id, result, entry.scenario, entry.stance, era, what, said, found,
                        claim.gist, entry.at.file, entry.at.line,
                    )  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        results = Counter(one.result for one in self.claims)
        kinds = Counter(one.kind for one in self.places)
        return {
            "casebook": self.casebook.name,
            "ok": self.ok,
            "claims": {name: results[name] for name in ("passed", "failed", "not modelled")},
            "left_out": len(self.casebook.unwritten),
            "copied": len(self.copied),
            "passages": {kind: kinds[kind] for kind in (*KINDS, "unseen")},
            "verdicts": [dict(zip(COLUMNS, row, strict=True)) for row in self.rows()],
            "complaints": list(self.complaints()),
            "matrix": asdict(self.matrix),
        }

    def __repr__(self) -> str:
        return f"<CasebookCheck {self.casebook.name}: {self.summary()}>"

    def _repr_html_(self) -> str:
        from threadkit import notebook
        from threadkit.cow.diagram.matrix import matrix_html

        head = notebook.heading(self.casebook.title, (self.summary(),))
        complaints = list(self.complaints())
        told = notebook.text_lines(complaints) if complaints else ""
        small = len(self.matrix.rows) <= _ROWS_IN_NOTEBOOK
        return head + told + (matrix_html(self.matrix) if small else "")


def check_casebook(
    casebook: Casebook, conn: Connection | None = None, mail: Sequence[str] = ()
) -> CasebookCheck:
    """Run all that a casebook refers to, and look for its passages.

    Parameters
    ----------
    casebook : Casebook
        As :func:`threadkit.casebook.load.load` reads it.
    conn : sqlite3.Connection, optional
        A database with mail.
    mail : sequence of str, optional
        Files or folders of mail.

    Returns
    -------
    CasebookCheck
        Everything; it raises for no difference.

    Raises
    ------
    SourceError
        A path holds no mail.
    """
    from threadkit.cow.eras import base_eras, era

    places = [(claim, place) for claim in casebook.claims for place in claim.places]
    wanted = {place.message for _, place in places if place.message and place.is_known}
    bodies = _bodies(wanted, conn, mail)
    base = base_eras()
    runs = run_all(casebook.claims, base)
    keys = {key for claim in casebook.claims for entry in claim.model for key in entry.eras}
    others = sorted(keys - {one.key for one in base})
    return CasebookCheck(
        casebook,
        compare(casebook, runs),
        tuple(_looked(claim, place, bodies) for claim, place in places),
        claim_matrix(casebook.claims, (*base, *map(era, others)), runs),
        tuple(copied(casebook, ((key, one) for key, some in bodies.items() for one in some))),
    )


def claim_matrix(claims: Iterable[Claim], eras: Sequence[Era], runs: Runs) -> Matrix:
    """Put claims and their scenarios into a table of eras.

    Parameters
    ----------
    claims : iterable of Claim
        Those without a scenario are left out.
    eras : sequence of Era
        The columns.
    runs : mapping
        Outcomes by scenario and era; what was not run is left empty.

    Returns
    -------
    Matrix
        A row for each claim and scenario. A cell that is not as the casebook says is marked.
    """
    columns = tuple(Column(era.key, era.letter, era.kernels, era.kind) for era in eras)
    rows = [
        Row(f"{claim.id} {entry.scenario} {entry.stance}", claim.gist, _cells(entry, eras, runs))
        for claim in claims
        for entry in claim.model
        if entry.scenario
    ]
    return Matrix(columns, tuple(rows))


def _cells(entry: ModelEntry, eras: Sequence[Era], runs: Runs) -> tuple[Cell | None, ...]:
    """Make the cells of one scenario; what the casebook says is what is expected."""
    from threadkit.cow.suite.table import cell_of

    said = dict(entry.verdicts)
    found = (runs.get((entry.scenario, era.key)) for era in eras)
    return tuple(
        None if one is None else replace(cell_of(one), expected=said.get(one.era), status=None)
        for one in found
    )


def _stated(entry: ModelEntry) -> Iterator[tuple[str, str, str]]:
    """List what an entry says: era, what, and which."""
    from threadkit.casebook.verdicts import shown

    if not entry.scenario:
        yield "", "", entry.not_modelled
    for era, verdict in entry.verdicts:
        yield era, "verdict", verdict
    for cost in entry.costs:
        yield cost.era, cost.name, shown(cost.least, cost.most)


def passage_text(archive: Archive | None, place: Place) -> tuple[Kind, str]:
    """Return the words of a passage, if its mail is here.

    Parameters
    ----------
    archive : Archive or None
        With mail.
    place : Place
        Of a claim.

    Returns
    -------
    kind, text : str
        As for :class:`CheckedPlace`; the text is empty if the passage is not there.
    """
    if archive is None or not place.message:
        return "not here", ""
    bodies = _bodies({place.message}, archive.connection, ())
    for body in bodies.get(place.message, ()):
        found = find_passage(body, place)
        if found.kind == "missing":
            return "missing", ""
        kind: Kind = "checked" if found.kind == "here" else "moved"
        return kind, body[found.start : found.stop]
    return "not here", ""


def _bodies(wanted: set[str], conn: Connection | None, mail: Sequence[str]) -> Bodies:
    """Gather the bodies of the mails that passages are looked for in."""
    found: dict[str, list[str]] = {}
    if conn is not None:
        for message_id in sorted(lookup.here(conn, wanted)):
            found[message_id] = [read.body(conn, lookup.find(conn, message_id))]
    for source in open_sources(mail) if mail else ():
        for raw in source:
            one = parse(raw.data)
            if one.message_id in wanted:
                found.setdefault(one.message_id, []).append(one.body)
    return found


def _looked(claim: Claim, place: Place, bodies: Bodies) -> CheckedPlace:
    """Look for a passage in the copies of its mail; the best counts."""
    if not place.is_known:
        return CheckedPlace(claim.id, place, "unseen")
    copies = bodies.get(place.message or "", ())
    passages = {one.kind: one for one in (find_passage(body, place) for body in copies)}
    kinds: tuple[tuple[Literal["here", "moved", "missing"], Kind], ...] = (
        ("here", "checked"), ("moved", "moved"), ("missing", "missing"),
    )  # fmt: skip
    for kind, shown in kinds:
        if kind in passages:
            best = passages[kind]
            return CheckedPlace(claim.id, place, shown, best.start, best.stop)
    return CheckedPlace(claim.id, place, "not here")
