"""One claim with all that is known of it: its passage in its place, and what bears on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from sqlite3 import Connection
from typing import Any, NamedTuple

from threadkit.pipeline.claims_view import Claim, claims_of, find_claim, marked
from threadkit.store import lookup, parts, read
from threadkit.store.debate_list import (
    StoredAnswer,
    StoredPlace,
    StoredRelation,
    StoredScenario,
    StoredUnit,
    UnitAt,
    corrections_of,
    read_passage,
    read_places,
    read_points,
    read_relations,
    read_scenarios,
    read_units,
    run_of,
)
from threadkit.store.debates import CorrectionRow, unmet_corrections
from threadkit.store.passages import passages

AROUND = 6
"""Lines of its paragraph that are shown before and after a passage, at most."""

QUOTED = 4
"""Lines of the quotation above it that are shown, its last ones."""

_DROPPED = ("message", "passage")


class InPlace(NamedTuple):
    """A passage in its paragraph, all verbatim; ``quoted`` is what it stands under.

    ``is_apart`` tells that own words between the quotation, or the beginning of the mail, and
    what is shown are left out.
    """

    quoted: str
    before: str
    passage: str
    after: str
    is_apart: bool = False


@dataclass(frozen=True, slots=True)
class Bearing:
    """What bears on a claim, or what a claim bears on.

    Attributes
    ----------
    kind : str
        support, attack, undercut, answer, ask, agree, concede.
    unit : StoredUnit
        The other end.
    claim : str or None
        The other end as a claim.
    text : str
        Of the other end, with white space collapsed; the subject of a patch.
    commits : tuple of str
        What the other end cites.
    score, rule, state : float, str, str
        How sure the relation is, and what found it.
    """

    kind: str
    unit: StoredUnit
    claim: str | None
    text: str
    commits: tuple[str, ...]
    score: float
    rule: str
    state: str

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        unit = {name: each for name, each in self.unit._asdict().items() if name not in _DROPPED}
        return {
            "kind": self.kind, "claim": self.claim, "score": self.score, "rule": self.rule,
            "state": self.state, "text": self.text, "commits": list(self.commits), "unit": unit,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClaimDetail:
    """Everything that is known of a claim.

    Attributes
    ----------
    claim : Claim
        As a list shows it.
    subject : str
        Of the mail that says it first.
    in_place : InPlace
        The passage there.
    places : sequence of (StoredPlace, str)
        Where it is said, and the words, white space collapsed; the first place first.
    answers, answered_by, evidence : sequence of Bearing
        What it bears on; what bears on it; evidence that supports it.
    replies : sequence of StoredAnswer
        What answers it as a point that calls for an answer, or takes it up elsewhere.
    scenarios : sequence of StoredScenario
        Of the model.
    corrections : sequence of CorrectionRow
        What people said of it.
    unmet : dict of (str, str) to str
        Why some of these change nothing, by what they are about.
    analyzer, version : str
        What put it together.
    """

    claim: Claim
    subject: str
    in_place: InPlace
    places: Sequence[tuple[StoredPlace, str]]
    answers: Sequence[Bearing]
    answered_by: Sequence[Bearing]
    evidence: Sequence[Bearing]
    replies: Sequence[StoredAnswer]
    scenarios: Sequence[StoredScenario]
    corrections: Sequence[CorrectionRow]
    unmet: dict[tuple[str, str], str]
    analyzer: str
    version: str

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return {
            **self.claim.as_json(),
            "subject": self.subject,
            "in_place": self.in_place._asdict(),
            "said": [{**_plain(place), "text": text} for place, text in self.places],
            "answers": [one.as_json() for one in self.answers],
            "answered_by": [one.as_json() for one in self.answered_by],
            "evidence": [one.as_json() for one in self.evidence],
            "replies": [_plain(one) for one in self.replies],
            "scenarios": [one._asdict() for one in self.scenarios],
            "corrections": [
                {**one._asdict(), "unmet": self.unmet.get((one.target, one.field), "")}
                for one in self.corrections
            ],
            "analyzer": self.analyzer,
            "analyzer_version": self.version,
        }

    def __repr__(self) -> str:
        return repr(self.claim)

    def _repr_html_(self) -> str:
        from threadkit import notebook

        one = self.claim.facts
        said = (one.id, one.person, (one.utc or "")[:10], one.kind, one.status, marked(one))
        rows = [
            (side, each.kind, each.claim or "", each.unit.person, (each.unit.utc or "")[:10],
             each.text)
            for side, some in (("it", self.answers), ("on it", self.answered_by),
                               ("evidence", self.evidence))
            for each in some
        ]  # fmt: skip
        columns = ("", "relation", "claim", "person", "date", "text")
        shown = notebook.heading(self.claim.shown, said) + notebook.mail_text(
            "".join(self.in_place[:4])
        )
        return shown + (notebook.table(columns, rows) if rows else "")


def claim_detail(conn: Connection, name: str) -> ClaimDetail:
    """Read a claim with all that is known of it.

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
    facts = find_claim(conn, name)
    root = lookup.root(conn, facts.root)
    (claim,) = claims_of(conn, [facts], root)
    places = read_places(conn, facts.id)
    words = passages(conn, [(one.message, one.start, one.stop) for one in places])
    here = {(one.message, one.unit) for one in places}
    bearings = _bearings(conn, read_relations(conn, claim=facts.id), here)
    towards = [one for is_source, one in bearings if is_source]
    upon = [one for is_source, one in bearings if not is_source]
    evidence = [one for one in upon if one.kind == "support" and one.unit.label == "evidence"]
    analyzer, version = run_of(conn, facts.run)
    said, unmet = corrections_of(conn, [one.key for one in places]), unmet_corrections(conn)
    subject, place = "", InPlace("", "", facts.gist, "")
    if facts.message is not None:
        subject = read.message(conn, facts.message).subject
        place = _in_place(conn, facts.message, facts.unit, (facts.start, facts.stop))
    return ClaimDetail(
        claim=claim,
        subject=subject,
        in_place=place,
        places=[
            (one, " ".join(words.get((one.message, one.start, one.stop), "").split()))
            for one in places
        ],
        answers=towards,
        answered_by=[one for one in upon if one not in evidence],
        evidence=evidence,
        replies=[
            answer
            for point in read_points(conn, root)
            if (point.message, point.unit) in here
            for answer in point.answers
        ],
        scenarios=read_scenarios(conn, facts.id),
        corrections=said,
        unmet={one[:2]: unmet[one[:2]] for one in said if one[:2] in unmet},
        analyzer=analyzer,
        version=version,
    )


def in_place(body: str, span: tuple[int, int], quotation: tuple[int, int] | None) -> InPlace:
    r"""Cut a passage out of a body with what stands around it.

    Parameters
    ----------
    body : str
        The decoded body.
    span : (int, int)
        Characters of the passage.
    quotation : (int, int) or None
        Characters of what it stands under.

    Examples
    --------
    >>> body = "> Is it fast?\n\nYes. It is.\nMore.\n"
    >>> in_place(body, (20, 26), (0, 13))
    InPlace(quoted='> Is it fast?', before='Yes. ', passage='It is.', after='\nMore.', is_apart=False)
    """
    start, stop = span
    above = quotation[1] if quotation and quotation[1] <= start else 0
    between = body[above:start]
    before = "\n".join(_own(between.split("\n")[::-1])[::-1])
    after = _own(body[stop:].split("\n", AROUND + 2)[: AROUND + 1])
    left_out = between[: len(between) - len(before)].split("\n")
    is_apart = any(line.strip() and not line.startswith(">") for line in left_out)
    quoted = ""
    if quotation:
        lines = body[quotation[0] : quotation[1]].rstrip("\n").split("\n")
        quoted = "\n".join(lines[-QUOTED:])
    return InPlace(quoted, before, body[start:stop], "\n".join(after).rstrip(), is_apart)


def _own(lines: Sequence[str]) -> list[str]:
    """Keep the rest of a line and the lines next to it: of the paragraph, and the author's own."""
    kept = list(lines[:1])
    for line in lines[1 : AROUND + 1]:
        if line.startswith(">") or not line.strip():
            break
        kept.append(line)
    return kept


def _in_place(conn: Connection, message: int, unit: int, span: tuple[int, int]) -> InPlace:
    known = read_units(conn, [(message, unit)]).get((message, unit))
    quotation = read_passage(conn, message, known.passage) if known else None
    return in_place(read.body(conn, message), span, quotation)


def _bearings(
    conn: Connection, relations: Sequence[StoredRelation], here: set[tuple[int, int]]
) -> list[tuple[bool, Bearing]]:
    """Return the other ends of relations; True where the claim is the one that bears."""
    ends: list[tuple[bool, StoredRelation, UnitAt, str | None]] = []
    for one in relations:
        if one.state == "rejected":
            continue
        if (one.message, one.unit) in here:
            ends.append((True, one, (one.target_message, one.target_unit), one.target_claim))
        else:
            ends.append((False, one, (one.message, one.unit), one.claim))
    units = read_units(conn, [end for _, _, end, _ in ends])
    texts = passages(conn, {(u.message, u.start, u.stop) for u in units.values()})
    found = []
    for is_source, one, end, claim in ends:
        unit = units.get(end)
        if unit is None:
            continue
        text = texts.get((unit.message, unit.start, unit.stop), "") or unit.subject
        commits = commits_in(conn, unit) if end[1] is not None else ()
        words = " ".join(text.split())
        bearing = Bearing(one.kind, unit, claim, words, commits, one.score, one.rule, one.state)
        found.append((is_source, bearing))
    return found


def commits_in(conn: Connection, unit: StoredUnit) -> tuple[str, ...]:
    """Name the commits that a unit cites.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    unit : StoredUnit
        Of a mail.

    Returns
    -------
    tuple of str
        As the mail writes them, each once.
    """
    cited = (
        one.value
        for one in parts.citations(conn, unit.message)
        if one.kind == "commit" and unit.start <= one.start and one.stop <= unit.stop
    )
    return tuple(dict.fromkeys(cited))


def _plain(row: StoredPlace | StoredAnswer) -> dict[str, Any]:
    """Return a row without row ids, which mean nothing outside the file."""
    return {name: each for name, each in row._asdict().items() if name not in _DROPPED}
