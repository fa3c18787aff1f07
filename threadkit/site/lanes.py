"""Who spoke when: a lane for each person, silence cut out and told in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import NamedTuple

from threadkit.site.render import count, day
from threadkit.site.values import Mail, Person, Site

SILENCE = 10.0
"""Days without a mail after which the scale is cut."""

_MOST_GAPS = 7
_GAP = 2.5  # percent of the width
_EDGE = 1.0
_LABEL = 8.2  # percent that words take at 1280 px; at 390 px four times as much
_DAY = 86400.0
_NEAR = 0.25  # percent; dots nearer than this cover each other
_TO = " \N{EN DASH} "


class Dot(NamedTuple):
    """A mail, or some mails too near to be told apart: ``big`` if claims are made there."""

    x: float
    page: str
    title: str
    big: bool


class Lane(NamedTuple):
    """One row; ``person`` is None for all those without a colour."""

    person: Person | None
    title: str
    messages: int
    dots: tuple[Dot, ...]


class Label(NamedTuple):
    """Words under the lanes: begin, middle or end of them is at ``x``.

    ``wide`` marks those that a narrow screen has no place for.
    """

    x: float
    words: str
    anchor: str = "start"
    wide: bool = False


class Lanes(NamedTuple):
    """All rows with their scale, and the same in a sentence."""

    rows: tuple[Lane, ...]
    parts: tuple[tuple[float, float], ...]
    dates: tuple[Label, ...]
    gaps: tuple[Label, ...]
    words: str


class Scale:
    """Places of moments, in percent: half by mails, half by days, with silence cut out.

    Parameters
    ----------
    moments : iterable of float
        Seconds; at least one.
    """

    def __init__(self, moments: Iterable[float]) -> None:
        bursts = _bursts(sorted(moments))
        days = [max((one[-1] - one[0]) / _DAY, 0.5) for one in bursts]
        mails = [len(one) for one in bursts]
        room = 100 - _GAP * (len(bursts) - 1)
        self.parts: list[tuple[float, float]] = []
        self.spans = [(one[0], one[-1]) for one in bursts]
        at = 0.0
        for length, number in zip(days, mails, strict=True):
            width = room * (length / sum(days) + number / sum(mails)) / 2
            self.parts.append((at, at + width))
            at += width + _GAP

    def place(self, moment: float) -> float:
        """Return where a moment lies.

        Parameters
        ----------
        moment : float
            Seconds; one of those that the scale was made of.

        Returns
        -------
        float
            Percent of the width.
        """
        number = max(i for i, (first, _) in enumerate(self.spans) if first <= moment)
        (first, last), (left, right) = self.spans[number], self.parts[number]
        edge = min(_EDGE, (right - left) / 4)
        share = (moment - first) / (last - first) if last > first else 0.5
        return left + edge + share * (right - left - 2 * edge)


class Timeline:
    """The mails of a site on their scale; laid out once, drawn for all or for one.

    Parameters
    ----------
    site : Site
        Its mails of the thread are laid out; those that a casebook tells of beside it are not.
    """

    def __init__(self, site: Site) -> None:
        mails = [(_seconds(m.utc), m) for m in site.mails if m.utc and m.where == "thread"]
        mails.sort(key=lambda pair: (pair[0], pair[1].order))
        self._people = site.people
        self._mails: dict[str, list[tuple[float, Mail]]] = {}
        self._scale = scale = Scale(moment for moment, _ in mails) if mails else None
        if scale:
            for moment, mail in mails:
                self._mails.setdefault(mail.person, []).append((scale.place(moment), mail))
            self._legend = _labels(scale)

    def everybody(self, *, most: int = 150) -> Lanes | None:
        """Draw a lane for each person with a colour, and one for all others.

        Parameters
        ----------
        most : int, optional
            About how many dots to draw; mails near each other share one when there are more.

        Returns
        -------
        Lanes or None
            None if no mail has a date.
        """
        coloured = [one for one in self._people.values() if one.colour and one.key in self._mails]
        others = sorted(set(self._mails) - {one.key for one in coloured})
        total = sum(map(len, self._mails.values()))
        step = _NEAR if total <= most else 100 * (len(coloured) + 1) / most
        rows = [_lane(one, one.name, self._mails[one.key], step) for one in coloured]
        if others:
            mails = sorted(
                (pair for key in others for pair in self._mails[key]),
                key=lambda pair: (pair[0], pair[1].order),
            )
            rows.append(_lane(None, count(len(others), "other"), mails, step))
        return self._drawn(rows)

    def person(self, key: str, *, most: int = 150) -> Lanes | None:
        """Draw the lane of one person, on the scale of all.

        Parameters
        ----------
        key : str
            Of the person.
        most : int, optional
            About how many dots to draw.

        Returns
        -------
        Lanes or None
            None if no mail of theirs has a date.
        """
        mails = self._mails.get(key)
        person = self._people.get(key)
        if not mails or person is None:
            return None
        step = _NEAR if len(mails) <= most else 100 / most
        return self._drawn([_lane(person, person.name, mails, step)])

    def _drawn(self, rows: Sequence[Lane]) -> Lanes | None:
        return Lanes(tuple(rows), tuple(self._scale.parts), *self._legend) if self._scale else None


def lanes(site: Site, *, most: int = 150) -> Lanes | None:
    """Lay out who spoke when, for everybody.

    Parameters
    ----------
    site : Site
        What is shown.
    most : int, optional
        About how many dots to draw.

    Returns
    -------
    Lanes or None
        None if no mail has a date.
    """
    return Timeline(site).everybody(most=most)


def _lane(
    person: Person | None, title: str, mails: Sequence[tuple[float, Mail]], step: float
) -> Lane:
    groups: list[list[tuple[float, Mail]]] = []
    for x, mail in mails:
        if groups and x - groups[-1][0][0] < step:
            groups[-1].append((x, mail))
        else:
            groups.append([(x, mail)])
    return Lane(person, title, len(mails), tuple(_dot(group) for group in groups))


def _dot(group: Sequence[tuple[float, Mail]]) -> Dot:
    first = group[0][1]
    words = day(first.utc)
    if len(group) > 1:
        last = day(group[-1][1].utc)
        words = count(len(group), "message") + ", " + words + ((_TO + last) * (last != words))
    x = (group[0][0] + group[-1][0]) / 2
    page = first.page if first.name else ""
    return Dot(round(x, 2), page, words, any(mail.claims for _, mail in group))


def _bursts(moments: Sequence[float]) -> list[list[float]]:
    """Cut at the longest silences."""
    lengths = [(b - a, i + 1) for i, (a, b) in enumerate(pairwise(moments))]
    silent = [pair for pair in lengths if pair[0] >= SILENCE * _DAY]
    cuts = sorted(at for _, at in sorted(silent, key=lambda p: (-p[0], p[1]))[:_MOST_GAPS])
    return [list(moments[a:b]) for a, b in zip([0, *cuts], [*cuts, len(moments)], strict=True)]


def _labels(scale: Scale) -> tuple[tuple[Label, ...], tuple[Label, ...], str]:
    """Name the month where each part begins, and how long each silence is."""
    first, last = scale.spans[0][0], scale.spans[-1][1]
    told = day(_iso(first))
    told += (_TO + day(_iso(last))) * (day(_iso(last)) != told)
    gaps, silences = [], []
    spans = zip(scale.spans, scale.spans[1:], scale.parts, strict=False)
    for (_, before), (after, _), (_, right) in spans:
        words = _length((after - before) / _DAY)
        silences.append(f"{words} after {day(_iso(before))}")
        gaps.append(Label(round(right + _GAP / 2, 2), f"⋯ {words} ⋯", "middle", wide=True))
    if silences:
        told += "; nothing for " + ", ".join(silences)
    return tuple(_months(scale)), tuple(_apart(gaps, _LABEL)), told


def _months(scale: Scale) -> list[Label]:
    names = [day(_iso(start)).split(" ", 1)[1] for start, _ in scale.spans]
    labels = [
        Label(round(left, 2), name) for name, (left, _) in zip(names, scale.parts, strict=True)
    ]
    if len(labels) > 1 and labels[-1].x > 100 - 3 * _LABEL:
        labels[-1] = Label(100, names[-1], "end")
        inner = [one for one in labels[1:-1] if one.x < 100 - 2 * _LABEL]
        labels = [labels[0], *inner, labels[-1]]
    kept = list(_apart(labels, _LABEL))
    roomy = list(_apart([one for one in kept if one.x < 45 or one is kept[-1]], 4 * _LABEL))
    return [one._replace(wide=one not in roomy) for one in kept]


def _apart(labels: Sequence[Label], least: float) -> Iterator[Label]:
    """Leave out what would be written over the one before."""
    before = -100.0
    for one in labels:
        if one.x - before >= least:
            yield one
            before = one.x


def _length(days: float) -> str:
    if days < 60:
        return count(round(days), "day")
    return (
        count(round(days / 30.44), "month") if days < 730 else count(round(days / 365.25), "year")
    )


def _seconds(utc: str | None) -> float:
    return datetime.fromisoformat(utc or "").replace(tzinfo=UTC).timestamp()


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
