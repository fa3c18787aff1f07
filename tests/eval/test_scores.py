"""Figures and agreement, on cases that can be worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.eval.agreement import alpha, before, compared, kappa, named, spans
from tests.eval.labels import make
from tests.eval.scores import Count, interval, total

COUNTS = st.lists(st.builds(Count, *[st.integers(0, 9)] * 3), min_size=1, max_size=30)


def test_figures_of_counts() -> None:
    count = total([Count(3, 1, 0), Count(0, 0, 2)])
    assert (count.precision, count.recall, count.f1) == (0.75, 0.6, 2 / 3)


def test_nothing_found_of_nothing_is_right() -> None:
    assert (Count().precision, Count().recall, Count().f1) == (1.0, 1.0, 1.0)


@given(COUNTS)
def test_an_interval_is_in_order_and_repeats(counts: list[Count]) -> None:
    low, high = interval(counts, lambda one: one.f1, rounds=80)
    assert 0 <= low <= high <= 1
    assert (low, high) == interval(counts, lambda one: one.f1, rounds=80)


def test_an_interval_of_equal_mails_is_one_point() -> None:
    assert interval([Count(1, 1, 0)] * 5, lambda one: one.precision) == (0.5, 0.5)


def test_an_interval_is_wider_with_fewer_mails() -> None:
    few = interval([Count(1), Count(0, 0, 1)] * 3, lambda one: one.recall)
    many = interval([Count(1), Count(0, 0, 1)] * 300, lambda one: one.recall)
    assert few[1] - few[0] > many[1] - many[0]


# Cohen 1960: 20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no give kappa 0.4.
FIRST = dict(enumerate("y" * 25 + "n" * 25))
SECOND = dict(enumerate("y" * 20 + "n" * 5 + "y" * 10 + "n" * 15))


def test_kappa_of_a_known_table() -> None:
    named = [{str(at): value for at, value in one.items()} for one in (FIRST, SECOND)]
    assert kappa(*named) == pytest.approx(0.4)


def test_alpha_of_a_known_table() -> None:
    # 40 of the 100 values are paired unlike: Do = 15 * 2 / 100; De = 2 * 55 * 45 / (100 * 99).
    named = [{str(at): value for at, value in one.items()} for one in (FIRST, SECOND)]
    assert alpha(named) == pytest.approx(1 - 0.3 / (2 * 55 * 45 / 9900))


def test_alpha_leaves_out_what_one_alone_has_judged() -> None:
    one, other = {"a": "y", "b": "n", "c": "y"}, {"a": "y", "b": "n"}
    assert alpha([one, other]) == 1.0


def test_who_judges_all_alike_agrees_and_who_shares_nothing_does_not() -> None:
    assert kappa({"a": "y"}, {"a": "y"}) == 1.0
    assert kappa({"a": "y"}, {"b": "y"}) == 0.0
    assert alpha([{"a": "y"}, {"b": "y"}]) == 0.0


@given(st.dictionaries(st.text("abc", max_size=3), st.sampled_from("yn"), min_size=1))
def test_a_labeller_agrees_with_himself(judged: dict[str, str]) -> None:
    assert kappa(judged, judged) == pytest.approx(1.0)
    assert alpha([judged, judged]) == pytest.approx(1.0)


BODY = "since 5.9-rc1, see 09854ba94c6a\n"


def test_spans_agree_by_kind_value_and_place() -> None:
    one = make("a@example.org", BODY, 19, 31, "commit", "09854ba94c6a", "A")
    nearly = make("a@example.org", BODY, 15, 31, "commit", "09854ba94c6a", "B")
    other = make("a@example.org", BODY, 6, 13, "release", "5.9-rc1", "B")
    assert spans([one], [nearly, other]) == Count(right=1, extra=1)
    assert spans([one], [other]) == Count(extra=1, missed=1)


def test_the_comparison_is_of_mails_that_both_have() -> None:
    first = [make("a@example.org", BODY, 0, 0, "report", "yes", "A")]
    second = [make("a@example.org", BODY, 0, 0, "report", "no", "B"),
              make("b@example.org", BODY, 0, 0, "report", "no", "B")]  # fmt: skip
    assert compared(first, second).startswith("reports: 1 mails in both, 0 alike, kappa 0.000")
    assert compared(first, second[1:]).startswith("reports: 0 mails in both, 0 alike")
    assert compared([], second) == "the two have no mail in common"


def test_what_was_decided_later_does_not_count_as_agreement() -> None:
    plain = make("a@example.org", BODY, 19, 31, "commit", "09854ba94c6a", "A")
    added = make("a@example.org", BODY, 6, 13, "release", "5.9-rc1", "B", notes="adjudicated")
    was = make("b@example.org", BODY, 6, 13, "release", "5.9", "A")
    elsewhere = make("b@example.org", BODY, 0, 0, "report", "no", "A")
    assert before([plain, added], [was, elsewhere]) == [plain, was]


def test_mails_in_which_one_alone_found_something_count() -> None:
    first = [make("a@example.org", BODY, 19, 31, "commit", "09854ba94c6a", "A"),
             make("b@example.org", BODY, 19, 31, "commit", "09854ba94c6a", "A")]  # fmt: skip
    told = compared(first, first[:1], ["a@example.org", "b@example.org", "c@example.org"])
    assert told.splitlines() == [
        "citations: 3 mails in both",
        "all: 1 alike, 1 only in the first, 0 only in the second, F1 0.667",
        "commit: 1 alike, 1 only in the first, 0 only in the second, F1 0.667",
    ]


def test_names_agree_by_their_beginning_wherever_they_stand() -> None:
    short = make("a@example.org", BODY, 19, 31, "culprit", "09854ba94c6a", "A")
    long = make("a@example.org", BODY, 0, 0, "culprit", "09854ba94c6aad78", "B")
    other = make("a@example.org", BODY, 0, 0, "fix", "09854ba94c6a", "B")
    assert named("culprit", [short], [long, other]) == Count(right=1)
    assert named("fix", [short], [long, other]) == Count(extra=1)
    assert named("culprit", [short, short], [long]) == Count(right=1, missed=1)
