"""What counts as a relation that was found, missed, or told and not there."""

from __future__ import annotations

from dataclasses import replace

from tests.analyze.arguments.made_mail import made
from tests.analyze.arguments.test_relations import seen
from tests.eval.arguments.attachment import attached
from tests.eval.arguments.bearings import Bearing, joined
from tests.eval.arguments.gold import GoldMail, GoldRelation, GoldStance, GoldUnit
from tests.eval.arguments.relations import (
    confusion,
    counts,
    nearest,
    readers,
    side_scores,
    sides,
    worst,
)
from tests.eval.arguments.stance import accuracy, macro
from tests.eval.arguments.stance import sides as side_of
from tests.eval.scores import Count, total
from threadkit.analyze.arguments.values import Relation, Target

BODY = "> It is fast. It never leaks.\nNo, it leaks.\nI saw it on v5.9.\n"
LEAKS = BODY.index("It never"), BODY.index("leaks.") + 6
CLAIM = BODY.index("No,"), BODY.index("No,") + len("No, it leaks.")
GROUND = BODY.index("I saw"), len(BODY) - 1


def labelled(*, by: int = 2, exact: bool = True) -> Bearing:
    attack = GoldRelation("attack", "quote", *LEAKS, by, exact)
    support = GoldRelation("support", "unit", *CLAIM, by)
    units = (
        GoldUnit(*CLAIM, ("claim", "claim"), "", "", (attack,)),
        GoldUnit(*GROUND, ("evidence", "evidence"), "", "", (support,)),
    )
    stance = GoldStance(0, BODY.index("\n"), ("disagree",), (0, 1))
    gold = GoldMail(made(BODY), "a", "gold", units, (stance,))
    return Bearing(gold, seen(BODY, ("claim", "evidence")))


def attack(first: int, last: int) -> Relation:
    return Relation(0, "attack", Target("quote", first, last), 0.9, "model")


def test_the_sentence_that_is_meant_is_right_by_both_readings() -> None:
    one = labelled()
    for reading in ("block", "words"):
        assert counts([one], [[attack(*LEAKS)]], reading=reading) == [Count(1, 0, 1)]


def test_another_sentence_of_the_block_is_right_by_the_block_only() -> None:
    one, wrong = labelled(), attack(2, 13)
    assert counts([one], [[wrong]]) == [Count(1, 0, 1)]
    assert counts([one], [[wrong]], reading="words") == [Count(0, 1, 2)]


def test_all_of_a_block_is_no_sentence_unless_the_block_was_meant() -> None:
    whole = attack(2, LEAKS[1])
    assert counts([labelled()], [[whole]], reading="words") == [Count(0, 1, 2)]
    assert counts([labelled(exact=False)], [[whole]], reading="words") == [Count(1, 0, 1)]


def test_what_one_reader_saw_is_not_missed_but_for_the_harder_reading() -> None:
    one = labelled(by=1)
    assert counts([one], [[]]) == [Count(0, 0, 0)]
    assert counts([one], [[]], every=True) == [Count(0, 0, 2)]
    assert counts([one], [[attack(*LEAKS)]]) == [Count(1, 0, 0)]


def test_types_can_be_counted_alone() -> None:
    one = labelled()
    assert counts([one], [[attack(*LEAKS)]], kinds=("attack",)) == [Count(1, 0, 0)]
    assert total(counts([one], [nearest(one)])) == Count(1, 0, 1)


def test_an_error_is_listed_and_mixed_up_types_are_counted() -> None:
    one = labelled()
    wrong = Relation(1, "answer", Target("quote", *LEAKS), 0.9, "model")
    assert worst([one], [[attack(*LEAKS), wrong]]) == [("a@example.org", GROUND[0], wrong)]
    assert confusion([one], [[wrong]]) == {("support", "answer"): 1, ("attack", "none"): 1}


def test_sides_are_scored_by_class() -> None:
    one = labelled()
    table = sides([one], [[attack(*LEAKS)]])
    assert table == {("attack", "attack"): 1, ("support", "none"): 1}
    assert side_scores(table)["attack"] == 1.0
    assert side_scores(table)["support"] == 0.0


def test_two_readers_of_one_mail_become_one() -> None:
    first = labelled(by=1).gold
    units = (first.units[0], replace(first.units[1], relations=()))
    both = joined(first, replace(first, units=units))
    assert [rel.by for unit in both.units for rel in unit.relations] == [2, 1]
    assert len(both.units[0].labels) == 4
    assert both.stances[0].stances == ("disagree", "disagree")
    assert readers([Bearing(both, labelled().seen)]) == Count(1, 1, 0)


def test_units_under_a_quotation_are_attached_to_it() -> None:
    assert [right for _, right in attached(labelled().gold)] == [True, True]


def test_either_reader_of_a_stance_is_right() -> None:
    said = [("agree", "mixed"), ("disagree", "disagree")]
    assert accuracy(said, ["mixed", "agree"]) == 0.5
    assert macro(said, ["mixed", "disagree"]) == 1.0
    assert side_of({"agree": 0.4, "mixed": 0.3, "neutral": 0.3}) == "other"
