"""The stretch that holds a place, against a look at each of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from threadkit.mail.spans import Spans

_SPAN = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda two: (min(two), max(two)))


@given(st.lists(_SPAN, max_size=12), _SPAN)
def test_it_finds_one_exactly_where_there_is_one(
    spans: list[tuple[int, int]], asked: tuple[int, int]
) -> None:
    holding = [n for n, (a, b) in enumerate(spans) if a <= asked[0] and asked[1] <= b]
    found = Spans(spans).holder(*asked)
    assert (found in holding) if holding else found is None
    assert Spans(spans).hold(*asked) == bool(holding)
