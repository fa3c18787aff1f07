"""Where in time a commit belongs whose date nobody wrote down: by its release."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from datetime import UTC, datetime

from threadkit.cow.eras.release import parse_release
from threadkit.site.values import Commit

_LAST = {2: 0, 3: 40, 4: 60, 5: 81, 6: 101, 7: 121}
"""Releases before the first of a number, counted from 2.6.0; 4.20 and 5.19 were the last ones."""

_CANDIDATES = 9.0  # of a release, about


def about(commits: Iterable[Commit]) -> dict[str, str]:
    """Say about when undated commits were made, to put them into an order.

    Parameters
    ----------
    commits : iterable of Commit
        Dated ones give the dates of their releases.

    Returns
    -------
    dict of str to str
        Hash to date (ISO 8601), for undated commits of a kernel's release: between the dates
        of the releases before and after it, as kernels come at even intervals.

    Examples
    --------
    >>> old = Commit("a", "", utc="2005-08-01", release="v2.6.13")
    >>> new = Commit("b", "", utc="2011-01-13", release="v2.6.38-rc1")
    >>> about([old, new, Commit("c", "", release="v2.6.29-rc1"), Commit("d", "", release="next")])
    {'c': '2008-12-30'}
    """
    known: list[tuple[float, float]] = []
    wanted: list[tuple[str, float]] = []
    for commit in commits:
        place = _place(commit.release)
        if place is not None and commit.utc:
            time = datetime.fromisoformat(commit.utc).replace(tzinfo=UTC).timestamp()
            known.append((place, time))
        elif place is not None:
            wanted.append((commit.sha, place))
    known.sort()
    found = {}
    for sha, place in wanted if known else ():
        at = bisect_left(known, (place, 0.0))
        before, after = known[max(at - 1, 0)], known[min(at, len(known) - 1)]
        part = (place - before[0]) / (after[0] - before[0]) if after[0] > before[0] else 0.0
        time = before[1] + (after[1] - before[1]) * min(max(part, 0.0), 1.0)
        found[sha] = datetime.fromtimestamp(time, UTC).date().isoformat()
    return found


def _place(name: str) -> float | None:
    """Count the releases before one; a candidate lies between two."""
    release = parse_release(name.lower().removeprefix("v"))
    if release is None or release.stable or release.series[0] not in _LAST:
        return None
    place = float(_LAST[release.series[0]] + release.series[-1])
    return place - 1 + min(release.candidate / _CANDIDATES, 1.0)
