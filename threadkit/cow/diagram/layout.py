"""Where everything stands in the picture of one state.

Processes and references stand left, pages right; each line leaves from a row of its own,
so labels never meet other lines, and lands at a place of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from threadkit.cow.diagram.frames import FRAME_WIDTH, TIMES, draw_frame, frame_height
from threadkit.cow.diagram.measure import fit_text, text_width, wrap_facts
from threadkit.cow.diagram.shapes import Box, Drawing, Ink, Line, Pattern, Shape, Text
from threadkit.cow.diagram.words import (
    count_words,
    entry_name,
    harm_words,
    register_value,
    shown_mappings,
)
from threadkit.cow.views import FrameView, MappingView, ProcessView, ReferenceView, StateView

WIDTH = 360.0
"""Of every picture, so that 13 units of text stay over 11 pixels on a phone."""

LEFT_WIDTH = 90.0
SMALL = 12.0
_EDGE = 2.0
_GAP = 10.0
_ROW = 18.0
_BASE = 28.0
_PILL = 34.0
_FRAMES_X = WIDTH - _EDGE - FRAME_WIDTH
_LABEL_X = _EDGE + LEFT_WIDTH + 9
_FOOT_LINE = 16.0


@dataclass(frozen=True, slots=True)
class Roster:
    """Rows that are kept free at the left, so that nothing moves between steps.

    Attributes
    ----------
    rows : tuple of (str, float)
        ``process:NAME`` or ``reference:NAME``, and the greatest height that it needs.
    height : float
        Least height of the picture above its foot.
    """

    rows: tuple[tuple[str, float], ...] = ()
    height: float = 0


@dataclass(slots=True)
class _Port:
    """Where a line leaves, and where it goes."""

    y: float
    label: str
    frame: str | None
    pattern: Pattern
    pin: bool = False
    changed: bool = False
    double: bool = False


@dataclass(slots=True)
class _Sketch:
    """A picture in the making."""

    shapes: list[Shape] = field(default_factory=list)
    ports: list[_Port] = field(default_factory=list)


def roster(views: Iterable[StateView]) -> Roster:
    """Collect what stands left in any of some states, for pictures that are seen in a row.

    Parameters
    ----------
    views : iterable of StateView
        States of one scenario.

    Returns
    -------
    Roster
        To give to :func:`layout` for each of them.
    """
    rows: dict[str, float] = {}
    height = 0.0
    for view in views:
        for key, needed in _rows(view):
            rows[key] = max(rows.get(key, 0), needed)
        height = max(height, _frames_height(view))
    ordered = sorted(rows.items(), key=lambda row: row[0].startswith("reference:"))
    return Roster(tuple(ordered), height)


def layout(view: StateView, before: StateView | None = None, keep: Roster | None = None) -> Drawing:
    """Place everything.

    Parameters
    ----------
    view : StateView
        What to draw.
    before : StateView, optional
        Whatever differs from it is drawn heavier.
    keep : Roster, optional
        Rows to keep free.

    Returns
    -------
    Drawing
        ``WIDTH`` wide, as high as it needs.
    """
    keep = keep or roster([view])
    left_height = sum(height + _GAP for _, height in keep.rows) - _GAP
    height = max(left_height, keep.height, _frames_height(view), _BASE) + 2 * _EDGE
    sketch = _Sketch()
    _draw_left(sketch, view, before, keep, _EDGE + max(0.0, (height - 2 * _EDGE - left_height) / 2))
    boxes = _draw_frames(sketch, view, before, height)
    _draw_lines(sketch, boxes)
    foot = _foot(view)
    for number, (text, hot) in enumerate(foot):
        y = height + _FOOT_LINE * (number + 1)
        sketch.shapes.append(
            Text(_EDGE, y, text, size=SMALL, ink="hot" if hot else "mute", bold=hot)
        )
    below = len(foot) * _FOOT_LINE + 5 if foot else 0
    return Drawing(WIDTH, height + below, tuple(sketch.shapes))


def _rows(view: StateView) -> list[tuple[str, float]]:
    """Return what stands left in one state, with its height."""
    rows = [
        (f"process:{process.name}", _process_height(view, process))
        for process in view.processes
        if process.state != "unborn"
    ]
    return rows + [(f"reference:{r.name}", _PILL) for r in view.references]


def _process_height(view: StateView, process: ProcessView) -> float:
    """Return how high the box of a process is."""
    if process.state != "alive":
        return _BASE
    entries = _entries(view, process)
    rows = len(entries) if _names_rows(entries) else 0
    return _BASE + _ROW * rows + (_ROW - 2 if process.has_pinned else 0)


def _entries(view: StateView, process: ProcessView) -> list[MappingView]:
    """Return the page-table entries of one process."""
    return [mapping for mapping in shown_mappings(view) if mapping.process == process.name]


def _names_rows(entries: list[MappingView]) -> bool:
    """Tell whether each entry needs a row with its name: several, or a changed protection."""
    return len(entries) > 1 or any(mapping.vma != "rw" for mapping in entries)


def _draw_left(
    sketch: _Sketch, view: StateView, before: StateView | None, keep: Roster, y: float
) -> None:
    """Draw processes and references, and note where their lines leave."""
    processes = {f"process:{process.name}": process for process in view.processes}
    references = {f"reference:{reference.name}": reference for reference in view.references}
    for key, height in keep.rows:
        process = processes.get(key)
        if process is not None and process.state != "unborn":
            _draw_process(sketch, view, before, process, y)
        elif key in references:
            _draw_reference(sketch, references[key], before, y)
        y += height + _GAP


def _draw_process(
    sketch: _Sketch, view: StateView, before: StateView | None, process: ProcessView, y: float
) -> None:
    """Draw one process with its page-table entries."""
    gone = process.state == "gone"
    height = _process_height(view, process)
    box = Box(_EDGE, y, LEFT_WIDTH, height, 4, dashed=gone, ink="mute", role="process")
    name = fit_text(process.name, LEFT_WIDTH - (26 if gone else 10), 13)
    changed = before is not None and process not in before.processes
    title = Text(
        box.x + LEFT_WIDTH / 2,
        y + 18.5,
        f"{name} †" if gone else name,
        "middle",
        ink="mute" if gone else "ink",
        bold=changed and not gone,
    )
    sketch.shapes += [box, title]
    if gone:
        return
    below = y + _BASE
    if process.has_pinned:
        note = Text(title.x, below + 6, "has pinned", "middle", SMALL, "mute")
        sketch.shapes.append(note)
        below += _ROW - 2
    entries = _entries(view, process)
    if not _names_rows(entries):
        sketch.ports += [_port(entry, before, y + height / 2) for entry in entries]
        return
    for number, entry in enumerate(entries):
        middle = below + _ROW * number + _ROW / 2 - 4
        allows = "" if entry.vma == "rw" else f" ({entry.vma})"
        label = fit_text(entry_name(entry) + allows, LEFT_WIDTH - 12, SMALL)
        sketch.shapes.append(Text(box.right - 6, middle + 4.3, label, "end", SMALL, "mute"))
        sketch.ports.append(_port(entry, before, middle))


def _port(entry: MappingView, before: StateView | None, y: float) -> _Port:
    """Say how the line of a page-table entry looks."""
    changed = before is not None and entry not in shown_mappings(before)
    if entry.state == "none":
        return _Port(y, "none", None, "solid", changed=changed)
    if entry.state == "swap":
        return _Port(y, "out", entry.frame, "dashed", changed=changed)
    # A PMD is drawn double anyhow: where there is room for one word, userfaultfd's goes first.
    label = ("rw" if entry.writable else "ro") + (
        " wp" if entry.uffd_wp else " pmd" if entry.huge else ""
    )
    pattern: Pattern = "solid" if entry.writable else "dotted"
    return _Port(y, label, entry.frame, pattern, changed=changed, double=entry.huge)


def _draw_reference(
    sketch: _Sketch, reference: ReferenceView, before: StateView | None, y: float
) -> None:
    """Draw one named reference as a pill."""
    changed = before is not None and reference not in before.references
    pill = Box(_EDGE, y, LEFT_WIDTH, _PILL, _PILL / 2, "mute", role="reference")
    many = f" {TIMES}{reference.count}" if reference.count > 1 else ""
    room = LEFT_WIDTH - 16 - text_width(many, 13, bold=changed)
    name = fit_text(reference.name, room, 13, bold=changed) + many
    room = LEFT_WIDTH - 14
    who = f"by {reference.holder}"
    if text_width(who, SMALL) > room:
        who = fit_text(reference.holder, room, SMALL)
    middle = pill.x + LEFT_WIDTH / 2
    sketch.shapes += [
        pill,
        Text(middle, y + 15, name, "middle", bold=changed),
        Text(middle, y + 28, who, "middle", SMALL, "mute"),
    ]
    use = " w" if reference.write else " r"
    plain = {"transient": "brief", "lock": "lock"}
    label = plain.get(reference.kind, reference.kind + use)
    port = _Port(y + _PILL / 2, label, reference.frame, "solid", pin=True, changed=changed)
    sketch.ports.append(port)


def _held(view: StateView, frame: FrameView) -> list[ReferenceView]:
    """Return the named references to one page."""
    return [reference for reference in view.references if reference.frame == frame.name]


def _frames_height(view: StateView) -> float:
    """Return how high the column of pages is."""
    heights = [frame_height(frame, _held(view, frame)) for frame in view.frames]
    return sum(heights) + _GAP * max(0, len(heights) - 1)


def _draw_frames(
    sketch: _Sketch, view: StateView, before: StateView | None, height: float
) -> dict[str, Box]:
    """Draw the pages in the middle of the height."""
    old = None if before is None else {frame.name: frame for frame in before.frames}
    y = (height - _frames_height(view)) / 2
    boxes = {}
    for frame in view.frames:
        held = _held(view, frame)
        shapes = draw_frame(frame, held, old, _FRAMES_X, y)
        first = shapes[0]
        if isinstance(first, Box):
            boxes[frame.name] = first
        sketch.shapes += shapes
        y += frame_height(frame, held) + _GAP
    return boxes


def _draw_lines(sketch: _Sketch, boxes: dict[str, Box]) -> None:
    """Draw a line for each port, with its label in a gap; it bends behind labels it passes."""
    landings = _landings(sketch.ports, boxes)
    labels = [_label(port) for port in sketch.ports]
    for number, (port, label) in enumerate(zip(sketch.ports, labels, strict=True)):
        ink: Ink = "hot" if port.pin else "ink"
        stroke = 2.75 if port.changed else 1.75
        stub = (_EDGE + LEFT_WIDTH, port.y, _LABEL_X - 3, port.y)
        sketch.shapes += [Line(stub, ink, stroke), label]
        if port.frame in boxes:
            start = label.box().right + 3
            end = landings[number]
            path = (start, port.y, boxes[port.frame].x, end)
            bend = max(box.right for box in _between(labels, port.y, end)) + 4
            line = Line(path, ink, stroke, port.pattern, port.double, bend)
            sketch.shapes.append(line)


def _between(labels: list[Text], y0: float, y1: float) -> list[Box]:
    """Return the labels that a line from one height to another passes, its own among them."""
    top, bottom = min(y0, y1), max(y0, y1)
    return [box for box in (label.box() for label in labels) if box.y < bottom and top < box.bottom]


def _label(port: _Port) -> Text:
    """Write what a line is, behind its stub."""
    ink: Ink = "hot" if port.pin else "mute" if port.frame is None else "ink"
    return Text(_LABEL_X, port.y + 4.2, port.label, size=SMALL, ink=ink, bold=port.changed)


def _landings(ports: list[_Port], boxes: dict[str, Box]) -> dict[int, float]:
    """Spread the lines that land at one page, in the order in which they leave."""
    places: dict[int, float] = {}
    for name, box in boxes.items():
        arriving = [n for n, port in enumerate(ports) if port.frame == name]
        step = min(8.0, (box.height - 16) / max(1, len(arriving) - 1))
        first = box.y + box.height / 2 - step * (len(arriving) - 1) / 2
        places |= {number: first + step * place for place, number in enumerate(arriving)}
    return places


def _foot(view: StateView) -> list[tuple[str, bool]]:
    """Return the lines below: what was read, who is inside a function, counts, harms."""
    running = [f"{actor} in {function}" for actor, function in view.running]
    read = [f"{who}:{name} = {register_value(value)}" for who, name, value in view.registers]
    counts = [count_words(name, number) for name, number in view.counters if number]
    harms = ["✗ " + harm_words(*harm) for harm in view.harms if harm[0] != "broken"]
    broken = ["✗ " + harm_words(*harm) for harm in view.harms if harm[0] == "broken"]
    room = WIDTH - 2 * _EDGE
    lines: list[tuple[str, bool]] = []
    for facts, hot in ((running, False), (read + counts, False), (harms, True), (broken, False)):
        lines += [(line, hot) for line in wrap_facts(facts, room, SMALL, bold=hot)]
    return lines
