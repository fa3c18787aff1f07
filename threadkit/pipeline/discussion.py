"""From a commit to the mails that it was made from, and to where it was discussed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from threadkit.errors import NotFound
from threadkit.pipeline.display import counted

if TYPE_CHECKING:
    import sqlite3

    from threadkit.commits.relations import Relation
    from threadkit.store.commit_list import Relative
    from threadkit.store.commits import StoredCommit
    from threadkit.store.links import Linked

COLUMNS = (
    "sha", "message_id", "kind", "rule", "score", "detail", "here", "date_utc", "person",
    "subject", "root", "mails",
)  # fmt: skip
"""Of a row of :meth:`Discussion.rows`."""

_BY_OTHERS = ("fixed by", "reverted by", "backported as", "picked as")


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation in which mails of a commit stand; ``mails`` is its size."""

    root: str
    subject: str
    mails: int
    message_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Discussion:
    """A commit with its mails.

    Attributes
    ----------
    stored : StoredCommit
        What is known of the commit.
    relations : tuple of Relation
        What its message says of other commits, mails, bugs and people.
    relatives : tuple of Relative
        What other commits that are here say of it: ``fixed by``, ``reverted by`` ...
    mails : tuple of Linked
        What became it, its discussion, then candidates.
    citing : int
        How many mails cite it.
    """

    stored: StoredCommit
    relations: tuple[Relation, ...]
    relatives: tuple[Relative, ...]
    mails: tuple[Linked, ...]
    citing: int = 0

    @property
    def sha(self) -> str:
        """The full hash."""
        return self.stored.commit.sha

    @property
    def conversations(self) -> list[Conversation]:
        """Where the mails stand that are no mere candidates, in the order of the mails."""
        found: dict[str, list[Linked]] = {}
        for one in self.mails:
            if one.here and one.kind != "candidate":
                found.setdefault(one.root, []).append(one)
        return [
            Conversation(
                root, some[0].root_subject, some[0].mails, tuple(one.message_id for one in some)
            )
            for root, some in found.items()
        ]

    def rows(self) -> Iterable[tuple[str | int | float | None, ...]]:
        """Return the mails as rows of a table, in the order of :data:`COLUMNS`.

        Returns
        -------
        iterable of tuples
            ``here`` is 1 or 0.
        """
        return [
            (one.sha, one.message_id, one.kind, one.rule, one.score, one.detail, int(one.here),
             one.date_utc, one.person, one.subject, one.root, one.mails)
            for one in self.mails
        ]  # fmt: skip

    def as_json(self) -> dict[str, object]:
        """Return everything, as JSON can hold it.

        Returns
        -------
        dict
            Commit, relations, mails, conversations.
        """
        commit = self.stored.commit
        return {
            "sha": commit.sha,
            "subject": commit.subject,
            "author": commit.author.name,
            "author_utc": commit.author.date_utc,
            "committer_utc": commit.committer.date_utc,
            "release": self.stored.release,
            "mainline": self.stored.mainline,
            "checked_against": self.stored.checked_against,
            "citing": self.citing,
            "relations": [asdict(one) for one in self.relations],
            "relatives": [asdict(one) for one in self.relatives],
            "mails": [asdict(one) for one in self.mails],
            "conversations": [asdict(one) for one in self.conversations],
        }

    def __repr__(self) -> str:
        return f"<Discussion of {self.sha[:12]}: {counted(len(self.mails), 'mail')}>"

    def _repr_html_(self) -> str:
        from threadkit import notebook

        commit = self.stored.commit
        columns = ("kind", "rule", "score", "date", "person", "subject", "message_id")
        rows = [
            (one.kind, one.rule, one.score, (one.date_utc or "")[:10], one.person, one.subject,
             one.message_id)
            for one in self.mails
        ]  # fmt: skip
        said = [self.sha[:12], commit.author.name, self.stored.release or ""]
        return notebook.heading(commit.subject, filter(None, said)) + notebook.table(columns, rows)


def discussion_of(conn: sqlite3.Connection, name: str) -> Discussion:
    """Find the mails of a commit.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database, analyzed.
    name : str
        The hash or its beginning.

    Returns
    -------
    Discussion
        Possibly without mails.

    Raises
    ------
    NotFound
        The commit is not here; the error says how to bring it.
    Ambiguous
        More than one begins so.
    """
    from threadkit.commits.relations import relations
    from threadkit.pipeline.commit import find_commit, is_hash
    from threadkit.store.citers import citers
    from threadkit.store.commit_facts import message_facts
    from threadkit.store.commit_list import relatives
    from threadkit.store.links import linked

    if not is_hash(name):
        raise NotFound(name, what="commit: not a hash of four digits or more")
    try:
        stored = find_commit(conn, name).stored
    except NotFound as error:
        what = "commit here; bring it with: threadkit fetch"
        raise NotFound(name, what=f"{what} {name.strip().lower()} [--git DIR]") from error
    commit = stored.commit
    facts = message_facts(commit.body)
    said = relations(facts.trailers, facts.citations, commit.subject, commit.body)
    of = relatives(conn, [commit.sha])[commit.sha]
    others = tuple(one for one in of if one.kind in _BY_OTHERS)
    citing = len({one.message_id for one in citers(conn, commit.sha)})
    return Discussion(stored, tuple(said), others, tuple(linked(conn, commit.sha)), citing)
