"""What a conversation's arguments came to, as rows, and how they are kept."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from sqlite3 import Connection
from typing import NamedTuple

KEY_DIGITS = 12
"""Of the loose hash of a passage, in a name that outlives a rerun."""

TABLES = ("claim", "relation", "point", "decision")
"""Tables that have the conversation as ``root``; their parts go with them."""


class PlaceRow(NamedTuple):
    """A row of ``claim_span`` without its claim and number."""

    message: int
    unit: int
    start: int
    stop: int
    exact_sha256: str
    loose_sha256: str
    rule: str
    score: float


class ScenarioRow(NamedTuple):
    """A row of ``claim_scenario`` without its claim."""

    scenario: str
    stance: str
    why: str
    origin: str
    score: float


class ClaimRow(NamedTuple):
    """A claim; ``key`` names it for good, ``places`` has the first place first."""

    key: str
    places: Sequence[PlaceRow]
    person: str
    email: str
    holder: str
    utc: str | None
    kind: str
    status: str
    why: str
    gist: str
    score: float
    rule: str
    state: str
    scenarios: Sequence[ScenarioRow]


class RelationRow(NamedTuple):
    """A row of ``relation``; ``target_unit`` is None for a patch."""

    kind: str
    message: int
    unit: int
    target_message: int
    target_unit: int | None
    score: float
    rule: str
    state: str


class AnswerRow(NamedTuple):
    """A row of ``point_answer`` without its point and number."""

    by_message: int
    start: int
    stop: int
    how: str
    rule: str
    score: float


class PointRow(NamedTuple):
    """A point, and what answers it."""

    message: int
    unit: int
    start: int
    stop: int
    kind: str
    outcome: str
    answers: Sequence[AnswerRow]
    score: float
    rule: str
    state: str = "automatic"


class DecisionRow(NamedTuple):
    """A row of ``decision`` without its conversation and number."""

    message: int
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


class SpeakerRow(NamedTuple):
    """A row of ``spoken_by``."""

    message: int
    who: str
    person: str
    email: str


class DebateRows(NamedTuple):
    """Everything that is kept of one conversation."""

    claims: Sequence[ClaimRow]
    relations: Sequence[RelationRow]
    points: Sequence[PointRow]
    decisions: Sequence[DecisionRow]
    unplaced: Mapping[str, int] = {}
    """Relations without a place: why, how many."""
    speakers: Sequence[SpeakerRow] = ()
    """Whose words mails have that somebody else sent."""


def forget_debates(conn: Connection, roots: Sequence[int]) -> None:
    """Delete what conversations came to; the numbers of their claims stay taken.

    Parameters
    ----------
    conn : sqlite3.Connection
        In a transaction.
    roots : sequence of int
        ``message.root``.
    """
    keys = [(root,) for root in roots]
    claims = "SELECT id FROM claim WHERE root = ?"
    for table in ("claim_span", "claim_scenario"):
        conn.executemany(f"DELETE FROM {table} WHERE claim IN ({claims})", keys)  # noqa: S608
    conn.executemany(
        "DELETE FROM point_answer WHERE (message, unit) IN"
        " (SELECT message, unit FROM point WHERE root = ?)",
        keys,
    )
    for table in (*TABLES, "debate"):
        conn.executemany(f"DELETE FROM {table} WHERE root = ?", keys)  # noqa: S608


def _others(conn: Connection, root: int) -> list[int]:
    """List other debates that hold findings of mails which are of this conversation now.

    A mail that arrives late may join conversations, or move a mail from one to another.
    """
    found: set[int] = set()
    for table in TABLES:
        query = (
            f"SELECT DISTINCT t.root FROM message m JOIN {table} t ON t.message = m.id"  # noqa: S608
            " WHERE m.root = ? AND t.root <> m.root"
        )
        found.update(other for (other,) in conn.execute(query, (root,)))
    found.update(
        other
        for (other,) in conn.execute(
            "SELECT DISTINCT c.root FROM message m JOIN claim_span s ON s.message = m.id"
            " JOIN claim c ON c.id = s.claim WHERE m.root = ? AND c.root <> m.root",
            (root,),
        )
    )
    return sorted(found)


def gone_debates(conn: Connection) -> list[int]:
    """List roots of debates that are the root of no conversation any more.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    """
    query = "SELECT root FROM debate d WHERE NOT EXISTS (SELECT 1 FROM message WHERE root = d.root)"
    return [root for (root,) in conn.execute(query)]


def save_debate(
    conn: Connection, run: int, root: int, version: str, inputs: str, rows: DebateRows
) -> int:
    """Replace what a conversation came to.

    Parameters
    ----------
    conn : sqlite3.Connection
        In a transaction.
    run : int
        Which run put it together.
    root : int
        ``message.root``.
    version, inputs : str
        Of the rules; the fingerprint of :func:`threadkit.store.debates.debate_states`.
    rows : DebateRows
        Claims in the order in which they were said, which numbers new ones.

    Returns
    -------
    int
        Rows of claims, relations, points and decisions.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> save_debate(db.conn, 1, 1, "1", "0 mails", DebateRows((), (), (), ()))
    0
    >>> db.close()
    """
    forget_debates(conn, [root, *_others(conn, root)])
    conn.execute(
        "INSERT INTO debate (root, run, version, inputs, unplaced) VALUES (?, ?, ?, ?, ?)",
        (root, run, version, inputs, json.dumps(dict(rows.unplaced), sort_keys=True)),
    )
    conn.execute(
        "DELETE FROM spoken_by WHERE message IN (SELECT id FROM message WHERE root = ?)", (root,)
    )
    conn.executemany(
        "INSERT INTO spoken_by (message, who, person, email) VALUES (?, ?, ?, ?)", rows.speakers
    )
    names = _save_claims(conn, run, root, rows.claims)
    _save_relations(conn, run, root, rows.relations, names)
    _save_points(conn, run, root, rows.points)
    conn.executemany(
        "INSERT INTO decision (root, position, run, message, start, stop, kind, person, email,"
        " utc, about, detail, score, rule, state)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(root, at, run, *one) for at, one in enumerate(rows.decisions)],
    )
    return sum(len(some) for some in rows[:4])


def _save_claims(
    conn: Connection, run: int, root: int, claims: Sequence[ClaimRow]
) -> dict[tuple[int, int], str]:
    """Write claims with their places; returns the claim of each unit."""
    names: dict[tuple[int, int], str] = {}
    for one in claims:
        name = f"c{_number(conn, root, one)}"
        first = one.places[0]
        conn.execute(
            "INSERT INTO claim (id, key, root, run, message, unit, start, stop, person, email, holder,"
            " utc, kind, status, why, gist, score, rule, state)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                name, one.key, root, run, *first[:4], one.person, one.email, one.holder, one.utc,
                one.kind, one.status, one.why, one.gist, one.score, one.rule, one.state,
            ),
        )  # fmt: skip
        conn.executemany(
            "INSERT INTO claim_span (claim, position, message, unit, start, stop, exact_sha256,"
            " loose_sha256, rule, score) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(name, at, *place) for at, place in enumerate(one.places)],
        )
        conn.executemany(
            "INSERT INTO claim_scenario (claim, scenario, stance, why, origin, score)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [(name, *scenario) for scenario in one.scenarios],
        )
        names.update(((place.message, place.unit), name) for place in one.places)
    return names


def _number(conn: Connection, root: int, claim: ClaimRow) -> int:
    """Name a claim by the lowest number that a place of it has and no other claim bears.

    Each place has a number of its own, given once and never again. So a claim keeps its name
    when it is found in an earlier mail, too, and a name never comes to mean another claim.
    """
    rows = json.dumps(list({place.message for place in claim.places}))
    names = {
        row: message_id if not imposter else f"{message_id}~{imposter}"
        for row, message_id, imposter in conn.execute(
            "SELECT id, message_id, imposter FROM message"
            " WHERE id IN (SELECT value FROM json_each(?))",
            (rows,),
        )
    }
    keys = [f"{names[p.message]}#{p.loose_sha256[:KEY_DIGITS]}" for p in claim.places]
    number = _lowest(conn, keys)
    if number is None:  # another conversation has a mail of the same name and words
        number = _lowest(conn, [f"{keys[0]} {root}"])
    return int(number or 0)


def _lowest(conn: Connection, keys: Sequence[str]) -> int | None:
    """Return the lowest number of some keys that no claim bears; new keys get new numbers."""
    conn.executemany(
        "INSERT INTO claim_number (key, number)"
        " SELECT ?, coalesce(max(number), 0) + 1 FROM claim_number WHERE true"
        " ON CONFLICT DO NOTHING",
        [(key,) for key in dict.fromkeys(keys)],
    )
    query = (
        "SELECT min(number) FROM claim_number WHERE key IN (SELECT value FROM json_each(?))"
        " AND NOT EXISTS (SELECT 1 FROM claim WHERE id = 'c' || number)"
    )
    (number,) = conn.execute(query, (json.dumps(list(keys)),)).fetchone()
    return number if number is None else int(number)


def _save_relations(
    conn: Connection,
    run: int,
    root: int,
    relations: Sequence[RelationRow],
    names: dict[tuple[int, int], str],
) -> None:
    conn.executemany(
        "INSERT INTO relation (root, run, kind, message, unit, claim, target_message, target_unit,"
        " target_claim, score, rule, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                root, run, one.kind, one.message, one.unit, names.get((one.message, one.unit)),
                one.target_message, one.target_unit,
                None if one.target_unit is None
                else names.get((one.target_message, one.target_unit)),
                one.score, one.rule, one.state,
            )
            for one in relations
        ],
    )  # fmt: skip


def _save_points(conn: Connection, run: int, root: int, points: Sequence[PointRow]) -> None:
    conn.executemany(
        "INSERT INTO point (message, unit, root, run, start, stop, kind, outcome, score, rule,"
        " state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (one.message, one.unit, root, run, one.start, one.stop, one.kind, one.outcome,
             one.score, one.rule, one.state)
            for one in points
        ],
    )  # fmt: skip
    conn.executemany(
        "INSERT INTO point_answer (message, unit, position, by_message, start, stop, how, rule,"
        " score) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (one.message, one.unit, at, *answer)
            for one in points
            for at, answer in enumerate(one.answers)
        ],
    )
