"""``make bench``: one table of speed, memory and size, against the peers that are here.

python -m tests.bench.run [--sizes 1000,10000,100000] [--runs 3] [--json OUT]

Mail is generated, so that it can be measured anywhere and at any size; the model of
copy-on-write runs the scenarios that come with threadkit. What is compared
is run in turns and compared pair by pair. Everything is made in a temporary folder and
removed; the figures are kept as JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sqlite3
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

from tests.bench import (
    analysis,
    argument,
    arguments,
    commits,
    cow,
    evidence,
    fetching,
    graphs,
    importing,
    linking,
    reading,
    series,
    sites,
)
from tests.bench.boxes import Box, boxes
from tests.bench.measure import Run, middle
from tests.bench.table import Row, Table

SIZES = "1000,10000,100000"
ROUNDS = 3
QUICK_ROUNDS = 7
ONE_PROCESS_MAILS = 10_000
"""What does not grow with an archive is measured on the last mailbox up to this size."""


def facts() -> dict[str, object]:
    """Return what is to be known of the machine to read the figures."""
    return {
        "processors": os.cpu_count() or 1,
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "system": platform.system(),
        "machine": platform.machine(),
    }


def bench(options: argparse.Namespace, table: Table, folder: Path) -> None:
    """Measure everything and fill the table."""
    sizes = [int(word) for word in options.sizes.split(",")]
    made = boxes(sizes, options.runs or ROUNDS, folder, options.templates)
    once = next((box for box in reversed(made) if box.mails <= ONE_PROCESS_MAILS), made[0])
    quick = options.runs or QUICK_ROUNDS
    reading.parse(table, once, quick)
    evidence.citing(table, once, quick)
    reading.split(table, once, quick)
    reading.git(table, once, quick, folder)
    first: dict[int, list[Run]] = {}
    threaded: dict[str, float] | None = None
    argued: Run | None = None
    for box in made:
        rounds = options.runs or (1 if box.mails >= importing.LARGE else ROUNDS)
        runs = importing.first(table, box, rounds, options.peers)
        first[box.mails] = runs
        importing.size(table, box)
        importing.again(table, box, runs, rounds)
        threaded = reading.threads(table, box, options.runs or ROUNDS, threaded)
        reading.queries(table, box)
        graphs.building(table, box, 1)
        analysis.analyzing(table, box, quick, runs[-1])
        if box.mails <= once.mails:
            argued = arguments.reading(table, box, quick, argued)
    _growth(table, first, made)
    reading.starts(table, made[-1], quick, options.imports)
    fetched = [int(word) for word in options.fetched.split(",")]
    fetching.threads(table, fetched, options.runs or ROUNDS, folder)
    commits.resolving(table, options.runs or ROUNDS, folder, options.commits)
    log = options.commits * linking.LOG_TIMES
    linking.linking(table, options.runs or 1, mails=log // linking.A_MAIL, commits=log)
    series.grouping(table, options.runs or 1, postings=options.commits * 4 // 5)
    sites.building(table, [int(word) for word in options.sites.split(",") if word])
    arguments.talking(table, [int(word) for word in options.talks.split(",")], folder)
    argument.judging(table, options.claims, options.runs or 1)
    growth = [size for size in cow.GROWTH if size[0] <= options.processes]
    cow.searching(table, options.runs or ROUNDS, growth=growth)
    cow.suite(table, 1, options.scenarios.split(",") if options.scenarios else ())
    cow.starts(table, quick)


def _growth(table: Table, first: dict[int, list[Run]], made: list[Box]) -> None:
    """Say how the rate of import changes, and what a larger database costs later mails."""
    for small, large in pairwise(made):
        wall, cpu = (
            middle(first[small.mails], of)
            / small.mails
            * large.mails
            / middle(first[large.mails], of)
            for of in ("wall_s", "cpu_s")
        )
        what = f"import, of the rate at {small.mails:,}"
        goal = 0.65 if large.mails > importing.LARGE else None
        table.add(Row(what, large.mails, wall, "x", goal, note=f"by cpu {cpu:.2f}"))
    if len(made) > 1:
        importing.more(table, made[-2], made[-1])


def main(given: list[str] | None = None) -> int:
    """Run the benchmark; return 0 whether goals are met or not."""
    parser = argparse.ArgumentParser(description="Measure threadkit against its goals and peers.")
    parser.add_argument("--sizes", default=SIZES, help=f"mails, by commas (default: {SIZES})")
    parser.add_argument(
        "--fetched",
        default=fetching.SIZES,
        help=f"mails of a thread from a server, by commas (default: {fetching.SIZES})",
    )
    parser.add_argument(
        "--commits",
        type=int,
        default=commits.COMMITS,
        help=f"commits of a clone (default: {commits.COMMITS})",
    )
    parser.add_argument(
        "--talks",
        default=arguments.TALKS,
        help=f"mails of one conversation, by commas (default: {arguments.TALKS})",
    )
    parser.add_argument(
        "--sites",
        default=",".join(map(str, sites.GOALS_S)),
        help="mails of a conversation that a site is made of, by commas",
    )
    parser.add_argument(
        "--claims",
        type=int,
        default=argument.CLAIMS,
        help=f"claims of an argument graph (default: {argument.CLAIMS})",
    )
    parser.add_argument(
        "--scenarios", default="", help="scenarios of the model, by commas (default: all)"
    )
    parser.add_argument(
        "--processes",
        type=int,
        default=4,
        help="most processes of the scenarios that grow (default: 4)",
    )
    parser.add_argument(
        "--runs", type=int, help="rounds of each comparison (default: 3; 1 from 100,000 mails on)"
    )
    parser.add_argument("--json", type=Path, default=Path("bench/results.json"), metavar="OUT")
    parser.add_argument("--no-peers", dest="peers", action="store_false")
    parser.add_argument("--imports", action="store_true", help="list what commands import")
    parser.add_argument(
        "--templates",
        type=Path,
        metavar="SCRIPT",
        help="called SCRIPT COUNT OUT, it makes the mail",
    )
    parser.add_argument("--folder", type=Path, help="where temporary files go")
    options = parser.parse_args(given)
    table = Table()
    machine = facts()
    table.head(machine)
    with tempfile.TemporaryDirectory(prefix="threadkit-bench-", dir=options.folder) as folder:
        bench(options, table, Path(folder))
    options.json.parent.mkdir(parents=True, exist_ok=True)
    kept = {"machine": machine, "sizes": options.sizes, "runs": options.runs, **table.as_json()}
    options.json.write_text(json.dumps(kept, indent=1) + "\n")
    missed = sum(row.met is False for row in table.rows)
    table.say(
        f"{sum(row.met is True for row in table.rows)} goals met, {missed} missed; {options.json}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
