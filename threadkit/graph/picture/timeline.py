"""Evidence in the order of time: a row a thing, a lane a kind, and lines for what joins them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

from threadkit.commits.releases import Release, parse_release
from threadkit.graph.evidence.schema import EDGES, kind_of, name_of
from threadkit.graph.picture.part import most_connected, shown_of
from threadkit.graph.picture.sheet import Sheet, link_of, number
from threadkit.graph.picture.tracks import STEP, spans_of, tracks
from threadkit.graph.picture.tracks import path as track_path

if TYPE_CHECKING:
    import networkx as nx

_Data = Mapping[str, object]
_LANES = (
    "message", "series", "commit", "regression", "report", "bug", "cve", "release", "unresolved",
)  # fmt: skip
_NAMES = {
    "message": "mails",
    "series": "series",
    "commit": "commits",
    "regression": "regressions",
    "report": "reports",
    "bug": "bugs",
    "cve": "CVEs",
    "release": "releases",
    "unresolved": "unknown",
}
_POINTING = ("message", "commit", "regression")
_NO_RELEASE = Release((), 0, "")
_PERHAPS = "perhaps introduced_by"  # one of several culprits
_TO_CULPRIT = "red arrow"
_TO_FIXED = "green arrow"
_GREEN = frozenset({"fixes", "closes", "reverts"})
_UNDRAWN = frozenset({"wrote", "quotes", "reported_by", "tested_by", "bisected_by"})
_ROW = 21.0
_LANE = 34.0
_HEAD = 62.0
_WIDTH = 1080.0
_BEND = 26.0
_EDGE = 38.0  # of the sheet to the first lane, without tracks


def draw_timeline(graph: nx.DiGraph[str], kind: str, title: str, most: int) -> str:
    """Draw commits, mails, regressions and the rest from the oldest to the newest.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        An evidence graph, or its view of regressions.
    kind : str
        ``evidence`` or ``regressions``.
    title : str
        What it is about.
    most : int
        Nodes to draw at most: the most connected part.

    Returns
    -------
    str
        An SVG file.

    Notes
    -----
    People have no rows: their names stand beside what they wrote. What has no date stands
    where its ties, and its release, say.
    """
    things = {node: data for node, data in graph.nodes(data=True) if kind_of(node) in _NAMES}
    ties = [
        (source, target, _PERHAPS if data.get("one_of") else data["kind"])
        for source, target, data in graph.edges(data=True)
        if data["kind"] not in _UNDRAWN
        and source != target
        and source in things
        and target in things
    ]
    near = _neighbours(things, ties)
    parts = _chosen(near, most)
    rows = _in_order(things, ties, near, parts)
    lanes = [one for one in _LANES if any(kind_of(node) == one for node in rows)]
    about = [
        "From top to bottom in the order of time, not to scale: without a date, in that of "
        "releases. Hollow: not here.",
        "Red, on the left, leads from a regression to what it came with; dashed green, on the "
        "right, to what is fixed, closed or undone; grey is any other tie.",
        shown_of(len(rows), len(things), "nodes"),
    ]
    sheet = Sheet(_WIDTH, title, [line for line in about if line])
    top = sheet.top + _HEAD
    heights = {node: (0.0, top + 8 + at * _ROW) for at, node in enumerate(rows)}
    joined = _joined(ties, heights)
    red, green = (
        tracks(spans_of([ends for ends, kinds in joined.items() if _look(kinds) == look], heights))
        for look in (_TO_CULPRIT, _TO_FIXED)
    )
    first = _EDGE + (max(red.values(), default=-1) + 1) * STEP
    lane_x = {one: first + at * _LANE for at, one in enumerate(lanes)}
    bottom = top + len(rows) * _ROW
    for one, x in lane_x.items():
        sheet.turned(x - 3, top - 14, _NAMES[one], -38)
        sheet.line(f"M{number(x)} {number(top - 6)}V{number(bottom)}", "rule")
    places = {node: (lane_x[kind_of(node)], y) for node, (_, y) in heights.items()}
    right = first + (len(lanes) - 1) * _LANE + 18
    track_x = {
        _TO_CULPRIT: {aim: first - 18 - at * STEP for aim, at in red.items()},
        _TO_FIXED: {aim: right + at * STEP for aim, at in green.items()},
    }
    for path, look, tip in _lines(things, joined, places, track_x):
        sheet.line(path, look, tip)
    left = right + (max(green.values(), default=-1) + 1) * STEP + 6
    for node in rows:
        _row(sheet, things[node], node, places[node], left)
    return sheet.svg(bottom + 12)


def _neighbours(
    things: Mapping[str, _Data], ties: Sequence[tuple[str, str, str]]
) -> dict[str, list[str]]:
    """List what each thing is tied to."""
    near: dict[str, list[str]] = {node: [] for node in things}
    for source, target, _ in ties:
        near[source].append(target)
        near[target].append(source)
    return near


def _chosen(near: Mapping[str, Sequence[str]], most: int) -> set[str]:
    """Choose what to draw; what is tied to nothing comes last.

    Over releases everything hangs together, and that says nothing: of a large graph they
    are left out.
    """
    tied = {node: others for node, others in near.items() if others}
    if len(tied) > most:
        tied = {
            node: [other for other in others if kind_of(other) != "release"]
            for node, others in tied.items()
            if kind_of(node) != "release"
        }
    parts = most_connected(tied, most)
    alone = sorted(node for node, others in near.items() if not others)
    return parts | set(alone[: most - len(parts)])


def _in_order(
    things: Mapping[str, _Data],
    ties: Sequence[tuple[str, str, str]],
    near: Mapping[str, Sequence[str]],
    chosen: set[str],
) -> list[str]:
    """Sort by date, then by release.

    What has a release and no date stands behind all that earlier releases have. A commit,
    mail or regression without a date is younger than what it points at; anything else
    without one comes behind the first thing that it is tied to.
    """
    dates = {node: str(data.get("date_utc") or "") for node, data in things.items()}
    releases = {node: parse_release(str(things[node].get("release") or "")) for node in things}
    by_release = _ByRelease((releases[node], date) for node, date in dates.items() if date)
    after: dict[str, str] = {}
    for source, target, _ in ties:
        if kind_of(source) in _POINTING and dates[target] > after.get(source, ""):
            after[source] = dates[target]
    keys: dict[str, tuple[str, int, Release, str]] = {}
    for node in chosen:
        around = min((dates[one] for one in near[node] if dates[one]), default="9")
        date, place = dates[node], 0
        if not date:
            date, place = by_release.place(releases[node])
            if after.get(node, "") > date:
                date, place = after[node], 1
            date, place = (date, place) if date else (around, 1)
        keys[node] = (date, place, releases[node] or _NO_RELEASE, node)
    return sorted(chosen, key=keys.__getitem__)


class _ByRelease:
    """Where in time a mainline release stands, by the dates of what else is in releases."""

    def __init__(self, known: Iterable[tuple[Release | None, str]]) -> None:
        some = sorted((one, date) for one, date in known if one and one.is_mainline_name)
        self._releases = [one for one, _ in some]
        self._latest = list(accumulate((date for _, date in some), max))
        self._earliest = list(accumulate((date for _, date in reversed(some)), min))[::-1]

    def place(self, release: Release | None) -> tuple[str, int]:
        """Return a date, and 1 for behind it or -1 for before; no date if nothing tells."""
        if release is None or not release.is_mainline_name or not self._releases:
            return "", 1
        at = bisect_right(self._releases, release)
        return (self._latest[at - 1], 1) if at else (self._earliest[0], -1)


def _joined(
    ties: Sequence[tuple[str, str, str]], drawn: Container[str]
) -> dict[tuple[str, str], list[str]]:
    """Put together the ties of each two things that are drawn."""
    joined: dict[tuple[str, str], list[str]] = {}
    for source, target, kind in ties:
        if source in drawn and target in drawn:
            joined.setdefault((source, target), []).append(kind)
    return joined


def _look(kinds: Iterable[str]) -> str:
    """Choose the classes of a line by what it stands for."""
    if not _GREEN.isdisjoint(kinds):
        return _TO_FIXED
    return _TO_CULPRIT if "introduced_by" in kinds else "way"


def _lines(
    things: Mapping[str, _Data],
    joined: Mapping[tuple[str, str], Sequence[str]],
    places: Mapping[str, tuple[float, float]],
    track_x: Mapping[str, Mapping[str, float]],
) -> Iterator[tuple[str, str, str]]:
    """Yield path, look and words of each tie once; grey ones first, so that they lie below."""
    found = []
    for (source, target), kinds in joined.items():
        look = _look(kinds)
        said = "; ".join(_meaning(kind) for kind in dict.fromkeys(kinds))
        tip = f"{_title(things, source)}\n{said}\n{_title(things, target)}"
        ends = places[source], places[target]
        way = track_path(*ends, track_x[look][target]) if look in track_x else _path(*ends)
        found.append((way, look, tip))
    return iter(sorted(found, key=lambda one: (one[1] != "way", one)))


def _meaning(kind: str) -> str:
    return "may have come with" if kind == _PERHAPS else EDGES[kind].meaning


def _title(things: Mapping[str, _Data], node: str) -> str:
    return str(things[node].get("title") or name_of(node))


def _path(start: tuple[float, float], end: tuple[float, float]) -> str:
    """Join two places: in one lane by a bow to the left, else by a curve."""
    (x, y), (to_x, to_y) = start, end
    if x == to_x:
        bow = min(_BEND, 6 + abs(to_y - y) / 12)
        points = (x - 5, y, x - bow, y, x - bow, to_y, to_x - 6, to_y)
    else:
        side = 6 if to_x > x else -6
        middle = (x + to_x) / 2
        points = (x + side, y, middle, y, middle, to_y, to_x - side * 1.3, to_y)
    a, b, c, d, e, f, g, h = map(number, points)
    return f"M{a} {b}C{c} {d} {e} {f} {g} {h}"


def _row(sheet: Sheet, data: _Data, node: str, place: tuple[float, float], left: float) -> None:
    """Draw one thing and its words: day, name, who, title."""
    x, y = place
    kind, name = kind_of(node), name_of(node)
    title = str(data.get("title") or "")
    person = str(data.get("person") or "")
    facts = (title, person, str(data.get("date_utc") or ""), str(data.get("reason") or ""), name)
    sheet.open_link(link_of(node), "\n".join(fact for fact in facts if fact))
    hollow = bool(data.get("ghost")) or kind == "unresolved"
    sheet.line(f"M{number(x + 9)} {number(y)}H{number(left - 6)}", "dot")
    sheet.shape(kind, x, y, hollow=hollow)
    sheet.text(left, y + 4, str(data.get("date_utc") or "")[:10], look="mute")
    words = _words(kind, name, title, person, data)
    sheet.row(left + 84, y + 4, sheet.width - 104 - left, words)
    sheet.close_link()


def _words(kind: str, name: str, title: str, person: str, data: _Data) -> Iterator[tuple[str, str]]:
    """Yield what is written beside a node, and how it looks."""
    if kind in ("commit", "unresolved"):
        yield name[:12], "mono"
        yield title, "mute" if kind == "unresolved" else ""
        yield str(data.get("release") or data.get("reason") or ""), "mute"
    elif kind == "regression":
        yield title or name, "hot"
        yield str(data.get("state") or "").replace("_", " "), "mute"
    elif kind in ("message", "report"):
        yield person, "hot" if kind == "report" else ""
        yield title or name, "mute"
    else:
        yield title or name, ""
        yield str(data.get("fate") or ""), "mute"
