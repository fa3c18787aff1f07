"""The page about the site: sources, coverage, how things were found and how sure they are."""

from __future__ import annotations

from collections.abc import Iterator

from threadkit.site.frame import page
from threadkit.site.values import Page, Site


def pages(site: Site) -> Iterator[Page]:
    """Make ``about.html``.

    Parameters
    ----------
    site : Site
        What is shown.

    Yields
    ------
    Page
        One.
    """
    texts = sum(mail.seen for mail in site.mails)
    yield Page(
        "about.html",
        page(
            site,
            "about.html",
            "about.html",
            title="About this site",
            way="about",
            texts=texts,
            missing=[mail for mail in site.mails if not mail.seen],
            checks=_checks(site),
        ),
    )


def _checks(site: Site) -> list[tuple[str, int]]:
    """Count how the passages of claims fared against the stored mails."""
    found: dict[str, int] = {}
    for claim in site.claims:
        for place in claim.places:
            found[place.check] = found.get(place.check, 0) + 1
    return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
