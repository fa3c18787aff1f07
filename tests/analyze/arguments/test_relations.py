"""Relations point at units near by, at words of the passage above, or at the patch."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from tests.analyze.arguments.bodies import bodies
from tests.analyze.arguments.made_mail import made
from threadkit.analyze.arguments.features import reads, rows
from threadkit.analyze.arguments.labels import scaled
from threadkit.analyze.arguments.learner import Learner, ModelError
from threadkit.analyze.arguments.relations import (
    MOST,
    NONE,
    SHOWN,
    SURE,
    RelationModel,
    moves,
    relations,
    saying_targets,
    unit_targets,
    window,
)
from threadkit.analyze.arguments.relations_features import (
    AFTER,
    BEFORE,
    move_row,
    saying_row,
    unit_row,
)
from threadkit.analyze.arguments.relations_ranker import Ranker
from threadkit.analyze.arguments.relations_view import View, view, words_of
from threadkit.analyze.arguments.segments import segments

REPLY = "> It is fast. It never leaks.\nNo, it leaks.\nI saw it on v5.9.\n"


def seen(body: str, labels: tuple[str, ...] = ()) -> View:
    mail = made(body)
    cut = segments(mail)
    names = labels or ("claim",) * len(cut.units)
    words = rows(mail, cut.units, cut.passages, reads(mail, cut.units))
    return view(mail, cut, [{name: 1.0} for name in names], words)


@pytest.fixture(scope="module")
def model() -> RelationModel:
    """Train on one mail: its claim attacks the last quoted sentence, evidence supports it."""
    one = seen(REPLY, ("claim", "evidence"))
    learner = Learner.fit(
        [move_row(one, 0), move_row(one, 1), move_row(seen("Hi,\n", ("social",)), 0)],
        ["attack:quote", "support:unit", NONE],
        l2=0.1,
    )
    near = [unit_row(one, 1, at, "support") for at in window(one, 1)]
    meant = [saying_row(one, 0, at, "attack") for at in (-1, 0, 1)]
    return RelationModel(
        learner, Ranker.fit([near], [[1.0]]), Ranker.fit([meant], [[0, 0, 1.0]], l2=0.1)
    )


def test_a_claim_attacks_the_sentence_that_it_was_trained_to(model: RelationModel) -> None:
    one = seen(REPLY, ("claim", "evidence"))
    found = relations(one, moves(one, model), model)
    attack, support = found
    assert (attack.unit, attack.kind, attack.target.kind) == (0, "attack", "quote")
    assert one.mail.body[attack.target.first : attack.target.last] == "It never leaks."
    assert (support.unit, support.kind, support.target[:2]) == (1, "support", ("unit", 0))


def test_moves_of_a_unit_are_shares(model: RelationModel) -> None:
    one = seen(REPLY, ("claim", "evidence"))
    assert all(sum(some.values()) == pytest.approx(1) for some in moves(one, model))
    assert moves(seen(""), model) == []


def test_nothing_below_the_threshold_is_told(model: RelationModel) -> None:
    one = seen(REPLY, ("claim", "evidence"))
    assert relations(one, moves(one, model), model, shown=1.0) == []


def test_without_a_passage_nothing_is_quoted(model: RelationModel) -> None:
    one = seen("No, it leaks.\n")
    assert saying_targets(one, 0, "attack", model) == []
    likely = [{"attack:quote": 1.0}]
    assert relations(one, likely, model) == []


def test_a_patch_needs_no_place(model: RelationModel) -> None:
    one = seen("No, it leaks.\n")
    (found,) = relations(one, [{"attack:patch": 0.9, NONE: 0.1}], model)
    assert (found.kind, found.target.kind, found.score) == (
        "attack",
        "patch",
        round(scaled(0.9, SURE), 3),
    )


def test_a_unit_does_not_agree_with_what_it_attacks(model: RelationModel) -> None:
    one = seen("No, it leaks.\n")
    likely = [{"attack:patch": 0.5, "agree:patch": 0.3, "ask:patch": 0.2}]
    assert [each.kind for each in relations(one, likely, model)] == ["attack", "ask"]


def test_targets_sum_to_one(model: RelationModel) -> None:
    one = seen(REPLY)
    for some in (unit_targets(one, 1, "support", model), saying_targets(one, 0, "attack", model)):
        assert sum(share for _, share in some) == pytest.approx(1)


def test_a_unit_looks_at_few_others() -> None:
    one = seen("".join(f"This is number {number} of them.\n\n" for number in range(60)))
    assert len(window(one, 30)) == BEFORE + AFTER
    assert 30 not in window(one, 30)
    assert window(one, 0) == list(range(1, AFTER + 1))


@settings(max_examples=50, deadline=None)
@given(bodies)
def test_relations_of_any_mail_are_in_bounds(model: RelationModel, body: str) -> None:
    one = seen(body)
    cut = one.cut
    found = relations(one, moves(one, model), model)
    assert [each.unit for each in found] == sorted(each.unit for each in found)
    for each in found:
        assert scaled(SHOWN, SURE) - 0.001 <= each.score <= 1
        assert sum(other.unit == each.unit for other in found) <= MOST
        if each.target.kind == "unit":
            assert 0 <= each.target.first < len(cut.units)
            assert each.target.first != each.unit
        elif each.target.kind == "quote":
            passage = cut.passages[cut.units[each.unit].passage]
            assert passage.start <= each.target.first < each.target.last <= passage.stop


def test_a_ranker_is_the_same_after_it_was_written() -> None:
    ranker = Ranker.fit([[["a"], ["b"]]], [[1.0, 0.0]], l2=0.1).with_header(features=1)
    again = Ranker.from_bytes(ranker.to_bytes())
    assert again.header == {"features": 1}
    assert again.to_bytes() == ranker.to_bytes()
    assert again.shares([["a"], ["b"]])[0] > 0.5
    assert again.shares([]) == []
    assert again.shares([["c"], []]) == [0.5, 0.5]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"threadkit-ranker-1\n",
        b"threadkit-ranker-1\n{}\n",
        b'threadkit-ranker-1\n{"bits":16,"buckets":2,"header":{}}\n1234',
        Ranker.fit([[["a"], ["b"]]], [[1.0, 0.0]]).to_bytes() + b"x",
    ],
)
def test_another_file_is_no_ranker(data: bytes) -> None:
    with pytest.raises(ModelError):
        Ranker.from_bytes(data)


def test_words_of_a_sentence_keep_names_apart() -> None:
    said = words_of("Why is do_wp_page() called twice?")
    assert said.asks
    assert said.names == {"do_wp_page"}
    assert "head-question" in said.told
