"""Rows about graphs: how fast, and in how much memory. A child builds: ``python -m tests.bench.graphs``."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from tests.bench.boxes import Box
from tests.bench.measure import interleave, middle, run
from tests.bench.table import Row, Table

GOAL_MAILS = 100_000
_GOAL_S = 10.0
_GOAL_MB = 600.0
_MB = 1_000_000


def building(table: Table, box: Box, rounds: int) -> None:
    """Build the evidence graph of a whole archive, and write it in each form."""
    command = [sys.executable, "-m", "tests.bench.graphs", str(box.database)]
    runs = interleave({"graph": lambda: run(command)}, rounds)["graph"]
    found = [json.loads(one.output) for one in runs]
    is_goal = box.mails == GOAL_MAILS
    seconds = sorted(one["build"] for one in found)[len(found) // 2]
    note = f"{found[0]['nodes']:,} nodes, {found[0]['edges']:,} edges"
    table.add(Row("evidence graph", box.mails, seconds, "s", _GOAL_S if is_goal else None, False,
                  note=note))  # fmt: skip
    memory = middle(runs, "anon_bytes") / _MB
    table.add(Row("  memory", box.mails, memory, "MB", _GOAL_MB if is_goal else None, False))
    for form in ("graphml", "gexf", "json", "dot", "svg"):
        table.add(Row(f"  written as {form}", box.mails, found[0][form], "s"))


def building_speed(database: Path) -> dict[str, float]:
    """Time building and writing, in seconds of the clock."""
    from threadkit.graph.picture import picture
    from threadkit.pipeline.graphs import WRITERS, evidence
    from threadkit.store.connection import open_read

    conn = open_read(database)
    started = time.perf_counter()
    graph = evidence(conn)
    spent = {"build": time.perf_counter() - started}
    conn.close()
    for form, write in WRITERS.items():
        started = time.perf_counter()
        for _ in write(graph, "all"):
            pass
        spent[form] = time.perf_counter() - started
    started = time.perf_counter()
    picture(graph, "evidence", "all")
    spent["svg"] = time.perf_counter() - started
    return {**spent, "nodes": len(graph), "edges": graph.number_of_edges()}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(building_speed(Path(sys.argv[1]))))
