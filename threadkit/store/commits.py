"""Commits in the database: every answer adds to what is known, none takes away from it.

Several origins can be asked for one commit, in any order: a clone of today, cgit, a clone
of last year. How their answers are put together:

- The message, its authors and parents come from the object that git hashes, once one
  origin has told it; before, from the newest rendering, field by field, and what a
  rendering leaves out stays as it was.
- ``yes, in mainline`` is final, for the mainline is never rewound; ``no`` is stronger than
  ``not checked``. Of two answers of equal strength the newer stays. A release is kept
  until an answer of at least the same strength names one.
- A diff is kept until another comes.
- Names are kept for each origin by itself: that one of them does not know a hash says
  nothing about the others. What an origin found stays found; else the answer that says
  more stays (:data:`threadkit.commits.values.RANK`).
- A name that is found and that the commit's hash does not begin with is the hash of a tag.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from sqlite3 import Connection
from typing import Any

from threadkit.commits.values import RANK, Commit, Resolved, Signature
from threadkit.store.derived import insert
from threadkit.store.read import decompress
from threadkit.store.transaction import transaction

CANDIDATES = 10
"""How many commits :meth:`CommitStore.matching` lists."""

_MAINLINE = {"not checked": 0, "no": 1, "yes": 2}
_HASH = re.compile(r"[0-9a-f]{4,64}")
_TOLD = (
    "subject", "body", "author_name", "author_email", "author_utc", "author_offset_min",
    "committer_name", "committer_email", "committer_utc", "committer_offset_min", "tree",
)  # fmt: skip
_KNOWN = (
    *_TOLD, "is_merge", "release", "mainline", "checked_against", "origin", "resolved_utc",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StoredCommit:
    """A commit of the database.

    Attributes
    ----------
    commit : Commit
        Its message and authors; ``raw`` is None, see :meth:`CommitStore.raw`.
    release : str or None
        The first release that has it, as its tag says.
    mainline : str
        yes, no, not checked.
    checked_against : str
        The tag or branch that was looked at; empty if none.
    origin : str
        Who told the message.
    resolved_utc : str
        When anything about it was last learned.
    patch_id : str or None
        As for a mail with the same diff; None without a diff.
    files : tuple of (str, int, int)
        Path, additions and deletions in lines; empty without a diff.
    trailers : tuple of (str, str, str, str)
        Name, value, kind, remark, in the order of the text.
    """

    commit: Commit
    release: str | None
    mainline: str
    checked_against: str
    origin: str
    resolved_utc: str
    patch_id: str | None
    files: tuple[tuple[str, int, int], ...]
    trailers: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The best that any origin says of a name; ``candidates`` are ``SHA subject``."""

    name: str
    state: str
    sha: str | None
    origin: str
    checked_utc: str
    candidates: tuple[str, ...]


class CommitStore:
    """The commits of one database.

    Parameters
    ----------
    conn : sqlite3.Connection
        Open for writing; for all but :meth:`save` reading is enough.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> store = CommitStore(db.conn)
    >>> ann = Signature("Ann", "ann@example.org", "2020-09-01T12:00:00Z", 120)
    >>> commit = Commit("0123" * 10, "", (), ann, ann, "mm: a title", "Why.")
    >>> store.save(Resolved("01230123", "found", "/git/linux", commit), "2026-05-01T12:00:00Z")
    >>> store.save(Resolved("01230123", "unknown", "/git/old"), "2026-05-01T12:00:01Z")
    >>> store.answer("01230123").state
    'found'
    >>> store.get("0123").commit.subject
    'mm: a title'
    >>> db.close()
    """

    def __init__(self, conn: Connection) -> None:
        self.conn = conn

    def save(self, resolved: Resolved, now_utc: str, *, refs: str = "") -> None:
        """Store what became of looking up a name.

        Parameters
        ----------
        resolved : Resolved
            Of a name in lower case.
        now_utc : str
            ISO 8601 with Z.
        refs : str
            A hash of the refs of the clone that says so, see :meth:`unreleased`.

        Raises
        ------
        ValueError
            It was found and there is no commit, or the name is no hash.

        Notes
        -----
        About 0.1 ms and 35 microseconds a kilobyte of diff. Alone it is a
        transaction of its own; wrap many in one.
        """
        commit = resolved.commit
        found = resolved.state == "found"
        is_hash = commit is not None and (
            commit.sha.startswith(resolved.name) or _HASH.fullmatch(resolved.name)
        )
        if found and not is_hash:
            raise ValueError(f"{resolved.name}: found, but not {commit and commit.sha}")
        with transaction(self.conn):
            if commit is not None and found:
                self._save_commit(resolved, commit, now_utc)
                if resolved.name != commit.sha:
                    self._save_name(commit.sha, resolved, commit.sha, now_utc, refs)
            sha = commit.sha if commit else None
            self._save_name(resolved.name, resolved, sha, now_utc, refs)

    def _save_name(
        self, name: str, resolved: Resolved, sha: str | None, now_utc: str, refs: str
    ) -> None:
        found = resolved.state == "found"
        key = (name, resolved.origin)
        query = "SELECT state FROM commit_name WHERE name = ? AND origin = ?"
        row = self.conn.execute(query, key).fetchone()
        if row is not None and RANK[row[0]] > RANK[resolved.state]:
            query = "UPDATE commit_name SET refs = ? WHERE name = ? AND origin = ?"
            self.conn.execute(query, (refs, *key))
            return
        self.conn.execute(
            "INSERT INTO commit_name (name, origin, state, sha, checked_utc, refs)"
            " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (name, origin) DO UPDATE SET"
            " state = excluded.state, sha = excluded.sha, checked_utc = excluded.checked_utc,"
            " refs = excluded.refs",
            (*key, resolved.state, sha if found else None, now_utc, refs),
        )
        if found:
            query = "DELETE FROM commit_candidate WHERE name = ? AND origin = ?"
            self.conn.execute(query, key)
        elif resolved.state == "ambiguous":
            self.conn.executemany(
                "INSERT INTO commit_candidate (name, origin, sha, subject) VALUES (?, ?, ?, ?)"
                " ON CONFLICT DO UPDATE SET subject = excluded.subject"
                " WHERE excluded.subject <> ''",
                [(*key, one.partition(" ")[0], one.partition(" ")[2])
                 for one in resolved.candidates],
            )  # fmt: skip

    def _save_commit(self, resolved: Resolved, commit: Commit, now_utc: str) -> None:
        old = self._known(commit.sha)
        raw = None if old and old["has_raw"] else _raw(commit)
        new = _row(resolved, commit, now_utc)
        row = improved(old, new, told_raw=raw is not None) if old else new
        parents = self._parents(commit.sha) if old else ()
        if old is None or raw is not None or (commit.parents and not old["has_raw"]):
            parents = commit.parents
        row["is_merge"] = len(parents) > 1
        columns = ", ".join(_KNOWN)
        changes = ", ".join(f"{name} = excluded.{name}" for name in _KNOWN)
        self.conn.execute(
            f"INSERT INTO git_commit (sha, {columns}) VALUES (?{', ?' * len(_KNOWN)})"  # noqa: S608
            f" ON CONFLICT (sha) DO UPDATE SET {changes}",
            (commit.sha, *(row[name] for name in _KNOWN)),
        )
        if raw is not None:
            from threadkit.store.commit_facts import pack

            query = "UPDATE git_commit SET raw = ? WHERE sha = ?"
            self.conn.execute(query, (pack(raw), commit.sha))
        self._replace("commit_parent", commit.sha, ("parent",), [(one,) for one in parents])
        if old is None or old["body"] != row["body"]:
            self._save_message(commit.sha, row["body"])
        if resolved.diff is not None:
            self._save_diff(commit.sha, resolved.diff)

    def _save_message(self, sha: str, body: str) -> None:
        from threadkit.store.commit_facts import message_facts

        facts = message_facts(body)
        trailer = ("name", "value", "kind", "extinfo", "start", "stop")
        self._replace("commit_trailer", sha, trailer, facts.trailers)
        citation = ("kind", "value", "title", "start", "stop")
        self._replace("commit_citation", sha, citation, facts.citations)

    def _save_diff(self, sha: str, diff: bytes) -> None:
        from threadkit.store.commit_facts import diff_facts, pack

        facts = diff_facts(diff)
        self.conn.execute(
            "UPDATE git_commit SET diff = ?, patch_id = ?, additions = ?, deletions = ?"
            " WHERE sha = ?",
            (pack(diff), facts.patch_id, facts.additions, facts.deletions, sha),
        )
        self._replace("commit_file", sha, ("path", "additions", "deletions"), facts.files)

    def _replace(
        self, table: str, sha: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
    ) -> None:
        self.conn.execute(f"DELETE FROM {table} WHERE sha = ?", (sha,))  # noqa: S608
        numbered = ((sha, position, *values) for position, values in enumerate(rows))
        insert(self.conn, table, ("sha", "position", *columns), numbered)

    # -- looking -------------------------------------------------------------------

    def answer(self, name: str) -> Answer | None:
        """Return the best that any origin says of a name.

        Parameters
        ----------
        name : str
            As cited, lower case.

        Returns
        -------
        Answer or None
            None if it was never looked up.
        """
        query = "SELECT * FROM commit_answer WHERE name = ?"
        row = self.conn.execute(query, (name,)).fetchone()
        if row is None:
            return None
        found = self.conn.execute(
            "SELECT DISTINCT sha, subject FROM commit_candidate WHERE name = ? ORDER BY sha, 2",
            (name,),
        )
        candidates = tuple(f"{one} {subject}".rstrip() for one, subject in found)
        _, state, sha, origin, checked_utc = row
        return Answer(name, state, sha, origin, checked_utc, () if state == "found" else candidates)

    def said(self, name: str, *, clone: str = "", refs: str = "") -> dict[str, str]:
        """Say what each origin that was asked for a name said of it.

        Parameters
        ----------
        name : str
            As cited, lower case.
        clone, refs : str
            A clone, and a hash of its refs now: what it did not find when they were
            others is left out.

        Returns
        -------
        dict of str to str
            Origin to state; empty if it was never looked up.
        """
        query = (
            "SELECT origin, state FROM commit_name WHERE name = ?"
            " AND (origin <> ? OR state = 'found' OR refs = ?) ORDER BY origin"
        )
        return dict(self.conn.execute(query, (name, clone, refs)).fetchall())

    def get(self, name: str) -> StoredCommit | None:
        """Read a commit by a name that was looked up, or by the beginning of its hash.

        Parameters
        ----------
        name : str
            Hexadecimal digits.

        Returns
        -------
        StoredCommit or None
            None if none here is meant, or more than one could be: see :meth:`matching`.
        """
        name = name.lower()
        answer = self.answer(name)
        if answer and answer.state in ("ambiguous", "not-a-commit"):
            return None  # though the only commit here that begins so may be one of several
        shas = [answer.sha] if answer and answer.sha else [sha for sha, _ in self.matching(name)]
        return self._read(shas[0]) if len(shas) == 1 else None

    def matching(self, beginning: str, *, limit: int = CANDIDATES) -> list[tuple[str, str]]:
        """List the commits whose hashes begin like this.

        Parameters
        ----------
        beginning : str
            Hexadecimal digits.
        limit : int
            The most to list.

        Returns
        -------
        list of (str, str)
            Hash and subject, by hash.
        """
        return self.conn.execute(
            "SELECT sha, subject FROM git_commit WHERE sha >= :low AND sha < :low || 'g'"
            " ORDER BY sha LIMIT :limit",
            {"low": beginning.lower(), "limit": limit},
        ).fetchall()

    def unreleased(self, origin: str, refs: str) -> list[str]:
        """List the commits of which no release is known, for a clone to tell.

        Parameters
        ----------
        origin : str
            The clone.
        refs : str
            A hash of its refs; what it was asked for when they were the same is left out,
            for it would say the same again.

        Returns
        -------
        list of str
            Hashes, in order.
        """
        rows = self.conn.execute(
            "SELECT sha FROM git_commit g WHERE release IS NULL AND NOT EXISTS (SELECT 1"
            " FROM commit_name n WHERE n.name = g.sha AND n.origin = ? AND n.refs = ?)"
            " ORDER BY sha",
            (origin, refs),
        )
        return [sha for (sha,) in rows]

    def unsettled(self, origin: str, refs: str) -> list[str]:
        """List the names that were looked up and that nobody found, for a clone to tell.

        Parameters
        ----------
        origin : str
            The clone.
        refs : str
            A hash of its refs, as for :meth:`unreleased`.

        Returns
        -------
        list of str
            Names, in order.
        """
        rows = self.conn.execute(
            "SELECT name FROM commit_name GROUP BY name HAVING NOT max(state = 'found')"
            " AND NOT max(origin = ? AND refs = ?) ORDER BY name",
            (origin, refs),
        )
        return [name for (name,) in rows]

    def raw(self, sha: str) -> bytes | None:
        """Return the object that git hashes, without its header; None if no origin told it.

        Parameters
        ----------
        sha : str
            The full hash.

        Raises
        ------
        Unreadable
            The database is damaged.
        """
        row = self.conn.execute("SELECT raw FROM git_commit WHERE sha = ?", (sha,)).fetchone()
        return decompress(row[0], None) if row and row[0] is not None else None

    def _known(self, sha: str) -> dict[str, Any] | None:
        names = ", ".join(_KNOWN)
        query = f"SELECT {names}, raw IS NOT NULL FROM git_commit WHERE sha = ?"  # noqa: S608
        row = self.conn.execute(query, (sha,)).fetchone()
        return dict(zip((*_KNOWN, "has_raw"), row, strict=True)) if row else None

    def _parents(self, sha: str) -> tuple[str, ...]:
        query = "SELECT parent FROM commit_parent WHERE sha = ? ORDER BY position"
        return tuple(parent for (parent,) in self.conn.execute(query, (sha,)))

    def _read(self, sha: str) -> StoredCommit | None:
        row = self._known(sha)
        if row is None:
            return None
        author, committer = (
            Signature(*(row[f"{who}_{what}"] for what in ("name", "email", "utc", "offset_min")))
            for who in ("author", "committer")
        )
        (patch_id,) = self.conn.execute(
            "SELECT patch_id FROM git_commit WHERE sha = ?", (sha,)
        ).fetchone()
        files = "SELECT path, additions, deletions FROM commit_file WHERE sha = ? ORDER BY position"
        trailers = (
            "SELECT name, value, kind, extinfo FROM commit_trailer WHERE sha = ? ORDER BY position"
        )
        commit = Commit(
            sha, row["tree"], self._parents(sha), author, committer, row["subject"], row["body"]
        )
        return StoredCommit(
            commit=commit,
            release=row["release"],
            mainline=row["mainline"],
            checked_against=row["checked_against"],
            origin=row["origin"],
            resolved_utc=row["resolved_utc"],
            patch_id=patch_id,
            files=tuple(self.conn.execute(files, (sha,))),
            trailers=tuple(self.conn.execute(trailers, (sha,))),
        )


def improved(old: dict[str, Any], new: dict[str, Any], *, told_raw: bool) -> dict[str, Any]:
    """Put two answers about one commit together; see the module's description.

    Parameters
    ----------
    old : dict
        The columns of ``git_commit`` as they are, and ``has_raw``.
    new : dict
        The columns as the new answer has them.
    told_raw : bool
        The new answer has the object that git hashes, and the old has not.

    Returns
    -------
    dict
        The columns as they are to be.

    Examples
    --------
    >>> old = dict.fromkeys(_KNOWN, "a") | {"mainline": "yes", "release": "v5.9", "has_raw": False}
    >>> new = dict.fromkeys(_KNOWN, "b") | {"mainline": "not checked", "release": None, "body": ""}
    >>> both = improved(old, new, told_raw=False)
    >>> both["mainline"], both["release"], both["subject"], both["body"]
    ('yes', 'v5.9', 'b', 'a')
    """
    row = {name: old[name] for name in _KNOWN}
    if told_raw:
        row |= {name: new[name] for name in (*_TOLD, "origin")}
    elif not old["has_raw"]:
        row |= {name: new[name] for name in _TOLD if new[name] not in ("", None)}
        row["origin"] = new["origin"]
    stronger = _MAINLINE[new["mainline"]] >= _MAINLINE[old["mainline"]]
    if stronger and new["mainline"] != "not checked":
        row |= {name: new[name] for name in ("mainline", "checked_against")}
    if new["release"] and (stronger or not old["release"]):
        row["release"] = new["release"]
    row["resolved_utc"] = max(old["resolved_utc"], new["resolved_utc"])
    return row


def _row(resolved: Resolved, commit: Commit, now_utc: str) -> dict[str, Any]:
    row: dict[str, Any] = {
        "subject": commit.subject, "body": commit.body, "tree": commit.tree,
        "is_merge": False, "release": resolved.release or None, "mainline": resolved.mainline,
        "checked_against": resolved.checked_against, "origin": resolved.origin,
        "resolved_utc": now_utc,
    }  # fmt: skip
    for who, signature in (("author", commit.author), ("committer", commit.committer)):
        row |= {
            f"{who}_name": signature.name, f"{who}_email": signature.email,
            f"{who}_utc": signature.date_utc, f"{who}_offset_min": signature.offset_min,
        }  # fmt: skip
    return row


def _raw(commit: Commit) -> bytes | None:
    """Return the object if it is the one that the hash is of: git's replacements are not."""
    from threadkit.commits.objects import sha_of

    raw = commit.raw
    return raw if raw is not None and sha_of(raw, len(commit.sha)) == commit.sha else None
