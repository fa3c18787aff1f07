"""The shapes that a picture is made of, and how they are written as SVG.

A picture is first a list of these values, so that tests can ask whether boxes overlap
and texts fit, and only then text. Geometry stands in attributes, which every renderer
reads; only colours go through style rules (:mod:`threadkit.cow.diagram.style`), and each
has an attribute to fall back on.
"""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from threadkit.cow.diagram.measure import text_width

Ink = Literal["ink", "mute", "hot", "card"]
Anchor = Literal["start", "middle", "end"]
Pattern = Literal["solid", "dotted", "dashed"]

_FALLBACK = {"ink": "currentColor", "mute": "currentColor", "hot": "#c4521c", "card": "none"}
_SANS = 'Inter,system-ui,"Segoe UI",Roboto,sans-serif'
_SIZE = 13
_MONO = 'ui-monospace,"JetBrains Mono","Noto Sans Mono",monospace'


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle.

    Attributes
    ----------
    x, y, width, height : float
        Its place.
    radius : float
        Of its corners.
    ink : Ink
        Colour of the outline, or of the whole where it is filled.
    stroke : float
        Width of the outline; 0 for none.
    dashed, filled : bool
        How it is drawn.
    role : str
        What it stands for: ``process``, ``reference``, ``page``, ``mark``, ``ground``.
    """

    x: float
    y: float
    width: float
    height: float
    radius: float = 0
    ink: Ink = "ink"
    stroke: float = 1
    dashed: bool = False
    filled: bool = False
    role: str = "mark"

    @property
    def right(self) -> float:
        """Return the x of its right side."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Return the y of its lower side."""
        return self.y + self.height

    def svg(self) -> str:
        """Write it as an element."""
        shape = f'<rect x="{_n(self.x)}" y="{_n(self.y)}" width="{_n(self.width)}"'
        shape += f' height="{_n(self.height)}"' + (
            f' rx="{_n(self.radius)}"' if self.radius else ""
        )
        if self.filled:
            shape += ' stroke="none"' + _paint("fill", self.ink, default=False)
        else:
            shape += _paint("stroke", self.ink)
            shape += "" if self.stroke == 1 else f' stroke-width="{_n(self.stroke)}"'
        return shape + (' stroke-dasharray="4 3"' if self.dashed else "") + "/>"


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text.

    Attributes
    ----------
    x, y : float
        Of its anchor, on the base line.
    value : str
        What it says.
    anchor : Anchor
        Which end of it x is.
    size : float
        Of the font.
    ink : Ink
        Colour.
    bold, mono : bool
        Cut of the font.
    """

    x: float
    y: float
    value: str
    anchor: Anchor = "start"
    size: float = 13
    ink: Ink = "ink"
    bold: bool = False
    mono: bool = False

    def box(self) -> Box:
        """Return the room that it may take."""
        width = text_width(self.value, self.size, bold=self.bold, mono=self.mono)
        left = self.x - {"start": 0, "middle": width / 2, "end": width}[self.anchor]
        return Box(left, self.y - 0.78 * self.size, width, self.size, role="text")

    def svg(self) -> str:
        """Write it as an element, with a blank behind it for readers that see text only."""
        shape = f'<text x="{_n(self.x)}" y="{_n(self.y)}"'
        shape += "" if self.size == _SIZE else f' font-size="{_n(self.size)}"'
        shape += "" if self.anchor == "start" else f' text-anchor="{self.anchor}"'
        shape += ' font-weight="650"' if self.bold else ""
        shape += f" font-family='{_MONO}'" if self.mono else ""
        return f"{shape}{_paint('fill', self.ink)}>{html.escape(self.value)}</text> "


@dataclass(frozen=True, slots=True)
class Line:
    """A curve from a left port to a right one, or a straight stroke.

    Attributes
    ----------
    path : tuple of float
        x, y of the start and of the end; the curve leaves and lands horizontally.
    ink : Ink
        Colour.
    stroke : float
        Width.
    pattern : str
        ``solid``, ``dotted`` (read-only) or ``dashed`` (swapped out).
    double : bool
        Drawn as two: a PMD.
    bend : float
        x up to which it runs straight before it curves; 0: it curves at once.
    """

    path: tuple[float, float, float, float]
    ink: Ink = "ink"
    stroke: float = 1.75
    pattern: Pattern = "solid"
    double: bool = False
    bend: float = 0

    def svg(self) -> str:
        """Write it as one element, or two for a double line."""
        shifts = (-2.0, 2.0) if self.double else (0.0,)
        return "".join(self._stroke(shift) for shift in shifts)

    def _stroke(self, shift: float) -> str:
        """Write one stroke of it, moved down by some units."""
        x0, y0, x1, y1 = self.path
        bend = max(x0, self.bend)
        half = (bend + x1) / 2
        start = f"M{_n(x0)} {_n(y0 + shift)}" + (f"H{_n(bend)}" if bend > x0 else "")
        curve = (
            f"C{_n(half)} {_n(y0 + shift)} {_n(half)} {_n(y1 + shift)} {_n(x1)} {_n(y1 + shift)}"
        )
        path = f"{start}H{_n(x1)}" if y0 == y1 else start + curve
        width = self.stroke - 0.35 if self.double else self.stroke
        dashes = {"solid": "", "dotted": "0.1 4.5", "dashed": "8 4"}[self.pattern]
        shape = f'<path d="{path}"{_paint("stroke", self.ink)}'
        shape += f' stroke-width="{_n(width)}"'
        if dashes:
            cap = ' stroke-linecap="round"' if self.pattern == "dotted" else ""
            shape += f' stroke-dasharray="{dashes}"{cap}'
        return shape + "/>"


Shape = Box | Text | Line


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture.

    Attributes
    ----------
    width, height : float
        Of its view box, which starts at 0, 0.
    shapes : tuple of Shape
        In the order of drawing.
    """

    width: float
    height: float
    shapes: tuple[Shape, ...]

    def boxes(self, *roles: str) -> list[Box]:
        """Return the boxes with some roles, in order."""
        return [s for s in self.shapes if isinstance(s, Box) and s.role in roles]

    def texts(self) -> list[Text]:
        """Return the texts, in order."""
        return [s for s in self.shapes if isinstance(s, Text)]

    def lines(self) -> list[Line]:
        """Return the lines, in order."""
        return [s for s in self.shapes if isinstance(s, Line)]

    def moved(self, right: float, down: float) -> tuple[Shape, ...]:
        """Return the shapes at another place.

        Parameters
        ----------
        right, down : float
            How far.
        """
        return tuple(_moved(shape, right, down) for shape in self.shapes)


def svg_element(
    drawing: Drawing, title: str, words: str, *, style: str = "", kind: str = ""
) -> str:
    """Write a picture as one ``<svg>`` element.

    Parameters
    ----------
    drawing : Drawing
        What to draw.
    title, words : str
        Its name, and the same facts as the picture's in sentences.
    style : str, optional
        Rules to put inside; empty where the surroundings have them.
    kind : str, optional
        A further class of the element.

    Returns
    -------
    str
        No identifiers, so any number may stand in one page; the same bytes every time.
    """
    size = f"{_n(drawing.width)} {_n(drawing.height)}"
    classes = f"tkc {kind}".strip()
    head = f'<svg xmlns="http://www.w3.org/2000/svg" class="{classes}" role="img"'
    head += f' viewBox="0 0 {size}" width="{_n(drawing.width)}" height="{_n(drawing.height)}"'
    head += f" font-family='{_SANS}'>"
    head += f"<title>{html.escape(title)}</title><desc>{html.escape(words)}</desc>"
    rules = f"<style>{style}</style>" if style else ""
    texts = "".join(text.svg() for text in drawing.texts())
    rest = "".join(shape.svg() for shape in drawing.shapes if not isinstance(shape, Text))
    # Texts lie over everything else, so what most shapes share is said once for each group.
    lines = f'<g fill="none" stroke="currentColor">{rest}</g>'
    return f'{head}{rules}{lines}<g font-size="{_SIZE}" fill="currentColor">{texts}</g></svg>'


def overlapping(boxes: Iterable[Box]) -> list[tuple[Box, Box]]:
    """Find boxes that share some area.

    Parameters
    ----------
    boxes : iterable of Box
        Few: every pair is looked at.

    Examples
    --------
    >>> one, two = Box(0, 0, 10, 10), Box(10, 0, 5, 5)
    >>> overlapping([one, two]), len(overlapping([one, two, Box(9, 4, 3, 3)]))
    ([], 2)
    """
    known: list[Box] = []
    found = []
    for box in boxes:
        found += [
            (other, box)
            for other in known
            if box.x < other.right
            and other.x < box.right
            and box.y < other.bottom
            and other.y < box.bottom
        ]
        known.append(box)
    return found


def _moved(shape: Shape, right: float, down: float) -> Shape:
    """Return one shape at another place."""
    if isinstance(shape, Line):
        x0, y0, x1, y1 = shape.path
        path = (x0 + right, y0 + down, x1 + right, y1 + down)
        return replace(shape, path=path, bend=shape.bend + right)
    return replace(shape, x=shape.x + right, y=shape.y + down)


def _paint(attribute: str, ink: Ink, *, default: bool = True) -> str:
    """Write a colour, unless the group has it: a class for the rules, and a fall-back."""
    if ink == "ink":
        return "" if default else f' {attribute}="currentColor"'
    return f' class="{attribute[0]}-{ink}" {attribute}="{_FALLBACK[ink]}"'


def _n(value: float) -> str:
    """Write a number with at most one decimal."""
    return f"{round(value, 1):g}"
