"""The Atom feed: what was said and decided last."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from threadkit.site.index_of import index_of
from threadkit.site.regressions import anchors
from threadkit.site.render import pieces, plain
from threadkit.site.values import Claim, Mail, Page, Site

MOST = 50
"""Entries of the feed."""

NEVER = "1970-01-01T00:00:00Z"
"""A feed has to have a date; one of nothing has this."""

_LONGEST = 300


class Entry(NamedTuple):
    """Something new: ``path`` is its page, ``key`` makes its lasting name."""

    key: str
    title: str
    path: str
    utc: str
    author: str
    summary: str


def pages(site: Site) -> Iterator[Page]:
    """Make ``feed.atom``.

    Parameters
    ----------
    site : Site
        What is shown.

    Yields
    ------
    Page
        One.

    References
    ----------
    RFC 4287 (Atom); RFC 4151 (``tag:`` names).
    """
    some = entries(site)
    updated = max([site.updated_utc, *(one.utc for one in some)], default="") or NEVER
    values = {"site": site, "entries": some, "updated": moment(updated)}
    yield Page("feed.atom", pieces("feed.atom", values))


def entries(site: Site) -> list[Entry]:
    """Return the newest messages, claims, decisions and regressions.

    Parameters
    ----------
    site : Site
        What is shown.

    Returns
    -------
    list of Entry
        At most :data:`MOST`, the newest first; what has no date is left out.
    """
    found = [_of_mail(site, mail) for mail in site.mails if mail.utc and mail.name]
    found += [_of_claim(site, claim) for claim in site.claims if claim.utc]
    found += [entry for claim in site.claims if (entry := _of_decision(site, claim))]
    places = anchors(site)
    for one in site.regressions:
        dates = [report.utc for report in one.reports if report.utc]
        if dates:
            key, words = f"regression/{one.key}", ": ".join(filter(None, (one.state, one.why)))
            place = places[one.key, one.title]
            found.append(Entry(key, f"Regression: {one.title}", place, min(dates), "", words))
    found.sort(key=lambda one: (one.utc, one.key), reverse=True)
    return [_tidy(one) for one in found[:MOST]]


def moment(utc: str) -> str:
    """Write a date as Atom wants it, with seconds; a day alone is its midnight.

    Parameters
    ----------
    utc : str
        ISO 8601.

    Examples
    --------
    >>> moment("2020-09-01"), moment("2020-09-01T07:01Z"), moment("2020-09-01T07:01:35Z")
    ('2020-09-01T00:00:00Z', '2020-09-01T07:01:00Z', '2020-09-01T07:01:35Z')
    """
    given = utc.removesuffix("Z")
    return given + "1970-01-01T00:00:00Z"[len(given) :]


def _of_mail(site: Site, mail: Mail) -> Entry:
    name = index_of(site).person(mail.person).name
    title = f"{name}: {mail.subject}"
    return Entry(f"m/{mail.name}", title, mail.page, mail.utc or "", name, mail.excerpt)


def _of_claim(site: Site, claim: Claim) -> Entry:
    name = index_of(site).person(claim.person).name
    quoted = f"“{claim.places[0].text}”" if claim.places and claim.places[0].text else claim.id
    words = claim.gist or quoted
    title = f"{name} claims: {words}"
    summary = f"{claim.status}: {claim.why}" if claim.why else claim.status
    return Entry(f"c/{claim.id}", title, claim.page, claim.utc or "", name, summary)


def _of_decision(site: Site, claim: Claim) -> Entry | None:
    """Tell what became of a claim, if the mail or commit that decided it has a date."""
    known = index_of(site)
    words = [one for one in claim.decision if one.kind == "word"]
    dates = []
    for one in claim.decision:
        mail = known.mail(one.value) if one.kind == "message" else None
        commit = known.commit(one.value) if one.kind == "commit" else None
        dates += [what.utc for what in (mail, commit) if what and what.utc]
    if not dates or not words:
        return None
    title = f"{words[0].value}: {claim.gist}"
    return Entry(f"d/{claim.id}", title, claim.page, min(dates), "", words[0].shows)


def _tidy(one: Entry) -> Entry:
    """Leave what XML can hold: one line, no controls, not too long."""
    title, author, summary = (
        plain(" ".join(text.split()))[:_LONGEST] for text in (one.title, one.author, one.summary)
    )
    return one._replace(title=title, author=author, summary=summary, utc=moment(one.utc))
