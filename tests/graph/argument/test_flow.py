"""Data in braces: JSON as it is, and what YAML allows in its place."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.graph.argument.graphs import HOSTILE
from threadkit.graph.argument.formats.flow import FlowError, read_flow

VALUES = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False),
        HOSTILE,
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(HOSTILE, inner, max_size=4)),
    max_leaves=8,
)  # fmt: skip


@given(VALUES, st.sampled_from([None, 1]))
def test_all_of_json_is_flow(value, indent):
    text = f"x {{a b: {json.dumps(value, indent=indent)}}}?"
    assert read_flow(text, 2) == ({"a b": value}, len(text) - 1)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{}", {}),
        ("{color: red, n: 1, x: -1.5e3}", {"color": "red", "n": 1, "x": -1500.0}),
        ("{a: 'it''s', b: , c: ~}", {"a": "it's", "b": None, "c": None}),
        ("{url: http://example.org/a, at: 10:30}", {"url": "http://example.org/a", "at": "10:30"}),
        ("{a: [x, [y, {z: true}]],\n b: 01}", {"a": ["x", ["y", {"z": True}]], "b": "01"}),
        ("{flag}", {"flag": None}),
    ],
)
def test_yaml(text, value):
    assert read_flow(text, 0) == (value, len(text))


@pytest.mark.parametrize(
    ("text", "why", "at"),
    [
        ("{a: 1", "expected a comma or '}'", 5),
        ("{a: 'x}", "expected a value", 4),
        ('{a: "x}', "a string that does not end, or a wrong escape", 4),
        ("{a: &x 1}", "expected a value", 4),
        ("{" * 99, "expected a value", 1),
        ("{a: " * 99, "nested too deep", 204),
    ],
)
def test_what_is_wrong_is_named_by_its_place(text, why, at):
    with pytest.raises(FlowError) as caught:
        read_flow(text, 0)
    assert (caught.value.why, caught.value.at) == (why, at)
