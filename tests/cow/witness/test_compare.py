"""A kernel agrees with the model, is allowed by it, or differs; nothing else is said."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.cow.outcome import FinalState
from threadkit.cow.witness.compare import compare, counts, table
from threadkit.cow.witness.results import Observation, WitnessRun

RUN = WitnessRun(
    "5.10", "5.10.0", "p", "1", "stable_5_10", "", "2026-01-01T00:00:00Z", "0", "", 1, ()
)


def seen(value: str, *, condition: bool | None = None, sampled: bool = False) -> Observation:
    return Observation("S", (("parent:r0", value),), condition, "", 0.1, sampled, (0,))


def final(value: str, *, satisfies: bool = False, **others: str) -> FinalState:
    return FinalState((("parent:r0", value), *others.items()), satisfies, ())


def test_one_outcome_on_both_sides_agrees():
    found = compare([seen("3", condition=True)], [final("3", satisfies=True)], RUN)
    assert (found.agreement, found.why, found.unseen) == ("agrees", "", ())
    assert found.compared == ("parent:r0", "condition")
    assert found.condition == "yes"


def test_another_value_differs_and_is_named():
    found = compare([seen("1")], [final("3")], RUN)
    assert found.agreement == "differs"
    assert found.why == "parent:r0 is 1, in the model 3"


def test_another_answer_to_the_question_differs():
    found = compare([seen("3", condition=True)], [final("3")], RUN)
    assert (found.agreement, found.why) == ("differs", "condition is yes, in the model no")


def test_an_answer_that_is_unknown_is_not_compared():
    found = compare([seen("3")], [final("3", satisfies=True)], RUN)
    assert found.agreement == "agrees"
    assert "condition" not in found.compared


def test_a_sample_is_allowed_and_what_it_missed_is_listed():
    found = compare([seen("3", sampled=True)], [final("3"), final("1")], RUN)
    assert found.agreement == "allowed"
    assert found.unseen == ((("parent:r0", "1"),),)


def test_a_model_that_allows_everything_is_wrong_where_there_is_one_order():
    found = compare([seen("3")], [final(str(value)) for value in range(5)], RUN)
    assert found.agreement == "differs"
    assert "5 outcomes" in found.why


def test_states_that_differ_in_what_no_program_sees_are_one():
    hidden = [final("3", **{"parent:x": "A rw"}), final("3", **{"parent:x": "B ro"})]
    assert compare([seen("3")], hidden, RUN).agreement == "agrees"


def test_what_was_skipped_keeps_its_reason_and_no_era_is_no_model():
    found = compare([Observation("S", skipped="no swap here")], [final("3")], RUN)
    assert (found.agreement, found.why) == ("skipped", "no swap here")
    assert compare([seen("3")], None, RUN).agreement == "no model"


values = st.sampled_from("0123")


@given(st.lists(values, min_size=1, unique=True), st.lists(values, min_size=1), st.booleans())
def test_verdict_follows_from_the_two_sets(allowed: list[str], made: list[str], sampled: bool):
    observations = [seen(value, sampled=sampled) for value in made]
    found = compare(observations, [final(value) for value in allowed], RUN)
    if not set(made) <= set(allowed):
        assert found.agreement == "differs"
    elif len(allowed) == 1:
        assert found.agreement == "agrees"
    else:
        assert found.agreement == ("allowed" if sampled else "differs")
    assert {dict(one)["parent:r0"] for one in found.unseen} == set(allowed) - set(made)


def test_table_has_a_cell_for_every_scenario_on_every_kernel():
    old = replace(RUN, observations=(seen("3"), Observation("T", skipped="why")))
    new = replace(RUN, kernel="6.1", era="stable_6_1", observations=(seen("1"),))
    rows = table(
        [old, new], {("S", "stable_5_10"): [final("3")], ("S", "stable_6_1"): [final("3")]}
    )
    assert [row.scenario for row in rows] == ["S", "T"]
    agreements = [[cell and cell.agreement for cell in row.cells] for row in rows]
    assert agreements == [["agrees", "differs"], ["skipped", None]]
    assert counts(rows, 0) == {"agrees": 1, "skipped": 1}
    assert counts(rows, 1) == {"differs": 1}


@pytest.mark.parametrize("made", ["3", "segv"])
def test_a_value_that_the_model_never_sets_is_not_allowed(made: str):
    nothing = FinalState((("parent:r1", "2"),), False, ())
    both = [final("3"), nothing]
    found = compare([seen(made, sampled=True)], both, RUN)
    assert found.agreement == ("allowed" if made == "3" else "differs")
