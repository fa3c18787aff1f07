"""A commit of the database, as notebooks and the command line see it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from threadkit.errors import Ambiguous, NotFound

if TYPE_CHECKING:
    import sqlite3

    from threadkit.store.citers import Citer
    from threadkit.store.commit_list import Origin, Part, Relative
    from threadkit.store.commits import Answer, CommitStore, StoredCommit

_HASH = re.compile(r"[0-9a-fA-F]{4,64}")


def is_hash(name: str) -> bool:
    """Tell whether a name can be that of a commit.

    Parameters
    ----------
    name : str
        What the user typed.

    Examples
    --------
    >>> is_hash("09854ba94c6a"), is_hash("a@example.org")
    (True, False)
    """
    return _HASH.fullmatch(name.strip()) is not None


class CommitView:
    """One commit: what it is, and which mails cite it.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database; used when something is asked.
    stored : StoredCommit
        As the store has it.
    """

    def __init__(self, conn: sqlite3.Connection, stored: StoredCommit) -> None:
        self._conn = conn
        self.stored = stored

    @property
    def sha(self) -> str:
        """The full hash."""
        return self.stored.commit.sha

    @property
    def subject(self) -> str:
        """Its title."""
        return self.stored.commit.subject

    @property
    def citers(self) -> list[Citer]:
        """The mails that cite it, in order of arrival."""
        from threadkit.store.citers import citers

        return citers(self._conn, self.sha)

    @property
    def relatives(self) -> list[Relative]:
        """The commits that it fixes, reverts or backports, and those that do so to it."""
        from threadkit.store.commit_list import relatives

        return relatives(self._conn, [self.sha])[self.sha]

    @property
    def mails(self) -> list[Origin]:
        """The mails that became it, or are its discussion; as the last analysis found them."""
        from threadkit.store.commit_list import origins

        return origins(self._conn, [self.sha]).get(self.sha, [])

    @property
    def regressions(self) -> list[Part]:
        """What it broke and what it fixes; as the last analysis found it."""
        from threadkit.store.commit_list import parts

        return parts(self._conn, self.sha)

    @property
    def raw(self) -> bytes | None:
        """The object that git hashes, without its header; None if no origin told it."""
        from threadkit.store.commits import CommitStore

        return CommitStore(self._conn).raw(self.sha)

    def __repr__(self) -> str:
        where = self.stored.release or f"mainline: {self.stored.mainline}"
        return f"<Commit {self.sha[:12]} {self.subject!r} {where}>"

    def _repr_html_(self) -> str:
        from threadkit import notebook

        where = self.stored.release or f"mainline: {self.stored.mainline}"
        return notebook.heading(self.subject, (self.sha, where))


def find_commit(conn: sqlite3.Connection, name: str) -> CommitView:
    """Find a commit by its hash or the beginning of one.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    name : str
        Hexadecimal digits.

    Returns
    -------
    CommitView
        What is known of it.

    Raises
    ------
    NotFound
        None of the commits here begins so; if it was looked up, with what came of that.
    Ambiguous
        More than one of the commits here begins so, or of those where it was looked up.
    """
    from threadkit.store.commits import CommitStore

    store, wanted = CommitStore(conn), name.strip().lower()
    stored = store.get(wanted)
    if stored is not None:
        return CommitView(conn, stored)
    answer = store.answer(wanted)
    candidates = answer.candidates if answer else ()
    candidates = candidates or tuple(f"{sha} {subject}" for sha, subject in store.matching(wanted))
    if candidates and (answer is None or answer.state != "not-a-commit"):
        raise Ambiguous(name, candidates)
    what = "message or commit"
    raise NotFound(name, what=f"{what}; looked up: {why_none(store, answer)}" if answer else what)


def why_none(store: CommitStore, answer: Answer) -> str:
    """Say in one line why a name that was looked up leads to no commit.

    Parameters
    ----------
    store : CommitStore
        Where the answer is from.
    answer : Answer
        Not one that found a commit.
    """
    if answer.state == "unknown":
        return f"no such commit in {' or '.join(store.said(answer.name))}"
    if answer.state == "unclear":
        return f"unknown or ambiguous: {answer.origin} does not say which"
    if answer.state == "not-a-commit":
        return "the hash of something that is no commit"
    return "; ".join(("more than one commit begins so", *answer.candidates[:3]))
