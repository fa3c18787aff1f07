"""The learner: what it finds, that it finds it again, and that files survive or say why not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.analyze.arguments.learner import Learner, ModelError, bucket, data_hash
from threadkit.analyze.arguments.training import group_folds, minimise, softmax

ROWS = [["w=why", "?"], ["w=thanks"], ["w=how", "?"], ["w=thanks", "!"], ["w=it"], ["w=it", "w=is"]]
LABELS = ["question", "social", "question", "social", "claim", "claim"]


def learner() -> Learner:
    return Learner.fit(ROWS, LABELS, l2=0.1)


def test_it_tells_what_it_was_taught_and_what_is_like_it() -> None:
    told = learner().predict_proba([["w=where", "?"], ["w=thanks", "w=ann"], ["w=it"]])
    assert [learner().classes[at] for at in told.argmax(axis=1)] == ["question", "social", "claim"]
    assert np.allclose(told.sum(axis=1), 1)


def test_values_count() -> None:
    rows = [{"x": 1.0}, {"x": -1.0}, {"x": 2.0}, {"x": -2.0}]
    trained = Learner.fit(rows, ["a", "b", "a", "b"], l2=0.1)
    told = trained.predict_proba([{"x": 3.0}, {"x": -3.0}, {"x": 0.0}])
    assert told[0, 0] > 0.9 > 0.1 > told[1, 0]
    assert told[2, 0] == pytest.approx(0.5, abs=0.05)


def test_the_weights_are_where_the_slope_is_flat() -> None:
    trained = Learner.fit(ROWS, LABELS, l2=0.5)
    told = trained.predict_proba(ROWS)
    aims = np.array([[one == name for name in trained.classes] for one in LABELS], float)
    off = told - aims
    assert np.abs(off.sum(axis=0)).max() < 0.01
    for name in ("?", "w=thanks", "w=it"):
        has = np.array([name in row for row in ROWS], float)
        at = int(np.searchsorted(trained.buckets, bucket(name)))
        assert np.allclose(has @ off + 0.5 * trained.weights[at], 0, atol=0.02)


def test_rare_features_are_left_out() -> None:
    trained = Learner.fit(ROWS, LABELS, min_count=2)
    assert bucket("w=why") not in trained.buckets
    assert bucket("?") in trained.buckets


def test_a_label_may_be_shared_out() -> None:
    shared = Learner.fit([["a"], ["a"]], [{"x": 0.75, "y": 0.25}, {"x": 0.75, "y": 0.25}], l2=0.01)
    assert shared.predict_proba([["a"]])[0].tolist() == pytest.approx([0.75, 0.25], abs=0.01)


def test_weights_of_rows_and_classes_count() -> None:
    rows, labels = [["a"], ["a"]], ["x", "y"]
    heavy = Learner.fit(rows, labels, sample_weights=[3.0, 1.0], l2=0.01)
    assert heavy.predict_proba([["a"]])[0, 0] == pytest.approx(0.75, abs=0.01)
    heavy = Learner.fit(rows, labels, class_weights={"y": 3.0}, l2=0.01)
    assert heavy.predict_proba([["a"]])[0, 1] == pytest.approx(0.75, abs=0.01)


def test_leaning_multiplies_what_is_likely() -> None:
    trained = Learner.fit([["a"], ["b"], ["c"]], ["x", "y", "y"], groups=[1, 2, 3])
    plain, leaned = trained.predict_proba([["a"]])[0], trained.leaning({"x": 3.0})
    more = plain * [3.0, 1.0]
    assert leaned.predict_proba([["a"]])[0].tolist() == pytest.approx((more / more.sum()).tolist())


def test_noise_of_unseen_groups_cools_what_is_told() -> None:
    random = np.random.default_rng(1)
    rows = [[f"w={random.integers(40)}"] for _ in range(200)]
    labels = [str(random.integers(2)) for _ in rows]
    groups = [number // 20 for number in range(200)]
    cooled = Learner.fit(rows, labels, groups=groups, l2=0.01)
    assert cooled.temperature > 1.0


def test_a_file_tells_the_same_again() -> None:
    trained = learner().with_header(data="x", scores={"f1": 0.5})
    data = trained.to_bytes()
    again = Learner.from_bytes(data)
    assert (
        again.to_bytes() == data == learner().with_header(data="x", scores={"f1": 0.5}).to_bytes()
    )
    assert again.header == {"data": "x", "scores": {"f1": 0.5}}
    assert np.allclose(again.predict_proba(ROWS), trained.predict_proba(ROWS), atol=0.01)
    assert b"thanks" not in data


@given(st.integers(0, 2**32), st.binary(max_size=8))
def test_a_damaged_file_is_told(at: int, other: bytes) -> None:
    data = learner().to_bytes()
    cut = data[: at % len(data)]
    with pytest.raises(ModelError):
        Learner.from_bytes(cut)
    with pytest.raises(ModelError):
        Learner.from_bytes(other)
    with pytest.raises(ModelError):
        Learner.from_bytes(data + b"x")


def test_no_rows_and_too_few_labels_are_refused() -> None:
    with pytest.raises(ValueError, match="0 rows"):
        Learner.fit([], [])
    with pytest.raises(ValueError, match="1 rows and 0 labels"):
        Learner.fit([["a"]], [])


def test_unknown_features_tell_the_rule_of_the_data() -> None:
    told = learner().predict_proba([["never seen"], []])
    assert np.allclose(told[0], told[1])


@given(st.lists(st.sampled_from("abcdefg"), min_size=1, max_size=60), st.integers(1, 6))
def test_groups_are_never_divided(groups: list[str], folds: int) -> None:
    found = group_folds(groups, folds)
    assert all(
        len({found[at] for at, one in enumerate(groups) if one == name}) == 1 for name in groups
    )
    assert set(found) == set(range(min(folds, len(set(groups)))))


def test_minimise_finds_the_lowest_point_of_a_bowl() -> None:
    steep = np.array([1.0, 100.0, 0.01])
    low = np.array([3.0, -2.0, 5.0])
    found = minimise(
        lambda x: (float((steep * (x - low) ** 2).sum()), 2 * steep * (x - low)), np.zeros(3)
    )
    assert np.allclose(found, low, atol=0.05)


@given(st.lists(st.floats(-50, 50), min_size=2, max_size=5))
def test_shares_sum_to_one_and_keep_the_order(scores: list[float]) -> None:
    shares = softmax(np.array([scores]))[0]
    assert shares.sum() == pytest.approx(1)
    assert shares.argmax() == int(np.argmax(scores)) or np.isclose(
        shares.max(), shares[np.argmax(scores)]
    )


def test_the_hash_of_the_data_changes_with_it() -> None:
    assert data_hash(["a", "b"]) == data_hash(["a", "b"]) != data_hash(["ab"])
