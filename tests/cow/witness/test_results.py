"""Reports are read whatever is printed between, and runs are stored as they were."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.cow.litmus.parse import parse
from threadkit.cow.witness.plan import plans
from threadkit.cow.witness.report import Entry, Record, is_complete, parse_report
from threadkit.cow.witness.results import (
    BadWitnessFile,
    Observation,
    WitnessRun,
    from_json,
    load,
    merge,
    observe,
    save,
    to_json,
)
from threadkit.cow.witness.truth import copies

RUN = WitnessRun(
    "5.10", "5.10.0-x", "p", "1", "e", "", "2026-01-01T00:00:00Z", "ab", "QEMU", 3.5, ()
)
ANON, ZERO = 1 << 12, 1 << 24


def plan(body: str, condition: str, initial: str = "x = anon rw 1 2;"):
    text = f'COW T\nquestion "?"\n{{ {initial} }}\n{body}\nexists ({condition})\n'
    return plans(parse(text, origin="T.litmus"))[0]


def entry(frame: int, flags: int = ANON) -> Entry:
    return Entry(frame > 0, False, frame, flags)


def test_report_is_read_through_noise_and_line_ends():
    text = (
        "@@witness begin\r\n@begin A\r\n@op 0 ok 7 \r\nBUG: something\r\n@op 1 ok x\r\n"
        "@state parent:x 1 0 77 4096\r\n@frame p 77\r\n@end A done 12\r\n"
        "@begin B\r\n@setup setup skip no swap here\r\n@end B done 3\r\n@begin C\r\n"
    )
    found = parse_report(text)
    assert found["A"] == Record(
        "A", "done", 12, "", {0: 7}, {}, {"parent:x": Entry(True, False, 77, 4096)}, {"p": 77}
    )
    assert found["B"].skipped == "no swap here"
    assert found["C"].ended == "lost"
    assert not is_complete(text)
    assert is_complete(text + "@@witness end\r\n")


@given(st.text())
def test_any_text_is_a_report(text: str):
    assert all(name == record.name for name, record in parse_report(text).items())


def test_observation_says_why_there_is_none():
    one = plan("parent: r0 = read x[0];", "parent:r0 = 1")
    assert observe(one, None).skipped == "the program ended before this scenario"
    assert "time" in observe(one, Record("T", "timeout")).skipped
    assert "died" in observe(one, Record("T", "died")).skipped
    assert observe(one, Record("T", "done", skipped="no swap")).skipped == "no swap"


def test_a_condition_that_what_was_seen_decides_is_decided():
    record = Record("T", "done", values={0: 1})
    record.entries = {"parent:x": entry(5), "parent:y": entry(5)}
    initial = "x = anon rw 1 2; y = anon rw 1 2;"

    def answer(condition: str) -> bool | None:
        return observe(plan("parent: r0 = read x[0];", condition, initial), record).condition

    assert answer("parent:r0 = 1") is True
    assert answer("same(parent:x, parent:y)") is True
    assert answer("writable(parent:x)") is None
    assert answer(r"writable(parent:x) \/ parent:r0 = 1") is True
    assert answer(r"writable(parent:x) /\ parent:r0 = 2") is False
    assert answer(r"~(writable(parent:x)) /\ parent:r0 = 1") is None
    assert answer("anon(parent:x)") is True
    assert answer(r"ksm(parent:x) \/ huge(parent:x) \/ swapped(parent:x)") is False
    assert answer("alive(parent)") is True
    assert answer("lock_waits >= 1") is None


def test_hidden_frames_are_unknown_not_equal():
    record = Record("T", "done")
    record.entries = {"parent:x": entry(0), "parent:y": entry(0)}
    initial = "x = anon rw 1 2; y = anon rw 1 2;"
    one = plan("parent: r0 = read x[0];", "same(parent:x, parent:y)", initial)
    assert observe(one, record).condition is None


@pytest.mark.parametrize(
    ("frames", "copied"),
    [
        ([entry(5), entry(5), entry(5)], 0),
        ([entry(5), entry(5), entry(6)], 1),
        ([entry(5), entry(6), entry(7)], 2),
        ([entry(9, ZERO), entry(9, ZERO), entry(6)], None),
        ([Entry(True, False, 0, 0)] * 3, None),
        ([Entry(False, True, 0, 0), entry(6), entry(6)], 0),
        ([Entry(False, True, 0, 0), Entry(False, True, 0, 0), entry(6)], None),
    ],
)
def test_copies_are_counted_by_frames(frames: list[Entry], copied: int | None):
    one = plan("parent: r0 = read x[0]; parent: write x[0] = 3;", "copies >= 1")
    record = Record("T", "done")
    record.entries = {f"{position}|parent:x": frame for position, frame in enumerate(frames)}
    assert copies(one, record) == copied


def test_a_copy_at_fork_is_counted():
    one = plan("parent: fork child;", "copies >= 1")
    record = Record("T", "done")
    record.entries = {
        "0|parent:x": entry(5),
        "1|parent:x": entry(5),
        "1|child:x": entry(6),
    }
    assert copies(one, record) == 1
    record.entries["1|child:x"] = entry(5)
    assert copies(one, record) == 0


@pytest.mark.parametrize(
    ("lower", "upper", "copied"),
    [((512, 1024), (768, 1280), 1), ((512, 99), (768, 768), 1), ((512, 99), (768, 55), 2)],
)
def test_a_huge_page_that_is_copied_whole_is_one_copy(lower, upper, copied: int):
    one = plan("parent: write x[0] = 3;", "copies >= 1", "x = thp rw 1 2;")
    record = Record("T", "done")
    for position in (0, 1):
        record.entries[f"{position}|parent:x"] = entry(lower[position])
        record.entries[f"{position}|parent:x'"] = entry(upper[position])
    assert copies(one, record) == copied


observations = st.builds(
    Observation,
    scenario=st.sampled_from(["S1", "S2", "S3"]),
    values=st.dictionaries(st.text(min_size=1), st.text()).map(lambda one: tuple(one.items())),
    condition=st.sampled_from([True, False, None]),
    skipped=st.text(),
    seconds=st.floats(0, 99),
    sampled=st.booleans(),
    order=st.lists(st.integers(0, 9)).map(tuple),
)


@given(st.lists(observations))
def test_a_run_is_the_same_after_storing(found: list[Observation]):
    run = replace(RUN, observations=tuple(found))
    assert from_json(to_json(run), Path("x.json")) == run


def test_runs_are_stored_one_a_kernel(tmp_path: Path):
    folder = tmp_path / "witness"
    assert load(folder) == []
    save(RUN, folder)
    path = save(replace(RUN, seconds=9.0), folder)
    assert path.name == "5.10.json"
    assert load(folder) == [replace(RUN, seconds=9.0)]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 99}', '{"format": 1, "x": 2}'])
def test_what_is_no_run_is_refused(tmp_path: Path, text: str):
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(BadWitnessFile, match=r"x\.json.*run the witness again"):
        load(tmp_path)


def test_newer_observations_replace_older_ones_of_the_same_program():
    old = replace(RUN, observations=(Observation("A", seconds=1), Observation("B", seconds=1)))
    new = replace(RUN, seconds=7.0, observations=(Observation("B", seconds=2),))
    both = merge(old, new)
    assert [(one.scenario, one.seconds) for one in both.observations] == [("A", 1), ("B", 2)]
    assert both.seconds == 7.0
    other = replace(new, program="cd")
    assert merge(old, other) == other
