"""Every commit that mails cite: by whom, where and what for, and what it turned out to be."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from sqlite3 import Connection

from threadkit.commits.values import SURE_DIGITS

RELATIONS = ("Fixes", "Reverts", "Upstream-commit", "Cherry-picked-from")
"""The trailers by which a commit names another."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mail cites a commit.

    ``start`` and ``stop`` are characters of the body. ``role``, ``rule`` and ``score`` say
    what for, and how that is known; they are empty where the mail was not analyzed.
    """

    message: int
    message_id: str
    person: str
    date_utc: str | None
    written: str
    title: str
    start: int
    stop: int
    role: str
    rule: str
    score: float


@dataclass(frozen=True, slots=True)
class CommitFacts:
    """What is known of a commit; dates are ISO 8601 with Z."""

    sha: str
    subject: str
    author: str
    author_utc: str | None
    committer_utc: str | None
    release: str | None
    mainline: str
    checked_against: str
    origin: str


@dataclass(frozen=True, slots=True)
class Relative:
    """A commit related to another; ``sha`` is empty where it is not known here.

    ``kind`` is read from the commit in question: ``fixes`` and ``fixed by``, ``reverts``
    and ``reverted by``, ``backports`` and ``backported as``, ``picks`` and ``picked as``.
    """

    kind: str
    written: str
    sha: str
    subject: str


@dataclass(frozen=True, slots=True)
class Origin:
    """A mail that became a commit, or is its discussion, and how that is known."""

    message_id: str
    kind: str
    rule: str
    score: float
    detail: str
    here: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A regression that a commit plays a part in: ``broke`` or ``fixes`` it."""

    part: str
    key: str
    title: str
    state: str


@dataclass(frozen=True, slots=True)
class CitedName:
    """A hash as mails write it; ``sha`` is None and ``state`` tells why where it is unknown."""

    name: str
    sha: str | None
    state: str
    candidates: tuple[str, ...]
    places: tuple[Place, ...]


_KINDS = {
    "Fixes": ("fixes", "fixed by"),
    "Reverts": ("reverts", "reverted by"),
    "Upstream-commit": ("backports", "backported as"),
    "Cherry-picked-from": ("picks", "picked as"),
}
_PLACES = """
SELECT c.value, m.id, m.message_id,
  coalesce(p.name, nullif(a.name, ''), a.email, ''), coalesce(m.date_utc, m.received_utc),
  c.title, c.start, c.stop, coalesce(r.role, ''), coalesce(r.rule, ''), coalesce(r.score, 0.0)
FROM {source} citation c ON c.message = m.id AND c.kind = 'commit'
LEFT JOIN citation_role r ON r.message = c.message AND r.position = c.position
LEFT JOIN address a ON a.id = m.from_address LEFT JOIN person p ON p.id = a.person
ORDER BY coalesce(m.date_utc, m.received_utc, '9'), m.id, c.position
"""
_ANSWERS = """
SELECT name, sha, state FROM (
  SELECT n.*, row_number() OVER (PARTITION BY n.name ORDER BY
    CASE n.state WHEN 'found' THEN 0 WHEN 'ambiguous' THEN 1 WHEN 'not-a-commit' THEN 2
    WHEN 'unclear' THEN 3 ELSE 4 END,
    g.mainline IS NOT 'yes', n.checked_utc DESC, n.origin) AS place
  FROM json_each(:names) w CROSS JOIN commit_name n ON n.name = w.value
  LEFT JOIN git_commit g ON g.sha = n.sha)
WHERE place = 1
"""
"""The view ``commit_answer`` of some names only: the view itself reads all of them."""
_FEWEST = 6  # digits of a hash in a trailer
_OF_THREADS = (
    "(SELECT DISTINCT value AS root FROM json_each(:rows)) w"
    " CROSS JOIN message m ON m.root = w.root CROSS JOIN"
)


def cited_commits(conn: Connection, roots: Iterable[int] | None = None) -> list[CitedName]:
    """List the commits that mails cite, in the order in which they were first cited.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    roots : iterable of int, optional
        Row ids of the roots of conversations; None for all mails.

    Returns
    -------
    list of CitedName
        One a commit where the hash was found. Hashes that were not found are one if they
        begin alike and have twelve digits or more; they are given as the longest.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> cited_commits(db.conn)
    []
    >>> db.close()
    """
    if roots is None:
        rows = conn.execute(_PLACES.format(source="message m JOIN")).fetchall()
    else:
        values = {"rows": json.dumps(list(roots))}
        rows = conn.execute(_PLACES.format(source=_OF_THREADS), values).fetchall()
    answers = _answers(conn, {row[0] for row in rows})
    places: dict[str, list[Place]] = {}
    known: dict[str, tuple[str | None, str]] = {}
    for name, message, message_id, person, date_utc, title, *rest in rows:
        sha, state = answers.get(name, (None, "not looked up"))
        place = Place(message, message_id, person, date_utc, name, title, *rest)
        key = sha or name
        known.setdefault(key, (sha, state))
        places.setdefault(key, []).append(place)
    joined = _joined([key for key, (sha, _) in known.items() if sha is None])
    for short, long in joined.items():
        places[long] = sorted(
            places[long] + places.pop(short),
            key=lambda one: (one.date_utc or "9", one.message, one.start),
        )
        known.pop(short)
    order = sorted(
        places, key=lambda key: (places[key][0].date_utc or "9", places[key][0].message,
                                 places[key][0].start)
    )  # fmt: skip
    return [
        CitedName(key, *known[key], _candidates(conn, key), tuple(places[key])) for key in order
    ]


def _answers(conn: Connection, names: Iterable[str]) -> dict[str, tuple[str | None, str]]:
    """Read what looking up some names came to: the full hash, and the state."""
    rows = conn.execute(_ANSWERS, {"names": json.dumps(sorted(names))})
    return {name: (sha, state) for name, sha, state in rows}


def _joined(names: Sequence[str]) -> dict[str, str]:
    """Map hashes that are the beginning of one other hash, and of no second one, to that."""
    found = {}
    names = sorted(names)
    for at, short in enumerate(names):
        stop = next((n for n in range(at + 1, len(names)) if not names[n].startswith(short)), None)
        longer = names[at + 1 : stop]
        if longer and len(short) >= SURE_DIGITS:
            longest = max(longer, key=len)
            if all(longest.startswith(name) for name in longer):
                found[short] = longest
    return found


def _candidates(conn: Connection, name: str) -> tuple[str, ...]:
    rows = conn.execute(
        "SELECT DISTINCT sha || ' ' || subject FROM commit_candidate WHERE name = ? ORDER BY sha",
        (name,),
    )
    return tuple(line for (line,) in rows)


def facts_of(conn: Connection, shas: Iterable[str]) -> dict[str, CommitFacts]:
    """Read what is known of some commits.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    shas : iterable of str
        Full hashes.

    Returns
    -------
    dict of str to CommitFacts
        Those that are here.
    """
    rows = conn.execute(
        "SELECT sha, subject, author_name, author_utc, committer_utc, release, mainline,"
        " checked_against, origin FROM git_commit WHERE sha IN (SELECT value FROM json_each(?))",
        (json.dumps(list(shas)),),
    )
    return {row[0]: CommitFacts(*row) for row in rows}


def relatives(conn: Connection, shas: Iterable[str]) -> dict[str, list[Relative]]:
    """Find the commits that some commits fix, revert, backport or pick, and the other way.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    shas : iterable of str
        Full hashes.

    Returns
    -------
    dict of str to list of Relative
        What the commit itself says first, then what others say of it by date.

    Notes
    -----
    Some look-ups a commit, whatever else is here. A hash in a trailer is only taken for a
    commit that it is the unique beginning of.
    """
    wanted = set(shas)
    own: dict[str, list[Relative]] = {sha: [] for sha in wanted}
    others: dict[str, list[tuple[tuple[str, str], Relative]]] = {sha: [] for sha in wanted}
    rows = conn.execute(
        "SELECT t.sha, t.name, t.value, g.subject, coalesce(g.committer_utc, '')"
        " FROM json_each(:shas) w CROSS JOIN commit_trailer t ON t.sha = w.value"
        " JOIN git_commit g ON g.sha = t.sha"
        " WHERE t.name IN (SELECT value FROM json_each(:names)) ORDER BY t.sha, t.position",
        {
            "shas": json.dumps(sorted(wanted | _naming(conn, wanted))),
            "names": json.dumps(RELATIONS),
        },
    ).fetchall()
    full = _full(conn, {_hash_of(row[2]) for row in rows})
    subjects = {sha: one.subject for sha, one in facts_of(conn, set(full.values())).items()}
    for sha, name, value, subject, utc in rows:
        written = _hash_of(value)
        target = full.get(written, "")
        there, back = _KINDS[name]
        if sha in own:
            own[sha].append(Relative(there, written, target, subjects.get(target, "")))
        if target in others:
            others[target].append(((utc, sha), Relative(back, sha, sha, subject)))
    return {sha: own[sha] + [one for _, one in sorted(others[sha], key=_first)] for sha in own}


def _first(pair: tuple[tuple[str, str], Relative]) -> tuple[tuple[str, str], str]:
    return pair[0], pair[1].kind


def _naming(conn: Connection, shas: Iterable[str]) -> set[str]:
    """List the commits whose messages name one of some commits, by any of its beginnings."""
    names = {sha[:digits] for sha in shas for digits in range(_FEWEST, len(sha) + 1)}
    looked_up = conn.execute(
        "SELECT n.name FROM json_each(:shas) w CROSS JOIN commit_name n ON n.sha = w.value"
        " WHERE n.sha IS NOT NULL",
        {"shas": json.dumps(sorted(shas))},
    )
    names |= {name for (name,) in looked_up}
    rows = conn.execute(
        "SELECT DISTINCT c.sha FROM json_each(:names) w CROSS JOIN commit_citation c"
        " ON c.value = w.value WHERE c.kind = 'commit'"
        " UNION SELECT t.sha FROM json_each(:shas) w CROSS JOIN json_each(:relations) r"
        " CROSS JOIN commit_trailer t ON t.name = r.value AND t.value >= substr(w.value, 1, :few)"
        " AND t.value < substr(w.value, 1, :few) || 'g'",
        {
            "names": json.dumps(sorted(names)), "shas": json.dumps(sorted(shas)),
            "relations": json.dumps(RELATIONS), "few": _FEWEST,
        },
    )  # fmt: skip
    return {sha for (sha,) in rows}


def _full(conn: Connection, names: set[str]) -> dict[str, str]:
    """Map written hashes to full ones: by what origins answered, else by the only beginning."""
    found = {
        name: sha
        for name, (sha, state) in _answers(conn, names).items()
        if sha and state == "found"
    }
    for name in names - found.keys():
        rows = conn.execute(
            "SELECT sha FROM git_commit WHERE sha >= ? AND sha < ? LIMIT 2", (name, f"{name}g")
        ).fetchall()
        if name and len(rows) == 1:
            found[name] = rows[0][0]
    return found


def _hash_of(value: str) -> str:
    """Take the hash out of ``commit 09854ba94c6a ("title")``."""
    for word in value.lower().replace("<", " ").split():
        if all(digit in "0123456789abcdef" for digit in word) and len(word) >= 6:
            return word
    return value.split(" ")[0].lower()


def origins(conn: Connection, shas: Iterable[str]) -> dict[str, list[Origin]]:
    """List the mails that became some commits, or are their discussion.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    shas : iterable of str
        Full hashes.

    Returns
    -------
    dict of str to list of Origin
        The surest first.
    """
    rows = conn.execute(
        "SELECT c.sha, c.message_id, c.kind, c.rule, c.score, c.detail, EXISTS (SELECT 1 FROM"
        " message m WHERE m.message_id = c.message_id AND m.ghost = 0) FROM commit_mail c"
        " WHERE c.sha IN (SELECT value FROM json_each(?)) ORDER BY c.sha,"
        " c.kind = 'candidate', c.kind, c.score DESC, c.message_id",
        (json.dumps(list(shas)),),
    )
    found: dict[str, list[Origin]] = {}
    for sha, message_id, kind, rule, score, detail, here in rows:
        one = Origin(message_id, kind, rule, score, detail, here == 1)
        found.setdefault(sha, []).append(one)
    return found


def parts(conn: Connection, sha: str) -> list[Part]:
    """List the regressions that a commit is held to have caused, or to end.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    sha : str
        The full hash.

    Returns
    -------
    list of Part
        What it broke first.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> parts(db.conn, "0123" * 10)
    []
    >>> db.close()
    """
    rows = conn.execute(
        "SELECT 'broke', r.key, r.title, r.state FROM regression_culprit c JOIN regression r"
        " ON r.id = c.regression WHERE c.sha = :sha UNION"
        " SELECT 'fixes', r.key, r.title, r.state FROM regression_fix f JOIN regression r"
        " ON r.id = f.regression WHERE f.sha = :sha AND f.closes = 1 ORDER BY 1, 2",
        {"sha": sha},
    )
    return [Part(*row) for row in rows]
