"""What a claim rests on and what became of it; questions, other points, and decisions."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from sqlite3 import Connection
from typing import NamedTuple

from threadkit.store.debates import CorrectionRow

UnitAt = tuple[int, int | None]
"""``message.id`` and number of a unit there; None: the mail itself, as a patch."""


class StoredUnit(NamedTuple):
    """A unit and its mail; of a patch ``label`` is ``patch`` and the span is empty."""

    message: int
    message_id: str
    person: str
    utc: str | None
    subject: str
    start: int
    stop: int
    label: str
    kind: str
    score: float
    rule: str
    hedge: str
    irony: str
    passage: int


class StoredRelation(NamedTuple):
    """How a unit bears on another; ``target_unit`` is None for a patch."""

    kind: str
    message: int
    unit: int
    claim: str | None
    target_message: int
    target_unit: int | None
    target_claim: str | None
    score: float
    rule: str
    state: str


class StoredPlace(NamedTuple):
    """A place of a claim; ``key`` is the name that corrections use for its unit."""

    message: int
    message_id: str
    unit: int
    person: str
    utc: str | None
    start: int
    stop: int
    key: str
    rule: str
    score: float


class StoredAnswer(NamedTuple):
    """What answers a point, or takes it up elsewhere."""

    message: int
    message_id: str
    person: str
    utc: str | None
    start: int
    stop: int
    how: str
    rule: str
    score: float


class StoredPoint(NamedTuple):
    """Something that calls for an answer, and what became of it."""

    message: int
    message_id: str
    unit: int
    root: str
    person: str
    utc: str | None
    start: int
    stop: int
    kind: str
    outcome: str
    score: float
    rule: str
    state: str
    answers: tuple[StoredAnswer, ...] = ()


class StoredDecision(NamedTuple):
    """What somebody settled; ``about`` is a Message-ID, a hash, or empty."""

    message: int
    message_id: str
    root: str
    start: int
    stop: int
    kind: str
    person: str
    email: str
    utc: str | None
    about: str
    detail: str
    score: float
    rule: str
    state: str


class StoredScenario(NamedTuple):
    """A scenario of the model that tests a claim."""

    scenario: str
    stance: str
    why: str
    origin: str
    score: float


# As the debate itself names people (store/debates.py).
_WHO = "coalesce(w.person, nullif(p.name, ''), nullif(a.name, ''), a.email, '')"
_WHEN = "coalesce(m.date_utc, m.received_utc)"
_SENDER = """
LEFT JOIN address a ON a.id = m.from_address LEFT JOIN person p ON p.id = a.person
LEFT JOIN spoken_by w ON w.message = m.id
"""
_UNIT = f"""
SELECT m.id, m.message_id, {_WHO}, {_WHEN}, coalesce(m.subject, ''),
  u.start, u.stop, u.label, u.kind, u.score, u.rule, u.hedge, u.irony, u.passage
FROM message m {_SENDER} LEFT JOIN unit u ON u.message = m.id AND u.position = :unit
WHERE m.id = :message
"""  # noqa: S608
_RELATION = ", ".join(StoredRelation._fields)
_PLACES = f"""
SELECT s.message, m.message_id, s.unit, {_WHO}, {_WHEN}, s.start, s.stop,
  m.message_id || '#' || substr(s.loose_sha256, 1, 12), s.rule, s.score
FROM claim_span s JOIN message m ON m.id = s.message {_SENDER}
WHERE s.claim = ? ORDER BY s.position
"""  # noqa: S608
_POINTS = f"""
SELECT t.message, m.message_id, t.unit, r.message_id, {_WHO}, {_WHEN}, t.start, t.stop, t.kind,
  t.outcome, t.score, t.rule, t.state
FROM point t JOIN message m ON m.id = t.message JOIN message r ON r.id = t.root {_SENDER}
WHERE {{bound}} ORDER BY {_WHEN}, t.message, t.unit
"""  # noqa: S608
_ANSWERS = f"""
SELECT t.message, t.unit, n.by_message, m.message_id, {_WHO}, {_WHEN}, n.start, n.stop, n.how,
  n.rule, n.score
FROM point t JOIN point_answer n ON n.message = t.message AND n.unit = t.unit
JOIN message m ON m.id = n.by_message {_SENDER}
WHERE {{bound}} ORDER BY t.message, t.unit, n.position
"""  # noqa: S608
_DECISIONS = """
SELECT d.message, m.message_id, r.message_id, d.start, d.stop, d.kind, d.person, d.email, d.utc,
  d.about, d.detail, d.score, d.rule, d.state
FROM decision d JOIN message m ON m.id = d.message JOIN message r ON r.id = d.root
{bound} ORDER BY d.utc, d.root, d.position
"""
_PATCH = (0, 0, "patch", "", 1.0, "", "", "", -1)


def read_units(conn: Connection, names: Iterable[UnitAt]) -> dict[UnitAt, StoredUnit]:
    """Read units with their mails.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    names : iterable of UnitAt
        Which.

    Returns
    -------
    dict of UnitAt to StoredUnit
        Those that are here.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> read_units(db.conn, [(1, 0)])
    {}
    >>> db.close()
    """
    found: dict[UnitAt, StoredUnit] = {}
    for name in dict.fromkeys(names):
        message, unit = name
        row = conn.execute(_UNIT, {"message": message, "unit": unit}).fetchone()
        if row is None:
            continue
        if unit is None:
            found[name] = StoredUnit._make((*row[:5], *_PATCH))
        elif row[5] is not None:
            found[name] = StoredUnit._make(row)
    return found


def read_relations(
    conn: Connection, root: int | None = None, *, claim: str | None = None
) -> list[StoredRelation]:
    """Read how units bear on each other.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    root : int, optional
        ``message.root`` of a conversation.
    claim : str, optional
        Only those from or to a claim, as ``c6``.

    Returns
    -------
    list of StoredRelation
        In the order in which they were written; of all states.
    """
    query = f"SELECT {_RELATION} FROM relation"  # noqa: S608
    values: dict[str, object] = {"root": root, "claim": claim}
    bounds = []
    if root is not None:
        bounds.append("root = :root")
    if claim is not None:
        bounds.append("id IN (SELECT id FROM relation WHERE claim = :claim"
                      " UNION SELECT id FROM relation WHERE target_claim = :claim)")  # fmt: skip
    where = f" WHERE {' AND '.join(bounds)}" if bounds else ""
    return [
        StoredRelation._make(row) for row in conn.execute(f"{query}{where} ORDER BY id", values)
    ]


def read_places(conn: Connection, claim: str) -> list[StoredPlace]:
    """Read where a claim is said, the first place first.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    claim : str
        As ``c6``.
    """
    return [StoredPlace._make(row) for row in conn.execute(_PLACES, (claim,))]


def read_points(
    conn: Connection, root: int | None = None, *, kinds: Sequence[str] = ()
) -> list[StoredPoint]:
    """Read what calls for an answer, with the answers.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    root : int, optional
        ``message.root`` of a conversation; all without.
    kinds : sequence of str, optional
        question, request, objection, claim; all if empty.

    Returns
    -------
    list of StoredPoint
        Oldest first.
    """
    bounds, values = ["1"], {"root": root, "kinds": json.dumps(list(kinds))}
    if root is not None:
        bounds.append("t.root = :root")
    if kinds:
        bounds.append("t.kind IN (SELECT value FROM json_each(:kinds))")
    bound = " AND ".join(bounds)
    answers: dict[tuple[int, int], list[StoredAnswer]] = defaultdict(list)
    for message, unit, *rest in conn.execute(_ANSWERS.format(bound=bound), values):
        answers[message, unit].append(StoredAnswer._make(rest))
    return [
        StoredPoint._make((*row, tuple(answers[row[0], row[2]])))
        for row in conn.execute(_POINTS.format(bound=bound), values)
    ]


def read_decisions(conn: Connection, root: int | None = None) -> list[StoredDecision]:
    """Read what was settled, oldest first.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    root : int, optional
        ``message.root`` of a conversation; all without.
    """
    bound = "" if root is None else "WHERE d.root = :root"
    rows = conn.execute(_DECISIONS.format(bound=bound), {"root": root})
    return [StoredDecision._make(row) for row in rows]


def read_scenarios(conn: Connection, claim: str) -> list[StoredScenario]:
    """Read which scenarios of the model test a claim, the surest first.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    claim : str
        As ``c6``.
    """
    query = "SELECT scenario, stance, why, origin, score FROM claim_scenario WHERE claim = ?"
    rows = conn.execute(f"{query} ORDER BY score DESC, scenario", (claim,))
    return [StoredScenario._make(row) for row in rows]


def read_passage(conn: Connection, message: int, position: int) -> tuple[int, int] | None:
    """Read where a quotation stands that a unit answers.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    message, position : int
        Of the table ``passage``.

    Returns
    -------
    (int, int) or None
        Characters of the body.
    """
    query = "SELECT start, stop FROM passage WHERE message = ? AND position = ?"
    row = conn.execute(query, (message, position)).fetchone()
    return None if row is None else (row[0], row[1])


def corrections_of(conn: Connection, keys: Sequence[str]) -> list[CorrectionRow]:
    """Read what people said of some units.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    keys : sequence of str
        Names of units.

    Returns
    -------
    list of CorrectionRow
        In the order in which it was said.
    """
    query = (
        f"SELECT {', '.join(CorrectionRow._fields)} FROM correction"  # noqa: S608
        " WHERE target IN (SELECT value FROM json_each(?)) ORDER BY id"
    )
    return [CorrectionRow._make(row) for row in conn.execute(query, (json.dumps(list(keys)),))]


def run_of(conn: Connection, run: int) -> tuple[str, str]:
    """Name the analyzer of a run, and its version.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    run : int
        A row of ``run``.

    Returns
    -------
    analyzer, version : str
        Both empty if there is no such run.
    """
    row = conn.execute("SELECT analyzer, version FROM run WHERE id = ?", (run,)).fetchone()
    return ("", "") if row is None else (row[0], row[1])
