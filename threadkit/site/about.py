"""The page about the site: sources, coverage, how things were found and how sure they are."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterator, Mapping

from threadkit.site.frame import page
from threadkit.site.links import outside
from threadkit.site.values import Page, Site

MISSING_MOST = 200
"""Messages without text that are listed."""

_CHECKS: Mapping[str, str] = {
    "matches": "stand where they were read",
    "moved": "stand elsewhere in their mail than when they were read",
    "missing": "are not in the mail that is here, and are not shown",
    "not here": "are in mails that are not here",
}


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
    missing = [mail for mail in site.mails if not mail.seen]
    yield Page(
        "about.html",
        page(
            site,
            "about.html",
            "about.html",
            title="About this site",
            way="about",
            texts=texts,
            missing=missing,
            nameless=sum(bool(mail.url) for mail in missing),
            outside=outside,
            most=MISSING_MOST,
            checks=_checks(site),
            again=_command(site),
        ),
    )


def _checks(site: Site) -> list[tuple[int, str]]:
    """Count how the passages of claims fared against the stored mails."""
    found = Counter(place.check for claim in site.claims for place in claim.places)
    return [(found[check], words) for check, words in _CHECKS.items() if found[check]]


def _command(site: Site) -> str:
    """Write the command that makes this site."""
    name = site.key if site.provenance.curated else site.root
    words = ["threadkit", "site", "build", "OUT", name]
    words += ["--candidates"] if site.candidates else []
    words += ["--hide-addresses"] if site.hide_addresses else []
    return shlex.join(words)
