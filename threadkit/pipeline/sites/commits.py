"""The commits of a site: those that its mails cite, and those beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from sqlite3 import Connection
from typing import TYPE_CHECKING, Any

from threadkit.pipeline.sites.bounds import NAME, TITLE, VALUE, short
from threadkit.pipeline.sites.provenance import public_name
from threadkit.site.values import Commit
from threadkit.store.commit_list import facts_of, relatives
from threadkit.store.commits import CommitStore

if TYPE_CHECKING:
    from threadkit.pipeline.commits_view import CitedCommit
    from threadkit.store.commit_list import CommitFacts, Relative

_FIXES = frozenset({"fixes"})
_FIXED_BY = frozenset({"fixed by"})
_LINKS = ("Link", "Closes")
_SHORT = 12


def cited(conn: Connection, some: Iterable[CitedCommit]) -> list[Commit]:
    """Make the commits that mails cite.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    some : iterable of CitedCommit
        In the order in which they were first cited.

    Returns
    -------
    list of Commit
        In the same order; a hash of fewer than seven digits is none.
    """
    found = []
    for one in some:
        ids = tuple(dict.fromkeys(place.message_id for place in one.places))
        if one.facts is not None:
            found.append(_known(conn, one.facts, one.relatives, cited_in=ids))
        else:
            said = f"{one.why}; the title is what mails give it" if one.subject else one.why
            found.append(Commit(one.name, short(one.subject, TITLE), cited=ids, known_from=said))
    return found


def beside(conn: Connection, shas: Iterable[str]) -> list[Commit]:
    """Make commits that no mail of the conversation cites.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    shas : iterable of str
        Full hashes.

    Returns
    -------
    list of Commit
        Those that are here, by date.
    """
    facts = facts_of(conn, shas)
    related = relatives(conn, facts)
    found = [
        replace(_known(conn, one, related.get(sha, ())), outside=True) for sha, one in facts.items()
    ]
    return sorted(found, key=lambda one: (one.utc or "9", one.sha))


def of_fact(fact: Mapping[str, Any]) -> Commit:
    """Make a commit of a curated fact, where the database does not know it.

    Parameters
    ----------
    fact : mapping
        A line of ``data/commits``.

    Returns
    -------
    Commit
        Cited by nobody.

    Examples
    --------
    >>> of_fact({"sha": "01" * 20, "subject": "mm: x", "release": "v5.9"}).release
    'v5.9'
    """
    author, committer = fact.get("author") or {}, fact.get("committer") or {}
    lines = (line.partition(":") for line in fact.get("trailers", ()))
    pairs = [(name.strip(), value.strip()) for name, colon, value in lines if colon]
    return Commit(
        sha=str(fact["sha"]),
        subject=str(fact.get("subject", "")),
        author=str(author.get("name", "")),
        utc=author.get("date_utc") or committer.get("date_utc"),
        applied=committer.get("date_utc"),
        release=str(fact.get("release") or ""),
        fixes=[value.split()[0] for name, value in pairs if name == "Fixes" and value],
        trailers=pairs,
        links=[value for name, value in pairs if name in _LINKS],
        known_from=str(fact.get("source", "")),
        outside=True,
    )


def by_sha(some: Iterable[Commit]) -> dict[str, Commit]:
    """Return commits by the first twelve digits of their hashes.

    Parameters
    ----------
    some : iterable of Commit
        The first of a hash counts.
    """
    found: dict[str, Commit] = {}
    for one in some:
        found.setdefault(one.sha[:_SHORT], one)
    return found


def with_links(some: Sequence[Commit]) -> list[Commit]:
    """Tell each commit of a site which other ones fix it, as those say.

    Parameters
    ----------
    some : sequence of Commit
        All of the site.

    Returns
    -------
    list of Commit
        In the same order.
    """
    fixed_by: dict[str, list[str]] = {}
    for one in some:
        for sha in one.fixes:
            fixed_by.setdefault(sha[:_SHORT], []).append(one.sha)
    return [
        replace(one, fixed_by=_once([*one.fixed_by, *fixed_by.get(one.sha[:_SHORT], ())]))
        for one in some
    ]


def _once(shas: Iterable[str]) -> tuple[str, ...]:
    """Leave one of each commit, though some hashes are short."""
    return tuple({sha[:_SHORT]: sha for sha in shas}.values())


def _known(
    conn: Connection,
    facts: CommitFacts,
    related: Iterable[Relative],
    *,
    cited_in: tuple[str, ...] = (),
) -> Commit:
    stored = CommitStore(conn).get(facts.sha)
    trailers = stored.trailers if stored else ()
    related = list(related)
    return Commit(
        sha=facts.sha,
        subject=short(facts.subject, TITLE),
        author=short(facts.author, NAME),
        utc=facts.author_utc or facts.committer_utc,
        applied=facts.committer_utc,
        release=facts.release or "",
        cited=cited_in,
        fixes=_once(one.sha or one.written for one in related if one.kind in _FIXES),
        fixed_by=_once(one.sha for one in related if one.kind in _FIXED_BY and one.sha),
        trailers=[(name, short(value, VALUE)) for name, value, _, _ in trailers],
        links=[value for name, value, _, _ in trailers if name in _LINKS],
        known_from=public_name(facts.origin),
    )
