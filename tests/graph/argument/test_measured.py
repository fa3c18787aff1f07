"""The benchmark of argument graphs runs, and checks what it times."""

from __future__ import annotations

import io

from tests.bench.argument import debate, judging, speed
from tests.bench.table import Table


def test_a_debate_has_circles_and_undercuts():
    graph = debate(400)
    kinds = {edge.kind for edge in graph.edges}
    assert kinds == {"support", "attack", "agree", "undercut"}
    pairs = {(edge.source, edge.target) for edge in graph.edges}
    assert any((target, source) in pairs for source, target in pairs)
    assert debate(400) == graph


def test_every_step_is_timed():
    spent = speed(60)
    assert set(spent) == {
        "grounded", "three gradual rules", "every reading", "written", "argdown", "aif", "edges",
    }  # fmt: skip


def test_rows():
    table = Table(io.StringIO())
    judging(table, 60, 1)
    assert [row.what for row in table.rows] == [
        "arguments, grounded", "arguments, three gradual rules", "arguments, every reading",
        "  every form written", "  read back from argdown", "  read back from aif", "  memory",
    ]  # fmt: skip
    assert all(row.goal is None for row in table.rows)
