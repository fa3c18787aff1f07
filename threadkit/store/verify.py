"""Prove that a database holds together: hashes, references, spans, quotes, search, commits."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path

from threadkit.errors import StoreError
from threadkit.store.connection import translate
from threadkit.store.finding import Finding
from threadkit.store.read import Unreadable, decompress
from threadkit.store.verify_casebooks import casebooks_hold
from threadkit.store.verify_fetch import fetched
from threadkit.store.verify_text import texts

__all__ = ["Finding", "verify"]

_STEP = 256  # mails between two calls of progress

# Each query gives (row, detail) of what is wrong.
_QUERIES = (
    ("raw-elsewhere", "message", """
        SELECT m.id, 'raw ' || r.id FROM message m JOIN raw r ON r.id = m.raw
        WHERE r.message <> m.id"""),
    ("mail-without-raw", "message", """
        SELECT id, message_id FROM message WHERE ghost = 0 AND raw IS NULL"""),
    ("mail-without-body", "message", """
        SELECT id, message_id FROM message
        WHERE ghost = 0 AND id NOT IN (SELECT message FROM body)"""),
    ("ghost-with-text", "message", """
        SELECT id, message_id FROM message m WHERE ghost = 1 AND (raw IS NOT NULL
        OR EXISTS (SELECT 1 FROM raw WHERE raw.message = m.id)
        OR EXISTS (SELECT 1 FROM body x WHERE x.message = m.id)
        OR EXISTS (SELECT 1 FROM block x WHERE x.message = m.id)
        OR EXISTS (SELECT 1 FROM quote x WHERE x.message = m.id))"""),
    ("imposter-alone", "message", """
        SELECT min(id), message_id FROM message GROUP BY message_id
        HAVING min(imposter) <> 0 OR max(imposter) <> count(*) - 1"""),
    ("ghost-beside-mail", "message", """
        SELECT min(id), message_id FROM message GROUP BY message_id
        HAVING sum(ghost) > 0 AND count(*) > 1"""),
    ("person-missing", "address", """
        SELECT id, email FROM address WHERE person IS NULL"""),
    ("person-missing", "person", """
        SELECT id, email FROM person WHERE id NOT IN (
        SELECT person FROM address WHERE person IS NOT NULL)"""),
    ("merge-undone", "person_merge", """
        SELECT x.address, a.email || ' and ' || b.email || ': ' || x.rule FROM person_merge x
        JOIN address a ON a.id = x.address JOIN address b ON b.id = x.other
        WHERE a.person IS NOT b.person"""),
    ("search-missing", "search", """
        SELECT message, 'not indexed' FROM body WHERE message NOT IN (
        SELECT id FROM search_docsize)"""),
    ("search-extra", "search", """
        SELECT id, 'indexed' FROM search_docsize WHERE id NOT IN (SELECT message FROM body)"""),
    ("span-outside", "block", """
        SELECT DISTINCT message, 'no text' FROM block
        WHERE message NOT IN (SELECT message FROM body)"""),
)  # fmt: skip


def verify(
    conn: sqlite3.Connection, progress: Callable[[int, int], None] | None = None
) -> Iterator[Finding]:
    """Check everything that can be checked without the sources.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    progress : callable, optional
        Called with the raw mails, texts and commits checked so far and their number.

    Yields
    ------
    Finding
        What is wrong, as it is found; nothing if all is well.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> list(verify(db.conn))
    []
    >>> _ = db.execute("INSERT INTO message (id, message_id) VALUES (1, 'a@example.org')")
    >>> sorted({finding.kind for finding in verify(db.conn)})
    ['mail-without-body', 'mail-without-raw', 'root-wrong']
    >>> db.close()

    Notes
    -----
    Reads everything once, about 0.3 ms a mail; memory does not grow with the archive.
    Comparing the full-text index with the texts needs write access (nothing is
    written); on a read-only file only its row ids are compared.
    """
    yield from _file(conn)
    yield from _references(conn)
    for kind, table, query in _QUERIES:
        for row, detail in conn.execute(query):
            yield Finding(kind, table, row, str(detail))
    yield from _conversations(conn)
    yield from casebooks_hold(conn)
    (whole,) = conn.execute(
        "SELECT (SELECT count(*) FROM raw) + (SELECT count(*) FROM body)"
        " + (SELECT count(*) FROM git_commit)"
    ).fetchone()
    done = 0
    for steps in (_raw(conn), texts(conn), fetched(conn)):
        for found in steps:
            if found is not None:
                yield found
                continue
            done += 1
            if progress is not None and done % _STEP == 0:
                progress(done, whole)
    yield from _search(conn)
    if progress is not None:
        progress(whole, whole)


def _file(conn: sqlite3.Connection) -> Iterator[Finding]:
    for (detail,) in conn.execute("PRAGMA integrity_check"):
        if detail != "ok":
            yield Finding("file-damaged", "", None, detail)


def _references(conn: sqlite3.Connection) -> Iterator[Finding]:
    for table, row, parent, _ in conn.execute("PRAGMA foreign_key_check"):
        yield Finding("row-missing", table, row, f"no such row in {parent}")


def _raw(conn: sqlite3.Connection) -> Iterator[Finding | None]:
    """Hash every raw mail again; None after each."""
    dictionaries: dict[int | None, bytes | None] = {None: None}
    dictionaries.update(conn.execute("SELECT id, data FROM dictionary"))
    rows = conn.execute("SELECT id, sha256, size_bytes, dictionary, data FROM raw")
    for row, sha256, size, dictionary, data in rows:
        try:
            mail = decompress(data, dictionaries.get(dictionary))
        except Unreadable as error:
            yield Finding("raw-unreadable", "raw", row, str(error))
        else:
            found = hashlib.sha256(mail).hexdigest()
            if found != sha256:
                yield Finding("raw-changed", "raw", row, f"sha256 is now {found}")
            elif len(mail) != size:
                yield Finding("raw-changed", "raw", row, f"{len(mail)} bytes, not {size}")
        yield None


def _conversations(conn: sqlite3.Connection) -> Iterator[Finding]:
    """Follow parents in each conversation; one conversation is in memory at a time."""
    rows = conn.execute("SELECT root, id, parent FROM message ORDER BY root")
    for root, members in groupby(rows, lambda row: row[0]):
        parents: dict[int, int | None] = {row: parent for _, row, parent in members}
        if root is None:
            yield from (Finding("root-wrong", "message", row, "no root") for row in parents)
            continue
        if root not in parents or parents[root] is not None:
            yield Finding("root-wrong", "message", root, "it is not its own root")
        yield from _chains(root, parents)


def _chains(root: int, parents: dict[int, int | None]) -> Iterator[Finding]:
    ends: dict[int, bool] = {}  # row -> its parents were followed to an end
    for row, parent in parents.items():
        if parent is not None and parent not in parents:
            yield Finding("parent-elsewhere", "message", row, f"message {parent}")
        elif parent is None and row != root:
            yield Finding(
                "root-wrong", "message", row, f"the root is {root}, no parent leads there"
            )
        path: list[int] = []
        at: int | None = row
        while at is not None and at not in ends:
            ends[at] = False
            path.append(at)
            at = parents.get(at)
        looped = at is not None and not ends[at]
        if looped:
            yield Finding("parent-cycle", "message", at, f"through {len(path)} messages")
        ends.update(dict.fromkeys(path, True))


def _search(conn: sqlite3.Connection) -> Iterator[Finding]:
    """Let FTS5 compare its index with the texts; that is an INSERT to SQLite."""
    (read_only,) = conn.execute("PRAGMA query_only").fetchone()
    if not read_only:
        yield from _compare(conn)
        return
    path = Path(conn.execute("PRAGMA database_list").fetchone()[2])
    try:
        with translate(path):
            writing = sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True)
            try:
                yield from _compare(writing)
            finally:
                writing.close()
    except StoreError:
        return


def _compare(conn: sqlite3.Connection) -> Iterator[Finding]:
    conn.execute("SAVEPOINT comparing")
    try:
        conn.execute("INSERT INTO search (search, rank) VALUES ('integrity-check', 1)")
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_CORRUPT:
            raise
        yield Finding(
            "search-differs",
            "search",
            None,
            "rebuild it: INSERT INTO search (search) VALUES ('rebuild')",
        )
    finally:
        conn.execute("ROLLBACK TO comparing")
        conn.execute("RELEASE comparing")
