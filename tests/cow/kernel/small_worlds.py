"""Every program of a few statements for two processes and two pages, and how many states that is.

``python -m tests.cow.kernel.small_worlds`` writes ``small_worlds.json`` anew: do so, and say
why, where a change of the engine is meant to add or take away states.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from tests.cow.kernel.worlds import litmus_of
from threadkit.cow.eras import Era, base_eras
from threadkit.cow.explore.search import explore
from threadkit.cow.kernel.machine import Machine
from threadkit.cow.litmus.syntax import Litmus

RECORD = Path(__file__).with_suffix(".json")
PAGES = "x = anon rw 1 2; y = anon rw 1 2;"
ALPHABET = (
    "write x[0] = {value}",
    "write y[1] = {value}",
    "r{number} = read x[0]",
    "get {handle} = x read fast",
    "pin {handle} = x write",
    "munmap x",
    "madvise x PAGEOUT",
    "clear_refs",
)
"""What a process may do at each step."""


@dataclass(frozen=True, slots=True)
class World:
    """Which programs, and under which eras.

    Attributes
    ----------
    before : int
        Statements of the parent before it forks.
    parent, child : int
        Statements of each behind that, which interleave.
    alphabet : tuple of str
        What each may be.
    letters : tuple of str
        Of the eras; empty for all base eras.
    """

    before: int
    parent: int
    child: int
    alphabet: tuple[str, ...] = ALPHABET
    letters: tuple[str, ...] = ()

    def eras(self) -> tuple[Era, ...]:
        """Return the eras that are counted."""
        return tuple(one for one in base_eras() if not self.letters or one.letter in self.letters)


_LETTERS = ("A", "B", "C", "E", "F0", "F1", "F2", "G", "H", "J")
WORLDS = {
    "fork, 1 by 1": World(0, 1, 1),
    "1, fork, 1 by 1": World(1, 1, 1, letters=_LETTERS),
    "fork, 1 by 2": World(0, 1, 2, letters=_LETTERS),
    "fork, 2 by 2": World(0, 2, 2, (*ALPHABET[:2], *ALPHABET[4:7]), ("B", "C", "F2", "H")),
}
"""Small worlds by name."""


def statements(process: str, texts: tuple[str, ...]) -> list[str]:
    """Give a process's statements values, registers and references of their own."""
    base = 10 if process == "parent" else 20
    return [
        text.format(value=base + number, number=number, handle=f"{process[0]}{number}_")
        for number, text in enumerate(texts)
    ]


def programs(world: World) -> Iterator[Litmus]:
    """Yield every program of a world."""
    for mine in product(world.alphabet, repeat=world.before + world.parent):
        for theirs in product(world.alphabet, repeat=world.child):
            parent, child = statements("parent", mine), statements("child", theirs)
            first = " ".join(f"parent: {one};" for one in parent[: world.before])
            columns = f"parent {{ {'; '.join(parent[world.before :])}; }}"
            columns += f" child {{ {'; '.join(child)}; }}"
            yield litmus_of(f"{first} parent: fork child; par {{ {columns} }}", PAGES)


def census(rules: Era, world: World) -> dict[str, int]:
    """Count what all programs of a world do together under one era.

    Returns
    -------
    dict of str to int
        Programs; states, steps and ends of the full search; states of the reduced one;
        programs that do each kind of harm on some way.
    """
    counts: Counter[str] = Counter()
    for litmus in programs(world):
        machine = Machine(litmus, rules.policy)
        full, less = explore(machine, reduce=False), explore(machine)
        counts["programs"] += 1
        counts["states"] += full.coverage.states
        counts["steps"] += full.coverage.steps
        counts["ends"] += len(full.finals)
        counts["reduced"] += less.coverage.states
        counts["stuck"] += full.coverage.stuck
        kinds = {kind for end in full.finals for kind, _ in machine.harms(full.states[end])}
        counts.update(kinds)
    return dict(sorted(counts.items()))


def recorded() -> dict[str, dict[str, dict[str, int]]]:
    """Return the counts as they were written down: world, era's key, what."""
    found: dict[str, dict[str, dict[str, int]]] = json.loads(RECORD.read_text(encoding="utf-8"))
    return found


def main() -> int:
    """Count again and write it down."""
    counted = {
        name: {rules.key: census(rules, world) for rules in world.eras()}
        for name, world in WORLDS.items()
    }
    RECORD.write_text(json.dumps(counted, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
