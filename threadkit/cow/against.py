"""Two outcomes of one scenario told together: what they share, and where they part."""

from __future__ import annotations

from textwrap import wrap

from threadkit.cow.diagram.around import Around
from threadkit.cow.diagram.sides import Told, no_more, side_by_side
from threadkit.cow.diagram.sides import diff_html as drawn_html
from threadkit.cow.diagram.sides import diff_svg as drawn_svg
from threadkit.cow.eras import era
from threadkit.cow.explain import era_words, meanings_of, paragraph_lines, way
from threadkit.cow.explore.parting import OutcomeDiff
from threadkit.cow.explore.report import diff_text
from threadkit.cow.views import Trace


def against_text(
    diff: OutcomeDiff, *, width: int = 80, ascii_only: bool = False, detail: bool = False
) -> list[str]:
    """Tell the steps that two eras share, then for each what it does where they part.

    Parameters
    ----------
    diff : OutcomeDiff
        Of one scenario under two eras, run with traces.
    width : int
        Columns for the sentences.
    ascii_only : bool
        No line drawing.
    detail : bool
        One paragraph a step, not one a statement.

    Returns
    -------
    list of str
        Lines without ends: question, eras, paragraphs with pictures, what differs.

    Raises
    ------
    NothingToTell
        They do not part, and no interleaving ends.

    Examples
    --------
    >>> from threadkit.cow.library import scenario
    >>> S4 = scenario("S4")
    >>> lines = against_text(S4.run("forced_gup_cow").diff(S4.run("refcount_nofork")))
    >>> [line for line in lines if line.startswith("Step")]
    ['Step 4: the rules part']
    """
    around, both = (
        _around(diff),
        side_by_side(
            *_traces(diff),
            _meanings(diff),
            detail=detail,
            parts=diff.parting is not None,
            ascii_only=ascii_only,
        ),
    )
    question, *eras = around.before
    named = f"{diff.left.scenario}: {question}"
    lines = [line for text in (named, *eras) for line in wrap(text, width)]
    for part in both.left.parts[: both.common]:
        lines += ["", *paragraph_lines(part, width)]
    if both.books():
        lines += ["", *wrap(both.books(), width)]
    for number in both.parted:
        lines += ["", both.parting(number)]
        for side in (both.left, both.right):
            lines += ["", *_side_lines(side, number, width)]
    lines.append("")
    for text in around.report:
        lines += wrap(text, width, subsequent_indent="  ")
    return lines


def against_html(diff: OutcomeDiff, *, detail: bool = False) -> str:
    """Tell with pictures what :func:`against_text` tells with lines.

    Parameters
    ----------
    diff : OutcomeDiff
        Of one scenario under two eras, run with traces.
    detail : bool
        One picture a step, not one a statement.

    Returns
    -------
    str
        One ``<div>``; :func:`threadkit.cow.diagram.html_page` makes a document of it.

    Raises
    ------
    NothingToTell
        They do not part, and no interleaving ends.
    """
    parts = diff.parting is not None
    traces, around = _traces(diff), _around(diff)
    return drawn_html(*traces, _meanings(diff), detail=detail, parts=parts, around=around)


def against_svg(diff: OutcomeDiff, *, detail: bool = False) -> str:
    """Draw what :func:`against_text` tells as one SVG file.

    Parameters
    ----------
    diff : OutcomeDiff
        Of one scenario under two eras, run with traces.
    detail : bool
        One picture a step, not one a statement.

    Returns
    -------
    str
        The shared steps in two columns, then one column an era.

    Raises
    ------
    NothingToTell
        They do not part, and no interleaving ends.
    """
    parts = diff.parting is not None
    traces, around = _traces(diff), _around(diff)
    return drawn_svg(*traces, _meanings(diff), detail=detail, parts=parts, around=around)


def heading(diff: OutcomeDiff) -> str:
    """Name a scenario and two eras.

    Parameters
    ----------
    diff : OutcomeDiff
        Of one scenario under two eras.
    """
    return f"{diff.left.scenario}: {diff.left.era} and {diff.right.era}"


def _traces(diff: OutcomeDiff) -> tuple[Trace, Trace]:
    """Return the way to where they part; the left era's way twice if they never do."""
    if diff.parting is None:
        return way(diff.left), way(diff.left)
    return diff.parting.left_trace, diff.parting.right_trace


def _meanings(diff: OutcomeDiff) -> tuple[dict[str, str], dict[str, str]]:
    return meanings_of(era(diff.left.era)), meanings_of(era(diff.right.era))


def _around(diff: OutcomeDiff) -> Around:
    """Say what stands above and below the pictures."""
    left, right = diff.left, diff.right
    report = diff_text(diff).splitlines()[1:]
    eras = tuple(era_words(era(outcome.era)) for outcome in (left, right))
    return Around(heading(diff), (left.question, *eras), (), tuple(report))


def _side_lines(side: Told, number: int, width: int) -> list[str]:
    """Write what one era does behind the parting."""
    if number >= len(side.panels):
        return wrap(no_more(side), width)
    return paragraph_lines(side.parts[number], width, f"{side.trace.era}: ")
