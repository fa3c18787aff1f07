"""What the model says of a claim, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from threadkit.site.values import Claim, Site, Tested

if TYPE_CHECKING:
    from threadkit.site.steps import Pair, Runs

_STANCES = {
    "supports": "Supports",
    "refutes": "Refutes",
    "depends": "Depends on the kernel",
    "cost": "Tells the cost",
    "tests": "Tests",
}
_ANSWERS = {"Always": "yes", "Sometimes": "in some orders", "Never": "no"}
_MOST = 3
_HARMS = {
    "missed": "data leaks (missed COW)",
    "wrong": "data is lost (wrong COW)",
    "stuck": "somebody waits for ever",
}

VERDICTS = ("refutes", "supports", "depends", "cost", "tests", "not modelled")
"""What the model may say of a claim, in the order to tell it."""


SAYS = {
    "refutes": "Refutes",
    "supports": "Bears out",
    "depends": "Depends on the era",
    "cost": "Tells the cost",
    "tests": "Has a run",
    "not modelled": "Cannot tell",
}
"""Each of :data:`VERDICTS` as the beginning of a sentence."""


class Era(NamedTuple):
    """A row of the table of a scenario: kernels, verdict as a word, and whether it was expected."""

    key: str
    kernels: str
    letter: str
    title: str
    expected: str
    found: str
    costs: tuple[tuple[str, str, str], ...]

    @property
    def same(self) -> bool:
        """The model says what the casebook says, where either says anything."""
        return self.expected == self.found or not self.found


class Run(NamedTuple):
    """A scenario that bears on a claim: ``heading`` is the finding, ``question`` what is asked."""

    tested: Tested
    heading: str
    question: str
    eras: tuple[Era, ...]
    command: str

    @property
    def cost_names(self) -> list[str]:
        """What is counted, in the order in which it is told."""
        return list(dict.fromkeys(name for era in self.eras for name, _, _ in era.costs))


def runs(claim: Claim) -> list[Run]:
    """Return the scenarios that bear on a claim.

    Parameters
    ----------
    claim : Claim
        With what the model says of it.

    Returns
    -------
    list of Run
        In order; without those that could not be modelled.
    """
    return [_run(one) for one in claim.tested if one.scenario]


def parting(site: Site, claim: Claim, known: Runs) -> tuple[str, Pair] | None:
    """Draw where two kernels part, for the first scenario of a claim in which any do.

    Parameters
    ----------
    site : Site
        Only scenarios that have pages are drawn: the style of the pictures comes with these.
    claim : Claim
        With what the model says of it.
    known : Runs
        What was run already.

    Returns
    -------
    (str, Pair) or None
        Name of the scenario, and the pictures; None where all eras agree, or a run is too long to draw.
    """
    from threadkit.cow import era, scenario

    for tested in claim.tested:
        answers = [(key, found or expected) for key, expected, found in tested.verdicts]
        apart = next((pair for pair in pairwise(answers) if pair[0][1] != pair[1][1]), None)
        if apart is not None and tested.scenario in site.scenarios:
            made = known.pair(scenario(tested.scenario), era(apart[0][0]), era(apart[1][0]))
            if made.drawn:
                return tested.scenario, made
    return None


def harm(run: Run, row: Era, known: Runs) -> str:
    """Say what harm a scenario does under an era.

    Parameters
    ----------
    run : Run
        Of a claim.
    row : Era
        One of its eras.
    known : Runs
        What was run already.

    Returns
    -------
    str
        Such as ``data is lost (wrong COW)``; empty if there is none, or nothing can be run.
    """
    from threadkit.cow import era, scenario
    from threadkit.cow.suite.table import cell_of

    if not (run.question and row.title):
        return ""
    harms = cell_of(known.outcome(scenario(run.tested.scenario), era(row.key))).harms
    return next((words for kind, words in _HARMS.items() if kind in harms), "")


def summary(claim: Claim) -> list[tuple[str, int]]:
    """Count what the scenarios say of a claim.

    Parameters
    ----------
    claim : Claim
        With what the model says of it.

    Returns
    -------
    list of (str, int)
        Stances and how many scenarios have each, in the order of the claim.
    """
    stances = [one.stance for one in claim.tested]
    return [(stance, stances.count(stance)) for stance in dict.fromkeys(stances)]


def verdicts(claims: Iterable[Claim]) -> list[tuple[str, list[Claim]]]:
    """Sort claims by what the model says of them.

    Parameters
    ----------
    claims : iterable of Claim
        One that some runs support and others refute depends on the era.

    Returns
    -------
    list of (str, list of Claim)
        Stance and claims; stances without claims are left out.
    """
    found: dict[str, list[Claim]] = {}
    for claim in claims:
        said = {one.stance for one in claim.tested}
        if {"supports", "refutes"} <= said:
            said = {"depends"}
        for verdict in ("depends", *VERDICTS):
            if verdict in said:
                found.setdefault(verdict, []).append(claim)
                break
    return [(verdict, found[verdict]) for verdict in VERDICTS if verdict in found]


def modelled(claims: Iterable[Claim]) -> bool:
    """Tell whether the model says anything of any claim but why it cannot.

    Parameters
    ----------
    claims : iterable of Claim
        Of a site.
    """
    return any(one.scenario for claim in claims for one in claim.tested)


def heading(tested: Tested) -> str:
    """Say in a line what a scenario shows.

    Parameters
    ----------
    tested : Tested
        Its verdicts answer the question of the scenario.

    Returns
    -------
    str
        The stance, and the answer of each era.

    Examples
    --------
    >>> verdicts = (("refcount_nofork", "Always", "Always"), ("forced_gup_cow", "Never", "Never"))
    >>> heading(Tested("S4", "supports", "", verdicts))
    'Supports: yes in 5.9-rc4..5.9-rc6, no in 5.8..5.9-rc3'
    """
    by_answer: dict[str, list[str]] = {}
    for era, expected, found in tested.verdicts:
        by_answer.setdefault(found or expected, []).append(_kernels(era)[0])
    said = [
        f"{_ANSWERS[word]} in {_listed(by_answer[word])}" for word in _ANSWERS if word in by_answer
    ]
    stance = _STANCES.get(tested.stance, tested.stance)
    return f"{stance}: {', '.join(said)}" if said else stance


def _run(tested: Tested) -> Run:
    eras = list(dict.fromkeys(one[0] for one in (*tested.verdicts, *tested.costs)))
    verdicts = {era: (expected, found) for era, expected, found in tested.verdicts}
    rows = tuple(
        Era(
            era,
            *_kernels(era),
            *verdicts.get(era, ("", "")),
            tuple((name, said, seen) for one, name, said, seen in tested.costs if one == era),
        )
        for era in eras
    )
    named = "".join(f" --era {era}" for era in eras)
    return Run(
        tested,
        heading(tested),
        _question(tested.scenario),
        rows,
        f"threadkit cow run {tested.scenario}{named}",
    )


def _listed(names: Sequence[str]) -> str:
    if len(names) > _MOST:
        return f"{names[0]} and {len(names) - 1} more"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


@cache
def _kernels(key: str) -> tuple[str, str, str]:
    """Return the releases that follow an era's rules, its letter, and the rules in words."""
    from threadkit.cow import era
    from threadkit.cow.eras.find import UnknownEra

    try:
        found = era(key)
    except UnknownEra:
        return key, "", ""
    return found.kernels or key, found.letter, found.title


@cache
def _question(name: str) -> str:
    """Return what a scenario asks; empty if it is not known."""
    from threadkit.cow import scenario
    from threadkit.cow.library import UnknownScenario

    try:
        return scenario(name).question
    except UnknownScenario:
        return ""


def unmodelled(claim: Claim) -> Iterable[str]:
    """Return why a claim, or a part of it, is not in the model.

    Parameters
    ----------
    claim : Claim
        With what the model says of it.
    """
    return [one.why for one in claim.tested if not one.scenario]
