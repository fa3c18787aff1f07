"""A stance is told where something tells, and left undecided where irony may turn it round."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analyze.arguments.bodies import bodies
from tests.analyze.arguments.test_relations import seen
from threadkit.analyze.arguments.learner import Learner
from threadkit.analyze.arguments.stance import UNDECIDED, decide, stances
from threadkit.analyze.arguments.stance_features import MOST_UNITS, stance_row
from threadkit.analyze.arguments.stance_words import tone
from threadkit.analyze.arguments.values import STANCES

YES = "> It is slow.\nYes, I agree.\n"
NO = "> It is slow.\nNo, that is wrong.\n"


@pytest.fixture(scope="module")
def model() -> Learner:
    """Train on one segment of each side, and one that only adds to what is quoted."""
    one, other, third = seen(YES), seen(NO), seen("> It is slow.\nHere is a trace of it.\n")
    rows = [stance_row(each, each.runs[0], [{}] * len(each.units)) for each in (one, other, third)]
    return Learner.fit(rows, ["agree", "disagree", "neutral"], l2=0.1)


@pytest.mark.parametrize(("body", "stance"), [(YES, "agree"), (NO, "disagree")])
def test_a_side_is_told(model: Learner, body: str, stance: str) -> None:
    one = seen(body)
    (found,) = stances(one, [{}] * len(one.units), [""] * len(one.units), model)
    assert found.stance == stance
    assert found.rule == "model"


def test_irony_leaves_a_side_undecided(model: Learner) -> None:
    one = seen(NO)
    (found,) = stances(one, [{}] * len(one.units), ["surely"] * len(one.units), model)
    assert (found.stance, found.rule) == ("undecided", "irony")


def test_irony_does_not_turn_a_question_round() -> None:
    assert decide({"question": 0.9, "agree": 0.1}, True).stance == "question"


def test_where_nothing_tells_nothing_is_told() -> None:
    flat = dict.fromkeys(("agree", "disagree", "mixed", "question", "neutral"), 0.2)
    assert decide(flat, False).stance == "undecided"
    assert decide(flat, False).rule == "nothing tells"


def test_every_passage_has_its_stance(model: Learner) -> None:
    one = seen(YES + NO)
    found = stances(one, [{}] * len(one.units), [""] * len(one.units), model)
    assert [each.stance for each in found] == ["agree", "disagree"]


def test_words_above_all_quotations_have_none(model: Learner) -> None:
    one = seen("I agree.\n\n> It is slow.\n")
    assert stances(one, [{}] * len(one.units), [""] * len(one.units), model) == []


def test_a_long_segment_is_read_in_part() -> None:
    one = seen("> It is slow.\n" + "".join(f"This is number {n}.\n\n" for n in range(200)))
    row = stance_row(one, one.runs[0], [{"support:unit": 0.5}] * len(one.units))
    assert row["m-sum=support:unit"] == 3.0
    assert len(one.runs[0]) > MOST_UNITS
    assert len(row) < 1000


@given(st.dictionaries(st.sampled_from(STANCES[:-1]), st.floats(0, 1), min_size=1), st.booleans())
def test_what_is_decided_was_likeliest(likely: dict[str, float], ironic: bool) -> None:
    found = decide(likely, ironic)
    assert found.score == max(likely.values())
    assert found.stance == "undecided" or (
        likely[found.stance] == found.score and found.score >= UNDECIDED
    )


@settings(max_examples=50, deadline=None)
@given(bodies)
def test_any_mail_has_a_stance_a_passage(model: Learner, body: str) -> None:
    one = seen(body)
    found = stances(one, [{}] * len(one.units), [""] * len(one.units), model)
    assert len(found) == len(one.cut.passages)


@pytest.mark.parametrize(
    ("text", "good", "bad"),
    [
        ("this be a good idea", 1, 0),
        ("this be not a good idea", 0, 1),
        ("it be not broken", 1, 0),
        ("it be ugly and slow", 0, 2),
        ("the page be mapped", 0, 0),
    ],
)
def test_negation_turns_praise_round(text: str, good: int, bad: int) -> None:
    assert tone(text.split())[:2] == (good, bad)
