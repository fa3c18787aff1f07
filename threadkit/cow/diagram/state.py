"""One state as a picture of its own."""

from __future__ import annotations

from dataclasses import replace

from threadkit.cow.diagram.layout import Roster, layout
from threadkit.cow.diagram.measure import wrap_text
from threadkit.cow.diagram.shapes import Box, Drawing, Text, svg_element
from threadkit.cow.diagram.style import PANEL_RULES, standing_alone
from threadkit.cow.diagram.words import describe
from threadkit.cow.views import StateView

_PAD = 12.0
_LINE = 18.0


def state_svg(
    view: StateView,
    *,
    before: StateView | None = None,
    title: str = "",
    accent: bool = False,
    keep: Roster | None = None,
) -> str:
    """Draw one state as an SVG file.

    Filled squares are maps, hollow ones references that are no map; a dotted line is a
    read-only entry, a dashed one a swapped-out entry; pages stand right.

    Parameters
    ----------
    view : StateView
        What to draw.
    before : StateView, optional
        An earlier state: whatever differs is heavier, and old values stand before new.
    title : str, optional
        Written above, and the name for screen readers.
    accent : bool, optional
        Framed in the accent colour, as where two kernels part.
    keep : Roster, optional
        Rows to keep free, for pictures that are seen in a row.

    Returns
    -------
    str
        One ``<svg>`` element with its own ground, light or dark as the reader's system
        is; no script, nothing from outside, the same bytes every time.

    Examples
    --------
    >>> from threadkit.cow.views import FrameView, MappingView, ProcessView
    >>> entry = MappingView("parent", "x", None, "present", "A", True)
    >>> page = FrameView("A", "anon", (1, 2), 1, 1)
    >>> view = StateView((ProcessView("parent", "alive"),), (entry,), (page,), (), (), (), ())
    >>> "Page A (anonymous) holds 1 2: 1 map, 1 reference." in state_svg(view)
    True
    """
    drawing = framed(layout(view, before, keep), title, accent=accent)
    words = " ".join(describe(view))
    name = title or "State of memory"
    return svg_element(drawing, name, words, style=standing_alone(), kind="tkc-alone")


def state_html(view: StateView) -> str:
    """Draw one state for a page or a notebook, in the colours that are around it.

    Parameters
    ----------
    view : StateView
        What to draw.

    Returns
    -------
    str
        One ``<div>``, as :func:`threadkit.cow.diagram.trace.trace_html` makes it.
    """
    picture = svg_element(layout(view, None, None), "State of memory", " ".join(describe(view)))
    return f'<div class="tkc-trace"><style>{PANEL_RULES}</style>{picture}</div>'


def framed(drawing: Drawing, title: str = "", says: str = "", *, accent: bool = False) -> Drawing:
    """Put a picture on a card, with words above.

    Parameters
    ----------
    drawing : Drawing
        The picture.
    title, says : str, optional
        Bold words, and plain ones below them; wrapped.
    accent : bool, optional
        Frame it in the accent colour.

    Returns
    -------
    Drawing
        A little larger than the picture.
    """
    bold = wrap_text(title, drawing.width, 13, bold=True)
    lines = [(text, True) for text in bold]
    lines += [(text, False) for text in wrap_text(says, drawing.width, 13)]
    top = _PAD + _LINE * len(lines) + (6 if lines else 0)
    width, height = drawing.width + 2 * _PAD, drawing.height + top + _PAD
    card = Box(0.75, 0.75, width - 1.5, height - 1.5, 6, "card", filled=True, role="ground")
    edge = Box(0.75, 0.75, width - 1.5, height - 1.5, 6, "hot", 1.5, role="ground")
    texts = [
        Text(_PAD, _PAD + 11 + _LINE * number, text, ink="ink" if heavy else "mute", bold=heavy)
        for number, (text, heavy) in enumerate(lines)
    ]
    inside = drawing.moved(_PAD, top)
    return Drawing(width, height, (card, *((edge,) if accent else ()), *texts, *inside))


def stretched(card: Drawing, height: float) -> Drawing:
    """Make a card as high as its neighbours.

    Parameters
    ----------
    card : Drawing
        From :func:`framed`.
    height : float
        At least its own.

    Returns
    -------
    Drawing
        The same, with more room below.
    """
    shapes = tuple(
        replace(shape, height=height - 1.5)
        if isinstance(shape, Box) and shape.role == "ground"
        else shape
        for shape in card.shapes
    )
    return Drawing(card.width, height, shapes)
