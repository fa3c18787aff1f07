"""The part of a verification that looks at commits and at what was fetched."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any, get_args

from threadkit.commits.objects import parse_commit, sha_of
from threadkit.commits.values import Commit, Mainline, ResolvedState, Signature
from threadkit.store.commit_facts import diff_facts
from threadkit.store.finding import Finding
from threadkit.store.hosts import is_time
from threadkit.store.queue_item import KINDS, STATES
from threadkit.store.read import Unreadable, decompress


def _words(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)


# Each query gives what is wrong in words.
_QUERIES = (
    ("commit-name-wrong", "commit_name", f"""
        SELECT name || ' at ' || origin || ': ' || state FROM commit_name
        WHERE state NOT IN ({_words(get_args(ResolvedState))})
        OR (state = 'found') <> (sha IS NOT NULL)
        OR sha IS NOT NULL AND sha NOT IN (SELECT sha FROM git_commit)
        OR substr(sha, 1, length(name)) <> name AND (  -- then it is the hash of a tag
          length(name) NOT BETWEEN 4 AND 64 OR name GLOB '*[^0-9a-f]*'
          OR name IN (SELECT sha FROM git_commit))"""),  # noqa: S608
    ("commit-name-wrong", "commit_candidate", """
        SELECT c.name || ' at ' || c.origin || ': ' || c.sha FROM commit_candidate c
        WHERE substr(c.sha, 1, length(c.name)) <> c.name OR NOT EXISTS (
        SELECT 1 FROM commit_name n WHERE n.name = c.name AND n.origin = c.origin
        AND n.state = 'ambiguous')"""),
)  # fmt: skip
_QUEUE = f"""
SELECT id, kind || ' ' || name || ': ' || state FROM fetch_queue
WHERE state NOT IN ({_words(STATES)}) OR kind NOT IN ({_words(KINDS)}) OR depth < 0
OR reach < 0 OR attempts < 0 OR length(sha256) <> 64 OR added < 0 OR added > mail_count
OR state = 'done' AND (fetched_utc IS NULL
  OR kind = 'thread' AND (sha256 IS NULL) <> (mail_count IS NULL)
  OR kind = 'commit' AND name NOT IN (SELECT name FROM commit_name))
"""  # noqa: S608
_COMMITS = "SELECT rowid AS row, * FROM git_commit"
_SPANS = (
    ("commit_trailer", "SELECT position, start, stop FROM commit_trailer WHERE sha = ?"),
    ("commit_citation", "SELECT position, start, stop FROM commit_citation WHERE sha = ?"),
)


def fetched(conn: sqlite3.Connection) -> Iterator[Finding | None]:
    """Check every commit, every name of one, and the queue.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.

    Yields
    ------
    Finding or None
        What is wrong; None after each commit.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> _ = db.execute("INSERT INTO commit_name VALUES ('0123', '/git', 'found', NULL, '2026', '')")
    >>> [finding.kind for finding in fetched(db.conn)]
    ['commit-name-wrong']
    >>> db.close()

    Notes
    -----
    One commit is in memory at a time.
    """
    for kind, table, query in _QUERIES:
        for (detail,) in conn.execute(query):
            yield Finding(kind, table, None, detail)
    for row, detail in conn.execute(_QUEUE):
        yield Finding("queue-wrong", "fetch_queue", row, detail)
    yield from _times(conn)
    cursor = conn.execute(_COMMITS)
    names = [column[0] for column in cursor.description]
    for values in cursor:
        yield from _commit(conn, dict(zip(names, values, strict=True)))
        yield None


def _times(conn: sqlite3.Connection) -> Iterator[Finding]:
    """Check the times that decide what is asked for, and of whom."""
    query = "SELECT id, name, wanted_utc, fetched_utc, not_before_utc FROM fetch_queue"
    for row, name, *times in conn.execute(query):
        for time in times:
            if time is not None and not is_time(time):
                yield Finding("queue-wrong", "fetch_queue", row, f"{name}: no time: {time!r}")
    for host, until in conn.execute("SELECT host, not_before_utc FROM fetch_host"):
        if not is_time(until):
            yield Finding("queue-wrong", "fetch_host", None, f"{host}: no time: {until!r}")


def _commit(conn: sqlite3.Connection, row: dict[str, Any]) -> Iterator[Finding]:
    sha, number = row["sha"], row["row"]
    if row["mainline"] not in get_args(Mainline):
        yield Finding("commit-differs", "git_commit", number, f"{sha}: {row['mainline']}")
    query = "SELECT parent FROM commit_parent WHERE sha = ? ORDER BY position"
    parents = tuple(parent for (parent,) in conn.execute(query, (sha,)))
    if row["is_merge"] != (len(parents) > 1):
        detail = f"{sha}: {len(parents)} parents, is_merge {row['is_merge']}"
        yield Finding("commit-differs", "git_commit", number, detail)
    for table, query in _SPANS:
        for position, start, stop in conn.execute(query, (sha,)):
            if not 0 <= start <= stop <= len(row["body"]):
                detail = f"{sha}, {position}: {start} to {stop}"
                yield Finding("span-outside", table, number, detail)
    try:
        if row["raw"] is not None:
            yield from _raw(row, parents, decompress(row["raw"], None))
        yield from _diff(conn, row)
    except Unreadable as error:
        yield Finding("commit-unreadable", "git_commit", number, f"{sha}: {error}")


def _raw(row: dict[str, Any], parents: tuple[str, ...], raw: bytes) -> Iterator[Finding]:
    """Hash the object again, and compare what it says with the row."""
    sha = row["sha"]
    found = sha_of(raw, len(sha))
    if found != sha:
        yield Finding("commit-changed", "git_commit", row["row"], f"{sha}: its hash is now {found}")
        return
    author, committer = (
        Signature(*(row[f"{who}_{what}"] for what in ("name", "email", "utc", "offset_min")))
        for who in ("author", "committer")
    )
    stored = Commit(sha, row["tree"], parents, author, committer, row["subject"], row["body"], raw)
    meant = parse_commit(sha, raw)
    for name in ("tree", "parents", "author", "committer", "subject", "body"):
        if getattr(stored, name) != getattr(meant, name):
            yield Finding("commit-differs", "git_commit", row["row"], f"{sha}: {name}")


def _diff(conn: sqlite3.Connection, row: dict[str, Any]) -> Iterator[Finding]:
    """Compare counts, patch-id and files with the diff."""
    query = "SELECT path, additions, deletions FROM commit_file WHERE sha = ? ORDER BY position"
    files = tuple(conn.execute(query, (row["sha"],)))
    stored = (row["patch_id"], row["additions"], row["deletions"], files)
    meant: tuple[object, ...] = (None, None, None, ())
    if row["diff"] is not None:
        meant = diff_facts(decompress(row["diff"], None))
    for name, one, other in zip(
        ("patch_id", "additions", "deletions", "files"), stored, meant, strict=True
    ):
        if one != other:
            yield Finding("commit-differs", "git_commit", row["row"], f"{row['sha']}: {name}")
