"""The box of one page: its letter, content, squares, counts and marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from threadkit.cow.diagram.measure import fit_text, text_width
from threadkit.cow.diagram.shapes import Box, Ink, Shape, Text
from threadkit.cow.diagram.words import PIN, frame_marks
from threadkit.cow.views import FrameView, ReferenceView

FRAME_WIDTH = 180.0
_PAD = 9.0
_ROW = 20.0
_SQUARE = 10.0
_STEP = 13.0
_SMALL = 12.0
TIMES = "\u00d7"
_MOST_SQUARES = 4
_KINDS = {
    "anon": "",
    "zeropage": "zero page",
    "file": "file",
    "ksm": "KSM",
    "thp": "huge",
    "hugetlb": "hugetlb",
    "swap": "",
}


@dataclass(frozen=True, slots=True)
class _Squares:
    """How many squares of one look a page has."""

    number: int
    filled: bool
    hot: bool

    @property
    def text(self) -> str:
        """Return the count behind one square that stands for many, or nothing."""
        return f"{TIMES}{self.number}" if self.number > _MOST_SQUARES else ""

    @property
    def width(self) -> float:
        """Return the room it takes."""
        if self.text:
            return _STEP + text_width(self.text, _SMALL) + 3
        return _STEP * self.number


def frame_height(frame: FrameView, held: Sequence[ReferenceView] = ()) -> float:
    """Return how high the box of a page is.

    Parameters
    ----------
    frame : FrameView
        The page.
    held : sequence of ReferenceView, optional
        The named references to it: many need a row of their own.
    """
    rows = 2 + len(_marks(frame)) + _is_huge(frame) + _is_crowded(frame, held)
    return 8 + _ROW * rows


def draw_frame(
    frame: FrameView,
    held: Sequence[ReferenceView],
    old: Mapping[str, FrameView] | None,
    x: float,
    y: float,
) -> list[Shape]:
    """Draw the box of one page.

    Parameters
    ----------
    frame : FrameView
        The page, or swap entry.
    held : sequence of ReferenceView
        The named references to it.
    old : mapping of str to FrameView, optional
        Pages of the state before; None: nothing is emphasised.
    x, y : float
        Upper left corner.

    Returns
    -------
    list of Shape
        The box first.
    """
    was = frame if old is None else old.get(frame.name)
    thick = 2.5 if was != frame else 1.25
    out = frame.kind == "swap"
    box = Box(
        x, y, FRAME_WIDTH, frame_height(frame, held), 9 if out else 3, "ink", thick, role="page"
    )
    shapes: list[Shape] = [box]
    name = Text(x + _PAD, y + 18, frame.name, bold=True)
    kind = _KINDS.get(frame.kind, frame.kind)
    if was is None:
        kind = f"new {kind}".strip()
    shapes.append(name)
    row = y + 18
    if _is_huge(frame):
        row += _ROW
        shapes += _halves(frame, was, x, row)
        data_left = box.right - _PAD
    else:
        data = _data(frame, was, box.right - _PAD, row)
        shapes.append(data)
        data_left = data.box().x
    left = name.box().right + 5
    if kind:
        shapes.append(
            Text(
                left, y + 18, fit_text(kind, data_left - left - 4, _SMALL), size=_SMALL, ink="mute"
            )
        )
    row += _ROW
    shapes += _counts(frame, was, held, x, row)
    row += _ROW * _is_crowded(frame, held)
    for mark in _marks(frame):
        row += _ROW
        shapes += _chips(mark, x, row)
    return shapes


def _is_huge(frame: FrameView) -> bool:
    """Tell whether the content of a page is shown as two halves."""
    return frame.kind in ("thp", "hugetlb")


def _slot(value: int, was: int | None) -> str:
    """Write a slot, with what it held before if that was something else."""
    return str(value) if was is None or was == value else f"{was}→{value}"


def _slots(frame: FrameView, was: FrameView | None) -> tuple[str, str]:
    """Write both slots."""
    old = (None, None) if was is None else was.content
    return _slot(frame.content[0], old[0]), _slot(frame.content[1], old[1])


def _data(frame: FrameView, was: FrameView | None, right: float, y: float) -> Text:
    """Write the content at the right."""
    data = " ".join(_slots(frame, was))
    changed = was is not None and was.content != frame.content
    word = "data " if not _KINDS.get(frame.kind) and len(data) <= 7 else ""
    return Text(right, y, word + data, "end", mono=True, bold=changed)


def _halves(frame: FrameView, was: FrameView | None, x: float, y: float) -> list[Shape]:
    """Draw the two halves of a huge page."""
    shapes: list[Shape] = []
    width = (FRAME_WIDTH - 2 * _PAD) / 2
    old = frame.content if was is None else was.content
    for half, text in enumerate(_slots(frame, was)):
        left = x + _PAD + width * half
        shapes.append(Box(left, y - 14, width, 18, 0, "mute", role="half"))
        bold = old[half] != frame.content[half]
        shapes.append(Text(left + 5, y - 0.5, f"[{half}]", size=_SMALL, ink="mute"))
        shapes.append(Text(left + width - 5, y, text, "end", bold=bold, mono=True))
    return shapes


def _counts(
    frame: FrameView,
    was: FrameView | None,
    held: Sequence[ReferenceView],
    x: float,
    y: float,
) -> list[Shape]:
    """Draw the squares at the left and the counts at the right, or below where it is crowded."""
    changed = was is not None and (was.refcount, was.mapcount) != (frame.refcount, frame.mapcount)
    below = y + _ROW * _is_crowded(frame, held)
    text = Text(x + FRAME_WIDTH - _PAD, below, _count_text(frame), "end", _SMALL, bold=changed)
    return [*_draw_squares(_squares(frame, held), x + _PAD, y), text]


def _count_text(frame: FrameView) -> str:
    """Write the counts of a page."""
    if frame.kind == "swap":
        return f"{frame.refcount} {'entry' if frame.refcount == 1 else 'entries'}"
    return f"ref {frame.refcount} · map {frame.mapcount}"


def _is_crowded(frame: FrameView, held: Sequence[ReferenceView]) -> bool:
    """Tell whether squares and counts do not fit side by side, be the counts bold or not."""
    room = FRAME_WIDTH - 2 * _PAD - text_width(_count_text(frame), _SMALL, bold=True)
    return sum(kind.width for kind in _squares(frame, held)) > room + _STEP - _SQUARE


def _squares(frame: FrameView, held: Sequence[ReferenceView]) -> list[_Squares]:
    """Return filled squares for maps, hot hollow ones for references that are named.

    Whatever else counts (the swap cache, a per-CPU list) is a plain hollow one; pins are
    one square each, although they count 1024.
    """
    if frame.kind == "swap":
        return []
    named = [r for r in held if r.kind != "lock"]
    counted = sum(PIN * r.count if r.kind == "pin" else r.count for r in named)
    rest = max(0, frame.refcount - frame.mapcount - counted)
    kinds = (
        _Squares(frame.mapcount, True, False),
        _Squares(len(named), False, True),
        _Squares(rest, False, False),
    )
    return [kind for kind in kinds if kind.number]


def _draw_squares(kinds: list[_Squares], x: float, y: float) -> list[Shape]:
    """Draw the squares; one with a number where there are many of a kind."""
    shapes: list[Shape] = []
    for kind in kinds:
        for place in range(1 if kind.text else kind.number):
            shapes.append(_square(x + _STEP * place, y, kind.filled, kind.hot))
        if kind.text:
            ink: Ink = "hot" if kind.hot else "ink"
            shapes.append(Text(x + _STEP - 2, y, kind.text, size=_SMALL, ink=ink))
        x += kind.width
    return shapes


def _square(x: float, y: float, filled: bool, hot: bool) -> Box:
    """Draw one square."""
    if filled:
        return Box(x, y - 10, _SQUARE, _SQUARE, 1, filled=True, role="map")
    ink: Ink = "hot" if hot else "ink"
    return Box(x + 0.75, y - 9.25, _SQUARE - 1.5, _SQUARE - 1.5, 1, ink, 1.5, role="other")


def _marks(frame: FrameView) -> list[list[str]]:
    """Return the marks of a page in rows: what fits side by side shares one."""
    *marks, last = [*frame_marks(frame), ""] if frame.locked_by is None else frame_marks(frame)
    return [row for row in (marks, [last]) if any(row)]


def _chips(marks: list[str], x: float, y: float) -> list[Shape]:
    """Draw marks as outlined words."""
    shapes: list[Shape] = []
    left = x + _PAD
    for mark in marks:
        text = fit_text(mark, x + FRAME_WIDTH - _PAD - left - 6, _SMALL)
        width = text_width(text, _SMALL) + 6
        shapes.append(Box(left, y - 12.5, width, 16, 3, "mute", role="mark"))
        shapes.append(Text(left + 3, y, text, size=_SMALL))
        left += width + 4
    return shapes
