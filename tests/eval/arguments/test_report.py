"""The table of the README is of the models that are shipped, and of nobody's words."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.eval import run
from tests.eval.arguments import report, table
from tests.eval.arguments.answered import Labelled
from tests.eval.arguments.bear import FOLDER
from tests.eval.arguments.examples import Examples
from tests.eval.arguments.figures import Told
from tests.eval.arguments.report import Crossing
from tests.eval.arguments.test_figures import SEGMENT, told
from tests.eval.arguments.test_relation_scores import labelled
from threadkit.analyze.arguments.labels import MODEL
from threadkit.analyze.arguments.learner import Learner
from threadkit.analyze.arguments.relations import MODELS

AGAIN = 'run: make eval EVAL="--arguments --write", and make docs'


def test_the_table_of_the_readme_is_of_the_data_of_the_shipped_models() -> None:
    written = json.loads(report.FILE.read_text("utf-8"))
    models = {"labels": MODEL, "relations": MODELS[0]}
    for what, name in models.items():
        header = Learner.from_bytes((FOLDER / name).read_bytes()).header
        for key in ("data", "features"):
            assert written[key][what] == header[key], AGAIN


def crossing() -> Crossing:
    """Three mails: doubly labelled of the seed's thread and of another, and one of ours."""
    one = labelled()
    seed, ours = (
        replace(one, gold=replace(one.gold, source=source, labeller=by))
        for source, by in (("cow-thread", "gold"), ("b", "A"))
    )
    mine = told()
    return Crossing(
        Examples([], [], [], [], [], [], [], []),
        [seed, one, ours],
        [replace(SEGMENT, mail=number) for number in range(3)],
        Told(
            [["social", "social"], *mine.labels, ["claim", "claim"]],
            [*mine.scores] * 3,
            [*mine.relations] * 3,
            ["agree", "disagree", "mixed"],
            ["agree", "disagree", "other"],
        ),
    )


def test_sets_hold_their_mails_with_what_was_told_of_them() -> None:
    whole = crossing()
    both, other, ours = (report.part(whole, name) for name in report.SETS)
    assert [one.gold.source for one in both.mails] == ["cow-thread", "a"]
    assert both.told.five == ["agree", "disagree"]
    assert [one.gold.source for one in other.mails] == ["a"]
    assert (other.told.labels, other.segments[0].mail) == ([("claim", "evidence")], 0)
    assert [one.gold.source for one in ours.mails] == ["b"]
    assert (ours.told.three, ours.segments[0].mail) == (["other"], 0)


def test_the_report_holds_what_is_in_the_file_and_nobodys_words() -> None:
    set_of = {name: report.measured(report.part(crossing(), name)) for name in report.SETS}
    found = {"data": {}, "units": 6, "mails": 3, "threads": 3, "sets": set_of, "answers": [],
             "curve": [{"share": 1.0, "units": 6, "unit labels, macro-F1": 0.5,
                        "claims found, F1": 0.25}]}  # fmt: skip
    again = json.loads(report.written(found))
    [accuracy] = [
        one
        for one in again["sets"]["doubly labelled"]["figures"]
        if one["name"] == "unit labels, accuracy"
    ]
    assert (accuracy["value"], accuracy["units"], accuracy["met"]) == (0.5, 4, None)
    assert again["sets"]["ours"]["worst labels"][0]["told"] == "claim"
    for words in ("leaks", "fast"):
        assert words not in report.written(found)
    shown = list(table.markdown(again))
    [line] = [one for one in shown if one.startswith(f"| {accuracy['name']} ")]
    assert line.split(" | ")[1:4] == ["4", "0.50 (0.00 to 1.00)", "0.50"]
    assert "0.50 with 6 units." in list(table.prose(again))[-1]
    lines = list(report.text(found))
    assert (
        "learning curve:      6 units (100% of the threads): macro-F1 0.500, claims 0.250" in lines
    )


def test_points_are_counted_by_thread() -> None:
    def point(thread: str, answer: str, kind: str) -> Labelled:
        return Labelled(thread, "a@example.org", 0, 1, "", "", kind, answer, "A")

    some = [
        (point("a", "yes", "question"), 1.0),
        (point("a", "no", "question"), 1.0),
        (point("b", "no", "claim"), 0.0),
    ]
    found = {one.name: (one.units, one.value()) for one in report.of_answers(some)}
    assert found == {
        "never answered: precision": (2, 1.0),
        "never answered: recall": (2, 0.5),
        "answered or not, accuracy": (3, 2 / 3),
        "question answered or open, accuracy": (2, 0.5),
    }


def test_without_the_labelled_data_nothing_is_measured(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(report, "GOLD", tmp_path / "none.jsonl")
    monkeypatch.delenv("THREADKIT_REQUIRE_CORPORA", raising=False)
    assert report.main([]) == 0
    assert "nothing is measured" in capsys.readouterr().out
    monkeypatch.setenv("THREADKIT_REQUIRE_CORPORA", "1")
    assert run.main(["--arguments"]) == 1
