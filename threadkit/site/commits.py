"""Pages of commits: all in the order of time, and each on its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from threadkit.site.frame import page
from threadkit.site.index_of import index_of
from threadkit.site.links import outside
from threadkit.site.paging import parts
from threadkit.site.regressions import anchors
from threadkit.site.strip import ROWS, strip
from threadkit.site.values import Claim, Commit, Evidence, Page, Regression, Site

LISTED = 300
"""Citing mails of a commit that are listed."""

_SHORT = 12


@dataclass(slots=True)
class Uses:
    """What of a site refers to a commit.

    Attributes
    ----------
    caused, mended, noted : list of Regression
        That it began, that it ended, that tell of it.
    evidence, decided : list of (Claim, Evidence)
        Claims for which it is shown, and those that it decided or followed.
    eras : list of (str, str)
        Key and name of the model's eras that begin with it.
    """

    caused: list[Regression] = field(default_factory=list)
    mended: list[Regression] = field(default_factory=list)
    noted: list[Regression] = field(default_factory=list)
    evidence: list[tuple[Claim, Evidence]] = field(default_factory=list)
    decided: list[tuple[Claim, Evidence]] = field(default_factory=list)
    eras: list[tuple[str, str]] = field(default_factory=list)


def pages(site: Site) -> Iterator[Page]:
    """Make ``commits.html`` and a page for each commit.

    Parameters
    ----------
    site : Site
        What is shown; without commits and regressions nothing is made.

    Yields
    ------
    Page
        The table first.
    """
    drawn = strip(site)
    if drawn is None:
        return
    rows, places = drawn.events, anchors(site)
    for part in parts("commits", rows, ROWS):
        title = "Commits and regressions" if site.regressions else "Commits"
        here = page(
            site,
            part.path,
            "commits.html",
            title=title,
            way="commits",
            drawn=drawn,
            part=part,
            known={one.number: one for one in rows},
            places=places,
            citing=_citing(site),
        )
        yield Page(part.path, here)
    used = uses(site)
    for commit in {one.page: one for one in site.commits}.values():
        yield Page(commit.page, _page(site, commit, used.get(commit.sha[:_SHORT], Uses()), places))


def uses(site: Site) -> dict[str, Uses]:
    """Collect what refers to each commit.

    Parameters
    ----------
    site : Site
        What is shown.

    Returns
    -------
    dict of str to Uses
        By the first twelve digits.
    """
    found: defaultdict[str, Uses] = defaultdict(Uses)
    for one in site.regressions:
        found[one.culprit[:_SHORT]].caused.append(one)
        for sha in dict.fromkeys(one.fixes):
            found[sha[:_SHORT]].mended.append(one)
        for sha in dict.fromkeys(one.notes):
            found[sha[:_SHORT]].noted.append(one)
    for claim in site.claims:
        for said in claim.evidence:
            if said.kind == "commit":
                found[said.value[:_SHORT]].evidence.append((claim, said))
        for said in (*claim.decision, *claim.afterwards):
            if said.kind == "commit":
                found[said.value[:_SHORT]].decided.append((claim, said))
    if site.scenarios:
        for sha, key, name in _beginnings():
            found[sha].eras.append((key, name))
    return dict(found)


def _citing(site: Site) -> Callable[[Commit], list[str]]:
    """Return what names the people whose mails cite a commit."""
    index = index_of(site)

    def names(commit: Commit) -> list[str]:
        mails = (index.mail(name) for name in commit.cited)
        return list(dict.fromkeys(index.person(mail.person).name for mail in mails if mail))

    return names


def _beginnings() -> Iterator[tuple[str, str, str]]:
    """Name the commits that made one of the model's eras of the one before."""
    from threadkit.cow import base_eras

    base = base_eras()
    for before, era in pairwise(base):
        changes = era.changed_from(before)
        for sha in dict.fromkeys(ref.sha[:_SHORT] for one in changes for ref in one.commits):
            yield sha, era.key, f"{era.letter} {era.key} ({era.kernels})"


def _page(
    site: Site, commit: Commit, used: Uses, places: Mapping[tuple[str, str], str]
) -> Iterator[str]:
    return page(
        site,
        commit.page,
        "commit.html",
        title=f"{commit.short} {commit.subject}".strip(),
        way="commits",
        commit=commit,
        used=used,
        places=places,
        listed=LISTED,
        outside=outside,
    )
