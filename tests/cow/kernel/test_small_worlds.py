"""All small programs, exhaustively: as many states, ends and harms as were written down."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.cow.kernel.small_worlds import ALPHABET, WORLDS, World, census, programs, recorded
from tests.cow.kernel.worlds import may_break, residue
from threadkit.cow.eras import Era, base_eras
from threadkit.cow.explore.search import explore
from threadkit.cow.kernel.machine import Machine

CASES = [(name, rules) for name, world in WORLDS.items() for rules in world.eras()]
REGENERATE = "python -m tests.cow.kernel.small_worlds writes the counts anew"


def _name(value: object) -> str:
    return value.letter if isinstance(value, Era) else str(value)


@pytest.mark.parametrize(("name", "rules"), CASES, ids=_name)
def test_a_small_world_has_as_many_states_as_it_had(name: str, rules: Era) -> None:
    assert census(rules, WORLDS[name]) == recorded()[name][rules.key], REGENERATE


def test_the_record_holds_these_worlds_and_no_other() -> None:
    written = {name: set(eras) for name, eras in recorded().items()}
    assert written == {name: {r.key for r in world.eras()} for name, world in WORLDS.items()}


def test_a_world_has_every_program_once() -> None:
    for name, world in WORLDS.items():
        count = len(world.alphabet) ** (world.before + world.parent + world.child)
        assert len(set(programs(world))) == count, name


def test_nobody_waits_for_ever_and_reduction_only_ever_takes_states_away() -> None:
    for eras in recorded().values():
        for counts in eras.values():
            assert counts["stuck"] == 0
            assert counts["reduced"] <= counts["states"] <= counts["steps"] + counts["programs"]


def test_what_the_eras_are_known_for_shows_in_the_numbers() -> None:
    """Mapcount eras leak what a child holds, and lose at fork what is pinned.

    From 5.9-rc7 on fork copies; the eras of references leak nothing here.
    """
    pinned_first, child_holds = recorded()["1, fork, 1 by 1"], recorded()["fork, 1 by 2"]
    letters = {one.letter: one.key for one in base_eras()}

    def known_for(kind: str, counts: dict[str, dict[str, int]]) -> set[str]:
        return {letter for letter, key in letters.items() if counts.get(key, {}).get(kind)}

    assert known_for("missed", child_holds) == {"B", "C"}
    assert known_for("wrong", pinned_first) >= {"A", "B", "C", "E", "F0"}
    assert not known_for("wrong", pinned_first) & {"H", "J"}


@pytest.mark.parametrize("rules", base_eras(), ids=_name)
def test_every_state_of_every_program_of_two_statements_keeps_the_invariants(rules: Era) -> None:
    for litmus in programs(World(0, 1, 1)):
        found = explore(Machine(litmus, rules.policy), reduce=False)
        assert set(found.broken()) <= may_break(rules.policy)
        for number in found.finals:
            assert residue(found.machine, found.states[number]) == []


def test_states_grow_with_actors_and_with_steps() -> None:
    worlds = [World(0, n, 1, ALPHABET[:3]) for n in (1, 2, 3)]
    for rules in base_eras()[::7]:
        per_program = []
        for world in worlds:
            counts = census(rules, world)
            per_program.append(counts["states"] / counts["programs"])
        assert all(fewer < more for fewer, more in pairwise(per_program))
