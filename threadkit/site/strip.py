"""Commits, posts and reports in the order of time, and which led to which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Literal, NamedTuple

from threadkit.site.index_of import index_of
from threadkit.site.releases import about
from threadkit.site.render import count
from threadkit.site.values import Commit, Mail, Regression, Report, Site

LANES = ("commits", "posts", "reports")
"""From top to bottom."""

MOST = 48
"""Marks of a picture; with more, those without a line are left to the table."""

TOP, APART = 34, 46
"""Height of the first lane, and from one lane to the next, in pixels."""

ROWS = 200
"""Rows of the table on one page."""

HEIGHT = TOP + APART * 2 + 40

_WIDTH = 24  # pixels for a mark, so that none covers another
_RANK = 0.8
_EDGE = 2.0  # percent left free at the right; at the left, lanes have their names
_NAMES = 62  # pixels of these
_LABEL = 62  # pixels of a label under the lanes

Link = Literal["broke", "answered", "foretold", "became"]
LaneName = Literal["commits", "posts", "reports"]


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the table; with ``x`` a mark of the picture, too.

    Attributes
    ----------
    key : str
        Stays the same in every build: hash, Message-ID, or key of a regression.
    lane : str
        One of :data:`LANES`.
    utc : str or None
        When.
    commit, mail, report, regression : values or None
        What it is; of a report the first regression that it tells of.
    role : str
        Of a post: ``root`` or ``warning``.
    about : str
        Where its date is not known, one near which its release was, or that of what answered
        a report; for the order alone.
    number : int
        In the table, from 1.
    x : float
        Percent of the width; negative if it is in the table alone.
    """

    key: str
    lane: LaneName
    utc: str | None
    commit: Commit | None = None
    mail: Mail | None = None
    report: Report | None = None
    regression: Regression | None = None
    role: str = ""
    about: str = ""
    number: int = 0
    x: float = -1.0

    @property
    def y(self) -> int:
        """Height of its lane."""
        return TOP + APART * LANES.index(self.lane)

    @property
    def time(self) -> str:
        """What it is ordered by; empty if nothing is known."""
        return self.utc or self.about

    @property
    def outside(self) -> bool:
        """Whether it is background: a commit that the conversation does not cite."""
        return self.commit is not None and self.commit.outside

    @property
    def anchor(self) -> str:
        """Name of its row in the table."""
        return f"e{self.number}"

    @property
    def place(self) -> str:
        """Where its row is, from the top of the site."""
        part = (self.number - 1) // ROWS + 1
        return f"commits{f'~{part}' if part > 1 else ''}.html#{self.anchor}"


class Line(NamedTuple):
    """That one thing led to another: ``path`` is in units of percent by pixels, if drawn."""

    kind: Link
    start: int
    stop: int
    path: str = ""


class Strip(NamedTuple):
    """The picture, and the table that says the same.

    Attributes
    ----------
    events : tuple of Event
        In the order of time, numbered; those without a date last.
    lines : tuple of Line
        Those that are drawn, by the numbers of their ends.
    follows : mapping of int to list of Line
        All of them, by the number of what they lead to.
    years : tuple of (float, str)
        Where on the scale a year begins to be shown.
    releases : tuple of (float, str)
        First release with a commit, where there is room.
    width : int
        Least pixels that it needs.
    words : str
        The picture in a sentence.
    """

    events: tuple[Event, ...]
    lines: tuple[Line, ...]
    follows: Mapping[int, list[Line]]
    years: tuple[tuple[float, str], ...]
    releases: tuple[tuple[float, str], ...]
    width: int
    words: str

    @property
    def lanes(self) -> list[tuple[str, int]]:
        """Names and heights."""
        return [(name, TOP + APART * number) for number, name in enumerate(LANES)]

    @property
    def height(self) -> int:
        """Of the picture, in pixels; the style sheet says the same."""
        return HEIGHT

    @property
    def marks(self) -> list[Event]:
        """Those of the picture."""
        return [one for one in self.events if one.x >= 0]

    def before(self, number: int) -> list[Line]:
        """Return the lines that lead to an event, drawn or not.

        Parameters
        ----------
        number : int
            Of the event.
        """
        return self.follows.get(number, [])


def strip(site: Site) -> Strip | None:
    """Put commits, posts and reports of a site in the order of time.

    Parameters
    ----------
    site : Site
        Every line is of one of its regressions or commits: culprit to report, report to fix,
        culprit to fix where nobody's report is known, a warning to what it foretold, and a
        mail to the commit that links to it.

    Returns
    -------
    Strip or None
        None without commits and reports.
    """
    if not site.commits and not site.regressions:
        return None
    events = _ordered(_events(site))
    numbers = {one.key: one.number for one in events}
    pairs = [
        (kind, numbers[start], numbers[stop])
        for kind, start, stop in dict.fromkeys(_links(site))
        if start in numbers and stop in numbers and start != stop
    ]
    # Nobody foretells what was told before.
    pairs = [pair for pair in pairs if pair[0] != "foretold" or pair[1] < pair[2]]
    placed = _placed(events, pairs)
    drawn = [one for one in placed if one.x >= 0]
    width = _least(len(drawn))
    known = {one.number: one for one in drawn}
    lines = tuple(
        Line(kind, start, stop, _curve(known[start], known[stop]))
        for kind, start, stop in sorted(pairs, key=lambda pair: pair[1:])
        if start in known and stop in known
    )
    follows: dict[int, list[Line]] = {}
    for kind, start, stop in sorted(pairs, key=lambda pair: pair[1:]):
        follows.setdefault(stop, []).append(Line(kind, start, stop))
    return Strip(
        tuple(placed),
        lines,
        follows,
        tuple(_labels(((one.x, one.time[:4]) for one in drawn), width, changes=True)),
        tuple(_labels(_releases(drawn, lines), width)),
        width,
        _words(drawn, lines),
    )


def _events(site: Site) -> Iterator[Event]:
    index = index_of(site)
    guessed = about(site.commits)
    for commit in {one.sha[:12]: one for one in site.commits}.values():
        when = guessed.get(commit.sha, "")
        yield Event(commit.sha[:12], "commits", commit.utc, commit=commit, about=when)
    told: set[str] = set()
    for one in site.regressions:
        answers = (index.commit(sha) for sha in (*one.fixes, *one.notes))
        ends = [each.utc or guessed.get(each.sha, "") for each in answers if each]
        before = min(filter(None, ends), default="")
        for key, report in _reports(one):
            if key not in told:
                told.add(key)
                mail = index.mail(report.message_id)
                utc = report.utc or (mail.utc if mail else None)
                when = "" if utc else before
                yield Event(key, "reports", utc, None, mail, report, one, about=when)
    posts = dict.fromkeys([name for one in site.regressions for name in one.foreseen], "warning")
    posts[site.root] = "root"
    for name, role in posts.items():
        mail = index.mail(name)
        if mail is not None and name not in told:
            yield Event(name, "posts", mail.utc, mail=mail, role=role)


def _reports(one: Regression) -> Iterator[tuple[str, Report]]:
    """Name the reports of a regression: by mail, else by the regression and a number."""
    for number, report in enumerate(one.reports):
        yield report.message_id or report.url or f"{one.key} {number}", report


def _links(site: Site) -> Iterator[tuple[Link, str, str]]:
    for one in site.regressions:
        culprit, fixes = one.culprit[:12], [sha[:12] for sha in one.fixes]
        told = [key for key, _ in _reports(one)]
        for key in told:
            yield "broke", culprit, key
            yield from (("foretold", name, key) for name in one.foreseen)
        first = told[:1] or [culprit]
        yield from (("answered", start, fix) for start in first for fix in fixes)
    known = {key for one in site.regressions for key, _ in _reports(one)}
    for commit in site.commits:
        for link in commit.links:
            name = link.rstrip("/").rpartition("/")[2]
            # What links to a report mends it, and was not posted there.
            yield "answered" if name in known else "became", name, commit.sha[:12]


def _ordered(events: Iterable[Event]) -> list[Event]:
    order = sorted(
        events,
        key=lambda one: (
            one.time or "9",
            one.lane != "reports" or not one.about,  # it comes before its answer
            LANES.index(one.lane),
            one.key,
        ),
    )
    return [replace(one, number=number) for number, one in enumerate(order, 1)]


def _placed(events: Sequence[Event], pairs: Sequence[tuple[Link, int, int]]) -> list[Event]:
    """Give marks their place: mostly by rank, a little by time."""
    linked = {end for _, *ends in pairs for end in ends}
    dated = [one for one in events if one.time]
    if len(dated) > MOST:
        dated = [one for one in dated if one.number in linked]
    if len(dated) > MOST:
        near = _near(dated, pairs)
        dated = [one for one in dated if one.number in near][:MOST]
    if not dated:
        return list(events)
    times = [_seconds(one.time) for one in dated]
    first, span = times[0], max(times[-1] - times[0], 1.0)
    last = max(len(dated) - 1, 1)
    left = 100 * _NAMES / _least(len(dated))
    room = 100 - _EDGE - left
    at = {
        one.number: round(
            left + room * (_RANK * rank / last + (1 - _RANK) * (time - first) / span), 2
        )
        for rank, (one, time) in enumerate(zip(dated, times, strict=True))
    }
    return [replace(one, x=at.get(one.number, -1.0)) for one in events]


def _least(marks: int) -> int:
    """Return the least width of a picture."""
    return max(320, _NAMES + _WIDTH * marks)


def _near(events: Sequence[Event], pairs: Sequence[tuple[Link, int, int]]) -> set[int]:
    """Return what the conversation cites or holds, and what one line leads to from there."""
    here = {
        one.number
        for one in events
        if (one.commit is not None and not one.commit.outside)
        or (one.mail is not None and one.mail.where == "thread")
    }
    ends = [(start, stop) for _, start, stop in pairs if start in here or stop in here]
    return here | {end for pair in ends for end in pair}


def _seconds(utc: str) -> float:
    return datetime.fromisoformat(utc).replace(tzinfo=UTC).timestamp()


def _curve(one: Event, other: Event) -> str:
    """Draw a curve between two marks; within a lane it swings out above it."""
    middle = round((one.x + other.x) / 2, 2)
    if one.y == other.y:
        return f"M{one.x} {one.y}C{one.x} {one.y - 26} {other.x} {one.y - 26} {other.x} {other.y}"
    return f"M{one.x} {one.y}C{middle} {one.y} {middle} {other.y} {other.x} {other.y}"


def _releases(drawn: Iterable[Event], lines: Iterable[Line]) -> list[tuple[float, str]]:
    """Name releases: where there is no room for all, of the commits that broke the most."""
    broke = Counter(line.start for line in lines if line.kind == "broke")
    found = [one for one in drawn if one.commit is not None and one.commit.release]
    found.sort(key=lambda one: (-broke[one.number], one.x))
    return [(one.x, one.commit.release) for one in found if one.commit is not None]


def _labels(
    wanted: Iterable[tuple[float, str]], width: int, *, changes: bool = False
) -> Iterator[tuple[float, str]]:
    """Keep the labels that do not run into one before, or into the edge."""
    room = 100 * _LABEL / width
    taken: list[float] = []
    said = ""
    for x, words in wanted:
        if not words or (changes and words == said):
            continue
        if all(abs(x - other) >= room for other in taken) and x <= 100 - room / 3:
            yield x, words
            taken.append(x)
            said = words


def _words(drawn: Sequence[Event], lines: Sequence[Line]) -> str:
    """Say what is to be seen, for those who do not see it."""
    lanes = [sum(one.lane == lane for one in drawn) for lane in LANES]
    names = [
        count(number, lane.removesuffix("s")) for number, lane in zip(lanes, LANES, strict=True)
    ]
    broke = sum(one.kind == "broke" for one in lines)
    answered = sum(one.kind == "answered" for one in lines)
    said = f"{', '.join(names)}; {count(broke, 'line')} to a report, {answered} to an answer"
    years = list(dict.fromkeys(one.time[:4] for one in drawn))
    return f"{said}, {years[0]} to {years[-1]}" if len(years) > 1 else said


def overlaps(drawn: Strip) -> list[tuple[int, int]]:
    """Find marks of one lane that cover each other at the least width.

    Parameters
    ----------
    drawn : Strip
        Any.

    Returns
    -------
    list of (int, int)
        Numbers; empty if all can be told apart.
    """
    found = []
    for lane in LANES:
        here = sorted((one for one in drawn.marks if one.lane == lane), key=lambda one: one.x)
        for one, other in pairwise(here):
            if (other.x - one.x) * drawn.width / 100 < 16:
                found.append((one.number, other.number))
    return found
