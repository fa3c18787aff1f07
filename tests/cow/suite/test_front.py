"""The dispute in one table is read from what kernels showed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from threadkit.cow.diagram.measure import text_width
from threadkit.cow.library import scenario
from threadkit.cow.suite import front as module
from threadkit.cow.suite.front import ASKED, KERNELS, NotWitnessed, front
from threadkit.cow.suite.witnessed import stored_runs


def test_each_side_of_the_dispute_is_borne_out_by_a_kernel_and_the_newest_harms_nobody() -> None:
    rows = dict(front().rows)
    harms = {kernel.name: [one.harm for one in answers] for kernel, answers in rows.items()}
    assert harms == {
        "built_mapcount_locked": [True, False],
        "5.10": [False, True],
        "6.1": [False, False],
    }


@pytest.mark.parametrize("ask", ASKED, ids=[one.scenario for one in ASKED])
def test_the_model_of_each_kernels_era_says_the_same(ask: module.Asked) -> None:
    eras = {run.kernel: run.era for run in stored_runs()}
    at = ASKED.index(ask)
    for kernel, answers in front().rows:
        verdict = scenario(ask.scenario).run(eras[kernel.name]).verdict
        assert verdict == ("Always" if answers[at].harm else "Never"), kernel.name


def test_markdown_is_a_table_with_a_column_a_scenario_and_what_shows_it() -> None:
    lines = front().markdown().splitlines()
    table = [line for line in lines if line.startswith("|")]
    assert len(table) == 2 + len(KERNELS)
    assert {line.count("|") for line in table} == {2 + len(ASKED)}
    assert "threadkit cow witness S5 S7b" in lines[-1]


def test_the_picture_says_every_cell_and_no_text_runs_into_the_next() -> None:
    svg = front().svg()
    root = ElementTree.fromstring(svg)
    said = "".join(root.itertext())
    for _, answers in front().rows:
        assert all(one.word in said for one in answers)
    drawing = front()._drawing()
    texts = drawing.texts()
    for text in texts:
        box = text.box()
        assert box.x + box.width <= drawing.width - 12, text.value
        right = [one.x for one in texts if one.y == text.y and one.x > text.x]
        assert all(text.x + text_width(text.value, text.size, bold=text.bold) < x for x in right)
    assert "prefers-color-scheme:dark" in svg


def test_the_picture_of_the_readme_is_current() -> None:
    kept = Path(__file__).parents[3] / "data" / "witness" / "both-right.svg"
    assert kept.read_text(encoding="utf-8") == front().svg(), "run: make docs"


def test_a_kernel_that_was_not_asked_is_an_error_and_no_guess(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    some = [run for run in stored_runs() if run.kernel != "6.1"]
    monkeypatch.setattr("threadkit.cow.suite.witnessed.stored_runs", lambda: some)
    with pytest.raises(NotWitnessed, match=r"6\.1 showed of S5"):
        front()


def test_a_kernel_that_did_what_the_model_forbids_is_no_row(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    moved = [
        replace(run, era="mapcount_locked") if run.kernel == "5.10" else run
        for run in stored_runs()
    ]
    monkeypatch.setattr("threadkit.cow.suite.witnessed.stored_runs", lambda: moved)
    with pytest.raises(NotWitnessed, match=r"5\.10"):
        front()
