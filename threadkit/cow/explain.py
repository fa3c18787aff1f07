"""An outcome told as prose: what each statement does, what decides it, what breaks."""

from __future__ import annotations

import re
from textwrap import wrap

from threadkit.cow.diagram.text import explain
from threadkit.cow.eras import FUNCTIONS, MEANINGS, Era, era
from threadkit.cow.outcome import Outcome

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

_NAME = re.compile(r"\b[a-z_0-9]+_[a-z_0-9]+\b")


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
    return found


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
    """
    rules = era(outcome.era)
    lines = wrap(f"{outcome.scenario}: {outcome.question}", width)
    lines += wrap(f"Under {rules.key} ({rules.kernels}): {rules.title}.", width)
    trace = outcome.witness or outcome.counter
    paragraphs = (
        explain(trace, meanings_of(rules), detail=detail, ascii_only=ascii_only) if trace else []
    )
    for paragraph in paragraphs:
        lines.append("")
        number = f"{paragraph.number} " if paragraph.number else ""
        lines += wrap(f"{number}{paragraph.heading} {paragraph.text}", width)
        lines += [line for harm in paragraph.harms for line in wrap(f"! {harm}", width)]
        lines += [f"    {line}" for line in paragraph.picture]
    lines.append("")
    counts = f"{outcome.positive} {outcome.negative}"
    lines.append(f"Observation {outcome.scenario} {outcome.verdict} {counts}")
    kinds = {True: "the question's condition holds", False: "the condition does not hold"}
    lines += wrap(f"The way shown is a shortest after which {kinds[bool(outcome.witness)]}.", width)
    return lines
