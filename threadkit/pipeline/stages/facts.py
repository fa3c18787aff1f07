"""Commits that mails cite and nobody has fetched, from the facts that come with threadkit.

A cited hash of ten digits or more is looked up, and so is what a patch posted here became;
with them come the commits that the facts tie to them by Fixes, Reverts and their kind, or
that stand with them in one regression somebody wrote down. What is fetched later replaces them.
Commits made up for the sample mail are looked up beside the sample mail only: their hashes
are such as people type as placeholders.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from sqlite3 import Connection
from typing import TYPE_CHECKING

from threadkit.pipeline.curated import curated_ties, curated_version
from threadkit.pipeline.shipped import shipped
from threadkit.store.regression_inputs import known_messages
from threadkit.store.shipped_facts import forget_shipped, posted_count, wanted_names

if TYPE_CHECKING:
    from sqlite_utils import Database

    from threadkit.commits.facts import CommitFact

NAME = "facts"
VERSION = "4"
_SAMPLE = "sample.jsonl"
_MAIL_LINK = re.compile(r"https://[^/\s]+/(?:[a-z]+/)?([^/@\s]+@[^/\s\"]+)")


def inputs(conn: Connection) -> str:
    """Describe the shipped facts and the names that could be looked up in them.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    """
    names = wanted_names(conn)
    digest = hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()
    return (
        f"{_version()} {curated_version()} for {len(names)} names {digest[:16]},"
        f" {posted_count(conn)} patches{', the sample' if _sample_is_here(conn) else ''}"
    )


def run(db: Database, run_id: int, tell: Callable[[int, int], None]) -> tuple[int, int]:
    """Store the facts that this database's mails ask for.

    Parameters
    ----------
    db : Database
        Open for writing.
    run_id : int
        Not used: commits say themselves where they are from.
    tell : callable
        Not used: it takes no time.

    Returns
    -------
    read, found : int
        Names looked up, commits stored.
    """
    from datetime import UTC, datetime

    from threadkit.store.commits import CommitStore

    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    names = wanted_names(db.conn)
    store = CommitStore(db.conn)
    forget_shipped(db.conn)
    facts = _facts(db.conn)
    posted = became_of_patches(db.conn, facts)
    chosen = related(facts, names | posted, curated_ties())
    for fact in chosen:
        sha = fact.commit.sha
        for name in sorted({sha, *(name for name in names if sha.startswith(name))}):
            store.save(fact.resolved(name), now)
    return len(names), len(chosen)


def became_of_patches(conn: Connection, facts: Iterable[CommitFact]) -> set[str]:
    """Choose the facts of commits that patches of this database became.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    facts : iterable of CommitFact
        All that there are.

    Returns
    -------
    set of str
        Full hashes: title and author are those of a posting from before the commit.
    """
    from threadkit.analyze.linking import MailIndex
    from threadkit.analyze.posted import KnownCommit
    from threadkit.commits.titles import title_key
    from threadkit.pipeline.stages.links import posted_mails
    from threadkit.store.links import posted_titles

    commits = [fact.commit for fact in facts]
    titles = {title_key(one.subject) for one in commits}
    alike = [row for row, subject in posted_titles(conn) if title_key(subject) in titles]
    index = MailIndex(posted_mails(conn, alike))
    return {
        one.sha
        for one in commits
        for match in index.match(
            KnownCommit(
                one.sha, one.subject, one.author.name, one.author.email, one.author.date_utc,
                one.committer.date_utc, is_merge=len(one.parents) > 1,
            )
        )
        if match.kind == "becomes"
    }  # fmt: skip


def related(
    facts: Iterable[CommitFact], names: Iterable[str], told: Iterable[Sequence[str]] = ()
) -> list[CommitFact]:
    """Choose the facts of some commits, and of those tied to them.

    Parameters
    ----------
    facts : iterable of CommitFact
        All that there are.
    names : iterable of str
        Hashes or beginnings of at least :data:`ENOUGH_DIGITS` digits.
    told : iterable of sequence of str
        Hashes that stand together in what somebody wrote down.

    Returns
    -------
    list of CommitFact
        In the order of ``facts``.
    """
    from threadkit.commits.facts import ENOUGH_DIGITS
    from threadkit.store.commit_facts import message_facts

    facts = list(facts)
    ties: dict[str, set[str]] = {fact.commit.sha: set() for fact in facts}
    for fact in facts:
        for kind, value, *_ in message_facts(fact.commit.body).citations:
            if kind == "commit" and len(value) >= ENOUGH_DIGITS:
                for sha in ties:
                    if sha.startswith(value):
                        ties[fact.commit.sha].add(sha)
                        ties[sha].add(fact.commit.sha)
    for group in told:
        here = {name for name in group if name in ties}
        for sha in here:
            ties[sha] |= here - {sha}
    names = [name for name in names if len(name) >= ENOUGH_DIGITS]
    left = [sha for sha in ties if any(sha.startswith(name) for name in names)]
    chosen: set[str] = set()
    while left:
        sha = left.pop()
        if sha not in chosen:
            chosen.add(sha)
            left += ties[sha]
    return [fact for fact in facts if fact.commit.sha in chosen]


def _facts(conn: Connection) -> list[CommitFact]:
    """Return the facts that may be looked up here."""
    names = sorted(path.name for path in shipped("commits").glob("*.jsonl"))
    kept = [name for name in names if name != _SAMPLE or _sample_is_here(conn)]
    return [fact for name in kept for fact in _read(name)]


def _sample_is_here(conn: Connection) -> bool:
    """Tell whether a mail that the made-up commits name is one of this database."""
    return bool(known_messages(conn, _sample_mails()))


@cache
def _sample_mails() -> list[str]:
    text = (shipped("commits") / _SAMPLE).read_text("utf-8")
    return sorted(set(_MAIL_LINK.findall(text)))


@cache
def _read(name: str) -> tuple[CommitFact, ...]:
    from threadkit.commits.facts import read_facts

    text = (shipped("commits") / name).read_text("utf-8")
    return tuple(read_facts(text.splitlines(), name))


@cache
def _version() -> str:
    digest = hashlib.sha256()
    for path in sorted(shipped("commits").glob("*.jsonl")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
