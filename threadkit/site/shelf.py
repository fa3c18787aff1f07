"""The page that leads to several sites that lie beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from threadkit.site.frame import CSP
from threadkit.site.render import count, pieces
from threadkit.site.values import Page, Site


class Shelved(NamedTuple):
    """A site that was built: its folder, and what it shows."""

    folder: str
    title: str
    question: str
    about: str
    outcome: str
    facts: tuple[str, ...]
    pages: int


def shelved(folder: str, site: Site, pages: int) -> Shelved:
    """Return what the page tells of a site.

    Parameters
    ----------
    folder : str
        Where it lies, from the page.
    site : Site
        What it shows.
    pages : int
        How many pages it has.

    Returns
    -------
    Shelved
        Plain text.
    """
    seen = sum(mail.seen for mail in site.mails)
    facts = [
        count(len(site.claims), "claim"), count(len(site.questions), "question"),
        f"{count(len(site.mails), 'message')}, the text of {seen if seen else 'none'} here",
        count(len(site.commits), "commit"), count(len(site.regressions), "regression"),
        count(len(site.scenarios), "scenario"), count(pages, "page"),
    ]  # fmt: skip
    shown = tuple(fact for fact in facts if not fact.startswith("0 "))
    return Shelved(folder, site.title, site.question, site.about, site.outcome, shown, pages)


def pages(sites: Sequence[Shelved], version: str) -> Iterator[Page]:
    """Make ``index.html``, and the style that it needs.

    Parameters
    ----------
    sites : sequence of Shelved
        In the order to show.
    version : str
        Of threadkit.

    Yields
    ------
    Page
        Two.
    """
    from threadkit.site.build import assets

    values = {"sites": sites, "version": version, "csp": CSP}
    yield Page("index.html", pieces("shelf.html", values))
    yield from (page for page in assets() if page.path == "style.css")
