"""Labelled units stand where they were labelled, and the shipped model was trained on them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.eval.arguments.examples import all_mails
from tests.eval.arguments.gold import GOLD, read_gold, wrong_labels, wrong_places
from threadkit.analyze.arguments.labels import shipped
from threadkit.analyze.arguments.learner import data_hash

NOT_SEEN = 1
"""Mails of the doubly labelled data that no mailbox has."""


@pytest.fixture(scope="module")
def gold() -> Path:
    if not GOLD.exists():
        if os.environ.get("THREADKIT_REQUIRE_CORPORA"):
            pytest.fail(f"{GOLD} is missing and THREADKIT_REQUIRE_CORPORA is set")
        pytest.skip("the doubly labelled units are not beside this checkout")
    return GOLD


def test_every_labelled_unit_is_in_its_place(gold: Path) -> None:
    assert len(wrong_places()) <= 1  # a table drawn with the marks of quotations
    assert wrong_labels() == []
    lines = gold.read_text("utf-8").splitlines()
    assert len(read_gold()) == len(lines) - NOT_SEEN


def test_the_shipped_model_was_trained_on_the_labels_that_are_here(gold: Path) -> None:
    lines = (
        f"{(one.mail.message_id, unit.start, unit.stop)} {'/'.join(unit.labels)} {unit.kind}"
        for one in all_mails()
        for unit in one.units
    )
    assert shipped().header["data"] == data_hash(lines), "run: make model"
