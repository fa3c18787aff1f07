"""What regressions are put together from: conversations with signals, commits, links."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from sqlite3 import Connection
from typing import Any, NamedTuple

_TALKS = """
WITH told AS (
  SELECT DISTINCT coalesce(m.root, m.id) AS root FROM signal s JOIN message m ON m.id = s.message
  WHERE s.kind <> 'role'
  UNION
  SELECT coalesce(root, id) FROM message
  WHERE NOT ghost AND message_id IN (SELECT value FROM json_each(:named))
)
SELECT m.id, m.message_id, coalesce(rm.message_id, m.message_id), pm.message_id,
  coalesce(m.date_utc, m.received_utc), coalesce(nullif(a.name, ''), p.name, ''),
  coalesce(a.email, ''), coalesce(m.subject, ''),
  EXISTS (SELECT 1 FROM patch WHERE patch.message = m.id)
FROM told JOIN message m ON coalesce(m.root, m.id) = told.root
LEFT JOIN address a ON a.id = m.from_address LEFT JOIN person p ON p.id = a.person
LEFT JOIN message pm ON pm.id = m.parent LEFT JOIN message rm ON rm.id = m.root
WHERE NOT m.ghost ORDER BY m.message_id, m.imposter
"""
_SIGNALS = (
    "SELECT message, kind, value, detail, start, stop, rule, score, mood FROM signal"
    " ORDER BY message, position"
)
_COMMITS = (
    "SELECT sha, subject, body, author_name, author_utc, committer_utc, release, mainline,"
    " origin FROM git_commit"
)
_SOME = " WHERE sha IN (SELECT value FROM json_each(?))"
_FEWEST_DIGITS = 7  # of a hash as people cite it


class MailRow(NamedTuple):
    """One mail of a conversation in which something was said; ``signals`` are rows."""

    id: int
    message_id: str
    root: str
    parent: str | None
    date_utc: str | None
    person: str
    email: str
    subject: str
    is_patch: bool
    signals: list[tuple[Any, ...]]


class CommitRow(NamedTuple):
    """One commit; ``trailers`` and ``citations`` are rows as in the database."""

    sha: str
    subject: str
    body: str
    author: str
    author_utc: str | None
    committer_utc: str | None
    release: str | None
    mainline: str
    origin: str
    trailers: list[tuple[str, str, str, str, int, int]]
    citations: list[tuple[str, str, str, int, int]]


def signals(conn: Connection) -> dict[int, list[tuple[Any, ...]]]:
    """Read all that was found in mails.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.

    Returns
    -------
    dict of int to list of tuple
        Row id of the mail to kind, value, detail, start, stop, rule, score, mood.
    """
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for message, *rest in conn.execute(_SIGNALS):
        found[message].append(tuple(rest))
    return dict(found)


def conversations(
    conn: Connection, said: Mapping[int, list[tuple[Any, ...]]], named: Iterable[str] = ()
) -> list[MailRow]:
    """Read the envelopes of all mails of conversations that have to do with a regression.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    said : mapping of int to list of tuple
        As :func:`signals` returns it: conversations in which a mail has one.
    named : iterable of str
        Message-IDs of mails whose conversations are wanted, too.

    Returns
    -------
    list of MailRow
        By Message-ID; without ghosts.
    """
    rows = conn.execute(_TALKS, {"named": json.dumps(sorted(set(named)))})
    return [MailRow._make((*row[:-1], bool(row[-1]), said.get(row[0], []))) for row in rows]


def commits(conn: Connection, shas: Iterable[str] | None = None) -> Iterator[CommitRow]:
    """Read commits with their trailers and citations.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    shas : iterable of str, optional
        Whole hashes of those that are wanted; all without.

    Yields
    ------
    CommitRow
        By hash.
    """
    some = () if shas is None else (json.dumps(sorted(set(shas))),)
    where = _SOME if some else ""
    trailers = _by_sha(conn, "name, value, kind, extinfo, start, stop", "commit_trailer", some)
    citations = _by_sha(conn, "kind, value, title, start, stop", "commit_citation", some)
    for row in conn.execute(f"{_COMMITS}{where} ORDER BY sha", some):
        parts = (trailers.get(row[0], []), citations.get(row[0], []))
        yield CommitRow._make((*row, *parts))


def _by_sha(
    conn: Connection, columns: str, table: str, some: tuple[str, ...]
) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    where = _SOME if some else ""
    query = f"SELECT sha, {columns} FROM {table}{where} ORDER BY sha, position"  # noqa: S608
    for sha, *rest in conn.execute(query, some):
        found[sha].append(tuple(rest))
    return found


def commits_around(conn: Connection, names: Iterable[str]) -> set[str]:
    """List some commits, and those whose messages name one of them.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    names : iterable of str
        Hashes or beginnings of seven digits and more.

    Returns
    -------
    set of str
        Whole hashes; also of a few that name others that begin alike.
    """
    found: set[str] = set()
    for name in {one[:_FEWEST_DIGITS] for one in names if len(one) >= _FEWEST_DIGITS}:
        span = {"low": name, "high": f"{name}g"}
        query = "SELECT sha FROM git_commit WHERE sha >= :low AND sha < :high"
        found.update(sha for (sha,) in conn.execute(query, span))
        query = ("SELECT sha FROM commit_citation WHERE value >= :low AND value < :high"
                 " AND kind = 'commit'")  # fmt: skip
        found.update(sha for (sha,) in conn.execute(query, span))
    return found


def named_in_mail(conn: Connection, commit: str) -> bool:
    """Tell whether a mail cites a commit, or became it.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    commit : str
        A hash, or seven digits and more of one.
    """
    span = {"low": commit[:_FEWEST_DIGITS], "high": f"{commit[:_FEWEST_DIGITS]}g"}
    rows = conn.execute(
        "SELECT DISTINCT value FROM citation WHERE kind = 'commit' AND value >= :low"
        " AND value < :high UNION SELECT sha FROM commit_mail c JOIN message m"
        " ON m.message_id = c.message_id AND NOT m.ghost WHERE sha >= :low AND sha < :high"
        " AND kind = 'becomes'", span,
    )  # fmt: skip
    return any(value.startswith(commit) or commit.startswith(value) for (value,) in rows)


def named_mail(conn: Connection, message_id: str) -> bool:
    """Tell whether a mail is here, or a mail here cites or answers it.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    message_id : str
        Without brackets.
    """
    query = (
        "SELECT EXISTS (SELECT 1 FROM message WHERE message_id = :name)"
        " OR EXISTS (SELECT 1 FROM citation WHERE kind = 'message' AND value = :name)"
    )
    return bool(conn.execute(query, {"name": message_id}).fetchone()[0])


def links(conn: Connection) -> list[tuple[str, str, str, str, float]]:
    """Read which mails became which commits, or discuss them.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.

    Returns
    -------
    list of tuple
        Message-ID, hash, kind, rule, score; best first.
    """
    return conn.execute(
        "SELECT message_id, sha, kind, rule, score FROM commit_mail"
        " ORDER BY score DESC, message_id, sha, rule"
    ).fetchall()


def answers(conn: Connection) -> list[tuple[str, str, str | None]]:
    """Read what looking up hashes as written has shown.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.

    Returns
    -------
    list of (str, str, str or None)
        Name, state, hash if found.
    """
    return conn.execute("SELECT name, state, sha FROM commit_answer ORDER BY name").fetchall()


def known_messages(conn: Connection, message_ids: list[str]) -> set[str]:
    """Say which of some mails are here.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    message_ids : list of str
        Any number of them.
    """
    rows = conn.execute(
        "SELECT message_id FROM message WHERE NOT ghost"
        " AND message_id IN (SELECT value FROM json_each(?))",
        (json.dumps(message_ids),),
    )
    return {message_id for (message_id,) in rows}


def fingerprint(conn: Connection) -> str:
    """Describe all of this cheaply.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    """
    queries = (
        "SELECT count(*) || '/' || coalesce(max(run), 0) FROM signal",
        "SELECT count(*) || '/' || coalesce(max(resolved_utc), '') FROM git_commit",
        "SELECT count(*) || '/' || coalesce(max(checked_utc), '') FROM commit_name",
        "SELECT count(*) || '/' || coalesce(max(run), 0) FROM commit_mail",
        "SELECT (SELECT count(*) FROM message) || '/' || count(*) FROM message"
        " WHERE parent IS NOT NULL",  # each from an index
        "SELECT count(*) FROM body",  # a ghost that becomes a mail adds no message
        "SELECT coalesce(max(id), 0) FROM raw",
        "SELECT count(DISTINCT person) || '/' || count(*) FROM address",
    )
    return " ".join(str(conn.execute(query).fetchone()[0]) for query in queries)


def conversation_ids(conn: Connection, root: int) -> set[str]:
    """List the Message-IDs of a conversation, ghosts too.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    root : int
        Row id of its first mail.
    """
    query = "SELECT message_id FROM message WHERE root = :root OR id = :root"
    return {message_id for (message_id,) in conn.execute(query, {"root": root})}


def trees(conn: Connection, shas: Iterable[str]) -> dict[str, str]:
    """Say in which tree commits are, as far as is known.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    shas : iterable of str
        Whole hashes.

    Returns
    -------
    dict of str to str
        Whole hash to ``mainline``, or ``stable`` for what only a stable release has.
    """
    query = (
        "SELECT sha, mainline, release FROM git_commit WHERE mainline <> 'not checked'"
        " AND sha IN (SELECT value FROM json_each(?))"
    )
    rows = conn.execute(query, (json.dumps(sorted(set(shas))),))
    return {
        sha: "mainline" if mainline == "yes" else "stable"
        for sha, mainline, release in rows
        if mainline == "yes" or release
    }
