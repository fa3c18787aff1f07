"""What stands above and below a row of pictures: heading, question, rules, verdict."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

from threadkit.cow.diagram.measure import wrap_text
from threadkit.cow.diagram.shapes import Drawing, Shape, Text

_SIZE = 13
_LINE = 18.0
_PAD = 12.0
_TOP = 9.0


@dataclass(frozen=True, slots=True)
class Around:
    """Words around a row of pictures.

    Attributes
    ----------
    heading : str
        Above everything; empty for the scenario, the era and what the trace shows.
    before, behind : tuple of str
        Paragraphs above the pictures, and below them.
    report : tuple of str
        Lines of a report below everything.
    """

    heading: str = ""
    before: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()
    report: tuple[str, ...] = ()

    def above_html(self) -> str:
        """Write what stands above the pictures, without the heading."""
        return paragraphs_html(self.before)

    def below_html(self) -> str:
        """Write what stands below the pictures."""
        lines = html.escape("\n".join(self.report), quote=False)
        return paragraphs_html(self.behind) + (f"<pre>{lines}</pre>" if lines else "")


def paragraphs_html(texts: Sequence[str]) -> str:
    """Write sentences as paragraphs.

    Parameters
    ----------
    texts : sequence of str
        Escaped here.

    Examples
    --------
    >>> paragraphs_html(["a < b", "c"])
    '<p>a &lt; b</p><p>c</p>'
    """
    return "".join(f"<p>{html.escape(text, quote=False)}</p>" for text in texts)


def written(texts: Sequence[str], width: float, heading: str = "") -> Drawing:
    """Write sentences as a part of a picture.

    Parameters
    ----------
    texts : sequence of str
        A paragraph each, wrapped.
    width : float
        Of the picture.
    heading : str, optional
        Above them, bold.

    Returns
    -------
    Drawing
        As high as it needs; without height if there is nothing to say.
    """
    room = width - 2 * _PAD
    lines = [(line, True) for line in wrap_text(heading, room, _SIZE, bold=True)]
    lines += [(line, False) for text in texts for line in wrap_text(text, room, _SIZE)]
    shapes = [
        Text(_PAD, _TOP + 12 + _LINE * number, line, bold=bold)
        for number, (line, bold) in enumerate(lines)
    ]
    return Drawing(width, _LINE * len(lines) + (2 * _TOP if lines else 0), tuple(shapes))


def stacked(drawings: Sequence[Drawing]) -> Drawing:
    """Put drawings below each other.

    Parameters
    ----------
    drawings : sequence of Drawing
        From the top; those without height take no room.

    Returns
    -------
    Drawing
        As wide as the widest.
    """
    shapes: list[Shape] = []
    y = 0.0
    for drawing in drawings:
        shapes += drawing.moved(0, y)
        y += drawing.height
    return Drawing(max((one.width for one in drawings), default=0), y, tuple(shapes))
