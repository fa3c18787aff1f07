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
SELECT c.value, n.sha, coalesce(n.state, 'not looked up'), m.id, m.message_id,
  coalesce(p.name, nullif(a.name, ''), a.email, ''), coalesce(m.date_utc, m.received_utc),
  c.title, c.start, c.stop, coalesce(r.role, ''), coalesce(r.rule, ''), coalesce(r.score, 0.0)
FROM {source} citation c ON c.message = m.id AND c.kind = 'commit'
LEFT JOIN commit_answer n ON n.name = c.value
LEFT JOIN citation_role r ON r.message = c.message AND r.position = c.position
LEFT JOIN address a ON a.id = m.from_address LEFT JOIN person p ON p.id = a.person
ORDER BY coalesce(m.date_utc, m.received_utc, '9'), m.id, c.position
"""
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
        rows = conn.execute(_PLACES.format(source="message m JOIN"))
    else:
        values = {"rows": json.dumps(list(roots))}
        rows = conn.execute(_PLACES.format(source=_OF_THREADS), values)
    places: dict[str, list[Place]] = {}
    known: dict[str, tuple[str | None, str]] = {}
    for name, sha, state, message, message_id, person, date_utc, title, *rest in rows:
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
    One pass over the trailers of all commits that are here. A hash in a trailer is only
    taken for a commit that it is the unique beginning of.
    """
    wanted = set(shas)
    subjects = dict(
        conn.execute("SELECT sha, subject FROM git_commit ORDER BY committer_utc, sha").fetchall()
    )
    place = {sha: at for at, sha in enumerate(subjects)}
    resolver = _Resolver(conn, subjects)
    own: dict[str, list[Relative]] = {sha: [] for sha in wanted}
    others: dict[str, list[tuple[int, Relative]]] = {sha: [] for sha in wanted}
    names = ", ".join("?" * len(RELATIONS))
    rows = conn.execute(
        f"SELECT sha, name, value FROM commit_trailer WHERE name IN ({names})"  # noqa: S608
        " ORDER BY sha, position",
        RELATIONS,
    )
    for sha, name, value in rows:
        written = _hash_of(value)
        target = resolver.full(written)
        there, back = _KINDS[name]
        if sha in own:
            own[sha].append(Relative(there, written, target, subjects.get(target, "")))
        if target in others:
            others[target].append((place[sha], Relative(back, sha, sha, subjects[sha])))
    return {sha: own[sha] + [one for _, one in sorted(others[sha], key=_first)] for sha in own}


def _first(pair: tuple[int, Relative]) -> tuple[int, str]:
    return pair[0], pair[1].kind


def _hash_of(value: str) -> str:
    """Take the hash out of ``commit 09854ba94c6a ("title")``."""
    for word in value.lower().replace("<", " ").split():
        if all(digit in "0123456789abcdef" for digit in word) and len(word) >= 6:
            return word
    return value.split(" ")[0].lower()


class _Resolver:
    """Full hashes of written ones: by what origins answered, else by the only beginning."""

    def __init__(self, conn: Connection, known: Iterable[str]) -> None:
        self._answers = dict(
            conn.execute("SELECT name, sha FROM commit_answer WHERE state = 'found'").fetchall()
        )
        self._sorted = sorted(known)

    def full(self, written: str) -> str:
        """Return the full hash; empty if it is not known here, or not the only one."""
        from bisect import bisect_left

        if found := self._answers.get(written):
            return str(found)
        at = bisect_left(self._sorted, written)
        some = [sha for sha in self._sorted[at : at + 2] if sha.startswith(written)]
        return some[0] if len(some) == 1 else ""


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
