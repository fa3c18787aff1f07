"""Rows about the copy-on-write model: states a second, how they grow, the whole suite.

python -m tests.bench.cow base|all [NAME...]   runs scenarios under these eras, to be measured

Sizes count distinct states. Rates are by the processor's time: one core's, however busy the
machine is.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from statistics import median

from tests.bench.measure import interleave, middle, run
from tests.bench.table import Row, Table
from tests.cow.explore.toys import Grid
from threadkit.cow.eras import base_eras, era, eras
from threadkit.cow.explore.machine import Machine
from threadkit.cow.explore.search import Exploration, explore
from threadkit.cow.kernel.machine import Machine as Model
from threadkit.cow.library import scenario, scenarios
from threadkit.cow.litmus.parse import parse
from threadkit.cow.litmus.syntax import Litmus

GOAL_A_SECOND = 100_000
GOAL_BASE_S = 60
GOAL_ALL_S = 180
GOAL_MB = 300
ERA = "mapcount_locked"
"""Has the most to do at a write fault: the page lock is slept on."""
GROWTH = ((2, 1), (2, 2), (2, 3), (3, 1), (3, 2), (4, 1))
"""Processes, and writes of each."""
JUDGED = 5_000
"""Fewer states are found too quickly to time."""
GRID = (6, 6)
"""Tasks, and steps of each, of the machine that only counts."""


def contended(processes: int, writes: int) -> Litmus:
    """Return a scenario in which so many processes write to one page after a fork."""
    return _writers(["x0"] * processes, writes)


def apart(processes: int, writes: int) -> Litmus:
    """Return one in which each writes to a page that the others do not touch."""
    return _writers([f"x{n}" for n in range(processes)], writes)


def _writers(pages: list[str], writes: int) -> Litmus:
    """Write a scenario of one process a page of the list."""
    names = ["parent", *(f"child{n}" for n in range(1, len(pages)))]
    memory = " ".join(f"{page} = anon rw 0 0;" for page in dict.fromkeys(pages))
    forks = " ".join(f"parent: fork {name};" for name in names[1:])
    columns = " ".join(
        f"{name} {{ {' '.join(f'write {page}[0] = {n + 1};' for n in range(writes))} }}"
        for name, page in zip(names, pages, strict=True)
    )
    text = f'COW grow question "How many?" {{ {memory} }} {forks} par {{ {columns} }}'
    return parse(f"{text} exists (parent:x0[0] = 1)")


def searching(
    table: Table,
    rounds: int,
    grid: tuple[int, int] = GRID,
    growth: Sequence[tuple[int, int]] = GROWTH,
) -> None:
    """Time the search alone, and with the model; report how states grow."""
    found, rate = _rate(lambda: Grid(*grid), rounds, reduce=False)
    table.add(Row("search of a machine that only counts", found.coverage.states, rate,
                  "states/s", GOAL_A_SECOND, of="states"))  # fmt: skip
    policy = era(ERA).policy
    for where, made in (("one page", contended), ("own pages", apart)):
        for processes, writes in growth:
            make = partial(Model, made(processes, writes), policy)
            what = f"model, {where}: {processes} processes, {writes} writes"
            _growth(table, what, make, rounds)


def _growth(table: Table, what: str, make: Callable[[], Machine], rounds: int) -> None:
    """Add how many states one machine has, how fast they are found, and where time goes.

    Only a space that is large enough to time is held to the goal.
    """
    full, rate = _rate(make, rounds, reduce=False)
    states, steps = full.coverage.states, full.coverage.steps
    note = f"{steps:,} steps{'' if full.coverage.complete else ', cut off'}; "
    note += f"reduced {explore(make()).coverage.states:,} states"
    goal = None
    if states >= JUDGED:
        goal = GOAL_A_SECOND
        share = _stepping_s(full) * rate / states
        note += f"; {share:.0%} of the time in the kernel's steps, {steps / states:.1f} a state"
    table.add(Row(what, states, rate, "states/s", goal, note=note, of="states"))


def _stepping_s(found: Exploration) -> float:
    """Time the steps of a search once more, and nothing of the search around them."""
    machine = found.machine
    started = time.process_time()
    for state in found.states:
        for task in machine.tasks:
            machine.step(state, task)
    return time.process_time() - started


def suite(table: Table, rounds: int, names: Sequence[str] = ()) -> None:
    """Time every scenario (or these) under the base eras and all, as programs of their own."""
    title = f"{len(names) or 'all'} scenarios"
    for which, goal_s in (("base", GOAL_BASE_S), ("all", GOAL_ALL_S)):
        runs = [run([sys.executable, "-m", __name__, which, *names]) for _ in range(rounds)]
        count = int(runs[0].output)
        note = f"cpu {middle(runs, 'cpu_s'):.1f} s"
        table.add(Row(f"{title}, {which} eras", count, middle(runs), "s", goal_s, False,
                      note, "states"))  # fmt: skip
        peak = max(one.anon_bytes for one in runs) / 1e6
        table.add(Row("  anonymous memory", count, peak, "MB", GOAL_MB, False, of="states"))


def starts(table: Table, rounds: int) -> None:
    """Time the command line as it runs one scenario, from start to end of the process."""
    states = scenario("S4").run().coverage.states
    programs = {
        "threadkit cow run S4": ["-m", "threadkit", "cow", "run", "S4"],
        "python -c pass": ["-c", "pass"],
    }
    works = {name: partial(run, [sys.executable, *words]) for name, words in programs.items()}
    runs = interleave(works, rounds)
    used, bare = (middle(runs[name], "cpu_s") * 1000 for name in programs)
    what = "threadkit cow run S4"
    note = f"cpu {used:.0f} ms, {bare:.0f} ms of it to start python"
    table.add(Row(what, states, middle(runs[what]) * 1000, "ms", note=note, of="states"))


def _rate(make: Callable[[], Machine], rounds: int, *, reduce: bool) -> tuple[Exploration, float]:
    times = []
    for _ in range(rounds):
        machine = make()
        started = time.process_time()
        found = explore(machine, reduce=reduce)
        times.append(time.process_time() - started)
    return found, found.coverage.states / median(times)


def main(which: str, *names: str) -> int:
    """Run every scenario (or these) under the base eras or all; print how many states."""
    rules = base_eras() if which == "base" else eras()
    chosen = [scenario(name) for name in names] or scenarios()
    states = sum(one.run(key).coverage.states for one in chosen for key in rules)
    sys.stdout.write(f"{states}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
