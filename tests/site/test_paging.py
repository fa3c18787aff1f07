"""Long lists in parts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from threadkit.site.paging import parts


def test_a_short_list_is_one_page_that_leads_nowhere() -> None:
    (only,) = parts("people", [1, 2], 2)
    assert (only.number, only.path, only.rows, only.others) == (1, "people.html", [1, 2], [])


def test_nothing_is_one_empty_page() -> None:
    assert [list(part.rows) for part in parts("p/ada", "", 3)] == [[]]


@given(st.lists(st.integers(), max_size=50), st.integers(1, 9))
def test_every_row_is_on_one_page_and_pages_lead_to_all_others(rows: list[int], most: int) -> None:
    made = list(parts("x", rows, most))
    assert [row for part in made for row in part.rows] == rows
    assert all(len(part.rows) <= most for part in made)
    paths = [part.path for part in made]
    assert len(set(paths)) == len(paths)
    for part in made if len(made) > 1 else []:
        assert [path or part.path for _, path in part.others] == paths
