"""How unit labels are scored."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.eval.arguments.crossed import leanings
from tests.eval.arguments.gold import find_words
from tests.eval.arguments.units import FEWEST, Scored, alpha, sure_counts, threshold

SOME = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=2, max_size=60)


def test_a_unit_whose_readers_differ_is_right_with_either() -> None:
    scored = Scored([("a", "b"), ("a", "b"), ("a", "a")], ["a", "b", "b"], [0, 0, 1])
    assert scored.accuracy() == pytest.approx(2 / 3)
    assert (scored.counts("b").right, scored.counts("b").extra) == (1, 1)
    assert (scored.counts("a").right, scored.counts("a").missed) == (1, 1)


def test_small_classes_do_not_count() -> None:
    labels = [("a",)] * FEWEST + [("b",)] * (FEWEST - 1)
    scored = Scored(labels, ["a"] * len(labels), [0] * len(labels))
    assert scored.macro() == pytest.approx(scored.counts("a").f1)


def test_the_interval_holds_the_figure_of_mails_that_are_alike() -> None:
    labels, told = [("a",), ("b",)] * 40, ["a", "a"] * 40
    scored = Scored(labels, told, [at // 2 for at in range(80)])
    assert scored.interval(Scored.accuracy) == (0.5, 0.5)


def test_what_is_below_the_threshold_is_not_told() -> None:
    count = sure_counts([("a",), ("a",), ("b",)], ["a", "a", "a"], [0.6, 0.4, 0.7], "a")
    assert (count.right, count.extra, count.missed) == (1, 1, 1)


def test_a_threshold_that_nothing_reaches_is_high() -> None:
    assert threshold([(0.9, False)] * 30, 0.9) > 0.9
    assert threshold([(0.9, True)] * 30 + [(0.5, False)] * 30, 0.99) == 0.9


def test_alpha_is_one_for_the_same_and_zero_for_chance() -> None:
    assert alpha([("a", "a"), ("b", "b"), ("c", "c")]) == 1.0
    assert alpha([("a", "b"), ("b", "a"), ("a", "a"), ("b", "b")]) == pytest.approx(0.125)


@given(SOME)
def test_alpha_does_not_know_first_from_second(pairs: list[tuple[str, str]]) -> None:
    assert alpha(pairs) == pytest.approx(alpha([(b, a) for a, b in pairs]))
    assert alpha(pairs) <= 1.0


def test_leaning_lifts_a_class_that_is_told_too_seldom() -> None:
    numpy = pytest.importorskip("numpy")
    labels = [("a",)] * 60 + [("b",)] * 40
    shares = numpy.array([[0.9, 0.1]] * 60 + [[0.6, 0.4]] * 40)
    weights = leanings(labels, shares, ["a", "b"])
    assert (shares * [weights["a"], weights["b"]]).argmax(axis=1).tolist() == [0] * 60 + [1] * 40


@given(
    st.lists(st.sampled_from(["one", "two", "three"]), min_size=1, max_size=8), st.integers(1, 3)
)
def test_quoted_words_are_found_whatever_their_lines(said: list[str], width: int) -> None:
    lines = [" ".join(said[at : at + width]) for at in range(0, len(said), width)]
    body = "Own.\n" + "".join(f"> {line}\n" for line in lines)
    place = find_words(body, " ".join(said), 5, len(body))
    assert place == (7, len(body) - 1)
    assert find_words(body, "never said", 0, len(body)) is None
