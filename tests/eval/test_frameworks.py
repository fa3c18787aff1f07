"""The comparison of engines finds a difference where there is one."""

from __future__ import annotations

from tests.eval.frameworks import compare
from tests.graph.argument.oracle import by_definition, ours


def test_an_engine_that_agrees():
    asked, differ = compare({"ours": ours, "by definition": by_definition}, 30, 12, 3)
    assert asked["ours"] == 30
    assert 0 < asked["by definition"] < 30
    assert not differ


def test_an_engine_that_is_wrong(capsys):
    _, differ = compare({"wrong": lambda framework: {**ours(framework), "stable": set()}}, 30, 6, 3)
    assert 0 < differ["wrong"] <= 30
    assert capsys.readouterr().err.count("wrong differs: ") == differ["wrong"]
