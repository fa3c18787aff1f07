"""Scenarios of the model that may bear on a claim, for a person to accept.

What speaks for a scenario: commits and mails that both name, operations that both do, words
that both use, and that claims which sound like this one were given it. Nothing here enters a
casebook by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from math import exp, log
from typing import Final, NamedTuple

from threadkit.analyze.debate.terms import Weights, likeness, terms
from threadkit.casebook.operations import done_in, said_in
from threadkit.casebook.schema import is_todo
from threadkit.casebook.values import Casebook, Claim

WEIGHTS: Final[Mapping[str, float]] = {
    "words": 1.0,
    "operations": 0.4,
    "commits": 0.6,
    "mails": 0.8,
    "claims": 1.5,
}
"""How much each thing that speaks for a scenario counts, if it speaks as much as it can.

Chosen on one half of the claims of cow-2020 and looked at on the other.
"""

NEAR: Final[Mapping[str, float]] = {"stance": 0.3, "mail": 0.1, "commit": 0.05, "question": 0.05}
"""What makes another claim speak louder than its words alone."""

MOST: Final = 5
"""So many scenarios are proposed for a claim."""

LEAST: Final = 0.1
"""No scenario with a lower score is proposed."""

NUMBERED: Final = "cow-2020"
"""The casebook whose claims ``ref claim`` of scenarios means."""

_SHORTEST = 7
_SHORT = 12
_NAMED = 3
_UNTOLD = 0.05
_ALL = sum(WEIGHTS.values())


class Scene(NamedTuple):
    """A scenario as far as claims are compared with it."""

    name: str
    question: str
    terms: tuple[str, ...]
    operations: frozenset[str]
    commits: frozenset[str]
    mails: frozenset[str]
    claims: frozenset[int]


class Suggestion(NamedTuple):
    """A scenario for a claim: how much speaks for it (1 is a lot), and what."""

    claim: int
    scenario: str
    score: float
    why: tuple[str, ...]
    question: str


@cache
def scenes() -> tuple[Scene, ...]:
    """Return the scenarios that come with threadkit."""
    from threadkit import cow

    found = []
    for one in cow.scenarios():
        said = one.litmus
        texts = [one.name.replace("-", " "), said.question, *said.notes]
        texts += [ref.note for ref in said.references if ref.kind != "claim"]
        by = {kind: [ref.name for ref in said.references if ref.kind == kind]
              for kind in ("commit", "mail", "claim")}  # fmt: skip
        sources = [word.strip(":,.") for each in said.expectations for word in each.source.split()]
        mails = {*by["mail"], *(word for word in sources if "@" in word)}
        found.append(
            Scene(
                one.name,
                said.question,
                tuple(terms(" ".join(texts))),
                done_in(said),
                frozenset(by["commit"]),
                frozenset(mails),
                frozenset(int(name) for name in by["claim"] if name.isdigit()),
            )
        )
    return tuple(found)


class Suggester:
    """Proposes scenarios for the claims of a casebook.

    Parameters
    ----------
    casebook : Casebook
        Whose claims and questions are compared.
    named : bool, optional
        A scenario that names a claim by its number is one for it. Left out where the
        proposals are measured.
    words : mapping of int to str, optional
        What is compared instead of the gist of a claim: of those that have none yet.
    """

    def __init__(
        self, casebook: Casebook, *, named: bool = True, words: Mapping[int, str] | None = None
    ) -> None:
        self._casebook = casebook
        self._words = words or {}
        self._named = named and casebook.name == NUMBERED
        self._scenes = scenes()
        self._questions = {one.key: one for one in casebook.questions}
        texts = {claim.id: terms(self._text(claim)) for claim in casebook.claims}
        self._weights = Weights([*(one.terms for one in self._scenes), *texts.values()])
        self._vectors = {id_: self._weights.vector(some) for id_, some in texts.items()}
        self._places = [self._weights.vector(one.terms) for one in self._scenes]
        self._rare = _rarity(one.operations for one in self._scenes)
        self._naming = Counter(
            name for one in self._scenes for name in (*map(_short, one.commits), *one.mails)
        )
        self._near = _related(casebook.claims)

    def suggest(self, claim: Claim, most: int = MOST) -> list[Suggestion]:
        """Propose scenarios for a claim, other than those that it has.

        Parameters
        ----------
        claim : Claim
            Of the casebook.
        most : int, optional
            How many.

        Returns
        -------
        list of Suggestion
            The likeliest first; none with less than :data:`LEAST`.
        """
        had = {entry.scenario for entry in claim.model}
        ranked = (one for one in self.ranked(claim) if one.scenario not in had)
        return [one for one in ranked if one.score >= LEAST][:most]

    def ranked(self, claim: Claim) -> list[Suggestion]:
        """Rank all scenarios for a claim; what it has counts as little as what it has not.

        Parameters
        ----------
        claim : Claim
            Of the casebook.
        """
        operations = said_in(self._text(claim))
        commits, mails = _commits(claim), _mails(claim)
        votes = self._votes(claim)
        vector = self._vectors[claim.id]
        found = []
        for scene, place in zip(self._scenes, self._places, strict=True):
            both = operations & scene.operations
            shared = _same(commits, scene.commits)
            heard = mails & scene.mails
            of = {
                "words": likeness(vector, place),
                "operations": self._alike(operations, scene.operations),
                "commits": self._telling(map(_short, shared)),
                "mails": self._telling(heard),
                "claims": 1.0 - exp(-sum(vote.loud for vote in votes.get(scene.name, ()))),
            }
            score = sum(WEIGHTS[name] * value for name, value in of.items()) / _ALL
            told = _Told(both, shared, heard, votes.get(scene.name, ()))
            why = told.reasons(of)
            if self._named and claim.id in scene.claims:
                score, why = 1.0, ("the scenario names the claim", *why)
            found.append(Suggestion(claim.id, scene.name, round(score, 3), why, scene.question))
        found.sort(key=lambda one: -one.score)  # stable: of equals the first of the library
        return found

    def _text(self, claim: Claim) -> str:
        """Return what a claim is compared by: nothing of what is said of scenarios."""
        question = self._questions.get(claim.question)
        asked = "" if question is None or is_todo(question.text) else question.text
        gist = "" if is_todo(claim.gist) else claim.gist
        return f"{self._words.get(claim.id, gist)} {asked}"

    def _alike(self, one: frozenset[str], other: frozenset[str]) -> float:
        """Return how alike sets of operations are; rare ones tell more."""
        every = sum(self._rare.get(name, 1.0) for name in one | other)
        return sum(self._rare.get(name, 1.0) for name in one & other) / every if every else 0.0

    def _telling(self, names: Iterable[str]) -> float:
        """Return how much a shared name tells: less if many scenarios have it."""
        return max((1 / (1 + log(self._naming[name] or 1)) for name in names), default=0.0)

    def _votes(self, claim: Claim) -> dict[str, list[_Vote]]:
        """Let claims that sound alike, or bear on this one, speak for their scenarios."""
        mails, commits = _mails(claim), _commits(claim)
        found: dict[str, list[_Vote]] = {}
        for other in self._casebook.claims:
            if other.id == claim.id:
                continue
            alike = likeness(self._vectors[claim.id], self._vectors[other.id])
            alike += NEAR["stance"] * (other.id in self._near.get(claim.id, ()))
            alike += NEAR["mail"] * bool(mails & _mails(other))
            alike += NEAR["commit"] * bool(_same(commits, _commits(other)))
            alike += NEAR["question"] * (claim.question == other.question)
            for name in {entry.scenario for entry in other.model if entry.scenario}:
                found.setdefault(name, []).append(_Vote(alike * alike, other.id))
        return found


class _Vote(NamedTuple):
    """A claim that was given a scenario, and how loud it speaks."""

    loud: float
    claim: int


class _Told(NamedTuple):
    """What speaks for a scenario, to be said in words."""

    operations: frozenset[str]
    commits: frozenset[str]
    mails: frozenset[str]
    votes: Sequence[_Vote]

    def reasons(self, of: Mapping[str, float]) -> tuple[str, ...]:
        """Say it, what counts most first; likenesses too small to matter are left out."""
        loudest = sorted(self.votes, key=lambda one: (-one.loud, one.claim))[:_NAMED]
        words = {
            "mails": f"both name mail {', '.join(sorted(self.mails))}",
            "commits": f"both name commit {', '.join(sorted(set(map(_short, self.commits))))}",
            "claims": f"given to claim {', '.join(str(one.claim) for one in loudest)}",
            "operations": f"both have {', '.join(sorted(self.operations))}",
            "words": f"words {of['words']:.2f} alike",
        }
        counts = {name: WEIGHTS[name] * of[name] for name in words}
        return tuple(
            words[name] for name in sorted(words, key=lambda one: -counts[one])
            if counts[name] > _UNTOLD
        )  # fmt: skip


def _related(claims: Iterable[Claim]) -> dict[int, set[int]]:
    """Tell which claims bear on which, either way."""
    found: dict[int, set[int]] = {}
    for one in claims:
        for stance in one.stances:
            found.setdefault(one.id, set()).add(stance.target)
            found.setdefault(stance.target, set()).add(one.id)
    return found


def _rarity(some: Iterable[frozenset[str]]) -> dict[str, float]:
    every = list(some)
    names = {name for one in every for name in one}
    return {name: log((len(every) + 1) / (sum(name in one for one in every) + 1)) for name in names}


def _commits(claim: Claim) -> frozenset[str]:
    decided = claim.decision.commit if claim.decision else ""
    return frozenset(name for name in (decided, *(one.commit for one in claim.evidence)) if name)


def _mails(claim: Claim) -> frozenset[str]:
    said = [place.message for place in claim.places]
    return frozenset(name for name in (*said, *(one.message for one in claim.evidence)) if name)


def _short(sha: str) -> str:
    return sha[:_SHORT]


def _same(some: Iterable[str], others: Iterable[str]) -> frozenset[str]:
    """Return the hashes that are the same as far as both go."""
    return frozenset(
        one
        for one in some
        for other in others
        if min(len(one), len(other)) >= _SHORTEST
        and (one.startswith(other) or other.startswith(one))
    )


def recall(ranked: Sequence[Sequence[str]], wanted: Sequence[set[str]], most: int) -> float:
    """Return which share of what a person gave is among the first proposals.

    Parameters
    ----------
    ranked : sequence of sequence of str
        Of each claim all scenarios, the likeliest first.
    wanted : sequence of set of str
        Of each claim those that a person gave it; a claim without any does not count.
    most : int
        So many are looked at.

    Returns
    -------
    float
        The mean over claims; 0 if none counts.

    Examples
    --------
    >>> recall([["S4", "S5"], ["S7", "S4"]], [{"S4"}, {"S4", "S9"}], 2)
    0.75
    """
    shares = [
        len(some & set(order[:most])) / len(some)
        for order, some in zip(ranked, wanted, strict=True)
        if some
    ]
    return sum(shares) / len(shares) if shares else 0.0
