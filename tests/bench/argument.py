"""Rows about argument graphs. A child judges and writes: ``python -m tests.bench.argument``."""

from __future__ import annotations

import json
import sys
import time
from random import Random

from tests.bench.measure import interleave, middle, run
from tests.bench.table import Row, Table
from threadkit.graph.argument.values import ArgumentGraph, Edge, EdgeKind, Node

CLAIMS = 10_000
_OF = "claims"
_GOAL_S = 10.0
_GOAL_MB = 600.0
_MB = 1_000_000
_KINDS: tuple[EdgeKind, ...] = ("support",) * 6 + ("attack",) * 3 + ("agree",)
_MUTUAL = 0.1
_UNDERCUT = 0.05


def judging(table: Table, claims: int, rounds: int) -> None:
    """Judge a debate by every reading, and write it in each form."""
    command = [sys.executable, "-m", "tests.bench.argument", str(claims)]
    runs = interleave({"argument": lambda: run(command)}, rounds)["argument"]
    found = [json.loads(one.output) for one in runs]
    is_goal = claims == CLAIMS

    def seconds(name: str) -> float:
        return float(sorted(one[name] for one in found)[len(found) // 2])

    goal = _GOAL_S if is_goal else None
    note = f"{found[0]['edges']:,} edges"
    for name in ("grounded", "three gradual rules", "every reading"):
        table.add(Row(f"arguments, {name}", claims, seconds(name), "cpu s", goal, False, note, _OF))
    table.add(Row("  every form written", claims, seconds("written"), "cpu s", goal, False, of=_OF))
    for form in ("argdown", "aif"):
        table.add(
            Row(f"  read back from {form}", claims, seconds(form), "cpu s", goal, False, of=_OF)
        )
    memory = middle(runs, "anon_bytes") / _MB
    table.add(Row("  memory", claims, memory, "MB", _GOAL_MB if is_goal else None, False, of=_OF))


def debate(claims: int, seed: int = 1) -> ArgumentGraph:
    """Make a debate: each claim answers an earlier one, some are answered back, some undercut."""
    random = Random(seed)
    nodes = [Node(f"c{i}", f"Claim {i} of {claims}: it is so.", person=f"Person {i % 97}",
                  message_id=f"{i}@example.org", stop=30) for i in range(claims)]  # fmt: skip
    edges: list[Edge] = []
    for i in range(1, claims):
        edge = Edge(f"c{i}", random.choice(_KINDS), f"c{random.randrange(max(0, i - 300), i)}")
        edges.append(edge)
        if edge.kind == "attack" and random.random() < _MUTUAL:
            edges.append(Edge(edge.target, "attack", edge.source))
        if random.random() < _UNDERCUT:
            edges.append(Edge(f"c{random.randrange(claims)}", "undercut", edge.id))
    return ArgumentGraph.of(nodes, edges, "A debate")


def speed(claims: int) -> dict[str, float]:
    """Time each step, in CPU seconds; what is read back must be what was written."""
    from threadkit.graph.argument.acceptability import acceptability
    from threadkit.graph.argument.encoding import encode
    from threadkit.graph.argument.formats import READERS, WRITERS
    from threadkit.graph.argument.gradual import RULES, gradual
    from threadkit.graph.argument.labellings import grounded

    graph = debate(claims)
    spent: dict[str, float] = {}

    def timed(name: str, started: float) -> None:
        spent[name] = time.process_time() - started

    started = time.process_time()
    grounded(encode(graph).framework)
    timed("grounded", started)
    started = time.process_time()
    for rule in RULES:
        gradual(graph, rule)
    timed("three gradual rules", started)
    started = time.process_time()
    acceptability(graph)
    timed("every reading", started)
    texts: dict[str, str] = {}
    started = time.process_time()
    for form, write in WRITERS.items():
        texts[form] = "".join(f"{line}\n" for line in write(graph))
    timed("written", started)
    for form in ("argdown", "aif"):
        started = time.process_time()
        if READERS[form](texts[form], form).graph != graph:
            raise ValueError(f"{form}: another graph came back")
        timed(form, started)
    return {**spent, "edges": len(graph.edges)}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(speed(int(sys.argv[1]))))
