"""The schema itself, and what is said of what breaks it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.casebook.made_up import write
from threadkit.casebook.load import load
from threadkit.casebook.references import STANCES, reference_problems
from threadkit.casebook.schema import schema, schema_problems

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.sampled_from(
        ["claim", "ann", "S4", "cost", "2020-09-01", "0123456", "thread", "todo: this"]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(
            ["id", "by", "said", "message", "start", "unseen", "model", "scenario", "costs",
             "verdicts", "key", "name", "x", "in", "not_modelled", "stances", "attacks", "url"]
        ),
        inner,
        max_size=4,
    ),
    max_leaves=15,
)  # fmt: skip
PARTS = ("people", "messages", "questions", "claims")


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(schema())


def test_every_object_of_it_refuses_what_it_does_not_know() -> None:
    for name, part in schema()["$defs"].items():
        if part.get("type") == "object":
            assert part["additionalProperties"] is False, name


def test_the_kinds_of_stances_are_those_of_the_schema() -> None:
    stance = schema()["$defs"]["stance"]
    assert set(stance["properties"]) - {"said"} == STANCES
    assert {branch["required"][0] for branch in stance["oneOf"]} == STANCES


@given(st.fixed_dictionaries({part: st.lists(ANYTHING, max_size=2) for part in PARTS}))
def test_nothing_that_yaml_can_hold_raises(document: dict[str, object]) -> None:
    """Both checks look at anything, and agree on what they skip."""
    whole = {"casebook": {}, **document}
    broken = [path for path, _, _ in schema_problems(whole)]
    for path, said in reference_problems(whole, broken):
        assert path
        assert said


@pytest.mark.parametrize("missing", ["by", "said", "gist", "model", "sure"])
def test_what_is_missing_is_named_once(tmp_path: Path, missing: str) -> None:
    document = json.loads(load(write(tmp_path)).document)
    del document["claims"][0][missing]
    assert list(schema_problems(document)) == [(("claims", 0), f"'{missing}' is missing", False)]


def test_a_todo_anywhere_is_no_other_problem(tmp_path: Path) -> None:
    document = json.loads(load(write(tmp_path)).document)
    document["claims"][0].update(stand="todo", gist="TODO: one sentence", why="todos are fine")
    found = list(schema_problems(document))
    assert [(path, is_todo) for path, _, is_todo in found] == [
        (("claims", 0, "gist"), True), (("claims", 0, "stand"), True),
    ]  # fmt: skip
