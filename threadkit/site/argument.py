"""What bears on what in the answers to one question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from threadkit.site.index_of import index_of
from threadkit.site.values import Claim, Question, Site

TO_QUESTION = ""
"""Stands for the question where claims are named."""

SIGNS: Mapping[str, str] = {
    "supports": "+",
    "agrees": "=",
    "attacks": "\N{MINUS SIGN}",
    "undercuts": "\N{MULTIPLICATION SIGN}",
    "concedes": "\N{CHECK MARK}",
    "asks": "?",
    "answers": "!",
    "says yes": "+",
    "says no": "\N{MINUS SIGN}",
    "depends": "\N{PLUS-MINUS SIGN}",
    "is about": "\N{MIDDLE DOT}",
}
"""The sign of each way to bear on a claim, and of each way to answer a question."""

HOT = frozenset({"attacks", "undercuts", "says no"})
"""What is drawn in the colour of attacks."""

SETTLED = frozenset({"conceded", "withdrawn"})
"""Status of claims that are drawn with dashes."""

_STANDS = {"yes": "says yes", "no": "says no", "depends": "depends", "asks": "asks"}


class Bond(NamedTuple):
    """One claim bears on another, or on the question."""

    source: str
    target: str
    kind: str


class Across(NamedTuple):
    """A claim bears on one of another question."""

    source: Claim
    kind: str
    target: Claim


@dataclass(frozen=True, slots=True)
class Argument:
    """The claims of one question, and what bears on what.

    Attributes
    ----------
    question : Question
        What they answer.
    claims : mapping of str to Claim
        By id, in the site's order.
    bonds : sequence of Bond
        Every claim leads to the question over them.
    across : sequence of Across
        Bonds that leave the question, or come from another.
    """

    question: Question
    claims: Mapping[str, Claim]
    bonds: Sequence[Bond]
    across: Sequence[Across]

    def near(self) -> dict[str, list[str]]:
        """Return the claims with which each has a bond."""
        found: dict[str, list[str]] = {key: [] for key in self.claims}
        for bond in self.bonds:
            if bond.target != TO_QUESTION and bond.source != bond.target:
                found[bond.source].append(bond.target)
                found[bond.target].append(bond.source)
        return found


def argument(site: Site, question: Question) -> Argument:
    """Put together what bears on what for one question.

    Parameters
    ----------
    site : Site
        What is shown.
    question : Question
        One of its questions.

    Returns
    -------
    Argument
        Claims that bear on no other one of this question are joined to the question itself; so is
        one of each group that only bears on itself.
    """
    claims = {claim.id: claim for claim in site.claims if claim.question == question.key}
    inside = list(dict.fromkeys(_inside(claims)))
    joined = list(_joined(claims, inside))
    return Argument(question, claims, [*joined, *inside], _across(site, claims))


def answer_of(claim: Claim) -> str:
    """Return how a claim answers its question.

    Parameters
    ----------
    claim : Claim
        With a stand.

    Returns
    -------
    str
        ``says yes``, ``says no``, ``depends``, ``asks`` or ``is about``.
    """
    return _STANDS.get(claim.stand, "is about")


def _inside(claims: Mapping[str, Claim]) -> Iterator[Bond]:
    for claim in claims.values():
        for edge in claim.stances:
            if edge.claim in claims and edge.claim != claim.id:
                yield Bond(claim.id, edge.claim, edge.kind)


def _joined(claims: Mapping[str, Claim], inside: Sequence[Bond]) -> Iterator[Bond]:
    """Join to the question what leads nowhere else."""
    onto: dict[str, list[str]] = defaultdict(list)
    leads = set()
    for bond in inside:
        onto[bond.target].append(bond.source)
        leads.add(bond.source)
    free = [claim for claim in claims.values() if claim.id not in leads]
    reached: set[str] = set()
    for claim in [*free, *_by_date(claims.values())]:
        if claim.id not in reached:
            yield Bond(claim.id, TO_QUESTION, answer_of(claim))
            _reach(claim.id, onto, reached)


def _reach(start: str, onto: Mapping[str, Sequence[str]], reached: set[str]) -> None:
    waiting = [start]
    while waiting:
        here = waiting.pop()
        if here not in reached:
            reached.add(here)
            waiting.extend(onto.get(here, ()))


def _across(site: Site, claims: Mapping[str, Claim]) -> list[Across]:
    known = index_of(site)
    found = []
    for source in site.claims:
        for edge in source.stances:
            target = known.claim(edge.claim)
            if target is not None and (source.id in claims) != (target.id in claims):
                found.append(Across(source, edge.kind, target))
    return list({(one.source.id, one.kind, one.target.id): one for one in found}.values())


def _by_date(claims: Iterable[Claim]) -> list[Claim]:
    """Sort claims by date; of the same date, in the site's order."""
    return sorted(claims, key=lambda claim: claim.utc or "9")
