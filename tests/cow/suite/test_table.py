"""The matrix of scenarios by eras, and what tells two eras apart."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from threadkit.cow.diagram.matrix import matrix_html, matrix_svg, matrix_text
from threadkit.cow.eras import era
from threadkit.cow.library import Scenario, parse, scenario
from threadkit.cow.suite import apart, matrix_of
from threadkit.cow.suite.table import cell_of

NEEDS = 'COW S1 question "?" needs "a memory model" { x = anon rw 1 2; } parent: write x[0] = 3;'
SOME = tuple(map(scenario, ("S1", "S4", "S5")))


def test_the_matrix_has_a_row_a_scenario_and_a_column_an_era() -> None:
    eras = (era("D"), era("F0"), era("stable_6_1"))
    matrix = matrix_of(SOME, eras)
    assert [row.name for row in matrix.rows] == ["S1", "S4", "S5"]
    assert [(c.key, c.letter, c.kind) for c in matrix.columns] == [
        (e.key, e.letter, e.kind) for e in eras
    ]
    assert {len(row.cells) for row in matrix.rows} == {3}
    for one, row in zip(SOME, matrix.rows, strict=True):
        assert row.question == one.question
        for cell, rules in zip(row.cells, eras, strict=True):
            assert cell == cell_of(one.run(rules, traces=False))


def test_a_cell_says_verdict_harm_and_costs() -> None:
    lost = cell_of(scenario("S4").run("F0"))
    assert (lost.verdict, lost.harms[0], lost.differs) == ("Always", "wrong", False)
    assert ("copies", 1, 1) in lost.costs
    assert all(most > 0 for _, _, most in lost.costs)
    leaked = cell_of(scenario("S5").run("D"))
    assert leaked.harms[0] == "missed"


def test_a_cell_without_a_verdict_expects_none(tmp_path: Path) -> None:
    path = tmp_path / "S1.litmus"
    path.write_text(f'{NEEDS} exists (copies = 0) expect Always in * : "me"', encoding="utf-8")
    cell = cell_of(scenario(path).run("J"))
    assert (cell.verdict, cell.expected, cell.differs) == ("not decided", None, False)


def test_two_eras_part_where_their_rules_differ() -> None:
    found = {one.scenario: one.what for one in apart(SOME, era("D"), era("F0"))}
    assert found["S4"] == found["S5"] == "verdict"
    assert list(apart(SOME, era("D"), era("D"))) == []


@pytest.mark.parametrize(("left", "right"), [("D", "F0"), ("H", "J"), ("A", "H")])
def test_apart_tells_what_is_not_the_same_and_is_so_from_either_side(left: str, right: str) -> None:
    some = [*SOME, scenario("S2"), scenario("S10"), scenario("thp-last-piece")]
    there = [(one.scenario, one.what) for one in apart(some, era(left), era(right))]
    back = [(one.scenario, one.what) for one in apart(some, era(right), era(left))]
    assert there == back
    differ = [one.name for one in some if not one.run(left).diff(one.run(right)).same]
    assert [name for name, _ in there] == differ


def test_what_differs_says_at_which_step(tmp_path: Path) -> None:
    one: Scenario = scenario(Path(shutil.copy(scenario("S4").path, tmp_path)))
    (difference,) = apart([one], era("E"), era("F0"))
    assert difference.question == one.question
    assert difference.diff.left.verdict != difference.diff.right.verdict


def test_only_a_cost_is_called_a_cost() -> None:
    (difference,) = apart([scenario("S2")], era("B"), era("C"))
    assert difference.what in ("verdict", "cost")


def test_what_an_era_did_not_have_is_marked_and_not_called_a_finding() -> None:
    table = matrix_of([scenario("S5t")], [era(key) for key in ("B", "C", "J")])
    cells = [cell for cell in table.rows[0].cells if cell is not None]
    assert [cell.younger for cell in cells] == [("thp (2.6.38)",), (), ()]
    assert [line.split() for line in matrix_text(table)[:2]] == [
        ["B", "C", "J"],
        ["S5t", "~Am", "Am", "·"],
    ]
    drawn = matrix_html(table)
    assert drawn.count('class="tkc-hot"') == 1
    assert "by the rules alone, younger than this era: thp (2.6.38)" in drawn
    assert ">m~<" in matrix_svg(table)


def test_waiting_for_ever_is_a_mark_of_its_own() -> None:
    hangs = parse(
        'COW hangs question "?" { x = anon rw 1 2; } lockholder: lock l = parent.x;'
        "parent: fork child; parent: write x[0] = 3; exists (parent:x[0] = 3)"
    )
    table = matrix_of([hangs], [era("C"), era("J")])
    assert [cell.harms[:1] for cell in table.rows[0].cells if cell] == [("stuck",), ()]
    assert "·h" in matrix_text(table)[1]
    assert "somebody waits for ever" in matrix_html(table)
