"""Goals for scenarios that are proposed, and that the measuring itself can fail."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.eval.suggesting import measure
from threadkit.casebook.load import load
from threadkit.casebook.modelled import ModelEntry
from threadkit.casebook.values import Casebook
from threadkit.pipeline.shipped import shipped


@pytest.fixture(scope="module")
def book() -> Casebook:
    return load(shipped("casebooks") / "cow-2020")


def test_the_goals(book):
    found = measure(book)
    assert found.claims >= 64
    assert found.hit[1] >= 0.8
    assert found.recall[2] >= 0.65


def test_scenarios_given_by_chance_are_not_proposed(book):
    from random import Random

    from threadkit.casebook.suggest import scenes

    names, draw = [one.name for one in scenes()], Random(7)
    some = [one for one in book.claims if one.is_modelled]
    chance = [replace(one, model=(ModelEntry(draw.choice(names), "supports"),)) for one in some]
    found = measure(replace(book, claims=tuple(chance)))
    assert found.hit[1] < 0.2
    assert found.best == (1.0, 1.0, 1.0)
