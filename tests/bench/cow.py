"""Rows about the copy-on-write model: states a second, how they grow, the whole suite.

python -m tests.bench.cow base|all   runs every scenario under these eras, as a program to measure

In the column of mails stand states. Rates are by the processor's time: one core's, however
busy the machine is.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from statistics import median

from tests.bench.measure import middle, run
from tests.bench.table import Row, Table
from tests.cow.explore.toys import Grid
from threadkit.cow.eras import base_eras, era, eras
from threadkit.cow.explore.machine import Machine
from threadkit.cow.explore.search import Exploration, explore
from threadkit.cow.kernel.machine import Machine as Model
from threadkit.cow.litmus.parse import parse
from threadkit.cow.litmus.syntax import Litmus
from threadkit.cow.library import scenarios

GOAL_A_SECOND = 100_000
GOAL_BASE_S = 60
GOAL_ALL_S = 180
GOAL_MB = 300
ERA = "mapcount_locked"
"""Has the most to do at a write fault: the page lock is slept on."""
GROWTH = ((2, 1), (2, 2), (2, 3), (3, 1), (3, 2), (4, 1))
"""Processes, and writes of each."""
GRID = (6, 6)
"""Tasks, and steps of each, of the machine that only counts."""


def contended(processes: int, writes: int) -> Litmus:
    """Return a scenario in which so many processes write to one page after a fork."""
    names = ["parent", *(f"child{n}" for n in range(1, processes))]
    forks = " ".join(f"parent: fork {name};" for name in names[1:])
    columns = " ".join(
        f"{name} {{ {' '.join(f'write x[0] = {n + 1};' for n in range(writes))} }}"
        for name in names
    )
    text = f'COW grow question "How many?" {{ x = anon rw 0 0; }} {forks} par {{ {columns} }}'
    return parse(f"{text} exists (parent:x[0] = 1)")


def searching(
    table: Table,
    rounds: int,
    grid: tuple[int, int] = GRID,
    growth: Sequence[tuple[int, int]] = GROWTH,
) -> None:
    """Time the search alone, and with the model; report how states grow."""
    found, rate = _rate(lambda: Grid(*grid), rounds, reduce=False)
    table.add(Row("states, of a machine that only counts", found.coverage.states, rate,
                  "states/s", GOAL_A_SECOND))  # fmt: skip
    policy = era(ERA).policy
    for processes, writes in growth:
        litmus = contended(processes, writes)
        full, rate = _rate(lambda litmus=litmus: Model(litmus, policy), rounds, reduce=False)
        less, _ = _rate(lambda litmus=litmus: Model(litmus, policy), 1, reduce=True)
        cut = "" if full.coverage.complete else ", cut off"
        note = f"{full.coverage.steps:,} steps{cut}; reduced {less.coverage.states:,} states"
        table.add(Row(f"  {processes} processes, {writes} writes each", full.coverage.states,
                      rate, "states/s", note=note))  # fmt: skip


def suite(table: Table, rounds: int) -> None:
    """Time every scenario under the base eras and under all, each as a program of its own."""
    for which, goal_s in (("base", GOAL_BASE_S), ("all", GOAL_ALL_S)):
        runs = [run([sys.executable, "-m", __name__, which]) for _ in range(rounds)]
        count = int(runs[0].output)
        table.add(Row(f"every scenario, {which} eras", count, middle(runs), "s", goal_s, False))
        peak = max(one.anon_bytes for one in runs) / 1e6
        table.add(Row("  memory", count, peak, "MB", GOAL_MB, False))


def _rate(make: Callable[[], Machine], rounds: int, *, reduce: bool) -> tuple[Exploration, float]:
    times = []
    for _ in range(rounds):
        machine = make()
        started = time.process_time()
        found = explore(machine, reduce=reduce)
        times.append(time.process_time() - started)
    return found, found.coverage.states / median(times)


def main(which: str) -> int:
    """Run every scenario under the base eras or all; print how many states that were."""
    chosen = base_eras() if which == "base" else eras()
    states = sum(one.run(rules).coverage.states for one in scenarios() for rules in chosen)
    sys.stdout.write(f"{states}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
