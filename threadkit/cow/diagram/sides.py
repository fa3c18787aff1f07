"""Two traces: what they share once, then both, side by side."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from threadkit.cow.diagram.around import Around, paragraphs_html, stacked, written
from threadkit.cow.diagram.statements import Panel, panels, start_panel
from threadkit.cow.diagram.text import Paragraph, explain
from threadkit.cow.diagram.trace import (
    LEGEND_HTML,
    LIST,
    NOTHING,
    card,
    item,
    kept,
    numbered,
    tiled,
    whole_svg,
    wrapped,
)
from threadkit.cow.diagram.words import describe, shown_mappings
from threadkit.cow.views import StateView, Trace


@dataclass(frozen=True, slots=True)
class Told:
    """One trace as panels, with its prose from some place on.

    Attributes
    ----------
    trace : Trace
        Which.
    panels : tuple of Panel
        The start and the statements.
    parts : tuple of Paragraph
        One a panel.
    """

    trace: Trace
    panels: tuple[Panel, ...]
    parts: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Sides:
    """Two traces of one schedule.

    Attributes
    ----------
    left, right : Told
        The two.
    common : int
        How many panels they share from the start, the initial state among them.
    """

    left: Told
    right: Told
    common: int

    @property
    def parted(self) -> range:
        """Return the numbers of the panels behind the shared ones."""
        return range(self.common, max(len(self.left.panels), len(self.right.panels)))

    def books(self) -> str:
        """Say whose books the shared pictures show; empty where both keep the same."""
        pairs = zip(self.left.panels[: self.common], self.right.panels[: self.common], strict=True)
        if all(replace(a.after, counters=()) == replace(b.after, counters=()) for a, b in pairs):
            return ""
        era = self.left.trace.era
        return f"Counts and marks of the shared steps are those of {era}; the other's differ."

    def parting(self, number: int) -> str:
        """Name a step behind the shared ones."""
        return f"Step {number}: the rules part" if number == self.common else f"Step {number}"


def side_by_side(
    one: Trace,
    other: Trace,
    meanings: tuple[Mapping[str, str], Mapping[str, str]] = ({}, {}),
    *,
    detail: bool = False,
    parts: bool = False,
    ascii_only: bool = False,
) -> Sides:
    """Put two traces beside each other.

    Parameters
    ----------
    one, other : Trace
        Of one scenario under two eras, and of one schedule.
    meanings : tuple of mapping, optional
        As for :func:`threadkit.cow.diagram.explain`, for the one and for the other.
    detail : bool, optional
        One panel a step, not one a statement.
    parts : bool, optional
        They part at the last statement, even if its picture shows no difference.
    ascii_only : bool, optional
        As for :func:`threadkit.cow.diagram.state_text`.
    """
    left = (start_panel(one), *panels(one, detail=detail))
    right = (start_panel(other), *panels(other, detail=detail))
    common = 1 + common_panels(left[1:], right[1:])
    if parts and common == len(left) == len(right) > 1:
        common -= 1
    # Behind the parting each side tells its own rules anew: they are what differs.
    first, last = (
        tuple(
            explain(trace, {}, detail=detail, ascii_only=ascii_only)[:common]
            + explain(trace, known, detail=detail, ascii_only=ascii_only, first=common)
        )
        for trace, known in ((one, meanings[0]), (other, meanings[1]))
    )
    return Sides(Told(one, left, first), Told(other, right, last), common)


def diff_html(
    one: Trace,
    other: Trace,
    meanings: tuple[Mapping[str, str], Mapping[str, str]] = ({}, {}),
    *,
    detail: bool = False,
    parts: bool = False,
    around: Around = NOTHING,
) -> str:
    """Draw two traces: the steps that they share once, then each side by side.

    Parameters
    ----------
    one, other, meanings, detail, parts
        As for :func:`side_by_side`.
    around : Around, optional
        Heading, and words above and below.

    Returns
    -------
    str
        One ``<div>``, as :func:`threadkit.cow.diagram.trace_html` makes it.
    """
    both = side_by_side(one, other, meanings, detail=detail, parts=parts)
    keep = kept([one, other])
    shared = "".join(item(panel, keep) for panel in both.left.panels[: both.common])
    title = around.heading or f"{one.scenario}: {one.era} and {other.era}"
    body = [f"<h2>{html.escape(title)}</h2>{around.above_html()}{LEGEND_HTML}"]
    body.append(f"<ol {LIST}>{shared}</ol>")
    body.append(paragraphs_html([both.books()] if both.books() else []))
    if not both.parted:
        body.append(f"<p>All {both.common - 1} steps are the same under both.</p>")
    for number in both.parted:
        body.append(f"<h2>{both.parting(number)}</h2><ul {LIST}>")
        for side in (both.left, both.right):
            if number < len(side.panels):
                name, says = _beside(side, number), side.parts[number].brief
                body.append(item(side.panels[number], keep, name, says=says, parts=True))
            else:
                body.append(f'<li><div class="tkc-says">{html.escape(no_more(side))}</div></li>')
        body.append("</ul>")
    body.append(around.below_html())
    return wrapped("".join(body))


def diff_svg(
    one: Trace,
    other: Trace,
    meanings: tuple[Mapping[str, str], Mapping[str, str]] = ({}, {}),
    *,
    detail: bool = False,
    parts: bool = False,
    around: Around = NOTHING,
) -> str:
    """Draw two traces as one SVG file: the shared steps, then each side by side.

    Parameters
    ----------
    one, other, meanings, detail, parts, around
        As for :func:`diff_html`.

    Returns
    -------
    str
        As :func:`threadkit.cow.diagram.trace_svg` makes it.
    """
    both = side_by_side(one, other, meanings, detail=detail, parts=parts)
    keep = kept([one, other])
    shared = [card(panel, keep, panel.says) for panel in both.left.panels[: both.common]]
    grid = tiled(shared, 2)
    rows = [grid]
    words = [f"{numbered(panel)} {panel.says}" for panel in both.left.panels[: both.common]]
    for number in both.parted:
        rows.append(written((), grid.width, both.parting(number)))
        cards = []
        for side in (both.left, both.right):
            if number < len(side.panels):
                name, says = _beside(side, number), side.parts[number].brief
                cards.append(card(side.panels[number], keep, says, name, parts=True))
                after = " ".join(describe(side.panels[number].after))
                words.append(f"{name} {says} Then: {after}")
            else:
                cards.append(written([no_more(side)], shared[0].width))
                words.append(no_more(side))
        rows.append(tiled(cards, 2))
    title = around.heading or f"{one.scenario}: {one.era} and {other.era}"
    return whole_svg(stacked(rows), title, " ".join(words), around)


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


def _beside(side: Told, number: int) -> str:
    """Name a panel of one side."""
    return f"{side.trace.era}: {side.panels[number].title}."


def no_more(side: Told) -> str:
    """Say that one side has no more steps.

    Parameters
    ----------
    side : Told
        The shorter one.
    """
    return f"{side.trace.era}: no further step; it waits, or has ended."
