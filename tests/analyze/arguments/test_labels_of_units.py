"""What units are told to be: rules, the shipped model, scores, hedges."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.analyze.arguments.made_mail import made
from threadkit.analyze.arguments.features import LONGEST, read, reads, rows
from threadkit.analyze.arguments.labels import Told, label_units, scaled, shipped
from threadkit.analyze.arguments.learner import Learner
from threadkit.analyze.arguments.segments import segments
from threadkit.analyze.arguments.skeleton import built_of, orders
from threadkit.analyze.arguments.values import KINDS, LABELS


def told(body: str, *, is_patch: bool = False) -> dict[str, Told]:
    mail = replace(made(body), is_patch=is_patch, is_reply=not is_patch)
    cut = segments(mail)
    return {
        body[unit.start : unit.stop]: one
        for unit, one in zip(cut.units, label_units(mail, cut), strict=True)
    }


def test_plain_moves_are_told() -> None:
    found = told(
        "> The lock is not needed.\n"
        "Why is it not needed?\n"
        "> It is slow.\n"
        "I agree.\n"
        "> We could drop it.\n"
        "Sorry, my mistake.\n"
        "\n"
        "Thanks,\n"
        "Ann\n"
    )
    assert found["Why is it not needed?"].label == "question"
    assert found["I agree."].label == "agreement"
    assert found["Sorry, my mistake."].label == "concession"
    assert found["Thanks,\nAnn"].label == "social"


def test_rules_say_which_and_are_sure() -> None:
    found = told("> [patch]\nReviewed-by: Ann <ann@example.org>\n\nAgreed.\n\nThanks!\n")
    given_ = found["Reviewed-by: Ann <ann@example.org>"]
    assert (given_.label, given_.rule) == ("agreement", "trailer given")
    assert (found["Agreed."].label, found["Agreed."].rule) == ("agreement", "agreed")
    assert found["Thanks!"].label == "social"
    assert found["Thanks!"].score > 0.9


def test_a_trailer_of_a_patch_agrees_with_nobody() -> None:
    body = (
        "Make it faster.\n\nReviewed-by: Ann <ann@example.org>\n---\n a.c | 2 +-\n\n"
        "diff --git a/a.c b/a.c\n--- a/a.c\n+++ b/a.c\n@@ -1 +1 @@\n-a\n+b\n"
    )
    found = told(body, is_patch=True)
    assert found["Reviewed-by: Ann <ann@example.org>"].label == "social"


def test_hedges_and_jokes_are_shown_as_they_stand() -> None:
    found = told("> x\nPerhaps the lock is held too long.\n\nGood luck with that ;)\n")
    assert found["Perhaps the lock is held too long."].hedge == "Perhaps"
    assert found["Good luck with that ;)"].irony
    assert not found["Perhaps the lock is held too long."].irony


def test_a_mail_without_own_words_has_no_labels() -> None:
    mail = made("> all of it\n> is quoted\n")
    assert label_units(mail, segments(mail)) == []


def test_the_shipped_model_fits_the_features_and_knows_all_labels() -> None:
    model = shipped()
    assert set(model.classes) == set(LABELS)
    assert set(model.header["thresholds"]) == set(LABELS)
    assert len(model.to_bytes()) < 4_000_000


@given(st.text(max_size=400))
def test_any_text_is_told(text: str) -> None:
    mail = made(text)
    cut = segments(mail)
    found = label_units(mail, cut)
    assert len(found) == len(cut.units)
    for one in found:
        assert one.label in LABELS
        assert one.kind in (*KINDS, "")
        assert 0 <= one.score <= 1
        assert sum(one.shares.values()) == pytest.approx(1, abs=0.01)
        assert one.secondary != one.label


@given(st.text(max_size=300), st.text(max_size=100))
def test_features_are_of_own_words_only(own: str, other: str) -> None:
    """Words that only a later quotation has change no feature of a unit's words."""
    own = "Own words. " + " ".join(own.split())
    first, second = made(f"{own}\n"), made(f"{own}\n> zebra {' '.join(other.split())}\n")
    for mail in (first, second):
        cut = segments(mail)
        for row in rows(mail, cut.units, cut.passages, reads(mail, cut.units)):
            assert "zebra" in own or not any("zebra" in name for name in row if name[:2] == "1:")


def test_a_long_unit_is_read_in_part() -> None:
    assert len(read("word " * LONGEST).text) <= LONGEST + 1


def test_scores_rise_with_shares_and_are_half_at_the_threshold() -> None:
    shares = np.linspace(0, 1, 21)
    for limit in (0.3, 0.8):
        scores = [scaled(float(share), limit) for share in shares]
        assert scores == sorted(scores)
        assert scaled(limit, limit) == 0.5
    assert scaled(0.7, 1.0) == pytest.approx(0.35)


def test_a_threshold_makes_a_candidate() -> None:
    mail = made("> x\nThe lock is held.\n")
    cut = segments(mail)
    row = rows(mail, cut.units, cut.passages, reads(mail, cut.units))[0]
    plain = Learner.fit([row, {"other": 1.0}], ["claim", "evidence"], l2=5.0)
    (low,) = label_units(mail, cut, plain.with_header(thresholds={"claim": 0.95}))
    (high,) = label_units(mail, cut, plain.with_header(thresholds={"claim": 0.1}))
    assert low.label == high.label == "claim"
    assert low.score < 0.5 < high.score


def test_sentences_that_order_are_told_by_their_verb() -> None:
    assert orders(["just", "drop", "it"]) == "drop"
    assert orders(["the", "drop"]) == ""
    assert [built_of(word) for word in ("nicely", "i", "<call>", "lock")] == [
        "-ly",
        "i",
        "<call>",
        "X",
    ]
