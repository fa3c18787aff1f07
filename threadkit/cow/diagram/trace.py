"""A trace as a row of pictures, one a statement; two traces up to where they part."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import takewhile

from threadkit.cow.diagram.layout import WIDTH, Roster, layout, roster
from threadkit.cow.diagram.shapes import Drawing, Shape, svg_element
from threadkit.cow.diagram.state import framed, stretched
from threadkit.cow.diagram.statements import Panel, panels, start_panel
from threadkit.cow.diagram.style import PANEL_RULES, standing_alone
from threadkit.cow.diagram.text import explain
from threadkit.cow.diagram.words import describe, harm_words, shown_mappings
from threadkit.cow.views import StateView, Trace

LEGEND = (
    "filled square: a map · hollow square: a reference that is no map · dotted line: read-only"
    " · dashed line: swapped out · heavy: changed by this step"
)
"""How to read the pictures."""

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
    keep = _kept([trace])
    return _listed(trace, heading, [_item(panel, keep) for panel in shown])


def explain_html(
    trace: Trace, meanings: Mapping[str, str], *, detail: bool = False, heading: str = ""
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
    heading : str, optional
        As for :func:`trace_html`.

    Returns
    -------
    str
        One ``<div>``, as :func:`trace_html` makes it.
    """
    shown = [start_panel(trace), *panels(trace, detail=detail)]
    told = explain(trace, meanings, detail=detail)
    keep = _kept([trace])
    pairs = zip(shown, told, strict=True)
    return _listed(trace, heading, [_item(panel, keep, says=part.text) for panel, part in pairs])


def diff_html(one: Trace, other: Trace, *, detail: bool = False) -> str:
    """Draw two traces: the steps that they share once, then each side by side.

    Parameters
    ----------
    one, other : Trace
        Of one scenario under two eras, and of one schedule.
    detail : bool, optional
        One picture a step, not one a statement.

    Returns
    -------
    str
        One ``<div>``, as :func:`trace_html` makes it.
    """
    left, right = panels(one, detail=detail), panels(other, detail=detail)
    common = common_panels(left, right)
    keep = _kept([one, other])
    shared = "".join(_item(panel, keep) for panel in [start_panel(one), *left[:common]])
    parts = [f"<h2>{html.escape(f'{one.scenario}: {one.era} and {other.era}')}</h2><p>{LEGEND}</p>"]
    parts.append(f"<ol {_LIST}>{shared}</ol>")
    parts.append(_books(one, left[:common], right[:common]))
    if common == len(left) == len(right):
        parts.append(f"<p>All {common} steps are the same under both.</p>")
        return _wrapped("".join(parts))
    for number in range(common, max(len(left), len(right))):
        parts.append(f"<h2>{_parting(number, common)}</h2><ul {_LIST}>")
        for trace, side in ((one, left), (other, right)):
            parts.append(_side(trace, side, number, keep))
        parts.append("</ul>")
    return _wrapped("".join(parts))


def trace_svg(trace: Trace, *, detail: bool = False, columns: int = 1) -> str:
    """Draw a trace as one SVG file.

    Parameters
    ----------
    trace : Trace
        What to draw.
    detail : bool, optional
        One picture a step, not one a statement.
    columns : int, optional
        Pictures side by side.

    Returns
    -------
    str
        As :func:`threadkit.cow.diagram.state_svg` makes it.
    """
    shown = [start_panel(trace), *panels(trace, detail=detail)]
    keep = _kept([trace])
    cards = [
        framed(
            layout(panel.news(), panel.before, keep),
            _numbered(panel),
            panel.says,
            accent=bool(panel.news().harms),
        )
        for panel in shown
    ]
    words = " ".join(f"{_numbered(panel)} {panel.says}" for panel in shown)
    words += " At the end: " + " ".join(describe(shown[-1].after))
    title = f"{trace.scenario} under {trace.era}: {trace.why}"
    drawing = _tiled(cards, max(1, columns))
    return svg_element(drawing, title, words, style=standing_alone(), kind="tkc-alone")


def common_panels(left: Sequence[Panel], right: Sequence[Panel]) -> int:
    """Count the panels that two traces share from the start.

    Parameters
    ----------
    left, right : sequence of Panel
        Of two traces.

    Returns
    -------
    int
        In all of them the statement is the same, and so is whatever the kernels decide:
        who maps which page how, what is in it, what was read, and harm. Reference counts,
        marks, dirty bits and costs may differ.
    """
    pairs = zip(left, right, strict=False)
    return sum(1 for _ in takewhile(lambda pair: _alike(*pair), pairs))


_LIST = 'class="tkc-steps"'


def _alike(one: Panel, other: Panel) -> bool:
    """Tell whether two panels show the same decision."""
    return (one.actor, one.op) == (other.actor, other.op) and _decided(one.after) == _decided(
        other.after
    )


def _decided(view: StateView) -> tuple[object, ...]:
    """Return what kernels decide, without the books they keep.

    Kernels count pins as one reference or 1024 and mark pages exclusive or not long
    before that makes a difference to anybody: reference counts, marks, dirty bits and
    costs are left out.
    """
    return (
        [(process.name, process.state) for process in view.processes],
        [(replace(mapping, dirty=False)) for mapping in shown_mappings(view)],
        [(frame.name, frame.kind, frame.content, frame.mapcount) for frame in view.frames],
        [(reference.name, reference.frame) for reference in view.references],
        view.registers,
        [harm for harm in view.harms if harm[0] != "broken"],
    )


def _books(one: Trace, left: Sequence[Panel], right: Sequence[Panel]) -> str:
    """Say whose books the shared pictures show, where the two kernels keep different ones."""
    pairs = zip(left, right, strict=True)
    if all(replace(a.after, counters=()) == replace(b.after, counters=()) for a, b in pairs):
        return ""
    era = html.escape(one.era)
    return f"<p>Counts and marks of the shared steps are those of {era}; the other's differ.</p>"


def _kept(traces: Sequence[Trace]) -> Roster:
    """Collect the rows of all pictures of some traces."""
    return roster([view for t in traces for view in (t.start, *(step.after for step in t.steps))])


def _wrapped(body: str) -> str:
    """Put the style and the class around."""
    return f'<div class="tkc-trace"><style>{PANEL_RULES}</style>{body}</div>'


def _listed(trace: Trace, heading: str, items: Sequence[str]) -> str:
    """Put a heading and the legend above a list of panels."""
    title = heading or f"{trace.scenario} under {trace.era}: {trace.why}"
    head = f"<h2>{html.escape(title)}</h2><p>{LEGEND}</p>"
    return _wrapped(f"{head}<ol {_LIST}>{''.join(items)}</ol>")


def _item(
    panel: Panel, keep: Roster, name: str = "", *, says: str = "", parts: bool = False
) -> str:
    """Write one panel as a list item: words above, the picture below."""
    bold, says = html.escape(name or _numbered(panel)), html.escape(says or panel.says)
    code = ", ".join(f"<code>{html.escape(f)}</code>" for f in panel.functions)
    news = panel.news()
    words = f"<b>{bold}</b> <span>{says}</span> {code}" + "".join(
        f' <span class="tkc-harm">✗ {html.escape(harm_words(*harm))}</span>' for harm in news.harms
    )
    facts = " ".join(describe(news))
    drawing = layout(replace(news, harms=()), panel.before, keep)
    picture = svg_element(drawing, _numbered(panel), facts)
    mark = ' class="tkc-part"' if parts or news.harms else ""
    return f'<li{mark}><div class="tkc-says">{words}</div>{picture}</li>\n'


def _side(trace: Trace, side: Sequence[Panel], number: int, keep: Roster) -> str:
    """Write the panel of one trace behind the parting, or that it has ended."""
    if number >= len(side):
        era = html.escape(trace.era)
        return f'<li><div class="tkc-says"><b>{era}:</b> the program has ended.</div></li>'
    panel = side[number]
    return _item(panel, keep, f"{trace.era}: {panel.title}.", parts=True)


def _parting(number: int, common: int) -> str:
    """Name a step behind the parting."""
    return f"Step {number + 1}: the rules part" if number == common else f"Step {number + 1}"


def _numbered(panel: Panel) -> str:
    """Return the number and the title of a panel."""
    return f"{panel.number} {panel.title}." if panel.number else f"{panel.title}."


def _tiled(cards: Sequence[Drawing], columns: int) -> Drawing:
    """Put cards in rows, each row as high as its highest card."""
    width = max((card.width for card in cards), default=WIDTH)
    shapes: list[Shape] = []
    y = 0.0
    for first in range(0, len(cards), columns):
        row = cards[first : first + columns]
        height = max(card.height for card in row)
        for place, card in enumerate(row):
            shapes += stretched(card, height).moved(place * (width + _GAP), y)
        y += height + _GAP
    used = min(columns, len(cards))
    return Drawing(used * (width + _GAP) - _GAP, y - _GAP, tuple(shapes))
