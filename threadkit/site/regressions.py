"""The page of what broke: cause, report, answer, and who had said so before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from threadkit.site.frame import page
from threadkit.site.index_of import Index, index_of
from threadkit.site.links import outside, permalink
from threadkit.site.names import slug
from threadkit.site.paging import parts
from threadkit.site.values import Page, Regression, Report, Site

ROWS = 100
"""Regressions on one page."""

OPEN = ("open", "to be fixed")
"""States that nothing ended."""


class Answer(NamedTuple):
    """A commit that answered a regression.

    Attributes
    ----------
    sha : str
        Its hash.
    days : int or None
        From the first report, or where that has no date from the cause; None if the commit
        was written before.
    """

    sha: str
    days: int | None


class Chain(NamedTuple):
    """A regression as it is shown.

    Attributes
    ----------
    one : Regression
        What broke.
    anchor : str
        Of its place in the page.
    report : Report or None
        The first.
    more : tuple of Report
        The others: the same trouble told again.
    to_report : int or None
        Days from culprit to first report.
    answers : tuple of Answer
        By date; those without one last.
    since : str
        From what the days of answers count: ``report`` or ``cause``.
    foreseen : tuple of (str, tuple of (str, str))
        Mails that foresaw it, with the reviewed claims in them and what is noted on these.
    """

    one: Regression
    anchor: str
    report: Report | None
    more: tuple[Report, ...]
    to_report: int | None
    answers: tuple[Answer, ...]
    since: str
    foreseen: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


def pages(site: Site) -> Iterator[Page]:
    """Make ``regressions.html``.

    Parameters
    ----------
    site : Site
        What is shown; without regressions nothing is made.

    Yields
    ------
    Page
        One, or some that lead to each other.
    """
    if not site.regressions:
        return
    for part in parts("regressions", chains(site), ROWS):
        here = page(
            site,
            part.path,
            "regressions.html",
            title="Regressions",
            way="regressions",
            part=part,
            states=_states(site),
            outside=outside,
            permalink=permalink,
        )
        yield Page(part.path, here)


def chains(site: Site) -> list[Chain]:
    """Put regressions in the order of the page.

    Parameters
    ----------
    site : Site
        What is shown.

    Returns
    -------
    list of Chain
        Open ones first, else as the site gives them.
    """
    index, made = index_of(site), []
    for one, place in _placed(site):
        told = {(each.message_id, each.url, each.person): each for each in one.reports}
        reports = sorted(told.values(), key=lambda each: each.utc or "9")
        cause = index.commit(one.culprit)
        begun = (cause.applied or cause.utc) if cause else None
        first = reports[0].utc if reports else None
        # A commit may say what it breaks: then the "report" is older, and no delay is told.
        made.append(
            Chain(
                one,
                place.partition("#")[2],
                reports[0] if reports else None,
                tuple(reports[1:]),
                _days(begun, first),
                _answers(index, one, first or begun),
                "report" if first else "cause",
                _foreseen(index, one),
            )
        )
    return made


def _answers(index: Index, one: Regression, since: str | None) -> tuple[Answer, ...]:
    """Put the commits that answered in the order of time, each with its delay."""
    found = []
    for sha in one.fixes:
        commit = index.commit(sha)
        utc = (commit.applied or commit.utc) if commit else None
        found.append((utc or "9", Answer(sha, _days(since, utc))))
    return tuple(answer for _, answer in sorted(found, key=lambda pair: pair[0]))


def _foreseen(index: Index, one: Regression) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Gather the warnings of each mail."""
    found: dict[str, list[tuple[str, str]]] = {name: [] for name in one.foreseen}
    for name, note in one.warnings:
        claim = index.claim(name)
        if claim is not None and claim.places:
            found.setdefault(claim.places[0].message_id, []).append((name, note))
    return tuple((name, tuple(some)) for name, some in found.items())


def anchors(site: Site) -> dict[tuple[str, str], str]:
    """Return where each regression is shown.

    Parameters
    ----------
    site : Site
        What is shown.

    Returns
    -------
    dict of (str, str) to str
        By key and title: from the top of the site; of equal ones the first.
    """
    found: dict[tuple[str, str], str] = {}
    for one, place in _placed(site):
        found.setdefault((one.key, one.title), place)
    return found


def _placed(site: Site) -> list[tuple[Regression, str]]:
    """Give each regression a place of its own, also where one commit mends several."""
    found = []
    taken: set[str] = set()
    for number, one in enumerate(_ordered(site)):
        name = beginning = f"r-{slug(one.title)}"
        again = 1
        while name in taken:
            again += 1
            name = f"{beginning}-{again}"
        taken.add(name)
        part = number // ROWS + 1
        found.append((one, f"regressions{f'~{part}' if part > 1 else ''}.html#{name}"))
    return found


def _ordered(site: Site) -> Sequence[Regression]:
    return sorted(site.regressions, key=lambda one: one.state not in OPEN)


def _states(site: Site) -> list[tuple[str, int]]:
    found: dict[str, int] = {}
    for one in _ordered(site):
        found[one.state] = found.get(one.state, 0) + 1
    return list(found.items())


def _days(begin: str | None, end: str | None) -> int | None:
    """Count days between two dates; None if one is not known, or the second is the earlier."""
    if not begin or not end:
        return None
    found = (date.fromisoformat(end[:10]) - date.fromisoformat(begin[:10])).days
    return found if found >= 0 else None
