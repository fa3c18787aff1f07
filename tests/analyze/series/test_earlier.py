"""Which revision a link leads to, by the line that it stands in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.analyze.series.earlier import earlier_revision


@pytest.mark.parametrize(
    ("before", "behind", "revision"),
    [
        ("v1: ", "\n", 1),
        ("Changes in v3:\n- Link to v2: ", "\n", 2),
        ("Changes since v2 (", ")", 2),
        ("V4: ", "", 4),
        ("* PATCHv3 ", "", 3),
        ("v2 ->\nv1:\n   ", "", 1),
        ("[1] ", " [v1]", 1),
        ("see ", " (v2)", 2),
        ("Previous version: ", "", 0),
        ("RFC: ", "", 0),
        ("An earlier posting is at ", "", 0),
        ("Based on v5.9-rc3, ", "", None),
        ("Depends on v2 of ", "", None),
        ("Link: ", "", None),
        ("This was discussed in v2 at ", "", None),
        ("", "", None),
    ],
)
def test_lines(before, behind, revision):
    assert earlier_revision(before, behind) == revision


@given(st.text(max_size=200), st.text(max_size=40))
def test_any_text_has_an_answer(before, behind):
    found = earlier_revision(before, behind)
    assert found is None or 0 <= found < 1000


@given(st.integers(1, 99), st.sampled_from(["v{}: ", "- Link to v{}: ", "Changes from v{}: "]))
def test_the_number_is_the_one_written(number, form):
    assert earlier_revision(form.format(number), "") == number
