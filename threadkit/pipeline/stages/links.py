"""Link commits and mails: those of the database, and with a clone those of its whole log."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from sqlite3 import Connection
from typing import TYPE_CHECKING, Protocol

from threadkit.store.links import (
    aliases,
    compared,
    fingerprint,
    message_ids,
    postings,
    replace_links,
)
from threadkit.store.transaction import transaction

if TYPE_CHECKING:
    from sqlite_utils import Database

    from threadkit.analyze.linking import MailIndex
    from threadkit.analyze.posted import KnownCommit, PostedMail
    from threadkit.fetch.clone.clone import Clone
    from threadkit.fetch.clone.log import LoggedCommit

NAME = "links"
VERSION = "4"
IN_BATCHES = True

_ASKED = 500  # commits whose diffs one git process shows
_SAVED = 500  # commits of one transaction
_TOLD = 5000  # commits between two words on progress


class ShowsDiffs(Protocol):
    """What can show the diffs of commits: a :class:`~threadkit.fetch.clone.clone.Clone`."""

    def diffs(self, shas: Sequence[str]) -> Iterator[bytes | None]:
        """Yield what each commit changed, in order."""


def inputs(conn: Connection) -> str:
    """Count mails and commits.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    """
    return fingerprint(conn)


def run(db: Database, run_id: int, tell: Callable[[int, int], None]) -> tuple[int, int]:
    """Link the commits that are here.

    Parameters
    ----------
    db : Database
        Open for writing.
    run_id : int
        For the findings.
    tell : callable
        Takes commits done and all of them.

    Returns
    -------
    read, found : int
        Commits, links.
    """
    if db.conn.execute("SELECT 1 FROM git_commit LIMIT 1").fetchone() is None:
        with transaction(db.conn):
            replace_links(db.conn, run_id, ())  # no need to read all mails for nothing
        return 0, 0
    return _link(db, run_id, tell, mail_index(db.conn))


def run_with(
    clone: Path, db: Database, run_id: int, tell: Callable[[int, int], None]
) -> tuple[int, int]:
    """Go through the whole log of a clone, keep the commits that mails here have to do with.

    Parameters
    ----------
    clone : Path
        A local repository.
    db : Database
        Open for writing.
    run_id : int
        For the findings.
    tell : callable
        Takes commits done and all of them; 0 for all while the log is being read.

    Returns
    -------
    read, found : int
        Commits of the log and of the database, links.

    Raises
    ------
    SourceError
        The clone cannot be read.
    """
    from threadkit.fetch.clone.clone import Clone

    index, repository = mail_index(db.conn), Clone(clone)
    count = 0

    def passing() -> Iterator[LoggedCommit]:
        """Count what passes."""
        nonlocal count
        for count, one in enumerate(repository.log(), 1):
            if count % _TOLD == 0:
                tell(count, 0)
            yield one

    _save(db.conn, repository, matching(index, passing(), repository))
    read, found = _link(db, run_id, tell, index)
    return count + read, found


def mail_index(conn: Connection) -> MailIndex:
    """Read all mails that commits are compared with.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    """
    from threadkit.analyze.linking import MailIndex

    return MailIndex(posted_mails(conn), message_ids(conn), aliases(conn))


def posted_mails(conn: Connection, only: Iterable[int] | None = None) -> Iterator[PostedMail]:
    """Read the mails that post patches or cover letters.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    only : iterable of int, optional
        Row ids of mails; None for all.
    """
    from threadkit.analyze.posted import posted_mail
    from threadkit.pipeline.relayed import own_address

    for one in postings(conn, only):
        email = own_address(conn, one.message, one.name, one.email)
        emails = [email, *one.emails.split("\n")]
        if email != one.email:
            emails = [other for other in emails if other != one.email]
        yield posted_mail(
            one.message_id, one.subject, one.name, one.email, one.date_utc, one.body,
            patch_id=one.patch_id, is_reply=one.is_reply, posting=one.root,
            other_emails=tuple(emails),
        )  # fmt: skip


def matching(
    index: MailIndex, commits: Iterable[LoggedCommit], repository: ShowsDiffs
) -> Iterator[str]:
    """Find the commits that mails have to do with.

    Parameters
    ----------
    index : MailIndex
        The mails.
    commits : iterable of LoggedCommit
        Any number.
    repository : ShowsDiffs
        A clone: asked for the diffs of those that only a diff can tell.

    Yields
    ------
    str
        Full hashes.
    """
    asked: list[KnownCommit] = []
    for one in commits:
        commit = _of_log(one)
        if index.match(commit, absent=False):
            yield commit.sha
        elif index.asks_patch_id(commit):
            asked.append(commit)
            if len(asked) == _ASKED:
                yield from _by_diff(index, asked, repository)
                asked.clear()
    yield from _by_diff(index, asked, repository)


def _by_diff(index: MailIndex, asked: list[KnownCommit], repository: ShowsDiffs) -> Iterator[str]:
    from dataclasses import replace

    from threadkit.store.commit_facts import diff_facts

    diffs = repository.diffs([one.sha for one in asked])
    for commit, diff in zip(asked, diffs, strict=True):
        patch_id = diff_facts(diff).patch_id if diff else None
        if patch_id and index.match(replace(commit, patch_id=patch_id), absent=False):
            yield commit.sha


def _of_log(one: LoggedCommit) -> KnownCommit:
    from threadkit.analyze.posted import KnownCommit
    from threadkit.commits.relations import message_links, upstream_of

    return KnownCommit(
        one.sha, one.subject, one.author_name, one.author_email, one.author_utc,
        one.committer_utc, None, message_links(one.body), upstream_of(one.body),
        len(one.parents) > 1,
    )  # fmt: skip


def _save(conn: Connection, repository: Clone, shas: Iterator[str]) -> None:
    """Store commits with their diffs and releases, as fetching them would."""
    from threadkit.store.commits import CommitStore

    store, origin = CommitStore(conn), str(repository.path)
    while some := list(islice(shas, _SAVED)):
        new = [sha for sha in some if store.said(sha).get(origin) != "found"]
        with transaction(conn):
            for answer in repository.resolve(new, diffs=True):
                store.save(answer, _now(), refs=repository.state)


def _link(
    db: Database, run_id: int, tell: Callable[[int, int], None], index: MailIndex
) -> tuple[int, int]:
    """Match the commits of the database, and replace what was found before."""
    from threadkit.analyze.claims import settle
    from threadkit.analyze.posted import KnownCommit
    from threadkit.analyze.similar import SimilarTitles
    from threadkit.commits.relations import message_links, upstream_of

    (total,) = db.conn.execute("SELECT count(*) FROM git_commit").fetchone()
    matches, written = [], {}
    titles = SimilarTitles(index.posted)
    count = 0
    for count, one in enumerate(compared(db.conn), 1):
        commit = KnownCommit(
            one.sha, one.subject, one.author_name, one.author_email, one.author_utc,
            one.committer_utc, one.patch_id, message_links(one.body), upstream_of(one.body),
            one.is_merge, one.release,
        )  # fmt: skip
        found = index.match(commit)
        if not any(one.kind == "becomes" for one in found):
            known = {one.message_id for one in found}
            found += [one for one in titles.match(commit) if one.message_id not in known]
        if found:
            matches += found
            written[commit.sha] = commit.author_utc
        if count % _TOLD == 0:
            tell(count, total)
    settled = settle(matches, written)
    rows = [(m.sha, m.message_id, m.kind, m.rule, m.score, m.detail) for m in settled]
    with transaction(db.conn):
        replace_links(db.conn, run_id, rows)
    return count, len(rows)


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
