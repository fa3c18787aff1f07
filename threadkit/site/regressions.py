"""The page of what broke: cause, report, answer, and who had said so before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from threadkit.site.frame import page
from threadkit.site.index_of import index_of
from threadkit.site.links import outside, permalink
from threadkit.site.names import slug
from threadkit.site.paging import parts
from threadkit.site.values import Page, Regression, Report, Site

ROWS = 100
"""Regressions on one page."""

OPEN = ("open", "to be fixed")
"""States that nothing ended."""

_DAY = 86400.0


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
    to_report, to_fix : int or None
        Days from culprit to first report, and from there (or from the culprit) to the fix.
    """

    one: Regression
    anchor: str
    report: Report | None
    more: tuple[Report, ...]
    to_report: int | None
    to_fix: int | None


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
        fixes = [index.commit(sha) for sha in one.fixes]
        begun = cause.utc if cause else None
        first = reports[0].utc if reports else None
        ended = min((each.utc for each in fixes if each and each.utc), default=None)
        to_fix = round(one.days) if one.days is not None else _days(first or begun, ended)
        # A commit may say what it breaks: then the "report" is older, and no delay is told.
        delay = _days(begun, first)
        made.append(
            Chain(
                one,
                place.partition("#")[2],
                reports[0] if reports else None,
                tuple(reports[1:]),
                delay if delay is None or delay >= 0 else None,
                to_fix if to_fix is None or to_fix >= 0 else None,
            )
        )
    return made


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
    """Count days between two dates; None if one is not known."""
    if not begin or not end:
        return None
    seconds = datetime.fromisoformat(end[:10]) - datetime.fromisoformat(begin[:10])
    return round(seconds.total_seconds() / _DAY)
