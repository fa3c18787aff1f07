"""Evidence in the order of time: a row a thing, a lane a kind, and lines for what joins them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from threadkit.commits.releases import Release, parse_release
from threadkit.graph.evidence.schema import EDGES, kind_of, name_of
from threadkit.graph.picture.part import most_connected, shown_of
from threadkit.graph.picture.sheet import Sheet, link_of, number

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
_RED = frozenset({"introduced_by"})
_GREEN = frozenset({"fixes", "closes", "reverts"})
_UNDRAWN = frozenset({"wrote", "quotes", "reported_by", "tested_by", "bisected_by"})
_ROW = 21.0
_LANE = 34.0
_HEAD = 62.0
_WIDTH = 1080.0
_BEND = 26.0


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
        (source, target, what)
        for source, target, what in graph.edges(data="kind")
        if what not in _UNDRAWN and source != target and source in things and target in things
    ]
    near = _neighbours(things, ties)
    parts = _chosen(near, most)
    rows = _in_order(things, ties, near, parts)
    lanes = [one for one in _LANES if any(kind_of(node) == one for node in rows)]
    about = [
        "From top to bottom in the order of time, not to scale. Hollow: not here.",
        "Red leads from a regression to what it came with; dashed green to what is fixed, "
        "closed or undone; grey is any other tie.",
        shown_of(len(rows), len(things), "nodes"),
    ]
    sheet = Sheet(_WIDTH, title, [line for line in about if line])
    top = sheet.top + _HEAD
    lane_x = {one: 34 + at * _LANE for at, one in enumerate(lanes)}
    bottom = top + len(rows) * _ROW
    for one, x in lane_x.items():
        sheet.turned(x - 3, top - 14, _NAMES[one], -38)
        sheet.line(f"M{number(x)} {number(top - 6)}V{number(bottom)}", "rule")
    places = {node: (lane_x[kind_of(node)], top + 8 + at * _ROW) for at, node in enumerate(rows)}
    for path, look, tip in _lines(things, ties, places):
        sheet.line(path, look, tip)
    left = 34 + len(lanes) * _LANE
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

    A commit, mail or regression without a date is younger than what it points at; anything
    else without one comes behind the first thing that it is tied to.
    """
    dates = {node: str(data.get("date_utc") or "") for node, data in things.items()}
    after: dict[str, str] = {}
    for source, target, _ in ties:
        if kind_of(source) in _POINTING and dates[target] > after.get(source, ""):
            after[source] = dates[target]
    keys: dict[str, tuple[str, int, Release, str]] = {}
    for node in chosen:
        around = min((dates[one] for one in near[node] if dates[one]), default="9")
        date = dates[node] or after.get(node) or around
        release = parse_release(str(things[node].get("release") or "")) or _NO_RELEASE
        keys[node] = (date, int(not dates[node]), release, node)
    return sorted(chosen, key=keys.__getitem__)


def _lines(
    things: Mapping[str, _Data],
    ties: Sequence[tuple[str, str, str]],
    places: Mapping[str, tuple[float, float]],
) -> Iterator[tuple[str, str, str]]:
    """Yield path, look and words of each tie once; grey ones first, so that they lie below."""
    joined: dict[tuple[str, str], list[str]] = {}
    for source, target, kind in ties:
        if source in places and target in places:
            joined.setdefault((source, target), []).append(kind)
    found = []
    for (source, target), kinds in joined.items():
        look = "way"
        if _GREEN.intersection(kinds):
            look = "green arrow"
        elif _RED.intersection(kinds):
            look = "red arrow"
        said = "; ".join(EDGES[kind].meaning for kind in dict.fromkeys(kinds))
        tip = f"{_title(things, source)}\n{said}\n{_title(things, target)}"
        found.append((_path(places[source], places[target]), look, tip))
    return iter(sorted(found, key=lambda one: (one[1] != "way", one)))


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
