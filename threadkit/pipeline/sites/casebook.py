"""The site of a casebook: what a person read, joined with the mails that are here."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from threadkit import __version__
from threadkit.pipeline.commits_view import cited_commits
from threadkit.pipeline.regressions_view import predictions, regressions
from threadkit.pipeline.sites import casebook_claims as said
from threadkit.pipeline.sites import casebook_mails, findings
from threadkit.pipeline.sites import commits as commit_rows
from threadkit.pipeline.sites import regressions as regression_rows
from threadkit.pipeline.sites.assemble import Wanted, cited_by_mail, finished
from threadkit.pipeline.sites.people import Known, People
from threadkit.pipeline.sites.places import Bodies
from threadkit.site.values import Asked, Claim, Commit, Mail, Provenance, Regression, Site
from threadkit.store.verdicts import verdicts

if TYPE_CHECKING:
    from sqlite3 import Connection

    from threadkit.casebook.values import Casebook
    from threadkit.pipeline.archive import Archive
    from threadkit.pipeline.sites.casebook_mails import Gathered

_SHORT = 12
_UNSURE = ("~", "?")


def of_casebook(archive: Archive, book: Casebook, wanted: Wanted) -> tuple[Site, Sequence[int]]:
    """Make the site of a casebook; mails that are not here are shown as facts.

    Parameters
    ----------
    archive : Archive
        The database.
    book : Casebook
        The casebook.
    wanted : Wanted
        How.

    Returns
    -------
    Site, sequence of int
        The site, and ``message.id`` of the mails that it shows.
    """
    people = People(Known(one.key, one.name, one.names, one.about) for one in book.people)
    with archive._reading() as conn:
        mails = casebook_mails.gather(archive, conn, book)
        commits = _commits(conn, book, mails.root)
        rows = casebook_mails.rows(conn, mails, people, cited_by_mail(commits))
        bodies = Bodies(conn, {one.id: one.imposter for one in mails.messages})
        broken = _regressions(conn, book, people, mails.root, wanted)
        known = _sources(conn, mails, rows, bodies, broken)
        claims = said.claims(book, known)
        more, asked = _found(conn, mails, people, bodies, claims, wanted)
    site = Site(
        key=book.name,
        title=book.title,
        question=book.question,
        about=book.about,
        outcome=book.outcome,
        outcome_sources=tuple(said.evidence(book.outcome_sources)),
        root=book.thread,
        mails=rows,
        people={},
        text=lambda _mail: None,
        claims=[*claims, *more],
        questions=said.questions(book),
        asked=asked,
        commits=commits,
        regressions=_foreseen(broken, claims),
        scenarios=said.scenarios(book),
        provenance=_provenance(book, claims),
        reviewed=bool(book.claims),
        candidates=wanted.candidates,
        hide_addresses=wanted.hide_addresses,
        version=__version__,
    )
    shown = [one.id for one in mails.messages if not one.ghost]
    return finished(archive, site, people, mails.messages, mails.root), shown


def _commits(conn: Connection, book: Casebook, root: int | None) -> list[Commit]:
    """Gather what mails cite, what the casebook names, and what its facts tell besides."""
    cited = commit_rows.cited(conn, cited_commits(conn, [root])) if root is not None else []
    facts = {str(one["sha"]): one for one in book.commits}
    stored = commit_rows.beside(conn, facts)
    rest = [commit_rows.of_fact(one) for one in facts.values()]
    known = commit_rows.by_sha([*cited, *stored, *rest])
    named = (name for name in _named_commits(book) if not _is_known(known, name))
    bare = [Commit(name, "", known_from="named in the casebook", outside=True) for name in named]
    outside = [one for one in known.values() if one.outside]
    outside.sort(key=lambda one: (one.utc or "9", one.sha))
    return commit_rows.with_links([*cited, *outside, *commit_rows.by_sha(bare).values()])


def _is_known(known: Mapping[str, Commit], name: str) -> bool:
    return name[:_SHORT] in known or any(sha.startswith(name) for sha in known)


def _named_commits(book: Casebook) -> Iterable[str]:
    """Name the commits that the casebook refers to, in the order of its files."""
    shown = [*book.outcome_sources]
    for question in book.questions:
        shown += question.sources
    for claim in book.claims:
        shown += claim.evidence
    names = [one.commit for one in shown if one.commit]
    names += [one.decision.commit for one in book.claims if one.decision and one.decision.commit]
    return dict.fromkeys(names)


def _regressions(
    conn: Connection, book: Casebook, people: People, root: int | None, wanted: Wanted
) -> list[Regression]:
    """Gather the regressions of the casebook, and those that mails of the conversation name."""
    facts = {str(one["title"]): one for one in book.regressions}
    name = book.thread if root is not None else None
    here = list(regressions(conn, f"#{root}")) if root is not None else []
    every = {one.key: one for one in here if wanted.candidates or regression_rows.reviewed(one)}
    for one in regressions(conn) if facts else ():
        if one.title in facts:
            every.setdefault(one.key, one)
    warned = predictions(conn, f"#{root}") if name and wanted.candidates else []
    applied = {str(one["sha"]): _applied(one) for one in book.commits}
    found = regression_rows.found(every.values(), people, warned, facts, applied)
    titles = {one.title for one in found}
    rest = [
        regression_rows.of_fact(fact, people, applied)
        for title, fact in facts.items()
        if title not in titles
    ]
    return regression_rows.open_first([*found, *rest])


def _applied(fact: Mapping[str, Any]) -> str | None:
    """Return when a commit was applied, or else written."""
    dates = ((fact.get(who) or {}).get("date_utc") for who in ("committer", "author"))
    return next((str(date) for date in dates if date), None)


def _sources(
    conn: Connection,
    mails: Gathered,
    rows: Sequence[Mail],
    bodies: Bodies,
    broken: Sequence[Regression],
) -> said.Sources:
    ids = {
        name: one.id for (name, imposter), one in mails.here().items()
        if not imposter and not one.ghost
    }  # fmt: skip
    ran = [one for one in verdicts(conn) if one.engine == "model"]
    names = {one.title: one.key for one in broken}
    names |= _mended_alone(broken)
    return said.Sources(
        body=lambda name: bodies(ids[name]) if name in ids else None,
        utc={one.message_id: one.utc for one in rows if not one.imposter},
        verdicts={(one.scenario, one.era): one.verdict for one in ran},
        costs={
            (one.scenario, one.era): {
                name: said.bounds(*both) for name, both in json.loads(one.costs).items()
            }
            for one in ran
        },
        regressions=names,
    )


def _mended_alone(broken: Sequence[Regression]) -> dict[str, str]:
    """Name regressions by a fix: one that mends no other, and that broke nothing itself."""
    mended: dict[str, set[str]] = {}
    for one in broken:
        for sha in one.fixes:
            mended.setdefault(sha[:_SHORT], set()).add(one.key)
    causes = {one.culprit[:_SHORT] for one in broken}
    return {sha: min(keys) for sha, keys in mended.items() if len(keys) == 1 and sha not in causes}


def _found(
    conn: Connection,
    mails: Gathered,
    people: People,
    bodies: Bodies,
    claims: Sequence[Claim],
    wanted: Wanted,
) -> tuple[list[Claim], list[Asked]]:
    """Read the findings that may be shown and that the casebook does not have."""
    if mails.root is None:
        return [], []
    ask = wanted.candidates
    some = findings.claims(conn, mails.root, people, bodies, candidates=ask)
    more = findings.besides(some, claims)
    name = f"#{mails.root}"
    asked = findings.asked(conn, name, people, bodies, candidates=ask, at=[*claims, *more])
    return more, asked


def _foreseen(broken: Sequence[Regression], claims: Sequence[Claim]) -> list[Regression]:
    """Tell regressions which claims foresaw them: what was said before anybody reported it."""
    warned: dict[str, list[tuple[Claim, str]]] = {}
    for claim in claims:
        notes = [
            one.shows for one in claim.afterwards if (one.kind, one.value) == ("word", "came true")
        ]
        for one in claim.afterwards if notes and claim.places else ():
            if one.kind == "regression":
                warned.setdefault(one.value, []).append((claim, notes[0]))
    return [_with_warnings(one, warned.get(one.key, ())) for one in broken]


def _with_warnings(one: Regression, warned: Sequence[tuple[Claim, str]]) -> Regression:
    first = min((report.utc for report in one.reports if report.utc), default="9")
    early = [(claim, note) for claim, note in warned if claim.utc and claim.utc < first]
    names = [claim.places[0].message_id for claim, _ in early]
    return replace(
        one,
        foreseen=tuple(dict.fromkeys([*one.foreseen, *names])),
        warnings=tuple((claim.id, note) for claim, note in early),
    )


def _provenance(book: Casebook, claims: Sequence[Claim]) -> Provenance:
    """Say where the casebook has everything from, and what of it is not verified."""
    ordered = sorted(book.claims, key=lambda one: one.id)
    unsure = [str(one.id) for one in ordered if one.sure in _UNSURE]
    unseen = [str(one.id) for one in ordered if one.said.unseen]
    places = [(one.id, place) for one in claims for place in one.places]
    unverified = []
    if unsure:
        unverified.append(f"Known by an excerpt or a conclusion only: claims {', '.join(unsure)}.")
    if unseen:
        unverified.append(f"Nobody here has the passage: claims {', '.join(unseen)}.")
    for check, words in (
        ("missing", "The mail that is here does not have the passage of claims"),
        ("moved", "The passage stands elsewhere than when it was read: claims"),
    ):
        names = dict.fromkeys(name for name, place in places if place.check == check)
        if names:
            unverified.append(f"{words} {', '.join(names)}.")
    return Provenance(
        sources=[(one.uri, one.what, "", "") for one in book.sources],
        coverage=book.coverage,
        unverified=unverified,
        curated=f"casebook {book.name}, by {book.curated_by}, {book.curated_date}",
    )
