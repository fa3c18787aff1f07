"""The page of a claim: who said it, where, what bears on it, and what the model says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from threadkit.site.argument import HOT, SIGNS
from threadkit.site.findings import harm, parting, runs, unmodelled
from threadkit.site.frame import page
from threadkit.site.index_of import index_of
from threadkit.site.links import outside, permalink
from threadkit.site.model import scenario_page
from threadkit.site.regressions import anchors
from threadkit.site.replies import Reply, replies
from threadkit.site.replying import fetch
from threadkit.site.steps import SHEET, Runs
from threadkit.site.values import Claim, Edge, Page, Place, Site

LONGEST = 4_000
"""Characters of a passage that its page shows; the mail has all."""

MOST = 100
"""Claims of one kind that bear on a claim; its page tells how many more there are."""


def pages(site: Site) -> Iterator[Page]:
    """Make a page for each claim.

    Parameters
    ----------
    site : Site
        What is shown.

    Yields
    ------
    Page
        In the site's order.
    """
    by_id = replies(site)
    broken = {key: (title, path) for (key, title), path in anchors(site).items()}
    known = Runs()
    last = len(site.claims) - 1
    for number, claim in enumerate(site.claims):
        before = site.claims[number - 1] if number else None
        after = site.claims[number + 1] if number < last else None
        yield Page(
            claim.page, _page(site, claim, by_id.get(claim.id, ()), (before, after), broken, known)
        )


def _page(
    site: Site,
    claim: Claim,
    onto: Sequence[Reply],
    beside: tuple[Claim | None, Claim | None],
    broken: Mapping[str, tuple[str, str]],
    model: Runs,
) -> Iterator[str]:
    known = index_of(site)
    others = [one for one in onto if one.claim.person != claim.person]
    question = next((one for one in site.questions if one.key == claim.question), None)
    return page(
        site,
        claim.page,
        "claim.html",
        title=(claim.gist or f"Claim {claim.id}"),
        way="claims",
        claim=claim,
        before=beside[0],
        after=beside[1],
        question=question,
        about=[(edge, known.claim(edge.claim)) for edge in _about(site, claim)],
        answers=others,
        own=[one for one in onto if one.claim.person == claim.person],
        runs=runs(claim),
        unmodelled=unmodelled(claim),
        regressions=broken,
        parting=parting(site, claim, model),
        harm=lambda run, row: harm(run, row, model),
        sheet=SHEET,
        scenarios=frozenset(site.scenarios),
        scenario_page=scenario_page,
        signs=SIGNS,
        hot=HOT,
        outside=outside,
        permalink=lambda place: _permalink(site, place),
        fetch=fetch,
        at=lambda place: _at(site, place),
        longest=LONGEST,
        most=MOST,
    )


def _about(site: Site, claim: Claim) -> list[Edge]:
    known = index_of(site)
    return [edge for edge in claim.stances if known.claim(edge.claim) is not None]


def _at(site: Site, place: Place) -> str:
    """Return where a passage stands, from the top of the site; empty if its mail has no page."""
    mail = index_of(site).mail_at(place)
    if mail is None:
        return ""
    return mail.at(place.line if mail.seen else 0)


def _permalink(site: Site, place: Place) -> str:
    """Return where an archive has the mail; empty if only an address on the web is known."""
    mail = index_of(site).mail(place.message_id)
    if not place.message_id or (mail is not None and mail.url):
        return ""
    return permalink(site, place.message_id)
