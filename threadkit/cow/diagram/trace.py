"""A trace as a row of pictures, one a statement, for pages and as one file."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import replace

from threadkit.cow.diagram.around import Around, stacked, written
from threadkit.cow.diagram.layout import WIDTH, Roster, layout, roster
from threadkit.cow.diagram.shapes import Drawing, Shape, svg_element
from threadkit.cow.diagram.state import framed, stretched
from threadkit.cow.diagram.statements import Panel, panels, start_panel
from threadkit.cow.diagram.style import PANEL_RULES, standing_alone
from threadkit.cow.diagram.text import explain
from threadkit.cow.diagram.words import describe, harm_words
from threadkit.cow.views import Trace

LEGEND = (
    "filled square: a map · hollow square: a reference that is no map · dotted line: read-only"
    " · dashed line: swapped out · heavy: changed by this step"
)
"""How to read the pictures."""

LEGEND_HTML = f'<p class="tkc-legend">{LEGEND}</p>'
"""The same for a page."""

NOTHING = Around()
"""No words around, and the usual heading."""

_GAP = 12.0


def trace_html(trace: Trace, *, detail: bool = False, heading: str = "") -> str:
    """Draw a trace as a list of pictures for a page or a notebook.

    Parameters
    ----------
    trace : Trace
        What to draw.
    detail : bool, optional
        One picture a step, not one a statement.
    heading : str, optional
        Above; by default the scenario, the era and what the trace shows.

    Returns
    -------
    str
        One ``<div>``; its colours follow the text colour around it, so it suits either
        theme of a notebook. :func:`threadkit.cow.diagram.html_page` makes a document
        of it.
    """
    shown = [start_panel(trace), *panels(trace, detail=detail)]
    keep = kept([trace])
    return _listed(trace, Around(heading), [item(panel, keep) for panel in shown])


def explain_html(
    trace: Trace,
    meanings: Mapping[str, str],
    *,
    detail: bool = False,
    around: Around = NOTHING,
) -> str:
    """Tell a trace as prose with a picture a statement.

    Parameters
    ----------
    trace : Trace
        What to tell.
    meanings : mapping of str to str
        As for :func:`threadkit.cow.diagram.explain`.
    detail : bool, optional
        One picture a step, not one a statement.
    around : Around, optional
        Heading, and words above and below.

    Returns
    -------
    str
        One ``<div>``, as :func:`trace_html` makes it.
    """
    shown = [start_panel(trace), *panels(trace, detail=detail)]
    told = explain(trace, meanings, detail=detail)
    keep = kept([trace])
    pairs = zip(shown, told, strict=True)
    return _listed(trace, around, [item(panel, keep, says=part.brief) for panel, part in pairs])


def trace_svg(
    trace: Trace,
    *,
    detail: bool = False,
    columns: int = 1,
    meanings: Mapping[str, str] | None = None,
    around: Around = NOTHING,
) -> str:
    """Draw a trace as one SVG file.

    Parameters
    ----------
    trace : Trace
        What to draw.
    detail : bool, optional
        One picture a step, not one a statement.
    columns : int, optional
        Pictures side by side.
    meanings : mapping of str to str, optional
        As for :func:`threadkit.cow.diagram.explain`: prose above the pictures, not only what
        happens.
    around : Around, optional
        Heading, and words above and below all pictures.

    Returns
    -------
    str
        As :func:`threadkit.cow.diagram.state_svg` makes it.
    """
    shown = [start_panel(trace), *panels(trace, detail=detail)]
    says = [panel.says for panel in shown]
    if meanings is not None:
        says = [part.brief for part in explain(trace, meanings, detail=detail)]
    keep = kept([trace])
    cards = [card(panel, keep, text) for panel, text in zip(shown, says, strict=True)]
    words = " ".join(f"{numbered(one)} {text}" for one, text in zip(shown, says, strict=True))
    words += " At the end: " + " ".join(describe(shown[-1].after))
    title = around.heading or f"{trace.scenario} under {trace.era}: {trace.why}"
    return whole_svg(tiled(cards, max(1, columns)), title, words, around)


LIST = 'class="tkc-steps"'
"""What makes a list a grid of pictures."""


def kept(traces: Sequence[Trace]) -> Roster:
    """Collect the rows of all pictures of some traces.

    Parameters
    ----------
    traces : sequence of Trace
        Whose pictures are seen together.
    """
    return roster([view for t in traces for view in (t.start, *(step.after for step in t.steps))])


def wrapped(body: str) -> str:
    """Put the style and the class around.

    Parameters
    ----------
    body : str
        HTML, written as it is.
    """
    return f'<div class="tkc-trace"><style>{PANEL_RULES}</style>{body}</div>'


def text_html(text: str) -> str:
    """Write the text of a report below pictures.

    Parameters
    ----------
    text : str
        Lines; those that are too long for the page are wrapped.
    """
    return wrapped(f"<pre>{html.escape(text, quote=False)}</pre>")


def _listed(trace: Trace, around: Around, items: Sequence[str]) -> str:
    """Put a heading, words and the legend around a list of panels."""
    title = around.heading or f"{trace.scenario} under {trace.era}: {trace.why}"
    head = f"<h2>{html.escape(title)}</h2>{around.above_html()}{LEGEND_HTML}"
    return wrapped(
        f"{head}<ol {LIST}>{''.join(items)}</ol>{around.below_html()}",
    )


def item(panel: Panel, keep: Roster, name: str = "", *, says: str = "", parts: bool = False) -> str:
    """Write one panel as a list item: words above, the picture below.

    Parameters
    ----------
    panel : Panel
        What to write.
    keep : Roster
        Rows to keep free.
    name : str, optional
        Bold; by default number and title.
    says : str, optional
        What happens; by default what the panel says.
    parts : bool, optional
        Framed as a place where two kernels part; harm to a user is framed anyhow.
    """
    bold, says = html.escape(name or numbered(panel)), html.escape(says or panel.says)
    code = ", ".join(f"<code>{html.escape(f)}</code>" for f in panel.functions)
    news = panel.news()
    words = f"<b>{bold}</b> <span>{says}</span> {code}"
    for kind, invariant in news.harms:
        look = "tkc-broken" if kind == "broken" else "tkc-harm"
        words += f' <span class="{look}">✗ {html.escape(harm_words(kind, invariant))}</span>'
    facts = " ".join(describe(news))
    drawing = layout(replace(news, harms=()), panel.before, keep)
    picture = svg_element(drawing, numbered(panel), facts)
    mark = ' class="tkc-part"' if parts or _hurts(panel) else ""
    return f'<li{mark}><div class="tkc-says">{words}</div>{picture}</li>\n'


def card(panel: Panel, keep: Roster, says: str, name: str = "", *, parts: bool = False) -> Drawing:
    """Draw one panel as a card: words above, the picture below.

    Parameters
    ----------
    panel, keep, says, name, parts
        As for :func:`item`.
    """
    picture = layout(panel.news(), panel.before, keep)
    return framed(picture, name or numbered(panel), says, accent=parts or _hurts(panel))


def _hurts(panel: Panel) -> bool:
    """Tell whether a statement does harm that a user would notice.

    An invariant that is broken and does no harm by itself is said, and not framed.
    """
    return any(kind != "broken" for kind, _ in panel.news().harms)


def numbered(panel: Panel) -> str:
    """Return the number and the title of a panel.

    Parameters
    ----------
    panel : Panel
        Any.
    """
    return f"{panel.number} {panel.title}." if panel.number else f"{panel.title}."


def tiled(cards: Sequence[Drawing], columns: int) -> Drawing:
    """Put cards in rows, each row as high as its highest card.

    Parameters
    ----------
    cards : sequence of Drawing
        Of one width.
    columns : int
        How many in a row.
    """
    width = max((one.width for one in cards), default=WIDTH)
    shapes: list[Shape] = []
    y = 0.0
    for first in range(0, len(cards), columns):
        row = cards[first : first + columns]
        height = max(one.height for one in row)
        for place, one in enumerate(row):
            shapes += stretched(one, height).moved(place * (width + _GAP), y)
        y += height + _GAP
    used = min(columns, len(cards))
    return Drawing(used * (width + _GAP) - _GAP, y - _GAP, tuple(shapes))


def whole_svg(body: Drawing, title: str, words: str, around: Around) -> str:
    """Write pictures as one file, with words around them.

    Parameters
    ----------
    body : Drawing
        The pictures.
    title, words : str
        For screen readers: the name, and what the pictures show.
    around : Around
        Heading and words above and below.
    """
    above = written(around.before, body.width, around.heading)
    below = written((*around.behind, *around.report), body.width)
    said = " ".join([*around.before, words, *around.behind, *around.report])
    column = stacked([above, body, below])
    size = column.width + 2 * _GAP, column.height + 2 * _GAP
    drawing = Drawing(*size, column.moved(_GAP, _GAP))
    return svg_element(drawing, title, said, style=standing_alone(), kind="tkc-alone")
