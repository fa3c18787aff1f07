"""Scenarios of the executable model that test claims: suggestions, and what people say of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

from threadkit.analyze.debate.corrections import Corrections
from threadkit.analyze.debate.ground import Ground
from threadkit.analyze.debate.terms import COMMON, terms
from threadkit.analyze.debate.values import Claim, Conversation, Correction, Debate
from threadkit.analyze.mechanisms import mechanisms, shared

SUREST: Final = 0.5
"""No suggestion has a higher score: that two texts name one mechanism proves little."""

MOST: Final = 3
"""So many scenarios are suggested for a claim."""

CURATED: Final = "curated"
"""The origin of what a person says of a scenario; its reason is the note."""

Tests: TypeAlias = tuple[str, str, str, str, float]
"""Scenario, stance, why, origin, score; see the table ``claim_scenario``."""

_KINDS = ("mechanism", "guarantee", "")
_FOR_WORDS = 4


class Scenario(NamedTuple):
    """A scenario as its text: its name, its question, and the words of what happens in it."""

    name: str
    question: str
    words: str


def with_scenarios(
    conversation: Conversation,
    debate: Debate,
    scenarios: Sequence[Scenario],
    corrections: Sequence[Correction] = (),
) -> Debate:
    """Give the claims of a debate the scenarios that test them.

    Parameters
    ----------
    conversation : Conversation
        The mails.
    debate : Debate
        What was made of them.
    scenarios : sequence of Scenario
        Those of the model.
    corrections : sequence of Correction, optional
        What people said of the debate.

    Returns
    -------
    Debate
        With suggestions at claims on how something works or what is guaranteed. What a person
        says of a scenario comes first, is sure, and stands for a suggestion of the same one.
    """
    ground = Ground(conversation)
    known = [(one, *_known(one)) for one in scenarios]
    told = _Told(conversation, corrections, {one.name for one in scenarios})
    claims = []
    for claim in debate.claims:
        curated = told.of(claim)
        said = {one[0] for one in curated}
        text = " ".join(ground.text(place.name) for place in claim.places)
        found = _suggested(text, known) if claim.kind in _KINDS else []
        found = [*curated, *(one for one in found if one[0] not in said)]
        claims.append(replace(claim, scenarios=(*claim.scenarios, *found)) if found else claim)
    return replace(debate, claims=claims, unmet={**debate.unmet, **told.unmet()})


class _Told:
    """What people say of scenarios; said of any place of a claim it holds for the claim."""

    def __init__(
        self, conversation: Conversation, corrections: Sequence[Correction], names: set[str]
    ) -> None:
        some = [one for one in corrections if one.field.startswith("scenario:")]
        self._at = Corrections(conversation.mails, some).scenarios if some else {}
        self._names = names
        self._used: set[tuple[str, str]] = set()

    def of(self, claim: Claim) -> list[Tests]:
        """Return what is said of the scenarios of a claim, in the order of their names."""
        found: dict[str, Tests] = {}
        for place in claim.places:
            for name, one in self._at.get(place.name, {}).items():
                if name in self._names:
                    self._used.add((one.target, name))
                    found.setdefault(name, (name, one.value, one.note, CURATED, 1.0))
        return [found[name] for name in sorted(found)]

    def unmet(self) -> dict[tuple[str, str], str]:
        """Return what changes nothing, and why."""
        unmet: dict[tuple[str, str], str] = {}
        for some in self._at.values():
            for name, one in some.items():
                if name not in self._names:
                    unmet[one.target, one.field] = f"no such scenario of the model: {name}"
                elif (one.target, name) not in self._used:
                    unmet[one.target, one.field] = "no claim there that a scenario could test"
        return unmet


@lru_cache(maxsize=1 << 10)
def _known(scenario: Scenario) -> tuple[frozenset[str], frozenset[str]]:
    """Return the mechanisms that a scenario names, and its words."""
    words = terms(f"{scenario.name.replace('-', ' ')} {scenario.question}")
    return mechanisms(f"{scenario.question} {scenario.words}"), frozenset(words) - COMMON


def _suggested(
    text: str, known: Iterable[tuple[Scenario, frozenset[str], frozenset[str]]]
) -> list[Tests]:
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
