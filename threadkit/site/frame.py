"""What every page has: the head, the way to other pages, the line on where it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from threadkit.site.render import pieces
from threadkit.site.values import Site

CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'self'"
)
"""Nothing from elsewhere, nothing inline: pages may not use ``style`` attributes or elements."""


BRAND = 60
"""Characters of a title that the head of a page has room for."""


class Way(NamedTuple):
    """One of the pages that every page leads to."""

    key: str
    title: str
    path: str


def ways(site: Site) -> list[Way]:
    """Return the pages that the head of every page leads to.

    Parameters
    ----------
    site : Site
        Pages that would be empty are left out.

    Returns
    -------
    list of Way
        In order.
    """
    found = [Way("index", "Overview", "index.html"), Way("thread", "Thread", "thread.html")]
    if site.questions or site.asked:
        found.append(Way("questions", "Questions", "questions.html"))
    if site.claims:
        found.append(Way("claims", "Claims", "claims.html"))
    found.append(Way("people", "People", "people.html"))
    if site.commits:
        found.append(Way("commits", "Commits", "commits.html"))
    if site.regressions:
        found.append(Way("regressions", "Regressions", "regressions.html"))
    if site.scenarios:
        found.append(Way("model", "Model", "model.html"))
    return [*found, Way("search", "Search", "search.html"), Way("about", "About", "about.html")]


def brand(site: Site) -> str:
    """Return what the head of every page calls the site.

    Parameters
    ----------
    site : Site
        What is shown.

    Returns
    -------
    str
        The title; the name of a casebook whose title is too long for a head.
    """
    return site.key if site.questions and len(site.title) > BRAND >= len(site.key) else site.title


def page(
    site: Site, path: str, template: str, *, title: str, way: str = "", **values: object
) -> Iterator[str]:
    """Make a page from a template that extends ``base.html``.

    Parameters
    ----------
    site : Site
        What is shown.
    path : str
        Where the page will lie, from the top of the site; links are made from it.
    template : str
        File name of the template.
    title : str
        Of the page, in plain text.
    way : str, optional
        Key of the way that this page is, or is under.
    **values
        What the template names besides ``site``, ``root`` (``../`` for each folder of the path),
        ``mail_of`` (Message-ID to Mail), ``mail_at`` (Place to Mail), ``claim_of``, ``commit_of`` (hash, any length).

    Yields
    ------
    str
        HTML, in pieces.
    """
    from threadkit.site.index_of import index_of

    known = index_of(site)
    yield from pieces(
        template,
        {
            "site": site,
            "root": "../" * path.count("/"),
            "path": path,
            "title": title,
            "way": way,
            "ways": ways(site),
            "brand": brand(site),
            "csp": CSP,
            "mail_of": known.mail,
            "mail_at": known.mail_at,
            "claim_of": known.claim,
            "commit_of": known.commit,
            "person_of": known.person,
            **values,
        },
    )
