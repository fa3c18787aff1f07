"""An outcome told as prose: what each statement does, what decides it, what breaks."""

from __future__ import annotations

import re
from textwrap import wrap

from threadkit.cow.diagram.around import Around
from threadkit.cow.diagram.text import Paragraph, explain
from threadkit.cow.diagram.trace import explain_html as drawn_html
from threadkit.cow.diagram.trace import trace_svg
from threadkit.cow.eras import FUNCTIONS, MEANINGS, Era, era
from threadkit.cow.explore.report import caveats
from threadkit.cow.litmus.format import format_formula
from threadkit.cow.outcome import Outcome
from threadkit.cow.views import Trace
from threadkit.errors import ThreadkitError

INVARIANTS = {
    "I1": "what a process writes after fork is never seen through another process's mapping or"
    " reference",
    "I2": "who holds a page for writing, or for long, sees the same page as its owner",
    "I3": "a page that nobody else uses is not copied",
    "I4": "a writable entry of a private mapping is the only one of its page",
    "I5": "an exclusive page belongs to one process, and what is mapped writable is exclusive",
    "I6": "an anonymous page that is pinned is exclusive",
    "I7": "every reference and mapping that a page counts is somebody's",
    "I8": "nobody touches a page without a reference to it",
    "I9": "a write fault on a page that several processes map never sleeps on the page lock",
    "I9'": "nobody sleeps while holding the page-table lock",
    "I10": "behind fork, a page pinned for writing is its owner's alone and still writable",
    "I11": "a forced write lands in a page that is the target's alone",
}
"""What each invariant promises, in a clause."""

_WAYS = {
    ("exists", True): "The way shown is a shortest after which the condition holds.",
    (
        "exists",
        False,
    ): "The condition holds after no way that was tried; shown is a shortest to an end.",
    ("forall", True): "The condition holds after every way that was tried; shown is a shortest.",
    ("forall", False): "The way shown is a shortest after which what must hold does not.",
    (
        "~exists",
        True,
    ): "What must not be comes of no way that was tried; shown is a shortest to an end.",
    ("~exists", False): "The way shown is a shortest after which is what must not be.",
}
"""What a way is, by the quantifier of the condition and whether the condition is true."""

_NAME = re.compile(r"\b[a-z_0-9]+_[a-z_0-9]+\b")
_CALLED = re.compile(r"\b([a-z0-9]+_[a-z_0-9]+)\(\)")


def meanings_of(rules: Era) -> dict[str, str]:
    """Say what each kernel function decides under an era, and what invariants promise.

    Parameters
    ----------
    rules : Era
        Whose decisions.

    Returns
    -------
    dict
        By function name and by invariant.

    Examples
    --------
    >>> from threadkit.cow.eras import era
    >>> meanings_of(era("mapcount_locked"))["I3"]
    'a page that nobody else uses is not copied.'
    """
    found = {name: f"{text}." for name, text in INVARIANTS.items()}
    for field, where in FUNCTIONS.items():
        said = MEANINGS[field][rules.value(field)]
        for name in _NAME.findall(where.split("(")[0]):
            found.setdefault(name, said)
    # A function that only a rule calls is told by that rule.
    for field in FUNCTIONS:
        said = MEANINGS[field][rules.value(field)]
        for name in _CALLED.findall(said):
            found.setdefault(name, said)
    return found


class NothingToTell(ThreadkitError):
    """No way leads to an end, so there is none to explain.

    Parameters
    ----------
    outcome : Outcome
        Without traces to an end.
    """

    def __init__(self, outcome: Outcome) -> None:
        where = f"{outcome.scenario}: no interleaving ends under {outcome.era}"
        if not outcome.coverage.complete:
            where += f" within {outcome.coverage.bound} states; look at more with a higher bound"
        super().__init__(where)


def way(outcome: Outcome) -> Trace:
    """Choose the way that answers the question.

    Parameters
    ----------
    outcome : Outcome
        Of one scenario under one era, run with traces.

    Returns
    -------
    Trace
        A shortest to where the formula holds; for ``forall`` to where it does not, if there
        is one.

    Raises
    ------
    NothingToTell
        No interleaving ends, or none within the bound.
    """
    order = (outcome.witness, outcome.counter)
    if outcome.run.litmus.condition.quantifier == "forall":
        order = (outcome.counter, outcome.witness)
    found = order[0] or order[1]
    if found is None:
        raise NothingToTell(outcome)
    return found


def era_words(rules: Era) -> str:
    """Name an era with its kernels and what characterises it, in a sentence.

    Parameters
    ----------
    rules : Era
        The era.

    Examples
    --------
    >>> era_words(era("refcount_nofork"))
    'refcount_nofork (5.9-rc4..5.9-rc6): references decide; fork shares pinned pages.'
    """
    return f"{rules.key} ({rules.kernels}): {rules.title}."


def verdict_lines(outcome: Outcome) -> tuple[str, ...]:
    """Say what came of all ways, and which of them is told.

    Parameters
    ----------
    outcome : Outcome
        Of one scenario under one era.

    Returns
    -------
    tuple of str
        The observation, the condition with whether it is true, what the way is, and how
        far the verdict goes.
    """
    condition = outcome.run.litmus.condition
    beyond = "" if outcome.coverage.complete else f" ({outcome.coverage.states} states looked at)"
    truth = {True: "true", False: "false", None: "not decided"}[outcome.ok]
    lines = [
        f"Observation {outcome.scenario} {outcome.verdict} {outcome.positive}"
        f" {outcome.negative}{beyond}",
        f"Condition {condition.quantifier} ({format_formula(condition.formula)}): {truth}",
    ]
    return (*lines, _WAYS[condition.quantifier, _holds(outcome)], *caveats((outcome,)))


def _holds(outcome: Outcome) -> bool:
    """Tell whether the condition is true at every end that was found, or at one for exists."""
    quantifier = outcome.run.litmus.condition.quantifier
    if quantifier == "forall":
        return outcome.negative == 0
    return (outcome.positive > 0) == (quantifier == "exists")


def explain_text(
    outcome: Outcome, *, width: int = 80, ascii_only: bool = False, detail: bool = False
) -> list[str]:
    """Tell the shortest way to what a scenario asks about.

    Parameters
    ----------
    outcome : Outcome
        Of one scenario under one era, run with traces.
    width : int
        Columns for the sentences.
    ascii_only : bool
        No line drawing.
    detail : bool
        One paragraph a step, not one a statement.

    Returns
    -------
    list of str
        Lines without ends: question, era, paragraphs with pictures, verdict, harms.

    Raises
    ------
    NothingToTell
        No interleaving ends, or none within the bound.
    """
    rules = era(outcome.era)
    lines = wrap(f"{outcome.scenario}: {outcome.question}", width)
    lines += wrap(f"Under {era_words(rules)}", width)
    told = explain(way(outcome), meanings_of(rules), detail=detail, ascii_only=ascii_only)
    for paragraph in told:
        lines += ["", *paragraph_lines(paragraph, width)]
    lines.append("")
    for sentence in verdict_lines(outcome):
        lines += wrap(sentence, width)
    return lines


def paragraph_lines(part: Paragraph, width: int, name: str = "") -> list[str]:
    """Write one paragraph for a terminal.

    Parameters
    ----------
    part : Paragraph
        What to write.
    width : int
        Columns for the sentences.
    name : str, optional
        Before the heading; by default the paragraph's number.

    Returns
    -------
    list of str
        Sentences, harms, and the picture, four columns to the right.
    """
    head = name or (f"{part.number} " if part.number else "")
    lines = wrap(f"{head}{part.heading} {part.text}", width)
    lines += [line for harm in part.harms for line in wrap(f"! {harm}", width)]
    return lines + [f"    {line}" for line in part.picture]


def explain_html(outcome: Outcome, *, detail: bool = False) -> str:
    """Tell with pictures what :func:`explain_text` tells with lines.

    Parameters
    ----------
    outcome : Outcome
        Of one scenario under one era, run with traces.
    detail : bool
        One picture a step, not one a statement.

    Returns
    -------
    str
        One ``<div>``; :func:`threadkit.cow.diagram.html_page` makes a document of it.

    Raises
    ------
    NothingToTell
        No interleaving ends, or none within the bound.
    """
    rules = era(outcome.era)
    return drawn_html(way(outcome), meanings_of(rules), detail=detail, around=_around(outcome))


def explain_svg(outcome: Outcome, *, detail: bool = False) -> str:
    """Draw what :func:`explain_text` tells as one SVG file.

    Parameters
    ----------
    outcome : Outcome
        Of one scenario under one era, run with traces.
    detail : bool
        One picture a step, not one a statement.

    Returns
    -------
    str
        Two pictures side by side; words above each, and above and below all.

    Raises
    ------
    NothingToTell
        No interleaving ends, or none within the bound.
    """
    return trace_svg(
        way(outcome),
        detail=detail,
        columns=2,
        meanings=meanings_of(era(outcome.era)),
        around=_around(outcome),
    )


def heading(outcome: Outcome) -> str:
    """Name a scenario and an era.

    Parameters
    ----------
    outcome : Outcome
        Of one scenario under one era.
    """
    return f"{outcome.scenario} under {outcome.era}"


def _around(outcome: Outcome) -> Around:
    """Say what stands above and below the pictures."""
    return Around(
        heading(outcome),
        (outcome.question, f"Under {era_words(era(outcome.era))}"),
        verdict_lines(outcome),
    )
