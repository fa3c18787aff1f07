"""Claims as lists show them, and what a list of them leaves out."""

from __future__ import annotations

from collections import defaultdict
from sqlite3 import Connection
from typing import NamedTuple

from threadkit.store.debates import unplaced_relations


class StoredClaim(NamedTuple):
    """A claim without its text.

    ``key`` names it for good; ``root`` and ``message_id`` are Message-IDs, of the
    conversation and of the mail that says it first; ``message`` is that mail's row, None
    if a person added the claim; ``run`` is a row of ``run``. The other fields are those
    of the table ``claim``; ``places`` counts where it is said.
    """

    id: str
    key: str
    root: str
    message: int | None
    message_id: str
    unit: int
    start: int
    stop: int
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
    places: int
    run: int


class Elsewhere(NamedTuple):
    """A mail that takes something up in another branch or later."""

    message_id: str
    person: str
    utc: str | None


class Outcome(NamedTuple):
    """What became of a claim that calls for an answer, and where it was taken up."""

    outcome: str
    elsewhere: tuple[Elsewhere, ...]


class Coverage(NamedTuple):
    """How much of some conversations claims were read from.

    ``people`` wrote, ``speakers`` of them have claims that are shown by default; of
    ``mails``, ``read`` were read, ``foreign`` are in another language and ``short`` have
    too few words to tell; ``unplaced`` relations bear on words that are not here.
    """

    people: int
    speakers: int
    mails: int
    read: int
    foreign: int
    short: int
    unplaced: int = 0

    def __str__(self) -> str:
        said = f"claims of {self.speakers} of {self.people} people; "
        said += f"{self.read} of {self.mails} messages read"
        left = [(self.foreign, "in another language"), (self.short, "with too few words")]
        why = ", ".join(f"{many} {what}" for many, what in left if many)
        said = f"{said} ({why})" if why else said
        have = "relation has" if self.unplaced == 1 else "relations have"
        return f"{said}; {self.unplaced} {have} no place" if self.unplaced else said


_CLAIMS = """
SELECT c.id, c.key, r.message_id, c.message, coalesce(m.message_id, ''), c.unit, c.start, c.stop,
  c.person, c.email, c.holder, c.utc, c.kind, c.status, c.why, c.gist, c.score, c.rule, c.state,
  (SELECT count(*) FROM claim_span s WHERE s.claim = c.id), c.run
FROM claim c JOIN message r ON r.id = c.root LEFT JOIN message m ON m.id = c.message
{bound} ORDER BY c.utc, CAST(substr(c.id, 2) AS INTEGER)
"""
_OUTCOMES = """
SELECT s.claim, p.outcome, m.message_id,
  coalesce(b.person, nullif(w.name, ''), nullif(f.name, ''), f.email, ''),
  coalesce(m.date_utc, m.received_utc)
FROM claim c JOIN claim_span s ON s.claim = c.id
JOIN point p ON p.message = s.message AND p.unit = s.unit
LEFT JOIN point_answer a ON a.message = p.message AND a.unit = p.unit AND a.how = 'elsewhere'
LEFT JOIN message m ON m.id = a.by_message
LEFT JOIN address f ON f.id = m.from_address LEFT JOIN person w ON w.id = f.person
LEFT JOIN spoken_by b ON b.message = m.id
{bound} ORDER BY s.claim, s.position, a.position
"""
_COVERAGE = """
SELECT count(DISTINCT coalesce(w.who, 'person:' || a.person)), count(*), coalesce(sum(g.language = 'en'), 0),
  coalesce(sum(g.language = 'other'), 0), coalesce(sum(g.language = 'none'), 0)
FROM message m JOIN body b ON b.message = m.id LEFT JOIN address a ON a.id = m.from_address
LEFT JOIN mail_reading g ON g.message = m.id LEFT JOIN spoken_by w ON w.message = m.id {bound}
"""
_SPEAKERS = """
SELECT count(DISTINCT coalesce(w.who, 'person:' || a.person))
FROM claim c JOIN message m ON m.id = c.message
LEFT JOIN address a ON a.id = m.from_address LEFT JOIN spoken_by w ON w.message = m.id WHERE c.state IN ('automatic', 'accepted') {bound}
"""
_BETTER = ("answered", "taken up", "own", "no direct reply")


def read_claims(conn: Connection, root: int | None = None) -> list[StoredClaim]:
    """List claims, oldest first.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    root : int, optional
        ``message.root`` of a conversation; all without.

    Returns
    -------
    list of StoredClaim
        Of all states.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> read_claims(db.conn)
    []
    >>> db.close()
    """
    bound, values = _bound("WHERE c.root = ?", root)
    return [StoredClaim._make(row) for row in conn.execute(_CLAIMS.format(bound=bound), values)]


def read_claim(conn: Connection, name: str) -> StoredClaim | None:
    """Read one claim.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    name : str
        As ``c6``.

    Returns
    -------
    StoredClaim or None
        None if there is no such claim.
    """
    row = conn.execute(_CLAIMS.format(bound="WHERE c.id = ?"), (name,)).fetchone()
    if row is None and (claim := _once(conn, name)):
        row = conn.execute(_CLAIMS.format(bound="WHERE c.id = ?"), (claim,)).fetchone()
    return None if row is None else StoredClaim._make(row)


def _once(conn: Connection, name: str) -> str | None:
    """Find the claim of a place that was a claim of its own once."""
    query = "SELECT key FROM claim_number WHERE 'c' || number = ?"
    found = conn.execute(query, (name,)).fetchone()
    if found is None:
        return None
    message_id, _, digits = found[0].rpartition("#")
    return claim_at(conn, message_id, digits)


def claim_ids(conn: Connection, prefix: str, *, limit: int = 50) -> list[tuple[str, str]]:
    """List the names of claims that begin like this, with who says them.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    prefix : str
        What is typed so far.
    limit : int
        The most to list.
    """
    query = "SELECT id, person FROM claim WHERE id >= ? AND id < ? || ':' AND state <> 'rejected'"
    query += " ORDER BY CAST(substr(id, 2) AS INTEGER) LIMIT ?"
    return conn.execute(query, (prefix, prefix, limit)).fetchall()


def relation_counts(conn: Connection, root: int | None = None) -> dict[tuple[str, str], int]:
    """Count what bears on each claim.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    root : int, optional
        ``message.root`` of a conversation; all without.

    Returns
    -------
    dict of (str, str) to int
        By claim and kind of relation; rejected ones do not count, nor candidates.
    """
    bound, values = _bound("AND root = ?", root)
    query = (
        "SELECT target_claim, kind, count(*) FROM relation WHERE target_claim IS NOT NULL"  # noqa: S608
        f" AND state IN ('automatic', 'accepted') {bound} GROUP BY target_claim, kind"
    )
    return {(claim, kind): many for claim, kind, many in conn.execute(query, values)}


def outcomes(conn: Connection, root: int | None = None) -> dict[str, Outcome]:
    """Tell of each claim that calls for an answer what became of it.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    root : int, optional
        ``message.root`` of a conversation; all without.

    Returns
    -------
    dict of str to Outcome
        By claim: the best of all its places.
    """
    bound, values = _bound("WHERE c.root = ?", root)
    best: dict[str, str] = {}
    elsewhere: dict[str, dict[Elsewhere, None]] = defaultdict(dict)
    for claim, outcome, *mail in conn.execute(_OUTCOMES.format(bound=bound), values):
        known = best.get(claim, outcome)
        best[claim] = min(known, outcome, key=_BETTER.index)
        if mail[0] is not None:
            elsewhere[claim][Elsewhere._make(mail)] = None
    return {claim: Outcome(outcome, tuple(elsewhere[claim])) for claim, outcome in best.items()}


def coverage(conn: Connection, root: int | None = None) -> Coverage:
    """Tell how much of the mail claims were read from.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    root : int, optional
        ``message.root`` of a conversation; all without.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> print(coverage(db.conn))
    claims of 0 of 0 people; 0 of 0 messages read
    >>> db.close()
    """
    bound, values = _bound("WHERE m.root = ?", root)
    people, mails, *read = conn.execute(_COVERAGE.format(bound=bound), values).fetchone()
    bound, values = _bound("AND c.root = ?", root)
    (speakers,) = conn.execute(_SPEAKERS.format(bound=bound), values).fetchone()
    unplaced = sum(unplaced_relations(conn, root).values())
    return Coverage(people, speakers, mails, *read)._replace(unplaced=unplaced)


def claims_about(conn: Connection, name: str) -> set[str]:
    """Name the claims that have to do with one: those in one relation, whichever way.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    name : str
        As ``c6``.
    """
    query = (
        "SELECT claim FROM relation WHERE target_claim = :name AND state <> 'rejected'"
        " UNION SELECT target_claim FROM relation WHERE claim = :name AND state <> 'rejected'"
    )
    found = {claim for (claim,) in conn.execute(query, {"name": name})}
    return found - {None, name}


def claims_of_question(conn: Connection, message: int, unit: int) -> set[str]:
    """Name the claims that answer a question, and those that it asks about.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    message, unit : int
        The question.
    """
    query = (
        "SELECT claim FROM relation WHERE kind = 'answer' AND target_message = :message"
        " AND target_unit = :unit AND state <> 'rejected'"
        " UNION SELECT target_claim FROM relation WHERE kind = 'ask' AND message = :message"
        " AND unit = :unit AND state <> 'rejected'"
        " UNION SELECT s.claim FROM point_answer a JOIN claim_span s ON s.message = a.by_message"
        " AND s.start < a.stop AND s.stop > a.start"
        " WHERE a.message = :message AND a.unit = :unit"
    )
    found = conn.execute(query, {"message": message, "unit": unit})
    return {claim for (claim,) in found if claim is not None}


def claim_at(conn: Connection, message_id: str, digits: str) -> str | None:
    """Find the claim that is said in a passage.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    message_id : str
        Of the mail, without brackets.
    digits : str
        The first digits of the passage's loose hash.
    """
    query = (
        "SELECT s.claim FROM message m JOIN claim_span s ON s.message = m.id"
        " WHERE m.message_id = ? AND substr(s.loose_sha256, 1, ?) = ? ORDER BY s.unit LIMIT 1"
    )
    row = conn.execute(query, (message_id, len(digits), digits)).fetchone()
    return None if row is None else str(row[0])


def roots_of_debates(conn: Connection) -> list[int]:
    """List the conversations that have claims, the oldest first.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    """
    query = "SELECT root FROM claim GROUP BY root ORDER BY min(utc), root"
    return [root for (root,) in conn.execute(query)]


def names_of(conn: Connection, root: int) -> dict[str, str]:
    """Return the names of the claims of a conversation by their lasting names.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    root : int
        ``message.root``.
    """
    return dict(conn.execute("SELECT key, id FROM claim WHERE root = ?", (root,)).fetchall())


def _bound(clause: str, root: int | None) -> tuple[str, tuple[int, ...]]:
    """Hold a query to a conversation, if one is named."""
    return ("", ()) if root is None else (clause, (root,))
