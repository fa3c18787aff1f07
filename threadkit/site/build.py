"""All files of a site, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from importlib.resources import files

from threadkit.site import (
    about,
    claim,
    claims,
    commits,
    data,
    feed,
    mailbox,
    maps,
    message,
    model,
    overview,
    people,
    questions,
    regressions,
    search,
    thread,
)
from threadkit.site.values import Page, Site

PARTS: Sequence[Callable[[Site], Iterator[Page]]] = (
    overview.pages,
    thread.pages,
    message.pages,
    mailbox.pages,
    questions.pages,
    maps.pages,
    claims.pages,
    claim.pages,
    people.pages,
    search.pages,
    about.pages,
    feed.pages,
    data.pages,
    commits.pages,
    regressions.pages,
    model.pages,
)
"""What makes pages, in the order in which they are written."""


def build(site: Site) -> Iterator[Page]:
    """Make all files of a site, each when it is asked for.

    Parameters
    ----------
    site : Site
        What is shown.

    Yields
    ------
    Page
        In the same order every time; the content of one has to be used up before the next.
    """
    for part in PARTS:
        yield from part(site)
    yield from assets()


def assets() -> Iterator[Page]:
    """Give the files that come with this package: style and scripts.

    Yields
    ------
    Page
        By name.
    """
    folder = files("threadkit.site") / "assets"
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if file.is_file():
            yield Page(file.name, file.read_bytes())
