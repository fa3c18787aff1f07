"""From which score on a finding counts; below it it is a candidate."""

from __future__ import annotations

from typing import Final

from threadkit.analyze.debate.values import State

CLAIM: Final = 0.5
"""Of the label of a unit."""

RELATION: Final = 0.5
"""Of a relation."""

STANCE: Final = 0.5
"""Of what the words under a quotation are towards it."""

DECISION: Final = 0.7
"""Of a decision."""


def state_of(score: float, least: float) -> State:
    """Say what an automatic finding of such a score is.

    Parameters
    ----------
    score, least : float
        0..1.

    Returns
    -------
    str
        ``automatic``, or ``candidate`` below the least.

    Examples
    --------
    >>> state_of(0.4, CLAIM)
    'candidate'
    """
    return "automatic" if score >= least else "candidate"


def state_of_relation(kind: str, score: float) -> State:
    """Say what a relation of a kind and a score is.

    Parameters
    ----------
    kind : str
        ``attack`` and so on.
    score : float
        0..1.
    """
    return state_of(score, RELATION)
