"""Extensions by the definitions, by python-argumentation and by pygarg, to compare with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from itertools import combinations
from random import Random

from threadkit.graph.argument.framework import Framework
from threadkit.graph.argument.labellings import extensions, grounded

Sets = Set[frozenset[int]]

LARGEST_BY_DEFINITION = 9


def random_framework(random: Random, largest: int) -> Framework:
    """Make a framework: sparse or dense, with and without self-attacks and mutual attacks."""
    size = random.randint(1, largest)
    names = [f"a{i}" for i in range(size)]
    wanted = int(size * random.choice([0.5, 1, 1.5, 2, 3, 5]))
    attacks = {(random.choice(names), random.choice(names)) for _ in range(wanted)}
    if random.random() < 0.5:
        attacks = {(a, b) for a, b in attacks if a != b}
    if random.random() < 0.5:
        attacks |= {(b, a) for a, b in attacks if random.random() < 0.5}
    return Framework.of(names, sorted(attacks))


def ours(framework: Framework) -> dict[str, Sets]:
    """Compute with our engine; a set that comes twice fails."""
    labels = grounded(framework).labels
    found: dict[str, Sets] = {
        "grounded": {frozenset(i for i, label in enumerate(labels) if label == "in")}
    }
    for semantics in ("complete", "preferred", "stable"):
        result = extensions(framework, semantics)
        listed = list(result.sets(10**6))
        assert len(listed) == len(set(listed)) == result.count
        found[semantics] = set(listed)
    return found


def by_definition(framework: Framework) -> dict[str, Sets]:
    """Try every set."""
    everything = range(len(framework.names))
    complete = set()
    for members in _subsets(everything):
        beaten = {loser for one in members for loser in framework.attacked[one]}
        defended = {one for one in everything if beaten.issuperset(framework.attackers[one])}
        if framework.conflict_free(members) and defended == members:
            assert framework.admissible(members)
            complete.add(members)
    return {
        "grounded": {min(complete, key=len)},
        "complete": complete,
        "preferred": {one for one in complete if not any(one < other for other in complete)},
        "stable": {one for one in complete if _settles(framework, one)},
    }


def _settles(framework: Framework, members: frozenset[int]) -> bool:
    beaten = {loser for one in members for loser in framework.attacked[one]}
    return len(beaten) + len(members) == len(framework.names)


def _subsets(items: range) -> Iterator[frozenset[int]]:
    for size in range(len(items) + 1):
        yield from map(frozenset, combinations(items, size))


def by_python_argumentation(framework: Framework) -> dict[str, Sets]:
    """Ask python-argumentation; its module must be installed."""
    from py_arg.abstract_argumentation_classes import abstract_argumentation_framework as frames
    from py_arg.abstract_argumentation_classes.argument import Argument
    from py_arg.abstract_argumentation_classes.defeat import Defeat
    from py_arg.algorithms.semantics import (
        get_complete_extensions,
        get_grounded_extension,
        get_preferred_extensions,
        get_stable_extensions,
    )

    made = [Argument(name) for name in framework.names]
    number = {name: i for i, name in enumerate(framework.names)}
    defeats = [Defeat(made[a], made[b]) for b, all_ in enumerate(framework.attackers) for a in all_]
    frame = frames.AbstractArgumentationFramework("", made, defeats)

    def sets(found) -> Sets:
        return {frozenset(number[argument.name] for argument in one) for one in found}

    return {
        "grounded": sets([get_grounded_extension.get_grounded_extension(frame)]),
        "complete": sets(get_complete_extensions.get_complete_extensions(frame)),
        "preferred": sets(get_preferred_extensions.get_preferred_extensions(frame)),
        "stable": sets(get_stable_extensions.get_stable_extensions(frame)),
    }


def by_pygarg(framework: Framework) -> dict[str, Sets]:
    """Ask pygarg; it and a SAT solver must be installed."""
    from pygarg.dung import solver

    names = list(framework.names)
    number = {name: i for i, name in enumerate(names)}
    attacks = [[names[a], names[b]] for b, all_ in enumerate(framework.attackers) for a in all_]

    def sets(found) -> Sets:
        return {frozenset(number[name] for name in one) for one in found}

    return {
        "grounded": sets([solver.compute_grounded_extension(names, attacks)]),
        "complete": sets(solver.extension_enumeration(names, attacks, "CO")),
        "preferred": sets(solver.extension_enumeration(names, attacks, "PR")),
        "stable": sets(solver.extension_enumeration(names, attacks, "ST")),
    }


ORACLES: Mapping[str, tuple[str, Callable[[Framework], dict[str, Sets]]]] = {
    "python-argumentation": ("py_arg", by_python_argumentation),
    "pygarg": ("pygarg", by_pygarg),
}
"""The module that each needs, and what asks it."""
