"""Put a site together: from the database, with a casebook or without."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from threadkit import __version__
from threadkit.pipeline.commits_view import cited_commits
from threadkit.pipeline.regressions_view import predictions, regressions
from threadkit.pipeline.sites import commits as commit_rows
from threadkit.pipeline.sites import findings, listed, mails, provenance
from threadkit.pipeline.sites import regressions as regression_rows
from threadkit.pipeline.sites.addresses import Hidden
from threadkit.pipeline.sites.colours import colours_of
from threadkit.pipeline.sites.people import People
from threadkit.pipeline.sites.places import Bodies
from threadkit.pipeline.sites.texts import Texts
from threadkit.site.names import file_name
from threadkit.site.values import Claim, Commit, Mail, Provenance, Regression, Site

if TYPE_CHECKING:
    from sqlite3 import Connection

    from threadkit.pipeline.archive import Archive
    from threadkit.pipeline.message import Message
    from threadkit.pipeline.thread import Thread


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a site is to be made.

    Attributes
    ----------
    candidates : bool
        Show automatic findings too, marked.
    hide_addresses : bool
        Leave mail addresses out.
    database : bool
        Put a copy of the database beside the pages, where that shows nothing else.
    """

    candidates: bool = False
    hide_addresses: bool = False
    database: bool = True


def of_thread(archive: Archive, thread: Thread, wanted: Wanted) -> Site:
    """Make the site of a conversation that nobody wrote a casebook of.

    Parameters
    ----------
    archive : Archive
        The database.
    thread : Thread
        The conversation.
    wanted : Wanted
        How.

    Returns
    -------
    Site
        Its texts are read from the archive when their pages are made.
    """
    people = People()
    messages = [one for _, one in thread.rows]
    writers = {one.id: people.wrote_mail(one) for one in messages if not one.ghost}
    with archive._reading() as conn:
        root = thread._root_row
        commits = commit_rows.with_links(commit_rows.cited(conn, cited_commits(conn, [root])))
        rows = mails.rows(conn, messages, writers, commits=cited_by_mail(commits))
        if thread.partial:
            pairs = zip((one.id for one in messages), rows, strict=True)
            rows = listed.rows(thread.overview, list(pairs), people)
        bodies = Bodies(conn, {one.id: one.imposter for one in messages})
        claims = findings.claims(conn, root, people, bodies, candidates=wanted.candidates)
        name = messages[0].message_id
        asked = findings.asked(conn, name, people, bodies, candidates=wanted.candidates, at=claims)
        broken = _regressions(conn, name, people, wanted)
    title = mails.title(thread.subject)
    site = Site(
        key=file_name(name),
        title=title,
        question=title,
        root=name,
        mails=rows,
        people={},
        text=lambda _mail: None,
        claims=claims,
        asked=asked,
        commits=commits,
        regressions=broken,
        reviewed=any(one.state == "accepted" for one in claims),
        candidates=wanted.candidates,
        hide_addresses=wanted.hide_addresses,
        version=__version__,
    )
    return finished(archive, site, people, messages, root)


def finished(
    archive: Archive, site: Site, people: People, messages: Sequence[Message], root: int | None
) -> Site:
    """Add what can be told when all else is known: people, coverage, the newest date.

    Parameters
    ----------
    archive : Archive
        The database.
    site : Site
        Without these.
    people : People
        All of them.
    messages : sequence of Message
        All mails of the site that are in the database.
    root : int or None
        ``message.root`` of the conversation.
    """
    made = Counter(one.person for one in site.claims if one.person)
    colours = colours_of(archive, people.coloured(made))
    rows = with_claims(in_time(mails.apart(site.mails)), site.claims)
    hidden = Hidden(mail.message_id for mail in rows) if site.hide_addresses else None
    shown = people.shown(made, colours, addresses=hidden is None)
    site = replace(site, people=shown, mails=rows, updated_utc=_newest(rows))
    with archive._reading() as conn:
        known = {(one.message_id, one.imposter): one for one in messages}
        site = replace(
            site,
            text=Texts(conn, known, hidden),
            provenance=_provenance(conn, site, messages, root),
        )
    return hidden.site(site) if hidden else site


def in_time(rows: Sequence[Mail]) -> list[Mail]:
    """Give mails their numbers in the order of time; those without a date come last.

    Parameters
    ----------
    rows : sequence of Mail
        In reading order, which they keep.
    """
    order = sorted(range(len(rows)), key=lambda at: (rows[at].utc or "9", at))
    place = {at: number for number, at in enumerate(order)}
    return [replace(one, order=place[at]) for at, one in enumerate(rows)]


def with_claims(rows: Sequence[Mail], claims: Sequence[Claim]) -> list[Mail]:
    """Tell mails which claims they make.

    Parameters
    ----------
    rows : sequence of Mail
        In any order, which they keep.
    claims : sequence of Claim
        Of the site.
    """
    made: dict[tuple[str, int], dict[str, None]] = {}
    for one in claims:
        for place in one.places:
            made.setdefault((place.message_id, place.imposter), {})[one.id] = None
    return [
        replace(one, claims=tuple(made.get((one.message_id, one.imposter), ()))) for one in rows
    ]


def cited_by_mail(commits: Sequence[Commit]) -> dict[str, list[str]]:
    """Return the hashes that each mail cites, by Message-ID.

    Parameters
    ----------
    commits : sequence of Commit
        Of the site.
    """
    found: dict[str, list[str]] = {}
    for one in commits:
        for message_id in one.cited:
            found.setdefault(message_id, []).append(one.sha)
    return found


def _regressions(conn: Connection, name: str, people: People, wanted: Wanted) -> list[Regression]:
    some = [
        one for one in regressions(conn, name) if wanted.candidates or regression_rows.reviewed(one)
    ]
    warned = predictions(conn, name) if wanted.candidates else []  # nobody reviewed these
    return regression_rows.found(some, people, warned)


def _newest(rows: Sequence[Mail]) -> str:
    return max((one.utc for one in rows if one.utc), default="")


def _provenance(
    conn: Connection, site: Site, messages: Sequence[Message], root: int | None
) -> Provenance:
    ids = [one.id for one in messages if not one.ghost]
    coverage = provenance.covered(conn, root, site.mails, site.claims)
    told = site.provenance  # what a casebook says of itself
    return replace(
        told,
        sources=[*told.sources, *provenance.sources(conn, ids)],
        runs=provenance.runs(conn),
        coverage=[*told.coverage, *coverage],
        counts=provenance.counts(site),
    )
