"""Scenarios of the executable model that may test a claim: suggestions, for a person to judge."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final, NamedTuple

from threadkit.analyze.debate.ground import Ground
from threadkit.analyze.debate.terms import COMMON, terms
from threadkit.analyze.debate.values import Conversation, Debate
from threadkit.analyze.mechanisms import mechanisms, shared

SUREST: Final = 0.5
"""No suggestion has a higher score: that two texts name one mechanism proves little."""

MOST: Final = 3
"""So many scenarios are suggested for a claim."""

_KINDS = ("mechanism", "guarantee", "")
_FOR_WORDS = 4


class Scenario(NamedTuple):
    """A scenario as its text: its name, its question, and the words of what happens in it."""

    name: str
    question: str
    words: str


def with_scenarios(
    conversation: Conversation, debate: Debate, scenarios: Sequence[Scenario]
) -> Debate:
    """Suggest scenarios for the claims of a debate.

    Parameters
    ----------
    conversation : Conversation
        The mails.
    debate : Debate
        What was made of them.
    scenarios : sequence of Scenario
        Those of the model.

    Returns
    -------
    Debate
        With suggestions at claims on how something works or what is guaranteed.
    """
    ground = Ground(conversation)
    known = [(one, *_known(one)) for one in scenarios]
    claims = []
    for claim in debate.claims:
        text = " ".join(ground.text(place.name) for place in claim.places)
        found = list(_suggested(text, known)) if claim.kind in _KINDS else []
        claims.append(replace(claim, scenarios=(*claim.scenarios, *found)) if found else claim)
    return replace(debate, claims=claims)


@lru_cache(maxsize=1 << 10)
def _known(scenario: Scenario) -> tuple[frozenset[str], frozenset[str]]:
    """Return the mechanisms that a scenario names, and its words."""
    words = terms(f"{scenario.name.replace('-', ' ')} {scenario.question}")
    return mechanisms(f"{scenario.question} {scenario.words}"), frozenset(words) - COMMON


def _suggested(
    text: str, known: Iterable[tuple[Scenario, frozenset[str], frozenset[str]]]
) -> list[tuple[str, str, str, str, float]]:
    named, words = mechanisms(text), set(terms(text))
    found = []
    for scenario, about, its in known:
        both = shared(named, about)
        if both:
            common = min(_FOR_WORDS, len(words & its))
            score = min(SUREST, 0.2 + 0.1 * (len(both) - 1) + 0.05 * common)
            why = f"both name {', '.join(sorted(both))}"
            found.append((scenario.name, "tests", why, "suggested", round(score, 2)))
    found.sort(key=lambda one: (-one[4], one[0]))
    return found[:MOST]
