"""What is counted, how figures are drawn, and what is an error."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.eval.arguments import figures, shipped, table
from tests.eval.arguments.errors import confusion, worst, worst_relations
from tests.eval.arguments.figures import Line, Told
from tests.eval.arguments.stance import Segment
from tests.eval.arguments.test_relation_scores import LEAKS, attack, labelled
from tests.eval.arguments.units import Scored
from threadkit.analyze.arguments.values import LABELS, Relation, Target

label = st.sampled_from(LABELS)
mails = st.lists(
    st.lists(st.tuples(st.tuples(label, label), label), min_size=1, max_size=12),
    min_size=1, max_size=6,
)  # fmt: skip
SEGMENT = Segment(0, 0, True, {}, ("disagree", "mixed"))


def told(
    labels: Sequence[str] = ("claim", "evidence"),
    scores: Sequence[float] = (0.9, 0.9),
    stance: str = "disagree",
    relations: Sequence[Relation] = (),
) -> Told:
    side = stance if stance in ("agree", "disagree") else "other"
    return Told([labels], [scores], [list(relations)], [stance], [side])


def figure(name: str, one: Told) -> Line:
    return next(line for line in figures.figures([labelled()], [SEGMENT], one) if line.name == name)


@given(mails)
@settings(max_examples=60)
def test_labels_are_counted_as_the_card_of_the_model_counts_them(
    some: list[list[tuple[tuple[str, ...], str]]],
) -> None:
    said = [[each for each, _ in mail] for mail in some]
    mine = [[one for _, one in mail] for mail in some]
    plain = Scored(
        [each for mail in said for each in mail],
        [one for mail in mine for one in mail],
        [number for number, mail in enumerate(said) for _ in mail],
    )
    found = {one.name: one for one in figures.of_labels(said, mine)}
    assert found["unit labels, accuracy"].value() == pytest.approx(plain.accuracy())
    assert found["unit labels, macro-F1"].value() == pytest.approx(plain.macro())
    for one in figures.classes(said, mine):
        assert one.f1 == plain.counts(one.label).f1
    low, high = found["unit labels, accuracy"].interval()
    assert 0 <= low <= high <= 1


def test_one_mail_leaves_nothing_to_draw() -> None:
    line = figure("unit labels, accuracy", told(("claim", "social")))
    assert (line.value, line.low, line.high) == (0.5, 0.5, 0.5)


def test_a_unit_that_was_not_cut_is_missed_and_nothing_else() -> None:
    rows = {one.label: one for one in figures.classes([[("claim",)]], [[""]])}
    assert (rows["claim"].recall, rows["claim"].units) == (0.0, 1)
    assert all(one.precision == 1.0 for one in rows.values())


def test_what_is_below_its_threshold_is_not_shown() -> None:
    name = "question, shown: precision"
    said, mine = [[("question",), ("question",)]], [["question", "question"]]
    sure = {one.name: one.value() for one in figures.of_sure(said, mine, [[0.5, 0.4]])}
    assert (sure[name], sure["question, shown: recall"]) == (1.0, 0.5)
    none = {one.name: one.value() for one in figures.of_sure(said, mine, [[0.4, 0.4]])}
    assert none[name] == 0.0


@pytest.mark.parametrize(("stance", "five", "three"), [
    ("disagree", 1, 1), ("mixed", 1, 1), ("neutral", 0, 1), ("agree", 0, 0),
])  # fmt: skip
def test_a_stance_is_right_with_either_reader(stance: str, five: float, three: float) -> None:
    one = told(stance=stance)
    assert figure("stance, 5-way accuracy", one).value == five
    assert figure("stance, 3-way accuracy", one).value == three


def test_relations_are_beside_the_plain_rule_and_the_readers() -> None:
    line = figure("relations, F1", told(relations=[attack(*LEAKS)]))
    assert line.value == pytest.approx(2 / 3)
    assert line.majority is None or line.majority == 0.0
    assert (line.readers, line.goal, line.met) == (1.0, 0.5, True)


def test_errors_are_told_by_place_the_surest_first() -> None:
    one = labelled()
    mine = told(("social", "claim"), (0.6, 0.8), relations=[Relation(1, "ask", Target("patch"), 0.7, "model")])  # fmt: skip
    assert [(wrong.told, wrong.read) for wrong in worst([one], mine)] == [
        ("claim", "evidence/evidence"), ("social", "claim/claim"),
    ]  # fmt: skip
    [wrong] = worst_relations([one], mine)
    assert (wrong.told, wrong.read, wrong.start) == ("ask patch", "support unit", one.gold.units[1].start)  # fmt: skip
    assert wrong.passage({}) == ""
    assert confusion([one], mine)["evidence"] == {"claim": 1}


def test_whole_mails_are_put_on_the_labelled_units() -> None:
    found = shipped.read([labelled().gold])
    assert [len(one) for one in found.whole.labels] == [2]
    assert found.whole.labels == found.given.labels
    assert len(found.segments) == len(found.given.five) == len(found.whole.five) == 1
    lines = list(shipped.report(found))
    assert any(line.startswith("end to end: 2 units of 1 mails") for line in lines)


def test_a_line_says_if_its_goal_is_met() -> None:
    lines = [Line("a", 9, 0.5, 0.4, 0.6, goal=0.5), Line("b", 2, 0.5, 0.4, 0.6, 0.1, 0.2, 0.3, 0.6)]
    assert [line.rpartition(": ")[2] for line in table.text(lines)][1:] == ["met", "not met"]
