"""What the model says is compared with what the casebook says, verdicts and costs."""

from __future__ import annotations

from pathlib import Path

import threadkit as tk
from tests.casebook.made_up import write
from threadkit.casebook.load import load
from threadkit.casebook.verdicts import compare, referenced, run_all


def test_only_what_is_named_is_run(tmp_path: Path) -> None:
    book = load(write(tmp_path))
    pairs = (
        ("S4", "refcount_nofork"), ("S4", "refcount_forkcopy"),
        ("S2", "mapcount_locked"), ("S2", "refcount_nofork"),
    )  # fmt: skip
    assert referenced(book.claims) == pairs
    assert tuple(run_all(book.claims)) == pairs


def test_more_eras_are_run_for_each_scenario(tmp_path: Path) -> None:
    book = load(write(tmp_path))
    runs = run_all(book.claims, tk.cow.base_eras())
    assert set(runs) == {(name, era.key) for name in ("S2", "S4") for era in tk.cow.base_eras()}


def test_what_agrees_passes_and_an_opinion_is_not_modelled(tmp_path: Path) -> None:
    book = load(write(tmp_path))
    found = compare(book, run_all(book.claims))
    assert [one.result for one in found] == ["passed", "passed", "not modelled"]


def test_a_wrong_verdict_is_told_with_its_line(tmp_path: Path) -> None:
    book = load(write(tmp_path, claims=("refcount_forkcopy: Never", "refcount_forkcopy: Always")))
    first, *rest = compare(book, run_all(book.claims))
    (only,) = first.differences
    assert first.result == "failed"
    assert str(only) == (
        "claims/01.yaml:18: claim 1: S4 under refcount_forkcopy: verdict Always,"
        " but the model says Never"
    )
    assert not any(one.differences for one in rest)


def test_a_wrong_cost_and_a_cost_that_there_is_not(tmp_path: Path) -> None:
    changes = ("{lock_waits: 0..1}", "{lock_waits: 1, sleeps: 0}")
    book = load(write(tmp_path, claims=changes))
    found = [one for checked in compare(book, run_all(book.claims)) for one in checked.differences]
    assert [(one.what, one.said, one.found) for one in found] == [
        ("lock_waits", "1", "0..1"), ("sleeps", "0", "nothing of that name"),
    ]  # fmt: skip
