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
    WouldLose,
    from_json,
    is_current,
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


def test_a_register_that_nobody_came_to_set_is_no_number():
    initial = "x = anon rw 1 2; thread helper of parent;"
    body = "parent: fork child; par { parent { exit; } helper { r0 = read x[0]; } }"
    ended = Record("T", "done", values={0: 0, 1: 0}, entries={"child:x": entry(5)})
    assert asked("helper:r0 = 1", body, initial, ended) is False
    assert asked("~(helper:r0 = 1)", body, initial, ended) is True
    assert asked(r"parent:x[0] = 1 \/ helper:r0 != 1", body, initial, ended) is False


KSM, THP, HUGE = 1 << 21, 1 << 22, 1 << 17


def asked(condition: str, body: str, initial: str, record: Record) -> bool | None:
    return observe(plan(body, condition, initial), record).condition


def test_a_reference_is_held_only_if_it_was_taken():
    initial = "x = anon rw 1 2;"
    body = "parent: pin p = x write longterm; parent: pin q = x write longterm; parent: unpin q;"
    taken = Record("T", "done", values={0: 0, 1: 0, 2: 0})
    taken.entries = {"parent:x": entry(5)}
    taken.frames = {"p": 5}
    failed = replace(taken, values={0: 255, 1: 0, 2: 0}, frames={"p": 0})
    unknown = replace(taken, values={}, frames={"p": 0})
    for record, held in ((taken, True), (failed, False), (unknown, None)):
        assert asked("held(p)", body, initial, record) is held
        assert asked("same(p, parent:x)", body, initial, record) is held
    assert asked("held(q)", body, initial, taken) is False
    assert asked("q[0] = 1", body, initial, taken) is False


def test_a_thread_lives_with_its_process_and_sees_its_memory():
    initial = "x = anon rw 1 2; thread helper of parent;"
    record = Record("T", "done", values={0: 1}, seen={"parent:x[0]": 1})
    record.entries = {"parent:x": entry(5)}
    body = "helper: r0 = read x[0];"
    assert asked(r"alive(helper) /\ helper:r0 = 1", body, initial, record) is True
    assert asked(r"helper:x[0] = 1 /\ mapped(helper:x)", body, initial, record) is True
    gone = "helper: r0 = read x[0]; parent: fork child; parent: exit;"
    ended = Record("T", "done", values={0: 1, 1: 0, 2: 0}, entries={"child:x": entry(5)})
    assert asked(r"alive(helper) \/ mapped(helper:x)", gone, initial, ended) is False
    assert asked("same(parent:x, child:x)", gone, initial, ended) is False


def test_both_halves_of_a_huge_page_are_asked():
    body = "parent: fork child; child: write x[1] = 3;"
    initial = "x = thp rw 1 2 pte_mapped;"
    record = Record("T", "done", values={0: 0, 1: 0})
    record.entries = {
        "parent:x": entry(512, ANON | THP),
        "parent:x'": entry(768, ANON | THP),
        "child:x": entry(512, ANON | THP),
        "child:x'": entry(99),
    }
    assert asked("same(parent:x, child:x)", body, initial, record) is False
    assert asked("huge(child:x)", body, initial, record) is False
    assert asked("huge(parent:x)", body, initial, record) is None, "its flags tell no PMD"
    record.entries["child:x'"] = Entry(False, True, 0, 0)
    assert asked(r"mapped(child:x) \/ swapped(child:x)", body, initial, record) is False
    record.entries["child:x'"] = entry(768, ANON | THP)
    assert asked("same(parent:x, child:x)", body, initial, record) is True


@pytest.mark.parametrize(
    ("flags", "anon", "ksm", "huge"),
    [(ANON, True, False, False), (ANON | KSM, False, True, False), (HUGE, False, False, True)],
)
def test_kinds_of_page_are_those_of_the_model(flags: int, anon: bool, ksm: bool, huge: bool):
    record = Record("T", "done", values={0: 1}, entries={"parent:x": entry(5, flags)})
    for name, holds in (("anon", anon), ("ksm", ksm), ("huge", huge)):
        found = asked(f"{name}(parent:x)", "parent: r0 = read x[0];", "x = anon rw 1 2;", record)
        assert found is holds, name


@pytest.mark.parametrize("there", [Entry(False, True, 0, 0), Entry(False, False, 0, 0)])
def test_what_is_not_present_is_no_page(there: Entry):
    record = Record("T", "done", values={0: 1}, entries={"parent:x": there})
    body, initial = "parent: r0 = read x[0];", "x = anon rw 1 2;"
    assert asked(r"anon(parent:x) \/ ksm(parent:x)", body, initial, record) is False
    answer = asked("same(parent:x, parent:x)", body, initial, record)
    assert answer is (None if there.swapped else False)


def test_hidden_frames_are_unknown_not_equal():
    record = Record("T", "done")
    hidden = Entry(True, False, 0, 0)
    record.entries = {"parent:x": hidden, "parent:y": hidden}
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


def saw(*names: str, cut_off: tuple[str, ...] = (), **facts: object) -> WitnessRun:
    """A run that saw scenarios, all in so many seconds, and was cut off in others."""
    made = [Observation(name, (("parent:r0", "1"),), seconds=RUN.seconds) for name in names]
    record = Record("T", "lost")
    lost = [replace(observe(plan("parent: exit;", "alive(parent)"), record)) for _ in cut_off]
    made += [replace(one, scenario=name) for one, name in zip(lost, cut_off, strict=True)]
    return replace(RUN, observations=tuple(made), **facts)  # type: ignore[arg-type]


def names_of(run: WitnessRun) -> list[str]:
    return [one.scenario for one in run.observations]


def test_newer_observations_replace_older_ones_of_the_same_program():
    old = saw("A", "B")
    new = replace(RUN, seconds=7.0, observations=(Observation("B", seconds=2),))
    both = merge(old, new)
    assert [(one.scenario, one.seconds) for one in both.observations] == [("A", 3.5), ("B", 2)]
    assert both.seconds == 7.0


@pytest.mark.parametrize(
    "changed", [{"program": "cd"}, {"release": "5.10.1"}, {"package_version": "2"}]
)
def test_some_scenarios_of_another_program_do_not_replace_all(tmp_path: Path, changed):
    old = saw("A", "B", "C")
    path = save(old, tmp_path, whole=True)
    with pytest.raises(WouldLose, match="2 more scenarios"):
        save(saw("A", **changed), tmp_path)
    assert load(tmp_path) == [old]
    whole = saw("A", "D", **changed)
    assert save(whole, tmp_path, whole=True) == path
    assert load(tmp_path) == [whole]
    assert [one.name for one in tmp_path.iterdir()] == ["5.10.json"]


def test_a_run_that_was_cut_off_keeps_what_is_stored(tmp_path: Path):
    save(saw("A", "B", "C"), tmp_path, whole=True)
    cut = saw("A", cut_off=("B", "D"), seconds=9.0)
    save(cut, tmp_path, whole=True)
    (kept,) = load(tmp_path)
    assert names_of(kept) == ["A", "B", "C", "D"]
    assert kept.observed == ("A", "B", "C")
    with pytest.raises(WouldLose):
        save(replace(cut, program="cd"), tmp_path, whole=True)
    assert load(tmp_path) == [kept]


def test_what_could_not_be_written_changes_nothing(tmp_path: Path):
    path = save(saw("A"), tmp_path)
    path.write_text("{")
    with pytest.raises(BadWitnessFile):
        save(saw("A"), tmp_path)
    assert path.read_text() == "{"


def test_an_observation_knows_the_scenario_that_it_is_of():
    one = plan("parent: r0 = read x[0];", "parent:r0 = 1")
    made = observe(one, Record("T", "done", values={0: 1}))
    skipped_there = observe(one, Record("T", "done", skipped="no swap"))
    assert is_current(made, one.litmus)
    assert is_current(skipped_there, one.litmus)
    other = plan("parent: r0 = read x[1];", "parent:r0 = 1")
    assert not is_current(made, other.litmus)
    assert not is_current(skipped_there, other.litmus)
    never = parse(
        'COW T question "?" { x = anon rw 1 2; }\n'
        "lockholder: lock l = parent.x;\nexists (parent:x[0] = 1)",
        origin="T.litmus",
    )
    assert not is_current(made, never)
    assert is_current(Observation("T", skipped="no system call holds the page lock"), never)
