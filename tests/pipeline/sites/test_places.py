"""Passages with the lines around them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.pipeline.sites.places import NotVerbatim, in_body

TEXT = st.text(st.sampled_from("ab\n> \u202e<"), min_size=1, max_size=60)


@given(TEXT, st.data())
def test_what_is_shown_stands_there_to_the_letter(body: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(body) - 1))
    stop = data.draw(st.integers(start + 1, len(body)))
    place = in_body(body, "a@example.org", (start, stop))
    assert place.text == body[start:stop]
    assert place.before + place.text + place.after in body
    assert place.line == body[:start].count("\n") + 1
    assert place.before.count("\n") <= 3
    assert place.after.count("\n") <= 3


@pytest.mark.parametrize("span", [(0, 0), (2, 1), (-1, 2), (3, 9), (9, 12)])
def test_a_passage_that_is_not_there_is_an_error(span: tuple[int, int]) -> None:
    with pytest.raises(NotVerbatim, match=r"<a@example\.org>") as raised:
        in_body("Short.", "a@example.org", span)
    assert raised.value.exit_code == 5
