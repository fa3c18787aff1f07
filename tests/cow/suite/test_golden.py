"""Golden files: what differs is shown, what is missing is told, what is promoted passes."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.cow.eras import Era, base_eras, era, eras
from threadkit.cow.library import Scenario, scenario, scenarios
from threadkit.cow.litmus.syntax import Expectation
from threadkit.cow.suite import Checkup, check, expected_text, promote
from threadkit.cow.suite.golden import NotWritable, golden_path, mistakes_of, outcomes_of

ERAS = (era("D"), era("F0"), era("H"))


@pytest.fixture
def mine(tmp_path: Path) -> Scenario:
    """A copy of a shipped scenario, without its golden file."""
    return scenario(Path(shutil.copy(scenario("S4").path, tmp_path)))


def checked(one: Scenario, rules: tuple[Era, ...] = ERAS) -> Checkup:
    (checkup,) = check([one], rules)
    return checkup


def promoted(one: Scenario, rules: tuple[Era, ...] = ERAS) -> tuple[str, bool]:
    (said,) = promote([one], rules)
    return said


def test_without_a_golden_file_a_scenario_fails(mine: Scenario) -> None:
    checkup = checked(mine)
    assert checkup.missing
    assert not checkup.passed
    assert (checkup.name, checkup.difference) == ("S4", ())


def test_promoting_writes_the_golden_file_and_makes_it_pass(mine: Scenario) -> None:
    assert promoted(mine) == ("S4", True)
    assert golden_path(mine).name == "S4.expected"
    assert checked(mine) == Checkup("S4")
    assert checked(mine).passed


def test_promoting_again_changes_nothing(mine: Scenario) -> None:
    promoted(mine)
    before = golden_path(mine).read_bytes()
    assert promoted(mine) == ("S4", False)
    assert golden_path(mine).read_bytes() == before


def test_another_verdict_fails_and_its_lines_are_shown(mine: Scenario) -> None:
    promoted(mine)
    golden = golden_path(mine)
    text = golden.read_text(encoding="utf-8")
    assert "Always 1 0" in text
    golden.write_text(text.replace("Always 1 0", "Never 0 1"), encoding="utf-8")
    checkup = checked(mine)
    assert not checkup.passed
    assert any(line.startswith("-") and "Never 0 1" in line for line in checkup.difference)
    assert any(line.startswith("+") and "Always 1 0" in line for line in checkup.difference)
    assert promoted(mine) == ("S4", True)
    assert checked(mine).passed


def test_a_program_that_changes_fails_until_it_is_promoted(mine: Scenario) -> None:
    promoted(mine)
    source = Path(mine.path)
    text = source.read_text(encoding="utf-8")
    assert "write x[0]" in text
    source.write_text(
        text.replace("parent: write x[0]", "device: r7 = dma_out p[1]; parent: write x[0]", 1),
        encoding="utf-8",
    )
    changed = scenario(source)
    assert checked(changed).difference
    promoted(changed)
    assert not checked(changed).difference


def test_an_era_more_or_less_is_a_difference(mine: Scenario) -> None:
    promoted(mine)
    assert checked(mine, ERAS[:2]).difference
    assert checked(mine, (*ERAS, era("J"))).difference


@given(
    st.lists(st.sampled_from(base_eras()), min_size=1, max_size=6, unique_by=lambda one: one.key)
)
def test_eras_that_say_the_same_stand_together_and_each_once(rules: list[Era]) -> None:
    one = scenario("S4")
    outcomes = outcomes_of(one, rules)
    text = expected_text(one, outcomes)
    groups = [line.split()[1:] for line in text.splitlines() if line.startswith("Eras ")]
    assert sorted(key for group in groups for key in group) == sorted(r.key for r in rules)
    verdicts = {outcome.era: (outcome.verdict, outcome.harms != ()) for outcome in outcomes}
    assert all(len({verdicts[key] for key in group}) == 1 for group in groups)
    blocks = text.split("Eras ")[1:]
    bodies = [block.split("\n", 1)[1].strip() for block in blocks]
    assert len(set(bodies)) == len(bodies)


def test_a_source_that_says_otherwise_fails_even_if_the_golden_file_agrees(mine: Scenario) -> None:
    hearsay = Expectation("Never", ("refcount_nofork",), "unverified", "hearsay")
    one = replace(mine, litmus=replace(mine.litmus, expectations=(hearsay,)))
    promoted(one)
    checkup = checked(one)
    assert checkup.difference == ()
    assert not checkup.passed
    (line,) = checkup.disagreements
    assert line == "refcount_nofork: Always, but Never is expected (unverified: hearsay)"


def test_a_folder_that_cannot_be_written_is_told(mine: Scenario) -> None:
    golden_path(mine).mkdir()
    with pytest.raises(NotWritable, match=r"S4\.expected cannot be written: ") as caught:
        promoted(mine)
    assert caught.value.path == golden_path(mine)
    assert golden_path(mine).is_dir()


def test_scenarios_are_checked_in_their_order_one_after_the_other(tmp_path: Path) -> None:
    names = ("S8", "S1", "S4")
    some = [scenario(Path(shutil.copy(scenario(name).path, tmp_path))) for name in names]
    assert [checkup.name for checkup in check(some, ERAS)] == list(names)
    assert list(promote(some, ERAS)) == [(name, True) for name in names]
    assert all(checkup.passed for checkup in check(some, ERAS))


@pytest.mark.parametrize("one", scenarios(), ids=lambda one: one.name)
def test_the_model_says_of_every_shipped_scenario_what_its_sources_say(one: Scenario) -> None:
    wrong = [
        (outcome.era, outcome.verdict, said.expectation.verdict, said.expectation.source)
        for outcome in (one.run(rules, traces=False) for rules in eras())
        for said in outcome.expectations
        if said.agrees is False
    ]
    assert wrong == []


def test_a_golden_file_that_is_no_text_is_told_and_the_next_is_checked(tmp_path: Path) -> None:
    first, second = (
        scenario(Path(shutil.copy(scenario(name).path or "", tmp_path))) for name in ("S4", "S5")
    )
    golden_path(first).write_bytes(b"\xff\x00\xfe")
    promoted(second)
    one, other = check([first, second], ERAS)
    (line,) = one.mistakes
    assert line == f"{golden_path(first)} cannot be read: it is not text in UTF-8" + (
        " (threadkit cow promote writes it anew)"
    )
    assert not one.passed
    assert not one.missing
    assert other.passed
    assert promoted(first) == ("S4", True)
    assert checked(first).passed


def test_a_folder_in_place_of_a_golden_file_is_told(mine: Scenario) -> None:
    golden_path(mine).mkdir()
    (line,) = checked(mine).mistakes
    assert "cannot be read: " in line
    assert not checked(mine).missing


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("mm_idd", "era mm_idd: there is none of that name"),
        ("J", "era J: an expectation names an era by its key, mm_id"),
        ("*", ""),
        ("seed_2_4", ""),
    ],
)
def test_an_expectation_of_an_era_that_is_none_fails(mine: Scenario, key: str, said: str) -> None:
    hearsay = Expectation("Always", (key,), "derived", "hearsay")
    mistakes = mistakes_of(replace(mine, litmus=replace(mine.litmus, expectations=(hearsay,))))
    assert len(mistakes) == bool(said)
    assert "".join(mistakes).startswith(said)


def test_a_counterpart_that_is_nowhere_fails(mine: Scenario) -> None:
    beside = ("S5", "nowhere", "here")
    assert mine.path is not None
    (mine.path.parent / "here.litmus").write_text("")
    one = replace(mine, litmus=replace(mine.litmus, beside=beside))
    promoted(one)
    assert checked(one).mistakes == ("beside nowhere: no such scenario",)
    assert not checked(one).passed
