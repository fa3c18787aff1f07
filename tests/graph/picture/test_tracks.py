"""Tracks: no two aims on one at the same height, and a way that begins and ends beside nodes."""

from __future__ import annotations

import re
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from threadkit.graph.picture.tracks import path, spans_of, tracks

_SPANS = st.dictionaries(
    st.sampled_from("abcdefghij"),
    st.tuples(st.integers(0, 40), st.integers(0, 40)).map(
        lambda two: (min(two) * 21.0, max(two) * 21.0)
    ),
)


@given(_SPANS)
def test_what_shares_a_track_does_not_meet(spans):
    found = tracks(spans)
    assert found.keys() == spans.keys()
    for one, other in combinations(spans, 2):
        if found[one] == found[other]:
            assert spans[one][1] < spans[other][0] or spans[other][1] < spans[one][0]


@given(_SPANS, st.integers(1, 4))
def test_there_are_never_more_than_there_is_room_for(spans, most):
    assert set(tracks(spans, most).values()) <= set(range(most))


def test_an_aim_reaches_over_all_that_lead_to_it():
    places = {"r1": (0.0, 50.0), "r2": (0.0, 10.0), "c": (9.0, 30.0), "d": (9.0, 70.0)}
    lines = [("r1", "c"), ("r2", "c"), ("r2", "d")]
    assert spans_of(lines, places) == {"c": (10.0, 50.0), "d": (10.0, 70.0)}


def test_a_way_leaves_and_arrives_on_the_side_of_its_track():
    left = path((50.0, 100.0), (80.0, 200.0), 20.0)
    assert re.fullmatch(r"M44 100H26Q20 100 20 106V194Q20 200 26 200H73", left)
    assert (
        path((50.0, 200.0), (80.0, 100.0), 120.0)
        == "M56 200H114Q120 200 120 194V106Q120 100 114 100H87"
    )
